"""The interface for the figures: each number, and the entries that it counts under the reader's own rights."""

from __future__ import annotations

from typing import Annotated, Any

from django.utils import timezone
from ninja import Field, Path, Query, Router, Schema

from yifa.facts.queries import Where
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.api import ActorRequest
from yifa.kernel.people.roles import LABELS
from yifa.kernel.problems import Trouble, problems
from yifa.supervision import figure_queries as queries
from yifa.supervision.figures import BY_ID, Value

READERS = ("supervisor", "assessor", "head", "discloser", "finance")
MONTH = r"^[0-9]{4}-(0[1-9]|1[0-2])$"
First = Annotated[str | None, Query(pattern=MONTH, title="起始月份", description="例如 2026-11；不写就是最近三个月")]
Last = Annotated[str | None, Query(pattern=MONTH, title="截止月份")]
Body = Annotated[str, Query(max_length=10, title="机关")]
Region = Annotated[str, Query(max_length=12, title="区划")]
router = Router(tags=["指标"])


class FigureOut(Schema):
    id: str = Field(title="指标")
    name: str = Field(title="名称")
    formula: str = Field(title="公式")
    numerator: int = Field(title="分子")
    denominator: int = Field(title="分母")
    ratio: str | None = Field(title="数值", description="十进制文字；没有分母或者样本不足时没有")
    text: str = Field(title="显示")
    feeds: list[str] = Field(title="供给的考核指标")


class FigureList(Schema):
    first: str = Field(title="起始月份")
    last: str = Field(title="截止月份")
    organisation: str = Field(title="机关")
    region: str = Field(title="区划")
    items: list[FigureOut] = Field(title="指标")


class CountedOut(Schema):
    code: str = Field(title="记录链", description="案件编号，或者登记对象的编号")
    seq: int = Field(title="记录序号")
    title: str = Field(title="案由")
    month: str = Field(title="计入月份")
    numerator: int = Field(title="计入分子")
    denominator: int = Field(title="计入分母")
    reason: str = Field(title="为什么计入")


class CountedList(Schema):
    items: list[CountedOut] = Field(title="记录")
    readable: int = Field(title="有权查看的件数")
    hidden: int = Field(title="无权查看的件数")
    next: str | None = Field(title="下一页的位置")


@router.get("/figures", response={200: FigureList, **problems(401, 403, 404, 422)}, summary="指标", operation_id="list_figures")
def list_figures(
    request: ActorRequest, first: First = None, last: Last = None, organisation: Body = "", region: Region = ""
) -> dict[str, Any]:
    """一个机关或者一个区划的各项指标;不写机关和区划,就是您自己的。"""
    place = where(request.auth, READERS, first, last, organisation, region)
    items = [
        {
            "id": line.figure.id,
            "name": line.figure.name,
            "formula": line.figure.formula,
            **_value(line.value),
            "feeds": [feed.metric for feed in line.figure.feeds],
        }
        for line in queries.table(place)
    ]
    return {"first": place.first, "last": place.last, "organisation": place.organisation, "region": place.region, "items": items}


@router.get(
    "/figures/{figure}/entries",
    response={200: CountedList, **problems(401, 403, 404, 422)},
    summary="一个指标计了哪些记录",
    operation_id="list_counted",
)
def list_counted(
    request: ActorRequest,
    figure: Annotated[str, Path(max_length=10, title="指标")],
    part: Annotated[str, Query(pattern="^(numerator|denominator)$", title="分子或者分母")] = "numerator",
    first: First = None,
    last: Last = None,
    organisation: Body = "",
    region: Region = "",
    cursor: Annotated[str, Query(pattern=r"^([0-9]{1,18}\.[0-9]{1,4})?$", title="翻页位置")] = "",
) -> dict[str, Any]:
    """新的在前;您无权查看的只给件数。"""
    if figure not in BY_ID:
        raise Trouble("not_found", "没有这项指标")
    place = where(request.auth, READERS, first, last, organisation, region)
    found = queries.behind(request.auth, figure, place, part=part, after=cursor)
    names = ("seq", "title", "month", "numerator", "denominator", "reason")
    items = [{**{name: getattr(row, name) for name in names}, "code": row.chain} for row in found.rows]
    return {"items": items, "readable": found.readable, "hidden": found.hidden, "next": found.after or None}


def where(actor: Actor, readers: tuple[str, ...], first: str | None, last: str | None, organisation: str, region: str) -> Where:
    """What the reader asked for, if his post reads figures and reaches there. Raises Trouble."""
    if not actor.has(*readers):
        raise Trouble("forbidden", f"由{'、'.join(LABELS[role] for role in readers)}查看，您当前的岗位不能查看")
    usual = queries.last_months(timezone.localdate())
    first, last = first or usual[0], last or usual[1]
    if last < first:
        raise Trouble("invalid", "", [("first", "起始月份不晚于截止月份")])
    try:
        return queries.where(actor, first=first, last=last, organisation=organisation, region=region)
    except queries.OutOfReachError as reason:
        raise Trouble("not_found", str(reason)) from None


def _value(found: Value) -> dict[str, Any]:
    ratio = None if found.ratio is None else f"{found.ratio:.6f}"
    return {"numerator": found.numerator, "denominator": found.denominator, "ratio": ratio, "text": found.text}
