"""The desk of 清理: clean-ups opened and followed, and each document's way to its case."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from yifa.kernel.people.middleware import PersonRequest, acting
from yifa.kernel.refusing import RejectedError
from yifa.laws import repealing
from yifa.laws.rules import title_key
from yifa.normative import campaigns, evidence, queries
from yifa.normative.campaigns import Plan
from yifa.normative.models import Campaign

ROLES = ("officer", "reviewer", "head", "discloser", "supervisor")
READERS = (*ROLES, "assessor")
HALF_YEAR = timedelta(days=180)
KEEPERS = ("officer", "reviewer", "head")


@acting(*ROLES)
def campaign_list(request: PersonRequest) -> HttpResponse:
    """The clean-ups a reader sees; who keeps the register opens one here."""
    may_open = request.actor.has(*KEEPERS) and queries.oversees(request.actor)
    values: dict[str, Any] = {"kind": "periodic", "base_date": timezone.localdate().isoformat(), **_of_law(request.GET.get("law", ""))}
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


@acting(*READERS)
@require_safe
def campaign(request: PersonRequest, ident: UUID) -> HttpResponse:
    """One clean-up: how far it is, and its documents; a maker sees its own."""
    found = _one(request, ident)
    organises = found.organisation_id == request.actor.organisation
    items = campaigns.items(found, maker="" if organises else request.actor.organisation)
    given, owed = evidence.of(found), campaigns.revisions(found)
    context = {
        "row": found,
        "progress": campaigns.progress(found),
        "items": [
            {
                "item": each,
                "case": getattr(each, "cleaning", None),
                "evidence": given.get(each.document_id, ()),
                "tasks": owed.get(each.document_id, ()),
            }
            for each in items
        ],
        "organises": organises,
        "today": timezone.localdate(),
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


@acting(*KEEPERS)
def put_evidence(request: PersonRequest, ident: UUID) -> HttpResponse:
    """A frozen evaluation report, and the documents of one's clean-ups that it is put to."""
    found, why = evidence.found(ident, league=request.actor.league), ""
    if found is None:
        raise Http404("没有这份评估报告，或者它还没有封存")
    if request.method == "POST":
        try:
            chosen = UUID(request.POST.get("campaign", ""))
            n = evidence.attach(chosen, ident, request.POST.getlist("document"), by=request.actor)
        except RejectedError as error:
            why = str(error)
        except ValueError:
            raise Http404 from None
        else:
            messages.success(request, f"已把评估报告作为{n}份文件的清理证据")
            return redirect("register:campaign", ident=chosen)
    rows = [
        {"row": each, "candidates": evidence.candidates(each, found, by=request.actor)} for each in evidence.open_campaigns(request.actor)
    ]
    context = {"evidence": found, "rows": rows, "why": why, "work_key": title_key(found.work)}
    return render(request, "normative/evidence.html", context, status=422 if why else 200)


def _of_law(slug: str) -> dict[str, str]:
    """The form as a change of the law begins it: all that one repeal ended, on the day on which it did."""
    title = repealing.title_of(slug[:400]) if slug else ""
    if not title:
        return {}
    today = timezone.localdate()
    found = repealing.repeal_of(slug)
    on, works = (found.on, found.titles) if found else (today, [title])
    named = f"《{found.instrument}》施行专项清理" if found and found.instrument else f"《{title}》{'废止' if found else '修改'}专项清理"
    return {
        "kind": "special",
        "title": named,
        "base_date": on.isoformat(),
        "deadline": (max(on, today) + HALF_YEAR).isoformat(),
        "works": "\n".join(works),
    }


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
