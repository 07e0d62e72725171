"""The documents of 异议审查 and of 附带审查: what each must state. Pure; the layouts are the `<题名>.typ` beside this file."""

from __future__ import annotations

from yifa.documents.rules import INTERNAL, LONG, TEXT, Form, State
from yifa.normative.filing_rules import FILING, LEGISLATION
from yifa.normative.forms.declared_filing import DOCUMENT
from yifa.normative.objection_rules import RECONSIDERATION

RECEIVED = State("received_on", "收到日期", "date")

OBJECTION_ACCEPTED = Form(
    key="objection_accepted",
    title="规范性文件异议审查受理告知书",
    cites=(FILING[12], FILING[25]),
    series="异受",
    states=(*DOCUMENT, RECEIVED, State("objected_clauses", "有异议的条款"), State("conclude_by", "答复期限", "date")),
)
OBJECTION_DECLINED = Form(
    key="objection_declined",
    title="规范性文件异议审查不予受理告知书",
    cites=(FILING[12], FILING[25]),
    series="异不",
    states=(*DOCUMENT, RECEIVED, State("declined_for", "情形"), State("decline_reason", "理由", LONG)),
)
OBJECTION_FORWARDED = Form(
    key="objection_forwarded",
    title="规范性文件异议审查转送函",
    cites=(FILING[12], FILING[25]),
    series="异转",
    states=(*DOCUMENT, RECEIVED, State("receiver", "接受转送的机关"), State("forward_reason", "理由", LONG)),
)
OBJECTION_ANSWER = Form(
    key="objection_answer",
    title="规范性文件异议审查答复书",
    cites=(FILING[12], FILING[18]),
    series="异答",
    states=(
        *DOCUMENT,
        RECEIVED,
        State("objected_clauses", "有异议的条款"),
        State("conclusion", "审查结论"),
        State("answer", "答复", LONG),
        State("legal_ground", "法定情形", TEXT, LEGISLATION[107], optional=True),
        State("measure", "处理", optional=True),
    ),
)
BESIDE = (
    *DOCUMENT,
    State("reconsideration_number", "行政复议案件编号", TEXT, RECONSIDERATION[56]),
    State("questioned_clauses", "申请审查的条款", TEXT, RECONSIDERATION[13]),
)
INCIDENTAL_NOTICE = Form(
    key="incidental_notice",
    title="规范性文件附带审查通知书",
    cites=(RECONSIDERATION[58].kuan(1),),
    series="附通",
    audience=INTERNAL,
    states=(
        *BESIDE,
        State("suspended_on", "行政复议中止日期", "date", RECONSIDERATION[58].kuan(1)),
        State("request", "主张和理由", LONG),
        State("answer_by", "答复期限", "date", RECONSIDERATION[58].kuan(1)),
    ),
)
INCIDENTAL_FORWARDED = Form(
    key="incidental_forwarded",
    title="规范性文件附带审查转送函",
    cites=(RECONSIDERATION[56], RECONSIDERATION[57]),
    series="附转",
    audience=INTERNAL,
    states=(
        *BESIDE,
        State("receiver", "接受转送的机关"),
        State("request", "主张和理由", LONG),
        State("forward_reason", "转送的理由", LONG, RECONSIDERATION[56]),
        State("reply_by", "回复期限", "date", RECONSIDERATION[60]),
    ),
)
INCIDENTAL_OPINION = Form(
    key="incidental_opinion",
    title="规范性文件附带审查处理意见书",
    cites=(RECONSIDERATION[59], RECONSIDERATION[60]),
    series="附审",
    audience=INTERNAL,
    states=(
        *BESIDE,
        State("addressee", "送达机关"),
        State("finding", "处理意见", TEXT, RECONSIDERATION[59]),
        State("finding_opinion", "审查情况和理由", LONG, RECONSIDERATION[59]),
        State("legal_ground", "法定情形", TEXT, RECONSIDERATION[59], optional=True),
        State("measure", "处理", TEXT, RECONSIDERATION[59]),
    ),
)
TO_OBJECTOR = (OBJECTION_ACCEPTED, OBJECTION_DECLINED, OBJECTION_FORWARDED, OBJECTION_ANSWER)
FORMS = frozenset(form.key for form in (*TO_OBJECTOR, INCIDENTAL_NOTICE, INCIDENTAL_FORWARDED, INCIDENTAL_OPINION))
