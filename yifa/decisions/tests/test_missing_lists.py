"""Lists that are not out on their day: counted once, pressed for once, whatever comes later; the day is the region's own."""

from __future__ import annotations

import json
from datetime import date
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from yifa.decisions import missing_lists
from yifa.decisions.catalogue_rolls import rolls
from yifa.decisions.facts import facts as counted_of
from yifa.decisions.list_facts import due_on
from yifa.decisions.tests import world as w
from yifa.decisions.tests.test_catalogue import HEATING, collect, refused
from yifa.decisions.tests.test_facts import counted, publish
from yifa.decisions.tests.test_judging import client
from yifa.facts.models import Fact
from yifa.facts.seen import Seen
from yifa.kernel.ledger.models import Entry
from yifa.kernel.parameters import queries as parameters
from yifa.kernel.parameters.models import Override
from yifa.kernel.people.models import Post, Region
from yifa.procedures import take
from yifa.procedures.models import Task

D = date
APRIL = D(2026, 4, 1)
GOVERNMENT = "1502030001"


@pytest.fixture
def world(own_db: Any) -> w.World:
    built = w.build()
    Post.objects.update(since=D(2020, 1, 1))
    return built


def enter(today: date) -> int:
    return missing_lists.enter(today, at=timezone.now())


def set_month(month: int, region: str = "150200") -> None:
    """What this place set otherwise."""
    Override.objects.create(
        name="重大行政决策目录公布月份", value=month, unit="month", region=region, cites=[], note="", recorded_at=timezone.now()
    )
    parameters.forget()


@pytest.fixture(autouse=True)
def _forgotten() -> Any:
    yield
    parameters.forget()


@pytest.mark.parametrize(
    ("month", "last"),
    [(1, D(2026, 1, 31)), (2, D(2026, 2, 28)), (3, D(2026, 3, 31)), (12, D(2026, 12, 31)), (13, D(2027, 1, 31)), (0, D(2025, 12, 31))],
)
def test_the_day_is_the_last_of_the_month(month: int, last: date) -> None:
    assert due_on(2026, month) == last
    assert due_on(2028, 2) == D(2028, 2, 29)


def test_a_list_nobody_began_is_missed_when_its_day_passes_and_once(world: w.World) -> None:
    assert enter(D(2026, 3, 31)) == 0
    assert enter(APRIL) == 1
    assert [enter(day) for day in (APRIL, D(2026, 4, 2), D(2026, 12, 31), D(2027, 1, 2))] == [0] * 4
    entry = Entry.objects.get(chain=f"decision-roll:{GOVERNMENT}")
    body = json.loads(bytes(entry.body))
    assert (entry.step, entry.actor, body["organisation"], body["region"]) == ("miss", "system", GOVERNMENT, "150203")
    assert body["cites"] == ["重大行政决策程序暂行条例@2019-04-20#t3.k3"]
    assert counted() == {"DEC-01": (0, 1, "2026-03")}
    assert "还没有编制" in Fact.objects.get().reason


def test_each_year_is_missed_by_itself(world: w.World) -> None:
    assert enter(APRIL) == 1
    assert enter(D(2027, 4, 1)) == 1
    assert Fact.objects.count() == 0
    counted()
    assert sorted(Fact.objects.values_list("month", "numerator", "denominator")) == [("2026-03", 0, 1), ("2027-03", 0, 1)]


def test_a_list_published_too_late_keeps_the_fault_and_counts_once(world: w.World) -> None:
    ref = collect(world)
    assert enter(APRIL) == 1
    publish(world, ref, "2026-05-06")
    assert counted("DEC-01") == {"DEC-01": (0, 1, "2026-03")}
    assert "还没有公布" in Fact.objects.get(metric="DEC-01").reason


def test_a_list_that_was_out_in_time_and_is_entered_later_is_made_good(world: w.World) -> None:
    assert enter(APRIL) == 1
    publish(world, collect(world), "2026-03-20")
    assert counted("DEC-01") == {"DEC-01": (1, 1, "2026-03")}
    assert enter(D(2026, 4, 2)) == 0


def test_a_published_list_is_not_missed(world: w.World) -> None:
    publish(world, collect(world), "2026-03-20")
    assert enter(APRIL) == 0
    assert counted("DEC-01") == {"DEC-01": (1, 1, "2026-03")}


def test_who_kept_no_post_here_on_the_day_owes_nothing(world: w.World) -> None:
    Post.objects.filter(organisation=GOVERNMENT).update(since=APRIL)
    assert enter(D(2026, 6, 1)) == 0
    Post.objects.filter(organisation=GOVERNMENT).update(since=D(2026, 3, 31))
    assert enter(D(2026, 6, 1)) == 1


