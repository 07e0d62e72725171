"""Reads of complaints and clues: the complainant's by his code, the supervisor's within his own scope."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from yifa.dossiers import personal
from yifa.dossiers.personal import unseal
from yifa.kernel.access.queries import scope
from yifa.kernel.access.sql import Sql
from yifa.kernel.people.actors import Actor
from yifa.supervision.models import Complaint

PAGE = 30


@dataclass(frozen=True)
class Body:
    """A body as complaints and ratings need it."""

    code: str
    name: str
    region: str
    league: str
    sector: str


def body(code: str) -> Body | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT o.code, o.name, o.region_id, r.league, o.sector FROM people_organisation o JOIN people_region r ON r.code = o.region_id"
            " WHERE o.code = %s",
            [code],
        )
        row = cursor.fetchone()
    return Body(*row) if row else None


def query_digest(code: str) -> str:
    """What is kept of a query code, however its holder spaced or wrote it."""
    return personal.query_digest("yifa.supervision.complaint", code)


def complaint_by_code(code: str) -> Complaint | None:
    """The complaint of whoever holds this query code."""
    return Complaint.objects.select_related("organisation").filter(query_digest=query_digest(code)).first()


def complaints(actor: Actor, *, state: str = "", after: tuple[datetime, UUID] | None = None, limit: int = PAGE) -> list[dict[str, Any]]:
    """The complaints about bodies this actor oversees; open ones by their deadline, answered ones newest first."""
    query = Sql(
        "SELECT c.league, c.id, c.about, o.name AS organisation_name, c.dossier, c.certificate, left(c.text, 120) AS text, c.received_at,"
        " c.due_on, c.state, c.answered_at FROM supervision_complaint c JOIN people_organisation o ON o.code = c.organisation_id WHERE"
    ) + scope(actor).bodies("o").wrapped("(", ")")
    if state:
        query += Sql("AND c.state = %s", (state,))
    if after:
        query += Sql("AND (c.received_at, c.id) < (%s, %s)", after)
    return _rows(query + Sql("ORDER BY c.received_at DESC, c.id DESC LIMIT %s", (limit,)))


def complaint(actor: Actor, league: str, ident: UUID) -> tuple[Complaint, dict[str, str]] | None:
    """One complaint with who made it, when this actor oversees the body."""
    query = Sql(
        "SELECT c.id FROM supervision_complaint c JOIN people_organisation o ON o.code = c.organisation_id"
        " WHERE c.league = %s AND c.id = %s AND",
        (league, ident),
    )
    if not _rows(query + scope(actor).bodies("o").wrapped("(", ")")):
        return None
    found = Complaint.objects.select_related("organisation").get(league=league, id=ident)
    return found, {"name": unseal(found.name_sealed), "phone": unseal(found.phone_sealed)}


def clues(actor: Actor, *, after: tuple[datetime, UUID] | None = None, limit: int = PAGE) -> list[dict[str, Any]]:
    """Clues about bodies this actor oversees, newest first. A low rating shows its words, never the case it came from."""
    query = Sql(
        "SELECT c.league, c.id, c.source, c.source_id, o.name AS organisation_name, c.opened_at, c.outcome, c.handled_at, r.score, r.note"
        " FROM supervision_clue c JOIN people_organisation o ON o.code = c.organisation_id"
        " LEFT JOIN supervision_rating r ON r.league = c.league AND r.id = c.source_id WHERE"
    ) + scope(actor).bodies("o").wrapped("(", ")")
    if after:
        query += Sql("AND (c.opened_at, c.id) < (%s, %s)", after)
    return _rows(query + Sql("ORDER BY c.opened_at DESC, c.id DESC LIMIT %s", (limit,)))


def oversees_clue(actor: Actor, league: str, ident: UUID) -> bool:
    query = Sql(
        "SELECT c.id FROM supervision_clue c JOIN people_organisation o ON o.code = c.organisation_id"
        " WHERE c.league = %s AND c.id = %s AND",
        (league, ident),
    )
    return bool(_rows(query + scope(actor).bodies("o").wrapped("(", ")")))


def is_rated(league: str, document: str) -> bool:
    return bool(_rows(Sql("SELECT id FROM supervision_rating WHERE league = %s AND document = %s", (league, document))))


def chain_of(kind: str, ident: UUID) -> str:
    """The chain of one complaint or rating."""
    return f"{kind}:{ident}"


def text_digest(text: str) -> str:
    """The record keeps a complaint's words as a digest: they may name people, and the table can be cleaned by law."""
    return hashlib.sha256(text.encode()).hexdigest()


def _rows(query: Sql) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(query.text, list[Any](query.params))
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
