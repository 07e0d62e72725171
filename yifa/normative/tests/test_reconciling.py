"""查漏补缺: an issued list against the register; what was left out is added and counts backwards."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from yifa.facts.models import Fact
from yifa.facts.tests.following import follow_all
from yifa.kernel.people.models import Notice
from yifa.kernel.refusing import RejectedError
from yifa.normative import monthly, reconciling, services
from yifa.normative.models import IssuedLine, IssuedList, NormativeDocument
from yifa.normative.reconciling import Dates
from yifa.normative.tests import world as w
from yifa.normative.tests.test_register import made
from yifa.procedures import owing
from yifa.site.contexts import CONTEXTS

LINES = (
    "文号,标题,发文日期",
    "包昆政发[2025]1,昆都仑区样本管理办法1,2025-01-01",
    "包昆政办发〔2025〕7号,昆都仑区户外广告设施设置管理的办法,2025-03-01",
    "包昆政发〔2025〕30号,昆都仑区社区养老服务补贴办法,2025年5月6日",
    "包昆政发〔2025〕31号,关于表彰2025年度先进集体的决定,2025-05-08",
)
TABLE = "\n".join(LINES).encode("gb18030")


def upload(world: w.World, **changed: Any) -> dict[str, IssuedLine]:
    facts = {
        "organisation": world.drafter.organisation,
        "since": date(2025, 1, 1),
        "until": date(2025, 12, 31),
        "by": world.drafter,
        **changed,
    }
    made(world, "1")
    made(world, "2", title="昆都仑区户外广告设施设置管理办法")
    row = reconciling.upload(TABLE, "发文目录.csv", **facts)
    return {line.finding: line for line in reconciling.lines(row)}


def test_a_line_is_found_by_its_number_then_by_its_title(own_db: Any) -> None:
    world = w.build()
    found = upload(world)
    rows = [(line.row, line.finding, line.document_id) for line in IssuedLine.objects.order_by("row")]
    assert rows == [(2, "registered", "GF1"), (3, "similar", "GF2"), (4, "missing", None), (5, "missing", None)]
    assert found["similar"].issued_on == date(2025, 3, 1)
    with pytest.raises(RejectedError, match="已经核对过"):
        reconciling.upload(
            TABLE, "目录.csv", organisation=world.drafter.organisation, since=date(2025, 1, 1), until=date(2025, 12, 31), by=world.drafter
        )


def test_only_ones_own_list_or_that_of_ones_territory(own_db: Any) -> None:
    world = w.build()
    with pytest.raises(RejectedError, match="只能核对本机关"):
        upload(world, by=world.stranger)
    assert IssuedList.objects.count() == 0


def test_what_was_left_out_is_added_with_its_reason_and_counts_backwards(own_db: Any) -> None:
    world = w.build()
    upload(world)
    missing, award = IssuedLine.objects.filter(finding="missing").order_by("row")
    dates = Dates(date(2025, 5, 6), date(2025, 5, 8), date(2025, 6, 1))
    with pytest.raises(RejectedError, match="认定由司法行政部门作出"):
        reconciling.decide(missing.pk, by=world.drafter, finding="added", reason="应当登记", dates=dates)
    for reason, finding, told in (("", "added", "理由"), ("应当登记", "added", "成文日期"), ("是", "registered", "理由")):
        with pytest.raises(RejectedError, match=told):
            reconciling.decide(missing.pk, by=world.justice, finding=finding, reason=reason)
    line = reconciling.decide(missing.pk, by=world.justice, finding="added", reason="具备全部要件", dates=dates)
    row = NormativeDocument.objects.get(code=line.document_id)
    assert (row.source, row.number, row.file_by, row.openness) == ("found", "包昆政发〔2025〕30号", date(2025, 5, 23), "")
    reconciling.decide(award.pk, by=world.justice, finding="not_normative", reason="表彰决定，属于排除情形")
    with pytest.raises(RejectedError, match="已经有结论"):
        reconciling.decide(award.pk, by=world.justice, finding="added", reason="再认定", dates=dates)
    similar = IssuedLine.objects.get(finding="similar")
    reconciling.decide(similar.pk, by=world.justice, finding="registered", reason="同一文件，目录文号有误")
    follow_all(CONTEXTS)
    fact = Fact.objects.get(metric="LAW-01")
    assert (fact.numerator, fact.denominator, fact.month, fact.organisation) == (0, 1, "2025-05", world.drafter.organisation)


def test_its_maker_hands_in_what_was_found_once(own_db: Any) -> None:
    world = w.build()
    made(world, "1", source="found")
    with pytest.raises(RejectedError, match="由制定机关报送"):
        services.hand_in("GF1", by=world.justice)
    services.hand_in("GF1", by=world.drafter)
    with pytest.raises(RejectedError, match="已经于"):
        services.hand_in("GF1", by=world.drafter)
    made(world, "2", source="made")
    with pytest.raises(RejectedError, match="制定案卷"):
        services.hand_in("GF2", by=world.drafter)


def test_each_known_maker_is_asked_once_a_month_until_its_list_covers_the_month(own_db: Any) -> None:
    world = w.build()
    made(world, "01")
    day, at = date(2026, 11, 3), timezone.now()
    assert [monthly.ask(day, at=at), monthly.ask(day, at=at)] == [1, 0]
    (task,) = owing.tasks(world.reviewer)
    assert [each.organisation_id for each in monthly.missing(world.justice)] == [world.drafter.organisation]
    assert monthly.missing(world.drafter) == []
    assert (task.what, task.due_on, owing.tasks(world.drafter)) == ("2026年10月发文目录同登记簿核对（查漏补缺）", date(2026, 11, 30), [])
    assert sorted(Notice.objects.values_list("person__name", "title")) == [
        ("赵样本", "请核对2026年10月发文目录"),
        ("钱样本", "请核对2026年10月发文目录"),
    ]
    table = "文号,名称\n包昆政发〔2026〕1号,样本办法\n".encode()
    for since, open_tasks in ((date(2026, 10, 2), 1), (date(2026, 10, 1), 0)):
        table += b"\n"
        reconciling.upload(
            table, "x.csv", organisation=world.drafter.organisation, since=since, until=date(2026, 10, 31), by=world.reviewer
        )
        assert len(owing.tasks(world.reviewer)) == open_tasks
    assert monthly.ask(day, at=at) == 0
    assert monthly.ask(date(2026, 12, 1), at=at) == 1
