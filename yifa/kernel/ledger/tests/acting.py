"""Who acts in these tests, and how entries get into a database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol
from uuid import uuid4

import psycopg
from django.db import connection, transaction

from yifa.kernel.ledger import append, services
from yifa.kernel.ledger.models import Entry

LEAGUE = "150200"


class Database(Protocol):
    """The fixture `own_db`."""

    @property
    def app_url(self) -> str: ...
    @property
    def owner_url(self) -> str: ...
    @property
    def admin_url(self) -> str: ...


@dataclass(frozen=True)
class Someone:
    person: str = "0198f3a0-0000-7000-8000-000000000001"
    post: str = "post-1"
    organisation: str = "150203140"
    region: str = "150203"


ME = Someone()


def act(chain: str = "parameter:test", **parts: object) -> Entry:
    """One register act, committed."""
    return services.record(chain, "set", actor=ME, payload={"n": 1, **parts}, league=LEAGUE)


def built(chain: str, seq: int, prev: bytes | None, **parts: Any) -> append.NewEntry:
    """An entry that is not written yet."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (clock,) = cursor.fetchone()
    return append.build(
        **{
            "league": LEAGUE,
            "chain": chain,
            "seq": seq,
            "prev": prev,
            "key": uuid4(),
            "procedure": "test",
            "version": "1",
            "step": "s",
            "actor": ME,
            "at": clock,
            "clock": clock,
            "open": {},
            **parts,
        }
    )


def write(other: psycopg.Connection | None, chain: str, seq: int, prev: bytes | None) -> append.NewEntry:
    """An entry written in the transaction of another connection, which the caller ends; without one it is only built."""
    entry = built(chain, seq, prev)
    if other is not None:
        members, params = append.cte(entry)
        other.cursor().execute(f"WITH {members} SELECT".encode(), params)
    return entry


def write_many(count: int, prefix: str = "m") -> None:
    """So many chains of one entry each, in one transaction."""
    with transaction.atomic(), connection.cursor() as cursor:
        for number in range(count):
            members, params = append.cte(built(f"{prefix}:{number}", 1, None))
            cursor.execute(f"WITH {members} SELECT", params)
