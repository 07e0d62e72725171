"""Figures in numbers: nothing to count is 不适用, a small sample of ratings is not shown, the interval is Wilson's."""

from __future__ import annotations

from datetime import date

import pytest

from yifa.supervision.figure_queries import last_months, span
from yifa.supervision.figures import BY_ID, FEEDS, FIGURES, value, wilson


def test_nothing_to_count_is_neither_zero_nor_full() -> None:
    assert [value(figure, 0, 0).text for figure in FIGURES] == ["不适用"] * len(FIGURES)
    assert value(BY_ID["M12"], 0, 0).ratio is None


def test_a_share_is_shown_in_per_cent_and_a_mean_as_it_is() -> None:
    assert value(BY_ID["M12"], 12, 13).text == "92.31%"
    assert value(BY_ID["M25"], 30 * 86, 30).text == "86.00"


def test_satisfaction_needs_thirty_ratings() -> None:
    assert value(BY_ID["M25"], 29 * 80, 29).text == "样本不足30件，不显示"
    assert value(BY_ID["M25"], 30 * 80, 30).ratio == 80


@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    # Known values of the Wilson score interval, e.g. 10 of 10 and 0 of 10.
    [(10, 10, "0.7225", "1.0000"), (0, 10, "0.0000", "0.2775"), (50, 100, "0.4038", "0.5962"), (27, 30, "0.7438", "0.9654")],
)
def test_the_interval_is_wilsons(k: int, n: int, low: str, high: str) -> None:
    found = wilson(k, n)
    assert found is not None
    assert [f"{end:.4f}" for end in found] == [low, high]


def test_there_is_no_interval_without_a_sample() -> None:
    assert wilson(0, 0) is None
    assert wilson(3, 2) is None


def test_each_figure_says_what_it_feeds_and_whose_denominator_holds() -> None:
    fed = {figure.id: [feed.metric for feed in figure.feeds] for figure in FIGURES}
    assert fed == {
        "M01": ["ENF-10"],
        "M03": ["ENF-17"],
        "M12": ["ENF-04"],
        "M15": ["ENF-05", "ENF-28"],
        "M18": ["ENF-02"],
        "M25": ["ENF-14"],
        "Q09": [],
        "Q07": [],
        "LAW-01": ["LAW-01"],
        "LAW-02": ["LAW-02"],
        "LAW-03": ["LAW-03"],
        "LAW-08": ["LAW-08"],
        "LAW-09": ["LAW-09"],
        "LAW-09B": [],
        "LAW-04": ["LAW-04"],
        "LAW-05": ["LAW-05"],
        "LAW-06": ["LAW-06"],
        "LAW-07": ["LAW-07"],
        "LAW-07S": [],
        "LAW-10": ["LAW-10"],
        "LAW-14": ["LAW-14"],
        "LAW-16": ["LAW-16"],
        "LAW-17": ["LAW-17"],
        "LAW-18": ["LAW-18"],
        "LAW-19": ["LAW-19"],
        "LAW-20": ["LAW-20"],
        "LAW-21": ["LAW-21"],
        "LAW-22": ["LAW-22"],
        "LAW-24": ["LAW-24"],
        **{f"DEC-{n:02d}": [f"DEC-{n:02d}"] for n in range(1, 28) if n != 2},
        "DEC-LATE": [],
    }
    assert all(feed.rule for _, feed in FEEDS.values())


def test_no_figure_counts_money() -> None:
    assert not [figure.id for figure in FIGURES if any(word in figure.formula for word in ("金额", "罚款数额", "没收"))]


def test_a_period_is_a_run_of_months() -> None:
    assert span("2025-11", "2026-02") == ["2025-11", "2025-12", "2026-01", "2026-02"]
    assert last_months(date(2026, 1, 31)) == ("2025-11", "2026-01")
