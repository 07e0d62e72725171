"""What persons decide about the library: whether a repealing sentence holds, which of two sources is right, where a text is suspended.

Each decision is one transaction and one entry on the work's own chain (`law:<slug>`), with the reason that was given.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from yifa.kernel.ledger import services as ledger
from yifa.kernel.people.actors import Actor
from yifa.laws import services, watching
from yifa.laws.models import ChangeEvent, Difference, Suspension, Work


class DecidedError(Exception):
    """Somebody has decided this already; str() is fit to be shown."""


def chain(work: Work) -> str:
    return f"law:{work.slug}"[:200]


def decide_event(event: int, *, by: Actor, is_confirmed: bool, reason: str, at: datetime) -> ChangeEvent:
    """Confirm a proposed repeal, or say that it does not hold. A confirmed one ends the work's last text on its day.

    Raises DecidedError when it is no longer proposed (two persons decide at once: the second is told).
    """
    with transaction.atomic():
        row = ChangeEvent.objects.select_for_update(of=("self",)).select_related("work").get(pk=event)
        if row.state != ChangeEvent.State.PROPOSED:
            raise DecidedError("这件事已由他人作出决定，请刷新后查看。")
        row.state = ChangeEvent.State.CONFIRMED if is_confirmed else ChangeEvent.State.REJECTED
        row.decided_by_id, row.decided_at, row.reason = by.person, at, reason
        row.save(update_fields=["state", "decided_by", "decided_at", "reason"])
        payload = {"kind": row.kind, "on": row.on.isoformat(), "instrument": row.instrument, "state": row.state, "reason": reason}
        ledger.record(chain(row.work), "decide_event", actor=by, payload=payload, league=by.league, at=at)
        if is_confirmed:
            services.rederive()
            watching.refresh(today=timezone.localdate(at))
    return row


def decide_difference(difference: int, *, by: Actor, reason: str, at: datetime) -> Difference:
    """Note that a person has looked at a difference and why the text stays; the text itself is never changed here.

    Raises DecidedError when somebody has done so before.
    """
    with transaction.atomic():
        row = Difference.objects.select_for_update(of=("self",)).select_related("expression__work").get(pk=difference)
        if row.decided_at is not None:
            raise DecidedError("这处不同已由他人核对，请刷新后查看。")
        row.decided_by_id, row.decided_at, row.reason = by.person, at, reason
        row.save(update_fields=["decided_by", "decided_at", "reason"])
        payload = {"version": row.expression.version, "node": row.node_key, "source": row.source, "reason": reason}
        ledger.record(chain(row.expression.work), "decide_difference", actor=by, payload=payload, league=by.league, at=at)
    return row


def suspend(
    work: Work,
    *,
    by: Actor,
    kind: Suspension.Kind,
    region: str,
    region_name: str,
    nodes: Sequence[str],
    from_on: date,
    until_on: date | None,
    instrument: str,
    number: str = "",
    at: datetime,
) -> Suspension:
    """Record that a text, or some of its articles, is not or differently applied in a region for a time (立法法 16, 79)."""
    with transaction.atomic():
        row = Suspension.objects.create(
            work=work,
            kind=kind,
            region=region,
            region_name=region_name,
            nodes=list(nodes),
            from_on=from_on,
            until_on=until_on,
            instrument=instrument,
            number=number,
        )
        payload = {
            "kind": row.kind,
            "region": region,
            "nodes": list(nodes),
            "from_on": from_on.isoformat(),
            "until_on": until_on.isoformat() if until_on else None,
            "instrument": instrument,
        }
        ledger.record(chain(work), "suspend", actor=by, payload=payload, league=by.league, at=at)
    return row
