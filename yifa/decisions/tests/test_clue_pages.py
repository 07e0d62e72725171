"""The pages of clues: a supervisor raises, the unit answers, another person concludes; everybody else sees nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from yifa.decisions.models import Clue
from yifa.decisions.tests import world as w
from yifa.decisions.tests.test_catalogue import published
from yifa.decisions.tests.test_clues import GROUNDS, evaded, forged, heard
from yifa.decisions.tests.test_judging import client

pytestmark = pytest.mark.usefixtures("own_db")


def test_a_clue_goes_its_way_on_the_pages() -> None:
    world = w.build()
    ref = w.carried_to_the_end(world)
    matter, raising = f"/desk/decisions/{ref.code}/", f"/desk/decisions/clues/new/?dossier={ref.code}"
    assert raising in client(world.supervisor).get(matter).content.decode()
    assert raising not in client(world.drafter).get(matter).content.decode()
    form = client(world.supervisor).get(raising).content.decode()
    assert "城区供热管网改造方案" in form
    sent = {"dossier": ref.code, "line": "R5", "grounds": GROUNDS}
    assert client(world.supervisor).post("/desk/decisions/clues/new/", sent).status_code == 302
    row = Clue.objects.get()
    address = f"/desk/decisions/clues/{row.id}/"

    # The unit sees what was found and is asked; it does not conclude. Whoever raised it is told that another person must.
    page = client(world.drafter).get(address).content.decode()
    assert GROUNDS in page
    assert f"{address}state/" in page
    assert "认定属实" not in page
    assert "应当由另一人认定" in client(world.supervisor).get(address).content.decode()
    early = client(world.reviewer).post(f"{address}establish/", {"reason": "经核对原件属实。"})
    assert (early.status_code, "听取单位的陈述" in early.content.decode()) == (422, True)
    assert client(world.drafter).post(f"{address}state/", {"statement": "材料是事后补签的。"}).status_code == 302
    assert "材料是事后补签的" in client(world.reviewer).get(address).content.decode()
    assert client(world.reviewer).post(f"{address}establish/", {"reason": "经核对原件属实。"}).status_code == 302

    # The unit sees the outcome; the matter's page tells it.
    assert "经核对原件属实" in client(world.drafter).get(address).content.decode()
    page = client(world.drafter).get(matter).content.decode()
    assert "红线R5" in page
    assert address in page
    told = {"to": "区纪委监委", "number": "昆司移〔2026〕1号", "on": timezone.localdate().isoformat()}
    assert client(world.reviewer).post(f"{address}refer/", told).status_code == 302
    assert "昆司移〔2026〕1号" in client(world.supervisor).get(address).content.decode()


def test_what_was_kept_off_the_list_is_raised_without_a_case() -> None:
    world = w.build()
    browser = client(world.supervisor)
    form = browser.get("/desk/decisions/clues/new/").content.decode()
    assert "昆都仑区人民政府" in form
    sent = {"government": world.mayor.organisation, "title": "城区供水价格调整", "grounds": "短"}
    refused = browser.post("/desk/decisions/clues/new/", sent)
    assert (refused.status_code, "城区供水价格调整" in refused.content.decode()) == (422, True)
    assert browser.post("/desk/decisions/clues/new/", sent | {"grounds": "由专题会议决定。", "line": "R5"}).status_code == 302
    assert Clue.objects.get().line == "R6"
    listed = browser.get("/desk/decisions/clues/").content.decode()
    assert "城区供水价格调整" in listed
    assert "城区供水价格调整" not in browser.get("/desk/decisions/clues/?state=established").content.decode()


def test_what_was_noted_in_the_list_is_offered_until_it_is_raised() -> None:
    world = w.build()
    ref = published(world)
    found = [{"title": "某大桥建设项目", "undertaker": "样本住建局", "found": "未列入目录即开工"}]
    w.do(ref, "find_missing", world.supervisor, {"missing_matters": found})
    browser = client(world.supervisor)
    page = browser.get("/desk/decisions/clues/new/")
    (noted,) = page.context["noted"]
    assert (noted.title, noted.government) == ("某大桥建设项目", world.mayor.organisation)
    case = client(world.office).get(f"/desk/cases/{ref.code}/").content.decode()
    assert "/desk/decisions/clues/" in case
    assert "/desk/decisions/clues/" in browser.get("/desk/decisions/").content.decode()
    assert "/desk/decisions/clues/" not in client(world.clerk).get("/desk/decisions/").content.decode()
    sent = {"government": noted.government, "title": noted.title, "grounds": noted.found}
    assert browser.post("/desk/decisions/clues/new/", sent).status_code == 302
    assert browser.get("/desk/decisions/clues/new/").context["noted"] == []


def test_nobody_else_learns_that_there_is_a_clue() -> None:
    world = w.build()
    ref = w.carried_to_the_end(world)
    row = forged(world, ref)
    address = f"/desk/decisions/clues/{row.id}/"
    assert client(world.stranger).get(address).status_code == 404
    assert client(world.stranger).post(f"{address}dismiss/", {"reason": "没有问题。"}).status_code == 404
    assert row.title not in client(world.stranger).get("/desk/decisions/clues/").content.decode()
    assert client(world.clerk).get(address).status_code == 403
    assert client(world.stranger).get("/desk/decisions/clues/new/").status_code == 403
    assert client(world.reviewer).post(f"{address}erase/").status_code == 404


def test_the_list_goes_on_page_by_page_and_loses_none() -> None:
    world = w.build()
    for n in range(33):
        evaded(world, title=f"应列未列的事项之{n:02d}")
    browser, seen, query = client(world.supervisor), set[str](), ""
    for _ in range(2):
        page = browser.get(f"/desk/decisions/clues/?{query}")
        seen |= {str(each.id) for each in page.context["rows"]}
        query = page.context["next"]
    assert len(seen) == 33
    assert not query
    assert browser.get("/desk/decisions/clues/?after=x&state=none").status_code == 200


def test_a_conclusion_is_reached_once_the_days_are_over() -> None:
    world = w.build()
    row = evaded(world)
    Clue.objects.filter(id=row.id).update(statement_due_on=timezone.localdate() - timedelta(days=1))
    sent = {"reason": "逾期没有陈述，经核实属实。"}
    assert client(world.reviewer).post(f"/desk/decisions/clues/{row.id}/establish/", sent).status_code == 302
    page = client(world.mayor).get(f"/desk/decisions/clues/{row.id}/").content.decode()
    assert "考核扣2分" in page
    other = heard(world, evaded(world, title="另一件应列未列的事项"))
    assert client(world.reviewer).post(f"/desk/decisions/clues/{other.id}/dismiss/", sent).status_code == 302
    assert "不成立" in client(world.mayor).get(f"/desk/decisions/clues/{other.id}/").content.decode()
