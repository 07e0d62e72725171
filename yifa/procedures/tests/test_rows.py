"""A question asked as often as there is something to say: read row by row, drawn, sent back, told in words and printed as a table."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.http import QueryDict
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from yifa.documents import rules
from yifa.documents.prepare import prepare
from yifa.documents.rules import Form, MissingValue, State
from yifa.dossiers.withholding import NOTHING
from yifa.procedures import boxes, services
from yifa.procedures.core import Step, Who, parse
from yifa.procedures.fields import CHOICE, LONG, MAX_ROWS, NUMBER, ROWS, YES_NO, BadInput, Field

SPEECHES = Field(
    "speeches",
    "组成人员发言",
    ROWS,
    columns=(
        Field("name", "姓名"),
        Field("place", "发言次序", NUMBER),
        Field("opinion", "意见", CHOICE, choices=(("for", "同意"), ("against", "不同意"))),
        Field("reason", "不同意的理由", LONG, when=("opinion", ("against",))),
        Field("head", "行政首长", YES_NO, required=False),
    ),
)
STEP = Step("集体讨论", (), by=Who(("head",)), asks=(SPEECHES,))
BOTH = [
    {"name": "巴特尔", "place": "1", "opinion": "against", "reason": "财力不足"},
    {"name": "王立新", "place": "2", "opinion": "for", "head": "true"},
]
READ = [
    {"name": "巴特尔", "place": 1, "opinion": "against", "reason": "财力不足"},
    {"name": "王立新", "place": 2, "opinion": "for", "head": True},
]


def test_rows_are_read_in_their_order_and_blank_ones_are_none() -> None:
    assert SPEECHES.parse([BOTH[0], {"name": "", "place": ""}, BOTH[1], {}]) == READ
    assert SPEECHES.parse([{"name": ""}, {}]) is None


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({"place": 1, "opinion": "for"}, "“组成人员发言”第2行：请填写“姓名”"),
        ({"name": "甲", "place": "一", "opinion": "for"}, "“组成人员发言”第2行：“发言次序”应当是整数"),
        ({"name": "甲", "place": 1, "opinion": "against"}, "“组成人员发言”第2行：请填写“不同意的理由”"),
        ({"name": "甲", "place": 1, "opinion": "for", "vote": "x"}, "“组成人员发言”第2行没有名为“vote”的项目"),
    ],
)
def test_what_is_wrong_is_told_with_its_row_and_column(row: dict[str, Any], told: str) -> None:
    with pytest.raises(BadInput, match=f"^{told}$"):
        SPEECHES.parse([BOTH[0], row])


def test_a_flood_of_rows_is_refused_before_it_is_read() -> None:
    with pytest.raises(BadInput, match="最多200行，现有201行"):
        SPEECHES.parse([BOTH[1]] * (MAX_ROWS + 1))


def test_a_wanted_question_without_a_row_is_missing_and_an_unwanted_one_is_answered_with_none() -> None:
    _, findings = parse(STEP, {"speeches": [{}]}, {}, date(2026, 11, 22))
    assert [each.text for each in findings] == ["请填写“组成人员发言”"]
    free = Step("集体讨论", (), by=Who(("head",)), asks=(replace(SPEECHES, required=False),))
    assert parse(free, {}, {}, date(2026, 11, 22)) == ({"speeches": []}, [])


@given(gaps=st.lists(st.integers(0, 400), min_size=2, max_size=2, unique=True))
def test_the_page_sends_back_what_it_showed_whatever_rows_were_taken_away(gaps: list[int]) -> None:
    first, second = sorted(gaps)
    post = QueryDict(mutable=True)
    for n, row in ((second, BOTH[1]), (first, BOTH[0])):
        for key, text in row.items():
            post[f"speeches.{n}.{key}"] = text
    assert SPEECHES.parse(boxes.sent(STEP, post).answers["speeches"]) == READ


def test_a_form_shows_the_rows_given_and_keeps_one_to_copy() -> None:
    (group,) = boxes.groups(STEP, {"speeches": BOTH}, (), lambda _: (), (), ())
    (box,) = group.fields
    assert [[part.name for part in row][:2] for row in box.rows] == [[f"speeches.{n}.name", f"speeches.{n}.place"] for n in (0, 1)]
    page = render_to_string("procedures/field.html", {"f": box})
    assert page.count('name="speeches.0.name" value="巴特尔"') == 1
    assert 'data-when="speeches.0.opinion"' in page
    assert page.index("<template>") < page.index('name="speeches.#.name"')


def test_the_record_tells_each_row_in_words() -> None:
    (line,) = services.said(STEP, {"speeches": READ}, NOTHING)
    assert line["value"].split("\n") == [
        "1. 姓名：巴特尔；发言次序：1；意见：不同意；不同意的理由：财力不足",
        "2. 姓名：王立新；发言次序：2；意见：同意；行政首长：是",
    ]


def test_a_document_prints_a_table_and_refuses_one_without_rows() -> None:
    said = State("said", "发言", rules.TABLE, columns=(("name", "姓名"), ("opinion", "意见")))
    form = Form("minutes", "会议纪要", (), (said,))
    assert prepare(form, {"said": [{"name": "巴特尔", "opinion": "同意"}, {"name": "王立新"}]}).values["said"] == {
        "head": ["姓名", "意见"],
        "rows": [["巴特尔", "同意"], ["王立新", ""]],
    }
    with pytest.raises(MissingValue, match="发言"):
        prepare(form, {"said": []})


@pytest.mark.parametrize("wrong", [{"kind": ROWS}, {"kind": LONG, "columns": (Field("a", "甲"),)}, {"kind": ROWS, "columns": (SPEECHES,)}])
def test_a_question_of_rows_has_columns_and_no_other_has(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="columns"):
        Field("x", "问", wrong["kind"], columns=wrong.get("columns", ()))
