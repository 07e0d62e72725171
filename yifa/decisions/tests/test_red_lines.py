"""Red lines: what held on the day of the meeting or of the decision, and what follows."""

from __future__ import annotations

from fractions import Fraction

import pytest

from yifa.decisions.matter import Act
from yifa.decisions.scoring import Score, score
from yifa.decisions.tests.matters import AT, FLAWLESS, acts, facts, matter
from yifa.decisions.tests.test_scoring import SET, D, scored, told


def crossed(found: Score) -> list[str]:
    return [red.code for red in found.red_lines]


def point(found: Score, code: str) -> int | Fraction:
    return next(part.got for part in (*found.points, *found.indicators) if part.code == code)


def test_r1_a_meeting_without_an_opinion_caps_and_takes_the_point_away() -> None:
    found = score(matter(done=acts("review")), SET)
    assert (crossed(found), found.total, found.grade) == (["R1"], 5900, "不合格")
    assert (point(found, "S5"), point(found, "S6")) == (0, 1600)
    line = found.line("T18.1")
    assert (line.got, line.proposed, line.zeroed) == (0, 300, "R1")
    assert found.before == 8400


def test_r1_an_opinion_dated_after_the_meeting_is_none_before_it() -> None:
    assert crossed(score(matter(done=acts(review=D(2026, 5, 29))), SET)) == ["R1"]
    assert crossed(score(matter(done=acts(review=D(2026, 5, 28))), SET)) == []


def test_r1_an_opinion_entered_afterwards_counts_by_the_day_it_tells() -> None:
    done = tuple(act._replace(late=True, recorded_on=D(2026, 6, 30)) if act.step == "review" else act for act in acts())
    assert crossed(score(matter(done=done), SET)) == []


def test_r1_counts_in_the_running_score_at_once() -> None:
    done = acts("review", "handle_review", "accept_review", "prepare_meeting", until="deliberate")
    found = score(matter(done=done, closed=False, at=AT.replace(month=5, day=28)), SET)
    assert (crossed(found), found.total) == (["R1"], 5900)
    assert next(part for part in found.points if part.code == "S5").counted == 1600


@pytest.mark.parametrize(("legality", "expected"), [("unlawful", ["R2"]), ("exploratory", []), ("lawful_after_changes", [])])
def test_r2_an_unlawful_draft_in_the_meeting_caps(legality: str, expected: list[str]) -> None:
    found = scored(legality=legality)
    assert (crossed(found), found.total) == (expected, 5900 if expected else 10_000)
    assert crossed(score(matter(legality="unlawful", done=acts(until="review")), SET)) == []


@pytest.mark.parametrize(
    ("course", "expected"),
    [
        # 第二十五条第二款: unlawful, the meeting, lawful only then.
        (
            (
                told("review", D(2026, 5, 20), 1, "unlawful"),
                told("deliberate", D(2026, 5, 28), 2),
                told("review", D(2026, 6, 1), 3, "lawful"),
            ),
            True,
        ),
        (
            (
                told("review", D(2026, 5, 20), 1, "unlawful"),
                told("review", D(2026, 5, 26), 2, "lawful"),
                told("deliberate", D(2026, 5, 28), 3),
            ),
            False,
        ),
        (
            (
                told("review", D(2026, 5, 20), 1, "lawful"),
                told("deliberate", D(2026, 5, 28), 2),
                told("review", D(2026, 6, 1), 3, "unlawful"),
            ),
            False,
        ),
        ((told("review", D(2026, 5, 20), 1, "exploratory"), told("deliberate", D(2026, 5, 28), 2)), False),
        # Registered after the second opinion, held before it.
        (
            (
                told("review", D(2026, 5, 20), 1, "unlawful"),
                told("review", D(2026, 6, 1), 2, "lawful"),
                told("deliberate", D(2026, 6, 2), 3, met_on=D(2026, 5, 28)),
            ),
            True,
        ),
        # The first of two meetings took up an unlawful draft.
        (
            (
                told("review", D(2026, 5, 20), 1, "unlawful"),
                told("deliberate", D(2026, 5, 22), 2),
                told("review", D(2026, 5, 26), 3, "lawful"),
                told("deliberate", D(2026, 5, 28), 4),
            ),
            True,
        ),
    ],
)
def test_r2_asks_for_the_conclusion_in_force_on_the_day_of_the_meeting(course: tuple[Act, ...], expected: bool) -> None:
    done = (*acts("review", "deliberate", "decide"), *course)
    last = next(each.legality for each in reversed(course) if each.step == "review")
    found = score(matter(facts("meeting_on", legality=last), done=done), SET)
    assert ("R2" in crossed(found)) is expected
    assert "R1" not in crossed(found)


