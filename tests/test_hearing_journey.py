"""听证会 in a real Chromium: notice, applications, the lot, the list, materials in time, minutes, and those who spoke confirm them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from tests.decision_stage import NARROW, TEXT, ago, looked_at, paper, people
from tests.stage import Stage, accounts, clear, earlier, hears
from yifa.decisions.tests import world as w
from yifa.portal.tests.browsing import chromium, needed, serving
from yifa.procedures import take

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]
# How long ago a hearing of today was announced, and its participants drawn.
ANNOUNCED, DRAWN = 31, 20
SIDES = ("沿线居民", "施工企业")
__all__ = ["paper"]


def test_a_hearing_goes_from_its_notice_to_the_minutes_that_those_who_spoke_confirm(own_db: Any, paper: Path) -> None:
    """Notice, applications on the portal, the lot, the list, the materials seven days ahead, the minutes, and the case notes it."""
    needed()
    world = w.build()
    with take.simulated(timezone.now() - timedelta(days=ANNOUNCED)):
        code = w.begun(world, hearing_due=True, hearing_sides=[{"side": side} for side in SIDES], ways=["open", "hearing"]).code
    logins = accounts(people(world))
    with chromium() as browser:
        with earlier(own_db, days=ANNOUNCED) as url:
            stage = Stage(url, browser, logins)
            announce(stage, code)
            receipts = {side: apply(stage, side, n) for n, side in enumerate(SIDES)}
        with earlier(own_db, days=DRAWN) as url:
            draw_and_list(Stage(url, browser, logins), code)
        with serving(own_db) as url:
            stage = Stage(url, browser, logins)
            hold(stage, code)
            for receipt in receipts.values():
                confirm(stage, receipt)
            close(stage, code, paper)


def hearing_of(stage: Stage, who: str, code: str) -> Page:
    """The page of the matter's hearing, from the case."""
    page = stage.of(who)
    page.goto(f"{stage.url}/desk/cases/{code}/")
    page.get_by_role("link", name="听证会", exact=True).click()
    page.locator("main td.first").get_by_role("link").click()
    page.get_by_role("heading", name="公告", exact=True).wait_for()
    return page


def announce(stage: Stage, code: str) -> None:
    page = stage.of("clerk")
    page.goto(f"{stage.url}/desk/cases/{code}/")
    page.get_by_role("link", name="听证会", exact=True).click()
    page.get_by_role("link", name="发布听证公告").click()
    page.get_by_label("草案说明").fill("管网老化，冬季爆管多，需要分三年改造。")
    page.get_by_label("决策草案").fill("\n".join(TEXT))
    page.get_by_label("报名截止日期").fill(ago(ANNOUNCED - 5).isoformat())
    page.get_by_label("听证日期").fill(ago().isoformat())
    page.get_by_label("地点").fill("三楼会议室")
    for n, side in enumerate(SIDES):
        page.locator(f"#side{n}").fill(side)
        page.locator(f"#seats{n}").fill("1")
    clear(page)
    looked_at(page, "hearing-notice")
    page.get_by_role("button", name="发布听证公告").click()
    hears(page, "已发布听证公告，公众可以在门户报名")
    looked_at(page, "hearing-announced")
    page.get_by_role("link", name="案卷", exact=True).click()
    stage.do("clerk", code, "announce_hearing", hearing_place="三楼会议室")


def apply(stage: Stage, side: str, n: int) -> str:
    """A citizen who wishes to take part, from the front page; his receipt code."""
    page = stage.of("", NARROW)
    page.goto(stage.url)
    page.get_by_role("link", name="看重大决策进行到哪一步").click()
    page.get_by_role("link", name="听证会", exact=True).first.click()
    looked_at(page, "hearings")
    page.locator("main td.first").get_by_role("link").click()
    page.get_by_role("link", name="我要报名").click()
    page.get_by_label(side).check()
    page.get_by_label("姓名或者单位名称").fill(f"报名{side}样本")
    page.get_by_label("电话").fill(f"1390000000{n}")
    looked_at(page, "hearing-public")
    page.get_by_role("button", name="报名").click()
    hears(page, "报名已收到")
    return page.locator("#code").inner_text()


def draw_and_list(stage: Stage, code: str) -> None:
    """The time to apply is over: the lot, the list, the materials."""
    page = hearing_of(stage, "clerk", code)
    page.get_by_role("button", name="抽签", exact=True).click()
    hears(page, "已抽签，种子和名次已经公布")
    hears(page, "已重新计算，与公布的一致")
    page.get_by_role("button", name="公布名单").click()
    hears(page, "已公布听证参加人名单")
    page.get_by_role("button", name="登记送达").click()
    hears(page, "已登记材料送达")
    looked_at(page, "hearing-listed")


def hold(stage: Stage, code: str) -> None:
    """Its day: introduced, stated, debated; then those who came are asked to confirm."""
    page = hearing_of(stage, "clerk", code)
    page.get_by_label("主持人").fill("吴主持样本")
    page.get_by_role("button", name="开始听证会").click()
    hears(page, "听证会开始")
    said = (
        ("介绍", "李样本", "介绍方案和依据。"),
        ("陈述", f"报名{SIDES[0]}样本", "担心施工扰民。"),
        ("辩论", f"报名{SIDES[1]}样本", "夜间不施工。"),
    )
    for part, speaker, text in said:
        page.locator("#write label", has_text=part).click()
        page.get_by_label("发言人").fill(speaker)
        page.get_by_label("内容").fill(text)
        page.get_by_role("button", name="记下", exact=True).click()
        page.locator("#entries").get_by_text(text).wait_for()
    looked_at(page, "hearing-minutes")
    page.get_by_role("button", name="结束发言，请参加人确认").click()
    hears(page, "发言结束，请到会的参加人确认笔录")


def confirm(stage: Stage, receipt: str) -> None:
    """A participant reads the minutes with the code of his application, and confirms them."""
    page = stage.of("", NARROW)
    page.goto(stage.url)
    page.get_by_role("link", name="看重大决策进行到哪一步").click()
    page.get_by_role("link", name="听证会", exact=True).first.click()
    page.get_by_role("link", name="查我的报名").click()
    page.get_by_label("查询码").fill(receipt)
    page.get_by_role("button", name="查询").click()
    hears(page, "担心施工扰民。")
    looked_at(page, "hearing-confirm")
    page.get_by_role("button", name="确认笔录").click()
    hears(page, "已确认笔录")


def close(stage: Stage, code: str, paper: Path) -> None:
    """The hearing is closed, the case notes it from the register, everybody reads the minutes."""
    page = hearing_of(stage, "clerk", code)
    page.get_by_role("link", name="打开笔录").click()
    looked_at(page, "hearing-signed")
    page.get_by_role("button", name="办结听证会").click()
    hears(page, "听证会已经办结")
    # The days, and who took part, stand in the form already: the hearing told them.
    stage.do(
        "drafter", code, "hold_hearing", paper, hearing_parts=["introduced", "stated", "debated", "signed"], hearing_minutes="见笔录。",
        hearing_report="同意按方案改造。", hearing_handled="夜间不施工，写入方案。",
    )  # fmt: skip
    anyone = stage.of("", NARROW)
    anyone.goto(f"{stage.url}/decisions/hearings/")
    anyone.locator("main td.first").get_by_role("link").click()
    hears(anyone, "夜间不施工。")
    looked_at(anyone, "hearing-closed")
