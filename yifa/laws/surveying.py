"""What those read who look at many works at once: when works were in force, and the articles of their texts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from yifa.laws.models import Expression, Node, Work
from yifa.laws.rules import Span
from yifa.laws.texts import TIAO


@dataclass(frozen=True)
class Text:
    """One text in force, with (key, printed number, words) of its articles in reading order."""

    key: str
    title: str
    region: str
    version: str
    articles: tuple[tuple[str, str, str], ...]


def spans(keys: Iterable[str]) -> dict[str, list[Span]]:
    """When each of these works was in force, version by version; a work that is not held is absent."""
    found: dict[str, list[Span]] = defaultdict(list)
    for row in Expression.objects.filter(work__slug__in=set(keys)).select_related("work").order_by("version"):
        found[row.work.slug].append(row.span)
    return found


def text(key: str, on: date) -> Text | None:
    """The text of a work on a day, else its newest; None when it is not held."""
    work = Work.objects.filter(slug=key).first()
    if work is None:
        return None
    rows = list(work.expressions.order_by("version"))
    row = next((each for each in reversed(rows) if each.span.is_in_force(on)), rows[-1] if rows else None)
    return _text(row, work) if row else None


def texts(on: date) -> Iterator[Text]:
    """Every text in force on a day that is divided into articles; one at a time, since a full library has thousands."""
    rows = (
        Expression.objects.filter(effective_on__lte=on).exclude(ended_on__lte=on).select_related("work").order_by("work__slug", "-version")
    )
    before = ""
    for row in rows.iterator(chunk_size=200):
        # The newest of several that are in force at once.
        if row.work.slug != before and row.span.is_in_force(on):
            before = row.work.slug
            found = _text(row, row.work)
            if found.articles:
                yield found


def _text(row: Expression, work: Work) -> Text:
    nodes = Node.objects.filter(expression=row, kind=TIAO).order_by("order").values_list("key", "number", "text")
    return Text(work.slug, work.title, work.region, row.version, tuple(nodes))
