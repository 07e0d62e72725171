"""Which legal number holds: tightest region, then sector, then the later override; ties are errors that name their sources."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from yifa.kernel.citing import Law
from yifa.kernel.parameters.files import article, load, read
from yifa.kernel.parameters.rules import AmbiguousParameterError, Parameter, Parameters, UnknownParameterError, significant

L = Law("行政处罚法", "2021-01-22")
NAME = "备案期限"
DAY = date(2026, 3, 2)


def parameter(value: int, **rest: Any) -> Parameter:
    return Parameter(NAME, value, "workday", (L[52],), source=f"{value}.toml", **rest)


LAYERS = Parameters(
    [
        parameter(5),
        parameter(7, sector="市场监管"),
        parameter(6, region="150000"),
        parameter(4, region="150200"),
        parameter(3, region="150203"),
        parameter(2, region="150203", sector="市场监管"),
    ]
)


@pytest.mark.parametrize(
    ("region", "sector", "expected"),
    [
        ("440100", "", 5),
        ("440100", "市场监管", 7),
        ("152500", "", 6),
        ("152500", "市场监管", 6),  # a smaller region beats a sector
        ("150204", "", 4),
        ("150203", "", 3),
        ("150203001", "", 3),
        ("150203", "市场监管", 2),
        ("", "", 5),
    ],
)
def test_the_tightest_match_wins(region: str, sector: str, expected: int) -> None:
    assert LAYERS.value(NAME, region=region, sector=sector, on=DAY) == expected


def test_first_and_last_day_are_inside() -> None:
    found = Parameters([parameter(5, valid_to=date(2026, 3, 31)), parameter(9, valid_from=date(2026, 4, 1))])
    assert [found.value(NAME, on=date(2026, 3, 31)), found.value(NAME, on=date(2026, 4, 1))] == [5, 9]
    with pytest.raises(UnknownParameterError, match="没有设定参数“备案期限”"):
        Parameters([parameter(9, valid_from=date(2026, 4, 1))]).value(NAME, on=date(2026, 3, 31))


def test_two_equal_matches_are_an_error_naming_both_sources() -> None:
    with pytest.raises(AmbiguousParameterError, match=r"5\.toml.*9\.toml"):
        Parameters([parameter(5), parameter(9)])
    with pytest.raises(AmbiguousParameterError):
        Parameters([parameter(5, valid_to=date(2026, 4, 1)), parameter(9, valid_from=date(2026, 4, 1))])


def test_a_later_override_beats_what_is_committed_and_an_earlier_override() -> None:
    found = Parameters([parameter(5), parameter(8, rank=1), parameter(9, rank=2)])
    assert found.value(NAME, on=DAY) == 9
    assert Parameters([parameter(3, region="150203"), parameter(8, rank=1)]).value(NAME, region="150203", on=DAY) == 3


@pytest.mark.parametrize(
    "wrong",
    [
        {"unit": "week"},
        {"value": -1},
        {"value": True},
        {"region": "15"},
        {"unit": "flag", "value": 2},
        {"valid_from": DAY, "valid_to": date(2026, 3, 1)},
    ],
)
def test_a_parameter_that_makes_no_sense_is_refused(wrong: dict[str, Any]) -> None:
    plain: dict[str, Any] = {"name": NAME, "value": 1, "unit": "day", "cites": (L[52],)}
    with pytest.raises(ValueError, match="备案期限"):
        Parameter(**plain | wrong)


def test_the_significant_part_of_a_code() -> None:
    assert [significant(code) for code in ("000000", "150000", "150200", "150203", "150203001", "")] == [
        "",
        "15",
        "1502",
        "150203",
        "150203001",
        "",
    ]


def test_an_article_is_read_back_from_its_key() -> None:
    for one in (L[52], L[33].kuan(1), L[72].kuan(1).xiang(1), L.zhi(120, 1)):
        assert article(one.key) == one
    with pytest.raises(ValueError, match="引用"):
        article("行政处罚法第五十二条")


def write(folder: Path, text: str) -> Path:
    path = folder / "parameters" / "一.toml"
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_files_are_read_with_their_place(tmp_path: Path) -> None:
    path = write(
        tmp_path / "ctx",
        '[[parameter]]\nname = "甲"\nvalue = 3\nunit = "day"\ncites = ["行政处罚法@2021-01-22#t52.k3"]\nvalid_from = 2026-04-01\n',
    )
    (found,) = load([path.parent, tmp_path / "missing"])
    assert found == Parameter("甲", 3, "day", (L[52].kuan(3),), valid_from=date(2026, 4, 1), source="ctx/parameters/一.toml")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('[[parameter]]\nname = "甲"\nvalue = 3\nunit = "day"\n', "缺少"),
        ('[[parameter]]\nname = "甲"\nvalue = 3\nunit = "day"\ncites = []\nwithin = 3\n', "within"),
        ('[[parameter]]\nname = "甲"\nvalue = 3\nunit = "day"\ncites = []\nvalid_from = "2026"\n', "日期"),
        ("[[parameter]\n", "一.toml"),
    ],
)
def test_a_bad_file_is_named(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        list(read(write(tmp_path, text)))
