"""Whatever is tried, in whatever order: no matter reaches the meeting without a lawful opinion, nor a decision without the meeting.

A machine plays the undertaking body, the government and the justice bureau on one matter without a database; they mostly do the right
thing and often the wrong one. What must hold is written here by hand, from 国务院令第713号, not from the procedure's declaration.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from yifa.decisions.case import DecisionFacts, read
from yifa.decisions.procedures.major import MajorDecision
from yifa.decisions.tests import world as w
from yifa.procedures import core
from yifa.procedures.core import BLOCK, Done

MORNING = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
DAY = "2026-03-02"
DRAFT = {"research": [{"way": "走访", "on": DAY, "people": 4}], "basis": [{"law": "某规划"}], "disputed": False, "alternatives": 1}
RIGHT: dict[str, dict[str, Any]] = {
    "propose": dict.fromkeys(("title", "problem", "grounds", "first_plan", "necessity", "feasibility"), "供热")
    | {"category": "project", "source": "department"},
    "enter": {"catalogue_item": "6b0d7ba4-5b86-4f3e-9a34-0d0b7f6a1c11"},
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
    "feed_back": {"classified": 2},
    "assess_risk": w.RISK,
    "reassess_risk": {"risk_changes": "改期", "reassessed": "controllable"},
    "submit_review": {"review_materials": ["draft", "basis", "procedure"]},
    "return_materials": {"returned_for": "缺依据"},
    "accept_review": {},
    "review": w.REVIEW,
    "handle_review": {},
    "prepare_meeting": {"meeting_materials": ["draft", "public", "risk", "legality"]},
    "deliberate": w.meeting(meeting_on=DAY),
    "report_party": {"party_asked_on": DAY, "party_answered_on": DAY, "party_number": "昆党〔2026〕1号"},
    "decide": {"decided_on": DAY, "decision_number": "包昆政发〔2026〕1号"},
    "publish": {**w.PUBLIC, "published_on": DAY, "published_in": ["gazette", "portal"], "interpretation": "说明", "interpreted_on": DAY}
    | {"tells_adoption": True},
    "plan_execution": {"executors": [{"body": "住建局", "task": "施工", "due_on": DAY}]},
    "report_progress": {"reports": [{"body": "住建局", "due_on": DAY, "reported_on": DAY}]},
    "trigger_evaluation": {"evaluation_trigger": "none"},
    "archive": {"archived": ["proposal"], "archive_pages": 3, "archive_keeping": "permanent"},
    "close": {},
    "withdraw_matter": {"removal_reason": "调整", "removal_party_number": "1号", "removal_party_on": DAY, "removal_published_on": DAY},
}
WRONG: dict[str, list[dict[str, Any]]] = {
    "plan_participation": [{"risky": True}, {"open_matter": False, "closed_reason": "涉密"}, {"technical": True}],
    "exempt": [{"exemptions": [{"template": "T15", "ground": "no_risk", "reason": "无"}]}],
    "confirm_exemptions": [{"exempted": []}, {"exempted": ["T05", "T08", "T09", "T10", "T12", "T13", "T14", "T22"]}],
    "assess_risk": [{"controllable": "uncontrollable"}, {"departments_heard": False}],
    "reassess_risk": [{"reassessed": "uncontrollable"}],
    "review": [{"legality": "unlawful"}, {"legality": "exploratory", "review_risks": "尚无规定"}, {"reviewed_parts": ["power"]}],
    "deliberate": [{"meeting": "other"}, {"outcome": "rejected"}, {"speeches": w.speeches(head_place=1)}, {"present": 2}],
    "decide": [{"decided_on": "2026-03-01"}],
    "prepare_meeting": [{"meeting_materials": ["draft"]}],
}


@st.composite
def attempts(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    name = draw(st.sampled_from(list(RIGHT)))
    wrong = draw(st.sampled_from([{}, {}, *WRONG.get(name, [])]))
    return name, RIGHT[name] | wrong


class Matter(RuleBasedStateMachine):
    """One matter; `acts` are (step, the case right after it)."""

    @initialize(closed=st.booleans())
    def begin(self, closed: bool) -> None:
        self.facts: dict[str, Any] = {"evidence_count": 1}
        self.entries: list[Done] = []
        self.told: list[tuple[str, DecisionFacts]] = []
        self.consulted = not closed
        self.take("propose", RIGHT["propose"])

    def register(self) -> dict[str, Any]:
        asked = {"opens_on": "2026-01-01", "closes_on": "2026-02-01", "rounds": 1, "comments": 2, "answered": 2, "not_adopted": 0}
        asked |= {"not_adopted_with_reason": 0, "summarised_on": "2026-02-10", "shortened_reason": ""}
        return {
            "organisation": {"name": "住建局", "kind": "ORGAN"},
            "catalogue": {"catalogue_status": "listed", "party_agreed_on": "2026-01-10", "catalogue_published_on": "2026-01-15"},
            "basis": {"basis_cited": 1, "basis_in_force": 1},
            "consultation": asked if self.consulted else None,
            "acts": {done.step: done.on.isoformat() for done in self.entries},
        }

    def take(self, name: str, raw: dict[str, Any]) -> bool:
        step = MajorDecision.steps[name]
        progress = core.fold(MajorDecision, self.entries)
        stated, unreadable = core.parse(step, raw, self.facts, date(2026, 3, 2))
        case = read(self.facts | stated, self.register(), MORNING)
        before = read(self.facts, self.register(), MORNING)
        if unreadable or any(core.blocked(MajorDecision, step, progress, before)):
            return False
        if any(each.severity == BLOCK for each in core.broken(MajorDecision, step, case)):
            return False
        self.facts |= stated
        at = MORNING + timedelta(minutes=len(self.entries))
        self.entries.append(Done(len(self.entries) + 1, name, at, at, "p"))
        self.told.append((name, case))
        return True

    @rule(attempt=attempts())
    def try_anything(self, attempt: tuple[str, dict[str, Any]]) -> None:
        self.take(*attempt)

    @rule()
    def do_what_is_next(self) -> None:
        progress = core.fold(MajorDecision, self.entries)
        case = read(self.facts, self.register(), MORNING)
        for step in core.open_steps(MajorDecision, progress, case):
            if step.name in RIGHT and not step.optional and not progress.of(step.name) and self.take(step.name, RIGHT[step.name]):
                return
        for name in ("exempt", "confirm_exemptions"):
            if name not in {done.step for done in self.entries} and self.take(name, RIGHT[name]):
                return

    def of(self, name: str) -> list[tuple[int, DecisionFacts]]:
        return [(n, case) for n, (step, case) in enumerate(self.told) if step == name]

    @invariant()
    def no_meeting_without_a_lawful_opinion(self) -> None:
        """第二十五条."""
        for n, case in self.of("deliberate"):
            reviews = [one for m, one in self.of("review") if m < n]
            assert reviews
            assert reviews[-1].legality in {"lawful", "lawful_after_changes", "exploratory"}
            submitted = max(m for m, _ in self.of("submit_review") if m < n)
            assert any(submitted < m < n for m, _ in self.of("review")), "an opinion on an older draft"
            assert case.meeting in {"standing", "plenary"}
            assert max(case.speeches, key=lambda row: row["place"])["head"]

    @invariant()
    def no_decision_without_the_meeting(self) -> None:
        """第三十条, 第二十四条."""
        for n, case in self.of("decide"):
            meetings = [one for m, one in self.of("deliberate") if m < n]
            assert meetings
            assert meetings[-1].outcome == "adopted"
            assert "T15" in case.exempted or case.controllable == "controllable" or case.reassessed == "controllable"

    @invariant()
    def nothing_is_reviewed_before_everybody_owed_was_heard(self) -> None:
        """第十四条, 第十九条, 第二十二条."""
        for n, case in self.of("submit_review"):
            done = {step for step, _ in self.told[:n]}
            assert "feed_back" in done or not case.open_matter
            assert case.open_matter or "approve_closed" in done
            assert "T15" in case.exempted or "assess_risk" in done
            assert "T12" in case.exempted or "answer_experts" in done

    @invariant()
    def exempt_is_only_what_was_asked_and_confirmed(self) -> None:
        for _, case in self.told:
            assert case.exempted <= {row["template"] for row in case.exemptions}

    @invariant()
    def nothing_follows_an_end(self) -> None:
        names = [step for step, _ in self.told]
        for end in ("reject", "withdraw_matter", "close"):
            if end in names:
                assert names.index(end) == len(names) - 1


def test_no_order_of_steps_gets_around_the_regulation() -> None:
    run_state_machine_as_test(
        Matter,
        settings=settings(max_examples=60, stateful_step_count=45, deadline=None, suppress_health_check=list(HealthCheck)),
    )


def test_the_machine_reaches_a_decision() -> None:
    """A machine that never gets there would prove nothing."""
    matter = Matter()
    matter.begin(closed=False)
    for _ in range(40):
        matter.do_what_is_next()
    done = [step for step, _ in matter.told]
    assert done[-1] == "close"
    assert "decide" in done
