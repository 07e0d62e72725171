"""Points taken from a unit's total beside its outcomes (加分、扣分), by the published rules alone. Pure.

A rule reads a fact: its numerator is what is taken, in hundredths of a point, its denominator counts the cases. Every point so leads to the
entry that took it. Only what its own act established counts here; a unit is charged with what it did itself, never with what bodies below
it did. All deductions together take at most fifteen points, and no total falls below nought.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

MOST = 1_500  # hundredths


@dataclass(frozen=True)
class Rule:
    """`key` is the metric of the facts that it reads."""

    code: str
    title: str
    key: str
    basis: str


RULES = (
    Rule(
        "K01", "应当列入重大行政决策事项目录而未列入，规避法定程序", "DEC.R6", "重大行政决策程序暂行条例第三条第三款、第三十八条；每件扣2分"
    ),
)
KEYS = tuple(rule.key for rule in RULES)


@dataclass(frozen=True)
class Adjustment:
    """What one rule takes from a unit: hundredths of a point, for so many cases."""

    rule: Rule
    hundredths: int
    cases: int

    @property
    def points(self) -> Decimal:
        return Decimal(self.hundredths) / 100


def taken(adjustments: Sequence[Adjustment]) -> Decimal:
    """All deductions together."""
    return Decimal(min(MOST, sum(each.hundredths for each in adjustments))) / 100


def adjusted(total: Decimal | None, adjustments: Sequence[Adjustment]) -> Decimal | None:
    """The total after deductions; None where there is none."""
    return None if total is None else max(Decimal("0.00"), total - taken(adjustments))
