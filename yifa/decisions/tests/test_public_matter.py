"""One matter before everybody: where it stands and what was published, and nothing that is not public."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from yifa.decisions import public_matter
from yifa.decisions.models import CatalogueItem
from yifa.decisions.tests import world as w
from yifa.decisions.tests.test_catalogue import collect
from yifa.decisions.tests.test_register_pages import text
from yifa.dossiers.models import Dossier
from yifa.kernel.ledger import services as ledger
from yifa.procedures.reading import Ref

pytestmark = pytest.mark.usefixtures("own_db")


def page(item: CatalogueItem, what: str = "") -> Any:
    return Client().get(f"/decisions/{item.id}/{what}")


def stated(ref: Ref, **changed: Any) -> None:
    """The matter's facts, changed behind the procedure's back."""
    row = Dossier.objects.get(code=ref.code)
    Dossier.objects.filter(code=ref.code).update(facts={**row.facts, **changed})


def test_a_matter_is_told_as_it_goes_on() -> None:
    world = w.build()
    ref = w.begun(world)
    item = CatalogueItem.objects.get()
    told = text(page(item))
    assert item.title in told
    assert item.party_number in told
    assert "已启动，拟订草案" in told
    assert f"/decisions/{item.id}/" in text(Client().get("/decisions/"))
    w.exempted(world, ref)
    w.heard(world, ref)
    found = public_matter.matter(item.id, w.today())
    assert found is not None
    assert [each.words.partition("，")[0] for each in found.events] == ["列入年度目录", "公开征求意见", "公布意见采纳情况"]
    assert [reached for _, reached in found.stages] == [True, True, False, False, False, False]
    titles = [paper.title for paper in found.papers]
    assert "重大行政决策征求意见公告" in "".join(titles)
    assert not any("合法性" in title or "纪要" in title or "启动" in title for title in titles)


def test_a_decision_is_shown_once_it_is_published_and_no_paper_of_the_inside_ever() -> None:
    world = w.build()
    ref = w.carried_to_the_end(world)
    item = CatalogueItem.objects.get()
    told = text(page(item))
    assert "包昆政发〔2026〕12号" in told
    assert "重大行政决策公布稿" in told
    for inside in ("时机不成熟", "资金不足", "意见合理", "会议纪要", "合法性审查意见书", "启动通知书", "王样本", ref.code):
        assert inside not in told, inside
    feed = page(item, "changes.rss")
    assert feed["Content-Type"].startswith("application/rss+xml")
    assert "公布决定和解读" in text(feed)


@pytest.mark.parametrize(
    "changed",
    [{"openness": "closed"}, {"openness": "on_request"}, {"secrecy_passed": False}, {"secrecy_reviewer": " "}, {"published_on": None}],
)
def test_what_was_not_cleared_for_the_public_is_not_shown(changed: dict[str, Any]) -> None:
    world = w.build()
    ref = w.carried_to_the_end(world)
    stated(ref, **changed)
    told = text(page(CatalogueItem.objects.get()))
    assert "包昆政发〔2026〕12号" not in told
    assert "公布稿" not in told
    assert "公布决定和解读" not in told


def test_a_decision_before_its_publication_and_one_withdrawn_are_not_shown() -> None:
    world = w.build()
    ref = w.begun(world)
    stated(ref, **w.PUBLIC, published_on=w.day(), decision_number="包昆政发〔2026〕12号", interpretation="内部解读稿")
    item = CatalogueItem.objects.get()
    assert "内部解读稿" not in text(page(item))
    row = Dossier.objects.get(code=ref.code)
    Dossier.objects.filter(code=ref.code).update(state={**row.state, "done": {**row.state["done"], "publish": [9]}})
    assert "内部解读稿" in text(page(item))
    ledger.record(f"publication:{ref.code}", "withdraw", actor=world.gazette, payload={"reason": "有误"}, league=ref.league)
    assert "内部解读稿" not in text(page(item))


def test_a_matter_that_is_not_to_be_public_is_as_good_as_none() -> None:
    world = w.build()
    ref = w.carried_to_the_end(world)
    item = CatalogueItem.objects.get()
    there = item.published_on
    assert page(item).status_code == 200
    for changed in ({"is_open": False}, {"published_on": None}, {"published_on": timezone.localdate() + timedelta(days=1)}):
        CatalogueItem.objects.update(**changed)
        assert {page(item).status_code, page(item, "changes.rss").status_code} == {404}, changed
        CatalogueItem.objects.update(is_open=True, published_on=there)
    stated(ref, open_matter=False)
    unknown = Client().get(f"/decisions/{uuid4()}/")
    hidden = page(item)
    assert (hidden.status_code, unknown.status_code) == (404, 404)
    assert item.title not in text(hidden) + text(Client().get("/decisions/")) + text(Client().get("/api/v1/decisions/catalogue"))


def test_a_page_takes_no_more_statements_for_more_papers() -> None:
    world = w.build()
    ref = w.begun(world)
    item = CatalogueItem.objects.get()

    def statements() -> int:
        with CaptureQueriesContext(connection) as found:
            page(item)
        return len(found)

    few = statements()
    w.exempted(world, ref)
    w.heard(world, ref)
    assert statements() <= few + 1


def test_an_empty_list_is_told_to_the_public_with_its_reason() -> None:
    world = w.build()
    ref = collect(world, matters=[], zero_reason="本年度没有符合标准的事项")
    w.do(ref, "consent", world.mayor, {"list_party_number": "昆党〔2026〕5号", "list_party_on": "2026-01-10"})
    assert "没有符合标准" not in text(Client().get("/decisions/"))
    w.do(ref, "publish", world.gazette, {**w.PUBLIC, "list_number": "包昆政发〔2026〕3号", "list_published_on": "2026-01-15"})
    told = text(Client().get("/decisions/"))
    assert "零目录" in told
    assert "本年度没有符合标准的事项" in told
    assert "本年度没有符合标准的事项" in text(Client().get("/decisions/?region=150200&year=2026"))
    assert "本年度没有符合标准的事项" not in text(Client().get("/decisions/?region=150700&year=2026"))
