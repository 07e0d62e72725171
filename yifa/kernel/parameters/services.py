"""Setting a legal number for a place or a sector, and taking it back: each an entry on the chain `parameter:<name>`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from yifa.kernel.ledger.append import Acting
from yifa.kernel.ledger.services import record
from yifa.kernel.parameters import queries
from yifa.kernel.parameters.files import article
from yifa.kernel.parameters.models import Override
from yifa.kernel.parameters.rules import NATION, Parameter


@transaction.atomic
def override(
    *,
    by: Acting,
    name: str,
    value: int,
    cites: Sequence[str],
    reason: str,
    region: str = NATION,
    sector: str = "",
    valid_from: date | None = None,
    valid_to: date | None = None,
    key: UUID | None = None,
) -> Parameter:
    """Set a number that is already known by its name; its unit stays. Raises ValueError with the reason in Chinese."""
    known = [each for each in queries.committed() if each.name == name]
    if not known:
        raise ValueError(f"没有名为“{name}”的参数")
    if not cites or len(reason.strip()) < 2:
        raise ValueError("修改参数应当写明依据的条文和理由")
    unit = next((each.unit for each in known if (each.region, each.sector) == (region, sector)), known[0].unit)
    articles = tuple(article(text) for text in cites)
    made = Parameter(name, value, unit, articles, region, sector, valid_from, valid_to, note=reason.strip(), source="本地设定")
    row = Override.objects.create(
        name=name,
        value=value,
        unit=unit,
        cites=list(cites),
        region=region,
        sector=sector,
        valid_from=valid_from,
        valid_to=valid_to,
        note=made.note,
        recorded_at=timezone.now(),
    )
    _record(by, row, "override", key)
    return made


@transaction.atomic
def withdraw(*, by: Acting, name: str, reason: str, region: str = NATION, sector: str = "", key: UUID | None = None) -> None:
    """Return to what is committed for this place and sector."""
    holding = [each for each in queries.overrides() if (each.name, each.region, each.sector) == (name, region, sector)]
    if not holding:
        raise ValueError(f"“{name}”在这个区划和领域没有本地设定")
    if len(reason.strip()) < 2:
        raise ValueError("撤回本地设定应当写明理由")
    row = Override.objects.create(
        name=name,
        unit=holding[0].unit,
        cites=[],
        region=region,
        sector=sector,
        note=reason.strip(),
        withdrawn=True,
        recorded_at=timezone.now(),
    )
    _record(by, row, "withdraw", key)


def _record(by: Acting, row: Override, step: str, key: UUID | None) -> None:
    payload = {
        "name": row.name,
        "value": row.value,
        "unit": row.unit,
        "cites": list(row.cites),
        "region": row.region,
        "sector": row.sector,
        "valid_from": row.valid_from.isoformat() if row.valid_from else None,
        "valid_to": row.valid_to.isoformat() if row.valid_to else None,
        "reason": row.note,
    }
    record(f"parameter:{row.name}", step, actor=by, league=f"{by.region[:4]}00", key=key, payload=payload)
    transaction.on_commit(queries.forget)
