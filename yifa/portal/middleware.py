"""The scanned code is answered before sessions, sign-in and languages are looked at: it needs none of them."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from yifa.portal import pages

CODE = re.compile(r"/c/([A-Z2-7]{26})")


class CodeMiddleware:
    """Stands right below Django's security middleware. A code that leads nowhere goes on to the ordinary page, which counts it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        match = CODE.fullmatch(request.path_info) if request.method == "GET" else None
        return (match and pages.answered(request, match[1])) or self.get_response(request)
