"""A new notice replaces a year's days, moves open deadlines and is recorded."""

from __future__ import annotations

import json
from datetime import date

import pytest

from yifa.kernel.calendar import queries, table
from yifa.kernel.calendar.models import Day
from yifa.kernel.calendar.services import BadNoticeError, Moved, publish_notice
from yifa.kernel.calendar.table import OFF, WORK, Row
from yifa.kernel.calendar.terms import Calendar, due, workdays
from yifa.kernel.ledger.models import Entry
from yifa.kernel.people.actors import Actor

BY = Actor(
    "11111111-1111-4111-8111-111111111111",
    "甲",
    "22222222-2222-4222-8222-222222222222",
    "1500000001",
    "某厅",
    "150000",
    "150000",
    frozenset({"admin_system"}),
)
NOTICE = [
    Row(date(2026, 12, 26), WORK, "元旦"),
    Row(date(2027, 1, 1), OFF, "元旦"),
    Row(date(2027, 1, 2), OFF, "元旦"),
    Row(date(2027, 1, 4), OFF, "元旦"),
]


@pytest.fixture(autouse=True)
def fresh(db: None) -> None:
    queries.forget()


def publish(days: list[Row], moved: list[Moved] | None = None) -> Calendar:
    seen: list[Calendar] = []

    def recompute(calendar: Calendar) -> list[Moved]:
        seen.append(calendar)
        return moved or []

    publish_notice(
        by=BY, year=2027, title="关于2027年部分节假日安排的通知", published_on=date(2026, 11, 30), days=days, recompute=recompute
    )
    return seen[0]


def test_the_seeded_table_is_the_committed_one() -> None:
    assert queries.read() == table.calendar()


def test_a_notice_makes_provisional_dates_certain_and_moves_them() -> None:
    before = due(workdays(5), date(2026, 12, 24), queries.calendar())
    after = due(workdays(5), date(2026, 12, 24), publish(NOTICE))
    assert (before.due, before.provisional) == (date(2026, 12, 31), False)
    assert (after.due, after.provisional) == (date(2026, 12, 30), False)
    assert due(workdays(10), date(2026, 12, 24), queries.read()).due == date(2027, 1, 8)


def test_a_corrected_notice_replaces_the_first() -> None:
    publish(NOTICE)
    publish([Row(date(2027, 1, 1), OFF, "元旦")])
    assert list(Day.objects.filter(date__gte=date(2026, 12, 1)).values_list("date", flat=True)) == [date(2027, 1, 1)]


def test_what_moved_is_in_the_entry() -> None:
    publish(NOTICE, [Moved("150203-02", "publish", "1502030001", "150203", "2027-01-04", "2027-01-05")])
    entry = Entry.objects.get(chain="calendar:2027")
    body = json.loads(bytes(entry.body))
    assert (body["step"], body["actor"], entry.league) == ("publish_notice", BY.person, "150000")


def test_readers_learn_of_it_by_the_stamp() -> None:
    held, stamp = queries.calendar(), queries.current_stamp()
    publish(NOTICE)
    assert queries.calendar(stamp) is held
    assert queries.calendar(queries.current_stamp()).announced(2027)


@pytest.mark.parametrize(
    ("days", "reason"),
    [
        ([Row(date(2027, 1, 2), OFF, "元旦")], "元旦"),
        ([*NOTICE, Row(date(2027, 1, 1), OFF, "元旦")], "两次"),
        ([*NOTICE, Row(date(2028, 1, 1), OFF, "元旦")], "不在2027年"),
        ([*NOTICE, Row(date(2027, 2, 1), WORK, "春节")], "本来就是工作日"),
        ([*NOTICE, Row(date(2027, 2, 1), "half", "春节")], "休或者班"),
    ],
)
def test_a_notice_that_makes_no_sense_is_refused(days: list[Row], reason: str) -> None:
    with pytest.raises(BadNoticeError, match=reason):
        publish(days)
    assert not Entry.objects.filter(chain="calendar:2027").exists()
