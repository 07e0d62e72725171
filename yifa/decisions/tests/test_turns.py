"""A step without a clock stands on the desk of whoever it waits for, from the act that hands it over until it is done."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from yifa.decisions.tests import world as w
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.models import Person
from yifa.procedures import turns
from yifa.procedures.core import Refused
from yifa.procedures.models import Turn
from yifa.procedures.reading import Ref

pytestmark = pytest.mark.usefixtures("own_db")


def waiting(actor: Actor) -> list[str]:
    return [each.step for each in turns.turns(actor)]


def test_a_matter_goes_from_desk_to_desk() -> None:
    world = w.build()
    everybody = (world.drafter, world.clerk, world.mayor, world.office, world.gazette, world.reviewer, world.supervisor, world.stranger)

    def desks() -> dict[str, list[str]]:
        return {actor.name: steps for actor in everybody if (steps := waiting(actor))}

    ref = w.propose(world)
    assert desks() == {"钱样本": ["enter"], "孙样本": ["enter"]}  # either may enter it
    w.do(ref, "enter", world.office, {"catalogue_item": str(w.listed(world).id)})
    assert desks() == {"孙样本": ["start"]}
    starting = {"start_form": "meeting", "undertakers": [{"name": "样本住建局"}], "responsible": "李样本", "timetable": "年内完成"}
    w.do(ref, "start", world.mayor, starting, files=1)
    assert desks() == {"李样本": ["draft"]}
    w.do(ref, "draft", world.drafter, w.drafted(), files=2)
    assert desks() == {}
    w.do(ref, "plan_participation", world.drafter, w.PLAN)
    assert desks() == {"赵样本": ["announce_hearing", "consult"]}
    asked = [{"template": key, "ground": "not_concerned", "reason": "本事项不涉及"} for key in w.EXEMPT]
    w.do(ref, "exempt", world.drafter, {"exemptions": asked}, files=1)
    assert desks() == {"赵样本": ["announce_hearing", "consult"], "周样本": ["confirm_exemptions"]}
    w.do(ref, "confirm_exemptions", world.reviewer, {"exempted": list(w.EXEMPT)})
    assert desks() == {"赵样本": ["consult"]}  # what does not apply waits for nobody
    w.heard(world, ref)
    w.do(ref, "submit_review", world.drafter, {"review_materials": ["draft", "basis", "procedure", "public"]}, files=1)
    assert desks() == {"周样本": ["accept_review"]}
    w.do(ref, "accept_review", world.reviewer, {})
    assert desks() == {}
    w.do(ref, "review", world.reviewer, w.REVIEW)
    assert desks() == {"李样本": ["handle_review"]}
    w.do(ref, "handle_review", world.drafter, {})
    w.do(ref, "prepare_meeting", world.drafter, {"meeting_materials": ["draft", "public", "legality"]}, files=1)
    assert desks() == {"孙样本": ["deliberate"]}


def test_what_was_taken_back_waits_no_more() -> None:
    world = w.build()
    ref = w.propose(world)
    w.do(ref, "enter", world.office, {"catalogue_item": str(w.listed(world).id)})
    assert waiting(world.mayor) == ["start"]
    w.do(ref, "_withdraw", world.office, {"reason": "选错了目录事项"})
    assert waiting(world.mayor) == []
    assert waiting(world.office) == []  # he took it back himself and knows


def test_what_has_a_clock_is_on_the_list_by_its_clock_alone() -> None:
    world = w.build()
    ref = w.carried_to_the_end(world)
    assert not Turn.objects.filter(dossier=ref.code).exists()


def test_the_longest_wait_comes_first_and_keeps_its_day() -> None:
    world = w.build()
    refs = [w.propose(world, title=f"第{n}号事项方案") for n in range(3)]
    for days, ref in zip((1, 9, 4), refs, strict=True):
        Turn.objects.filter(dossier=ref.code).update(since=timezone.now() - timedelta(days=days))
    assert [each.what for each in turns.turns(world.office)] == ["第1号事项方案", "第2号事项方案", "第0号事项方案"]
    page = desk(world.office)
    assert "轮到您办理" in page
    assert "已等9日" in page
    assert f"/desk/cases/{refs[1].code}/do/enter/" in page
    assert "没有到期的事项" not in page


def desk(actor: Actor) -> str:
    browser = Client()
    browser.force_login(Person.objects.get(pk=actor.person))
    session = browser.session
    session["post"] = actor.post
    session.save()
    return browser.get("/desk/").content.decode()


def test_an_act_that_is_refused_moves_nothing(own_db: Any) -> None:
    world = w.build()
    ref: Ref = w.propose(world)
    before = list(Turn.objects.values_list("step", "since"))
    with pytest.raises(Refused):
        w.do(ref, "start", world.mayor, {})
    assert list(Turn.objects.values_list("step", "since")) == before
