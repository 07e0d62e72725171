"""A matter that walks through its procedure without a database: the same interpreter and the same rules, the registers made up."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from yifa.decisions.case import DecisionFacts, read
from yifa.decisions.procedures.major import MajorDecision
from yifa.decisions.tests import world as w
from yifa.procedures import core
from yifa.procedures.core import BEIJING, BLOCK, RETURN, Done, Finding

MORNING = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
DAY, HEARING, LAST = "2026-03-02", "2026-03-20", "2026-04-01"
AFTER_HEARING = datetime(2026, 4, 1, 2, 0, tzinfo=UTC)
ITEM = "6b0d7ba4-5b86-4f3e-9a34-0d0b7f6a1c11"
DRAFT = {"research": [{"way": "走访", "on": DAY, "people": 4}], "basis": [{"law": "某规划"}], "disputed": False, "alternatives": 1}
EXPERTS = [
    {"name": name, "employer": "某大学", "field": "热力工程", "kind": "expert", "source": "register", "interest": False, "belongs": False}
    for name in ("甲样本", "乙样本")
]
OPINIONS = [
    {"name": row["name"], "necessity": True, "feasibility": True, "science": True, "conclusion": "可行", "signed": True} for row in EXPERTS
]
PARTS = ["introduced", "stated", "debated", "signed"]
REMOVAL: dict[str, Any] = {"removal_reason": "调整", "removal_party_number": "1号", "removal_party_on": DAY, "removal_published_on": DAY}
REMOVAL |= w.PUBLIC
# What is stated at each step when all goes well; the steps that every matter passes stand in their order.
RIGHT: dict[str, dict[str, Any]] = {
    "propose": dict.fromkeys(("title", "problem", "grounds", "first_plan", "necessity", "feasibility"), "供热")
    | {"category": "project", "source": "department"},
    "enter": {"catalogue_item": ITEM},
    "reject": {"reject_reason": "不需要"},
    "start": {"start_form": "meeting", "undertakers": [{"name": "住建局"}], "responsible": "李", "timetable": "年内"},
    "draft": DRAFT,
    "consult_departments": {"consulted_units": [{"unit": "财政局", "asked_on": DAY, "dispute": False}]},
    "plan_participation": w.PLAN,
    "approve_closed": {"closed_approved": True},
    "exempt": {"exemptions": [{"template": key, "ground": "not_concerned", "reason": "无"} for key in w.EXEMPT]},
    "confirm_exemptions": {"exempted": list(w.EXEMPT)},
    "consult": {"media": ["portal"], "with_draft": True, "with_explanation": True},
    "talk_with_groups": {"talks": [{"group": "残疾人", "body": "残联", "way": "座谈", "on": DAY, "people": 8}]},
    "announce_hearing": {"hearing_on": HEARING, "hearing_place": "三楼会议室", "hearing_method": "公开抽签"},
    "list_participants": {"hearing_listed_on": DAY, "hearing_people": [{"name": "丙样本", "side": "居民"}]},
    "hold_hearing": {
        "hearing_listed_on": "2026-03-10",
        "hearing_sent_on": "2026-03-12",
        "hearing_people": [{"name": "丙样本", "side": "居民"}],
        "hearing_parts": PARTS,
        "hearing_minutes": "笔录",
        "hearing_report": "报告",
        "hearing_handled": "采纳",
    },
    "feed_back": {"classified": 2},
    "appoint_experts": {"experts": EXPERTS},
    "argue": {"argued_on": DAY, "argued_way": "meeting", "opinions": OPINIONS},
    "answer_experts": {"expert_points": [{"name": row["name"], "point": "加强监测", "answer": "adopted"} for row in EXPERTS]},
    "assess_risk": w.RISK | {"assessed_on": DAY},
    "reassess_risk": {"risk_changes": "改期", "reassessed": "controllable"},
    "submit_review": {"review_materials": ["draft", "basis", "procedure"]},
    "return_materials": {"returned_for": "缺依据"},
    "accept_review": {},
    "review": w.REVIEW,
    "handle_review": {"handled_points": [{"point": "超越权限", "result": "adopted", "reason": "已删去"}]},
    "prepare_meeting": {"meeting_materials": ["draft", "competition", "public", "experts", "risk", "legality"]},
    "deliberate": w.meeting(meeting_on=LAST),
    "report_party": {"party_asked_on": LAST, "party_answered_on": LAST, "party_number": "昆党〔2026〕1号"},
    "decide": {"decided_on": LAST, "decision_number": "包昆政发〔2026〕1号"},
    "publish": {**w.PUBLIC, "published_on": LAST, "published_in": ["gazette", "portal"], "interpretation": "说明", "interpreted_on": LAST}
    | {"tells_adoption": True},
    "plan_execution": {"executors": [{"body": "住建局", "task": "施工", "due_on": LAST}]},
    "report_progress": {"reports": [{"body": "住建局", "due_on": LAST, "reported_on": LAST}]},
    "report_problem": {"problem_kind": "changed", "problem_found": "气源变化"},
    "adjust": {"changed": "minor", "changed_reason": "改期"},
    "rerun": {"rerun_case": "150203-31-2026-000002"},
    "trigger_evaluation": {"evaluation_trigger": "none"},
    "evaluate": {"evaluator": "某研究院", "evaluator_was_assessor": False, "evaluation_public": "问卷"}
    | {"evaluation_conclusion": "达到预期", "evaluation_used": "继续执行"},
    "archive": {"archived": ["proposal"], "archive_pages": 3, "archive_keeping": "permanent"},
    "close": {},
    "withdraw_matter": REMOVAL,
}
# A matter to which every branch applies, and the way it goes; the other way leaves out what was confirmed not to apply.
FULL = {
    "special_groups": [{"group": "残疾人"}],
    "hearing_due": True,
    "hearing_sides": [{"side": "居民"}],
    "technical": True,
    "expert_fields": [{"field": "热力工程"}],
    "risky": True,
    "market": True,
    "party_report_due": True,
}
BRANCHES = (
    "consult_departments", "plan_participation", "consult", "talk_with_groups", "announce_hearing", "hold_hearing", "feed_back",
    "appoint_experts", "argue", "answer_experts", "assess_risk",
)  # fmt: skip
COURSE = (
    "propose", "enter", "start", "draft", *BRANCHES, "submit_review", "accept_review", "review", "handle_review", "prepare_meeting",
    "deliberate", "report_party", "decide", "publish", "plan_execution", "report_progress", "trigger_evaluation", "archive", "close",
)  # fmt: skip


class Walk:
    """One matter. `registers` are laid over what the registers answer; `told` are the steps that stand, each with the case right after it.

    `kept` are the facts after each entry, as the record keeps them.
    """

    def __init__(self, **plan: Any) -> None:
        self.facts: dict[str, Any] = {"evidence_count": 1}
        self.entries: list[Done] = []
        self.kept: list[dict[str, Any]] = []
        self.told: list[tuple[str, DecisionFacts]] = []
        self.registers: dict[str, Any] = {}
        self.plan, self.now = plan, MORNING

    @property
    def progress(self) -> core.Progress:
        return core.fold(MajorDecision, self.entries)

    def register(self) -> dict[str, Any]:
        asked = {"opens_on": "2026-01-01", "closes_on": "2026-02-01", "rounds": 1, "comments": 2, "answered": 2, "not_adopted": 0}
        asked |= {"not_adopted_with_reason": 0, "summarised_on": "2026-02-10", "shortened_reason": ""}
        acts = self.progress.acts
        return {
            "organisation": {"name": "住建局", "kind": "ORGAN"},
            "offices": {"government": {"code": "1502030001"}},
            "catalogue": {
                "government": "1502030001",
                "catalogue_status": "listed",
                "party_agreed_on": "2026-01-10",
                "catalogue_published_on": "2026-01-15",
            },
            "basis": {"basis_cited": 1, "basis_in_force": 1},
            "consultation": asked,
            "acts": {done.step: done.on.isoformat() for done in acts},
            "changes": [self.kept[done.seq - 1]["changed"] for done in acts if done.step == "adjust"],
        } | self.registers

    def case(self, stated: Mapping[str, Any] | None = None) -> DecisionFacts:
        return read({**self.facts, **(stated or {})}, self.register(), self.now)

    def refusals(self, name: str, raw: Mapping[str, Any] | None = None) -> list[Finding]:
        """Why the step is not allowed with these answers, its order and its rules; [] when it is."""
        step, stated, unreadable = self._stated(name, raw)
        case = self.case(stated | dict(step.sets))
        return [*unreadable, *core.blocked(MajorDecision, step, self.progress, case), *core.broken(MajorDecision, step, case)]

    def _stated(self, name: str, raw: Mapping[str, Any] | None) -> tuple[core.Step, dict[str, Any], list[Finding]]:
        step = MajorDecision.steps[name]
        return step, *core.parse(step, self.right(name) | dict(raw or {}), self.facts, self.now.astimezone(BEIJING).date())

    def right(self, name: str) -> dict[str, Any]:
        return RIGHT[name] | (self.plan if name == "plan_participation" else {})

    def take(self, name: str, raw: Mapping[str, Any] | None = None) -> bool:
        """Does the step, unless something forbids it. A warning passes: its reason would be on record."""
        if any(each.severity == BLOCK for each in self.refusals(name, raw)):
            return False
        step, stated, _ = self._stated(name, raw)
        self.facts |= stated | dict(step.sets)
        self._enter(name)
        self.told.append((name, self.case()))
        return True

    def _enter(self, name: str, undoes: int | None = None) -> None:
        at = self.now + timedelta(minutes=len(self.entries))
        self.entries.append(Done(len(self.entries) + 1, name, at, at, "p", undoes=undoes))
        self.kept.append(dict(self.facts))

    def must(self, *names: str) -> None:
        for name in names:
            if name == "hold_hearing":
                self.now = AFTER_HEARING
            assert self.take(name), (name, [each.text for each in self.refusals(name)])

    def until(self, last: str) -> None:
        """Everything before this step, on the way on which every branch applies."""
        self.must(*COURSE[: COURSE.index(last)])

    def give_back(self, seq: int) -> bool:
        """退回 to before this entry, as `take` does it: what was stated since then is no longer stated."""
        undoes, why_not = core.undone(MajorDecision, RETURN, {"seq": seq}, self.progress, "p")
        if why_not or any(core.blocked(MajorDecision, MajorDecision.step(RETURN), self.progress, self.case())):
            return False
        assert undoes is not None
        self.facts = dict(self.kept[undoes - 2])
        self._enter(RETURN, undoes)
        self.told = self.told[: len(self.progress.acts)]
        return True

    def of(self, name: str) -> list[tuple[int, DecisionFacts]]:
        return [(n, case) for n, (step, case) in enumerate(self.told) if step == name]


def full() -> Walk:
    return Walk(**FULL)
