"""Reads of grants, for those who give them: what their bodies have let others read, until when and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from yifa.kernel.access.models import Grant
from yifa.kernel.access.queries import scope
from yifa.kernel.people.actors import Actor

CURRENT, ENDED = "current", "ended"
STATES = ((CURRENT, "有效"), (ENDED, "已到期或者收回"))


@dataclass(frozen=True)
class Line:
    """A grant with its names: `what` is the case number, or the body's or region's name; `state` says in words how it stands today."""

    grant: Grant
    holder: str
    what: str
    state: str

    @property
    def is_current(self) -> bool:
        return self.state == "有效"


def grants(reader: Actor, *, state: str = CURRENT, after: Sequence[str] = (), limit: int = 50) -> list[Line]:
    """What the reader's body and those below it have granted, newest first; the cursor is (given_at, id). ValueError for another one."""
    today = timezone.localdate()
    found = _given(reader)
    current = Q(revoked_at=None, until__gte=today)
    if state in (CURRENT, ENDED):
        found = found.filter(current if state == CURRENT else ~current)
    if len(after) == 2:
        moment, ident = datetime.fromisoformat(after[0]), UUID(after[1])
        found = found.filter(Q(given_at__lt=moment) | Q(given_at=moment, id__lt=ident))
    return _lines(list(found.order_by("-given_at", "-id")[:limit]))


def grant(reader: Actor, ident: UUID) -> Line | None:
    """One of them: list ≡ detail."""
    return next(iter(_lines(list(_given(reader).filter(pk=ident)))), None)


def _given(reader: Actor) -> QuerySet[Grant]:
    return Grant.objects.filter(given_for__in=scope(reader).own).select_related("person", "organisation", "given_by")


def _lines(rows: list[Grant]) -> list[Line]:
    today = timezone.localdate()
    bodies = _names("people_organisation", (row.value for row in rows if row.kind == Grant.Kind.ORGANISATION))
    regions = _names("people_region", (row.value for row in rows if row.kind == Grant.Kind.REGION))
    named = {Grant.Kind.ORGANISATION: bodies, Grant.Kind.REGION: regions}
    return [
        Line(
            row,
            f"{row.person.name}（{row.person.login}）" if row.person else row.organisation.name if row.organisation else "",
            named.get(Grant.Kind(row.kind), {}).get(row.value, row.value),
            "已收回" if row.revoked_at else "已到期" if row.until < today else "有效",
        )
        for row in rows
    ]


def _names(table: str, codes: Iterable[str]) -> dict[str, str]:
    wanted = sorted(set(codes))
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT code, name FROM {table} WHERE code = ANY(%s)", [wanted])  # noqa: S608 - the names of two tables
        return dict(cursor.fetchall())
