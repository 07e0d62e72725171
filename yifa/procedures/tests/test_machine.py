"""Whatever is tried, in whatever order: the interpreter never lets a dossier into a state that the statute forbids.

A machine plays officers who mostly do the right thing and often the wrong one, on the on-the-spot penalty, without a database. What must
hold is written here a second time and by hand, from the articles, not from the procedure's declaration.
"""

from __future__ import annotations

from copy import deepcopy
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test

from yifa.enforcement.procedures.summary_penalty import SummaryPenalty
from yifa.enforcement.tests.walk import ITEM, LI, WANG, Walk, officer
from yifa.procedures import core
from yifa.procedures.core import RETURN, WITHDRAW, Done, Refused
from yifa.procedures.known import is_known

REASONS = dict.fromkeys(("C08", "C10W", "C14W", "C34", "C09"), "书面说明")
ENTITY = {"name": "样本公司", "identity_number": "91350100M000100Y43", "representative": "张样本"}
BORN = {"name": "张样本", "identity_kind": "passport", "identity_number": "E1"}

# What an officer may answer besides the usual; None leaves the question out.
WRONG: dict[str, dict[str, list[Any]]] = {
    "show_badge": {"officers": [[LI], [LI, LI], [WANG, LI]], "no_conflict": [False], "recording": ["off", None], "item": [ITEM, "0"]},
    "establish": {
        "party_kind": ["trader", "entity"],
        "party": [ENTITY, {**BORN, "born_on": "2013-01-01"}, {**BORN, "born_on": "2010-01-01"}, None],
        "violation_on": ["2023-01-01", "2026-03-01", "2031-01-01"],
        "clear_facts": [False],
        "minor": [True],
        "first_minor": [True],
        "no_fault": [True],
        "incapable": [True],
        "mitigating": [["removed"]],
    },
    "inform": {
        "sanctions": [["警告"], ["警告", "罚款"], []],
        "proposed_fine": ["50", "100", "200.01", "201", "1000", "0", "-5", "二百", None],
        "tier": ["lighter", "mitigated", "heavier"],
        "told": [["content"], ["content", "facts", "reasons", "basis"], []],
    },
    "hear": {"statement": ["waived", "defence"], "statement_text": ["已经改正"], "review": ["不采纳"]},
    "decide": {
        "fine": ["50", "150", "200", "201", "1000"],
        "party_signature": [None],
        "refusal_note": ["拒绝签收"],
        "public": [False],
        "unpublished": ["N1"],
    },
    "deliver": {"service_mode": ["D2"], "refusal_note": ["留置"], "party_signature": [None]},
    "pay": {"paid": ["50", "100", "201"], "receipt": [None], "paid_on": ["2031-01-01"]},
    "collect": {"collect_ground": ["hard", "remote"], "party_asked": [True], "paid": ["50", "200"], "receipt": [None]},
    "no_penalty": {"ground": ["first", "no_fault", "under_14", "incapable", "expired", "unfounded"], "education": [None]},
    "publish": {"secrecy_checked": [False]},
}


