"""A step without a clock stands on the desk of whoever it waits for, from the act that hands it over until it is done."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from yifa.decisions.tests import world as w
from yifa.dossiers.models import CaseRole
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.models import Organisation, Person, Post
from yifa.procedures import queries, rebuilding, turns
from yifa.procedures.core import Refused
from yifa.procedures.models import Holder, Obligation, Rebuilding, Turn
from yifa.procedures.reading import Ref

pytestmark = pytest.mark.usefixtures("own_db")


def waiting(actor: Actor) -> list[str]:
    return [each.step for each in turns.turns(actor)]


def rows(ref: Ref) -> list[tuple[Any, ...]]:
    return sorted(Turn.objects.filter(dossier=ref.code).values_list("step", "organisation_id", "office", "roles"))


def out_of_the_record(ref: Ref) -> list[tuple[Any, ...]]:
    """The rows of a case as a rebuilding writes them that finds none; put back as they were."""
    with transaction.atomic():
        Turn.objects.filter(dossier=ref.code).delete()
        rebuilding.rebuild(ref)
        found = rows(ref)
        transaction.set_rollback(True)
    return found


def started(world: w.World, **facts: Any) -> Ref:
    """A matter that waits for its draft."""
    ref = w.propose(world, **facts)
    w.do(ref, "enter", world.office, {"catalogue_item": str(w.listed(world).id)})
    starting = {"start_form": "meeting", "undertakers": [{"name": "样本住建局"}], "responsible": "李样本", "timetable": "年内完成"}
    w.do(ref, "start", world.mayor, starting, files=1)
    return ref


def hand_over(ref: Ref, by: Actor, *to: Actor) -> None:
    w.do(ref, "_hand_over", by, {"to": [each.person for each in to], "reason": "职责调整"})


def test_a_matter_goes_from_desk_to_desk() -> None:
    world = w.build()
    ref = w.propose(world)
    everybody = (world.drafter, world.clerk, world.mayor, world.office, world.gazette, world.reviewer, world.supervisor, world.stranger)

    def desks() -> dict[str, list[str]]:
        found = {actor.name: steps for actor in everybody if (steps := waiting(actor))}
        assert out_of_the_record(ref) == rows(ref)
        return found

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
    return browser_of(actor).get("/desk/").content.decode()


def browser_of(actor: Actor) -> Client:
    browser = Client()
    browser.force_login(Person.objects.get(pk=actor.person))
    session = browser.session
    session["post"] = actor.post
    session.save()
    return browser


def test_an_act_that_is_refused_moves_nothing(own_db: Any) -> None:
    world = w.build()
    ref: Ref = w.propose(world)
    before = list(Turn.objects.values_list("step", "since"))
    with pytest.raises(Refused):
        w.do(ref, "start", world.mayor, {})
    assert list(Turn.objects.values_list("step", "since")) == before


def test_a_case_handed_to_another_body_waits_there_and_no_more_here() -> None:
    world = w.build()
    ref = started(world)
    colleague = w.person("冯样本", Organisation.objects.get(code=world.drafter.organisation), ["officer"])
    assert [waiting(each) for each in (world.drafter, colleague, world.stranger)] == [["draft"], ["draft"], []]
    hand_over(ref, world.drafter, world.stranger)
    assert [waiting(each) for each in (world.drafter, colleague, world.stranger)] == [[], [], ["draft"]]
    assert out_of_the_record(ref) == rows(ref)
    assert f"/desk/cases/{ref.code}/do/draft/" in desk(world.stranger)
    assert browser_of(world.stranger).get(f"/desk/cases/{ref.code}/do/draft/").status_code == 200
    w.do(ref, "draft", world.stranger, w.drafted(), files=2)
    assert waiting(world.stranger) == []
    assert out_of_the_record(ref) == rows(ref)
    w.do(ref, "plan_participation", world.stranger, w.PLAN)
    assert waiting(world.clerk) == ["announce_hearing", "consult"]  # what others of the body do stays with them


def test_a_case_handed_on_leaves_who_had_it_before() -> None:
    world = w.build()
    ref = started(world)
    second = w.person("冯样本", Organisation.objects.get(code=world.stranger.organisation), ["officer"])
    hand_over(ref, world.drafter, world.stranger)
    hand_over(ref, world.stranger, second)
    assert [waiting(each) for each in (world.drafter, world.stranger, second)] == [[], [], ["draft"]]
    Holder.objects.all().delete()
    rebuilding.rebuild(ref)
    assert [waiting(each) for each in (world.drafter, world.stranger, second)] == [[], [], ["draft"]]


def test_a_case_whose_holder_has_left_is_the_bodys_again() -> None:
    world = w.build()
    ref = started(world)
    hand_over(ref, world.drafter, world.stranger)
    Post.objects.filter(pk=world.stranger.post).update(until=timezone.localdate() - timedelta(days=1))
    assert waiting(world.drafter) == ["draft"]


def test_what_the_bodys_head_does_between_does_not_take_the_case_from_its_holder() -> None:
    world = w.build()
    ref = started(world)
    w.do(ref, "draft", world.drafter, w.drafted(), files=2)
    hand_over(ref, world.drafter, world.stranger)
    w.do(ref, "plan_participation", world.stranger, w.PLAN)
    assert waiting(world.stranger) == []
    asked = [{"template": key, "ground": "not_concerned", "reason": "本事项不涉及"} for key in w.EXEMPT]
    w.do(ref, "exempt", world.drafter, {"exemptions": asked}, files=1)
    assert "assess_risk" in waiting(world.stranger)  # though the drafter, who acted last, could do it as well
    assert waiting(world.drafter) == []
    assert out_of_the_record(ref) == rows(ref)


def test_the_deadline_of_a_case_handed_over_is_on_the_list_of_whoever_has_it() -> None:
    world = w.build()
    ref = w.carried_to_the_end(world)
    Obligation.objects.filter(dossier=ref.code).delete()
    Obligation.objects.create(
        league=ref.league,
        dossier=ref.code,
        step="report_progress",
        n=1,
        procedure="major_decision",
        organisation_id=world.drafter.organisation,
        region_id=world.drafter.region,
        title="报告执行情况",
        roles=["officer"],
        start_on="2026-01-05",
        due_on="2026-03-05",
        opened_seq=1,
    )
    assert [queries.due_items(each) == [] for each in (world.drafter, world.stranger)] == [False, True]
    Holder.objects.create(league=ref.league, dossier=ref.code, person_id=world.stranger.person)
    CaseRole.objects.create(league=ref.league, dossier=ref.code, person_id=world.stranger.person, role="officer", opened_at=timezone.now())
    assert [[each.step for each in queries.due_items(actor)] for actor in (world.drafter, world.stranger)] == [["report_progress"]] * 2
    assert queries.due_items(world.stranger, after=(date(2026, 3, 5), ref.code, "report_progress")) == []
    assert queries.due_items(world.stranger, until=date(2026, 3, 4)) == []


def test_cases_of_before_get_their_turn_without_an_act(monkeypatch: pytest.MonkeyPatch) -> None:
    world = w.build()
    refs = [w.propose(world, title=f"第{n}号事项方案") for n in range(3)]
    before = list(Turn.objects.values_list("dossier", "step", "organisation_id", "office", "roles", "since").order_by("dossier"))
    Turn.objects.all().delete()
    monkeypatch.setattr(rebuilding, "BATCH", 2)
    assert rebuilding.go_on(seconds=0) == rebuilding.Rebuilt(2, False)
    assert Turn.objects.count() == 2  # stopped here, it goes on with the next
    assert rebuilding.go_on(seconds=0) == rebuilding.Rebuilt(3, True)
    assert list(Turn.objects.values_list("dossier", "step", "organisation_id", "office", "roles", "since").order_by("dossier")) == before
    Turn.objects.filter(dossier=refs[0].code).delete()
    with CaptureQueriesContext(connection) as asked:
        assert rebuilding.go_on() == rebuilding.Rebuilt(3, True)
    assert len(asked) <= 2  # an hourly look costs nothing once it is done
    assert Turn.objects.count() == 2
    assert rebuilding.go_on(afresh=True).ended
    assert Turn.objects.count() == 3


def test_a_rebuilding_keeps_since_when_a_step_waits_and_passes_by_what_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    world = w.build()
    ref = w.propose(world)
    then = timezone.now() - timedelta(days=9)
    Turn.objects.filter(dossier=ref.code).update(since=then)
    looked: list[str] = []
    real = rebuilding.rebuild

    def look(one: Ref) -> None:
        looked.append(one.code)
        real(one)

    monkeypatch.setattr(rebuilding, "rebuild", look)
    closed = w.propose(world, title="另一事项方案")
    w.do(closed, "enter", world.office, {"catalogue_item": str(w.listed(world).id)})
    w.do(closed, "reject", world.mayor, {"reject_reason": "条件不成熟"})
    assert rebuilding.go_on(afresh=True).ended
    assert looked == [ref.code]
    assert Turn.objects.get(dossier=ref.code).since == then
    assert Rebuilding.objects.get().read == 2