def test_r1_asks_for_the_day_of_the_meeting_not_of_its_entry() -> None:
    """第二十五条第一款: the minutes were entered on the 28th, the meeting was a week before the opinion."""
    assert crossed(scored(meeting_on=D(2026, 5, 19))) == ["R1"]


def test_r4_a_reassessment_after_the_decision_came_too_late_for_it() -> None:
    """第二十四条: only once the risk is controllable may it be decided."""
    risky = facts(controllable="uncontrollable", reassessed="controllable")
    for on, expected in ((D(2026, 5, 14), []), (D(2026, 6, 9), ["R4"])):
        assert crossed(score(matter(risky, done=(*acts(), told("reassess_risk", on, 99))), SET)) == expected
    assert crossed(scored(controllable="uncontrollable", exempted=frozenset({"T15", "T16"}))) == ["R4"]


def test_r3_a_decision_without_collective_discussion_caps_and_takes_the_indicator_away() -> None:
    for found in (score(matter(done=acts("deliberate")), SET), scored(meeting="other")):
        assert (crossed(found), found.total) == (["R3"], 5900)
        assert (point(found, "I12"), point(found, "I13"), point(found, "S6")) == (0, 600, 600)
    assert crossed(scored(meeting_on=D(2026, 6, 9))) == ["R3"]
    assert crossed(score(matter(facts("meeting_on"), done=acts(deliberate=D(2026, 6, 9))), SET)) == ["R3"]
    assert crossed(score(matter(meeting="other", done=acts(until="deliberate")), SET)) == []


def test_r4_a_decision_on_uncontrollable_risk_caps_and_takes_the_point_away() -> None:
    found = scored(controllable="uncontrollable")
    assert (crossed(found), found.total, point(found, "S4")) == (["R4"], 5900, 0)
    assert crossed(scored(controllable="uncontrollable", reassessed="controllable")) == []
    assert crossed(score(matter(controllable="uncontrollable", done=acts(until="deliberate")), SET)) == []


def test_r5_forged_papers_leave_nothing() -> None:
    found = scored(matter(verified=["R5"]))
    assert (crossed(found), found.total, found.grade, found.deduction) == (["R5"], 0, "不合格", 0)
    assert found.red_lines[0].refers == "责任追究线索"
    assert found.before == 10_000


def test_r6_evading_the_catalogue_leaves_nothing_and_costs_the_unit_two_points() -> None:
    for found in (scored(matter(verified=["R6"])), scored(off_catalogue=True)):
        assert (crossed(found), found.total, found.deduction) == (["R6"], 0, 200)


def test_several_red_lines_add_up_and_a_low_score_is_not_raised_to_the_cap() -> None:
    found = score(matter(meeting="other", controllable="uncontrollable", done=acts("review")), SET)
    assert crossed(found) == ["R1", "R3", "R4"]
    assert (point(found, "S5"), point(found, "S4"), point(found, "I12")) == (0, 0, 0)
    low = score(matter(facts(*[name for name in FLAWLESS if name != "meeting"]), done=acts("review")), SET)
    assert low.total is not None
    assert low.before is not None
    assert low.total == low.before < 5900
