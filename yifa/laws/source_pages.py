"""Where two sources of one text differ: article by article, word by word, and which of them stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from yifa.kernel.people.middleware import PersonRequest, acting
from yifa.laws import deciding, keeping, queries, redline
from yifa.laws.access import KEEPERS, may_keep
from yifa.laws.comparing import EXTRA, MISSING, PUNCTUATION, WORDING
from yifa.laws.deciding import DecidedError
from yifa.laws.desk_pages import finding, number_in
from yifa.laws.models import Difference, Expression
from yifa.laws.rules import locator

STATES = ((keeping.OPEN, "未核对"), (keeping.DOUBT, "待核"), (keeping.DONE, "已核对"))
GONE = "标点不同已经由他人核对，请刷新后查看。"
KINDS = (WORDING, PUNCTUATION, MISSING, EXTRA)


@acting(*KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def differing(request: PersonRequest) -> HttpResponse:
    """The texts whose sources differ; those that differ in mere punctuation may be settled together."""
    refused: list[dict[str, Any]] = []
    asked = request.POST if request.method == "POST" else request.GET
    state, kind = asked.get("state", keeping.OPEN), asked.get("kind", "")
    if state not in dict(STATES) or (kind and kind not in KINDS):
        raise Http404
    kept = {"state": state, **({"kind": kind} if kind else {})}
    if request.method == "POST":
        texts = [int(each) for each in request.POST.getlist("text") if each.isascii() and each.isdecimal() and len(each) < 19]
        chosen = keeping.trivial(texts, deciding.MAX_AT_ONCE)
        try:
            if texts and not chosen:
                raise DecidedError(GONE)
            n = deciding.decide_differences(chosen, by=request.actor, reason=request.POST.get("reason", ""), at=timezone.now())
        except DecidedError as problem:
            refused = finding(problem)
        else:
            messages.success(request, f"已核对 {n} 处标点不同，以现用文字为准。")
            return redirect(f"{reverse('law_differences')}?{urlencode(kept)}")
    rows, cursor = keeping.differing(state, kind=kind, after=asked.get("after", ""))
    context = {
        "rows": rows,
        "state": state,
        "states": STATES,
        "kind": kind,
        "kinds": KINDS,
        "is_bulk": state == keeping.OPEN and kind == PUNCTUATION,
        "next": urlencode({**kept, "after": cursor}) if cursor else "",
        "reason": request.POST.get("reason", ""),
        "findings": refused,
    }
    return render(request, "laws/desk_differences.html", context, status=422 if refused else 200)


@dataclass(frozen=True)
class Pair:
    """One article as two sources give it, with the characters that only one of them has."""

    row: Difference
    label: str
    source: str
    ours: list[redline.Stretch]
    theirs: list[redline.Stretch]
    choices: list[tuple[str, str]]


def _pair(each: queries.Differs) -> Pair:
    told = redline.redline(each.ours, each.row.other)
    whole = each.row.kind in {MISSING, EXTRA}
    choices = [(key, word) for key, word in Difference.Choice.choices if not (whole and key == Difference.Choice.THEIRS)]
    return Pair(
        each.row,
        locator(each.row.node_key) or each.row.node_key,
        keeping.source_title(each.row.source),
        redline.side(told, redline.TAKEN_OUT),
        redline.side(told, redline.PUT_IN),
        [(str(key), str(word)) for key, word in choices],
    )


@acting(*KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def differences(request: PersonRequest, pk: int) -> HttpResponse:
    """One text: its articles that differ, side by side; one is decided, or all that are mere punctuation."""
    text = get_object_or_404(Expression.objects.select_related("work"), pk=pk)
    asked = request.POST if request.method == "POST" else request.GET
    state = asked.get("state", keeping.OPEN)
    if state not in dict(STATES):
        raise Http404
    refused: list[dict[str, Any]] = []
    here = f"{reverse('law_difference', args=[pk])}?{urlencode({'state': state})}"
    if request.method == "POST":
        try:
            said = _decide(request, text)
        except DecidedError as problem:
            refused = finding(problem)
        else:
            messages.success(request, said)
            return redirect(here)
    rows, cursor = keeping.differences_of(text, state, after=number_in(request, "after"))
    gazette = deciding.gazette(text.work)
    context = {
        "text": text,
        "pairs": [_pair(each) for each in rows],
        "ours": keeping.source_title(text.source),
        "state": state,
        "states": STATES,
        "trivial": len(keeping.trivial([text.pk], deciding.MAX_AT_ONCE)) if state == keeping.OPEN else 0,
        "gazette": gazette,
        "gazette_url": queries.permalink(gazette) if gazette else "",
        "may": may_keep(request.actor, text.work.region),
        "next": urlencode({"state": state, "after": cursor}) if cursor else "",
        "stated": {name: request.POST.get(name, "") for name in ("difference", "choice", "reason")},
        "findings": refused,
    }
    return render(request, "laws/desk_difference.html", context, status=422 if refused else 200)


def _decide(request: PersonRequest, text: Expression) -> str:
    """Take what was sent; returns what to say. Raises DecidedError."""
    reason, now = request.POST.get("reason", ""), timezone.now()
    if request.POST.get("all") == PUNCTUATION:
        if not (chosen := keeping.trivial([text.pk], deciding.MAX_AT_ONCE)):
            raise DecidedError(GONE)
        n = deciding.decide_differences(chosen, by=request.actor, reason=reason, at=now)
        return f"已核对 {n} 处标点不同，以现用文字为准。"
    row = text.differences.filter(pk=number_in(request, "difference")).first()
    if row is None:
        raise DecidedError("这处不同已经不在：来源改了，或者重新导入了文本。请刷新后查看。")
    seen, choice = request.POST.get("seen", ""), request.POST.get("choice", "")
    deciding.decide_difference(row.pk, by=request.actor, reason=reason, at=now, choice=choice, seen=seen)
    return f"已记录{locator(row.node_key)}：{Difference.Choice(choice).label}。"
