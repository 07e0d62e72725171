"""Groups of like opinions in the database: as if all had been compared at once, answered at once, and one can be taken out before."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from yifa.kernel.ledger.models import Entry
from yifa.kernel.people.models import Person
from yifa.kernel.refusing import RejectedError
from yifa.normative.tests import world as w
from yifa.participation import grouping, queries, services
from yifa.participation.models import Band, Comment, Consultation
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


def test_a_contrary_by_a_number_parts_a_group_that_stood(own_db: Any) -> None:
    """三年 and those who name no number are one group, until somebody says 五年."""
    row = opened(w.build().clerk)
    letter = "新市场的摊位费减免{}，摊主们的生意都不好做，请考虑大家的难处。"
    three, silent, again = say(row, letter.format("三年"), letter.format(""), letter.format("三年"))
    grouping.group_opinions()
    assert partition(row) == {frozenset({three, silent, again})}
    (five,) = say(row, letter.format("五年"))
    grouping.group_opinions()
    assert partition(row) == {frozenset({three, again}), frozenset({silent}), frozenset({five})}
    assert Comment.objects.values("kin").distinct().count() == 1
    of_three = Comment.objects.get(id=three).group
    assert of_three is not None
    assert {each.text for each in queries.kin(row, of_three)} == {letter.format(""), letter.format("五年")}


def test_the_desk_sees_first_in_what_the_texts_of_a_group_differ(own_db: Any) -> None:
    world = w.build()
    row = opened(world.clerk)
    say(row, LETTER, LETTER, LETTER + "谢谢", LETTER.replace("写明联系电话", "写明联系电话，每天通水两次"), LETTER.replace("八点", "十点"))
    grouping.group_opinions()
    group = queries.groups(row)[0].id
    texts, number = queries.wordings(row, group)
    assert (number, texts[0].number, [each.turned for each in texts]) == (3, 2, [False, True, False])
    assert "".join(piece.text for part in texts[1].paragraphs for piece in part.pieces if piece.kind == "in") == "，每天通水两次"
    desk = Client()
    desk.force_login(Person.objects.get(pk=world.drafter.person), backend="django.contrib.auth.backends.ModelBackend")
    page = desk.get(f"/desk/participation/{row.id}/groups/{group}/").content.decode()
    assert page.index("每天通水两次</ins>") < page.index("<ins>谢谢</ins>") < page.index(">最多的写法<") < page.index("登记采纳情况")
    assert "文字相近、说法不同" in page
    assert LETTER.replace("八点", "十点") in page


def test_many_years_said_by_many_in_the_same_words_are_no_running_numbers(own_db: Any) -> None:
    """Of equal texts one is compared, and stands for as many as say it, those of before and those that are new."""
    row = opened(w.build().clerk)
    letter = "新市场的摊位费减免{}年，摊主们的生意都不好做，请考虑大家的难处。"
    texts = [letter.format(year) for year in range(1, 26)]
    say(row, *texts)
    grouping.group_opinions()
    assert len(partition(row)) == 1, "so many numbers, each said once: somebody counts"
    say(row, *texts)
    grouping.group_opinions()
    assert {len(each) for each in partition(row)} == {2}
    assert len(partition(row)) == 25
