"""The score of a matter: 100 × what was got ÷ the weights of the templates that apply, rounded half up to a hundredth. Pure.

A running score leaves out what is not due yet (待完成) and what a matter does not owe (不适用); a closing score counts as nought what is
missing. Points are exact (hundredths, whole or fractions): only what is shown, and the total, is rounded. The steps of a score are kept,
so that every point can be opened down to the entries that prove it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import NamedTuple

from yifa.decisions.checks.core import CHECKS, Check, Outcome
from yifa.decisions.checks.registry import DUE, RED_LINES
from yifa.decisions.matter import PUBLIC, Act, Matter
from yifa.decisions.template_set import NEVER, TRIGGER, CheckItem, Indicator, Point, Points, RedLineItem, Template, TemplateSet, rounded
from yifa.kernel.citing import Article
from yifa.procedures.known import Undecided, is_known

# What a line or a template is in: judged, judged without anything stated, still to come, not owed.
SCORED, MISSING, PENDING, NOT_APPLICABLE = "scored", "missing", "pending", "not_applicable"
STATES = {SCORED: "已评价", MISSING: "缺少记录", PENDING: "待完成", NOT_APPLICABLE: "不适用"}
SYSTEM = "系统"
WHOLE = 10_000  # a hundred points in hundredths
NOTHING = Outcome(0)


class Confirmation(NamedTuple):
    """What a reviewer found on one check: points in hundredths, why they differ from what the system proposed, who and when.

    `seen` is the proposal he had before him; `n` numbers the confirmations of a matter, `after` names the earlier one of the same check
    that this one replaces (0: there was none). Nothing earlier is lost: the latest stands.
    """

    check: str
    points: int
    reason: str
    by: str
    at: datetime
    seen: int
    n: int = 1
    after: int = 0


class Line(NamedTuple):
    """One check of the score. `proposed` is the system's finding, kept whatever a person or a red line made of it; `got` is what counts.

    `stale`: a confirmation was made on a proposal that has changed since, so it does not count. `zeroed` names the red line that took the
    points away.
    """

    item: CheckItem
    state: str
    proposed: Points
    got: Points
    outcome: Outcome
    matter: Matter
    by: str
    at: datetime
    confirmation: Confirmation | None = None
    stale: bool = False
    zeroed: str = ""

    @property
    def check(self) -> Check:
        return CHECKS[self.item.code]

    @property
    def cites(self) -> tuple[Article, ...]:
        return self.check.cites

    @property
    def counts(self) -> bool:
        return self.state in (SCORED, MISSING)

    @property
    def lost(self) -> Points:
        """What it did not earn of its points, if it counts."""
        return self.item.points - self.got if self.counts else 0

    @property
    def acts(self) -> tuple[Act, ...]:
        """The entries that prove the finding."""
        return self.matter.latest(self.check.steps) if self.counts else ()

    @property
    def is_late(self) -> bool:
        """Whether it rests on an entry made afterwards (补录)."""
        return any(act.late for act in self.acts)

    @property
    def may_be_confirmed(self) -> bool:
        """A person may judge checks of kinds that need judging, and whatever the system itself doubts; computed checks nobody changes."""
        return self.counts and (self.item.is_confirmable or self.outcome.doubtful)

    @property
    def awaits(self) -> bool:
        """Whether a reviewer's confirmation is still owed."""
        return self.counts and (self.item.is_human or self.outcome.doubtful) and (self.confirmation is None or self.stale)


class Part(NamedTuple):
    """A template, an indicator, a point or the whole: its weight, how much of it counts now, what was got of that (hundredths)."""

    code: str
    title: str
    weight: int
    counted: int
    got: Points

    @property
    def score(self) -> int | None:
        """Hundredths on the scale of a hundred; None while nothing counts."""
        return rounded(Fraction(self.got * WHOLE, self.counted)) if self.counted else None


class TemplateScore(NamedTuple):
    """A template with its lines. `why` says why it does not apply."""

    template: Template
    state: str
    part: Part
    lines: tuple[Line, ...]
    why: str = ""


