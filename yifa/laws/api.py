"""The interface for the library: one citation, as it stood on a day. Public."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema

from yifa.kernel.citing import Article, Law
from yifa.kernel.problems import Cite, problems
from yifa.laws import queries

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
