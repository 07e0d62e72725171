"""Lists as offices keep them, in Excel or CSV, read into lines with their row numbers. Pure.

A sheet is taken with every defect that can be told: the encoding of old CSV files, a title row over the header, blank lines, dates in four
ways of writing. What cannot be a list at all (a zip bomb, another kind of file, no header) is refused in words.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from openpyxl import load_workbook

MAX_BYTES = 20 * 1024 * 1024
MAX_UNPACKED = 200 * 1024 * 1024
MAX_ROWS = 20_000
HEADER_WITHIN = 10
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?$")
_EXCEL_EPOCH = date(1899, 12, 30)
_RISKY = ("=", "+", "-", "@", "\t", "\r")


class UnreadableError(ValueError):
    """The file is no list that can be read; str() says why and what to hand in."""


@dataclass(frozen=True)
class Line:
    """One line of the list; `row` is its number as the office sees it in its own program. `cells` by the known column's key."""

    row: int
    cells: Mapping[str, str]

    def __getitem__(self, key: str) -> str:
        return self.cells.get(key, "")


def read(data: bytes, name: str, columns: Mapping[str, Sequence[str]], *, required: Iterable[str]) -> list[Line]:
    """The lines of the first sheet. `columns`: key -> the headings under which offices write it. Raises UnreadableError."""
    if len(data) > MAX_BYTES:
        raise UnreadableError(f"文件不能超过{MAX_BYTES // 1024 // 1024}MB，请分开导入")
    rows = _xlsx(data) if name.lower().endswith((".xlsx", ".xlsm")) else _csv(data) if name.lower().endswith((".csv", ".txt")) else None
    if rows is None:
        raise UnreadableError("请上传 .xlsx 或者 .csv 文件；.xls 请先另存为 .xlsx")
    wanted = {heading: key for key, headings in columns.items() for heading in headings}
    names = {key: headings[0] for key, headings in columns.items()}
    header: dict[int, str] = {}
    lines: list[Line] = []
    for row, cells in enumerate(rows, start=1):
        if row > MAX_ROWS:
            raise UnreadableError(f"一次最多导入{MAX_ROWS}行，请分开导入")
        if not header:
            found = {n: wanted[_heading(cell)] for n, cell in enumerate(cells) if _heading(cell) in wanted}
            if set(required) <= set(found.values()):
                header = found
            elif row >= HEADER_WITHIN:
                break
            continue
        values = {key: text for n, key in header.items() if n < len(cells) and (text := _text(cells[n]))}
        if values:
            lines.append(Line(row, values))
    if not header:
        raise UnreadableError("没有找到表头：前十行中应当有一行写明" + "、".join(f"“{names[key]}”" for key in required))
    return lines


def _heading(cell: Any) -> str:
    return re.sub(r"[\s*＊]|[（(].*?[)）]", "", _text(cell))


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).replace("\x00", "").replace("\u200b", "").strip()


def _csv(data: bytes) -> Iterator[list[str]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        try:
            yield from csv.reader(io.StringIO(text))
        except csv.Error as why:
            raise UnreadableError(f"CSV 文件读不下去（{why}），请另存为 .xlsx 后再导入") from None
        return
    raise UnreadableError("文字编码无法识别，请另存为 UTF-8 的 CSV 或者 .xlsx")


def _xlsx(data: bytes) -> Iterator[tuple[Any, ...]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(each.file_size for each in archive.infolist()) > MAX_UNPACKED:
                raise UnreadableError("文件解开以后过大，没有打开")
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        yield from book.worksheets[0].iter_rows(values_only=True)
        book.close()
    except UnreadableError:
        raise
    except Exception:  # a damaged workbook fails in as many ways as the format has parts
        raise UnreadableError("这不是可以打开的 .xlsx 文件，请用表格软件另存一次") from None


def day(text: str) -> date | None:
    """A day as offices write it: 2026-03-01, 2026/3/1, 2026.3.1, 2026年3月1日, 20260301, or Excel's count of days. None: no day."""
    if found := _DAY.match(text):
        year, month, number = (int(part) for part in found.groups())
    elif re.fullmatch(r"(19|20)\d{6}", text):
        year, month, number = int(text[:4]), int(text[4:6]), int(text[6:])
    elif re.fullmatch(r"[2-6]\d{4}", text):
        return _EXCEL_EPOCH + timedelta(days=int(text))
    else:
        return None
    try:
        return date(year, month, number)
    except ValueError:
        return None


def written(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """A list as CSV, line by line, with a mark that tells spreadsheets it is UTF-8; no cell is a formula."""
    yield "\ufeff" + _csv_line(header)
    for row in rows:
        yield _csv_line([f"'{cell}" if cell.startswith(_RISKY) else cell for cell in row])


def _csv_line(cells: Sequence[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue()
