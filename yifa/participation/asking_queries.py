"""Reads of questionnaires: which are open, how their sheets answered, what is conspicuous, one's own sheet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import TruncHour

from yifa.kernel.people.actors import Actor
from yifa.participation import marking, questions
from yifa.participation.marking import Marks, Sent
from yifa.participation.models import Filled, Questionnaire
from yifa.participation.queries import PAGE, digest
from yifa.participation.questions import Question, Result

PUBLISHED = Questionnaire.Status.PUBLISHED


def asked(row: Questionnaire) -> list[Question]:
    return [Question.of(each) for each in row.questions]


def is_open(row: Questionnaire, today: date) -> bool:
    """May anybody answer now?"""
    return bool(row.status == PUBLISHED and row.opens_on and row.closes_on and row.opens_on <= today <= row.closes_on)


def is_over(row: Questionnaire, today: date) -> bool:
    return bool(row.closes_on and row.closes_on < today)


def public_list(*, on: date, limit: int = PAGE) -> list[Questionnaire]:
    """Those that anybody may see, those that close last first."""
    rows = Questionnaire.objects.filter(status=PUBLISHED, opens_on__lte=on).select_related("organisation")
    return list(rows.order_by("-closes_on", "id")[:limit])


def public_of(league: str, dossier: str, *, on: date) -> list[Questionnaire]:
    """Those on one matter that anybody may see, in order."""
    return list(Questionnaire.objects.filter(league=league, dossier=dossier, status=PUBLISHED, opens_on__lte=on).order_by("opens_on", "id"))


def public(ident: UUID, *, on: date) -> Questionnaire | None:
    return Questionnaire.objects.select_related("organisation").filter(id=ident, status=PUBLISHED, opens_on__lte=on).first()


def of_body(actor: Actor, *, dossier: str = "", limit: int = PAGE) -> list[Questionnaire]:
    """Those of the body one acts for, newest first; only those of one dossier when it is named."""
    rows = Questionnaire.objects.filter(organisation_id=actor.organisation)
    if dossier:
        rows = rows.filter(league=actor.league, dossier=dossier)
    return list(rows.order_by("-drawn_at", "id")[:limit])


def one(actor: Actor, ident: UUID) -> Questionnaire | None:
    return Questionnaire.objects.filter(id=ident, organisation_id=actor.organisation).first()


def results(row: Questionnaire) -> list[Result]:
    """How every question was answered."""
    sheets = Filled.objects.filter(league=row.league, questionnaire=row.id).values_list("values", flat=True)
    return questions.results(asked(row), sheets.iterator(chunk_size=2000))


def written(row: Questionnaire, key: str, *, after: int = 0, limit: int = PAGE) -> list[tuple[int, str]]:
    """What was written to a question, by the number of the sheet: for the desk."""
    rows = Filled.objects.filter(league=row.league, questionnaire=row.id, n__gt=after, values__has_key=key)
    told = rows.annotate(told=KeyTextTransform(key, "values"))
    return list(told.order_by("n").values_list("n", "told")[:limit])


def marks(row: Questionnaire) -> Marks:
    """As of opinions: many sheets of one source, the same words again and again, a flood."""
    rows = Filled.objects.filter(league=row.league, questionnaire=row.id).annotate(hour=TruncHour("received_at", tzinfo=UTC))
    counted = rows.values_list("source", "same", "hour").annotate(models.Count("id")).order_by()
    return marking.marks(Sent(source, "", same, hour, number) for source, same, hour, number in counted)


def own(code: str) -> tuple[Filled, Questionnaire] | None:
    """The sheet of whoever holds this receipt code."""
    found = Filled.objects.filter(receipt_digest=digest(code)).first()
    if found is None:
        return None
    return found, Questionnaire.objects.select_related("organisation").get(league=found.league, id=found.questionnaire)


def told(row: Questionnaire, sheet: Filled) -> list[tuple[str, str]]:
    """A sheet in words: every question with what was answered."""
    return [(question.text, _words(question, sheet.values.get(question.key))) for question in asked(row)]


def _words(question: Question, value: Any) -> str:
    if value is None:
        return "没有回答"
    if question.kind == questions.TEXT:
        return str(value)
    labels = dict(question.choices)
    return "、".join(labels[str(each)] for each in (value if isinstance(value, list) else [value]))


def shown(found: Sequence[Result]) -> list[dict[str, Any]]:
    """Every question with its counts in words and, where it is chosen from, the bar chart that `part/chart.html` draws of them."""
    return [
        {
            "number": number,
            "result": result,
            "rows": [(words, count, questions.percent(parts)) for words, count, parts in result.options],
            "chart": _chart(number, result) if result.options else None,
        }
        for number, result in enumerate(found, 1)
    ]


def _chart(number: int, result: Result) -> dict[str, Any]:
    more = "，可以多选，百分比之和可能超过 100%" if result.question.kind == questions.MULTIPLE else ""
    return {
        "id": f"question-{number}",
        "kind": "bar",
        "title": f"{number}. {result.question.text}",
        "unit": "人",
        "caliber": f"按收到的问卷计，{result.answered} 份回答了这一题{more}",
        "labels": [words for words, *_ in result.options],
        "urls": [],
        "series": [{"name": "选择的人", "values": [str(count) for _, count, _ in result.options]}],
    }
