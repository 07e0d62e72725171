"""Taking back what was disclosed (行政处罚法 48: within three days, and the reason is told)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from yifa.disclosure.models import Withdrawal
from yifa.disclosure.queries import publication
from yifa.kernel.citing import Law
from yifa.kernel.ledger import services as ledger
from yifa.kernel.people.actors import Actor

APL = Law("行政处罚法", "2021-01-22")


class NotWithdrawnError(ValueError):
    """The withdrawal cannot be made; str() says why."""


def withdraw(league: str, code: str, *, reason: str, by: Actor, simulated: datetime | None = None) -> None:
    """Takes one publication back, once, with its reason: an entry on the chain `publication:<code>`. Whether `by` may is asked before."""
    words = reason.strip()
    if not 5 <= len(words) <= 300:
        raise NotWithdrawnError("请写明撤回理由，5 到 300 字，理由会公开")
    found = publication(league, code)
    if found is None:
        raise NotWithdrawnError("这件案件没有公示，不需要撤回")
    try:
        with transaction.atomic():
            Withdrawal.objects.create(
                league=league,
                dossier=code,
                organisation_id=found.organisation,
                reason=words,
                withdrawn_at=simulated or timezone.now(),
                withdrawn_by_id=UUID(by.person),
            )
            ledger.record(
                f"publication:{code}",
                "withdraw",
                actor=by,
                payload={"number": found.number, "reason": words},
                league=league,
                cites=(APL[48].kuan(2),),
                simulated=simulated,
            )
    except IntegrityError as error:
        raise NotWithdrawnError("这件案件的公示已经撤回") from error
