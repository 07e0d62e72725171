"""重大调整 in a real Chromium (第三十七条): what is carried out is adjusted in a major way, and runs through the procedure again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.decision_stage import looked_at, paper, people
from tests.stage import Stage, accounts, attach, hears
from yifa.decisions.tests import world as w
from yifa.decisions.tests.test_rerunning import executing
from yifa.portal.tests.browsing import chromium, needed, serving

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
TITLE = "城区供热管网改造方案"
__all__ = ["paper"]


def test_a_major_adjustment_runs_again_as_a_new_matter_and_each_page_leads_to_the_other(own_db: Any, paper: Path) -> None:
    needed()
    world = w.build()
    old = executing(world).code
    logins = accounts(people(world))
    with serving(own_db) as url, chromium() as browser:
        stage = Stage(url, browser, logins)
        stage.do("mayor", old, "adjust", paper, changed="major", changed_reason="改造范围扩大一倍。")
        new = propose_again(stage, old, paper)
        stage.do("office", new, "enter", catalogue_item=TITLE)
        page = stage.of("drafter")
        page.goto(f"{url}/desk/decisions/{old}/")
        page.get_by_role("link", name="登记重新履行程序").click()
        assert page.locator('#step [name="rerun_case"]').input_value() == new
        page.locator("#step .act .btn-primary").click()
        hears(page, "已经记入案卷")
        page.goto(f"{url}/desk/decisions/{old}/")
        page.get_by_role("link", name=new).click()
        page.get_by_role("heading", name=TITLE).wait_for()
        looked_at(page, "run-again")
        page.get_by_role("link", name=old).click()
        hears(page, "已经作为新的决策事项重新履行程序")


def propose_again(stage: Stage, old: str, paper: Path) -> str:
    """From the page of the adjusted matter to the proposal, which begins with what is carried over; the new matter's code."""
    page = stage.of("drafter")
    page.goto(f"{stage.url}/desk/decisions/{old}/")
    page.get_by_role("link", name="提出新的决策事项").click()
    hears(page, "改造范围扩大一倍")
    looked_at(page, "rerun")
    page.get_by_role("button", name="提出新的决策事项").click()
    hears(page, "已经填入原事项的内容")
    assert page.locator('#step [name="carried_from"]').input_value() == old
    plan = page.locator('#step [name="first_plan"]')
    assert plan.input_value() == "三年改造一百二十公里"
    plan.fill("四年改造二百四十公里")
    attach(page, paper)
    page.locator("#step .act .btn-primary").click()
    hears(page, "已经立卷")
    return page.url.rstrip("/").rpartition("/")[2]
