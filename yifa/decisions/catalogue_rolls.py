"""Which governments have a catalogue of a year, which have none, and which an empty one with its explanation (条例第三条第三款).

A roll is one government and year. The desk reads the rolls of the governments its reader oversees; the public reads the lists without a
matter (零目录) that were published. How a roll stands is told from the dossier of the list, its lines and the month by whose end a list
is to be published; `standing` is pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson
from django.db import connection

from yifa.decisions.list_facts import MONTH, due_on
from yifa.kernel.access.queries import scope
from yifa.kernel.access.sql import NOTHING, Sql
from yifa.kernel.parameters.queries import parameters
from yifa.kernel.parameters.rules import significant
from yifa.kernel.people.actors import Actor

NONE, COLLECTED, AGREED, ZERO, PUBLISHED = "none", "collected", "agreed", "zero", "published"
WORDS = {NONE: "没有编制", COLLECTED: "待党委同意", AGREED: "待公布", ZERO: "零目录", PUBLISHED: "已公布"}
_ROLLS = """
SELECT k.code, k.name, k.region_id, g.name, CASE WHEN d.code IS NULL OR NOT {readable} THEN '' ELSE d.code END,
  coalesce(d.state -> 'done', '{}')::text, coalesce(d.facts, '{}')::text,
  i.listed, i.added, i.removed, p.due_on, coalesce(u.code, ''), coalesce(u.answered, false)
FROM people_organisation k JOIN people_region g ON g.code = k.region_id
LEFT JOIN LATERAL (SELECT d.league, d.code, d.organisation_id, d.region_id, d.state, d.facts FROM dossiers_dossier d
    WHERE d.organisation_id = k.code AND d.procedure = 'decision_catalogue' AND d.facts ->> 'list_year' = %s
    ORDER BY d.opened_at DESC LIMIT 1) d ON true
LEFT JOIN LATERAL (SELECT count(*) FILTER (WHERE c.status = 'listed') AS listed, count(*) FILTER (WHERE c.status = 'added') AS added,
    count(*) FILTER (WHERE c.status = 'removed') AS removed
  FROM decisions_catalogueitem c WHERE c.region_id = k.region_id AND c.year = %s AND c.government_id = k.code) i ON true
LEFT JOIN LATERAL (SELECT min(b.due_on) AS due_on FROM procedures_obligation b WHERE b.league = d.league AND b.dossier = d.code
    AND b.step = 'publish' AND b.closed_seq IS NULL) p ON true
LEFT JOIN LATERAL (SELECT u.code, u.closed_at IS NOT NULL AS answered FROM dossiers_part t
    JOIN dossiers_dossier u ON u.league = t.league AND u.code = t.dossier
  WHERE t.organisation_id = k.code AND u.procedure = 'catalogue_supervision' AND u.facts ->> 'pressed_year' = %s
  ORDER BY u.opened_at DESC LIMIT 1) u ON true
WHERE k.kind = 'GOVERNMENT' AND g.level <= 3 AND k.status <> 'cancelled' AND
"""


@dataclass(frozen=True)
class Roll:
    """A government's list of a year. `why` says what is wrong with it; `supervised` the newest 督办, if any."""

    government: str
    name: str
    region: str
    region_name: str
    year: int
    dossier: str
    state: str
    due_on: date
    why: str
    matters: int = 0
    added: int = 0
    removed: int = 0
    reason: str = ""
    number: str = ""
    published_on: date | None = None
    party_number: str = ""
    party_on: date | None = None
    supervised: str = ""
    answered: bool = False

    @property
    def word(self) -> str:
        return WORDS[self.state]

    @property
    def is_late(self) -> bool:
        return bool(self.why)

    @property
    def is_pressable(self) -> bool:
        """Whether something is still to be put right; a list that came late is there."""
        is_there = self.state == PUBLISHED or (self.state == ZERO and bool(self.reason.strip()))
        return self.is_late and not is_there and (not self.supervised or self.answered)

    @property
    def is_published(self) -> bool:
        return self.state in (ZERO, PUBLISHED)


