"""The score formula at its vectors and ends; what a set must be to be loaded."""

from __future__ import annotations

from decimal import Decimal

import pytest

from yifa.assessment.files import committed, parse
from yifa.assessment.indicators import UnfitSetError, difference
from yifa.assessment.scoring import Scale, hybrid, points, rebased, score, share, shrink
from yifa.assessment.sheet import EMPTY, OUTSIDE, SCORED, SHOWN, UNCONNECTED, WAITING, Number, sheet

D = Decimal
TEXT = next(committed())
SET = parse(TEXT)


@pytest.mark.parametrize(
    ("x", "zero", "full", "direction", "expected"),
    [
        ("0.92", "0.80", "1.00", "up", "0.60"),  # ENF-04
        ("0.03", "0.10", "0", "down", "0.70"),  # LAW-10
        ("0.19", "0.30", "0.08", "down", "0.50"),  # DIS-02
        ("1", "1", "0", "zero", "0"),  # DEC-26, one case
        ("0", "1", "0", "zero", "1"),
        ("0.80", "0.80", "1.00", "up", "0"),
        ("0.79", "0.80", "1.00", "up", "0"),
        ("1", "0.80", "0.95", "up", "1"),
        ("1", "0", "1", "bool", "1"),
    ],
)
def test_score_vectors(x: str, zero: str, full: str, direction: str, expected: str) -> None:
    assert score(D(x), D(zero), D(full), direction) == D(expected)


def test_small_samples_are_drawn_to_their_peers() -> None:
    assert shrink(2, 3, D("0.90")).quantize(D("0.0001")) == D("0.8696")
    scale = Scale(D("0.80"), D("1.00"), "up", min_n=5)
    found = share(2, 3, scale, D("0.90"))
    assert found is not None
    assert (found.small, found.peer, found.x.quantize(D("0.0001"))) == (True, D("0.90"), D("0.8696"))
    enough = share(5, 5, scale, D("0.10"))
    assert enough is not None
    assert (enough.small, enough.x) == (False, D(1))


def test_nothing_to_judge_is_no_score_but_a_count_of_none_is() -> None:
    assert share(0, 0, Scale(D("0.8"), D(1), "up")) is None
    none = share(0, 0, Scale(D(3), D(0), "zero", 0))
    assert none is not None
    assert none.s == 1


def test_points_round_half_to_even() -> None:
    assert points(101, D("0.60")) == D("0.61")
    assert points(50, D("0.45")) == D("0.22")
    assert points(50, D("0.47")) == D("0.24")
    assert points(0, D(1)) == D("0.00")


def test_hybrid_and_rebasing() -> None:
    assert hybrid(D("0.5"), D("0.8"), D("0.6")) == D("0.62")
    assert rebased(D("0.61"), 202, 10_000) == D("30.20")
    assert rebased(D(0), 0, 10_000) is None


@pytest.mark.parametrize(
    ("zero", "full", "direction"), [("1", "0.8", "up"), ("0", "0.1", "down"), ("0", "3", "zero"), ("0", "1", "sideways")]
)
def test_a_scale_that_contradicts_its_direction_is_refused(zero: str, full: str, direction: str) -> None:
    with pytest.raises(ValueError, match="方向"):
        Scale(D(zero), D(full), direction)


def test_the_committed_set_is_whole_and_labelled() -> None:
    assert SET.label == "历史指标集·试算"
    assert (len(SET.aspects), sum(len(a.outline) for a in SET.aspects)) == (8, 44)
    assert (sum(len(a.measures) for a in SET.aspects), sum(1 for _ in SET.outcomes())) == (129, 231)
    assert sum(outcome.weight for _, _, outcome in SET.outcomes()) == SET.total == 10_000
    shown = {outcome.metric for _, _, outcome in SET.outcomes() if outcome.weight == 0}
    assert shown == {"ENF-13", "ENF-36", "LAW-25"}


def faults(*swaps: tuple[str, str]) -> list[str]:
    text = TEXT
    for old, new in swaps:
        assert old in text
        text = text.replace(old, new, 1)
    with pytest.raises(UnfitSetError) as refused:
        parse(text)
    return refused.value.faults


def weigh(code: str, before: str, after: str) -> tuple[str, str]:
    start = TEXT.index(f"code: {code}\n")
    piece = TEXT[start : TEXT.index(f"weight: {before}", start)] + f"weight: {before}"
    return piece, piece.removesuffix(before) + after


