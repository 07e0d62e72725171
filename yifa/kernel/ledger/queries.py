"""What can be read of the record: the public log for everybody, entries for those who are given them by the rooms above."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from . import tree
from .keys import signer
from .models import Checkpoint, Leaf, Monitor, Tile
from .notes import VerifyKey


@dataclass(frozen=True, slots=True)
class Lag:
    """How many acknowledged entries are not sealed yet, and since when the oldest waits."""

    entries: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class Horizon:
    """Up to where everything is sealed: every entry before (era, xid) is; the log has `size` leaves and this root."""

    size: int
    root: bytes
    era: int
    xid: str
    current: int


# An earlier era's entries are all settled; this era's are when no transaction that could still bring one before them is running.
ELIGIBLE = "(e.era < %(current)s OR e.xid < pg_snapshot_xmin(pg_current_snapshot()))"
UNSEALED = """
FROM ledger_entry e
WHERE (e.era, e.xid) >= (%(era)s, %(xid)s::xid8)
  AND NOT EXISTS (SELECT 1 FROM ledger_leaf l WHERE (l.league, l.chain, l.seq) = (e.league, e.chain, e.seq))
"""


def horizon(cursor: Any) -> Horizon:
    """Where the last sealing stopped. In a new era everything is looked through once more: its numbers say nothing about the old ones'."""
    cursor.execute(
        "SELECT coalesce(c.size, 0), c.root, c.era, c.horizon_era, c.horizon_xid::text, e.era"
        " FROM (SELECT max(era) AS era FROM ledger_era) e LEFT JOIN (SELECT * FROM ledger_checkpoint ORDER BY size DESC LIMIT 1) c ON true"
    )
    size, root, sealed_in, era, xid, current = cursor.fetchone()
    if sealed_in is None or sealed_in < current:
        era, xid = 0, "0"
    return Horizon(size, bytes(root) if root is not None else tree.EMPTY_ROOT, era, xid, current)


def lag() -> Lag:
    """The sealing's delay, for `doctor` and the pages."""
    with connection.cursor() as cursor:
        at = horizon(cursor)
        cursor.execute("SELECT count(*), min(e.recorded_at) " + UNSEALED, {"era": at.era, "xid": at.xid})
        return Lag(*cursor.fetchone())


def vkey() -> VerifyKey:
    """The public key of this log; `str()` of it is the line of a key file."""
    return signer().verify_key


def head_of(league: str, chain: str) -> tuple[int, bytes]:
    """The last entry of a chain: its number and its hash. LookupError where there is none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq, hash FROM ledger_entry WHERE league = %s AND chain = %s ORDER BY seq DESC LIMIT 1", [league, chain])
        row = cursor.fetchone()
    if row is None:
        raise LookupError(chain)
    return row[0], bytes(row[1])


def entered_late(league: str, chain: str) -> dict[int, datetime]:
    """The entries of a chain that were entered later than what they tell took place (补录): when each was recorded, by its number."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq, recorded_at FROM ledger_entry WHERE league = %s AND chain = %s AND late", [league, chain])
        return dict(cursor.fetchall())


def steps_of(league: str, chain: str) -> list[tuple[int, str]]:
    """Number and step of every entry of a chain, in order."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq, step FROM ledger_entry WHERE league = %s AND chain = %s ORDER BY seq", [league, chain])
        return list(cursor.fetchall())


def checkpoint() -> Checkpoint | None:
    """The newest signed tree head; None while the log is empty."""
    return Checkpoint.objects.order_by("-size").first()


def hashes(level: int, index: int, size: int) -> list[bytes]:
    """A tile's hashes as a log of `size` leaves has them; fewer than 256 at the right edge, none beyond it."""
    width = tree.tile_width(level, index, size)
    if not width:
        return []
    first = index * tree.TILE_WIDTH
    if width == tree.TILE_WIDTH and (full := Tile.objects.filter(level=level, index=index).values_list("hashes", flat=True).first()):
        return tree.split_hashes(bytes(full))
    if level == 0:
        leaves = Leaf.objects.filter(position__gte=first, position__lt=first + width).order_by("position").values_list("hash", flat=True)
        return [bytes(leaf) for leaf in leaves]
    below = Tile.objects.filter(level=level - 1, index__gte=first, index__lt=first + width).order_by("index").values_list("root", flat=True)
    return [bytes(root) for root in below]


def node(size: int) -> tree.Node:
    """The tree's nodes for a log of `size` leaves, each tile read once."""
    read: dict[tuple[int, int], Sequence[bytes]] = {}

    def tile(level: int, index: int) -> Sequence[bytes]:
        if (level, index) not in read:
            read[level, index] = hashes(level, index, size)
        return read[level, index]

    return tree.tiles_node(tile)


def bodies(index: int, width: int) -> list[bytes]:
    """The bodies of an entry bundle, in log order."""
    first = index * tree.TILE_WIDTH
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.body FROM ledger_leaf l JOIN ledger_entry e USING (league, chain, seq)"
            " WHERE l.position >= %s AND l.position < %s ORDER BY l.position",
            [first, first + width],
        )
        return [bytes(row[0]) for row in cursor.fetchall()]


def monitor(token: str) -> Monitor | None:
    """The monitor whose token this is."""
    return Monitor.objects.filter(token_hash=hashlib.sha256(token.encode()).hexdigest(), revoked_at=None).first()
