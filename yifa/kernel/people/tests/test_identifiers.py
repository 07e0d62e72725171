"""Codes are right or say why not: examples of the standards, every single slip caught."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yifa.kernel.people import identifiers as ids

TODAY = date(2026, 11, 22)
REGIONS = ["150000", "150203", "152527", "110101", "810000"]
bodies = st.text(alphabet="0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=8, max_size=8)
credit_codes = st.builds(ids.build_uscc, st.sampled_from("1591"), st.sampled_from("123"), st.sampled_from(REGIONS), bodies)
births = st.dates(date(1900, 1, 1), TODAY)
numbers = st.builds(
    lambda region, born, seq: (first := f"{region}{born:%Y%m%d}{seq:03d}") + ids.identity_check(first),
    st.sampled_from(REGIONS),
    births,
    st.integers(0, 999),
)


def test_the_standards_examples() -> None:
    assert ids.check_uscc("91350100M000100Y43").valid
    assert ids.check_organisation_code("M000100Y4").valid
    assert ids.check_identity_number("11010519491231002X", today=TODAY).valid
    assert ids.USCC_WEIGHTS == (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("91350100M000100Y44", "校验码不符：第 18 位应为“3”，现为“4”"),
        ("91350100M000100Y4", "统一社会信用代码应为 18 位，现为 17 位"),
        ("", "统一社会信用代码应为 18 位，现为 0 位"),
        ("91350100M000100I43", "第 16 位“I”不合规定"),
        ("91350100m000100Y43", "第 9 位“m”不合规定"),
        ("91990100M000100Y43", "第 3 至 8 位“990100”不是存在的行政区划"),
        ("9135A100M000100Y43", "第 3 至 8 位“35A100”应为六位数字"),
        ("9135010OM000100Y43", "第 8 位“O”不合规定"),
        ("91350100M000100Y4³", "第 18 位“³”不合规定"),
    ],
)
def test_a_wrong_credit_code_says_what_and_where(code: str, reason: str) -> None:
    checked = ids.check_uscc(code)
    assert not checked.valid
    assert reason in checked.reason


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        ("110105194912310021", "校验码不符：第 18 位应为“X”，现为“1”"),
        ("1101051949123100", "公民身份号码应为 18 位，现为 16 位"),
        ("990105194912310027", "前六位“990105”不是存在的行政区划"),
        ("110105194902310028", "出生日期“19490231”不是存在的日期"),
        ("110105000012310028", "出生日期“00001231”不是存在的日期"),
        ("110105202611230028", "晚于今天（2026-11-22）"),
        ("11010519X912310021", "第 9 位“X”不合规定：只有第 18 位可为 X"),
        ("11010519491231002x", "第 18 位“x”不合规定"),
        ("11010519491231002٣", "不合规定"),
    ],
)
def test_a_wrong_identity_number_says_what_and_where(number: str, reason: str) -> None:
    checked = ids.check_identity_number(number, today=TODAY)
    assert not checked.valid
    assert reason in checked.reason


def test_a_child_born_today_is_valid_and_one_born_tomorrow_is_not() -> None:
    for born, valid in ((TODAY, True), (TODAY + timedelta(days=1), False)):
        first = f"150203{born:%Y%m%d}001"
        assert ids.check_identity_number(first + ids.identity_check(first), today=TODAY).valid is valid


@given(credit_codes)
def test_built_credit_codes_are_valid_and_hold_an_organisation_code(code: str) -> None:
    assert ids.check_uscc(code) == ids.VALID
    assert ids.check_organisation_code(code[8:17]).valid


@given(credit_codes, st.integers(8, 17), st.sampled_from(ids.USCC_ALPHABET))
def test_one_wrong_character_in_a_credit_code_is_caught(code: str, place: int, letter: str) -> None:
    other = code[:place] + letter + code[place + 1 :]
    assert ids.check_uscc(other).valid is (other == code)


@given(numbers, st.integers(0, 16), st.sampled_from("0123456789"))
def test_one_wrong_digit_in_an_identity_number_is_caught(number: str, place: int, digit: str) -> None:
    other = number[:place] + digit + number[place + 1 :]
    assert ids.check_identity_number(other, today=TODAY).valid is (other == number)


@given(numbers, st.integers(0, 16))
def test_two_swapped_digits_in_an_identity_number_are_caught(number: str, place: int) -> None:
    other = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assert ids.check_identity_number(other, today=TODAY).valid is (other == number)


@given(st.text(max_size=30))
def test_any_text_gets_an_answer(text: str) -> None:
    for checked in (ids.check_uscc(text), ids.check_identity_number(text, today=TODAY), ids.check_case_number(text)):
        assert checked.valid is (checked.reason == "")


@given(
    st.sampled_from(REGIONS),
    st.integers(0, 9999),
    st.sampled_from(sorted(ids.CASE_TYPES)),
    st.integers(2000, 2100),
    st.integers(1, 999999),
    st.integers(0, 23),
    st.sampled_from("0123456789"),
)
def test_a_case_number_carries_its_parts_and_catches_one_wrong_digit(
    region: str, subject: int, kind: str, year: int, seq: int, place: int, digit: str
) -> None:
    number = ids.case_number(region, f"{subject:04d}", kind, year, seq)
    assert number.startswith(f"{region}{subject:04d}-{kind}-{year}-{seq:06d}-")
    assert ids.check_case_number(number).valid
    if number[place] != "-" and number[place] != digit:
        assert not ids.check_case_number(number[:place] + digit + number[place + 1 :]).valid


@pytest.mark.parametrize("wrong", [("15020", "0001", "02", 2026, 1), ("150203", "0001", "07", 2026, 1), ("150203", "0001", "02", 2026, 0)])
def test_a_case_number_from_wrong_parts_is_an_error(wrong: tuple[str, str, str, int, int]) -> None:
    with pytest.raises(ValueError, match="case number"):
        ids.case_number(*wrong)


def test_masking_keeps_what_may_be_seen() -> None:
    assert [ids.mask_name(name) for name in ("张三", "张三丰", "欧阳锋", "欧阳", "苏日娜其其格", "王", "")] == [
        "张某",
        "张某某",
        "欧阳某",
        "欧某",
        "苏某某",
        "王某",
        "",
    ]
    assert ids.mask_identity("11010519491231002X") == "1101**********002X"
    assert ids.mask_phone("13812345678") == "138****5678"
    assert ids.mask_account("6222020200001234567") == "***************4567"
    assert ids.mask_identity("1234") == "****"
    assert ids.normal(" 1101０5-19491231002x ") == "11010519491231002X"


@given(st.text(alphabet=st.characters(categories=["Lo"]), min_size=2, max_size=12))
def test_a_masked_name_never_shows_the_given_name(name: str) -> None:
    masked = ids.mask_name(name)
    assert set(masked[1:]) <= {"某", name[1]}
    assert len(masked) <= 4
