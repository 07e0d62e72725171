"""The documents of these procedures: what each must state. Pure; the layouts are the `<题名>.typ` beside this file."""

from __future__ import annotations

from yifa.documents.rules import INTERNAL, LONG, TEXT, Form, State
from yifa.normative.rules import GB37, GB115

HEAD = (
    State("organisation", "出具机关"),
    State("case_code", "案件编号"),
    State("dated", "成文日期", "date"),
    State("title", "文件名称"),
    State("maker", "制定机关"),
)

LEGALITY_OPINION = Form(
    key="legality_opinion",
    title="行政规范性文件合法性审核意见书",
    cites=(GB115[3],),
    series="法审",
    audience=INTERNAL,
    states=(*HEAD, State("opinion", "审核结论", TEXT, GB115[3]), State("points", "审核意见", LONG, GB115[3])),
)
REGISTRATION = Form(
    key="unified_registration",
    title="行政规范性文件统一登记通知书",
    cites=(GB37[8],),
    series="规",
    audience=INTERNAL,
    states=(*HEAD, State("validity", "有效期"), State("note", "登记说明", LONG, optional=True)),
)
FILING_REPORT = Form(
    key="filing_report",
    title="行政规范性文件备案报告",
    cites=(GB37[10],),
    audience=INTERNAL,
    states=(
        *HEAD,
        State("number", "文号"),
        State("published_on", "公布日期", "date"),
        State("effective_on", "施行日期", "date"),
        State("materials", "报送材料", "list"),
        State("receiver", "备案机关"),
    ),
)
