"""The supervisor's desk for what the public says: complaints to answer, clues to look into."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from yifa.kernel.people.middleware import PersonRequest, acting
from yifa.kernel.refusing import RejectedError
from yifa.supervision import queries, services


@acting("supervisor")
@require_safe
def complaints(request: PersonRequest) -> HttpResponse:
    state = request.GET.get("state", "open")
    rows = queries.complaints(
        request.actor, state=state if state in {"open", "answered"} else "", after=_cursor(request), limit=queries.PAGE + 1
    )
    today = timezone.localdate()
    for row in rows:
        row["late"] = row["state"] == "open" and row["due_on"] < today
    context = {"rows": rows[: queries.PAGE], "state": state, "next": _next(rows, "received_at", {"state": state})}
    return render(request, "supervision/complaints.html", context)


@acting("supervisor")
def complaint(request: PersonRequest, league: str, ident: UUID) -> HttpResponse:
    """One complaint in full, and its answer."""
    found = queries.complaint(request.actor, league, ident)
    if found is None:
        raise Http404
    row, who = found
    why = ""
    if request.method == "POST":
        try:
            services.answer(league, ident, text=request.POST.get("answer", ""), by=request.actor)
        except RejectedError as error:
            why = str(error)
        else:
            messages.success(request, "已答复，投诉人凭查询码可以看到")
            return redirect("complaints:list")
    if any(who.values()):
        services.note_complainant(row, by=request.actor)
    context = {"complaint": row, "who": who, "why": why, "clock": _clock(row), "text": request.POST.get("answer", "")}
    return render(request, "supervision/complaint.html", context, status=409 if why else 200)


def _clock(row: Any) -> dict[str, Any]:
    left = (row.due_on - timezone.localdate()).days
    state = "done" if row.state == "answered" else "overdue" if left < 0 else "today" if left == 0 else "soon" if left <= 3 else "later"
    words = "已答复" if row.state == "answered" else f"已逾 {-left} 日" if left < 0 else "今天到期" if left == 0 else f"余 {left} 日"
    return {
        "title": "答复投诉",
        "due_on": row.due_on,
        "remaining": words,
        "state": state,
        "provisional": row.provisional,
        "derivation": row.derivation,
    }


@acting("supervisor")
@require_safe
def clues(request: PersonRequest) -> HttpResponse:
    rows = queries.clues(request.actor, after=_cursor(request), limit=queries.PAGE + 1)
    return render(request, "supervision/clues.html", {"rows": rows[: queries.PAGE], "next": _next(rows, "opened_at", {})})


@acting("supervisor")
@require_POST
def handle_clue(request: PersonRequest, league: str, ident: UUID) -> HttpResponse:
    if not queries.oversees_clue(request.actor, league, ident):
        raise Http404
    try:
        services.handle_clue(league, ident, outcome=request.POST.get("outcome", ""), by=request.actor)
    except RejectedError as why:
        messages.error(request, str(why))
    else:
        messages.success(request, "处理结果已记录")
    return redirect("complaints:clues")


def _cursor(request: HttpRequest) -> tuple[datetime, UUID] | None:
    moment, _, ident = request.GET.get("after", "").rpartition(" ")
    try:
        return (datetime.fromisoformat(moment), UUID(ident)) if moment else None
    except ValueError:
        return None


def _next(rows: list[dict[str, Any]], column: str, kept: dict[str, str]) -> str:
    if len(rows) <= queries.PAGE:
        return ""
    last = rows[queries.PAGE - 1]
    return urlencode({**kept, "after": f"{last[column].isoformat()} {last['id']}"})
