"""One act on the register is one entry on its object's chain, in the same transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from yifa.kernel.citing import Article
from yifa.kernel.ledger import services as ledger
from yifa.kernel.people.actors import Actor


def record(
    chain: str,
    step: str,
    *,
    by: Actor,
    payload: Mapping[str, object],
    at: datetime | None = None,
    league: str = "",
    cites: tuple[Article, ...] = (),
) -> None:
    """Personal data stays out of the payload except names and certificate numbers, which are the act itself."""
    ledger.record(chain, step, actor=by, payload=dict(payload), league=league or by.league, at=at, cites=cites)
