"""Whose turn it is: steps without a clock that wait for somebody else than whoever acted last.

A deadline stands on the desk of whoever has to meet it (`queries.due_items`). Where the law sets none, a reviewer or a head would have to
look through all cases to find the one handed to him: the act that hands it over writes it down, and the next act takes it away. What was
written before there was such a list is found by `rebuilding`.

A case that was handed over (转办) waits for its `Holder`s, of whatever body, and for nobody else of the body it belongs to: as long as
one of them holds a post that may do the step. What heads decide stays with the heads of the body.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.db import connection
from django.utils import timezone

from yifa.kernel.access.queries import scope
from yifa.kernel.people.actors import Actor
from yifa.procedures import core, registry
from yifa.procedures.core import Performer, Procedure, Progress, Step
from yifa.procedures.statute import LEADING

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
    return last is not None and last.seq > max((act.seq for act in followed(procedure, step, after)), default=0)


def followed(procedure: type[Procedure], step: Step, after: Progress) -> list[core.Done]:
    """The acts that a step follows. Pure."""
    return [act for alternatives in procedure.before(step) for one in alternatives for act in after.of(one.name)]


def keeps(performer: Performer, step: Step, *, handed: bool, holds: bool) -> Performer:
    """What whoever did `step` may go on to do as far as turns go: the rest waits for somebody else. Pure.

    Who hands a case over keeps nothing of it. In a case that was `handed` over before and is not his (`holds`), whoever acts for the body
    it belongs to (its head, who approves) keeps what heads do; the next step of the work waits for those who have the case.
    """
    if step.name == core.HAND_OVER:
        return Performer(frozenset(), frozenset())
    if handed and not holds and performer.offices == {""}:
        return replace(performer, roles=performer.roles & LEADING)
    return performer


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


# A case that was handed over is with its holders as long as one of them may do the step.
_HELD = (
    "EXISTS (SELECT 1 FROM procedures_holder h JOIN people_post p ON p.person_id = h.person_id WHERE h.league = t.league"
    " AND h.dossier = t.dossier AND (p.until IS NULL OR p.until >= %s) AND (t.roles - %s::text[]) ?| p.roles::text[])"
)
_NAMED = (
    "(coalesce(d.facts -> 'officers', '[]') IN ('[]', 'null') OR EXISTS (SELECT 1 FROM dossiers_caserole r"
    " WHERE r.league = t.league AND r.dossier = t.dossier AND r.person_id = %s AND r.role = 'officer'))"
)
_COLUMNS = (
    "t.since, t.dossier, t.step, d.procedure, d.version, d.region_id, d.sector, d.title, coalesce(d.number, d.code) AS number,"
    " d.party_label"
)


def turns(actor: Actor, *, after: tuple[datetime, str, str] | None = None, limit: int = PAGE) -> list[TurnItem]:
    """What waits for this post in the cases it may read, the longest wait first.

    A page of it, `after` the (since, dossier, step) of the last.

    What officers do in a case with named officers waits for these alone; in one that was handed over, for whom it was handed to.
    """
    seen, person, leading = scope(actor).cases("d"), UUID(actor.person), sorted(LEADING)
    roles, further = sorted(actor.roles), sorted(actor.roles - {"officer"})
    page = f"{'AND (t.since, t.dossier, t.step) > (%s, %s, %s) ' if after else ''}ORDER BY t.since, t.dossier, t.step LIMIT %s"
    shown = [*seen.params, *(after or ()), limit]
    at_body = (
        f"SELECT {_COLUMNS} FROM procedures_turn t JOIN dossiers_dossier d ON d.league = t.league AND d.code = t.dossier"  # noqa: S608
        " WHERE t.organisation_id = %s AND t.roles ?| %s"
        f" AND (t.office <> '' OR t.roles ?| %s OR (NOT {_HELD} AND (t.roles ?| %s OR {_NAMED}))) AND {seen.text} {page}"
    )
    handed = (
        f"SELECT {_COLUMNS} FROM procedures_holder o JOIN procedures_turn t ON t.league = o.league AND t.dossier = o.dossier"  # noqa: S608
        " JOIN dossiers_dossier d ON d.league = t.league AND d.code = t.dossier"
        f" WHERE o.person_id = %s AND t.office = '' AND (t.roles - %s::text[]) ?| %s AND {seen.text} {page}"
    )
    with connection.cursor() as cursor:
        cursor.execute(
            # The scope is compiled by kernel.access, its values are parameters. Each branch is read in the order of an index.
            f"SELECT * FROM (({at_body}) UNION ({handed})) t ORDER BY t.since, t.dossier, t.step LIMIT %s",  # noqa: S608
            [
                *(actor.organisation, roles, sorted(actor.roles & LEADING), timezone.localdate(), leading, further, person, *shown),
                *(person, leading, roles, *shown),
                limit,
            ],
        )
        rows = cursor.fetchall()
    found = []
    for since, dossier, name, procedure, version, region, sector, what, number, party in rows:
        step = registry.procedure(procedure, version, region=region, sector=sector).step(name)
        found.append(TurnItem(dossier, name, step.title, what, number, party, since, step.action))
    return found


def waited(item: TurnItem, today: date) -> str:
    """How long it has waited, in words."""
    days = (today - timezone.localdate(item.since)).days
    return f"已等{days}日" if days else "今天转来"
