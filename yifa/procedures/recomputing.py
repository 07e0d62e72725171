"""A new holiday notice or a new legal number: the deadlines that still run are counted again from their first day.

Handed to `calendar.services.publish_notice` and `parameters.services.approve`, which do it in their own transaction and record what moved.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.db import connection
from psycopg.types.json import Jsonb

from yifa.kernel.calendar.queries import calendar as present
from yifa.kernel.calendar.services import Moved
from yifa.kernel.calendar.terms import Calendar, Due, Param, Term, Unit, due
from yifa.kernel.ledger import append
from yifa.kernel.parameters.queries import parameters
from yifa.kernel.parameters.rules import Parameters, significant
from yifa.procedures import core, registry
from yifa.procedures.core import Done

# Every deadline that runs; `FOR UPDATE` keeps an act from closing one meanwhile.
OPEN = """
SELECT o.league, o.dossier, o.step, o.n, o.organisation_id, o.region_id, o.start_on, o.due_on, o.provisional,
  d.procedure, d.version, d.sector
FROM procedures_obligation o JOIN dossiers_dossier d ON d.league = o.league AND d.code = o.dossier
WHERE o.closed_seq IS NULL AND (%(steps)s::text[] IS NULL OR o.step = ANY(%(steps)s)) AND o.region_id LIKE %(place)s
ORDER BY o.league, o.dossier, o.step, o.n
"""
CHANGE = """
UPDATE procedures_obligation SET due_on = %s, provisional = %s, derivation = %s WHERE league = %s AND dossier = %s AND step = %s AND n = %s
"""


def recompute(calendar: Calendar) -> Sequence[Moved]:
    """Set every running deadline to what the calendar now says; those whose day changed are returned."""
    return _written(_running(calendar, parameters(), lock=True))


def reset(name: str, table: Parameters) -> Sequence[Mapping[str, Any]]:
    """Set every running deadline that rests on this number to what the table now says; those whose day changed are returned."""
    return [asdict(each) for each in _written(_running(present(), table, steps=_resting_on(name), lock=True))]


@dataclass(frozen=True)
class Reach:
    """What a change of a number would do: how many running deadlines rest on it there, and whose days would change."""

    resting: int
    moved: Sequence[Moved]


def foresee(name: str, table: Parameters, *, region: str) -> Reach:
    """The same without writing: for the preview of a change within a region."""
    found = list(_running(present(), table, steps=_resting_on(name), region=region))
    return Reach(len(found), [each.moved for each in found if each.is_moved])


@dataclass(frozen=True)
class Running:
    """One running deadline, as it stands and as it comes out anew."""

    key: tuple[str, str, str, int]
    moved: Moved
    fresh: Due
    stood: tuple[str, bool]

    @property
    def is_moved(self) -> bool:
        return self.moved.before != self.moved.after


def _written(found: Iterable[Running]) -> list[Moved]:
    """Writes those that differ; those whose day changed are returned."""
    moved = []
    with connection.cursor() as cursor:
        for each in found:
            if (each.fresh.due.isoformat(), each.fresh.provisional) != each.stood:
                derivation: Any = Jsonb(list(each.fresh.derivation))
                cursor.execute(CHANGE, [each.fresh.due, each.fresh.provisional, derivation, *each.key])
            if each.is_moved:
                moved.append(each.moved)
    return moved


def _running(
    calendar: Calendar, table: Parameters, *, steps: Sequence[str] | None = None, region: str = "", lock: bool = False
) -> Iterator[Running]:
    with connection.cursor() as cursor:
        values = {"steps": None if steps is None else list(steps), "place": f"{significant(region)}%"}
        cursor.execute(OPEN + ("FOR UPDATE OF o" if lock else ""), values)
        rows = cursor.fetchall()
    for league, dossier, name, n, body, place, start_on, before, provisional, key, version, sector in rows:
        procedure = registry.procedure(key, version, region=place, sector=sector)
        term = procedure.step(name).within
        if isinstance(term, Param):
            found = table.find(term.name, region=place, sector=sector, on=start_on)
            term = Term(found.value, Unit(found.unit))
        if term is None:
            continue
        clock = procedure.step(name).clock
        stood = core.pauses(procedure, core.fold(procedure, _entries(league, dossier)), clock) if clock else ()
        fresh = due(term, start_on, calendar, stood)
        moved = Moved(dossier, name, body, place, before.isoformat(), fresh.due.isoformat())
        yield Running((league, dossier, name, n), moved, fresh, (before.isoformat(), provisional))


def _resting_on(name: str) -> list[str]:
    """The steps, of whatever procedure, whose term is this number."""
    found = {
        step.name
        for procedure in registry.procedures()
        for step in procedure.steps.values()
        if isinstance(step.within, Param) and step.within.name == name
    }
    return sorted(found)


def _entries(league: str, dossier: str) -> Iterator[Done]:
    with connection.cursor() as cursor:
        cursor.execute(append.DIGEST, [league, dossier])
        for seq, step, at, recorded_at, actor, late, _ in cursor.fetchall():
            name, _, undone = step.partition("@")
            yield Done(seq, name, at, recorded_at, actor, late, int(undone) if undone else None)
