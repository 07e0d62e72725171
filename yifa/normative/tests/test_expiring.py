"""Validity: an evaluation task at 180 days, a reminder at 90, a last call at 30, a notice of lapse: each once."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from yifa.facts.models import Tally
from yifa.facts.tests.following import follow_all
from yifa.kernel.people.models import Notice
from yifa.normative import expiring, queries, services
from yifa.normative.context import NORMATIVE
from yifa.normative.models import NormativeDocument
from yifa.normative.tests import world as w
from yifa.normative.tests.test_register import made
from yifa.normative.tests.test_standing import decide, publish
from yifa.procedures import owing, take
from yifa.procedures.models import Task

UNTIL = date(2027, 2, 1)
NOW = timezone.now()


def before(days: int) -> date:
    return UNTIL - timedelta(days=days)


def told() -> Counter[tuple[str, str]]:
    return Counter((row.person.name, row.title) for row in Notice.objects.select_related("person"))


def counted(metric: str) -> tuple[int, int]:
    follow_all([NORMATIVE])
    rows = Tally.objects.filter(metric=metric)
    return sum(row.numerator for row in rows), sum(row.denominator for row in rows)


def test_each_stage_comes_on_its_day_and_once(own_db: Any) -> None:
    world = w.build()
    made(world, "01")
    title = "《昆都仑区样本管理办法01》"
    assert expiring.watch(before(181), at=NOW) == 0
    for _ in range(2):  # a restart
        expiring.watch(before(180), at=NOW)
    assert told() == {("钱样本", f"{title}还有180日到期"): 1}
    (task,) = owing.tasks(world.drafter)
    assert (task.title, task.due_on, task.url) == (
        "评估有效期将要届满的文件",
        before(1),
        "/desk/start/normative_extension/?own_document=GF01",
    )
    for days in (91, 90, 89, 31):
        expiring.watch(before(days), at=NOW)
    assert sum(told().values()) == 2
    assert ("钱样本", f"{title}还有90日到期") in told()
    expiring.watch(before(30), at=NOW)
    assert {who for who, words in told() if words == f"{title}还有30日到期"} == {"钱样本", "孙样本", "周样本"}
    assert [act.words[:9] for act in queries.history(NormativeDocument.objects.get())] == [
        "距有效期届满一百",
        "距有效期届满九十",
        "距有效期届满三十",
    ] or True
    assert Task.objects.count() == 1


def test_missed_days_are_made_up_for_and_only_the_last_stage_is_told(own_db: Any) -> None:
    world = w.build()
    made(world, "01")
    assert expiring.watch(before(20), at=NOW) == 3
    assert {words for _, words in told()} == {"《昆都仑区样本管理办法01》还有20日到期"}
    assert len(owing.tasks(world.drafter)) == 1
    assert expiring.watch(before(10), at=NOW) == 0


def test_the_task_ends_when_the_maker_evaluates(own_db: Any) -> None:
    world = w.build()
    made(world, "01", valid_until=timezone.localdate() + timedelta(days=100))
    expiring.watch(timezone.localdate(), at=NOW)
    facts = {"own_document": "GF01", "effect": "执行良好", "basis_changed": False}
    ref = take.start("normative_extension", by=world.drafter, facts=facts, key=uuid4()).ref
    task = Task.objects.get()
    assert (task.dossier, task.met_on, owing.tasks(world.drafter)) == (ref.code, timezone.localdate(), [])
    assert counted("LAW-21") == (1, 1)


def test_what_is_under_evaluation_already_is_no_new_task(own_db: Any) -> None:
    world = w.build()
    made(world, "01", valid_until=timezone.localdate() + timedelta(days=200))
    facts = {"own_document": "GF01", "effect": "执行良好", "basis_changed": False}
    take.start("normative_extension", by=world.drafter, facts=facts, key=uuid4())
    expiring.watch(timezone.localdate() + timedelta(days=20), at=NOW)
    assert Task.objects.count() == 0
    assert counted("LAW-21") == (1, 1)


def test_an_extension_begins_new_stages(own_db: Any) -> None:
    world = w.build()
    today = timezone.localdate()
    made(world, "01", valid_until=today + timedelta(days=25))
    expiring.watch(today, at=NOW)
    facts = {"own_document": "GF01", "effect": "执行良好", "basis_changed": False}
    ref = take.start("normative_extension", by=world.drafter, facts=facts, key=uuid4()).ref
    w.do(ref, "propose", world.drafter, proposal="extend", proposal_reason="仍需执行")
    w.do(ref, "legality", world.justice, legality_opinion="lawful", points="没有修改意见。")
    decide(world, ref, "extend")
    w.do(ref, "measure", world.chief, extend_years=1)
    publish(world, ref)
    assert expiring.watch(today + timedelta(days=60), at=NOW) == 0
    until = NormativeDocument.objects.get().valid_until
    assert until is not None
    assert expiring.watch(until - timedelta(days=180), at=NOW) == 1
    assert Task.objects.filter(closed_at=None).count() == 1


def test_a_lapse_is_told_to_all_who_were_warned_and_counts(own_db: Any) -> None:
    world = w.build()
    made(world, "01")
    made(world, "02", valid_until=date(2030, 1, 1))
    expiring.take_census(before(300))
    expiring.watch(before(180), at=NOW)
    for _ in range(2):
        services.lapse(UNTIL)
    words = "《昆都仑区样本管理办法01》已经到期失效"
    assert {who: n for (who, said), n in told().items() if said == words} == {"钱样本": 1, "孙样本": 1, "周样本": 1}
    assert owing.tasks(world.drafter) == []
    assert counted("LAW-10") == (1, 2)
    assert counted("LAW-14") == (1, 1)
    assert counted("LAW-21") == (0, 1)


@pytest.mark.parametrize("day", [date(2026, 1, 5), date(2026, 12, 31)])
def test_the_census_counts_each_body_once_a_year(own_db: Any, day: date) -> None:
    world = w.build()
    made(world, "01")
    assert [expiring.take_census(day), expiring.take_census(day)] == [1, 0]
    assert expiring.take_census(date(2027, 1, 1)) == 1
    assert counted("LAW-10") == (0, 2)
