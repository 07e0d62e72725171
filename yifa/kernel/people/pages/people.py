"""People, posts, slips and certificates, for the administrators of a unit or of the installation."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from yifa.kernel.people import certificate as cycle
from yifa.kernel.people import queries, reading_words, roles, services
from yifa.kernel.people.middleware import PersonRequest, acting, forbidden
from yifa.kernel.people.models import Certificate, Person, Post
from yifa.kernel.people.refusals import NotAllowed
from yifa.kernel.people.roles import ADMIN_SECURITY, ADMIN_SYSTEM, HEAD

PAGE = 30
ADMIN_CHOICES = [(key, label) for key, label in roles.LABELS.items() if key in roles.ADMINISTRATORS]
WORK_CHOICES = [(key, label) for key, label in roles.LABELS.items() if key not in roles.ADMINISTRATORS]


class DayInput(forms.DateInput):
    input_type = "date"


def choices_for(request: PersonRequest) -> list[tuple[str, str]]:
    """The system administrator gives roles of work, the security administrator those of administrators."""
    return WORK_CHOICES if request.actor.has(ADMIN_SYSTEM) else ADMIN_CHOICES


class PostForm(forms.Form):
    organisation = forms.CharField(label="机关代码", max_length=10, help_text="十位主体代码，在“机关”页可以查到")
    roles_ = forms.MultipleChoiceField(label="角色", widget=forms.CheckboxSelectMultiple, choices=WORK_CHOICES)
    title = forms.CharField(label="职务", max_length=40, required=False)
    since = forms.DateField(label="任职日期", widget=DayInput)

    def __init__(self, data: QueryDict | None, *, request: PersonRequest, initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial)
        label = self.fields["roles_"].label
        self.fields["roles_"] = forms.MultipleChoiceField(label=label, widget=forms.CheckboxSelectMultiple, choices=choices_for(request))
        self.request = request

    def clean_organisation(self) -> str:
        code = str(self.cleaned_data["organisation"]).strip()
        if code not in queries.administered(self.request.actor):
            raise forms.ValidationError("没有这个机关，或者它不归您管理")
        return code


class PersonForm(PostForm):
    login = forms.CharField(label="执法证号或账号", max_length=40, help_text="持证人员填证号；首次登录时凭它和激活码")
    name = forms.CharField(label="姓名", max_length=40)
    phone = forms.CharField(label="电话", max_length=40, required=False)
    identity_number = forms.CharField(label="公民身份号码", max_length=20, required=False, help_text="加密保存，用于防止重复登记")
    staffed = forms.BooleanField(label="在编人员", required=False, initial=True, help_text="执法辅助人员不勾选，不能持证执法")
    qualification = forms.CharField(label="法律职业资格证号", max_length=30, required=False)
    field_order: Iterable[str] | None = (
        "login",
        "name",
        "phone",
        "identity_number",
        "staffed",
        "qualification",
        "organisation",
        "roles_",
        "title",
        "since",
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(label="理由", max_length=200)


class RolesForm(ReasonForm):
    post = forms.UUIDField(widget=forms.HiddenInput)
    roles_ = forms.MultipleChoiceField(label="角色", choices=list(roles.LABELS.items()), widget=forms.CheckboxSelectMultiple)
    field_order: Iterable[str] | None = ("post", "roles_", "reason")


class EndForm(ReasonForm):
    post = forms.UUIDField(widget=forms.HiddenInput)
    on = forms.DateField(label="最后一天", widget=DayInput)
    taker = forms.CharField(label="接手人的证号或账号", required=False, help_text="由他继续办理该人在本机关未办结的案件")
    field_order: Iterable[str] | None = ("post", "on", "taker", "reason")


class TransferForm(EndForm):
    on = forms.DateField(label="到任日期", widget=DayInput)
    to = forms.CharField(label="调入机关代码", max_length=10)
    roles_ = forms.MultipleChoiceField(label="新岗位的角色", choices=WORK_CHOICES, widget=forms.CheckboxSelectMultiple)
    title = forms.CharField(label="新职务", max_length=40, required=False)
    field_order: Iterable[str] | None = ("post", "to", "roles_", "title", "on", "taker", "reason")


class CertificateForm(forms.Form):
    number = forms.CharField(label="证号", max_length=20)
    kind = forms.ChoiceField(label="证件种类", choices=Certificate.Kind.choices)
    organisation = forms.CharField(label="所在机关代码", max_length=10)
    categories = forms.CharField(label="执法类别", max_length=200, help_text="多个类别用顿号分开")
    region = forms.CharField(label="执法区域代码", max_length=12)
    issuer = forms.CharField(label="发证机关", max_length=100)
    on = forms.DateField(label="申请日期", widget=DayInput)


class LifeForm(forms.Form):
    act = forms.CharField(widget=forms.HiddenInput)
    on = forms.DateField(label="日期", widget=DayInput)
    expires_on = forms.DateField(label="有效期至", widget=DayInput, required=False)
    reason = forms.CharField(label="理由或依据", max_length=300, required=False)


@never_cache
@acting(ADMIN_SYSTEM, ADMIN_SECURITY, HEAD)
def index(request: PersonRequest) -> HttpResponse:
    """Find a person by name or number."""
    text = request.GET.get("q", "").strip()
    organisation = request.GET.get("organisation", "").strip()
    after = request.GET.getlist("after")
    try:
        found = queries.people(request.actor, text=text, organisation=organisation, after=after, limit=PAGE + 1)
    except (ValueError, ObjectDoesNotExist):
        raise Http404 from None
    more = ""
    if len(found) > PAGE:
        last = found[PAGE - 1]
        more = urlencode({"q": text, "organisation": organisation, "after": [last.name, str(last.pk)]}, doseq=True)
    shown = {"people": found[:PAGE], "next": more, "q": text, "organisation": organisation, "may_register": request.actor.has(ADMIN_SYSTEM)}
    return render(request, "people/index.html", shown)


@never_cache
@sensitive_post_parameters("identity_number")
@acting(ADMIN_SYSTEM)
def new(request: PersonRequest) -> HttpResponse:
    """Register a person with his first post."""
    form = PersonForm(request.POST or None, request=request, initial={"since": timezone.localdate(), "staffed": True})
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        post = {key: data.pop(key) for key in ("organisation", "roles_", "title", "since")}
        try:
            with transaction.atomic():
                person = services.add_person(by=request.actor, today=timezone.localdate(), **data)
                services.add_post(by=request.actor, person=person, **post)
        except NotAllowed as refused:
            form.add_error(None, refused.text)
        else:
            messages.success(request, f"已登记{person.name}。请打印激活单，由本人完成首次登录。")
            return HttpResponseRedirect(reverse("people:person", args=[person.pk]))
    return _form(request, form, title="登记人员", button="登记人员", status=200)


@never_cache
@acting(ADMIN_SYSTEM, ADMIN_SECURITY, HEAD)
def person(request: PersonRequest, pk: uuid.UUID) -> HttpResponse:
    """One person: posts, certificates, account, and what the administrator can do here."""
    found = _person(request, pk)
    today = timezone.localdate()
    posts = found.posts.select_related("organisation").order_by("-since", "id")
    shown = {
        "person": found,
        "posts": [
            (post, "、".join(roles.LABELS[role] for role in post.roles), post.until is None or post.until >= today) for post in posts
        ],
        "certificates": [(one, cycle.LABELS[cycle.Status(one.status)]) for one in queries.certificates_of(found)],
        "factors": queries.factor_kinds(found),
        "system": request.actor.has(ADMIN_SYSTEM) and str(found.pk) != request.actor.person,
        "security": request.actor.has(ADMIN_SECURITY) and str(found.pk) != request.actor.person,
    }
    if found.phone and str(found.pk) != request.actor.person:
        here = next((post for post in posts if post.organisation_id == request.actor.organisation), None) or posts.first()
        services.note_reading(
            by=request.actor,
            subject=f"person:{found.pk}",
            label=f"{found.name} {found.login}",
            league=request.actor.league,
            body=here.organisation_id if here else request.actor.organisation,
            items=[reading_words.OFFICER],
            way=reading_words.PAGE,
            ground=reading_words.OFFICE,
        )
    return render(request, "people/person.html", shown)


def _slip(request: PersonRequest, found: Person, _: dict[str, object]) -> HttpResponse:
    return _printed(request, services.issue_slips(by=request.actor, people=[found], now=timezone.now()))


def _reset(request: PersonRequest, found: Person, data: dict[str, object]) -> HttpResponse:
    return _printed(request, [services.reset_factor(by=request.actor, person=found, reason=str(data["reason"]), now=timezone.now())])


def _close(request: PersonRequest, found: Person, data: dict[str, object]) -> str:
    services.set_active(by=request.actor, person=found, active=not found.is_active, reason=str(data["reason"]))
    return "账户已启用。" if not found.is_active else "账户已停用，其全部登录立即失效。"


def _post(request: PersonRequest, found: Person, data: dict[str, object]) -> str:
    services.add_post(by=request.actor, person=found, **data)  # type: ignore[arg-type]  # the form's cleaned fields are the arguments
    return "岗位已增设。"


def _end(request: PersonRequest, found: Person, data: dict[str, object]) -> str:
    services.end_post(by=request.actor, **_handing_over(request, found, data))  # type: ignore[arg-type]  # as above
    return "岗位已结束。"


def _transfer(request: PersonRequest, found: Person, data: dict[str, object]) -> str:
    if data["to"] not in queries.administered(request.actor):
        raise NotAllowed("调入机关不归您管理，请由上级系统管理员办理")
    services.transfer(by=request.actor, **_handing_over(request, found, data))  # type: ignore[arg-type]  # as above
    return "已调动。"


def _roles(request: PersonRequest, found: Person, data: dict[str, object]) -> str:
    post = _own_post(request, found, data.pop("post"))
    services.change_roles(by=request.actor, post=post, on=timezone.localdate(), **data)  # type: ignore[arg-type]  # as above
    return "角色已调整，立即生效。"


def _release(request: PersonRequest, found: Person, data: dict[str, object]) -> str:
    services.release(by=request.actor, person=found, reason=str(data["reason"]))
    return "账户已解锁。"


def _apply(request: PersonRequest, found: Person, data: dict[str, object]) -> str:
    if data["organisation"] not in queries.administered(request.actor):
        raise NotAllowed("没有这个机关，或者它不归您管理")
    data["categories"] = str(data["categories"]).replace(",", "、").replace(",", "、").split("、")
    services.apply_for_certificate(by=request.actor, person=found, **data)  # type: ignore[arg-type]  # as above
    return "证件已进入申领程序。"


Done = HttpResponse | str
# act: (title, what the button says, who may, its form, what it does)
ACTS: dict[str, tuple[str, str, str, type[forms.Form] | None, Callable[[PersonRequest, Person, dict[str, object]], Done]]] = {
    "slip": ("打印激活单", "打印激活单", ADMIN_SYSTEM, None, _slip),
    "reset": ("重置第二因素", "重置并打印激活单", ADMIN_SYSTEM, ReasonForm, _reset),
    "close": ("停用或启用账户", "确定", ADMIN_SYSTEM, ReasonForm, _close),
    "post": ("增设岗位", "增设岗位", "", PostForm, _post),
    "end": ("结束岗位", "结束岗位", ADMIN_SYSTEM, EndForm, _end),
    "transfer": ("调动", "办理调动", ADMIN_SYSTEM, TransferForm, _transfer),
    "roles": ("调整角色", "调整角色", ADMIN_SECURITY, RolesForm, _roles),
    "release": ("解锁账户", "解锁", ADMIN_SECURITY, ReasonForm, _release),
    "certificate": ("申领证件", "提交申领", ADMIN_SYSTEM, CertificateForm, _apply),
}


@never_cache
@acting(ADMIN_SYSTEM, ADMIN_SECURITY)
def person_act(request: PersonRequest, pk: uuid.UUID, act: str) -> HttpResponse:
    """One act on one person: a short form, then done; nobody acts on his own account here."""
    if act not in ACTS:
        raise Http404
    title, button, role, form_class, do = ACTS[act]
    if (role and not request.actor.has(role)) or request.actor.person == str(pk):
        return forbidden(request)
    found = _person(request, pk)
    initial = {"since": timezone.localdate(), "on": timezone.localdate(), **request.GET.dict()}
    if form_class is None:
        form = forms.Form(request.POST if request.method == "POST" else None)
    elif issubclass(form_class, PostForm):
        form = form_class(request.POST or None, request=request, initial=initial)
    else:
        form = form_class(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            done = do(request, found, dict(form.cleaned_data))
        except NotAllowed as refused:
            form.add_error(None, refused.text)
        else:
            if isinstance(done, HttpResponse):
                return done
            messages.success(request, done)
            return HttpResponseRedirect(reverse("people:person", args=[found.pk]))
    back = reverse("people:person", args=[found.pk])
    return _form(request, form, title=f"{title}：{found.name}", button=button, back=back, status=200)


@never_cache
@require_POST
@acting(ADMIN_SYSTEM)
def slips(request: PersonRequest) -> HttpResponse:
    """A batch of slips for the chosen people, as one page to print."""
    try:
        wanted = [uuid.UUID(pk) for pk in request.POST.getlist("person")]
    except ValueError:
        raise Http404 from None
    chosen = [one for one in Person.objects.filter(pk__in=wanted).order_by("login") if queries.may_administer(request.actor, one)]
    if not chosen:
        messages.error(request, "请先选择要打印激活单的人员。")
        return HttpResponseRedirect(reverse("people:index"))
    try:
        return _printed(request, services.issue_slips(by=request.actor, people=chosen, now=timezone.now()))
    except NotAllowed as refused:
        messages.error(request, refused.text)
        return HttpResponseRedirect(reverse("people:index"))


@never_cache
@acting(ADMIN_SECURITY)
def lockouts(request: PersonRequest) -> HttpResponse:
    """Accounts locked just now, and the table of roles and acts."""
    return render(request, "people/lockouts.html", {"people": queries.locked(request.actor)})


@never_cache
@acting(ADMIN_SYSTEM, ADMIN_SECURITY, HEAD)
def certificate(request: PersonRequest, number: str) -> HttpResponse:
    """A certificate's life: what happened, and what can happen next."""
    held = queries.certificate_by_number(request.actor, number)
    if held is None:
        raise Http404
    form = LifeForm(request.POST or None, initial={"on": timezone.localdate()})
    if request.method == "POST":
        if not request.actor.has(ADMIN_SYSTEM):
            return forbidden(request)
        if form.is_valid():
            try:
                services.act_on_certificate(by=request.actor, number=number, **form.cleaned_data)
            except NotAllowed as refused:
                form.add_error(None, refused.text)
            else:
                messages.success(request, "已登记。")
                return HttpResponseRedirect(request.path)
    held = queries.certificate_by_number(request.actor, number) or held
    status = cycle.Status(held.status)
    events = [(event, _act_label(event.act), cycle.LABELS[cycle.Status(event.status)]) for event in held.events.all().order_by("on", "id")]
    possible = [(key, cycle.ACTS[key].label) for key in cycle.possible(status)] if request.actor.has(ADMIN_SYSTEM) else []
    why = queries.badge_by_number(number)
    shown = {"held": held, "events": events, "possible": possible, "form": form, "label": cycle.LABELS[status], "badge": why}
    return render(request, "people/certificate.html", shown, status=409 if form.errors else 200)


