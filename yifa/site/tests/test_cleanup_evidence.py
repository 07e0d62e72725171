"""From an evaluation report to a clean-up: the record is the only bridge between the two rooms; and from a repeal to a special clean-up."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from yifa.enforcement.context import ENFORCEMENT
from yifa.evaluation import services as evaluation
from yifa.evaluation.models import Report
from yifa.evaluation.queries import Period, year_before
from yifa.evaluation.services import Plan
from yifa.evaluation.tests import world as evaluated
from yifa.facts.models import Tally
from yifa.facts.tests.following import follow_all
from yifa.kernel.people.models import Person
from yifa.kernel.refusing import RejectedError
from yifa.laws.models import ChangeEvent, Work
from yifa.laws.repealing import repeal_of
from yifa.normative import campaigns, evidence
from yifa.normative.context import NORMATIVE
from yifa.normative.tests import world as w
from yifa.normative.tests.test_cleanup import BASE
from yifa.normative.tests.test_register import made

PLAN = "目的、范围、方法和人员都写在这里。"


def signed_in(person: str) -> Client:
    client = Client()
    client.force_login(Person.objects.get(pk=person), backend="django.contrib.auth.backends.ModelBackend")
    return client


def report(world: w.World) -> Report:
    """A draft on 《动物防疫法》 by the justice bureau."""
    evaluated.library()
    evaluation.propose_enforceable(on=timezone.localdate())
    evaluation.decide_enforceable(["动物防疫法"], state="confirmed", by=world.justice)
    period = Period(*year_before(timezone.localdate()), "150203")
    return evaluation.open_report(Plan("动物防疫法", "动物防疫法实施评估", PLAN, period), by=world.justice)


def freeze(row: Report, world: w.World) -> None:
    findings, suggestions = "罚则三年没有使用，原因如下。", "修改依据它的文件第五条。"
    evaluation.freeze_report(row.pk, findings=findings, suggestions=suggestions, expert=None, by=world.justice, contexts=(ENFORCEMENT,))


def test_a_report_is_put_to_documents_of_a_clean_up_once_it_is_frozen(own_db: Any) -> None:
    world = w.build()
    made(world, "01", text="第一条 根据《动物防疫法》第三十条，制定本办法。")
    made(world, "02", text="第一条 根据《行政处罚法》，制定本办法。")
    row = report(world)
    campaign = campaigns.open_campaign(
        campaigns.Plan("special", "专项清理", BASE, date(2027, 2, 15), ["行政处罚法"]), by=world.justice
    ).campaign
    with pytest.raises(RejectedError, match="封存以后"):
        evidence.attach(campaign.id, row.pk, ["GF01"], by=world.justice)
    freeze(row, world)
    found = evidence.found(row.pk, league=w.LEAGUE)
    assert found is not None
    assert (found.work, found.asleep, found.words) == ("中华人民共和国动物防疫法", ("t92", "t93"), "沉睡条款2条")
    given = [(each.document.code, each.is_listed, each.cites) for each in evidence.candidates(campaign, found, by=world.justice)]
    assert given == [("GF01", False, True), ("GF02", True, False)]
    page = f"/desk/normative/evidence/{row.pk}/"
    client = signed_in(world.justice.person)
    shown = client.get(page).content.decode()
    assert "尚未列入，选中即列入" in shown
    answer = client.post(page, {"campaign": str(campaign.id), "document": ["GF01"]})
    assert answer.status_code == 302
    client.post(page, {"campaign": str(campaign.id), "document": ["GF01"]})  # the same again is one act
    listed = client.get(f"/desk/normative/cleanups/{campaign.id}/").content.decode()
    assert listed.count(f"/evaluation/reports/{row.pk}/") == 1
    assert "沉睡条款2条" in listed
    assert f"/desk/normative/evidence/{row.pk}/" in client.get(f"/evaluation/reports/{row.pk}/").content.decode()
    with connection.cursor() as cursor:
        cursor.execute("SELECT step FROM ledger_entry WHERE chain = %s ORDER BY seq", [f"campaign:{campaign.id}"])
        assert [step for (step,) in cursor.fetchall()] == ["open", "add", "attach"]
    assert signed_in(world.stranger.person).post(page, {"campaign": str(campaign.id), "document": ["GF01"]}).status_code == 422
    assert client.get(f"/desk/normative/evidence/{uuid4()}/").status_code == 404


def test_a_planned_evaluation_counts_and_is_complete_only_with_three_figures(own_db: Any) -> None:
    world = w.build()
    row = report(world)
    follow_all([NORMATIVE])
    assert [(each.organisation, each.numerator, each.denominator) for each in Tally.objects.filter(metric="LAW-22")] == [
        (world.justice.organisation, 0, 1)
    ]
    freeze(row, world)
    follow_all([NORMATIVE])
    (found,) = Tally.objects.filter(metric="LAW-22")
    assert (found.numerator, found.denominator, found.month) == (0, 1, row.last)


def test_a_repeal_begins_a_special_clean_up_over_all_that_it_ended(own_db: Any) -> None:
    world = w.build()
    slugs = ["大气污染防治法", "水污染防治法", "生态环境法典", "城乡规划法"]
    works = {
        slug: Work.objects.create(slug=slug, title=f"中华人民共和国{slug}", type="FL", form="法律", level="国家", sort_key=slug)
        for slug in slugs
    }
    for slug, state in (("大气污染防治法", "confirmed"), ("水污染防治法", "stated"), ("城乡规划法", "proposed")):
        ChangeEvent.objects.create(
            work=works[slug], kind="废止", on=BASE, instrument_work=works["生态环境法典"], state=state, source="样本", instrument="法典"
        )
    found = repeal_of("大气污染防治法")
    assert found is not None
    assert (found.instrument, found.on) == ("中华人民共和国生态环境法典", BASE)
    assert list(found.titles) == ["中华人民共和国大气污染防治法", "中华人民共和国水污染防治法"]
    assert repeal_of("城乡规划法") is None
    made(world, "01", text="根据《水污染防治法》第九条，制定本办法。")
    client = signed_in(world.justice.person)
    shown = client.get("/desk/normative/cleanups/?law=大气污染防治法").content.decode()
    assert "《中华人民共和国生态环境法典》施行专项清理" in shown
    assert "中华人民共和国大气污染防治法\n中华人民共和国水污染防治法</textarea>" in shown
    assert 'value="2026-08-15"' in shown
    sent = {"kind": "special", "title": "专项清理", "base_date": "2026-08-15", "deadline": "2027-02-15", "works": "\n".join(found.titles)}
    assert client.post("/desk/normative/cleanups/", sent).status_code == 302
    (campaign,) = campaigns.of_reader(world.justice)
    assert [item.document_id for item in campaigns.items(campaign)] == ["GF01"]
