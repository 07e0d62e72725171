"""行政处罚法 72-73: three per cent a day, never more than the fine, not counted while a remedy is pending."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yifa.enforcement.surcharge import surcharge
from yifa.kernel.calendar.table import calendar

CN = calendar()
FINE = 2_000_000
SERVED = date(2026, 3, 2)


def found(paid: str, *pauses: tuple[str, str], fine: int = FINE) -> tuple[int, int, bool]:
    intervals = [(date.fromisoformat(since), date.fromisoformat(until)) for since, until in pauses]
    result = surcharge(fine, SERVED, date.fromisoformat(paid), CN, intervals)
    assert result.due == date(2026, 3, 17)
    return result.days, result.surcharge, result.capped


def test_paid_late() -> None:
    assert found("2026-04-10") == (24, 1_440_000, False)


@pytest.mark.parametrize(("paid", "days"), [("2026-03-02", 0), ("2026-03-17", 0), ("2026-03-18", 1)])
def test_the_last_day_is_in_time_and_the_next_is_not(paid: str, days: int) -> None:
    assert found(paid) == (days, days * 60_000, False)


def test_the_cap_bites_on_the_34th_day() -> None:
    assert found("2026-04-19") == (33, 1_980_000, False)
    assert found("2026-04-20") == (34, FINE, True)
    assert found("2027-04-20")[1:] == (FINE, True)


def test_days_of_reconsideration_are_left_out() -> None:
    # pending from 3月25日 through 5月20日: seven days before it, five after it
    assert found("2026-05-25", ("2026-03-25", "2026-05-21")) == (12, 720_000, False)


def test_a_suit_that_follows_or_overlaps_is_left_out_once() -> None:
    assert found("2026-05-25", ("2026-03-25", "2026-05-01"), ("2026-04-10", "2026-05-21")) == (12, 720_000, False)
    assert found("2026-05-25", ("2026-03-25", "2026-04-25"), ("2026-04-25", "2026-05-21")) == (12, 720_000, False)


def test_a_remedy_sought_before_the_due_day_and_one_still_pending() -> None:
    assert found("2026-03-22", ("2026-03-05", "2026-03-20")) == (3, 180_000, False)
    assert found("2026-05-25", ("2026-03-10", "2026-12-31")) == (0, 0, False)


def test_part_of_a_fen_is_not_charged() -> None:
    assert found("2026-03-18", fine=19_999)[1] == 599


def test_a_due_day_in_the_spring_festival_rolls() -> None:
    assert surcharge(FINE, date(2026, 2, 1), date(2026, 2, 25), CN)[:3] == (date(2026, 2, 24), 1, 60_000)


def test_payment_before_service_is_refused() -> None:
    with pytest.raises(ValueError, match="早于送达日"):
        found("2026-03-01")


@given(st.integers(0, 10**9), st.integers(0, 200), st.lists(st.tuples(st.integers(-10, 200), st.integers(0, 60)), max_size=3))
def test_agrees_with_counting_day_by_day(fine: int, wait: int, offsets: list[tuple[int, int]]) -> None:
    paid = SERVED + timedelta(days=wait)
    pauses = [(SERVED + timedelta(days=a), SERVED + timedelta(days=a + b)) for a, b in offsets]
    late = [date(2026, 3, 18) + timedelta(days=n) for n in range(400) if date(2026, 3, 18) + timedelta(days=n) <= paid]
    counted = [day for day in late if not any(since <= day < until for since, until in pauses)]
    result = surcharge(fine, SERVED, paid, CN, pauses)
    assert (result.days, result.surcharge) == (len(counted), min(fine, fine * 3 * len(counted) // 100))
    assert result.capped is (fine * 3 * len(counted) // 100 > fine)


def run(*options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "yifa.site.command", "surcharge", *options]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_command() -> None:
    plain = ("--served", "2026-03-02", "--json")
    done = json.loads(run("--fine", "20000", "--paid", "2026-04-10", *plain).stdout)
    assert {key: done[key] for key in ("due", "days", "surcharge", "capped")} == {
        "due": "2026-03-17",
        "days": 24,
        "surcharge": 14400,
        "capped": False,
    }
    assert done["derivation"][-1].endswith("14,400.00元")
    assert '"surcharge": 5.99,' in run("--fine", "199.99", "--paid", "2026-03-18", *plain).stdout


@pytest.mark.parametrize("fine", ["", "-1", "1.234", "abc", "1e3", "NaN"])
def test_a_fine_that_is_no_amount_is_refused(fine: str) -> None:
    done = run(f"--fine={fine}", "--served", "2026-03-02", "--paid", "2026-04-10")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert "--fine" in done.stderr
