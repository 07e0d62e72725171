"""One article of a filed document beside one superior provision that it cites: the hint, and what the reviewer chooses and why."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from yifa.dossiers import queries as dossiers
from yifa.kernel.people.middleware import PersonRequest, acting
from yifa.kernel.refusing import RejectedError
from yifa.kernel.word.refusing import UnreadableError
from yifa.laws import choosing
from yifa.laws.conflicts import Told
from yifa.laws.queries import permalink
from yifa.normative import hinting
from yifa.normative.models import NormativeDocument
from yifa.normative.review_pages import REVIEWED, ROLES
from yifa.normative.reviewing import clause_text, sheet
from yifa.procedures import queries

WHICH = (("", "不能确定"), ("0", "本文件的规定"), ("1", "上位规定"))


@acting(*ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def hint(request: PersonRequest, code: str) -> HttpResponse:
    """The pair named by `n` (number of the provision on the review screen) and `clause`."""
    dossier = dossiers.case(request.actor, code)
    if dossier is None or dossier.procedure not in REVIEWED or dossier.organisation_id != request.actor.organisation:
        raise Http404("没有这份备案审查，或者您所在的机关不办理这份审查")
    subject = queries.course(dossier, at=timezone.now()).case.subject
    document = NormativeDocument.objects.select_related("maker", "region__parent__parent__parent").get(code=subject.code if subject else "")
    shown = sheet(document, on=timezone.localdate(dossier.closed_at) if dossier.closed_at else timezone.localdate())
    asked = request.POST if request.method == "POST" else request.GET
    why, told = "", Told()
    try:
        told = _told(asked)
    except RejectedError as problem:
        why = str(problem)
    rows = hinting.pairs(document, shown, code, request.actor, told)
    number = asked.get("n", "")
    found = [
        each for each in rows.get(int(number) if number.isascii() and number.isdecimal() else 0, ()) if each.clause == asked.get("clause")
    ]
    if not found:
        raise Http404("本文件没有这一对条文")
    pair = found[0]
    if request.method == "POST" and not why:
        try:
            choosing.choose(
                pair.first,
                pair.second,
                told,
                by=request.actor,
                choice=request.POST.get("choice", ""),
                reason=request.POST.get("reason", ""),
                about=code,
                at=timezone.now(),
            )
        except RejectedError as problem:
            why = str(problem)
        else:
            messages.success(request, "已记录您的选择和理由")
            return redirect("filing:review", code=code)
    provision = next(each for each in shown.provisions if each.n == pair.n)
    context = {
        "case": {"code": dossier.code, "number": dossier.number},
        "document": document,
        "pair": pair,
        "provision": provision,
        "words": _words(document, pair.clause),
        "cites": [(article, permalink(article)) for article in pair.hint.cites],
        "which": WHICH,
        "options": choosing.options(),
        "asked": {name: asked.get(name, "") for name in ("act_on", "special", "kinder", "choice", "reason")},
        "why": why,
    }
    return render(request, "normative/hint.html", context, status=422 if why else 200)


def _told(sent: QueryDict) -> Told:
    """Raises RejectedError for a day that is none."""
    special, kinder = (int(each) if (each := sent.get(name, "")) in {"0", "1"} else None for name in ("special", "kinder"))
    written = sent.get("act_on", "").strip()
    try:
        return Told(date.fromisoformat(written) if written else None, special, kinder)
    except ValueError:
        raise RejectedError("行为发生的日期请写成 2026-11-22 这样的真实日期。") from None


def _words(document: NormativeDocument, clause: str) -> str:
    try:
        return clause_text(document, clause) if clause else ""
    except UnreadableError:
        return ""
