"""From numbers to points: one formula for every direction, shrinkage of small samples, re-based weights. Pure, Decimal, no floats.

`s = clip((x − zero) ÷ (full − zero), 0, 1)`; for `down` and `zero` metrics full lies below zero, for `bool` the metric is its own score.
Points = weight × s, kept to 0.01 half-even. Weights are whole hundredths of a point.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

HUNDREDTH = Decimal("0.01")
ONE, ZERO = Decimal(1), Decimal(0)
PRIOR = 20  # m: how many cases the peers' rate weighs against a small sample
UP, DOWN, BOOL, COUNT = "up", "down", "bool", "zero"


@dataclass(frozen=True)
class Scale:
    """Where a metric earns everything and where nothing. `min_n`: fewer cases than this are a small sample."""

    zero: Decimal
    full: Decimal
    direction: str
    min_n: int = 1

    def __post_init__(self) -> None:
        wrong = {UP: self.full <= self.zero, DOWN: self.full >= self.zero, COUNT: self.full >= self.zero, BOOL: False}
        if wrong.get(self.direction, True):
            raise ValueError(f"方向{self.direction!r}与满分值{self.full}、零分值{self.zero}不符")


@dataclass(frozen=True)
class Share:
    """What a metric's score rests on: the numbers, the rate used, whether it was shrunk."""

    numerator: int
    denominator: int
    x: Decimal
    small: bool
    peer: Decimal | None
    s: Decimal


def score(x: Decimal, zero: Decimal, full: Decimal, direction: str) -> Decimal:
    """The share of full marks, 0 to 1. Only points are rounded."""
    s = x if direction == BOOL else (x - zero) / (full - zero)
    return min(ONE, max(ZERO, s))


def shrink(numerator: int, denominator: int, peer: Decimal, m: int = PRIOR) -> Decimal:
    """A small sample pulled towards its peers' pooled rate: (k + m·p0) ÷ (n + m)."""
    return (numerator + m * peer) / (denominator + m)


def share(numerator: int, denominator: int, scale: Scale, peer: Decimal | None = None) -> Share | None:
    """The score of one metric, or None when there is nothing to judge (不适用). A count (`zero`) is judged by its number alone."""
    if scale.direction == COUNT:
        x = Decimal(numerator)
        return Share(numerator, denominator, x, False, None, score(x, scale.zero, scale.full, COUNT))
    if denominator <= 0:
        return None
    small = denominator < scale.min_n
    x = shrink(numerator, denominator, peer) if small and peer is not None else Decimal(numerator) / denominator
    return Share(numerator, denominator, x, small, peer if small else None, score(x, scale.zero, scale.full, scale.direction))


def points(weight: int, s: Decimal) -> Decimal:
    """Points of an outcome whose weight is so many hundredths."""
    return (Decimal(weight) / 100 * s).quantize(HUNDREDTH, ROUND_HALF_EVEN)


def hybrid(auto: Decimal, rubric: Decimal, auto_share: Decimal) -> Decimal:
    """Part measured, part judged by persons."""
    return auto_share * auto + (ONE - auto_share) * rubric


def rebased(earned: Decimal, applicable: int, total: int) -> Decimal | None:
    """Points on the scale of the whole, from the weights (hundredths) that could be scored; None when none could."""
    if applicable <= 0:
        return None
    return (earned * total / applicable).quantize(HUNDREDTH, ROUND_HALF_EVEN)
