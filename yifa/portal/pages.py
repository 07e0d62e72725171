"""The public portal: three doors, and what a scanned code answers."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache, wraps
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from yifa.dossiers import media
from yifa.dossiers.queries import at_work_since
from yifa.kernel.ledger import queries as log_queries
from yifa.kernel.ledger import services as ledger
from yifa.kernel.people import badges
from yifa.kernel.people.identifiers import check_case_number
from yifa.kernel.people.queries import Badge, badge, badge_by_number
from yifa.kernel.people.reading_words import DOCUMENTS, PARTY, RECEIPT
from yifa.kernel.refusing import RejectedError
from yifa.portal import queries, services
from yifa.portal.answer import answer, title
from yifa.portal.services import TooOftenError
from yifa.procedures import registry, reserving
from yifa.procedures.reading import Ref
from yifa.procedures.search import law_address
from yifa.supervision import queries as complaint_queries
from yifa.supervision import services as complaint_services

OPENED_FOR = 30 * 60
ELDER_COOKIE = "elder"
View = Callable[..., HttpResponse]


def address(request: HttpRequest) -> str:
    """Whose tries are counted; behind a proxy that we trust, whoever it says it speaks for."""
    direct = str(request.META.get("REMOTE_ADDR", ""))
    forwarded = request.headers.get("X-Forwarded-For", "")
    if forwarded and direct in settings.TRUSTED_PROXIES:
        return forwarded.rpartition(",")[2].strip()
    return direct


def limited(view: View) -> View:
    """A page that counts tries: too many are told to wait, with status 429."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except TooOftenError as wait:
            response = render(request, "portal/wait.html", {"why": str(wait)}, status=429)
            response["Retry-After"] = "600"
            return response

    return guarded


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/home.html")


@require_safe
@limited
def find(request: HttpRequest) -> HttpResponse:
    """查执法: a 文号, a case number, a certificate's number, or the code itself; 查法规: a title or an article as people write it."""
    text = request.GET.get("q", "").strip()
    if not text:
        return redirect("portal:home")
    if request.GET.get("in") == "laws":
        return redirect(law_address(text[:100]) or f"{reverse('laws:library')}?{urlencode({'title': text[:100]})}")
    services.count("number", address=address(request))
    if held := badge_by_number(text):
        return render(request, "portal/officer.html", _officer(held))
    tokens = queries.case_tokens(text)
    if len(tokens) == 1:
        return redirect("portal:case", token=tokens[0])
    wrong = check_case_number(text).reason if text.count("-") == 4 else ""
    return render(request, "portal/not_found.html", {"text": text, "wrong": wrong}, status=404)


@require_safe
@never_cache
@limited
def officer(request: HttpRequest, token: str) -> HttpResponse:
    held = services.badge(token, address=address(request))
    if held is None:
        return render(request, "portal/unknown_badge.html", status=404)
    given = request.GET.get("mark", "")
    mark = ("fresh" if badges.is_fresh(token, given, timezone.now()) else "stale") if given else ""
    return render(request, "portal/officer.html", {**_officer(held), "token": token, "mark": mark})


def _officer(held: Badge) -> dict[str, Any]:
    """The badge, and since when today its holder has been at work as the record knows it: nobody clocks in for this page."""
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    at_work = at_work_since(held.person, today) if held.valid else None
    return {"badge": held, "photo": _photo(held.photo), "at_work": at_work}


def _photo(sha256: str) -> str:
    return media.url(sha256, mime="image/jpeg", name="photo.jpg", at=timezone.now()) if sha256 else ""


@require_safe
@limited
def case(request: HttpRequest, token: str) -> HttpResponse:
    """A code that the middleware below found nothing for, or a request that is no plain GET."""
    found = answered(request, token)
    if found is None:
        services.count("token", address=address(request))
        return render(request, "portal/unknown_case.html", status=404)
    return found


MARKS = ("YIFATITLE", "YIFAANSWER", "YIFAPATH")


