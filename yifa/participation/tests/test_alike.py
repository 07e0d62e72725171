"""Likeness: the same text is one group, the order does not matter, nobody is in two groups; how often it is right on a constructed set."""

from __future__ import annotations

import time
from collections import Counter
from itertools import combinations
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yifa.participation.alike import Groups, Text, digest
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
        ("建议摊位费减免三年", "建议摊位费减免五年", True),  # said in the docstring: a number does not part them
        ("建议增加公交线路", "建议增加停车位", False),
    ],
)
def test_the_boundary_of_likeness(one: str, other: str, alike: bool) -> None:
    assert (len(grouped([(0, one), (1, other)])) == 1) == alike


def test_how_often_it_is_right_on_the_constructed_set() -> None:
    """The docstring of `alike` tells these numbers."""
    rows = all_of()
    of = {name: n for n, group in enumerate(grouped([(n, text) for n, (_, _, text) in enumerate(rows)])) for name in group}
    counted: Counter[tuple[bool, bool]] = Counter()
    for one, other in combinations(range(len(rows)), 2):
        counted[rows[one][:2] == rows[other][:2], of[one] == of[other]] += 1
    precision = counted[True, True] / (counted[True, True] + counted[False, True])
    recall = counted[True, True] / (counted[True, True] + counted[True, False])
    assert (len(rows), round(precision, 2), round(recall, 2)) == (400, 1.0, 0.94)


def test_a_contrary_by_one_word_is_not_seen() -> None:
    """As the docstring says: who answers reads the texts first."""
    pairs = [(wish, contrary) for wishes in WISHES.values() for wish in wishes if (contrary := turned(wish))]
    together = sum(len(grouped([(0, wish), (1, contrary)])) == 1 for wish, contrary in pairs)
    assert (len(pairs), together) == (9, 9)


def test_ten_thousand_take_seconds_and_not_hours() -> None:
    """A flood of one letter with another name in each, and a thousand that share nothing: all pairs would be fifty million."""
    letter = "供热管网改造期间请保证居民用水用电，施工时间不要超过晚上八点，并且在小区门口张贴公告，写明日期和联系电话。"
    said = [f"{letter}住户{n}号" if n % 10 else f"{digest(str(n))}{digest(str(-n))}" for n in range(10_000)]
    began = time.process_time()
    found = grouped(list(enumerate(said)))
    assert max(map(len, found)) == 9000
    assert time.process_time() - began < 20
