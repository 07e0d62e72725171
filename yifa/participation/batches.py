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
from yifa.participation.models import Batch, Consultation
from yifa.participation.services import Anyone, chain


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
    with transaction.atomic():
        # The row's lock makes one batch at a time, and waits for the opinion that is just being taken.
        row = Consultation.objects.select_for_update().get(league=league, id=ident)
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
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.hash FROM participation_comment c JOIN ledger_entry e ON e.league = c.league AND e.chain = 'comment:' || c.id"
            " AND e.seq = 1 WHERE c.league = %s AND c.consultation = %s AND c.n > %s ORDER BY c.n",
            [league, ident, last],
        )
        return [bytes(digest) for (digest,) in cursor.fetchall()]
