"""The ways in and out: password, second factor, activation slip, enrolment, the choice of a post, one's own account."""

from __future__ import annotations

import json
import time
import uuid
from typing import Any

import segno
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, logout, update_session_auth_hash
from django.contrib.auth import login as enter
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from yifa.kernel.people import badges, factors, queries, services
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.middleware import FACTOR, POST, SEEN, PersonRequest, acting
from yifa.kernel.people.models import Person, SignIn
from yifa.kernel.people.refusals import NotAllowed

BACKEND = "django.contrib.auth.backends.ModelBackend"
PENDING, SECRET = "people.pending", "people.secret"
PENDING_SECONDS = 300
FACTOR_TRIES = 5
FACTOR_MINUTES = 15


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Password first; whoever has a second factor is asked for it next."""
    if request.method == "GET":
        return render(request, "people/sign_in.html", {"next": request.GET.get("next", "")})
    name = request.POST.get("login", "").strip()
    person = authenticate(request, login=name, password=request.POST.get("password", ""))
    if getattr(request, "axes_locked_out", False):
        return locked_out(request)
    if not isinstance(person, Person):
        _note(request, SignIn.Outcome.PASSWORD, login=name)
        problem = "证号（账号）或者口令不符。连续五次不符，账户将锁定十五分钟。"
        return render(request, "people/sign_in.html", {"problem": problem, "login": name, "next": request.POST.get("next", "")}, status=403)
    if factors.kinds(person):
        request.session[PENDING] = {"person": str(person.pk), "at": int(time.time()), "next": request.POST.get("next", "")}
        return HttpResponseRedirect(reverse("people:factor"))
    return _enter(request, person, factor="", target=request.POST.get("next", ""))


def locked_out(request: HttpRequest, *_: object, **__: object) -> HttpResponse:
    """Told by django-axes: too many wrong passwords for this account."""
    if not getattr(request, "people_noted", False):
        request.people_noted = True  # type: ignore[attr-defined]  # axes calls this twice for one attempt: from the view and its middleware
        _note(request, SignIn.Outcome.LOCKED, login=request.POST.get("login", "").strip())
    problem = "口令连续多次不符，账户已锁定十五分钟。急需登录的，请联系安全管理员解锁。"
    return render(request, "people/sign_in.html", {"problem": problem}, status=429)


@never_cache
@require_http_methods(["GET", "POST"])
def factor(request: HttpRequest) -> HttpResponse:
    """The second factor of someone whose password was right a moment ago."""
    pending = request.session.get(PENDING)
    if not pending or time.time() - pending["at"] > PENDING_SECONDS:
        request.session.pop(PENDING, None)
        return HttpResponseRedirect(reverse("people:sign_in"))
    person = Person.objects.get(pk=pending["person"])
    if queries.recent_failures(person, minutes=FACTOR_MINUTES) >= FACTOR_TRIES:
        request.session.pop(PENDING, None)
        _note(request, SignIn.Outcome.LOCKED, person=person)
        problem = "第二因素连续多次不符，请十五分钟后再试，或者请本单位管理员重置。"
        return render(request, "people/sign_in.html", {"problem": problem}, status=429)
    problem = ""
    if request.method == "POST":
        used = _factor_used(request, person)
        if used:
            request.session.pop(PENDING)
            return _enter(request, person, factor=used, target=pending["next"])
        _note(request, SignIn.Outcome.FACTOR, person=person)
        problem = "验证码不符或者已用过，请等下一个六位数再试。"
    kinds = factors.kinds(person)
    shown: dict[str, Any] = {"problem": problem, "kinds": kinds}
    if "webauthn" in kinds:
        shown["options"] = {"request_options": factors.ask_key(person)}
    return render(request, "people/factor.html", shown, status=403 if problem else 200)


@never_cache
@sensitive_post_parameters("password", "again", "code")
@require_http_methods(["GET", "POST"])
def activate(request: HttpRequest) -> HttpResponse:
    """First sign-in with a printed slip: number, code, a password of one's own; the second factor follows on the next page."""
    shown = {"login": request.POST.get("login", request.GET.get("login", "")).strip()}
    if request.method == "GET":
        return render(request, "people/activate.html", shown)
    password = request.POST.get("password", "")
    try:
        if password != request.POST.get("again", ""):
            raise NotAllowed("两次输入的口令不一致")
        person = services.activate(login=shown["login"], code=request.POST.get("code", ""), password=password, now=timezone.now())
    except NotAllowed as refused:
        return render(request, "people/activate.html", {**shown, "problem": refused.text}, status=403)
    _enter(request, person, factor="")
    return HttpResponseRedirect(reverse("people:enrol"))


