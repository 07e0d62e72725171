"""What the desk shows: what is due, one dossier's course, what may be done next and why not. The reader comes first."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson
from django.db import connection

from yifa.dossiers.queries import Dossier
from yifa.dossiers.withholding import Withheld
from yifa.kernel.access.queries import scope
from yifa.kernel.access.scope import Scope
from yifa.kernel.calendar.queries import calendar as working_days
from yifa.kernel.calendar.terms import Calendar, Unit
from yifa.kernel.parameters.queries import parameters
from yifa.kernel.people.actors import Actor
from yifa.procedures import core, registry
from yifa.procedures.context import Context, Piece, Told
from yifa.procedures.core import Done, Finding, Performer, Procedure, Progress, Step
from yifa.procedures.fields import FILES
from yifa.procedures.known import unknown
from yifa.procedures.models import Obligation
from yifa.procedures.reading import COURSE, PIECES, filed, undoes
from yifa.procedures.reading import told as told_of
from yifa.procedures.statute import LEADING
from yifa.procedures.take import resolver

PAGE = 100


@dataclass(frozen=True)
class DueItem:
    """One deadline as a to-do list shows it."""

    dossier: str
    step: str
    title: str
    what: str
    number: str
    party_label: str
    due_on: date
    provisional: bool
    action: str
    working: bool


@dataclass(frozen=True)
class EntryRow:
    """One entry of the course, with the payload the reader may see."""

    done: Done
    hash: str
    payload: Mapping[str, Any] | None
    sealed: bool
    name: str


@dataclass(frozen=True)
class Course:
    """A dossier as the interpreter sees it now."""

    dossier: Dossier
    procedure: type[Procedure]
    context: Context
    entries: tuple[EntryRow, ...]
    progress: Progress
    case: Any
    register: Mapping[str, Any]
    at: datetime

    def before(self, step: Step) -> Any:
        """The case as known before this step is filled in: what it asks, and what its own files will prove, is not yet known."""
        case = self.case
        if any(each.type == FILES for each in step.asks):
            facts = {key: value for key, value in self.dossier.facts.items() if key != "evidence_count"}
            case = self.context.read(facts, self.register, self.at)
        held = {each.name for each in fields(case)}
        return replace(case, **{each.key: unknown(each.label) for each in step.asks if each.key in held})


@dataclass(frozen=True)
class NextStep:
    """An act somebody may ask about: open to this actor now, or why not; `wait` where the statute leaves others time before it."""

    step: Step
    findings: tuple[Finding, ...]
    wait: core.Wait | None = None


def due_items(
    actor: Actor, *, until: date | None = None, after: tuple[date, str, str] | None = None, limit: int = PAGE, within: Scope | None = None
) -> list[DueItem]:
    """The open deadlines that this post can meet, the nearest first: a page of them, `after` the (due_on, dossier, step) of the last.

    Those of its own body, and of cases of other bodies that were handed over to this person (转办): these still owe them, too.
    """
    seen, roles = (within or scope(actor)).cases("d"), sorted(actor.roles)
    page = f"{'AND (o.due_on, o.dossier, o.step) > (%s, %s, %s) ' if after else ''}ORDER BY o.due_on, o.dossier, o.step LIMIT %s"
    shown = [until, until, *seen.params, *(after or ()), limit]

    def branch(tables: str, which: str) -> str:
        # The scope is compiled by kernel.access, its values are parameters.
        return (
            "(SELECT o.dossier, o.step, o.title, o.procedure, d.title AS what, coalesce(d.number, d.code) AS number, d.party_label,"  # noqa: S608
            f" o.due_on, o.provisional, o.derivation, d.version, d.region_id, d.sector FROM {tables}"
            " JOIN dossiers_dossier d ON d.league = o.league AND d.code = o.dossier"
            f" WHERE {which} AND o.closed_seq IS NULL AND (%s::date IS NULL OR o.due_on <= %s) AND {seen.text} {page})"
        )

    at_body = branch("procedures_obligation o", "o.organisation_id = %s AND (o.roles ?| %s)")
    handed = branch(
        "procedures_holder h JOIN procedures_obligation o ON o.league = h.league AND o.dossier = h.dossier",
        "h.person_id = %s AND o.organisation_id = d.organisation_id AND d.organisation_id <> %s AND (o.roles - %s::text[]) ?| %s",
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT * FROM ({at_body} UNION ALL {handed}) o ORDER BY o.due_on, o.dossier, o.step LIMIT %s",  # noqa: S608 - as above
            [*(actor.organisation, roles, *shown), *(UUID(actor.person), actor.organisation, sorted(LEADING), roles, *shown), limit],
        )
        rows = cursor.fetchall()
    return [
        DueItem(
            dossier,
            step,
            title,
            what,
            number,
            party,
            due_on,
            provisional,
            _action(procedure, version, region, sector, step),
            counts_workdays(lines),
        )
        for dossier, step, title, procedure, what, number, party, due_on, provisional, lines, version, region, sector in rows
    ]


@dataclass(frozen=True)
class Waiting:
    """One open deadline of a step, whoever has to meet it."""

    dossier: str
    title: str
    organisation: str
    organisation_name: str
    due_on: date


def waiting(actor: Actor, procedure: str, step: str, *, until: date, region: str = "") -> list[Waiting]:
    """The open deadlines of one step that fall due by a day, in the dossiers this post may read, the nearest first.

    Those of the actor's own body; with `region` (what codes of a place begin with) those of every body there.
    """
    seen = scope(actor).cases("d")
    with connection.cursor() as cursor:
        cursor.execute(
            # The scope is compiled by kernel.access, its values are parameters.
            "SELECT o.dossier, d.title, g.code, g.name, o.due_on FROM procedures_obligation o"  # noqa: S608
            " JOIN dossiers_dossier d ON d.league = o.league AND d.code = o.dossier"
            " JOIN people_organisation g ON g.code = o.organisation_id"
            " WHERE o.closed_seq IS NULL AND o.procedure = %s AND o.step = %s AND o.due_on <= %s AND "
            + ("o.region_id LIKE %s" if region else "o.organisation_id = %s")
            + f" AND {seen.text} ORDER BY o.due_on, o.dossier",
            [procedure, step, until, f"{region}%" if region else actor.organisation, *seen.params],
        )
        return [Waiting(*row) for row in cursor.fetchall()]


def counts_workdays(derivation: str | Sequence[str]) -> bool:
    """Whether a term was counted in working days: what is left of it is told in the same unit."""
    return Unit.WORKDAY.label in "".join(derivation)


def _action(procedure: str, version: str, region: str, sector: str, step: str) -> str:
    return registry.procedure(procedure, version, region=region, sector=sector).step(step).action


def obligations(dossier: Dossier) -> list[Obligation]:
    """The dossier's clocks: the open ones first, then the met."""
    rows = Obligation.objects.filter(league=dossier.league, dossier=dossier.code)
    return sorted(rows, key=lambda row: (row.closed_seq is not None, row.due_on))


