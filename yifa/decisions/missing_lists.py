"""Lists not out on their day: each leaves an entry, once a government and year, and a task of 督办 (条例第三条第三款、第八条第二款).

Asked of are governments, county level and above, that could have kept their list here on that day: somebody held a post that may begin one.
A government that joined later, or keeps no post here, owes this platform nothing of that year; how much is handled here at all is DEC-17's
to say. The entry stands on a chain of its own, `decision-roll:<body>`, because a list that nobody began has no dossier to tell of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.db import connection, transaction

from yifa.decisions.list_facts import MONTH, due_on
from yifa.decisions.rules import R713
from yifa.kernel.calendar.queries import calendar
from yifa.kernel.calendar.terms import Term, Unit, due
from yifa.kernel.ledger import services as ledger
from yifa.kernel.parameters.queries import parameters
from yifa.kernel.people.queries import holders
from yifa.procedures import owing
from yifa.procedures.acts import Doing
from yifa.procedures.owing import Owed, Update

KIND = "catalogue_missing"
KEEPERS = ("officer",)  # who may begin a list
BACK = timedelta(days=330)  # a worker that rested makes up for what passed meanwhile, but no list is missed a year late
TERM = "重大行政决策目录督办期限"

# Governments whose list of a year has not been published, and whose missing was not entered yet; the body that presses for it: 司法行政部门
# of the place above, else of the place itself, before others one that has a supervisor.
_UNPUBLISHED = """
SELECT k.code, k.name, k.region_id, g.league, EXISTS (SELECT 1 FROM dossiers_dossier d WHERE d.organisation_id = k.code
    AND d.procedure = 'decision_catalogue' AND d.facts ->> 'list_year' = %(year)s), j.code, j.league
FROM people_organisation k JOIN people_region g ON g.code = k.region_id
LEFT JOIN LATERAL (SELECT o.code, r.league FROM people_organisation o JOIN people_region r ON r.code = o.region_id
  WHERE o.sector = '司法行政' AND o.kind = 'ORGAN' AND o.status <> 'cancelled' AND o.region_id IN (g.code, g.parent_id)
  ORDER BY EXISTS (SELECT 1 FROM people_post p WHERE p.organisation_id = o.code AND 'supervisor' = ANY (p.roles)
      AND (p.until IS NULL OR p.until >= %(today)s)) DESC, (o.region_id = g.parent_id) DESC, o.code LIMIT 1) j ON true
WHERE k.kind = 'GOVERNMENT' AND g.level <= 3 AND k.status <> 'cancelled'
  AND NOT EXISTS (SELECT 1 FROM dossiers_dossier d WHERE d.organisation_id = k.code AND d.procedure = 'decision_catalogue'
    AND d.facts ->> 'list_year' = %(year)s AND d.state -> 'done' ? 'publish')
  AND NOT EXISTS (SELECT 1 FROM ledger_payload p WHERE p.league = g.league AND p.chain = 'decision-roll:' || k.code AND p.side = 'open'
    AND p.payload::jsonb ->> 'year' = %(year)s)
ORDER BY k.code
"""


@dataclass(frozen=True)
class Clock:
    """The clock as the record names it: no person, only the government whose list is missing."""

    organisation: str
    region: str
    person: str = "system"
    post: str = ""


def chain(government: str) -> str:
    return f"decision-roll:{government}"


def enter(today: date, *, at: datetime, simulated: datetime | None = None) -> int:
    """Enters every list that was not out on its day, of the year and the one before; how many. Each once, however often it is called."""
    return sum(_enter(year, today, at, simulated) for year in (today.year - 1, today.year))


def _enter(year: int, today: date, at: datetime, simulated: datetime | None) -> int:
    table, entered = parameters(), 0
    with connection.cursor() as cursor:
        cursor.execute(_UNPUBLISHED, {"year": str(year), "today": today})
        found = cursor.fetchall()
    for government, name, region, league, begun, presser, above in found:
        last = due_on(year, table.find(MONTH, region=region, on=today).value)
        if not last < today <= last + BACK or not holders(government, KEEPERS, last):
            continue
        with transaction.atomic():
            ledger.record(
                chain(government),
                "miss",
                actor=Clock(government, region),
                payload={"year": year, "due": last.isoformat(), "on": today.isoformat(), "begun": begun},
                league=league,
                key=uuid5(NAMESPACE_URL, f"{chain(government)}/{year}"),
                cites=(R713[3].kuan(3),),
                simulated=simulated,
            )
            if presser:
                owing.open_task(_pressing(government, name, region, year, presser, above, today), at=at)
        entered += 1
    return entered


def _pressing(government: str, name: str, region: str, year: int, presser: str, league: str, today: date) -> Owed:
    """The task on the desk of whoever supervises: it leads to 督办, and is met by it or falls away with the publication."""
    found = parameters().find(TERM, region=region, on=today)
    return Owed(
        key=f"{KIND}:{government}:{year}",
        kind=KIND,
        subject=_subject(government, year),
        league=league,
        organisation=presser,
        region=region,
        title="督办没有按期公布的决策事项目录",
        what=f"{name}{year}年度重大行政决策事项目录没有按期公布",
        roles=("supervisor",),
        url=f"/desk/start/catalogue_supervision/?pressed_government={government}",
        action="督办",
        source=chain(government),
        start_on=today,
        due_on=due(Term(found.value, Unit(found.unit)), today, calendar()).due,
    )


def _subject(government: str, year: int | str) -> str:
    return f"{government} {year}"


def updates(doing: Doing) -> Sequence[Update]:
    """督办 meets the task, whichever body presses; publishing the list makes it fall away. Neither is ever taken back."""
    facts, step = doing.judged.facts, doing.step.name
    if (doing.procedure.key, step) == ("catalogue_supervision", "press"):
        done: Mapping[str, Any] = {"closed_at": doing.read.now, "met_on": doing.judged.case.on, "dossier": doing.ref.code}
        return [_change(done, facts["pressed_government"], facts["pressed_year"])]
    if (doing.procedure.key, step) == ("decision_catalogue", "publish"):
        return [_change({"closed_at": doing.read.now, "dossier": doing.ref.code}, doing.organisation, facts["list_year"])]
    return []


def _change(values: Mapping[str, Any], government: str, year: int | str) -> Update:
    return owing.TABLE, values, "kind = %s AND subject = %s AND closed_at IS NULL", [KIND, _subject(government, year)]