@lru_cache(maxsize=4)
def _around(elder: bool, day: date) -> tuple[str, ...]:
    """The frame of the page, cut where the case's own words go; made anew every day and for each size of type."""
    bare = HttpRequest()
    bare.path = MARKS[2]
    bare.COOKIES = {ELDER_COOKIE: "1"} if elder else {}
    text = render_to_string("portal/case.html", {"title": MARKS[0], "answer": MARKS[1]}, request=bare)
    return tuple(re.split("|".join(MARKS), text))


def answered(request: HttpRequest, token: str) -> HttpResponse | None:
    """The first thing a party sees: is it real, what is to be paid, what can be done against it, whom to ask."""
    found = queries.case(token)
    if found is None:
        return None
    before, middle, after, end = _around(request.COOKIES.get(ELDER_COOKIE) == "1", timezone.localdate())
    text = f"{before}{title(found)}{middle}{answer(found)}{after}/c/{token}{end}".encode()
    return HttpResponse(text, headers={"Cache-Control": "no-cache", "Content-Length": str(len(text)), "X-Frame-Options": "DENY"})


@never_cache
@limited
def case_open(request: HttpRequest, token: str) -> HttpResponse:
    """Documents and personal data, after the last four characters of the number and the code printed on the decision."""
    found = _known(request, token)
    if request.method == "POST":
        if services.prove(found, last4=request.POST.get("last4", ""), printed=request.POST.get("code", ""), address=address(request)):
            response = redirect("portal:case_open", token=token)
            response.set_signed_cookie(
                "case", token, salt=token, max_age=OPENED_FOR, path=f"/c/{token}", httponly=True, samesite="Lax", secure=request.is_secure()
            )
            return response
        return render(request, "portal/prove.html", {"case": found, "wrong": True}, status=403)
    if not _opened(request, token):
        return render(request, "portal/prove.html", {"case": found})
    papers = queries.documents(found.league, found.code)
    services.note_reading(found, PARTY, *([DOCUMENTS] if papers else []))
    rated = papers and complaint_queries.is_rated(found.league, _rated_paper(papers))
    context = {"case": found, "party": queries.party(found.league, found.code), "documents": papers, "rated": rated, "scores": SCORES}
    return render(request, "portal/mine.html", context)


SCORES = ((5, "很满意"), (4, "满意"), (3, "一般"), (2, "不满意"), (1, "很不满意"))


@require_safe
@never_cache
def case_document(request: HttpRequest, token: str, document: UUID) -> HttpResponse:
    found = _proved(request, token)
    for paper in queries.documents(found.league, found.code):
        if paper["id"] == document:
            name = f"{paper['title']}.pdf"
            services.note_reading(found, DOCUMENTS, detail=str(paper["title"]))
            return HttpResponseRedirect(media.url(paper["sha256"], mime="application/pdf", name=name, at=timezone.now(), inline=False))
    raise Http404


