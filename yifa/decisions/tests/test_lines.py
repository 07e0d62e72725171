"""The lines of a catalogue while acts are taken back, matters are turned away and lists are adjusted at the same moment."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from yifa.decisions import catalogue_queries, choosing
from yifa.decisions.models import Begun, CatalogueItem, Hearing
from yifa.decisions.tests import world as w
from yifa.decisions.tests.stage import heard_and_drawn
from yifa.decisions.tests.test_catalogue import HEATING, SEWAGE, collect, published, refused
from yifa.dossiers.models import Dossier
from yifa.kernel.people.models import Organisation
from yifa.kernel.refusing import RejectedError
from yifa.participation import asking
from yifa.participation.models import Consultation, Questionnaire
from yifa.participation.tests.clearing import CLEARED
from yifa.procedures import take
from yifa.procedures.core import Refused
from yifa.procedures.reading import Ref

pytestmark = pytest.mark.usefixtures("own_db")

REMOVING: dict[str, Any] = {"removed_reason": "并入上级规划", "removed_party_number": "昆党〔2026〕31号"}
REMOVING |= {"removed_party_on": "2026-08-10", "removed_published": "2026-08-12"} | w.PUBLIC
ADDING: dict[str, Any] = {"added": [SEWAGE], "added_reason": "上级部署", "added_party_number": "昆党〔2026〕20号"}
ADDING |= {"added_party_on": "2026-06-10", "added_published": "2026-06-12"} | w.PUBLIC


def take_back(ref: Ref, by: Any) -> None:
    take.take(ref, "_withdraw", by=by, facts={"reason": "填错了"}, key=uuid4(), seen_seq=None)


def enter(world: w.World, item: CatalogueItem, ref: Ref | None = None) -> Ref:
    ref = ref or w.propose(world)
    w.do(ref, "enter", world.office, {"catalogue_item": str(item.id)})
    return ref


def test_what_was_published_is_not_taken_back() -> None:
    """第三条第三款: the list is adjusted by the same way, not undone."""
    world = w.build()
    ref = published(world)
    item = CatalogueItem.objects.get()
    assert "已经向社会公布" in refused(lambda: take_back(ref, world.gazette))
    w.do(ref, "add", world.office, ADDING)
    assert "已经向社会公布" in refused(lambda: take_back(ref, world.office))
    w.do(ref, "remove", world.office, {**REMOVING, "removed_item": str(item.id)})
    assert "已经向社会公布" in refused(lambda: take_back(ref, world.office))


def test_a_matter_taken_out_of_the_list_by_mistake_leaves_its_line_free() -> None:
    world = w.build()
    first, second = w.listed(world), w.listed(world, "城区排水规划")
    ref = enter(world, first)
    take_back(ref, world.office)
    assert "catalogue_item" not in Dossier.objects.get(code=ref.code).facts
    assert (Begun.objects.count(), CatalogueItem.objects.exclude(dossier="").count()) == (0, 0)
    enter(world, second, ref)
    enter(world, first)
    assert CatalogueItem.objects.exclude(dossier="").count() == 2


def test_a_proposal_turned_away_leaves_its_line_to_another() -> None:
    """第十条: the organ does not begin this proposal; the matter stays in the list."""
    world = w.build()
    item = w.listed(world)
    w.do(enter(world, item), "reject", world.mayor, {"reject_reason": "论证不足"})
    assert choosing.waiting(world.mayor.organisation)
    enter(world, item)


def test_a_line_of_another_government_is_not_taken() -> None:
    world = w.build()
    item = w.listed(world)
    CatalogueItem.objects.filter(id=item.id).update(government_id="1502030021")
    assert "其他政府" in refused(lambda: enter(world, item))


def test_a_matter_stands_once_however_its_title_is_written() -> None:
    world = w.build()
    assert "只列一次" in refused(lambda: collect(world, matters=[HEATING, HEATING | {"title": " 城区 供热管网改造方案（ ）"}]))
    ref = published(world)
    w.do(ref, "add", world.office, ADDING)
    assert "已经在本年度目录中" in refused(lambda: w.do(ref, "add", world.office, ADDING))


def test_a_matter_that_left_the_list_comes_back_by_the_same_way() -> None:
    world = w.build()
    ref = published(world)
    w.do(ref, "add", world.office, ADDING)
    item = CatalogueItem.objects.get(status="added")
    w.do(ref, "remove", world.office, {**REMOVING, "removed_item": str(item.id)})
    assert "目录" in refused(lambda: enter(world, item))
    w.do(ref, "add", world.office, {**ADDING, "added_party_on": "2026-09-01", "added_published": "2026-09-03"})
    item.refresh_from_db()
    assert (item.status, item.removed_on, str(item.added_published_on)) == ("added", None, "2026-09-03")
    enter(world, item)


def at_once(acts: Sequence[Callable[[], Any]]) -> list[str]:
    """What each is told when all begin at the same moment; "" where it was done."""
    ready = Barrier(len(acts))

    def one(act: Callable[[], Any]) -> str:
        ready.wait()
        try:
            act()
        except Refused as told:
            return str(told)
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


def test_a_line_is_not_adjusted_away_under_a_matter_that_begins_it_at_the_same_moment() -> None:
    world = w.build()
    ref = published(world)
    item, matter = CatalogueItem.objects.get(), w.propose(world)
    leaving = {**REMOVING, "removed_item": str(item.id)}
    told = at_once([lambda: w.do(ref, "remove", world.office, leaving), lambda: enter(world, item, matter)])
    assert sorted(bool(each) for each in told) == [False, True]
    item.refresh_from_db()
    assert (item.status == "removed") == (item.dossier == "")


def test_two_who_add_the_same_matter_at_once_add_it_once() -> None:
    world = w.build()
    ref = published(world)
    told = at_once([lambda: w.do(ref, "add", world.office, ADDING)] * 2)
    assert sorted(bool(each) for each in told) == [False, True]
    assert CatalogueItem.objects.filter(title=SEWAGE["title"]).count() == 1


def test_a_very_long_title_is_kept_whole_in_the_record() -> None:
    world = w.build()
    ref = w.propose(world, title="供热" * 900)
    row = Dossier.objects.get(code=ref.code)
    assert (len(row.title), len(row.facts["title"])) == (400, 1800)


def test_a_title_longer_than_a_list_can_show_is_refused() -> None:
    world = w.build()
    assert "不超过200字" in refused(lambda: collect(world, matters=[HEATING | {"title": "供热" * 101}]))


def test_the_public_is_told_that_a_matter_is_suspended() -> None:
    """第三十七条."""
    world = w.build()
    item, matter = w.listed(world), w.propose(world)
    enter(world, item, matter)
    Dossier.objects.filter(code=matter.code).update(facts={"changed": "suspended"})
    found = catalogue_queries.one(item.id, w.today())
    assert found is not None
    assert (found.where, found.tone) == ("已中止执行", "warn")


@pytest.mark.parametrize(
    ("status", "where", "tone"),
    [
        ("enter", "正在研究论证", "calm"),
        ("withdraw_matter", "已调出目录", "calm"),
        ("draft", "已启动，拟订草案", "today"),
    ],
)
def test_what_is_not_begun_or_ended_is_not_marked_as_going_on(status: str, where: str, tone: str) -> None:
    world = w.build()
    item, matter = w.listed(world), w.propose(world)
    enter(world, item, matter)
    Dossier.objects.filter(code=matter.code).update(status=status, state={"done": {status: 2}})
    found = catalogue_queries.one(item.id, w.today())
    assert found is not None
    assert (found.where, found.tone) == (where, tone)


def test_no_hearing_is_announced_on_a_matter_that_is_not_public() -> None:
    """第十四条第一款."""
    world = w.build()
    matter = w.propose(world)
    Dossier.objects.filter(code=matter.code).update(facts={"open_matter": False})
    with pytest.raises(RejectedError, match="依法不予公开"):
        heard_and_drawn(matter.code, world.drafter, Organisation.objects.get(code=world.mayor.organisation))
    assert not Hearing.objects.exists()


def test_neither_a_draft_nor_questions_are_put_before_the_public_on_a_matter_that_is_not_public() -> None:
    """第十四条第一款."""
    world = w.build()
    ref = w.begun(world, open_matter=False, closed_reason="涉及国家秘密")
    with pytest.raises(RejectedError, match="依法不予公开"):
        w.consulted(world, ref)
    assert not Consultation.objects.exists()
    sheet = asking.draw_up(ref.code, "问卷", "想听听您的意见", by=world.clerk)
    asking.add_question(sheet.league, sheet.id, by=world.clerk, kind="text", text="您怎么看")
    period = asking.Period(w.today(), w.today() + timedelta(days=10))
    with pytest.raises(RejectedError, match="依法不予公开"):
        asking.publish(sheet.league, sheet.id, period, CLEARED, by=world.clerk)
    assert Questionnaire.objects.get().status == Questionnaire.Status.DRAFT
