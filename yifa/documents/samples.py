"""Plausible values for any form, made from its declaration: for drafts without a case, for `procedures check`, for tests. Pure.

The persons are invented and bear names no register would issue with these numbers; nothing here is a case.
"""

from __future__ import annotations

from copy import deepcopy
from datetime import date, datetime
from typing import Any

from yifa.documents import rules
from yifa.documents.remedies import Organ, Remedy
from yifa.documents.rules import Form, State
from yifa.documents.words import CHINA

DAY = date(2026, 3, 2)
_STROKES = [[[10, 40], [60, 38], [110, 36]], [[60, 5], [58, 60], [40, 110]], [[60, 60], [90, 85], [120, 108]]]
_VALUES: dict[str, Any] = {
    rules.LONG: "2026年3月2日9时许，执法人员巡查时发现当事人在人行道上摆放货架经营，占用道路3平方米。",
    rules.LIST: ["现场照片3张", "执法记录仪视频1段"],
    rules.DATE: DAY,
    rules.MOMENT: datetime(2026, 3, 2, 9, 30, tzinfo=CHINA),
    rules.MONEY: 20000,
    rules.PARTY: {
        "kind": "natural",
        "name": "张样本",
        "sex": "男",
        "birth": date(1980, 1, 1),
        "identity_kind": "居民身份证",
        "identity_number": "150203198001010000",
        "phone": "13800000000",
        "address": "内蒙古自治区包头市昆都仑区样本街1号",
    },
    rules.OFFICERS: [{"name": "李样本", "certificate": "05020000001"}, {"name": "王样本", "certificate": "05020000002"}],
    rules.PROVISIONS: [{"cite": "《样本条例》第十条第一款", "text": "任何单位和个人不得占用道路从事经营活动。"}],
    rules.REMEDY: Remedy(
        organ=Organ("包头市昆都仑区人民政府", "包头市昆都仑区样本路2号", "0472-0000001"),
        body=Organ("包头市昆都仑区样本执法局", "包头市昆都仑区样本路3号", "0472-0000002"),
        first=False,
    ),
    rules.PAYMENT: {
        "way": "bank",
        "bank_name": "样本银行昆都仑支行",
        "account_name": "包头市昆都仑区财政局",
        "account": "0000000000000000001",
        "due_on": date(2026, 3, 17),
    },
    rules.PAPERS: [{"title": "当场行政处罚决定书", "number": "包昆城管当罚〔2026〕18号", "copies": "1"}],
    rules.AGENT: {"name": "赵样本", "relation": "同住成年家属", "phone": "13900000000"},
    rules.SIGNATURE: {"strokes": _STROKES},
    rules.SIGNATURES: [{"strokes": _STROKES}, {"strokes": _STROKES[:2]}],
    rules.CODE: "http://localhost:8000/c/SAMPLESAMPLESAMPLESAMPLE22",
}


def sample(form: Form, **chosen: Any) -> dict[str, Any]:
    """Every particular that is wanted, unsigned; `chosen` replaces some (and decides what else is wanted)."""
    values = dict(chosen)
    for state in form.states:
        if state.key not in values and not state.is_signature and not state.optional and state.is_wanted(values):
            values[state.key] = _value(form, state)
    return values


def signed(form: Form, **chosen: Any) -> dict[str, Any]:
    """The same, signed by the officers and the party."""
    values = sample(form, **chosen)
    for state in form.states:
        if state.type in {rules.SIGNATURE, rules.SIGNATURES}:
            values[state.key] = deepcopy(_VALUES[state.type])
    return values


def _value(form: Form, state: State) -> Any:
    if state.type == rules.CHOICE:
        return state.choices[0][0]
    if state.type == rules.CHOICES:
        return [key for key, _ in state.choices]
    if state.type == rules.TEXT:
        return {"organisation": "包头市昆都仑区样本执法局", "case_code": "1502030001-02-2026-000018-3", "proof": "7K3M9Q"}.get(
            state.key, f"{state.label}的样本"
        )
    if state.type == rules.TABLE:
        return [{key: f"{label}之{n}" for key, label in state.columns} for n in ("一", "二")]
    if state.type == rules.REMEDY and form.series == "当罚":
        return _on_the_spot(_VALUES[rules.REMEDY])
    return deepcopy(_VALUES[state.type])


def _on_the_spot(remedy: Remedy) -> Remedy:
    return Remedy(organ=remedy.organ, body=remedy.body, first=True)
