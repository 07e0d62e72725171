"""清理: opened over what is in force, decided document by document in two steps, and published as lists."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from yifa.normative import campaigns, standing_queries
from yifa.normative.campaigns import Plan
from yifa.normative.models import CampaignItem, Cleaning, NormativeDocument
from yifa.normative.services import RejectedError
from yifa.normative.tests import world as w
from yifa.normative.tests.test_register import made
from yifa.normative.tests.test_standing import decide, publish
from yifa.procedures import take
from yifa.procedures.core import Refused
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
    decide(world, other, "amend")
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
