"""Proposing and approving a set, closing a round, and proving a closed round by computing it again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any, Protocol
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from yifa.assessment import queries
from yifa.assessment.files import parse
from yifa.assessment.indicators import Indicators, UnfitSetError, difference
from yifa.assessment.models import IndicatorSet, Round
from yifa.assessment.queries import Period, Unit
from yifa.facts import queries as facts
from yifa.kernel.ledger.append import Acting
from yifa.kernel.ledger.services import record


class NotAllowedError(ValueError):
    """What an assessor may not do with a set or a round; str() says why."""


class Named(Acting, Protocol):
    """Who acts, with the name that the page shows."""

    @property
    def name(self) -> str: ...
    @property
    def organisation_name(self) -> str: ...


@transaction.atomic
def propose_set(text: str, *, by: Named) -> IndicatorSet:
    """Bring in a new version of a set; nothing is scored by it until another person approves it. Raises UnfitSetError."""
    found = parse(text)
    same = IndicatorSet.objects.filter(code=found.code, version=found.version).exclude(status=IndicatorSet.Status.REFUSED)
    if same.exists():
        raise UnfitSetError([f"指标集{found.code}的{found.version}版已经导入；修改应当使用新的版本号"])
    digest = hashlib.sha256(text.encode()).hexdigest()
    row = IndicatorSet.objects.create(
        code=found.code,
        version=found.version,
        title=found.title,
        label=found.label,
        status=IndicatorSet.Status.PROPOSED,
        text=text,
        sha256=digest,
        imported_at=timezone.now(),
        proposed_by=UUID(by.person),
        proposed_name=by.name,
        proposed_for=by.organisation_name,
    )
    changed = [change.code for change in difference(queries.before(row), found)]
    _record_set(row, "propose", by, {"sha256": digest, "changed": changed})
    return row


@transaction.atomic
def approve_set(*, by: Named, number: int) -> IndicatorSet:
    """A second person lets a set be used: on trial, or in force in the place of its earlier versions, as its text says."""
    row = _waiting(number)
    if str(row.proposed_by) == by.person:
        raise NotAllowedError("提出人不能批准自己提出的指标集，应当由另一人批准")
    active = queries.indicators_of(row).status == IndicatorSet.Status.ACTIVE
    if active:
        IndicatorSet.objects.filter(code=row.code, status=IndicatorSet.Status.ACTIVE).update(status=IndicatorSet.Status.RETIRED)
    _decide(row, IndicatorSet.Status.ACTIVE if active else IndicatorSet.Status.TRIAL, by, "")
    _record_set(row, "approve", by, {"sha256": row.sha256, "status": row.status, "proposed_by": str(row.proposed_by)})
    return row


@transaction.atomic
def refuse_set(*, by: Named, number: int, reason: str) -> IndicatorSet:
    """A second person does not approve, or the proposer takes it back; the version's number becomes free."""
    row = _waiting(number)
    if len(reason.strip()) < 2:
        raise NotAllowedError("应当写明理由")
    _decide(row, IndicatorSet.Status.REFUSED, by, reason.strip())
    _record_set(row, "refuse", by, {"sha256": row.sha256, "reason": row.decision})
    return row


def _waiting(number: int) -> IndicatorSet:
    row = IndicatorSet.objects.select_for_update().filter(pk=number).first()
    if row is None:
        raise NotAllowedError("没有这个指标集")
    if row.status != IndicatorSet.Status.PROPOSED:
        raise NotAllowedError(f"这个指标集的状态是“{row.get_status_display()}”，不能再作决定")
    return row


def _decide(row: IndicatorSet, status: IndicatorSet.Status, by: Named, decision: str) -> None:
    row.status, row.decision, row.decided_name, row.decided_at = status, decision, by.name, timezone.now()
    row.save(update_fields=["status", "decision", "decided_name", "decided_at"])


def _record_set(row: IndicatorSet, step: str, by: Acting, told: dict[str, Any]) -> None:
    record(f"indicator-set:{row.code}", step, actor=by, league=_league(by), payload={"version": row.version, **told})


@transaction.atomic
def freeze_round(*, by: Named, title: str, indicators: IndicatorSet, first: str, last: str) -> Round:
    """Close a round at the present end of what is counted: the scores of every unit, kept to the cent. Raises NotAllowedError."""
    if indicators.status not in (IndicatorSet.Status.ACTIVE, IndicatorSet.Status.TRIAL):
        raise NotAllowedError(f"{indicators}{indicators.get_status_display()}，不能用于考核")
    if not title.strip() or last < first:
        raise NotAllowedError("应当写明考核的名称，起始月份不晚于截止月份")
    position = facts.position()
    connected = list(queries.CONNECTED)
    book = _book(parse(indicators.text), Period(first, last, position), queries.units(), connected)
    row = Round.objects.create(
        title=title,
        indicators=indicators,
        first=first,
        last=last,
        position=position,
        connected=connected,
        frozen_at=timezone.now(),
        frozen_name=by.name,
        frozen_for=by.organisation_name,
        book=book,
        sha256=_digest(book),
    )
    payload = {"title": title, "set": indicators.code, "version": indicators.version, "position": position, "sha256": row.sha256}
    record(f"round:{row.pk}", "freeze", actor=by, league=_league(by), payload=payload)
    return row


def recompute(row: Round) -> tuple[str, ...]:
    """Compute a closed round again from the record: the units whose sheets differ (none, unless something was touched).

    Units are those of the round with their level then: a merger afterwards changes no closed score.
    """
    units = [Unit(code, *kept["unit"]) for code, kept in row.book.items()]
    fresh = _book(parse(row.indicators.text), Period(row.first, row.last, row.position), units, row.connected)
    return tuple(sorted(code for code in row.book if fresh[code] != row.book[code]))


def _book(indicators: Indicators, period: Period, units: Sequence[Unit], connected: Sequence[str]) -> dict[str, Any]:
    sums = queries.gather(period, {unit.code: unit.level for unit in units})
    return {
        unit.code: {
            "unit": [unit.name, unit.region, unit.level, unit.is_region],
            **queries.score_sheet(indicators, unit, sums, connected).book(),
        }
        for unit in units
    }


def _digest(book: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(book, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _league(by: Acting) -> str:
    return f"{by.region[:4]}00"
