"""What procedures and items rest on is named on the article's page."""

from __future__ import annotations

from datetime import date

import pytest

from yifa.laws import queries, services
from yifa.laws.models import CitedBy, Work
from yifa.laws.tests.cast import text
from yifa.procedures import cited, registry

TODAY = date(2026, 11, 22)


@pytest.mark.django_db
def test_steps_and_items_are_named_at_their_articles() -> None:
    services.import_texts([text("中华人民共和国行政处罚法", "2021-01-22", "甲。"), text("中华人民共和国公路法", "2017-11-04", "乙。")])
    first = cited.push(registry.contexts(), today=TODAY)
    labels = {each.label for each in queries.cited_by(Work.objects.get(slug="行政处罚法"), "t51")}
    assert "行政处罚简易程序：作出当场处罚决定" in labels
    assert [each.kind for each in queries.cited_by(Work.objects.get(slug="公路法"), "t78")] == ["执法事由"]
    before = set(CitedBy.objects.values_list("pk", flat=True))
    assert cited.push(registry.contexts(), today=TODAY) == first
    assert set(CitedBy.objects.values_list("pk", flat=True)) == before