def open_obligations(codes: Sequence[str]) -> dict[str, list[Obligation]]:
    """The open deadlines of several dossiers, which the reader has been shown, the nearest first."""
    found: dict[str, list[Obligation]] = {}
    for row in Obligation.objects.filter(dossier__in=list(codes), closed_seq=None).order_by("due_on", "step"):
        found.setdefault(row.dossier, []).append(row)
    return found


def course(dossier: Dossier, *, at: datetime) -> Course:
    """The fold of a dossier the reader has already been shown (`dossiers.queries.case`)."""
    procedure = registry.procedure(dossier.procedure, dossier.version, region=dossier.region_id, sector=dossier.sector)
    context = registry.context_of(dossier.procedure)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.seq, e.step, e.at, e.recorded_at, e.actor, e.late, encode(e.hash, 'hex'), p.payload,"
            " EXISTS (SELECT 1 FROM ledger_leaf l WHERE l.league = e.league AND l.chain = e.chain AND l.seq = e.seq), n.name"
            " FROM ledger_entry e"
            " LEFT JOIN ledger_payload p ON p.league = e.league AND p.chain = e.chain AND p.seq = e.seq AND p.side = 'open'"
            " LEFT JOIN people_person n ON n.id = CASE WHEN e.actor ~ '^[0-9a-f-]{36}$' THEN e.actor::uuid END"
            " WHERE e.league = %s AND e.chain = %s ORDER BY e.seq",
            [dossier.league, dossier.code],
        )
        entries = tuple(
            EntryRow(
                Done(seq, step.partition("@")[0], taken, recorded, actor, late, undoes(step)),
                hash_,
                json.loads(payload) if payload else None,
                sealed,
                name or "",
            )
            for seq, step, taken, recorded, actor, late, hash_, payload, sealed, name in cursor.fetchall()
        )
        register = _register(cursor, context, dossier.organisation_id, dossier.region_id, dossier.facts, at, dossier.league, dossier.code)
    progress = core.fold(procedure, [row.done for row in entries])
    return Course(dossier, procedure, context, entries, progress, context.read(dossier.facts, register, at), register, at)


