"""The shapes of the interface for major decisions: English names, Chinese words for people. Points are decimal text with two places."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from ninja import Field, Schema
from pydantic import JsonValue, StrictInt, StrictStr

from yifa.decisions import lamps, scoring
from yifa.kernel.problems import Cite

COLOURS: list[JsonValue] = [*lamps.WORDS]
STATES: list[JsonValue] = [*scoring.STATES]
MAX = 2**31 - 1


class LampOut(Schema):
    code: str = Field(title="监督点", description="S1 至 S7")
    title: str = Field(title="名称")
    colour: str = Field(title="灯", json_schema_extra={"enum": COLOURS})
    word: str = Field(title="灯的含义")


class DutyOut(Schema):
    step: str = Field(title="步骤")
    title: str = Field(title="事项")
    due_on: date = Field(title="届满日")
    provisional: bool = Field(title="推算")


class MatterLine(Schema):
    """一个决策事项。没有启动或者已经调出目录的不评价，没有灯和得分。"""

    code: str = Field(title="案件编号")
    title: str = Field(title="事项名称")
    category: str = Field(title="事项类别")
    organisation: str = Field(title="承办单位")
    organisation_name: str = Field(title="承办单位名称")
    region: str = Field(title="区划")
    status: str = Field(title="状态", description="最近办理的步骤")
    status_label: str = Field(title="状态名称")
    opened_at: datetime = Field(title="提出时间")
    closed_at: datetime | None = Field(title="结束时间")
    lamps: list[LampOut] = Field(title="七个监督点")
    score: str | None = Field(title="得分")
    closing: bool = Field(title="得分是否为结案得分", description="否则为运行得分")
    missing: int = Field(title="缺少的记录数")
    judged_at: datetime | None = Field(title="判定时间")
    next_due: DutyOut | None = Field(title="最近期限")
    url: str = Field(title="页面")


class MatterList(Schema):
    items: list[MatterLine] = Field(title="决策事项", description="新的在前")
    next: str | None = Field(title="下一页的位置")


class InputOut(Schema):
    label: str = Field(title="名称")
    value: str = Field(title="内容")


class ProofOut(Schema):
    seq: int = Field(title="记录序号")
    step: str = Field(title="步骤")
    on: date = Field(title="办理日期")
    late: bool = Field(title="是否补录")
    url: str = Field(title="记录的页面")


class CheckOut(Schema):
    code: str = Field(title="评价点")
    text: str = Field(title="要求")
    points: str = Field(title="分值")
    got: str = Field(title="得分")
    proposed: str = Field(title="系统建议分", description="确认时作为 seen 送回")
    state: str = Field(title="状态", json_schema_extra={"enum": STATES})
    inputs: list[InputOut] = Field(title="依据的内容")
    cites: list[Cite] = Field(title="法条")
    entries: list[ProofOut] = Field(title="依据的记录")
    by: str = Field(title="评价人")
    at: datetime = Field(title="评价时间")
    reason: str = Field(title="理由")
    confirmation: int = Field(title="现有确认的序号", description="没有确认的为 0；再次确认时作为 after 送回")
    may_be_confirmed: bool = Field(title="可以由审查人员确认")
    awaits: bool = Field(title="待确认")
    zeroed_by: str = Field(title="使其不计分的红线")


class TemplateOut(Schema):
    code: str = Field(title="模版")
    title: str = Field(title="名称")
    weight: str = Field(title="权重")
    got: str = Field(title="得分")
    state: str = Field(title="状态", json_schema_extra={"enum": STATES})
    why: str = Field(title="不适用的理由")
    checks: list[CheckOut] = Field(title="评价点")


class PointOut(LampOut):
    basis: str = Field(title="依据")
    weight: str = Field(title="权重")
    counted: str = Field(title="现在计分的权重")
    got: str = Field(title="得分")
    missing: int = Field(title="缺少的记录数")
    late: bool = Field(title="有逾期或者被停止")
    templates: list[TemplateOut] = Field(title="模版")


class MissingOut(Schema):
    check: str = Field(title="评价点")
    text: str = Field(title="要求")
    owed_by: str = Field(title="由谁补")
    step: str = Field(title="在哪一步")
    step_title: str = Field(title="步骤名称")


class RedLineOut(Schema):
    code: str = Field(title="红线")
    when: str = Field(title="情形")


class ClosingOut(Schema):
    """司法行政部门确认的结案得分。"""

    score: str = Field(title="得分")
    grade: str = Field(title="等次")
    red_lines: list[str] = Field(title="红线")
    template_set: str = Field(title="模版版本")
    by: str = Field(title="确认人")
    at: datetime = Field(title="确认时间")


class MatterOut(Schema):
    """一个决策事项：监督点、模版、评价点，直到每一条记录。"""

    code: str = Field(title="案件编号")
    title: str = Field(title="事项名称")
    category: str = Field(title="事项类别")
    organisation: str = Field(title="承办单位")
    organisation_name: str = Field(title="承办单位名称")
    region: str = Field(title="区划")
    status: str = Field(title="状态")
    status_label: str = Field(title="状态名称")
    opened_at: datetime = Field(title="提出时间")
    closed_at: datetime | None = Field(title="结束时间")
    seq: int = Field(title="记录序号")
    scored: bool = Field(title="是否评价")
    score: str | None = Field(title="得分", description="还没有到期的环节时没有")
    before_red_lines: str | None = Field(title="红线以前的得分")
    grade: str = Field(title="等次")
    template_set: str = Field(title="模版版本")
    points: list[PointOut] = Field(title="七个监督点")
    missing: list[MissingOut] = Field(title="缺少的记录")
    red_lines: list[RedLineOut] = Field(title="红线")
    next_due: DutyOut | None = Field(title="最近期限")
    closing: ClosingOut | None = Field(title="结案得分")


class ConfirmationIn(Schema, extra="forbid"):
    """审查人员对一个评价点的确认。与系统建议不同的，写明理由。"""

    check: StrictStr = Field(title="评价点", min_length=1, max_length=8)
    points: StrictStr = Field(title="得分", pattern=r"^[0-9]{1,3}(\.[0-9]{1,2})?$", description="例如 1.5")
    seen: StrictStr = Field(title="您看到的系统建议分", pattern=r"^[0-9]{1,3}(\.[0-9]{1,2})?$")
    after: StrictInt = Field(0, ge=0, le=MAX, title="您看到的现有确认的序号", description="没有确认的为 0")
    reason: StrictStr = Field("", max_length=400, title="理由")


class ConfirmationOut(Schema):
    n: int = Field(title="确认的序号")
    check: str = Field(title="评价点")
    points: str = Field(title="得分")
    seen: str = Field(title="系统建议分")
    reason: str = Field(title="理由")
    by: str = Field(title="确认人")
    at: datetime = Field(title="确认时间")


class NextOut(Schema):
    words: str = Field(title="什么时候可以参与")
    url: str = Field(title="参与的页面")
    now: bool = Field(title="现在就可以参与")


class ListedOut(Schema):
    """公布的目录中的一个事项。党委同意目录只列文号和日期。"""

    id: UUID = Field(title="标识")
    title: str = Field(title="事项名称")
    category: str = Field(title="事项类别")
    year: int = Field(title="年度")
    region: str = Field(title="区划")
    government: str = Field(title="决策机关")
    undertaker: str = Field(title="承办单位")
    planned_on: date | None = Field(title="计划完成时间")
    status: str = Field(title="目录中的状态", json_schema_extra={"enum": ["listed", "added", "removed"]})
    where: str = Field(title="进行到哪一步")
    stage: int = Field(title="阶段", description="0 尚未启动，6 已归档")
    next: NextOut = Field(title="公众参与")
    number: str = Field(title="目录文号")
    published_on: date | None = Field(title="公布日期")
    party_number: str = Field(title="党委同意的文号")
    party_agreed_on: date | None = Field(title="党委同意日期")
    removed_on: date | None = Field(title="调出日期")
    reason: str = Field(title="调整理由")
    url: str = Field(title="页面")


class ListedList(Schema):
    items: list[ListedOut] = Field(title="目录事项", description="按名称排列")
    next: str | None = Field(title="下一页的位置")
