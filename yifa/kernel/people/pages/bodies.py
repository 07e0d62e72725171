"""Bodies: find one, register, change, confirm and announce, succeed, entrust."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache

from yifa.kernel.people import queries, services, subjects
from yifa.kernel.people.middleware import PersonRequest, acting
from yifa.kernel.people.models import Organisation, Region, Succession
from yifa.kernel.people.pages.people import DayInput
from yifa.kernel.people.refusals import NotAllowed
from yifa.kernel.people.roles import ADMIN_SECURITY, ADMIN_SYSTEM, HEAD

PAGE = 30


class BodyForm(forms.Form):
    code = forms.RegexField(r"^\d{10}$", label="主体代码", help_text="六位区划代码加四位主体序号，登记后不再改变")
    name = forms.CharField(label="名称", max_length=100)
    short_name = forms.CharField(label="机关代字", max_length=20, required=False, help_text="用于文号，如“昆城管”")
    uscc = forms.CharField(label="统一社会信用代码", max_length=18, required=False)
    kind = forms.ChoiceField(label="类型", choices=Organisation.Kind.choices)
    level = forms.TypedChoiceField(label="层级", choices=Region.Level.choices, coerce=int)
    region = forms.CharField(label="所在区划代码", max_length=12)
    territory = forms.CharField(label="管辖区划代码", max_length=2000, required=False, help_text="监督机关、管委会填写，用空格分开")
    parent = forms.CharField(label="所属机关代码", max_length=10, required=False, help_text="内设执法机构必填")
    competent_department = forms.CharField(label="上级主管部门代码", max_length=10, required=False)
    sector = forms.CharField(label="领域", max_length=30, required=False)
    basis = forms.CharField(label="职权依据和确认文件", max_length=300, required=False)
    address = forms.CharField(label="地址", max_length=200, required=False)
    phone = forms.CharField(label="电话", max_length=40, required=False)
    bank_name = forms.CharField(label="缴款银行", max_length=100, required=False)
    bank_account = forms.CharField(label="缴款账号", max_length=40, required=False)

    def clean_region(self) -> Region:
        found = Region.objects.filter(code=self.cleaned_data["region"].strip()).first()
        if found is None:
            raise forms.ValidationError("没有这样的行政区划代码")
        return found

    def clean_parent(self) -> Organisation | None:
        return self._body("parent")

    def clean_competent_department(self) -> Organisation | None:
        return self._body("competent_department")

    def _body(self, key: str) -> Organisation | None:
        code = self.cleaned_data[key].strip()
        found = Organisation.objects.filter(code=code).first() if code else None
        if code and found is None:
            raise forms.ValidationError("没有这个机关")
        return found


class ActForm(forms.Form):
    on = forms.DateField(label="日期", widget=DayInput)
    reason = forms.CharField(label="理由或文件", max_length=300, required=False)


class SuccessionForm(forms.Form):
    successor = forms.CharField(label="承继机关代码", max_length=10)
    kind = forms.ChoiceField(label="方式", choices=Succession.Kind.choices)
    on = forms.DateField(label="生效日期", widget=DayInput)
    powers = forms.CharField(label="划转的职权", max_length=300, required=False)
    document = forms.CharField(label="文件", max_length=200)
    carries_dossiers = forms.BooleanField(label="承接案卷", required=False, initial=True, help_text="承继机关可以查阅并继续办理原有案卷")


class EntrustmentForm(forms.Form):
    entrusted = forms.CharField(label="受委托组织代码", max_length=10)
    items = forms.CharField(label="委托事项", widget=forms.Textarea, help_text="每行一项")
    powers = forms.CharField(label="委托权限", max_length=300)
    since = forms.DateField(label="自", widget=DayInput)
    until = forms.DateField(label="至", widget=DayInput)
    document = forms.CharField(label="委托书", max_length=200)


@never_cache
@acting(ADMIN_SYSTEM, ADMIN_SECURITY, HEAD)
def index(request: PersonRequest) -> HttpResponse:
    text, after = request.GET.get("q", "").strip(), request.GET.get("after", "")
    found = queries.bodies(request.actor, text=text, after=after, limit=PAGE + 1)
    more = urlencode({"q": text, "after": found[PAGE - 1].code}) if len(found) > PAGE else ""
    shown = {"bodies": found[:PAGE], "next": more, "q": text, "may_register": request.actor.has(ADMIN_SYSTEM)}
    return render(request, "people/bodies.html", shown)


@never_cache
@acting(ADMIN_SYSTEM, ADMIN_SECURITY, HEAD)
def body(request: PersonRequest, code: str) -> HttpResponse:
    """One body: its particulars, its standing today and how it came about, what follows next."""
    found = _body(request, code)
    today = timezone.localdate()
    possible = [(key, act.label) for key, act in subjects.ACTS.items() if found.status in act.origins]
    labels = {key: act.label for key, act in subjects.ACTS.items()}
    shown = {
        "body": found,
        "why_not": subjects.why_not_subject(queries.standing(found), today),
        "events": [(event, labels[event.act]) for event in found.events.order_by("recorded_at", "id")],
        "successions": found.successions.select_related("successor").order_by("on"),
        "inheritances": found.inheritances.select_related("predecessor").order_by("on"),
        "entrustments": found.entrustments_given.select_related("entrusted").order_by("since"),
        "organ": queries.reviewing_organ(code),
        "possible": possible if request.actor.has(ADMIN_SYSTEM) else [],
        "system": request.actor.has(ADMIN_SYSTEM),
    }
    return render(request, "people/body.html", shown)


@never_cache
@acting(ADMIN_SYSTEM)
def edit(request: PersonRequest, code: str = "") -> HttpResponse:
    """Register a body (below one's own), or change its particulars."""
    found = _body(request, code) if code else None
    form = BodyForm(request.POST or None, initial=_initial(found))
    if found:
        del form.fields["code"]
    if request.method == "POST" and form.is_valid():
        data: dict[str, Any] = dict(form.cleaned_data)
        territory = data.pop("territory").split()
        try:
            if found:
                services.change_organisation(by=request.actor, code=code, territory=territory, **data)
            else:
                _may_register(request, data)
                code = services.add_organisation(by=request.actor, territory=territory, **data).code
        except NotAllowed as refused:
            form.add_error(None, refused.text)
        else:
            messages.success(request, "已保存。")
            return HttpResponseRedirect(reverse("people:body", args=[code]))
    title = f"修改：{found.name}" if found else "登记机关"
    back = reverse("people:body", args=[found.code]) if found else reverse("people:bodies")
    return _form(request, form, title=title, button="保存修改" if found else "登记机关", back=back)


@never_cache
@acting(ADMIN_SYSTEM)
def body_act(request: PersonRequest, code: str, act: str) -> HttpResponse:
    """One step of a body's standing, a succession, or an entrustment."""
    found = _body(request, code)
    special = {"succeed": ("登记承继", SuccessionForm), "entrust": ("登记委托", EntrustmentForm)}
    if act not in special and act not in subjects.ACTS:
        raise Http404
    title, form_class = special.get(act) or (subjects.ACTS[act].label, ActForm)
    form = form_class(request.POST or None, initial={"on": timezone.localdate(), "since": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        data: dict[str, Any] = dict(form.cleaned_data)
        try:
            if act == "succeed":
                services.succeed(by=request.actor, predecessor=code, **data)
            elif act == "entrust":
                data["items"] = data["items"].splitlines()
                services.entrust(by=request.actor, entruster=code, **data)
            else:
                services.act_on_organisation(by=request.actor, code=code, act=act, **data)
        except NotAllowed as refused:
            form.add_error(None, refused.text)
        else:
            messages.success(request, f"已{title}。")
            return HttpResponseRedirect(reverse("people:body", args=[code]))
    return _form(request, form, title=f"{title}：{found.name}", button=title, back=reverse("people:body", args=[code]))


def _may_register(request: PersonRequest, data: dict[str, Any]) -> None:
    """A new body must come to lie where its administrator looks after it."""
    held = queries.administered(request.actor)
    parent = data["parent"]
    inside = parent is not None and parent.code in held
    if not inside and not queries.governs(request.actor, data["region"].code):
        raise NotAllowed("只能登记本机关所属的机构，或者由本级政府的系统管理员登记")


def _initial(found: Organisation | None) -> dict[str, object]:
    if found is None:
        return {}
    values: dict[str, object] = {key: getattr(found, key) for key in BodyForm.base_fields if key not in {"territory", "code"}}
    values["region"] = found.region_id
    values["parent"] = found.parent_id or ""
    values["competent_department"] = found.competent_department_id or ""
    values["territory"] = " ".join(found.territory.order_by("code").values_list("code", flat=True))
    return values


def _body(request: PersonRequest, code: str) -> Organisation:
    if code not in queries.administered(request.actor):
        raise Http404
    return Organisation.objects.select_related("region", "parent", "competent_department").prefetch_related("events").get(code=code)


def _form(request: PersonRequest, form: forms.Form, *, title: str, button: str, back: str) -> HttpResponse:
    return render(
        request, "people/form.html", {"form": form, "title": title, "button": button, "back": back}, status=409 if form.errors else 200
    )
