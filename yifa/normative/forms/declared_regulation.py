"""The documents of a draft 地方性法规: what each must state. Pure; the layouts are the `<题名>.typ` beside this file."""

from __future__ import annotations

from yifa.documents.rules import INTERNAL, LONG, TEXT, Form, State
from yifa.normative.forms.declared import HEAD
from yifa.normative.regulation_rules import ORGANIC
from yifa.normative.rulemaking_rules import LEGISLATION
from yifa.normative.rules import APL, COERCION, COMPETITION, LICENSING
from yifa.normative.standing_rules import RULEMAKING

NOTICE = Form(
    key="regulation_notice",
    title="地方性法规草案公开征求意见公告",
    cites=(RULEMAKING[15].kuan(2),),
    audience=INTERNAL,
    states=(
        *HEAD,
        State("opens_on", "开始日期", "date", RULEMAKING[15].kuan(2)),
        State("closes_on", "截止日期", "date", RULEMAKING[15].kuan(2)),
        State("contact", "联系方式", optional=True),
    ),
)
EXAMINATION_REPORT = Form(
    key="regulation_examination",
    title="地方性法规草案审查报告",
    cites=(RULEMAKING[19], RULEMAKING[25].kuan(2)),
    series="立审",
    audience=INTERNAL,
    states=(
        *HEAD,
        State("drafting_unit", "起草单位"),
        State("asked_organs", "征求意见的机关、组织和专家", LONG, RULEMAKING[21].kuan(1), optional=True),
        State("organs_said", "主要意见", LONG, optional=True),
        State("coordination", "不同意见的协调处理", LONG, RULEMAKING[24], optional=True),
        State("opinions", "公开征求意见的情况", TEXT, RULEMAKING[19]),
        State("competition", "公平竞争审查结论", TEXT, COMPETITION[2], optional=True),
        State("conclusion", "审查结论", TEXT, RULEMAKING[20]),
        State("examination", "审查意见", LONG, RULEMAKING[19]),
    ),
)
STATEMENT = Form(
    key="regulation_statement",
    title="地方性法规草案说明",
    cites=(LEGISLATION[58], RULEMAKING[25]),
    audience=INTERNAL,
    states=(
        *HEAD,
        State("necessity", "制定的必要性、可行性", LONG, LEGISLATION[58]),
        State("contents", "主要内容", LONG, LEGISLATION[58]),
        State("constitutionality", "涉及合宪性问题的相关意见", LONG, LEGISLATION[58]),
        State("disagreements", "重大分歧意见的协调处理情况", LONG, LEGISLATION[58]),
        State("opinions", "公开征求意见的情况", TEXT, RULEMAKING[25]),
        State("heard", "论证、听证的意见和处理", LONG, (APL[12].kuan(3), LICENSING[19], COERCION[14].kuan(1)), optional=True),
    ),
)
BILL = Form(
    key="regulation_bill",
    title="提请审议地方性法规草案的议案",
    cites=(ORGANIC[52].kuan(2), LEGISLATION[58]),
    series="议",
    audience=INTERNAL,
    states=(
        *HEAD,
        State("addressee", "提请审议的机关", TEXT, ORGANIC[52].kuan(2)),
        State("meeting", "讨论通过的会议", TEXT, ORGANIC[78]),
        State("passed_on", "通过日期", "date", ORGANIC[78]),
        State("signer", "签署人"),
    ),
)
FORMS = frozenset(form.key for form in (NOTICE, EXAMINATION_REPORT, STATEMENT, BILL))
