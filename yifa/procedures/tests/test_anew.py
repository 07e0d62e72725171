"""What begins afresh: a draft handed in again is examined and decided again, whatever was found of the one before."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from yifa.kernel.citing import Law
from yifa.procedures import core
from yifa.procedures.core import Done, Procedure, Progress, Step, Who

L = Law("样本法", "2026-01-01")
OFFICER = Who(("officer",))
MOMENT = datetime(2026, 3, 2, tzinfo=UTC)


class Reading(Procedure):
    """Hand in, examine, decide."""

    key, title, version, code = "reading", "样本审查", "2026-01-01", "97"
    hand_in = Step("报送", L[1], by=OFFICER, repeats=True)
    note = Step("登记", L[1], by=OFFICER, after=hand_in)
    examine = Step("审查", L[2], by=OFFICER, after=hand_in, repeats=True)
    decide = Step("决定", L[3], by=OFFICER, after=(examine, note), anew=("hand_in",), repeats=True)
    record = Step("归档", L[4], by=OFFICER, after=(decide, note), ends=True)


def why_not(step: str, *done: str) -> list[str]:
    acts = [Done(n, name, MOMENT, MOMENT, "") for n, name in enumerate(done, start=1)]
    progress = core.fold(Reading, acts) if acts else Progress()
    return [each.text for each in core.blocked(Reading, Reading.steps[step], progress, None)]


def test_what_was_done_before_the_draft_came_again_does_not_count() -> None:
    assert why_not("decide", "hand_in", "note", "examine") == []
    assert why_not("decide", "hand_in", "note") == ["应当先办理“审查”，再办理“决定”"]
    again = why_not("decide", "hand_in", "note", "examine", "hand_in", "examine")
    assert again == ["应当重新办理“登记”，再办理“决定”"]
    assert why_not("decide", "hand_in", "note", "examine", "hand_in") == [
        "应当重新办理“审查”，再办理“决定”",
        "应当重新办理“登记”，再办理“决定”",
    ]


def test_a_step_that_names_nothing_anew_looks_back_to_the_beginning() -> None:
    assert why_not("record", "hand_in", "note", "examine", "decide", "hand_in") == []


def test_an_unknown_step_is_named_when_the_class_is_made() -> None:
    with pytest.raises(ValueError, match="names an unknown step"):
        type("Wrong", (Reading,), {"decide": Step("决定", L[3], by=OFFICER, after=Reading.examine, anew=("handed",))})
