"""The demonstration's public: a group that is marked, a photo, a questionnaire that has been answered."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from yifa.normative.tests import world as w
from yifa.participation import asking_queries, queries
from yifa.participation.tests.test_participation import opened
from yifa.site import demo_participation as demo


def test_what_the_public_says_is_grouped_marked_and_answered_by_sheets(own_db: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "LOG_ORIGIN", "demo.example/log")
    world, now = w.build(), timezone.now()
    row = opened(world.clerk)
    assert demo.say(row.league, row.id, now) == 9
    (group,) = queries.groups(row)
    assert group.size == 8
    assert queries.marks(row).frozen() == {"source": 8, "names": 8, "any": 8}
    ident = demo.questionnaire(row.dossier, row.title, by=world.clerk, at=now - timedelta(days=3))
    asked = asking_queries.one(world.clerk, ident)
    assert asked is not None
    first, cares, _, text = asking_queries.results(asked)
    assert [parts for *_, parts in first.options] == [757, 162, 81]
    assert (cares.answered, text.answered, asked.answers) == (37, 3, 37)