def _role_names(post: Post) -> str:
    return "、".join(roles.LABELS[role] for role in post.roles)


def _act_label(act: str) -> str:
    return "申请" if act == "apply" else cycle.ACTS[act].label


def _handing_over(request: PersonRequest, found: Person, data: dict[str, object]) -> dict[str, object]:
    """The form's post and taker as rows; the rest as it is."""
    login = str(data.pop("taker", "")).strip()
    taker = Person.objects.filter(login=login, is_active=True).first() if login else None
    if login and taker is None:
        raise NotAllowed(f"没有账号为“{login}”的人员")
    return {**data, "post": _own_post(request, found, data["post"]), "taker": taker}


def _own_post(request: PersonRequest, found: Person, pk: object) -> Post:
    """A post of this person in a body that the administrator looks after."""
    post = Post.objects.select_related("person").filter(pk=str(pk), person=found).first()
    if post is None or post.organisation_id not in queries.administered(request.actor):
        raise NotAllowed("没有这个岗位，或者它不归您管理")
    return post


def _person(request: PersonRequest, pk: uuid.UUID) -> Person:
    found = Person.objects.filter(pk=pk).first()
    if found is None or not queries.may_administer(request.actor, found):
        raise Http404
    return found


def _printed(request: HttpRequest, printed: list[services.PrintedSlip]) -> HttpResponse:
    """Shown once: the codes are kept nowhere."""
    address = request.build_absolute_uri(reverse("people:activate"))
    return render(request, "people/slips.html", {"slips": printed, "address": address})


def _form(request: HttpRequest, form: forms.Form, *, title: str, button: str, back: str = "", status: int) -> HttpResponse:
    shown = {"form": form, "title": title, "button": button, "back": back or reverse("people:index")}
    return render(request, "people/form.html", shown, status=409 if form.errors else status)
