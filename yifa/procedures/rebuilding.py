"""Whose turn it is in cases that went on before there was a list of turns: found again out of the record, a batch at a time.

Every act keeps the list true for its own case. What this makes anew is what acts of before left unsaid; the worker does it after an
upgrade, unasked, and `yifa procedures rebuild` whenever somebody wants to. A run may be stopped at any moment: it goes on after the last
batch that was read, and whatever is read twice comes out the same. A batch reads so many dossiers by their key and looks into those that
something can wait in, one short transaction each, so that no officer waits for it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from django.db import connection, transaction
from django.utils import timezone

from yifa.dossiers.queries import itself
from yifa.procedures import core, queries, registry, turns, writing
from yifa.procedures.core import Performer, Procedure, Step
from yifa.procedures.reading import LOCK, Ref

# Raised when what waits is told otherwise than before: the next worker makes the whole list anew.
NAME = "turns/1"
BATCH = 500
_PAGE = """
SELECT league, code, procedure, version, region_id, sector, closed_at IS NULL FROM dossiers_dossier
WHERE (league, code) > (%s, %s) ORDER BY league, code LIMIT %s
"""
# Who acted last, by the entry's own body and the roles that his post gives; whom the case was handed to last, as the act stated it.
_LAST = """
SELECT e.step, e.actor, b.body ->> 'organisation', coalesce(p.roles, '{}'), array(SELECT r.role FROM dossiers_caserole r
    WHERE r.league = e.league AND r.dossier = e.chain AND r.person_id::text = e.actor),
  EXISTS (SELECT 1 FROM people_succession s WHERE s.predecessor_id = %(body)s AND s.successor_id = b.body ->> 'organisation'
    AND s.carries_dossiers),
  (SELECT y.payload::jsonb #> '{facts,to}' FROM ledger_entry h JOIN ledger_payload y ON y.league = h.league AND y.chain = h.chain
      AND y.seq = h.seq AND y.side = 'open'
    WHERE h.league = e.league AND h.chain = e.chain AND h.step = %(hand_over)s AND y.payload IS NOT NULL ORDER BY h.seq DESC LIMIT 1)
FROM ledger_entry e CROSS JOIN LATERAL (SELECT convert_from(e.body, 'UTF8')::jsonb AS body) b
  LEFT JOIN people_post p ON p.id::text = b.body ->> 'acting_for'
WHERE e.league = %(league)s AND e.chain = %(code)s ORDER BY e.seq DESC LIMIT 1
"""


@dataclass(frozen=True)
class Rebuilt:
    """How far it has come: dossiers read in all, and whether that was the last of them."""

    read: int
    ended: bool


def go_on(*, seconds: float | None = None, afresh: bool = False) -> Rebuilt:
    """Goes on where the last run came to, for about so long or to the end. After the end it costs one look at one row."""
    ends = None if seconds is None else time.monotonic() + seconds
    if afresh:
        _execute("DELETE FROM procedures_rebuilding WHERE name = %s", NAME)
    _execute("INSERT INTO procedures_rebuilding (name, league, dossier, read) VALUES (%s, '', '', 0) ON CONFLICT DO NOTHING", NAME)
    while True:
        found = _batch()
        if found.ended or (ends is not None and time.monotonic() >= ends):
            return found


def _batch() -> Rebuilt:
    with connection.cursor() as cursor:
        cursor.execute("SELECT league, dossier, read, ended_at IS NOT NULL FROM procedures_rebuilding WHERE name = %s", [NAME])
        league, code, read, ended = cursor.fetchone()
        if ended:
            return Rebuilt(read, True)
        cursor.execute(_PAGE, [league, code, BATCH])
        rows = cursor.fetchall()
    for place, each, key, version, region, sector, is_open in rows:
        procedure = registry.procedure(key, version, region=region, sector=sector)
        if is_open or _waits_after_the_end(procedure):
            rebuild(Ref(place, each))
    ended = len(rows) < BATCH
    last = rows[-1][:2] if rows else (league, code)
    _execute(
        # Two runs at once read the same twice; neither takes the other back.
        "UPDATE procedures_rebuilding SET league = %s, dossier = %s, read = %s, ended_at = %s"
        " WHERE name = %s AND (league, dossier) <= (%s, %s)",
        *(*last, read + len(rows), timezone.now() if ended else None, NAME, *last),
    )
    return Rebuilt(read + len(rows), ended)


def _execute(sql: str, *params: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


def _waits_after_the_end(procedure: type[Procedure]) -> bool:
    return any(step.outlives and not step.optional and step.within is None and not step.due_by for step in procedure.steps.values())


def rebuild(ref: Ref) -> None:
    """Writes who holds one case and what waits in it, as its last act would have."""
    with transaction.atomic(), connection.cursor() as cursor:
        # As an act does: locked first, read with a snapshot of its own.
        cursor.execute(LOCK.replace("$1", "%s").replace("$2", "%s"), [ref.league, ref.code])
        members = writing.Members()
        waiting = list(_waiting(ref, members))
        writing.wait(members, ref, waiting)
        cursor.execute(f"WITH {', '.join(members.parts)} SELECT 1", members.params)


def _waiting(ref: Ref, members: writing.Members) -> Iterator[tuple[Step, str, datetime]]:
    """The steps that wait without a clock, each with its body and since when its turn is; who holds the case goes into `members`."""
    dossier = itself(ref.league, ref.code)
    found = queries.course(dossier, at=timezone.now())
    procedure, progress = found.procedure, found.progress
    offices: Mapping[str, Any] = found.register.get("offices") or {}
    with connection.cursor() as cursor:
        values = {"body": dossier.organisation_id, "hand_over": core.HAND_OVER, "league": ref.league, "code": ref.code}
        cursor.execute(_LAST, values)
        step, actor, body, roles, parts, succeeds, takers = cursor.fetchone()
        cursor.execute(
            "SELECT step FROM procedures_obligation WHERE league = %s AND dossier = %s AND closed_seq IS NULL", [ref.league, ref.code]
        )
        clocked = {name for (name,) in cursor.fetchall()}
    holders: Sequence[str] = orjson.loads(takers) if isinstance(takers, str) else takers or ()
    if holders:
        writing.hold(members, ref, holders)
    team = frozenset(dossier.facts.get("officers") or ())
    own = body == dossier.organisation_id or succeeds or set(parts) - {"participant"}
    persons = team | {actor} if actor in team else frozenset({actor})
    performer = Performer(persons, frozenset(roles), core.offices_of(body or "", found.register, own=bool(own)))
    last = turns.keeps(performer, procedure.step(step.partition("@")[0]), handed=bool(holders), holds=actor in holders)
    opened = core.open_steps(procedure, progress, found.case)
    recorded = {row.done.seq: row.done.recorded_at for row in found.entries}
    for each in turns.handed_over(procedure, opened, progress, last):
        if each.name in clocked or (each.by.office and not offices.get(each.by.office)):
            continue
        came = max((act.seq for act in turns.followed(procedure, each, progress)), default=progress.seq)
        owing = offices.get(each.by.office)
        yield each, str(owing["code"]) if owing else dossier.organisation_id, recorded[came]
