"""地方性法规草案 through `take`, article by article: who may, what it may say, thirty days, examination and meeting before the bill."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from yifa.documents.tests.test_pages import bare, poppler
from yifa.dossiers import queries as dossiers
from yifa.dossiers import store
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.models import Organisation, Region
from yifa.normative import case
from yifa.normative.context import NORMATIVE
from yifa.normative.procedures.regulation import RegulationDrafting
from yifa.normative.tests import world as w
from yifa.normative.tests.test_rulemaking import City
from yifa.participation.services import Draft, comment, open_consultation, reply, summarise
from yifa.participation.tests.clearing import CLEARED
from yifa.procedures import core, queries, take
from yifa.procedures.core import Done, Progress, Refused
from yifa.procedures.reading import Ref

TITLE = "包头市城市绿化条例"
PROPOSED = {"title": TITLE, "subject_matter": "urban", "purpose": "规范绿化", "problems": "管护不到位", "institutions": "绿线管理"}
DRAFTED = {
    "explanation": "说明",
    "sets_matters": ["none"],
    "reserved": False,
    "repeats_higher": False,
    "interests": False,
    "market": False,
    "confidential": True,
}
SAID: dict[str, Any] = {"necessity": "必要", "contents": "五章三十条", "constitutionality": "不涉及", "disagreements": "无"}
ASKED: dict[str, Any] = {"asked_organs": "市发展和改革委员会等十二个部门", "organs_said": "没有原则性意见", "coordination": "无"}
HEARD: dict[str, Any] = {"heard_how": "hearing", "announced_on": "2026-09-01", "heard_on": "2026-10-01", "heard": "增加听证记录中的意见"}


class Town(City):
    """The city of the tests on rules, with a reviewer and a market bureau of its own."""

    def __init__(self) -> None:
        super().__init__()
        region = Region.objects.get(code="150200")
        body = self.drafter.organisation
        self.reviewer = w.person("钱样本", _body(body), ["reviewer"])
        self.market = w.person("孔样本", w.body("1502000031", "包头市市场监督管理局", "包市监", region, sector="市场监管"), ["reviewer"])

    def planned(self, **changed: Any) -> Ref:
        ref = propose(self.drafter, **changed)
        self.planned_for(ref)
        return ref

    def planned_for(self, ref: Ref, **changed: Any) -> None:
        facts = {"plan_year": timezone.localdate().year, "finish_on": "2027-06-30", "congress_plan": "deliberate", **changed}
        w.do(ref, "plan", self.justice, assessment="必要、可行", drafting_unit="包头市样本园林局", **facts)

    def write(self, ref: Ref, reasons: Mapping[str, str] | None = None, **changed: Any) -> None:
        files = (w.file(self.drafter),)
        take.take(ref, "draft", by=self.drafter, facts={**DRAFTED, **changed}, files=files, key=uuid4(), seen_seq=None, reasons=reasons)

    def reviewed(self, **changed: Any) -> Ref:
        ref = self.planned()
        self.write(ref, **changed)
        w.do(ref, "internal_review", self.reviewer, internal_opinion="lawful")
        return ref

    def examine(self, ref: Ref, examined: str = "passed") -> take.Taken:
        return w.do(ref, "examine", self.justice, examined=examined, examination="合法，与有关规定协调。")

    def examined(self, ref: Ref) -> None:
        self.submit(ref)
        w.do(ref, "solicit", self.justice, **ASKED)
        self.examine(ref)

    def finish(self, ref: Ref) -> take.Taken:
        return w.do(ref, "finish", self.justice, files=(w.file(self.justice),), **SAID)

    def bill(self, ref: Ref) -> take.Taken:
        return w.do(ref, "bill", self.chief, files=(w.file(self.chief),), receiver="committee", signer="冯样本")

    def billed(self) -> Ref:
        ref = self.reviewed()
        self.again(ref)
        return ref

    def again(self, ref: Ref) -> None:
        self.examined(ref)
        self.finish(ref)
        self.deliberate(ref)
        self.bill(ref)

    def congress(self, ref: Ref, result: str, on: str = "2026-11-01") -> None:
        w.do(ref, "congress", self.drafter, congress_session="常委会第二十次会议", congress_on=on, congress_result=result)

    def approve(self, ref: Ref, decided: str = "approved") -> None:
        w.do(ref, "approve", self.drafter, reported_on="2026-11-05", region_approval=decided, approved_on="2026-11-12")

    def promulgate(self, ref: Ref, **changed: Any) -> None:
        facts = {"announcement": "公告第9号", "published_on": "2026-11-15", "effective_on": "2027-01-01", **changed}
        w.do(ref, "promulgate", self.drafter, files=(w.file(self.drafter),), **facts)


def _body(code: str) -> Organisation:
    return Organisation.objects.get(code=code)


def propose(by: Actor, **changed: Any) -> Ref:
    return take.start("regulation_drafting", by=by, facts={**PROPOSED, **changed}, key=uuid4()).ref


def test_a_banner_and_a_league_bring_no_regulations(own_db: Any) -> None:
    world = w.build()
    league = Region.objects.create(code="152500", name="锡林郭勒盟", parent_id="150000", level=2, league="152500")
    office = w.body("1525000001", "锡林郭勒盟行政公署", "锡署", league, kind="GOVERNMENT")
    for by in (world.drafter, w.person("白样本", office, ["officer"])):
        with pytest.raises(Refused, match="没有同级的地方性法规制定机关") as refused:
            propose(by)
        assert "《立法法》第八十条" in {str(each) for each in refused.value.findings[0].cites}


def test_a_city_keeps_to_its_four_matters_and_the_region_does_not(own_db: Any) -> None:
    town = Town()
    with pytest.raises(Refused, match="基层治理等方面的事项"):
        propose(town.drafter, subject_matter="other")
    with pytest.raises(Refused, match="法律另有规定的名称、条款"):
        propose(town.drafter, subject_matter="by_law")
    propose(town.drafter, subject_matter="by_law", matter_basis="《中华人民共和国样本法》第九条")
    region = w.body("1500000001", "内蒙古自治区人民政府", "内政", Region.objects.get(code="150000"), kind="GOVERNMENT")
    propose(w.person("苏样本", region, ["officer"]), subject_matter="other")


def test_only_governments_are_offered_to_begin(own_db: Any) -> None:
    begins = {kind: NORMATIVE.begins("regulation_drafting", {"kind": kind}) for kind in ("GOVERNMENT", "ORGAN", "TOWNSHIP")}
    assert begins == {"GOVERNMENT": True, "ORGAN": False, "TOWNSHIP": False}


def test_a_project_that_is_declined_ends(own_db: Any) -> None:
    town = Town()
    ref = propose(town.drafter)
    with pytest.raises(Refused, match="由同级司法行政部门办理"):
        w.do(ref, "decline", town.reviewer, decline_reason="条件不成熟")
    w.do(ref, "decline", town.justice, decline_reason="条件不成熟")
    with pytest.raises(Refused, match="已经“不予立项”"):
        town.planned_for(ref)


def test_the_plan_is_of_this_year_or_a_later_one(own_db: Any) -> None:
    town = Town()
    ref = propose(town.drafter)
    last = timezone.localdate().year - 1
    with pytest.raises(Refused, match=f"{last}年的计划已经执行完毕"):
        town.planned_for(ref, plan_year=last)
    town.planned_for(ref, plan_year=last + 2)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"reserved": True}, "只能制定法律"),
        ({"sets_matters": ["penalty", "custody"]}, "限制人身自由、吊销营业执照"),
        ({"sets_matters": ["execution"]}, "行政强制执行"),
        ({"sets_matters": ["registration"]}, "企业设立登记"),
        ({"repeats_higher": True}, "不作重复性规定"),
    ],
)
def test_what_a_draft_may_not_say(own_db: Any, changed: dict[str, Any], told: str) -> None:
    town = Town()
    ref = town.planned()
    with pytest.raises(Refused, match=told):
        town.write(ref, **changed)


def test_a_repetition_passes_with_its_reason(own_db: Any) -> None:
    town = Town()
    town.write(town.planned(), {"L05": "为保持条文完整"}, repeats_higher=True)


@pytest.mark.parametrize("changed", [{"sets_matters": ["penalty"]}, {"sets_matters": ["licence"]}, {"interests": True}])
def test_what_weighs_on_people_is_argued_or_heard_first(own_db: Any, changed: dict[str, Any]) -> None:
    town = Town()
    ref = town.planned()
    town.write(ref, **changed)
    with pytest.raises(Refused, match="应当先办理“论证、听证”"):
        w.do(ref, "internal_review", town.reviewer, internal_opinion="lawful")
    file = (w.file(town.drafter),)
    with pytest.raises(Refused, match="三十日前公布时间、地点"):
        w.do(ref, "hear", town.drafter, files=file, **{**HEARD, "announced_on": "2026-09-02"})
    w.do(ref, "hear", town.drafter, files=file, **HEARD)
    w.do(ref, "internal_review", town.reviewer, internal_opinion="lawful")


def test_the_market_bureau_reviews_what_touches_the_market(own_db: Any) -> None:
    town = Town()
    ref = town.reviewed(market=True)
    with pytest.raises(Refused, match="应当先办理“公平竞争审查”"):
        town.submit(ref)
    facts: dict[str, Any] = {"competition_conclusion": "fair", "competition_heard": "听取了商会意见"}
    with pytest.raises(Refused, match="由同级市场监督管理部门办理"):
        w.do(ref, "compete", town.reviewer, **facts)
    with pytest.raises(Refused, match="不得出台"):
        w.do(ref, "compete", town.market, **{**facts, "competition_conclusion": "unfair"})
    w.do(ref, "compete", town.market, **facts)
    town.submit(ref)


def test_the_drafter_does_not_review_and_a_flawed_draft_is_not_handed_in(own_db: Any) -> None:
    town = Town()
    ref = town.planned()
    town.write(ref)
    both = Actor(**{**vars(town.reviewer), "person": town.drafter.person})
    with pytest.raises(Refused, match="办理过“起草”的人员"):
        w.do(ref, "internal_review", both, internal_opinion="lawful")
    w.do(ref, "internal_review", town.reviewer, internal_opinion="changes", internal_points="第九条没有依据")
    with pytest.raises(Refused, match="修改后重新审核"):
        town.submit(ref)


def test_the_public_has_thirty_days_and_an_answer(own_db: Any) -> None:
    town = Town()
    ref = town.planned()
    town.write(ref, confidential=False)
    with pytest.raises(Refused, match="请先发布征求意见稿"):
        w.do(ref, "consult", town.clerk)
    today = timezone.localdate()
    open_consultation(
        Draft(ref.code, TITLE, "说明", "第一条", today, today + timedelta(days=29), CLEARED, shortened_reason="时间紧"), by=town.clerk
    )
    with pytest.raises(Refused, match="不少于三十日"):
        w.do(ref, "consult", town.clerk)
    row = open_consultation(
        Draft(ref.code, TITLE, "说明", "第一条", today, today + timedelta(days=31), CLEARED, contact="0472-0001001"), by=town.clerk
    )
    taken = w.do(ref, "consult", town.clerk)
    assert taken.documents[0]["title"] == "地方性法规草案公开征求意见公告"
    said = comment(row.league, row.id, text="绿地率应当写明。", clause="第一条")
    early, after = timezone.now() + timedelta(days=31), timezone.now() + timedelta(days=33)
    with take.simulated(early), pytest.raises(Refused, match="期限届满、全部意见处理完毕"):
        w.do(ref, "feed_back", town.drafter)
    with take.simulated(after), pytest.raises(Refused, match="全部意见处理完毕并公布"):
        w.do(ref, "feed_back", town.drafter)
    reply(row.league, [said.id], by=town.drafter, outcome="adopted", reason="已写明", simulated=after)
    summarise(row.league, row.id, by=town.clerk, text="共一条，采纳。", simulated=after)
    with take.simulated(after):
        w.do(ref, "feed_back", town.drafter)
        w.do(ref, "internal_review", town.reviewer, internal_opinion="lawful")


def test_a_citys_regulation_goes_from_its_proposal_to_the_archive(own_db: Any) -> None:
    town = Town()
    ref = town.reviewed()
    town.submit(ref)
    with pytest.raises(Refused, match="发送有关机关、组织和专家征求意见"):
        town.examine(ref)
    report = town.examine(ref, "returned")
    assert report.documents[0]["number"] == f"包司立审〔{timezone.localdate().year}〕1号"
    town.submit(ref)
    w.do(ref, "solicit", town.justice, **ASKED)
    with pytest.raises(Refused, match="应当重新办理“审查”"):
        town.finish(ref)
    town.examine(ref)
    with pytest.raises(Refused, match="应当先办理“形成草案和草案说明”"):
        town.deliberate(ref)
    town.finish(ref)
    with pytest.raises(Refused, match="应当先办理“政府常务会议讨论”"):
        town.bill(ref)
    for changed in ({"government_meeting": "other"}, {"passed": False}):
        with pytest.raises(Refused, match="常务会议或者全体会议讨论通过"):
            town.deliberate(ref, **changed)
    town.deliberate(ref)
    assert town.bill(ref).documents[0]["number"] == f"包政议〔{timezone.localdate().year}〕1号"
    with pytest.raises(Refused, match="应当重新办理“政府常务会议讨论”"):
        town.bill(ref)
    with pytest.raises(Refused, match="审议期间不再报送审查"):
        town.submit(ref)
    town.congress(ref, "continued")
    with pytest.raises(Refused, match="审议结果不是通过"):
        town.approve(ref)
    town.congress(ref, "adopted")
    with pytest.raises(Refused, match="应当先办理“登记批准结果”"):
        town.promulgate(ref)
    town.approve(ref)
    for changed in ({"published_on": "2026-11-11"}, {"effective_on": "2026-11-14"}):
        with pytest.raises(Refused, match="不得早于"):
            town.promulgate(ref, **changed)
    town.promulgate(ref)
    w.do(ref, "archive", town.drafter)
    found = dossiers.case(town.drafter, ref.code)
    assert found is not None
    assert found.closed_at is not None


def test_what_the_congress_returns_goes_the_whole_way_again(own_db: Any) -> None:
    town = Town()
    ref = town.billed()
    town.congress(ref, "returned")
    with pytest.raises(Refused, match="应当重新办理“报送审查”"):
        town.examine(ref)
    with pytest.raises(Refused, match="应当重新办理“形成草案和草案说明”"):
        town.deliberate(ref)
    town.again(ref)
    town.congress(ref, "adopted")


def test_a_draft_found_wanting_after_the_meeting_is_not_proposed(own_db: Any) -> None:
    town = Town()
    ref = town.reviewed()
    town.examined(ref)
    town.finish(ref)
    town.deliberate(ref)
    town.examine(ref, "returned")
    with pytest.raises(Refused, match="缓办或者退回的，不得提请审议"):
        town.bill(ref)


def test_what_the_region_does_not_approve_is_not_published(own_db: Any) -> None:
    town = Town()
    ref = town.billed()
    town.congress(ref, "adopted")
    with pytest.raises(Refused, match="没有终止，表决也没有否决"):
        w.do(ref, "terminate", town.chief, terminated_note="不再继续")
    town.approve(ref, "refused")
    with pytest.raises(Refused, match="没有批准的，不得公布"):
        town.promulgate(ref)
    w.do(ref, "terminate", town.chief, terminated_note="不予批准，退回研究")


def test_a_bill_is_withdrawn_before_the_vote_and_not_after(own_db: Any) -> None:
    town = Town()
    ref = town.billed()
    with pytest.raises(Refused, match="经主任会议同意"):
        w.do(ref, "withdraw_bill", town.chief, on_agenda="refused", withdrawn_reason="需要进一步研究")
    town.congress(ref, "adopted")
    with pytest.raises(Refused, match="已经表决的，不能撤回"):
        w.do(ref, "withdraw_bill", town.chief, on_agenda="agreed", withdrawn_reason="需要进一步研究")
    other = town.billed()
    w.do(other, "withdraw_bill", town.chief, on_agenda="before", withdrawn_reason="需要进一步研究")
    with pytest.raises(Refused, match="已经“撤回议案”"):
        town.congress(other, "adopted")


def test_the_regions_own_regulation_needs_no_approval(own_db: Any) -> None:
    facts = {"congress_result": "adopted", "congress_on": "2026-11-01", "published_on": "2026-11-03", "effective_on": "2027-01-01"}
    for level, wanted in ((1, True), (2, False)):
        register = {"organisation": {"name": "样本人民政府", "kind": "GOVERNMENT", "level": level}}
        read = case.read(facts, register, datetime(2026, 11, 4, tzinfo=UTC))
        step = RegulationDrafting.steps["approve"]
        assert core.exists(step, read) is not wanted
        found = {each.code for each in core.broken(RegulationDrafting, RegulationDrafting.steps["promulgate"], read)}
        assert ("L15" not in found) is wanted


def test_the_bill_is_on_the_chiefs_desk_alone(own_db: Any) -> None:
    town = Town()
    ref = town.reviewed()
    town.examined(ref)
    town.finish(ref)
    town.deliberate(ref)
    offered = {}
    for name, actor in (("chief", town.chief), ("drafter", town.drafter), ("justice", town.justice)):
        dossier = dossiers.case(actor, ref.code)
        assert dossier is not None
        found = queries.course(dossier, at=timezone.now())
        offered[name] = {each.step.name for each in queries.next_steps(found, actor) if not each.findings}
    assert "bill" in offered["chief"]
    assert "bill" not in offered["drafter"] | offered["justice"]


START = datetime(2026, 3, 2, tzinfo=UTC)
ANSWERS: Mapping[str, tuple[Mapping[str, Any], ...]] = {
    "examine": ({"examined": "passed"}, {"examined": "returned"}, {"examined": "postponed"}),
    "deliberate": (
        {"government_meeting": "standing", "passed": True},
        {"government_meeting": "plenary", "passed": False},
        {"government_meeting": "other", "passed": True},
    ),
    "internal_review": ({"internal_opinion": "lawful"}, {"internal_opinion": "changes"}),
    "congress": ({"congress_result": "returned"}, {"congress_result": "adopted"}, {"congress_result": "continued"}),
    "draft": ({key: frozenset(value) if isinstance(value, list) else value for key, value in DRAFTED.items()},),
    "plan": ({"plan_year": 2026},),
    "propose": ({"subject_matter": "urban", "title": TITLE},),
}
ORDER = ("propose", "plan", "draft", "internal_review", "submit", "solicit", "examine", "finish", "deliberate", "bill", "congress")
REGISTER = {"organisation": {"name": "包头市人民政府", "kind": "GOVERNMENT", "level": 2}}


# What comes next when all goes well; a draft that the congress returns is handed in again.
NEXT = {"": "propose", **dict(pairwise(ORDER)), "congress": "submit"}
# Mostly the straight way (None), and off it every so often.
TRIED = st.lists(
    st.tuples(st.one_of(st.none(), st.none(), st.sampled_from([*ORDER[4:], "terminate", "approve"])), st.integers(0, 2)),
    min_size=len(ORDER),
    max_size=60,
)


@settings(max_examples=100, deadline=None)
@given(TRIED)
def test_no_order_of_acts_reaches_the_bill_without_examination_and_meeting(tried: list[tuple[str | None, int]]) -> None:
    """Since the draft was last handed in: organs asked, examined and passed, explained, and adopted by the meeting, in this order."""
    facts: dict[str, Any] = {}
    acts: list[tuple[str, Mapping[str, Any]]] = []
    progress = Progress()
    for off, n in tried:
        name = off or next((NEXT[done] for done, _ in reversed(acts) if done in NEXT), NEXT[""])
        step, answer = RegulationDrafting.steps[name], ANSWERS.get(name, ({},))
        stated = answer[n % len(answer)] if off else answer[0]
        merged = {**facts, **stated, **step.sets}
        judged = case.read(_json(merged), REGISTER, START + timedelta(days=len(acts)))
        if [*core.blocked(RegulationDrafting, step, progress, judged), *core.broken(RegulationDrafting, step, judged)]:
            continue
        acts.append((name, stated))
        facts = merged
        moment = START + timedelta(days=len(acts))
        progress = core.fold(RegulationDrafting, (*progress.acts, Done(progress.seq + 1, name, moment, moment, "")))
        if name == "bill":
            _was_lawful(acts)


def _json(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {key: sorted(value) if isinstance(value, frozenset) else value for key, value in facts.items()}


def _was_lawful(acts: list[tuple[str, Mapping[str, Any]]]) -> None:
    handed_in = max(n for n, (name, _) in enumerate(acts) if name == "submit")
    since = acts[handed_in:-1]
    names = [name for name, _ in since]
    assert "bill" not in names
    assert {"solicit", "examine", "finish", "deliberate"} <= set(names)
    examined = [stated for name, stated in since if name == "examine"]
    assert examined[-1] == {"examined": "passed"}
    met = [stated for name, stated in since if name == "deliberate"]
    assert met[-1]["passed"]
    assert met[-1]["government_meeting"] in {"standing", "plenary"}
    first = {name: names.index(name) for name in ("solicit", "examine", "finish", "deliberate")}
    assert max(first["solicit"], first["examine"]) < first["finish"] < first["deliberate"]


def test_the_papers_say_what_the_law_wants_said(own_db: Any) -> None:
    """立法法 58 and 行政处罚法 12: what was heard is explained; what was asked of an earlier draft is not told of the next."""
    town = Town()
    ref = town.planned()
    town.write(ref, sets_matters=["penalty"], market=True)
    w.do(ref, "hear", town.drafter, files=(w.file(town.drafter),), **HEARD)
    w.do(ref, "compete", town.market, competition_conclusion="fair", competition_heard="听取了商会意见")
    w.do(ref, "internal_review", town.reviewer, internal_opinion="lawful")
    town.submit(ref)
    w.do(ref, "solicit", town.justice, **ASKED)
    assert "没有原则性意见" in printed(town.examine(ref))
    town.submit(ref)
    again = printed(town.examine(ref, "returned"))
    assert "没有原则性意见" not in again
    assert "符合审查标准" in again
    town.examined(ref)
    assert "增加听证记录中的意见" in printed(town.finish(ref))
    town.deliberate(ref)
    bill = printed(town.bill(ref))
    assert "包头市人民代表大会常务委员会：" in bill
    assert "包头市人民政府常务会议讨论通过" in bill


def printed(taken: take.Taken) -> str:
    """The text of the document an act gave, without white space."""
    return bare(poppler("pdftotext", store.path(str(taken.documents[0]["sha256"])).read_bytes()))
