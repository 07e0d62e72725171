"""One act on the register is one entry on its object's chain, in the same transaction, and one row for the audit administrator's list."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from yifa.kernel.citing import Article
from yifa.kernel.ledger import services as ledger
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.models import RegisterAct

# A chain stays where it began. Bodies and certificates lie in their 盟市; people move, so their chains lie in none.
NOWHERE = "000000"


def record(
    chain: str,
    step: str,
    *,
    by: Actor,
    payload: Mapping[str, object],
    at: datetime | None = None,
    league: str = NOWHERE,
    cites: tuple[Article, ...] = (),
) -> None:
    """Personal data stays out of the payload except names and certificate numbers, which are the act itself."""
    with transaction.atomic():
        entry = ledger.record(chain, step, actor=by, payload=dict(payload), league=league, at=at, cites=cites)
        RegisterAct.objects.create(
            league=league,
            chain=chain,
            seq=entry.seq,
            step=step,
            actor=by.person,
            actor_name=by.name,
            organisation=by.organisation,
            recorded_at=entry.recorded_at,
        )
