"""Two persons who decide one matter of the library at the same time: one entry, and the second is told."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import connections

from yifa.kernel.ledger.models import Entry
from yifa.laws import deciding, queries, services
from yifa.laws.deciding import Days, DecidedError
from yifa.laws.models import Difference, Expression
from yifa.laws.tests.cast import REPEALING
from yifa.laws.tests.test_deciding import AT, DOUBTED, STANDING, an_actor
from yifa.laws.tests.test_merging import FIRST, OTHER


def both(act: Callable[[int], object]) -> list[str]:
    """What each of the two is told, "" for the one whose decision holds."""

    def one(n: int) -> str:
        try:
            act(n)
        except DecidedError as problem:
            return str(problem)
        finally:
            connections.close_all()
        return ""

    with ThreadPoolExecutor(2) as pool:
        return sorted(pool.map(one, range(2)))


@pytest.mark.usefixtures("own_db")
def test_of_two_who_decide_at_once_the_second_is_told() -> None:
    services.import_texts([FIRST, OTHER, DOUBTED, STANDING, REPEALING])
    actors = [an_actor("admin_system"), an_actor("supervisor")]
    difference, (proposal,) = Difference.objects.get(node_key="t3").pk, queries.proposals()
    text = Expression.objects.get(work__slug="承包试验法").pk
    acts: dict[str, Callable[[int], object]] = {
        "decide_difference": lambda n: deciding.decide_difference(
            difference, by=actors[n], reason=f"第{n}人", at=AT, choice=("theirs", "ours")[n]
        ),
        "decide_event": lambda n: deciding.decide_event(proposal.pk, by=actors[n], is_confirmed=n == 0, reason=f"第{n}人", at=AT),
        "rule": lambda n: deciding.rule(text, Days(date(2019, 1, 1 + n)), by=actors[n], reason=f"第{n}人", at=AT),
    }
    for step, act in acts.items():
        first, second = both(act)
        assert first == "", step
        assert "由他人" in second, step
        assert Entry.objects.filter(step=step).count() == 1, step
