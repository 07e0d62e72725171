"""Who is an enforcement subject on a day, and in whose name an entrusted organisation acts."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yifa.kernel.people import subjects
from yifa.kernel.people.subjects import Entrusting, Standing

DAY = date(2026, 3, 2)
ANNOUNCED = ((DAY, "announced"),)


def a_body(kind: str = "ORGAN", *changes: tuple[date, str], **terms: date) -> Standing:
    return Standing("某局", kind, changes or ANNOUNCED, **terms)


@pytest.mark.parametrize("kind", sorted(subjects.SUBJECT_KINDS))
def test_an_announced_body_is_a_subject_from_its_day_on(kind: str) -> None:
    assert subjects.is_subject(a_body(kind), DAY)
    assert not subjects.is_subject(a_body(kind), DAY - timedelta(days=1))


def test_an_entrusted_organisation_and_a_unit_never_are() -> None:
    assert "受委托组织" in subjects.why_not_subject(a_body("ENTRUSTED"), DAY)
    assert "内设执法机构" in subjects.why_not_subject(a_body("UNIT"), DAY)


def test_suspension_counts_from_its_day_and_a_resumption_ends_it() -> None:
    body = a_body(
        "ORGAN",
        *ANNOUNCED,
        (DAY + timedelta(days=10), "suspended"),
        (DAY + timedelta(days=20), "announced"),
        (date(2027, 1, 1), "cancelled"),
    )
    judged = [subjects.is_subject(body, DAY + timedelta(days=n)) for n in (9, 10, 19, 20)]
    assert judged == [True, False, False, True]
    assert "暂停" in subjects.why_not_subject(body, DAY + timedelta(days=10))
    assert "已撤销" in subjects.why_not_subject(body, date(2027, 1, 1))


def test_the_term_of_validity_holds_on_both_its_days() -> None:
    body = a_body("ORGAN", (date(2020, 1, 1), "announced"), valid_from=DAY, valid_to=DAY + timedelta(days=1))
    assert [subjects.is_subject(body, DAY + timedelta(days=n)) for n in (-1, 0, 1, 2)] == [False, True, True, False]


@given(
    st.lists(st.tuples(st.dates(date(2026, 1, 1), date(2026, 2, 1)), st.sampled_from(["announced", "suspended", "cancelled"])), max_size=8)
)
def test_every_day_has_exactly_one_answer(changes: list[tuple[date, str]]) -> None:
    """Gapless: on each day the body is a subject or there is a reason, and it is one exactly where the last change says so."""
    body = Standing("某局", "ORGAN", tuple(changes))
    for n in range(40):
        day = date(2025, 12, 28) + timedelta(days=n)
        by_then = [(on, place, after) for place, (on, after) in enumerate(changes) if on <= day]
        last = max(by_then)[2] if by_then else "draft"
        assert (subjects.why_not_subject(body, day) == "") is (last == "announced")


def test_an_entrusted_organisation_acts_for_whom_entrusted_it_with_that_item_in_the_term() -> None:
    items = frozenset({"占道经营"})
    made = [
        Entrusting("A", "Z", items, DAY, DAY + timedelta(days=10)),
        Entrusting("B", "Z", items, DAY + timedelta(days=5), DAY + timedelta(days=99), revoked_on=DAY + timedelta(days=7)),
        Entrusting("C", "Y", items, DAY, DAY + timedelta(days=99)),
    ]
    found = [
        subjects.acts_in_the_name_of("Z", item, DAY + timedelta(days=n), made)
        for item, n in (("占道经营", -1), ("占道经营", 0), ("占道经营", 6), ("占道经营", 7), ("占道经营", 11), ("吸烟", 1))
    ]
    assert found == [frozenset(), {"A"}, {"A", "B"}, {"A"}, frozenset(), frozenset()]