@never_cache
@require_http_methods(["GET", "POST"])
def enrol(request: PersonRequest) -> HttpResponse:
    """Bind an authenticator app or a security key. Whoever has a factor already proves himself by his password again."""
    if not request.user.is_authenticated:
        return HttpResponseRedirect(reverse("people:sign_in"))
    person, target = request.user, request.POST.get("next", request.GET.get("next", ""))
    held = factors.kinds(person)
    secret = request.session.get(SECRET) or factors.new_secret()
    request.session[SECRET] = secret
    problem = ""
    if request.method == "POST":
        problem = _enrolled(request, person, secret) if not held or person.check_password(request.POST.get("password", "")) else "口令不符"
        if not problem:
            request.session.pop(SECRET)
            request.session[FACTOR] = request.session.get(FACTOR) or "enrolled"
            messages.success(request, "第二因素已绑定，下次登录时使用。")
            return _onward(request, person, target)
    picture = segno.make(factors.address(person, secret), error="m").svg_inline(scale=5, border=2)
    shown = {
        "picture": mark_safe(picture),  # noqa: S308 - made here from our own address
        "secret": " ".join(secret[i : i + 4] for i in range(0, len(secret), 4)),
        "options": {"creation_options": factors.begin_key(person)},
        "held": held,
        "optional": factors.optional(),
        "problem": problem,
        "next": target,
    }
    return render(request, "people/enrol.html", shown, status=403 if problem else 200)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    messages.success(request, "已退出。")
    return HttpResponseRedirect(reverse("people:sign_in"))


@never_cache
def posts(request: PersonRequest) -> HttpResponse:
    """For which body do I act? Asked of whoever holds several posts."""
    if not request.user.is_authenticated:
        return HttpResponseRedirect(reverse("people:sign_in"))
    chairs = queries.chairs(request.user, request.session.get(POST, ""))
    return render(request, "people/posts.html", {"chairs": chairs, "next": request.GET.get("next", "")})


@require_POST
def act_for(request: PersonRequest) -> HttpResponse:
    """Choose the post; only one's own standing posts can be chosen."""
    if not request.user.is_authenticated:
        return HttpResponseRedirect(reverse("people:sign_in"))
    chosen = request.POST.get("post", "")
    if chosen not in {chair.id for chair in queries.chairs(request.user)}:
        messages.error(request, "您没有这个岗位，或者该岗位已经结束。")
        return HttpResponseRedirect(reverse("people:posts"))
    request.session[POST] = chosen
    return HttpResponseRedirect(_safe(request, request.POST.get("next", "")))


@never_cache
@acting()
def me(request: PersonRequest) -> HttpResponse:
    """My posts, my certificates, my factors, my password, my latest sign-ins."""
    shown = {
        "chairs": queries.chairs(request.user, request.actor.post),
        "certificates": queries.certificates_of(request.user),
        "kinds": factors.kinds(request.user),
        "sign_ins": queries.latest_sign_ins(request.user),
        "optional": factors.optional(),
    }
    return render(request, "people/me.html", shown)


