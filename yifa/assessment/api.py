"""The interface for the scores: a unit's sheet, every outcome with its formula in numbers."""

from __future__ import annotations

from typing import Annotated, Any

from ninja import Field, Query, Router, Schema

from yifa.assessment import queries
from yifa.assessment.queries import Period
from yifa.assessment.sheet import Line
from yifa.kernel.people.api import ActorRequest
from yifa.kernel.problems import Trouble, problems
from yifa.supervision.api import First, Last, where
from yifa.supervision.figure_queries import OVERSEES

READERS = ("assessor", "supervisor", "head")
router = Router(tags=["考核"])


class OutcomeOut(Schema):
    code: str = Field(title="成果")
    title: str = Field(title="名称")
    aspect: str = Field(title="方面")
    weight: str = Field(title="权重")
    metric: str | None = Field(title="指标")
    state: str = Field(title="状态", json_schema_extra={"enum": ["scored", "empty", "unconnected", "waiting", "shown", "outside"]})
    state_label: str = Field(title="状态名称")
    numerator: int | None = Field(title="分子")
    denominator: int | None = Field(title="分母")
    points: str | None = Field(title="得分")
    derivation: list[str] = Field(title="计算过程")


class AspectOut(Schema):
    code: str = Field(title="方面")
    title: str = Field(title="名称")
    earned: str = Field(title="得分")
    applicable: str = Field(title="已接入权重")


class SheetOut(Schema):
    """一个单位的得分表。没有接入的成果不参与计分,也不猜。"""

    set: str = Field(title="指标集")
    unit: str = Field(title="单位")
    unit_name: str = Field(title="单位名称")
    first: str = Field(title="起始月份")
    last: str = Field(title="截止月份")
    earned: str = Field(title="得分")
    applicable: str = Field(title="已接入权重")
    deducted: str = Field(title="扣分")
    total: str | None = Field(title="折合总分，已减去扣分")
    aspects: list[AspectOut] = Field(title="方面")
    outcomes: list[OutcomeOut] = Field(title="成果")


@router.get("/scores", response={200: SheetOut, **problems(401, 403, 404, 422)}, summary="得分表", operation_id="get_scores")
def get_scores(
    request: ActorRequest,
    unit: Annotated[str, Query(pattern="^([0-9]{6}|[0-9]{10})?$", title="单位", description="区划六位，机关十位；不写就是您自己的")] = "",
    first: First = None,
    last: Last = None,
) -> dict[str, Any]:
    """最近三个月,或者写明的月份。"""
    actor = request.auth
    code = unit or (actor.region[:6] if actor.has(*OVERSEES) else actor.organisation)
    place = where(actor, READERS, first, last, *(("", code) if len(code) == 6 else (code, "")))
    row, found = queries.current(), queries.unit(code)
    if row is None or found is None:
        raise Trouble("not_found", "没有这个考核单位" if row else "还没有导入指标集")
    sheet = queries.score_sheet(queries.indicators_of(row), found, queries.gather(Period(place.first, place.last)))
    whole = sheet.whole
    return {
        "set": row.code,
        "unit": found.code,
        "unit_name": found.name,
        "first": place.first,
        "last": place.last,
        "earned": str(whole.earned),
        "applicable": str(whole.applicable_points),
        "deducted": str(sheet.deducted),
        "total": None if sheet.total is None else str(sheet.total),
        "aspects": [
            {"code": aspect.code, "title": aspect.title, "earned": str(part.earned), "applicable": str(part.applicable_points)}
            for aspect, part in sheet.aspects
        ],
        "outcomes": [_outcome(aspect.code, line) for aspect, part in sheet.aspects for line in part.lines],
    }


def _outcome(aspect: str, line: Line) -> dict[str, Any]:
    return {
        "code": line.outcome.code,
        "title": line.outcome.title,
        "aspect": aspect,
        "weight": line.weight,
        "metric": line.metric.code if line.metric else None,
        "state": line.state,
        "state_label": line.state_label,
        "numerator": line.share.numerator if line.share else None,
        "denominator": line.share.denominator if line.share else None,
        "points": None if line.points is None else str(line.points),
        "derivation": list(line.derivation),
    }
