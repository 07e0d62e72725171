"""评估 on the desk: 使用率 and the 2×2, one work with its heat map, articles asleep, and which works are enforceable."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from yifa.evaluation import method, queries, quiz, services
from yifa.evaluation.advice import ADVICE, WAITING
from yifa.evaluation.book import Book, Line
from yifa.evaluation.effect import percent
from yifa.evaluation.models import Enforceable
from yifa.evaluation.queries import Period
from yifa.kernel.parameters.rules import significant
from yifa.kernel.people.middleware import PersonRequest, acting, forbidden
from yifa.kernel.people.queries import regions_within
from yifa.kernel.refusing import RejectedError
from yifa.laws import surveying

READERS = ("assessor", "supervisor", "reviewer", "head")
DECIDERS = ("assessor", "supervisor", "reviewer")
_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
STEPS = (1, 3, 10, 30)  # uses from which a cell is one shade darker; the number stands in it besides
SHADES = ("heat-0", "heat-1", "heat-2", "heat-3", "heat-4")


def chosen(request: PersonRequest) -> Period:
    """The months and the region asked for, within the reader's own; else the last twelve months there. Raises Http404."""
    first, last = queries.year_before(timezone.localdate())
    first, last = request.GET.get("first", "") or first, request.GET.get("last", "") or last
    region = request.GET.get("region", "") or request.actor.region[:6]
    if not (_MONTH.fullmatch(first) and _MONTH.fullmatch(last)) or last < first:
        raise Http404("月份应当写作2026-11，起始月份不晚于截止月份")
    if not re.fullmatch(r"[0-9]{6}", region) or not region.startswith(significant(request.actor.region[:6])):
        raise Http404("您无权查看这个区划的评估")
    return Period(first, last, region)


def contexts() -> Any:
    return import_string(settings.CONTEXTS)


def shared(request: PersonRequest, period: Period) -> dict[str, Any]:
    """What the form above the figures offers and has chosen, and the tabs."""
    asked = urlencode({"first": period.first, "last": period.last, "region": period.region})
    return {
        "period": period,
        "regions": regions_within(request.actor.region[:6]),
        "asked": asked,
        "may_decide": request.actor.has(*DECIDERS),
    }


@require_safe
@acting(*READERS)
def overview(request: PersonRequest) -> HttpResponse:
    """使用率, the four fields, and every work that is enforceable."""
    period = chosen(request)
    book = Book(period, timezone.localdate(), contexts())
    used, every = book.rate
    fields: dict[str, list[Line]] = {cell: [] for cell in ADVICE}
    for line in book.lines:
        if line.advice.cell:
            fields[line.advice.cell].append(line)
    shown = [line for line in book.lines if line.events][:60]
    return render(
        request,
        "evaluation/overview.html",
        {
            **shared(request, period),
            "used": used,
            "every": every,
            "rate": percent(Decimal(used) / every) if every else "不适用",
            "fields": [{"advice": ADVICE[cell], "lines": lines} for cell, lines in fields.items()],
            "waiting": WAITING,
            "lines": shown,
            "unused": every - sum(1 for line in book.lines if line.events),
            "waits": queries.rows(period, (Enforceable.State.PROPOSED,)).count(),
            "kinds": book.method.kinds,
            "middle": book.middle,
            "high": percent(book.method.effect.high),
            "days": book.method.days_in_force,
        },
    )


@dataclass(frozen=True)
class Cell:
    """One article of the heat map: `shade` is a class, always beside its number of uses."""

    key: str
    number: str
    n: int
    shade: str
    marks: str
    asleep: bool


@require_safe
@acting(*READERS)
def work(request: PersonRequest, slug: str) -> HttpResponse:
    """One work: where it is used article by article, who knows it, what it leads to, and the acts behind each number."""
    period, today = chosen(request), timezone.localdate()
    text = surveying.text(slug, today)
    if text is None:
        raise Http404("法规库没有这部法规")
    article = request.GET.get("article", "")
    after = request.GET.get("after", "")
    if not re.fullmatch(r"(t[0-9]+(_[0-9]+)?)?", article) or not re.fullmatch(r"[0-9]{0,18}", after):
        raise Http404("地址不完整")
    book = Book(period, today, contexts())
    row = Enforceable.objects.filter(pk=slug).first() or Enforceable(work_key=slug, title=text.title, state="")
    uses = {key: sum(counts.values()) for key, counts in queries.article_uses(period, slug).items()}
    sleeping = {each.article for each in queries.asleep([row], period.region, today)}
    cells = [_cell(key, uses.get(key, 0), row, sleeping) for key, _, _ in text.articles]
    words = {key: (number, body) for key, number, body in text.articles}
    line = book.line(row)
    return render(
        request,
        "evaluation/work.html",
        {
            **shared(request, period),
            "text": text,
            "row": row,
            "cells": cells,
            "steps": STEPS,
            "elsewhere": sorted(set(uses) - {key for key, _, _ in text.articles}),
            "line": line,
            "effect": percent(line.effect.value) if line.effect.value is not None else "",
            "parts": [_part(part) for part in line.effect.parts],
            "available": percent(line.effect.available),
            "kinds": [(kind, line.counts.get(kind.key, 0)) for kind in book.method.kinds],
            "aware": _aware(book.awareness(slug)),
            "places": [{"name": each.name, "share": _share(each.share)} for each in quiz.by_place(slug, period)],
            "trend": _trend(queries.months_of(period, slug)),
            "acts": queries.acts(request.actor, period, slug, article=article, after=int(after or 0)),
            "article": article,
            "chosen": words.get(article, ("", "")),
        },
    )


