"""Dates, money in capitals, numbers of documents."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yifa.documents.words import MAX_FEN, NUMBER, capitals, date_text, document_number, late_text, moment_text, money_text

DIGITS = {char: value for value, char in enumerate("零壹贰叁肆伍陆柒捌玖")}
UNITS = {"拾": 10, "佰": 100, "仟": 1000}


@pytest.mark.parametrize(
    ("fen", "text"),
    [
        (0, "零元整"),
        (1, "壹分"),
        (50, "伍角整"),
        (20000, "贰佰元整"),
        (100_000, "壹仟元整"),
        (1640902, "壹万陆仟肆佰零玖元零贰分"),
        (32504, "叁佰贰拾伍元零肆分"),
        (168032, "壹仟陆佰捌拾元零叁角贰分"),
        (10700053, "壹拾万柒仟元零伍角叁分"),
        (600_0714, "陆万零柒元壹角肆分"),
        (100_010_000_00, "壹亿零壹万元整"),
    ],
)
def test_capitals_follow_the_payment_rules(fen: int, text: str) -> None:
    assert capitals(fen) == text


@given(st.integers(min_value=0, max_value=MAX_FEN - 1))
def test_capitals_say_exactly_the_amount_and_never_two_zeros_together(fen: int) -> None:
    text = capitals(fen)
    assert _read(text) == fen
    assert "零零" not in text
    assert text.endswith("整") == (fen % 10 == 0)


def _read(text: str) -> int:
    """An independent reader of amounts: unit by unit, from the left."""
    total = section = digit = cents = 0
    for char in text:
        if char in DIGITS:
            digit = DIGITS[char]
        elif char in UNITS:
            section, digit = section + digit * UNITS[char], 0
        elif char in "万亿元":
            factor = {"万": 10**4, "亿": 10**8, "元": 1}[char]
            total, section, digit = total + (section + digit) * factor, 0, 0
        elif char in "角分":
            cents, digit = cents + digit * {"角": 10, "分": 1}[char], 0
    return total * 100 + cents


def test_money_dates_and_numbers_read_as_in_official_documents() -> None:
    assert money_text(20000) == "人民币贰佰元整（¥200.00）"
    assert date_text(date(2026, 3, 2)) == "2026年3月2日"
    assert moment_text(datetime(2026, 3, 2, 1, 5, tzinfo=UTC)) == "2026年3月2日9时05分"
    number = document_number("包昆城管", "当罚", 2026, 18)
    assert number == "包昆城管当罚〔2026〕18号"
    assert NUMBER.fullmatch(number)
    assert not NUMBER.fullmatch("包昆城管当罚〔2026〕018号")


def test_negative_money_zero_numbers_and_naive_moments_are_refused() -> None:
    for wrong in (-1, MAX_FEN):
        with pytest.raises(ValueError, match="money"):
            capitals(wrong)
    with pytest.raises(ValueError, match="number"):
        document_number("包昆城管", "当罚", 2026, 0)
    with pytest.raises(ValueError, match="zone"):
        moment_text(datetime(2026, 3, 2, 9))  # noqa: DTZ001


def test_what_was_entered_late_is_told_in_one_sentence() -> None:
    happened, recorded = datetime(2026, 3, 2, 1, 30, tzinfo=UTC), datetime(2026, 3, 5, 2, 12, tzinfo=UTC)
    told = late_text(
        happened=happened, recorded=recorded, person="李样本", organisation="样本局", reason=" 现场\n停电。", paper_number="0018"
    )
    assert told == (
        "本文书所载事项于2026年3月2日9时30分办理，2026年3月5日10时12分由样本局李样本补录，纸质文书编号0018。补录的理由：现场 停电。"
    )
    assert "纸质文书" not in late_text(happened=happened, recorded=recorded, person="李样本", organisation="样本局", reason="停电")
