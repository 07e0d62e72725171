"""指标集 and 考核 rounds: bringing a set in, its differences, the second person; freezing a round and computing it again."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from yifa.assessment import queries, services
from yifa.assessment.files import Fault, faults
from yifa.assessment.indicators import UnfitSetError, difference, metric_difference
from yifa.assessment.models import IndicatorSet, Round
from yifa.assessment.services import NotAllowedError
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.middleware import PersonRequest, acting, forbidden
from yifa.kernel.people.queries import looks_over
from yifa.kernel.people.roles import ASSESSOR, HEAD
from yifa.supervision import figure_queries

READERS = ("assessor", "supervisor", "head")
LARGEST = 2 * 1024 * 1024
Status = IndicatorSet.Status


class RoundForm(forms.Form):
    title = forms.CharField(label="名称", max_length=100, help_text="例如：2026年度法治政府建设考核")
    indicators = forms.ModelChoiceField(label="指标集", queryset=IndicatorSet.objects.none(), empty_label=None)
    first = forms.RegexField(r"^\d{4}-(0[1-9]|1[0-2])$", label="起始月份", help_text="例如 2026-01")
    last = forms.RegexField(r"^\d{4}-(0[1-9]|1[0-2])$", label="截止月份", help_text="例如 2026-12")


def organises(actor: Actor, *roles: str) -> bool:
    """考核组织: a body of the region's or a 盟市's level, for its own territory."""
    return actor.has(*roles) and looks_over(actor, actor.region)


@acting(*READERS)
def sets(request: PersonRequest) -> HttpResponse:
    rows = [{"row": row, "indicators": queries.indicators_of(row)} for row in IndicatorSet.objects.order_by("code", "-pk")]
    return render(request, "assessment/sets.html", {"rows": rows, "may_propose": organises(request.actor, ASSESSOR)})


@never_cache
@require_http_methods(["GET", "POST"])
@acting(ASSESSOR)
def new_set(request: PersonRequest) -> HttpResponse:
    """A file is checked line by line; one that is fit waits for the second person."""
    if not organises(request.actor, ASSESSOR):
        return forbidden(request)
    wrong: list[dict[str, Any]] = []
    if request.method == "POST":
        text, found = _uploaded(request)
        found = found or faults(text)
        if not found:
            try:
                row = services.propose_set(text, by=request.actor)
            except UnfitSetError as problem:
                found = [Fault(0, each) for each in problem.faults]
            else:
                messages.success(request, "文件没有错误，已经提出，等待另一人批准。")
                return HttpResponseRedirect(reverse("assessment:set", args=[row.pk]))
        lines = text.splitlines()
        wrong = [{"line": each.line, "text": each.text, "shown": lines[each.line - 1].strip()[:120] if each.line else ""} for each in found]
    return render(request, "assessment/new_set.html", {"wrong": wrong[:200], "more": len(wrong) - 200}, status=422 if wrong else 200)


@never_cache
@acting(*READERS)
def one_set(request: PersonRequest, number: int) -> HttpResponse:
    return _set_page(request, get_object_or_404(IndicatorSet, pk=number))


@require_POST
@acting(ASSESSOR, HEAD)
def decide_set(request: PersonRequest, number: int, act: str) -> HttpResponse:
    """批准 by a second person; 不予批准 by him, or taken back by the proposer."""
    row = get_object_or_404(IndicatorSet, pk=number)
    if not organises(request.actor, ASSESSOR, HEAD):
        return forbidden(request)
    try:
        if act == "approve":
            services.approve_set(by=request.actor, number=number)
            messages.success(request, "已经批准。")
        elif act == "refuse":
            services.refuse_set(by=request.actor, number=number, reason=request.POST.get("reason", "")[:300])
            messages.success(request, "已经登记。")
        else:
            raise Http404
    except NotAllowedError as refused:
        return _set_page(request, row, str(refused))
    return HttpResponseRedirect(reverse("assessment:set", args=[number]))


@never_cache
@require_http_methods(["GET", "POST"])
@acting(*READERS)
def rounds(request: PersonRequest) -> HttpResponse:
    """The closed rounds; whoever organises the assessment freezes a new one."""
    may = organises(request.actor, ASSESSOR)
    if request.method == "POST" and not may:
        return forbidden(request)
    first, last = figure_queries.last_months(timezone.localdate(), 12)
    form = RoundForm(request.POST if request.method == "POST" else None, initial={"first": first, "last": last})
    field = form.fields["indicators"]
    assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared so above
    field.queryset = IndicatorSet.objects.filter(status__in=[Status.ACTIVE, Status.TRIAL]).order_by("status", "-pk")
    if request.method == "POST" and form.is_valid():
        try:
            row = services.freeze_round(by=request.actor, **form.cleaned_data)
        except NotAllowedError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"已封存，计至记录第{row.position}条以前。")
            return HttpResponseRedirect(reverse("assessment:round", args=[row.pk]))
    rows = Round.objects.select_related("indicators").defer("book").order_by("-pk")
    return render(request, "assessment/rounds.html", {"rows": rows, "form": form if may else None}, status=422 if form.errors else 200)


@never_cache
@acting(*READERS)
def closed_round(request: PersonRequest, number: int) -> HttpResponse:
    """A frozen round, computed again while one looks."""
    actor = request.actor
    row = get_object_or_404(Round.objects.select_related("indicators"), pk=number)
    readable = {unit.code for unit in queries.units(region=actor.region)} if actor.has(*figure_queries.OVERSEES) else {actor.organisation}
    differing = set(services.recompute(row))
    shown = [{**kept, "code": code, "same": code not in differing} for code, kept in row.book.items() if code in readable]
    return render(request, "assessment/round.html", {"round": row, "book": shown, "differing": len(differing), "all": len(row.book)})


def _set_page(request: PersonRequest, row: IndicatorSet, problem: str = "") -> HttpResponse:
    found, earlier = queries.indicators_of(row), queries.before(row)
    waiting, own = row.status == Status.PROPOSED, str(row.proposed_by) == request.actor.person
    may = waiting and organises(request.actor, ASSESSOR, HEAD)
    context = {
        "row": row,
        "indicators": found,
        "earlier": earlier,
        "changes": difference(earlier, found) if earlier else (),
        "metrics": metric_difference(earlier, found) if earlier else (),
        "counts": (len(found.aspects), sum(len(aspect.measures) for aspect in found.aspects), sum(1 for _ in found.outcomes())),
        "may_approve": may and not own,
        "may_refuse": may,
        "own": own,
        "problem": problem,
    }
    return render(request, "assessment/set.html", context, status=409 if problem else 200)


def _uploaded(request: PersonRequest) -> tuple[str, list[Fault]]:
    """The text of the uploaded file, or why there is none."""
    sent = request.FILES.get("file")
    if sent is None:
        return "", [Fault(0, "请选择指标集文件")]
    if (sent.size or 0) > LARGEST or not re.search(r"\.ya?ml$", sent.name or "", re.IGNORECASE):
        return "", [Fault(0, "应当是不超过2兆字节的YAML文件（.yaml）")]
    try:
        return sent.read().decode("utf-8-sig"), []
    except UnicodeDecodeError as problem:
        return "", [Fault(0, f"文件不是UTF-8文字（第{problem.start + 1}个字节）")]