@require_safe
@never_cache
def case_receipt(request: HttpRequest, token: str) -> HttpResponse:
    """The receipt of the whole record with the 正卷, for `/verify` and for whoever is to be convinced."""
    found = _proved(request, token)
    try:
        data = reserving.party_receipt(Ref(found.league, found.code))
    except ledger.UnsealedError as wait:
        return render(request, "portal/wait.html", {"why": str(wait)}, status=503)
    services.note_reading(found, RECEIPT)
    response = HttpResponse(data, content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{found.code}.receipt.json"'
    return response


@require_POST
@never_cache
def rate(request: HttpRequest, token: str) -> HttpResponse:
    """Once for a document. The body sees it only after the case is closed, and never whose it is."""
    found = _proved(request, token)
    papers = queries.documents(found.league, found.code)
    score = request.POST.get("score", "")
    try:
        if not papers or score not in {"1", "2", "3", "4", "5"}:
            raise RejectedError("请选择 1 到 5 分")
        complaint_services.rate(
            dossier=found.code,
            document=_rated_paper(papers),
            organisation=found.organisation,
            score=int(score),
            note=request.POST.get("note", ""),
        )
    except RejectedError as why:
        return render(request, "portal/rejected.html", {"why": str(why), "back": f"/c/{token}/open"}, status=409)
    return redirect("portal:case_open", token=token)


@limited
def complain(request: HttpRequest) -> HttpResponse:
    """我要投诉: about a case, an officer or a body. The query code is shown once."""
    about = _about(request.POST if request.method == "POST" else request.GET)
    if request.method != "POST":
        return render(request, "portal/complain.html", {"about": about})
    services.count("complain", address=address(request))
    try:
        filed = complaint_services.complain(
            about=about["about"],
            organisation=about["organisation"] or request.POST.get("organisation", ""),
            dossier=about["dossier"],
            certificate=about["certificate"],
            text=request.POST.get("text", ""),
            name=request.POST.get("name", ""),
            phone=request.POST.get("phone", ""),
        )
    except RejectedError as why:
        return render(request, "portal/complain.html", {"about": about, "error": str(why), "values": request.POST}, status=400)
    return render(request, "portal/complained.html", {"filed": filed})


def _about(given: QueryDict) -> dict[str, str]:
    """What the complaint is about, from the code that the form carries: nobody names a case by its number alone."""
    about = {"about": "body", "organisation": "", "organisation_name": "", "dossier": "", "certificate": "", "c": "", "v": ""}
    if (token := given.get("c", "")) and (found := queries.case(token)):
        about |= {
            "about": "case",
            "organisation": found.organisation,
            "organisation_name": found.organisation_name,
            "dossier": found.code,
            "c": token,
        }
    elif (token := given.get("v", "")) and (held := badge(token)):
        about |= {
            "about": "officer",
            "organisation": held.organisation_code,
            "organisation_name": held.organisation,
            "certificate": held.number,
            "v": token,
        }
    return about


@limited
def complaint(request: HttpRequest) -> HttpResponse:
    """The state of a complaint, by the query code alone."""
    if request.method != "POST":
        return render(request, "portal/complaint.html")
    services.count("query", address=address(request))
    found = complaint_queries.complaint_by_code(request.POST.get("code", ""))
    return render(request, "portal/complaint.html", {"complaint": found, "asked": True}, status=200 if found else 404)


@require_safe
def bodies(request: HttpRequest) -> JsonResponse:
    """For choosing the body one complains about."""
    text = request.GET.get("q", "").strip()
    return JsonResponse({"items": queries.bodies(text) if len(text) >= 2 else []})


@require_safe
def remedies(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/remedies.html")


@require_safe
def log(request: HttpRequest) -> HttpResponse:
    """The record for people: how large it is, who signs it, how to check it."""
    head = log_queries.checkpoint()
    return render(request, "portal/log.html", {"head": head, "key": str(log_queries.vkey()), "origin": settings.LOG_ORIGIN})


@require_safe
def verify(request: HttpRequest) -> HttpResponse:
    """The verifier, whole in one page: it asks nothing of this server once it is loaded."""
    titles = {procedure.key: {name: step.title for name, step in procedure.steps.items()} for procedure in registry.procedures()}
    return render(request, "portal/verify.html", {"keys": [str(log_queries.vkey())], "titles": titles})


@require_safe
def elder(request: HttpRequest) -> HttpResponse:
    """长者模式: larger type on every page, until it is switched off."""
    target = request.GET.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        target = "/"
    response = HttpResponseRedirect(target)
    if request.COOKIES.get(ELDER_COOKIE) == "1":
        response.delete_cookie(ELDER_COOKIE)
    else:
        response.set_cookie(ELDER_COOKIE, "1", max_age=365 * 86400, samesite="Lax")
    return response


def _rated_paper(papers: list[dict[str, Any]]) -> str:
    """What a rating is about: the decision, else the first document the party was given."""
    decisions = [paper for paper in papers if "决定书" in paper["title"]]
    return str((decisions or papers)[0]["id"]) if papers else ""


def _known(request: HttpRequest, token: str) -> queries.Case:
    found = services.case(token, address=address(request))
    if found is None:
        raise Http404
    return found


def _opened(request: HttpRequest, token: str) -> bool:
    return request.get_signed_cookie("case", default="", salt=token, max_age=OPENED_FOR) == token


def _proved(request: HttpRequest, token: str) -> queries.Case:
    if not _opened(request, token):
        raise Http404
    return _known(request, token)
