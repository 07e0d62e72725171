"""What the follower shows to a context, and what a context answers: an entry of the record, and what it counts for.

Pure. A context's `facts.facts(entry: Seen) -> Iterable[Counted]` is a function of the entry alone: no clock, no database, so that
replaying the record gives the same facts on any day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True)
class Seen:
    """One sealed entry with the payloads that are still there (`None` = erased by law, or never given)."""

    position: int
    league: str
    chain: str
    seq: int
    body: Mapping[str, Any]
    open: Mapping[str, Any] | None
    closed: Mapping[str, Any] | None


@dataclass(frozen=True)
class Counted:
    """`numerator` of `denominator` for a metric, a body, a region and a month (`2026-11`).

    Counts are only ever summed: an act that undoes an earlier one counts negative. `once` names a thing that counts at most once per
    metric, body and month (the item used, the officer who acted): only the first such fact in log order stands. `reason` says in one
    line why it counts so (公示逾期:应于2026-11-20,实于2026-11-23).
    """

    metric: str
    numerator: int
    denominator: int
    organisation: str
    region: str
    month: str
    reason: str = ""
    once: str = ""


class Counts(Protocol):
    """Whatever counts: a context, as far as the follower is concerned."""

    @property
    def facts(self) -> Callable[[Seen], Iterable[Counted]]: ...
