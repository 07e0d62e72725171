"""The sets of templates: which holds, what a file would change, the second person's word."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from yifa.decisions import template_versions as versions
from yifa.decisions import templates
from yifa.decisions.models import TemplateVersion
from yifa.decisions.pages import reading
from yifa.decisions.template_set import Fault, UnfitTemplatesError, difference, shown
from yifa.kernel.people.middleware import PersonRequest, acting, forbidden
from yifa.kernel.refusing import RejectedError

MOST_SHOWN = 200


@acting(*versions.READERS)
@require_safe
def sets(request: PersonRequest) -> HttpResponse:
    """The set in force today with its points, and every version that was proposed."""
    found = templates.in_force(timezone.localdate())
    context = {
        "found": found,
        "points": [{"code": each.code, "title": each.title, "weight": shown(each.weight), "basis": each.basis} for each in found.points],
        "counts": (
            len(found.points),
            sum(1 for _ in found.indicators()),
            sum(1 for _ in found.templates()),
            sum(1 for _ in found.checks()),
        ),
        "is_installed": found.digest == templates.installed().digest,
        "rows": versions.versions(),
        "may_propose": versions.may_propose(request.actor),
    }
    return render(request, "decisions/template_sets.html", context)


@acting(*versions.PROPOSERS)
def new(request: PersonRequest) -> HttpResponse:
    """A file is looked at line by line; one that is whole waits for the second person."""
    if not versions.may_propose(request.actor):
        return forbidden(request)
    wrong: list[Fault] = []
    text, why, values = "", "", request.POST.dict()
    if request.method == "POST":
        text, wrong = _uploaded(request)
        try:
            if not wrong:
                day = reading.day(request.POST.get("valid_from", ""), "启用日期")
                row = versions.propose(text, day, by=request.actor)
                messages.success(request, "文件没有错误，已经提出，等待另一人批准")
                return redirect("template_sets:one", ident=row.id)
        except UnfitTemplatesError as problem:
            wrong = list(problem.faults)
        except RejectedError as error:
            why = str(error)
    lines = text.splitlines()
    context = {
        "wrong": [
            {"line": each.line, "text": each.text, "shown": lines[each.line - 1].strip()[:120] if 0 < each.line <= len(lines) else ""}
            for each in wrong[:MOST_SHOWN]
        ],
        "more": max(0, len(wrong) - MOST_SHOWN),
        "why": why,
        "values": values,
    }
    return render(request, "decisions/template_new.html", context, status=422 if wrong or why else 200)


@acting(*versions.READERS)
@require_safe
def one(request: PersonRequest, ident: UUID) -> HttpResponse:
    """One version beside the set in force today."""
    return _page(request, _one(ident))


@acting(*versions.APPROVERS)
@require_POST
def act(request: PersonRequest, ident: UUID, act: str) -> HttpResponse:
    """approve, or refuse (the proposer: takes back)."""
    if not versions.may_decide(request.actor):
        return forbidden(request)
    row = _one(ident)
    try:
        if act == "approve":
            versions.approve(ident, by=request.actor)
        elif act == "refuse":
            versions.refuse(ident, request.POST.get("reason", ""), by=request.actor)
        else:
            raise Http404
    except RejectedError as why:
        row.refresh_from_db()
        return _page(request, row, str(why))
    messages.success(request, "已经批准" if act == "approve" else "已经登记")
    return redirect("template_sets:one", ident=ident)


def _page(request: PersonRequest, row: TemplateVersion, why: str = "") -> HttpResponse:
    found, now = templates.load(row.text), templates.in_force(timezone.localdate())
    waiting, own = row.status == TemplateVersion.Status.PROPOSED, str(row.proposed_by_id) == request.actor.person
    may = waiting and versions.may_decide(request.actor)
    context: dict[str, Any] = {
        "row": row,
        "now": now,
        "changes": difference(now, found),
        "may_approve": may and not own,
        "may_refuse": may,
        "own": own and waiting,
        "why": why,
    }
    return render(request, "decisions/template_set.html", context, status=409 if why else 200)


def _one(ident: UUID) -> TemplateVersion:
    row = versions.one(ident)
    if row is None:
        raise Http404("没有这个版本的模版")
    return row


def _uploaded(request: PersonRequest) -> tuple[str, list[Fault]]:
    """The text of the uploaded file, or why there is none; never more of it is read than a set may have."""
    sent = request.FILES.get("file")
    if sent is None:
        return "", [Fault(0, "请选择评价模版文件")]
    return templates.decode(sent.read(templates.LARGEST + 1))
