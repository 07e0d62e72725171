"""Appending one entry: its body from its parts, and the members of the one statement that writes it.

`procedures.take` reads `HEAD` and `DIGEST` of a chain under the dossier's lock, builds the entry and joins `cte(entry)` into its statement;
register objects go through `services.record`. Nothing else writes entries.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

import orjson
from django.conf import settings

from yifa.kernel.citing import Article

from .bodies import Body, BodyError, Device, canonical, check, commitment, leaf_hash, may_simulate, moment, new_salt

# The chain's last entry: parameters league, chain; columns seq, hash.
HEAD = "SELECT seq, hash FROM ledger_entry WHERE league = %s AND chain = %s ORDER BY seq DESC LIMIT 1"

# Every entry of the chain, compactly, for folding: parameters league, chain.
DIGEST = "SELECT seq, step, at, recorded_at, actor, late, key FROM ledger_entry WHERE league = %s AND chain = %s ORDER BY seq"


class Acting(Protocol):
    """Who acts and for whom: what an entry needs of `people.actors.Actor`, which lives above."""

    @property
    def person(self) -> str: ...
    @property
    def post(self) -> str: ...
    @property
    def organisation(self) -> str: ...
    @property
    def region(self) -> str: ...


@dataclass(frozen=True, slots=True)
class NewEntry:
    """An entry ready to be written: one row of ledger_entry and up to two of ledger_payload."""

    league: str
    chain: str
    seq: int
    key: UUID
    step: str
    actor: str
    late: bool
    at: datetime
    recorded_at: datetime
    body: bytes
    hash: bytes
    open_payload: str | None
    open_salt: bytes | None
    closed_payload: str | None
    closed_salt: bytes | None


class SimulatedClockError(ValueError):
    """A simulated clock in a record that is no demonstration and no drill."""


def build(
    *,
    league: str,
    chain: str,
    seq: int,
    prev: bytes | None,
    key: UUID,
    procedure: str,
    version: str,
    step: str,
    actor: Acting,
    at: datetime,
    clock: datetime,
    simulated: datetime | None = None,
    rules: str | None = None,
    late: bool = False,
    device: Device | None = None,
    cites: Sequence[Article | str] = (),
    files: Sequence[str] = (),
    open: Mapping[str, Any] | str | None = None,  # noqa: A002 - the side's name in the format
    closed: Mapping[str, Any] | str | None = None,
) -> NewEntry:
    """The entry in canonical form; raises BodyError when a part does not fit the format.

    `clock` is the database's clock as read in the same transaction. `simulated` replaces it in demonstrations and drills only.
    A payload that is text is taken as it stands, anything else is written as canonical JSON.
    """
    if simulated is not None and not may_simulate(settings.LOG_ORIGIN):
        raise SimulatedClockError(f"the record {settings.LOG_ORIGIN} takes its time from the database clock alone")
    recorded_at = clock if simulated is None else simulated
    open_payload, open_salt, open_promise = _side(open)
    closed_payload, closed_salt, closed_promise = _side(closed)
    body = Body(
        acting_for=actor.post or None,
        actor=actor.person,
        chain=chain,
        cites=tuple(cite.key if isinstance(cite, Article) else cite for cite in cites),
        closed=closed_promise,
        device=device,
        files=tuple(files),
        happened_at=moment(at),
        late=late,
        open=open_promise,
        organisation=actor.organisation or None,
        origin=settings.LOG_ORIGIN,
        prev=prev.hex() if prev is not None else None,
        procedure=procedure,
        recorded_at=moment(recorded_at),
        region=actor.region or None,
        rules=rules,
        seq=seq,
        step=step,
        version=version,
    ).to_bytes()
    return NewEntry(
        league=league,
        chain=chain,
        seq=seq,
        key=key,
        step=step,
        actor=actor.person,
        late=late,
        at=at,
        recorded_at=recorded_at,
        body=body,
        hash=leaf_hash(body),
        open_payload=open_payload,
        open_salt=open_salt,
        closed_payload=closed_payload,
        closed_salt=closed_salt,
    )


def _side(value: Mapping[str, Any] | str | None) -> tuple[str | None, bytes | None, str | None]:
    """Payload text, its salt, the commitment to both."""
    if value is None:
        return None, None, None
    data = value.encode() if isinstance(value, str) else _written(dict(value))
    text = value if isinstance(value, str) else data.decode()
    if "\x00" in text:
        raise BodyError("a payload has no NUL: the database cannot hold it")
    salt = new_salt()
    return text, salt, commitment(salt, data)


def _written(value: dict[str, Any]) -> bytes:
    """`canonical(value, limit=None)` by the faster writer, which writes what `check` admits byte for byte the same; what it cannot write
    (nesting beyond its depth, a lone surrogate) goes to the slower one, or is refused there."""
    check(value)
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except TypeError:
        return canonical(value, limit=None)


def cte(entry: NewEntry) -> tuple[str, list[Any]]:
    """The members of a WITH clause that write the entry and its payloads: `WITH <members>, … SELECT …`."""
    row = [entry.league, entry.chain, entry.seq]
    params: list[Any] = [*row, entry.key, entry.step, entry.actor, entry.late, entry.at, entry.recorded_at, entry.body, entry.hash]
    sides = (("open", entry.open_payload, entry.open_salt), ("closed", entry.closed_payload, entry.closed_salt))
    given = [side for side in sides if side[1] is not None]
    for side in given:
        params += [*row, *side]
    return ", ".join([_ENTRY, *_PAYLOADS[len(given)]]), params


_ENTRY = (
    "entry AS (INSERT INTO ledger_entry (league, chain, seq, key, step, actor, late, at, recorded_at, body, hash)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s))"
)


def write_all(cursor: Any, entries: Sequence[NewEntry]) -> None:
    """Writes many entries, each with its open payload alone, as one statement; one that does not follow its chain is refused with all."""
    rows = [
        (e.league, e.chain, e.seq, e.key, e.step, e.actor, e.late, e.at, e.recorded_at, e.body, e.hash, e.open_payload, e.open_salt)
        for e in entries
    ]
    cursor.execute(_ALL, [list(column) for column in zip(*rows, strict=True)])


_ALL = (
    "WITH given AS (SELECT * FROM unnest(%s::text[], %s::text[], %s::int[], %s::uuid[], %s::text[], %s::text[], %s::bool[],"
    " %s::timestamptz[], %s::timestamptz[], %s::bytea[], %s::bytea[], %s::text[], %s::bytea[])"
    " AS g(league, chain, seq, key, step, actor, late, at, recorded_at, body, hash, payload, salt)),"
    " entry AS (INSERT INTO ledger_entry (league, chain, seq, key, step, actor, late, at, recorded_at, body, hash)"
    " SELECT league, chain, seq, key, step, actor, late, at, recorded_at, body, hash FROM given)"
    " INSERT INTO ledger_payload (league, chain, seq, side, payload, salt) SELECT league, chain, seq, 'open', payload, salt FROM given"
)
# By the number of sides given.
_PAYLOAD = "payload AS (INSERT INTO ledger_payload (league, chain, seq, side, payload, salt) VALUES (%s, %s, %s, %s, %s, %s)"
_PAYLOADS: tuple[tuple[str, ...], ...] = ((), (_PAYLOAD + ")",), (_PAYLOAD + ", (%s, %s, %s, %s, %s, %s))",))
