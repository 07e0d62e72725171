"""Every page that somebody may open, in a real Chromium on a phone and on a desk, each by the first role that is let in.

The addresses are those of tests/test_roles.py, so a new page is looked at without a word here. Nothing runs off sideways, nothing is
serious for axe, every page has one heading, a title of its own and its language, and Chinese is punctuated as it is printed.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.test_roles import ROLES, Stage, lines, path_of
from yifa.portal.tests.browsing import chromium, inspect, needed, serving
from yifa.portal.tests.test_browser_desk import signed_in

pytestmark = pytest.mark.browser

# Answers to programs, files, fragments and redirects: nothing that a person reads as a page.
NO_PAGE = re.compile(
    r"^(api/(?!v1/problems)|files/|log/(checkpoint|key|tile)|desk/(pick|search)|complaints/bodies|find/|elder/)|/receipt/?$|\.(csv|json|rss)$"
)
# A rule, a code and an address are written in half-width marks; so is everything quoted from them.
HALF = re.compile(r"[\u4e00-\u9fff”》〕][,;:?!](?=[\u4e00-\u9fff“《])|[\u4e00-\u9fff]\((?=[\u4e00-\u9fff])")
# Titles and texts of law, and the words of an imported set, are shown as they were written: their digests are kept.
QUOTED = ("laws/", "parameters/", "assessment/sets/")

# The same page at two addresses: this year's calendar, and the form under a list that did not take what was sent.
SAME = {"calendar/", "grants/new/"}


def pages() -> list[tuple[str, str]]:
    """(role, address) of every page, by the first role that is shown it."""
    found = []
    for method, address, cells in lines():
        if method == "GET" and 200 in cells and not NO_PAGE.search(address):
            found.append((ROLES[cells.index(200)], address))
    return found


def headings(page: Page) -> list[str]:
    told: list[str] = page.evaluate("[...document.querySelectorAll('h1')].map((each) => each.textContent.trim())")
    return told


@pytest.mark.parametrize("width", [375, 1440])
def test_every_page_is_fit_to_be_seen(own_db: Any, width: int) -> None:
    needed()
    stage = Stage()
    sessions = {role: signed_in(actor) for role, actor in stage.people.items() if actor}
    faults: list[str] = []
    titles: dict[tuple[str, int], set[str]] = defaultdict(set)
    with serving(own_db) as url, chromium() as browser:
        context = browser.new_context(viewport={"width": width, "height": 900}, locale="zh-CN")
        page = context.new_page()
        for role, address in pages():
            context.clear_cookies()
            if role in sessions:
                context.add_cookies([{"name": "sessionid", "value": sessions[role], "url": url}])
            page.goto(url + path_of(address, stage.values))
            if page.locator("[hx-trigger^=load]").count():
                page.wait_for_load_state("networkidle")
            name = f"{address or '(home)'} as {role}"
            try:
                inspect(page, f"page-{re.sub(r'[^a-z0-9]+', '-', address) or 'home'}-{width}")
            except AssertionError as wrong:
                faults.append(f"{name}: {wrong}")
            if len(headings(page)) > 1 or not (headings(page) or page.locator(".answer > header").count()):
                faults.append(f"{name}: headings {headings(page)}")
            if page.evaluate("document.documentElement.lang") != "zh-Hans":
                faults.append(f"{name}: no language")
            if not address.startswith(QUOTED) and (half := HALF.findall(page.evaluate("document.body.innerText"))):
                faults.append(f"{name}: half-width marks {half[:3]}")
            titles[page.title(), page.locator(".desk").count()].add(address)
    faults += [f"one title for several pages: {title} {sorted(many)}" for (title, _), many in titles.items() if len(many - SAME) > 1]
    assert not faults, "\n".join(faults)


def test_the_bar_of_a_phone_holds_every_door_and_closes_again(own_db: Any) -> None:
    """A supervisor has more doors than fit: the rest stand behind 更多, by pointer and by keyboard."""
    needed()
    stage = Stage()
    supervisor = stage.people["supervisor"]
    assert supervisor is not None
    session = signed_in(supervisor)
    with serving(own_db) as url, chromium() as browser:
        context = browser.new_context(viewport={"width": 375, "height": 812})
        context.add_cookies([{"name": "sessionid", "value": session, "url": url}])
        page = context.new_page()
        page.goto(f"{url}/desk/", wait_until="networkidle")
        bar = page.get_by_role("navigation", name="主要工作")
        assert bar.get_by_role("link", name="统计").count() == 0, "not before it is asked for"
        bar.get_by_text("更多").click()
        bar.get_by_role("link", name="统计").wait_for()
        page.keyboard.press("Escape")
        bar.get_by_role("link", name="统计").wait_for(state="hidden")
        bar.get_by_text("更多").press("Enter")
        bar.get_by_role("link", name="统计").click()
        page.wait_for_url("**/supervision/figures/")
        assert bar.get_by_text("更多").get_attribute("class") == "here"
