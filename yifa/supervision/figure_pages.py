"""统计: the table of figures, and each figure down to the entries it counts."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from yifa.facts.queries import Where
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.middleware import acting
from yifa.supervision import figure_queries as queries
from yifa.supervision.figures import BY_ID, FIGURES, Value, hundredth

READERS = ("supervisor", "assessor", "head", "discloser", "finance")
_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")


@acting(*READERS)
def figures(request: HttpRequest) -> HttpResponse:
    actor = _actor(request)
    place = _place(request, actor)
    table = [(line, _url(line.figure.id, place)) for line in queries.table(place)]
    lines = [{"line": line, "url": url} for line, url in table]
    shares = [(line.figure.name, line.value, url) for line, url in table if not line.figure.mean]
    rates = _chart("rates", "bar", "各项比率", "每项的口径见下表；各项口径不同，不作高低比较", shares, mean=False)
    return render(request, "supervision/figures.html", {"lines": lines, "rates": rates, "feeds": FIGURES, **_chosen(actor, place)})


@acting(*READERS)
def figure(request: HttpRequest, figure_id: str) -> HttpResponse:
    actor = _actor(request)
    found = BY_ID.get(figure_id)
    if found is None:
        raise Http404("没有这项指标")
    place = _place(request, actor)
    part = request.GET.get("part", "numerator")
    after = request.GET.get("after", "")
    if part not in ("numerator", "denominator") or not re.fullmatch(r"([0-9]{1,18}\.[0-9]{1,4})?", after):
        raise Http404("地址不完整")
    context: dict[str, Any] = {
        "figure": found,
        "line": next(line for line in queries.table(place) if line.figure is found),
        "part": part,
        "behind": queries.behind(actor, found.id, place, part=part, after=after),
        "trend": _chart(
            "trend", "line", "按月", found.formula, [(month, value, "") for month, value in queries.months(found, place)], mean=found.mean
        ),
        "urls": {name: _url(found.id, place, part=name) for name in ("numerator", "denominator")},
        "query": _query(place, part=part),
        **_chosen(actor, place),
    }
    if not place.organisation:
        rows = [
            (body.name, value, _url(found.id, Where(place.first, place.last, organisation=body.code)))
            for body, value in queries.by_body(found, place)
        ]
        context["bodies"] = _chart("bodies", "bar", "各机关", found.formula, rows, mean=found.mean)
    return render(request, "supervision/figure.html", context)


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by ActorMiddleware; `acting` has let only actors in
    return actor


def _place(request: HttpRequest, actor: Actor) -> Where:
    first, last = queries.last_months(timezone.localdate())
    asked = {name: request.GET.get(name, "") for name in ("first", "last", "organisation", "region")}
    first, last = asked["first"] or first, asked["last"] or last
    if not (_MONTH.fullmatch(first) and _MONTH.fullmatch(last)) or last < first:
        raise Http404("月份应当写作2026-11，起始月份不晚于截止月份")
    try:
        return queries.where(actor, first=first, last=last, organisation=asked["organisation"], region=asked["region"])
    except queries.OutOfReachError as reason:
        raise Http404(str(reason)) from None


def _query(place: Where, **more: str) -> str:
    parts = {"first": place.first, "last": place.last, "organisation": place.organisation, "region": place.region, **more}
    return urlencode({key: value for key, value in parts.items() if value})


def _url(figure_id: str, place: Where, **more: str) -> str:
    return f"{reverse('figures:figure', args=[figure_id])}?{_query(place, **more)}"


def _chosen(actor: Actor, place: Where) -> dict[str, Any]:
    """What the form above the figures offers and has chosen."""
    return {
        "place": place,
        "bodies_to_choose": queries.bodies(actor),
        "regions_to_choose": queries.regions(actor) if actor.has(*queries.OVERSEES) else [],
    }


def _chart(name: str, kind: str, title: str, caliber: str, rows: list[tuple[str, Value, str]], *, mean: bool) -> dict[str, Any]:
    """Numbers cross into JSON as decimal text, which the chart reads; a month without a number stays empty."""
    factor = 1 if mean else 100
    values = [None if value.ratio is None else str(hundredth(value.ratio * factor)) for _, value, _ in rows]
    chart: dict[str, Any] = {"id": f"chart-{name}", "kind": kind, "title": title, "unit": "" if mean else "%", "caliber": caliber}
    chart |= {"labels": [label for label, _, _ in rows], "series": [{"name": title, "values": values}]}
    if any(url for _, _, url in rows):
        chart["urls"] = [url for _, _, url in rows]
    return chart
