"""A security key, bound and used to sign in, in a real Chromium with a virtual authenticator at http://localhost."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core.management import call_command
from django.db import connections
from django.test import override_settings
from playwright.sync_api import Browser, Page

from yifa.enforcement.tests import world as w
from yifa.kernel.ledger.models import Payload
from yifa.kernel.people.models import Person
from yifa.portal.tests.browsing import chromium, inspect, needed, serving

pytestmark = pytest.mark.browser

PASSWORD = "a-long-password-for-this-test"  # noqa: S105 - of this test's own account
USB_KEY = {
    "protocol": "ctap2",
    "transport": "usb",
    "hasResidentKey": False,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def site(own_db: Any, tmp_path: Path) -> Iterator[tuple[str, Browser, str]]:
    """The address, the browser, and the account of an officer who has a password and no second factor yet."""
    needed()
    officer = Person.objects.get(pk=w.build().li.person)
    # As the site hashes it: the cheap hasher of the tests is not known there.
    officer.password = PBKDF2PasswordHasher().encode(PASSWORD, "salt-of-this-test-alone")
    officer.save(update_fields=["password"])
    with override_settings(STATIC_ROOT=tmp_path):
        call_command("collectstatic", interactive=False, verbosity=0)
    with serving(own_db, static=tmp_path) as url, chromium() as browser:
        yield url, browser, officer.login


@contextmanager
def holding_a_key(browser: Browser) -> Iterator[tuple[Page, Any, str]]:
    """A page whose browser has a security key plugged in: the page, the debugger's line to it, the key's id."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    line = context.new_cdp_session(page)
    line.send("WebAuthn.enable")
    key = line.send("WebAuthn.addVirtualAuthenticator", {"options": USB_KEY})["authenticatorId"]
    yield page, line, key
    context.close()


def read(question: Callable[[], Any]) -> Any:
    """Asks the database in a thread of its own: the browser's loop runs in this one."""

    def asked() -> Any:
        try:
            return question()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asked).result()


def enter(page: Page, url: str, login: str) -> None:
    page.goto(f"{url}/people/sign-in/")
    page.locator("[name=login]").fill(login)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()


def test_a_key_is_bound_and_then_signs_in_and_another_key_does_not(site: tuple[str, Browser, str]) -> None:
    url, browser, login = site
    with holding_a_key(browser) as (page, line, key):
        enter(page, url, login)
        page.goto(f"{url}/people/enrol/", wait_until="networkidle")
        page.get_by_text("改用安全密钥").click()
        page.get_by_label("给它起个名字").fill("蓝色钥匙")
        inspect(page, "key-enrol")
        page.get_by_role("button", name="绑定安全密钥").click()
        page.get_by_text("第二因素已绑定").wait_for()
        held = line.send("WebAuthn.getCredentials", {"authenticatorId": key})["credentials"]
        assert [each["rpId"] for each in held] == ["localhost"]
        assert read(lambda: Authenticator.objects.get(user__login=login).wrap().name) == "蓝色钥匙"

        page.goto(f"{url}/people/me/")
        page.context.clear_cookies()
        enter(page, url, login)
        page.wait_for_url("**/people/factor/")
        page.wait_for_load_state("networkidle")
        inspect(page, "key-factor")
        page.get_by_role("button", name="用安全密钥登录").click()
        page.wait_for_url("**/desk/**")
        assert line.send("WebAuthn.getCredentials", {"authenticatorId": key})["credentials"][0]["signCount"] > held[0]["signCount"]
    told = Payload.objects.filter(chain__startswith="sign-in:", side="open").order_by("seq").values_list("payload", flat=True)
    assert [json.loads(each or "{}")["factor"] for each in read(lambda: list(told))] == ["password", "webauthn"]

    with holding_a_key(browser) as (page, _, _):
        enter(page, url, login)
        page.wait_for_url("**/people/factor/")
        page.wait_for_load_state("networkidle")
        page.get_by_role("button", name="用安全密钥登录").click()
        page.wait_for_timeout(1500)
        assert "/people/factor/" in page.url
        assert page.goto(f"{url}/desk/").url.startswith(f"{url}/people/sign-in/")  # type: ignore[union-attr]  # a navigation has an answer
    assert len(read(lambda: list(Payload.objects.filter(chain__startswith="sign-in:", side="open").values_list("seq")))) == 2
