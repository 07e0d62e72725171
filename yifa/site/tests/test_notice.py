"""A new holiday notice moves the deadlines that run, on the page as in the record."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.messages.storage.fallback import FallbackStorage
from django.db import connection
from django.test import RequestFactory

from yifa.enforcement.context import ENFORCEMENT
from yifa.enforcement.tests import world as w
from yifa.facts import queries as facts
from yifa.facts.queries import Where
from yifa.facts.tests.following import follow_all
from yifa.kernel.calendar import queries
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.models import Person
from yifa.procedures.models import Obligation
from yifa.site import notice

UNTIL_DELIVERED = ("establish", "order_correction", "inform", "hear", "decide", "deliver")


def post(actor: Actor, **stated: str) -> Any:
    request = RequestFactory().post("/calendar/enter/", stated)
    request.user = Person.objects.get(pk=UUID(actor.person))
    request.session = {}  # type: ignore[assignment]  # messages need only somewhere to write
    request.actor = actor  # type: ignore[attr-defined]  # as ActorMiddleware sets it
    request._messages = FallbackStorage(request)  # type: ignore[attr-defined]  # as its middleware does
    return notice.enter(request)


def test_a_notice_moves_what_runs_and_the_figures_with_it(own_db: object) -> None:
    world = w.build()
    w.walk(world, *UNTIL_DELIVERED)
    # As if the decision had been made before a New Year that nobody has announced yet.
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procedures_obligation SET start_on = '2026-12-24', due_on = '2027-01-04', provisional = true WHERE step = 'publish'"
        )
    admin = replace(world.head, roles=frozenset({"admin_system"}))
    days = "2026-12-26 班 元旦\n2027-01-01 休 元旦\n\n2027-01-02 休 元旦\n2027-01-03 休 元旦"
    stated = {"year": "2027", "title": "关于2027年部分节假日安排的通知", "published_on": "2026-11-30", "days": days}
    assert post(admin, **stated).status_code == 302
    publish = Obligation.objects.get(step="publish")
    # Seven working days after 12月24日: 25, the 调休 Saturday 26, 28, 29, 30, 31, and 1月4日 after the holiday.
    assert (publish.due_on, publish.provisional) == (date(2027, 1, 4), False)
    assert any("2026年12月26日(周六)为调休上班日" in line for line in publish.derivation)
    assert queries.calendar(queries.current_stamp()).announced(2027)
    days = days.replace("2026-12-26 班 元旦\n", "")
    assert post(admin, **{**stated, "days": days}).status_code == 302
    assert Obligation.objects.get(step="publish").due_on == date(2027, 1, 5)
    follow_all([ENFORCEMENT])
    assert facts.sums(Where("2000-01", "2999-12"))["M12"].denominator == 1


def test_a_line_that_cannot_be_read_is_named_and_nothing_is_entered(own_db: object) -> None:
    world = w.build()
    admin = replace(world.head, roles=frozenset({"admin_system"}))
    answer = post(admin, year="2027", title="通知", published_on="2026-11-30", days="2027-01-01 休 元旦\n2027-13-01 休 元旦")
    assert answer.status_code == 422
    assert "第2行" in answer.content.decode()
    assert not queries.read().announced(2027)


def test_only_the_system_administrator_enters_notices(own_db: object) -> None:
    world = w.build()
    assert post(world.head, year="2027").status_code == 403
