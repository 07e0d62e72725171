"""The whole record checked from inside: every body, every chain, every commitment, every place in the log, the signed root.

What `yifa doctor --record` and an inspector run. It reads the rows once, in the order of chains, and ends at the first fault. A large
record is read by two processes: one snapshot, cut between two chains; each does every check on its part, and one tree comes of both.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from mmap import mmap
from multiprocessing.connection import Connection
from typing import Any

from django.db import connection, transaction
from psycopg import sql

from . import queries, tree
from .bodies import BODY_LIMIT, USUAL, Body, BodyError
from .notes import Checkpoint, verified
from .sealing import LedgerError

# In the order of the primary keys, so that the server merges index scans and neither sorts nor hashes. {entries} and the like are
# conditions that cut a part out of every table; they say nothing that the joins do not say.
ROWS = """
SELECT e.league, e.chain, e.seq, e.body, e.hash, l.position, l.hash, o.payload, o.salt, c.payload, c.salt
FROM ledger_entry e
LEFT JOIN ledger_leaf l ON (l.league, l.chain, l.seq) = (e.league, e.chain, e.seq) {leaves}
LEFT JOIN ledger_payload o ON (o.league, o.chain, o.seq, o.side) = (e.league, e.chain, e.seq, 'open') {opened}
LEFT JOIN ledger_payload c ON (c.league, c.chain, c.seq, c.side) = (e.league, e.chain, e.seq, 'closed') {closed}
WHERE true {entries}
ORDER BY e.league, e.chain, e.seq
"""
# Texts arrive as their bytes: they are hashed, not read.
TYPES = ["bytea", "bytea", "int4", "bytea", "bytea", "int8", "bytea", "bytea", "bytea", "bytea", "bytea"]
LARGE = 20_000  # leaves from which a second process is worth its start
SAMPLE = 100  # pages of entries that the middle is estimated from


def copy_out(condition: sql.Composable | None = None) -> sql.Composed:
    """COPY of the rows whose (league, chain) fulfils a condition such as `< ('150200', '…')`; all rows without one."""
    cut = sql.SQL("AND ({0}.league, {0}.chain) {1}")
    parts = {
        name: cut.format(sql.SQL(alias), condition) if condition else sql.SQL("")
        for name, alias in (("entries", "e"), ("leaves", "l"), ("opened", "o"), ("closed", "c"))
    }
    return sql.SQL("COPY ({}) TO STDOUT (FORMAT binary)").format(sql.SQL(ROWS).format(**parts))


def essence(body: bytes) -> tuple[str | None, ...]:
    """(chain, closed, open, origin, prev, seq) of a body in canonical form; BodyError for anything else."""
    try:
        match = USUAL.fullmatch(body.decode())
    except UnicodeDecodeError as error:
        raise BodyError("a body is UTF-8") from error
    if match and len(body) <= BODY_LIMIT and (match["prev"] is None) == (match["seq"] == "1"):
        return match.groups()
    read = Body.from_bytes(body)
    return read.chain, read.closed, read.open, read.origin, read.prev, str(read.seq)


@dataclass(frozen=True, slots=True)
class Audit:
    """What was looked through and found true."""

    entries: int
    size: int
    erased: int


def verify_record() -> Audit:
    """Check everything; raises LedgerError with the first entry that does not hold."""
    with transaction.atomic(), connection.cursor() as cursor:
        steady(cursor)
        newest = queries.checkpoint()
        cursor.execute("SELECT league, chain, seq, side FROM ledger_erasure")
        erasures = set(cursor.fetchall())
        places = Places(newest.size if newest else 0)
        entries, missing = _read(cursor, places, queries.vkey().name)
    for place in missing:
        if place not in erasures:
            raise LedgerError(f"{place[1]} {place[2]}: the {place[3]} payload is gone without an erasure")
    places.complete()
    if newest is not None:
        head = Checkpoint.parse(verified(newest.note, [queries.vkey()]))
        if (head.size, head.root) != (places.size, tree.root(tree.split_hashes(places.leaves()))):
            raise LedgerError(f"the leaves do not lead to the root that was signed for size {places.size}")
    return Audit(entries, places.size, len(missing))


class Places:
    """The log of a size: a hash for each position, and whether it was found. Memory that a forked process shares."""

    def __init__(self, size: int) -> None:
        self.size, self.memory = size, mmap(-1, 33 * size or 1)

    def leaves(self) -> bytes:
        return self.memory[: 32 * self.size]

    def complete(self) -> None:
        gap = self.memory.find(b"\0", 32 * self.size, 33 * self.size)
        if gap >= 0:
            raise LedgerError(f"position {gap - 32 * self.size} of the log has no entry")


Missing = tuple[str, str, int, str]  # league, chain, seq, side of a payload that is not there
Found = tuple[int, list[Missing]]  # entries, payloads that are not there


def _read(cursor: Any, places: Places, origin: str) -> Found:
    """The whole record by this process, or its halves by this one and another."""
    middle = _middle(cursor) if places.size >= LARGE and (os.cpu_count() or 1) > 1 else None
    if middle is None:
        return _part(cursor, copy_out(), places, origin)
    cut = sql.SQL("({}, {})").format(*map(sql.Literal, middle))
    cursor.execute("SELECT pg_export_snapshot()")
    [snapshot] = cursor.fetchone()
    forked = multiprocessing.get_context("fork")
    ours, theirs = forked.Pipe(duplex=False)
    rest = copy_out(sql.SQL(">= {}").format(cut))
    other = forked.Process(target=_elsewhere, args=(snapshot, rest, places, origin, theirs), daemon=True)
    other.start()
    theirs.close()
    try:
        entries, missing = _part(cursor, copy_out(sql.SQL("< {}").format(cut)), places, origin)
        more = ours.recv()
    except EOFError:
        raise LedgerError("the process that read the second half of the record died") from None
    except BaseException:
        other.terminate()
        raise
    finally:
        other.join()
    if isinstance(more, str):
        raise LedgerError(more)
    return entries + more[0], missing + more[1]


def _middle(cursor: Any) -> tuple[str, str] | None:
    """A chain about in the middle of the entries; any chain cuts the record into two whole parts."""
    cursor.execute("SELECT pg_relation_size('ledger_entry') / current_setting('block_size')::int")
    share = min(100.0, 100.0 * SAMPLE / max(1, cursor.fetchone()[0]))
    cursor.execute("SELECT league, chain FROM ledger_entry TABLESAMPLE SYSTEM (%s)", [share])
    chains = sorted(cursor.fetchall())
    return chains[len(chains) // 2] if chains else None


def _elsewhere(snapshot: str, rows: sql.Composed, places: Places, origin: str, answer: Connection) -> None:
    """In a process of its own: the same picture of the tables through a connection of its own. Answers what it found, or the fault."""
    own = connection.copy()
    try:
        with own.cursor() as cursor:
            cursor.execute("BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor.execute(sql.SQL("SET TRANSACTION SNAPSHOT {}").format(sql.Literal(snapshot)))
            cursor.execute(PLAN)
            answer.send(_part(cursor, rows, places, origin))
    except LedgerError as fault:
        answer.send(str(fault))
    finally:
        own.close()
        answer.close()


def _part(cursor: Any, rows: sql.Composed, places: Places, origin: str) -> Found:
    with cursor.copy(rows) as copy:
        copy.set_types(TYPES)
        return _chains(copy.rows(), places, origin)


PLAN = "SET LOCAL enable_nestloop = off; SET LOCAL enable_hashjoin = off; SET LOCAL enable_sort = off"


def steady(cursor: Any) -> None:
    """One picture of all tables, and a plan that merges the primary keys, whatever old statistics say."""
    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
    cursor.execute(PLAN)


def _chains(rows: Iterator[tuple[Any, ...]], places: Places, origin: str) -> Found:  # noqa: C901 - one loop without calls, see below
    """Every row against its own body, its predecessor and its place. Returns how many, and the sides without payload.

    One loop without calls on purpose: it runs once for each of many millions of entries.
    """
    size, memory = places.size, places.memory
    marks = 32 * size
    missing: list[Missing] = []
    entries, before, expected, league_before, chain_before = 0, None, 1, None, None
    usual = USUAL.fullmatch
    for league, chain, seq, body, digest, position, leaf, open_text, open_salt, closed_text, closed_salt in rows:
        try:
            match = usual(body.decode())
            named, closed, opened, said_origin, prev, said_seq = match.groups() if match else essence(body)
        except (BodyError, UnicodeDecodeError) as error:
            raise LedgerError(f"{chain.decode()} {seq}: {error}") from error
        if chain != chain_before or league != league_before:
            before, expected, league_before, chain_before, name = None, 1, league, chain, chain.decode()
        fault = None
        if sha256(b"\x00" + body).digest() != digest:
            fault = "the hash is not the body's"
        elif named != name or seq != expected or said_seq != str(seq) or said_origin != origin:
            fault = "the body belongs elsewhere"
        elif prev != before:
            fault = "the entry before was changed"
        elif opened is not None and open_text is not None and sha256(open_salt + open_text).hexdigest() != opened:
            fault = "the open payload was changed"
        elif closed is not None and closed_text is not None and sha256(closed_salt + closed_text).hexdigest() != closed:
            fault = "the closed payload was changed"
        elif (opened is None and open_text is not None) or (closed is None and closed_text is not None):
            fault = "a payload that the body does not know"
        elif position is not None and position < size:
            fault = None if leaf == digest else "the log holds another hash"
            memory[position * 32 : position * 32 + 32] = digest
            memory[marks + position] = 1
        if fault:
            raise LedgerError(f"{name} {seq}: {fault}")
        if opened is not None and open_text is None:
            missing.append((league.decode(), name, seq, "open"))
        if closed is not None and closed_text is None:
            missing.append((league.decode(), name, seq, "closed"))
        before, expected, entries = digest.hex(), expected + 1, entries + 1
    return entries, missing
