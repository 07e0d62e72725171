"""地方政府规章制定 through `take`, article by article: who may, what it may be called, thirty days, the meeting, the filing."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from yifa.kernel.calendar.terms import add_months
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.models import Region
from yifa.normative.queries import warnings
from yifa.normative.tests import world as w
from yifa.participation.services import Draft, open_consultation, summarise
from yifa.participation.tests.clearing import CLEARED
from yifa.procedures import queries, take
from yifa.procedures.core import Refused
from yifa.procedures.reading import Ref

PROPOSED = {
    "title": "包头市城市绿化管理办法",
    "subject_matter": "urban",
    "purpose": "规范绿化",
    "problems": "管护不到位",
    "institutions": "绿线管理",
}
SECRECY: dict[str, Any] = {"openness": "public", "secrecy_reviewer": "赵样本", "secrecy_passed": True}


class City:
    """The government of a 设区的市: who drafts, decides and publishes; its justice bureau is the world's `superior`."""

    def __init__(self) -> None:
        self.world = w.build()
        body = w.body("1502000001", "包头市人民政府", "包政", Region.objects.get(code="150200"), kind="GOVERNMENT")
        self.drafter = w.person("王样本", body, ["officer"])
        self.chief = w.person("冯样本", body, ["head"])
        self.clerk = w.person("陈样本", body, ["discloser"])
        self.justice = self.world.superior

    def drafted(self, **changed: Any) -> Ref:
        ref = propose(self.drafter)
        self.plan(ref)
        self.draft(ref, **changed)
        return ref

    def plan(self, ref: Ref) -> None:
        w.do(ref, "plan", self.justice, assessment="必要、可行", plan_year=2026, drafting_unit="包头市样本园林局")

    def draft(self, ref: Ref, **changed: Any) -> None:
        facts = {"explanation": "说明", "cuts_rights": False, "confidential": True, **changed}
        w.do(ref, "draft", self.drafter, files=(w.file(self.drafter),), **facts)

    def submitted(self) -> Ref:
        ref = self.drafted()
        self.submit(ref)
        return ref

    def submit(self, ref: Ref) -> None:
        w.do(ref, "submit", self.chief, files=(w.file(self.chief),), submitted_by="何样本")

    def deliberate(self, ref: Ref, **changed: Any) -> None:
        facts = {"government_meeting": "standing", "passed_on": "2026-11-01", "passed": True, **changed}
        w.do(ref, "deliberate", self.chief, files=(w.file(self.chief),), **facts)

    def publish(self, ref: Ref, **changed: Any) -> None:
        facts = {**SECRECY, "published_on": timezone.localdate().isoformat(), "medium": ["gazette", "portal"], **changed}
        w.do(ref, "publish", self.clerk, files=(w.file(self.clerk),), **facts)


def propose(by: Actor, **changed: Any) -> Ref:
    return take.start("rule_making", by=by, facts={**PROPOSED, **changed}, key=uuid4()).ref


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"title": "包头市城市绿化条例"}, "不得称“条例”"),
        ({"title": "包头市城市绿化方案"}, "“规定”“办法”"),
        ({"subject_matter": "other"}, "基层治理"),
    ],
)
def test_what_a_rule_of_a_city_may_not_be(own_db: Any, changed: dict[str, Any], told: str) -> None:
    city = City()
    with pytest.raises(Refused, match=told):
        propose(city.drafter, **changed)


def test_a_banner_and_a_league_make_no_rules(own_db: Any) -> None:
    world = w.build()
    league = Region.objects.create(code="152500", name="锡林郭勒盟", parent_id="150000", level=2, league="152500")
    office = w.body("1525000001", "锡林郭勒盟行政公署", "锡署", league, kind="GOVERNMENT")
    for by in (world.drafter, w.person("白样本", office, ["officer"])):
        with pytest.raises(Refused, match="没有规章制定权"):
            propose(by)


