"""Reads of the reading log, for the audit administrator: what his bodies' people have read, and who has read what is his bodies'."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.utils import timezone

from yifa.kernel.people.actors import Actor
from yifa.kernel.people.queries import administered, looks_after_all

COLUMNS = "r.at, r.id, r.reader, r.reader_name, r.organisation, o.name, r.subject, r.label, r.items, r.detail, r.way, r.ground"


class Line(NamedTuple):
    """One line of the log, newest first."""

    at: datetime
    id: UUID
    reader: str
    reader_name: str
    organisation: str
    organisation_name: str | None
    subject: str
    label: str
    items: list[str]
    detail: str
    way: str
    ground: str


def readings(
    reader: Actor, *, person: str = "", subject: str = "", day: date | None = None, after: Sequence[str] = (), limit: int = 50
) -> list[Line]:
    """`person` is an account or a whole name, `subject` a case number; the cursor is (at, id). ValueError for a cursor not of this list.

    One ordered index scan for each body and side, or one for all: a long log costs what its first page costs.
    """
    tests: list[str] = ["TRUE"]
    values: list[Any] = []
    if person:
        tests.append("r.reader IN (SELECT p.id::text FROM people_person p WHERE p.login IN (%s, upper(%s)) OR p.name = %s)")
        values += [person, person, person]
    if subject:
        tests.append("r.subject = %s")
        values.append(subject)
    if day:
        begin = timezone.make_aware(datetime.combine(day, time()))
        tests.append("r.at >= %s AND r.at < %s")
        values += [begin, begin + timedelta(days=1)]
    if len(after) == 2:
        tests.append("(r.at, r.id) < (%s, %s)")
        values += [datetime.fromisoformat(after[0]), UUID(after[1])]
    # Words are written here, every value is a parameter.
    page = f"WHERE {' AND '.join(tests)}", "ORDER BY r.at DESC, r.id DESC LIMIT %s"
    if looks_after_all(reader):
        params: list[Any] = [*values, limit]
        keys = f"SELECT r.league, r.id, r.at FROM people_reading r {' '.join(page)}"  # noqa: S608
    else:
        side = "(SELECT r.league, r.id, r.at FROM people_reading r {where} AND r.{column} = b.code {order})"
        sides = [side.format(where=page[0], column=column, order=page[1]) for column in ("organisation", "body")]
        keys = f"SELECT k.* FROM unnest(%s::varchar[]) b(code) CROSS JOIN LATERAL ({' UNION ALL '.join(sides)}) k"  # noqa: S608
        params = [administered(reader), *values, limit, *values, limit]
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH k AS MATERIALIZED (SELECT DISTINCT league, id, at FROM ({keys}) a ORDER BY at DESC, id DESC LIMIT %s)"  # noqa: S608
            f" SELECT {COLUMNS} FROM k JOIN people_reading r USING (league, id)"
            " LEFT JOIN people_organisation o ON o.code = r.organisation ORDER BY r.at DESC, r.id DESC",
            [*params, limit],
        )
        return [Line(*row) for row in cursor.fetchall()]
