"""`yifa laws cite --jsonl`: the citations of each text on standard input, as lines of JSON. Django is imported only with a database."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from yifa.laws.citations import Cited, parse
from yifa.laws.names import Names, common

LEVELS = ("article", "zhi", "paragraph", "item", "subitem", "article_to", "paragraph_to", "item_to")
# (citations, document) -> for each its (status, slug of the work or None)
Resolve = Callable[[Sequence[Cited], str | None], Sequence[tuple[str | None, str | None]]]


class BadLineError(Exception):
    """The line is no request; str() says why."""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--jsonl", action="store_true", help="lines of JSON in and out (the only format there is)")
    parser.add_argument("--on", type=date.fromisoformat, metavar="DATE", help="the day on which citations are judged (default: today)")
    parser.add_argument("--without-database", action="store_true", help="do not resolve, even where a database is there")
    parser.set_defaults(has_database=False)


def main(options: argparse.Namespace) -> int:
    """Write one line for every good line read, in order; a bad line is named on standard error and makes the exit status 1."""
    names, resolve = _library(options.on) if options.has_database and not options.without_database else (common(), _unknown)
    bad = 0
    for n, line in enumerate(sys.stdin.buffer, start=1):
        if not line.strip():
            continue
        try:
            text, document = _request(line)
        except BadLineError as problem:
            print(f"line {n}: {problem}", file=sys.stderr)
            bad += 1
            continue
        cited = parse(text, document, names=names)
        found = [_row(each, *known) for each, known in zip(cited, resolve(cited, document), strict=True)]
        sys.stdout.write(json.dumps({"citations": found}, ensure_ascii=False) + "\n")
    sys.stdout.flush()
    return 1 if bad else 0


def _request(line: bytes) -> tuple[str, str | None]:
    try:
        request = json.loads(line)
    except UnicodeDecodeError:
        raise BadLineError("not UTF-8") from None
    except (ValueError, RecursionError) as problem:
        raise BadLineError(f"not JSON: {problem}") from None
    if not isinstance(request, dict):
        raise BadLineError("not an object")
    text, document = request.get("text"), request.get("document")
    if not isinstance(text, str):
        raise BadLineError("text is missing or no string")
    if document is not None and not isinstance(document, str):
        raise BadLineError("document is neither a string nor null")
    return text, document or None


def _row(cited: Cited, status: str | None, work: str | None) -> dict[str, Any]:
    # A lone surrogate (\ud800 in JSON) is no character and cannot be written as UTF-8.
    law = cited.law.encode("utf-8", "replace").decode("utf-8") if cited.law is not None else None
    return {"law": law, **{level: getattr(cited, level) for level in LEVELS}, "status": status, "work": work}


def _unknown(cited: Sequence[Cited], _document: str | None) -> Sequence[tuple[None, None]]:
    return [(None, None)] * len(cited)


def _library(on: date | None) -> tuple[Names, Resolve]:
    """The names and the resolver of the library; without them when the database does not answer."""
    from django.db import DatabaseError
    from django.utils import timezone

    from yifa.laws import resolving as library

    day = on or timezone.localdate()
    try:
        names = common() | library.names()
    except DatabaseError as problem:
        print(f"no library, so status and work are null: {str(problem).splitlines()[0]}", file=sys.stderr)
        return common(), _unknown

    def resolve(cited: Sequence[Cited], document: str | None) -> Sequence[tuple[str | None, str | None]]:
        found = library.resolve(cited, on=day, document=document or "")
        return [(each.state, each.work.slug if each.work else None) for each in found]

    return names, resolve
