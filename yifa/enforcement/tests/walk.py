"""A dossier without a database: walks a procedure through the pure interpreter, for tests of the law."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from yifa.enforcement import case as cases
from yifa.enforcement.procedures.summary_penalty import SummaryPenalty
from yifa.kernel.calendar.table import calendar
from yifa.kernel.calendar.terms import Param, Term, days, workdays
from yifa.procedures import core
from yifa.procedures.core import Done, Finding, Performer, Refused

LI, WANG = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"
MORNING = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)  # Monday, ten o'clock in Beijing
DRAWN = {"strokes": [[[0, 0], [10, 10]]]}
TERMS: dict[str, Term] = {
    "当场处罚备案期限": workdays(5),
    "行政处罚公示期限": workdays(7),
    "缴纳罚款期限": days(15),
    "当场收缴罚款交至机关期限": workdays(2),
    "机关缴付银行期限": workdays(2),
    "结案期限": workdays(15),
}


def officer(person: str, name: str, **changed: Any) -> dict[str, Any]:
    return {
        "id": person,
        "name": name,
        "certificate": "15020300001",
        "issued_on": "2024-01-01",
        "expires_on": "2028-12-31",
        "categories": ["综合"],
        "region": "150203",
        "changes": [["2024-01-01", "ACTIVE"]],
        **changed,
    }


def register(**changed: Any) -> dict[str, Any]:
    return {
        "organisation": {
            "code": "1502030001",
            "name": "包头市昆都仑区样本执法局",
            "short_name": "包昆样",
            "kind": "ORGAN",
            "region": "150203",
            "sector": "农牧",
            "fields": ["农牧"],
            "changes": [["2020-01-01", "announced"]],
            "valid_from": None,
            "valid_to": None,
            "address": "样本路1号",
            "phone": "0472-0000001",
            "bank_name": "样本银行",
            "bank_account": "0001",
        },
        "reviewing": {"name": "包头市昆都仑区人民政府", "address": "样本路2号", "phone": "0472-0000002"},
        "officers": [officer(LI, "李样本"), officer(WANG, "王样本", certificate="15020300002")],
        "earlier_fines": [],
        **changed,
    }


ITEM = "15000004702000200"  # 犬只狂犬病免疫, citizens and bodies up to 1,000
ANSWERS: dict[str, dict[str, Any]] = {
    "show_badge": {
        "item": ITEM,
        "officers": [LI, WANG],
        "place": "样本镇东街",
        "found_on": "2026-03-02",
        "recording": "on",
        "no_conflict": True,
    },
    "establish": {
        "party_kind": "citizen",
        "party": {"name": "张样本", "identity_kind": "id", "identity_number": "11010519491231002X"},
        "violation_on": "2026-03-02",
        "description": "未接种",
        "clear_facts": True,
    },
    "order_correction": {"correction": "限期接种", "officer_signatures": {"people": [DRAWN, DRAWN]}},
    "inform": {
        "sanctions": ["罚款"],
        "proposed_fine": "200",
        "tier": "usual",
        "tier_reason": "情节一般",
        "told": ["content", "facts", "reasons", "basis", "rights"],
    },
    "hear": {"statement": "none"},
    "decide": {"officer_signatures": {"people": [DRAWN, DRAWN]}, "party_signature": DRAWN},
    "deliver": {"served_on": "party", "service_mode": "D1", "party_signature": DRAWN, "officer_signatures": {"people": [DRAWN, DRAWN]}},
    "file": {},
    "publish": {"secrecy_checked": True},
    "pay": {"paid_on": "2026-03-03", "paid": "200", "channel": "bank", "receipt": "15000001"},
    "collect": {"collect_ground": "small", "paid": "100", "receipt": "15000002"},
    "hand_in": {"handed_to": "财务科"},
    "bank": {"bank_receipt": "0001"},
    "close": {},
    "no_penalty": {"ground": "minor", "ground_text": "轻微", "education": "已教育", "officer_signatures": {"people": [DRAWN, DRAWN]}},
    "escalate": {"escalate_reason": "heavy", "escalate_note": "拟罚款超过限额"},
    "correct": {"correct_what": "地点：东街", "correct_to": "地点：西街", "correct_reason": "笔误"},
    "address": {"service_address": "样本镇", "service_phone": "13800000000", "electronic": False, "party_signature": DRAWN},
}


class Walk:
    """One dossier in memory. `evidence` is how many pieces are attached; `registers` what the registers answer."""

    def __init__(self, procedure: type[core.Procedure] = SummaryPenalty, **registers: Any) -> None:
        self.procedure = procedure
        self.registers = register(**registers)
        self.facts: dict[str, Any] = {"evidence_count": 1}
        self.entries: list[Done] = []
        self.at = MORNING

    @property
    def progress(self) -> core.Progress:
        return core.fold(self.procedure, self.entries)

    def case(self, facts: dict[str, Any] | None = None) -> cases.PenaltyFacts:
        return cases.read(self.facts if facts is None else facts, self.registers, self.at)

    def findings(self, name: str, roles: frozenset[str] = frozenset(core.ROLE_TITLES), **answers: Any) -> list[Finding]:
        """What refuses the step with these answers (over the usual ones); empty when it is allowed."""
        return self._judge(name, roles, answers)[0]

    def codes(self, name: str, **answers: Any) -> set[str]:
        return {each.code for each in self.findings(name, **answers)}

    def do(self, name: str, *, reasons: dict[str, str] | None = None, **answers: Any) -> Walk:
        findings, facts = self._judge(name, frozenset(core.ROLE_TITLES), answers)
        step = self.procedure.step(name)
        refusing, _ = core.settle(findings, core.rules_of(self.procedure, step), reasons or {}, frozenset(core.ROLE_TITLES))
        if refusing:
            raise Refused(refusing)
        self.facts = facts
        self.entries.append(Done(len(self.entries) + 1, name, self.at, self.at, LI))
        self.at += timedelta(minutes=2)
        return self

    def to(self, *names: str, **answers: Any) -> Walk:
        """Several steps with the usual answers; `answers` go to every step that asks for them."""
        for name in names:
            asked = {each.key for each in self.procedure.step(name).asks}
            self.do(name, **{key: value for key, value in answers.items() if key in asked})
        return self

    def due(self) -> dict[str, date]:
        return {duty.step.name: duty.due.due for duty in self.duties()}

    def duties(self) -> list[core.Duty]:
        def resolve(param: Param) -> Term:
            return TERMS[param.name]

        return core.duties(self.procedure, self.progress, self.case(), calendar(), resolve)

    def _judge(self, name: str, roles: frozenset[str], answers: dict[str, Any]) -> tuple[list[Finding], dict[str, Any]]:
        step = self.procedure.step(name)
        usual = {**ANSWERS.get(name, {}), **answers}
        stated, findings = core.parse(step, {key: value for key, value in usual.items() if value is not None}, self.facts, self.at.date())
        personal = {each.key for each in step.asks if each.personal}
        facts = {**self.facts, **{key: value for key, value in stated.items() if key not in personal}, **step.sets}
        facts["number"] = "包昆样当罚〔2026〕1号" if step.gives else facts.get("number")
        facts |= cases.derive(facts, {key: stated[key] for key in personal & set(stated)}, self.at)
        case = self.case(facts)
        findings += core.blocked(self.procedure, step, self.progress, case)
        findings += core.unfit(self.procedure, step, self.progress, Performer(frozenset(facts.get("officers") or [LI]), roles))
        if not findings:
            findings += core.broken(self.procedure, step, case)
        return findings, facts


UNTIL_HEARD = ("show_badge", "establish", "order_correction", "inform", "hear")
UNTIL_DELIVERED = (*UNTIL_HEARD, "decide", "deliver")
