"""What a party is told about his case, and for how long he may still act. Pure.

行政处罚法 67 (fifteen days to pay), 72 (three per cent a day after that); 行政复议法 20 (sixty days), 23 (reconsideration comes first for a
decision made on the spot); 行政诉讼法 46 (six months).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from yifa.kernel.calendar.terms import Calendar, Due, days, due

DECIDED, SPARED, DELIVERED, PUBLISHED = "decide", "no_penalty", "deliver", "publish"
PAID = ("pay", "collect")
RECONSIDERATION, PAYMENT = days(60), days(15)


@dataclass(frozen=True)
class Remedy:
    """Until when one may ask for reconsideration; `open` is whether that day has not passed."""

    until: date
    open: bool
    derivation: tuple[str, ...]
    provisional: bool


def remedy(served_on: date, today: date, calendar: Calendar) -> Remedy:
    """复议法 20: sixty days from the day one knew; the day of service is not counted, a last day that is no working day rolls on."""
    found: Due = due(RECONSIDERATION, served_on, calendar)
    return Remedy(found.due, today <= found.due, found.derivation, found.provisional)


def pay_by(served_on: date, calendar: Calendar) -> date:
    """处罚法 67: within fifteen days of receiving the decision."""
    return due(PAYMENT, served_on, calendar).due
