"""Entering, and taking back, the day on which single articles of a text begin to apply (transitional rules; 立法法 61)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from yifa.kernel.ledger import services as ledger
from yifa.kernel.people.actors import Actor
from yifa.laws import services
from yifa.laws.deciding import DecidedError, L, chain, keeper, said
from yifa.laws.models import Commencement, Expression
from yifa.laws.rules import locator, long_day


def commence(expression: int, keys: Sequence[str], on: date, *, by: Actor, reason: str, at: datetime) -> list[Commencement]:
    """These units begin to apply on `on`, not with their text. One entry.

    Raises DecidedError for another's work, a day that cannot be, and a unit that has a day already.
    """
    with transaction.atomic():
        services.hold()
        text = Expression.objects.select_for_update(of=("self",)).select_related("work").get(pk=expression)
        keeper(by, text.work)
        if not keys:
            raise DecidedError("请写明哪些条文另行施行，例如：第五条、第八条第二款。")
        if on < text.published_on:
            raise DecidedError(f"施行日期不能早于公布日期{long_day(text.published_on)}。", L[61])
        if on == text.effective_on:
            raise DecidedError(f"{long_day(on)}就是全文的施行日期，不需要另行登记。")
        if standing := list(text.commencements.filter(node_key__in=keys).values_list("node_key", flat=True)):
            named = "、".join(locator(key) or key for key in standing)
            raise DecidedError(f"{named}的施行日期已经登记过，请先撤回原来的登记。")
        why = said(reason)
        rows = Commencement.objects.bulk_create(
            Commencement(expression=text, node_key=key, effective_on=on, reason=why, decided_by_id=by.person, decided_at=at) for key in keys
        )
        payload = {"version": text.version, "nodes": list(keys), "effective_on": on.isoformat(), "reason": why}
        ledger.record(chain(text.work), "commence", actor=by, payload=payload, league=by.league, at=at)
    return rows


def withdraw(commencement: int, *, by: Actor, reason: str, at: datetime) -> Expression:
    """Take one of them back: the unit applies with its text again. Raises DecidedError where it is gone already."""
    with transaction.atomic():
        row = Commencement.objects.select_for_update(of=("self",)).select_related("expression__work").filter(pk=commencement).first()
        if row is None:
            raise DecidedError("这项登记已由他人撤回，请刷新后查看。")
        text = row.expression
        keeper(by, text.work)
        payload = {
            "version": text.version,
            "nodes": [row.node_key],
            "effective_on": row.effective_on.isoformat(),
            "reason": said(reason),
        }
        row.delete()
        ledger.record(chain(text.work), "withdraw_commencement", actor=by, payload=payload, league=by.league, at=at)
    return text
