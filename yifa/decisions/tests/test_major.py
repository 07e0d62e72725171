"""A matter from its proposal to its archive, through `take`; and what the regulation refuses on the way, article by article."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from yifa.decisions.models import Begun, CatalogueItem
from yifa.decisions.tests import world as w
from yifa.documents.models import Document
from yifa.dossiers.models import Dossier
from yifa.participation.models import Consultation
from yifa.procedures.core import Refused
from yifa.procedures.models import Obligation
from yifa.procedures.reading import Ref

pytestmark = pytest.mark.usefixtures("own_db")


def refused(call: Any) -> str:
    with pytest.raises(Refused) as told:
        call()
    return str(told.value)


def test_a_matter_goes_from_its_proposal_to_its_archive() -> None:
    world = w.build()
    ref = w.carried_to_the_end(world)
    dossier = Dossier.objects.get(code=ref.code)
    assert (dossier.status, dossier.closed_at is None) == ("close", False)
    titles = set(Document.objects.filter(dossier=ref.code).values_list("title", flat=True))
    assert titles >= {
        "重大行政决策启动通知书",
        "重大行政决策合法性审查意见书",
        "重大行政决策集体讨论会议纪要",
        "重大行政决策公布稿",
        "重大行政决策归档目录",
    }
    assert CatalogueItem.objects.get().dossier == ref.code
    assert not Obligation.objects.filter(dossier=ref.code, closed_seq=None).exists()


def test_a_matter_outside_the_catalogue_is_not_begun() -> None:
    """第三条第三款."""
    world = w.build()
    ref = w.propose(world)
    told = refused(lambda: w.do(ref, "enter", world.office, {"catalogue_item": "00000000-0000-0000-0000-000000000000"}))
    assert "目录" in told
    assert "列入决策事项目录" in refused(lambda: w.do(ref, "start", world.mayor, {}, files=1))


def test_a_line_of_the_catalogue_is_begun_once() -> None:
    world = w.build()
    item = w.listed(world)
    first, second = w.propose(world), w.propose(world)
    w.do(first, "enter", world.office, {"catalogue_item": str(item.id)})
    assert "已经有案卷" in refused(lambda: w.do(second, "enter", world.office, {"catalogue_item": str(item.id)}))


def test_two_who_begin_the_same_line_at_once_do_not_both_get_it() -> None:
    """Both read the line as free; the database lets one through and the other is told."""
    world = w.build()
    item = w.listed(world)
    refs = [w.propose(world) for _ in range(2)]
    ready = Barrier(2)

    def enter(ref: Ref) -> str:
        ready.wait()
        try:
            w.do(ref, "enter", world.office, {"catalogue_item": str(item.id)})
        except Refused as told:
            return str(told)
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(2) as pool:
        told = sorted(pool.map(enter, refs))
    assert told[0] == ""
    assert "已经有案卷" in told[1]
    assert [row.dossier for row in Begun.objects.all()] == [CatalogueItem.objects.get().dossier]


def test_two_undertakers_need_a_lead() -> None:
    """第十一条."""
    world = w.build()
    ref = w.propose(world)
    w.do(ref, "enter", world.office, {"catalogue_item": str(w.listed(world).id)})
    stated = {
        "start_form": "meeting",
        "undertakers": [{"name": "住建局"}, {"name": "财政局"}],
        "responsible": "李样本",
        "timetable": "年内",
    }
    assert "牵头" in refused(lambda: w.do(ref, "start", world.mayor, stated, files=1))
    w.do(ref, "start", world.mayor, {**stated, "lead": "住建局"}, files=1)


def test_only_the_government_starts_and_decides() -> None:
    world = w.build()
    ref = w.propose(world)
    w.do(ref, "enter", world.office, {"catalogue_item": str(w.listed(world).id)})
    refused(lambda: w.do(ref, "start", world.drafter, {}, files=1))


def test_a_short_consultation_needs_a_reason_said_in_the_notice() -> None:
    """第十五条第一款."""
    world = w.build()
    ref = w.begun(world)
    w.consulted(world, ref, days=29, reason="汛期将至，情况紧急")
    stated = {"media": ["portal"], "with_draft": True, "with_explanation": True}
    Consultation.objects.update(shortened_reason="")
    assert "不少于30日" in refused(lambda: w.do(ref, "consult", world.clerk, stated))
    Consultation.objects.update(shortened_reason="汛期将至，情况紧急")
    w.do(ref, "consult", world.clerk, stated)


def test_opinions_are_not_worked_off_before_the_period_is_over() -> None:
    world = w.build()
    ref = w.begun(world)
    w.consulted(world, ref)
    w.do(ref, "consult", world.clerk, {"media": ["portal"], "with_draft": True, "with_explanation": True})
    Consultation.objects.update(closes_on=w.today())
    assert "还没有届满" in refused(lambda: w.do(ref, "feed_back", world.drafter, {"classified": 2}))
    Consultation.objects.update(closes_on=w.today() - timedelta(days=1))
    w.do(ref, "feed_back", world.drafter, {"classified": 2})


def test_a_draft_replaced_while_the_public_is_asked_starts_the_period_anew() -> None:
    """第十五条第一款: what the public was asked about is what goes on."""
    world = w.build()
    ref = w.begun(world)
    w.consulted(world, ref)
    w.do(ref, "consult", world.clerk, {"media": ["portal"], "with_draft": True, "with_explanation": True})
    w.do(ref, "draft", world.drafter, w.drafted(), files=1)
    running = {"opens_on": w.today() - timedelta(days=20), "closes_on": w.today() + timedelta(days=10)}
    Consultation.objects.update(**running, status="open", summarised_at=None)
    why = refused(lambda: w.do(ref, "feed_back", world.drafter, {"classified": 2}))
    assert "请发布新一轮征求意见稿" in why
    w.consulted(world, ref)
    assert list(Consultation.objects.order_by("round").values_list("status", flat=True)) == ["replaced", "summarised"]
    w.do(ref, "feed_back", world.drafter, {"classified": 4})


def test_a_branch_is_owed_until_the_justice_bureau_confirms_that_it_does_not_apply() -> None:
    world = w.build()
    ref = w.begun(world)
    w.heard(world, ref)
    told = refused(lambda: w.do(ref, "submit_review", world.drafter, {"review_materials": ["draft", "basis", "procedure"]}, files=1))
    assert "论证意见" in told
    assert "复评" not in told
    assert "风险评估" in told
    w.exempted(world, ref)
    w.do(ref, "submit_review", world.drafter, {"review_materials": ["draft", "basis", "procedure"]}, files=1)


def test_what_the_plan_says_is_due_cannot_be_exempted() -> None:
    """第十九条: a technical matter is argued by experts."""
    world = w.build()
    ref = w.propose(world)
    w.do(ref, "enter", world.office, {"catalogue_item": str(w.listed(world).id)})
    w.do(
        ref,
        "start",
        world.mayor,
        {"start_form": "meeting", "undertakers": [{"name": "住建局"}], "responsible": "李", "timetable": "年内"},
        files=1,
    )
    drafting = {
        "research": [{"way": "走访", "on": w.day(), "people": 4}],
        "basis": [{"law": "某规划"}],
        "disputed": False,
        "alternatives": 1,
    }
    w.do(ref, "draft", world.drafter, drafting, files=1)
    w.do(ref, "plan_participation", world.drafter, w.PLAN | {"technical": True, "expert_fields": [{"field": "热力工程"}]})
    asked = [{"template": "T12", "ground": "not_technical", "reason": "简单"}]
    assert "专业性" in refused(lambda: w.do(ref, "exempt", world.drafter, {"exemptions": asked}, files=1))


def test_nobody_confirms_what_was_not_asked() -> None:
    world = w.build()
    ref = w.begun(world)
    w.do(ref, "exempt", world.drafter, {"exemptions": [{"template": "T05", "ground": "not_concerned", "reason": "无"}]}, files=1)
    refused(lambda: w.do(ref, "confirm_exemptions", world.reviewer, {"exempted": ["T05", "T15"]}))
    w.do(ref, "confirm_exemptions", world.reviewer, {"exempted": ["T05"]})


@pytest.mark.parametrize("legality", ["unlawful"])
def test_a_draft_found_unlawful_does_not_reach_the_meeting(legality: str) -> None:
    """第二十五条第二款, red line R2."""
    world = w.build()
    ref = w.begun(world)
    w.exempted(world, ref)
    w.heard(world, ref)
    w.reviewed(world, ref, legality=legality)
    w.do(ref, "handle_review", world.drafter, {})
    told = refused(lambda: w.do(ref, "prepare_meeting", world.drafter, {"meeting_materials": ["draft", "public", "legality"]}, files=1))
    assert "不得提交决策机关讨论" in told
    assert "先" in refused(lambda: w.do(ref, "deliberate", world.mayor, w.meeting(), files=1))


def test_an_unlawful_draft_is_mended_and_reviewed_again() -> None:
    world = w.build()
    ref = w.begun(world)
    w.exempted(world, ref)
    w.heard(world, ref)
    w.reviewed(world, ref, legality="unlawful")
    w.do(ref, "submit_review", world.drafter, {"review_materials": ["draft", "basis", "procedure"]}, files=1)
    told = refused(lambda: w.do(ref, "handle_review", world.drafter, {}))
    assert "合法性审查" in told
    w.do(ref, "accept_review", world.reviewer, {})
    w.do(ref, "review", world.reviewer, w.REVIEW)
    w.do(ref, "handle_review", world.drafter, {})
    w.do(ref, "prepare_meeting", world.drafter, {"meeting_materials": ["draft", "public", "legality"]}, files=1)


def test_an_exploratory_reform_goes_on_with_its_risks_told() -> None:
    world = w.build()
    ref = w.begun(world)
    w.exempted(world, ref)
    w.heard(world, ref)
    refused(lambda: w.reviewed(world, ref, legality="exploratory"))
    w.do(ref, "review", world.reviewer, w.REVIEW | {"legality": "exploratory", "review_risks": "国家尚无规定，可能被变更"})
    w.do(ref, "handle_review", world.drafter, {})
    w.do(ref, "prepare_meeting", world.drafter, {"meeting_materials": ["draft", "public", "legality"]}, files=1)


def ready_for_the_meeting(world: w.World) -> Any:
    ref = w.begun(world)
    w.exempted(world, ref)
    w.heard(world, ref)
    w.reviewed(world, ref)
    w.do(ref, "handle_review", world.drafter, {})
    w.do(ref, "prepare_meeting", world.drafter, {"meeting_materials": ["draft", "public", "legality"]}, files=1)
    return ref


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"meeting": "other"}, "常务会议或者全体会议"),
        ({"present": 4}, "过半数"),
        ({"speeches": w.speeches(head_place=1)}, "最后发表意见"),
        ({"meeting_on": w.day(-1)}, "早于审查完成日期"),
        ({"departs": True, "departs_reason": None}, "理由"),
        ({"speeches": w.speeches(deputy="against")}, "同意1人，不同意和保留意见2人"),
    ],
)
def test_the_meeting_is_held_as_the_regulation_says(changed: dict[str, Any], told: str) -> None:
    """第三十条, 第二十五条."""
    world = w.build()
    ref = ready_for_the_meeting(world)
    assert told in refused(lambda: w.do(ref, "deliberate", world.mayor, w.meeting(**changed), files=1))
    w.do(ref, "deliberate", world.mayor, w.meeting(), files=1)


def test_nothing_is_decided_that_the_meeting_did_not_adopt() -> None:
    world = w.build()
    ref = ready_for_the_meeting(world)
    w.do(ref, "deliberate", world.mayor, w.meeting(outcome="revise"), files=1)
    deciding = {"decided_on": w.day(), "decision_number": "包昆政发〔2026〕12号"}
    assert "讨论结果不是通过" in refused(lambda: w.do(ref, "decide", world.mayor, deciding, files=1))
    w.do(ref, "deliberate", world.mayor, w.meeting(), files=1)
    w.do(ref, "decide", world.mayor, deciding, files=1)
    assert Obligation.objects.filter(dossier=ref.code, step="publish", closed_seq=None).exists()


def test_a_risk_is_graded_on_its_scale() -> None:
    """第二十三条第二款: probability and effect from one to five; a grade below their product makes a person look again."""
    world = w.build()
    ref = w.begun(world)
    w.exempted(world, ref, tuple(key for key in w.EXEMPT if key not in ("T15", "T16")))

    def told(**changed: Any) -> str:
        stated = {**w.RISK, "risks": [{**w.RISK["risks"][0], **changed}]}
        return refused(lambda: w.do(ref, "assess_risk", world.drafter, stated, files=1))

    assert "不能小于零" in told(probability=-1)
    for wrong in (0, 6):
        assert "按1至5填写" in told(probability=wrong)
        assert "按1至5填写" in told(effect=wrong)
    assert "停暖" in told(level="low")
    w.do(ref, "assess_risk", world.drafter, w.RISK, files=1)


def test_uncontrollable_risk_stops_the_matter_until_the_draft_is_changed_and_assessed_again() -> None:
    """第二十四条, red line R4."""
    world = w.build()
    ref = w.begun(world)
    w.exempted(world, ref, tuple(key for key in w.EXEMPT if key not in ("T15", "T16")))
    w.heard(world, ref)
    w.do(ref, "assess_risk", world.drafter, {**w.RISK, "controllable": "uncontrollable"}, files=1)
    submitting = {"review_materials": ["draft", "basis", "procedure", "risk"]}
    assert "复评" in refused(lambda: w.do(ref, "submit_review", world.drafter, submitting, files=1))
    w.do(ref, "reassess_risk", world.drafter, {"risk_changes": "改在夏季施工", "reassessed": "uncontrollable"}, files=1)
    w.do(ref, "submit_review", world.drafter, submitting, files=1)
    w.do(ref, "accept_review", world.reviewer, {})
    w.do(ref, "review", world.reviewer, w.REVIEW)
    w.do(ref, "handle_review", world.drafter, {})
    package = {"meeting_materials": ["draft", "public", "risk", "legality"]}
    assert "风险可控" in refused(lambda: w.do(ref, "prepare_meeting", world.drafter, package, files=1))
    w.do(ref, "reassess_risk", world.drafter, {"risk_changes": "备用热源到位", "reassessed": "controllable"}, files=1)
    w.do(ref, "prepare_meeting", world.drafter, package, files=1)


def test_a_supervisor_presses_and_the_body_answers_in_five_working_days() -> None:
    """第八条第二款."""
    world = w.build()
    ref = w.begun(world)
    w.do(ref, "supervise", world.supervisor, {"supervised_point": "S2", "supervised_for": "尽快公开征求意见"})
    assert Obligation.objects.filter(dossier=ref.code, step="answer_supervision", closed_seq=None).count() == 1
    w.do(ref, "answer_supervision", world.drafter, {"supervision_answer": "已发布"})
    assert not Obligation.objects.filter(dossier=ref.code, step="answer_supervision", closed_seq=None).exists()


def test_leaving_the_catalogue_takes_the_same_approvals_and_ends_the_matter() -> None:
    world = w.build()
    ref = w.begun(world)
    leaving = {
        "removal_reason": "规划调整",
        "removal_party_number": "昆党〔2026〕9号",
        "removal_party_on": w.day(),
        "removal_published_on": w.day(),
    } | w.PUBLIC
    w.do(ref, "withdraw_matter", world.mayor, leaving)
    (given,) = Document.objects.filter(dossier=ref.code, form="decision_removal")
    assert given.organisation_id == world.mayor.organisation
    item = CatalogueItem.objects.get()
    assert (item.status, item.removal_number) == ("removed", "昆党〔2026〕9号")
    assert Dossier.objects.get(code=ref.code).closed_at is not None


def test_a_stranger_does_nothing_in_the_matter() -> None:
    world = w.build()
    ref = w.begun(world)
    for step in ("exempt", "confirm_exemptions", "consult", "withdraw_matter", "supervise"):
        refused(lambda step=step: w.do(ref, step, world.stranger, {}))
