"""Files that come with a form: how much is read of what is sent, so that the words of the form are kept when a file is too large.

A form is read only after this looked at it, and its token is checked after that: hence the two decorators of every page that takes files.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from yifa.portal.pages import View

# More than this is no form of ours: nothing of it is read.
MOST_SENT = 100_000_000
SKIPPED = "yifa.skipped"


class Bounded(FileUploadHandler):
    """Lets a file go when it grows beyond `most` bytes, and remembers its name; the rest of the form is read on."""

    def __init__(self, request: HttpRequest, most: int) -> None:
        super().__init__(request)
        self.most = most
        self.skipped: list[str] = []

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        if start + len(raw_data) > self.most:
            self.skipped.append(self.file_name or "")
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> Any:
        """The handlers after this one make the file."""


def with_files(most: int) -> Callable[[View], View]:
    """A page whose form brings files of at most `most` bytes each; the names of larger ones tells `skipped`."""

    def decorate(view: View) -> View:
        protected = csrf_protect(view)

        @csrf_exempt
        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            if request.method == "POST":
                if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_SENT:
                    why = f"附件一共不能超过 {MOST_SENT // 1_000_000} MB，没有收下；请回到上一页，减少附件以后重新提交"
                    return render(request, "portal/rejected.html", {"why": why, "back": request.path}, status=413)
                bounded = Bounded(request, most)
                request.upload_handlers.insert(0, bounded)
                request.META[SKIPPED] = bounded.skipped
            response: HttpResponse = protected(request, *args, **kwargs)
            return response

        return guarded

    return decorate


def skipped(request: HttpRequest) -> list[str]:
    """The names of files that were too large; known once the form was read."""
    return list(request.META.get(SKIPPED, ()))
