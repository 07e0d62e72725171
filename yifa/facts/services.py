"""The projection of the record: following it, rebuilding it, proving that it equals a replay.

Facts hold no personal data and no free text of a payload, so they outlive the lawful erasure of one. A replay cannot see an erased payload
any more: the facts that stand for such an entry are taken over as they are, by a rebuild and by a check alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from yifa.facts.counting import BATCH, Tables, count, leaves
from yifa.facts.seen import Counts

NAME = "facts"
FACT = "league, position, n, metric, organisation, region, month, numerator, denominator, chain, seq, once, reason"
TALLY = "league, metric, organisation, region, month, numerator, denominator, n"
STAGED_COLUMNS = "league chain seq n metric organisation region month numerator denominator once reason"
REPLAY = Tables("replay_fact", "replay_tally")


@dataclass(frozen=True)
class Difference:
    """`side` is 多出 for a row that only the projection has, 缺少 for one that only the replay has."""

    table: str
    side: str
    row: tuple[object, ...]

    def __str__(self) -> str:
        return f"{self.table} {self.side} {' '.join(map(str, self.row))}"


def follow(contexts: Sequence[Counts], *, batch: int = BATCH) -> int:
    """Count the next batch of sealed entries; how many there were. Facts, sums and cursor are one transaction: each entry counts once."""
    with transaction.atomic(), connection.cursor() as cursor:
        position = _locked(cursor)
        entries = leaves(cursor, position, batch)
        if entries:
            count(cursor, entries, contexts)
            _advance(cursor, position + len(entries))
    return len(entries)


def follow_staged(table: str, *, entries: int) -> int:
    """Count entries whose facts were worked out when they were written, and lie in `table` (STAGED_COLUMNS) without their position.

    Only if exactly these entries are what is sealed and not counted yet; otherwise nothing is done, and they are followed like any others.
    As in `follow`, the first fact under a `once` stands, in log order.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        first = _locked(cursor)
        cursor.execute(
            f"SELECT (SELECT count(*) FROM ledger_leaf WHERE position >= %s), (SELECT count(*) FROM ledger_leaf l WHERE position >= %s"  # noqa: S608
            f" AND l.seq = 1 AND NOT EXISTS (SELECT 1 FROM {table} s WHERE (s.league, s.chain, s.seq) = (l.league, l.chain, 1)))",
            [first, first],
        )
        if cursor.fetchone() != (entries, 0):
            return 0
        cursor.execute("SET LOCAL work_mem = '256MB'")
        cursor.execute(
            f"INSERT INTO facts_fact ({FACT}) SELECT l.league, l.position, s.n, s.metric, s.organisation, s.region, s.month, s.numerator,"  # noqa: S608
            f" s.denominator, s.chain, s.seq, s.once, s.reason FROM {table} s JOIN ledger_leaf l USING (league, chain, seq)"
            " WHERE l.position >= %s ORDER BY l.position, s.n"
            " ON CONFLICT (league, metric, organisation, month, once) WHERE once <> '' DO NOTHING",
            [first],
        )
        cursor.execute(
            f"INSERT INTO facts_tally AS t ({TALLY}) SELECT league, metric, organisation, region, month, sum(numerator), sum(denominator),"  # noqa: S608
            " count(*) FROM facts_fact WHERE position >= %s GROUP BY 1, 2, 3, 4, 5"
            " ON CONFLICT (league, metric, organisation, region, month) DO UPDATE SET"
            " numerator = t.numerator + excluded.numerator, denominator = t.denominator + excluded.denominator, n = t.n + excluded.n",
            [first],
        )
        _advance(cursor, first + entries)
    return entries


def rebuild(contexts: Sequence[Counts]) -> int:
    """Replace the projection by a replay of the whole record; how many entries it read."""
    with transaction.atomic(), connection.cursor() as cursor:
        _locked(cursor)
        read = _replay(cursor, contexts, until=None)
        for live, fresh, columns in ((Tables().fact, REPLAY.fact, FACT), (Tables().tally, REPLAY.tally, TALLY)):
            cursor.execute(f"DELETE FROM {live}")  # noqa: S608 - names from this module
            cursor.execute(f"INSERT INTO {live} ({columns}) SELECT {columns} FROM {fresh}")  # noqa: S608 - as above
        _advance(cursor, read)
    return read


