"""Reads of objections: to whom one may be sent, which wait, what became of one's own; what a reconsideration may question."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import orjson
from django.db import connection
from django.utils import timezone

from yifa.dossiers.personal import query_digest, unseal
from yifa.kernel.calendar.queries import calendar
from yifa.kernel.calendar.terms import Due, Term, Unit, due
from yifa.kernel.parameters.queries import parameters
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.queries import body_of
from yifa.normative.cases.objection import stem
from yifa.normative.filing_queries import Running, run
from yifa.normative.forms.declared_objection import TO_OBJECTOR
from yifa.normative.models import NormativeDocument, Objection, ObjectionCase
from yifa.normative.register import REVIEWER

USE = "yifa.normative.objection"
CHECK_TERM = "异议形式审查期限"
MOST, PAGE = 2000, 30
_REVIEWERS = f"""
SELECT j.code, j.name FROM normative_normativedocument n
JOIN people_organisation k ON k.code = n.maker_id JOIN people_region h ON h.code = left(k.region_id, 6)
JOIN people_organisation j ON j.sector = '司法行政' AND j.kind = 'ORGAN'
  AND (j.code = {REVIEWER} OR j.region_id = left(k.region_id, 2) || '0000')
WHERE n.code = %s ORDER BY j.code <> {REVIEWER}, j.code
"""  # noqa: S608 - constants only
_BUREAUS = "SELECT code, name FROM people_organisation WHERE sector = '司法行政' AND kind = 'ORGAN' AND code <> %s ORDER BY code"
_DOCUMENTS = f"""
SELECT n.code, n.title, n.number, k.name FROM normative_normativedocument n JOIN people_organisation k ON k.code = n.maker_id
WHERE n.published_on IS NOT NULL AND (n.region_id LIKE %s OR n.region_id = %s) ORDER BY n.published_on DESC, n.code LIMIT {MOST}
"""  # noqa: S608 - constants only
_WAITING = """
SELECT x.league, x.id, n.title, n.number, x.clauses, x.sent_on, x.channel FROM normative_objection x
JOIN normative_normativedocument n ON n.code = x.document_id
WHERE x.organisation_id = %s AND NOT EXISTS (SELECT 1 FROM normative_objectioncase c
  WHERE c.objection = x.id AND c.organisation_id = x.organisation_id) ORDER BY x.sent_on, x.id LIMIT 500
"""
_PAPERS = """
SELECT p.title, p.number, p.sha256, p.form, p.created_at, o.name FROM documents_document p
JOIN normative_objectioncase c ON c.league = p.league AND c.dossier = p.dossier JOIN people_organisation o ON o.code = c.organisation_id
WHERE c.objection = %s AND p.form = ANY(%s) ORDER BY p.created_at
"""
_FACTS = """
SELECT d.facts, o.due_on FROM dossiers_dossier d
LEFT JOIN procedures_obligation o ON o.league = d.league AND o.dossier = d.code AND o.step = 'conclude'
WHERE d.league = %s AND d.code = %s ORDER BY o.n DESC NULLS LAST LIMIT 1
"""


@dataclass(frozen=True)
class Waiting:
    """An objection that its body has not received yet, and by when its form is to be checked."""

    league: str
    id: UUID
    title: str
    number: str
    clauses: str
    sent_on: date
    channel: str
    due_on: date


@dataclass(frozen=True)
class Paper:
    """What was given to whoever objected: an acceptance, a refusal, a letter that hands it on, the answer."""

    title: str
    number: str
    sha256: str
    form: str
    on: date
    body: str


@dataclass(frozen=True)
class Standing:
    """Where an objection stands, as its own documents tell: in words, until when it is owed, why it went as it did."""

    objection: Objection
    state: str
    tone: str
    owed: str
    due_on: date | None
    reason: str
    answer: str
    papers: tuple[Paper, ...]


def digest(code: str) -> str:
    return query_digest(USE, code)


def addressees(document: str) -> list[tuple[str, str]]:
    """To whom an objection to a document may be sent: its reviewing body, or the one of the region itself."""
    return _pairs(_REVIEWERS, [document])


def reviewers(organisation: str) -> list[tuple[str, str]]:
    """The bureaus to which something may be handed on."""
    return _pairs(_BUREAUS, [organisation])


def documents(organisation: str) -> list[tuple[str, str]]:
    """(code, 《title》（number）maker) of the published documents of the same 盟市 and of the region: what a decision may rest on."""
    body = body_of(organisation)
    if body is None:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_DOCUMENTS, [f"{stem(body.region_id)[:4]}%", f"{body.region_id[:2]}0000"])
        return [(code, f"《{title}》（{number}）{maker}") for code, title, number, maker in cursor.fetchall()]


def _pairs(query: str, params: list[Any]) -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(query, params)
        return [(str(code), str(name)) for code, name in cursor.fetchall()]


def waiting(organisation: str) -> list[tuple[str, str]]:
    """(id, 对《title》（number）clauses and its day) of the objections that a body has still to receive, the oldest first."""
    return [(str(each.id), f"{each.sent_on:%m-%d} 对《{each.title}》（{each.number}）{each.clauses}") for each in to_receive(organisation)]


def to_receive(organisation: str) -> list[Waiting]:
    body = body_of(organisation)
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, [organisation])
        rows = cursor.fetchall()
    region = body.region_id if body else ""
    return [
        Waiting(league, ident, title, number, clauses, sent_on, channel, check_due(region, sent_on).due)
        for league, ident, title, number, clauses, sent_on, channel in rows
    ]


def check_due(region: str, sent_on: date, *, calendar_stamp: int | None = None, parameters_stamp: int | None = None) -> Due:
    """The last day of the formal check of an objection that came to a body of this region on a day. An act hands in the stamps it read."""
    found = parameters(parameters_stamp).find(CHECK_TERM, region=region, sector="", on=sent_on)
    return due(Term(int(found.value), Unit(found.unit)), sent_on, calendar(calendar_stamp))


def running(actor: Actor, procedure: str) -> list[Running]:
    """The cases of one procedure (异议审查 or 附带审查) of the reader's own body that are not archived, what is due first at the top."""
    return run(_RUNNING, [actor.organisation, procedure])


