"""评估报告: planned, frozen with its figures at a place in the record, decided by another person; printable."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yifa.evaluation import queries, services
from yifa.evaluation.book import snapshot
from yifa.evaluation.models import Report
from yifa.evaluation.pages import READERS, chosen, contexts
from yifa.evaluation.queries import Period
from yifa.evaluation.services import Plan
from yifa.kernel.parameters.rules import significant
from yifa.kernel.people.middleware import PersonRequest, acting
from yifa.kernel.refusing import RejectedError

WRITERS = ("assessor", "supervisor", "reviewer")


@require_safe
@acting(*READERS)
def reports(request: PersonRequest) -> HttpResponse:
    context = {"rows": queries.reports(request.actor), "may_write": request.actor.has(*WRITERS)}
    return render(request, "evaluation/reports.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@acting(*WRITERS)
def new_report(request: PersonRequest) -> HttpResponse:
    period, error = chosen(request), ""
    values = {key: request.POST.get(key, "") for key in ("title", "plan", "work")} | {"first": period.first, "last": period.last}
    values["work"] = values["work"] or request.GET.get("work", "")
    if request.method == "POST":
        first, last = request.POST.get("first", ""), request.POST.get("last", "")
        try:
            if not all(re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", month) for month in (first, last)) or last < first:
                raise RejectedError("月份应当写作2026-11，起始月份不晚于截止月份")
            asked = Plan(values["work"], values["title"], values["plan"], Period(first, last, period.region))
            row = services.open_report(asked, by=request.actor)
        except RejectedError as why:
            error, values = str(why), values | {"first": first, "last": last}
        else:
            return HttpResponseRedirect(reverse("evaluation:report", args=[row.pk]))
    return render(request, "evaluation/new_report.html", {"values": values, "error": error}, status=422 if error else 200)


@never_cache
@require_safe
@acting(*READERS)
def report(request: PersonRequest, ident: UUID) -> HttpResponse:
    return render(request, "evaluation/report.html", _page(request, _found(request, ident)))


@never_cache
@require_POST
@acting(*READERS)
def decide(request: PersonRequest, ident: UUID, act: str) -> HttpResponse:
    row, post = _found(request, ident), request.POST
    try:
        if act == "freeze" and request.actor.has(*WRITERS):
            expert = post.get("expert", "").strip()
            if expert and not re.fullmatch(r"[0-9]{1,3}", expert):
                raise RejectedError("专家评分为0至100的整数")
            services.freeze_report(
                row.pk,
                findings=post.get("findings", ""),
                suggestions=post.get("suggestions", ""),
                expert=int(expert) if expert else None,
                by=request.actor,
                contexts=contexts(),
            )
        elif act == "decide":
            services.decide_report(row.pk, adopted=post.get("adopted", ""), reason=post.get("reason", ""), by=request.actor)
        else:
            raise RejectedError("您的岗位不能办理这一步")
    except RejectedError as why:
        context = {**_page(request, row), "error": str(why), "values": post}
        return render(request, "evaluation/report.html", context, status=422)
    messages.success(request, "已经记录。")
    return HttpResponseRedirect(reverse("evaluation:report", args=[row.pk]))


def _found(request: PersonRequest, ident: UUID) -> Report:
    row = Report.objects.filter(pk=ident, region__startswith=significant(request.actor.region)).first()
    if row is None:
        raise Http404("没有这份报告")
    return row


def _page(request: PersonRequest, row: Report) -> dict[str, Any]:
    """A draft shows the figures as they are today, a frozen report those it was frozen with."""
    draft = row.state == Report.State.DRAFT
    own = row.organisation == request.actor.organisation
    found = snapshot(row.work_key, Period(row.first, row.last, row.region), timezone.localdate(), contexts()) if draft else row.snapshot
    return {
        "row": row,
        "found": found,
        "draft": draft,
        "proved": draft or services.proves(row),
        "may_freeze": draft and own and request.actor.has(*WRITERS),
        "may_decide": row.state == Report.State.FROZEN and own and str(row.created_by) != request.actor.person,
        "may_use": not draft and request.actor.has("officer", "reviewer", "head"),
        "adopted": Report.Adopted.choices,
        "articles": sorted(found["usage"]["articles"].items(), key=lambda pair: -pair[1])[:20],
    }