def test_weight_on_hours_or_time_online_is_refused() -> None:
    found = faults(weigh("O128", "0.00", "0.68"), weigh("O129", "1.02", "0.34"))
    assert found == ["成果O128的指标ENF-13执法培训学时达标率不能计分：不得以打卡、在线、学时、积分、安装一类的数量考核"]
    assert "ENF-36" in faults(weigh("O135", "0.00", "0.34"), weigh("O134", "0.68", "0.34"))[0]


@pytest.mark.parametrize("name", ["罚款总额", "没收违法所得金额", "人均处罚量"])
def test_weight_on_money_or_on_the_number_of_penalties_is_refused(name: str) -> None:
    assert "不能计分" in faults(("name: 决定公示及时率", f"name: {name}"))[0]


def test_a_metric_declared_as_money_is_refused_whatever_its_name() -> None:
    assert "第七十四条" in faults(("name: 决定公示及时率", "name: 执法成效\n  kind: money"))[0]


def test_a_set_that_does_not_add_up_is_refused_with_every_reason() -> None:
    found = faults(weigh("O107", "1.01", "1.02"))
    assert found == ["措施M060的成果权重合计1.70，应当为1.69"]
    assert "小数" in faults(weigh("O107", "1.01", "1.011"))[0]
    assert "不存在" in faults(("metric: ENF-04", "metric: ENF-99"))[0]
    assert "重复" in faults(("code: O108\n", "code: O107\n"))[0]
    assert "outcomes应当有232项" in faults(("outcomes: 231", "outcomes: 232"))[0]
    assert faults(("aspects:\n- code: A1", "aspects:\n- kode: A1"))


@pytest.mark.parametrize("text", ["", "- 1", "a: [", "code: x"])
def test_what_is_no_set_is_refused(text: str) -> None:
    with pytest.raises(UnfitSetError):
        parse(text)


def test_a_new_version_says_what_it_changes() -> None:
    old, new = weigh("O107", "1.01", "0.68")
    low, high = weigh("O106", "0.68", "1.01")
    changed = parse(TEXT.replace(old, new, 1).replace(low, high, 1))
    assert [(each.code, each.before, each.after) for each in difference(SET, changed)] == [
        ("O106", "事前公开信息齐全 0.68分 ENF-03", "事前公开信息齐全 1.01分 ENF-03"),
        ("O107", "执法决定按期公示 1.01分 ENF-04", "执法决定按期公示 0.68分 ENF-04"),
    ]
    assert len(difference(None, SET)) == 231


FEEDS = {"ENF-02", "ENF-04", "ENF-14"}


def test_a_sheet_scores_what_it_can_and_says_what_it_cannot() -> None:
    found = sheet(SET, {"ENF-04": Number(92, 100), "ENF-02": Number(0, 0)}, FEEDS, "部门")
    states = {line.outcome.code: line.state for line in found.whole.lines}
    assert {code: states[code] for code in ("O107", "O126", "O117", "O128", "O104", "O015")} == {
        "O107": SCORED,
        "O126": EMPTY,
        "O117": EMPTY,
        "O128": SHOWN,
        "O104": UNCONNECTED,
        "O015": OUTSIDE,
    }
    assert (found.whole.earned, found.whole.applicable, found.whole.rebased) == (D("0.61"), 101, D("60.40"))
    assert sum(part.earned for _, part in found.aspects) == found.whole.earned


def test_points_and_lost_points_add_up_to_the_weight() -> None:
    found = sheet(SET, {"ENF-04": Number(92, 100), "ENF-02": Number(97, 100)}, FEEDS, "部门")
    for line in found.whole.scored:
        assert line.points is not None
        assert line.lost is not None
        assert line.points + line.lost == D(line.outcome.weight) / 100


def test_an_outcome_that_persons_must_judge_too_waits_for_them() -> None:
    found = sheet(SET, {"ENF-14": Number(40, 40)}, FEEDS, "县")
    line = found.line("O157")
    assert line is not None
    assert (line.state, line.points) == (WAITING, None)


def test_the_trace_says_the_formula_with_its_numbers() -> None:
    found = sheet(SET, {"ENF-02": Number(2, 3, D("0.9"))}, FEEDS, "部门").line("O126")
    assert found is not None
    assert found.derivation == (
        "办案署名人员中证件有效的人次 / 署名人次：2 ÷ 3",
        "样本小（少于10件），按同类单位平均0.9收缩：(2 + 20 × 0.9) ÷ (3 + 20) = 0.8696",
        "得分率 = (0.8696 − 0.95) ÷ (1 − 0.95)，限于0至1 = 0",
        "得分 = 1.01 × 0 = 0.00",
    )
