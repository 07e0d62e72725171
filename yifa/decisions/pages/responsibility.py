"""责任档案 of one matter: everybody's part with its entry, for those who have to answer for it or to look after it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from yifa.decisions import responsibility
from yifa.dossiers import queries as dossiers
from yifa.dossiers.queries import Dossier
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.middleware import PersonRequest, acting, forbidden
from yifa.kernel.people.reading_words import TERRITORY
from yifa.procedures import queries

# Who of which office may read it, besides whoever looks after the place; "" is the undertaking body itself.
READERS: Mapping[str, frozenset[str]] = {
    "": frozenset({"head", "supervisor"}),
    "government": frozenset({"head", "officer", "supervisor"}),
    "justice": frozenset({"head", "reviewer", "supervisor"}),
}


def may_read(actor: Actor, dossier: Dossier, offices: Mapping[str, Mapping[str, Any]]) -> bool:
    """A head, the government's office, the reviewers and supervisors of justice; superiors who look after the place with such a post."""
    if dossier.ground == TERRITORY:
        return actor.has("head", "supervisor", "assessor")
    own = {"": dossier.organisation_id, **{name: body["code"] for name, body in offices.items()}}
    return any(own.get(name) == actor.organisation and actor.roles & roles for name, roles in READERS.items())


@acting()
@require_safe
def file(request: PersonRequest, code: str) -> HttpResponse:
    dossier = dossiers.case(request.actor, code)
    if dossier is None or dossier.procedure != "major_decision":
        raise Http404("没有这个决策事项，或者不在您的查看范围内")
    offices = queries.course(dossier, at=timezone.now()).register.get("offices") or {}
    if not may_read(request.actor, dossier, offices):
        return forbidden(request)
    found = responsibility.told(queries.told(dossier))
    return render(request, "decisions/responsibility.html", {"dossier": dossier, "file": found})
