"""From a point on the sheet down to the document that cost it, for a reader who assesses: score, fact, entry, page."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.test import Client

from yifa.assessment import queries
from yifa.assessment.files import committed, parse
from yifa.assessment.queries import Period
from yifa.facts.tests.following import follow_all
from yifa.kernel.people.models import Organisation, Person
from yifa.normative import expiring, services
from yifa.normative.context import NORMATIVE
from yifa.normative.tests import world as w
from yifa.normative.tests.test_expiring import NOW, UNTIL
from yifa.normative.tests.test_register import made

LAPSED = "O064"  # 到期文件处理无遗漏, LAW-10
PERIOD = Period("2026-01", "2027-12")


def points() -> Decimal | None:
    follow_all([NORMATIVE])
    unit = queries.unit("150203")
    assert unit is not None
    line = queries.score_sheet(parse(next(committed())), unit, queries.gather(PERIOD)).line(LAPSED)
    assert line is not None
    return line.points


def test_a_document_that_lapsed_unhandled_costs_points_and_is_found_from_them(own_db: Any) -> None:
    world = w.build()
    made(world, "01")
    made(world, "02", valid_until=date(2031, 1, 1))
    expiring.take_census(date(2026, 5, 4))
    assert points() == Decimal("0.49")
    expiring.watch(UNTIL - timedelta(days=180), at=NOW)
    services.lapse(UNTIL)
    assert points() == Decimal("0.00")
    assessor = w.person("冯样本", Organisation.objects.get(code=world.drafter.organisation), ["assessor"])
    client = Client()
    client.force_login(Person.objects.get(pk=assessor.person), backend="django.contrib.auth.backends.ModelBackend")
    asked = f"unit=150203&first={PERIOD.first}&last={PERIOD.last}"
    traced = client.get(f"/assessment/outcomes/{LAPSED}/?{asked}").content.decode()
    assert "1 ÷ 2" in traced
    (address,) = set(re.findall(r'href="(/desk/normative/documents/[^"]+)"', traced))
    page = client.get(address)
    assert page.status_code == 200
    assert "有效期届满，自动失效" in page.content.decode()
    assert 'href="/documents/GF01/"' in page.content.decode()
    asked = Client().get(f"/documents/check/?q=包昆政发〔2025〕01号&on={UNTIL}").content.decode()
    assert "有效期届满，没有延续" in asked
