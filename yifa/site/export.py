"""`yifa export facts|tallies FILE`: what the record counts for, as a file for whoever analyses it elsewhere (CSV or JSON lines).

A file is written beside its place and put there whole, so that nobody reads half of one; it comes with its count and SHA-256. Rows are in
log order (facts) or by metric, body and month (tallies) and stream through: memory does not grow with them. No personal data: facts name
bodies, months and chains, never persons. `-` writes to the standard output.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from django.db import connection, transaction

COLUMNS = {
    "facts": ("position", "n", "metric", "organisation", "region", "month", "numerator", "denominator", "chain", "seq", "reason"),
    "tallies": ("metric", "organisation", "region", "month", "numerator", "denominator", "n"),
}
TABLES = {"facts": "facts_fact", "tallies": "facts_tally"}
ORDER = {"facts": "position, n", "tallies": "metric, organisation, region, month"}
MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")


class ExportError(Exception):
    """The export is not possible; the text says what to write instead."""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=sorted(COLUMNS), help="facts: one line an entry counts for; tallies: their sums by month")
    parser.add_argument("file", help="where to write it, - for the standard output")
    parser.add_argument("--format", choices=("csv", "jsonl"), default="csv")
    parser.add_argument("--first", default="", help="first month, 2026-01")
    parser.add_argument("--last", default="", help="last month, 2026-12")
    parser.add_argument("--region", default="", help="only bodies whose region code begins so, 1502")
    parser.add_argument("--metric", default="", help="only this metric, ENF-02")
    parser.add_argument("--json", action="store_true", help="print the count and the SHA-256")


def main(options: argparse.Namespace) -> int:
    try:
        where, values = _where(options)
        if options.file == "-":
            written = _write(options, where, values, sys.stdout.buffer)
        else:
            written = _whole(options, where, values, Path(options.file))
    except ExportError as problem:
        print(problem, file=sys.stderr)
        return 1
    if options.json:
        print(json.dumps(written, ensure_ascii=False), file=sys.stderr if options.file == "-" else sys.stdout)
    elif options.file != "-":
        print(f"已导出{written['rows']}行到{options.file}，SHA-256 为{written['sha256']}")
    return 0


def _where(options: argparse.Namespace) -> tuple[str, list[Any]]:
    tests, values = ["TRUE"], list[Any]()
    for name, column, operator in (("first", "month", ">="), ("last", "month", "<=")):
        month = getattr(options, name)
        if month and not MONTH.fullmatch(month):
            raise ExportError(f"月份“{month}”应当写作2026-11")
        if month:
            tests.append(f"{column} {operator} %s")
            values.append(month)
    if options.first and options.last and options.last < options.first:
        raise ExportError("起始月份不晚于截止月份")
    if options.region and not options.region.isdecimal():
        raise ExportError("区划代码只含数字，例如1502")
    if options.region:
        tests.append("starts_with(region, %s)")
        # 150000 and 150200 stand for all below them; a banner's own last digit may be a nought.
        values.append(re.sub(r"^(\d\d)0000$|^(\d{4})00$", r"\1\2", options.region))
    if options.metric:
        tests.append("metric = %s")
        values.append(options.metric)
    return " AND ".join(tests), values


def _whole(options: argparse.Namespace, where: str, values: list[Any], place: Path) -> dict[str, Any]:
    """Beside its place first: a file that is there is a whole one. A file of that name that was there is replaced at once."""
    try:
        with tempfile.NamedTemporaryFile(dir=place.parent, prefix=f".{place.name}.", delete=False) as draft:
            try:
                written = _write(options, where, values, draft)
                draft.flush()
                os.fsync(draft.fileno())
                Path(draft.name).replace(place)
            except BaseException:
                Path(draft.name).unlink(missing_ok=True)
                raise
    except OSError as problem:
        raise ExportError(f"不能写入“{place}”：{problem.strerror}") from None
    return written


def _write(options: argparse.Namespace, where: str, values: list[Any], out: BinaryIO | Any) -> dict[str, Any]:
    digest, rows = hashlib.sha256(), -1 if options.format == "csv" else 0
    for part in _parts(options, where, values):
        digest.update(part)
        rows += part.count(b"\n")
        out.write(part)
    return {"what": options.what, "format": options.format, "rows": rows, "sha256": digest.hexdigest()}


def _parts(options: argparse.Namespace, where: str, values: list[Any]) -> Iterator[bytes]:
    """Parts of the file as the server sends them: one snapshot, one pass. A CSV begins with its header; no value holds a line end."""
    columns = ", ".join(f"translate({name}, E'\\n\\r', '  ') AS {name}" if name == "reason" else name for name in COLUMNS[options.what])
    # Names are written here, values are parameters.
    rows = f"SELECT {columns} FROM {TABLES[options.what]} WHERE {where} ORDER BY {ORDER[options.what]}"  # noqa: S608
    with transaction.atomic(), connection.cursor() as cursor:
        raw = cursor.connection.cursor()
        if options.format == "csv":
            with raw.copy(f"COPY ({rows}) TO STDOUT (FORMAT csv, HEADER)", values) as copy:
                yield from (bytes(part) for part in copy)
            return
        for row in raw.stream(f"SELECT row_to_json(x)::text FROM ({rows}) x", values, size=1000):  # noqa: S608 - as above
            yield row[0].encode() + b"\n"
