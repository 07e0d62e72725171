"""Opinions are entries of their own chains; every few minutes one entry of the round's chain holds the root over those that came since.

So a round of ten thousand opinions costs its chain a few entries, and yet nobody can slip one in, take one out or change their order
afterwards: the root is that of RFC 6962 over the opinions' entries in the order of their numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce

from yifa.kernel.ledger import services as ledger
from yifa.kernel.ledger import tree
from yifa.participation.models import Batch, Comment, Consultation, Filled, Questionnaire
from yifa.participation.services import Anyone

CHAINS = 1000


@dataclass(frozen=True)
class Kind:
    """What is counted in batches: the rows that ask and their counter, the rows that answer, the chains of both."""

    asking: type[Consultation | Questionnaire]
    counter: str
    answers: type[Comment | Filled]
    link: str
    chain: str
    each: str


KINDS = (
    Kind(Consultation, "comments", Comment, "consultation", "consultation:", "comment:"),
    Kind(Questionnaire, "answers", Filled, "questionnaire", "questionnaire:", "filled:"),
)


def batch_opinions(*, at: datetime) -> int:
    """One entry for each round and questionnaire with what no batch holds yet. Returns how many were taken into batches."""
    return sum(_batch(kind, league, ident, at) for kind in KINDS for league, ident in _waiting(kind))


def _waiting(kind: Kind) -> list[tuple[str, UUID]]:
    held = Batch.objects.filter(league=OuterRef("league"), consultation=OuterRef("id")).order_by("-last").values("last")[:1]
    rows = kind.asking.objects.filter(**{f"{kind.counter}__gt": Coalesce(Subquery(held), 0)}).order_by("id")
    return list(rows.values_list("league", "id"))


def _batch(kind: Kind, league: str, ident: UUID, at: datetime) -> int:
    """What is said is numbered by the row that asks, which stays locked until it is committed: what is visible has no gap."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            # One batch at a time; a lock of its own, so that nobody who says something waits for it.
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"participation batch {ident}"])
        row = kind.asking.objects.only("organisation_id", "region_id").get(league=league, id=ident)
        last = Batch.objects.filter(league=league, consultation=ident).order_by("-last").values_list("last", flat=True).first() or 0
        hashes = _hashes(kind, league, ident, last)
        if not hashes:
            return 0
        root = tree.root(hashes).hex()
        first, last = last + 1, last + len(hashes)
        Batch.objects.create(league=league, consultation=ident, first=first, last=last, root=root, at=at)
        ledger.record(
            f"{kind.chain}{ident}",
            "batch",
            actor=Anyone(row.organisation_id, row.region_id, person="system"),
            payload={"first": first, "last": last, "root": root},
            league=league,
            at=at,
        )
    return len(hashes)


def _hashes(kind: Kind, league: str, ident: UUID, last: int) -> list[bytes]:
    """The entries of what was said after `last`, in the order of their numbers."""
    rows = kind.answers.objects.filter(league=league, **{kind.link: ident}, n__gt=last).order_by("n")
    chains = [f"{kind.each}{answer}" for answer in rows.values_list("id", flat=True)]
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
