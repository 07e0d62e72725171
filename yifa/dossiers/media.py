"""Files to readers, from an origin of their own, by addresses that expire.

Whoever may see a dossier gets addresses for its files (`url`); the address carries what it is for and until when, bound by an HMAC.
The media origin knows no session, no cookie, no user: a file that turned out to be hostile finds nothing there to steal.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import BinaryIO
from urllib.parse import quote, urlencode, urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.crypto import salted_hmac
from django.utils.http import content_disposition_header

from yifa.dossiers import rules, store

SHORT = timedelta(minutes=15)
# A player asks for more of the same recording as long as it plays.
PLAYING = timedelta(hours=4)
CHUNK = 256 * 1024


def origin() -> str:
    """The media origin beside the public address: same scheme and port, another host."""
    public = urlsplit(settings.PUBLIC_URL)
    if public.hostname == settings.MEDIA_HOST:
        raise ImproperlyConfigured("YIFA_MEDIA_HOST must differ from the host of YIFA_PUBLIC_URL")
    port = f":{public.port}" if public.port else ""
    return f"{public.scheme}://{settings.MEDIA_HOST}{port}"


def url(sha256: str, *, mime: str, name: str, at: datetime, inline: bool = True) -> str:
    """A short-lived address of one file; `inline` shows it in the page, otherwise the browser saves it under `name`."""
    if mime not in rules.SERVED:
        inline = False
    lasting = PLAYING if mime.startswith(("audio/", "video/")) else SHORT
    until = int((at + lasting).timestamp())
    kind = "i" if inline else "a"
    query = urlencode({"m": mime, "d": kind, "e": until, "s": _signature(sha256, name, mime, kind, str(until))})
    return f"{origin()}/{sha256}/{quote(name, safe='')}?{query}"


class MediaMiddleware:
    """The first middleware: what comes to the media host is answered here or not at all; no page exists on that host."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.get_host().partition(":")[0].lower() == settings.MEDIA_HOST:
            return _guard(_serve(request))
        return self.get_response(request)


def _serve(request: HttpRequest) -> HttpResponseBase:
    if request.method not in {"GET", "HEAD"}:
        return _say(405, "此地址只供读取")
    sha256, _, name = request.path.lstrip("/").partition("/")
    mime, kind, until, signature = (request.GET.get(key, "") for key in "mdes")
    if not hmac.compare_digest(_signature(sha256, name, mime, kind, until).encode(), signature.encode()):
        return _say(403, "地址无效，请回到案件页面重新打开")
    if int(until) < datetime.now(UTC).timestamp():
        return _say(403, "地址已过期，请回到案件页面重新打开")
    if not store.exists(sha256):
        return _say(410, "文件已依法清除或尚未到达")
    tag = f'"{sha256}"'
    if request.headers.get("If-None-Match") == tag:
        response: HttpResponseBase = HttpResponse(status=304)
    else:
        response = _content(request, sha256, tag)
        if response.status_code != 416:
            response["Content-Type"] = mime
            response["Content-Disposition"] = content_disposition_header(kind != "i", name) or "attachment"
    response["ETag"] = tag
    response["Accept-Ranges"] = "bytes"
    # Content under its own hash never changes, but nobody but the reader may keep it.
    response["Cache-Control"] = "private, max-age=900, immutable"
    return response


def _content(request: HttpRequest, sha256: str, tag: str) -> HttpResponseBase:
    size = store.path(sha256).stat().st_size
    wanted = request.headers.get("Range", "")
    if request.headers.get("If-Range", tag) != tag:
        wanted = ""
    try:
        asked = rules.byte_range(wanted, size)
    except rules.UnsatisfiableError:
        response = _say(416, "请求的范围超出文件")
        response["Content-Range"] = f"bytes */{size}"
        return response
    if request.method == "HEAD" or asked is None:
        whole = HttpResponse() if request.method == "HEAD" else FileResponse(store.open(sha256))
        whole["Content-Length"] = str(size)
        return whole
    first, last = asked
    part = StreamingHttpResponse(_part(store.open(sha256), first, last - first + 1), status=206)
    part["Content-Length"] = str(last - first + 1)
    part["Content-Range"] = f"bytes {first}-{last}/{size}"
    return part


def _part(file: BinaryIO, start: int, length: int) -> Iterator[bytes]:
    with file:
        file.seek(start)
        while length > 0 and (chunk := file.read(min(CHUNK, length))):
            length -= len(chunk)
            yield chunk


def _guard(response: HttpResponseBase) -> HttpResponseBase:
    """Whatever is served runs nothing, embeds nothing, tells nobody where it was shown."""
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    response["Referrer-Policy"] = "no-referrer"
    return response


def _say(status: int, text: str) -> HttpResponse:
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")


def _signature(*parts: str) -> str:
    return salted_hmac("yifa.dossiers.media", "\n".join(parts), algorithm="sha256").hexdigest()
