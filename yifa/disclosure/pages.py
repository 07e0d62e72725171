"""The public list, and the desk page on which a publication is taken back."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from yifa.disclosure import queries, services
from yifa.disclosure.services import NotWithdrawnError
from yifa.kernel.access.queries import scope
from yifa.kernel.people.middleware import PersonRequest, acting


@require_safe
def published(request: HttpRequest) -> HttpResponse:
    """行政执法公示, newest first."""
    number, organisation = request.GET.get("q", "").strip(), request.GET.get("organisation", "").strip()
    rows = queries.published(number=number, organisation=organisation, after=_cursor(request.GET.get("after", "")), limit=queries.PAGE + 1)
    following = ""
    if len(rows) > queries.PAGE:
        last = rows[queries.PAGE - 1]
        kept = {"q": number, "organisation": organisation, "after": f"{last.published_on.isoformat()} {last.code}"}
        following = urlencode({key: value for key, value in kept.items() if value})
    return render(request, "disclosure/list.html", {"rows": rows[: queries.PAGE], "q": number, "next": following})


def _cursor(text: str) -> tuple[date, str] | None:
    day, _, code = text.partition(" ")
    try:
        return (date.fromisoformat(day), code) if code else None
    except ValueError:
        return None


@acting("discloser", "head")
def withdraw(request: PersonRequest, code: str) -> HttpResponse:
    """撤回公示, by the body itself or the one above it."""
    league = f"{code[:4]}00"
    found = queries.publication(league, code)
    if found is None or found.organisation not in scope(request.actor).own:
        raise Http404
    why = ""
    if request.method == "POST":
        try:
            services.withdraw(league, code, reason=request.POST.get("reason", ""), by=request.actor)
        except NotWithdrawnError as error:
            why = str(error)
        else:
            messages.success(request, f"已撤回 {found.number} 的公示，理由已公开")
            return redirect("disclosure:list")
    return render(request, "disclosure/withdraw.html", {"publication": found, "why": why}, status=409 if why else 200)