@dataclass(frozen=True)
class Score:
    """The whole score of a matter at one moment. `total` is None while nothing is due; `before` is what it was before red lines."""

    set: TemplateSet
    closed: bool
    at: datetime
    total: int | None
    before: int | None
    grade: str
    whole: Part
    points: tuple[Part, ...]
    indicators: tuple[Part, ...]
    templates: tuple[TemplateScore, ...]
    red_lines: tuple[RedLineItem, ...]
    late: tuple[Act, ...]

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        return tuple(line for template in self.templates for line in template.lines)

    def line(self, code: str) -> Line:
        """Raises KeyError for a check the set has not."""
        found = next((line for line in self.lines if line.item.code == code), None)
        if found is None:
            raise KeyError(code)
        return found

    @property
    def pending(self) -> tuple[TemplateScore, ...]:
        return tuple(each for each in self.templates if each.state == PENDING)

    @property
    def missing(self) -> tuple[Line, ...]:
        """What is due and was not told: the missing-evidence list."""
        return tuple(line for line in self.lines if line.state == MISSING)

    @property
    def lost(self) -> tuple[Line, ...]:
        """失分清单: every check that counts and did not earn all its points, the greatest loss first."""
        return tuple(sorted((line for line in self.lines if line.lost > 0), key=lambda line: (-line.lost, line.item.code)))

    @property
    def awaiting(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.awaits)

    @property
    def deduction(self) -> int:
        """What the unit loses beside this score (hundredths)."""
        return sum(red.deduction for red in self.red_lines)

    def is_exempt(self, point: str) -> bool:
        """Whether nothing of a point is owed (不适用)."""
        inside = {each.code for found in self.set.points if found.code == point for one in found.indicators for each in one.templates}
        return all(each.state == NOT_APPLICABLE for each in self.templates if each.template.code in inside)

    def share(self, template: TemplateScore) -> int:
        """What a template weighs of a hundred once the weights of what does not apply are spread over the others (hundredths)."""
        return rounded(Fraction(template.part.counted * WHOLE, self.whole.counted)) if self.whole.counted else 0


class _Planned(NamedTuple):
    """A template with its functions looked up, so that scoring looks up nothing."""

    template: Template
    due: Callable[[Matter], bool]
    checks: tuple[tuple[CheckItem, Check], ...]


_Plan = tuple[tuple[Point, tuple[tuple[Indicator, tuple[_Planned, ...]], ...]], ...]


@lru_cache(maxsize=8)
def _plan(found: TemplateSet) -> _Plan:
    """A set is compared by identity, so it is planned once."""

    def planned(template: Template) -> _Planned:
        return _Planned(template, DUE[template.code], tuple((item, CHECKS[item.code]) for item in template.checks))

    return tuple(
        (point, tuple((each, tuple(planned(template) for template in each.templates)) for each in point.indicators))
        for point in found.points
    )


def score(matter: Matter, templates: TemplateSet, confirmations: Iterable[Confirmation] = ()) -> Score:
    """The score of a matter as it stands, or its closing score when the matter is closed. The order of confirmations does not matter."""
    crossed = tuple(red for red in templates.red_lines if RED_LINES[red.code](matter))
    zeroed = {code: red.code for red in reversed(crossed) for code in red.zero}
    standing = latest(confirmations)
    points: list[Part] = []
    indicators: list[Part] = []
    scored: list[TemplateScore] = []
    for point, inner in _plan(templates):
        parts = []
        for indicator, planned in inner:
            red = zeroed.get(indicator.code) or zeroed.get(point.code) or ""
            found = [_template(matter, each, standing, red) for each in planned]
            scored += found
            parts.append(_sum(indicator.code, indicator.title, indicator.weight, [each.part for each in found]))
        indicators += parts
        points.append(_sum(point.code, point.title, point.weight, parts))
    whole = _sum(templates.code, templates.title, templates.total, points)
    before, total = whole.score, _bounded(whole.score, crossed)
    return Score(
        set=templates,
        closed=matter.closed,
        at=matter.facts.at,
        total=total,
        before=before,
        grade=templates.grade(total) if total is not None else "",
        whole=whole,
        points=tuple(points),
        indicators=tuple(indicators),
        templates=tuple(scored),
        red_lines=crossed,
        late=matter.late,
    )


