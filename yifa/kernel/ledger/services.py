"""What is done to the record: register acts, sealing, receipts, erasures, eras, monitors."""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.utils import timezone

from yifa.kernel.citing import Article

from . import append, queries, tree
from .bodies import leaf_hash, moment
from .keys import signer
from .models import Entry, Monitor
from .notes import Head
from .proofs import Proof
from .receipts import ERASE_PROCEDURE, ERASE_STEP, SIDES, Payload, Receipt, ReceiptEntry
from .sealing import BATCH, seal

__all__ = [
    "BATCH",
    "UnknownChainError",
    "UnsealedError",
    "erase_payload",
    "grant_monitor",
    "new_era",
    "opening",
    "receipt",
    "record",
    "record_each",
    "revoke_monitor",
    "seal",
]

EACH = 1000  # entries of one statement
PATIENCE = 5.0  # seconds that a receipt waits for its entries to be sealed


class UnknownChainError(Exception):
    """There is no such chain in the record."""


class UnsealedError(Exception):
    """An entry could not be sealed in time: an older transaction is still running. Its text is fit for the reader."""


def record(
    chain: str,
    step: str,
    *,
    actor: append.Acting,
    payload: Mapping[str, Any] | None,
    league: str,
    at: datetime | None = None,
    key: UUID | None = None,
    cites: Sequence[Article | str] = (),
    closed: Mapping[str, Any] | None = None,
    files: Sequence[str] = (),
    simulated: datetime | None = None,
) -> Entry:
    """One act on a register object, on that object's own chain, in the caller's transaction or its own.

    The same `key` is one act, however often it is sent: the entry that exists is returned. Raises BodyError on parts that do not fit.
    """
    key = key or uuid4()
    with transaction.atomic(), connection.cursor() as cursor:
        clock, head, same = _chain(cursor, league, chain, key)
        if same is not None:
            return Entry.objects.get(league=league, chain=chain, seq=same)
        entry = append.build(
            league=league,
            chain=chain,
            seq=(head[0] if head else 0) + 1,
            prev=head[1] if head else None,
            key=key,
            procedure="register/" + chain.partition(":")[0],
            version="1",
            step=step,
            actor=actor,
            at=at or simulated or clock,
            clock=clock,
            simulated=simulated,
            cites=cites,
            files=files,
            open=payload,
            closed=closed,
        )
        members, params = append.cte(entry)
        cursor.execute(f"WITH {members} SELECT", params)
        return Entry.objects.get(league=league, chain=chain, seq=entry.seq)


def opening(
    chain: str,
    step: str,
    *,
    actor: append.Acting,
    payload: Mapping[str, Any],
    league: str,
    clock: datetime,
    at: datetime | None = None,
    cites: Sequence[Article | str] = (),
    files: Sequence[str] = (),
    simulated: datetime | None = None,
) -> tuple[str, list[Any]]:
    """The members of a WITH clause that write the first entry of a chain, for a caller who writes its object in the same one statement.

    No lock and no look at the chain: it bears an id just drawn, which nobody else can name before this is committed. `clock` is the
    database's. The entry is written if the statement is; a caller whose act may be refused must let the whole statement fail.
    """
    entry = append.build(
        league=league,
        chain=chain,
        seq=1,
        prev=None,
        key=uuid4(),
        procedure="register/" + chain.partition(":")[0],
        version="1",
        step=step,
        actor=actor,
        at=at or simulated or clock,
        clock=clock,
        simulated=simulated,
        cites=cites,
        files=files,
        open=payload,
    )
    return append.cte(entry)


def record_each(
    chains: Sequence[str],
    step: str,
    *,
    actor: append.Acting,
    payload: Mapping[str, Any],
    league: str,
    simulated: datetime | None = None,
) -> None:
    """The same act on many register objects, an entry on each one's own chain, in the caller's transaction and a few exchanges.

    The caller holds the locks of the objects' rows, under which all their acts are done: thousands of locks by name would not fit into the
    server's table. Raises UnknownChainError when one of them has no entry yet.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("record_each belongs into the transaction that holds the objects' locks")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT clock_timestamp(), h.chain, h.seq, h.hash FROM (SELECT DISTINCT ON (chain) chain, seq, hash FROM ledger_entry"
            " WHERE league = %s AND chain = ANY(%s) ORDER BY chain, seq DESC) h",
            [league, list(chains)],
        )
        heads = cursor.fetchall()
        if missing := set(chains) - {chain for _, chain, _, _ in heads}:
            raise UnknownChainError(min(missing))
        entries = [
            append.build(
                league=league,
                chain=chain,
                seq=seq + 1,
                prev=bytes(digest),
                key=uuid4(),
                procedure="register/" + chain.partition(":")[0],
                version="1",
                step=step,
                actor=actor,
                at=simulated or clock,
                clock=clock,
                simulated=simulated,
                open=payload,
            )
            for clock, chain, seq, digest in heads
        ]
        for first in range(0, len(entries), EACH):
            append.write_all(cursor, entries[first : first + EACH])


def _chain(cursor: Any, league: str, chain: str, key: UUID) -> tuple[datetime, tuple[int, bytes] | None, int | None]:
    """Under the chain's lock: the database clock, the chain's head, and the seq of the entry that has this key already.

    Two statements on purpose: the second one's snapshot is taken after the lock, so that it sees what the lock waited for.
    """
    cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"ledger {league} {chain}"])
    cursor.execute(
        f"SELECT clock_timestamp(), h.seq, h.hash, k.seq FROM (SELECT) one LEFT JOIN LATERAL ({append.HEAD}) h ON true"  # noqa: S608
        " LEFT JOIN ledger_entry k ON k.league = %s AND k.chain = %s AND k.key = %s",
        [league, chain, league, chain, key],
    )
    clock, seq, digest, same = cursor.fetchone()
    return clock, (seq, bytes(digest)) if seq is not None else None, same


def new_era(reason: str) -> int:
    """Start an era, after a restore: transaction numbers before and after cannot be compared. Waits for running writers."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT ledger_new_era(%s)", [reason])
        return int(cursor.fetchone()[0])


