"""听证会 on the public portal: the notice, one's application, the lot that anyone draws again, the list, the minutes."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from yifa.decisions import hearing_queries as queries
from yifa.decisions import hearings, lots, minutes
from yifa.dossiers import media
from yifa.kernel.refusing import RejectedError
from yifa.portal import services
from yifa.portal.pages import address, limited


@require_safe
def hearing_list(request: HttpRequest) -> HttpResponse:
    """Hearings to come and those that were held."""
    today = timezone.localdate()
    found = queries.public_list(after=_cursor(request.GET.get("after", "")), limit=queries.PAGE + 1)
    rows, following = found[: queries.PAGE], ""
    if len(found) > queries.PAGE:
        following = urlencode({"after": f"{rows[-1].on} {rows[-1].id}"})
    shown = [{"row": each, "open": queries.takes_applications(each, today), "left": (each.apply_until - today).days} for each in rows]
    return render(request, "portal/hearings.html", {"rows": shown, "next": following})


def _cursor(text: str) -> tuple[date, UUID] | None:
    day, _, ident = text.partition(" ")
    try:
        return (date.fromisoformat(day), UUID(ident)) if ident else None
    except ValueError:
        return None


@limited
def hearing(request: HttpRequest, ident: UUID) -> HttpResponse:
    """One hearing; POST is an application, answered with a receipt code that is told once."""
    row = queries.public(ident)
    if row is None:
        raise Http404
    today, error, values = timezone.localdate(), "", request.POST.dict()
    if request.method == "POST":
        services.count("apply", address=address(request))
        try:
            taken = hearings.apply(
                row.league, row.id, side=values.get("side", ""), name=values.get("name", ""), phone=values.get("phone", "")
            )
        except RejectedError as why:
            error = str(why)
        else:
            return render(request, "portal/applied.html", {"taken": taken, "row": row})
    now = timezone.now()
    context = {
        "row": row,
        "open": queries.takes_applications(row, today),
        "left": (row.apply_until - today).days,
        "paragraphs": [line for line in row.draft_text.splitlines() if line.strip()],
        "files": [
            {"title": each["title"], "url": media.url(each["sha256"], mime=each["mime"], name=each["title"], at=now)} for each in row.files
        ],
        "lot": queries.lot(row),
        "participants": queries.participants(row),
        "entries": queries.minutes(row) if row.status == "closed" else [],
        "how": lots.HOW,
        "error": error,
        "values": values,
    }
    return render(request, "portal/hearing.html", context, status=400 if error else 200)


@never_cache
@limited
def application(request: HttpRequest) -> HttpResponse:
    """One's own application by its receipt code; a participant reads the minutes here and confirms them."""
    if request.method != "POST":
        return render(request, "portal/application.html")
    services.count("query", address=address(request))
    code, error, confirmed = request.POST.get("code", ""), "", False
    if request.POST.get("act") == "confirm":
        try:
            minutes.confirm(code, remark=request.POST.get("remark", ""))
            confirmed = True
        except RejectedError as why:
            error = str(why)
    found = queries.own(code)
    row = found[1] if found else None
    may_confirm = found is not None and found[1].status == "recorded" and bool(found[0].present) and not found[0].answer
    context = {
        "asked": True,
        "mine": found[0] if found else None,
        "row": row,
        "code": code,
        "may_confirm": may_confirm,
        "entries": queries.minutes(row) if row and (may_confirm or confirmed) else [],
        "confirmed": confirmed,
        "error": error,
    }
    return render(request, "portal/application.html", context, status=404 if found is None else 400 if error else 200)
