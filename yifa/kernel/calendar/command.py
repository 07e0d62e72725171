"""`yifa term`: the last day of a statutory term. Needs neither Django nor a database."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, Namespace
from datetime import date

from yifa.kernel.calendar.table import calendar
from yifa.kernel.calendar.terms import MAX_LENGTH, Pause, Term, Unit, due


class BadOptionError(Exception):
    """str() is the one line the caller reads."""


def arguments(parser: ArgumentParser) -> None:
    """All plain text: a bad value is told in one Chinese line with exit code 1, not as a usage page."""
    parser.add_argument("--start", default="", metavar="YYYY-MM-DD", help="the day of the event, which is not counted")
    parser.add_argument("--length", default="", metavar="N")
    parser.add_argument("--unit", default="", metavar="workday|day|month|year")
    parser.add_argument("--pause", action="append", default=[], metavar="FROM:TO", help="half-open; may be repeated")
    parser.add_argument("--no-roll", action="store_true", help="a last day off does not move")
    parser.add_argument("--backward", action="store_true", help="the latest day that leaves the whole term before the event")
    parser.add_argument("--json", action="store_true")


def main(options: Namespace) -> int:
    try:
        term = Term(whole_number("--length", options.length), _unit(options.unit), not options.no_roll, options.backward)
        result = due(term, day("--start", options.start), calendar(), pauses(options.pause))
    except (BadOptionError, ValueError) as reason:
        print(reason, file=sys.stderr)
        return 1
    if options.json:
        print(json.dumps(result._asdict() | {"due": str(result.due), "due_unrolled": str(result.due_unrolled)}, ensure_ascii=False))
    else:
        print(result.due, *result.derivation, sep="\n")
    return 0


def day(name: str, text: str) -> date:
    if not text:
        raise BadOptionError(f"缺少{name}")
    try:
        if len(text) != 10:
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise BadOptionError(f"{name}应当是真实存在的日期,例如2026-09-28,不能是{text!r}") from None


def pauses(texts: list[str]) -> list[Pause]:
    """`2026-03-25:2026-05-20` takes out 3月25日 up to and including 5月19日."""
    found = []
    for text in texts:
        since, colon, until = text.partition(":")
        if not colon:
            raise BadOptionError(f"--pause应当写作起日:止日,例如2026-03-25:2026-05-20,不能是{text!r}")
        pause = Pause(day("--pause", since), day("--pause", until))
        if pause.until < pause.since:
            raise BadOptionError(f"--pause的止日早于起日:{text!r}")
        found.append(pause)
    return found


def whole_number(name: str, text: str) -> int:
    if not text:
        raise BadOptionError(f"缺少{name}")
    if not (text.isascii() and text.isdigit()) or len(text) > 9:
        raise BadOptionError(f"{name}应当是0至{MAX_LENGTH}之间的整数,不能是{text!r}")
    return int(text)


def _unit(text: str) -> Unit:
    try:
        return Unit(text)
    except ValueError:
        raise BadOptionError(f"--unit应当是workday、day、month、year之一,不能是{text!r}") from None
