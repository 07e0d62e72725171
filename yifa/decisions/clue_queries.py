"""Reads of clues (线索): who may see one, who may raise and who may decide it, and what the matter's page says of them.

A clue is read by the body that raised it, by the unit it is about and its government, and by those whose place covers that government:
the 司法行政部门 and whoever supervises. Others do not learn that there is one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from yifa.decisions.models import Clue, Revocation
from yifa.dossiers import queries as dossiers
from yifa.kernel.calendar.queries import calendar
from yifa.kernel.calendar.terms import Term, Unit, due
from yifa.kernel.parameters.queries import parameters
from yifa.kernel.parameters.rules import significant
from yifa.kernel.people.actors import Actor

PAGE = 30
STATEMENT_TERM = "重大行政决策线索陈述期限"
REVOCATION_TERM = "重大行政决策撤销认定期限"
RAISERS = ("supervisor",)
DECIDERS = ("head", "reviewer")
STATERS = ("officer", "head")
READERS = (*RAISERS, *DECIDERS, "officer")


@dataclass(frozen=True)
class Subject:
    """What a clue is about: the matter, its government, the unit that is asked for its statement."""

    league: str
    dossier: str
    title: str
    government: str
    government_name: str
    unit: str
    region: str


def covers(actor: Actor, region: str) -> bool:
    """Is this region the reader's own or one below it?"""
    return region.startswith(significant(actor.region))


def readable(actor: Actor) -> QuerySet[Clue]:
    """The clues that this reader may see."""
    rows = Clue.objects.select_related("government", "unit", "raised_body", "decided_body")
    own = Q(raised_body=actor.organisation)
    if actor.has(*STATERS):
        own |= Q(unit=actor.organisation) | Q(government=actor.organisation)
    if actor.has(*RAISERS) or (actor.has(*DECIDERS) and is_justice(actor.organisation)):
        own |= Q(government__region__code__startswith=significant(actor.region))
    return rows.filter(own) if actor.has(*READERS) else rows.none()


def page(actor: Actor, *, state: str = "", after: tuple[datetime, UUID] | None = None, limit: int = PAGE) -> list[Clue]:
    """Newest first; the cursor is the moment and the id of the last."""
    rows = readable(actor).order_by("-raised_at", "id")
    if state:
        rows = rows.filter(state=state)
    if after:
        rows = rows.filter(Q(raised_at__lt=after[0]) | Q(raised_at=after[0], id__gt=after[1]))
    return list(rows[:limit])


def one(actor: Actor, ident: UUID) -> Clue | None:
    return readable(actor).filter(id=ident).first()


def of_dossier(actor: Actor, code: str) -> list[Clue]:
    """The clues of one matter that the reader may see, newest first."""
    return list(readable(actor).filter(dossier=code).order_by("-raised_at"))


def is_raised(title: str) -> bool:
    """Was a clue about this matter ever raised, whoever may see it? For whoever would raise it again; nothing of it is told."""
    return Clue.objects.filter(title=title).exists()


def may_raise(actor: Actor) -> bool:
    return actor.has(*RAISERS)


def may_decide(actor: Actor, row: Clue) -> bool:
    """Another person than the raiser: head or reviewer of a 司法行政部门 that covers the place, or a supervisor above the raiser's body."""
    if actor.person == str(row.raised_by_id) or actor.organisation == row.unit_id or not covers(actor, row.government.region_id):
        return False
    if actor.has(*DECIDERS) and is_justice(actor.organisation):
        return True
    return actor.has(*RAISERS) and _level(actor.organisation) < row.raised_body.level


def may_propose(actor: Actor, row: Clue) -> bool:
    """Who may say that a conclusion was wrong: a supervisor or a 司法行政部门 that covers the place. The unit itself asks one of them."""
    if actor.organisation == row.unit_id or not covers(actor, row.government.region_id):
        return False
    return actor.has(*RAISERS) or (actor.has(*DECIDERS) and is_justice(actor.organisation))


def may_revoke(actor: Actor, row: Clue, asked: Revocation) -> bool:
    """As who may decide a clue, and neither the one who proposed nor the one who established; no body lower than the one that did."""
    if actor.person in {str(asked.proposed_by_id), str(row.decided_by_id)} or not may_decide(actor, row):
        return False
    return row.decided_body is None or _level(actor.organisation) <= row.decided_body.level


def pending(row: Clue) -> Revocation | None:
    """The revocation of this clue that waits for its decision."""
    return Revocation.objects.filter(league=row.league, clue=row.id, state=Revocation.State.PROPOSED).first()


def revocations(row: Clue) -> list[Revocation]:
    """Every attempt to revoke this clue, the oldest first."""
    return list(Revocation.objects.filter(league=row.league, clue=row.id).order_by("proposed_at"))


def reviewing_body(row: Clue) -> str:
    """On whose desk a revocation is decided: the body that established the clue, or the 司法行政部门 of the place."""
    if row.decided_body_id:
        return row.decided_body_id
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT code FROM people_organisation WHERE sector = '司法行政' AND kind = 'ORGAN' AND region_id = left(%s, 6)"
            " ORDER BY code LIMIT 1",
            [row.government.region_id],
        )
        found = cursor.fetchone()
    return str(found[0]) if found else row.raised_body_id


