"""What both journeys of a decision share: who takes part, the paper that they hand in, and how a page is looked at."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from yifa.decisions.tests import world as w
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.models import Organisation, Region
from yifa.kernel.word.writing import written
from yifa.portal.tests.browsing import inspect

TITLE = "昆都仑区城区供热管网改造方案"
TEXT = ("一、三年改造老旧供热管网一百二十公里。", "二、施工避开采暖期，每年十月以前恢复路面。", "三、改造费用由区财政承担，不向居民收取。")
WIDE, NARROW = 1440, 375
Look = Callable[[Page, str], None]
# How long ago the matter was put before the public, and went to the bureau that reviews it.
ASKED, REVIEWED = 75, 40


def people(world: w.World) -> dict[str, Actor]:
    """Who does what, and an assessor of the city who never made anything of the matter."""
    city = Organisation.objects.create(
        code="1502000031",
        name="包头市样本考核办公室",
        short_name="包考",
        region=Region.objects.get(code="150200"),
        kind="ORGAN",
        level=2,
    )
    city.territory.add(city.region)
    return {
        "drafter": world.drafter, "clerk": world.clerk, "mayor": world.mayor, "office": world.office, "gazette": world.gazette,
        "reviewer": world.reviewer, "supervisor": world.supervisor, "stranger": world.stranger,
        "assessor": w.person("何样本", city, ["assessor"]),
    }  # fmt: skip


def ago(days: int = 0, /) -> date:
    return timezone.localdate() - timedelta(days=days)


def looked_at(page: Page, name: str) -> None:
    """On a desk and on a phone."""
    for width in (NARROW, WIDE):
        page.set_viewport_size({"width": width, "height": 900})
        inspect(page, f"decision-{name}-{width}")


def glanced_at(page: Page, name: str) -> None:
    """What was looked at already is passed by."""


def form_looked_at(page: Page, step: str) -> None:
    """Of the forms, those on which several lines are told."""
    if step in {"exempt", "argue", "deliberate"}:
        looked_at(page, f"form-{step}")


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    found = tmp_path / "材料.docx"
    found.write_bytes(written([TITLE, *TEXT]))
    long_ago = (timezone.now() - timedelta(days=ASKED + 30)).timestamp()
    os.utime(found, (long_ago, long_ago))  # nothing is uploaded before it was made
    return found