@never_cache
@acting()
def badge(request: PersonRequest, number: str) -> HttpResponse:
    """动态码: the badge's code on the officer's own screen, with a mark that is good for a minute: a photograph of it soon is not."""
    held = next((each for each in queries.certificates_of(request.user) if each.number == number), None)
    if held is None:
        raise Http404
    shown = f"{settings.PUBLIC_URL}/v/{held.token}?mark={badges.mark(held.token, timezone.now())}"
    picture = segno.make(shown, error="m").svg_inline(scale=6, border=2)
    return render(request, "people/badge.html", {"held": held, "picture": mark_safe(picture)})  # noqa: S308 - made here from our own address


@sensitive_post_parameters()
@require_POST
@acting()
def change_password(request: PersonRequest) -> HttpResponse:
    person = request.user
    fresh = request.POST.get("password", "")
    problem = ""
    if not person.check_password(request.POST.get("old", "")):
        problem = "原口令不符"
    elif fresh != request.POST.get("again", ""):
        problem = "两次输入的新口令不一致"
    else:
        try:
            validate_password(fresh, person)
        except ValidationError as error:
            problem = "".join(error.messages)
    if problem:
        messages.error(request, problem)
    else:
        services.change_password(by=request.actor, person=person, password=fresh)
        update_session_auth_hash(request, person)
        messages.success(request, "口令已更换，其他设备上的登录已失效。")
    return HttpResponseRedirect(reverse("people:me"))


def _factor_used(request: HttpRequest, person: Person) -> str:
    """Which factor the posted form proves; empty when none."""
    if credential := _credential(request):
        return "webauthn" if factors.check_key(person, credential) else ""
    return "totp" if factors.check_code(person, request.POST.get("code", "")) else ""


def _enrolled(request: HttpRequest, person: Person, secret: str) -> str:
    """Bind what was posted; the answer is what went wrong."""
    if credential := _credential(request):
        return "" if factors.enrol_key(person, request.POST.get("name", "").strip(), credential) else "安全密钥没有通过验证，请再试一次"
    code = "".join(request.POST.get("code", "").split())
    return "" if factors.enrol_code(person, secret, code) else "验证码不符，请核对手机时间后输入当前的六位数"


def _credential(request: HttpRequest) -> dict[str, Any]:
    try:
        found = json.loads(request.POST.get("credential", "") or "{}")
    except json.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}


def _enter(request: HttpRequest, person: Person, *, factor: str, target: str = "") -> HttpResponse:
    """Open the session, record the sign-in, go on to where one wanted to go."""
    enter(request, person, backend=BACKEND)
    request.session[FACTOR] = factor
    request.session[SEEN] = int(time.time())
    actor = queries.actor(person, None) or Actor(str(person.pk), person.name, str(uuid.UUID(int=0)), "", "", "", "000000", frozenset())
    address, agent = _whence(request)
    services.record_sign_in(by=actor, now=timezone.now(), address=address, agent=agent, factor=factor or "password")
    return _onward(request, person, target)


def _onward(request: HttpRequest, person: Person, target: str) -> HttpResponse:
    if not request.session.get(FACTOR) and not factors.optional():
        return HttpResponseRedirect(f"{reverse('people:enrol')}?{urlencode({'next': target})}")
    if len(queries.chairs(person)) != 1 and not request.session.get(POST):
        return HttpResponseRedirect(f"{reverse('people:posts')}?{urlencode({'next': target})}")
    return HttpResponseRedirect(_safe(request, target))


def _safe(request: HttpRequest, target: str) -> str:
    """Back to a page of ours, never to another site."""
    if target and url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        return target
    return "/desk/"


def _whence(request: HttpRequest) -> tuple[str | None, str]:
    return request.META.get("REMOTE_ADDR") or None, request.headers.get("User-Agent", "")


def _note(request: HttpRequest, outcome: SignIn.Outcome, *, login: str = "", person: Person | None = None) -> None:
    address, agent = _whence(request)
    services.note_attempt(
        login=login, person=str(person.pk) if person else None, outcome=outcome, now=timezone.now(), address=address, agent=agent
    )