def deducted(row: Clue) -> int:
    """What the conclusion took from the government's assessment, in hundredths of a point, as its entry says."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (p.payload::jsonb ->> 'deduction')::int FROM ledger_entry e JOIN ledger_payload p"
            " ON p.league = e.league AND p.chain = e.chain AND p.seq = e.seq AND p.side = 'open'"
            " WHERE e.league = %s AND e.chain = %s AND e.step = 'establish' ORDER BY e.seq DESC LIMIT 1",
            [row.league, f"clue:{row.id}"],
        )
        found = cursor.fetchone()
    return found[0] if found and found[0] else 0


def may_state(actor: Actor, row: Clue) -> bool:
    return actor.has(*STATERS) and actor.organisation == row.unit_id and row.state == Clue.State.RAISED


def is_justice(organisation: str) -> bool:
    """Is this body a 司法行政部门?"""
    return _found("sector = '司法行政' AND kind = 'ORGAN'", organisation) is not None


def _level(organisation: str) -> int:
    found = _found("TRUE", organisation)
    return found if found is not None else 99


def _found(test: str, organisation: str) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT level FROM people_organisation WHERE code = %s AND {test}", [organisation])  # noqa: S608 - from above
        row = cursor.fetchone()
    return int(row[0]) if row else None


def of_matter(actor: Actor, code: str) -> Subject | None:
    """A matter that the reader may see, as a clue names it; None when there is none or it is not his to read."""
    found = dossiers.case(actor, code)
    if found is None or found.procedure != "major_decision":
        return None
    government = government_of(found.organisation_id)
    if government is None:
        return None
    return Subject(found.league, code, found.title, *government[:2], found.organisation_id, government[2])


def of_government(actor: Actor, code: str, title: str) -> Subject | None:
    """What should have stood in this government's list and has no case; None when the government is not the reader's to supervise."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT r.league, o.name, o.region_id FROM people_organisation o JOIN people_region r ON r.code = o.region_id"
            " WHERE o.code = %s AND o.kind = 'GOVERNMENT'",
            [code],
        )
        row = cursor.fetchone()
    if row is None or not covers(actor, row[2]):
        return None
    return Subject(row[0], "", title, code, row[1], code, row[2])


def governments(actor: Actor) -> list[tuple[str, str]]:
    """The governments whose lists this reader supervises: (code, name)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT code, name FROM people_organisation WHERE kind = 'GOVERNMENT' AND status <> 'cancelled' AND region_id LIKE %s"
            " ORDER BY level, code LIMIT 200",
            [f"{significant(actor.region)}%"],
        )
        return [(code, name) for code, name in cursor.fetchall()]


@dataclass(frozen=True)
class Noted:
    """What a supervisor noted in a list's case as missing (登记应列未列的事项), and nobody has raised yet."""

    government: str
    government_name: str
    title: str
    found: str


def noted(actor: Actor, limit: int = 50) -> list[Noted]:
    """Within the reader's place, the newest lists first; a list's case keeps what was noted last, its entries what was noted ever."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT d.organisation_id, o.name, m.row ->> 'title', max(coalesce(m.row ->> 'found', '')) FROM dossiers_dossier d"
            " JOIN people_organisation o ON o.code = d.organisation_id"
            " CROSS JOIN LATERAL jsonb_array_elements_text(coalesce(d.state #> '{done,find_missing}', '[]')) s(seq)"
            " JOIN ledger_payload p ON p.league = d.league AND p.chain = d.code AND p.seq = s.seq::int AND p.side = 'open'"
            " CROSS JOIN LATERAL jsonb_array_elements(p.payload::jsonb #> '{facts,missing_matters}') AS m(row)"
            " WHERE d.procedure = 'decision_catalogue' AND o.region_id LIKE %s AND NOT EXISTS (SELECT 1 FROM decisions_clue c"
            "   WHERE c.government_id = d.organisation_id AND c.title = m.row ->> 'title')"
            " GROUP BY d.organisation_id, o.name, m.row ->> 'title', d.opened_at, d.code"
            " ORDER BY d.opened_at DESC, d.code, max(s.seq::int) DESC LIMIT %s",
            [f"{significant(actor.region)}%", limit],
        )
        return [Noted(*row) for row in cursor.fetchall()]


def government_of(organisation: str) -> tuple[str, str, str] | None:
    """The 决策机关 over a body: code, name and region."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT k.code, k.name, k.region_id FROM people_organisation o JOIN people_organisation k"
            " ON k.kind = 'GOVERNMENT' AND k.region_id = left(o.region_id, 6) WHERE o.code = %s ORDER BY k.code LIMIT 1",
            [organisation],
        )
        row = cursor.fetchone()
    return (row[0], row[1], row[2]) if row else None


def statement_due(region: str, on: date) -> date:
    """The last day on which the unit is waited for."""
    return _due(STATEMENT_TERM, region, on)


def revocation_due(region: str, on: date) -> date:
    """The last day on which a revocation is to be decided."""
    return _due(REVOCATION_TERM, region, on)


def _due(name: str, region: str, on: date) -> date:
    found = parameters().find(name, region=region, on=on)
    return due(Term(int(found.value), Unit(found.unit)), on, calendar()).due
