"""The register's pages in a real Chromium, at the width of a desk and of a telephone."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from yifa.normative import campaigns, reconciling
from yifa.normative.models import CampaignItem
from yifa.normative.tests import world as w
from yifa.normative.tests.test_cleanup import special
from yifa.normative.tests.test_register import made
from yifa.portal.tests.browsing import chromium, inspect, needed, serving
from yifa.portal.tests.test_browser_desk import signed_in

pytestmark = pytest.mark.browser


def test_every_page_of_the_register_fits_and_has_nothing_serious(own_db: Any) -> None:
    needed()
    world = w.build()
    text = "第一条 为了防治大气污染，根据《中华人民共和国大气污染防治法》第九十九条，制定本办法。\n第二条 本办法适用于本区。"
    made(
        world,
        "1",
        text=text,
        checked_on=date(2026, 11, 1),
        checked_against="区人民政府公报2025年第1期",
        title="昆都仑区扬尘污染防治管理办法",
    )
    made(world, "2", valid_until=timezone.localdate() + timedelta(days=20), title="昆都仑区户外广告设施设置管理办法（试行）")
    made(world, "3", ended_on=date(2026, 5, 1), ended_by="repealed", ending="包昆政发〔2026〕9号", title="昆都仑区城市养犬管理办法")
    opened, done = special(world).campaign, special(world).campaign
    CampaignItem.objects.filter(campaign=done).update(decided="amend")
    campaigns.publish(done.id, by=world.justice)
    year = (date(2025, 1, 1), date(2025, 12, 31))
    table = "文号,标题\n包昆政发〔2025〕1号,昆都仑区扬尘污染防治管理办法\n包昆政发〔2025〕30号,昆都仑区社区养老服务补贴办法\n".encode()
    issued = reconciling.upload(table, "目录.csv", organisation=world.drafter.organisation, since=year[0], until=year[1], by=world.drafter)
    public = {
        "valid": "/documents/",
        "check": "/documents/check/?q=包昆政发[2025]3",
        "document": "/documents/GF1/",
        "cleanup": f"/documents/cleanups/{done.id}/",
    }
    desk = {
        "register": "/desk/normative/",
        "import": "/desk/normative/import/",
        "entry": "/desk/normative/documents/GF1/",
        "campaigns": "/desk/normative/cleanups/",
        "campaign": f"/desk/normative/cleanups/{opened.id}/",
        "lists": "/desk/normative/lists/",
        "list": f"/desk/normative/lists/{issued.id}/",
        "extension": "/desk/start/normative_extension/?own_document=GF2",
    }
    session = signed_in(world.justice)
    drafter = signed_in(world.drafter)
    with serving(own_db) as url, chromium() as browser:
        for width in (375, 1440):
            for key, paths in (("", public), (session, desk), (drafter, {"own": desk["campaign"], "evaluate": desk["extension"]})):
                context = browser.new_context(viewport={"width": width, "height": 900})
                if key:
                    context.add_cookies([{"name": "sessionid", "value": key, "url": url}])
                page = context.new_page()
                for name, path in paths.items():
                    page.goto(url + path, wait_until="networkidle")
                    inspect(page, f"normative-{name}-{width}")
