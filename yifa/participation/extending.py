"""延长征求意见: more time for the public, given before the time is over, with a reason that everybody reads (国务院令第713号 15)."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from yifa.kernel.ledger import services as ledger
from yifa.kernel.people.actors import Actor
from yifa.kernel.refusing import RejectedError
from yifa.participation.models import Consultation
from yifa.participation.saying import SHORTEST
from yifa.participation.services import BUSINESS, chain, own_round
from yifa.participation.veiling import clean

LONGEST = 400


def extend(league: str, consultation: UUID, *, by: Actor, closes_on: date, reason: str, simulated: datetime | None = None) -> None:
    """Moves the last day of an open round later. A period never gets shorter, and one that has run out is not opened again.

    Raises RejectedError for anything else, and without a reason.
    """
    why = clean(reason)
    if not SHORTEST <= len(why) <= LONGEST:
        raise RejectedError(f"请写明延长的理由，不超过 {LONGEST} 字，公众会看到")
    today = timezone.localdate(simulated or timezone.now())
    with transaction.atomic():
        row = own_round(league, consultation, by, lock=True)
        if row.status != Consultation.Status.OPEN or today > row.closes_on:
            raise RejectedError("征求意见已经截止或者草案已经更换，不能延长；确需继续听取意见的，请重新发布征求意见稿")
        if closes_on <= row.closes_on:
            raise RejectedError("新的截止日期应当晚于原来的截止日期；已经公布的期限不能缩短")
        Consultation.objects.filter(league=league, id=consultation).update(closes_on=closes_on, extended_reason=why)
        payload = {"from": row.closes_on.isoformat(), "closes_on": closes_on.isoformat(), "reason": why}
        ledger.record(
            chain(consultation), "extend", actor=by, payload=payload, league=league, cites=(BUSINESS[62].kuan(2),), simulated=simulated
        )
