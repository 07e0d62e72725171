"""备案审查 on the desk: what waits and what runs, and the screen on which a document is reviewed beside the law it cites."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from yifa.dossiers import queries as dossiers
from yifa.dossiers.services import note_reading
from yifa.kernel.people.middleware import PersonRequest, acting
from yifa.kernel.people.reading_words import COURSE, PAGE
from yifa.laws.queries import permalink
from yifa.normative import filing_queries, hinting
from yifa.normative.case import DocumentFacts
from yifa.normative.cases.filing import ITEMS, LEVELS, PROBLEM, SOUND, Review
from yifa.normative.models import NormativeDocument
from yifa.normative.procedures.filing import ANSWERS, CONCLUSIONS, DocumentFiling
from yifa.normative.procedures.making import CREATES
from yifa.normative.procedures.objection import ObjectionReview
from yifa.normative.profiles import level_title
from yifa.normative.reviewing import sheet
from yifa.normative.validity import Life, status
from yifa.procedures import queries, showing

ROLES = ("reviewer", "section_chief", "deputy_director", "director")
REVIEWED = {DocumentFiling.key, ObjectionReview.key}
TONES = {SOUND: "good", PROBLEM: "bad"}


@acting(*ROLES)
@require_GET
def reviews(request: PersonRequest) -> HttpResponse:
    """备案审查: the documents that wait to be received, and the reviews that run, those due first."""
    running = filing_queries.running(request.actor)
    context = {"waiting": filing_queries.waiting(request.actor.organisation), "running": running, "today": timezone.localdate()}
    context["may_receive"] = request.actor.has("reviewer")
    return render(request, "normative/reviews.html", context)


@acting(*ROLES)
@require_GET
def review(request: PersonRequest, code: str) -> HttpResponse:
    """The document beside the superior law it cites, the answers of each level, the clocks, and the step that is next."""
    dossier = dossiers.case(request.actor, code)
    if dossier is None or dossier.procedure not in REVIEWED or dossier.organisation_id != request.actor.organisation:
        raise Http404("没有这份备案审查，或者您所在的机关不办理这份审查")
    now = timezone.now()
    found = queries.course(dossier, at=now)
    case: DocumentFacts = found.case
    document = NormativeDocument.objects.select_related("maker", "region__parent__parent__parent").get(
        code=case.subject.code if case.subject else ""
    )
    note_reading(dossier, COURSE, by=request.actor, way=PAGE)
    steps = [each for each in queries.next_steps(found, request.actor) if not each.findings]
    open_ = [row for row in queries.obligations(dossier) if row.closed_seq is None]
    # The main act is the one that is due first, not a side way that is merely open.
    main = next((row.step for row in open_ if row.step in {each.step.name for each in steps}), "")
    shown = sheet(document, on=timezone.localdate(dossier.closed_at) if dossier.closed_at else timezone.localdate())
    life = Life(document.published_on, document.effective_on, document.valid_until, document.ended_on, document.ended_by)
    context = {
        "case": {"code": dossier.code, "number": dossier.number, "status": _status(dossier), "procedure": found.procedure.title},
        "document": document,
        "status": status(life, timezone.localdate()),
        "sheet": shown,
        "flags": [(flag, permalink(flag.kind.article)) for flag in shown.flags],
        "pairs": hinting.pairs(document, shown, code, request.actor),
        "levels": _levels(found),
        "rows": _rows(found),
        "clocks": [showing.clock(row) for row in open_],
        "next_steps": [showing.next_step(code, each, main=each.step.name == main) for each in steps],
    }
    return render(request, "normative/review.html", context)


def _status(dossier: dossiers.Dossier) -> str:
    return showing.status(dossier.procedure, dossier.version, dossier.region_id, dossier.sector, dossier.status)


def _done(found: queries.Course) -> list[tuple[int, Review, Any]]:
    """The levels that stand: one that was taken back has answers no more, whatever the facts still hold."""
    case: DocumentFacts = found.case
    acts = ((level, found.progress.latest(f"review_{level}")) for level in LEVELS)
    return [(level, case.of(level), act) for level, act in acts if act is not None]


def _title(found: queries.Course, level: int, act: Any) -> str:
    """初审（承办人）, as the levels of a filing were called on that day; an objection has two, named by its steps."""
    if found.procedure.key == DocumentFiling.key:
        return level_title(level, act.on)
    return found.procedure.steps[f"review_{level}"].title


def _levels(found: queries.Course) -> list[dict[str, Any]]:
    names = {row.done.seq: row.name for row in found.entries}
    conclusions, creates = dict(CONCLUSIONS), dict(CREATES)
    return [
        {
            "title": _title(found, level, act),
            "by": names.get(act.seq, ""),
            "at": act.at,
            "proposal": conclusions.get(own.proposal, ""),
            "found": "、".join(creates[each] for each in sorted(own.found)) or "都没有",
            "opinion": own.opinion,
        }
        for level, own, act in _done(found)
    ]


def _rows(found: queries.Course) -> list[dict[str, Any]]:
    """The nine items, each with what every level that is done answered; `changed` where a level differs from the one below."""
    done, labels = _done(found), dict(ANSWERS)
    rows = []
    for n, (key, name, help_) in enumerate(ITEMS, 1):
        cells, below = [], ""
        for level, own, act in done:
            answer = own.answers.get(key, "")
            cells.append(
                {
                    "level": _title(found, level, act),
                    "says": labels.get(answer, ""),
                    "tone": TONES.get(answer, "warn"),
                    "why": own.remarks.get(key, ""),
                    "changed": bool(below) and answer != below,
                }
            )
            below = answer
        rows.append({"n": n, "name": name, "help": help_, "cells": cells})
    return rows
