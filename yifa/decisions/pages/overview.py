"""/desk/decisions/ : a supervisor's overview of every matter of a place, its filters, its charts over all that match, and its export."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header, urlencode
from django.views.decorators.http import require_safe

from yifa.decisions import clue_queries, lamps, template_versions
from yifa.decisions import matter_queries as queries
from yifa.decisions.forms.declared import POINTS
from yifa.decisions.matter_queries import Asked, Counted, Line
from yifa.decisions.procedures.words import CATEGORIES
from yifa.decisions.rules import R713
from yifa.kernel import sheets
from yifa.kernel.access.queries import scope
from yifa.kernel.people.middleware import PersonRequest, acting

ROLES = ("officer", "head", "reviewer", "discloser", "supervisor", "assessor")
SHORT = {"policy": "公共政策和措施", "plan": "重要规划", "resource": "自然和文化资源", "project": "公共建设项目", "other": "其他重大事项"}
RANKED = 15  # bodies on the chart; the export has all
HEADER = (
    "案件编号",
    "决策事项",
    "类别",
    "承办单位",
    "区划",
    "进度",
    "提出日期",
    "得分",
    "得分种类",
    "缺少的记录",
    *(f"{title}" for _, title in POINTS),
)
LIT = (("红灯", lamps.RED), ("黄灯", lamps.AMBER))


@acting(*ROLES)
@require_safe
def overview(request: PersonRequest) -> HttpResponse:
    """Every matter one may see that matches, newest first, page by page; the charts count all of them."""
    asked, rights = _asked(request), scope(request.actor)
    queries.freshen(request.actor, asked, within=rights)
    cursor = request.GET.get("after", "")[:200]
    try:
        found = queries.page(request.actor, asked, cursor=cursor, within=rights)
    except queries.CursorError:
        return redirect(f"/desk/decisions/?{_query(asked)}")
    counted = queries.counted(request.actor, asked, within=rights)
    context = {
        "lines": [{"row": line, "category": SHORT.get(line.category or "", ""), "next": found.due.get(line.code)} for line in found.lines],
        "asked": asked,
        "is_narrow": asked != Asked(),
        "has_more": bool(asked.month or asked.category or asked.organisation or asked.point),
        "choices": queries.choices(request.actor, within=rights),
        "categories": SHORT.items(),
        "states": queries.STATES.items(),
        "colours": lamps.WORDS.items(),
        "points": POINTS,
        "counted": counted,
        "lit": _lit(counted, asked),
        "charts": _charts(counted, asked) if counted.matters else [],
        "next": f"{_query(asked)}&after={found.next}" if found.next else "",
        "first": f"?{_query(asked)}" if cursor else "",
        "query": _query(asked),
        "today": timezone.localdate(),
        "may_begin": request.actor.has("officer"),
        "sees_clues": request.actor.has(*clue_queries.READERS),
        "sees_sets": request.actor.has(*template_versions.READERS),
    }
    return render(request, "decisions/overview.html", context)


@acting(*ROLES)
@require_safe
def export(request: PersonRequest) -> HttpResponse:
    """All that match, as CSV."""
    asked = _asked(request)
    queries.freshen(request.actor, asked)
    table = "".join(sheets.written(HEADER, _rows(queries.every(request.actor, asked))))
    response = HttpResponse(table, content_type="text/csv; charset=utf-8")
    name = f"重大行政决策事项{timezone.localdate():%Y%m%d}.csv"
    response["Content-Disposition"] = content_disposition_header(True, name) or ""
    return response


def _rows(lines: Iterator[Line]) -> Iterator[Sequence[str]]:
    words = dict(CATEGORIES)
    for line in lines:
        kind = ("结案" if line.scored_closed else "运行") if line.shown else ""
        told = {lamp.code: lamp.word for lamp in line.lamps}
        yield (
            line.code,
            line.title,
            words.get(line.category or "", ""),
            line.organisation_name,
            line.region,
            line.status_label,
            f"{timezone.localtime(line.opened_at):%Y-%m-%d}",
            line.shown,
            kind,
            str(line.missing),
            *(told.get(code, "不评价") for code, _ in POINTS),
        )


def _asked(request: HttpRequest) -> Asked:
    """What the address asks for; what is none of the choices is left out."""

    def given(key: str, length: int) -> str:
        return request.GET.get(key, "").replace("\x00", "").strip()[:length]

    def among(key: str, known: Sequence[str]) -> str:
        value = given(key, 12)
        return value if value in known else ""

    year, month, region = given("year", 4), given("month", 7), given("region", 12)
    return Asked(
        region=region if region.isascii() and region.isdecimal() else "",
        year=int(year) if year.isascii() and year.isdecimal() and int(year) else None,
        month=month,
        category=among("category", [*SHORT]),
        organisation=given("organisation", 10),
        state=among("state", [*queries.STATES]),
        lamp=among("lamp", [*lamps.WORDS]),
        point=among("point", queries.CODES),
        text=given("q", 100),
    )


def _query(asked: Asked, **changed: Any) -> str:
    """The address of what is asked, with something else in it."""
    told = {"q": asked.text} | {
        key: getattr(asked, key) for key in ("region", "year", "month", "category", "organisation", "state", "lamp", "point")
    }
    return urlencode({key: value for key, value in (told | changed).items() if value})


def _lit(counted: Counted, asked: Asked) -> list[tuple[str, int, str]]:
    """What a reader with two minutes looks for: how many lamps are red and how many amber, each with the address of its matters."""
    totals = ((word, colour, sum(counted.lamps[code, colour] for code, _ in POINTS)) for word, colour in LIT)
    return [(word, total, f"?{_query(asked, lamp=colour)}") for word, colour, total in totals if total]


def _charts(counted: Counted, asked: Asked) -> list[dict[str, Any]]:
    """How the points stand, which bodies have most to put right, when the matters were begun; each opens its matters."""
    # 令713 9: the procedure's keeping is part of what a body's work is judged by.
    source = f"按筛选条件计全部{counted.matters}件，不只本页；依据{R713[9]}"
    points = {
        "id": "chart-points",
        "kind": "stack",
        "title": "七个监督点",
        "unit": "件",
        "caliber": f"每个事项每个监督点一盏灯：灰为未到，绿为正常，黄为需要关注，红为异常或者逾期；{source}",
        "labels": [title for _, title in POINTS],
        "urls": [f"?{_query(asked, point=code, lamp='')}" for code, _ in POINTS],
        "series": [
            {"name": word, "values": [str(counted.lamps[code, colour]) for code, _ in POINTS], "lamp": colour}
            for colour, word in lamps.WORDS.items()
        ],
    }
    ranked = counted.troubled.most_common(RANKED)
    bodies = {
        "id": "chart-bodies",
        "kind": "bar",
        "title": "各单位需要关注和异常的环节",
        "unit": "个",
        "caliber": f"黄灯和红灯之和，只列有黄灯或者红灯的单位，最多的{RANKED}个；{source}",
        "labels": [name for (_, name), _ in ranked],
        "urls": [f"?{_query(asked, organisation=code)}" for (code, _), _ in ranked],
        "series": [{"name": "环节", "values": [str(n) for _, n in ranked]}],
    }
    months = sorted(counted.months)
    begun = {
        "id": "chart-months",
        "kind": "line",
        "title": "各月提出的事项",
        "unit": "件",
        "caliber": f"按提出决策事项建议的月份；{source}",
        "labels": months,
        "urls": [f"?{_query(asked, month=month)}" for month in months],
        "series": [{"name": "事项", "values": [str(counted.months[month]) for month in months]}],
    }
    return [points, *([bodies] if ranked else []), *([begun] if len(months) > 1 else [])]