def erase_payload(
    *,
    by: append.Acting,
    second: str,
    ground: str,
    league: str,
    chain: str,
    sides: Sequence[tuple[int, str]],
    at: datetime | None = None,
    key: UUID | None = None,
) -> Entry:
    """Erase the payloads and salts of these (seq, side) for good, and append the entry that says so.

    `by` and `second` are two different persons who decided it, on a legal ground (个人信息保护法第四十七条). The database function checks
    all of this again. The caller holds the dossier's lock, cleans parties, search columns and files, and all of it is one transaction.
    """
    key = key or uuid4()
    told = {
        "erased": [{"seq": seq, "side": side} for seq, side in sides],
        "ground": ground,
        "persons": [by.person, second],
    }
    with transaction.atomic(), connection.cursor() as cursor:
        clock, head, same = _chain(cursor, league, chain, key)
        if same is not None:
            return Entry.objects.get(league=league, chain=chain, seq=same)
        if head is None:
            raise UnknownChainError(chain)
        entry = append.build(
            league=league,
            chain=chain,
            seq=head[0] + 1,
            prev=head[1],
            key=key,
            procedure=ERASE_PROCEDURE,
            version="1",
            step=ERASE_STEP,
            actor=by,
            at=at or clock,
            clock=clock,
            open=told,
        )
        cursor.execute(
            "SELECT erase_payload(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [
                *(league, chain, entry.seq, ground, by.person, second, key, entry.at, entry.recorded_at),
                *(entry.body, entry.open_payload, entry.open_salt),
            ],
        )
        return Entry.objects.get(league=league, chain=chain, seq=entry.seq)


def receipt(chain: str, *, league: str, sides: Collection[str] = ("open",), without: Collection[tuple[int, str]] = ()) -> bytes:
    """The chain's receipt with the sides its reader may see; who that is, the caller has decided.

    `without`: (seq, side) of what he may not see although he sees others; it verifies as well without them.
    Asked before sealing it seals. Raises UnknownChainError, and UnsealedError when a running transaction holds the sealing up.
    """
    end = time.monotonic() + PATIENCE
    # The head is read before the rows: what it covers is then among them, and a chain that grew meanwhile is read again.
    while not ((head := queries.checkpoint()) and (rows := _covered(league, chain, head.size))):
        if time.monotonic() > end:
            raise UnsealedError("这份记录刚刚形成,还没有封存,请过几秒再取回执")
        if not seal():
            _known(league, chain)
            time.sleep(0.1)
    node = queries.node(head.size)
    entries = []
    for seq, body, position, step, *given in rows:
        shown = SIDES if step == ERASE_STEP else [side for side in sides if (seq, side) not in without]  # what was erased is no secret
        pair = [_payload(text, salt) if side in shown else None for side, (text, salt) in zip(SIDES, (given[:2], given[2:]), strict=True)]
        proof = Proof(position, tuple(tree.inclusion(position, head.size, node)), head.note)
        entries.append(ReceiptEntry(bytes(body).decode(), pair[0], pair[1], proof.text()))
    own = signer()
    last = leaf_hash(entries[-1].body.encode()).hex()
    said = Head(own.name, chain, len(entries), last, head.size, moment(timezone.now()))
    return Receipt(tuple(entries), own.sign(said.text())).to_bytes()


def _known(league: str, chain: str) -> None:
    if not Entry.objects.filter(league=league, chain=chain).exists():
        raise UnknownChainError(chain)


def _covered(league: str, chain: str, size: int) -> list[tuple[Any, ...]]:
    """Every entry of the chain with its place and payloads; nothing as long as the log of this size lacks one of them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.seq, e.body, l.position, e.step, o.payload, o.salt, c.payload, c.salt FROM ledger_entry e"
            " LEFT JOIN ledger_leaf l ON (l.league, l.chain, l.seq) = (e.league, e.chain, e.seq)"
            " LEFT JOIN ledger_payload o ON (o.league, o.chain, o.seq, o.side) = (e.league, e.chain, e.seq, 'open')"
            " LEFT JOIN ledger_payload c ON (c.league, c.chain, c.seq, c.side) = (e.league, e.chain, e.seq, 'closed')"
            " WHERE e.league = %s AND e.chain = %s ORDER BY e.seq",
            [league, chain],
        )
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows if all(row[2] is not None and row[2] < size for row in rows) else []


def _payload(text: str | None, salt: bytes | None) -> Payload | None:
    return Payload(text, bytes(salt).hex()) if text is not None and salt is not None else None


def grant_monitor(name: str) -> str:
    """Let somebody watch the log; returns the token, which is shown this once and stored only as its hash."""
    token = secrets.token_urlsafe(32)
    Monitor.objects.create(name=name, token_hash=hashlib.sha256(token.encode()).hexdigest())
    return token


def revoke_monitor(name: str) -> None:
    Monitor.objects.filter(name=name, revoked_at=None).update(revoked_at=timezone.now())
