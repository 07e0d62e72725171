"""What the yearly list counts for: published in time (DEC-01), carried out (DEC-16), handled here (DEC-17). Pure.

DEC-01 counts in the month in which the list was to be out, once a year; a list without matters counts like any other, its reason being
owed (零目录). The day is the region's (重大行政决策目录公布月份): the entry of the publication keeps the month that applied, one without it
goes by the end of March. A list that is not out on its day is missed (`missing_lists`), and counts then; what is published later adds
nothing, unless it was out in time and only entered here too late. DEC-16 and DEC-17 count in the month in which the matter's line was
published, whenever the act comes: the list of a year keeps its own denominator.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import MAXYEAR, MINYEAR, date, timedelta
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from yifa.decisions.case import MatterFacts
from yifa.facts.seen import Counted, Seen
from yifa.kernel.calendar.terms import Param, Term, param
from yifa.procedures.known import is_known

MONTH = "重大行政决策目录公布月份"
# What applied before entries kept it: the month that `parameters/评分.toml` sets for every place.
MARCH = 3
MISSED = ("register/decision-roll", "miss")
DECIDED = {"decide": "已作出决定", "withdraw_matter": "已依规调出目录"}


def due_on(year: int, month: int) -> date:
    """The day by which the list of a year is out: the last of that month, counted from the year's first (13: next January)."""
    months = year * 12 + month
    return date(months // 12, months % 12 + 1, 1) - timedelta(days=1)


def measured(step: str, term: Callable[[Param], Term]) -> Mapping[str, Any]:
    """What the entry of a publication keeps: the month by whose end this place's list is to be out."""
    return {"list_month": term(param(MONTH)).length} if step == "publish" else {}


def missed(entry: Seen, told: Mapping[str, Any]) -> Iterator[Counted]:
    """The day passed without a published list."""
    whom, year, due = (entry.body["organisation"], entry.body["region"]), told["year"], told["due"]
    words = f"{year}年度目录应于{due}以前公布，届时{'还没有公布' if told['begun'] else '还没有编制'}"
    yield Counted("DEC-01", 0, 1, *whom, due[:7], words, f"{whom[0]} {year}")


def listed(entry: Seen, closed: Mapping[str, Any]) -> Iterator[Counted]:
    """公布目录 and 增列: the matters that the list now owes."""
    step, facts, register = entry.body["step"], closed["seen"]["facts"], closed["seen"]["register"]
    body = register["organisation"]
    whom = (body["code"], body["region"])
    if step == "publish":
        yield from _published(closed, facts, register.get("missed_list") or "", whom)
        yield from _owed(entry.chain, facts.get("matters") or (), (*whom, str(facts["list_published_on"])[:7]))
    elif step == "add":
        yield from _owed(entry.chain, facts.get("added") or (), (*whom, str(facts["added_published"])[:7]))


def _published(closed: Mapping[str, Any], facts: Mapping[str, Any], missed: str, whom: tuple[str, str]) -> Iterator[Counted]:
    """`missed`: the day on which this list was missed already; then only what had been out in time and is entered later is made good."""
    year, published = int(facts["list_year"]), str(facts["list_published_on"])
    if not MINYEAR < year < MAXYEAR:  # refused since (DL11); an entry that has it must not stop the counting of all others
        return
    due = missed or due_on(year, (closed.get("measures") or {}).get("list_month", MARCH)).isoformat()
    words = f"{year}年度目录{'' if facts.get('matters') else '（零目录）'}应于{due}以前公布，实于{published}"
    once, in_time = f"{whom[0]} {year}", int(published <= due)
    if not missed:
        yield Counted("DEC-01", in_time, 1, *whom, due[:7], words, once)
    elif in_time:
        yield Counted("DEC-01", 1, 0, *whom, due[:7], f"{words}，届满后登记", f"{once} +")


def _owed(chain: str, rows: Any, whom: tuple[str, str, str]) -> Iterator[Counted]:
    for row in rows:
        item = line_id(chain, row["title"])
        said = f"列入目录：{row['title'][:60]}"
        yield Counted("DEC-16", 0, 1, *whom, said, f"{item} /")
        yield Counted("DEC-17", 0, 1, *whom, said, f"{item} /")


def placed(step: str, case: MatterFacts, catalogue: Mapping[str, Any], whom: tuple[str, str], *, late: bool) -> Iterator[Counted]:
    """A matter of the list: begun here as it went on (not entered afterwards), and carried to its decision or taken off the list."""
    published = catalogue.get("added_published_on") or catalogue.get("catalogue_published_on")
    if not published or not is_known(case.catalogue_item):
        return
    if step == "enter":
        yield Counted(
            "DEC-17", int(not late), 0, *whom, published[:7], "补录的不计入" if late else "在平台办理", f"{case.catalogue_item} +"
        )
    elif step in DECIDED:
        yield Counted("DEC-16", 1, 0, *whom, published[:7], DECIDED[step], f"{case.catalogue_item} +")


def line_id(chain: str, title: str) -> str:
    """The id of a line of the catalogue, as the act that publishes it writes it."""
    return str(uuid5(NAMESPACE_OID, f"{chain} {title}"))
