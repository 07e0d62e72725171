"""Titles, dates and derived status."""

from __future__ import annotations

from datetime import date

import pytest

from yifa.laws.rules import Pause, Span, expression_status, read_title, remarks, title_key, work_status


@pytest.mark.parametrize(
    "title",
    [
        "行政处罚法",
        "《行政处罚法》",
        "中华人民共和国行政处罚法",
        "中华人民共和国 行政处罚法",
        "中华人民共和国行政处罚法（2021年修订）",
        "行政处罚\u200b法(2021修正)",
    ],
)
def test_titles_written_differently_are_the_same(title: str) -> None:
    assert title_key(title) == "行政处罚法"


def test_a_year_that_is_part_of_the_title_stays() -> None:
    assert title_key("中华人民共和国宪法修正案（2018年）") == "宪法修正案(2018年)"
    assert read_title("行政处罚法（2021年修订）") == ("行政处罚法", "2021")


OLD = Span("2010-05-01", date(2010, 5, 1), date(2010, 6, 1), date(2024, 7, 1), "修改")
NEW = Span("2024-03-01", date(2024, 3, 1), date(2024, 7, 1))


@pytest.mark.parametrize(
    ("on", "old", "new", "work"),
    [
        (date(2010, 4, 30), "未公布", "未公布", "未公布"),
        (date(2010, 5, 31), "尚未生效", "未公布", "尚未生效"),
        (date(2010, 6, 1), "现行有效", "未公布", "现行有效"),
        (date(2024, 6, 30), "现行有效", "尚未生效", "现行有效(另有已公布未施行版本)"),
        (date(2024, 7, 1), "已修改", "现行有效", "现行有效"),
    ],
)
def test_status_follows_from_the_dates(on: date, old: str, new: str, work: str) -> None:
    assert (expression_status(OLD, on), expression_status(NEW, on), work_status([OLD, NEW], on)) == (old, new, work)


def test_a_repealed_work_says_so() -> None:
    gone = Span("2001-01-01", date(2001, 1, 1), date(2001, 1, 1), date(2026, 8, 15), "废止")
    assert work_status([gone], date(2026, 8, 14)) == "现行有效"
    assert work_status([gone], date(2026, 8, 15)) == "已废止"


def test_a_rule_waits_thirty_days_and_is_no_tiaoli() -> None:
    """规章制定程序条例 7 and 32; laws and regulations are asked nothing."""
    day = date(2024, 1, 1)
    assert remarks("DFZFGZ-P", "试验管理办法", day, date(2024, 1, 31)) == []
    assert len(remarks("DFZFGZ-P", "试验管理办法", day, date(2024, 1, 30))) == 1
    assert len(remarks("BMGZ", "试验条例（试行）", day, day)) == 2
    assert remarks("FL", "试验条例", day, day) == []


def test_a_suspension_covers_a_place_a_time_and_articles() -> None:
    pause = Pause("暂时停止适用", "150000", "内蒙古自治区", ("t3.k2",), date(2024, 1, 1), None, "某决定")
    assert pause.covers("t3", date(2024, 1, 1))
    assert pause.covers("t3.k2.x1", date(2024, 1, 1), "150221")
    assert not pause.covers("t3.k1", date(2024, 1, 1))
    assert not pause.covers("t3", date(2023, 12, 31))
    assert not pause.covers("t3", date(2024, 1, 1), "110000")
    assert pause.status == "自2024年1月1日起，在内蒙古自治区暂时停止适用（《某决定》）"
