"""清理: opened over what is in force, decided document by document in two steps, and published as lists."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from yifa.facts.models import Tally
from yifa.kernel.refusing import RejectedError
from yifa.normative import campaigns, standing_queries
from yifa.normative.campaigns import Plan
from yifa.normative.models import CampaignItem, Cleaning, NormativeDocument
from yifa.normative.tests import world as w
from yifa.normative.tests.test_filing_facts import counted
from yifa.normative.tests.test_making import PROPOSED, until_signed
from yifa.normative.tests.test_making import publish as publish_document
from yifa.normative.tests.test_register import made
from yifa.normative.tests.test_standing import decide, publish
from yifa.procedures import owing, take
from yifa.procedures.core import WITHDRAW, Refused
from yifa.procedures.queries import due_items
from yifa.procedures.reading import Ref

# 生态环境法典 (in force 2026-08-15) 第一千二百四十二条.
REPEAL = (
    "本法自2026年8月15日起施行。《中华人民共和国环境保护法》、《中华人民共和国环境影响评价法》、《中华人民共和国海洋环境保护法》、"
    "《中华人民共和国大气污染防治法》、《中华人民共和国水污染防治法》、《中华人民共和国土壤污染防治法》、"
    "《中华人民共和国固体废物污染环境防治法》、《中华人民共和国噪声污染防治法》、《中华人民共和国放射性污染防治法》、"
    "《中华人民共和国清洁生产促进法》同时废止。"
)
BASE = date(2026, 8, 15)


def special(world: w.World) -> campaigns.Opened:
    plan = Plan("special", "生态环境法典施行专项清理", BASE, date(2027, 2, 15), campaigns.works_in(REPEAL))
    return campaigns.open_campaign(plan, by=world.justice)


def propose(world: w.World, item: CampaignItem, proposal: str, **changed: Any) -> Ref:
    facts = {"cleanup_item": f"item-{item.pk}", "proposal": proposal, "proposal_reason": "见依据", "ground": "法典第一千二百四十二条"}
    return take.start("normative_cleanup", by=world.drafter, facts={**facts, **changed}, key=uuid4()).ref


def test_the_repealing_article_names_ten_laws() -> None:
    works = campaigns.works_in(REPEAL)
    assert (len(works), works[0], works[-1]) == (10, "中华人民共和国环境保护法", "中华人民共和国清洁生产促进法")


def test_a_special_clean_up_takes_what_cites_a_repealed_law_on_its_base_date(own_db: Any) -> None:
    world = w.build()
    made(world, "1", text="第一条 根据《大气污染防治法》第九十九条、《中华人民共和国环境保护法》，制定本办法。")
    made(world, "2", text="第一条 根据《行政处罚法》，制定本办法。")
    made(world, "3", text="第一条 根据《水污染防治法》，制定本办法。", ended_on=BASE - timedelta(days=1), ended_by="repealed")
    made(world, "4", text="")
    made(world, "5", text="第一条 根据《噪声污染防治法》，制定本办法。", openness="")
    opened = special(world)
    assert (opened.items, opened.unread) == (2, 1)
    found = {item.document_id: item.cites for item in campaigns.items(opened.campaign)}
    assert set(found) == {"GF1", "GF5"}
    assert found["GF1"] == ["《大气污染防治法》第九十九条", "《中华人民共和国环境保护法》"]
    campaigns.add(opened.campaign.id, "GF4", by=world.justice, reason="第五条依据的规定已经废止")
    for code, told in (("GF4", "已经在名单上"), ("GF3", "不是现行有效")):
        with pytest.raises(RejectedError, match=told):
            campaigns.add(opened.campaign.id, code, by=world.justice, reason="第五条")
    assert campaigns.progress(opened.campaign).waiting == 3


def test_a_periodic_clean_up_takes_everything_in_force(own_db: Any) -> None:
    world = w.build()
    made(world, "1")
    made(world, "2", text="")
    opened = campaigns.open_campaign(Plan("periodic", "2026年定期清理", BASE, date(2026, 12, 31)), by=world.justice)
    assert (opened.items, opened.unread) == (2, 0)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"title": " "}, "名称"),
        ({"deadline": BASE}, "晚于基准日"),
        ({"works": ()}, "同时废止"),
        ({"kind": "other"}, "定期清理或者专项清理"),
    ],
)
def test_a_clean_up_is_not_opened_without_its_terms(own_db: Any, changed: dict[str, Any], told: str) -> None:
    world = w.build()
    plan: dict[str, Any] = {
        "kind": "special",
        "title": "专项清理",
        "base_date": BASE,
        "deadline": date(2027, 1, 1),
        "works": ["环境保护法"],
    }
    with pytest.raises(RejectedError, match=told):
        campaigns.open_campaign(Plan(**{**plan, **changed}), by=world.justice)
    with pytest.raises(RejectedError, match="司法行政部门组织"):
        campaigns.open_campaign(Plan(**plan), by=world.drafter)


def test_a_document_is_decided_in_two_steps_and_the_lists_are_published_when_all_are(own_db: Any) -> None:
    world = w.build()
    made(world, "1", text="根据《环境保护法》")
    made(world, "2", text="根据《清洁生产促进法》")
    campaign = special(world).campaign
    first, second = campaigns.items(campaign)
    ref = propose(world, first, "keep", ground="")
    with pytest.raises(Refused, match="由同级司法行政部门办理"):
        w.do(ref, "confirm", world.chief, confirmed="keep", confirm_note="同意")
    w.do(ref, "confirm", world.justice, confirmed="repeal", confirm_note="依据已经废止")
    with pytest.raises(Refused, match="不得列入继续有效"):
        decide(world, ref, "keep")
    decide(world, ref, "repeal")
    day = timezone.localdate() + timedelta(days=5)
    publish(world, ref, ends_on=day.isoformat())
    assert NormativeDocument.objects.get(code=first.document_id).ended_on == day
    with pytest.raises(RejectedError, match="还有1份文件没有作出决定"):
        campaigns.publish(campaign.id, by=world.justice)
    assert [key for key, _ in standing_queries.cleanup_items(world.drafter.organisation)] == [f"item-{second.pk}"]
    other = propose(world, second, "amend")
    w.do(other, "confirm", world.justice, confirmed="amend", confirm_note="同意")
    with pytest.raises(Refused, match="修改完成期限"):
        decide(world, other, "amend")
    with pytest.raises(Refused, match="晚于会议日期"):
        decide(world, other, "amend", revise_by="2026-03-01")
    decide(world, other, "amend", revise_by="2027-05-31")
    campaigns.publish(campaign.id, by=world.justice)
    campaign.refresh_from_db()
    assert [(label, [row.code for row in rows]) for label, rows in campaigns.lists(campaign)] == [
        ("继续有效", []),
        ("修改", ["GF2"]),
        ("废止", ["GF1"]),
        ("宣布失效", []),
    ]
    with pytest.raises(RejectedError, match="已经公布"):
        campaigns.publish(campaign.id, by=world.justice)


def test_one_document_of_a_clean_up_has_one_case(own_db: Any) -> None:
    world = w.build()
    made(world, "1", text="根据《环境保护法》")
    (item,) = campaigns.items(special(world).campaign)
    with pytest.raises(Refused, match="应当写明依据"):
        propose(world, item, "repeal", ground="")
    propose(world, item, "repeal")
    with pytest.raises(Refused, match="不在本机关尚待清理的名单上"):
        propose(world, item, "keep")
    assert Cleaning.objects.count() == 1


def to_be_amended(world: w.World) -> tuple[campaigns.Opened, Ref]:
    """A clean-up of one document that the meeting decided to amend by the end of May."""
    made(world, "01", text="根据《环境保护法》")
    opened = special(world)
    ref = propose(world, campaigns.items(opened.campaign)[0], "amend")
    w.do(ref, "confirm", world.justice, confirmed="amend", confirm_note="同意")
    decide(world, ref, "amend", revise_by="2027-05-31")
    return opened, ref


def test_the_makers_have_a_task_until_their_last_proposal_and_the_steps_the_deadline_of_the_clean_up(own_db: Any) -> None:
    world = w.build()
    made(world, "01", text="根据《环境保护法》")
    made(world, "02", text="根据《清洁生产促进法》")
    campaign = special(world).campaign
    (task,) = owing.tasks(world.drafter)
    assert (task.title, task.what, task.due_on) == ("逐件提出清理建议", "生态环境法典施行专项清理：本机关的2份文件", date(2027, 2, 15))
    first, second = campaigns.items(campaign)
    ref = propose(world, first, "keep", ground="")
    assert len(owing.tasks(world.drafter)) == 1
    (due,) = due_items(world.justice)
    assert (due.step, due.due_on) == ("confirm", campaign.deadline)
    w.do(ref, "confirm", world.justice, confirmed="keep", confirm_note="同意")
    assert [(each.step, each.due_on) for each in due_items(world.chief)] == [("decide", campaign.deadline)]
    propose(world, second, "keep", ground="")
    assert owing.tasks(world.drafter) == []


def test_what_is_to_be_amended_is_a_task_until_the_new_document_is_published(own_db: Any) -> None:
    world = w.build()
    to_be_amended(world)
    (task,) = owing.tasks(world.drafter)
    assert (task.title, task.due_on) == ("修改文件", date(2027, 5, 31))
    assert task.url == "/desk/start/normative_making/?revises=GF01"
    assert standing_queries.revisable(world.drafter.organisation)[0][1].endswith("应于2027-05-31以前修改")
    with pytest.raises(Refused, match="本机关制定"):
        take.start("normative_making", by=world.stranger, facts={**PROPOSED, "revises": "GF01"}, key=uuid4())
    ref = until_signed(world, revises="GF01")
    assert owing.tasks(world.drafter)[0].dossier == ref.code
    w.do(ref, "unify", world.justice)
    publish_document(world, ref)
    assert owing.tasks(world.drafter) == []
    old = NormativeDocument.objects.get(code="GF01")
    assert (old.ended_on, old.ended_by) == (date(2026, 12, 1), "replaced")
    assert "养犬管理办法" in old.ending
    # Taken back, the old document stays and its revision is owed again.
    w.do(ref, WITHDRAW, world.clerk, reason="公布有误")
    old.refresh_from_db()
    assert (old.ended_on, old.ended_by) == (None, "")
    assert [row.dossier for row in owing.tasks(world.drafter)] == [ref.code]


def test_a_decision_that_amends_leaves_the_document_in_force(own_db: Any) -> None:
    world = w.build()
    to_be_amended(world)
    ref = until_signed(world, revises="GF01", title="关于修改《昆都仑区样本管理办法01》的决定")
    w.do(ref, "unify", world.justice)
    publish_document(world, ref)
    assert owing.tasks(world.drafter) == []
    assert NormativeDocument.objects.get(code="GF01").ended_on is None


def test_a_conclusion_taken_back_leaves_the_list_and_its_task(own_db: Any) -> None:
    world = w.build()
    opened, ref = to_be_amended(world)
    w.do(ref, WITHDRAW, world.chief, reason="登记有误")
    assert campaigns.progress(opened.campaign).decided == 0
    assert owing.tasks(world.drafter) == []
    decide(world, ref, "amend", revise_by="2027-06-30")
    assert [row.due_on for row in owing.tasks(world.drafter)] == [date(2027, 6, 30)]


@pytest.mark.parametrize(("kind", "metric"), [("periodic", "LAW-07"), ("special", "LAW-07.special")])
def test_conclusions_count_of_what_was_in_force_on_the_base_date(own_db: Any, kind: str, metric: str) -> None:
    world = w.build()
    made(world, "01", text="根据《环境保护法》")
    made(world, "02", text="根据《环境保护法》")
    plan = Plan(kind, "清理", BASE, date(2027, 2, 15), ["环境保护法"])
    campaign = campaigns.open_campaign(plan, by=world.justice).campaign
    assert counted() == {metric: (0, 2)}
    ref = propose(world, campaigns.items(campaign)[0], "keep", ground="")
    w.do(ref, "confirm", world.justice, confirmed="keep", confirm_note="同意")
    decide(world, ref, "keep")
    assert counted() == {metric: (1, 2)}
    assert set(Tally.objects.values_list("organisation", "month")) == {(world.drafter.organisation, "2027-02")}
    w.do(ref, WITHDRAW, world.chief, reason="登记有误")
    assert counted() == {metric: (0, 2)}
    decide(world, ref, "keep")
    assert counted() == {metric: (1, 2)}
