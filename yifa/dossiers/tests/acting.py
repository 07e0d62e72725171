"""Who acts in the tests of this room: the header names a person of the cast, as the session would."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from yifa.kernel.people.actors import Actor

CAST: dict[str, Actor] = {}


class ActingMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.actor = CAST.get(request.headers.get("X-Acting", ""))  # type: ignore[attr-defined]  # what the session's middleware sets
        return self.get_response(request)
