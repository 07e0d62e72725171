"""Likeness: the same text is one group, the order does not matter, nobody is in two groups; how often it is right on a constructed set."""

from __future__ import annotations

import time
from collections import Counter
from itertools import combinations
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yifa.participation import contrary
from yifa.participation.alike import Groups, Text, digest
from yifa.participation.tests import letters
from yifa.participation.tests.opinions import WISHES, all_of, turned

PIECES = ("供热提前，", "收费过高，", "请公布时间表，", "老旧小区优先改造，", "不同意涨价，", "增加公交班次，", "请写明联系电话。")
texts = st.lists(st.sampled_from(PIECES), min_size=1, max_size=6).map("".join) | st.text(max_size=40)


def grouped(given: list[tuple[int, str]]) -> set[frozenset[int]]:
    groups: Groups[int] = Groups()
    for name, text in given:
        groups.add(name, Text(text))
    return {frozenset(each) for each in groups.groups()}


@given(st.lists(texts, max_size=14), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_groups_do_not_depend_on_the_order_and_hold_everyone_once(said: list[str], chance: Random) -> None:
    named = list(enumerate(said))
    shuffled = list(named)
    chance.shuffle(shuffled)
    found = grouped(named)
    assert found == grouped(shuffled)
    assert sorted(name for group in found for name in group) == list(range(len(said)))


@given(texts)
@settings(max_examples=60, deadline=None)
def test_the_same_text_is_one_group(text: str) -> None:
    assert grouped([(0, text), (1, text)]) == {frozenset({0, 1})}


def test_signs_width_and_capitals_make_no_difference() -> None:
    assert digest("供热，应当按时 ABC。") == digest("供热应当按时ＡＢＣ")
    assert digest("👍") != digest("👎")
    assert grouped([(0, "供热，应当按时。"), (1, "供热应当按时！！")]) == {frozenset({0, 1})}


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("同意该方案", "不同意该方案", False),
        ("建议收费标准降低，并且公布依据", "建议收费标准降低，并且公布依据，谢谢", True),
        ("建议摊位费减免三年", "建议摊位费减免五年", False),
        ("建议摊位费减免三年", "建议摊位费减免3年", True),
        ("水价降到每吨1.5元", "水价降到每吨15元", False),
        ("水价降低3%，按季度公布", "水价降低5%，按季度公布", False),
        ("第一档的水价建议降低百分之三，用水量按季度公布", "第一档的水价建议降低3%，用水量按季度公布", True),
        ("财政补助2万元，其余自筹", "财政补助20,000元，其余自筹", True),
        ("闭馆时间改为21:30，周末照常", "闭馆时间改为20:30，周末照常", False),
        ("供热提前到十月一日，请研究", "供热提前到十月十五日，请研究", False),
        ("请保留早市，这里住的都是老人。李某2026年11月3日", "请保留早市，这里住的都是老人。王某某2026年11月20日", True),
        ("请保留早市，这里住的都是老人。电话13800000000", "请保留早市，这里住的都是老人。电话0472-5100000", True),
        ("请保留早市，这里住的都是老人。86户居民", "请保留早市，这里住的都是老人。120户居民", True),
        ("请保留早市，这里住的都是老人，3号楼2单元", "请保留早市，这里住的都是老人，12号楼5单元", True),
        ("我住了二十年，请保留早市，这里住的都是老人", "我住了八年，请保留早市，这里住的都是老人", True),
        ("请保留早市，这里住的都是老人", "请取消早市，这里住的都是老人", False),
        ("应当保留早市，这里住的都是老人", "不应保留早市，这里住的都是老人", False),
        ("请保留早市，这里住的都是老人", "请别保留早市，这里住的都是老人", False),
        ("难道不应当保留早市吗，这里住的都是老人", "应当保留早市，这里住的都是老人", True),
        ("难道还要保留早市吗，这里住的都是老人", "还要保留早市，这里住的都是老人", False),
        ("能不能保留早市，这里住的都是老人", "希望保留早市，这里住的都是老人", True),
        ("请支持拆迁，条件大家都看过了", "请拒绝拆迁，条件大家都看过了", False),
        ("建议增加公交线路", "建议增加停车位", False),
    ],
)
def test_the_boundary_of_likeness(one: str, other: str, alike: bool) -> None:
    assert (len(grouped([(0, one), (1, other)])) == 1) == alike


