"""责任档案 of one matter: everybody's part with its entry, for those who have to answer for it or to look after it."""

from __future__ import annotations

from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from yifa.decisions import responsibility
from yifa.decisions.forms.declared import RESPONSIBILITY
from yifa.decisions.procedures.major import MajorDecision
from yifa.documents import rendering
from yifa.documents.rules import BadDocument
from yifa.dossiers import media
from yifa.dossiers import queries as dossiers
from yifa.dossiers.queries import Dossier
from yifa.dossiers.services import note_reading
from yifa.dossiers.withholding import NOTHING
from yifa.kernel.people.middleware import PersonRequest, acting
from yifa.kernel.people.reading_words import DOCUMENTS, DOWNLOAD
from yifa.procedures import boxes, queries, reserving, services
from yifa.procedures.paperwork import forms_folder


@acting()
@require_safe
def file(request: PersonRequest, code: str) -> HttpResponse:
    dossier = dossiers.case(request.actor, code)
    if dossier is None or dossier.procedure != "major_decision":
        raise Http404("没有这个决策事项，或者不在您的查看范围内")
    if not reserving.may_read(request.actor, dossier, RESPONSIBILITY):
        return render(request, "decisions/reserved.html", {"dossier": dossier}, status=403)
    if request.GET.get("as") == "pdf":
        return _printed(request, dossier)
    found = responsibility.told(queries.told(dossier))
    return render(request, "decisions/responsibility.html", {"dossier": dossier, "file": found, "given": _given(dossier)})


def _printed(request: PersonRequest, dossier: Dossier) -> HttpResponse:
    """The file as a document: what was given when the matter was filed, or before that one of today, which is no part of the record."""
    now = timezone.now()
    if given := _given(dossier):
        note_reading(dossier, DOCUMENTS, by=request.actor, way=DOWNLOAD, detail=given.title)
        return HttpResponseRedirect(media.url(given.sha256, mime="application/pdf", name=f"{given.title}.pdf", at=now, inline=False))
    course = queries.course(dossier, at=now)
    today = timezone.localdate(now)
    values = services.preview_values(course, MajorDecision.archive, RESPONSIBILITY, boxes.sent(MajorDecision.archive, QueryDict(""))) or {}
    try:
        made = rendering.render(
            RESPONSIBILITY, {**values, "as_of": today}, folder=forms_folder(course.context), region=dossier.region_id, number=""
        )
    except BadDocument as why:
        return render(request, "decisions/reserved.html", {"dossier": dossier, "why": str(why)}, status=422)
    note_reading(dossier, DOCUMENTS, by=request.actor, way=DOWNLOAD, detail=f"责任档案（归档前，截至{today}）")
    answer = HttpResponse(made.pdf, content_type="application/pdf")
    answer["Content-Disposition"] = content_disposition_header(True, f"责任档案（归档前，截至{today}）.pdf") or "attachment"
    answer["Cache-Control"] = "no-store"
    return answer


def _given(dossier: Dossier) -> queries.Given | None:
    """The document of the last filing; whoever is asked here may read it."""
    return next((each for each in reversed(queries.documents(dossier, NOTHING)) if each.form == RESPONSIBILITY.key), None)
