"""The documents of 备案审查: what each must state. Pure; the layouts are the `<题名>.typ` beside this file."""

from __future__ import annotations

from yifa.documents.rules import INTERNAL, LONG, TEXT, Form, State
from yifa.normative.filing_rules import FILING, LEGISLATION
from yifa.normative.forms.declared import HEAD

DOCUMENT = (*HEAD, State("document_number", "文号"))
REGISTERED = State("registered_number", "备案登记号")

FILED_NOTICE = Form(
    key="filed_notice",
    title="行政规范性文件备案登记通知书",
    cites=(FILING[9],),
    series="备登",
    audience=INTERNAL,
    states=(*DOCUMENT, State("submitted_on", "报送日期", "date"), State("register_note", "登记说明", LONG, optional=True)),
)
SUPPLEMENT_NOTICE = Form(
    key="supplement_notice",
    title="行政规范性文件备案补正通知书",
    cites=(FILING[9].kuan(2),),
    series="备补",
    audience=INTERNAL,
    states=(*DOCUMENT, State("supplement_list", "需要补正的材料", LONG, FILING[9].kuan(2)), State("answer_by", "补正期限", "date")),
)
DECLINED_NOTICE = Form(
    key="declined_notice",
    title="行政规范性文件不予备案登记通知书",
    cites=(FILING[9].kuan(1),),
    series="不备",
    audience=INTERNAL,
    states=(*DOCUMENT, State("decline_reason", "理由", LONG, FILING[9].kuan(1))),
)
REVIEW_OPINION = Form(
    key="review_opinion",
    title="行政规范性文件备案审查意见书",
    cites=(FILING[18],),
    series="备审",
    audience=INTERNAL,
    states=(
        *DOCUMENT,
        REGISTERED,
        State("conclusion", "审查结论", TEXT, FILING[18]),
        State("opinion", "审查意见", LONG, FILING[18]),
        State("legal_ground", "法定情形", TEXT, LEGISLATION[107], optional=True),
        State("clauses", "应当纠正的条款", LONG, FILING[18], optional=True),
        State("measure", "处理", TEXT, LEGISLATION[108], optional=True),
    ),
)
CORRECTION_NOTICE = Form(
    key="correction_notice",
    title="行政规范性文件纠正通知书",
    cites=(FILING[18], FILING[21]),
    series="备纠",
    audience=INTERNAL,
    states=(
        *DOCUMENT,
        State("registered_number", "备案登记号", optional=True),
        State("review", "审查"),
        State("legal_ground", "法定情形", TEXT, LEGISLATION[107], optional=True),
        State("clauses", "应当纠正的条款", LONG, FILING[18]),
        State("demand", "纠正要求", LONG, FILING[18]),
        State("answer_by", "报送处理结果的期限", "date", FILING[21]),
    ),
)
FORMS = frozenset(form.key for form in (FILED_NOTICE, SUPPLEMENT_NOTICE, DECLINED_NOTICE, REVIEW_OPINION, CORRECTION_NOTICE))
