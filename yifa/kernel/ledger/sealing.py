"""Sealing: acknowledged entries get their place in the log, and the log a new signed head.

Eligible is what is unsealed and settled: of an earlier era, or of a transaction older than every running one. The order is (era, xid, id),
but one chain's entries stand in the order of `seq` (an act may be written by a transaction that began, and took its number, before
the transaction of the act before it): an entry pulls its unsealed predecessors in. Nothing is ever paged by `id > last`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db import connection, transaction

from . import queries, tree
from .keys import signer
from .notes import Checkpoint

BATCH = 50_000
LOCK = 0x6C65646765722E31  # "ledger.1": one sealer at a time, whatever process it lives in


class LedgerError(Exception):
    """The record contradicts itself; sealing stops loudly and nothing is signed."""


class Unsealed(NamedTuple):
    league: str
    chain: str
    seq: int
    hash: bytes
    era: int
    xid: str


def seal(limit: int = BATCH) -> int:
    """Seal up to `limit` eligible entries (and their predecessors); how many were sealed. Safe in several processes at once."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        _notice_restore(cursor)
        # The plan is known: walk the order index from the horizon, look each entry up among the leaves.
        # Without these a planner with old statistics may hash the whole log for a handful of entries.
        cursor.execute("SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off")
        before = queries.horizon(cursor)
        found = _eligible(cursor, before, limit)
        if not found:
            return 0
        entries = list(_in_chain_order(cursor, found))
        edges = _edges(cursor, before)
        _write_leaves(cursor, before.size, entries)
        frontier = tree.Frontier(edges, before.size)
        for entry in entries:
            frontier.append(entry.hash)
        _write_tiles(cursor, frontier)
        size, root = before.size + len(entries), frontier.root()
        era, xid = (found[-1].era, found[-1].xid) if len(found) == limit else (before.current, _settled(found, before))
        own = signer()
        cursor.execute(
            "INSERT INTO ledger_checkpoint (size, root, note, era, horizon_era, horizon_xid) VALUES (%s, %s, %s, %s, %s, %s::xid8)",
            [size, root, own.sign(Checkpoint(own.name, size, root).text()), before.current, era, xid],
        )
        return len(entries)


def _notice_restore(cursor: Any) -> None:
    """A record that wakes up on another server counts transactions anew: that is a new era, also when nobody said so."""
    cursor.execute("SELECT system = (pg_control_system()).system_identifier::text FROM ledger_era ORDER BY era DESC LIMIT 1")
    if cursor.fetchone() != (True,):
        cursor.execute("SELECT ledger_new_era('数据库已迁移到另一服务器')")


def _settled(found: list[Unsealed], before: queries.Horizon) -> str:
    """How far this era is sealed when nothing eligible was left behind: up to its last sealed transaction, itself still to be looked at."""
    return max((entry.xid for entry in found if entry.era == before.current), key=int, default="0")


def _eligible(cursor: Any, before: queries.Horizon, limit: int) -> list[Unsealed]:
    cursor.execute(
        f"SELECT e.league, e.chain, e.seq, e.hash, e.era, e.xid::text {queries.UNSEALED} AND {queries.ELIGIBLE}"
        " ORDER BY e.era, e.xid, e.id LIMIT %(limit)s",
        {"era": before.era, "xid": before.xid, "current": before.current, "limit": limit},
    )
    return [_row(row) for row in cursor.fetchall()]


def _row(row: tuple[Any, ...]) -> Unsealed:
    league, chain, seq, digest, era, xid = row
    return Unsealed(league, chain, seq, bytes(digest), era, xid)


def _in_chain_order(cursor: Any, found: list[Unsealed]) -> Iterable[Unsealed]:
    """The entries in their order, each chain's without a gap from its first unsealed one on."""
    waiting: dict[tuple[str, str], dict[int, Unsealed]] = defaultdict(dict)
    for entry in found:
        waiting[entry.league, entry.chain][entry.seq] = entry
    following = _next_seqs(cursor, list(waiting))
    missing = [
        (league, chain, seq)
        for (league, chain), entries in waiting.items()
        for seq in range(following[league, chain], max(entries))
        if seq not in entries
    ]
    for entry in _fetch(cursor, missing):
        waiting[entry.league, entry.chain][entry.seq] = entry
    for entry in found:
        key = entry.league, entry.chain
        while following[key] <= entry.seq:
            predecessor = waiting[key].get(following[key])
            if predecessor is None:
                raise LedgerError(f"chain {entry.chain} of {entry.league} has entry {entry.seq} but no entry {following[key]}")
            yield predecessor
            following[key] += 1


def _next_seqs(cursor: Any, chains: list[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """The first seq of each chain that is not sealed: sealed is always a beginning of the chain."""
    cursor.execute(
        "SELECT c.league, c.chain, coalesce((SELECT max(l.seq) FROM ledger_leaf l WHERE l.league = c.league AND l.chain = c.chain), 0) + 1"
        " FROM unnest(%s::text[], %s::text[]) AS c (league, chain)",
        [[league for league, _ in chains], [chain for _, chain in chains]],
    )
    return {(league, chain): seq for league, chain, seq in cursor.fetchall()}


def _fetch(cursor: Any, wanted: list[tuple[str, str, int]]) -> list[Unsealed]:
    """Predecessors whose transaction is numbered after a running one: committed, since an act follows on them."""
    if not wanted:
        return []
    cursor.execute(
        "SELECT e.league, e.chain, e.seq, e.hash, e.era, e.xid::text"
        " FROM unnest(%s::text[], %s::text[], %s::int[]) AS w (league, chain, seq) JOIN ledger_entry e USING (league, chain, seq)",
        [list(column) for column in zip(*wanted, strict=True)],
    )
    return [_row(row) for row in cursor.fetchall()]


def _edges(cursor: Any, before: queries.Horizon) -> list[list[bytes]]:
    """The hashes of the partial tiles at the log's right edge, level by level; they must lead to the root that was signed."""
    edges: list[list[bytes]] = []
    while before.size >> (tree.TILE_HEIGHT * len(edges)):
        level = len(edges)
        end = before.size >> (tree.TILE_HEIGHT * level)
        start = end - end % tree.TILE_WIDTH
        if level:
            cursor.execute(
                "SELECT root FROM ledger_tile WHERE level = %s AND index >= %s AND index < %s ORDER BY index", [level - 1, start, end]
            )
        else:
            cursor.execute("SELECT hash FROM ledger_leaf WHERE position >= %s AND position < %s ORDER BY position", [start, end])
        edges.append([bytes(row[0]) for row in cursor.fetchall()])
        if len(edges[-1]) != end - start:
            raise LedgerError(f"level {level} of the log has a gap below {end}")
    if tree.Frontier(edges, before.size).root() != before.root:
        raise LedgerError(f"the leaves do not lead to the root that was signed for size {before.size}")
    return edges


def _write_leaves(cursor: Any, size: int, entries: list[Unsealed]) -> None:
    with cursor.copy("COPY ledger_leaf (position, league, chain, seq, hash) FROM STDIN") as copy:
        for position, entry in enumerate(entries, size):
            copy.write_row((position, entry.league, entry.chain, entry.seq, entry.hash))


def _write_tiles(cursor: Any, frontier: tree.Frontier) -> None:
    with cursor.copy("COPY ledger_tile (level, index, hashes, root) FROM STDIN") as copy:
        for tile in frontier.full:
            copy.write_row((tile.level, tile.index, b"".join(tile.hashes), tile.root))
