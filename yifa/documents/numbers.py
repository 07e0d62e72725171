"""Numbers without gaps: 文号 and case numbers are taken in the act's own transaction, so a refused act returns its number.

A block is a stretch of a series handed out beforehand (to a device, to a pad of printed forms): the series jumps over it at once, and
each of its numbers is either used by a document or voided with a reason when the block is returned.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction

from yifa.documents.models import Block
from yifa.documents.words import NUMBER
from yifa.kernel.ledger.services import record
from yifa.kernel.people.actors import Actor

# The next number of a series: parameters league, organisation, kind, year. The row stays locked until the act ends.
ALLOT = (
    "INSERT INTO documents_series (league, organisation_id, kind, year, last) VALUES (%s, %s, %s, %s, 1)"
    " ON CONFLICT (league, organisation_id, kind, year) DO UPDATE SET last = documents_series.last + 1 RETURNING last"
)

_KEYS = (
    *("form", "title", "organisation", "series", "year", "sequence"),
    *("number", "sha256", "unsigned_sha256", "size", "pages", "audience"),
)
_INSERT = (
    "document AS (INSERT INTO documents_document (league, id, dossier, seq, form, title, organisation_id, series, year, sequence,"
    " number, sha256, unsigned_sha256, size, pages, audience, corrects, created_at)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s))"
)


def text(short_name: str, series: str, year: int, number: int) -> str:
    """`包昆城管当罚〔2026〕18号`: six-cornered brackets, no leading zero (GB/T 9704)."""
    return f"{short_name}{series}〔{year}〕{number}号"


def sequence_of(number: str, *, short_name: str, series: str) -> int | None:
    """The place of a printed form's number in its body's series; None when it is no number of that series."""
    found = NUMBER.fullmatch(number)
    return int(found[3]) if found and found[1] == short_name + series else None


def insert(league: str, dossier: str, seq: int, document: Mapping[str, Any], at: datetime) -> tuple[Any, ...]:
    """The member of `take`'s statement that writes one document: its SQL, then its parameters."""
    return (
        _INSERT,
        league,
        uuid4(),
        dossier,
        seq,
        *(document[key] for key in _KEYS),
        document.get("corrects", ""),
        at,
    )


@transaction.atomic
def allot_block(*, actor: Actor, kind: str, year: int, count: int, holder: str, now: datetime) -> Block:
    """Hands out the next `count` numbers of a series of the actor's body. Recorded on the chain `block:<id>`."""
    if not 1 <= count <= 1000:
        raise ValueError(f"一次可以领用1至1000个号码,不能是{count}个")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO documents_series (league, organisation_id, kind, year, last) VALUES (%s, %s, %s, %s, %s)"
            " ON CONFLICT (league, organisation_id, kind, year) DO UPDATE SET last = documents_series.last + excluded.last RETURNING last",
            [actor.league, actor.organisation, kind, year, count],
        )
        last = cursor.fetchone()[0]
    block = Block.objects.create(
        league=actor.league,
        id=uuid4(),
        organisation_id=actor.organisation,
        kind=kind,
        year=year,
        first=last - count + 1,
        last=last,
        holder=holder,
        allotted_at=now,
    )
    payload = {"organisation": actor.organisation, "kind": kind, "year": year, "first": block.first, "last": last, "holder": holder}
    record(f"block:{block.id}", "allot", actor=actor, payload=payload, league=actor.league)
    return block


@transaction.atomic
def return_block(*, actor: Actor, block: UUID, reason: str, now: datetime) -> list[int]:
    """Takes a block back; the numbers no document used are void, with the reason. Returns them."""
    if len(reason.strip()) < 2:
        raise ValueError("缴销号码应当写明理由")
    held = Block.objects.select_for_update().get(league=actor.league, id=block, organisation_id=actor.organisation, returned_at=None)
    void = [number for number in range(held.first, held.last + 1) if number not in used(held)]
    Block.objects.filter(league=actor.league, id=block).update(returned_at=now, return_reason=reason)
    record(f"block:{block}", "return", actor=actor, payload={"void": void, "reason": reason}, league=actor.league)
    return void


def used(block: Block) -> set[int]:
    """The numbers of a block that documents bear."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sequence FROM documents_document WHERE league = %s AND organisation_id = %s AND series = %s AND year = %s"
            " AND sequence BETWEEN %s AND %s",
            [block.league, block.organisation_id, block.kind, block.year, block.first, block.last],
        )
        return {row[0] for row in cursor.fetchall()}
