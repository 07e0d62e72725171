"""The time that a statute leaves others before a step: what must have run out refuses, what is usually given asks for a reason."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from yifa.kernel.calendar.table import calendar
from yifa.kernel.calendar.terms import Term, Unit, days, param, workdays
from yifa.kernel.citing import Law
from yifa.procedures import core
from yifa.procedures.core import BEIJING, BLOCK, WARN, Done, Procedure, Step, Who

L = Law("样本法", "2026-01-01")
OFFICER = Who(("officer",))


class Waiting(Procedure):
    """Hand in, examine, decide."""

    key, title, version, code = "waiting", "样本等待", "2026-01-01", "98"
    hand_in = Step("报送", L[1], by=OFFICER, repeats=True)
    examine = Step("审查", L[2], by=OFFICER, after=hand_in, usual=param("审查时间"))
    decide = Step("决定", L[3], by=OFFICER, after=examine, least=days(30), starts=hand_in)


def progress(*handed_in: date) -> core.Progress:
    moments = [datetime(day.year, day.month, day.day, 9, tzinfo=BEIJING) for day in handed_in]
    return core.fold(Waiting, [Done(n, "hand_in", at, at, "") for n, at in enumerate(moments, 1)])


def resolve(_: object) -> Term:
    return workdays(7)


def severities(step: str, on: date, *handed_in: date) -> list[str]:
    found = core.premature(Waiting, Waiting.steps[step], progress(*handed_in), on, calendar(), resolve)
    return [each.severity for each in found]


def first(*handed_in: date) -> date:
    found = core.wait(Waiting, Waiting.examine, progress(*handed_in), calendar(), resolve)
    assert found is not None
    return found.first


@pytest.mark.parametrize(
    ("handed_in", "day"),
    [
        # A plain week: Monday 18 May to Wednesday the 27th.
        (date(2026, 5, 18), date(2026, 5, 27)),
        # National Day 2026: 1 to 7 October off, Saturday the 10th worked; 8, 9, 10, 12, 13, 14, 15.
        (date(2026, 9, 30), date(2026, 10, 15)),
        # The Sunday before it (20 September) is worked, the 25th (中秋节) is off: 20, 21, 22, 23, 24, 28, 29.
        (date(2026, 9, 19), date(2026, 9, 29)),
        # Spring Festival 2026: 15 to 23 February off, the Saturdays 14 and 28 worked; 14, 24, 25, 26, 27, 28, 2 March.
        (date(2026, 2, 13), date(2026, 3, 2)),
    ],
)
def test_the_first_day_is_the_last_working_day_of_the_usual_time(handed_in: date, day: date) -> None:
    assert first(handed_in) == day
    before = date.fromordinal(day.toordinal() - 1)
    assert (severities("examine", before, handed_in), severities("examine", day, handed_in)) == ([WARN], [])


def test_what_is_handed_in_anew_waits_anew() -> None:
    assert first(date(2026, 5, 18), date(2026, 5, 25)) == date(2026, 6, 3)


def test_what_must_have_run_out_refuses_on_its_last_day() -> None:
    assert severities("decide", date(2026, 6, 17), date(2026, 5, 18)) == [BLOCK]
    assert severities("decide", date(2026, 6, 18), date(2026, 5, 18)) == []


def test_a_reason_lets_the_usual_time_be_shorter_and_is_recorded() -> None:
    early = list(core.premature(Waiting, Waiting.examine, progress(date(2026, 5, 18)), date(2026, 5, 20), calendar(), resolve))
    assert core.settle(early, (), {}, frozenset())[0] == early
    assert core.settle(early, (), {"EARLY": "防汛抢险，急需决定"}, frozenset()) == ([], {"EARLY": "防汛抢险，急需决定"})
    said = "自“报送”（2026年5月18日）起一般不少于7个工作日，最早2026年5月27日办理“审查”；提前办理的，请写明理由"
    assert early[0].text == said


def test_a_year_without_a_notice_says_that_the_day_is_reckoned_by_weekends() -> None:
    found = core.wait(Waiting, Waiting.examine, progress(date(2039, 3, 1)), calendar(), resolve)
    assert found is not None
    assert found.provisional
    assert "按周末推算" in str(found)


def test_before_it_begins_there_is_nothing_to_wait_for() -> None:
    assert core.wait(Waiting, Waiting.examine, core.Progress(), calendar(), resolve) is None
    assert core.wait(Waiting, Waiting.hand_in, progress(date(2026, 5, 18)), calendar(), resolve) is None
    assert Unit.WORKDAY is resolve(None).unit
