"""The red lines: whether a matter crossed one. What follows (a cap, points of nought, a deduction) is the template file's. Pure.

The procedure refuses these steps beforehand; a record brought in from elsewhere, entered afterwards or found false may show them still.
What counts is what held on the day: of the meeting for R1 and R2, of the decision for R3 and R4, whatever came after it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from yifa.decisions.case import STATUTORY
from yifa.decisions.matter import Matter
from yifa.procedures.known import Undecided, is_known

RedLine = Callable[[Matter], bool]
RED_LINES: dict[str, RedLine] = {}


def red_line(code: str) -> Callable[[RedLine], RedLine]:
    """Registers under its code; what the matter does not say yet is no crossing."""

    def register(judge: RedLine) -> RedLine:
        def crossed(matter: Matter) -> bool:
            try:
                return judge(matter)
            except Undecided:
                return False

        RED_LINES[code] = crossed
        return crossed

    return register


# When something was done: its day, and of one day what the record tells first.
Moment = tuple[date, int]


def _days(m: Matter, step: str, stated: date) -> tuple[Moment, ...]:
    """When the acts of a step took place; the last of them on the day that it `stated`, if it did."""
    acts = m.by_step.get(step, ())
    told = [act.met_on or (stated if act is acts[-1] and is_known(stated) else act.on) for act in acts]
    return tuple((day, act.seq) for day, act in zip(told, acts, strict=True))


def _meetings(m: Matter) -> tuple[Moment, ...]:
    return _days(m, "deliberate", m.facts.meeting_on)


def _decisions(m: Matter) -> tuple[Moment, ...]:
    return _days(m, "decide", m.facts.decided_on)


def _reviews(m: Matter) -> tuple[tuple[Moment, str], ...]:
    """When each review was finished, and what it concluded; the facts hold the last conclusion."""
    acts = m.by_step.get("review", ())
    last = m.facts.legality if is_known(m.facts.legality) else ""
    return tuple(((act.on, act.seq), act.legality or (last if act is acts[-1] else "")) for act in acts)


@red_line("R1")
def met_without_an_opinion(m: Matter) -> bool:
    "上会前没有合法性审查意见书 (第二十五条第一款、第二款)"
    reviews = _reviews(m)
    return any(not any(review < meeting for review, _ in reviews) for meeting in _meetings(m))


@red_line("R2")
def met_although_unlawful(m: Matter) -> bool:
    "上会之日有效的审查结论为不合法；探索性改革提示风险的除外 (第二十五条第二款)"
    reviews = _reviews(m)
    if not reviews:
        return m.done("deliberate") and m.facts.legality == "unlawful"
    in_force = (max((each for each in reviews if each[0] < meeting), default=None) for meeting in _meetings(m))
    return any(each is not None and each[1] == "unlawful" for each in in_force)


@red_line("R3")
def decided_without_discussion(m: Matter) -> bool:
    "未经常务会议或者全体会议讨论即作出决定 (第三十条第一款)"
    decisions, meetings = _decisions(m), _meetings(m)
    if any(not any(meeting < decision for meeting in meetings) for decision in decisions):
        return True
    return bool(decisions) and m.facts.meeting not in STATUTORY


@red_line("R4")
def decided_although_uncontrollable(m: Matter) -> bool:
    "风险结论不可控且没有调整复评仍作出决定；作出决定以后的复评不算 (第二十四条)"
    if m.facts.controllable != "uncontrollable":
        return False
    assessed, again = ([(act.on, act.seq) for act in m.by_step.get(step, ())] for step in ("assess_risk", "reassess_risk"))
    found = m.facts.reassessed == "controllable"
    return any(
        (not assessed or min(assessed) < decision) and not (found and (not again or max(again) < decision)) for decision in _decisions(m)
    )


@red_line("R5")
def papers_were_forged(m: Matter) -> bool:
    "经核实伪造、倒签材料 (第三十九条)"
    return "R5" in m.verified


@red_line("R6")
def catalogue_was_evaded(m: Matter) -> bool:
    "应当纳入目录而没有纳入，规避法定程序 (第三条第三款)"
    return "R6" in m.verified or m.facts.off_catalogue
