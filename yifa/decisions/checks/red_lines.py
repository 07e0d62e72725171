"""The red lines: whether a matter crossed one. What follows (a cap, points of nought, a deduction) is the template file's. Pure.

The procedure refuses these steps beforehand; a record brought in from elsewhere, entered afterwards or found false may show them still.
"""

from __future__ import annotations

from collections.abc import Callable

from yifa.decisions.case import MatterFacts
from yifa.decisions.matter import Act, Matter
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


def _before(first: Act, second: Act) -> bool:
    """Which took place first; of one day, the one the record tells first."""
    return (first.on, first.seq) < (second.on, second.seq)


@red_line("R1")
def met_without_an_opinion(m: Matter) -> bool:
    "上会前没有合法性审查意见书 (第二十五条第一款、第二款)"
    reviews = m.by_step.get("review", ())
    return any(not any(_before(review, meeting) for review in reviews) for meeting in m.by_step.get("deliberate", ()))


@red_line("R2")
def met_although_unlawful(m: Matter) -> bool:
    "审查结论为不合法仍上会；探索性改革提示风险的除外 (第二十五条第二款)"
    return m.done("deliberate") and m.facts.legality == "unlawful"


@red_line("R3")
def decided_without_discussion(m: Matter) -> bool:
    "未经常务会议或者全体会议讨论即作出决定 (第三十条第一款)"
    decisions, meetings = m.by_step.get("decide", ()), m.by_step.get("deliberate", ())
    if any(not any(_before(meeting, decision) for meeting in meetings) for decision in decisions):
        return True
    return bool(decisions) and m.facts.meeting not in ("standing", "plenary")


@red_line("R4")
def decided_although_uncontrollable(m: Matter) -> bool:
    "风险结论不可控且没有调整复评仍作出决定 (第二十四条)"
    return m.done("decide") and m.applies("T15") and _is_stopped(m.facts)


def _is_stopped(facts: MatterFacts) -> bool:
    return is_known(facts.controllable) and facts.is_stopped_by_risk


@red_line("R5")
def papers_were_forged(m: Matter) -> bool:
    "经核实伪造、倒签材料 (第三十九条)"
    return "R5" in m.verified


@red_line("R6")
def catalogue_was_evaded(m: Matter) -> bool:
    "应当纳入目录而没有纳入，规避法定程序 (第三条第三款)"
    return "R6" in m.verified or m.facts.off_catalogue
