"""Statutory terms: when a term ends, and why, line by line.

Pure: no database, no clock. The law: 民法典 200-204 and 民事诉讼法 85 (the day of the event is not counted; a month or a year
ends on the day with the same number, in a month without it on its last day; a last day off moves to the first working day after
it), 行政处罚法 85 ("日" of 2, 3, 5 and 7 days in that law are working days), 行政强制法 69. Which unit a term has is said by its
article, never guessed here.

A pause (中止) is half-open: it takes out `since`, but not `until`. Several pauses are merged, so that a day is never taken out
twice. Days and working days simply skip paused days; a term in months or years is first laid out to its nominal last day and
then lengthened by the paused days inside it, which is the same as counting its calendar days one by one.

A backward term asks for the latest day that leaves the whole term between itself and the event: "举行听证的七日前" (行政处罚法 64, 85)
wants seven full working days between notice and hearing. It rolls earlier, never later: rolling towards the event would
shorten the term.
"""

from __future__ import annotations

import calendar as gregorian
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import Enum
from functools import cache
from typing import NamedTuple

ONE_DAY = timedelta(days=1)
MAX_LENGTH = 10_000
_WEEKDAYS = "一二三四五六日"


class Unit(Enum):
    WORKDAY = "workday"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"

    @property
    def label(self) -> str:
        return {"workday": "个工作日", "day": "日", "month": "个月", "year": "年"}[self.value]


@dataclass(frozen=True)
class Term:
    """`roll=False` is for limits on coercive power, which no holiday prolongs; `backward` counts from the event to an earlier day."""

    length: int
    unit: Unit
    roll: bool = True
    backward: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.length <= MAX_LENGTH:
            raise ValueError(f"期限长度应当是0至{MAX_LENGTH}之间的整数,不能是{self.length}")

    def __str__(self) -> str:
        return f"{self.length}{self.unit.label}"


def days(length: int, *, roll: bool = True, backward: bool = False) -> Term:
    return Term(length, Unit.DAY, roll, backward)


def workdays(length: int, *, roll: bool = True, backward: bool = False) -> Term:
    return Term(length, Unit.WORKDAY, roll, backward)


def months(length: int, *, roll: bool = True, backward: bool = False) -> Term:
    return Term(length, Unit.MONTH, roll, backward)


def years(length: int, *, roll: bool = True, backward: bool = False) -> Term:
    return Term(length, Unit.YEAR, roll, backward)


@dataclass(frozen=True)
class Param:
    """A term (or another legal number) that differs by region, sector or date: read from the parameters by whoever asks for it."""

    name: str


@cache
def param(name: str) -> Param:
    return Param(name)


class Pause(NamedTuple):
    """[since, until): the clock stands still; `reason` is said in the derivation."""

    since: date
    until: date
    reason: str = ""


@dataclass(frozen=True)
class Calendar:
    """Which days are working days: the notices of the State Council over plain weekends.

    `off` and `work` name the holiday of each day that a notice moved; `years` are the years whose notice is published.
    """

    off: Mapping[date, str] = field(default_factory=dict)
    work: Mapping[date, str] = field(default_factory=dict)
    years: frozenset[int] = frozenset()

    def is_workday(self, day: date) -> bool:
        return day in self.work or (day not in self.off and day.weekday() < 5)

    def announced(self, year: int) -> bool:
        return year in self.years

    def why(self, day: date) -> str:
        """What makes this day what it is: 国庆节, 周六, 调休上班(国庆节); empty for an ordinary working day."""
        if day in self.work:
            return f"调休上班({self.work[day]})"
        if day in self.off:
            return self.off[day]
        return f"周{_WEEKDAYS[day.weekday()]}" if day.weekday() >= 5 else ""

    def next_workday(self, day: date) -> date:
        """The first working day after `day`."""
        day += ONE_DAY
        while not self.is_workday(day):
            day += ONE_DAY
        return day


class Due(NamedTuple):
    """`due_unrolled` is the last day before any rolling. `provisional`: some day counted lies in a year without a published notice."""

    due: date
    due_unrolled: date
    provisional: bool
    derivation: tuple[str, ...]


class _Count(NamedTuple):
    last: date
    seen: tuple[date, ...]


