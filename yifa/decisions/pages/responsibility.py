"""责任档案 of one matter: everybody's part with its entry, for those who have to answer for it or to look after it."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from yifa.decisions import responsibility
from yifa.decisions.forms.declared import RESPONSIBILITY
from yifa.dossiers import queries as dossiers
from yifa.kernel.people.middleware import PersonRequest, acting
from yifa.procedures import queries, reserving


@acting()
@require_safe
def file(request: PersonRequest, code: str) -> HttpResponse:
    dossier = dossiers.case(request.actor, code)
    if dossier is None or dossier.procedure != "major_decision":
        raise Http404("没有这个决策事项，或者不在您的查看范围内")
    if not reserving.may_read(request.actor, dossier, RESPONSIBILITY):
        return render(request, "decisions/reserved.html", {"dossier": dossier}, status=403)
    found = responsibility.told(queries.told(dossier))
    return render(request, "decisions/responsibility.html", {"dossier": dossier, "file": found})
