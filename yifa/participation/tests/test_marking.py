"""What is marked, at its boundaries; and a flood of ten thousand through the service, of which nothing is lost."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from yifa.kernel.ledger.models import Entry
from yifa.normative.tests import world as w
from yifa.participation import batches, grouping, queries, services
from yifa.participation.marking import FLOOD, MANY, NAMES, SAME, Sent, marks, network
from yifa.participation.models import Batch, Comment
from yifa.participation.tests.test_participation import opened, over

NOON = datetime(2026, 11, 2, 4, tzinfo=UTC)


def sent(number: int = 1, *, source: str = "", signed: str = "", same: str = "x", hours: int = 0) -> Sent:
    return Sent(source, signed, same, NOON + timedelta(hours=hours), number)


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ([sent(MANY - 1, source="a", same="")], {}),
        ([sent(MANY, source="a", same="")], {"source": MANY, "any": MANY}),
        ([sent(source="a", signed=str(n), same="") for n in range(NAMES - 1)], {}),
        ([sent(source="a", signed=str(n), same="") for n in range(NAMES)], {"names": NAMES, "any": NAMES}),
        ([sent(source="a", same="") for _ in range(NAMES)], {}),  # nobody signed
        ([sent(SAME - 1)], {}),
        ([sent(SAME - 1), sent(source="b")], {"same": SAME, "any": SAME}),
        ([sent(FLOOD - 1, same="")], {}),
        ([sent(FLOOD, same="")], {"flood": FLOOD, "any": FLOOD}),
        ([sent(FLOOD, same=""), *(sent(FLOOD // 9, same="", hours=n) for n in range(1, 9))], {}),  # a busy round is no flood
        ([sent(FLOOD, same=""), *(sent(FLOOD // 10, same="", hours=n) for n in range(1, 9))], {"flood": FLOOD, "any": FLOOD}),
    ],
)
def test_the_boundaries_of_the_marks(rows: list[Sent], found: dict[str, int]) -> None:
    assert marks(rows).frozen() == found


@pytest.mark.parametrize(
    ("address", "stands_for"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("unknown", "unknown"),
    ],
)
def test_a_household_is_one_network(address: str, stands_for: str) -> None:
    assert network(address) == stands_for


def test_the_address_is_not_kept_and_rounds_do_not_share_a_digest(own_db: Any) -> None:
    world = w.build()
    first, second = opened(world.clerk), opened(world.clerk, dossier="1502030001-21-2026-000002-0")
    for row in (first, first, second):
        services.comment(row.league, row.id, text="意见", name="某居民", address="203.0.113.7")
    here, again, there = Comment.objects.order_by("received_at")
    assert here.source == again.source != there.source
    assert here.signed == again.signed != there.signed
    with connection.cursor() as cursor:
        cursor.execute("SELECT c::text FROM participation_comment c")
        assert not any("203.0.113.7" in text for (text,) in cursor.fetchall())


def test_the_desk_sees_marks_and_the_summary_counts_them(own_db: Any, client: Client) -> None:
    world = w.build()
    row = opened(world.clerk)
    for n in range(MANY):
        services.comment(row.league, row.id, text=f"第{n}件事应当写明", name=f"住户{n}", address="203.0.113.7")
    quiet = services.comment(row.league, row.id, text="另一件事", address="203.0.113.8")
    found = queries.marks(row)
    assert found.frozen() == {"source": MANY, "names": MANY, "any": MANY}
    marked = queries.comments(row, state="marked")
    assert (len(marked), quiet.id in {each.id for each in marked}) == (MANY, False)
    look = queries.sent(marked[0])
    assert look is not None
    assert found.words(look) == (f"同一网络来源共{MANY}条", f"同一网络来源用了{MANY}个署名")
    row = over(row)
    everybody = list(Comment.objects.values_list("id", flat=True))
    services.reply(row.league, everybody, by=world.drafter, outcome="adopted", reason="采纳")
    services.summarise(row.league, row.id, by=world.clerk, text="全部采纳")
    page = client.get(f"/participate/{row.id}/").content.decode()
    assert f"{MANY} 条带有标记" in page
    assert f"同一网络来源多个署名的 {MANY} 条" in page
    entry = Entry.objects.get(chain=services.chain(row.id), step="summarise")
    assert entry.seq == 2


def test_ten_thousand_in_an_hour_are_all_there_marked_and_put_together(own_db: Any) -> None:
    """Eight at once; one of them a single person with one letter under many names, the others the public."""
    row = opened(w.build().clerk)
    writers, each = 8, 1250
    letter = "坚决要求保留老市场，不要搬迁，请政府认真考虑我们的意见。"

    def write(who: int) -> list[services.Said]:
        try:
            return [
                services.comment(row.league, row.id, text=letter, name=f"市民{n}", address="203.0.113.7")
                if who == 0
                else services.comment(row.league, row.id, text=f"{who}号街道第{n}户的意见", address=f"198.51.{who}.{n % 250}")
                for n in range(each)
            ]
        finally:
            connection.close()

    with ThreadPoolExecutor(writers) as pool:
        said = [one for found in pool.map(write, range(writers)) for one in found]
    total = writers * each
    assert sorted(one.n for one in said) == list(range(1, total + 1))
    assert len({one.code for one in said}) == len({one.id for one in said}) == total == Comment.objects.count()
    assert Entry.objects.filter(chain__startswith="comment:", step="say").count() == total
    assert batches.batch_opinions(at=timezone.now()) == total
    assert Batch.objects.get().last == total
    found = queries.marks(row)
    assert (found.counts["source"], found.counts["names"], found.counts["same"]) == (each, each, each)
    assert found.counts["flood"] == found.marked == total
    assert grouping.group_opinions() == total
    sizes = Counter(Comment.objects.values_list("group", flat=True)).values()
    assert each in sizes
    assert sum(sizes) == total
