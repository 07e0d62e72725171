"""The time of the legality review (第二十六条第二款): its page says the first day, an earlier opinion gives its reason, none is refused."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.test import Client
from django.utils import timezone

from yifa.decisions import marking
from yifa.decisions.tests import world as w
from yifa.kernel.calendar.queries import calendar
from yifa.kernel.ledger.models import Payload
from yifa.kernel.people.models import Person
from yifa.procedures.core import Refused
from yifa.procedures.reading import Ref

pytestmark = pytest.mark.usefixtures("own_db")


def accepted(world: w.World) -> Ref:
    ref = w.begun(world)
    w.exempted(world, ref)
    w.heard(world, ref)
    w.do(ref, "submit_review", world.drafter, {"review_materials": ["draft", "basis", "procedure", "public"]}, files=1)
    w.do(ref, "accept_review", world.reviewer, {})
    return ref


def seventh(day: date) -> date:
    for _ in range(7):
        day = calendar().next_workday(day)
    return day


def said(day: date) -> str:
    return f"起一般不少于7个工作日，最早{day.year}年{day.month}月{day.day}日"


def test_the_first_day_is_told_and_an_earlier_opinion_gives_its_reason() -> None:
    world = w.build()
    ref = accepted(world)
    first = seventh(timezone.localdate())
    browser = Client()
    browser.force_login(Person.objects.get(pk=world.reviewer.person))
    for address in (f"/desk/cases/{ref.code}/do/review/", f"/desk/cases/{ref.code}/"):
        assert said(first) in browser.get(address).content.decode(), address
    with pytest.raises(Refused) as told:
        w.do(ref, "review", world.reviewer, w.REVIEW, reasons={})
    assert [(each.code, each.severity, str(each.cites[1])) for each in told.value.findings] == [
        ("EARLY", "warn", "《重大行政决策程序暂行条例》第二十六条第二款")
    ]
    assert said(first) in str(told.value)
    taken = w.do(ref, "review", world.reviewer, w.REVIEW, reasons={"EARLY": "防汛抢险，急需决定"})
    kept = json.loads(Payload.objects.get(chain=ref.code, seq=taken.seq, side="closed").payload or "")
    assert kept["reasons"] == {"EARLY": "防汛抢险，急需决定"}
    # Each review keeps its own conclusion: a red line asks for that of the day of the meeting.
    w.do(ref, "review", world.reviewer, w.REVIEW | {"legality": "unlawful", "review_points": [{"point": "超越权限"}]})
    ((matter, _),) = marking.scores([ref])
    assert [act.legality for act in matter.acts if act.step == "review"] == ["lawful", "unlawful"]
