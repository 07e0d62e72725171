"""What the search reads: one passage for every article, made from its node; made again by `yifa laws index`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Protocol

from django.db import connection, transaction

from yifa.laws.grams import fold
from yifa.laws.models import Expression, Node, Passage
from yifa.laws.texts import ENTRY, PREFACE, TIAO, WHOLE

UNITS = frozenset({TIAO, ENTRY, WHOLE, PREFACE})
UNRANKED, HIGHEST = 70, 100  # a kind without rank in types.toml stands between rules and documents
BATCH = 200
MANY = 1_000  # passages from which on, being most of all, they go in quicker without the index, and it is made anew
# Characters in one passage, so that looking at one again is always quick: a single text without articles may be long.
_LONGEST, OVERLAP = 20_000, 200
_RERANK = """
UPDATE laws_passage AS passage SET rank = kind.rank
FROM laws_expression AS text JOIN laws_work AS work ON work.id = text.work_id
JOIN unnest(%s::text[], %s::smallint[]) AS kind (type, rank) USING (type)
WHERE passage.expression_id = text.id AND passage.rank <> kind.rank
"""


class Unit(Protocol):
    """A node as it is imported or read."""

    @property
    def key(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def text(self) -> str: ...


@cache
def ranks() -> dict[str, int]:
    """Kind of text -> place in the order of the search, 0 the Constitution."""
    types = tomllib.loads((Path(__file__).parent / "types.toml").read_text(encoding="utf-8"))
    return {code: HIGHEST - int(kind["rank"]) if "rank" in kind else UNRANKED for code, kind in types.items()}


def write(expression: int, type_: str, nodes: Iterable[Unit]) -> None:
    """Replace the passages of one text, in the caller's transaction."""
    Passage.objects.filter(expression=expression).delete()
    _copy(_rows(expression, ranks().get(type_, UNRANKED), nodes))


def settle() -> None:
    """Put what waits into the index: every search would have to read it besides."""
    _do("SELECT laws_settle_passages()")


def replace(texts: Mapping[int, str]) -> None:
    """Make the passages of these texts (expression -> kind of text) anew from their nodes, in the caller's transaction.

    A few wait in the index's list until all of them are there; where they are most of the library, the index is taken away and made again.
    """
    if not texts:
        return
    Passage.objects.filter(expression__in=texts).delete()
    coming = Node.objects.filter(expression__in=texts, kind__in=UNITS).count()
    is_made_anew = coming >= MANY and coming > Passage.objects.count()
    # A table cannot change its indexes while checks of its rows are put off.
    _do("SET CONSTRAINTS ALL IMMEDIATE")
    if is_made_anew:
        _do("SELECT laws_unindex_passages()")
        # Few pages, but much to be cut up in each: several processes make the index (from PostgreSQL 18 on) where one would.
        _do("SET LOCAL min_parallel_table_scan_size = '64kB'")
    else:
        _do("SET LOCAL gin_pending_list_limit = '1GB'")
    numbers = iter(texts)
    while batch := {number: texts[number] for number in islice(numbers, BATCH)}:
        _copy(_batch(batch))
    _do("SELECT laws_index_passages()" if is_made_anew else "SELECT laws_settle_passages()")
    _do("SET CONSTRAINTS ALL DEFERRED")


def is_missing() -> bool:
    """Are there texts, and none of them can be found?"""
    return not Passage.objects.exists() and Node.objects.filter(kind__in=UNITS).exists()


def rebuild() -> int:
    """Make every passage anew from the nodes; returns how many there are."""
    with transaction.atomic():
        replace(dict(Expression.objects.order_by("work__sort_key", "version").values_list("pk", "work__type")))
    return Passage.objects.count()


def rerank() -> None:
    """A work may have changed its kind without a word of its text."""
    with connection.cursor() as cursor:
        cursor.execute(_RERANK, [list(ranks()), list(ranks().values())])


def _batch(types: Mapping[int, str]) -> list[tuple[object, ...]]:
    """The rows of these texts, in their order. Read whole: one connection cannot read and copy at once."""
    nodes: dict[int, list[Unit]] = {number: [] for number in types}
    rows = Node.objects.filter(expression__in=types, kind__in=UNITS).order_by("order")
    for node in rows.values_list("expression_id", "key", "kind", "text", named=True):
        nodes[node.expression_id].append(node)
    return [row for number, type_ in types.items() for row in _rows(number, ranks().get(type_, UNRANKED), nodes[number])]


def _rows(expression: int, rank: int, nodes: Iterable[Unit]) -> Iterator[tuple[object, ...]]:
    for node in nodes:
        if node.kind in UNITS and (text := fold(node.text)):
            # Pieces overlap by more than the longest phrase one may ask for, so that none is cut in two.
            for start in range(0, len(text), _LONGEST):
                yield expression, node.key, rank, text[max(0, start - OVERLAP) : start + _LONGEST]


def _copy(rows: Iterable[tuple[object, ...]]) -> None:
    with connection.cursor() as cursor, cursor.copy("COPY laws_passage (expression_id, key, rank, text) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _do(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
