"""`yifa surcharge`: the surcharge on a fine paid late. Needs neither Django nor a database."""

from __future__ import annotations

import json
import re
import sys
from argparse import ArgumentParser, Namespace

from yifa.enforcement.surcharge import surcharge, yuan
from yifa.kernel.calendar.command import BadOptionError, day, pauses
from yifa.kernel.calendar.table import calendar

MAX_DIGITS = 13


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--fine", default="", metavar="YUAN", help="the fine stated in the decision, at most two decimals")
    parser.add_argument("--served", default="", metavar="YYYY-MM-DD", help="the day on which the decision was served")
    parser.add_argument("--paid", default="", metavar="YYYY-MM-DD", help="the day of payment, or today")
    parser.add_argument(
        "--pause", action="append", default=[], metavar="FROM:TO", help="reconsideration or suit, half-open; may be repeated"
    )
    parser.add_argument("--json", action="store_true")


def main(options: Namespace) -> int:
    try:
        found = surcharge(
            fen(options.fine), day("--served", options.served), day("--paid", options.paid), calendar(), pauses(options.pause)
        )
    except (BadOptionError, ValueError) as reason:
        print(reason, file=sys.stderr)
        return 1
    if options.json:
        rest = {"capped": found.capped, "derivation": found.derivation}
        # The number is written from whole fen: no float on the way.
        head = f'{{"due": "{found.due}", "days": {found.days}, "surcharge": {_number(found.surcharge)}, '
        print(head + json.dumps(rest, ensure_ascii=False)[1:])
    else:
        print(f"{yuan(found.surcharge)}元", *found.derivation, sep="\n")
    return 0


def _number(fen: int) -> str:
    """14400, or 14400.05: yuan as JSON writes a number."""
    whole, rest = divmod(fen, 100)
    return f"{whole}.{rest:02d}" if rest else str(whole)


def fen(text: str) -> int:
    """Yuan with at most two decimals as whole fen."""
    if not text:
        raise BadOptionError("缺少--fine")
    found = re.fullmatch(rf"([0-9]{{1,{MAX_DIGITS}}})(?:\.([0-9]{{1,2}}))?", text)
    if not found:
        raise BadOptionError(f"--fine应当是不小于零、最多两位小数的金额(元),例如20000或者199.50,不能是{text!r}")
    return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))
