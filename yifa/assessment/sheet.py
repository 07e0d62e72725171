"""The score sheet of one unit: every outcome of the set with its state, its formula in numbers, its points. Pure.

Outcomes that cannot be scored yet take no part: the points earned are set against the weights that could be scored and re-based to the
whole, and the sheet says so. Nothing is guessed for what is 未接入.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from yifa.assessment.adjustments import Adjustment, adjusted, taken
from yifa.assessment.indicators import AUTO, Aspect, Indicators, Measure, Metric, Outcome
from yifa.assessment.scoring import HUNDREDTH, Share, points, rebased, share

SCORED, EMPTY, UNCONNECTED, WAITING, SHOWN, OUTSIDE = "scored", "empty", "unconnected", "waiting", "shown", "outside"
STATES = {
    SCORED: "已计分",
    EMPTY: "不适用（本期没有发生）",
    UNCONNECTED: "未接入",
    WAITING: "人工评审部分未接入",
    SHOWN: "只展示，不计分",
    OUTSIDE: "不适用（不属于本单位的考核范围）",
}
DEPARTMENT = "部门"


@dataclass(frozen=True)
class Number:
    """A metric's numerator and denominator for a unit, and the pooled rate of its peers. `absent`: nothing took place to be judged."""

    numerator: int
    denominator: int
    peer: Decimal | None = None
    absent: bool = False


@dataclass(frozen=True)
class Line:
    """One outcome on the sheet."""

    outcome: Outcome
    metric: Metric | None
    state: str
    share: Share | None = None
    points: Decimal | None = None

    @property
    def state_label(self) -> str:
        return STATES[self.state]

    @property
    def weight(self) -> str:
        return f"{self.outcome.weight // 100}.{self.outcome.weight % 100:02d}"

    @property
    def lost(self) -> Decimal | None:
        return None if self.points is None else Decimal(self.outcome.weight) / 100 - self.points

    @property
    def derivation(self) -> tuple[str, ...]:
        """The formula with its numbers, line by line."""
        if self.share is None or self.metric is None or self.points is None:
            return ()
        found, scale = self.share, self.metric.scale
        lines = [f"{self.metric.formula}：{found.numerator} ÷ {found.denominator}"]
        if found.small and found.peer is not None:
            lines.append(
                f"样本小（少于{scale.min_n}件），按同类单位平均{_plain(found.peer)}收缩："
                f"({found.numerator} + 20 × {_plain(found.peer)}) ÷ ({found.denominator} + 20) = {_plain(found.x)}"
            )
        elif found.small:
            lines.append(f"样本小（少于{scale.min_n}件），没有同类单位可比，按实际数计算：{_plain(found.x)}")
        else:
            lines.append(f"指标值 x = {_plain(found.x)}")
        zero, full = _plain(scale.zero), _plain(scale.full)
        lines.append(f"得分率 = ({_plain(found.x)} − {zero}) ÷ ({full} − {zero})，限于0至1 = {_plain(found.s)}")
        lines.append(f"得分 = {self.weight} × {_plain(found.s)} = {self.points}")
        return tuple(lines)


@dataclass(frozen=True)
class Part:
    """An aspect or the whole: what was earned of what could be scored, and the same re-based."""

    title: str
    weight: int
    lines: tuple[Line, ...]

    @property
    def scored(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.state == SCORED)

    @property
    def applicable(self) -> int:
        return sum(line.outcome.weight for line in self.scored)

    @property
    def applicable_points(self) -> Decimal:
        return (Decimal(self.applicable) / 100).quantize(HUNDREDTH)

    @property
    def earned(self) -> Decimal:
        return sum((line.points for line in self.scored if line.points is not None), Decimal("0.00"))

    @property
    def rebased(self) -> Decimal | None:
        return rebased(self.earned, self.applicable, self.weight)


@dataclass(frozen=True)
class Sheet:
    """Everything a page shows of one unit's score. `adjustments` are taken from the re-based whole."""

    indicators: Indicators
    whole: Part
    aspects: tuple[tuple[Aspect, Part], ...]
    adjustments: tuple[Adjustment, ...] = ()

    @property
    def deducted(self) -> Decimal:
        return taken(self.adjustments)

    @property
    def total(self) -> Decimal | None:
        return adjusted(self.whole.rebased, self.adjustments)

    def line(self, code: str) -> Line | None:
        return next((line for line in self.whole.lines if line.outcome.code == code), None)

    @property
    def connected(self) -> int:
        return sum(line.state in (SCORED, EMPTY) for line in self.whole.lines)

    def book(self) -> dict[str, object]:
        """What a frozen round keeps, in text: points to the cent and what they rest on."""
        deducted = {each.rule.code: [str(each.points), each.cases] for each in self.adjustments}
        return {
            "total": _text(self.total),
            "earned": str(self.whole.earned),
            "applicable": self.whole.applicable,
            "outcomes": {
                line.outcome.code: [str(line.points), line.share.numerator, line.share.denominator]
                for line in self.whole.scored
                if line.share is not None
            },
            **({"adjustments": deducted} if deducted else {}),
        }


def sheet(
    indicators: Indicators, numbers: Mapping[str, Number], connected: Iterable[str], kind: str, adjustments: Iterable[Adjustment] = ()
) -> Sheet:
    """`numbers` by metric of the set; `connected` are the metrics that some room feeds; `kind` is 部门, 省, 市 or 县."""
    feeds = frozenset(connected)
    aspects = []
    for aspect in indicators.aspects:
        lines = tuple(
            _line(indicators, measure, outcome, numbers, feeds, kind) for measure in aspect.measures for outcome in measure.outcomes
        )
        aspects.append((aspect, Part(aspect.title, aspect.weight, lines)))
    whole = Part(indicators.title, indicators.total, tuple(line for _, part in aspects for line in part.lines))
    return Sheet(indicators, whole, tuple(aspects), tuple(adjustments))


def _line(
    indicators: Indicators, measure: Measure, outcome: Outcome, numbers: Mapping[str, Number], feeds: frozenset[str], kind: str
) -> Line:
    metric = indicators.metrics.get(outcome.metric)
    if kind not in measure.scope:
        return Line(outcome, metric, OUTSIDE)
    if metric is None or metric.code not in feeds:
        return Line(outcome, metric, SHOWN if metric and metric.forbidden else UNCONNECTED)
    if outcome.weight == 0 or not metric.scored:
        return Line(outcome, metric, SHOWN)
    found = numbers.get(metric.code, Number(0, 0))
    result = None if found.absent else share(found.numerator, found.denominator, metric.scale, found.peer)
    if result is None:
        return Line(outcome, metric, EMPTY)
    if outcome.mode != AUTO:
        return Line(outcome, metric, WAITING, result)
    return Line(outcome, metric, SCORED, result, points(outcome.weight, result.s))


def _plain(number: Decimal) -> str:
    """At most four places, without a tail of zeros."""
    text = f"{number:.4f}".rstrip("0").rstrip(".")
    return text or "0"


def _text(number: Decimal | None) -> str | None:
    return None if number is None else str(number)
