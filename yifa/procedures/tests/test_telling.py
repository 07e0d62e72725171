"""What a question takes for an answer, whoever asks it: words that say something, counts, days that have come, texts that fit."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from yifa.procedures import boxes
from yifa.procedures.core import Step, Who, parse
from yifa.procedures.fields import DATE, FILES, LONG, NUMBER, ROWS, TEXT, BadInput, Field

TODAY = date(2026, 11, 22)
HELD = Field("held_on", "会议日期", DATE, past=True)
VISITS = Field("visits", "走访", ROWS, columns=(Field("on", "日期", DATE, required=False, past=True), Field("due_on", "期限", DATE)))
STEP = Step("登记", (), by=Who(("officer",)), asks=(HELD, VISITS))


@pytest.mark.parametrize("nothing", ["\u200b", " \u3000\u2060 ", "\ufeff\n\u00ad"])
@pytest.mark.parametrize("kind", [TEXT, LONG])
def test_marks_of_no_width_say_nothing(kind: str, nothing: str) -> None:
    assert Field("reason", "理由", kind).parse(nothing) is None
    assert Field("reason", "理由", kind).parse(f"财力{nothing}不足") is not None


def test_nothing_is_counted_below_nought() -> None:
    field = Field("people", "人数", NUMBER)
    assert field.parse("0") == 0
    with pytest.raises(BadInput, match="不能小于零"):
        field.parse("-1")


def test_a_text_is_as_long_as_it_may_be() -> None:
    number = Field("number", "文号", TEXT, longest=6)
    assert number.parse("123456") == "123456"
    with pytest.raises(BadInput, match="不能超过6字"):
        number.parse("1234567")


@pytest.mark.parametrize(
    ("told", "wrong"),
    [
        ({"held_on": "2026-11-22", "visits": [{"on": "2026-11-22", "due_on": "2027-01-01"}]}, []),
        ({"held_on": "2026-11-23", "visits": [{"due_on": "2027-01-01"}]}, ["“会议日期”2026-11-23还没有到，应当是已经发生的日期"]),
        (
            {"held_on": "2026-11-01", "visits": [{"due_on": "2027-01-01"}, {"on": "2026-12-01", "due_on": "2026-12-01"}]},
            ["“走访”第2行：“日期”2026-12-01还没有到，应当是已经发生的日期"],
        ),
    ],
)
def test_what_took_place_is_not_still_to_come(told: dict[str, Any], wrong: list[str]) -> None:
    assert [each.text for each in parse(STEP, told, {}, TODAY)[1]] == wrong


def test_only_a_day_lies_in_the_past() -> None:
    with pytest.raises(ValueError, match="no day"):
        Field("words", "内容", TEXT, past=True)


def test_a_step_that_takes_nothing_but_its_answers_asks_for_no_paper() -> None:
    for bare in (False, True):
        asked = boxes.late_boxes(Step("登记", (), by=Who(("officer",)), bare=bare), {}, (), ())
        assert any(box.field.type == FILES for box in asked) is not bare
