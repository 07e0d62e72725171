"""本地设定: proposing a legal number for a place, seeing what it would change, and approving it: where parameters meet the interpreter."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from yifa.kernel.citing import Article, Law
from yifa.kernel.parameters import queries, services
from yifa.kernel.parameters.queries import Proposal
from yifa.kernel.parameters.rules import UNITS, effects
from yifa.kernel.parameters.services import NotAllowedError
from yifa.kernel.people import queries as people
from yifa.kernel.people.middleware import PersonRequest, acting, forbidden
from yifa.kernel.people.pages.people import DayInput
from yifa.kernel.people.roles import ADMIN_SYSTEM, HEAD
from yifa.procedures.recomputing import foresee, reset


class ProposalForm(forms.Form):
    name = forms.ChoiceField(label="参数")
    value = forms.IntegerField(label="值", min_value=0, max_value=10**12, help_text="开关填 1（是）或者 0（否）")
    unit = forms.ChoiceField(label="单位", choices=[(key, word or "是或者否") for key, word in UNITS.items()])
    region = forms.RegexField(r"^\d{6}(\d{3}){0,2}$", label="适用区划代码", help_text="对这个区划和它以下的地方适用，例如 150200")
    sector = forms.ChoiceField(label="领域", required=False)
    valid_from = forms.DateField(label="自", widget=DayInput)
    valid_to = forms.DateField(label="至", widget=DayInput, required=False, help_text="不写就是长期")
    law = forms.CharField(label="依据的文件", max_length=100, help_text="文件的标题，例如 内蒙古自治区行政处罚程序规定")
    version = forms.DateField(label="文件公布日期", widget=DayInput)
    tiao = forms.IntegerField(label="第几条", min_value=1, max_value=1500)
    kuan = forms.IntegerField(label="第几款", min_value=1, max_value=30, required=False)
    reason = forms.CharField(label="理由", max_length=300, widget=forms.Textarea)

    def clean_region(self) -> str:
        code: str = self.cleaned_data["region"]
        if not people.regions_within(code):
            raise forms.ValidationError("没有这样的行政区划代码")
        return code

    def stated(self) -> dict[str, Any]:
        """What `services.propose` takes."""
        data = dict(self.cleaned_data)
        law = Law(data.pop("law").strip().strip("《》"), data.pop("version").isoformat())
        cite = Article(law, data.pop("tiao"), kuan_number=data.pop("kuan"))
        return {**data, "cites": [cite.key]}


@never_cache
@require_http_methods(["GET", "POST"])
@acting(ADMIN_SYSTEM)
def propose(request: PersonRequest) -> HttpResponse:
    """The form; 看看影响 shows what would change, 提出 records the proposal."""
    form, preview = _form(request), None
    if request.method == "POST" and form.is_valid():
        stated = form.stated()
        if not people.looks_over(request.actor, stated["region"]):
            form.add_error("region", "本地设定由自治区、盟市的政府或者监督机关的系统管理员在本辖区内提出")
        else:
            try:
                preview = _preview(services.draft(**stated))
                if "propose" in request.POST:
                    made = services.propose(by=request.actor, **stated)
                    messages.success(request, "已经提出，等待另一人批准。")
                    return HttpResponseRedirect(reverse("proposal", args=[made.pk]))
            except NotAllowedError as refused:
                form.add_error(None, str(refused))
    return render(request, "site/propose.html", {"form": form, "preview": preview}, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET"])
@acting()
def proposal(request: PersonRequest, proposal: int) -> HttpResponse:
    return _page(request, _proposal(proposal))


@require_POST
@acting(ADMIN_SYSTEM, HEAD)
def decide(request: PersonRequest, proposal: int, act: str) -> HttpResponse:
    """批准 by a second person; 不予批准 by him or 撤回 by the proposer; 生效前撤回."""
    found = _proposal(proposal)
    if not people.looks_over(request.actor, found.region):
        return forbidden(request)
    reason = request.POST.get("reason", "")[:300]
    try:
        if act == "approve":
            moved = services.approve(by=request.actor, proposal=proposal, recompute=reset)
            messages.success(request, f"已经批准，{len(moved)}项正在计算的期限随之调整。")
        elif act == "decline":
            services.decline(by=request.actor, proposal=proposal, reason=reason)
            messages.success(request, "已经登记。")
        elif act == "revoke":
            services.revoke(by=request.actor, proposal=proposal, reason=reason, today=timezone.localdate())
            messages.success(request, "已经在生效前撤回。")
        else:
            raise Http404
    except NotAllowedError as refused:
        return _page(request, found, problem=str(refused))
    return HttpResponseRedirect(reverse("proposal", args=[proposal]))


def _page(request: PersonRequest, found: Proposal, problem: str = "") -> HttpResponse:
    waiting, own = found.state == Proposal.State.PROPOSED, str(found.proposed_by) == request.actor.person
    reaches = request.actor.has(ADMIN_SYSTEM, HEAD) and people.looks_over(request.actor, found.region)
    shown = {
        "found": found,
        "place": people.region_of(found.region).name,
        "parameter": queries.proposed(found),
        "preview": _preview(found) if waiting else None,
        "may_approve": waiting and reaches and not own,
        "may_decline": waiting and reaches,
        "own": own,
        "may_revoke": reaches and found.state == Proposal.State.APPROVED and found.valid_from > timezone.localdate(),
        "problem": problem,
    }
    return render(request, "site/proposal.html", shown, status=409 if problem else 200)


def _preview(made: Proposal) -> dict[str, Any]:
    """Per place, sector and day what the number is and would be, and how many running deadlines would move."""
    then = queries.with_proposal(made)
    places = people.regions_within(made.region)
    names = {place.code: place.name for place in places}
    days = [made.valid_from - timedelta(days=1), made.valid_from]
    days += [made.valid_to, made.valid_to + timedelta(days=1)] if made.valid_to else []
    sectors = [made.sector] if made.sector else ["", *_sectors(made.name)]
    found = effects(queries.parameters(), then, name=made.name, places=names, sectors=sectors, days=days)
    rows: dict[tuple[str, str], list[Any]] = {}
    for each in found:
        rows.setdefault((each.place, each.sector), []).append(each)
    reach = foresee(made.name, then, region=made.region)
    return {
        "days": days,
        "rows": [
            {"place": names[place], "sector": sector, "effects": effect, "changes": any(one.changes for one in effect)}
            for (place, sector), effect in rows.items()
        ],
        "resting": reach.resting,
        "moved": reach.moved,
    }


def _proposal(number: int) -> Proposal:
    found = queries.proposal(number)
    if found is None:
        raise Http404("没有这项设定")
    return found


def _form(request: PersonRequest) -> ProposalForm:
    known = queries.committed()
    first: date = timezone.localdate() + timedelta(days=1)
    chosen = request.GET.get("name", "")
    held = next((each for each in known if each.name == chosen), None)
    start = {"name": chosen, "unit": held.unit if held else "", "region": request.actor.region, "valid_from": first}
    form = ProposalForm(request.POST if request.method == "POST" else None, initial=start)
    names = sorted({each.name for each in known})
    for name, choices in (("name", [(each, each) for each in names]), ("sector", [("", "不限"), *((each, each) for each in _sectors(""))])):
        field = form.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared so above
        field.choices = choices
    return form


def _sectors(name: str) -> Sequence[str]:
    """The sectors that numbers (of this name) are set for."""
    return sorted({each.sector for each in queries.parameters() if each.sector and name in ("", each.name)})
