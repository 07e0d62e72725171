"""Two pages: a piece of evidence in its player, and the catalogue of a file as it is printed and bound."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from yifa.dossiers import queries, services
from yifa.dossiers.catalogue import Paper
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.reading_words import EVIDENCE, PAGE


def evidence(request: HttpRequest, evidence: uuid.UUID) -> HttpResponseBase:
    """The player or the photo; as a fragment when the page asks for it, as a page of its own otherwise."""
    actor = getattr(request, "actor", None)
    if not isinstance(actor, Actor):
        return redirect_to_login(request.get_full_path(), str(settings.LOGIN_URL))
    found = queries.one_evidence(actor, evidence)
    if found is None:
        raise Http404("没有这份证据，或者它不予公开、您无权查看")
    if found.seq is not None and found.dossier and (dossier := queries.case(actor, found.dossier)):
        services.note_reading(dossier, EVIDENCE, by=actor, way=PAGE, detail=found.title)
    fragment = request.headers.get("HX-Request") == "true"
    response = render(
        request,
        "dossiers/player.html" if fragment else "dossiers/evidence.html",
        {"media": queries.shown(found, at=timezone.now()), "dossier": found.dossier if found.seq is not None else None},
    )
    # The addresses in it expire; nothing may keep them.
    response["Cache-Control"] = "no-store"
    return response


def catalogue(request: HttpRequest, code: str, papers: Callable[[Actor, str], Iterable[Paper]] | None = None) -> HttpResponseBase:
    actor = getattr(request, "actor", None)
    if not isinstance(actor, Actor):
        return redirect_to_login(request.get_full_path(), str(settings.LOGIN_URL))
    dossier = queries.case(actor, code)
    volumes = queries.catalogue(actor, code, papers=papers)
    if dossier is None or volumes is None:
        raise Http404("没有这个案件，或者您无权查看它")
    return render(request, "dossiers/catalogue.html", {"dossier": dossier, "volumes": volumes})
