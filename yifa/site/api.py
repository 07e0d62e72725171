"""The interface as a whole: the rooms' endpoints under /api/v1/, their problems, and the OpenAPI document."""

from __future__ import annotations

from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.parser import Parser
from ninja.renderers import BaseRenderer

from yifa.assessment.api import router as assessment
from yifa.decisions.api import router as decisions
from yifa.kernel.people.api import SignedIn
from yifa.kernel.people.api import router as people
from yifa.kernel.problems import BY_STATUS, KINDS, MEDIA_TYPE, Trouble, answer
from yifa.laws.api import router as laws
from yifa.procedures.api import router as procedures
from yifa.supervision.api import router as supervision

DEEPEST, LARGEST = 24, 2**53 - 1
ABOUT = """依法平台的接口。桌面能做的，接口都能做，而且经过同一条路：一项办理是一条记录，或者依法不能办理而什么也没有改变。

* 登录与桌面相同（会话 Cookie）；写操作带 `X-CSRFToken`。
* 写操作带 `Idempotency-Key`(UUID):同一键重送不会重复办理。办理步骤带 `seen_seq` 或者 `If-Match`。
* 列表以位置翻页（`cursor`、`next`），不计总数。
* 不能办理时是 RFC 9457 的问题说明（`application/problem+json`），`blocked_by` 列出违反的每一条规则和法条。
* 文件经 `/files/` 断点续传（tus 1.0），得到的编号写进 `files`。
"""
SAID = {
    "missing": "必须填写",
    "extra_forbidden": "没有这一项",
    "value_error": "不符合格式",
    "uuid": "应当是 UUID",
    "int": "应当是整数",
    "bool": "应当是 true 或者 false",
    "date": "应当是真实存在的日期或者时间，时间应当带时区",
    "timezone": "应当带时区",
    "string_too_long": "太长",
    "string_too_short": "太短",
    "string_pattern": "不符合格式",
    "string": "应当是文字",
    "list": "应当是列表",
    "too_long": "太多",
    "dict": "应当是对象",
    "model": "应当是对象",
    "greater": "太小",
    "less": "太大",
    "json": "不是合法的 JSON",
}


class StrictParser(Parser):
    """JSON as RFC 8259 has it: no NaN, no half characters; and nothing that neither the record nor the database can hold."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        found = orjson.loads(request.body)
        waiting = [(found, 0)]
        while waiting:
            value, depth = waiting.pop()
            if depth > DEEPEST or (isinstance(value, str) and "\0" in value):
                raise ValueError("too deep, or a character that no database holds")
            if isinstance(value, (int, float)) and not -LARGEST <= value <= LARGEST:
                raise ValueError("a number beyond 2^53")
            if isinstance(value, dict):
                waiting += [(each, depth + 1) for pair in value.items() for each in pair]
            elif isinstance(value, list):
                waiting += [(each, depth + 1) for each in value]
        parsed: dict[str, Any] = found
        return parsed


class Renderer(BaseRenderer):
    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        return orjson.dumps(data, default=str)


class Interface(NinjaAPI):
    """Every answer is private to its reader: nothing of it is kept on the way."""

    def create_temporal_response(self, request: HttpRequest) -> HttpResponse:
        response = super().create_temporal_response(request)
        response["Cache-Control"] = "no-store"
        return response

    def get_openapi_schema(self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None) -> OpenAPISchema:
        """Problems have a media type of their own, and a parameter that may be left out is not therefore `null`."""
        schema = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        for operations in schema["paths"].values():
            for operation in operations.values():
                for parameter in operation["parameters"]:
                    _without_null(parameter["schema"])
                for status, response in operation["responses"].items():
                    if int(status) >= 400:
                        response["content"] = {MEDIA_TYPE: response["content"]["application/json"]}
                        response["description"] = KINDS[BY_STATUS[int(status)]].title
        return schema


api = Interface(
    title="依法",
    version="1",
    description=ABOUT,
    auth=[SignedIn()],
    parser=StrictParser(),
    renderer=Renderer(),
    urls_namespace="api",
)
for router in (procedures, people, laws, supervision, assessment, decisions):
    api.add_router("", router)


@api.exception_handler(Trouble)
def trouble(request: HttpRequest, exc: Trouble) -> HttpResponse:
    return answer(exc)


@api.exception_handler(AuthenticationError)
def unauthenticated(request: HttpRequest, exc: AuthenticationError) -> HttpResponse:
    return answer(Trouble("unauthenticated"))


@api.exception_handler(HttpError)
def http_error(request: HttpRequest, exc: HttpError) -> HttpResponse:
    detail = "请求缺少防伪令牌：写操作应当带 X-CSRFToken" if exc.status_code == 403 else ""
    return answer(Trouble(BY_STATUS.get(exc.status_code, "malformed"), detail))


@api.exception_handler(ValidationError)
def invalid(request: HttpRequest, exc: ValidationError) -> HttpResponse:
    return answer(Trouble("invalid", invalid=[(_name(each["loc"]), _reason(each)) for each in exc.errors]))


def _without_null(schema: dict[str, Any]) -> None:
    choices = schema.get("anyOf", ())
    if {"type": "null"} in choices:
        del schema["anyOf"]
        schema |= next(each for each in choices if each != {"type": "null"})


def _name(loc: tuple[Any, ...]) -> str:
    """`body.act.facts` is `facts` to the caller: the names of our own arguments are no concern of his."""
    source, *names = loc
    return ".".join(str(each) for each in (names[1:] if source == "body" else names)) or str(source)


def _reason(error: dict[str, Any]) -> str:
    if error["type"] == "value_error":
        return str(error["ctx"]["error"])
    return next((words for kind, words in SAID.items() if error["type"].startswith(kind)), "不符合格式")


def problems_page(request: HttpRequest) -> HttpResponse:
    """What each kind of problem means: where their `type` leads."""
    return render(request, "frame/problems.html", {"kinds": [{"code": code, **vars(kind)} for code, kind in KINDS.items()]})
