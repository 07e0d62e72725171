"""Opinions in groups, a file, a questionnaire: looked at in a real browser at both widths, and done by a citizen without JavaScript."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Browser

from yifa.normative.tests import world as w
from yifa.participation import grouping, queries, services
from yifa.participation.models import Questionnaire
from yifa.participation.tests.test_asking import drawn_up
from yifa.participation.tests.test_participation import opened
from yifa.participation.tests.test_taking import picture
from yifa.portal.tests.browsing import chromium, inspect, needed, serving
from yifa.portal.tests.test_browser_desk import signed_in
from yifa.site import demo_participation as demo

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Stage:
    """Where the site is, a browser, the session of whoever publishes, and what is looked at."""

    url: str
    browser: Browser
    session: str
    round: UUID
    group: UUID
    draft: UUID
    paper: UUID
    over: UUID


@pytest.fixture
def stage(own_db: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    """A round with a group and marks; a questionnaire being drawn up, one with its sheets, and one that is over."""
    needed()
    world, now = w.build(), timezone.now()
    row = opened(world.clerk)
    with monkeypatch.context() as demonstration:
        demonstration.setattr(settings, "LOG_ORIGIN", "demo.example/log")
        demo.say(row.league, row.id, now)
        paper, over = (
            demo.questionnaire(row.dossier, title, by=world.clerk, at=now - timedelta(days=3)) for title in ("供热管网改造", "老旧市场")
        )
    Questionnaire.objects.filter(id=over).update(closes_on=timezone.localdate() - timedelta(days=1))
    services.comment(row.league, row.id, text="希望保留早市。", clause="二、")
    grouping.group_round(row.league, row.id)
    group, draft, session = queries.groups(row)[0].id, drawn_up(world).id, signed_in(world.clerk)
    with serving(own_db) as url, chromium() as browser:
        yield Stage(url, browser, session, row.id, group, draft, paper, over)


@pytest.mark.parametrize("width", [375, 1440])
def test_every_page_fits_and_has_nothing_serious(stage: Stage, width: int) -> None:
    context = stage.browser.new_context(viewport={"width": width, "height": 900})
    context.add_cookies([{"name": "sessionid", "value": stage.session, "url": stage.url}])
    page = context.new_page()
    pages = {
        "desk-round": f"desk/participation/{stage.round}/",
        "desk-marked": f"desk/participation/{stage.round}/?state=marked",
        "desk-groups": f"desk/participation/{stage.round}/groups/",
        "desk-group": f"desk/participation/{stage.round}/groups/{stage.group}/",
        "desk-questionnaires": "desk/participation/questionnaires/",
        "desk-questionnaire": f"desk/participation/questionnaires/{stage.paper}/",
        "desk-draft": f"desk/participation/questionnaires/{stage.draft}/",
        "desk-written": f"desk/participation/questionnaires/{stage.paper}/q4/",
        "public-list": "participate/",
        "public-round": f"participate/{stage.round}/",
        "public-questionnaire": f"participate/questionnaires/{stage.paper}/",
        "public-results": f"participate/questionnaires/{stage.over}/",
    }
    for name, path in pages.items():
        page.goto(f"{stage.url}/{path}")
        inspect(page, f"{name}-{width}")
    page.get_by_text("75.7%").first.wait_for()


def test_a_citizen_without_javascript_is_heard_with_a_file_and_by_questionnaire(stage: Stage, tmp_path: Path) -> None:
    (tmp_path / "路口.png").write_bytes(picture("orange"))
    (tmp_path / "程序.pdf").write_bytes(b"MZ no paper at all")
    page = stage.browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{stage.url}/participate/{stage.round}/")
    page.get_by_label("意见和理由").fill("请看我拍的照片。")
    page.get_by_label("附件").set_input_files(tmp_path / "程序.pdf")
    page.get_by_role("button", name="提交意见").click()
    page.get_by_text("的内容不是图片、PDF 或者 Word 文件").wait_for()
    assert page.get_by_label("意见和理由").input_value() == "请看我拍的照片。"
    page.get_by_label("附件").set_input_files(tmp_path / "路口.png")
    page.get_by_role("button", name="提交意见").click()
    page.get_by_text("收到附件 1 个").wait_for()
    page.goto(f"{stage.url}/participate/questionnaires/{stage.paper}/")
    page.get_by_label("赞成", exact=True).check()
    page.get_by_label("摊位费用").check()
    page.get_by_label("4 比较赞成").check()
    page.get_by_role("button", name="提交问卷").click()
    page.get_by_text("第 38 份").wait_for()
