"""Who acts in this request: signs out whom nobody has seen for a while, insists on the second factor, sets `request.actor`."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from yifa.kernel.people import factors, queries
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.models import Person

POST, SEEN, FACTOR = "people.post", "people.seen", "people.factor"
# Pages that one may see before the second factor is bound.
OPEN = ("/people/enrol/", "/people/sign-out/", "/people/sign-in/", "/people/activate/", "/static/")


class PersonRequest(HttpRequest):
    """A request as it reaches a view behind `acting`."""

    actor: Actor
    user: Person


class ActorMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = None  # type: ignore[attr-defined]  # Django's request has no such name; `PersonRequest` has
        # Without a session cookie nobody is signed in: the public's pages read no session.
        person = request.user if settings.SESSION_COOKIE_NAME in request.COOKIES else None
        refused = self._enter(request, person) if isinstance(person, Person) else None
        return refused or self.get_response(request)

    def _enter(self, request: HttpRequest, person: Person) -> HttpResponse | None:
        now = int(time.time())
        seen = request.session.get(SEEN, now)
        if now - seen > settings.PEOPLE_IDLE_SECONDS:
            logout(request)
            messages.warning(request, "您有一段时间没有操作，已自动退出，请重新登录。")
            return _turn(request, reverse("people:sign_in"))
        # Written once a minute, not with every click.
        if SEEN not in request.session or now - seen >= 60:
            request.session[SEEN] = now
        if not request.session.get(FACTOR) and not factors.optional() and not request.path.startswith(OPEN):
            return _turn(request, reverse("people:enrol"))
        request.actor = queries.actor(person, request.session.get(POST))  # type: ignore[attr-defined]  # as above
        return None


def acting(*roles: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """A view for someone who acts for a body, in one of `roles` if any are named; others are shown the way in, or told why not."""

    def wrap(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            if not request.user.is_authenticated:
                return _turn(request, reverse("people:sign_in"))
            actor: Actor | None = getattr(request, "actor", None)
            if actor is None:
                return HttpResponseRedirect(reverse("people:posts"))
            if roles and not actor.has(*roles):
                return forbidden(request)
            response = view(request, *args, **kwargs)
            # The address of a form, opened by hand or by the browser's address bar: a page in words, not an empty one.
            return render(request, "405.html", status=405) if response.status_code == 405 and request.method == "GET" else response

        return guarded

    return wrap


def forbidden(request: HttpRequest) -> HttpResponse:
    return render(request, "people/forbidden.html", status=403)


def _turn(request: HttpRequest, target: str) -> HttpResponse:
    """To another page and back after it; a program is told by status."""
    if request.path.startswith("/api/") or request.headers.get("HX-Request"):
        status = 401 if request.path.startswith("/api/") else 403
        response = HttpResponse("请重新登录", content_type="text/plain; charset=utf-8", status=status)
        response["HX-Redirect"] = target
        return response
    after = request.get_full_path() if request.method == "GET" else ""
    return HttpResponseRedirect(f"{target}?{urlencode({'next': after})}" if after and after != "/" else target)
