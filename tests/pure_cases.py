"""Cases of the pure law code: JSON in, JSON out. Run by CPython and by Pyodide alike (test_pyodide.py); the standard library alone."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from yifa.enforcement.surcharge import surcharge
from yifa.enforcement.tests.walk import Walk
from yifa.kernel.calendar.table import calendar
from yifa.kernel.calendar.terms import Term, Unit, due
from yifa.kernel.citing import Law, from_chinese, to_chinese
from yifa.kernel.ledger.bodies import BodyError, canonical, leaf_hash
from yifa.kernel.parameters.files import load
from yifa.kernel.parameters.rules import Parameters
from yifa.kernel.people import certificate, identifiers, subjects
from yifa.procedures.core import Finding, Refused

ROOT = Path(__file__).resolve().parent.parent
PARAMETERS = ("yifa/enforcement/parameters", "yifa/supervision/parameters")


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _pauses(case: Mapping[str, Any]) -> tuple[tuple[date, date], ...]:
    return tuple((_day(first), _day(last)) for first, last in case["pauses"])


def term(case: Mapping[str, Any]) -> Any:
    found = due(Term(case["length"], Unit(case["unit"]), case["roll"], case["backward"]), _day(case["start"]), calendar(), _pauses(case))
    return [found.due.isoformat(), found.due_unrolled.isoformat(), found.provisional, list(found.derivation)]


def late_payment(case: Mapping[str, Any]) -> Any:
    found = surcharge(case["fine"], _day(case["served"]), _day(case["paid"]), calendar(), pauses=_pauses(case))
    return [found.due.isoformat(), found.days, found.surcharge, found.capped, list(found.derivation)]


def number(case: Mapping[str, Any]) -> Any:
    text = case["text"]
    checked = (
        identifiers.check_uscc(text),
        identifiers.check_identity_number(text, today=_day(case["today"])),
        identifiers.check_case_number(text),
    )
    return [[each.valid, each.reason] for each in checked] + [identifiers.mask_identity(text), identifiers.mask_name(text)]


def standing(case: Mapping[str, Any]) -> Any:
    held, announced = (tuple((_day(on), status) for on, status in case[key]) for key in ("held", "announced"))
    life = certificate.Life(held, _day(case["issued"]), _day(case["expires"]))
    body = subjects.Standing("样本局", case["kind"], announced, None, None)
    return [certificate.why_not_valid(life, _day(case["on"])), subjects.why_not_subject(body, _day(case["on"]))]


def parameter(case: Mapping[str, Any]) -> Any:
    table = Parameters(load([ROOT / folder for folder in PARAMETERS]))
    found = table.find(case["name"], region=case["region"], sector=case["sector"], on=_day(case["on"]))
    return [str(found.value), found.unit, [str(cite) for cite in found.cites], [cite.key for cite in found.cites]]


def cite(case: Mapping[str, Any]) -> Any:
    law = Law("行政处罚法", "2021-01-22")
    article = law[case["tiao"]].kuan(case["kuan"])
    return [str(article), article.key, to_chinese(case["tiao"]), from_chinese(to_chinese(case["tiao"]))]


def body(case: Mapping[str, Any]) -> Any:
    try:
        data = canonical(case["value"])
    except BodyError as error:
        return str(error)
    return [data.decode(), leaf_hash(data).hex()]


def dossier(case: Mapping[str, Any]) -> Any:
    """A walk through the on-the-spot penalty: what refuses each attempt, and what is due in the end."""
    walk, told = Walk(), []
    for name, answers, reasons in case["attempts"]:
        try:
            walk.do(name, reasons=reasons, **answers)
            told.append([name])
        except Refused as refused:
            told.append([name, *map(_finding, refused.findings)])
    clocks = [[duty.step.name, duty.start.isoformat(), duty.due.due.isoformat(), list(duty.due.derivation)] for duty in walk.duties()]
    return [told, clocks, walk.progress.summary()]


def _finding(found: Finding) -> list[Any]:
    return [found.code, found.text, [each.key for each in found.cites], found.severity, found.unblock, found.field]


KINDS: Mapping[str, Callable[[Mapping[str, Any]], Any]] = {
    each.__name__: each for each in (term, late_payment, number, standing, parameter, cite, body, dossier)
}


def main(cases: str, results: str) -> None:
    told = [KINDS[case["kind"]](case["of"]) for case in json.loads(Path(cases).read_text(encoding="utf-8"))]
    Path(results).write_text(json.dumps(told, ensure_ascii=False, sort_keys=True, indent=0), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:3])
    # What was needed: the files of these modules, for the other side to have the same.
    needed = {Path(module.__file__) for name, module in sys.modules.items() if name.split(".")[0] == "yifa" and module.__file__}
    Path(sys.argv[3]).write_text(json.dumps(sorted(str(path.relative_to(ROOT)) for path in needed)))
