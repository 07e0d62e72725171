"""对规范性文件的异议 on the public portal: the form beside a document, and what became of one's objection."""

from __future__ import annotations

from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from yifa.dossiers import media
from yifa.kernel.refusing import RejectedError
from yifa.normative import objecting
from yifa.normative import objection_queries as queries
from yifa.normative.objecting import Said
from yifa.participation import taking
from yifa.portal import services
from yifa.portal.pages import View, address, limited

# What is attached, and the words around it: more is turned away before a byte of it is read.
MOST_BYTES = taking.MOST_FILES * taking.MOST_BYTES + 1_000_000


def measured(view: View) -> View:
    """Counts a try and looks at its announced size before the form is read; the token of the form is checked after that."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.method == "POST":
            services.count("objection", address=address(request))
            if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
                why = f"附件一共不能超过 {taking.MOST_FILES * taking.MOST_BYTES // 1_000_000} MB，请减少附件后重新提交"
                return render(request, "portal/rejected.html", {"why": why, "back": request.path}, status=413)
        return csrf_protect(view)(request, *args, **kwargs)

    return guarded


@csrf_exempt
@limited
@measured
def new(request: HttpRequest, code: str) -> HttpResponse:
    """对本文件有异议: which clauses, why, to whom. The query code is shown once."""
    document = queries.public_document(code)
    if document is None:
        raise Http404
    addressees = queries.addressees(code)
    values, error = request.POST.dict(), ""
    if request.method == "POST":
        said = Said(
            document=code,
            organisation=values.get("organisation", ""),
            clauses=values.get("clauses", ""),
            reason=values.get("reason", ""),
            name=values.get("name", ""),
            contact=values.get("contact", ""),
            is_organisation=values.get("who") == "organisation",
            files=request.FILES.getlist("files"),
        )
        try:
            filed = objecting.file(said)
        except RejectedError as why:
            error = str(why)
        else:
            return render(request, "portal/objected.html", {"filed": filed, "row": document})
    chosen = values.get("organisation") or (addressees[0][0] if addressees else "")
    context = {"row": document, "addressees": addressees, "chosen": chosen, "values": values, "error": error}
    return render(request, "portal/object.html", context, status=400 if error else 200)


@never_cache
@limited
def objection(request: HttpRequest) -> HttpResponse:
    """Where one's own objection stands, and the answer, by the query code alone."""
    if request.method != "POST":
        return render(request, "portal/objection.html")
    services.count("query", address=address(request))
    found, now = queries.by_code(request.POST.get("code", "")), timezone.now()
    papers = [
        {"paper": each, "url": media.url(each.sha256, mime="application/pdf", name=f"{each.title}.pdf", at=now)}
        for each in (found.papers if found else ())
    ]
    return render(request, "portal/objection.html", {"asked": True, "found": found, "papers": papers}, status=200 if found else 404)
