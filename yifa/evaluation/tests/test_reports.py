"""Reports: planned, frozen at a place in the record, decided by another person; and who may do what on the desk."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from yifa.enforcement.context import ENFORCEMENT
from yifa.enforcement.tests import world as w
from yifa.evaluation import following, services
from yifa.evaluation.models import Report
from yifa.evaluation.queries import Period, year_before
from yifa.evaluation.services import Plan
from yifa.evaluation.tests import world
from yifa.evaluation.tests.test_uses import DECIDED, follow
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.models import Person
from yifa.kernel.refusing import RejectedError

PLAN = "目的、范围、方法和人员都写在这里。"


@pytest.fixture
def people(own_db: Any) -> list[Actor]:
    world_ = w.build()
    world.library()
    w.walk(world_, *DECIDED)
    follow()
    found = [world.person(name, "assessor") for name in ("钱样本", "郑样本")]
    services.propose_enforceable(on=timezone.localdate())
    services.decide_enforceable(["行政处罚法"], state="confirmed", by=found[0])
    return found


def begun(by: Actor) -> Report:
    return services.open_report(Plan("行政处罚法", "样本评估", PLAN, Period(*year_before(timezone.localdate()), "150203")), by=by)


def frozen(row: Report, by: Actor) -> Report:
    return services.freeze_report(
        row.pk, findings="使用集中在简易程序条文。", suggestions="加强宣传。", expert=80, by=by, contexts=(ENFORCEMENT,)
    )


def test_a_report_freezes_its_figures_with_their_place_in_the_record(people: list[Actor]) -> None:
    row = frozen(begun(people[0]), people[0])
    assert row.position == following.position()
    assert row.snapshot["usage"]["events"] == {"decision": 1}
    assert row.snapshot["usage"]["articles"]["t51"] == 1
    assert row.snapshot["effect"]["why_not"].startswith("行为不足5件")
    assert row.method["effect"]["e1"] == "0.25"
    assert services.proves(Report.objects.get(pk=row.pk))
    with connection.cursor() as cursor:
        cursor.execute("SELECT step FROM ledger_entry WHERE chain = %s ORDER BY seq", [f"evaluation:{row.pk}"])
        assert [step for (step,) in cursor.fetchall()] == ["open", "freeze"]
    Report.objects.filter(pk=row.pk).update(findings="一切都好，没有任何问题。")
    assert not services.proves(Report.objects.get(pk=row.pk))


def test_a_report_is_decided_once_by_another_person_after_it_is_frozen(people: list[Actor]) -> None:
    writer, other = people
    row = begun(writer)
    with pytest.raises(RejectedError, match="先封存"):
        services.decide_report(row.pk, adopted="adopted", reason="同意", by=other)
    frozen(row, writer)
    with pytest.raises(RejectedError, match="已经封存"):
        frozen(row, writer)
    with pytest.raises(RejectedError, match="起草人"):
        services.decide_report(row.pk, adopted="adopted", reason="同意", by=writer)
    with pytest.raises(RejectedError, match="理由"):
        services.decide_report(row.pk, adopted="adopted", reason="", by=other)
    assert services.decide_report(row.pk, adopted="partly", reason="先作宣传", by=other).state == "decided"
    with pytest.raises(RejectedError, match="不能更改"):
        services.decide_report(row.pk, adopted="adopted", reason="同意", by=other)


def test_another_body_neither_freezes_nor_decides(people: list[Actor]) -> None:
    row = begun(people[0])
    stranger = world.person("褚样本", "assessor", body="1502030091")
    with pytest.raises(RejectedError):
        frozen(row, stranger)
    frozen(row, people[0])
    with pytest.raises(RejectedError):
        services.decide_report(row.pk, adopted="adopted", reason="同意", by=stranger)


@pytest.mark.parametrize(
    ("plan", "why"),
    [(Plan("没有的法", "样本评估", PLAN, Period("2026-01", "2026-02", "150203")), "没有"),
     (Plan("行政处罚法", "样", PLAN, Period("2026-01", "2026-02", "150203")), "题目"),
     (Plan("行政处罚法", "样本评估", "短", Period("2026-01", "2026-02", "150203")), "评估方案")],
)  # fmt: skip
def test_a_report_wants_a_law_a_title_and_a_plan(people: list[Actor], plan: Plan, why: str) -> None:
    with pytest.raises(RejectedError, match=why):
        services.open_report(plan, by=people[0])


def signed_in(actor: Actor) -> Client:
    client = Client()
    client.force_login(Person.objects.get(pk=actor.person), backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session["people.post"], session["people.factor"] = actor.post, True
    session.save()
    return client


def test_the_pages_show_the_rate_the_heat_map_and_the_acts(people: list[Actor]) -> None:
    client = signed_in(people[0])
    shown = client.get("/evaluation/")
    assert "使用率 100%" in shown.content.decode()
    assert "不进入任何考核得分" in shown.content.decode()
    work = client.get("/evaluation/works/行政处罚法/?article=t51")
    cells = {cell.key: cell for cell in work.context["cells"]}
    assert (cells["t51"].n, cells["t51"].shade) == (1, "heat-1")
    assert (cells["t1"].n, cells["t1"].shade) == (0, "heat-0")
    assert cells["t77"].asleep
    assert "未接入" in work.content.decode()
    assert work.context["acts"].hidden + work.context["acts"].readable == 1
    assert client.get("/evaluation/works/没有的法/").status_code == 404
    assert client.get("/evaluation/?region=150207").status_code == 404
    assert client.get("/evaluation/?first=2026-13").status_code == 404
    assert client.get("/evaluation/works/行政处罚法/?article=x'").status_code == 404
    assert "第77条" in client.get("/evaluation/asleep/").content.decode()


def test_a_head_reads_and_does_not_confirm(people: list[Actor]) -> None:
    client = signed_in(world.person("卫样本", "head"))
    assert client.get("/evaluation/enforceable/?state=proposed").status_code == 200
    assert client.post("/evaluation/enforceable/", {"act": "confirmed", "work": "动物防疫法"}).status_code == 403
    assert client.post("/evaluation/questions/1/pass/").status_code == 403


def test_a_report_goes_over_the_desk_from_plan_to_decision(people: list[Actor]) -> None:
    writer, decider = (signed_in(each) for each in people)
    first, last = year_before(timezone.localdate())
    made = writer.post("/evaluation/reports/new/", {"work": "行政处罚法", "title": "样本评估", "plan": PLAN, "first": first, "last": last})
    address = made.headers["Location"]
    assert "起草中" in writer.get(address).content.decode()
    told = {"findings": "<script>alert(1)</script>使用集中。", "suggestions": "加强宣传。", "expert": "101"}
    assert writer.post(f"{address}freeze/", told).status_code == 422
    assert writer.post(f"{address}freeze/", {**told, "expert": "80"}).status_code == 302
    assert "<script>alert(1)" not in writer.get(address).content.decode()
    assert writer.post(f"{address}decide/", {"adopted": "adopted", "reason": "同意"}).status_code == 422
    assert decider.post(f"{address}decide/", {"adopted": "adopted", "reason": "同意"}).status_code == 302
    assert "采纳" in decider.get(address).content.decode()
