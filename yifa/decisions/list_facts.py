"""What the yearly list counts for: published in time (DEC-01), carried out (DEC-16), handled here (DEC-17). Pure.

DEC-01 counts in the month in which the list was to be out, once a year; a list without matters counts like any other, its reason being
owed (零目录). DEC-16 and DEC-17 count in the month in which the matter's line was published, whenever the act comes: the list of a year
keeps its own denominator. A list that was never begun leaves no entry; what is not in the record is not counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from yifa.decisions.case import MatterFacts
from yifa.facts.seen import Counted, Seen
from yifa.procedures.known import is_known

# 规定日期: the end of March, as `parameters/评分.toml` has it. An entry does not hold what a place set otherwise.
MONTH, LAST = 3, 31
DECIDED = {"decide": "已作出决定", "withdraw_matter": "已依规调出目录"}


def listed(entry: Seen, closed: Mapping[str, Any]) -> Iterator[Counted]:
    """公布目录 and 增列: the matters that the list now owes."""
    step, facts, body = entry.body["step"], closed["seen"]["facts"], closed["seen"]["register"]["organisation"]
    whom = (body["code"], body["region"])
    if step == "publish":
        year, published = int(facts["list_year"]), str(facts["list_published_on"])
        due, count = date(year, MONTH, LAST), len(facts.get("matters") or ())
        words = f"{year}年度目录{'（零目录）' if not count else ''}应于{due}以前公布，实于{published}"
        yield Counted("DEC-01", int(published <= due.isoformat()), 1, *whom, due.isoformat()[:7], words, f"{body['code']} {year}")
        yield from _owed(entry.chain, facts.get("matters") or (), (*whom, published[:7]))
    elif step == "add":
        yield from _owed(entry.chain, facts.get("added") or (), (*whom, str(facts["added_published"])[:7]))


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
