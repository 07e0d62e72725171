"""Whose turn it is: steps without a clock that wait for somebody else than whoever acted last.

A deadline stands on the desk of whoever has to meet it (`queries.due_items`). Where the law sets none, a reviewer or a head would have to
look through all cases to find the one handed to him: the act that hands it over writes it down, and the next act takes it away.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from yifa.kernel.access.queries import scope
from yifa.kernel.people.actors import Actor
from yifa.procedures import core, registry
from yifa.procedures.core import Performer, Procedure, Progress, Step

PAGE = 50


def handed_over(procedure: type[Procedure], opened: Iterable[Step], after: Progress, performer: Performer) -> Iterator[Step]:
    """Of the steps open now, those that are owed and that `performer`, who acted last, cannot perform himself. Pure.

    Owed: not optional, and not done since the newest act that it follows.
    """
    for step in opened:
        if not step.optional and not _is_done(procedure, step, after) and any(core.unfit(procedure, step, after, performer)):
            yield step


def _is_done(procedure: type[Procedure], step: Step, after: Progress) -> bool:
    last = after.latest(step.name)
    before = [act.seq for alternatives in procedure.before(step) for one in alternatives for act in after.of(one.name)]
    return last is not None and last.seq > max(before, default=0)


@dataclass(frozen=True)
class TurnItem:
    """One step that waits, as a to-do list shows it."""

    dossier: str
    step: str
    title: str
    what: str
    number: str
    party_label: str
    since: datetime
    action: str


def turns(actor: Actor, *, limit: int = PAGE) -> list[TurnItem]:
    """What waits for this post in the cases it may read, the longest wait first.

    What officers do in a case with named officers waits for these, and for whom it was handed to, alone.
    """
    seen, person = scope(actor).cases("d"), UUID(actor.person)
    with connection.cursor() as cursor:
        cursor.execute(
            # The scope is compiled by kernel.access, its values are parameters.
            "SELECT t.dossier, t.step, d.procedure, d.version, d.region_id, d.sector, d.title, coalesce(d.number, d.code), d.party_label,"  # noqa: S608
            " t.since FROM procedures_turn t JOIN dossiers_dossier d ON d.league = t.league AND d.code = t.dossier"
            " WHERE t.organisation_id = %s AND t.roles ?| %s"
            " AND (t.office <> '' OR t.roles ?| %s OR coalesce(d.facts -> 'officers', '[]') IN ('[]', 'null') OR EXISTS (SELECT 1 FROM"
            " dossiers_caserole r WHERE r.league = t.league AND r.dossier = t.dossier AND r.person_id = %s AND r.role = 'officer')) AND "
            + seen.text
            + " ORDER BY t.since, t.dossier, t.step LIMIT %s",
            [actor.organisation, sorted(actor.roles), sorted(actor.roles - {"officer"}), person, *seen.params, limit],
        )
        rows = cursor.fetchall()
    found = []
    for dossier, name, procedure, version, region, sector, what, number, party, since in rows:
        step = registry.procedure(procedure, version, region=region, sector=sector).step(name)
        found.append(TurnItem(dossier, name, step.title, what, number, party, since, step.action))
    return found
