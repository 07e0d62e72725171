"""The follower counts every sealed entry once, in log order, and its projection equals a replay."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import uuid4

import pytest
from django.db import connection

from yifa.facts import queries, services
from yifa.facts.counting import CountingError
from yifa.facts.models import Fact, Tally
from yifa.facts.queries import Sum, Where
from yifa.facts.seen import Counted, Seen
from yifa.facts.tests.following import follow_all, seal_all
from yifa.kernel.ledger.services import erase_payload, record

ALL = Where("2026-01", "2026-12")


@dataclass(frozen=True)
class Clerk:
    person: str = "11111111-1111-4111-8111-111111111111"
    post: str = "p"
    organisation: str = "1502030001"
    region: str = "150203"


class Counter:
    """Counts what the payload of a `test:` entry says; stops at a payload that says so."""

    def facts(self, entry: Seen) -> Iterable[Counted]:
        if not entry.chain.startswith("test:") or entry.open is None:
            return
        for row in entry.open.get("count", ()):
            if row["metric"] == "broken":
                raise ValueError("cannot count this")
            yield Counted(
                row["metric"],
                row["num"],
                row["den"],
                row.get("body", "1502030001"),
                "150203",
                row.get("month", "2026-03"),
                "因为",
                row.get("once", ""),
            )


CONTEXTS = (Counter(),)


def enter(*rows: dict[str, object], chain: str = "test:1") -> None:
    record(chain, "count", actor=Clerk(), payload={"count": list(rows)}, league="150200", key=uuid4())


def run() -> int:
    return follow_all(CONTEXTS)


@pytest.fixture(autouse=True)
def _database(own_db: object) -> None:
    """Sealing needs transactions that are over: each test has a database of its own."""


def test_facts_are_summed_by_metric_body_region_and_month() -> None:
    enter({"metric": "X", "num": 1, "den": 1}, {"metric": "X", "num": 0, "den": 1})
    enter({"metric": "X", "num": 1, "den": 1, "month": "2026-04"}, {"metric": "Y", "num": 7, "den": 9, "body": "1502040001"})
    assert run() == 2
    assert queries.sums(ALL) == {"X": Sum(2, 3, 3), "Y": Sum(7, 9, 1)}
    assert queries.by_month(ALL, ["X"]) == {("X", "2026-03"): Sum(1, 2, 2), ("X", "2026-04"): Sum(1, 1, 1)}
    assert queries.by_organisation(ALL, ["Y"]) == {("Y", "1502040001"): Sum(7, 9, 1)}
    assert queries.sums(Where("2026-01", "2026-12", region="150300")) == {}


def test_nothing_is_counted_before_it_is_sealed_and_nothing_twice() -> None:
    enter({"metric": "X", "num": 1, "den": 1})
    assert services.follow(CONTEXTS) == 0
    assert run() == 1
    assert run() == 0
    assert queries.sums(ALL) == {"X": Sum(1, 1, 1)}


def test_a_thing_that_counts_once_counts_once_a_month_and_body() -> None:
    once = {"metric": "M01", "num": 1, "den": 0, "once": "item-1"}
    enter(once, once)
    enter(once, chain="test:2")
    enter({**once, "month": "2026-04"}, {**once, "body": "1502040001"}, {**once, "once": "item-2"})
    run()
    assert queries.by_month(ALL) == {("M01", "2026-03"): Sum(3, 0, 3), ("M01", "2026-04"): Sum(1, 0, 1)}


def test_many_batches_are_counted_in_order() -> None:
    for number in range(7):
        enter({"metric": "X", "num": number, "den": 1}, chain=f"test:{number}")
    seal_all()
    assert [services.follow(CONTEXTS, batch=3) for _ in range(4)] == [3, 3, 1, 0]
    assert queries.sums(ALL) == {"X": Sum(21, 7, 7)}
    assert list(Fact.objects.order_by("position").values_list("position", flat=True)) == list(range(7))


def test_an_entry_that_cannot_be_counted_stops_the_follower_and_leaves_nothing_of_its_batch() -> None:
    enter({"metric": "X", "num": 1, "den": 1})
    enter({"metric": "broken", "num": 1, "den": 1}, chain="test:2")
    for _ in range(2):
        with pytest.raises(CountingError, match="test:2"):
            run()
    assert not Fact.objects.exists()
    assert not Tally.objects.exists()


def test_the_projection_equals_a_replay_and_a_touched_one_does_not() -> None:
    enter({"metric": "X", "num": 1, "den": 1}, {"metric": "M01", "num": 1, "den": 0, "once": "a"})
    enter({"metric": "M01", "num": 1, "den": 0, "once": "a"}, chain="test:2")
    run()
    assert services.check(CONTEXTS) == (2, [])
    with connection.cursor() as cursor:
        cursor.execute("UPDATE facts_tally SET numerator = numerator + 1 WHERE metric = 'X'")
    read, differences = services.check(CONTEXTS)
    assert read == 2
    assert [(each.table, each.side) for each in differences] == [("facts_tally", "多出"), ("facts_tally", "缺少")]
    assert services.rebuild(CONTEXTS) == 2
    assert services.check(CONTEXTS) == (2, [])
    enter({"metric": "X", "num": 1, "den": 1}, chain="test:3")
    assert run() == 1


def test_facts_outlive_the_lawful_erasure_of_a_payload() -> None:
    enter({"metric": "X", "num": 1, "den": 1})
    run()
    erase_payload(
        by=Clerk(),
        second="22222222-2222-4222-8222-222222222222",
        ground="个人信息保护法第四十七条",
        league="150200",
        chain="test:1",
        sides=[(1, "open")],
    )
    run()
    assert services.check(CONTEXTS)[1] == []
    services.rebuild(CONTEXTS)
    assert queries.sums(ALL) == {"X": Sum(1, 1, 1)}
