"""考核: the score sheet of a unit, the trace of one outcome, the units."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from yifa.assessment import queries
from yifa.assessment.adjustments import Adjustment
from yifa.assessment.indicators import Aspect, Indicators
from yifa.assessment.queries import KEYS, Period, Unit
from yifa.assessment.sheet import UNCONNECTED, Line, Part, Sheet
from yifa.facts import queries as facts
from yifa.facts.queries import Where
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.middleware import PersonRequest, acting
from yifa.supervision import figure_queries
from yifa.supervision.figures import FEEDS

READERS = ("assessor", "supervisor", "head")
PAGE = 30
_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")


@acting(*READERS)
def overview(request: PersonRequest) -> HttpResponse:
    """The sheet of one unit, by aspect; and the units the reader may open."""
    actor = request.actor
    indicators = _indicators()
    period, unit = _period(request), _unit(request, actor)
    sheet = queries.score_sheet(indicators, unit, queries.gather(period))
    chosen = _chosen(actor, unit, period)
    aspects = [_shown(aspect, part, chosen["query"]) for aspect, part in sheet.aspects]
    context = {
        "sheet": sheet,
        "aspects": aspects,
        "bars": _bars(sheet),
        "deductions": [_deduction(actor, unit, period, each) for each in sheet.adjustments],
        "feeds": [(metric, figure, feed, sheet.indicators.metrics.get(metric)) for metric, (figure, feed) in sorted(FEEDS.items())],
        **chosen,
    }
    return render(request, "assessment/overview.html", context)


@acting(*READERS)
def outcome(request: PersonRequest, code: str) -> HttpResponse:
    """Score → formula with numbers → facts → entry → document."""
    actor = request.actor
    period, unit = _period(request), _unit(request, actor)
    sheet = queries.score_sheet(_indicators(), unit, queries.gather(period))
    line = sheet.line(code)
    place = sheet.indicators.find(code)
    if line is None or place is None:
        raise Http404("指标集里没有这项成果")
    part, after = request.GET.get("part", "numerator"), request.GET.get("after", "")
    if part not in facts.PARTS or not re.fullmatch(r"([0-9]{1,18}\.[0-9]{1,4})?", after):
        raise Http404("地址不完整")
    context: dict[str, Any] = {
        "sheet": sheet,
        "line": line,
        "aspect": place[0],
        "measure": place[1],
        "part": part,
        **_chosen(actor, unit, period),
    }
    if line.metric and line.metric.code in KEYS:
        where = Where(period.first, period.last, **({"region": unit.code} if unit.is_region else {"organisation": unit.code}))
        context["feed"] = FEEDS[line.metric.code]
        context["behind"] = facts.behind(actor, [KEYS[line.metric.code]], where, part=part, after=after)
        context["urls"] = {name: f"?{_query(unit, period, part=name)}" for name in facts.PARTS}
    return render(request, "assessment/outcome.html", context)


@acting(*READERS)
def units(request: PersonRequest) -> HttpResponse:
    """The units of one region with their scores, by code: a table, not a ranking. A name finds any unit the reader may open."""
    actor = request.actor
    indicators, period = _indicators(), _period(request)
    text, after = request.GET.get("q", "").strip()[:60], request.GET.get("after", "")
    region = request.GET.get("region", "") or actor.region
    _reach(actor, period, region=region)
    found = queries.units_named(text, region=actor.region, after=after, limit=PAGE + 1) if text else queries.units_of(region)
    if not found and not text:
        raise Http404("没有这个区划")
    above = "" if text or region == actor.region else queries.region_above(region)
    sums = queries.gather(period)
    rows = [
        {
            "unit": unit,
            "sheet": queries.score_sheet(indicators, unit, sums),
            "url": _url(unit, period),
            "below": _region_url(unit.code, period) if unit.is_region and unit.code != region else "",
        }
        for unit in (found[:PAGE] if text else found)
    ]
    context = {
        "rows": rows,
        "here": None if text else found[0],
        "q": text,
        "above": _region_url(above, period) if above else "",
        "next": _after(text, period, found[PAGE - 1].code) if text and len(found) > PAGE else "",
        "period": period,
        "indicators": indicators,
    }
    return render(request, "assessment/units.html", context)


def _indicators() -> Indicators:
    row = queries.current()
    if row is None:
        raise Http404("还没有导入指标集")
    return queries.indicators_of(row)


def _period(request: HttpRequest) -> Period:
    first, last = figure_queries.last_months(timezone.localdate())
    first, last = request.GET.get("first") or first, request.GET.get("last") or last
    if not (_MONTH.fullmatch(first) and _MONTH.fullmatch(last)) or last < first:
        raise Http404("月份应当写作2026-11，起始月份不晚于截止月份")
    return Period(first, last)


def _unit(request: HttpRequest, actor: Actor) -> Unit:
    code = request.GET.get("unit", "") or (actor.region[:6] if actor.has(*figure_queries.OVERSEES) else actor.organisation)
    found = queries.unit(code) if re.fullmatch(r"[0-9]{6}|[0-9]{10}", code) else None
    if found is None:
        raise Http404("没有这个考核单位")
    period = _period(request)
    _reach(actor, period, **({"region": code} if found.is_region else {"organisation": code}))
    return found


def _reach(actor: Actor, period: Period, *, region: str = "", organisation: str = "") -> None:
    try:
        figure_queries.where(actor, first=period.first, last=period.last, region=region, organisation=organisation)
    except figure_queries.OutOfReachError as reason:
        raise Http404(str(reason)) from None


def _query(unit: Unit, period: Period, **more: str) -> str:
    return urlencode({"unit": unit.code, "first": period.first, "last": period.last, **more})


def _url(unit: Unit, period: Period) -> str:
    return f"{reverse('assessment:overview')}?{_query(unit, period)}"


def _chosen(actor: Actor, unit: Unit, period: Period) -> dict[str, Any]:
    choices = queries.units(region=actor.region) if actor.has(*figure_queries.OVERSEES) else [unit]
    return {
        "unit": unit,
        "period": period,
        "units": choices,
        "query": _query(unit, period),
        "oversees": actor.has(*figure_queries.OVERSEES),
    }


def _region_url(region: str, period: Period) -> str:
    return f"?{urlencode({'region': region, 'first': period.first, 'last': period.last})}"


def _after(text: str, period: Period, code: str) -> str:
    return urlencode({"q": text, "first": period.first, "last": period.last, "after": code})


def _shown(aspect: Aspect, part: Part, query: str) -> dict[str, Any]:
    """One aspect of the tree: what is connected stands first, the rest behind a click."""
    waiting = [line for line in part.lines if line.state == UNCONNECTED]
    return {
        "aspect": aspect,
        "part": part,
        "connected": _by_measure(aspect, [line for line in part.lines if line.state != UNCONNECTED], query),
        "waiting": _by_measure(aspect, waiting, query),
        "unconnected": len(waiting),
    }


def _by_measure(aspect: Aspect, lines: list[Line], query: str) -> list[dict[str, Any]]:
    """Outcomes under their measures, in the order of the set; a measure of which there is nothing is left out."""
    found = {line.outcome.code: line for line in lines}
    groups = [(measure, [found[each.code] for each in measure.outcomes if each.code in found]) for measure in aspect.measures]
    return [{"measure": measure, "lines": shown, "query": query} for measure, shown in groups if shown]


def _deduction(actor: Actor, unit: Unit, period: Period, each: Adjustment) -> dict[str, Any]:
    """One deduction with the entries that took it."""
    body = queries.government(unit.code) if unit.is_region else unit.code
    return {"it": each, "behind": facts.behind(actor, [each.rule.key], Where(period.first, period.last, organisation=body))}


def _bars(sheet: Sheet) -> dict[str, Any]:
    """Points earned and lost by aspect, of what could be scored."""
    shown = [(aspect, part) for aspect, part in sheet.aspects if part.applicable]
    return {
        "id": "chart-aspects",
        "kind": "stack",
        "title": "各方面得分与失分",
        "unit": "分",
        "caliber": "只计已接入的成果；得分加失分等于已接入权重",
        "labels": [aspect.title for aspect, _ in shown],
        "series": [
            {"name": "得分", "values": [str(part.earned) for _, part in shown]},
            {"name": "失分", "values": [str(part.applicable_points - part.earned) for _, part in shown]},
        ],
    }
