"""Reading sums and the facts behind them. Sums are for all who may see figures; the entries behind them need the reader's rights."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.backends.utils import CursorWrapper

from yifa.kernel.access.queries import scope
from yifa.kernel.access.sql import Sql
from yifa.kernel.parameters.rules import significant
from yifa.kernel.people.actors import Actor


@dataclass(frozen=True)
class Sum:
    numerator: int = 0
    denominator: int = 0
    n: int = 0

    def __add__(self, other: Sum) -> Sum:
        return Sum(self.numerator + other.numerator, self.denominator + other.denominator, self.n + other.n)


@dataclass(frozen=True)
class Where:
    """Whose facts of which months (first and last, inclusive). No body and no region: the whole installation."""

    first: str
    last: str
    organisation: str = ""
    region: str = ""

    def sql(self, alias: str) -> Sql:
        parts = [Sql(f"{alias}.month BETWEEN %s AND %s", (self.first, self.last))]
        if self.organisation:
            parts.append(Sql(f"{alias}.organisation = %s", (self.organisation,)))
        if place := significant(self.region):
            parts.append(Sql(f"{alias}.region LIKE %s", (f"{place}%",)))
        return Sql.join(" AND ", parts)


@dataclass(frozen=True)
class Row:
    """One fact behind a number. `code` is set when the entry is a dossier's."""

    league: str
    position: int
    n: int
    metric: str
    organisation: str
    month: str
    numerator: int
    denominator: int
    chain: str
    seq: int
    reason: str
    is_dossier: bool
    title: str

    @property
    def url(self) -> str:
        """Where the thing stands whose entry counts: its case, or its page in a register; "" for a register that has none."""
        if self.is_dossier:
            return f"/desk/cases/{self.chain}/#entry-{self.seq}"
        register, _, ident = self.chain.partition(":")
        _, page = settings.REGISTER_PAGES.get(register, ("", ""))
        return page.format(ident)

    @property
    def label(self) -> str:
        """What it is called: the case by its title, a register's object by its kind and number."""
        if self.is_dossier:
            return self.title or self.chain
        register, _, ident = self.chain.partition(":")
        word, _ = settings.REGISTER_PAGES.get(register, ("", ""))
        return f"{word} {ident}" if word else f"登记簿 {self.chain}"


@dataclass(frozen=True)
class Behind:
    """The facts the reader may open, and how many more there are (另有 n 件无权查看). `after` continues the list; empty at its end."""

    rows: tuple[Row, ...]
    readable: int
    hidden: int
    after: str


def sums(where: Where, metrics: Iterable[str] | None = None) -> dict[str, Sum]:
    """Each metric's sum; a metric without facts is absent."""
    return {key[0]: value for key, value in _grouped(where, metrics, "t.metric").items()}


def by_month(where: Where, metrics: Iterable[str] | None = None) -> dict[tuple[str, str], Sum]:
    """(metric, month) -> sum."""
    return {(key[0], key[1]): value for key, value in _grouped(where, metrics, "t.metric, t.month").items()}


def by_organisation(where: Where, metrics: Iterable[str] | None = None) -> dict[tuple[str, str], Sum]:
    """(metric, body) -> sum."""
    return {(key[0], key[1]): value for key, value in _grouped(where, metrics, "t.metric, t.organisation").items()}


def _grouped(where: Where, metrics: Iterable[str] | None, by: str) -> dict[tuple[str, ...], Sum]:
    condition = where.sql("t")
    if metrics is not None:
        condition = Sql(f"{condition.text} AND t.metric = ANY(%s)", (*condition.params, list(metrics)))
    with connection.cursor() as cursor:
        what = f"SELECT {by}, sum(t.numerator)::bigint, sum(t.denominator)::bigint, sum(t.n)::bigint FROM facts_tally t WHERE"  # noqa: S608
        _run(cursor, Sql(what) + condition + Sql(f"GROUP BY {by}"))
        return {tuple(row[:-3]): Sum(*row[-3:]) for row in cursor.fetchall()}


def position() -> int:
    """How far the record is counted: every leaf before this position is in the sums."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(position), 0) FROM facts_cursor")
        return int(cursor.fetchone()[0])


PARTS = {"numerator": "f.numerator <> 0", "denominator": "f.denominator <> 0"}
ROW = (
    "f.league, f.position, f.n, f.metric, f.organisation, f.month, f.numerator, f.denominator, f.chain, f.seq, f.reason,"
    " d.code IS NOT NULL, coalesce(d.title, '')"
)


def behind(actor: Actor, metrics: Sequence[str], where: Where, *, part: str = "numerator", after: str = "", limit: int = 50) -> Behind:
    """The facts that make up a number, newest first, under the reader's own rights.

    `part` is numerator or denominator. A dossier's entry is read like its dossier, a register's like its body.
    """
    rights = scope(actor)
    cases, bodies = rights.cases("d"), rights.bodies("o")
    base = Sql(f"f.metric = ANY(%s) AND {PARTS[part]}", (list(metrics),)) + Sql("AND") + where.sql("f")
    readable = Sql.join(
        " OR ",
        [
            cases.wrapped("(d.code IS NOT NULL AND ", ")"),
            bodies.wrapped("(d.code IS NULL AND EXISTS (SELECT 1 FROM people_organisation o WHERE o.code = f.organisation AND ", "))"),
        ],
    ).wrapped("(", ")")
    joined = "facts_fact f LEFT JOIN dossiers_dossier d ON d.league = f.league AND d.code = f.chain"
    page = base + Sql("AND") + readable
    if after:
        position, n = after.split(".")
        page = page + Sql("AND (f.position, f.n) < (%s, %s)", (int(position), int(n)))
    with connection.cursor() as cursor:
        counts = readable.wrapped("SELECT count(*) FILTER (WHERE ", f"), count(*) FROM {joined} WHERE ") + base
        _run(cursor, counts)
        may_read, total = cursor.fetchone()
        shown = f"SELECT {ROW} FROM {joined} WHERE"  # noqa: S608 - names from this module
        _run(cursor, Sql(shown) + page + Sql("ORDER BY f.position DESC, f.n DESC LIMIT %s", (limit + 1,)))
        rows = [Row(*row) for row in cursor.fetchall()]
    more = rows[limit:]
    rows = rows[:limit]
    return Behind(tuple(rows), may_read, total - may_read, f"{rows[-1].position}.{rows[-1].n}" if more else "")


def _run(cursor: CursorWrapper, query: Sql) -> None:
    params: Any = query.params
    cursor.execute(query.text, params)
