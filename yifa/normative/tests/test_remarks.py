"""Opinions are taken apart by the clause of the draft they speak of; numbers that lead to a person are left out."""

from __future__ import annotations

import pytest

from yifa.normative.remarks import by_clause, without_numbers


def test_each_clause_has_an_opinion_of_its_own() -> None:
    text = "总体可行。\n一、第三条没有上位法依据。\n　建议删去。\n\n2. 第十二条之一第二款与《行政处罚法》第十六条不一致。\n第 5 条"
    assert by_clause(text) == [
        ("", "总体可行。"),
        ("第三条", "一、第三条没有上位法依据。\n建议删去。"),
        ("第十二条之一第二款", "2. 第十二条之一第二款与《行政处罚法》第十六条不一致。\n第 5 条"),
    ]


def test_the_article_of_a_law_is_no_clause_of_the_draft() -> None:
    assert by_clause("依据《行政处罚法》第十六条和该条例第八条，应当删去第七条") == [
        ("第七条", "依据《行政处罚法》第十六条和该条例第八条，应当删去第七条")
    ]
    assert by_clause("违反《立法法》第九十一条") == [("", "违反《立法法》第九十一条")]
    assert by_clause(" \n") == []


@pytest.mark.parametrize("number", ["13900001234", "139 0000 1234", "11010519491231002X", "a.b@example.com"])
def test_a_number_of_a_person_is_left_out(number: str) -> None:
    assert without_numbers(f"请回电{number}，谢谢") == "请回电［联系方式略］，谢谢"


def test_other_numbers_stay() -> None:
    text = "第12条罚款20000元，文号〔2026〕3号，电话12345"
    assert without_numbers(text) == text
