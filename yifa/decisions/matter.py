"""What a check may look at: the facts of a matter, the acts on its chain, the files they brought, the calendar and the limits. Pure.

A check is asked about a matter as it stands; it sees no database and no clock (`facts.at` is the moment of the asking).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any, NamedTuple

from yifa.decisions.case import TOLD_DAYS, Consulted, MatterFacts, told_late
from yifa.kernel.calendar.terms import Calendar, Term, Unit, due
from yifa.kernel.parameters.rules import Parameters
from yifa.procedures.fields import BLANKS
from yifa.procedures.known import Undecided, is_known

ONE_DAY = timedelta(days=1)


class Act(NamedTuple):
    """One entry of the matter's chain that stands (what was taken back is not among them). `late`: 补录, entered after the day it tells.

    A review is known by the conclusion that it came to (`legality`), a meeting by the day it was held (`met_on`): a later act of the same
    step states another, and a red line asks what held when it was crossed.
    """

    step: str
    on: date
    recorded_on: date
    late: bool = False
    seq: int = 0
    legality: str = ""
    met_on: date | None = None


@dataclass(frozen=True)
class Limits:
    """The numbers the checks measure by, as the parameters of one place set them (`parameters/评分.toml`, `parameters/重大行政决策.toml`).

    `catalogue_month`: the list of a year is published by the end of that month. `belonging` and `attendance` are per cent: no more than
    that share of the experts may belong to the undertaking bodies, more than that share of the members must be present.
    """

    consultation: Term
    brief: Term
    feedback: Term
    hearing: Term
    review: Term
    publication: Term
    archive: Term
    addition: Term
    catalogue_month: int
    experts: int
    belonging: int
    attendance: int


TERMS = {
    "consultation": "重大行政决策征求意见期限",
    "brief": "重大行政决策征求意见短期提示",
    "feedback": "重大行政决策意见反馈期限",
    "hearing": "重大行政决策听证材料送达期限",
    "review": "重大行政决策合法性审查期限",
    "publication": "重大行政决策公布期限",
    "archive": "重大行政决策归档期限",
    "addition": "重大行政决策目录增列公布期限",
}
NUMBERS = {
    "catalogue_month": "重大行政决策目录公布月份",
    "experts": "重大行政决策论证专家人数",
    "belonging": "重大行政决策论证专家隶属比例",
    "attendance": "重大行政决策会议出席比例",
}


def limits(parameters: Parameters, *, region: str, on: date) -> Limits:
    """The limits that hold in a region on a day. Raises UnknownParameterError when one is not set."""
    found = {key: parameters.find(name, region=region, on=on) for key, name in (TERMS | NUMBERS).items()}
    values: dict[str, Any] = {key: Term(found[key].value, Unit(found[key].unit)) for key in TERMS}
    return Limits(**(values | {key: found[key].value for key in NUMBERS}))


@dataclass(frozen=True)
class Matter:
    """A matter on the day it is scored.

    `files` counts the files that the acts of a step brought. `closed`: the score is the closing one, nothing is still to come.
    `verified` names the red lines that a supervisor established outside the record (R5 forged or back-dated papers, R6 evasion).
    """

    facts: MatterFacts
    acts: tuple[Act, ...]
    files: Mapping[str, int]
    calendar: Calendar
    limits: Limits
    closed: bool = False
    verified: frozenset[str] = field(default=frozenset())
    code: str = ""

    @cached_property
    def by_step(self) -> Mapping[str, tuple[Act, ...]]:
        found: dict[str, list[Act]] = {}
        for act in self.acts:
            found.setdefault(act.step, []).append(act)
        return {step: tuple(acts) for step, acts in found.items()}

    def done(self, *steps: str) -> bool:
        """Whether any of these steps was performed."""
        return not self.by_step.keys().isdisjoint(steps)

    def first_on(self, *steps: str) -> date | None:
        """The earliest day on which one of these steps took place."""
        return min((act.on for step in steps for act in self.by_step.get(step, ())), default=None)

    def latest_on(self, step: str) -> date | None:
        """The day of the last act of this step, as the record orders them."""
        acts = self.by_step.get(step)
        return acts[-1].on if acts else None

    def latest(self, steps: Iterable[str]) -> tuple[Act, ...]:
        """The act that stands of each of these steps: the entries that prove a check."""
        by_step = self.by_step
        return tuple([by_step[step][-1] for step in steps if step in by_step])

    @property
    def late(self) -> tuple[Act, ...]:
        """The acts entered afterwards (补录): shown beside the score, which they do not lower."""
        return tuple(act for act in self.acts if act.late or self._tells_late(act))

    def _tells_late(self, act: Act) -> bool:
        """The newest of the acts that tell a day of their own, long after that day."""
        if act.step not in TOLD_DAYS or act is not self.by_step[act.step][-1] or not is_known(getattr(self.facts, TOLD_DAYS[act.step])):
            return False
        return told_late(self.facts, act.step, act.on)

    def states(self, name: str) -> bool:
        """Whether this fact was told, and is more than an empty answer (nought and no are answers, blanks are none)."""
        value: Any = getattr(self.facts, name)
        if isinstance(value, str):
            return bool(value.strip(BLANKS))
        return is_known(value) and value is not None and value not in ((), frozenset())

    @property
    def consulted(self) -> Consulted:
        """The public consultation. Raises Undecided while there was none."""
        if self.facts.consulted is None:
            raise Undecided("公开征求意见")
        return self.facts.consulted

    def day(self, step: str, label: str) -> date:
        """The day of a step. Raises Undecided while it was not performed."""
        found = self.latest_on(step)
        if found is None:
            raise Undecided(label)
        return found

    def applies(self, template: str) -> bool:
        """Whether a template that may be exempted is owed in this matter; a matter that is lawfully not public has no public part."""
        return applies(self.facts, template)

    @property
    def is_closed_to_the_public(self) -> bool:
        """依法不予公开, and the deciding organ approved it (第十四条)."""
        return is_closed_to_the_public(self.facts)

    @property
    def review_full_on(self) -> date | None:
        """From which day on a meeting leaves the review its full time (第二十六条第二款); None before the acceptance, or once it met."""
        accepted, met = self.latest_on("accept_review"), self.latest_on("deliberate")
        if accepted is None or (met is not None and met >= accepted):
            return None
        return last_day(self.limits.review, accepted, self.calendar)

    def elapsed(self, start: date, end: date, term: Term) -> tuple[int, int]:
        """(how much of the term lies between two days, how long it is), the day of the event not counted; nought when `end` comes first."""
        if term.unit is Unit.WORKDAY:
            return workdays_between(start, end, self.calendar), term.length
        return max(0, (end - start).days), (last_day(term, start, self.calendar) - start).days

    def is_within(self, start: date, end: date, term: Term) -> bool:
        """Whether `end` is not before `start`, not after the term's last day, and not still to come."""
        return start <= end <= min(last_day(term, start, self.calendar), self.facts.on)

    def is_over(self, term: Term, start: date | None) -> bool:
        """Whether the term from that day has run out by the day of the asking."""
        return start is not None and self.facts.on > last_day(term, start, self.calendar)


# What is not owed when a matter is lawfully not public: its draft, the opinions on it, and the decision's publication (§2.2).
PUBLIC = frozenset({"T07", "T11", "T23"})


def applies(facts: MatterFacts, template: str) -> bool:
    """As `Matter.applies`, for whoever has the facts alone."""
    return template not in facts.exempted and not (template in PUBLIC and is_closed_to_the_public(facts))


def is_closed_to_the_public(facts: MatterFacts) -> bool:
    told = is_known(facts.open_matter) and is_known(facts.closed_approved)
    return told and not facts.open_matter and bool(facts.closed_approved)


def workdays_between(start: date, end: date, calendar: Calendar) -> int:
    """The working days after `start` up to and including `end`."""
    count, day = 0, start
    while day < end:
        day += ONE_DAY
        count += calendar.is_workday(day)
    return count


def last_day(term: Term, start: date, calendar: Calendar) -> date:
    """The last day of a term; not moved on when it is a day off, since these limits measure, they bind nobody to act."""
    if term.unit is Unit.DAY:
        return start + timedelta(days=term.length)
    if term.unit is Unit.WORKDAY:
        for _ in range(term.length):
            start = calendar.next_workday(start)
        return start
    return due(term, start, calendar).due_unrolled
