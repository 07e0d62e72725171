"""The committed working-day table as a `Calendar`, without a database.

`holidays/cn.csv` holds the days that the State Council's yearly notices (关于部分节假日安排的通知) moved: `off` and `work` (调休上班).
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

from yifa.kernel.calendar.terms import Calendar

TABLE = Path(__file__).parent / "holidays" / "cn.csv"
OFF, WORK = "off", "work"


class Row(NamedTuple):
    day: date
    kind: str
    name: str


def rows() -> Iterator[Row]:
    with TABLE.open(encoding="utf-8", newline="") as lines:
        for number, line in enumerate(csv.DictReader(lines), start=2):
            if line["kind"] not in (OFF, WORK):
                raise ValueError(f"{TABLE.name}:{number}: kind is off or work, not {line['kind']!r}")
            yield Row(date.fromisoformat(line["date"]), line["kind"], line["name"])


def notice_year(row: Row) -> int:
    """The year whose notice arranged this day: the last days of December belong to the New Year's holiday after them."""
    return row.day.year + (row.name == "元旦" and row.day.month == 12)


@cache
def calendar() -> Calendar:
    """A year counts as announced when its New Year's Day is in the table: every notice names it."""
    off = {row.day: row.name for row in rows() if row.kind == OFF}
    work = {row.day: row.name for row in rows() if row.kind == WORK}
    return Calendar(off, work, frozenset(day.year for day in off if (day.month, day.day) == (1, 1)))
