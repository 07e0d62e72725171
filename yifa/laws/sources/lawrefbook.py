"""LawRefBook: a tree of Markdown files beside a `db.sqlite3` that lists them with level, dates and status. Pure.

Files that the list does not know are read too (their names carry the date); records without a file are reported. Cases and guides are no
texts of law and are left out with that reason. 《民法典》 comes in parts, which are put together again.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from yifa.kernel.citing import from_chinese, to_chinese
from yifa.laws.manuscript import Manuscript, lines_of, read
from yifa.laws.places import Places
from yifa.laws.sources.building import LOCAL, Known, build
from yifa.laws.sources.files import Refused, text_of
from yifa.laws.sources.refusing import UnreadableError
from yifa.laws.texts import SourceText

NAME = "lawrefbook"
LIST = "db.sqlite3"
_ROWS = """
SELECT l.name, l.filename, l.publish, l.valid_from, l.expired, l.level, c.folder, c.name
FROM law l JOIN category c ON c.id = l.category_id
"""
_TYPES = {"宪法": "XF", "法律": "FL", "行政法规": "XZFG", "司法解释": "SFJS", "部门规章": "BMGZ", "监察法规": "JCFG"}
_NOT_LAW = {"案例": "案例不是法律文本,未收录", "其他": ""}
_DATED = re.compile(r"[（(]([12][0-9]{3}-[01][0-9]-[0-3][0-9])[）)]$")
_SKIPPED = {"README", "_index", "法律法规模版", "法律法规模板", "CHANGELOG", "LICENSE"}
EXPIRED = "已废止或者已修改"


@dataclass(frozen=True)
class Row:
    """One record of the list."""

    name: str
    published_on: date | None
    effective_on: date | None
    is_expired: bool
    level: str
    subject: str


@dataclass
class _Parts:
    """A work whose 编 are files of their own, gathered until the last has come."""

    known: Known
    texts: list[tuple[int, str, Manuscript]] = field(default_factory=list)


def is_list(path: Path) -> bool:
    """Is this SQLite file such a list?"""
    try:
        connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
        try:
            names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        finally:
            connection.close()
    except sqlite3.Error:
        return False
    return {"law", "category"} <= names


def rows(path: Path) -> dict[str, Row]:
    """The records by the place of their file: folder/name(date). Raises UnreadableError."""
    found: dict[str, Row] = {}
    try:
        connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
        try:
            records = connection.execute(_ROWS).fetchall()
        finally:
            connection.close()
    except sqlite3.Error as problem:
        raise UnreadableError(f"{path.name}不是LawRefBook的目录库:{problem}") from None
    for name, file, published, effective, expired, level, folder, subject in records:
        row = Row(str(name), _day(published), _day(effective), bool(expired), str(level or ""), str(subject or ""))
        stem = str(file or "").removesuffix(".md") or (f"{name}({published})" if published else str(name))
        found[f"{folder}/{stem}"] = row
        found.setdefault(f"{folder}/{name}", row)
    return found


def read_tree(root: Path, places: Places, *, label: str = "") -> Iterator[SourceText | Refused]:
    """Every text under `root` by the order of its path. A file that cannot be read is yielded as `Refused`, never raised."""
    known_rows = rows(root / LIST) if (root / LIST).is_file() else {}
    used: set[str] = set()
    parts: dict[str, _Parts] = {}
    for file in sorted(root.rglob("*.md")):
        place = file.relative_to(root).with_suffix("").as_posix()
        if file.stem in _SKIPPED or file.name.startswith("."):
            continue
        path = f"{label}{place}.md"
        row = known_rows.get(place)
        if row is not None:
            used.add(row.name)
        if reason := _no_law(place, row):
            yield Refused(path, reason)
            continue
        try:
            text, defects = text_of(file)
        except UnreadableError as problem:
            yield Refused(path, str(problem))
            continue
        manuscript = read(lines_of(text))
        known = _known(place, path, row, places, tuple(defects))
        if part := _part(manuscript, file.stem):
            gathered = parts.setdefault(part[0], _Parts(replace(known, title=part[0], place=place.rpartition("/")[0])))
            gathered.texts.append((_first_number(manuscript), part[1], manuscript))
            continue
        yield build(known, manuscript, places)
    for gathered in parts.values():
        yield build(gathered.known, _together(gathered), places)
    for place, row in known_rows.items():
        if row.name not in used and row.level != "案例" and not _has_file(root, place, row, known_rows):
            used.add(row.name)
            yield Refused(f"{label}{LIST}#{place}", "目录中有记录而没有文件")


def _has_file(root: Path, place: str, row: Row, known_rows: dict[str, Row]) -> bool:
    return any((root / f"{other}.md").is_file() for other, same in known_rows.items() if same is row) or (root / f"{place}.md").is_file()


def _no_law(place: str, row: Row | None) -> str:
    folder = place.split("/")[0]
    if folder in _NOT_LAW and (row is None or row.level in {"案例", "其他"} or folder == "案例"):
        return _NOT_LAW[folder] or "不是法律文本,未收录"
    return ""


def _known(place: str, path: str, row: Row | None, places: Places, defects: tuple[str, ...]) -> Known:
    folder = place.split("/")
    dated = _DATED.search(folder[-1])
    published = row.published_on if row else None
    published = published or (_day(dated[1]) if dated else None)
    level = row.level if row else _level_of(folder[0])
    within = places.find(folder[1]) if folder[0] == LOCAL and len(folder) > 2 else ""
    code = _TYPES.get(level, "")
    if "宪法修正案" in folder[-1]:
        code = "XF"
    if folder[0] == "其他":
        code = ""
    return Known(
        source=NAME,
        place=place,
        path=path,
        type=code,
        published_on=published,
        effective_on=row.effective_on if row else None,
        claim=(EXPIRED if row.is_expired else "现行有效") if row else "",
        subjects=(row.subject,) if row and code in {"FL", "XF"} else (),
        within=within,
        group=LOCAL if folder[0] == LOCAL else "",
        maker=folder[1] if folder[0] == "部门规章" and len(folder) > 2 else "",
        defects=defects,
    )


def _level_of(folder: str) -> str:
    is_law = {"宪法相关法", "民法商法", "行政法", "经济法", "社会法", "刑法", "民法典", "诉讼与非诉讼程序法"}
    return "法律" if folder in is_law else folder


def _part(text: Manuscript, stem: str) -> tuple[str, str] | None:
    """(the work, the part) when the file's two headings say that it is a part: 中华人民共和国民法典 / 合同编."""
    whole, _, part = text.title.partition(" ")
    return (whole, part) if part and whole.endswith("法典") and part.split("(")[0] in {stem, stem.removesuffix("编")} else None


def _first_number(text: Manuscript) -> int:
    match = next((found for each in text.articles if (found := re.match(r"第([零〇一二两三四五六七八九十百千]+)条", each.label))), None)
    return from_chinese(match[1]) if match else 10**6


def _together(gathered: _Parts) -> Manuscript:
    """The parts in the order of their articles; each but 附则 is a 编, counted from one."""
    ordered = sorted(gathered.texts, key=lambda each: each[0])
    whole = Manuscript(title=gathered.known.title, head=ordered[0][2].head)
    for n, (_, name, text) in enumerate(ordered, start=1):
        bian = "" if name == "附则" else f"第{to_chinese(n)}编 {name.removesuffix('编')}"
        whole.articles += [
            replace(article, bian="\n".join(filter(None, (bian, article.bian))), zhang=article.zhang or ("" if bian else name))
            for article in text.articles
        ]
        whole.defects += text.defects
    return whole


def _day(text: object) -> date | None:
    try:
        return date.fromisoformat(str(text or "")[:10])
    except ValueError:
        return None
