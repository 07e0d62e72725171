"""The desk of questionnaires: draw one up for a dossier, publish it, see how it was answered."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from yifa.dossiers import queries as dossiers
from yifa.kernel.people.middleware import PersonRequest, acting
from yifa.kernel.refusing import RejectedError
from yifa.participation import asking, questions
from yifa.participation import asking_queries as queries
from yifa.participation.asking import Period
from yifa.participation.clearing import OPENNESS, Cleared
from yifa.participation.marking import LABELS
from yifa.participation.models import Questionnaire
from yifa.participation.queries import PAGE, since
from yifa.participation.veiling import clean

ROLES = ("officer", "reviewer", "discloser", "head")
USUAL_DAYS = 15


@acting(*ROLES)
@require_safe
def listed(request: PersonRequest) -> HttpResponse:
    """The body's own questionnaires, or those of one dossier of it."""
    today, dossier = timezone.localdate(), clean(request.GET.get("dossier", ""))[:64]
    rows = [{"row": row, "open": queries.is_open(row, today)} for row in queries.of_body(request.actor, dossier=dossier)]
    context = {"rows": rows, "may_draw": request.actor.has("officer", "discloser"), "dossier": dossier}
    return render(request, "participation/questionnaires.html", context)


@acting("officer", "discloser")
def new(request: PersonRequest) -> HttpResponse:
    """起草问卷, for a dossier of one's own body."""
    code = clean((request.POST if request.method == "POST" else request.GET).get("dossier", ""))
    dossier = dossiers.case(request.actor, code) if code else None
    if code and (dossier is None or dossier.organisation_id != request.actor.organisation):
        raise Http404
    values, why = request.POST.dict(), ""
    if request.method == "POST" and dossier:
        try:
            row = asking.draw_up(code, values.get("title", ""), values.get("explanation", ""), by=request.actor)
        except RejectedError as error:
            why = str(error)
        else:
            return redirect("participation:questionnaire", ident=row.id)
    asked = dossiers.Filters(open=True, organisation=request.actor.organisation)
    waiting = () if dossier else dossiers.cases(request.actor, filters=asked).rows
    context = {"dossier": dossier, "waiting": waiting, "values": values, "why": why}
    return render(request, "participation/questionnaire_new.html", context, status=422 if why else 200)


@acting(*ROLES)
def one(request: PersonRequest, ident: UUID) -> HttpResponse:
    """A draft with its questions, to go on with and to publish; a published one with its results."""
    row = queries.one(request.actor, ident)
    if row is None:
        raise Http404
    why = ""
    if request.method == "POST":
        try:
            told = _act(request, row)
        except RejectedError as error:
            why = str(error)
        else:
            messages.success(request, told)
            return redirect("participation:questionnaire", ident=ident)
    return render(request, "participation/questionnaire.html", _context(request, row, why), status=422 if why else 200)


def _act(request: PersonRequest, row: Questionnaire) -> str:
    """add, remove or publish."""
    sent, by = request.POST, request.actor
    act = sent.get("act", "")
    if not by.has("officer", "discloser"):
        raise RejectedError("请由经办人员或者公示人员办理")
    if act == "add":
        must, options = sent.get("must") == "true", sent.get("options", "")
        asking.add_question(row.league, row.id, by=by, kind=sent.get("kind", ""), text=sent.get("text", ""), options=options, must=must)
        return "已加入一题"
    if act == "publish":
        if not by.has("discloser"):
            raise RejectedError("请由公示人员发布问卷")
        period = Period(_day(sent.get("opens_on", ""), "开始日期"), _day(sent.get("closes_on", ""), "截止日期"))
        asking.publish(row.league, row.id, period, Cleared.of(sent), by=by)
        return "已发布，公众可以在门户的“征求意见”中看到这份问卷"
    if not act.startswith("remove-"):
        raise RejectedError("请刷新页面后再操作")
    asking.remove_question(row.league, row.id, act.removeprefix("remove-"), by=by)
    return "已删去一题"


def _context(request: PersonRequest, row: Questionnaire, why: str) -> dict[str, Any]:
    today = timezone.localdate()
    context: dict[str, Any] = {
        "row": row,
        "why": why,
        "questions": queries.asked(row),
        "draft": row.status == Questionnaire.Status.DRAFT,
        "open": queries.is_open(row, today),
        "kinds": questions.KINDS.items(),
        "most": questions.MOST,
        "may_draw": request.actor.has("officer", "discloser"),
        "may_publish": request.actor.has("discloser"),
        "openness": OPENNESS,
        "values": {
            "opens_on": today.isoformat(),
            "closes_on": (today + timedelta(days=USUAL_DAYS)).isoformat(),
            "must": "true",
            **(request.POST.dict() if why else {}),
        },
    }
    if not context["draft"]:
        marks = queries.marks(row)
        context |= {
            "results": queries.shown(queries.results(row)),
            "marks": marks,
            "told": [(label, marks.counts[key]) for key, label in LABELS.items() if marks.counts.get(key)],
        }
    return context


@acting(*ROLES)
@require_safe
def written(request: PersonRequest, ident: UUID, key: str) -> HttpResponse:
    """What was written to one question, sheet by sheet."""
    row = queries.one(request.actor, ident)
    question = next((each for each in queries.asked(row) if each.key == key and each.kind == questions.TEXT), None) if row else None
    if row is None or question is None:
        raise Http404
    after = request.GET.get("after", "")
    found = queries.written(row, key, after=since(after), limit=PAGE + 1)
    following = urlencode({"after": str(found[PAGE - 1][0])}) if len(found) > PAGE else ""
    context = {"row": row, "question": question, "found": found[:PAGE], "next": following}
    return render(request, "participation/questionnaire_written.html", context)


def _day(text: str, label: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise RejectedError(f"“{label}”应当是真实存在的日期") from None
