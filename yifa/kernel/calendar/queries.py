"""The working-day table as the pure `Calendar`, kept in memory until a new notice is entered."""

from __future__ import annotations

from threading import Lock
from time import monotonic

from django.db import connection

from yifa.kernel.calendar.models import Day, Notice
from yifa.kernel.calendar.terms import Calendar

# What a reader in the middle of its own statement asks along, so that it needs no exchange to know whether its copy is current.
STAMP = "(SELECT coalesce(max(id), 0) FROM calendar_notice)"
SECONDS = 5.0

_lock = Lock()
_held: dict[str, tuple[int, float, Calendar]] = {}


def calendar(stamp: int | None = None) -> Calendar:
    """The calendar as of `stamp` (the value of STAMP); without one, a copy that was checked within the last five seconds."""
    database = str(connection.settings_dict["NAME"])
    held = _held.get(database)
    if held and (held[0] == stamp if stamp is not None else monotonic() - held[1] < SECONDS):
        return held[2]
    with _lock:
        now = stamp if stamp is not None else current_stamp()
        if not held or held[0] != now:
            held = (now, 0.0, read())
        _held[database] = (held[0], monotonic(), held[2])
    return held[2]


def current_stamp() -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {STAMP}")
        return int(cursor.fetchone()[0])


def forget() -> None:
    """The next reader reads anew. For the process that has just entered a notice, and for tests that roll one back."""
    _held.clear()


def read() -> Calendar:
    days = list(Day.objects.values_list("date", "kind", "note"))
    return Calendar(
        off={date: note for date, kind, note in days if kind == Day.Kind.OFF},
        work={date: note for date, kind, note in days if kind == Day.Kind.WORK},
        years=frozenset(Notice.objects.values_list("year", flat=True)),
    )
