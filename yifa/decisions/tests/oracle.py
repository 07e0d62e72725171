"""A second reckoning of the score, naive and by itself: from the numbers of the file and the sentences of its `expr`, in plain Python.

It shares no code with the platform but the file of templates: its own calendar of 2026, its own reading of a plain dict of facts. A fact
that is not in the dict was not told; whatever needs it gets nothing. `Plain` is a matter as an outsider would write it down.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).parents[1] / "sets" / "dec_7_15_26.yaml"
DAY = timedelta(days=1)
# 国务院办公厅关于2026年部分节假日安排的通知, as far as matters of this test reach: from March to the end of September.
OFF = {date(2026, 4, 6), *(date(2026, 5, n) for n in (1, 4, 5)), date(2026, 6, 19), date(2026, 9, 25)}
OFF |= {date(2026, 10, n) for n in (1, 2, 5, 6, 7)}
MADE_UP = {date(2026, 5, 9), date(2026, 9, 20), date(2026, 10, 10)}


@dataclass(frozen=True)
class Plain:
    """Facts by name, the day of each step that was performed, how many files it brought, what a supervisor established."""

    facts: Mapping[str, Any]
    days: Mapping[str, date]
    files: Mapping[str, int]
    today: date
    verified: frozenset[str] = frozenset()


def works(day: date) -> bool:
    return day in MADE_UP or (day.weekday() < 5 and day not in OFF)


def workdays(first: date, last: date) -> int:
    """After the first day, up to and with the last."""
    return sum(works(first + DAY * n) for n in range(1, (last - first).days + 1))


def within(first: date, last: date, most: int) -> bool:
    """Not before the first day, and not after the working day that is the `most`-th after it: a Saturday behind it is too late."""
    return first <= last and (last == first or workdays(first, last - DAY) < most)


def full(text: Any) -> bool:
    return isinstance(text, str) and text.strip() != ""


def part(some: int, whole: int, nothing: int) -> Fraction:
    return Fraction(nothing) if whole == 0 else min(Fraction(1), Fraction(some, whole))


def shares(m: Plain) -> dict[str, Fraction]:
    """The share of each check, nought where a fact it needs was not told."""
    found = {}
    for code, judge in JUDGES.items():
        try:
            found[code] = Fraction(judge(m.facts, m))
        except (KeyError, TypeError):
            found[code] = Fraction(0)
    return found


def _catalogue_in_time(f: Any, m: Plain) -> bool:
    if "added_on" in f:
        return within(f["added_on"], f["added_published_on"], 20)
    return bool(f["catalogue_published_on"] <= date(f["catalogue_year"], 3, 31))


def _asked(f: Any, m: Plain) -> Fraction:
    asked = f["consulted"]
    given = (asked["closes_on"] - asked["opens_on"]).days
    if given >= 30 or full(asked["shortened_reason"]):
        return Fraction(1)
    points = (Decimal(3) * max(0, given) / 30 * 100) // 1  # rounded down to 0.01 of three points
    return Fraction(int(points), 300)


def _reasons(f: Any, m: Plain) -> Fraction:
    asked = f["consulted"]
    silent = asked["comments"] - asked["answered"]
    return part(asked["not_adopted_with_reason"], asked["not_adopted"] + silent, 1)


def _covers(rows: Any, key: str, wanted: Any, name: str) -> bool:
    wished = {row[name] for row in wanted}
    return bool(wished) and wished <= {row[key] for row in rows}


def _owed_at_meeting(f: Any) -> list[str]:
    exempted = f.get("exempted", frozenset())
    owed = ["draft", "legality"]
    owed += ["competition"] if f["market"] else []
    owed += ["public"] if f["open_matter"] and "T11" not in exempted else []
    owed += ["experts"] if "T14" not in exempted else []
    return owed + (["risk"] if "T15" not in exempted else [])


def _departed(f: Any) -> bool:
    agreed = sum(row["opinion"] == "for" for row in f["speeches"])
    against = len(f["speeches"]) - agreed
    return bool(f["departs"] or (f["outcome"] == "adopted" and against > agreed) or (f["outcome"] == "rejected" and agreed > against))


ARCHIVE = {"departments": "T05", "public": "T11", "hearing": "T10", "experts": "T13", "risk": "T15", "party": "T22"}
PAPERS = ("proposal", "start", "draft", "departments", "public", "hearing", "experts", "risk", "legality", "minutes", "party", "decision")


def _archived(f: Any, m: Plain) -> Fraction:
    owed = [key for key in PAPERS if ARCHIVE.get(key) not in gone(m)]
    return part(sum(key in f["archived"] for key in owed), len(owed), 1)


def _materials(f: Any, m: Plain) -> bool:
    owed = {"draft", "basis", "procedure"}
    owed |= {key for key, template in (("public", "T11"), ("experts", "T13"), ("risk", "T15")) if template not in gone(m)}
    return owed <= set(f["review_materials"])


def _risk_held(f: Any, m: Plain) -> Any:
    return f["controllable"] == "controllable" or (f["controllable"] == "uncontrollable" and f.get("reassessed") == "controllable")


def _first_step(f: Any, m: Plain) -> bool:
    later = [day for step, day in m.days.items() if step in AFTER]
    return not later or m.days["start"] <= min(later)


AFTER = {"draft", "consult_departments", "plan_participation", "consult", "talk_with_groups", "announce_hearing", "hold_hearing"}
AFTER |= {"list_participants"}
AFTER |= {"appoint_experts", "argue", "assess_risk", "submit_review", "deliberate", "decide"}
Judge = Callable[[Any, Plain], Any]
JUDGES: dict[str, Judge] = {
    "T01.1": lambda f, m: Fraction(sum(full(f.get(k)) for k in ("category", "source", "problem", "grounds", "first_plan")), 5),
    "T01.2": lambda f, m: full(f.get("necessity")) and full(f.get("feasibility")) and m.files.get("propose", 0) >= 1,
    "T02.1": lambda f, m: f["party_agreed_on"] <= (f["added_published_on"] if "added_on" in f else f["catalogue_published_on"]),
    "T02.2": _catalogue_in_time,
    "T03.1": _first_step,
    "T03.2": lambda f, m: len(f["undertakers"]) >= 1 and full(f["responsible"]),
    "T03.3": lambda f, m: len(f["undertakers"]) < 2 or full(f.get("lead")),
    "T04.1": lambda f, m: len(f["research"]) >= 1 and m.files.get("draft", 0) >= 1,
    "T04.2": lambda f, m: len(f["basis"]) > 0 and f["basis_in_force"] == f["basis_cited"],
    "T04.3": lambda f, m: f["alternatives"] >= 2 if f["disputed"] else full(f.get("cost_benefit")),
    "T05.1": lambda f, m: part(
        sum(bool(r.get("replied_on") or r.get("urged")) for r in f["consulted_units"]), len(f["consulted_units"]), 0
    ),
    "T05.2": lambda f, m: part(
        sum(bool(r.get("dispute") and r.get("settled")) for r in f["consulted_units"]),
        sum(bool(r.get("dispute")) for r in f["consulted_units"]),
        1,
    ),
    "T06.1": lambda f, m: full(f.get("closed_reason")) and f["closed_approved"] if f.get("open_matter") is False else len(f["ways"]) >= 2,
    "T06.2": lambda f, m: full(f["affected"]) and f["affected_count"] >= 0,
    "T07.1": _asked,
    "T07.2": lambda f, m: bool(f["consulted"]) and f["with_draft"] and f["with_explanation"],
    "T07.3": lambda f, m: len(f["media"]) >= 2,
    "T08.1": lambda f, m: _covers(f["talks"], "group", f["special_groups"], "group"),
    "T08.2": lambda f, m: part(
        sum(bool(r.get("points") and r.get("handled")) for r in f["talks"]), sum(bool(r.get("points")) for r in f["talks"]), 1
    ),
    "T09.1": lambda f, m: full(f["hearing_method"]) and f["hearing_listed_on"] < f["hearing_on"],
    "T09.2": lambda f, m: _covers(f["hearing_people"], "side", f["hearing_sides"], "side"),
    "T10.1": lambda f, m: (f["hearing_on"] - f["hearing_sent_on"]).days >= 7,
    "T10.2": lambda f, m: set(f["hearing_parts"]) >= {"introduced", "stated", "debated", "signed"},
    "T10.3": lambda f, m: full(f.get("hearing_report")) and full(f.get("hearing_handled")),
    "T11.1": lambda f, m: part(f["classified"], f["consulted"]["comments"], 1) if f["consulted"]["comments"] else 1,
    "T11.2": _reasons,
    "T11.3": lambda f, m: 0 <= (f["consulted"]["summarised_on"] - f["consulted"]["closes_on"]).days <= 30,
    "T12.1": lambda f, m: len(f["experts"]) >= 3 or any(r["kind"] == "institution" for r in f["experts"]),
    "T12.2": lambda f, m: (
        len(f["experts"]) > 0
        and all(r.get("interest") is False for r in f["experts"])
        and 2 * sum(bool(r["belongs"]) for r in f["experts"]) <= len(f["experts"])
    ),
    "T12.3": lambda f, m: _covers(f["experts"], "field", f["expert_fields"], "field"),
    "T13.1": lambda f, m: len(f["opinions"]) > 0 and all(r.get("signed") for r in f["opinions"]),
    "T13.2": lambda f, m: all(any(r.get(k) for r in f["opinions"]) for k in ("necessity", "feasibility", "science")),
    "T13.3": lambda f, m: "submit_review" not in m.days or f["argued_on"] < m.days["submit_review"] if f["argued_on"] else False,
    "T14.1": lambda f, m: part(
        sum(r["answer"] == "adopted" or (r["answer"] != "" and full(r.get("reason"))) for r in f["expert_points"]),
        len(f["expert_points"]),
        0,
    ),
    "T15.1": lambda f, m: "assess_risk" in m.days and f["assessed_on"] < m.days.get("submit_review", date.max),
    "T15.2": lambda f, m: len(f["risk_methods"]) >= 2 and f["departments_heard"],
    "T15.3": lambda f, m: (
        len(f["risks"]) > 0
        and all(1 <= r["probability"] <= 5 and 1 <= r["effect"] <= 5 and r["level"] in ("high", "middle", "low") for r in f["risks"])
    ),
    "T15.4": lambda f, m: f["existing_assessment"] != "repeated",
    "T16.1": lambda f, m: part(sum(bool(r.get("measure") and r.get("body")) for r in f["risks"]), len(f["risks"]), 0),
    "T16.2": lambda f, m: f["controllable"] in ("controllable", "uncontrollable"),
    "T16.3": _risk_held,
    "T17.1": lambda f, m: part(workdays(f["review_accepted_on"], f["meeting_on"]), 7, 1),
    "T17.2": _materials,
    "T17.3": lambda f, m: m.days["review"] < f["meeting_on"],
    "T18.1": lambda f, m: set(f["reviewed_parts"]) >= {"power", "procedure", "content"},
    "T18.2": lambda f, m: "review" in m.days and full(f["legality"]),
    "T18.3": lambda f, m: f["written_opinion"],
    "T19.1": lambda f, m: (
        part(
            sum(
                any(h["point"] == p["point"] and (h["result"] == "adopted" or full(h.get("reason"))) for h in f["handled_points"])
                for p in f["review_points"]
            ),
            len(f["review_points"]),
            1,
        )
        if f["review_points"]
        else 1
    ),
    "T19.2": lambda f, m: any(full(r["opinion"]) for r in f["lawyers"]),
    "T20.1": lambda f, m: part(sum(key in f["meeting_materials"] for key in _owed_at_meeting(f)), len(_owed_at_meeting(f)), 1),
    "T21.1": lambda f, m: (
        f["meeting"] in ("standing", "plenary") and f["entitled"] >= f["present"] > 0 and 2 * f["present"] > f["entitled"]
    ),
    "T21.2": lambda f, m: (
        next(r["place"] for r in f["speeches"] if r.get("head")) == max(r["place"] for r in f["speeches"])
        if any(r.get("head") for r in f["speeches"])
        else False
    ),
    "T21.3": lambda f, m: (
        0 < f["present"] <= len({r["name"] for r in f["speeches"]})
        and all(full(r["said"]) for r in f["speeches"] if r["opinion"] in ("against", "reserve"))
    ),
    "T21.4": lambda f, m: not _departed(f) or full(f.get("departs_reason")),
    "T22.1": lambda f, m: f.get("party_asked_on", f["party_answered_on"]) <= f["party_answered_on"] <= f["decided_on"],
    "T23.1": lambda f, m: f["published_on"] <= m.today and within(f["decided_on"], f["published_on"], 20),
    "T23.2": lambda f, m: "portal" in f["published_in"] and bool({"gazette", "newspaper"} & set(f["published_in"])),
    "T23.3": lambda f, m: full(f.get("interpretation")) and ({"T11", "T14"} <= gone(m) or f["tells_adoption"]),
    "T24.1": lambda f, m: len(f["executors"]) > 0 and all(full(r["body"]) and full(r["task"]) for r in f["executors"]),
    "T24.2": lambda f, m: part(f["reports_in_time"], f["reports_due"], 1),
    "T24.3": lambda f, m: {
        "major": full(f.get("rerun_case")),
        "suspended": "adjust" in m.days and m.files.get("adjust", 0) >= 1,
    }.get(f.get("changed", "none"), True),
    "T25.1": lambda f, m: not f["evaluator_was_assessor"],
    "T25.2": lambda f, m: all(full(f.get(k)) for k in ("evaluation_public", "evaluation_conclusion", "evaluation_used")),
    "T26.1": _archived,
    "T26.2": lambda f, m: 0 <= (f["archived_on"] - f["decided_on"]).days <= 90,
}
APPROVED = {"T05", "T07", "T08", "T09", "T10", "T11", "T12", "T13", "T14", "T15", "T16", "T22", "T23"}


def gone(m: Plain) -> set[str]:
    """The templates that do not apply."""
    found = set(m.facts.get("exempted", ())) & APPROVED
    if m.facts.get("open_matter") is False and m.facts.get("closed_approved"):
        found |= {"T07", "T11", "T23"}
    if m.facts.get("evaluation_trigger", "none") == "none":
        found.add("T25")
    return found


def crossed(m: Plain) -> list[str]:
    """The red lines, as §2.3 says them."""
    f, found = m.facts, []
    met, decided = "deliberate" in m.days, "decide" in m.days
    # The days that the minutes and the decision state; that of the act where they state none. In each plain matter a step is done once.
    met_on = f.get("meeting_on", m.days.get("deliberate"))
    decided_on = f.get("decided_on", m.days.get("decide"))
    reviewed = met and "review" in m.days and m.days["review"] <= met_on
    if met and not reviewed:
        found.append("R1")
    if met and (reviewed or "review" not in m.days) and f.get("legality") == "unlawful":
        found.append("R2")
    if decided and (not met or met_on > decided_on or f.get("meeting", "standing") not in ("standing", "plenary")):
        found.append("R3")
    assessed = "assess_risk" not in m.days or m.days["assess_risk"] <= decided_on if decided else False
    again = "reassess_risk" not in m.days or m.days["reassess_risk"] < decided_on if decided else False
    if assessed and f.get("controllable") == "uncontrollable" and not (again and f.get("reassessed") == "controllable"):
        found.append("R4")
    return found + sorted(m.verified)


def closing(m: Plain) -> tuple[Decimal, dict[str, Decimal]]:
    """The closing score of a hundred, and what each template got, both to the hundredth."""
    told, lost, share, red = yaml.safe_load(FILE.read_text(encoding="utf-8")), gone(m), shares(m), crossed(m)
    zeroed = {code for line in told["red_lines"] if line["code"] in red for code in line["effect"].get("zero", ())}
    got, whole, by_template = Fraction(0), Fraction(0), {}
    for point in told["points"]:
        for indicator in point["indicators"]:
            for template in indicator["templates"]:
                if template["code"] in lost:
                    continue
                here = sum((Fraction(str(check["points"])) * share[check["code"]] for check in template["checks"]), Fraction(0))
                here = Fraction(0) if {point["code"], indicator["code"]} & zeroed else here
                got, whole = got + here, whole + Fraction(str(template["weight"]))
                by_template[template["code"]] = _cent(here)
    total = _cent(100 * got / whole)
    for line in told["red_lines"]:
        if line["code"] in red:
            total = min(total, Decimal(str(line["effect"].get("score_cap", line["effect"].get("total", 100)))))
    return total, by_template


def _cent(value: Fraction) -> Decimal:
    """Half up to a hundredth; a third cannot be a decimal, so it is cut first far behind."""
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(Decimal("0.01"), ROUND_HALF_UP)
