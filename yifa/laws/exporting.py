"""A text or a list of finds to take along: CSV, JSON or Markdown, written while it is read. The whole library is no download."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from django.http import HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header

from yifa.laws.histories import lines
from yifa.laws.models import Expression
from yifa.laws.searching import Filters, Hit, search

MOST, AT_ONCE = 5000, 250
FORMATS = {"csv": "text/csv; charset=utf-8", "json": "application/json", "md": "text/markdown; charset=utf-8"}
COLUMNS = ("title", "version", "status", "effective_on", "ended_on", "key", "number", "text")
_RISKY = ("=", "+", "-", "@", "\t", "\r")


def text_rows(text: Expression, on: date) -> Iterator[dict[str, str]]:
    """The articles and headings of one text."""
    for key, _, number, words in lines(text):
        yield _row(text, key, number, words, on)


def found_rows(text: str, filters: Filters) -> Iterator[dict[str, str]]:
    """What a search finds, the best first, whole articles, at most `MOST`."""
    after, count = "", 0
    while count < MOST:
        page = search(text, filters, after=after, limit=min(AT_ONCE, MOST - count), whole=True)
        yield from (_found(hit, filters.on) for hit in page.hits)
        count += len(page.hits)
        after = page.next
        if not after:
            return


def _found(hit: Hit, on: date) -> dict[str, str]:
    return _row(hit.expression, hit.key, hit.number, "".join(part.text for part in hit.parts), on)


def _row(text: Expression, key: str, number: str, words: str, on: date) -> dict[str, str]:
    days = (text.effective_on.isoformat(), text.ended_on.isoformat() if text.ended_on else "")
    return dict(zip(COLUMNS, (text.work.title, text.version, text.status(on), *days, key, number, words), strict=True))


def answer(rows: Iterable[dict[str, str]], kind: str, name: str) -> HttpResponseBase:
    """The rows as a file of `kind` (a key of FORMATS), streamed."""
    written = {"csv": _csv, "json": _json, "md": _markdown}[kind](rows)
    response = StreamingHttpResponse(written, content_type=FORMATS[kind])
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.{kind}") or ""
    return response


def _csv(rows: Iterable[dict[str, str]]) -> Iterator[str]:
    """With a mark that tells spreadsheets it is UTF-8; no cell is a formula."""
    yield "\ufeff" + _line(COLUMNS)
    for row in rows:
        yield _line([f"'{value}" if value.startswith(_RISKY) else value for value in row.values()])


def _line(values: Sequence[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(values)
    return out.getvalue()


def _json(rows: Iterable[dict[str, str]]) -> Iterator[str]:
    yield '{"rows": ['
    for n, row in enumerate(rows):
        yield (",\n" if n else "\n") + json.dumps(row, ensure_ascii=False)
    yield "\n]}\n"


def _markdown(rows: Iterable[dict[str, str]]) -> Iterator[str]:
    last = ("", "")
    for row in rows:
        if (row["title"], row["version"]) != last:
            last = row["title"], row["version"]
            until = f"，{row['ended_on']}终止" if row["ended_on"] else ""
            yield f"# {row['title']}\n\n{row['version']}的文本，{row['effective_on']}起施行{until}，{row['status']}\n\n"
        yield f"**{row['number']}**　{row['text']}\n\n" if row["text"] else f"## {row['number']}\n\n"
