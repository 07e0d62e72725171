"""The desk of 查漏补缺: a body's own list goes up, each line shows what the register says of it, and a person decides."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from yifa.kernel import sheets
from yifa.kernel.people.middleware import PersonRequest, acting
from yifa.kernel.refusing import RejectedError
from yifa.normative import monthly, queries, reconciling
from yifa.normative.models import IssuedLine
from yifa.normative.reconciling import Dates

ROLES = ("officer", "reviewer", "head", "discloser", "supervisor")
KEEPERS = ("officer", "reviewer", "discloser")


@acting(*ROLES)
def lists(request: PersonRequest) -> HttpResponse:
    """The lists that went up, newest first, and the form for one more."""
    may_upload = request.actor.has(*KEEPERS)
    today = timezone.localdate()
    values: dict[str, Any] = {"organisation": request.actor.organisation, "since": f"{today.year}-01-01", "until": today.isoformat()}
    why = ""
    if request.method == "POST":
        if not may_upload:
            raise Http404
        values, sent = request.POST.dict(), request.FILES.get("file")
        try:
            if sent is None or not sent.size or sent.size > sheets.MAX_BYTES:
                raise RejectedError("请选择一个不超过20MB的 .xlsx 或者 .csv 文件")
            row = reconciling.upload(
                sent.read(),
                sent.name or "",
                organisation=values.get("organisation", "").strip(),
                since=_day(values.get("since", ""), "开始日期"),
                until=_day(values.get("until", ""), "结束日期"),
                by=request.actor,
            )
        except (RejectedError, sheets.UnreadableError) as error:
            why = str(error)
        else:
            messages.success(request, "已核对，请查看没有登记的文件")
            return redirect("register:list", ident=row.id)
    labels = dict(IssuedLine.Finding.choices)
    rows = [
        {"row": row, "counts": [(labels[key], counts[key]) for key in labels if key in counts]}
        for row, counts in reconciling.lists(request.actor)
    ]
    context = {"rows": rows, "values": values, "why": why, "may_upload": may_upload, "oversees": queries.oversees(request.actor)}
    context |= {"missing": monthly.missing(request.actor), "today": today}
    return render(request, "normative/lists.html", context, status=422 if why else 200)


@acting(*ROLES)
def one(request: PersonRequest, ident: UUID) -> HttpResponse:
    """One list line by line; POST decides on a line (认定)."""
    row, why = reconciling.one(request.actor, ident), ""
    if row is None:
        raise Http404
    may_decide = request.actor.has(*KEEPERS) and queries.keeps(request.actor, row.organisation.region_id)
    if request.method == "POST":
        if not may_decide:
            raise Http404
        try:
            _decide(request, {line.pk for line in reconciling.lines(row)})
        except RejectedError as error:
            why = str(error)
        else:
            messages.success(request, "已登记认定结论")
            return redirect("register:list", ident=ident)
    context = {"row": row, "lines": reconciling.lines(row), "may_decide": may_decide, "why": why}
    return render(request, "normative/list.html", context, status=422 if why else 200)


def _decide(request: PersonRequest, own: set[int]) -> None:
    sent = request.POST
    line = int(sent.get("line", "")) if sent.get("line", "").isdigit() else 0
    if line not in own:
        raise RejectedError("请选择一行")
    dates = None
    if sent.get("finding") == IssuedLine.Finding.ADDED and sent.get("made_on"):
        days = {key: _day(sent[key], label) if sent.get(key) else None for key, label in DATES}
        dates = Dates(_day(sent["made_on"], "成文日期"), **days)
    reconciling.decide(line, by=request.actor, finding=sent.get("finding", ""), reason=sent.get("reason", ""), dates=dates)


DATES = (("published_on", "公布日期"), ("effective_on", "施行日期"), ("valid_until", "有效期届满日"))


def _day(text: str, label: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise RejectedError(f"“{label}”应当是真实存在的日期") from None
