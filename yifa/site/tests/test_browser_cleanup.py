"""What an office finds on its desk before a validity ends and in a clean-up, in a real Chromium, on a desk and on a telephone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from yifa.normative import campaigns, evidence, expiring, monthly
from yifa.normative.tests import world as w
from yifa.normative.tests.test_cleanup import BASE, propose
from yifa.normative.tests.test_register import made
from yifa.normative.tests.test_standing import decide
from yifa.portal.tests.browsing import chromium, inspect, needed, serving
from yifa.portal.tests.test_browser_desk import signed_in
from yifa.procedures import reminding, take
from yifa.site.tests.test_cleanup_evidence import freeze, report

pytestmark = pytest.mark.browser


def test_every_page_around_a_clean_up_fits_and_has_nothing_serious(own_db: Any) -> None:
    needed()
    world, today, now = w.build(), timezone.localdate(), timezone.now()
    made(world, "01", text="第一条 根据《动物防疫法》第三十条，制定本办法。", title="昆都仑区城市养犬管理办法")
    made(
        world,
        "02",
        text="第一条 根据《动物防疫法》第三十条，制定本办法。",
        valid_until=today + timedelta(days=25),
        title="昆都仑区犬只免疫登记办法",
    )
    expiring.watch(today, at=now)
    monthly.ask(today, at=now)
    plan = campaigns.Plan("special", "动物防疫法修订专项清理", BASE, today + timedelta(days=1), ["动物防疫法"])
    campaign = campaigns.open_campaign(plan, by=world.justice).campaign
    ref = propose(world, campaigns.items(campaign)[0], "amend")
    w.do(ref, "confirm", world.justice, confirmed="amend", confirm_note="同意")
    decide(world, ref, "amend", revise_by=(today + timedelta(days=90)).isoformat())
    reminding.remind(today + timedelta(days=2), at=now)
    row = report(world)
    freeze(row, world)
    evidence.attach(campaign.id, row.pk, ["GF01"], by=world.justice)
    facts = {"own_document": "GF02", "effect": "执行良好", "basis_changed": False}
    take.start("normative_extension", by=world.drafter, facts=facts, key=uuid4())
    campaign_page = f"/desk/normative/cleanups/{campaign.id}/"
    pages = {
        "drafter": (world.drafter, {"todo": "/desk/", "own": campaign_page, "begin": "/desk/start/normative_making/?revises=GF01"}),
        "reviewer": (world.reviewer, {"todo": "/desk/", "notices": "/people/notices/"}),
        "justice": (
            world.justice,
            {
                "campaign": campaign_page,
                "evidence": f"/desk/normative/evidence/{row.pk}/",
                "repealed": "/desk/normative/cleanups/?law=动物防疫法",
                "report": f"/evaluation/reports/{row.pk}/",
                "entry": "/desk/normative/documents/GF02/",
                "lists": "/desk/normative/lists/",
            },
        ),
    }
    sessions = {who: signed_in(actor) for who, (actor, _) in pages.items()}
    with serving(own_db) as url, chromium() as browser:
        for who, (_, paths) in pages.items():
            for width in (375, 1440):
                context = browser.new_context(viewport={"width": width, "height": 900})
                context.add_cookies([{"name": "sessionid", "value": sessions[who], "url": url}])
                page = context.new_page()
                for name, path in paths.items():
                    answer = page.goto(url + path, wait_until="networkidle")
                    assert answer is not None
                    assert answer.ok, path
                    inspect(page, f"cleanup-{who}-{name}-{width}")
                context.close()
