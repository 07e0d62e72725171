"""Tasks: what a body owes before there is a dossier for it, on its desk with a clock. Opened and met by acts of record.

An act of another case opens one among the rows it writes (`Context.writes`) and meets one among those it changes (`Context.updates`), in
its own statement; a service or the clock does so beside its entry.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from psycopg.types.json import Jsonb

from yifa.kernel.people.actors import Actor
from yifa.procedures.models import Task

__all__ = [
    "AMBER",
    "ONCE",
    "RED",
    "TABLE",
    "Owed",
    "Task",
    "about",
    "about_body",
    "begun",
    "end",
    "end_one",
    "met",
    "open_in",
    "open_task",
    "reopened",
    "tasks",
]

TABLE = "procedures_task"
AMBER, RED = 1, 2
Update = tuple[str, Mapping[str, Any], str, Sequence[Any]]


@dataclass(frozen=True)
class Owed:
    """One task. `url` leads to where it is done, `action` is the button's word. `is_silent`: whoever opens it does the reminding."""

    key: str
    kind: str
    subject: str
    league: str
    organisation: str
    region: str
    title: str
    what: str
    roles: tuple[str, ...]
    url: str
    action: str
    source: str
    start_on: date
    due_on: date
    is_silent: bool = False

    def row(self, now: datetime) -> dict[str, Any]:
        """The row to insert: `(TABLE, owed.row(now), ONCE)` among what an act writes."""
        return {
            "league": self.league,
            "key": self.key[:160],
            "kind": self.kind,
            "subject": self.subject,
            "organisation_id": self.organisation,
            "region_id": self.region,
            "title": self.title[:200],
            "what": self.what[:600],
            "roles": Jsonb(list(self.roles)),
            "url": self.url[:400],
            "action": self.action,
            "source": self.source,
            "start_on": self.start_on,
            "due_on": self.due_on,
            "dossier": "",
            "opened_at": now,
            "told": RED if self.is_silent else 0,
        }


ONCE = "ON CONFLICT (league, key) DO NOTHING"


def open_task(owed: Owed, *, at: datetime) -> bool:
    """In the caller's transaction; False when it is there already."""
    values = owed.row(at) | {"roles": list(owed.roles)}
    league, key = values.pop("league"), values.pop("key")
    return Task.objects.get_or_create(league=league, key=key, defaults=values)[1]


def met(kind: str, subject: str, organisation: str, *, on: date, now: datetime, dossier: str) -> Update:
    """The change that meets every open task of a kind about a subject, by an act in a case."""
    return TABLE, {"closed_at": now, "met_on": on, "dossier": dossier}, _STANDING, [kind, subject, organisation]


def begun(kind: str, subject: str, organisation: str, dossier: str) -> Update:
    """The change that links a task to the case in which it is done."""
    return TABLE, {"dossier": dossier}, _STANDING, [kind, subject, organisation]


_STANDING = "kind = %s AND subject = %s AND organisation_id = %s AND closed_at IS NULL"


def reopened(dossier: str) -> Update:
    """The change that opens again what a case had met, because its act was taken back."""
    return TABLE, {"closed_at": None, "met_on": None}, "dossier = %s AND dossier <> '' AND met_on IS NOT NULL", [dossier]


def end(kind: str, subject: str, *, at: datetime, met_on: date | None = None) -> int:
    """Closes what is still open about a subject: met on a day, or fallen away with none. How many there were."""
    return Task.objects.filter(kind=kind, subject=subject, closed_at=None).update(closed_at=at, met_on=met_on)


def about_body(kind: str, organisation: str) -> list[Task]:
    """The open tasks of a kind that a body has."""
    return list(Task.objects.filter(kind=kind, organisation_id=organisation, closed_at=None).order_by("due_on", "key"))


def open_in(kind: str, place: str, limit: int = 200) -> list[Task]:
    """The open tasks of a kind of the bodies whose region begins so, the longest due first."""
    rows = Task.objects.filter(kind=kind, region__code__startswith=place, closed_at=None).select_related("organisation")
    return list(rows.order_by("due_on", "organisation_id")[:limit])


def end_one(task: Task, *, at: datetime) -> None:
    """One task is met, today."""
    Task.objects.filter(pk=task.pk, closed_at=None).update(closed_at=at, met_on=timezone.localdate(at))


def tasks(actor: Actor) -> list[Task]:
    """The open tasks that this post can meet, the nearest first."""
    rows = Task.objects.filter(organisation_id=actor.organisation, closed_at=None).order_by("due_on", "key")
    return [row for row in rows if set(row.roles) & actor.roles]


def about(kind: str, subjects: Sequence[str]) -> list[Task]:
    """The tasks of a kind about these subjects, open and done, in the order in which they were opened."""
    return list(Task.objects.filter(kind=kind, subject__in=list(subjects)).order_by("opened_at", "key"))