def measured(rows: list[tuple[str, str]]) -> tuple[int, float, float]:
    """How many texts; precision and recall over their pairs."""
    of = {name: n for n, group in enumerate(grouped([(n, text) for n, (_, text) in enumerate(rows)])) for name in group}
    counted: Counter[tuple[bool, bool]] = Counter()
    for one, other in combinations(range(len(rows)), 2):
        counted[rows[one][0] == rows[other][0], of[one] == of[other]] += 1
    precision = counted[True, True] / (counted[True, True] + counted[False, True])
    recall = counted[True, True] / (counted[True, True] + counted[True, False])
    return len(rows), round(precision, 2), round(recall, 2)


def test_how_often_it_is_right_on_the_constructed_sets() -> None:
    """The docstring of `alike` tells these numbers."""
    assert measured([(wish + side, text) for wish, side, text in all_of()]) == (400, 1.0, 0.94)
    assert measured(letters.all_of(letters.KNOWN)) == (201, 1.0, 0.95)
    assert measured(letters.all_of(letters.HELD)) == (192, 0.93, 0.99)


def test_a_contrary_by_one_word_stands_apart() -> None:
    pairs = [(wish, contrary) for wishes in WISHES.values() for wish in wishes if (contrary := turned(wish))]
    assert [pair for pair in pairs if len(grouped(list(enumerate(pair)))) == 1] == []
    assert len(pairs) == 9


def test_a_sentence_more_tears_nothing_but_what_it_contests() -> None:
    """三年 with another number elsewhere stays with 三年; who names no number is with neither, once it is contested."""
    letter = "新市场的摊位费减免{}年，摊主们的生意都不好做，请考虑大家的难处。"
    said = [letter.format("三"), letter.format("三") + "我们干了二十年。", letter.format("三") + "市场开了十五年。", letter.format("五")]
    assert grouped(list(enumerate(said))) == {frozenset({0, 1, 2}), frozenset({3})}
    silent = "新市场的摊位费减免，摊主们的生意都不好做，请考虑大家的难处。"
    assert grouped([(0, said[0]), (1, silent)]) == {frozenset({0, 1})}
    assert grouped([(0, said[0]), (1, silent), (2, said[3])]) == {frozenset({0}), frozenset({1}), frozenset({2})}


def test_running_numbers_tear_nothing_and_hide_nothing() -> None:
    """A flood that counts its own letters is one; a number that two different texts name among them still stands apart."""
    letter = "新市场的摊位费减免{}年，摊主们的生意都不好做，请考虑大家的难处。"
    said = [f"第{n}条意见：{letter.format('三')}" for n in range(100)] + [letter.format("五"), letter.format("五") + "谢谢！请采纳"]
    assert {len(group) for group in grouped(list(enumerate(said)))} == {100, 2}


@pytest.mark.parametrize(
    ("numeral", "told"),
    [
        *(("三", "3"), ("十", "10"), ("二十一", "21"), ("一百零五", "105"), ("两万", "20000"), ("一万二千", "12000"), ("二〇二六", "2026")),
        *(
            ("007", "7"),
            ("2.50", "2.5"),
            ("1.5万", "15000"),
            ("3亿", "300000000"),
            ("半", "0.5"),
            ("13900000001二〇二六", "2026"),
            (".", "0"),
        ),
    ],
)
def test_numerals_are_read_as_numbers(numeral: str, told: str) -> None:
    assert contrary.value(numeral) == told


@pytest.mark.parametrize("sign", ["亿", "万", "9", "九", "1亿", ".", "半", "不", "非", "年", "1-", "1:"])
def test_no_opinion_stops_the_comparison(sign: str) -> None:
    """Four thousand letters of one kind are read like any other text."""
    assert grouped([(0, sign * (4000 // len(sign)) + "元"), (1, "建议增加公交线路")]) == {frozenset({0}), frozenset({1})}


@given(st.text(alphabet="不没难道应当能保留3三.:%年半万到-日百分之 月", max_size=30))
@settings(max_examples=200, deadline=None)
def test_any_text_can_be_read(text: str) -> None:
    assert grouped([(0, text), (1, text)]) == {frozenset({0, 1})}


def test_ten_thousand_take_seconds_and_not_hours() -> None:
    """A flood of one letter with another name in each, and a thousand that share nothing: all pairs would be fifty million."""
    letter = "供热管网改造期间请保证居民用水用电，施工时间不要超过晚上八点，并且在小区门口张贴公告，写明日期和联系电话。"
    said = [f"{letter}住户{n}号" if n % 10 else f"{digest(str(n))}{digest(str(-n))}" for n in range(10_000)]
    began = time.process_time()
    found = grouped(list(enumerate(said)))
    assert max(map(len, found)) == 9000
    assert time.process_time() - began < 20
