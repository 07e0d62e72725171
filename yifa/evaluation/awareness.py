"""知晓率: from attempts at a quiz to a weighted share with its 95 per cent interval. Pure; decimals throughout.

A person is aware of a work when at least 60 % of at least three items about it are right. Shares are published only when every stratum
has 30 attempts and all together 100: below that a number says more about chance than about people.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from yifa.evaluation.method import Awareness, Stratum

# Two-sided 95 per cent of the normal distribution.
Z = Decimal("1.959964")


@dataclass(frozen=True)
class Share:
    """`aware` of `n` persons, with its Wilson interval; `p` is None without anybody."""

    aware: int
    n: int

    @property
    def p(self) -> Decimal | None:
        return Decimal(self.aware) / self.n if self.n else None

    @property
    def interval(self) -> tuple[Decimal, Decimal] | None:
        return wilson(self.aware, self.n)

    def __add__(self, other: Share) -> Share:
        return Share(self.aware + other.aware, self.n + other.n)


@dataclass(frozen=True)
class Line:
    stratum: Stratum
    share: Share


@dataclass(frozen=True)
class Result:
    """`rate` and its interval are None as long as `why_not` says why nothing is published."""

    lines: tuple[Line, ...]
    total: int
    rate: Decimal | None
    interval: tuple[Decimal, Decimal] | None
    why_not: str


def is_aware(correct: int, items: int, method: Awareness) -> bool:
    return items >= method.least_items and correct >= method.passed * items


def is_hasty(seconds: int, items: int, method: Awareness) -> bool:
    """Faster than the items can be read."""
    return seconds < items * method.seconds_an_item


def wilson(hits: int, n: int) -> tuple[Decimal, Decimal] | None:
    """The 95 per cent interval of a share; None without a sample. Raises ValueError on more hits than tries."""
    if not 0 <= hits <= max(n, 0):
        raise ValueError(f"{hits} of {n}")
    if n == 0:
        return None
    size, p, z2 = Decimal(n), Decimal(hits) / n, Z * Z
    middle = (p + z2 / (2 * size)) / (1 + z2 / size)
    half = Z * ((p * (1 - p) + z2 / (4 * size)) / size).sqrt() / (1 + z2 / size)
    return max(Decimal(0), middle - half), min(Decimal(1), middle + half)


def result(shares: Mapping[str, Share], method: Awareness) -> Result:
    """Σ W_h · p_h over the strata. Its interval joins those of the strata (MOVER): deviations add up as squares."""
    lines = tuple(Line(each, shares.get(each.key, Share(0, 0))) for each in method.strata)
    total = sum(line.share.n for line in lines)
    small = [f"{line.stratum.name}{line.share.n}人" for line in lines if line.share.n < method.least_in_stratum]
    if small:
        why = f"每类人员至少{method.least_in_stratum}人才公布，现有{'、'.join(small)}"
        return Result(lines, total, None, None, why)
    if total < method.least_in_all:
        return Result(lines, total, None, None, f"合计至少{method.least_in_all}人才公布，现有{total}人")
    rate = low = high = Decimal(0)
    for line in lines:
        p, interval = line.share.p, line.share.interval
        if p is not None and interval is not None:
            rate += line.stratum.weight * p
            low += (line.stratum.weight * (p - interval[0])) ** 2
            high += (line.stratum.weight * (interval[1] - p)) ** 2
    return Result(lines, total, rate, (max(Decimal(0), rate - low.sqrt()), min(Decimal(1), rate + high.sqrt())), "")
