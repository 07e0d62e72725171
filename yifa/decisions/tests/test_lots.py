"""抽签: whoever draws again gets the same; nobody could have chosen the result; a changed seed, list or rank is found."""

from __future__ import annotations

import hashlib
import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yifa.decisions import lots

SEEDS = st.binary(min_size=32, max_size=32).map(bytes.hex)
NUMBERS = st.lists(st.integers(1, 10_000).map(str), min_size=1, max_size=40, unique=True)


@given(SEEDS, NUMBERS, st.integers(0, 50), st.randoms(use_true_random=False))
def test_the_order_of_the_list_has_no_say(seed: str, numbers: list[str], seats: int, shuffling: random.Random) -> None:
    other = list(numbers)
    shuffling.shuffle(other)
    drawn = lots.draw(seed, numbers, seats)
    assert drawn == lots.draw(seed, other, seats)
    assert len(drawn) == min(seats, len(numbers))
    assert set(drawn) <= set(numbers)


@given(SEEDS, NUMBERS)
def test_who_leaves_does_not_change_the_order_of_the_others(seed: str, numbers: list[str]) -> None:
    ranking = lots.rank(seed, numbers)
    gone = ranking[0]
    assert lots.rank(seed, [each for each in numbers if each != gone]) == ranking[1:]


@given(SEEDS, SEEDS, NUMBERS)
def test_another_seed_does_not_fit_the_commitment(seed: str, other: str, numbers: list[str]) -> None:
    committed = lots.commitment(seed)
    assert lots.verify(committed=committed, seed=seed, candidates=numbers, ranking=lots.rank(seed, numbers)) == ()
    if other != seed:
        told = lots.verify(committed=committed, seed=other, candidates=numbers, ranking=lots.rank(other, numbers))
        assert told == ("种子与事先公布的摘要不符",)


def test_everyone_is_drawn_about_as_often() -> None:
    numbers = [str(n) for n in range(1, 21)]
    seeds = (hashlib.sha256(str(n).encode()).hexdigest() for n in range(4000))
    counted = Counter(number for seed in seeds for number in lots.draw(seed, numbers, 5))
    # 1000 expected each, standard deviation about 27: the chi-square of 19 degrees stays below 45 but once in a thousand such tables.
    assert sum((counted[each] - 1000) ** 2 / (1000 * 0.75) for each in numbers) < 45


def test_by_hand_it_is_the_digest_of_seed_colon_number() -> None:
    seed = "0" * 64
    by_hand = sorted(["1", "2", "3"], key=lambda each: hashlib.sha256((seed + ":" + each).encode()).hexdigest())
    assert list(lots.rank(seed, ["3", "1", "2"])) == by_hand
    assert lots.commitment(seed) == hashlib.sha256(seed.encode()).hexdigest()


@pytest.mark.parametrize(
    ("candidates", "ranking", "told"),
    [
        (["1", "2"], ["1"], "名次与候选人名单不一致"),
        (["1", "1"], ["1", "1"], "有编号重复的候选人"),
        (["1", "2", "3"], None, "名次与重新计算的结果不符"),
    ],
)
def test_a_changed_list_or_rank_is_told(candidates: list[str], ranking: list[str] | None, told: str) -> None:
    seed = "ab" * 32
    shown = ranking if ranking is not None else list(lots.rank(seed, candidates))[::-1]
    assert told in lots.verify(committed=lots.commitment(seed), seed=seed, candidates=candidates, ranking=shown)


def test_nobody_stands_twice_and_a_seed_has_its_form() -> None:
    with pytest.raises(ValueError, match="number of his own"):
        lots.rank(lots.new_seed(), ["1", "1"])
    with pytest.raises(ValueError, match="64"):
        lots.commitment("short")
    with pytest.raises(ValueError, match="64"):
        lots.rank("SHORT", ["1"])
    assert lots.verify(committed="", seed="short", candidates=[], ranking=[]) == ("种子不是64位的十六进制字符",)
    assert lots.new_seed() != lots.new_seed()
