"""The whole record checked from inside: every body, every chain, every commitment, every place in the log, the signed root.

What `yifa doctor` and an inspector run. It reads the rows once, in the order of chains, and ends at the first fault.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.db import connection, transaction

from . import queries, tree
from .bodies import USUAL, Body, BodyError
from .notes import Checkpoint, verified
from .sealing import LedgerError

# In the order of the primary keys, so that the server merges index scans and neither sorts nor hashes.
ROWS = """
SELECT e.league, e.chain, e.seq, e.body, e.hash, l.position, l.hash, o.payload, o.salt, c.payload, c.salt
FROM ledger_entry e
LEFT JOIN ledger_leaf l ON (l.league, l.chain, l.seq) = (e.league, e.chain, e.seq)
LEFT JOIN ledger_payload o ON (o.league, o.chain, o.seq, o.side) = (e.league, e.chain, e.seq, 'open')
LEFT JOIN ledger_payload c ON (c.league, c.chain, c.seq, c.side) = (e.league, e.chain, e.seq, 'closed')
ORDER BY e.league, e.chain, e.seq
"""
COPY = f"COPY ({ROWS}) TO STDOUT (FORMAT binary)"
# Texts arrive as their bytes: they are hashed, not read.
TYPES = ["bytea", "bytea", "int4", "bytea", "bytea", "int8", "bytea", "bytea", "bytea", "bytea", "bytea"]


def essence(body: bytes) -> tuple[str | None, ...]:
    """(chain, closed, open, origin, prev, seq) of a body in canonical form; BodyError for anything else."""
    try:
        match = USUAL.fullmatch(body.decode())
    except UnicodeDecodeError as error:
        raise BodyError("a body is UTF-8") from error
    if match and len(body) <= 65_535 and (match["prev"] is None) == (match["seq"] == "1"):
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
        size = newest.size if newest else 0
        with cursor.copy(COPY) as copy:
            copy.set_types(TYPES)
            entries, leaves, missing = _chains(copy.rows(), size, queries.vkey().name)
    for place in missing:
        if place not in erasures:
            raise LedgerError(f"{place[1]} {place[2]}: the {place[3]} payload is gone without an erasure")
    if newest is not None:
        head = Checkpoint.parse(verified(newest.note, [queries.vkey()]))
        if (head.size, head.root) != (size, tree.root(tree.split_hashes(leaves))):
            raise LedgerError(f"the leaves do not lead to the root that was signed for size {size}")
    return Audit(entries, size, len(missing))


def steady(cursor: Any) -> None:
    """One picture of all tables, and a plan that merges the primary keys, whatever old statistics say."""
    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
    cursor.execute("SET LOCAL enable_nestloop = off; SET LOCAL enable_hashjoin = off; SET LOCAL enable_sort = off")


def _chains(  # noqa: C901 - one loop without calls, see below
    rows: Iterator[tuple[Any, ...]], size: int, origin: str
) -> tuple[int, bytes, list[tuple[str, str, int, str]]]:
    """Every row against its own body, its predecessor and its place. Returns how many, the leaves in log order, the sides without payload.

    One loop without calls on purpose: it runs once for each of many millions of entries.
    """
    leaves = bytearray(32 * size)
    placed = array("B", bytes(size))
    missing: list[tuple[str, str, int, str]] = []
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
            leaves[position * 32 : position * 32 + 32] = digest
            placed[position] = 1
        if fault:
            raise LedgerError(f"{name} {seq}: {fault}")
        if opened is not None and open_text is None:
            missing.append((league.decode(), name, seq, "open"))
        if closed is not None and closed_text is None:
            missing.append((league.decode(), name, seq, "closed"))
        before, expected, entries = digest.hex(), expected + 1, entries + 1
    if size and not all(placed):
        raise LedgerError(f"position {placed.index(0)} of the log has no entry")
    return entries, bytes(leaves), missing
