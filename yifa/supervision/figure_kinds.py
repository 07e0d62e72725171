"""What a figure is, and which metric of the indicator set it feeds. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Feed:
    """`metric` of the indicator set is fed by the facts `key`; `rule` says whose denominator holds.

    `needs_occasion`: where nothing took place there is nothing to judge, though the metric is a count that would be nought.
    """

    metric: str
    key: str
    rule: str
    needs_occasion: bool = False


@dataclass(frozen=True)
class Figure:
    """`key` is the metric of its facts. `mean` figures show Σ/Σ as it is, the others as a share. Below `min_n` nothing is shown.

    `subject` is the work that it is about: the heading under which it stands.
    """

    id: str
    name: str
    formula: str
    numerator: str
    denominator: str
    key: str
    feeds: tuple[Feed, ...] = ()
    mean: bool = False
    min_n: int = 1
    note: str = ""
    subject: str = "行政执法"
