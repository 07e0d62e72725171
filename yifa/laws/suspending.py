"""暂时调整适用 and 暂时停止适用 (立法法 16, 79): entering what a decision of the competent organ says, and ending it early.

The library registers and decides nothing: the decision is named, and for laws and administrative regulations the bounds of 立法法 hold
(some of the provisions, for a stated time). Each is one entry on the work's chain.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from yifa.kernel.ledger import services as ledger
from yifa.kernel.people.actors import Actor
from yifa.laws import watching
from yifa.laws.deciding import DecidedError, L, bare, chain, keeper, said
from yifa.laws.models import Suspension, Work
from yifa.laws.rules import long_day

# Whose suspension is bounded, by which article, and who decides it.
BOUNDS = {"FL": (L[16], "全国人民代表大会及其常务委员会"), "XZFG": (L[79], "国务院")}
MAX_TITLE, MAX_NUMBER = 400, 100


def suspend(
    work: Work,
    *,
    by: Actor,
    kind: str,
    region: str,
    region_name: str,
    nodes: Sequence[str],
    from_on: date,
    until_on: date | None,
    instrument: str,
    number: str = "",
    at: datetime,
) -> Suspension:
    """Record that a text, or some of its articles, is not or differently applied in a region for a time; `until_on` is the first day after.

    Raises DecidedError for another's work, for what 立法法 does not allow, and where the same decision stands already.
    """
    keeper(by, work)
    title = bare(instrument)[:MAX_TITLE]
    _check(work, kind, nodes, from_on, until_on, title)
    try:
        with transaction.atomic():
            row = Suspension.objects.create(
                work=work,
                kind=kind,
                region=region,
                region_name=region_name,
                nodes=list(nodes),
                from_on=from_on,
                until_on=until_on,
                instrument=title,
                number=number.strip()[:MAX_NUMBER],
                decided_by_id=by.person,
                decided_at=at,
            )
            payload = {
                "kind": str(kind),
                "region": region,
                "nodes": list(nodes),
                "from_on": from_on.isoformat(),
                "until_on": until_on.isoformat() if until_on else None,
                "instrument": title,
                "number": row.number,
            }
            ledger.record(chain(work), "suspend", actor=by, payload=payload, league=by.league, at=at)
            watching.refresh(today=timezone.localdate(at))
    except IntegrityError:
        raise DecidedError("这一决定在这个地区自这一天起的暂停适用已经登记过，请刷新后查看。") from None
    return row


def _check(work: Work, kind: str, nodes: Sequence[str], from_on: date, until_on: date | None, title: str) -> None:
    if kind not in Suspension.Kind.values:
        raise DecidedError("请选择“暂时调整适用”或者“暂时停止适用”。")
    article, organ = BOUNDS.get(work.type, (None, "有权机关"))
    cites = [article] if article else []
    if not title:
        raise DecidedError(f"请写明依据：由{organ}作出的决定的名称。", *cites)
    if article and not nodes:
        raise DecidedError(f"{organ}只能就特定事项决定暂时调整或者停止适用部分规定，请写明是哪些条文。", *cites)
    if article and until_on is None:
        raise DecidedError("暂时调整或者停止适用应当有规定的期限，请写明到哪一天为止。", *cites)
    if until_on is not None and until_on <= from_on:
        raise DecidedError("终止的日期应当在开始的日期以后。", *cites)


def end_early(suspension: int, *, by: Actor, last_day: date, reason: str, at: datetime, seen: date | None) -> Suspension:
    """Let it hold until `last_day` only. `seen` is the `until_on` that the person saw; the second of two persons is told."""
    with transaction.atomic():
        row = Suspension.objects.select_for_update(of=("self",)).select_related("work").get(pk=suspension)
        keeper(by, row.work)
        if row.until_on != seen:
            raise DecidedError("这件暂停适用的期限已由他人更改，请刷新后查看。")
        after = last_day + timedelta(days=1)
        if last_day < row.from_on:
            raise DecidedError(f"最后一天不能早于开始的日期{long_day(row.from_on)}。")
        if row.until_on is not None and after >= row.until_on:
            raise DecidedError(f"原定至{long_day(row.until_on - timedelta(days=1))}，提前终止的日期应当在此以前。")
        was = row.until_on
        row.planned_until_on = row.planned_until_on or was
        row.until_on, row.ended_reason = after, said(reason)
        row.save(update_fields=["until_on", "planned_until_on", "ended_reason"])
        payload = {
            "instrument": row.instrument,
            "region": row.region,
            "from_on": row.from_on.isoformat(),
            "until_on": after.isoformat(),
            "planned_until_on": was.isoformat() if was else None,
            "reason": row.ended_reason,
        }
        ledger.record(chain(row.work), "end_suspension", actor=by, payload=payload, league=by.league, at=at)
        watching.refresh(today=timezone.localdate(at))
    return row