def rolls(actor: Actor, *, year: int, today: date, region: str = "") -> list[Roll]:
    """The governments, county level and above, whose figures this reader may see, and the one of his own place; by place.

    The dossier of a list is named to whoever may read it.
    """
    rights = scope(actor)
    where = rights.bodies("k").wrapped("(", " OR k.region_id = %s)") + Sql("", (actor.region[:6],))
    if place := significant(region) if region else "":
        where = where + Sql("AND k.region_id LIKE %s", (f"{place}%",))
    return _read(where, year=year, today=today, readable=rights.cases("d"))


def zero_lists(today: date, *, region: str = "", year: int | None = None) -> list[Roll]:
    """Lists published without a matter, to which none was added since: what everybody may read of them, with the explanation."""
    found = []
    for each in [year] if year is not None else zero_years(today):
        where = Sql("d.facts ->> 'openness' = 'public'")
        if place := significant(region) if region else "":
            where = where + Sql("AND k.region_id LIKE %s", (f"{place}%",))
        found += [roll for roll in _read(where, year=each, today=today) if roll.state == ZERO and (roll.published_on or today) <= today]
    return found


def zero_years(today: date) -> list[int]:
    """The years that have a published list without a matter, the newest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT (d.facts ->> 'list_year')::int FROM people_organisation k"
            " JOIN dossiers_dossier d ON d.organisation_id = k.code AND d.procedure = 'decision_catalogue'"
            " WHERE k.kind = 'GOVERNMENT' AND jsonb_array_length(coalesce(d.facts -> 'matters', '[]')) = 0"
            " AND d.facts ->> 'list_published_on' <= %s ORDER BY 1 DESC",
            [today.isoformat()],
        )
        return [year for (year,) in cursor.fetchall()]


def standing(
    done: Mapping[str, Any], facts: Mapping[str, Any], *, lines: int, due_on: date, publish_by: date | None, today: date
) -> tuple[str, str]:
    """How a list stands, and what is wrong with it (empty: nothing). `publish_by`: the open deadline to publish what was agreed. Pure."""
    by = f"{due_on.year}年{due_on.month}月{due_on.day}日"
    if "publish" in done:
        published = date.fromisoformat(facts["list_published_on"])
        state = PUBLISHED if lines else ZERO
        if state == ZERO and not str(facts.get("zero_reason") or "").strip():
            return state, "没有事项，也没有说明理由"
        return state, f"公布晚于{by}" if published > due_on else ""
    if "consent" in done:
        if publish_by and publish_by < today:
            return AGREED, f"应当在{publish_by.year}年{publish_by.month}月{publish_by.day}日以前公布，已经逾期"
        return AGREED, f"应当在{by}以前公布，已经逾期" if today > due_on else ""
    state = COLLECTED if "collect" in done else NONE
    return state, f"应当在{by}以前公布，已经逾期" if today > due_on else ""


def _read(where: Sql, *, year: int, today: date, readable: Sql = NOTHING) -> list[Roll]:
    table = parameters()
    statement = (
        Sql(_ROLLS.replace("{readable}", readable.text), (*readable.params, str(year), year, str(year)))
        + where
        + Sql("ORDER BY k.region_id, k.code")
    )
    return [_roll(row, year, today, table) for row in _run(statement)]


def _roll(row: Sequence[Any], year: int, today: date, table: Any) -> Roll:
    code, name, region, region_name, dossier, done, facts, listed, added, removed, publish_by, supervised, answered = row
    done, facts = orjson.loads(done), orjson.loads(facts)
    by = due_on(year, table.find(MONTH, region=region, on=today).value)
    state, why = standing(done, facts, lines=listed + added + removed, due_on=by, publish_by=publish_by, today=today)
    told = facts if "publish" in done else {}
    return Roll(
        government=code,
        name=name,
        region=region,
        region_name=region_name,
        year=year,
        dossier=dossier,
        state=state,
        due_on=by,
        why=why,
        matters=listed + added,
        added=added,
        removed=removed,
        reason=str(facts.get("zero_reason") or "") if state in (ZERO, COLLECTED, AGREED) else "",
        number=str(told.get("list_number") or ""),
        published_on=_day(told.get("list_published_on")),
        party_number=str(facts.get("list_party_number") or ""),
        party_on=_day(facts.get("list_party_on")),
        supervised=supervised,
        answered=answered,
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _run(statement: Sql) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement.text, statement.params)
        return list(cursor.fetchall())
