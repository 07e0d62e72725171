"""Reminders: whoever holds a deadline is told when four fifths of the time have passed, and when it runs out. For every procedure.

Told are the persons of the body that owes the step: those of them who work on the case, or else everyone whose post may perform it;
when the time is out also the body's head. Each deadline and stage is told once: the row remembers it, in the transaction of the notices,
so a restart or a day without a worker neither loses nor repeats one.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction

from yifa.kernel.people import messages
from yifa.kernel.people.messages import Message
from yifa.kernel.people.queries import Contact, holders
from yifa.procedures.owing import AMBER, RED

KIND = "期限提醒"
BATCH = 200
# A term of one day is over before anyone could be reminded: such a deadline is told of when it has been missed.
_DUE = """
{alias}.told < 2 AND (%(today)s::date > {alias}.due_on OR (%(today)s = {alias}.due_on AND {alias}.start_on < {alias}.due_on)
  OR ({alias}.told < 1 AND 5 * (%(today)s - {alias}.start_on) >= 4 * ({alias}.due_on - {alias}.start_on)
    AND {alias}.start_on < {alias}.due_on))
"""
OBLIGATIONS = f"""
SELECT o.league, o.dossier, o.step, o.n, o.title, d.title || '（' || coalesce(d.number, d.code) || '）', o.organisation_id, o.roles,
  o.due_on, '/desk/cases/' || o.dossier || '/',
  (SELECT coalesce(array_agg(c.person_id::text), '{{}}') FROM dossiers_caserole c
    WHERE c.league = o.league AND c.dossier = o.dossier AND c.role = 'officer')
FROM procedures_obligation o JOIN dossiers_dossier d ON d.league = o.league AND d.code = o.dossier
WHERE o.closed_seq IS NULL AND {_DUE.format(alias="o")}
ORDER BY o.due_on, o.league, o.dossier, o.step, o.n LIMIT %(batch)s FOR UPDATE OF o SKIP LOCKED
"""  # noqa: S608 - constants only
TASKS = f"""
SELECT t.league, t.key, '', 0, t.title, t.what, t.organisation_id, t.roles, t.due_on, t.url, '{{}}'::text[]
FROM procedures_task t WHERE t.closed_at IS NULL AND {_DUE.format(alias="t")}
ORDER BY t.due_on, t.league, t.key LIMIT %(batch)s FOR UPDATE OF t SKIP LOCKED
"""  # noqa: S608 - constants only
TOLD = {
    OBLIGATIONS: "UPDATE procedures_obligation SET told = %s WHERE league = %s AND dossier = %s AND step = %s AND n = %s",
    TASKS: "UPDATE procedures_task SET told = %s WHERE league = %s AND key = %s",
}


@dataclass(frozen=True)
class Running:
    """One deadline that is to be told of. `team`: who works on the case; empty for a task."""

    league: str
    place: str
    step: str
    n: int
    title: str
    what: str
    organisation: str
    roles: tuple[str, ...]
    due_on: date
    url: str
    team: frozenset[str]

    @property
    def key(self) -> tuple[str | int, ...]:
        return (self.league, self.place, self.step, self.n) if self.step else (self.league, self.place)


def remind(today: date, *, at: datetime) -> int:
    """Tells every holder whose time has come; how many deadlines were told of."""
    return sum(_all(query, today, at) for query in (OBLIGATIONS, TASKS))


def _all(query: str, today: date, at: datetime) -> int:
    told = 0
    while found := _batch(query, today, at):
        told += found
    return told


@transaction.atomic
def _batch(query: str, today: date, at: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(query, {"today": today, "batch": BATCH})
        rows = [
            Running(league, place, step, n, title, what, organisation, _listed(roles), due_on, url, frozenset(team))
            for league, place, step, n, title, what, organisation, roles, due_on, url, team in cursor.fetchall()
        ]
        for row in rows:
            stage = RED if today >= row.due_on else AMBER
            _tell(row, stage, today, at)
            cursor.execute(TOLD[query], [stage, *row.key])
    return len(rows)


def _listed(roles: Any) -> tuple[str, ...]:
    """A jsonb list as the driver hands it over, decoded or as text."""
    return tuple(json.loads(roles) if isinstance(roles, str) else roles)


def _tell(row: Running, stage: int, today: date, at: datetime) -> None:
    message = Message(
        kind=KIND,
        title=f"“{row.title}”{_left(row.due_on, today)}",
        text=f"{row.what}：应于{row.due_on}以前办理。",
        url=row.url,
        key="/".join(map(str, (*row.key, stage))),
    )
    messages.tell(message, to=_holders(row, stage, today), at=at)


def _holders(row: Running, stage: int, today: date) -> list[Contact]:
    """The persons who hold a deadline of a body, and at its end the body's head."""
    found = holders(row.organisation, row.roles, today)
    found = [each for each in found if each.person in row.team] or found
    if stage == RED:
        found = list(dict.fromkeys((*found, *holders(row.organisation, ("head",), today))))
    return found


def _left(due_on: date, today: date) -> str:
    days = (due_on - today).days
    if days == 0:
        return "今天到期"
    return f"还有{days}日到期" if days > 0 else f"已逾期{-days}日"
