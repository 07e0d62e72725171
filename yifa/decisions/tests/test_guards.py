"""Every rule that a step of the procedure needs refuses something: each is shown here to do so, and none may be without its case.

The table is written from 国务院令第713号: what is stated wrongly at which step. A rule that is taken out of its step fails its line.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from yifa.decisions.procedures.major import MajorDecision
from yifa.decisions.tests import world as w
from yifa.decisions.tests.walking import COURSE, DAY, EXPERTS, HEARING, LAST, OPINIONS, RIGHT, Walk, full

TOMORROW = "2026-04-02"
ASKED: dict[str, Any] = full().register()["consultation"]


def asked(**changed: Any) -> dict[str, Any]:
    return {"consultation": ASKED | changed}


def risks(**changed: Any) -> dict[str, Any]:
    return {"risks": [w.RISK["risks"][0] | changed]}


def opinions(**changed: Any) -> dict[str, Any]:
    return {"opinions": [OPINIONS[0] | changed, OPINIONS[1]]}


STABLE = {"name": "社会稳定风险评估报告", "body": "区委政法委", "on": "2025-04-01"}
TWICE = [w.speeches()[0], w.speeches()[1], w.speeches()[1] | {"place": 9}, w.speeches()[0] | {"place": 10}]
SAME_PLACE = [row | {"place": 3} for row in w.speeches()]
# step, code of the rule, what is stated wrongly, what the registers answer
GUARDS: tuple[tuple[str, str, Mapping[str, Any], Mapping[str, Any]], ...] = (
    ("propose", "D01", {}, {"organisation": {"name": "某公司", "kind": "ENTRUSTED"}}),
    ("propose", "D60", {"carried_from": "150203-31-2026-000009"}, {}),
    ("enter", "D02", {}, {"catalogue": {"government": "1502030001", "catalogue_status": "removed", "party_agreed_on": DAY}}),
    ("enter", "D62", {}, {"catalogue": full().register()["catalogue"] | {"government": "1502040001"}}),
    ("enter", "D53", {}, {"catalogue": full().register()["catalogue"] | {"catalogue_dossier": "150203-31-2026-000009"}}),
    ("start", "D03", {"undertakers": [{"name": "住建局"}, {"name": "财政局"}]}, {}),
    ("draft", "D05", {"disputed": True}, {}),
    ("plan_participation", "D08", {"open_matter": False, "closed_reason": " "}, {}),
    ("plan_participation", "D09", {"ways": ["open"]}, {}),
    ("consult", "D10", {}, {"consultation": None}),
    ("consult", "D11", {}, asked(opens_on="2026-01-03")),
    ("announce_hearing", "D64", {"hearing_on": DAY}, {}),
    ("list_participants", "D81", {"hearing_listed_on": HEARING}, {}),
    ("list_participants", "D81", {"hearing_listed_on": TOMORROW}, {}),
    ("hold_hearing", "D65", {"hearing_listed_on": DAY}, {"hearing": {"hearing_on": TOMORROW}}),
    ("hold_hearing", "D15", {"hearing_sent_on": "2026-03-14"}, {}),
    ("hold_hearing", "D15", {"hearing_listed_on": HEARING}, {}),
    ("hold_hearing", "D16", {"hearing_parts": ["introduced", "stated", "debated"]}, {}),
    ("feed_back", "D55", {}, asked(opens_on="2026-02-01", closes_on="2026-03-10")),
    ("feed_back", "D12", {}, asked(closes_on=LAST)),
    ("feed_back", "D13", {}, asked(answered=1)),
    ("feed_back", "D13", {}, asked(summarised_on=None)),
    ("appoint_experts", "D17", {"experts": [EXPERTS[0] | {"interest": True}]}, {}),
    ("appoint_experts", "D66", {}, {"recused": [{"name": "甲样本", "employer": "某大学"}]}),
    ("appoint_experts", "D58", {"experts": [EXPERTS[0] | {"drawn": True}]}, {}),
    ("argue", "D18", opinions(signed=False), {}),
    ("argue", "D67", opinions(name="丁样本"), {}),
    ("argue", "D68", {"opinions": OPINIONS[:1]}, {}),
    ("argue", "D69", {"argued_on": TOMORROW}, {}),
    ("assess_risk", "D19", {"departments_heard": False}, {}),
    ("assess_risk", "D70", {"assessed_on": TOMORROW}, {}),
    ("assess_risk", "D56", risks(probability=6), {}),
    ("assess_risk", "D57", risks(level="low"), {}),
    ("submit_review", "D22", {"review_materials": ["draft", "basis"]}, {}),
    ("review", "D23", {"reviewed_parts": ["power", "content"]}, {}),
    ("review", "D24", {"lawyers": None}, {}),
    ("review", "D25", {"legality": "exploratory", "review_risks": " "}, {}),
    ("prepare_meeting", "D28", {"meeting_materials": ["draft", "competition", "public", "experts", "risk"]}, {}),
    ("prepare_meeting", "D52", {"meeting_materials": ["draft", "public", "experts", "risk", "legality"]}, {}),
    ("deliberate", "D29", {"meeting_on": "2026-03-31"}, {}),
    ("deliberate", "D71", {"meeting_on": TOMORROW}, {}),
    ("deliberate", "D30", {"meeting": "other"}, {}),
    ("deliberate", "D31", {"present": 4}, {}),
    ("deliberate", "D72", {"present": 10}, {}),
    ("deliberate", "D72", {"entitled": 3, "present": 2}, {}),
    ("deliberate", "D73", {"speeches": TWICE}, {}),
    ("deliberate", "D73", {"speeches": SAME_PLACE}, {}),
    ("deliberate", "D32", {"speeches": w.speeches(head_place=2)}, {}),
    ("deliberate", "D32", {"speeches": [row | {"head": False} for row in w.speeches()]}, {}),
    ("deliberate", "D33", {"departs": True, "departs_reason": " "}, {}),
    ("deliberate", "D33", {"speeches": w.speeches(deputy="reserve")}, {}),
    ("appoint_experts", "D97", {"experts": [EXPERTS[0], EXPERTS[0]]}, {}),
    ("appoint_experts", "D82", {"experts": [EXPERTS[0] | {"employer": "住建局"}]}, {}),
    ("appoint_experts", "D83", {"experts": [EXPERTS[0] | {"fee": 100_001}]}, {}),
    ("argue", "D84", {"opinions": [*OPINIONS, OPINIONS[0] | {"conclusion": "不可行"}]}, {}),
    ("answer_experts", "D85", {"expert_points": [{"name": "丁样本", "point": "缓建", "answer": "adopted"}]}, {}),
    ("answer_experts", "D86", {"expert_points": [{"name": "甲样本", "point": "缓建", "answer": "not_adopted"}]}, {}),
    ("answer_experts", "D87", {"expert_points": [{"name": "甲样本", "point": "缓建", "answer": "adopted"}]}, {}),
    ("assess_risk", "D88", {"existing_assessment": "linked", "existing_reports": [STABLE | {"until": DAY}]}, {}),
    ("assess_risk", "D89", {"existing_assessment": "repeated", "existing_reports": [STABLE]}, {}),
    ("review", "D90", {"written_opinion": False}, {}),
    ("review", "D91", {"legality": "lawful_after_changes"}, {}),
    ("review", "D91", {"legality": "unlawful"}, {}),
    ("deliberate", "D94", {"meeting_on": "2026-03-16"}, {"acts": {"review": "2026-03-16"}}),
    ("decide", "D95", {"decided_on": "2026-03-16"}, {}),
    ("publish", "D96", {"published_on": "2026-03-16"}, {}),
    ("plan_execution", "D92", {"executors": [{"body": "住建局", "task": "施工", "due_on": "2026-03-31"}]}, {}),
    ("adjust", "D93", {"changed": "none"}, {}),
    ("withdraw_matter", "D14", {"secrecy_passed": False}, {}),
    ("report_party", "D75", {"party_answered_on": "2026-03-31"}, {}),
    ("report_party", "D75", {"party_answered_on": TOMORROW}, {}),
    ("decide", "D35", {"decided_on": "2026-03-31"}, {}),
    ("decide", "D36", {"decided_on": "2026-03-31"}, {}),
    ("decide", "D35", {"decided_on": TOMORROW}, {}),
    ("publish", "D14", {"secrecy_passed": False}, {}),
    ("publish", "D14", {"openness": "on_request"}, {}),
    ("publish", "D76", {"published_on": "2026-03-31"}, {}),
    ("publish", "D76", {"published_on": TOMORROW}, {}),
    ("publish", "D37", {"published_in": ["portal"]}, {}),
    ("withdraw_matter", "D80", {"removal_party_on": LAST}, {}),
)
# Those whose case takes more than one wrong answer have a test of their own below.
ELSEWHERE = {"D63", "D21", "D26", "D27", "D34", "D39", "D40", "D41", "D42", "D59", "D77", "D78", "D79"}


def before(step: str) -> Walk:
    walk = full()
    walk.until({"withdraw_matter": "start", "list_participants": "hold_hearing", "adjust": "report_progress"}.get(step, step))
    if step == "hold_hearing":
        walk.now += timedelta(days=30)
    return walk


@pytest.mark.parametrize(("step", "code", "stated", "registers"), GUARDS, ids=[f"{each[0]}-{each[1]}-{n}" for n, each in enumerate(GUARDS)])
def test_what_the_regulation_forbids_is_refused(step: str, code: str, stated: dict[str, Any], registers: dict[str, Any]) -> None:
    walk = before(step)
    assert [each.text for each in walk.refusals(step) if each.code != "D57"] == []
    walk.registers |= registers
    assert code in {each.code for each in walk.refusals(step, stated)}


def test_no_rule_is_without_its_case() -> None:
    needed = {rule.code for step in MajorDecision.steps.values() for rule in step.needs}
    assert needed == {code for _, code, _, _ in GUARDS} | ELSEWHERE


def test_no_two_rules_have_one_code() -> None:
    rules = {rule for step in MajorDecision.steps.values() for rule in (*step.needs, *([step.when] if step.when else []))}
    codes = sorted(rule.code for rule in rules)
    assert codes == sorted(set(codes))


def codes(walk: Walk, step: str, stated: dict[str, Any] | None = None) -> set[str]:
    return {each.code for each in walk.refusals(step, stated)}


def test_a_matter_whose_closing_was_not_approved_does_not_go_on_closed() -> None:
    """第十四条第一款."""
    walk = Walk(open_matter=False, closed_reason="涉及国家秘密")
    walk.until("consult")
    assert codes(walk, "approve_closed", {"closed_approved": False}) == {"D63"}
    assert codes(walk, "approve_closed") == set()


def test_a_risk_that_cannot_be_controlled_stops_the_meeting_and_the_decision() -> None:
    """第二十四条: also one that is found uncontrollable again after the meeting."""
    walk = full()
    walk.until("assess_risk")
    assert walk.take("assess_risk", {"controllable": "uncontrollable"})
    assert walk.take("reassess_risk", {"reassessed": "uncontrollable"})
    walk.must("submit_review", "accept_review", "review", "handle_review")
    assert "D21" in codes(walk, "prepare_meeting")
    walk.must("reassess_risk", "prepare_meeting", "deliberate", "report_party")
    assert walk.take("reassess_risk", {"reassessed": "uncontrollable"})
    assert "D21" in codes(walk, "decide")


def test_a_risk_that_was_found_is_not_exempted_away() -> None:
    """第二十四条: the assessment that came out badly is not said not to have applied."""
    walk = Walk()
    walk.must("propose", "enter", "start", "draft", "plan_participation")
    assert walk.take("assess_risk", {"controllable": "uncontrollable"})
    assert codes(walk, "exempt") == {"D41"}
    walk.facts["exempted"] = list(w.EXEMPT)
    walk.must("consult", "feed_back")
    assert walk.take("reassess_risk", {"reassessed": "uncontrollable"})
    walk.must("submit_review", "accept_review", "review", "handle_review")
    assert "D21" in codes(walk, "prepare_meeting")


def test_what_was_taken_back_no_longer_holds() -> None:
    """A reassessment that is taken back leaves the risk as it was found before."""
    walk = full()
    walk.until("assess_risk")
    assert walk.take("assess_risk", {"controllable": "uncontrollable"})
    walk.must("reassess_risk")
    assert walk.give_back(len(walk.entries))
    assert "程序" in codes(walk, "submit_review")
    assert not walk.case().reassessed


def test_an_exemption_that_was_taken_back_is_owed_again() -> None:
    """A head sends the plan back; what was confirmed on the old plan does not reach the new one (第十九条)."""
    walk = Walk()
    walk.must("propose", "enter", "start", "draft", "plan_participation", "exempt", "confirm_exemptions")
    planned = next(done.seq for done in walk.entries if done.step == "plan_participation")
    assert walk.give_back(planned)
    walk.plan = {"technical": True, "expert_fields": [{"field": "热力工程"}]}
    walk.must("plan_participation", "consult", "feed_back")
    assert not walk.case().exempted
    assert "专家" in "".join(each.text for each in walk.refusals("submit_review") if each.code == "程序") or not walk.take("submit_review")


def test_an_application_made_anew_waits_for_its_own_confirmation() -> None:
    walk = Walk()
    walk.must("propose", "enter", "start", "draft", "plan_participation", "exempt", "confirm_exemptions")
    assert walk.take("exempt", {"exemptions": [{"template": "T15", "ground": "no_risk", "reason": "无"}]})
    assert not walk.case().exempted
    assert codes(walk, "confirm_exemptions", {"exempted": ["T05"]}) == {"D42"}


@pytest.mark.parametrize(
    ("plan", "template"),
    [
        ({"special_groups": [{"group": "残疾人"}]}, "T08"),
        ({"hearing_due": True, "hearing_sides": [{"side": "居民"}]}, "T09"),
        ({"technical": True, "expert_fields": [{"field": "热力工程"}]}, "T13"),
        ({"risky": True}, "T15"),
        ({"party_report_due": True}, "T22"),
        ({}, "T07"),
        ({}, "T11"),
        ({"ways": ["forum", "hearing"]}, "T10"),
        ({"ways": ["forum", "visit"]}, "T23"),
    ],
)
def test_what_the_plan_says_is_owed_cannot_be_left_out(plan: dict[str, Any], template: str) -> None:
    walk = Walk(**plan)
    walk.must("propose", "enter", "start", "draft", "plan_participation")
    asked = {"exemptions": [{"template": template, "ground": "not_concerned", "reason": "无"}]}
    assert codes(walk, "exempt", asked) == {"D41"}


def test_an_unlawful_draft_stops_before_the_meeting_and_each_point_is_handled() -> None:
    """第二十五条第二款、第二十八条."""
    walk = full()
    walk.until("review")
    assert walk.take("review", {"legality": "unlawful", "review_points": [{"point": "没有依据"}]})
    walk.must("handle_review")
    assert codes(walk, "prepare_meeting") == {"D26", "D27"}


def test_a_draft_handed_in_again_is_reviewed_and_discussed_again() -> None:
    """第二十五条: what the opinion was given on is what is discussed, and what was discussed is what is decided."""
    for late, owed in (("handle_review", "submit_review"), ("prepare_meeting", "handle_review"), ("deliberate", "prepare_meeting")):
        walk = full()
        walk.until(late)
        walk.must("draft")
        assert "程序" in codes(walk, late), (late, owed)
    walk = full()
    walk.until("decide")
    walk.must("draft")
    assert "程序" in codes(walk, "decide")
    assert "程序" in codes(walk, "deliberate")
    walk.must("submit_review", "accept_review", "review", "handle_review", "prepare_meeting", "deliberate", "report_party", "decide")


def test_materials_that_were_sent_back_are_sent_again_before_anything_goes_on() -> None:
    walk = full()
    walk.until("review")
    walk.must("return_materials")
    assert "程序" in codes(walk, "review")
    assert "程序" in codes(walk, "accept_review")
    walk.must("submit_review", "accept_review", "review")


@pytest.mark.parametrize(
    "step",
    [*COURSE[COURSE.index("submit_review") : COURSE.index("decide")], "draft", "reassess_risk", "return_materials", "withdraw_matter"],
)
def test_what_led_to_the_decision_is_not_done_after_it(step: str) -> None:
    walk = full()
    walk.until("assess_risk")
    assert walk.take("assess_risk", {"controllable": "uncontrollable"})
    walk.must("reassess_risk", "submit_review", "accept_review", "review", "handle_review", "prepare_meeting", "deliberate", "report_party")
    walk.must("decide")
    assert "程序" in codes(walk, step)


def test_nothing_is_decided_that_the_last_meeting_did_not_adopt() -> None:
    for outcome in ("postponed", "revise", "rejected"):
        walk = full()
        walk.until("deliberate")
        majority = {"departs": True, "departs_reason": "条件还不成熟"} if outcome == "rejected" else {}
        assert walk.take("deliberate", {"outcome": outcome, **majority})
        walk.must("report_party")
        assert codes(walk, "decide") == {"D34"}


def test_a_major_change_runs_through_the_procedure_again_whatever_is_decided_after_it() -> None:
    """第三十七条: a smaller change decided afterwards does not pass over it; giving it up does."""
    walk = full()
    walk.until("close")
    assert walk.take("adjust", {"changed": "major"})
    assert codes(walk, "close") >= {"D40"}
    assert codes(walk, "adjust", {"changed": "minor"}) == {"D79"}
    assert "D59" in codes(walk, "rerun")
    walk.registers["rerun"] = {"rerun_carries": True}
    assert codes(walk, "rerun") == set()
    assert walk.take("adjust", {"changed": "none"})
    assert codes(walk, "adjust", {"changed": "minor"}) == set()
    assert codes(walk, "close") == set()


def test_a_suspended_matter_is_not_closed() -> None:
    walk = full()
    walk.until("close")
    assert walk.take("adjust", {"changed": "suspended"})
    assert codes(walk, "close") == {"D78"}
    assert walk.take("adjust", {"changed": "none"})
    assert codes(walk, "close") == set()


def test_nobody_evaluates_what_he_assessed() -> None:
    """第三十六条第二款: whatever is answered to the question, the record says who assessed and who argued."""
    walk = full()
    walk.until("trigger_evaluation")
    assert walk.take("trigger_evaluation", {"evaluation_trigger": "effect"})
    assert codes(walk, "evaluate") == set()
    assert codes(walk, "evaluate", {"evaluator_was_assessor": True}) == {"D39"}
    walk.facts |= {"third_party": True, "assessor": "某研究院"}
    assert codes(walk, "evaluate") == {"D77"}
    walk.facts |= {"third_party": False, "experts": [EXPERTS[0] | {"name": "某研究院", "kind": "institution"}]}
    assert codes(walk, "evaluate") == {"D77"}


def test_every_answer_that_went_well_is_of_the_procedure() -> None:
    assert set(RIGHT) <= set(MajorDecision.steps)