@st.composite
def attempts(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    """A step and its answers: one or two of them may be wrong for the case."""
    name = draw(st.sampled_from(list(SummaryPenalty.steps)))
    options = WRONG.get(name, {})
    keys = draw(st.lists(st.sampled_from(sorted(options)), max_size=2, unique=True)) if options else []
    return name, {key: draw(st.sampled_from(options[key])) for key in keys}


class Officers(RuleBasedStateMachine):
    """Several people at one dossier."""

    @initialize()
    def open_the_day(self) -> None:
        self.walk = Walk()
        self.done: list[tuple[int, str]] = []

    @rule(attempt=attempts(), explained=st.booleans())
    def try_anything(self, attempt: tuple[str, dict[str, Any]], explained: bool) -> None:
        self._try(attempt[0], attempt[1], explained)

    @rule(data=st.data(), explained=st.booleans())
    def do_what_is_next(self, data: st.DataObject, explained: bool) -> None:
        """The order of the statute, mostly with fitting answers: so that the machine also comes far."""
        steps = core.open_steps(SummaryPenalty, self.walk.progress, self.walk.case())
        if not steps:
            return
        name = data.draw(st.sampled_from([step.name for step in steps]))
        answers: dict[str, Any] = {}
        options = WRONG.get(name, {})
        if name != "show_badge" and options and data.draw(st.integers(0, 3)) == 0:
            key = data.draw(st.sampled_from(sorted(options)))
            answers[key] = data.draw(st.sampled_from(options[key]))
        if name in ("pay", "collect") and "paid" not in answers and is_known(fine := self.walk.case().fine):
            answers["paid"] = str(fine)
        self._try(name, answers, explained)

    @rule(days=st.integers(1, 40))
    def wait(self, days: int) -> None:
        self.walk.at += timedelta(days=days)

    @rule()
    def lose_a_certificate(self) -> None:
        day = self.walk.at.date().isoformat()
        lost = officer(WANG, "王样本", certificate="15020300002", changes=[["2024-01-01", "ACTIVE"], [day, "SUSPENDED"]])
        self.walk.registers["officers"] = [officer(LI, "李样本"), lost]

    @rule()
    def get_it_back(self) -> None:
        self.walk.registers["officers"] = [officer(LI, "李样本"), officer(WANG, "王样本", certificate="15020300002")]

    @rule()
    def be_fined_elsewhere(self) -> None:
        fine = {"code": "x", "number": "甲当罚〔2026〕1号", "organisation": "甲局", "on": "2026-03-02", "same_item": True}
        self.walk.registers["earlier_fines"] = [fine]

    @precondition(lambda self: self.walk.entries)
    @rule(act=st.sampled_from([RETURN, WITHDRAW]), back=st.integers(0, 4), person=st.sampled_from([LI, WANG]))
    def take_back(self, act: str, back: int, person: str) -> None:
        """退回 and 撤回, as `take` performs them."""
        seq = max(1, self.walk.progress.seq - back)
        undoes, findings = core.undone(SummaryPenalty, act, {"seq": seq}, self.walk.progress, person)
        if findings:
            assert undoes is None
            return
        assert undoes is not None
        given = [name for n, name in self.done if n >= undoes and SummaryPenalty.steps[name].gives]
        assert not given, "a document that was given cannot be taken back (C47)"
        self.walk.entries.append(Done(len(self.walk.entries) + 1, act, self.walk.at, self.walk.at, person, False, undoes))
        self.done = [(n, name) for n, name in self.done if n < undoes]

    def _try(self, name: str, answers: dict[str, Any], explained: bool) -> None:
        walk = self.walk
        before = deepcopy((walk.facts, walk.entries, walk.at))
        refused: Refused | None = None
        try:
            walk.do(name, reasons=REASONS if explained else {}, **answers)
        except Refused as said:
            refused = said
        if refused is None:
            self.done.append((len(walk.entries), name))
            return
        assert (walk.facts, walk.entries, walk.at) == before, "a refused act changes nothing"
        assert refused.findings
        assert all(each.text for each in refused.findings)

    @invariant()
    def fold_is_the_increment(self) -> None:
        progress = self.walk.progress
        done: dict[str, list[int]] = {}
        for seq, name in self.done:
            done.setdefault(name, []).append(seq)
        assert progress.summary()["done"] == done
        assert progress.seq == len(self.walk.entries)

    @invariant()
    def every_prefix_folds(self) -> None:
        entries = self.walk.entries
        for n in range(len(entries) + 1):
            part = core.fold(SummaryPenalty, entries[:n])
            assert part.seq == n
            assert {act.seq for act in part.acts} <= set(range(1, n + 1))
        if len(entries) > 1:
            with pytest.raises(ValueError, match="缺失"):
                core.fold(SummaryPenalty, entries[1:])

    @invariant()
    def the_order_of_the_statute(self) -> None:
        """行政处罚法 44, 45, 52, 62: nothing is decided before the party was told and heard; what follows follows."""
        names = [name for _, name in self.done]
        once = [name for name in names if name != "correct"]
        assert len(once) == len(set(once))
        wanted = {
            "establish": ["show_badge"],
            "order_correction": ["establish"],
            "inform": ["establish"],
            "hear": ["inform"],
            "decide": ["inform", "hear"],
            "deliver": ["decide"],
            "file": ["deliver"],
            "publish": ["decide"],
            "pay": ["deliver"],
            "collect": ["deliver"],
            "hand_in": ["collect"],
            "bank": ["hand_in"],
            "correct": ["decide"],
            "address": ["establish"],
            "no_penalty": ["establish"],
            "escalate": ["establish"],
            "close": ["file"],
        }
        for n, name in enumerate(names):
            assert set(wanted.get(name, [])) <= set(names[:n]), f"{name} after {names[:n]}"
        if "close" in names and self._fined():
            assert {"pay", "bank"} & set(names[: names.index("close")])

    @invariant()
    def the_fine_is_lawful(self) -> None:
        """行政处罚法 51 (200, 3000), 45 (not heavier than told), 30 and 31 (who is not punished), 42 (two), 40 (evidence)."""
        if "decide" not in self._names():
            return
        case = self.walk.case()
        if self._fined():
            assert case.fine <= (200 if case.party.kind in ("citizen", "trader") else 3000)
            assert case.fine <= case.proposed_fine
            assert case.limits[0] <= case.fine <= case.limits[1] or case.tier == "mitigated"
        assert case.sanctions
        assert case.sanctions <= {"警告", "罚款"}
        assert case.party.age is None or case.party.age >= 14
        assert not case.party.incapable
        assert not case.minor
        assert len(set(self.walk.facts["officers"])) >= 2
        assert set(case.told) == {"content", "facts", "reasons", "basis", "rights"}
        assert case.clear_facts

    @invariant()
    def paid_once(self) -> None:
        """行政处罚法 67, 68: paid at the bank or collected on the spot, never both, and only what was imposed."""
        names = self._names()
        assert not {"pay", "collect"} <= names
        if {"pay", "collect"} & names:
            assert self._fined()
            assert self.walk.case().paid == self.walk.case().fine

    @invariant()
    def an_end_is_an_end(self) -> None:
        ends = [seq for seq, name in self.done if name in ("close", "no_penalty", "escalate")]
        assert len(ends) <= 1
        for seq, name in self.done:
            assert not ends or seq <= ends[0] or name in ("address", "publish", "correct")
        assert self.walk.progress.ended_by == (dict(self.done)[ends[0]] if ends else None)
        assert not {"decide", "no_penalty"} <= self._names()

    @invariant()
    def deadlines_run_for_what_is_owed(self) -> None:
        names, case = self._names(), self.walk.case()
        going = not names & {"close", "no_penalty", "escalate"}
        fined = self._fined()
        owed = {
            "deliver": going and "decide" in names,
            "file": going and "deliver" in names,
            "publish": "decide" in names and case.public is True,
            "pay": going and "deliver" in names and fined and "collect" not in names,
            "hand_in": going and "collect" in names,
            "bank": going and "hand_in" in names,
            "close": going and "file" in names and (not fined or bool(names & {"pay", "bank"})),
        }
        assert set(self.walk.due()) == {name for name, runs in owed.items() if runs and name not in names}
        for duty in self.walk.duties():
            assert duty.start <= duty.due.due

    def _names(self) -> set[str]:
        return {name for _, name in self.done}

    def _fined(self) -> bool:
        sanctions = self.walk.facts.get("sanctions")
        return "罚款" in (sanctions or ()) and "decide" in self._names()


INVARIANTS = (
    "fold_is_the_increment",
    "every_prefix_folds",
    "the_order_of_the_statute",
    "the_fine_is_lawful",
    "paid_once",
    "an_end_is_an_end",
    "deadlines_run_for_what_is_owed",
)


def test_no_sequence_of_acts_leads_where_the_statute_forbids() -> None:
    checks = [HealthCheck.too_slow, HealthCheck.filter_too_much]
    run_state_machine_as_test(
        Officers, settings=settings(max_examples=120, stateful_step_count=30, deadline=None, suppress_health_check=checks)
    )


def test_the_machine_comes_to_every_end() -> None:
    """What it checks is worth something only if the checks see whole procedures: the usual ways pass under the same eyes."""
    ways: tuple[tuple[dict[str, Any], str], ...] = (
        ({}, "show_badge establish order_correction inform hear decide deliver file publish pay close correct"),
        ({"proposed_fine": "100"}, "show_badge establish order_correction inform hear decide deliver collect file hand_in bank close"),
        ({}, "show_badge establish escalate address"),
    )
    for told, way in ways:
        machine = Officers()
        machine.open_the_day()
        for name in way.split():
            machine._try(name, told if name == "inform" else {}, True)
            for check in INVARIANTS:
                getattr(machine, check)()
        assert " ".join(name for _, name in machine.done) == way
