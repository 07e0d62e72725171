"""What the desk writes beside acts (drafts), and what it needs to show a half-filled document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db import connection
from django.http import QueryDict
from django.utils import timezone

from yifa.documents.rules import Form
from yifa.documents.words import late_text
from yifa.dossiers.withholding import Withheld
from yifa.dossiers.withholding import said as not_public
from yifa.kernel.calendar.queries import calendar
from yifa.kernel.calendar.terms import due
from yifa.kernel.people.actors import Actor
from yifa.procedures import core, queries
from yifa.procedures.boxes import Sent
from yifa.procedures.context import Paper
from yifa.procedures.core import Step
from yifa.procedures.fields import CHOICE, CHOICES, FILES, MONEY, PERSONS, ROWS, YES_NO, Field
from yifa.procedures.known import Undecided
from yifa.procedures.models import Draft
from yifa.procedures.paperwork import text_of
from yifa.procedures.queries import Course, documents_of

MAX_DRAFT = 200_000


def keep_draft(actor: Actor, key: str, values: Mapping[str, Sequence[str]]) -> None:
    """Keeps a form as it was posted. A draft larger than any form is not kept."""
    text = urlencode({name: list(value) for name, value in values.items()}, doseq=True)
    if len(text) <= MAX_DRAFT:
        Draft.objects.update_or_create(person_id=actor.person, key=key, defaults={"values": {"form": text}})


def draft(actor: Actor, key: str) -> QueryDict | None:
    kept = Draft.objects.filter(person_id=actor.person, key=key).values_list("values", flat=True).first()
    return QueryDict(kept["form"]) if kept else None


def drop_draft(actor: Actor, key: str) -> None:
    Draft.objects.filter(person_id=actor.person, key=key).delete()


def next_due(keys: Sequence[tuple[str, str]]) -> dict[str, dict[str, Any]]:
    """The nearest open deadline of each of these dossiers."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT ON (dossier) dossier, title, due_on FROM procedures_obligation"
            " WHERE closed_seq IS NULL AND (league, dossier) IN (SELECT * FROM unnest(%s::text[], %s::text[])) ORDER BY dossier, due_on",
            [[league for league, _ in keys], [code for _, code in keys]],
        )
        return {dossier: {"title": title, "due_on": due_on} for dossier, title, due_on in cursor.fetchall()}


def preview_values(found: Course, step: Step, form: Form, sent: Sent) -> Mapping[str, Any] | None:
    """The values of one document of the step with what is filled in so far; what cannot be read yet is left out.

    None for a document that the case does not need (`Context.papers`).
    """
    now, facts, personal = timezone.now(), dict(found.dossier.facts), _party(found)
    stated, _ = core.parse(step, sent.answers, facts, timezone.localdate())
    keys = {each.key for each in step.asks if each.personal}
    personal |= {key: value for key, value in stated.items() if key in keys}
    facts |= {key: value for key, value in stated.items() if key not in keys}
    paper = Paper(
        form=form,
        step=step.name,
        case=found.context.read(facts, found.register, now),
        facts=_Blank(facts),
        personal=personal,
        register=found.register,
        number="",
        case_number=found.dossier.code,
        at=now,
        public_url=f"{settings.PUBLIC_URL}/c/{found.dossier.token}",
        proof="",
        evidence=[piece["title"] for row in found.entries for piece in (row.payload or {}).get("evidence") or ()],
        earlier=[(title, number or "") for _, _, _, title, number, _, _ in documents_of(found.dossier.league, [found.dossier.code])],
        reckon=lambda term, start: due(term, start, calendar()).due,
        course=queries.told(found.dossier) if form.tells_course else (),
        pieces=queries.pieces(found.dossier) if form.tells_file else (),
        text_of=text_of,
    )
    try:
        return found.context.papers(paper)
    except Undecided:
        return {"organisation": (found.register.get("organisation") or {}).get("name", ""), "case_code": found.dossier.code}


def late_words(actor: Actor, sent: Sent) -> str:
    """What the documents will say of a late entry (补录), as far as it is filled in; "" while it has no time of its own."""
    try:
        happened = datetime.fromisoformat(sent.late.get("late_at", "")).replace(tzinfo=core.BEIJING)
    except ValueError:
        return ""
    told = {"reason": sent.late.get("late_reason", ""), "paper_number": sent.late.get("late_paper", "")}
    return late_text(happened=happened, recorded=timezone.now(), person=actor.name, organisation=actor.organisation_name, **told)


class _Blank(dict[str, Any]):
    """Facts of a form still being filled in: what is absent reads as empty."""

    def __missing__(self, key: str) -> str:
        return ""


def _party(found: Course) -> dict[str, Any]:
    for row in reversed(found.entries):
        if party := ((row.payload or {}).get("personal") or {}).get("party"):
            return {"party": party}
    return {}


def said(step: Step, stated: Mapping[str, Any], withheld: Withheld) -> list[dict[str, str]]:
    """What a step stated, in the words of its questions; an answer that the reader is not given says so."""
    lines = []
    for each in step.asks:
        value = stated.get(each.key)
        if value in (None, "", []) or each.type in (FILES, PERSONS):
            continue
        kept = withheld.answers.get(each.key)
        lines.append({"label": each.label, "value": not_public(kept) if kept else _words(each, value)})
    return lines


def _words(field: Field, value: Any) -> str:
    kind, choices = field.type, dict(field.choices)
    if kind == ROWS:
        return "\n".join(f"{n}. {_cells(field, row)}" for n, row in enumerate(value, 1))
    if kind == MONEY:
        return f"{value / 100:,.2f} 元"
    if kind == YES_NO:
        return "是" if value else "否"
    if kind == CHOICE:
        return choices.get(value, str(value))
    if kind == CHOICES:
        return "、".join(choices.get(each, each) for each in value)
    return str(value)


def _cells(field: Field, row: Mapping[str, Any]) -> str:
    return "；".join(f"{each.label}：{_words(each, row[each.key])}" for each in field.columns if each.key in row)
