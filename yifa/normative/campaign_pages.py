"""The desk of 清理: clean-ups opened and followed, and each document's way to its case."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from yifa.kernel.people.middleware import PersonRequest, acting
from yifa.normative import campaigns, queries
from yifa.normative.campaigns import Plan
from yifa.normative.models import Campaign
from yifa.normative.services import RejectedError

ROLES = ("officer", "reviewer", "head", "discloser", "supervisor")
KEEPERS = ("officer", "reviewer", "head")


@acting(*ROLES)
def campaign_list(request: PersonRequest) -> HttpResponse:
    """The clean-ups a reader sees; who keeps the register opens one here."""
    may_open = request.actor.has(*KEEPERS) and queries.oversees(request.actor)
    values: dict[str, Any] = {"kind": "periodic", "base_date": timezone.localdate().isoformat()}
    why = ""
    if request.method == "POST":
        if not may_open:
            raise Http404
        values = request.POST.dict()
        try:
            plan = Plan(
                kind=values.get("kind", ""),
                title=values.get("title", ""),
                base_date=_day(values.get("base_date", ""), "基准日"),
                deadline=_day(values.get("deadline", ""), "完成期限"),
                works=campaigns.works_in(values.get("works", "")),
            )
            opened = campaigns.open_campaign(plan, by=request.actor)
        except RejectedError as error:
            why = str(error)
        else:
            unread = f"；另有{opened.unread}份没有正文，不能判断，请人工核对后补充列入" if opened.unread else ""
            messages.success(request, f"已发起清理，列入{opened.items}份文件{unread}")
            return redirect("register:campaign", ident=opened.campaign.id)
    rows = [{"row": each, "progress": campaigns.progress(each)} for each in campaigns.of_reader(request.actor)]
    context = {"rows": rows, "may_open": may_open, "values": values, "why": why, "kinds": Campaign.Kind.choices}
    return render(request, "normative/campaigns.html", context, status=422 if why else 200)


@acting(*ROLES)
@require_safe
def campaign(request: PersonRequest, ident: UUID) -> HttpResponse:
    """One clean-up: how far it is, and its documents; a maker sees its own."""
    found = _one(request, ident)
    organises = found.organisation_id == request.actor.organisation
    items = campaigns.items(found, maker="" if organises else request.actor.organisation)
    context = {
        "row": found,
        "progress": campaigns.progress(found),
        "items": [{"item": each, "case": getattr(each, "cleaning", None)} for each in items],
        "organises": organises,
        "may_act": organises and request.actor.has(*KEEPERS) and found.published_on is None,
        "actor": request.actor,
    }
    return render(request, "normative/campaign.html", context)


@acting(*KEEPERS)
@require_POST
def campaign_act(request: PersonRequest, ident: UUID, act: str) -> HttpResponse:
    """add a document by hand, or publish the lists."""
    _one(request, ident)
    try:
        if act == "add":
            item = campaigns.add(ident, request.POST.get("code", "").strip(), by=request.actor, reason=request.POST.get("reason", ""))
            messages.success(request, f"已列入《{item.document.title}》")
        elif act == "publish":
            campaigns.publish(ident, by=request.actor)
            messages.success(request, "已公布清理结果，公众在门户可以看到")
        else:
            raise Http404
    except RejectedError as why:
        messages.error(request, str(why))
    return redirect("register:campaign", ident=ident)


def _one(request: PersonRequest, ident: UUID) -> Campaign:
    found = campaigns.one(request.actor, ident)
    if found is None:
        raise Http404
    return found


def _day(text: str, label: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise RejectedError(f"“{label}”应当是真实存在的日期") from None
