"""The projection of what acts use: following the record, rebuilding it, proving that it equals a replay.

Only bodies are read, and only of steps that count: no payload is needed, so nothing changes when one is lawfully erased.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from yifa.evaluation import method
from yifa.evaluation.usage import event

BATCH = 2000
NAME = "uses"
EVENT = "league, position, chain, seq, kind, organisation, region, month, works, articles"
USE = "league, work_key, article, organisation, region, month, kind, n"

# Every position of the batch comes back, so that a gap would be seen; a body only where its step counts.
LEAVES = """
SELECT l.position, l.league, l.chain, l.seq, CASE WHEN e.step = ANY(%s) THEN convert_from(e.body, 'UTF8') END
FROM ledger_leaf l JOIN ledger_entry e ON e.league = l.league AND e.chain = l.chain AND e.seq = l.seq
WHERE l.position >= %s AND l.position < %s ORDER BY l.position
"""
INSERT = """
WITH fresh AS (
  INSERT INTO {event} ({columns})
  SELECT league, position, chain, seq, kind, organisation, region, month, works, articles
  FROM jsonb_to_recordset(%s::jsonb) AS r(league text, position bigint, chain text, seq integer, kind text, organisation text,
    region text, month text, works text[], articles text[])
  ORDER BY position RETURNING *
), used AS (
  SELECT league, split_part(a, '#', 1) AS work_key, split_part(a, '#', 2) AS article, organisation, region, month, kind
  FROM fresh, unnest(articles) a
  UNION ALL
  SELECT league, w, '', organisation, region, month, kind FROM fresh, unnest(works) w
)
INSERT INTO {use} AS t (league, work_key, article, organisation, region, month, kind, n)
SELECT league, work_key, article, organisation, region, month, kind, count(*) FROM used
GROUP BY 1, 2, 3, 4, 5, 6, 7 ORDER BY 1, 2, 3, 4, 5, 6, 7
ON CONFLICT (league, work_key, article, organisation, region, month, kind) DO UPDATE SET n = t.n + excluded.n
"""


class FollowingError(Exception):
    """The log has a gap, or an entry cannot be read. The follower stops here; nothing of the batch is kept."""


@dataclass(frozen=True)
class Tables:
    event: str = "evaluation_event"
    use: str = "evaluation_use"


REPLAY = Tables("replay_event", "replay_use")


@dataclass(frozen=True)
class Difference:
    """A row that stands on one side only: 多出 in the projection, 缺少 from it."""

    table: str
    side: str
    row: tuple[Any, ...]

    def __str__(self) -> str:
        return f"{self.table} {self.side} {self.row}"


def follow(limit: int = BATCH) -> int:
    """Count one batch of sealed entries; how many were read."""
    with transaction.atomic(), connection.cursor() as cursor:
        position = _locked(cursor)
        read = _count(cursor, position, limit, Tables())
        if read:
            _advance(cursor, position + read)
        return read


def rebuild() -> int:
    """The projection anew from the first leaf; how many entries were read."""
    with transaction.atomic(), connection.cursor() as cursor:
        _locked(cursor)
        cursor.execute("DELETE FROM evaluation_event")
        cursor.execute("DELETE FROM evaluation_use")
        position = _replay(cursor, Tables(), None)
        _advance(cursor, position)
        return position


def check(limit: int = 20) -> tuple[int, list[Difference]]:
    """Replay the record beside the projection, up to where it has read; how many entries, and where they differ."""
    with transaction.atomic(), connection.cursor() as cursor:
        until = _locked(cursor)
        for live, fresh in ((Tables().event, REPLAY.event), (Tables().use, REPLAY.use)):
            cursor.execute(f"CREATE TEMP TABLE {fresh} (LIKE {live} INCLUDING ALL) ON COMMIT DROP")
        read = _replay(cursor, REPLAY, until)
        found = [
            difference
            for live, fresh, columns in ((Tables().event, REPLAY.event, EVENT), (Tables().use, REPLAY.use, USE))
            for difference in _compare(cursor, live, fresh, columns, limit)
        ]
        transaction.set_rollback(True)
    return read, found


def position() -> int:
    """How far the record is counted."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(position), 0) FROM evaluation_cursor")
        return int(cursor.fetchone()[0])


def _replay(cursor: CursorWrapper, tables: Tables, until: int | None) -> int:
    position = 0
    while until is None or position < until:
        read = _count(cursor, position, BATCH if until is None else min(BATCH, until - position), tables)
        if not read:
            break
        position += read
    return position


def _count(cursor: CursorWrapper, first: int, limit: int, tables: Tables) -> int:
    steps = method.installed().steps
    cursor.execute(LEAVES, [sorted({step.partition("/")[2] for step in steps}), first, first + limit])
    leaves = cursor.fetchall()
    rows = list(_rows(leaves, first, steps))
    if rows:
        cursor.execute(INSERT.format(event=tables.event, use=tables.use, columns=EVENT), [json.dumps(rows, ensure_ascii=False)])
    return len(leaves)


def _rows(leaves: Sequence[Sequence[Any]], first: int, steps: dict[str, str]) -> Iterator[dict[str, Any]]:
    for offset, (position, league, chain, seq, body) in enumerate(leaves):
        if position != first + offset:
            raise FollowingError(f"the log has no leaf {first + offset}, but has {position}")
        found = event(json.loads(body), steps) if body is not None else None
        if found:
            yield {"league": league, "position": position, "chain": chain, "seq": seq, **asdict(found), "works": found.works}


def _compare(cursor: CursorWrapper, live: str, fresh: str, columns: str, limit: int) -> Iterator[Difference]:
    for side, one, other in (("多出", live, fresh), ("缺少", fresh, live)):
        cursor.execute(
            f"SELECT {columns} FROM {one} EXCEPT ALL SELECT {columns} FROM {other} ORDER BY 1, 2, 3 LIMIT %s",  # noqa: S608 - names from this module
            [limit],
        )
        for row in cursor.fetchall():
            yield Difference(live, side, tuple(row))


def _locked(cursor: CursorWrapper) -> int:
    """The position to read next, locked until the transaction ends: a second follower waits here."""
    cursor.execute("INSERT INTO evaluation_cursor (name, position) VALUES (%s, 0) ON CONFLICT DO NOTHING", [NAME])
    cursor.execute("SELECT position FROM evaluation_cursor WHERE name = %s FOR UPDATE", [NAME])
    return int(cursor.fetchone()[0])


def _advance(cursor: CursorWrapper, position: int) -> None:
    cursor.execute("UPDATE evaluation_cursor SET position = %s WHERE name = %s", [position, NAME])
