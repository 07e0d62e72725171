"""What must hold of the texts of a work: on every day from its first to its last exactly one of them is in force. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from yifa.laws.rules import Span


def faults(spans: Sequence[Span]) -> Iterator[tuple[str, str]]:
    """(version, what is wrong) of the texts of one work, in the order in which they begin.

    Two in force on one day; days between two on which none is; a text that a newer one overtook before it ever applied.
    """
    ordered = sorted(spans, key=lambda span: (span.effective_on, span.version))
    for span in ordered:
        if span.ended_on is not None and span.ended_on <= span.effective_on:
            yield span.version, f"{span.version}的文本在{span.effective_on}施行以前已经终止，没有一天有效，请核对施行日期"
    lasting = [span for span in ordered if span.ended_on is None or span.ended_on > span.effective_on]
    for before, after in pairwise(lasting):
        if before.ended_on is None or before.ended_on > after.effective_on:
            yield after.version, f"自{after.effective_on}起，{before.version}和{after.version}的文本同时有效"
        elif before.ended_on < after.effective_on:
            yield after.version, f"自{before.ended_on}至{after.effective_on}以前，没有有效的文本"