Pauses = Iterable[Pause | tuple[date, date]]


def due(term: Term, start: date, calendar: Calendar, pauses: Pauses = ()) -> Due:
    """The last day of `term` from the event on `start`. Raises ValueError on a pause that ends before it begins."""
    merged = merge(pauses)
    try:
        length = term.length if term.unit in (Unit.DAY, Unit.WORKDAY) else _nominal_length(term, start)
        count = _count(term, length, start, calendar, merged)
        last = count.last - ONE_DAY if term.backward and term.length else count.last
        rolled = _roll(term, last, calendar, merged)
        first, final = min(start, rolled, last), max(start, rolled, last)
        counted_years = {day.year for day in count.seen} | {last.year, rolled.year}
        unknown = tuple(sorted(year for year in counted_years if not calendar.announced(year)))
        lines = (*_derive(term, start, calendar, _within(merged, first, final), count, last, rolled), *_provisional(unknown))
    except OverflowError:
        raise ValueError("期限超出可以计算的年份(0001年至9999年)") from None
    return Due(rolled, last, bool(unknown), lines)


def merge(pauses: Pauses) -> tuple[Pause, ...]:
    """Overlapping and touching pauses as one; empty ones vanish."""
    result: list[Pause] = []
    for pause in sorted(Pause(*each) for each in pauses):
        if pause.until < pause.since:
            raise ValueError(f"中止期间的终点{pause.until}早于起点{pause.since}")
        if pause.until == pause.since:
            continue
        if result and pause.since <= result[-1].until:
            before = result[-1]
            reasons = [reason for reason in (before.reason, pause.reason) if reason]
            result[-1] = Pause(before.since, max(before.until, pause.until), "、".join(dict.fromkeys(reasons)))
        else:
            result.append(pause)
    return tuple(result)


def add_months(day: date, number: int) -> date:
    """The day with the same number `number` months later (earlier when negative), or the last day of a month too short for it."""
    month = day.year * 12 + day.month - 1 + number
    year, month = month // 12, month % 12 + 1
    if not 1 <= year <= 9999:
        raise OverflowError
    return date(year, month, min(day.day, gregorian.monthrange(year, month)[1]))


def _nominal_length(term: Term, start: date) -> int:
    """The calendar days of a term in months or years, pauses apart."""
    number = term.length * (12 if term.unit is Unit.YEAR else 1)
    if not term.backward:
        return (add_months(start, number) - start).days
    if not number:
        return 0
    latest = add_months(start, -number) - ONE_DAY
    while add_months(latest + ONE_DAY, number) < start:
        latest += ONE_DAY
    return (start - latest).days - 1


def _is_paused(day: date, pauses: tuple[Pause, ...]) -> bool:
    return any(pause.since <= day < pause.until for pause in pauses)


def _count(term: Term, length: int, start: date, calendar: Calendar, pauses: tuple[Pause, ...]) -> _Count:
    """Walk from the day beside `start` until `length` days have counted; `seen` is every day walked over."""
    step = -ONE_DAY if term.backward else ONE_DAY
    day, counted, seen = start, 0, []
    while counted < length:
        day += step
        seen.append(day)
        if not _is_paused(day, pauses) and (term.unit is not Unit.WORKDAY or calendar.is_workday(day)):
            counted += 1
    return _Count(day, tuple(seen))


def _roll(term: Term, last: date, calendar: Calendar, pauses: tuple[Pause, ...]) -> date:
    """A last day off moves on to a working day on which the clock runs. A term of no length (当场, 当日) never moves."""
    if not term.roll or not term.length:
        return last
    step = -ONE_DAY if term.backward else ONE_DAY
    day = last
    while not calendar.is_workday(day) or (day != last and _is_paused(day, pauses)):
        day += step
    return day


def _within(pauses: tuple[Pause, ...], first: date, final: date) -> tuple[Pause, ...]:
    """The parts of the pauses that touch the days of this term (the start day itself is not counted anyway)."""
    cut = (Pause(max(pause.since, first), min(pause.until, final + ONE_DAY), pause.reason) for pause in pauses)
    return tuple(pause for pause in cut if pause.since < pause.until)


