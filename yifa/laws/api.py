"""The interface for the library: one citation as it stood on a day, the search, works and their versions. Public."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import parse_etags
from ninja import Field, Path, Query, Router, Schema, Status

from yifa.kernel.citing import Article, Law
from yifa.kernel.problems import Cite, Trouble, problems
from yifa.laws import queries
from yifa.laws.models import Expression, Work
from yifa.laws.places import BANNER, LEAGUE, NATION, PROVINCE
from yifa.laws.rules import work_status
from yifa.laws.searching import FORCE, LONGEST, STATES, BadCursorError, Filters, search
from yifa.laws.services import work_types

router = Router(tags=["法规"], auth=None)
MOST = 999


class TextOut(Schema):
    version: str = Field(title="版本", description="通过或者最近修改的日期")
    published_on: date = Field(title="公布日期")
    effective_on: date = Field(title="施行日期")
    ended_on: date | None = Field(title="失效日期")
    status: str = Field(title="效力")
    doubtful: bool = Field(title="日期待核")


class SourceOut(Schema):
    title: str = Field(title="名称")
    number: str = Field(title="文号")
    date: str = Field(title="日期")


class ArticleOut(Schema):
    """一条引用指向什么。"""

    state: str = Field(
        title="结果",
        json_schema_extra={"enum": ["resolved", "ambiguous", "dangling", "repealed_at_date", "unknown_work", "held_elsewhere"]},
    )
    cite: Cite = Field(title="引用")
    on: date = Field(title="查询日")
    text: str = Field(title="条文")
    reason: str = Field(title="没有条文或者不能确定的原因")
    expression: TextOut | None = Field(title="文本")
    source: SourceOut | None = Field(title="本库未收录时的出处")


@router.get("/laws/article", response={200: ArticleOut, **problems(422)}, summary="一条法条", operation_id="get_article")
def get_article(
    request: HttpRequest,
    title: Annotated[str, Query(min_length=1, max_length=200, title="法律名称", description="全称、简称均可")],
    tiao: Annotated[int, Query(ge=1, le=9999, title="条")],
    zhi: Annotated[int | None, Query(ge=1, le=MOST, title="条之几")] = None,
    kuan: Annotated[int | None, Query(ge=1, le=MOST, title="款")] = None,
    xiang: Annotated[int | None, Query(ge=1, le=MOST, title="项")] = None,
    mu: Annotated[int | None, Query(ge=1, le=MOST, title="目")] = None,
    version: Annotated[str, Query(max_length=10, title="版本", description="不写就按查询日当时有效的文本")] = "",
    on: Annotated[date | None, Query(title="查询日", description="不写就是今天")] = None,
) -> dict[str, Any]:
    """条文按查询日的效力给出;不能确定时不猜,说明原因。"""
    day = on or timezone.localdate()
    wanted = Article(Law(title, version), tiao, zhi, kuan, xiang, mu)
    found = queries.article(wanted, day)
    text = found.expression
    return {
        "state": found.state,
        "cite": {"label": str(wanted), "key": wanted.key, "url": queries.permalink(wanted, None if version else day)},
        "on": day,
        "text": found.text,
        "reason": found.reason,
        "expression": text
        and {
            "version": text.version,
            "published_on": text.published_on,
            "effective_on": text.effective_on,
            "ended_on": text.ended_on,
            "status": text.status(day),
            "doubtful": text.dates_doubtful,
        },
        "source": found.source and {"title": found.source.title, "number": found.source.number, "date": found.source.date},
    }


class PartOut(Schema):
    text: str = Field(title="文字")
    is_hit: bool = Field(title="是否检索的字句")


class HitOut(Schema):
    """找到的一条。"""

    title: str = Field(title="法律文件")
    work: str = Field(title="法律文件的标识")
    version: str = Field(title="版本")
    key: str = Field(title="条文键", description="例如 t51")
    number: str = Field(title="条号")
    status: str = Field(title="查询日的效力")
    url: str = Field(title="固定地址")
    parts: list[PartOut] = Field(title="节选", description="原文，按检索的字句分段")


class HitList(Schema):
    items: list[HitOut] = Field(title="条文", description="好的在前；不计总数")
    words: list[str] = Field(title="实际检索的字句")
    is_loose: bool = Field(title="没有原样的字句，按词检索")
    next: str | None = Field(title="下一页的位置")


class WorkLine(Schema):
    work: str = Field(title="标识", description="也是地址的一部分")
    title: str = Field(title="名称")
    type: str = Field(title="种类代码")
    type_name: str = Field(title="种类")
    level: str = Field(title="层级")
    region: str = Field(title="区划代码", description="全国性的为空")
    makers: list[str] = Field(title="制定机关")
    subjects: list[str] = Field(title="主题")
    status: str = Field(title="查询日的效力")
    url: str = Field(title="页面")


class WorkList(Schema):
    items: list[WorkLine] = Field(title="法律文件", description="按拼音排列")
    next: str | None = Field(title="下一页的位置")


class VersionOut(TextOut):
    number: str = Field(title="文号")
    url: str = Field(title="页面")
    sha256: str = Field(title="文本的摘要")


class EventOut(Schema):
    kind: str = Field(title="变动")
    on: date = Field(title="日期")
    instrument: str = Field(title="所依据的文件")
    number: str = Field(title="文号")
    state: str = Field(title="是否已确认", json_schema_extra={"enum": ["stated", "proposed", "confirmed"]})


class WorkOut(WorkLine):
    versions: list[VersionOut] = Field(title="全部版本", description="从旧到新")
    events: list[EventOut] = Field(title="沿革")


Level = Annotated[str, Query(pattern=f"^({NATION}|{PROVINCE}|{LEAGUE}|{BANNER})?$", title="层级")]
Type = Annotated[str, Query(max_length=16, title="种类代码")]
Cursor = Annotated[str, Query(max_length=1300, title="翻页位置", description="上一页的 next")]
On = Annotated[date | None, Query(title="查询日", description="不写就是今天")]


@router.get("/laws/search", response={200: HitList, **problems(422)}, summary="检索条文", operation_id="search_laws")
def search_laws(
    request: HttpRequest,
    q: Annotated[str, Query(min_length=1, max_length=LONGEST, title="字句", description="空格隔开的几个词须同时出现")],
    state: Annotated[
        str, Query(pattern=f"^({'|'.join(STATES)})$", title="效力", description="；".join(f"{k} {v}" for k, v in STATES.items()))
    ] = FORCE,
    level: Level = "",
    type: Type = "",  # noqa: A002 - the parameter's name in the interface
    region: Annotated[str, Query(pattern="^([0-9]{6})?$", title="区划代码", description="包括其中的地区")] = "",
    maker: Annotated[str, Query(max_length=60, title="制定机关")] = "",
    on: On = None,
    cursor: Cursor = "",
    limit: Annotated[int, Query(ge=1, le=200, title="每页条数")] = 20,
) -> dict[str, Any]:
    """含有这些字句的条文，与逐条比对的结果相同；默认只找查询日有效的文本。"""
    try:
        found = search(q, Filters(on or timezone.localdate(), state, level, type, region, maker), after=cursor, limit=limit)
    except BadCursorError as bad:
        raise Trouble("invalid", str(bad), [("cursor", str(bad))]) from None
    items = [
        {
            "title": hit.expression.work.title,
            "work": hit.expression.work.slug,
            "version": hit.expression.version,
            "key": hit.key,
            "number": hit.number,
            "status": hit.status,
            "url": f"{reverse('laws:article', args=[hit.expression.work.slug, hit.key])}?version={hit.expression.version}",
            "parts": [vars(part) for part in hit.parts],
        }
        for hit in found.hits
    ]
    return {"items": items, "words": list(found.words), "is_loose": found.is_loose, "next": found.next or None}


@router.get("/laws/works", response={200: WorkList, **problems(422)}, summary="法律文件", operation_id="list_works")
def list_works(
    request: HttpRequest,
    title: Annotated[str, Query(max_length=100, title="名称", description="名称或者简称的一部分")] = "",
    level: Level = "",
    type: Type = "",  # noqa: A002 - as above
    on: On = None,
    cursor: Cursor = "",
    limit: Annotated[int, Query(ge=1, le=200, title="每页条数")] = 50,
) -> dict[str, Any]:
    """按拼音排列；效力按查询日推算。"""
    if any("\0" in each for each in (title, type, cursor)):
        raise Trouble("malformed")
    day = on or timezone.localdate()
    listed, following = queries.library(title=title, level=level, type_=type, after=cursor, limit=limit)
    return {"items": [_line(each.work, each.expressions, day) for each in listed], "next": following or None}


@router.get("/laws/works/{work}", response={200: WorkOut, 304: None, **problems(404, 422)}, summary="一部法律文件", operation_id="get_work")
def get_work(
    request: HttpRequest, response: HttpResponse, work: Annotated[str, Path(max_length=400, title="标识")], on: On = None
) -> dict[str, Any] | Status[None]:
    """全部版本和沿革。带 ETag；`If-None-Match` 相同时不再传送。"""
    found = next((each for each in queries.works_named(work) if each.slug == work), None)
    if found is None:
        raise Trouble("not_found", "没有这部法律文件")
    day, events = on or timezone.localdate(), queries.events(found)
    texts = sorted(found.expressions.all(), key=lambda text: text.version)
    told = "|".join(f"{text.sha256}{text.effective_on}{text.ended_on}" for text in texts)
    told += "|".join(f"{event.pk}{event.state}" for event in events)
    etag = f'"{day.isoformat()}-{hashlib.sha256(told.encode()).hexdigest()[:24]}"'
    response["ETag"] = etag
    if etag in parse_etags(request.headers.get("If-None-Match", "")):
        return Status(304, None)
    return {
        **_line(found, texts, day),
        "versions": [
            {
                "version": text.version,
                "published_on": text.published_on,
                "effective_on": text.effective_on,
                "ended_on": text.ended_on,
                "status": text.status(day),
                "doubtful": text.dates_doubtful,
                "number": text.number,
                "url": f"{reverse('laws:work', args=[found.slug])}?version={text.version}",
                "sha256": text.sha256,
            }
            for text in texts
        ],
        "events": [{name: getattr(event, name) for name in ("kind", "on", "instrument", "number", "state")} for event in events],
    }


def _line(work: Work, texts: Sequence[Expression], on: date) -> dict[str, Any]:
    names = ("title", "type", "level", "region", "makers", "subjects")
    return {
        "work": work.slug,
        **{name: getattr(work, name) for name in names},
        "type_name": work_types()[work.type]["name"],
        "status": work_status([text.span for text in texts], on),
        "url": reverse("laws:work", args=[work.slug]),
    }
