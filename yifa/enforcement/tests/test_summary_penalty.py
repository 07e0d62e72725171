"""行政处罚简易程序, article by article, without a database. Each test names the article it holds to."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from yifa.enforcement.items import installed
from yifa.enforcement.procedures.summary_penalty import SummaryPenalty
from yifa.enforcement.tests.walk import ITEM, LI, UNTIL_DELIVERED, UNTIL_HEARD, WANG, Walk, officer, register
from yifa.procedures.core import RETURN, WITHDRAW, Refused, undone

ENTITY: dict[str, Any] = {
    "party_kind": "entity",
    "party": {"name": "样本公司", "identity_number": "91350100M000100Y43", "representative": "张样本"},
}


# 第五十一条: 二百元, 三千元; nothing but a warning or a fine.
@pytest.mark.parametrize(
    ("party", "fine", "allowed"), [({}, "200", True), ({}, "200.01", False), ({}, "201", False), (ENTITY, "1000", True)]
)
def test_article_51_ceiling_of_the_fine(party: dict[str, Any], fine: str, allowed: bool) -> None:
    walk = Walk().do("show_badge").do("establish", **party).do("order_correction")
    assert ("C44" in walk.codes("inform", proposed_fine=fine)) is not allowed


@pytest.mark.parametrize(("fine", "allowed"), [("3000", True), ("3001", False)])
def test_article_51_ceiling_for_a_body(fine: str, allowed: bool) -> None:
    """An item whose article goes above 3,000: the article allows it, the procedure does not."""
    walk = Walk(organisation={**register()["organisation"], "sector": ""})
    item = next(
        each
        for each in installed().values()
        if each.entity and each.entity.maximum > 3001 and each.entity.minimum <= 3000 and not each.correct_first
    )
    walk.registers["organisation"]["fields"] = [item.field]
    walk.do("show_badge", item=item.code).do("establish", **ENTITY).do("order_correction")
    assert ("C44" in walk.codes("inform", proposed_fine=fine)) is not allowed


def test_article_42_one_officer_is_refused_with_the_article() -> None:
    with pytest.raises(Refused, match=r"不得少于两人|两名以上") as refused:
        Walk(officers=[officer(LI, "李样本")]).do("show_badge", officers=[LI])
    assert any(str(cite).startswith("《行政处罚法》第四十二条") for finding in refused.value.findings for cite in finding.cites)


def test_article_42_the_same_officer_twice_is_one() -> None:
    assert "C05" in Walk(officers=[officer(LI, "李样本")]).codes("show_badge", officers=[LI, LI])


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"changes": [["2024-01-01", "ACTIVE"], ["2026-03-01", "SUSPENDED"]]}, "已暂扣"),
        ({"changes": [["2024-01-01", "ACTIVE"], ["2026-03-02", "REVOKED"]]}, "已吊销"),
        ({"expires_on": "2026-03-01"}, "届满"),
        ({"issued_on": "2026-03-03"}, "尚未发放"),
        ({"certificate": None}, "没有行政执法证"),
        ({"categories": ["税务"]}, "不含"),
    ],
)
def test_a12_a_certificate_that_is_not_valid_blocks_the_start(changed: dict[str, Any], says: str) -> None:
    findings = Walk(officers=[officer(LI, "李样本"), officer(WANG, "王样本", **changed)]).findings("show_badge")
    assert [each.code for each in findings] == ["C06"]
    assert says in findings[0].text


def test_a_certificate_suspended_tomorrow_is_valid_today() -> None:
    changed = officer(WANG, "王样本", changes=[["2024-01-01", "ACTIVE"], ["2026-03-03", "SUSPENDED"]])
    assert Walk(officers=[officer(LI, "李样本"), changed]).codes("show_badge") == set()


def test_article_43_an_interested_officer_steps_back() -> None:
    assert "C07" in Walk().codes("show_badge", no_conflict=False)


def test_article_55_without_a_recording_a_reason_is_wanted() -> None:
    with pytest.raises(Refused):
        Walk().do("show_badge", recording="off")
    assert Walk().do("show_badge", recording="off", reasons={"C08": "记录仪没电"}).progress.of("show_badge")


def test_article_17_a_body_not_announced_is_no_subject() -> None:
    for changes, says in (([], "尚未"), ([["2020-01-01", "announced"], ["2026-03-01", "suspended"]], "暂停")):
        findings = Walk(organisation={**register()["organisation"], "changes": changes}).findings("show_badge")
        assert [each.code for each in findings] == ["C01"]
        assert says in findings[0].text


def test_article_20_an_entrusted_organisation_is_no_subject() -> None:
    assert "C01" in Walk(organisation={**register()["organisation"], "kind": "ENTRUSTED"}).codes("show_badge")


def test_article_17_an_item_of_another_department_is_refused() -> None:
    assert "C02" in Walk(organisation={**register()["organisation"], "fields": ["税务"], "sector": "税务"}).codes("show_badge")


# 第三十六条 (A18): two years from the end of the violation, five where harm was done to life, health or financial security.
@pytest.mark.parametrize(
    ("ended", "endangers", "broken"),
    [
        ("2024-03-02", False, False),
        ("2024-03-01", False, True),
        ("2024-03-01", True, False),
        ("2021-05-02", True, False),
        ("2023-01-10", False, True),
    ],
)
def test_article_36_limitation(ended: str, endangers: bool, broken: bool) -> None:
    walk = Walk().do("show_badge").do("establish", violation_on=ended, endangers=endangers).do("order_correction")
    assert ("C09" in walk.codes("inform")) is broken


def test_article_36_a_continuing_act_counts_from_its_end() -> None:
    walk = Walk().do("show_badge").do("establish", violation_on="2022-01-01", ended_on="2026-03-01").do("order_correction")
    assert "C09" not in walk.codes("inform")


def test_article_36_the_head_may_go_on_with_a_reason() -> None:
    walk = Walk().do("show_badge").do("establish", violation_on="2023-01-10").do("order_correction")
    with pytest.raises(Refused):
        walk.do("inform")
    walk.do("inform", reasons={"C09": "行为处于连续状态，负责人批准"})


def test_article_29_no_second_fine_for_the_same_act() -> None:
    """A19: another body fined the same act last month; a fine is refused, another kind is not."""
    fine = {"code": "x", "number": "甲当罚〔2026〕1号", "organisation": "甲局", "on": "2026-03-02", "same_item": True}
    walk = Walk(earlier_fines=[fine]).do("show_badge").do("establish").do("order_correction")
    assert "C10" in walk.codes("inform")
    assert "C10" not in walk.codes("inform", sanctions=["警告"], proposed_fine=None)


# 第三十条 (A17).
@pytest.mark.parametrize(
    ("born", "tier", "code"),
    [("2012-03-03", "usual", "C12"), ("2012-03-02", "usual", "C12"), ("2012-03-02", "lighter", None), ("2008-03-02", "usual", None)],
)
def test_article_30_minors(born: str, tier: str, code: str | None) -> None:
    party = {"name": "张样本", "identity_kind": "passport", "identity_number": "E1", "born_on": born}
    codes = Walk().do("show_badge").do("establish", party=party).do("order_correction").codes("inform", tier=tier)
    assert (code in codes) if code else ("C12" not in codes)


def test_article_30_under_fourteen_no_tier_helps() -> None:
    party = {"name": "张样本", "identity_kind": "passport", "identity_number": "E1", "born_on": "2012-03-03"}
    walk = Walk().do("show_badge").do("establish", party=party).do("order_correction")
    assert "C12" in walk.codes("inform", tier="lighter")
    walk.do("no_penalty", ground="under_14")


def test_article_31_who_cannot_control_himself_is_not_punished() -> None:
    walk = Walk().do("show_badge").do("establish", incapable=True).do("order_correction")
    assert "C12" in walk.codes("inform")
    walk.do("no_penalty", ground="incapable")


def test_article_32_a_mitigating_fact_binds_the_tier() -> None:
    walk = Walk().do("show_badge").do("establish", mitigating=["removed"]).do("order_correction")
    assert "C13" in walk.codes("inform", tier="usual")
    assert walk.codes("inform", tier="lighter") == set()


def test_article_33_a_minor_corrected_act_is_not_punished() -> None:
    walk = Walk().do("show_badge").do("establish", minor=True).do("order_correction")
    assert "C14" in walk.codes("inform")
    assert walk.do("no_penalty").progress.ended_by == "no_penalty"


def test_article_33_no_penalty_wants_education() -> None:
    walk = Walk().do("show_badge").do("establish", minor=True)
    assert "填写" in walk.codes("no_penalty", education=None)


def test_article_33_a_ground_must_agree_with_the_facts() -> None:
    assert "C14" in Walk().do("show_badge").do("establish").codes("no_penalty", ground="minor")


def test_article_40_no_evidence_no_penalty() -> None:
    walk = Walk().do("show_badge")
    walk.facts["evidence_count"] = 0
    assert "C16" in walk.codes("establish")


# 第四十四条、第六十二条 (C19).
@pytest.mark.parametrize("left_out", ["content", "facts", "reasons", "basis", "rights"])
def test_article_44_everything_must_be_told(left_out: str) -> None:
    told = [each for each in ("content", "facts", "reasons", "basis", "rights") if each != left_out]
    assert "C19" in Walk().to("show_badge", "establish", "order_correction").codes("inform", told=told)


@pytest.mark.parametrize("skipped", ["show_badge", "establish", "inform", "hear"])
def test_no_decision_before_every_step_of_the_statute(skipped: str) -> None:
    """Articles 52, 40, 44, 45: whatever is left out, the decision is refused."""
    walk = Walk()
    for name in UNTIL_HEARD:
        if name != skipped and not walk.findings(name):
            walk.do(name)
    with pytest.raises(Refused, match="应当先办理"):
        walk.do("decide")


def test_article_45_a_defence_is_reviewed_and_never_makes_it_worse() -> None:
    walk = Walk().to("show_badge", "establish", "order_correction").do("inform", proposed_fine="100")
    assert "填写" in walk.codes("hear", statement="defence", statement_text="不知情", review=None)
    walk.do("hear", statement="defence", statement_text="不知情", review="不成立")
    assert "C23" in walk.codes("decide", fine="101")
    assert walk.codes("decide", fine="50") == set()


# 第四条、第三十四条 (C31): within the article.
def test_fine_above_the_article_is_refused() -> None:
    walk = Walk().do("show_badge").do("establish", **ENTITY).do("order_correction")
    assert walk.codes("inform", proposed_fine="1000") == set()
    assert walk.codes("inform", proposed_fine="1001") == {"C31"}


def test_a_kind_the_article_does_not_know_is_refused() -> None:
    assert "C31" in Walk().to("show_badge", "establish", "order_correction").codes("inform", sanctions=["警告"], proposed_fine=None)


@pytest.mark.parametrize(
    ("joint", "sanctions", "allowed"),
    [
        ("并处", ["警告", "罚款"], True),
        ("并处", ["警告"], False),
        ("可以并处", ["警告"], True),
        ("可以并处", ["罚款"], False),
        ("或者", ["警告"], True),
        ("或者", ["警告", "罚款"], False),
    ],
)
def test_warning_and_fine_go_together_as_the_article_says(joint: str, sanctions: list[str], allowed: bool) -> None:
    item = next(each for each in installed().values() if each.citizen and each.citizen.joint == joint and not each.correct_first)
    walk = Walk(organisation={**register()["organisation"], "fields": [item.field]})
    walk.do("show_badge", item=item.code).to("establish", "order_correction")
    says = [each.text for each in walk.findings("inform", sanctions=sanctions, proposed_fine="200" if "罚款" in sanctions else None)]
    assert any("所选的处罚种类不符" in text for text in says) is not allowed


def test_article_52_refusal_to_sign_must_be_noted() -> None:
    walk = Walk().to(*UNTIL_HEARD)
    assert "C38" in walk.codes("decide", party_signature=None)
    assert walk.codes("decide", party_signature=None, refusal_note="当事人拒绝签收，见证人王某") == set()


def test_article_23_of_the_reconsideration_law_wants_the_reviewing_organ() -> None:
    assert "C37" in Walk(reviewing={"name": "", "address": "", "phone": ""}).to(*UNTIL_HEARD).codes("decide")


def test_article_28_without_an_order_to_correct_a_reason_is_wanted() -> None:
    walk = Walk().to("show_badge", "establish", "inform", "hear")
    assert "C34" in walk.codes("decide")
    walk.do("decide", reasons={"C34": "当事人已经当场改正"})


# Terms: 第五十二条、第六十七条、第七十一条、第八十五条.
def test_terms_after_delivery() -> None:
    assert Walk().to(*UNTIL_DELIVERED).due() == {"file": date(2026, 3, 9), "publish": date(2026, 3, 11), "pay": date(2026, 3, 17)}


def test_a06_publication_over_the_national_day_holiday() -> None:
    walk = Walk()
    walk.at = walk.at.replace(year=2025, month=9, day=29)
    walk.to(*UNTIL_DELIVERED, found_on="2025-09-29", violation_on="2025-09-29")
    assert walk.due()["publish"] == date(2025, 10, 15)


def test_article_71_two_working_days_each() -> None:
    walk = Walk().to(*UNTIL_DELIVERED[:3]).do("inform", proposed_fine="100").to("hear", "decide", "deliver").do("collect")
    assert walk.due()["hand_in"] == date(2026, 3, 4)
    walk.do("hand_in")
    assert walk.due()["bank"] == date(2026, 3, 4)


def test_article_71_on_the_water_the_term_runs_from_landing() -> None:
    walk = (
        Walk()
        .to(*UNTIL_DELIVERED[:3])
        .do("inform", proposed_fine="100")
        .to("hear", "decide", "deliver")
        .do("collect", landed_on="2026-03-05")
    )
    assert walk.due()["hand_in"] == date(2026, 3, 9)


# 第六十八条、第六十九条、第七十条.
@pytest.mark.parametrize(
    ("fine", "ground", "asked", "allowed"),
    [
        ("100", "small", None, True),
        ("101", "small", None, False),
        ("200", "hard", None, True),
        ("200", "remote", False, False),
        ("200", "remote", True, True),
    ],
)
def test_articles_68_and_69_collecting_on_the_spot(fine: str, ground: str, asked: bool | None, allowed: bool) -> None:
    walk = Walk().to(*UNTIL_DELIVERED[:3]).do("inform", proposed_fine=fine).to("hear", "decide", "deliver")
    assert ("C41" in walk.codes("collect", collect_ground=ground, party_asked=asked, paid=fine)) is not allowed


def test_article_70_no_receipt_no_collection() -> None:
    walk = Walk().to(*UNTIL_DELIVERED[:3]).do("inform", proposed_fine="100").to("hear", "decide", "deliver")
    assert "填写" in walk.codes("collect", receipt=None)


def test_collecting_on_the_spot_replaces_paying_at_the_bank() -> None:
    walk = Walk().to(*UNTIL_DELIVERED[:3]).do("inform", proposed_fine="100").to("hear", "decide", "deliver").do("collect")
    with pytest.raises(Refused, match="不再办理“缴纳罚款”"):
        walk.do("pay", paid="100")


def test_a_warning_is_never_paid_and_closes_without_payment() -> None:
    walk = _warned()
    assert "pay" not in walk.due()
    with pytest.raises(Refused, match="本案没有罚款"):
        walk.do("pay")
    assert walk.do("file").do("close").progress.ended_by == "close"


def _warned() -> Walk:
    item = next(each for each in installed().values() if each.citizen and "警告" in each.citizen.kinds and not each.correct_first)
    walk = Walk(organisation={**register()["organisation"], "fields": [item.field]})
    walk.do("show_badge", item=item.code).to("establish", "order_correction").do("inform", sanctions=["警告"], proposed_fine=None)
    return walk.to("hear", "decide", "deliver")


def test_a_fined_case_closes_only_when_paid_and_filed() -> None:
    walk = Walk().to(*UNTIL_DELIVERED)
    for name in ("file", "pay"):
        with pytest.raises(Refused, match="应当先办理"):
            walk.do("close")
        walk.do(name)
    assert walk.do("close").progress.ended_by == "close"


def test_publication_outlives_the_closing() -> None:
    walk = Walk().to(*UNTIL_DELIVERED, "file", "pay", "close")
    assert set(walk.due()) == {"publish"}
    assert walk.do("publish").due() == {}


def test_what_is_not_public_is_never_due_for_publication() -> None:
    walk = Walk().to(*UNTIL_HEARD).do("decide", public=False, unpublished="N1").do("deliver")
    assert "publish" not in walk.due()


def test_a_case_too_heavy_leaves_as_a_lead() -> None:
    walk = Walk().to("show_badge", "establish")
    assert "C44" in walk.codes("inform", proposed_fine="500")
    assert walk.do("escalate").progress.ended_by == "escalate"
    with pytest.raises(Refused, match="本案已经"):
        walk.do("inform")


@pytest.mark.parametrize("name", ["no_penalty", "escalate", "order_correction"])
def test_after_the_decision_the_side_exits_are_closed(name: str) -> None:
    """A penalty once decided cannot become no penalty, nor a lead: only 补正, reconsideration or annulment touch it."""
    walk = Walk().to("show_badge", "establish", "inform", "hear").do("decide", reasons={"C34": "已当场改正"})
    with pytest.raises(Refused, match="已经办理“作出当场处罚决定”"):
        walk.do(name)


def test_a_document_once_given_is_not_undone() -> None:
    """C47: 退回 and 撤回 stop at a document; 补正 goes on."""
    walk = Walk().to(*UNTIL_HEARD, "decide")
    assert undone(SummaryPenalty, RETURN, {"seq": 5}, walk.progress, LI)[1][0].code == "C47"
    assert undone(SummaryPenalty, WITHDRAW, {}, walk.progress, LI)[1][0].code == "C47"
    assert walk.codes("correct") == set()
    before = Walk().to("show_badge", "establish")
    assert undone(SummaryPenalty, WITHDRAW, {}, before.progress, LI) == (2, [])
    assert undone(SummaryPenalty, WITHDRAW, {}, before.progress, WANG)[0] is None


@pytest.mark.parametrize(
    ("name", "answers", "field"),
    [
        ("inform", {"proposed_fine": "十元"}, "proposed_fine"),
        ("inform", {"proposed_fine": "0.001"}, "proposed_fine"),
        ("inform", {"proposed_fine": 1.5}, "proposed_fine"),
        ("inform", {"tier": "没有的"}, "tier"),
        ("establish", {"violation_on": "2026-02-30"}, "violation_on"),
        ("establish", {"party": {"name": "张样本", "identity_number": "110105194912310021"}}, "party"),
        (
            "establish",
            {"party": {"name": "张样本", "identity_kind": "passport", "identity_number": "E1", "born_on": "2026-03-03"}},
            "party",
        ),
        (
            "establish",
            {**ENTITY, "party": {"name": "样本公司", "identity_number": "91350100M000100Y44", "representative": "张样本"}},
            "party",
        ),
        ("establish", {"description": "有\x07铃"}, "description"),
        ("establish", {"unasked": "x"}, "unasked"),
    ],
)
def test_bad_input_names_its_field(name: str, answers: dict[str, Any], field: str) -> None:
    walk = Walk().do("show_badge")
    if name == "inform":
        walk.to("establish", "order_correction")
    findings = walk.findings(name, **answers)
    assert field in {each.field for each in findings}
    assert all(each.text for each in findings)


def test_time_passes_but_the_fold_is_the_same() -> None:
    walk = Walk().to(*UNTIL_DELIVERED)
    walk.at += timedelta(days=400)
    assert [each.step for each in walk.progress.acts] == list(UNTIL_DELIVERED)
    assert walk.facts["item"] == ITEM


# The order of the statute: no step before the one it follows.
@pytest.mark.parametrize(
    ("step", "before"),
    [
        ("establish", "show_badge"),
        ("order_correction", "establish"),
        ("inform", "establish"),
        ("hear", "inform"),
        ("decide", "hear"),
        ("deliver", "decide"),
        ("address", "establish"),
        ("file", "deliver"),
        ("publish", "decide"),
        ("pay", "deliver"),
        ("collect", "deliver"),
        ("hand_in", "collect"),
        ("bank", "hand_in"),
        ("correct", "decide"),
        ("close", "file"),
        ("no_penalty", "establish"),
        ("escalate", "establish"),
    ],
)
def test_no_step_before_the_one_it_follows(step: str, before: str) -> None:
    needed = f"应当先办理“{SummaryPenalty.step(before).title}”"
    assert any(each.code == "程序" and needed in each.text for each in Walk().findings(step))


@pytest.mark.parametrize(("born", "broken"), [("2008-03-03", True), ("2008-03-02", False)])
def test_article_30_a_minor_until_the_eighteenth_birthday(born: str, broken: bool) -> None:
    party = {"name": "张样本", "identity_kind": "passport", "identity_number": "E1", "born_on": born}
    walk = Walk().do("show_badge").do("establish", party=party).do("order_correction")
    assert ("C12" in walk.codes("inform", tier="usual")) is broken


@pytest.mark.parametrize(("paid", "broken"), [("100", True), ("200", False), ("201", True)])
def test_article_67_what_is_paid_is_the_fine(paid: str, broken: bool) -> None:
    assert ("C41" in Walk().to(*UNTIL_DELIVERED).codes("pay", paid=paid)) is broken


def test_article_52_the_decision_is_delivered_on_the_spot() -> None:
    walk = Walk().to(*UNTIL_HEARD, "decide")
    assert walk.due()["deliver"] == date(2026, 3, 2)