def latest(confirmations: Iterable[Confirmation]) -> Mapping[str, Confirmation]:
    """The confirmation that stands of each check."""
    return {each.check: each for each in sorted(confirmations, key=lambda each: each.n)}


def _template(matter: Matter, planned: _Planned, standing: Mapping[str, Confirmation], red: str) -> TemplateScore:
    template = planned.template
    why = "" if template.not_applicable == NEVER else _why_not(matter, template)
    if why:
        return _uncounted(matter, planned, NOT_APPLICABLE, why)
    if not red and not matter.closed and not _is_due(matter, planned.due):
        return _uncounted(matter, planned, PENDING)
    at = matter.facts.at
    lines = []
    got: Points = 0
    for item, check in planned.checks:
        outcome = check(matter)
        proposed = _points(item.points, outcome)
        line = Line(item, MISSING if outcome.missing else SCORED, proposed, proposed, outcome, matter, SYSTEM, at)
        if item.code in standing:
            line = _confirmed(line, standing[item.code])
        if red:
            line = line._replace(got=0, zeroed=red)
        got += line.got
        lines.append(line)
    state = MISSING if all(line.state == MISSING for line in lines) else SCORED
    return TemplateScore(template, state, Part(template.code, template.title, template.weight, template.weight, got), tuple(lines))


def _uncounted(matter: Matter, planned: _Planned, state: str, why: str = "") -> TemplateScore:
    template, at = planned.template, matter.facts.at
    lines = tuple(Line(item, state, 0, 0, NOTHING, matter, SYSTEM, at) for item, _ in planned.checks)
    return TemplateScore(template, state, Part(template.code, template.title, template.weight, 0, 0), lines, why)


def _why_not(matter: Matter, template: Template) -> str:
    """Why a template is not owed: confirmed by 司法行政部门, following from the matter itself, or not triggered. Empty when it is."""
    if template.not_applicable == TRIGGER:
        trigger = matter.facts.evaluation_trigger
        return "没有触发" if not is_known(trigger) or trigger == "none" else ""
    if template.code in matter.facts.exempted:
        return "经司法行政部门确认不适用"
    return "依法不予公开，已经批准" if template.code in PUBLIC and matter.is_closed_to_the_public else ""


def _is_due(matter: Matter, due: Callable[[Matter], bool]) -> bool:
    try:
        return due(matter)
    except Undecided:
        return False


def _points(most: int, outcome: Outcome) -> Points:
    """The points of a share, exact; a share that is to be cut loses what is below a hundredth."""
    share = outcome.share
    if isinstance(share, int):
        return most * share
    points = most * share
    return points.numerator // points.denominator if outcome.down or points.denominator == 1 else points


def _confirmed(line: Line, confirmation: Confirmation) -> Line:
    """With what the reviewer found, unless what he saw is no longer what the system proposes."""
    if not line.may_be_confirmed or confirmation.seen != rounded(line.proposed):
        return line._replace(confirmation=confirmation, stale=True)
    agreed = confirmation.points == confirmation.seen
    return line._replace(
        got=line.proposed if agreed else confirmation.points, by=confirmation.by, at=confirmation.at, confirmation=confirmation
    )


def _sum(code: str, title: str, weight: int, parts: Sequence[Part]) -> Part:
    return Part(code, title, weight, sum(part.counted for part in parts), sum(part.got for part in parts))


def _bounded(total: int | None, crossed: Sequence[RedLineItem]) -> int | None:
    if any(red.void for red in crossed):
        return 0
    caps = [red.cap for red in crossed if red.cap is not None]
    return min([total, *caps]) if total is not None else None
