"""Blocks handed out beforehand: every number of a pad is borne by a document, voided with a reason, or out with its keeper."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection

from yifa.documents import blocks, numbers
from yifa.documents.models import Block, Series
from yifa.documents.tests.test_numbers import KIND, NOW, YEAR, allot, issue
from yifa.documents.words import printed_number
from yifa.enforcement.tests import world as w

TODAY = date(2026, 3, 5)


def pad(world: w.World, count: int = 5, **more: Any) -> Block:
    return blocks.allot_block(actor=world.head, kind=KIND, year=YEAR, count=count, holder="纸本第1册", now=NOW, **more)


def test_the_series_jumps_over_a_block_and_its_unused_numbers_are_voided_with_a_reason(own_db: Any) -> None:
    world = w.build()
    body = world.li.organisation
    assert allot(body) == 1
    block = pad(world)
    assert (block.first, block.last, block.prefix) == (2, 6, "包昆农当罚")
    assert allot(body) == 7
    issue(body, 3)
    issue(body, 5)
    issue(body, 7)
    assert blocks.used(block) == {3, 5}
    assert blocks.return_block(actor=world.head, block=block.id, reason="终端报废", now=NOW) == [2, 4, 6]
    held = Block.objects.get()
    assert (held.returned_at, held.return_reason) == (NOW, "终端报废")
    with connection.cursor() as cursor:
        cursor.execute("SELECT step FROM ledger_entry WHERE chain = %s ORDER BY seq", [f"block:{block.id}"])
        assert [row[0] for row in cursor.fetchall()] == ["allot", "return"]


def test_the_gaps_of_a_pad_are_told_with_who_keeps_it(db: None) -> None:
    world = w.build()
    block = pad(world, 8, keeper=world.wang.person)
    for number in (1, 4, 9):
        issue(world.li.organisation, number)
    blocks.void_number(actor=world.head, block=block.id, number=5, reason="填写有误")
    (found,) = blocks.standings(world.head, today=TODAY)
    assert (found.keeper, found.used, found.voided) == ("王样本", 2, ((5, "填写有误"),))
    assert (found.out, found.out_words, found.out_count) == (((2, 3), (6, 8)), "2至3、6至8", 5)
    assert (found.first, found.last, found.days) == ("包昆农当罚〔2026〕1号", "包昆农当罚〔2026〕8号", 3)
    assert blocks.standings(world.stranger, today=TODAY) == []
    blocks.return_block(actor=world.head, block=block.id, reason="换用终端", now=NOW)
    assert blocks.standings(world.head, today=TODAY)[0].out == ()


@pytest.mark.parametrize(
    ("act", "why"),
    [
        (lambda world, block: blocks.void_number(actor=world.head, block=block.id, number=6, reason="填写有误"), "应当在1至5之间"),
        (lambda world, block: blocks.void_number(actor=world.head, block=block.id, number=2, reason=" "), "理由"),
        (lambda world, block: blocks.void_number(actor=world.head, block=block.id, number=3, reason="填写有误"), "已经用于一份文书"),
        (lambda world, block: blocks.void_number(actor=world.head, block=block.id, number=4, reason="再废一次"), "已经作废"),
        (lambda world, block: blocks.void_number(actor=world.stranger, block=block.id, number=2, reason="填写有误"), "没有领用"),
        (lambda world, block: blocks.return_block(actor=world.head, block=block.id, reason=" ", now=NOW), "理由"),
        (lambda world, block: blocks.return_block(actor=world.stranger, block=block.id, reason="不是本机关的", now=NOW), "没有领用"),
    ],
)
def test_a_number_is_not_voided_twice_nor_by_another_body_nor_when_a_document_bears_it(
    db: None, act: Callable[[w.World, Block], Any], why: str
) -> None:
    world = w.build()
    block = pad(world)
    issue(world.li.organisation, 3)
    blocks.void_number(actor=world.head, block=block.id, number=4, reason="填写有误")
    with pytest.raises(blocks.BlockError, match=why):
        act(world, block)
    assert blocks.standings(world.head, today=TODAY)[0].out == ((1, 2), (5, 5))


def test_a_returned_block_is_closed(db: None) -> None:
    world = w.build()
    block = pad(world)
    blocks.return_block(actor=world.head, block=block.id, reason="终端报废", now=NOW)
    with pytest.raises(blocks.BlockError, match="已经缴销"):
        blocks.return_block(actor=world.head, block=block.id, reason="再交一次", now=datetime.now(UTC))
    with pytest.raises(blocks.BlockError, match="已经缴销"):
        blocks.void_number(actor=world.head, block=block.id, number=2, reason="填写有误")


def test_a_block_has_a_sensible_size(db: None) -> None:
    world = w.build()
    for count in (0, -1, 1001):
        with pytest.raises(blocks.BlockError, match="1至1000"):
            pad(world, count)
    assert not Series.objects.exists()


@pytest.mark.parametrize(
    "typed",
    ["包昆农当罚〔2026〕18号", "包昆农当罚[2026]0018", "包昆农当罚(2026)第018号", " 包昆农当罚【2026】18 号", "编号:包昆农当罚(2026)18号"],
)
def test_a_printed_number_is_read_as_a_person_types_it(typed: str) -> None:
    assert printed_number(typed) == ("包昆农当罚", 2026, 18)
    assert numbers.printed(typed, None).text == "包昆农当罚〔2026〕18号"


@pytest.mark.parametrize("typed", ["", "18", "第0018号", "包昆农当罚〔2026〕0号", "包昆农当罚2026年18号", "包昆农当罚〔26〕18号"])
def test_what_is_no_number_is_not_taken_for_one(typed: str) -> None:
    assert printed_number(typed) is None
    assert "不在发给本机关的预印编号之内" in numbers.printed(typed, None).fault
