"""Reads for 备案审查: what was handed in and waits to be received."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from yifa.kernel.people.actors import Actor
from yifa.normative.register import REVIEWER
from yifa.procedures import registry

MOST = 200
_WAITING = f"""
SELECT n.code, n.title, n.number, k.name FROM normative_normativedocument n
JOIN people_organisation k ON k.code = n.maker_id JOIN people_region h ON h.code = left(k.region_id, 6)
WHERE n.filed_on IS NOT NULL AND NOT EXISTS (SELECT 1 FROM normative_filing f WHERE f.document_id = n.code)
  AND %s = {REVIEWER} ORDER BY n.filed_on, n.code LIMIT {MOST}
"""  # noqa: S608 - constants only


def waiting(organisation: str) -> list[tuple[str, str]]:
    """(code, 《title》（文号） of its maker) of the documents handed in to this body that nobody has received, the oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, [organisation])
        return [(code, f"《{title}》（{number}）{maker}") for code, title, number, maker in cursor.fetchall()]


@dataclass(frozen=True)
class Running:
    """A review under way: its code, the document, where it stands, and the nearest day by which something is owed."""

    code: str
    title: str
    number: str
    maker: str
    received_on: date
    registered_on: date | None
    conclusion: str
    status: str
    due_on: date | None
    concluded_by: date | None


_RUNNING = """
SELECT f.dossier, n.title, n.number, k.name, f.received_on, f.registered_on, f.conclusion, d.procedure, d.version, d.region_id, d.sector,
  d.status, c.nearest, c.concluded_by
FROM normative_filing f JOIN normative_normativedocument n ON n.code = f.document_id JOIN people_organisation k ON k.code = n.maker_id
JOIN dossiers_dossier d ON d.league = f.league AND d.code = f.dossier
LEFT JOIN LATERAL (SELECT min(o.due_on) AS nearest, min(o.due_on) FILTER (WHERE o.step = 'conclude') AS concluded_by
  FROM procedures_obligation o WHERE o.league = f.league AND o.dossier = f.dossier AND o.closed_seq IS NULL) c ON TRUE
WHERE f.organisation_id = %s AND d.closed_at IS NULL ORDER BY c.nearest NULLS LAST, f.dossier LIMIT %s
"""


def running(actor: Actor) -> list[Running]:
    """The reviews of the reader's own body that are not archived, what is due first at the top."""
    return run(_RUNNING, [actor.organisation, MOST])


def run(query: str, params: Sequence[Any]) -> list[Running]:
    """Reviews under way as a query names them, in the order of `_RUNNING`'s columns."""
    with connection.cursor() as cursor:
        cursor.execute(query, params)
        rows = cursor.fetchall()
    return [
        Running(code, title, number, maker, received, registered, conclusion, _said(*standing), due_on, concluded_by)
        for code, title, number, maker, received, registered, conclusion, *standing, due_on, concluded_by in rows
    ]


def _said(procedure: str, version: str, region: str, sector: str, status: str) -> str:
    step = registry.procedure(procedure, version, region=region, sector=sector).steps.get(status)
    return (step.status or step.title) if step else status
