"""加处罚款: what a fine paid late costs (行政处罚法 72-73, 行政强制法 45).

Pure, whole fen. Each day late adds three per cent of the fine stated in the decision, part payments do not lower that base; the surcharge
never exceeds the fine. Days on which a reconsideration or a suit was pending are not counted (行政处罚法 73.3), nor those of an approved
deferral; intervals are half-open and a day in two of them is left out once. The term of payment itself runs on meanwhile, because
remedies do not suspend a penalty (73.1): only the counting of days stops.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

from yifa.kernel.calendar.terms import Calendar, Due, Pause, Term, days, due, merge, span, spoken

ONE_DAY = timedelta(days=1)
TERM = days(15)
PERCENT = 3


class Surcharge(NamedTuple):
    """`due` is the last day of payment, `days` those that count, `surcharge` in fen; `capped` says that it has reached the fine."""

    due: date
    days: int
    surcharge: int
    capped: bool
    derivation: tuple[str, ...]


def surcharge(
    fine_fen: int,
    served: date,
    paid: date,
    calendar: Calendar,
    pauses: Iterable[Pause | tuple[date, date]] = (),
    *,
    term: Term = TERM,
    percent: int = PERCENT,
) -> Surcharge:
    """The surcharge on a fine served and paid on these days (`paid` may be today, for an unpaid one)."""
    if fine_fen < 0:
        raise ValueError("罚款数额不能小于零")
    if paid < served:
        raise ValueError(f"缴款日{paid}早于送达日{served}")
    last = due(term, served, calendar)
    merged = merge(pauses)
    late = max(0, (paid - last.due).days)
    left_out = sum(max(0, (min(pause.until, paid + ONE_DAY) - max(pause.since, last.due + ONE_DAY)).days) for pause in merged)
    counted = late - left_out
    # One fen is never charged for a fraction of it: three per cent of a whole fen amount is rounded down, in the payer's favour.
    full = fine_fen * percent * counted // 100
    amount = min(full, fine_fen)
    capped = full > fine_fen
    lines = tuple(_derive(fine_fen, paid, last, late, merged, counted, percent, amount, capped))
    return Surcharge(last.due, counted, amount, capped, lines)


def yuan(fen: int) -> str:
    """14,400.00."""
    return f"{fen // 100:,}.{fen % 100:02d}"


def _derive(
    fine_fen: int, paid: date, last: Due, late: int, pauses: tuple[Pause, ...], counted: int, percent: int, amount: int, capped: bool
) -> Iterator[str]:
    yield from last.derivation
    if not late:
        yield f"{spoken(paid)}缴款，没有逾期，不加处罚款"
        return
    first = last.due + ONE_DAY
    yield f"逾期自{spoken(first)}起算，至{spoken(paid)}，共{late}日"
    for pause in pauses:
        since, until = max(pause.since, first), min(pause.until, paid + ONE_DAY)
        if since < until:
            reason = f"（{pause.reason}）" if pause.reason else "（行政复议、行政诉讼或者批准暂缓期间）"
            yield f"{span(since, until - ONE_DAY)}{reason}不予计算，减去{(until - since).days}日"
    yield f"每日按罚款数额的{percent}%加处：{yuan(fine_fen)}元×{percent}%×{counted}日={yuan(fine_fen * percent * counted // 100)}元"
    if capped:
        yield f"加处罚款的数额不得超出罚款的数额，为{yuan(amount)}元"
