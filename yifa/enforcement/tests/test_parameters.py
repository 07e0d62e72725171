"""The committed legal numbers of enforcement: what the sources say, each with its source."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from yifa.kernel.parameters.files import load
from yifa.kernel.parameters.rules import Parameters, UnknownParameterError

FOLDER = Path(__file__).parents[1] / "parameters"
COMMITTED = Parameters(load([FOLDER]))
DAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("name", "sector", "expected"),
    [
        ("当场处罚备案期限", "", "5个工作日"),
        ("当场处罚备案期限", "市场监管", "7个工作日"),
        ("当场处罚备案期限", "交通运输", "5日"),
        ("当场处罚备案期限", "农牧", "2日"),
        ("行政处罚公示期限", "", "7个工作日"),
        ("缴纳罚款期限", "", "15日"),
        ("当场收缴罚款交至机关期限", "", "2个工作日"),
        ("机关缴付银行期限", "", "2个工作日"),
        ("当场收缴限额", "", "100元"),
        ("简易程序公民罚款限额", "", "200元"),
        ("简易程序单位罚款限额", "", "3000元"),
        ("加处罚款比例", "", "3%"),
        ("处罚决定期限", "", "90日"),
        ("边远、水上、交通不便地区", "", "否"),
    ],
)
def test_the_numbers_of_the_sources(name: str, sector: str, expected: str) -> None:
    assert str(COMMITTED.find(name, region="150203", sector=sector, on=DAY)) == expected


def test_inner_mongolia_cites_its_own_rule_for_publication() -> None:
    assert "第244号" in COMMITTED.find("行政处罚公示期限", region="150203", on=DAY).basis
    assert "国务院办公厅" in COMMITTED.find("行政处罚公示期限", region="440100", on=DAY).basis


def test_the_credit_rules_of_april_2026_do_not_reach_back() -> None:
    assert COMMITTED.value("当场处罚信用公示", on=date(2026, 4, 1)) == 0
    with pytest.raises(UnknownParameterError):
        COMMITTED.value("当场处罚信用公示", on=date(2026, 3, 31))


def test_every_number_names_its_source() -> None:
    assert [each.name for each in COMMITTED if not each.cites] == []
