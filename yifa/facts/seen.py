"""What the follower shows to a context, and what a context answers: an entry of the record, and what it counts for.

Pure. A context's `facts.facts(entry: Seen) -> Iterable[Counted]` is a function of the entry alone: no clock, no database, so that
replaying the record gives the same facts on any day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


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
    """`numerator` of `denominator` for a metric, a body, a region and a month (the month's first day is not stored, only `2026-11`).

    A fact with an empty denominator corrects an earlier one only by adding: counts are summed, never replaced.
    `reason` says in one line why it counts so (公示逾期: 应于11-20,实于11-23).
    """

    metric: str
    numerator: int
    denominator: int
    organisation: str
    region: str
    month: str
    reason: str = ""
