"""The seven points of supervision as a timeline: what was done at each, on which day, by which entry. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from yifa.decisions.lamps import Lamp
from yifa.decisions.matter import Matter

# The steps of the procedure in the regulation's own sections; acts beside the course (督办, 调出目录) stand in the record only.
STEPS: Mapping[str, tuple[str, ...]] = {
    "S1": ("propose", "enter", "start", "draft", "consult_departments"),
    "S2": (
        "plan_participation",
        "approve_closed",
        "consult",
        "talk_with_groups",
        "announce_hearing",
        "list_participants",
        "hold_hearing",
        "feed_back",
    ),
    "S3": ("appoint_experts", "argue", "answer_experts"),
    "S4": ("assess_risk", "reassess_risk"),
    "S5": ("submit_review", "return_materials", "accept_review", "review", "handle_review"),
    "S6": ("prepare_meeting", "deliberate", "report_party", "decide", "publish"),
    "S7": (
        "plan_execution",
        "report_progress",
        "report_problem",
        "adjust",
        "rerun",
        "trigger_evaluation",
        "evaluate",
        "archive",
        "close",
    ),
}
POINT_OF = {step: point for point, steps in STEPS.items() for step in steps}


class Reached(NamedTuple):
    """A step that was done: the day of its latest act, how often, whether entered afterwards (补录), its entry."""

    step: str
    on: date
    times: int
    late: bool
    seq: int


class Station(NamedTuple):
    """One point of the timeline with its lamp; `first` and `last` are the days of its acts, None when nothing was done yet."""

    lamp: Lamp
    reached: tuple[Reached, ...]

    @property
    def first(self) -> date | None:
        return min((each.on for each in self.reached), default=None)

    @property
    def last(self) -> date | None:
        return max((each.on for each in self.reached), default=None)


def stations(matter: Matter, lamps: Sequence[Lamp]) -> tuple[Station, ...]:
    """The seven points in order, each with what stands of its steps, in the order of the record."""
    return tuple(Station(lamp, _reached(matter, STEPS.get(lamp.code, ()))) for lamp in lamps)


def _reached(matter: Matter, steps: Sequence[str]) -> tuple[Reached, ...]:
    found: dict[str, Reached] = {}
    for act in matter.acts:
        if act.step in steps:
            before = found.pop(act.step, None)
            found[act.step] = Reached(act.step, act.on, before.times + 1 if before else 1, act.late, act.seq)
    return tuple(found.values())
