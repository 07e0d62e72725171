"""What the interface answers when it cannot answer: RFC 9457 problems, in words fit to be shown, and never a page.

Rooms raise `Trouble`; the site's interface turns it into `application/problem+json`. `ProblemMiddleware` does the same for what never
reached a room: an unknown address, another method, a body too large, a fault.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from django.conf import settings
from django.db import DataError
from django.http import HttpRequest, HttpResponse
from django.views.defaults import bad_request
from ninja import Field, Schema

MEDIA_TYPE = "application/problem+json"
ROOT = "/api/"


@dataclass(frozen=True)
class Kind:
    """One kind of problem: `code` never changes, the rest is for people."""

    status: int
    title: str
    meaning: str


KINDS: Mapping[str, Kind] = {
    "malformed": Kind(400, "请求无法读取", "请求体不是合法的 JSON，或者含有不允许的字符"),
    "unauthenticated": Kind(401, "请先登录", "没有登录，或者登录已经过期"),
    "forbidden": Kind(403, "您的岗位不能使用这项功能", "岗位没有这项权限，或者缺少防伪令牌（X-CSRFToken）"),
    "not_found": Kind(404, "没有找到", "没有这个地址或者对象，或者您无权查看；两种情形从外面看没有区别"),
    "method": Kind(405, "不支持这种请求方法", "这个地址只支持 Allow 头中列出的方法"),
    "changed": Kind(409, "本案已有新的办理", "在您看到的记录以后又有了新的记录；changed 列出是哪些"),
    "precondition": Kind(412, "版本标识无法识别", "If-Match 应当是读取案件时得到的 ETag"),
    "too_large": Kind(413, "请求过大", "请求体超过上限；文件请用断点续传接口上传"),
    "invalid": Kind(422, "请求不完整或者不符合格式", "invalid_params 列出是哪些参数"),
    "refused": Kind(422, "依法不能办理", "blocked_by 列出违反的每一条规则、法条和可以解除的人；案卷没有任何变化"),
    "key_reused": Kind(422, "幂等键已经用于别的办理", "同一个 Idempotency-Key 只能用于同一项办理"),
    "unconditional": Kind(428, "请说明您看到的记录", "办理步骤应当带 seen_seq 或者 If-Match，避免覆盖他人的办理"),
    "fault": Kind(500, "系统出现故障", "故障已经记录，请稍后再试"),
}
BY_STATUS = {kind.status: code for code, kind in KINDS.items() if code not in {"refused", "key_reused"}}


@dataclass
class Trouble(Exception):
    """A request that cannot be answered. `more` are further members of the problem."""

    code: str
    detail: str = ""
    invalid: Sequence[tuple[str, str]] = ()
    more: Mapping[str, Any] = field(default_factory=dict)


class InvalidParam(Schema):
    name: str = Field(title="参数")
    reason: str = Field(title="原因")


class Cite(Schema):
    label: str = Field(title="法条", description="例如《行政处罚法》第五十一条")
    key: str = Field(title="法条键")
    url: str = Field(title="法条页面")


class Role(Schema):
    role: str = Field(title="岗位角色")
    title: str = Field(title="名称")


class BlockedBy(Schema):
    code: str = Field(title="规则编号")
    text: str = Field(title="理由", description="可以直接读给人听")
    cites: list[Cite] = Field(title="法条")
    unblock: Role | None = Field(None, title="可以解除的人")
    severity: str = Field(title="严重程度", description="block 不能办理，warn 说明理由后可以办理，record 仅记录")
    field: str | None = Field(None, title="有关的填写项")


class Change(Schema):
    seq: int = Field(title="记录序号")
    step: str = Field(title="步骤")
    title: str = Field(title="步骤名称")
    at: str = Field(title="办理时间")
    by: str = Field(title="办理人")


class Problem(Schema):
    """RFC 9457 的问题说明。"""

    type: str = Field(title="问题种类", description="说明页的地址")
    title: str = Field(title="标题")
    status: int = Field(title="状态码")
    code: str = Field(title="问题代码", json_schema_extra={"enum": [*sorted(KINDS)]})
    detail: str | None = Field(None, title="说明")
    invalid_params: list[InvalidParam] | None = Field(None, title="有误的参数")
    blocked_by: list[BlockedBy] | None = Field(None, title="不能办理的理由")
    seq: int | None = Field(None, title="案件现在的记录序号")
    changed: list[Change] | None = Field(None, title="新的记录")


def problems(*statuses: int) -> dict[int, type[Schema]]:
    """The responses that an operation documents beside its own."""
    return dict.fromkeys(sorted({400, *statuses}), Problem)


def answer(trouble: Trouble) -> HttpResponse:
    kind = KINDS[trouble.code]
    body: dict[str, Any] = {"type": f"/api/v1/problems#{trouble.code}", "title": kind.title, "status": kind.status, "code": trouble.code}
    if trouble.detail:
        body["detail"] = trouble.detail
    if trouble.invalid:
        body["invalid_params"] = [{"name": name, "reason": reason} for name, reason in trouble.invalid]
    response = HttpResponse(orjson.dumps({**body, **trouble.more}), status=kind.status, content_type=MEDIA_TYPE)
    response["Cache-Control"] = "no-store"
    if kind.status == 401:
        response["WWW-Authenticate"] = 'Session realm="yifa"'
    return response


class ProblemMiddleware:
    """First of all: whatever goes wrong below `/api/` is answered as a problem, with the headers that came with it.

    A NUL, which no form sends by itself and no text of PostgreSQL holds, is the request's fault, on pages too.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(ROOT):
            return self.get_response(request)
        if "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            return answer(Trouble("malformed", "地址中含有不允许的字符"))
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isascii() or not length.isdigit() or int(length) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            return answer(Trouble("too_large"))
        response = self.get_response(request)
        if response.status_code < 400 or response.get("Content-Type", "").startswith(MEDIA_TYPE):
            return response
        told = answer(Trouble(BY_STATUS.get(response.status_code, "fault" if response.status_code >= 500 else "malformed")))
        for name in ("Allow", "Retry-After", "HX-Redirect"):
            if name in response:
                told[name] = response[name]
        return told

    def process_exception(self, request: HttpRequest, problem: Exception) -> HttpResponse | None:
        if not isinstance(problem, (ValueError, DataError)) or "NUL (0x00)" not in str(problem):
            return None
        return answer(Trouble("malformed")) if request.path_info.startswith(ROOT) else bad_request(request, problem)
