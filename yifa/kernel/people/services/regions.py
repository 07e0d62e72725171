"""Import of regions: idempotent, with a dry run, all or nothing, and a report that names the row of every fault."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.db import transaction

from yifa.kernel.people.identifiers import PROVINCES
from yifa.kernel.people.models import Region

DATA = Path(__file__).resolve().parent.parent / "data"
REFERENCE = ("china.csv", "inner_mongolia.csv", "qiandongnan.csv", "tianjin_binhai.csv")
COLUMNS = ["code", "name", "parent", "level"]
DIGITS = {1: 6, 2: 6, 3: 6, 4: 9}
IMPORTED = ["name", "parent_id", "level", "league"]


@dataclass(frozen=True)
class Fault:
    """A row that cannot be taken: its line in the file (the heading is line 1) and why."""

    file: str
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.file} 第 {self.line} 行：{self.reason}"


@dataclass
class Report:
    """What an import did, or in a dry run would do. With faults nothing is written."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    faults: list[Fault] = field(default_factory=list)
    written: bool = False

    def __str__(self) -> str:
        done = "已写入" if self.written else "未写入"
        return f"{done}：新增 {self.created}，更新 {self.changed}，未变 {self.unchanged}，有误 {len(self.faults)}"


@dataclass(frozen=True)
class Row:
    file: str
    line: int
    code: str
    name: str
    parent: str
    level: int


def import_regions(path: Path, *, dry_run: bool = False) -> Report:
    """Bring the regions of one CSV file (code, name, parent, level) into the table; edited addresses of governments are kept."""
    return _take([path], dry_run=dry_run)


def load_reference() -> Report:
    """The committed tables: every province, city and county; the townships of Inner Mongolia, 黔东南 and 滨海. Safe at every start."""
    return _take([DATA / name for name in REFERENCE], dry_run=False)


def government_of(name: str, level: int, parent: str) -> str:
    """The name of a region's government: 盟 and 地区 have a 行政公署, districts carry their city's name, 街道 have an office.

    Where the name does not say it (state farms, the special administrative regions), it stays empty and pages say 未登记.
    """
    if level == Region.Level.PROVINCE:
        return f"{name}人民政府" if name.endswith(("省", "市", "自治区")) else ""
    if level == Region.Level.LEAGUE:
        return f"{name}行政公署" if name.endswith(("盟", "地区")) else f"{name}人民政府"
    if level == Region.Level.BANNER:
        return f"{parent}{name}人民政府" if name.endswith("区") else f"{name}人民政府"
    if name.endswith("街道"):
        return f"{name}办事处"
    return f"{name}人民政府" if name.endswith(("镇", "乡", "苏木")) else ""


def _take(paths: Iterable[Path], *, dry_run: bool) -> Report:
    report = Report()
    with transaction.atomic():
        known = {region.code: region for region in Region.objects.all()}
        new: list[Region] = []
        changed: list[Region] = []
        for row in _checked(paths, known, report):
            region = known.get(row.code)
            league = row.code if row.level == Region.Level.LEAGUE else known[row.parent].league if row.parent else row.code
            values = {"name": row.name, "parent_id": row.parent or None, "level": row.level, "league": league}
            if region is None:
                parent = known[row.parent].name if row.parent else ""
                region = Region(code=row.code, government_name=government_of(row.name, row.level, parent), **values)
                known[row.code] = region
                new.append(region)
            elif any(getattr(region, key) != value for key, value in values.items()):
                for key, value in values.items():
                    setattr(region, key, value)
                if region not in new:
                    changed.append(region)
            else:
                report.unchanged += 1
        report.created, report.changed = len(new), len(changed)
        if not report.faults and not dry_run:
            for level in Region.Level.values:
                Region.objects.bulk_create([region for region in new if region.level == level], batch_size=2000)
            Region.objects.bulk_update(changed, IMPORTED, batch_size=500)
            report.written = True
    return report


def _checked(paths: Iterable[Path], known: dict[str, Region], report: Report) -> Iterator[Row]:
    """The rows that may be taken, parents before children within a file; faults go to the report."""
    for path in paths:
        seen: dict[str, int] = {}
        for row in _rows(path, report):
            reason = _fault(row, known, seen)
            if reason:
                report.faults.append(Fault(row.file, row.line, reason))
            else:
                seen[row.code] = row.line
                yield row


def _fault(row: Row, known: dict[str, Region], seen: dict[str, int]) -> str:
    if row.code in seen:
        return f"代码 {row.code} 与第 {seen[row.code]} 行重复"
    if row.level not in DIGITS:
        return f"层级“{row.level}”应为 1 至 4"
    if not re.fullmatch(r"[0-9]+", row.code) or len(row.code) != DIGITS[row.level]:
        return f"代码“{row.code}”应为 {DIGITS[row.level]} 位数字"
    if row.code[:2] not in PROVINCES:
        return f"代码“{row.code}”的省级部分“{row.code[:2]}”不存在"
    if not row.name or len(row.name) > 60:
        return "名称应为 1 至 60 个字"
    if (row.level == Region.Level.PROVINCE) != (row.parent == ""):
        return "省级没有上级，其余层级应当写明上级"
    return _fault_of_parent(row, known) if row.parent else ""


def _fault_of_parent(row: Row, known: dict[str, Region]) -> str:
    parent = known.get(row.parent)
    if parent is None:
        return f"上级“{row.parent}”不存在，或者列在本行之后"
    if parent.level >= row.level or parent.code[:2] != row.code[:2]:
        return f"上级“{row.parent} {parent.name}”的层级或省份与本行不合"
    if row.level == Region.Level.TOWNSHIP and row.code[:6] != row.parent:
        return f"代码“{row.code}”的前六位应为上级代码“{row.parent}”"
    return ""


def _rows(path: Path, report: Report) -> Iterator[Row]:
    """The file's rows by level; a file that is no table of regions is one fault."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        report.faults.append(Fault(path.name, 0, f"文件不能读取：{error}"))
        return
    reader = csv.DictReader(text.splitlines())
    if reader.fieldnames is None or [name.strip() for name in reader.fieldnames] != COLUMNS:
        report.faults.append(Fault(path.name, 1, f"表头应为 {','.join(COLUMNS)}"))
        return
    rows: list[Row] = []
    for line, cells in enumerate(reader, 2):
        # csv keeps surplus cells under None and gives None for missing ones.
        if None in cells or None in cells.values():
            report.faults.append(Fault(path.name, line, f"应为 {len(COLUMNS)} 列"))
            continue
        level = cells["level"].strip()
        rows.append(
            Row(
                path.name,
                line,
                cells["code"].strip(),
                cells["name"].strip(),
                cells["parent"].strip(),
                int(level) if level.isascii() and level.isdigit() else 0,
            )
        )
    yield from sorted(rows, key=lambda row: row.level)
