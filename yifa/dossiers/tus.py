"""tus 1.0 over HTTP at `/files/`: core, creation (with upload), checksum, termination, expiration.

A sender whose link drops asks with HEAD how many bytes are safe and goes on from there. The upload's id becomes the id of the evidence
(`Yifa-Evidence` in the last answer), which a step then names. Refusals are problems (RFC 9457) in the officer's language.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.http import http_date

from yifa.dossiers import queries, rules, services
from yifa.dossiers.models import Upload
from yifa.dossiers.services import UploadRefused
from yifa.kernel.people.actors import Actor

VERSION = "1.0.0"
CHUNK_TYPE = "application/offset+octet-stream"
View = Callable[..., HttpResponse]
TITLES = {
    401: "请先登录",
    403: "无权上传",
    404: "没有这次上传",
    409: "续传位置不符",
    413: "文件太大",
    415: "文件类型不符",
    460: "校验值不符",
}


def _protocol(view: View) -> View:
    """What every request and answer of the protocol has in common; refusals become problems."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        method = request.headers.get("X-HTTP-Method-Override", request.method or "").upper()
        if method == "OPTIONS":
            response = _abilities()
        elif method != "GET" and request.headers.get("Tus-Resumable") != VERSION:
            response = _problem(UploadRefused(412, "上传协议版本不符，请刷新页面"))
            response["Tus-Version"] = VERSION
        else:
            try:
                response = view(request, _actor(request), method, *args, **kwargs)
            except UploadRefused as refused:
                response = _problem(refused)
            except rules.BadRequestError as bad:
                response = _problem(UploadRefused(400, str(bad)))
        response["Tus-Resumable"] = VERSION
        response["Cache-Control"] = "no-store"
        return response

    return wrapped


@_protocol
def collection(request: HttpRequest, actor: Actor, method: str) -> HttpResponse:
    """POST announces a file; bytes may come with it."""
    if method != "POST":
        return _not_allowed("OPTIONS, POST")
    length = request.headers.get("Upload-Length", "")
    if not length.isascii() or not length.isdigit():
        raise UploadRefused(400, "缺少文件长度（Upload-Length）；不支持长度未知的上传")
    described = rules.metadata(request.headers.get("Upload-Metadata", ""))
    dossier = None
    if code := described.get("dossier"):
        dossier = queries.case(actor, code)
        if dossier is None:
            raise UploadRefused(403, "没有这个案件，或者您无权查看它，不能为它上传证据")
    now = timezone.now()
    # Python refuses to read numbers of thousands of digits; nobody needs more than 19 here.
    upload = services.create_upload(actor=actor, dossier=dossier, length=int(length[:19]), described=described, at=now)
    if request.content_type == CHUNK_TYPE:
        upload = _append(request, upload, 0, now)
    response = HttpResponse(status=201)
    response["Location"] = f"{request.path}{upload.id}"
    return _progress(response, upload)


@_protocol
def item(request: HttpRequest, actor: Actor, method: str, upload: uuid.UUID) -> HttpResponse:
    """HEAD how far; PATCH more bytes; DELETE give up; GET what became of it. Only for the person who announced the file."""
    found = Upload.objects.filter(id=upload, person_id=uuid.UUID(actor.person)).first()
    if found is None:
        raise UploadRefused(404, "没有这次上传，或者它已过期，请重新上传")
    now = timezone.now()
    if method == "HEAD":
        return _progress(HttpResponse(), services.complete(_living(found, now), at=now))
    if method == "GET":
        return JsonResponse(
            {
                "offset": found.received,
                "length": found.length,
                "evidence": str(found.evidence) if found.evidence else None,
                "refusal": found.refusal or None,
                "title": found.filename,
            }
        )
    if method == "DELETE":
        services.cancel(found)
        return HttpResponse(status=204)
    if method != "PATCH":
        return _not_allowed("OPTIONS, HEAD, GET, PATCH, DELETE")
    if request.content_type != CHUNK_TYPE:
        raise UploadRefused(415, f"内容类型应为 {CHUNK_TYPE}")
    offset = request.headers.get("Upload-Offset", "")
    if not offset.isascii() or not offset.isdigit():
        raise UploadRefused(400, "缺少续传位置（Upload-Offset）")
    return _progress(HttpResponse(status=204), _append(request, found, int(offset[:19]), now))


def _append(request: HttpRequest, upload: Upload, offset: int, now: datetime) -> Upload:
    size = int(request.META.get("CONTENT_LENGTH") or 0)
    checksum = rules.checksum(request.headers.get("Upload-Checksum", ""))
    # A request reads like a file, which is all that the service asks of it.
    return services.append(upload, offset=offset, content=request, size=size, checksum=checksum, at=now)


def _living(upload: Upload, now: datetime) -> Upload:
    if upload.refusal:
        raise UploadRefused(410, upload.refusal)
    if upload.expires_at <= now:
        raise UploadRefused(410, "这次上传已过期，请重新上传")
    return upload


def _actor(request: HttpRequest) -> Actor:
    actor = getattr(request, "actor", None)
    if not isinstance(actor, Actor):
        raise UploadRefused(401, "请先登录并选择所代表的机关，再上传文件")
    return actor


def _progress(response: HttpResponse, upload: Upload) -> HttpResponse:
    response["Upload-Offset"] = str(upload.received)
    response["Upload-Length"] = str(upload.length)
    if upload.evidence:
        response["Yifa-Evidence"] = str(upload.evidence)
    else:
        response["Upload-Expires"] = http_date(upload.expires_at.timestamp())
    return response


def _abilities() -> HttpResponse:
    response = HttpResponse(status=204)
    response["Tus-Version"] = VERSION
    response["Tus-Extension"] = "creation,creation-with-upload,checksum,termination,expiration"
    response["Tus-Checksum-Algorithm"] = "sha256,sha1"
    response["Tus-Max-Size"] = str(max(settings.FILE_LIMITS.values()) * 1024 * 1024)
    return response


def _not_allowed(methods: str) -> HttpResponse:
    response = _problem(UploadRefused(405, "此地址不接受这种请求"))
    response["Allow"] = methods
    return response


def _problem(refused: UploadRefused) -> HttpResponse:
    body = {"type": "about:blank", "title": TITLES.get(refused.status, "未能上传"), "status": refused.status, "detail": refused.reason}
    return JsonResponse(
        body, status=refused.status, content_type="application/problem+json; charset=utf-8", json_dumps_params={"ensure_ascii": False}
    )