def check(contexts: Sequence[Counts], *, limit: int = 50) -> tuple[int, list[Difference]]:
    """Replay as far as the projection has read, and compare: (entries read, the first differences)."""
    with transaction.atomic(), connection.cursor() as cursor:
        read = _replay(cursor, contexts, until=_locked(cursor))
        found = [
            difference
            for live, fresh, columns in ((Tables().fact, REPLAY.fact, FACT), (Tables().tally, REPLAY.tally, TALLY))
            for difference in _compare(cursor, live, fresh, columns, limit)
        ]
        transaction.set_rollback(True)
    return read, found


def _compare(cursor: CursorWrapper, live: str, fresh: str, columns: str, limit: int) -> Iterator[Difference]:
    for side, one, other in (("多出", live, fresh), ("缺少", fresh, live)):
        cursor.execute(
            f"SELECT {columns} FROM {one} EXCEPT ALL SELECT {columns} FROM {other} ORDER BY 1, 2, 3 LIMIT %s",  # noqa: S608 - as above
            [limit],
        )
        for row in cursor.fetchall():
            yield Difference(live, side, tuple(row))


def _replay(cursor: CursorWrapper, contexts: Sequence[Counts], *, until: int | None) -> int:
    """Count the record from its first leaf into temporary tables, which the end of the transaction drops."""
    for live, fresh in ((Tables().fact, REPLAY.fact), (Tables().tally, REPLAY.tally)):
        cursor.execute(f"CREATE TEMP TABLE {fresh} (LIKE {live} INCLUDING ALL) ON COMMIT DROP")
    cursor.execute("SELECT l.position FROM ledger_erasure x JOIN ledger_leaf l USING (league, chain, seq)")
    erased = {row[0] for row in cursor.fetchall()}
    position = 0
    while until is None or position < until:
        entries = leaves(cursor, position, BATCH if until is None else min(BATCH, until - position))
        if not entries:
            break
        # In log order across the two sources, because the first fact under a `once` is the one that stands.
        run: list[int] = []
        for index, entry in enumerate(entries):
            if entry.position in erased:
                count(cursor, [entries[i] for i in run], contexts, REPLAY)
                _take_over(cursor, entry.position)
                run = []
            else:
                run.append(index)
        count(cursor, [entries[i] for i in run], contexts, REPLAY)
        position += len(entries)
    return position


def _take_over(cursor: CursorWrapper, position: int) -> None:
    cursor.execute(
        f"WITH kept AS (INSERT INTO {REPLAY.fact} ({FACT}) SELECT {FACT} FROM facts_fact WHERE position = %s RETURNING *)"  # noqa: S608
        f" INSERT INTO {REPLAY.tally} AS t ({TALLY}) SELECT league, metric, organisation, region, month, sum(numerator), sum(denominator),"
        " count(*) FROM kept GROUP BY 1, 2, 3, 4, 5 ON CONFLICT (league, metric, organisation, region, month) DO UPDATE SET"
        " numerator = t.numerator + excluded.numerator, denominator = t.denominator + excluded.denominator, n = t.n + excluded.n",
        [position],
    )


def _locked(cursor: CursorWrapper) -> int:
    """The position to read next, locked until the transaction ends: a second follower waits here."""
    cursor.execute("INSERT INTO facts_cursor (name, position) VALUES (%s, 0) ON CONFLICT DO NOTHING", [NAME])
    cursor.execute("SELECT position FROM facts_cursor WHERE name = %s FOR UPDATE", [NAME])
    return int(cursor.fetchone()[0])


def _advance(cursor: CursorWrapper, position: int) -> None:
    cursor.execute("UPDATE facts_cursor SET position = %s, counted_at = clock_timestamp() WHERE name = %s", [position, NAME])
