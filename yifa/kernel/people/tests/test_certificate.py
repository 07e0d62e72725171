"""The life cycle of a certificate: what may follow what, and what the law never allows."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from yifa.kernel.people import certificate as cycle
from yifa.kernel.people.certificate import Life, Status
from yifa.kernel.people.refusals import NotAllowed

DAY = date(2026, 3, 2)


def live(*acts: str) -> Status:
    status = Status.APPLIED
    for act in acts:
        status = cycle.after(status, act, reason="有")
    return status


USUAL = ("check", "pass", "approve", "issue", "activate")


def test_the_usual_way() -> None:
    assert live(*USUAL) is Status.ACTIVE
    assert live("check", "waive", "approve", "issue", "activate", "verify") is Status.ACTIVE
    assert live(*USUAL, "suspend", "retrain", "resume") is Status.ACTIVE
    assert live(*USUAL, "report_lost", "reissue") is Status.ACTIVE


@pytest.mark.parametrize(
    "acts", [("pass",), ("check", "approve"), ("check", "pass", "issue"), (*USUAL, "suspend", "resume"), (*USUAL, "resume")]
)
def test_no_step_is_skipped(acts: tuple[str, ...]) -> None:
    with pytest.raises(NotAllowed, match="不能"):
        live(*acts)


@pytest.mark.parametrize("last", ["revoke", "cancel", "fail_verification"])
def test_nothing_follows_the_end(last: str) -> None:
    status = live(*USUAL, last)
    assert status in cycle.FINAL
    assert cycle.possible(status) == ()


def test_taking_a_right_away_needs_a_reason() -> None:
    for act in ("suspend", "revoke", "cancel", "fail_verification"):
        with pytest.raises(NotAllowed, match="理由"):
            cycle.after(Status.ACTIVE, act, reason=" ")


def test_suspended_yesterday_is_not_valid_today_but_was_the_day_before() -> None:
    """A12: an officer whose certificate was suspended yesterday does not begin a step."""
    life = Life(((DAY, "ACTIVE"), (DAY + timedelta(days=9), "SUSPENDED")), DAY, DAY + timedelta(days=1825))
    assert cycle.why_not_valid(life, DAY + timedelta(days=8)) == ""
    assert "已暂扣" in cycle.why_not_valid(life, DAY + timedelta(days=9))
    assert "已暂扣" in cycle.why_not_valid(life, DAY + timedelta(days=10))


def test_the_last_day_of_the_term_is_valid_and_the_next_is_not() -> None:
    life = Life(((DAY, "ACTIVE"),), DAY, DAY + timedelta(days=30))
    assert [cycle.why_not_valid(life, DAY + timedelta(days=n)) == "" for n in (-1, 0, 30, 31)] == [False, True, True, False]


class Machine(RuleBasedStateMachine):
    """Any sequence of allowed acts, one a day."""

    def __init__(self) -> None:
        super().__init__()
        self.status = Status.APPLIED
        self.acts: list[str] = []
        self.changes: list[tuple[date, str]] = [(DAY, Status.APPLIED.value)]

    @rule(act=st.sampled_from(sorted(cycle.ACTS)), reason=st.sampled_from(["", "有"]))
    def try_act(self, act: str, reason: str) -> None:
        allowed = act in cycle.possible(self.status) and (reason or not cycle.ACTS[act].reason)
        try:
            self.status = cycle.after(self.status, act, reason=reason)
        except NotAllowed:
            assert not allowed
            return
        assert allowed
        self.acts.append(act)
        self.changes.append((DAY + timedelta(days=len(self.acts)), self.status.value))

    @invariant()
    def nobody_enforces_without_examination_approval_and_issue(self) -> None:
        if self.status in cycle.HELD:
            assert {"check", "approve", "issue", "activate"} <= set(self.acts)
            assert {"pass", "waive"} & set(self.acts)

    @invariant()
    def a_final_state_is_the_last(self) -> None:
        assert all(Status(status) not in cycle.FINAL for _, status in self.changes[:-1])

    @invariant()
    def a_suspended_one_comes_back_only_after_retraining(self) -> None:
        since = max((n for n, act in enumerate(self.acts) if act == "suspend"), default=None)
        if since is not None and self.status is Status.ACTIVE:
            assert "retrain" in self.acts[since:]

    @invariant()
    def the_state_of_each_day_is_the_state_of_that_day(self) -> None:
        life = Life(tuple(self.changes), DAY, DAY + timedelta(days=9999))
        for on, status in self.changes:
            assert life.status_on(on) == status
            assert (cycle.why_not_valid(life, on) == "") is (status == Status.ACTIVE)


TestMachine = Machine.TestCase
