"""Deadlines are told of at four fifths of their time and at their end, each once; tasks stand on the desk until they are met."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django.core import mail
from django.test import Client
from django.utils import timezone

from yifa.kernel.people.models import Notice, Person
from yifa.normative.tests import world as w
from yifa.normative.tests.test_making import until_submitted
from yifa.procedures import owing, reminding
from yifa.procedures.models import Obligation, Task
from yifa.procedures.owing import Owed
from yifa.procedures.reading import Ref

NOW = timezone.now()


def told() -> list[tuple[str, str]]:
    """(who, title) in the order in which they were told."""
    return [(row.person.name, row.title) for row in Notice.objects.order_by("id").select_related("person")]


def running(own_db: Any) -> tuple[w.World, Obligation]:
    """A document waits for 合法性审核 at the justice bureau: a term of ten days, by hand, so that fifths are whole."""
    world = w.build()
    ref = until_submitted(world)
    row = Obligation.objects.get(dossier=ref.code, closed_seq=None)
    day = date(2026, 3, 2)
    Obligation.objects.filter(dossier=ref.code, step=row.step, n=row.n).update(start_on=day, due_on=day + timedelta(days=10))
    return world, Obligation.objects.get(dossier=ref.code, closed_seq=None)


def test_nothing_is_told_before_four_fifths_of_the_time(own_db: Any) -> None:
    _, row = running(own_db)
    assert reminding.remind(row.start_on + timedelta(days=7), at=NOW) == 0
    assert told() == []


def test_the_holder_is_told_once_at_four_fifths_and_once_at_the_end(own_db: Any) -> None:
    _, row = running(own_db)
    for _ in range(2):  # a restart tells nobody twice
        reminding.remind(row.start_on + timedelta(days=8), at=NOW)
    assert told() == [("周样本", "“合法性审核”还有2日到期")]
    for day in (10, 11):
        reminding.remind(row.start_on + timedelta(days=day), at=NOW)
    assert told()[1:] == [("周样本", "“合法性审核”今天到期")]
    assert Notice.objects.order_by("id")[0].url == f"/desk/cases/{row.dossier}/"


def test_after_days_without_a_worker_only_the_last_stage_is_told(own_db: Any) -> None:
    _, row = running(own_db)
    assert reminding.remind(row.due_on + timedelta(days=3), at=NOW) == 1
    assert told() == [("周样本", "“合法性审核”已逾期3日")]


def test_what_is_done_is_not_told_of(own_db: Any) -> None:
    world, row = running(own_db)
    w.do(Ref(row.league, row.dossier), "legality", world.justice, legality_opinion="lawful", points="无")
    assert reminding.remind(row.due_on, at=NOW) == 0


def test_a_person_who_gave_an_address_is_written_to(own_db: Any, mailoutbox: list[Any]) -> None:
    _, row = running(own_db)
    Person.objects.filter(name="周样本").update(email="zhou@example.org")
    reminding.remind(row.due_on, at=NOW)
    assert [(each.to, each.subject) for each in mail.outbox] == [(["zhou@example.org"], "“合法性审核”今天到期")]


def owed(world: w.World, **changed: Any) -> Owed:
    given: dict[str, Any] = {
        "key": f"test:{uuid4()}",
        "kind": "test",
        "subject": "GF1",
        "league": w.LEAGUE,
        "organisation": world.drafter.organisation,
        "region": world.drafter.region,
        "title": "修改文件",
        "what": "《样本办法》",
        "roles": ("officer",),
        "url": "/desk/start/normative_making/",
        "action": "立项",
        "source": "normative:GF1",
        "start_on": date(2026, 3, 2),
        "due_on": date(2026, 3, 12),
    }
    return Owed(**{**given, **changed})


def test_a_task_is_opened_once_and_stands_on_the_desk_of_its_roles(own_db: Any) -> None:
    world = w.build()
    task = owed(world)
    assert [owing.open_task(task, at=NOW), owing.open_task(task, at=NOW)] == [True, False]
    assert [row.title for row in owing.tasks(world.drafter)] == ["修改文件"]
    assert owing.tasks(world.chief) == owing.tasks(world.stranger) == []
    assert owing.end("test", "GF1", at=NOW, met_on=date(2026, 3, 5)) == 1
    assert owing.tasks(world.drafter) == []


def test_a_task_is_told_of_like_a_deadline_and_its_head_when_it_is_overdue(own_db: Any) -> None:
    world = w.build()
    owing.open_task(owed(world), at=NOW)
    owing.open_task(owed(world, is_silent=True), at=NOW)
    reminding.remind(date(2026, 3, 10), at=NOW)
    assert told() == [("李样本", "“修改文件”还有2日到期")]
    reminding.remind(date(2026, 3, 13), at=NOW)
    assert told()[1:] == [("李样本", "“修改文件”已逾期1日"), ("孙样本", "“修改文件”已逾期1日")]
    assert set(Task.objects.values_list("told", flat=True)) == {owing.RED}


def test_a_task_is_the_first_thing_on_an_empty_desk_and_leads_on_to_its_case(own_db: Any) -> None:
    world = w.build()
    owing.open_task(owed(world), at=NOW)
    client = Client()
    client.force_login(Person.objects.get(pk=world.drafter.person), backend="django.contrib.auth.backends.ModelBackend")
    shown = client.get("/desk/").content.decode()
    assert "修改文件" in shown
    assert 'href="/desk/start/normative_making/"' in shown
    Task.objects.update(dossier="1502030001-21-2026-000001-1")
    assert 'href="/desk/cases/1502030001-21-2026-000001-1/"' in client.get("/desk/").content.decode()
