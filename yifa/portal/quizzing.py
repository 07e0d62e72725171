"""知识测评 on the public portal: choose a law, answer its questions, see what is right and why."""

from __future__ import annotations

import re
from uuid import uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from yifa.evaluation import method, queries, quiz
from yifa.evaluation.quiz import OFFICER, Who
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.queries import Region, leagues_and_banners
from yifa.kernel.refusing import RejectedError
from yifa.portal import services
from yifa.portal.pages import address, limited

DEVICE = "quiz"
PLACES = {"town": True, "country": False, "": None}


@require_safe
def quizzes(request: HttpRequest) -> HttpResponse:
    """The laws that one may be asked about."""
    how = method.installed().awareness
    return render(request, "portal/quizzes.html", {"works": queries.asked_works(), "how": how})


@never_cache
@require_http_methods(["GET", "POST"])
@limited
def attempt(request: HttpRequest, slug: str) -> HttpResponse:
    """One sheet of random questions; after it is handed in, the answers with their articles."""
    work = next((each for each in queries.asked_works() if each[0] == slug), None)
    if work is None:
        raise Http404("这部法规没有测评")
    cookie = request.COOKIES.get(DEVICE, "")
    device = cookie if re.fullmatch(r"[0-9a-f]{32}", cookie) else uuid4().hex
    response = _taken(request, work, device) if request.method == "POST" else _sheet(request, work, device)
    days = method.installed().awareness.again_after_days + 1
    response.set_cookie(DEVICE, device, max_age=days * 86400, httponly=True, samesite="Lax", secure=request.is_secure())
    return response


def _sheet(request: HttpRequest, work: tuple[str, str, int], device: str, error: str = "", status: int = 200) -> HttpResponse:
    now = timezone.now()
    officer = _officer(request)
    who = Who("", "", "", None, quiz.digest("device", device), quiz.digest("person", officer.person) if officer else "")
    already = "" if error else quiz.why_not(work[0], who, now)
    how = method.installed().awareness
    context = {
        "work": work,
        "error": error,
        "already": already,
        "sheet": None if already else quiz.draw(work[0], at=now),
        "officer": officer,
        "strata": [each for each in how.strata if each.key != OFFICER],
        "regions": leagues_and_banners(),
        "how": how,
    }
    return render(request, "portal/quiz.html", context, status=status)


def _taken(request: HttpRequest, work: tuple[str, str, int], device: str) -> HttpResponse:
    services.count("quiz", address=address(request))
    officer, post = _officer(request), request.POST
    region = _region(post.get("region", ""), officer)
    answers = {
        int(name.removeprefix("q")): int(value)
        for name, value in post.dict().items()
        if isinstance(value, str) and re.fullmatch(r"q[0-9]{1,9}", name) and re.fullmatch(r"[0-9]{1,2}", value)
    }
    try:
        if region is None:
            raise RejectedError("请选择您所在的旗县（市、区）")
        # Who signs in as an enforcement officer is one; nobody else can say so of himself.
        stratum = OFFICER if officer else post.get("stratum", "")
        if stratum == OFFICER and not officer:
            raise RejectedError("执法人员请先登录再参加")
        who = Who(
            stratum=stratum,
            region=region.code,
            league=region.league,
            urban=PLACES.get(post.get("place", "")),
            device=quiz.digest("device", device),
            person=quiz.digest("person", officer.person) if officer else "",
        )
        told = quiz.take(post.get("sheet", ""), answers, who, at=timezone.now())
        if told.attempt.work_key != work[0]:
            raise RejectedError("答卷和法规不一致，请重新开始")
    except RejectedError as why:
        return _sheet(request, work, device, str(why), 400)
    return render(request, "portal/quizzed.html", {"told": told, "work": work, "how": method.installed().awareness})


def _officer(request: HttpRequest) -> Actor | None:
    actor: Actor | None = getattr(request, "actor", None)
    return actor if actor is not None and actor.certificate else None


def _region(code: str, officer: Actor | None) -> Region | None:
    wanted = officer.region[:6] if officer else code
    return next((each for each in leagues_and_banners() if each.code == wanted), None)
