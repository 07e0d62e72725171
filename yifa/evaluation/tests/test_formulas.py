"""The formulas on their own: usage, Wilson intervals, strata, the effect index and its re-weighting, the four fields, words of clauses."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yifa.evaluation import advice, awareness, effect, method, usage, wording
from yifa.evaluation.awareness import Share
from yifa.evaluation.effect import Count

METHOD = method.installed()
KINDS = METHOD.kinds
D = Decimal


def test_weights_that_do_not_sum_to_one_are_no_method() -> None:
    text = method.FILE.read_text(encoding="utf-8")
    with pytest.raises(ValueError, match="effect"):
        method.read(text.replace('e1 = "0.25"', 'e1 = "0.35"'))
    with pytest.raises(ValueError, match="awareness"):
        method.read(text.replace('weight = "0.2"', 'weight = "0.3"'))


def test_an_article_is_read_from_the_key_of_a_citation() -> None:
    assert usage.article_of("行政处罚法@2021-01-22#t51.k1") == usage.article_of("中华人民共和国行政处罚法@2017-09-01#t51")
    assert str(usage.article_of("刑法@2020-12-26#t120_1.k2.x3")).endswith("#t120_1")
    assert usage.article_of("令262") is None


def entry(step: str, *cites: str) -> dict[str, object]:
    return {
        "procedure": "summary_penalty", "step": step, "cites": list(cites), "organisation": "1502030001", "region": "150203",
        "happened_at": "2026-10-31T17:00:00.000000Z",
    }  # fmt: skip


def test_an_act_uses_each_article_once_in_the_month_it_took_place_in_china() -> None:
    found = usage.event(entry("decide", "行政处罚法@2021-01-22#t51", "行政处罚法@2021-01-22#t51.k1", "消防法@2021-04-29#t60"), METHOD.steps)
    assert found is not None
    assert [each.partition("#")[2] for each in found.articles] == ["t51", "t60"]
    assert len(found.works) == 2
    assert (found.kind, found.month) == ("decision", "2026-11")


def test_steps_on_the_way_and_acts_that_undo_one_use_nothing() -> None:
    cite = "行政处罚法@2021-01-22#t44"
    assert usage.event(entry("inform", cite), METHOD.steps) is None
    assert usage.event(entry("decide@6", cite), METHOD.steps) is None
    assert usage.event(entry("decide"), METHOD.steps) is None


def test_events_are_weighted_and_views_capped() -> None:
    assert usage.weighted({"decision": 3, "normative": 1}, KINDS) == D("3.5")
    assert usage.weighted({"view": 50}, KINDS) == usage.weighted({"view": 5000}, KINDS) == D("1.00")
    assert usage.weighted({"view": 49}, KINDS) < 1


def test_the_rate_counts_enforceable_works_with_at_least_one_weighted_event() -> None:
    used = {"a": D(1), "b": D("0.98"), "elsewhere": D(9)}
    assert usage.rate(["a", "b", "c"], used) == (1, 3)
    assert usage.intensity(D(6), 4) == D("1.5")
    assert usage.intensity(D(6), 0) is None


# Values of the literature and of common statistics packages (z = 1.959964), four places.
@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [
        (0, 10, "0.0000", "0.2775"),
        (10, 10, "0.7225", "1.0000"),
        (1, 10, "0.0179", "0.4042"),
        (5, 10, "0.2366", "0.7634"),
        (81, 263, "0.2553", "0.3662"),
        (15, 148, "0.0624", "0.1605"),
    ],
)
def test_wilson_gives_the_known_intervals(hits: int, n: int, low: str, high: str) -> None:
    found = awareness.wilson(hits, n)
    assert found is not None
    assert tuple(each.quantize(D("0.0001")) for each in found) == (D(low), D(high))


def test_wilson_without_a_sample_and_with_nonsense() -> None:
    assert awareness.wilson(0, 0) is None
    with pytest.raises(ValueError, match="3 of 2"):
        awareness.wilson(3, 2)


@given(st.integers(0, 500), st.integers(1, 500))
def test_wilson_holds_the_share_and_stays_between_nothing_and_all(hits: int, n: int) -> None:
    hits = min(hits, n)
    found = awareness.wilson(hits, n)
    assert found is not None
    assert D(0) <= found[0] <= D(hits) / n + D("1e-20")
    assert D(hits) / n - D("1e-20") <= found[1] <= 1


def test_sixty_per_cent_of_three_items_is_awareness() -> None:
    how = METHOD.awareness
    assert awareness.is_aware(3, 5, how)
    assert not awareness.is_aware(2, 4, how)
    assert not awareness.is_aware(2, 2, how)  # two items say too little
    assert awareness.is_hasty(19, 5, how)
    assert not awareness.is_hasty(20, 5, how)


def test_a_share_is_published_only_from_thirty_a_stratum_and_a_hundred_in_all() -> None:
    how = METHOD.awareness
    few = awareness.result({"party": Share(20, 29), "public": Share(60, 80), "officer": Share(30, 31)}, how)
    assert few.rate is None
    assert few.interval is None
    assert "行政相对人29人" in few.why_not
    assert "执法人员" not in few.why_not
    little = awareness.result({"party": Share(20, 30), "public": Share(20, 30), "officer": Share(30, 39)}, how)
    assert "合计至少100人" in little.why_not
    enough = awareness.result({"party": Share(20, 40), "public": Share(15, 30), "officer": Share(30, 30)}, how)
    assert enough.rate == D("0.6")  # 0.4 × 0.5 + 0.4 × 0.5 + 0.2 × 1
    assert enough.interval is not None
    assert enough.interval[0] < D("0.6") < enough.interval[1]


def test_the_joined_interval_is_narrower_than_that_of_its_smallest_stratum() -> None:
    shares = {"party": Share(50, 100), "public": Share(50, 100), "officer": Share(15, 30)}
    found = awareness.result(shares, METHOD.awareness).interval
    alone = shares["officer"].interval
    assert found is not None
    assert alone is not None
    assert found[1] - found[0] < alone[1] - alone[0]


FULL: dict[str, Count | None] = {
    "e1": Count(D(3), 20),  # 0.15 of 0.30 -> 0.5
    "e2": Count(D(2), 100),  # 0.02 of 0.10 -> 0.8
    "e3": Count(D(90), 100),  # 0.9
    "e4": Count(D(10), 100),  # 0.10 of 0.40 -> 0.75
    "e5": Count(D(16), 20),  # (16 + 20 × 0.8) / 40 = 0.8
    "e6": Count(D("0.7"), 1),
}


def test_the_index_of_all_six_parts() -> None:
    found = effect.index(100, FULL, METHOD.effect, pooled=D("0.8"))
    expected = (
        D("0.25") * D("0.5")
        + D("0.15") * D("0.8")
        + D("0.20") * D("0.9")
        + D("0.15") * D("0.75")
        + D("0.10") * D("0.8")
        + D("0.15") * D("0.7")
    )
    assert found.value == expected
    assert found.available == 1


def test_a_missing_part_leaves_its_weight_to_the_others_and_says_so() -> None:
    found = effect.index(100, {**FULL, "e1": None, "e6": Count(D(0), 0)}, METHOD.effect, pooled=D("0.8"))
    parts = {part.key: part for part in found.parts}
    assert parts["e1"].why == "未接入"
    assert parts["e6"].why == "没有可以计算的件数"
    assert sum((part.weight for part in found.parts), D(0)).quantize(D("1e-20")) == 1
    assert parts["e3"].weight.quantize(D("0.0001")) == D("0.3333")  # 0.20 of 0.60
    assert found.value is not None


def test_the_index_is_shown_from_five_acts_and_sixty_per_cent_of_the_weight() -> None:
    assert effect.index(5, FULL, METHOD.effect).value is not None
    four = effect.index(4, FULL, METHOD.effect)
    assert four.value is None
    assert "不足5件" in four.why_not
    thin = effect.index(100, {**FULL, "e1": None, "e3": None}, METHOD.effect)  # 0.55
    assert thin.value is None
    assert "60%" in thin.why_not
    assert effect.index(100, {**FULL, "e1": None, "e6": None}, METHOD.effect).value is not None  # 0.60


def test_bad_shares_beyond_their_limit_are_worth_nothing() -> None:
    assert effect.value("e1", Count(D(9), 10), pooled=D(0), m=20) == 0
    assert effect.value("e2", Count(D(1), 10), pooled=D(0), m=20) == 0
    assert effect.value("e4", Count(D(0), 10), pooled=D(0), m=20) == 1


def test_few_ratings_are_drawn_to_the_mean_of_the_region() -> None:
    assert effect.shrunken(D(2), 3, D("0.90"), 20).quantize(D("0.0001")) == D("0.8696")


@pytest.mark.parametrize(
    ("used", "value", "cell"),
    [("10", "0.8", "high-high"), ("10", "0.5", "high-low"), ("3", "0.8", "low-high"), ("0", "0.5", "low-low")],
)
def test_the_four_fields(used: str, value: str, cell: str) -> None:
    assert advice.advise(D(used), D(5), D(value), METHOD.effect.high).cell == cell


def test_nothing_is_suggested_without_an_effect() -> None:
    assert advice.advise(D(10), D(5), None, METHOD.effect.high) is advice.WAITING
    assert advice.advise(D(0), None, D("0.9"), METHOD.effect.high).cell == "low-high"


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("违反本法规定，个人占用疏散通道的，处警告或者五百元以下罚款。", {"penalty"}),
        ("有下列行为之一的，责令限期改正，可以处一千元以下罚款：", {"penalty"}),
        ("单位和个人饲养犬只，应当按照规定定期免疫接种狂犬病疫苗。", {"duty"}),
        ("从事动物诊疗活动的机构，应当取得动物诊疗许可证。", {"duty", "permit"}),
        ("情节严重的，吊销营业执照。", {"penalty"}),
        ("没收违法所得。", {"penalty"}),
        ("为了保障人民健康，制定本法。", set()),
        ("行政处罚由违法行为发生地的行政机关管辖。", set()),
    ],
)
def test_clauses_are_known_by_their_words(text: str, kinds: set[str]) -> None:
    assert wording.kinds(text) == kinds


def test_a_text_of_principles_is_not_enforceable() -> None:
    assert not wording.clauses([("t1", "为了保障人民健康，制定本法。"), ("t2", "本法自公布之日起施行。")]).is_enforceable
    found = wording.clauses([("t1", "国家鼓励植树。"), ("t9", "处五十元以下罚款。")])
    assert (found.penalty, found.duty) == (("t9",), ())
