"""What a rule says when it refuses: the particulars of the case in its own words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from yifa.kernel.citing import Law
from yifa.procedures.statute import rule

L = Law("行政处罚法", "2021-01-22")


@dataclass(frozen=True)
class Case:
    held_on: date
    people: int


@rule("X01", L[51])
def is_never_held(case: Case) -> bool:
    "会议于{held_on}举行，{people}人到会"
    return False


def test_a_refusal_reads_its_days_aloud() -> None:
    finding = is_never_held.judge(Case(date(2026, 3, 2), 8), must_decide=True)
    assert finding is not None
    assert finding.text == "会议于2026年3月2日举行，8人到会"