def _derive(
    term: Term, start: date, calendar: Calendar, pauses: tuple[Pause, ...], count: _Count, last: date, rolled: date
) -> Iterator[str]:
    if not term.length:
        yield f"期限为当日:{spoken(start)}"
        return
    yield f"起算日{spoken(start)}不计入,期限{term}" + (",向前倒推" if term.backward else "")
    if term.unit is Unit.WORKDAY:
        yield from _days_off(count, calendar, pauses)
    for pause in pauses:
        until = pause.until - ONE_DAY
        reason = f"({pause.reason})" if pause.reason else ""
        yield f"{span(pause.since, until)}期间中止{reason},共{(until - pause.since).days + 1}日,不计入"
    if term.backward:
        yield f"与起算日之间应当隔满{term},最迟为{spoken(last)}"
    elif term.unit in (Unit.MONTH, Unit.YEAR):
        yield from _nominal_end(term, start, last)
    else:
        yield f"第{term.length}{term.unit.label}为{spoken(last)},期限届满"
    if rolled != last:
        direction = "提前至上一个工作日" if term.backward else "顺延至下一个工作日"
        yield f"届满日{spoken(last)}{_off_reason(last, calendar)},{direction}{spoken(rolled)}"
    elif not term.roll and not calendar.is_workday(last):
        yield f"届满日{spoken(last)}{_off_reason(last, calendar)},依规定不顺延"


def _nominal_end(term: Term, start: date, last: date) -> Iterator[str]:
    number = term.length * (12 if term.unit is Unit.YEAR else 1)
    nominal = add_months(start, number)
    rule = "与起算日同日" if nominal.day == start.day else "当月没有对应日,以月末为届满日"
    yield f"{term}后{rule},为{spoken(nominal)}"
    if nominal != last:
        yield f"因中止延长{(last - nominal).days}日,届满日为{spoken(last)}"


def _off_reason(day: date, calendar: Calendar) -> str:
    name = calendar.why(day)
    return f"为法定休假日({name})" if day in calendar.off else "为休息日"


def _provisional(unknown: tuple[int, ...]) -> Iterator[str]:
    if unknown:
        yield f"{'、'.join(map(str, unknown))}年放假安排尚未公布或者未收录,暂按周末推算,公布后重新计算"


def _days_off(count: _Count, calendar: Calendar, pauses: tuple[Pause, ...]) -> Iterator[str]:
    """The days that a count of working days skips: each holiday by name, plain weekends in one line, and the 调休 days that do count."""
    walked = sorted(day for day in count.seen if not _is_paused(day, pauses))
    off = [day for day in walked if not calendar.is_workday(day)]
    for first, final in _runs([day for day in off if day in calendar.off]):
        names = dict.fromkeys(calendar.off[first + timedelta(days=offset)] for offset in range((final - first).days + 1))
        yield f"{span(first, final)}为法定休假日({'、'.join(names)}),不计入"
    weekends = [day for day in off if day not in calendar.off]
    if weekends:
        runs = list(_runs(weekends))
        shown = "、".join(span(first, final) for first, final in runs) if len(runs) <= 4 else "期间的周末"
        yield f"{shown}为休息日,共{len(weekends)}日,不计入"
    if worked := [day for day in walked if day in calendar.work]:
        yield f"{'、'.join(spoken(day) for day in worked)}为调休上班日,计入"


def _runs(found: list[date]) -> Iterator[tuple[date, date]]:
    """Neighbouring days as (first, last)."""
    first: date | None = None
    before: date | None = None
    for day in found:
        if first is None or before is None:
            first = day
        elif day - before != ONE_DAY:
            yield first, before
            first = day
        before = day
    if first is not None and before is not None:
        yield first, before


def spoken(day: date) -> str:
    """2026年9月28日(周一)."""
    return f"{day.year}年{day.month}月{day.day}日(周{_WEEKDAYS[day.weekday()]})"


def span(first: date, final: date) -> str:
    """2026年10月1日至7日, without repeating what is the same."""
    text = f"{first.year}年{first.month}月{first.day}日"
    if first == final:
        return text
    if first.year != final.year:
        return f"{text}至{final.year}年{final.month}月{final.day}日"
    return f"{text}至{final.day}日" if first.month == final.month else f"{text}至{final.month}月{final.day}日"
