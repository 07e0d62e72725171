"""The desk of the register: the documents of one's own body or territory, what expires soon, old stock coming in, a text checked."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from yifa.kernel import sheets
from yifa.kernel.people.middleware import PersonRequest, acting
from yifa.kernel.refusing import RejectedError
from yifa.normative import queries, services, stock
from yifa.normative.models import NormativeDocument
from yifa.normative.public_pages import asked, cursor_of, last_day, named

ROLES = ("officer", "reviewer", "head", "discloser", "supervisor")
# Whoever follows a score down to the document it counts.
READERS = (*ROLES, "assessor")
KEEPERS = ("officer", "reviewer", "discloser")
SHOWN = 200


@acting(*ROLES)
@require_safe
def register(request: PersonRequest) -> HttpResponse:
    """The documents, newest first, and over them those whose validity ends soon."""
    wanted, today = asked(request), timezone.localdate()
    after = cursor_of(request.GET.get("after", ""))
    found = queries.own(request.actor, wanted, after=after, limit=queries.PAGE + 1)
    rows, following = found[: queries.PAGE], ""
    if len(found) > queries.PAGE:
        following = urlencode({**named(wanted), "after": f"{rows[-1].made_on} {rows[-1].code}"})
    context = {
        "rows": [{"row": row, "answer": queries.answer(row, today), "until": last_day(row)} for row in rows],
        "next": following,
        "wanted": wanted,
        "kinds": NormativeDocument.Kind.choices,
        "warned": [] if after or named(wanted) else queries.warnings(request.actor, today),
        "actor": request.actor,
        "oversees": queries.oversees(request.actor),
        "may_enter": request.actor.has(*KEEPERS),
    }
    return render(request, "normative/register.html", context)


@acting(*KEEPERS)
def enter(request: PersonRequest) -> HttpResponse:
    """存量导入: the list is tried first; what is wrong is told row by row; the second button takes it in."""
    context: dict[str, Any] = {"columns": stock.COLUMNS, "required": stock.REQUIRED}
    if request.method != "POST":
        return render(request, "normative/import.html", context)
    sent = request.FILES.get("file")
    if sent is None or not sent.size or sent.size > sheets.MAX_BYTES:
        context["why"] = "请选择一个不超过20MB的 .xlsx 或者 .csv 文件"
        return render(request, "normative/import.html", context, status=422)
    try:
        report = services.import_stock(sent.read(), sent.name or "", by=request.actor, dry=request.POST.get("act") != "take")
    except sheets.UnreadableError as why:
        return render(request, "normative/import.html", {**context, "why": str(why)}, status=422)
    shown = {"report": report, "faults": report.faults[:SHOWN], "more": max(0, len(report.faults) - SHOWN)}
    return render(request, "normative/import.html", context | shown, status=422 if report.faults else 200)


@acting(*READERS)
def document(request: PersonRequest, code: str) -> HttpResponse:
    """One document of the register; POST notes that its text was checked against a source, or hands it in."""
    row, why = queries.one(request.actor, code), ""
    if row is None:
        raise Http404
    may_check = request.actor.has(*KEEPERS)
    if request.method == "POST":
        if not may_check:
            raise Http404
        try:
            if request.POST.get("act") == "hand_in":
                services.hand_in(code, by=request.actor)
                words = "已报送备案，由备案审查机关接收"
            else:
                services.check(code, by=request.actor, against=request.POST.get("against", ""))
                words = "已登记核对情况，公众在文件页面可以看到"
        except RejectedError as error:
            why = str(error)
        else:
            messages.success(request, words)
            return redirect("register:document", code=code)
    today = timezone.localdate()
    context = {
        "row": row,
        "answer": queries.answer(row, today),
        "until": last_day(row),
        "history": queries.history(row),
        "may_check": may_check,
        "may_hand_in": may_check and row.maker_id == request.actor.organisation and row.source != "made" and not row.filed_on,
        "why": why,
        "public": row.openness == "public" and row.published_on is not None,
    }
    return render(request, "normative/entry.html", context, status=422 if why else 200)
