"""异议审查 and 附带审查 on the desk: what waits, what runs, one objection in full, and the form for what came on paper."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from yifa.dossiers import media
from yifa.kernel.people.middleware import PersonRequest, acting
from yifa.kernel.refusing import RejectedError
from yifa.normative import objecting, queries
from yifa.normative import objection_queries as reads
from yifa.normative.models import Objection
from yifa.normative.objecting import Said
from yifa.normative.procedures.objection import IncidentalReview, ObjectionReview

ROLES = ("reviewer", "section_chief", "deputy_director", "director")
PAPER = [each for each in Objection.Channel.choices if each[0] != Objection.Channel.WEB]


@acting(*ROLES)
@require_GET
def objections(request: PersonRequest) -> HttpResponse:
    """The objections that wait to be received, and the reviews that run, those due first."""
    found = reads.to_receive(request.actor.organisation)
    context = {
        "waiting": found,
        "running": reads.running(request.actor, ObjectionReview.key),
        "today": timezone.localdate(),
        "may_receive": request.actor.has("reviewer"),
    }
    return render(request, "normative/objections.html", context)


@acting(*ROLES, "officer")
@require_GET
def incidental(request: PersonRequest) -> HttpResponse:
    """附带审查: the reviews beside reconsiderations that one's own body handles, those due first."""
    running = reads.running(request.actor, IncidentalReview.key)
    context = {"running": running, "today": timezone.localdate(), "may_begin": request.actor.has("reviewer", "officer")}
    return render(request, "normative/incidental.html", context)


@acting(*ROLES)
@require_GET
def objection(request: PersonRequest, ident: UUID) -> HttpResponse:
    """One objection in full: what is said against which document, by whom, with what; and where to deal with it."""
    row = reads.one(request.actor, ident)
    if row is None:
        raise Http404("没有这件异议，或者不由本机关办理")
    who, now = reads.who(row), timezone.now()
    if any(who.values()) or row.files:
        objecting.note_objector(row, by=request.actor)
    files = [
        {"title": each["title"], "url": media.url(each["sha256"], mime=each["mime"], name=each["title"], at=now)} for each in row.files
    ]
    case = reads.case_of(request.actor, ident)
    context = {
        "row": row,
        "who": who,
        "files": files,
        "case": case,
        "due_on": reads.check_due(row.organisation.region_id, row.sent_on).due,
        "answer": queries.answer(row.document, timezone.localdate()),
        "may_receive": not case and row.organisation_id == request.actor.organisation and request.actor.has("reviewer"),
    }
    return render(request, "normative/objection.html", context)


@acting(*ROLES)
@require_GET
def of_case(request: PersonRequest, code: str) -> HttpResponse:
    """From a case to the objection it deals with."""
    ident = reads.of_dossier(request.actor, code)
    if ident is None:
        raise Http404
    return redirect("objections:one", ident=ident)


@acting("reviewer")
def enter(request: PersonRequest) -> HttpResponse:
    """An objection that came by letter or in person, with its scan."""
    values, why = request.POST.dict(), ""
    if request.method == "POST":
        said = Said(
            document=values.get("document", ""),
            organisation=request.actor.organisation,
            clauses=values.get("clauses", ""),
            reason=values.get("reason", ""),
            name=values.get("name", ""),
            contact=values.get("contact", ""),
            is_organisation=values.get("who") == "organisation",
            files=request.FILES.getlist("files"),
        )
        try:
            received_on = _day(values.get("received_on", ""))
            filed = objecting.enter(said, by=request.actor, channel=values.get("channel", ""), received_on=received_on)
        except RejectedError as error:
            why = str(error)
        else:
            messages.success(request, f"已登记。请把查询码告诉异议人：{filed.code}")
            return redirect("objections:one", ident=filed.id)
    context: dict[str, Any] = {"values": values, "why": why, "channels": PAPER, "today": timezone.localdate()}
    if code := values.get("document"):
        context["document"] = reads.published(code)
    return render(request, "normative/objection_enter.html", context, status=422 if why else 200)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise RejectedError("“收到日期”应当是真实存在的日期") from None
