"""The pages of decisions that the table of addresses cannot open, because they need a matter, in a real Chromium.

Nothing is serious for axe, nothing runs off sideways, and every page has its heading (the others are those of test_looks.py).
"""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from tests.decision_stage import NARROW, WIDE, people
from yifa.decisions.tests import world as w
from yifa.kernel.people.models import MailFollower
from yifa.portal.tests.browsing import chromium, inspect, needed, serving
from yifa.portal.tests.test_browser_desk import signed_in

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
TOKEN = "a" * 43


def pages(begun: str, ended: str) -> list[tuple[str, str, str]]:
    """(who, name, address); "" is anybody."""
    return [
        ("office", "todo-turns", "/desk/"),
        ("office", "start-catalogue", "/desk/start/decision_catalogue/"),
        ("office", "import-experts", "/desk/decisions/experts/import/"),
        ("office", "form-enter", f"/desk/cases/{begun}/do/enter/"),
        ("drafter", "start", "/desk/start/major_decision/"),
        ("drafter", "begun", f"/desk/decisions/{begun}/"),
        ("drafter", "why-not", f"/desk/cases/{begun}/do/draft/"),
        ("drafter", "ended", f"/desk/decisions/{ended}/"),
        ("drafter", "case", f"/desk/cases/{ended}/"),
        ("drafter", "archive", f"/desk/cases/{ended}/catalogue/"),
        ("clerk", "reserved", f"/desk/decisions/{ended}/responsibility/"),
        ("mayor", "responsibility", f"/desk/decisions/{ended}/responsibility/"),
        ("reviewer", "judge", f"/desk/decisions/{ended}/"),
        ("assessor", "templates-new", "/desk/decisions/templates/new/"),
        ("supervisor", "clue", f"/desk/decisions/clues/new/?dossier={ended}"),
        ("", "mail", f"/decisions/mail/{TOKEN}/"),
    ]


def test_every_page_of_a_matter_is_fit_to_be_seen(own_db: Any) -> None:
    needed()
    world = w.build()
    begun, ended = w.propose(world, title="另一事项").code, w.carried_to_the_end(world).code
    MailFollower.objects.create(topic="catalogue:150203", title="昆都仑区目录", email="a@example.com", token=TOKEN, asked_at=timezone.now())
    sessions = {who: signed_in(actor) for who, actor in people(world).items()}
    faults = []
    with serving(own_db) as url, chromium() as browser:
        for width in (NARROW, WIDE):
            context = browser.new_context(viewport={"width": width, "height": 900}, locale="zh-CN")
            page = context.new_page()
            for who, name, address in pages(begun, ended):
                context.clear_cookies()
                if who:
                    context.add_cookies([{"name": "sessionid", "value": sessions[who], "url": url}])
                answer = page.goto(url + address)
                assert answer is not None
                if answer.status not in {200, 409} and name != "reserved":
                    faults.append(f"{name}: {answer.status}")
                try:
                    inspect(page, f"decision-page-{name}-{width}")
                except AssertionError as wrong:
                    faults.append(f"{name} at {width}: {wrong}")
                if page.locator("h1").count() != 1:
                    faults.append(f"{name}: {page.locator('h1').count()} headings")
    assert not faults, "\n".join(faults)


def test_the_button_of_an_empty_list_is_as_wide_as_its_words(own_db: Any) -> None:
    needed()
    session = signed_in(w.build().office)
    with serving(own_db) as url, chromium() as browser:
        context = browser.new_context(viewport={"width": NARROW, "height": 900})
        context.add_cookies([{"name": "sessionid", "value": session, "url": url}])
        page = context.new_page()
        page.goto(f"{url}/desk/start/decision_catalogue/")
        button = page.get_by_role("button", name="增加一行")
        assert button.evaluate("each => each.scrollWidth <= each.clientWidth && each.getBoundingClientRect().left < 60")
