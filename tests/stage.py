"""What the journeys share: a server and a browser, a window for each person, and how a person fills in a form.

A journey that a statutory wait lies in is told on several servers over one database, the earlier ones with an earlier clock (`earlier`).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from django.contrib.auth.hashers import PBKDF2PasswordHasher
from playwright.sync_api import Browser, Error, Locator, Page

from yifa.kernel.people.models import Person
from yifa.portal.tests.browsing import serving

PASSWORD = "meeting-room-and-seal-26"  # noqa: S105 - of accounts that live as long as one test
PATIENCE = 60_000


@dataclass
class Stage:
    """One server and one browser; everybody has a window of his own, signed in with his own name."""

    url: str
    browser: Browser
    logins: dict[str, str]
    # What is looked at before the button of a step is pressed: its form, filled in.
    look: Callable[[Page, str], None] = lambda page, step: None
    # What is answered where a rule does not refuse, but asks for a reason.
    reason: str = ""

    def __post_init__(self) -> None:
        self.windows: dict[str, Page] = {}

    def of(self, who: str, width: int = 1440) -> Page:
        """The window of one person; "" is anybody's."""
        if who not in self.windows:
            context = self.browser.new_context(viewport={"width": width, "height": 900}, locale="zh-CN", reduced_motion="reduce")
            context.set_default_timeout(PATIENCE)
            page = self.windows[who] = context.new_page()
            if who:
                page.goto(f"{self.url}/people/sign-in/")
                page.get_by_label("执法证号或账号").fill(self.logins[who])
                page.get_by_label("口令").fill(PASSWORD)
                page.get_by_role("button", name="登录").click()
                page.get_by_role("heading", name="待办").wait_for()
        return self.windows[who]

    def begin(self, who: str, procedure: str, file: Path | None = None, /, **facts: Any) -> str:
        """Opens a case on the desk by its first step; the new case's code."""
        page = self.of(who)
        page.goto(f"{self.url}/desk/")
        if (menu := page.locator("details.begin > summary")).is_visible():
            menu.click()
        page.get_by_role("link", name=f"办理{procedure}", exact=True).click()
        self._send(page, procedure, file, facts, "已经立卷")
        return page.url.rstrip("/").rpartition("/")[2]

    def do(self, who: str, code: str, step: str, file: Path | None = None, /, **facts: Any) -> None:
        """One step: from what waits on the desk or from the case to its form, its one button, and back on the case."""
        page = self.of(who)
        page.goto(f"{self.url}/desk/cases/{code}/")
        way = page.locator(f'a[href="/desk/cases/{code}/do/{step}/"]')
        assert way.count(), f"{who} finds no way to {step}: {page.locator('main').inner_text()}"
        way.first.click()
        self._send(page, step, file, facts, "已经记入案卷")

    def _send(self, page: Page, step: str, file: Path | None, facts: dict[str, Any], done: str) -> None:
        """Fills in the form of a step and presses its button; what refuses is told at once, not after a wait."""
        if file:
            attach(page, file)
        state(page, facts)
        self.look(page, step)
        page.locator("#step .act .btn-primary").click()
        page.wait_for_load_state()
        said = page.get_by_text(done)
        with suppress(Error):
            said.or_(page.locator(".refusal, .error").first).first.wait_for()
        if self.reason and (asked := page.locator('#step [name^="_reason."]')).count():
            asked.first.fill(self.reason)
            page.locator("#step .act .btn-primary").click()
            with suppress(Error):
                said.first.wait_for()
        unfilled = page.evaluate("[...document.querySelectorAll('#step :invalid')].map(each => each.name || each.tagName)")
        assert said.count(), (page.url, unfilled, page.locator(".refusal, .error").all_inner_texts() or page.locator("body").inner_text())


def attach(page: Page, file: Path) -> None:
    """Hands in a paper with a step's form, and waits until it has arrived."""
    page.locator('#step input[type="file"][multiple]').first.set_input_files(file)
    sent = page.locator(".uploads li").first
    sent.get_by_text("✓ 已上传").or_(sent.get_by_role("button")).wait_for()
    assert sent.locator('input[type="hidden"]').count(), sent.inner_text()


def hears(page: Page, text: str) -> None:
    """The page says so; where it does not, what it says instead."""
    found = page.get_by_text(text).first
    with suppress(Error):
        found.wait_for()
    assert found.is_visible(), (text, page.url, page.locator("body").inner_text())


def state(page: Page, answers: dict[str, Any]) -> None:
    """Answers a step's form as a person would: ticks, choices, words, lines, what is picked from a list."""
    for key, value in answers.items():
        if isinstance(value, dict):
            if not (isinstance(value.get("people"), list) or "strokes" in value):  # signatures are drawn, not filled in
                state(page, {f"{key}.{part}": text for part, text in value.items()})
            continue
        if isinstance(value, list) and value and isinstance(value[0], dict):
            _lines(page.locator(f'#step fieldset[data-component="Rows"][aria-describedby="d-{key}"]'), len(value))
            for n, line in enumerate(value):
                state(page, {f"{key}.{n}": line})
            continue
        box = page.locator(f'#step [name="{key}"]').first
        kind = box.get_attribute("type") or ""
        if kind == "hidden":
            _pick(page.locator(f'#step .picker:has([name="{key}"])'), str(value))
            continue
        for each in value if isinstance(value, list) else [value]:
            said = ("true" if each else "false") if isinstance(each, bool) else str(each)
            if kind in {"radio", "checkbox"}:
                page.locator(f'#step [name="{key}"][value="{said}"]').check()
            elif box.evaluate("node => node.tagName") == "SELECT":
                box.select_option(said)
            else:
                box.fill(said)


def _lines(rows: Locator, count: int) -> None:
    """Adds lines until there are enough. A press before the page's script has come does nothing, and is made again."""
    while rows.locator(".answer-row").count() < count:
        rows.locator("[data-add]").click()


def _pick(picker: Locator, text: str) -> None:
    """Types into a picker, and chooses what it offers."""
    picker.page.wait_for_load_state("networkidle")
    picker.get_by_role("combobox").press_sequentially(text, delay=20)
    picker.get_by_role("option", name=text).first.click()


def clear(page: Page) -> None:
    """公开审查: what is put before the public is public, and a named person has looked whether it may be."""
    page.get_by_label("公开属性").select_option(label="主动公开")
    page.get_by_label("保密审查人").fill("王保密样本")
    page.get_by_label("经保密审查可以公开").check()


def accounts(people: dict[str, Any]) -> dict[str, str]:
    """Logins by who they are; all with one password, hashed as the site hashes it."""
    Person.objects.update(password=PBKDF2PasswordHasher().encode(PASSWORD, "salt-of-this-test-alone"))
    return {who: Person.objects.get(pk=actor.person).login for who, actor in people.items()}


@contextmanager
def earlier(own_db: Any, *, days: int) -> Iterator[str]:
    """The address of the site as it was so many days ago."""
    with patch.dict(os.environ, {"YIFA_DAYS_AGO": str(days)}), serving(own_db, application="tests.earlier:application") as url:
        yield url
