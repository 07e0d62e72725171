"""What the search reads: one passage for every article, written with its nodes and made again by `yifa laws index`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Protocol

from django.db import connection, transaction

from yifa.laws.grams import fold, grams, lexeme
from yifa.laws.models import Expression, Node, Passage
from yifa.laws.texts import ENTRY, PREFACE, TIAO, WHOLE

UNITS = frozenset({TIAO, ENTRY, WHOLE, PREFACE})
UNRANKED, HIGHEST = 70, 100  # a kind without rank in types.toml stands between rules and documents
BATCH = 200
# Characters in one passage: a tsvector holds 1 MB, and a single text without articles may be long.
_LONGEST, OVERLAP = 20_000, 200


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


def gather() -> None:
    """Let what is written in this transaction wait for `settle`."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL gin_pending_list_limit = '1GB'")


def settle() -> None:
    """Put what waits into the index: every search would have to read it besides."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT laws_settle_passages()")


def is_missing() -> bool:
    """Are there texts, and none of them can be found?"""
    return not Passage.objects.exists() and Node.objects.filter(kind__in=UNITS).exists()


def rebuild() -> int:
    """Make every passage anew from the nodes; returns how many there are."""
    with transaction.atomic():
        gather()
        Passage.objects.all().delete()
        texts = list(Expression.objects.order_by("work__sort_key", "version").values_list("pk", "work__type"))
        for start in range(0, len(texts), BATCH):
            _copy(list(_batch(dict(texts[start : start + BATCH]))))
        settle()
    return Passage.objects.count()


def rerank() -> None:
    """A work may have changed its kind without a word of its text."""
    for type_, rank in ranks().items():
        Passage.objects.filter(expression__work__type=type_).exclude(rank=rank).update(rank=rank)


def _batch(types: dict[int, str]) -> Iterator[tuple[object, ...]]:
    nodes = Node.objects.filter(expression__in=types, kind__in=UNITS).order_by("expression", "order")
    for node in nodes.only("expression_id", "key", "kind", "text"):
        yield from _rows(node.expression_id, ranks().get(types[node.expression_id], UNRANKED), [node])


def _rows(expression: int, rank: int, nodes: Iterable[Unit]) -> Iterator[tuple[object, ...]]:
    for node in nodes:
        if node.kind in UNITS and (text := fold(node.text)):
            # Pieces overlap by more than the longest phrase one may ask for, so that none is cut in two.
            for start in range(0, len(text), _LONGEST):
                piece = text[max(0, start - OVERLAP) : start + _LONGEST]
                yield expression, node.key, rank, piece, " ".join(map(lexeme, grams(piece)))


def _copy(rows: Iterable[tuple[object, ...]]) -> None:
    with connection.cursor() as cursor, cursor.copy("COPY laws_passage (expression_id, key, rank, text, words) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
