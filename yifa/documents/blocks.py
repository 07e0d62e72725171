"""预印编号: numbers handed out beforehand to a pad of printed forms or a device, and what became of each of them.

A block is a stretch of a body's series: the series jumps over it at once, so that no number is given twice. Each of its numbers is borne
by a document (补录), voided with a reason, or still out with whoever keeps the pad (行政处罚法 52: 预定格式、编有号码).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.db.models import F

from yifa.documents.models import Block, Document
from yifa.documents.numbers import text
from yifa.documents.words import CHINA
from yifa.kernel.ledger.services import record
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.queries import body_of

MOST = 1000
UNIT = "UNIT"


class BlockError(ValueError):
    """A number or a block that cannot be dealt with so; str() says why, fit for the officer."""


@transaction.atomic
def allot_block(*, actor: Actor, kind: str, year: int, count: int, holder: str, now: datetime, keeper: str | None = None) -> Block:
    """Hands out the next `count` numbers of a series of the actor's body to `holder` (a pad, a device) in the hands of the person `keeper`.

    Recorded on the chain `block:<id>`. Raises BlockError.
    """
    if not 1 <= count <= MOST:
        raise BlockError(f"一次可以领用1至{MOST}个号码，不能是{count}个")
    body = body_of(actor.organisation)
    if body is not None and body.kind == UNIT:
        raise BlockError("内设执法机构以所属机关的名义执法，预印编号由所属机关的负责人编发")
    if body is None or not body.short_name:
        raise BlockError("本机关没有登记机关代字，不能编发预印编号，请系统管理员先在机关资料中登记")
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
        prefix=f"{body.short_name}{kind}",
        holder=holder,
        keeper_id=keeper,
        allotted_at=now,
    )
    payload = {
        "organisation": actor.organisation,
        "kind": kind,
        "year": year,
        "first": block.first,
        "last": last,
        "holder": holder,
        "keeper": keeper or "",
    }
    record(f"block:{block.id}", "allot", actor=actor, payload=payload, league=actor.league)
    return block


@transaction.atomic
def void_number(*, actor: Actor, block: UUID, number: int, reason: str) -> None:
    """Voids one spoilt form of a block of the actor's body. Raises BlockError."""
    held = _locked(actor, block)
    said = text(held.prefix, "", held.year, number)
    if not held.first <= number <= held.last:
        raise BlockError(f"编号“{said}”不在这一本之内，应当在{held.first}至{held.last}之间")
    if len(reason.strip()) < 2:
        raise BlockError("作废号码应当写明理由")
    if str(number) in held.voided:
        raise BlockError(f"编号“{said}”已经作废")
    if number in used(held):
        raise BlockError(f"编号“{said}”已经用于一份文书，不能作废；文书有误的，请在案件中办理“补正”")
    held.voided[str(number)] = reason.strip()
    Block.objects.filter(league=held.league, id=held.id).update(voided=held.voided)
    record(f"block:{block}", "void", actor=actor, payload={"number": number, "reason": reason.strip()}, league=actor.league)


@transaction.atomic
def return_block(*, actor: Actor, block: UUID, reason: str, now: datetime) -> list[int]:
    """Takes a block back; the numbers no document used and nobody voided are void, with the reason. Returns them. Raises BlockError."""
    if len(reason.strip()) < 2:
        raise BlockError("缴销号码应当写明理由")
    held = _locked(actor, block)
    void = sorted(_out(held, used(held)))
    Block.objects.filter(league=actor.league, id=block).update(returned_at=now, return_reason=reason.strip())
    record(f"block:{block}", "return", actor=actor, payload={"void": void, "reason": reason.strip()}, league=actor.league)
    return void


def _locked(actor: Actor, block: UUID) -> Block:
    """A block of the actor's body that is still out, locked against acts that would take its numbers."""
    held = Block.objects.select_for_update(of=("self",)).filter(league=actor.league, id=block, organisation_id=_body(actor)).first()
    if held is None:
        raise BlockError("本机关没有领用这些号码")
    if held.returned_at is not None:
        raise BlockError("这些号码已经缴销")
    return held


def _body(actor: Actor) -> str:
    """In whose name the actor acts: a unit's officers in their body's (行政处罚法 20)."""
    body = body_of(actor.organisation)
    return body.parent_id if body is not None and body.kind == UNIT and body.parent_id else actor.organisation


def _out(block: Block, taken: set[int]) -> set[int]:
    return set(range(block.first, block.last + 1)) - taken - {int(number) for number in block.voided}


def used(block: Block) -> set[int]:
    """The numbers of a block that documents bear."""
    rows = Document.objects.filter(
        league=block.league,
        organisation_id=block.organisation_id,
        series=block.kind,
        year=block.year,
        sequence__range=(block.first, block.last),
    )
    return {number for number in rows.values_list("sequence", flat=True) if number is not None}


@dataclass(frozen=True)
class Standing:
    """A block with what became of its numbers: `out` are those still with the keeper, as runs (first, last)."""

    block: Block
    keeper: str
    used: int
    voided: tuple[tuple[int, str], ...]
    out: tuple[tuple[int, int], ...]
    days: int

    @property
    def first(self) -> str:
        return text(self.block.prefix, "", self.block.year, self.block.first)

    @property
    def last(self) -> str:
        return text(self.block.prefix, "", self.block.year, self.block.last)

    @property
    def out_count(self) -> int:
        return sum(last - first + 1 for first, last in self.out)

    @property
    def out_words(self) -> str:
        """3、5至9."""
        return "、".join(str(first) if first == last else f"{first}至{last}" for first, last in self.out)


def standings(actor: Actor, *, today: date) -> list[Standing]:
    """Every block of the actor's body, newest first, with its gaps: the numbers neither entered nor voided, and who holds them."""
    code = _body(actor)
    blocks = Block.objects.select_related("keeper").filter(league=actor.league, organisation_id=code)
    with connection.cursor() as cursor:
        cursor.execute(_USED, [actor.league, code])
        taken = {block: set(numbers) for block, numbers in cursor.fetchall()}
    newest = blocks.order_by(F("returned_at").desc(nulls_first=True), "-year", "kind", "-first")
    return [_standing(block, taken.get(block.id, set()), today) for block in newest]


_USED = (
    "SELECT b.id, array_agg(d.sequence) FROM documents_block b JOIN documents_document d ON d.league = b.league"
    " AND d.organisation_id = b.organisation_id AND d.series = b.kind AND d.year = b.year AND d.sequence BETWEEN b.first AND b.last"
    " WHERE b.league = %s AND b.organisation_id = %s GROUP BY b.id"
)


def _standing(block: Block, taken: set[int], today: date) -> Standing:
    voided = tuple(sorted((int(number), reason) for number, reason in block.voided.items()))
    out = () if block.returned_at else tuple(_runs(sorted(_out(block, taken))))
    keeper = block.keeper.name if block.keeper else ""
    return Standing(block, keeper, len(taken), voided, out, (today - block.allotted_at.astimezone(CHINA).date()).days)


def _runs(numbers: Iterable[int]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for number in numbers:
        if found and found[-1][1] == number - 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found
