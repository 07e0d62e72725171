"""预印编号: the pads of pre-numbered forms a body has handed out, what became of each number, and taking pads back."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from yifa.documents import blocks
from yifa.documents.blocks import MOST, BlockError, Standing
from yifa.kernel.citing import Law
from yifa.kernel.people.middleware import PersonRequest, acting, forbidden
from yifa.kernel.people.queries import officers_of
from yifa.kernel.people.roles import HEAD, OFFICER
from yifa.procedures import registry, showing

NUMBERED = Law("行政处罚法", "2021-01-22")[52]


class AllotForm(forms.Form):
    kind = forms.ChoiceField(label="文书")
    year = forms.TypedChoiceField(label="年份", coerce=int)
    count = forms.IntegerField(label="份数", min_value=1, max_value=MOST, initial=50)
    holder = forms.CharField(label="哪一本", max_length=100, help_text="例如：纸本第1册")
    keeper = forms.ChoiceField(label="领用人")


class VoidForm(forms.Form):
    number = forms.IntegerField(label="号码", min_value=1, help_text="只填号数，例如 18")
    reason = forms.CharField(label="作废的理由", max_length=200, help_text="例如：填写有误、纸张损坏")


class ReturnForm(forms.Form):
    reason = forms.CharField(label="缴销的理由", max_length=200, help_text="没有用过的号码随之全部作废，不再使用")


@require_http_methods(["GET", "POST"])
@acting(OFFICER, HEAD)
def pads(request: PersonRequest) -> HttpResponse:
    """Every block of the body with its gaps; its head hands out a new one."""
    actor, now = request.actor, timezone.now()
    form = _allot_form(request)
    if request.method == "POST":
        if not actor.has(HEAD):
            return forbidden(request)
        if form.is_valid():
            try:
                block = blocks.allot_block(actor=actor, now=now, **form.cleaned_data)
            except BlockError as refused:
                form.add_error(None, str(refused))
            else:
                messages.success(request, f"已编发{block.prefix}〔{block.year}〕{block.first}号至{block.last}号，请据此印制并交领用人")
                return HttpResponseRedirect(reverse("blocks"))
    found = blocks.standings(actor, today=timezone.localdate())
    shown = {
        "standings": found,
        "out": sum(each.out_count for each in found),
        "article": showing.link(NUMBERED),
        "form": form if actor.has(HEAD) else None,
    }
    return render(request, "procedures/blocks.html", shown, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@acting(OFFICER, HEAD)
def pad(request: PersonRequest, block: UUID, act: str) -> HttpResponse:
    """作废 one spoilt number (its keeper or the head), 缴销 the pad (the head)."""
    found = next((each for each in blocks.standings(request.actor, today=timezone.localdate()) if each.block.id == block), None)
    if found is None or act not in ("void", "return"):
        raise Http404
    if not _may(request, found, act):
        return forbidden(request)
    form = (VoidForm if act == "void" else ReturnForm)(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            if act == "void":
                blocks.void_number(actor=request.actor, block=block, **form.cleaned_data)
                messages.success(request, f"{form.cleaned_data['number']}号已经作废。")
            else:
                void = blocks.return_block(actor=request.actor, block=block, now=timezone.now(), **form.cleaned_data)
                messages.success(request, f"已经缴销，{len(void)}个没有用过的号码随之作废。")
        except BlockError as refused:
            form.add_error(None, str(refused))
        else:
            return HttpResponseRedirect(reverse("blocks"))
    action = "作废一份" if act == "void" else "缴销这一本"
    context = {"form": form, "title": f"{action}：{found.first}至{found.block.last}号", "button": action, "back": reverse("blocks")}
    return render(request, "people/form.html", context, status=422 if form.errors else 200)


def _may(request: PersonRequest, found: Standing, act: str) -> bool:
    return request.actor.has(HEAD) or (act == "void" and str(found.block.keeper_id) == request.actor.person)


def _allot_form(request: PersonRequest) -> AllotForm:
    form, today = AllotForm(request.POST if request.method == "POST" else None), timezone.localdate()
    years = [(today.year, f"{today.year}年"), (today.year + 1, f"{today.year + 1}年")]
    keepers = [(each.person, f"{each.name} {each.number}") for each in officers_of(request.actor.organisation, today)]
    for name, choices in (("kind", _series()), ("year", years), ("keeper", keepers)):
        field = form.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared so above
        field.choices = choices
    return form


def _series() -> list[tuple[str, str]]:
    """The documents that may be written by hand on a printed form: those that name a dossier."""
    found = {
        step.gives.series: step.gives.title
        for procedure in registry.procedures()
        for step in procedure.steps.values()
        if step.names and step.gives and step.gives.series
    }
    return list(found.items())
