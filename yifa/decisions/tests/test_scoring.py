"""The score: the worked example, what is not owed and what is not due, red lines, reviewers, and laws that hold for every matter."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yifa.decisions import templates
from yifa.decisions.case import EXEMPTABLE, Consulted
from yifa.decisions.checks import core
from yifa.decisions.checks.registry import CHECKS
from yifa.decisions.confirming import objections
from yifa.decisions.matter import Act, Matter
from yifa.decisions.scoring import MISSING, NOT_APPLICABLE, PENDING, SCORED, SYSTEM, Confirmation, Score, score
from yifa.decisions.template_set import shown
from yifa.decisions.tests.matters import AT, FLAWLESS, acts, facts, matter

SET = templates.installed()
EXAMPLE = ("T08", "T09", "T10", "T12", "T13", "T14", "T22")
D = date


def scored(found: Matter | None = None, confirmations: Iterable[Confirmation] = (), **changes: Any) -> Score:
    return score(found or matter(**changes), SET, confirmations)


def state(found: Score, template: str) -> str:
    return next(each.state for each in found.templates if each.template.code == template)


def told(step: str, on: date, seq: int, legality: str = "", met_on: date | None = None) -> Act:
    return Act(step, on, on, False, seq, legality, met_on)


def worked_example() -> Matter:
    """§2.3: not technical, no hearing, group, party report or evaluation; 25 days with a reason, 6 of 8 reasons, 5 working days."""
    asked: Consulted = replace(
        FLAWLESS["consulted"],
        closes_on=D(2026, 4, 26),
        shortened_reason="供暖季前必须开工",
        not_adopted_with_reason=6,
        summarised_on=D(2026, 5, 16),
    )
    return matter(
        consulted=asked,
        exempted=frozenset(EXAMPLE),
        evaluation_trigger="none",
        review_accepted_on=D(2026, 5, 21),
    )


def test_the_worked_example_of_the_domain_gives_98_24() -> None:
    found = scored(worked_example())
    assert {each.template.code for each in found.templates if each.state == NOT_APPLICABLE} == {*EXAMPLE, "T25"}
    assert shown(found.whole.counted) == "77.00"
    assert [shown(found.line(code).got) for code in ("T07.1", "T11.1", "T11.2", "T11.3")] == ["3.00", "2.00", "1.50", "2.00"]
    assert shown(found.line("T17.1").got) == "2.14"
    parts = {each.template.code: shown(each.part.got) for each in found.templates}
    assert (parts["T11"], parts["T17"]) == ("5.50", "5.14")
    assert shown(found.whole.got) == "75.64"
    assert found.total == found.before == 9824
    assert (found.grade, found.red_lines) == ("优秀", ())


def test_a_flawless_matter_has_every_point() -> None:
    found = scored()
    assert (found.total, found.grade, found.whole.got) == (10_000, "优秀", 10_000)
    assert len(found.lines) == 65
    assert {line.by for line in found.lines} == {SYSTEM}
    assert [part.score for part in found.points] == [10_000] * 7
    assert [part.weight for part in found.indicators] == [400, 800, 900, 500, 600, 400, 800, 800, 500, 600, 1000, 1000, 600, 500, 600]


def test_a_line_can_be_opened_down_to_the_entries() -> None:
    found = scored().line("T17.1")
    assert [(act.step, act.seq) for act in found.acts] == [
        (act.step, act.seq) for act in sorted(acts(), key=lambda each: each.seq) if act.step in {"accept_review", "deliberate"}
    ]
    assert dict(found.outcome.inputs)["可用工作日"] == 8
    assert str(found.cites[0]) == "《重大行政决策程序暂行条例》第二十六条第二款"
    assert found.item.text.startswith("审查时间一般不少于7个工作日")
    assert found.at == AT


@pytest.mark.parametrize(
    ("accepted", "full"),
    [
        # National Day: 8, 9, 10 (a Saturday worked), 12, 13, 14, 15 October. Mid-autumn: Sunday the 20th worked, Friday the 25th off.
        (D(2026, 9, 30), D(2026, 10, 15)),
        (D(2026, 9, 18), D(2026, 9, 29)),
        (D(2026, 5, 18), D(2026, 5, 27)),
    ],
)
def test_the_day_that_leaves_the_review_its_time_is_the_first_with_all_the_points(accepted: date, full: date) -> None:
    """第二十六条第二款, T17.1."""
    before = matter(
        facts("meeting_on", review_accepted_on=accepted), done=(*acts(until="submit_review"), told("accept_review", accepted, 50))
    )
    assert before.review_full_on == full
    for on, got in ((full, 300), (full - timedelta(days=1), None)):
        points = scored(review_accepted_on=accepted, meeting_on=on).line("T17.1").got
        assert points == got if got else points < 300
    assert matter().review_full_on is None
    assert matter(done=acts(until="submit_review")).review_full_on is None


def test_days_are_cut_not_rounded_and_shares_are_exact() -> None:
    asked = replace(FLAWLESS["consulted"], closes_on=D(2026, 4, 20))
    assert scored(consulted=asked).line("T07.1").got == 190
    thirds = replace(matter().limits, consultation=replace(matter().limits.consultation, length=36))
    found = scored(replace(matter(consulted=replace(asked, closes_on=D(2026, 4, 18))), limits=thirds))
    assert found.line("T07.1").got == 141  # 300 × 17/36 = 141.67
    sixths = scored(meeting_materials=frozenset({"draft", "public", "experts", "risk", "legality"}), reports_due=3, reports_in_time=1)
    assert sixths.line("T24.2").got == Fraction(200, 3)
    assert sixths.whole.got == 10_000 - 50 - Fraction(400, 3)


@pytest.mark.parametrize(
    ("least", "grade"), [(9000, "优秀"), (8999, "良好"), (8000, "良好"), (7999, "合格"), (6000, "合格"), (5999, "不合格"), (0, "不合格")]
)
def test_grades_begin_at_their_least(least: int, grade: str) -> None:
    assert SET.grade(least) == grade


# What is not owed.


def test_what_may_never_be_exempted_stays_owed() -> None:
    every = frozenset(each.code for each in SET.templates())
    found = scored(exempted=every)
    assert {each.template.code for each in found.templates if each.state == NOT_APPLICABLE} == set(EXEMPTABLE)


def test_exempted_templates_need_the_confirmation_not_the_claim() -> None:
    assert state(scored(exemptions=({"template": "T08", "ground": "not_concerned", "reason": "无"},)), "T08") == SCORED
    assert state(scored(exempted=frozenset({"T08"})), "T08") == NOT_APPLICABLE


@pytest.mark.parametrize(("approved", "expected"), [(True, NOT_APPLICABLE), (False, SCORED)])
def test_a_matter_lawfully_not_public_owes_no_public_part_once_approved(approved: bool, expected: str) -> None:
    found = scored(open_matter=False, closed_reason="国家秘密", closed_approved=approved)
    assert {state(found, template) for template in ("T07", "T11", "T23")} == {expected}
    assert state(found, "T06") == SCORED


def test_evaluation_is_owed_only_when_triggered() -> None:
    assert state(scored(evaluation_trigger="none"), "T25") == NOT_APPLICABLE
    assert state(score(matter(facts("evaluation_trigger")), SET), "T25") == NOT_APPLICABLE
    assert state(scored(evaluation_trigger="opinions"), "T25") == SCORED


def test_weights_of_what_is_not_owed_are_spread_over_the_rest() -> None:
    found = scored(worked_example())
    shares = {each.template.code: found.share(each) for each in found.templates}
    assert shares["T11"] == round(600 * 10_000 / 7_700)
    assert shares["T08"] == 0
    assert abs(sum(shares.values()) - 10_000) <= 26


# What is not due yet, and what is missing.


def test_a_running_score_leaves_out_what_is_still_to_come() -> None:
    running = matter(done=acts(until="consult"), closed=False, at=AT.replace(month=4, day=2))
    found = score(running, SET)
    assert state(found, "T07") == SCORED
    assert {each.template.code for each in found.pending} >= {"T11", "T12", "T15", "T17", "T26"}
    assert found.total == 10_000
    assert found.whole.counted < 5_000
    assert not found.missing


def test_before_anything_is_due_there_is_no_score() -> None:
    found = score(matter(done=(), closed=False, at=AT.replace(month=1, day=2)), SET)
    assert (found.total, found.grade) == (None, "")
    assert {each.state for each in found.templates} <= {PENDING, NOT_APPLICABLE} | {SCORED, MISSING}


def test_closing_counts_as_nought_what_is_missing() -> None:
    lacking = facts("argued_on", "opinions")
    open_one = score(matter(lacking, done=acts(until="appoint_experts"), closed=False, at=AT.replace(month=4, day=20)), SET)
    assert state(open_one, "T13") == PENDING
    closed = score(matter(lacking, done=acts("argue")), SET)
    assert state(closed, "T13") == MISSING
    assert {line.item.code for line in closed.missing} == {"T13.1", "T13.2", "T13.3"}
    assert closed.whole.counted == 10_000
    assert closed.total == 9_500


def test_what_was_passed_over_is_missing_in_the_running_score_too() -> None:
    lacking = facts("argued_on", "opinions")
    found = score(matter(lacking, done=acts("argue", until="submit_review"), closed=False, at=AT.replace(month=5, day=19)), SET)
    assert state(found, "T13") == MISSING
    assert dict(found.line("T13.1").outcome.inputs) == {"尚未登记": "专家论证意见"}


def test_late_entries_are_shown_and_cost_nothing() -> None:
    done = tuple(act._replace(late=True, recorded_on=act.on + timedelta(days=30)) if act.step == "accept_review" else act for act in acts())
    found = score(matter(done=done), SET)
    assert [act.step for act in found.late] == ["accept_review"]
    assert (found.line("T17.1").is_late, found.line("T18.1").is_late) == (True, False)
    assert found.total == 10_000


# Reviewers.


def confirmation(check: str, points: int, seen: int, reason: str = "", n: int = 1, after: int = 0) -> Confirmation:
    return Confirmation(check, points, reason, "评查员甲", AT + timedelta(days=n), seen, n, after)


def objected(found: Score, new: Confirmation, *earlier: Confirmation) -> list[str | None]:
    return [each.field for each in objections(found, earlier, new)]


def test_nine_checks_wait_for_a_reviewer() -> None:
    found = scored()
    assert {line.item.code for line in found.awaiting} == {
        "T09.2",
        "T12.3",
        "T13.2",
        "T15.4",
        "T17.2",
        "T18.1",
        "T18.3",
        "T21.1",
        "T25.1",
    }
    confirmed = scored(confirmations=[confirmation("T17.2", 200, 200)])
    assert "T17.2" not in {line.item.code for line in confirmed.awaiting}
    assert confirmed.line("T17.2").by == "评查员甲"


def test_a_reviewer_lowers_with_a_reason_and_the_original_is_kept() -> None:
    lowered = confirmation("T17.2", 100, 200, "程序说明过于简略")
    assert objected(scored(), lowered) == []
    assert objected(scored(), lowered._replace(reason=" ")) == ["reason"]
    found = scored(confirmations=[lowered])
    line = found.line("T17.2")
    assert (line.proposed, line.got, line.by, line.confirmation) == (200, 100, "评查员甲", lowered)
    assert found.total == 9_900


def test_going_back_to_the_proposal_changes_what_another_found_and_has_its_reason() -> None:
    """§2.3: lowered or raised only with a reason, whoever found what stands."""
    lowered = confirmation("T17.2", 100, 200, "程序说明过于简略")
    found = scored(confirmations=[lowered])
    back = confirmation("T17.2", 200, 200, n=2, after=1)
    assert objected(found, back, lowered) == ["reason"]
    assert objected(found, back._replace(reason="程序说明已经补充"), lowered) == []
    assert objected(found, lowered._replace(n=2, after=1), lowered) == []
    # Marks of no width are no reason.
    assert objected(scored(), lowered._replace(reason="\u200b\u200b\u3000")) == ["reason"]


def test_a_reviewer_raises_with_a_reason_only_up_to_the_points() -> None:
    base = scored(reviewed_parts=frozenset({"power"}))
    raised = confirmation("T18.1", 300, 0, "另附程序和内容审查记录")
    assert objected(base, raised) == []
    assert objected(base, raised._replace(points=301)) == ["points"]
    assert objected(base, raised._replace(points=-1)) == ["points"]
    assert scored(confirmations=[raised], reviewed_parts=frozenset({"power"})).total == 10_000


def test_agreeing_keeps_the_exact_points() -> None:
    risk: dict[str, Any] = {"risks": (*FLAWLESS["risks"], {"risk": "资金"}, {"risk": "舆情"})}
    assert objected(scored(**risk), confirmation("T15.1", 300, 300)) == []
    assert scored(confirmations=[confirmation("T15.1", 300, 300)], **risk).whole.got == scored(**risk).whole.got


def test_computed_checks_are_changed_by_nobody() -> None:
    assert objected(scored(), confirmation("T17.1", 100, 300, "太急")) == ["check"]
    assert scored(confirmations=[confirmation("T17.1", 100, 300, "太急")]).line("T17.1").got == 300
    assert objected(scored(), confirmation("T99.1", 100, 100)) == ["check"]
    assert objected(scored(exempted=frozenset({"T09"})), confirmation("T09.2", 100, 100)) == ["check"]


def test_a_very_short_consultation_is_confirmed_though_its_days_are_computed() -> None:
    asked: dict[str, Any] = {"consulted": replace(FLAWLESS["consulted"], closes_on=D(2026, 4, 6), shortened_reason="紧急")}
    found = scored(**asked)
    assert "T07.1" in {line.item.code for line in found.awaiting}
    lowered = confirmation("T07.1", 50, 300, "理由不成立")
    assert objected(found, lowered) == []
    assert scored(confirmations=[lowered], **asked).line("T07.1").got == 50


def test_two_reviewers_at_once_do_not_overwrite_each_other() -> None:
    first = confirmation("T18.3", 50, 100, "意见书未加盖印章", n=1)
    second = confirmation("T18.3", 100, 100, n=2)
    assert objected(scored(), second, first) == ["after"]
    assert objected(scored(), second._replace(after=1, reason="已经补盖印章"), first) == []
    assert objected(scored(), second._replace(after=1)) == ["after"]
    assert scored(confirmations=[first, second._replace(after=1)]).line("T18.3").got == 100


def test_a_confirmation_of_a_proposal_that_changed_waits_for_another_look() -> None:
    agreed = confirmation("T18.1", 300, 300)
    changed: dict[str, Any] = {"reviewed_parts": frozenset({"power", "content"})}
    line = scored(confirmations=[agreed], **changed).line("T18.1")
    assert (line.got, line.stale, line.awaits, line.by) == (0, True, True, SYSTEM)
    assert objected(scored(**changed), agreed) == ["seen"]


# What holds of every matter.

NUMBERS = st.integers(0, 60)
CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "classified": NUMBERS,
        "reports_in_time": NUMBERS,
        "reports_due": NUMBERS,
        "basis_in_force": NUMBERS,
        "present": NUMBERS,
        "entitled": NUMBERS,
        "archived": st.frozensets(st.sampled_from(sorted(FLAWLESS["archived"]))),
        "review_materials": st.frozensets(st.sampled_from(sorted(FLAWLESS["review_materials"]))),
        "meeting_materials": st.frozensets(st.sampled_from(sorted(FLAWLESS["meeting_materials"]))),
        "legality": st.sampled_from(["lawful", "unlawful", "exploratory"]),
        "meeting": st.sampled_from(["standing", "other"]),
        "controllable": st.sampled_from(["controllable", "uncontrollable"]),
        "open_matter": st.booleans(),
        "closed_approved": st.booleans(),
        "exempted": st.frozensets(st.sampled_from(EXEMPTABLE)),
        "evaluation_trigger": st.sampled_from(["none", "effect"]),
        "meeting_on": st.dates(D(2026, 5, 1), D(2026, 6, 30)),
        "off_catalogue": st.sampled_from([False, False, False, True]),
        "consulted": st.none() | st.builds(lambda n: replace(FLAWLESS["consulted"], closes_on=D(2026, 4, 1) + timedelta(n)), NUMBERS),
    },
)
LEFT_OUT = st.frozensets(st.sampled_from([act.step for act in acts()]), max_size=6)
UNSTATED = st.frozensets(st.sampled_from(sorted(FLAWLESS)), max_size=8)


@settings(max_examples=150, deadline=None)
@given(CHANGES, LEFT_OUT, UNSTATED, st.booleans(), st.permutations([act.step for act in acts()]))
def test_a_score_lies_between_nought_and_a_hundred(
    changes: dict[str, Any], left_out: frozenset[str], unstated: frozenset[str], closed: bool, order: list[str]
) -> None:
    """Whatever is told and in whatever order the steps come: no check raises, every part keeps within its weight."""
    stated = facts(*unstated, **{key: value for key, value in changes.items() if key not in unstated})
    found = score(matter(stated, done=acts(*left_out), closed=closed), SET)
    assert found.total is None or 0 <= found.total <= 10_000
    for part in (*found.points, *found.indicators, *(each.part for each in found.templates)):
        assert 0 <= part.got <= part.counted <= part.weight
    days: dict[str, Any] = {step: D(2026, 1, 1) + timedelta(days=n) for n, step in enumerate(order)}
    shuffled = score(matter(stated, done=acts(*left_out, **days), closed=closed), SET)
    assert shuffled.total is None or 0 <= shuffled.total <= 10_000
    if closed:
        assert found.whole.counted == sum(each.weight for each in SET.templates()) - sum(
            each.template.weight for each in found.templates if each.state == NOT_APPLICABLE
        )


@settings(max_examples=60, deadline=None)
@given(CHANGES, st.sampled_from(sorted(CHECKS)), st.fractions(0, 1), st.fractions(0, 1))
def test_raising_a_share_never_lowers_the_score(changes: dict[str, Any], code: str, one: Fraction, other: Fraction) -> None:
    low, high = sorted((one, other))
    found = matter(facts(**changes))
    with_low, with_high = _answering(found, code, low), _answering(found, code, high)
    assert with_low.total is not None
    assert with_high.total is not None
    assert with_low.total <= with_high.total
    assert with_low.whole.got <= with_high.whole.got


def _answering(found: Matter, code: str, share: Fraction) -> Score:
    """The score if this check found that share."""
    check = core.CHECKS[code]
    asked = score(found, SET)
    lines = {line.item.code: line for line in asked.lines}
    if not lines[code].counts:
        return asked
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(check), "__call__", _answer(code, share))
        return score(found, SET)


def _answer(code: str, share: Fraction) -> Any:
    judge = core.Check.__call__

    def call(check: core.Check, found: Matter) -> core.Outcome:
        return core.Outcome(share) if check.code == code else judge(check, found)

    return call


@settings(max_examples=80, deadline=None)
@given(CHANGES, st.sampled_from(EXEMPTABLE))
def test_exempting_changes_nothing_elsewhere_but_the_spread_of_weights(changes: dict[str, Any], template: str) -> None:
    """Points of other templates stay; only checks that count what every branch owes judge by a shorter list."""
    counts_branches = {"T17.2", "T20.1", "T23.3", "T26.1"}
    before = score(matter(facts(**changes)), SET)
    after = score(matter(facts(**{**changes, "exempted": changes.get("exempted", frozenset()) | {template}})), SET)
    was, now = ({line.item.code: line for line in each.lines} for each in (before, after))
    for code, line in now.items():
        if code.startswith(template):
            assert (line.got, line.state) == (0, NOT_APPLICABLE)
        elif code in counts_branches:
            lacked, lacks = (set(dict(each.outcome.inputs).get("缺少", ())) for each in (was[code], line))
            assert lacks <= lacked
        elif line.zeroed == was[code].zeroed:
            assert (line.got, line.state) == (was[code].got, was[code].state)
    assert after.whole.counted <= before.whole.counted


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["T17.2", "T18.1", "T21.1"]), st.integers(0, 200)), min_size=1, max_size=4))
def test_the_order_in_which_confirmations_are_read_does_not_matter(said: list[tuple[str, int]]) -> None:
    whole = {line.item.code: line.item.points for line in scored().lines}
    made = [confirmation(code, points, whole[code], "核对原件", n) for n, (code, points) in enumerate(said, 1)]
    assert len({score(matter(), SET, order).total for order in permutations(made)}) == 1


def test_every_check_is_worth_something_in_the_score() -> None:
    assert {line.item.code for line in scored().lines} == set(CHECKS)
