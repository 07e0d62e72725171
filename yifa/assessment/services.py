"""Importing a set, closing a round, and proving a closed round by computing it again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from yifa.assessment import queries
from yifa.assessment.files import parse
from yifa.assessment.indicators import Change, Indicators, UnfitSetError, difference
from yifa.assessment.models import IndicatorSet, Round
from yifa.assessment.queries import Period, Unit
from yifa.facts import queries as facts
from yifa.kernel.ledger.append import Acting
from yifa.kernel.ledger.services import record


@dataclass(frozen=True)
class Imported:
    """A set that was taken, and what it changes against the newest version before it."""

    row: IndicatorSet
    changes: tuple[Change, ...]


def compare(text: str) -> tuple[Change, ...]:
    """What importing this text would change; nothing is written."""
    found = parse(text)
    before = _newest(found.code)
    return difference(parse(before.text) if before else None, found)


@transaction.atomic
def import_set(text: str, *, by: Acting) -> Imported:
    """Take a new version of a set, on trial. Raises UnfitSetError; a version that exists is never changed."""
    found = parse(text)
    if IndicatorSet.objects.filter(code=found.code, version=found.version).exists():
        raise UnfitSetError([f"指标集{found.code}的{found.version}版已经导入;修改应当使用新的版本号"])
    changes = compare(text)
    digest = hashlib.sha256(text.encode()).hexdigest()
    row = IndicatorSet.objects.create(
        code=found.code, version=found.version, title=found.title, label=found.label, text=text, sha256=digest, imported_at=timezone.now()
    )
    payload = {"version": found.version, "sha256": digest, "changed": [change.code for change in changes]}
    record(f"indicator-set:{found.code}", "import", actor=by, league=_league(by), payload=payload)
    return Imported(row, changes)


@transaction.atomic
def freeze_round(*, by: Acting, title: str, indicators: IndicatorSet, first: str, last: str) -> Round:
    """Close a round at the present end of what is counted: the scores of every unit, kept to the cent."""
    position = facts.position()
    book = _book(parse(indicators.text), Period(first, last, position), queries.units())
    row = Round.objects.create(
        title=title,
        indicators=indicators,
        first=first,
        last=last,
        position=position,
        frozen_at=timezone.now(),
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
    fresh = _book(parse(row.indicators.text), Period(row.first, row.last, row.position), units)
    return tuple(sorted(code for code in row.book if fresh[code] != row.book[code]))


def _book(indicators: Indicators, period: Period, units: Sequence[Unit]) -> dict[str, Any]:
    sums = queries.gather(period, {unit.code: unit.level for unit in units})
    return {
        unit.code: {"unit": [unit.name, unit.region, unit.level, unit.is_region], **queries.score_sheet(indicators, unit, sums).book()}
        for unit in units
    }


def _digest(book: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(book, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _newest(code: str) -> IndicatorSet | None:
    return IndicatorSet.objects.filter(code=code).order_by("-pk").first()


def _league(by: Acting) -> str:
    return f"{by.region[:4]}00"
