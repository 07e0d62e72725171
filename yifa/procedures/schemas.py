"""The shapes of the interface for dossiers and procedures: English names, Chinese words for people."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from ninja import Field, Schema
from pydantic import AfterValidator, AwareDatetime, BeforeValidator, StrictInt, StrictStr

from yifa.kernel.problems import BlockedBy, Cite, Role

MAX_SEQ = 2**31 - 1


def _written(value: object) -> object:
    if not isinstance(value, (str, datetime)) or (isinstance(value, str) and not value[:4].isdigit()):
        raise ValueError("应当是带时区的时间，例如 2026-11-22T10:30:00+08:00")
    return value


def _in_reach(value: datetime) -> datetime:
    if not 1950 <= value.year <= 2200:
        raise ValueError("时间不在可以办理的范围内")
    return value


Moment = Annotated[AwareDatetime, BeforeValidator(_written), AfterValidator(_in_reach)]


class LateIn(Schema, extra="forbid"):
    """补录:断电断网时先用纸质编号文书办理,以后录入。"""

    reason: StrictStr = Field(title="补录理由", max_length=1000)
    paper_number: StrictStr = Field("", title="纸质文书编号", max_length=100)


class OpeningIn(Schema, extra="forbid"):
    """办理第一步,案件由此开始。"""

    facts: dict[str, Any] = Field(default_factory=dict, title="填写的内容", description="键是步骤声明的填写项，见 GET /procedures/{key}")
    files: list[UUID] = Field(default_factory=list, max_length=200, title="文件", description="经 /files/（tus 1.0）上传后得到的编号")
    at: Moment | None = Field(None, title="办理时间", description="不写就是现在；早于现在十分钟以上的是补录")
    late: LateIn | None = Field(None, title="补录")
    reasons: dict[str, StrictStr] = Field(default_factory=dict, title="对警示说明的理由", description="键是规则编号")


class ActIn(OpeningIn):
    """办理一个步骤。"""

    seen_seq: StrictInt | None = Field(
        None, ge=0, le=MAX_SEQ, title="看到的记录序号", description="您打开案件时的 seq；也可以用 If-Match 代替"
    )


class PaperOut(Schema):
    title: str = Field(title="题名")
    form: str = Field(title="文书种类")
    number: str | None = Field(title="文号")
    sha256: str = Field(title="SHA-256")


class TakenOut(Schema):
    """已经记入案卷的办理:记录已提交,hash 是它在公开日志中的叶。"""

    code: str = Field(title="案件编号")
    seq: int = Field(title="记录序号")
    step: str = Field(title="步骤")
    hash: str = Field(title="记录摘要")
    recorded_at: datetime = Field(title="记录时间")
    again: bool = Field(title="此前已经办理", description="同一幂等键再次送来时为 true，没有重复记录")
    documents: list[PaperOut] = Field(title="出具的文书")


class DueOut(Schema):
    title: str = Field(title="事项")
    due_on: date = Field(title="届满日")


class CaseLine(Schema):
    code: str = Field(title="案件编号")
    number: str | None = Field(title="文号")
    title: str = Field(title="案由")
    party_label: str = Field(title="当事人", description="自然人姓名已遮盖")
    procedure: str = Field(title="程序")
    version: str = Field(title="程序版本")
    status: str = Field(title="状态")
    status_label: str = Field(title="状态名称")
    organisation: str = Field(title="办案机关")
    organisation_name: str = Field(title="机关名称")
    region: str = Field(title="区划")
    sector: str = Field(title="领域")
    opened_at: datetime = Field(title="开始时间")
    updated_at: datetime = Field(title="更新时间")
    closed_at: datetime | None = Field(title="办结时间")
    drill: bool = Field(title="是否演练")
    next_due: DueOut | None = Field(title="最近的期限")


class CaseList(Schema):
    items: list[CaseLine] = Field(title="案件")
    next: str | None = Field(title="下一页的位置", description="作为 cursor 送回；没有就是最后一页")


class Said(Schema):
    label: str = Field(title="填写项")
    value: str = Field(title="内容")


class EntryOut(Schema):
    seq: int = Field(title="记录序号")
    step: str = Field(title="步骤")
    title: str = Field(title="步骤名称")
    at: datetime = Field(title="办理时间")
    recorded_at: datetime = Field(title="记录时间")
    by: str = Field(title="办理人")
    by_name: str = Field(title="办理人姓名")
    late: bool = Field(title="是否补录")
    hash: str = Field(title="记录摘要")
    sealed: bool = Field(title="是否已进入公开日志")
    cites: list[Cite] = Field(title="法条")
    said: list[Said] = Field(title="填写的内容")


class StepState(Schema):
    step: str = Field(title="步骤")
    title: str = Field(title="步骤名称")
    action: str = Field(title="按钮文字")
    cites: list[Cite] = Field(title="法条")
    optional: bool = Field(title="是否可选")
    findings: list[BlockedBy] = Field(title="为什么现在不能办理", description="空的就是可以办理")


class ObligationOut(Schema):
    step: str = Field(title="步骤")
    title: str = Field(title="事项")
    start_on: date = Field(title="起算日")
    due_on: date = Field(title="届满日")
    provisional: bool = Field(title="是否推算", description="节假日安排尚未公布的年份")
    derivation: list[str] = Field(title="推算过程")
    closed_seq: int | None = Field(title="由哪条记录了结")
    met_on: date | None = Field(title="办理日")
    state: str = Field(title="状态", description="done overdue today soon later")
    remaining: str = Field(title="剩余")


class DocumentOut(PaperOut):
    seq: int = Field(title="记录序号")
    created_at: datetime = Field(title="出具时间")
    url: str = Field(title="短时有效的地址", description="不予公开的，没有地址和摘要")
    withheld: str = Field("", title="为什么不予公开", description="空的就是可以读取")


class EvidenceOut(Schema):
    id: str = Field(title="编号")
    title: str = Field(title="名称")
    kind: str = Field(title="种类")
    mime: str = Field(title="文件类型")
    size: int = Field(title="字节数")
    sha256: str = Field(title="SHA-256")
    taken_at: datetime | None = Field(title="拍摄时间")
    uploaded_at: datetime = Field(title="上传时间")
    url: str = Field(title="短时有效的地址")


class CaseOut(Schema):
    """一个案件:经过、现在可以办理的步骤和为什么不能办理、期限、文书、证据。"""

    code: str = Field(title="案件编号")
    seq: int = Field(title="记录序号", description="办理时作为 seen_seq 送回，也就是 ETag")
    number: str | None = Field(title="文号")
    title: str = Field(title="案由")
    party_label: str = Field(title="当事人", description="自然人姓名已遮盖")
    procedure: str = Field(title="程序")
    version: str = Field(title="程序版本")
    status: str = Field(title="状态")
    status_label: str = Field(title="状态名称")
    organisation: str = Field(title="办案机关")
    organisation_name: str = Field(title="机关名称")
    region: str = Field(title="区划")
    sector: str = Field(title="领域")
    opened_at: datetime = Field(title="开始时间")
    closed_at: datetime | None = Field(title="办结时间")
    drill: bool = Field(title="是否演练")
    public_url: str = Field(title="公开查询页", description="当事人扫码看到的页面")
    facts: dict[str, Any] = Field(title="已登记的事实", description="不含个人信息；金额是整数分")
    entries: list[EntryOut] = Field(title="经过")
    open_steps: list[StepState] = Field(title="现在轮到的步骤")
    coming: list[str] = Field(title="以后的步骤")
    kernel_acts: list[str] = Field(title="随时可以办理的事项", description="催办、转办、加签、退回、撤回")
    obligations: list[ObligationOut] = Field(title="期限")
    documents: list[DocumentOut] = Field(title="文书")
    evidence: list[EvidenceOut] = Field(title="证据")


class TodoOut(Schema):
    code: str = Field(title="案件编号")
    step: str = Field(title="步骤")
    title: str = Field(title="事项")
    case_title: str = Field(title="案由")
    number: str = Field(title="文号")
    party_label: str = Field(title="当事人")
    due_on: date | None = Field(title="届满日", description="轮到办理而没有法定期限的，没有届满日")
    since: datetime | None = Field(title="何时轮到", description="没有法定期限的，从这时起等待办理")
    provisional: bool = Field(title="是否推算")
    state: str = Field(title="状态", description="overdue today soon later；turn 是轮到办理而没有法定期限")
    remaining: str = Field(title="剩余或者已经等待", description="例如“余 3 个工作日”“已等9日”")
    action: str = Field(title="按钮文字")


class TodoList(Schema):
    items: list[TodoOut] = Field(title="待办")
    next: str | None = Field(title="下一页的位置")


class ChoiceOut(Schema):
    key: str = Field(title="值")
    label: str = Field(title="名称")


class ItemList(Schema):
    items: list[ChoiceOut] = Field(title="执法事由")
    next: str | None = Field(title="下一页的位置")


class AskedWhen(Schema):
    key: str = Field(title="取决于哪一项")
    values: list[str | bool | int] = Field(title="取这些值时才问")


class FieldOut(Schema):
    key: str = Field(title="键")
    label: str = Field(title="名称")
    type: str = Field(title="类型")
    required: bool = Field(title="是否必填")
    personal: bool = Field(title="是否个人信息")
    choices: list[ChoiceOut] = Field(title="选项", description="item 类型的选项见 GET /items")
    help: str = Field(title="说明")
    when: AskedWhen | None = Field(title="何时才问")
    default: Any = Field(None, title="默认值")
    widget: str = Field(title="控件")
    group: str = Field(title="分组")
    columns: list[FieldOut] = Field(title="列", description="rows 类型的问题每一行有这些项目，答案是 [{键: 值}]")


class ByOut(Schema):
    roles: list[Role] = Field(title="由谁办理")
    count: int = Field(title="至少几人")
    for_party: bool = Field(title="是否代当事人登记")


class StepOut(Schema):
    step: str = Field(title="步骤")
    title: str = Field(title="名称")
    action: str = Field(title="按钮文字")
    cites: list[Cite] = Field(title="法条")
    by: ByOut = Field(title="办理人")
    after: list[list[str]] = Field(title="前置步骤", description="外层都要满足，内层满足其一")
    within: str = Field(title="期限")
    optional: bool = Field(title="是否可选")
    repeats: bool = Field(title="是否可重复")
    ends: bool = Field(title="是否结束程序")
    publishes: bool = Field(title="是否公示")
    gives: str | None = Field(title="出具的文书")
    also: list[str] = Field(title="同时出具的其他文书")
    prompt: str = Field(title="口述提示")
    fields: list[FieldOut] = Field(title="填写项")


class ProcedureLine(Schema):
    key: str = Field(title="程序")
    title: str = Field(title="名称")
    version: str = Field(title="版本")
    about: str = Field(title="适用于")
    first_step: str = Field(title="第一步")
    may_start: bool = Field(title="您的岗位可否开始")


class ProcedureOut(ProcedureLine):
    steps: list[StepOut] = Field(title="步骤", description="按法定次序")
    acts: list[StepOut] = Field(title="各程序都有的事项")


class ProcedureList(Schema):
    items: list[ProcedureLine] = Field(title="程序")


__all__ = ["ActIn", "BlockedBy", "CaseList", "CaseOut", "ItemList", "OpeningIn", "ProcedureList", "ProcedureOut", "TakenOut", "TodoList"]
