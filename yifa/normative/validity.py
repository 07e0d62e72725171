"""How long a normative document is in force, and what it is on a day. Pure.

A document states its validity in years from the day it takes effect: at most five, two when it is on trial (暂行、试行). With no decision
at the end of that time it lapses by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from yifa.kernel.calendar.terms import add_months

ENDINGS = {"repealed": "已废止", "declared": "已宣布失效", "lapsed": "已失效", "revoked": "已被撤销", "replaced": "已被代替"}


@dataclass(frozen=True)
class Life:
    """The dates of one document. `valid_until` is the first day on which it is no longer in force by its own terms."""

    published_on: date | None
    effective_on: date | None
    valid_until: date | None
    ended_on: date | None = None
    ended_by: str = ""


def valid_until(effective_on: date, years: int) -> date:
    """The first day after a validity of `years` years from the day of taking effect."""
    return add_months(effective_on, 12 * years)


def status(life: Life, on: date) -> str:
    """未公布, 尚未施行, 现行有效, or why no longer: derived from dates, never typed in."""
    if life.published_on is None or on < life.published_on:
        return "未公布"
    if life.ended_on is not None and on >= life.ended_on:
        return ENDINGS.get(life.ended_by, "已废止")
    if life.valid_until is not None and on >= life.valid_until:
        return "已失效"
    if life.effective_on is None or on < life.effective_on:
        return "尚未施行"
    return "现行有效"


def is_in_force(life: Life, on: date) -> bool:
    return status(life, on) == "现行有效"
