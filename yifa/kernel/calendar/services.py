"""Entering the State Council's notice on a year's holidays (放假安排)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from yifa.kernel.calendar import queries
from yifa.kernel.calendar.models import Day, Notice
from yifa.kernel.calendar.table import OFF, WORK, Row
from yifa.kernel.calendar.terms import Calendar
from yifa.kernel.ledger.append import Acting
from yifa.kernel.ledger.services import record


class BadNoticeError(ValueError):
    """The notice cannot be entered; str() says why."""


@dataclass(frozen=True)
class Moved:
    """An open deadline whose due day the new calendar changed (ISO days). Figures count deadlines in the month of their due day."""

    dossier: str
    step: str
    organisation: str
    region: str
    before: str
    after: str


@transaction.atomic
def publish_notice(
    *,
    by: Acting,
    year: int,
    title: str,
    published_on: date,
    days: Iterable[Row],
    recompute: Callable[[Calendar], Sequence[Moved]],
    key: UUID | None = None,
) -> Sequence[Moved]:
    """Replace the days of `year`, recompute what the interpreter holds open, and record the act on `calendar:<year>`.

    `recompute` is the interpreter's function over open obligations: it is handed down, because the kernel does not know procedures.
    What it moved is part of the entry, so that nobody need wonder why a date changed, and is returned.
    """
    rows = sorted(days)
    _check(year, title, rows)
    notice = Notice.objects.create(year=year, title=title, published_on=published_on, recorded_at=timezone.now())
    Day.objects.filter(notice__year=year).delete()
    if taken := Day.objects.filter(date__in=[row.day for row in rows]).values_list("date", flat=True).first():
        raise BadNoticeError(f"{taken}已由另一年的通知作出安排，请核对")
    Day.objects.bulk_create(Day(date=row.day, kind=row.kind, note=row.name, notice=notice) for row in rows)
    moved = recompute(queries.read())
    record(
        f"calendar:{year}",
        "publish_notice",
        actor=by,
        league=f"{by.region[:4]}00",
        key=key,
        payload={
            "title": title,
            "published_on": published_on.isoformat(),
            "days": [{"date": row.day.isoformat(), "kind": row.kind, "name": row.name} for row in rows],
            "moved": [asdict(each) for each in moved],
        },
    )
    transaction.on_commit(queries.forget)
    return moved


def _check(year: int, title: str, rows: list[Row]) -> None:
    """A notice arranges its own year and the last days of the year before; only weekend days are worked instead."""
    if not title.strip():
        raise BadNoticeError("请填写通知的标题和文号")
    if not any((row.day.month, row.day.day, row.day.year, row.kind) == (1, 1, year, OFF) for row in rows):
        raise BadNoticeError(f"{year}年的通知应当包含元旦（1月1日休息）")
    if len({row.day for row in rows}) != len(rows):
        raise BadNoticeError("同一天不能安排两次")
    for row in rows:
        if not (row.day.year == year or (row.day.year, row.day.month) == (year - 1, 12)):
            raise BadNoticeError(f"{row.day}不在{year}年的安排之内")
        if row.kind not in (OFF, WORK) or not row.name.strip():
            raise BadNoticeError(f"{row.day}应当写明休或者班，以及节日名称")
        if row.kind == WORK and row.day.weekday() < 5:
            raise BadNoticeError(f"{row.day}本来就是工作日，不需要调休上班")
