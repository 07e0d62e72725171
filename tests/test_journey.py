"""Whole journeys in a real Chromium: from sign-in to a verified receipt, and the party's own way from the printed code to his rating."""

from __future__ import annotations

import io
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pypdf
import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from PIL import Image
from playwright.sync_api import Browser, Page

from tests.stage import state
from yifa.documents.models import Document
from yifa.dossiers import store
from yifa.dossiers.models import Dossier
from yifa.enforcement.tests import world as w
from yifa.kernel.people.models import Person
from yifa.portal.tests.browsing import chromium, follow, inspect, needed, serving
from yifa.portal.tests.test_browser_desk import signed_in

pytestmark = pytest.mark.browser
PASSWORD = "roadside-and-windy-26"  # noqa: S105 - of an account that lives as long as this test


@dataclass(frozen=True)
class Served:
    """A decision that has reached its party, and the code printed on it."""

    code: str
    token: str
    printed: str
    pdf: bytes
    pages: int


@dataclass(frozen=True)
class Site:
    """All that a journey needs of the database, read before the browser starts: Django stays out of the browser's loop."""

    url: str
    world: w.World
    login: str
    sessions: dict[str, str]
    served: Served
    browser: Browser

    def page(self, width: int = 1440, *, who: str = "") -> Page:
        """A page of its own context: nobody's, or this one's after both factors."""
        # Reduced motion: a page that glides into place is measured before it has arrived.
        context = self.browser.new_context(viewport={"width": width, "height": 740}, locale="zh-CN", reduced_motion="reduce")
        context.set_default_timeout(15_000)
        if who:
            context.add_cookies([{"name": "sessionid", "value": self.sessions[who], "url": self.url}])
        return context.new_page()


@pytest.fixture
def site(own_db: Any) -> Iterator[Site]:
    needed()
    world = w.build()
    officer = Person.objects.get(pk=world.li.person)
    # As the site hashes it: the cheap hasher of the tests is not known there.
    officer.password = PBKDF2PasswordHasher().encode(PASSWORD, "salt-of-this-test-alone")
    officer.save()
    sessions, served = {"officer": signed_in(world.li), "head": signed_in(world.head)}, serve(world)
    with serving(own_db) as url, chromium() as browser:
        yield Site(url, world, officer.login, sessions, served, browser)


def serve(world: w.World) -> Served:
    ref = w.walk(world, "establish", "order_correction", "inform", "hear", "decide", "deliver")
    decision = Document.objects.get(league=ref.league, dossier=ref.code, title="当场行政处罚决定书")
    pdf = store.path(decision.sha256).read_bytes()
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)
    printed = re.search(r"身份核对码\W*([0-9A-Z]{8})", text)
    assert printed is not None, text
    token = Dossier.objects.get(league=ref.league, code=ref.code).token
    return Served(ref.code, token, printed[1], pdf, decision.pages)


