"""Terms at their boundaries: the acceptance facts of the domain, then an independent day-by-day counter."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yifa.kernel.calendar.table import TABLE, calendar
from yifa.kernel.calendar.terms import Calendar, Pause, Term, Unit, add_months, days, due, merge, months, workdays, years

CN = calendar()
ONE = timedelta(days=1)


def on(text: str) -> date:
    return date.fromisoformat(text)


FACTS = [
    # the event, the term, the last day before rolling, the last day
    ("decision within 90 days of filing", "2024-09-09", days(90), "2024-12-08", "2024-12-09"),
    ("hearing asked within 5 working days over 调休 Sunday and the National Day", "2025-09-26", workdays(5), "2025-10-10", "2025-10-10"),
    ("hearing notice seven working days before", "2025-10-20", workdays(7, backward=True), "2025-10-09", "2025-10-09"),
    ("kept evidence disposed of within 7 working days over May Day", "2025-04-29", workdays(7), "2025-05-13", "2025-05-13"),
    ("seizure 30 days", "2025-06-10", days(30, roll=False), "2025-07-10", "2025-07-10"),
    ("seizure 60 days ends on a Saturday and does not roll", "2025-06-10", days(60, roll=False), "2025-08-09", "2025-08-09"),
    ("the same days, were they to roll", "2025-06-10", days(60), "2025-08-09", "2025-08-11"),
    ("publication within 7 working days over the National Day", "2025-09-29", workdays(7), "2025-10-15", "2025-10-15"),
    ("fine paid within 15 days", "2026-03-02", days(15), "2026-03-17", "2026-03-17"),
    ("suit within six months", "2026-03-02", months(6), "2026-09-02", "2026-09-02"),
    ("court application within three months after", "2026-09-02", months(3), "2026-12-02", "2026-12-02"),
    ("withdrawal within 3 working days counts the 调休 Saturday", "2025-09-30", workdays(3), "2025-10-11", "2025-10-11"),
    ("five working days before the National Day of 2026", "2026-09-28", workdays(5), "2026-10-10", "2026-10-10"),
    ("a month without the day ends on its last day", "2026-01-31", months(1), "2026-02-28", "2026-02-28"),
    ("the same in a leap year, on a working day", "2024-01-31", months(1), "2024-02-29", "2024-02-29"),
    ("a year from a leap day", "2024-02-29", years(1), "2025-02-28", "2025-02-28"),
    ("15 days into the Spring Festival roll to its end", "2026-02-01", days(15), "2026-02-16", "2026-02-24"),
    ("a last day on a 调休 Saturday stays", "2026-02-07", days(7), "2026-02-14", "2026-02-14"),
    ("calendar days backward", "2026-03-17", days(3, backward=True), "2026-03-13", "2026-03-13"),
    ("calendar days backward roll earlier", "2026-03-19", days(3, backward=True), "2026-03-15", "2026-03-13"),
    ("on the spot is the very day, even a Saturday", "2026-03-07", days(0), "2026-03-07", "2026-03-07"),
    ("one working day after a Friday", "2026-03-06", workdays(1), "2026-03-09", "2026-03-09"),
    ("the make-up Saturday announced with the next year's notice", "2018-12-28", workdays(1), "2018-12-29", "2018-12-29"),
]


@pytest.mark.parametrize(("start", "term", "unrolled", "last"), [fact[1:] for fact in FACTS], ids=[fact[0] for fact in FACTS])
def test_the_facts(start: str, term: Term, unrolled: str, last: str) -> None:
    found = due(term, on(start), CN)
    assert (found.due_unrolled, found.due, found.provisional) == (on(unrolled), on(last), False)


def test_notice_served_a_day_later_makes_the_seventh_working_day_the_hearing_day() -> None:
    assert due(workdays(7), on("2025-10-10"), CN).due == on("2025-10-20")
    assert due(workdays(7), on("2025-10-09"), CN).due < on("2025-10-20")


def paused(term: Term, start: str, *intervals: tuple[str, str]) -> date:
    return due(term, on(start), CN, [Pause(on(since), on(until)) for since, until in intervals]).due


def test_a_pause_takes_out_its_first_day_but_not_its_last() -> None:
    assert paused(days(15), "2026-03-02", ("2026-03-05", "2026-03-06")) == on("2026-03-18")
    assert paused(days(15), "2026-03-02", ("2026-03-05", "2026-03-05")) == on("2026-03-17")


def test_a_pause_that_began_before_the_start_takes_out_only_the_days_after_it() -> None:
    assert paused(days(15), "2026-03-02", ("2026-02-01", "2026-03-05")) == on("2026-03-19")


def test_a_pause_on_the_last_day_moves_the_end_behind_it() -> None:
    assert paused(days(15), "2026-03-02", ("2026-03-17", "2026-03-20")) == on("2026-03-20")


def test_a_pause_after_the_end_changes_nothing() -> None:
    assert paused(days(15), "2026-03-02", ("2026-03-18", "2026-12-31")) == on("2026-03-17")


def test_overlapping_pauses_take_a_day_out_once() -> None:
    twice = (("2026-03-04", "2026-03-08"), ("2026-03-06", "2026-03-10"))
    assert paused(days(15), "2026-03-02", *twice) == paused(days(15), "2026-03-02", ("2026-03-04", "2026-03-10")) == on("2026-03-23")


def test_two_pauses_apart_are_both_taken_out() -> None:
    assert paused(workdays(5), "2026-03-02", ("2026-03-03", "2026-03-04"), ("2026-03-05", "2026-03-06")) == on("2026-03-11")


def test_months_are_lengthened_by_the_paused_days() -> None:
    assert paused(months(6), "2026-03-02", ("2026-03-25", "2026-05-20")) == on("2026-10-28")


def test_the_last_day_does_not_roll_into_a_pause() -> None:
    # 2026-03-14 is a Saturday; the clock stands still from Monday to Wednesday
    assert paused(days(12), "2026-03-02", ("2026-03-16", "2026-03-19")) == on("2026-03-19")


def test_a_pause_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ValueError, match="早于起点"):
        paused(days(1), "2026-03-02", ("2026-03-05", "2026-03-04"))


@pytest.mark.parametrize("length", [-1, 10_001])
def test_a_length_outside_reason_is_refused(length: int) -> None:
    with pytest.raises(ValueError, match="期限长度"):
        days(length)


def test_a_term_past_the_last_year_is_an_error_not_a_crash() -> None:
    with pytest.raises(ValueError, match="9999"):
        due(years(9000), on("2026-03-02"), CN)


@pytest.mark.parametrize(("start", "length", "expected"), [("2026-12-20", 11, False), ("2026-12-20", 12, True), ("2003-12-01", 5, True)])
def test_a_day_in_a_year_without_a_notice_makes_the_date_provisional(start: str, length: int, expected: bool) -> None:
    found = due(days(length), on(start), CN)
    assert found.provisional is expected
    assert any("放假安排尚未公布" in line for line in found.derivation) is expected


def test_a_due_day_that_rolls_into_an_unknown_year_is_provisional() -> None:
    bridge = Calendar(off={on("2026-12-31"): "试"}, years=frozenset({2026}))
    assert due(days(1), on("2026-12-30"), bridge) == due(days(1), on("2026-12-30"), bridge)
    assert due(days(1), on("2026-12-30"), bridge).provisional


def test_the_derivation_reads_aloud_line_by_line() -> None:
    assert due(workdays(5), on("2026-09-28"), CN).derivation == (
        "起算日2026年9月28日(周一)不计入,期限5个工作日",
        "2026年10月1日至7日为法定休假日(国庆节),不计入",
        "2026年10月10日(周六)为调休上班日,计入",
        "第5个工作日为2026年10月10日(周六),期限届满",
    )
    assert due(days(15), on("2026-02-01"), CN).derivation[-1] == (
        "届满日2026年2月16日(周一)为法定休假日(春节),顺延至下一个工作日2026年2月24日(周二)"
    )
    with_pause = due(days(15), on("2026-03-02"), CN, [Pause(on("2026-03-05"), on("2026-03-08"), "行政复议")])
    assert "2026年3月5日至7日期间中止(行政复议),共3日,不计入" in with_pause.derivation


# -- the independent counter: its own reading of the table, sets of days instead of a walk -------------------------------------------------

with TABLE.open(encoding="utf-8", newline="") as _lines:
    MOVED = {date.fromisoformat(row["date"]): row["kind"] for row in csv.DictReader(_lines)}


def works(day: date) -> bool:
    return MOVED.get(day, "off" if day.isoweekday() > 5 else "work") == "work"


def same_number(day: date, number: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + number, 12)
    for candidate in range(day.day, 27, -1):
        try:
            return date(year, month + 1, candidate)
        except ValueError:
            continue
    return date(year, month + 1, day.day)


def naive_forward(unit: Unit, length: int, start: date, frozen: set[date]) -> date:
    if unit in (Unit.MONTH, Unit.YEAR):
        length = (same_number(start, length * (12 if unit is Unit.YEAR else 1)) - start).days
        unit = Unit.DAY
    ahead = [start + timedelta(days=n) for n in range(1, 2 * length + 500 + len(frozen))]
    counting = [day for day in ahead if day not in frozen and (unit is Unit.DAY or works(day))]
    return counting[length - 1]


starts = st.dates(date(2010, 1, 1), date(2025, 6, 30))
intervals = st.lists(st.tuples(st.integers(-20, 90), st.integers(0, 40)), max_size=4)
sizes = st.one_of(
    st.tuples(st.just(Unit.WORKDAY), st.integers(1, 90)),
    st.tuples(st.just(Unit.DAY), st.integers(1, 120)),
    st.tuples(st.just(Unit.MONTH), st.integers(1, 9)),
    st.tuples(st.just(Unit.YEAR), st.just(1)),
)


@given(starts, sizes, intervals)
def test_forward_terms_agree_with_the_naive_counter(start: date, size: tuple[Unit, int], offsets: list[tuple[int, int]]) -> None:
    unit, length = size
    pauses = [Pause(start + timedelta(days=a), start + timedelta(days=a + b)) for a, b in offsets]
    frozen = {pause.since + timedelta(days=n) for pause in pauses for n in range((pause.until - pause.since).days)}
    found = due(Term(length, unit), start, CN, pauses)
    last = naive_forward(unit, length, start, frozen)
    assert found.due_unrolled == last
    rolled = last
    while not works(rolled) or (rolled != last and rolled in frozen):
        rolled += ONE
    assert found.due == rolled
    assert works(found.due)
    assert due(Term(length, unit, roll=False), start, CN, pauses).due == last


@given(starts, st.sampled_from([(Unit.WORKDAY, 7), (Unit.WORKDAY, 1), (Unit.DAY, 3), (Unit.DAY, 30), (Unit.MONTH, 1), (Unit.MONTH, 3)]))
def test_a_backward_term_is_the_latest_day_whose_forward_term_ends_before_the_event(event: date, size: tuple[Unit, int]) -> None:
    unit, length = size
    found = due(Term(length, unit, backward=True), event, CN).due_unrolled
    assert naive_forward(unit, length, found, set()) < event <= naive_forward(unit, length, found + ONE, set())


@given(starts, intervals)
def test_merged_pauses_are_apart_and_cover_the_same_days(start: date, offsets: list[tuple[int, int]]) -> None:
    pauses = [Pause(start + timedelta(days=a), start + timedelta(days=a + b)) for a, b in offsets]
    merged = merge(pauses)
    assert all(before.until < after.since for before, after in pairwise(merged))
    covered = {pause.since + timedelta(days=n) for pause in pauses for n in range((pause.until - pause.since).days)}
    assert {pause.since + timedelta(days=n) for pause in merged for n in range((pause.until - pause.since).days)} == covered


@given(starts, st.integers(-40, 40))
def test_adding_months_keeps_the_number_or_takes_the_last_day(day: date, number: int) -> None:
    assert add_months(day, number) == same_number(day, number)