def _cell(key: str, n: int, row: Enforceable, sleeping: set[str]) -> Cell:
    shade = SHADES[sum(1 for step in STEPS if n >= step)]
    marks = "".join(mark for mark, keys in (("罚", row.penalty), ("许", row.permit)) if key in keys)
    return Cell(key, key.removeprefix("t").replace("_", "之"), n, shade, marks, key in sleeping)


def _part(part: Any) -> dict[str, Any]:
    count = part.count
    return {
        "part": part,
        "value": percent(part.value) if part.value is not None else part.why,
        "of": f"{count.hits.normalize():f} ÷ {count.n}" if count and count.n else "",
        "planned": percent(part.planned),
        "weight": percent(part.weight) if part.value is not None else "—",
        "note": count.note if count else "",
    }


def _aware(found: Any) -> dict[str, Any]:
    return {
        "result": found,
        "rate": percent(found.rate) if found.rate is not None else "",
        "low": percent(found.interval[0]) if found.interval else "",
        "high": percent(found.interval[1]) if found.interval else "",
        "lines": [{"stratum": line.stratum, "share": _share(line.share), "weight": percent(line.stratum.weight)} for line in found.lines],
    }


def _share(share: Any) -> dict[str, Any]:
    """Below thirty persons only how many there are: a share of so few is chance."""
    least = method.installed().awareness.least_in_stratum
    if share.p is None or share.n < least:
        return {"n": share.n, "text": f"不足{least}人，不公布"}
    low, high = share.interval
    return {"n": share.n, "text": f"{percent(share.p)}（{percent(low)}至{percent(high)}）"}


def _trend(rows: Sequence[tuple[str, int]]) -> dict[str, Any]:
    return {
        "id": "chart-trend",
        "kind": "line",
        "title": "按月使用",
        "unit": "件",
        "caliber": "引用这部法规的决定、文书件数，一件计一次",
        "labels": [month for month, _ in rows],
        "series": [{"name": "件数", "values": [str(n) for _, n in rows]}],
    }


@require_safe
@acting(*READERS)
def asleep(request: PersonRequest) -> HttpResponse:
    """沉睡条款, work by work: input to 立改废, no fault of anybody."""
    period = chosen(request)
    found = queries.asleep(queries.enforceable(period), period.region, timezone.localdate())
    works: dict[str, dict[str, Any]] = {}
    for each in found:
        works.setdefault(each.row.work_key, {"row": each.row, "articles": []})["articles"].append(each.article)
    name = request.GET.get("q", "").strip()
    shown = [each for each in works.values() if name in each["row"].title]
    return render(
        request,
        "evaluation/asleep.html",
        {**shared(request, period), "works": shown[:100], "more": max(len(shown) - 100, 0), "total": len(found), "q": name,
         "years": method.installed().asleep_years},
    )  # fmt: skip


@never_cache
@require_http_methods(["GET", "POST"])
@acting(*READERS)
def enforceable(request: PersonRequest) -> HttpResponse:
    """The works proposed by their words: a person confirms or leaves out, with a reason."""
    period, status = chosen(request), 200
    if request.method == "POST":
        if not request.actor.has(*DECIDERS):
            return forbidden(request)
        try:
            if request.POST.get("act") == "propose":
                waits = services.propose_enforceable(on=timezone.localdate())
                messages.success(request, f"已经按条文重新提出，{waits}部等待确认。")
            else:
                keys, state = request.POST.getlist("work"), request.POST.get("act", "")
                changed = services.decide_enforceable(keys, state=state, by=request.actor, reason=request.POST.get("reason", ""))
                messages.success(request, f"已经记录{changed}部。")
        except RejectedError as why:
            messages.error(request, str(why))
            status = 422
        else:
            return HttpResponseRedirect(f"{reverse('evaluation:enforceable')}?{shared(request, period)['asked']}")
    state = request.GET.get("state", "") or Enforceable.State.PROPOSED
    if state not in Enforceable.State.values:
        raise Http404
    after, name = request.GET.get("after", ""), request.GET.get("q", "").strip()
    found = queries.rows(period, (state,))
    if name:
        found = found.filter(title__contains=name)
    if after:
        found = found.filter(title__gt=after)
    rows = list(found[: queries.PAGE + 1])
    following = urlencode({"state": state, "after": rows[queries.PAGE - 1].title, "q": name}) if len(rows) > queries.PAGE else ""
    return render(
        request,
        "evaluation/enforceable.html",
        {**shared(request, period), "rows": rows[: queries.PAGE], "next": following, "state": state, "states": Enforceable.State.choices,
         "q": name},
        status=status,
    )  # fmt: skip