def told(dossier: Dossier) -> tuple[Told, ...]:
    """Every act of a dossier the reader has already been shown, with who did it; persons are named also where a payload was cleared."""
    with connection.cursor() as cursor:
        cursor.execute(f"{COURSE} WHERE e.league = %s AND e.chain = %s", [dossier.league, dossier.code])
        (rows,) = cursor.fetchone()
    return told_of(orjson.loads(rows) if isinstance(rows, str) else rows or ())


def pieces(dossier: Dossier) -> tuple[Piece, ...]:
    """What lies in the file of a dossier the reader has already been shown, in the order of the record."""
    with connection.cursor() as cursor:
        within = "WITH d AS (SELECT %s::text AS league, %s::text AS code)"
        cursor.execute(f"{within} SELECT ({PIECES}) FROM d", [dossier.league, dossier.code])  # noqa: S608 - constants
        (rows,) = cursor.fetchone()
    return filed(orjson.loads(rows) if isinstance(rows, str) else rows or ())


def bodies(dossier: Dossier, at: datetime) -> dict[str, str]:
    """Which body fills each office of a case; "" is the one that handles it."""
    with connection.cursor() as cursor:
        context = registry.context_of(dossier.procedure)
        place = (dossier.organisation_id, dossier.region_id)
        register = _register(cursor, context, *place, dossier.facts, at, dossier.league, dossier.code)
    return {"": dossier.organisation_id, **{name: each["code"] for name, each in (register.get("offices") or {}).items()}}


def register_of(actor: Actor, context: Context, facts: Mapping[str, Any], at: datetime) -> Mapping[str, Any]:
    """What the registers say before a dossier exists: for the first step's form."""
    with connection.cursor() as cursor:
        return _register(cursor, context, actor.organisation, actor.region, facts, at, actor.league, "")


def _register(
    cursor: Any, context: Context, organisation: str, region: str, facts: Mapping[str, Any], at: datetime, league: str, code: str
) -> Mapping[str, Any]:
    cursor.execute(
        f"WITH m AS (SELECT %s::text AS league, %s::text AS code, %s::text AS organisation_id, %s::text AS region_id, %s::jsonb AS facts,"
        f" %s::timestamptz AS at, NULL::text AS identity) SELECT {context.register}",
        [league, code, organisation, region, json.dumps(dict(facts)), at],
    )
    answer = cursor.fetchone()[0]
    return json.loads(answer) if isinstance(answer, str) else answer or {}


def next_steps(found: Course, actor: Actor) -> list[NextStep]:
    """What stands next in the statute's order, each with what would refuse it for this actor on the facts known now."""
    performer = _performer(found, actor)
    return [
        NextStep(step, tuple(_why_not(found, step, performer)), wait(found, step))
        for step in core.open_steps(found.procedure, found.progress, found.case)
        if not step.repeats or (actor.roles & set(step.by.roles) and step.by.office in performer.offices)
    ]


