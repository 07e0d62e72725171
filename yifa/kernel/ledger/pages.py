"""The public log in the layout of c2sp.org/tlog-tiles: checkpoint and hash tiles for everybody, entry bundles for monitors."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from . import queries, tree

FOR_EVER = "max-age=31536000, immutable"


def _text(content: str, cache: str) -> HttpResponse:
    return HttpResponse(content, content_type="text/plain; charset=utf-8", headers={"Cache-Control": cache})


def _missing(text: str) -> HttpResponse:
    response = _text(text, "no-store")
    response.status_code = 404
    return response


@require_safe
def checkpoint(request: HttpRequest) -> HttpResponse:
    found = queries.checkpoint()
    return _text(found.note, "public, max-age=2") if found else _missing("日志还没有记录\n")


@require_safe
def key(request: HttpRequest) -> HttpResponse:
    return _text(f"{queries.vkey()}\n", "public, max-age=300")


@require_safe
def tile(request: HttpRequest, path: str) -> HttpResponse:
    """A tile or an entry bundle of the signed log; what the newest checkpoint does not cover does not exist."""
    try:
        level, index, width = tree.parse_tile_path(path)
    except tree.TreeError:
        return _missing("没有这个文件\n")
    found = queries.checkpoint()
    height = 0 if level == "entries" else int(level)
    if found is None or width > tree.tile_width(height, index, found.size):
        return _missing("没有这个文件\n")
    if level == "entries":
        return _bundle(request, index, width)
    data = b"".join(queries.hashes(height, index, found.size)[:width])
    return _file(data, f"public, {FOR_EVER}")


def _bundle(request: HttpRequest, index: int, width: int) -> HttpResponse:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or queries.monitor(token) is None:
        response = _text("记录正文只提供给经批准的监督方\n", "no-store")
        response.status_code = 401
        response.headers["WWW-Authenticate"] = 'Bearer realm="log"'
        return response
    return _file(tree.bundle(queries.bodies(index, width)), f"private, {FOR_EVER}")


def _file(data: bytes, cache: str) -> HttpResponse:
    return HttpResponse(data, content_type="application/octet-stream", headers={"Cache-Control": cache})