_RUNNING = """
SELECT d.code, d.title, coalesce(d.number, ''), '', (d.opened_at AT TIME ZONE 'Asia/Shanghai')::date,
  NULL::date, coalesce(d.facts ->> 'conclusion', d.facts ->> 'finding', ''), d.procedure, d.version, d.region_id, d.sector, d.status,
  c.nearest, c.concluded_by
FROM dossiers_dossier d
LEFT JOIN LATERAL (SELECT min(o.due_on) AS nearest,
    min(o.due_on) FILTER (WHERE o.step IN ('conclude', 'decide', 'reply', 'record_reply')) AS concluded_by
  FROM procedures_obligation o WHERE o.league = d.league AND o.dossier = d.code AND o.closed_seq IS NULL) c ON TRUE
WHERE d.organisation_id = %s AND d.procedure = %s AND d.closed_at IS NULL ORDER BY c.nearest NULLS LAST, d.code LIMIT 200
"""


def one(actor: Actor, ident: UUID) -> Objection | None:
    """An objection that the reader's body has, or had."""
    row = Objection.objects.select_related("document__maker", "organisation").filter(id=ident).first()
    if row is None:
        return None
    had = (
        row.organisation_id == actor.organisation or ObjectionCase.objects.filter(objection=ident, organisation=actor.organisation).exists()
    )
    return row if had else None


def of_dossier(actor: Actor, code: str) -> UUID | None:
    """The objection with which a case of the reader's body deals."""
    return ObjectionCase.objects.filter(dossier=code, organisation=actor.organisation).values_list("objection", flat=True).first()


def case_of(actor: Actor, ident: UUID) -> str:
    """The case of the reader's body for an objection; empty while it has none."""
    return ObjectionCase.objects.filter(objection=ident, organisation=actor.organisation).values_list("dossier", flat=True).first() or ""


def who(row: Objection) -> dict[str, str]:
    """Who objected, opened: to be noted in the reading log by whoever shows it."""
    return {"name": unseal(row.name_sealed), "contact": unseal(row.contact_sealed)}


def public_document(code: str) -> NormativeDocument | None:
    """A document of which the public may read."""
    found = published(code)
    return found if found is not None and found.openness == "public" else None


def published(code: str) -> NormativeDocument | None:
    """A document that was published, whether or not the register shows it: whoever writes a letter holds it in his hand."""
    return NormativeDocument.objects.filter(code=code, published_on__isnull=False).select_related("maker", "region").first()


def by_code(code: str) -> Standing | None:
    """The objection of whoever holds this query code, and where it stands."""
    row = Objection.objects.select_related("document__maker", "organisation").filter(query_digest=digest(code)).first()
    return standing(row) if row else None


def standing(row: Objection) -> Standing:
    """Told by what whoever objected was given; nothing of a case is shown that was not written for him."""
    with connection.cursor() as cursor:
        cursor.execute(_PAPERS, [row.id, [form.key for form in TO_OBJECTOR]])
        rows = cursor.fetchall()
    papers = tuple(Paper(title, number or "", sha256, form, timezone.localdate(at), body) for title, number, sha256, form, at, body in rows)
    case = ObjectionCase.objects.filter(objection=row.id, organisation=row.organisation_id).first()
    facts, conclude_by = _facts(case)
    last = papers[-1] if papers else None
    form, told = last.form if last else "", ""
    # What went to another body on this platform begins anew there.
    if last is not None and form == "objection_forwarded" and facts.get("forward_way") != "elsewhere":
        form, told = "", f"{last.body}已转送{row.organisation.name}"
    match form:
        case "objection_answer":
            return Standing(row, "已经答复", "", "", None, "", facts.get("answer", ""), papers)
        case "objection_declined":
            return Standing(row, "不予受理", "warn", "", None, facts.get("decline_reason", ""), "", papers)
        case "objection_forwarded":
            return Standing(row, f"已转送{facts.get('forward_name', '')}", "warn", "", None, facts.get("forward_reason", ""), "", papers)
        case "objection_accepted":
            return Standing(row, "已经受理，正在审查", "warn", "作出结论并答复", conclude_by, "", "", papers)
    return Standing(row, "正在形式审查", "warn", "决定是否受理", check_due(row.organisation.region_id, row.sent_on).due, told, "", papers)


def _facts(case: ObjectionCase | None) -> tuple[dict[str, Any], date | None]:
    """What the steps stated in the case of the body that has it now, and by when it owes the conclusion."""
    if case is None:
        return {}, None
    with connection.cursor() as cursor:
        cursor.execute(_FACTS, [case.league, case.dossier])
        facts, due_on = cursor.fetchone()
    return orjson.loads(facts) if isinstance(facts, str) else facts, due_on


def is_attached(sha256: str) -> bool:
    """Does any objection name this content? For whoever clears the store."""
    return Objection.objects.filter(files__contains=[{"sha256": sha256}]).exists()
