"""Groups of like opinions in the database: as if all had been compared at once, answered at once, and one can be taken out before."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from yifa.kernel.ledger.models import Entry
from yifa.normative.tests import world as w
from yifa.participation import grouping, queries, services
from yifa.participation.models import Band, Comment, Consultation
from yifa.participation.services import RejectedError
from yifa.participation.tests.opinions import all_of
from yifa.participation.tests.test_alike import grouped
from yifa.participation.tests.test_participation import opened

LETTER = "供热管网改造期间请保证居民用水用电，施工时间不要超过晚上八点，写明联系电话。"


def say(row: Consultation, *texts: str) -> list[UUID]:
    return [services.comment(row.league, row.id, text=text).id for text in texts]


def partition(row: Consultation) -> set[frozenset[UUID]]:
    found: dict[UUID | None, set[UUID]] = {}
    for ident, group in Comment.objects.filter(consultation=row.id).values_list("id", "group"):
        found.setdefault(group, set()).add(ident)
    assert None not in found
    return {frozenset(each) for each in found.values()}


def test_groups_grown_bit_by_bit_are_those_of_all_at_once(own_db: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Said in stretches, looked at after each, some stretches longer than one look takes."""
    monkeypatch.setattr(grouping, "AT_ONCE", 7)
    row = opened(w.build().clerk)
    texts = [text for _, _, text in all_of()][::3][:60]
    names: list[UUID] = []
    for first in range(0, len(texts), 17):
        names += say(row, *texts[first : first + 17])
        grouping.group_opinions()
    whole = {frozenset(names[each] for each in group) for group in grouped(list(enumerate(texts)))}
    assert partition(row) == whole
    assert any(len(group) > 1 for group in whole)
    assert grouping.group_opinions() == 0


def test_a_later_opinion_makes_two_groups_one(own_db: Any) -> None:
    row = opened(w.build().clerk)
    left, right = "甲乙丙丁戊己庚辛", "丁戊己庚辛壬癸子"
    say(row, left, right)
    grouping.group_opinions()
    assert len(partition(row)) == 2
    say(row, "乙丙丁戊己庚辛壬癸")  # shares more than half with either
    grouping.group_opinions()
    assert len(partition(row)) == 1


def test_one_that_is_taken_out_stands_alone_and_is_looked_at_no_more(own_db: Any) -> None:
    world = w.build()
    row = opened(world.clerk)
    first, second, third = say(row, LETTER, LETTER + "谢谢", LETTER + "某居民")
    grouping.group_opinions()
    assert len(partition(row)) == 1
    with pytest.raises(RejectedError, match="没有这条意见"):
        grouping.take_out(row.league, first, by=world.stranger)
    grouping.take_out(row.league, first, by=world.drafter)
    assert partition(row) == {frozenset({first}), frozenset({second, third})}
    with pytest.raises(RejectedError, match="已经单独处理"):
        grouping.take_out(row.league, first, by=world.drafter)
    (again,) = say(row, LETTER)
    grouping.group_opinions()
    assert partition(row) == {frozenset({first}), frozenset({second, third, again})}
    assert Entry.objects.filter(chain=f"comment:{first}", step="take_out").count() == 1
    assert not Band.objects.filter(comment=first).exists()


def test_what_held_a_group_together_may_be_taken_out(own_db: Any) -> None:
    world = w.build()
    row = opened(world.clerk)
    left, right, bridge = say(row, "甲乙丙丁戊己庚辛", "丁戊己庚辛壬癸子", "乙丙丁戊己庚辛壬癸")
    grouping.group_opinions()
    assert len(partition(row)) == 1
    grouping.take_out(row.league, bridge, by=world.drafter)
    assert partition(row) == {frozenset({left}), frozenset({right}), frozenset({bridge})}


def test_the_desk_answers_a_group_at_once_and_each_finds_the_answer(own_db: Any) -> None:
    world = w.build()
    row = opened(world.clerk)
    said = [services.comment(row.league, row.id, text=LETTER + tail) for tail in ("", "谢谢", "某居民", "请答复")]
    alone = services.comment(row.league, row.id, text="希望保留早市。")
    grouping.group_opinions()
    (group,) = queries.groups(row)
    assert (group.size, group.waiting, group.text) == (4, 4, LETTER)
    grouping.take_out(row.league, said[3].id, by=world.drafter)
    taken = services.reply(
        row.league, queries.of_group(row, queries.groups(row)[0].id), by=world.drafter, outcome="partly", reason="已写明施工时间"
    )
    assert taken == 3
    for each in said[:3]:
        found = queries.own(each.code)
        assert found is not None
        assert found[0].reason == "已写明施工时间"
        assert list(Entry.objects.filter(chain=f"comment:{each.id}").order_by("seq").values_list("step", flat=True)) == ["say", "reply"]
    assert queries.tally(row).waiting == 2
    found = queries.own(alone.code)
    assert found is not None
    assert found[0].outcome == ""


def test_an_answered_opinion_is_not_taken_out(own_db: Any) -> None:
    world = w.build()
    row = opened(world.clerk)
    first, _ = say(row, LETTER, LETTER)
    grouping.group_opinions()
    services.reply(row.league, [first], by=world.drafter, outcome="adopted", reason="采纳")
    with pytest.raises(RejectedError, match="已经登记采纳情况"):
        grouping.take_out(row.league, first, by=world.drafter)
