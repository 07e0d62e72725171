"""The yearly catalogue: agreed by the party committee, published, added to by the same way; lines that matters are begun from."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from yifa.decisions import choosing
from yifa.decisions.models import CatalogueItem
from yifa.decisions.tests import world as w
from yifa.procedures import take
from yifa.procedures.core import Refused
from yifa.procedures.models import Obligation
from yifa.procedures.reading import Ref

pytestmark = pytest.mark.usefixtures("own_db")

HEATING = {"title": "城区供热管网改造方案", "category": "project", "undertaker": "昆都仑区样本住建局", "planned_on": "2026-12-01"}
SEWAGE = {"title": "城区排水规划", "category": "plan", "undertaker": "昆都仑区样本水务局", "planned_on": "2026-12-31"}


def refused(call: Callable[[], Any]) -> str:
    with pytest.raises(Refused) as told:
        call()
    return str(told.value)


def collect(world: w.World, *, by: Any = None, **facts: Any) -> Ref:
    stated = {"list_year": 2026, "matters": [HEATING]} | facts
    return take.start("decision_catalogue", by=by or world.office, facts=stated, key=uuid4()).ref


def published(world: w.World) -> Ref:
    ref = collect(world)
    w.do(ref, "consent", world.mayor, {"list_party_number": "昆党〔2026〕5号", "list_party_on": "2026-01-10"})
    w.do(ref, "publish", world.gazette, {**w.PUBLIC, "list_number": "包昆政发〔2026〕3号", "list_published_on": "2026-01-15"})
    return ref


def test_a_list_is_agreed_and_published_and_matters_are_begun_from_it() -> None:
    world = w.build()
    ref = published(world)
    item = CatalogueItem.objects.get()
    assert (item.title, item.undertaker_id, item.status) == (HEATING["title"], world.drafter.organisation, "listed")
    assert (item.party_agreed_on, item.published_on) == (date(2026, 1, 10), date(2026, 1, 15))
    assert choosing.waiting(world.mayor.organisation) == [(str(item.id), f"{HEATING['title']}（2026年度）")]
    matter = w.propose(world)
    w.do(matter, "enter", world.office, {"catalogue_item": str(item.id)})
    assert choosing.waiting(world.mayor.organisation) == []
    w.do(ref, "close", world.office, {})


def test_only_a_government_keeps_a_list_and_one_a_year() -> None:
    world = w.build()
    assert "县级以上地方人民政府" in refused(lambda: collect(world, by=world.drafter))
    collect(world)
    assert "已经立卷" in refused(lambda: collect(world))
    collect(world, list_year=2027)


def test_an_empty_list_needs_a_reason() -> None:
    world = w.build()
    assert "零目录" in refused(lambda: collect(world, matters=[]))
    collect(world, matters=[], zero_reason="本年度没有符合标准的事项")


def test_an_undertaker_is_a_registered_body_and_a_matter_stands_once() -> None:
    world = w.build()
    assert "不存在局" in refused(lambda: collect(world, matters=[HEATING | {"undertaker": "不存在局"}]))
    assert HEATING["title"] in refused(lambda: collect(world, matters=[HEATING, HEATING]))


def test_nothing_is_published_before_the_party_committee_agreed_and_secrecy_was_reviewed() -> None:
    world = w.build()
    ref = collect(world)
    stated = {**w.PUBLIC, "list_number": "包昆政发〔2026〕3号", "list_published_on": "2026-01-09"}
    assert "党委同意" in refused(lambda: w.do(ref, "publish", world.gazette, stated))
    w.do(ref, "consent", world.mayor, {"list_party_number": "昆党〔2026〕5号", "list_party_on": "2026-01-10"})
    assert Obligation.objects.filter(dossier=ref.code, step="publish", publishes=True, closed_seq=None).exists()
    assert "早于同意日期" in refused(lambda: w.do(ref, "publish", world.gazette, stated))
    assert "保密审查" in refused(
        lambda: w.do(ref, "publish", world.gazette, stated | {"list_published_on": "2026-01-10", "secrecy_passed": False})
    )
    assert not CatalogueItem.objects.exists()


def test_a_matter_is_added_by_the_same_way() -> None:
    world = w.build()
    ref = published(world)
    adding: dict[str, Any] = {
        "added": [SEWAGE],
        "added_reason": "上级部署",
        "added_party_number": "昆党〔2026〕20号",
        "added_party_on": "2026-06-10",
    }
    adding |= w.PUBLIC
    assert "早于同意日期" in refused(lambda: w.do(ref, "add", world.office, {**adding, "added_published": "2026-06-09"}))
    assert HEATING["title"] in refused(
        lambda: w.do(ref, "add", world.office, {**adding, "added": [HEATING], "added_published": "2026-06-12"})
    )
    unseen = {**adding, "added_published": "2026-06-12", "secrecy_passed": False}
    assert "保密审查" in refused(lambda: w.do(ref, "add", world.office, unseen))
    w.do(ref, "add", world.office, {**adding, "added_published": "2026-06-12"})
    item = CatalogueItem.objects.get(status="added")
    assert (item.title, item.added_published_on, item.published_on) == (SEWAGE["title"], date(2026, 6, 12), date(2026, 1, 15))
    assert len(choosing.waiting(world.mayor.organisation)) == 2


def test_a_supervisor_notes_a_matter_that_evades_the_list() -> None:
    """Red line R6."""
    world = w.build()
    ref = published(world)
    found = [{"title": "某大桥建设", "undertaker": "样本住建局", "found": "未列入目录即开工"}]
    w.do(ref, "find_missing", world.supervisor, {"missing_matters": found})
    refused(lambda: w.do(ref, "find_missing", world.stranger, {"missing_matters": found}))


def test_a_matter_that_nobody_began_is_removed_by_the_same_way() -> None:
    world = w.build()
    ref = published(world)
    item = CatalogueItem.objects.get()
    asked = {
        "removed_item": str(item.id),
        "removed_reason": "并入上级规划",
        "removed_party_number": "昆党〔2026〕31号",
        "removed_party_on": "2026-08-10",
    } | w.PUBLIC
    assert "早于同意日期" in refused(lambda: w.do(ref, "remove", world.office, {**asked, "removed_published": "2026-08-09"}))
    assert "还没有启动" in refused(
        lambda: w.do(ref, "remove", world.office, {**asked, "removed_item": str(uuid4()), "removed_published": "2026-08-12"})
    )
    w.do(ref, "remove", world.office, {**asked, "removed_published": "2026-08-12"})
    item.refresh_from_db()
    assert (item.status, item.removal_number, item.removal_published_on) == ("removed", "昆党〔2026〕31号", date(2026, 8, 12))
    assert choosing.waiting(world.mayor.organisation) == []
    assert "还没有启动" in refused(lambda: w.do(ref, "remove", world.office, {**asked, "removed_published": "2026-08-12"}))


def test_a_matter_that_was_begun_leaves_the_list_by_its_own_case() -> None:
    world = w.build()
    ref = published(world)
    item = CatalogueItem.objects.get()
    w.do(w.propose(world), "enter", world.office, {"catalogue_item": str(item.id)})
    asked: dict[str, Any] = {"removed_item": str(item.id), "removed_reason": "并入上级规划", "removed_party_number": "昆党〔2026〕31号"}
    asked |= {"removed_party_on": "2026-08-10", "removed_published": "2026-08-12"} | w.PUBLIC
    assert "自己的案卷" in refused(lambda: w.do(ref, "remove", world.office, asked))
