"""The officer's pages in a real Chromium, and one on-the-spot penalty done with keyboard and pointer alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page

from yifa.enforcement.tests import world as w
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.models import Person
from yifa.portal.tests.browsing import chromium, inspect, needed, serving

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Desk:
    url: str
    code: str
    session: str
    browser: Browser

    def open(self, path: str, width: int) -> Page:
        """A page of the signed-in officer."""
        context = self.browser.new_context(viewport={"width": width, "height": 900})
        context.add_cookies([{"name": "sessionid", "value": self.session, "url": self.url}])
        page = context.new_page()
        page.goto(self.url + path, wait_until="networkidle")
        return page


def signed_in(actor: Actor) -> str:
    """The key of a session in which this actor has passed both factors."""
    client = Client()
    client.force_login(Person.objects.get(pk=actor.person), backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session["people.post"], session["people.factor"] = actor.post, True
    session.save()
    return client.cookies["sessionid"].value


@pytest.fixture
def desk(own_db: Any) -> Iterator[Desk]:
    needed()
    world = w.build()
    ref = w.walk(world, "establish", "order_correction", "inform")
    session = signed_in(world.li)
    with serving(own_db) as url, chromium() as browser:
        yield Desk(url, ref.code, session, browser)


@pytest.mark.parametrize("width", [375, 1440])
def test_every_desk_page_fits_and_has_nothing_serious(desk: Desk, width: int) -> None:
    code = desk.code
    paths = {
        "todo": "/desk/",
        "cases": "/desk/cases/",
        "dossier": f"/desk/cases/{code}/",
        "hear": f"/desk/cases/{code}/do/hear/",
        "why-not": f"/desk/cases/{code}/do/decide/",
        "start": "/desk/start/summary_penalty/",
    }
    page = desk.open("/desk/", width)
    for name, path in paths.items():
        page.goto(desk.url + path, wait_until="networkidle")
        inspect(page, f"desk-{name}-{width}")


def test_an_officer_hears_and_decides_with_a_drawn_signature(desk: Desk) -> None:
    page = desk.open(f"/desk/cases/{desk.code}/do/hear/", 1440)
    page.get_by_text("无异议，不陈述、不申辩").click()
    page.get_by_role("button", name="已听取意见").click()
    page.goto(f"{desk.url}/desk/cases/{desk.code}/do/decide/", wait_until="networkidle")
    for pad in page.locator("canvas.pad").all():
        pad.scroll_into_view_if_needed()
        box = pad.bounding_box()
        assert box is not None
        page.mouse.move(box["x"] + 30, box["y"] + 40)
        page.mouse.down()
        for step in range(12):
            page.mouse.move(box["x"] + 30 + step * 12, box["y"] + 40 + (step % 3) * 25)
        page.mouse.up()
    page.locator("#preview img").first.wait_for()
    inspect(page, "desk-decide-1440")
    page.get_by_role("button", name="作出当场处罚决定").click()
    page.get_by_text("已经记入案卷").wait_for()
    inspect(page, "desk-decided-1440")