def test_a_worker_that_rested_makes_up_for_it_and_no_list_is_missed_a_year_late(world: w.World) -> None:
    assert enter(D(2027, 2, 25)) == 0
    assert enter(D(2027, 2, 24)) == 1
    assert counted() == {"DEC-01": (0, 1, "2026-03")}


def test_a_list_due_in_december_is_missed_in_the_new_year(world: w.World) -> None:
    set_month(12)
    assert enter(D(2027, 1, 1)) == 1
    assert counted() == {"DEC-01": (0, 1, "2026-12")}


def test_the_day_is_the_regions_own_in_the_roll_and_in_the_entry(world: w.World) -> None:
    set_month(6)
    assert (enter(D(2026, 5, 27)), enter(D(2026, 6, 30))) == (0, 0)
    publish(world, collect(world), "2026-06-30")
    assert enter(D(2026, 7, 1)) == 0
    assert counted("DEC-01") == {"DEC-01": (1, 1, "2026-06")}
    # What applied stays with the entry when the place sets another month afterwards.
    set_month(2)
    assert counted("DEC-01") == {"DEC-01": (1, 1, "2026-06")}


def test_a_month_set_otherwise_after_the_list_was_missed_counts_it_no_second_time(world: w.World) -> None:
    assert enter(APRIL) == 1
    set_month(6)
    publish(world, collect(world), "2026-05-06")
    assert counted("DEC-01") == {"DEC-01": (0, 1, "2026-03")}


def publication(**more: Any) -> Seen:
    """The entry of a publication, as it was told before entries kept the month."""
    facts = {"list_year": 2026, "list_published_on": "2026-04-01", "matters": [HEATING]}
    seen = {"facts": facts, "register": {"organisation": {"code": GOVERNMENT, "region": "150203"}}}
    body = {"procedure": "decision_catalogue", "step": "publish", "happened_at": "2026-04-01T01:00:00Z"}
    return Seen(0, w.LEAGUE, "c", 3, body, {}, {"seen": seen, "duties": {"opened": [], "closed": []}, **more})


@pytest.mark.parametrize(("more", "told"), [({}, ("2026-03", 0)), ({"measures": {"list_month": 4}}, ("2026-04", 1))])
def test_an_entry_without_the_month_goes_by_the_end_of_march(more: dict[str, Any], told: tuple[str, int]) -> None:
    (found,) = [each for each in counted_of(publication(**more)) if each.metric == "DEC-01"]
    assert (found.month, found.numerator) == told


def test_a_list_of_an_impossible_year_is_refused_and_an_old_entry_of_one_stops_nobody(world: w.World) -> None:
    for year in (20261, 2018, 2099, 0):
        assert "目录年度" in refused(partial(collect, world, list_year=year))
    assert "年度”不能小于零" in refused(partial(collect, world, list_year=-1))
    seen = publication()
    assert seen.closed is not None
    seen.closed["seen"]["facts"]["list_year"] = 20261
    assert {each.metric for each in counted_of(seen)} == {"DEC-16", "DEC-17"}


def task() -> Task:
    return Task.objects.get(kind=missing_lists.KIND)


def test_the_missing_list_is_a_task_of_whoever_supervises_until_it_is_pressed_for(world: w.World) -> None:
    enter(APRIL)
    owed = task()
    assert (owed.organisation_id, owed.roles, owed.due_on) == (world.supervisor.organisation, ["supervisor"], D(2026, 4, 9))
    asked = {"pressed_government": GOVERNMENT, "pressed_year": 2026, "supervised_for": "请编制目录并公布"}
    ref = take.start("catalogue_supervision", by=world.supervisor, facts=asked, key=uuid4()).ref
    assert (task().dossier, task().met_on) == (ref.code, timezone.localdate())
    (roll,) = [each for each in rolls(world.supervisor, year=2026, today=w.today()) if each.government == GOVERNMENT]
    assert roll.supervised == ref.code


def test_the_body_above_presses_before_the_governments_own(world: w.World) -> None:
    league = w.body("1502000009", "包头市司法局", "包司", Region.objects.get(code="150200"), sector="司法行政")
    w.person("上样本", league, ["supervisor"])
    enter(APRIL)
    assert task().organisation_id == league.code


def test_a_list_that_comes_after_all_takes_the_task_away(world: w.World) -> None:
    enter(APRIL)
    publish(world, collect(world), "2026-05-06")
    assert task().closed_at is not None
    assert task().met_on is None
    assert counted("DEC-01") == {"DEC-01": (0, 1, "2026-03")}


def test_the_task_opens_the_form_of_the_supervision_for_that_government(world: w.World) -> None:
    enter(APRIL)
    desk = client(world.supervisor).get("/desk/").content.decode()
    assert "昆都仑区人民政府2026年度重大行政决策事项目录没有按期公布" in desk
    assert GOVERNMENT in client(world.supervisor).get(task().url).content.decode()
