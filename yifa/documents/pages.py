"""The bound case file: asked for, waited for, downloaded."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from yifa.documents import bindings
from yifa.documents.bindings import Papers
from yifa.documents.models import Binding
from yifa.dossiers import media, queries
from yifa.dossiers.queries import Dossier
from yifa.dossiers.services import note_reading
from yifa.kernel.people.middleware import PersonRequest, acting
from yifa.kernel.people.reading_words import DOCUMENTS, DOWNLOAD, EVIDENCE, PARTY


@acting()
@require_http_methods(["GET", "POST"])
def bound(request: PersonRequest, code: str, papers: Papers) -> HttpResponse:
    """How far the binding is; posting asks for it."""
    dossier, now = _dossier(request, code), timezone.now()
    if request.method == "POST":
        bindings.ask(dossier, by=request.actor, papers=papers, at=now)
        return HttpResponseRedirect(request.path)
    volumes = queries.catalogue(request.actor, code, papers=papers) or ()
    row = bindings.latest(dossier, volumes, at=now)
    kept = [line for volume in volumes for line in volume.lines if line.paper.withheld]
    context = {"dossier": dossier, "row": row, "volumes": volumes, "kept": kept, "seconds": bindings.cost(volumes)}
    return render(request, "documents/bound.html", context)


@acting()
@require_GET
def download(request: PersonRequest, code: str, ident: UUID, papers: Papers) -> HttpResponse:
    """The bound file from the media origin, by an address that expires. Whoever is given it has read the whole dossier.

    What was bound for a reader of more is not handed out: the address of another's copy leads nowhere.
    """
    dossier = _dossier(request, code)
    volumes = queries.catalogue(request.actor, code, papers=papers) or ()
    row = bindings.latest(dossier, volumes, at=timezone.now())
    if row is None or row.id != ident or row.state != Binding.State.DONE:
        raise Http404("这份装订的案卷已经不在，请重新装订")
    there = [
        word for word, found in ((PARTY, queries.parties(request.actor, code)), (EVIDENCE, queries.evidence(request.actor, code))) if found
    ]
    note_reading(dossier, *there, DOCUMENTS, by=request.actor, way=DOWNLOAD, detail="装订的案卷")
    name = f"案卷 {dossier.number or dossier.code}.pdf"
    return HttpResponseRedirect(media.url(row.sha256, mime="application/pdf", name=name, at=timezone.now(), inline=False))


def _dossier(request: PersonRequest, code: str) -> Dossier:
    found = queries.case(request.actor, code)
    if found is None:
        raise Http404("没有这个案件，或者您无权查看它")
    return found
