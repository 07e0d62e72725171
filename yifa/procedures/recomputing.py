"""A new holiday notice: every deadline that still runs is counted again from its first day.

Handed to `calendar.services.publish_notice`, which does it in the transaction of the notice and records what moved.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection
from psycopg.types.json import Jsonb

from yifa.kernel.calendar.services import Moved
from yifa.kernel.calendar.terms import Calendar, Param, Term, Unit, due
from yifa.kernel.ledger import append
from yifa.kernel.parameters.queries import parameters
from yifa.procedures import core, registry
from yifa.procedures.core import Done

# Every deadline that runs, locked against an act that would close it meanwhile.
OPEN = """
SELECT o.league, o.dossier, o.step, o.n, o.organisation_id, o.region_id, o.start_on, o.due_on, o.provisional,
  d.procedure, d.version, d.sector
FROM procedures_obligation o JOIN dossiers_dossier d ON d.league = o.league AND d.code = o.dossier
WHERE o.closed_seq IS NULL ORDER BY o.league, o.dossier, o.step, o.n FOR UPDATE OF o
"""
CHANGE = """
UPDATE procedures_obligation SET due_on = %s, provisional = %s, derivation = %s WHERE league = %s AND dossier = %s AND step = %s AND n = %s
"""


def recompute(calendar: Calendar) -> Sequence[Moved]:
    """Set every running deadline to what the calendar now says; those whose day changed are returned."""
    moved = []
    with connection.cursor() as cursor:
        cursor.execute(OPEN)
        for league, dossier, name, n, body, region, start_on, before, provisional, key, version, sector in cursor.fetchall():
            procedure = registry.procedure(key, version, region=region, sector=sector)
            step = procedure.step(name)
            if step.within is None:
                continue
            term = step.within
            if isinstance(term, Param):
                found = parameters().find(term.name, region=region, sector=sector, on=start_on)
                term = Term(found.value, Unit(found.unit))
            stood = core.pauses(procedure, core.fold(procedure, _entries(league, dossier)), step.clock) if step.clock else ()
            fresh = due(term, start_on, calendar, stood)
            if (fresh.due, fresh.provisional) != (before, provisional):
                derivation: Any = Jsonb(list(fresh.derivation))
                cursor.execute(CHANGE, [fresh.due, fresh.provisional, derivation, league, dossier, name, n])
            if fresh.due != before:
                moved.append(Moved(dossier, name, body, region, before.isoformat(), fresh.due.isoformat()))
    return moved


def _entries(league: str, dossier: str) -> Iterator[Done]:
    with connection.cursor() as cursor:
        cursor.execute(append.DIGEST, [league, dossier])
        for seq, step, at, recorded_at, actor, late, _ in cursor.fetchall():
            name, _, undone = step.partition("@")
            yield Done(seq, name, at, recorded_at, actor, late, int(undone) if undone else None)