def code_now(secret: str, later: int = 0) -> str:
    """What the authenticator app shows; one step later for the second use, because a number counts once."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + later)))


def sign_in_with_both_factors(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/people/sign-in/")
    inspect(page, "journey-sign-in")
    page.get_by_label("执法证号或账号").fill(site.login)
    page.get_by_label("口令").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.get_by_role("heading", name="待办").wait_for()
    page.goto(f"{site.url}/people/enrol/")
    secret = page.locator(".sheet .mono").inner_text().replace(" ", "")
    inspect(page, "journey-enrol")
    page.get_by_label("六位数").fill(code_now(secret))
    page.get_by_role("button", name="绑定验证器").click()
    page.get_by_text("第二因素已绑定").wait_for()
    page.locator("details.who > summary").click()
    page.get_by_role("button", name="退出").click()
    page.get_by_label("执法证号或账号").fill(site.login)
    page.get_by_label("口令").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.get_by_label("验证器上的六位数").fill(code_now(secret, 1))
    page.get_by_role("button", name="确认登录").click()
    page.get_by_role("heading", name="待办").wait_for()


def draw(page: Page) -> None:
    """A stroke on every pad, with the pointer."""
    for pad in page.locator("canvas.pad:visible").all():
        pad.scroll_into_view_if_needed()
        box = pad.bounding_box()
        assert box is not None
        page.mouse.move(box["x"] + 30, box["y"] + 40)
        page.mouse.down()
        for n in range(12):
            page.mouse.move(box["x"] + 30 + n * 12, box["y"] + 40 + (n % 3) * 25)
        page.mouse.up()


def do(page: Page, site: Site, code: str, step: str, more: Callable[[], None] = lambda: None, **changed: Any) -> None:
    """One step on the desk: from the case's page by its link, its form, its one button, back on the case's page."""
    page.locator(f'a[href="/desk/cases/{code}/do/{step}/"]').first.click()
    state(page, w.answers(site.world, step, **changed))
    more()
    draw(page)
    inspect(page, f"journey-{step}")
    page.locator("#step .act .btn-primary").click()
    page.get_by_text("已经记入案卷").wait_for()


def test_an_officer_signs_in_and_anyone_verifies_what_he_did(site: Site, tmp_path: Path) -> None:
    page = site.page()
    sign_in_with_both_factors(page, site)
    inspect(page, "journey-todo")

    page.get_by_text("新办事项", exact=True).click()
    page.get_by_role("link", name="行政处罚简易程序").click()
    page.get_by_role("combobox", name="执法事由").press_sequentially("犬只", delay=20)
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.get_by_label("王样本").check()
    stated = w.answers(site.world, "show_badge")
    state(page, {key: value for key, value in stated.items() if key not in {"item", "officers"}})
    inspect(page, "journey-start")
    page.get_by_role("button", name="已出示证件").click()
    page.get_by_text("已经立卷").wait_for()
    code = page.url.rstrip("/").rpartition("/")[2]

    photo = tmp_path / "现场.jpg"
    Image.new("RGB", (1600, 1200), (120, 140, 110)).save(photo)

    def upload() -> None:
        page.get_by_label("现场照片、录音录像或者书证：选择文件").set_input_files(photo)
        page.locator('.uploads input[type="hidden"]').wait_for(state="attached")

    # Somebody else than the party of the case that is there already: he would have been fined at the same hour (行政处罚法 29).
    party = {"name": "钱样本", "identity_kind": "id", "identity_number": "150203198001010024"}
    do(page, site, code, "establish", upload, party=party)
    for step in ("order_correction", "inform", "hear", "decide", "deliver"):
        do(page, site, code, step)
    # The photo has become evidence with a small picture, which the media origin serves to this page.
    page.wait_for_function("[...document.querySelectorAll('.pieces img')].some(each => each.complete && each.naturalWidth > 0)")
    inspect(page, "journey-case")
    assert page.get_by_role("link", name="一案一码").locator("svg").is_visible()

    with page.expect_download() as download:
        page.get_by_role("link", name="下载凭据").click()
    receipt = tmp_path / "receipt.json"
    download.value.save_as(receipt)

    anyone = site.page()
    anyone.goto(f"{site.url}/verify", wait_until="networkidle")
    dropped = anyone.evaluate_handle(
        "text => { const data = new DataTransfer(); data.items.add(new File([text], 'receipt.json')); return data; }",
        receipt.read_text(encoding="utf-8"),
    )
    anyone.dispatch_event("#drop", "drop", {"dataTransfer": dropped})
    anyone.get_by_text("记录属实，未被改动").wait_for()
    assert anyone.locator("#result tbody tr").count() == 7
    inspect(anyone, "journey-verified")


def test_a_party_scans_reads_proves_downloads_and_rates_once(site: Site) -> None:
    page = site.page(375)
    page.goto(f"{site.url}/c/{site.served.token}")
    page.get_by_text("真实：这份行政处罚决定书由本系统作出").wait_for()
    page.get_by_text("昆都仑区人民政府").first.wait_for()
    assert page.get_by_text("申请行政复议").first.is_visible()
    assert "张样本" not in page.content()
    assert page.get_by_role("button", name="提交评价").count() == 0
    inspect(page, "journey-code")

    follow(page, page.get_by_role("link", name="我是当事人"))
    inspect(page, "journey-prove")
    page.get_by_label("证件号码的后四位").fill("002X")
    page.get_by_label("决定书上的身份核对码").fill("22222222")
    follow(page, page.get_by_role("button", name="查看我的案件"))
    page.get_by_text("没有通过").wait_for()
    page.get_by_label("证件号码的后四位").fill("002X")
    page.get_by_label("决定书上的身份核对码").fill(site.served.printed)
    follow(page, page.get_by_role("button", name="查看我的案件"))
    inspect(page, "journey-mine")

    row = page.locator("tr", has_text="当场行政处罚决定书")
    with page.expect_download() as download:
        row.get_by_role("link", name="下载 PDF").click()
    pdf = Path(download.value.path()).read_bytes()
    assert pdf == site.served.pdf
    assert len(pypdf.PdfReader(io.BytesIO(pdf)).pages) == site.served.pages

    page.get_by_text("5 分").click()
    page.get_by_role("button", name="提交评价").click()
    page.get_by_text("每份文书只能评价一次").wait_for()
    page.reload()
    assert page.get_by_role("button", name="提交评价").count() == 0


def tab_to(page: Page, selector: str) -> None:
    """Tab until the focus is on what the selector names."""
    for _ in range(120):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"no tab leads to {selector}")


def test_a_refusal_names_the_article_and_who_can_help_by_keyboard_alone(site: Site) -> None:
    page = site.page(who="head")
    page.goto(f"{site.url}/desk/cases/{site.served.code}/", wait_until="networkidle")
    tab_to(page, ".next summary")
    while "现在不能" not in page.evaluate("document.activeElement.closest('li').textContent"):
        tab_to(page, ".next summary")
    page.keyboard.press("Enter")
    opened = page.locator(".next details[open] .refusal").first
    opened.wait_for()
    assert "《" in opened.inner_text()
    assert "》第" in opened.inner_text()
    assert "可以找谁：" in opened.inner_text()
    inspect(page, "journey-why-not")


def test_the_first_step_is_usable_on_a_phone(site: Site) -> None:
    width = 375
    page = site.page(width, who="officer")
    page.goto(f"{site.url}/desk/start/summary_penalty/", wait_until="networkidle")
    inspect(page, "journey-start-phone")
    button = page.get_by_role("button", name="已出示证件")
    button.scroll_into_view_if_needed()
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    # What the thumb touches is the button itself, not the bar that lies at the foot of the screen.
    for control in [button, *page.locator("#step .choices label").all()]:
        control.evaluate("node => node.scrollIntoView({block: 'center'})")
        box = control.bounding_box()
        assert box is not None
        assert box["height"] >= 40
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        touched = "([x, y]) => document.elementFromPoint(x, y)?.closest('button, label')?.textContent.trim()"
        assert page.evaluate(touched, [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2]) == control.inner_text().strip()