def _performer(found: Course, actor: Actor) -> Performer:
    team = frozenset(found.dossier.facts.get("officers") or ())
    offices = core.offices_of(actor.organisation, found.register, own=actor.organisation == found.dossier.organisation_id)
    # Who may read a case and fills no office in it has it by hand-over or succession: `take` looks closer.
    persons = team if actor.person in team else frozenset({actor.person})
    return Performer(persons, actor.roles, offices or frozenset({""}), core.names_of(team, found.register, actor.person))


def _why_not(found: Course, step: Step, performer: Performer) -> Iterable[Finding]:
    """Rules on facts that the step itself asks for are left to the step; what is known already is told before."""
    yield from core.unfit(found.procedure, step, found.progress, performer)
    resolve = resolver(found.dossier.region_id, found.context.sector_of(found.dossier.facts), found.at, parameters())
    early = core.premature(found.procedure, step, found.progress, found.at.astimezone(core.BEIJING).date(), working_days(), resolve)
    yield from (each for each in early if each.severity == core.BLOCK)
    case = found.before(step)
    for each in core.rules_of(found.procedure, step):
        finding = each.judge(case, must_decide=False)
        if finding and finding.severity == core.BLOCK and not each.overridable:
            yield finding


def wait(found: Course, step: Step) -> core.Wait | None:
    """How long the statute lets others take before this step, and the first day that is not too early; None where it says nothing."""
    resolve = resolver(found.dossier.region_id, found.context.sector_of(found.dossier.facts), found.at, parameters())
    return core.wait(found.procedure, step, found.progress, working_days(), resolve)


def why_not(found: Course, step: Step, actor: Actor) -> list[Finding]:
    """Every reason why a step is closed now, also when its turn has not come."""
    performer = _performer(found, actor)
    return [*core.blocked(found.procedure, step, found.progress, found.case), *_why_not(found, step, performer)]


def remaining(due_on: date, today: date, calendar: Calendar, *, working: bool) -> tuple[str, str]:
    """How far a due day is, in words, and its state (overdue, today, soon, later)."""
    if due_on == today:
        return "今天到期", "today"
    late = due_on < today
    first, last = (due_on, today) if late else (today, due_on)
    days = (last - first).days
    if working:
        count = sum(calendar.is_workday(date.fromordinal(first.toordinal() + n)) for n in range(1, days + 1))
        text = f"{count} 个工作日"
    else:
        count, text = days, f"{days} 日"
    if late:
        return f"已逾 {text}", "overdue"
    return f"余 {text}", "soon" if count <= 2 else "later"


@dataclass(frozen=True)
class Given:
    """A document of a case as one reader has it; `withheld` says why he is not given its content, which has no digest then."""

    seq: int
    form: str
    title: str
    number: str
    sha256: str
    created_at: datetime
    withheld: str = ""


def documents(dossier: Dossier, withheld: Withheld) -> list[Given]:
    """The documents of a case for the reader from whom this is withheld, in order."""
    found = []
    for _, seq, form, title, number, sha256, created_at in documents_of(dossier.league, [dossier.code]):
        why = withheld.paper(form)
        found.append(Given(seq, form, title, number, "" if why else sha256, created_at, why))
    return found


def documents_of(league: str, codes: Sequence[str]) -> list[tuple[Any, ...]]:
    """(dossier, seq, form, title, number, sha256, created_at) of these dossiers' documents, in order, whoever may read them.

    Whoever hands out what is behind a digest asks `documents`, or names forms that are for the public.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT dossier, seq, form, title, number, sha256, created_at FROM documents_document"
            " WHERE league = %s AND dossier = ANY(%s) ORDER BY dossier, seq, created_at",
            [league, list(codes)],
        )
        return list(cursor.fetchall())
