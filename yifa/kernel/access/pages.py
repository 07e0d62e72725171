"""授权查阅: who may read dossiers beside those whose they are, and the two acts on it. For heads and supervisors."""

from __future__ import annotations

import uuid

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from yifa.kernel.access import grants, services
from yifa.kernel.access.models import Grant
from yifa.kernel.people.middleware import PersonRequest, acting
from yifa.kernel.people.refusals import NotAllowed

PAGE = 50


class Day(forms.DateInput):
    input_type = "date"


class GrantForm(forms.Form):
    holder_kind = forms.ChoiceField(label="授权给", choices=(("person", "人员"), ("organisation", "机关")))
    holder = forms.CharField(label="账号或者机关代码", max_length=40, help_text="人员填执法证号或者账号，机关填十位主体代码")
    kind = forms.ChoiceField(
        label="可以查阅", choices=(("dossier", "一个案卷"), ("organisation", "一个机关的案卷"), ("region", "一个区划的案卷"))
    )
    value = forms.CharField(
        label="案件编号、机关代码或者区划代码", max_length=60, help_text="只能授权查阅本机关、所属机关或者监督辖区的案卷"
    )
    until = forms.DateField(label="查阅至", widget=Day)
    reason = forms.CharField(label="理由", max_length=300, widget=forms.Textarea, help_text="写明办理什么事项、需要查阅什么")


class WithdrawalForm(forms.Form):
    reason = forms.CharField(label="收回的理由", max_length=300, widget=forms.Textarea)


@never_cache
@require_safe
@acting(*services.GIVERS)
def index(request: PersonRequest) -> HttpResponse:
    """What is granted, newest first; those in force unless asked otherwise."""
    state = request.GET.get("state", grants.CURRENT)
    try:
        found = grants.grants(request.actor, state=state, after=request.GET.getlist("after"), limit=PAGE + 1)
    except ValueError:
        raise Http404 from None
    more = ""
    if len(found) > PAGE:
        last = found[PAGE - 1].grant
        more = urlencode({"state": state, "after": [last.given_at.isoformat(), str(last.id)]}, doseq=True)
    return render(request, "access/grants.html", {"lines": found[:PAGE], "next": more, "state": state, "states": grants.STATES})


@never_cache
@require_http_methods(["GET", "POST"])
@acting(*services.GIVERS)
def give(request: PersonRequest) -> HttpResponse:
    """The form; a case page may fill in its number."""
    wanted = request.GET.get("kind", "")
    kind = wanted if wanted in Grant.Kind.values else Grant.Kind.DOSSIER
    form = GrantForm(request.POST or None, initial={"kind": kind, "value": request.GET.get("value", "")[:60]})
    last = services.longest(request.actor, timezone.localdate())
    form.fields["until"].help_text = f"最晚 {last.year}年{last.month}月{last.day}日，到期自动失效"
    if request.method == "POST" and form.is_valid():
        try:
            services.give(by=request.actor, **form.cleaned_data)
        except NotAllowed as refused:
            form.add_error(None, refused.text)
        else:
            messages.success(request, "已授权查阅，对方下次打开案件列表时可以看到。")
            return HttpResponseRedirect(reverse("access:grants"))
    return _form(request, form, title="授权他人查阅", button="授权查阅")


@never_cache
@require_http_methods(["GET", "POST"])
@acting(*services.GIVERS)
def withdraw(request: PersonRequest, pk: uuid.UUID) -> HttpResponse:
    """Taking back asks for a reason, and works at once."""
    line = grants.grant(request.actor, pk)
    if line is None:
        raise Http404("没有这项授权，或者它不归您管理")
    form = WithdrawalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.withdraw(by=request.actor, grant=pk, reason=form.cleaned_data["reason"])
        except NotAllowed as refused:
            form.add_error(None, refused.text)
        else:
            messages.success(request, f"已收回{line.holder}的查阅授权。")
            return HttpResponseRedirect(reverse("access:grants"))
    return _form(request, form, title=f"收回授权：{line.holder} · {line.what}", button="收回授权")


def _form(request: PersonRequest, form: forms.Form, *, title: str, button: str) -> HttpResponse:
    shown = {"form": form, "title": title, "button": button, "back": reverse("access:grants")}
    wrong = request.method == "POST"
    return render(request, "people/form.html", shown, status=422 if wrong else 200)
