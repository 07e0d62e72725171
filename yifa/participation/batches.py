"""Opinions are entries of their own chains; every few minutes one entry of the round's chain holds the root over those that came since.

So a round of ten thousand opinions costs its chain a few entries, and yet nobody can slip one in, take one out or change their order
afterwards: the root is that of RFC 6962 over the opinions' entries in the order of their numbers.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from yifa.kernel.ledger import services as ledger
from yifa.kernel.ledger import tree
from yifa.participation.models import Batch, Comment, Consultation
from yifa.participation.services import Anyone, chain

CHAINS = 1000


def batch_opinions(*, at: datetime) -> int:
    """One entry for each round with opinions that no batch holds yet. Returns how many opinions were taken into batches."""
    return sum(_batch(league, ident, at) for league, ident in _waiting())


def _waiting() -> Iterator[tuple[str, UUID]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.league, c.id FROM participation_consultation c WHERE c.comments > coalesce("
            "(SELECT max(b.last) FROM participation_batch b WHERE b.league = c.league AND b.consultation = c.id), 0) ORDER BY c.id"
        )
        yield from cursor.fetchall()


def _batch(league: str, ident: UUID, at: datetime) -> int:
    """An opinion is numbered by the round's row, which stays locked until the opinion is committed: what is visible has no gap."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            # One batch at a time; a lock of its own, so that nobody who says something waits for it.
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"participation batch {ident}"])
        row = Consultation.objects.defer("draft_text", "explanation").get(league=league, id=ident)
        last = Batch.objects.filter(league=league, consultation=ident).order_by("-last").values_list("last", flat=True).first() or 0
        hashes = _hashes(league, ident, last)
        if not hashes:
            return 0
        root = tree.root(hashes).hex()
        first, last = last + 1, last + len(hashes)
        Batch.objects.create(league=league, consultation=ident, first=first, last=last, root=root, at=at)
        ledger.record(
            chain(ident),
            "batch",
            actor=Anyone(row.organisation_id, row.region_id, person="system"),
            payload={"first": first, "last": last, "root": root},
            league=league,
            at=at,
        )
    return len(hashes)


def _hashes(league: str, ident: UUID, last: int) -> list[bytes]:
    """The entries of the opinions after `last`, in the order of their numbers."""
    rows = Comment.objects.filter(league=league, consultation=ident, n__gt=last).order_by("n").values_list("id", flat=True)
    chains = [f"comment:{comment}" for comment in rows]
    found: dict[str, bytes] = {}
    with connection.cursor() as cursor:
        for first in range(0, len(chains), CHAINS):
            # By the list of their names: what joins them to the opinions reads the whole record when its statistics are old.
            cursor.execute(
                "SELECT chain, hash FROM ledger_entry WHERE league = %s AND chain = ANY(%s) AND seq = 1",
                [league, chains[first : first + CHAINS]],
            )
            found.update((name, bytes(digest)) for name, digest in cursor.fetchall())
    return [found[name] for name in chains]
