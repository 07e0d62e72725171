"""The pages in a real Chromium, on a phone and on a desk: nothing overflows, nothing serious for axe, and the verifier works off line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from yifa.kernel.ledger import queries as log
from yifa.kernel.ledger import services as ledger
from yifa.portal.tests.browsing import chromium, follow, inspect, needed, serving
from yifa.portal.tests.conftest import World, make_world
from yifa.portal.tests.test_roles import signed_in
from yifa.supervision import services as supervision

pytestmark = pytest.mark.browser

WIDTHS = (375, 1440)


@dataclass(frozen=True)
class Site:
    url: str
    world: World
    receipt: bytes
    session: str


@pytest.fixture
def site(own_db: Any) -> Iterator[Site]:
    needed()
    world = make_world()
    receipt = ledger.receipt(world.dossier.code, league="150200")
    world.organisation.territory.add(world.organisation.region)
    supervision.complain(about="body", organisation=world.organisation.code, text="执法人员没有出示证件就开始检查", name="王五")
    supervision.rate(dossier=world.dossier.code, document="d", organisation=world.organisation.code, score=1, note="态度不好")
    session = signed_in(world, "supervisor").cookies["sessionid"].value
    with serving(own_db) as url:
        yield Site(url, world, receipt, session)


@pytest.fixture
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


def test_every_public_page_on_a_phone_and_on_a_desk(site: Site, browser: Browser) -> None:
    token = site.world.dossier.token
    paths = {
        "home": "/",
        "case": f"/c/{token}",
        "prove": f"/c/{token}/open",
        "officer": f"/v/{site.world.certificate.token}",
        "no-case": f"/c/{'A' * 26}",
        "disclosure": "/disclosure/",
        "complain": "/complaints/new",
        "complaint": "/complaints/",
        "remedies": "/remedies/",
        "log": "/log/",
        "verify": "/verify",
    }
    for width in WIDTHS:
        page = browser.new_page(viewport={"width": width, "height": 900})
        for name, path in paths.items():
            page.goto(site.url + path, wait_until="networkidle")
            inspect(page, f"{name}-{width}")
        page.close()


def test_the_supervisor_s_pages_on_a_phone_and_on_a_desk(site: Site, browser: Browser) -> None:
    for width in WIDTHS:
        context = browser.new_context(viewport={"width": width, "height": 900})
        context.add_cookies([{"name": "sessionid", "value": site.session, "url": site.url}])
        page = context.new_page()
        page.goto(f"{site.url}/supervision/complaints/", wait_until="networkidle")
        inspect(page, f"complaints-{width}")
        follow(page, page.get_by_role("link", name="执法人员没有出示证件"))
        inspect(page, f"complaint-answer-{width}")
        page.goto(f"{site.url}/supervision/clues/", wait_until="networkidle")
        inspect(page, f"clues-{width}")
        for name, path in {"figures": "/supervision/figures/", "figure": "/supervision/figures/M25/", "assessment": "/assessment/"}.items():
            page.goto(site.url + path, wait_until="networkidle")
            inspect(page, f"{name}-{width}")
        context.close()


def test_a_party_proves_himself_reads_and_rates(site: Site, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 375, "height": 800})
    page.goto(f"{site.url}/c/{site.world.dossier.token}")
    follow(page, page.get_by_role("link", name="我是当事人"))
    page.get_by_label("证件号码的后四位").fill("002X")
    page.get_by_label("决定书上的身份核对码").fill(site.world.printed)
    follow(page, page.get_by_role("button", name="查看我的案件"))
    inspect(page, "mine-375")
    page.get_by_text("2 分 不满意").click()
    page.get_by_role("button", name="提交评价").click()
    page.get_by_text("每份文书只能评价一次").wait_for()


def test_a_complaint_is_filed_with_the_keyboard_and_found_by_its_code(site: Site, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 375, "height": 800})
    page.goto(f"{site.url}/complaints/new", wait_until="networkidle")
    page.get_by_label("投诉哪个机关").press_sequentially("土默特", delay=20)
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.get_by_label("什么事").fill("执法人员态度粗暴，没有说明理由")
    page.get_by_role("button", name="提交投诉").click()
    code = page.locator("#code").inner_text()
    inspect(page, "complained-375")
    page.goto(f"{site.url}/complaints/")
    page.get_by_label("查询码").fill(code)
    page.get_by_role("button", name="查询").click()
    page.get_by_text("正在核查").wait_for()


def test_the_verifier_works_without_a_network_and_from_a_saved_file(site: Site, browser: Browser, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_bytes(site.receipt)
    bad.write_bytes(site.receipt.replace(b'\\"step\\":\\"decide', b'\\"step\\":\\"decidf', 1))
    assert bad.read_bytes() != good.read_bytes()
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.goto(f"{site.url}/verify", wait_until="networkidle")
    context.set_offline(True)
    page.set_input_files("#receipt", good)
    page.get_by_text("记录属实，未被改动").wait_for()
    inspect(page, "verified-1440")
    page.set_input_files("#receipt", bad)
    page.get_by_text("未通过核验").wait_for()
    with page.expect_download() as download:
        page.get_by_role("button", name="把本页保存到电脑").click()
    saved = tmp_path / "verify.html"
    download.value.save_as(saved)
    alone = context.new_page()
    alone.goto(saved.as_uri())
    alone.set_input_files("#receipt", good)
    alone.get_by_text("记录属实，未被改动").wait_for()
    stranger = tmp_path / "without-key.html"
    stranger.write_text(saved.read_text(encoding="utf-8").replace(str(log.vkey()), ""), encoding="utf-8")
    alone.goto(stranger.as_uri())
    alone.set_input_files("#receipt", good)
    alone.get_by_text("签名者未知").first.wait_for()