def test_a_rule_goes_from_its_proposal_to_its_filing(own_db: Any) -> None:
    city = City()
    ref = city.submitted()
    with pytest.raises(Refused, match="由同级司法行政部门办理"):
        w.do(ref, "examine", city.chief, examined="passed", examination="合法")
    w.do(ref, "examine", city.justice, examined="returned", examination="第九条没有依据")
    with pytest.raises(Refused, match="不得提请审议"):
        city.deliberate(ref)
    city.submit(ref)
    w.do(ref, "examine", city.justice, examined="passed", examination="合法")
    for changed in ({"government_meeting": "other"}, {"passed": False}):
        with pytest.raises(Refused, match="常务会议或者全体会议决定"):
            city.deliberate(ref, **changed)
    city.deliberate(ref)
    soon = (timezone.localdate() + timedelta(days=29)).isoformat()
    w.do(ref, "sign", city.chief, signer="冯样本", order_number="包头市人民政府令第12号", effective_on=soon)
    with pytest.raises(Refused, match="三十日后施行"):
        city.publish(ref)
    with pytest.raises(Refused, match="政府公报"):
        city.publish(ref, medium=["portal"], early_reason="防汛需要")
    city.publish(ref, early_reason="汛期将至，不立即施行有碍防汛")
    (due,) = queries.due_items(city.justice)
    assert (due.step, due.due_on >= timezone.localdate() + timedelta(days=30)) == ("report", True)
    w.do(ref, "report", city.justice, files=(w.file(city.justice),), receivers=["state_council", "own_congress"])


def test_a_draft_handed_in_again_is_examined_again(own_db: Any) -> None:
    city = City()
    ref = city.submitted()
    w.do(ref, "examine", city.justice, examined="passed", examination="合法")
    city.submit(ref)
    with pytest.raises(Refused, match="应当重新办理“审查”"):
        city.deliberate(ref)


def test_what_was_made_before_its_time_is_warned_of_six_months_before_two_years_are_over(own_db: Any) -> None:
    city = City()
    day = timezone.localdate()
    for provisional in (False, True):
        ref = propose(city.drafter, provisional=provisional)
        city.plan(ref)
        city.draft(ref)
        city.submit(ref)
        w.do(ref, "examine", city.justice, examined="passed", examination="合法")
        city.deliberate(ref)
        effective = (day + timedelta(days=40)).isoformat()
        w.do(ref, "sign", city.chief, signer="冯样本", order_number="包头市人民政府令第12号", effective_on=effective)
        city.publish(ref)
        w.do(ref, "report", city.justice, files=(w.file(city.justice),), receivers=["state_council"])
    (duty,) = [each for each in queries.due_items(city.chief) if each.step == "seek_regulation"]
    assert duty.dossier == ref.code
    assert duty.due_on >= add_months(date.fromisoformat(effective), 24)
    warned = add_months(duty.due_on, -6)
    assert warnings(city.drafter, warned - timedelta(days=1)) == []
    (told,) = warnings(city.drafter, warned)
    assert (told.title, told.until, told.level) == (PROPOSED["title"], duty.due_on, "evaluate")
    assert warnings(city.world.drafter, warned) == []
    assert [each.title for each in warnings(city.justice, warned)] == [PROPOSED["title"]]
    assert "已满两年" in warnings(city.drafter, duty.due_on + timedelta(days=1))[0].words
    w.do(ref, "seek_regulation", city.chief, continuation="regulation", continuation_reason="仍需实施")
    assert warnings(city.drafter, warned) == []


def test_new_duties_need_a_higher_basis(own_db: Any) -> None:
    city = City()
    with pytest.raises(Refused, match="没有法律、行政法规、地方性法规的依据"):
        city.drafted(cuts_rights=True)
    city.drafted(cuts_rights=True, higher_basis="《内蒙古自治区城市绿化条例》第十条")


def test_the_public_has_thirty_days(own_db: Any) -> None:
    city = City()
    ref = city.drafted(confidential=False)
    with pytest.raises(Refused, match="请先发布征求意见稿"):
        w.do(ref, "consult", city.clerk)
    with pytest.raises(Refused, match="研究处理意见"):
        city.submit(ref)
    now = timezone.now()
    today = timezone.localdate()
    draft = Draft(ref.code, PROPOSED["title"], "说明", "第一条", today, today + timedelta(days=30), CLEARED)
    row = open_consultation(draft, by=city.clerk)
    w.do(ref, "consult", city.clerk)
    after = now + timedelta(days=32)
    with pytest.raises(Refused, match="30日"):
        w.do(ref, "feed_back", city.drafter)
    summarise(row.league, row.id, by=city.clerk, text="没有收到意见。", simulated=after)
    _at(after, ref, city)


def _at(moment: datetime, ref: Ref, city: City) -> None:
    with take.simulated(moment):
        w.do(ref, "feed_back", city.drafter)
        city.submit(ref)
