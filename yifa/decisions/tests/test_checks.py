"""Each check on both sides of its boundary; facts that nobody stated; limits that a place set otherwise."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest

from yifa.decisions.case import Consulted, MatterFacts, read
from yifa.decisions.checks.registry import CHECKS, DUE
from yifa.decisions.matter import Matter, workdays_between
from yifa.decisions.tests.matters import AT, EXPERT, FLAWLESS, SPEECHES, acts, facts, matter
from yifa.kernel.calendar.table import calendar
from yifa.kernel.calendar.terms import days
from yifa.procedures.known import Undecided, is_known

D = date


def consulted(**changes: Any) -> dict[str, Any]:
    found: Consulted = FLAWLESS["consulted"]
    return {"consulted": replace(found, **changes)}


def rows(name: str, *changes: dict[str, Any]) -> dict[str, Any]:
    """The flawless rows of a fact, the first ones changed."""
    found = [dict(row) for row in FLAWLESS[name]]
    for row, change in zip(found, changes, strict=False):
        row.update(change)
    return {name: tuple(found)}


HALF, THIRD = Fraction(1, 2), Fraction(1, 3)
OTHERWISE = [
    # S1
    ("T01.1", {"problem": ""}, Fraction(4, 5)),
    ("T01.1", {"problem": "", "grounds": "", "first_plan": "", "source": "", "category": ""}, 0),
    ("T01.2", {"feasibility": ""}, 0),
    ("T02.1", {"party_agreed_on": D(2026, 1, 30)}, 1),
    ("T02.1", {"party_agreed_on": D(2026, 1, 31)}, 0),
    ("T02.1", {"party_agreed_on": D(2026, 5, 1), "added_on": D(2026, 5, 6), "added_published_on": D(2026, 5, 8)}, 1),
    ("T02.2", {"catalogue_published_on": D(2026, 3, 31)}, 1),
    ("T02.2", {"catalogue_published_on": D(2026, 4, 1)}, 0),
    ("T02.2", {"catalogue_published_on": D(2026, 4, 1), "added_on": D(2026, 3, 2), "added_published_on": D(2026, 3, 30)}, 1),
    ("T02.2", {"added_on": D(2026, 3, 2), "added_published_on": D(2026, 3, 31)}, 0),
    ("T02.2", {"added_on": D(2026, 3, 2), "added_published_on": D(2026, 3, 1)}, 0),
    ("T03.2", {"responsible": ""}, 0),
    ("T03.2", {"undertakers": ()}, 0),
    ("T03.3", {"lead": ""}, 0),
    ("T03.3", {"lead": "", "undertakers": ({"name": "住建局"},)}, 1),
    ("T04.1", {"research": ()}, 0),
    ("T04.2", {"basis_in_force": 1}, 0),
    ("T04.2", {"basis": (), "basis_cited": 0, "basis_in_force": 0}, 0),
    ("T04.3", {"cost_benefit": ""}, 0),
    ("T04.3", {"disputed": True, "alternatives": 1}, 0),
    ("T04.3", {"disputed": True, "alternatives": 2, "cost_benefit": ""}, 1),
    ("T05.1", rows("consulted_units", {"replied_on": None}), HALF),
    ("T05.1", rows("consulted_units", {"replied_on": None, "urged": True}), 1),
    ("T05.1", {"consulted_units": ()}, 0),
    ("T05.1", rows("consulted_units", {"replied_on": "2026-03-04"}), HALF),
    ("T05.1", rows("consulted_units", {"replied_on": "2026-03-05"}), 1),
    ("T05.1", rows("consulted_units", {"replied_on": "", "urged": False}, {"replied_on": ""}), 0),
    ("T05.2", rows("consulted_units", {"settled": ""}), 0),
    ("T05.2", rows("consulted_units", {}, {"dispute": True, "settled": ""}), HALF),
    ("T05.2", rows("consulted_units", {"dispute": False, "settled": ""}), 1),
    # Blanks say nothing, whatever they are; what lies ahead has not happened; names are counted, not lines.
    ("T01.1", {"problem": " \u3000\u200b\n"}, Fraction(4, 5)),
    ("T01.2", {"necessity": "\ufeff"}, 0),
    ("T02.1", {"party_agreed_on": D(2027, 1, 4), "catalogue_published_on": D(2027, 1, 5)}, 0),
    ("T02.2", {"catalogue_year": 2027, "catalogue_published_on": D(2027, 1, 5)}, 0),
    ("T02.2", {"added_on": D(2026, 11, 16), "added_published_on": D(2026, 11, 20)}, 1),
    ("T02.2", {"added_on": D(2026, 11, 16), "added_published_on": D(2026, 11, 21)}, 0),
    ("T03.2", {"undertakers": ({"name": " "},)}, 0),
    ("T03.3", {"lead": "", "undertakers": ({"name": "住建局"}, {"name": "住建局 "}, {"name": ""})}, 1),
    ("T05.1", rows("consulted_units", {"replied_on": "2026-11-21"}), HALF),
    ("T05.1", rows("consulted_units", {"replied_on": "2026-11-20"}), 1),
    # S2
    ("T06.1", {"ways": frozenset({"open"})}, 0),
    ("T06.1", {"open_matter": False, "closed_reason": "国家秘密", "closed_approved": True, "ways": frozenset()}, 1),
    ("T06.1", {"open_matter": False, "closed_reason": "国家秘密", "closed_approved": False}, 0),
    ("T06.1", {"open_matter": False, "closed_reason": "", "closed_approved": True}, 0),
    ("T06.2", {"affected": ""}, 0),
    ("T06.2", {"affected_count": 0}, 1),
    ("T06.2", {"affected_count": -1}, 0),
    ("T07.1", consulted(closes_on=D(2026, 4, 30)), Fraction(29, 30)),
    ("T07.1", consulted(closes_on=D(2026, 5, 1)), 1),
    ("T07.1", consulted(closes_on=D(2026, 4, 1)), 0),
    ("T07.1", consulted(closes_on=D(2026, 3, 1)), 0),
    ("T07.1", consulted(closes_on=D(2026, 4, 26), shortened_reason="汛期将至"), 1),
    ("T07.1", consulted(closes_on=D(2026, 4, 26), shortened_reason=" "), Fraction(25, 30)),
    ("T07.2", {"with_explanation": False}, 0),
    ("T07.2", {"with_draft": False}, 0),
    ("T07.3", {"media": frozenset({"portal"})}, 0),
    ("T08.1", {"special_groups": ({"group": "老年人"}, {"group": "残疾人"})}, 0),
    ("T08.1", {"special_groups": ()}, 0),
    ("T08.1", {"special_groups": ({"group": ""},), "talks": ({"group": ""},)}, 0),
    ("T08.1", {"special_groups": ({"group": "老年人"}, {}), "talks": ({"group": "老年人"}, {})}, 1),
    ("T08.2", rows("talks", {"handled": ""}), 0),
    ("T08.2", rows("talks", {"points": "", "handled": ""}), 1),
    ("T09.1", {"hearing_listed_on": D(2026, 4, 29)}, 1),
    ("T09.1", {"hearing_listed_on": D(2026, 4, 30)}, 0),
    ("T09.1", {"hearing_method": ""}, 0),
    ("T09.2", {"hearing_people": ({"name": "己", "side": "用户"},)}, 0),
    ("T09.2", {"hearing_sides": ()}, 0),
    ("T09.2", {"hearing_sides": ({},), "hearing_people": ({},)}, 0),
    ("T10.1", {"hearing_sent_on": D(2026, 4, 23)}, 1),
    ("T10.1", {"hearing_sent_on": D(2026, 5, 30)}, 0),
    ("T10.1", {"hearing_sent_on": D(2026, 4, 24)}, 0),
    ("T10.1", {"hearing_sent_on": D(2026, 4, 22)}, 1),
    ("T10.2", {"hearing_parts": frozenset({"introduced", "stated", "signed"})}, 0),
    ("T10.3", {"hearing_report": ""}, 0),
    ("T10.3", {"hearing_handled": ""}, 0),
    ("T11.1", {"classified": 30}, Fraction(3, 4)),
    ("T11.1", {"classified": 41}, 1),
    ("T11.1", {"classified": -1}, 0),
    ("T11.1", {"classified": 0} | consulted(comments=0), 1),
    ("T11.2", consulted(not_adopted_with_reason=6), Fraction(3, 4)),
    ("T11.2", consulted(not_adopted=0, not_adopted_with_reason=0), 1),
    ("T11.2", consulted(answered=0, not_adopted=0, not_adopted_with_reason=0), 0),
    ("T11.2", consulted(answered=32), HALF),
    ("T11.2", consulted(comments=0, answered=0, not_adopted=0, not_adopted_with_reason=0), 1),
    ("T11.3", consulted(summarised_on=D(2026, 5, 31)), 1),
    ("T11.3", consulted(summarised_on=D(2026, 6, 1)), 0),
    ("T11.3", consulted(summarised_on=D(2026, 4, 30)), 0),
    # S3
    ("T12.1", {"experts": (EXPERT, EXPERT)}, 0),
    ("T12.1", {"experts": tuple(EXPERT | {"name": "辛", "field": field} for field in ("规划", "财政", "暖通"))}, 0),
    ("T12.1", {"experts": tuple(EXPERT | {"name": name} for name in ("辛", "壬", "癸"))}, 1),
    ("T12.1", {"experts": ()}, 0),
    ("T12.1", {"experts": (EXPERT | {"kind": "institution"},)}, 1),
    ("T12.2", {"experts": (EXPERT, EXPERT, EXPERT | {"interest": True})}, 0),
    ("T12.2", {"experts": (EXPERT, EXPERT, {"kind": "expert", "field": "暖通"})}, 0),
    ("T12.2", {"experts": (EXPERT | {"belongs": True}, EXPERT)}, 1),
    ("T12.2", {"experts": (EXPERT | {"belongs": True}, EXPERT | {"belongs": True}, EXPERT)}, 0),
    ("T12.2", {"experts": ()}, 0),
    ("T12.3", {"expert_fields": ({"field": "暖通"}, {"field": "法律"})}, 0),
    ("T12.3", {"expert_fields": ()}, 0),
    ("T12.3", {"expert_fields": ({"field": ""},), "experts": ({"field": ""},)}, 0),
    ("T13.1", rows("opinions", {"signed": False}), 0),
    ("T13.1", {"opinions": ()}, 0),
    ("T13.2", rows("opinions", {"science": False}), 0),
    ("T13.3", {"argued_on": D(2026, 5, 17)}, 1),
    ("T13.3", {"argued_on": D(2026, 5, 18)}, 0),
    ("T14.1", {"expert_points": ({"answer": "adopted"}, {"answer": "not_adopted"}, {"answer": ""})}, THIRD),
    ("T14.1", {"expert_points": ({"answer": "partly", "reason": "另案研究"},)}, 1),
    ("T14.1", {"expert_points": ()}, 0),
    ("T14.1", {"expert_points": ({"answer": "adopted"}, {"answer": "partly", "reason": ""})}, HALF),
    # S4
    ("T15.1", {"assessed_on": D(2026, 5, 17)}, 1),
    ("T15.1", {"assessed_on": D(2026, 5, 18)}, 0),
    ("T15.2", {"risk_methods": frozenset({"visits"})}, 0),
    ("T15.2", {"departments_heard": False}, 0),
    ("T15.3", rows("risks", {"effect": None}), 0),
    ("T15.3", {"risks": ()}, 0),
    *[("T15.3", rows("risks", {key: wrong}), 0) for key in ("probability", "effect") for wrong in (0, 6, -3, "高")],
    ("T15.3", rows("risks", {"probability": 1, "effect": 5}), 1),
    ("T15.3", rows("risks", {"level": "很高"}), 0),
    ("T15.4", {"existing_assessment": "linked"}, 1),
    ("T15.4", {"existing_assessment": "repeated"}, 0),
    ("T16.1", {"risks": (*FLAWLESS["risks"], {"risk": "资金", "level": "low", "measure": "分期"})}, HALF),
    ("T16.1", {"risks": ()}, 0),
    ("T16.2", {"controllable": ""}, 0),
    ("T16.3", {"controllable": "uncontrollable"}, 0),
    ("T16.3", {"controllable": "uncontrollable", "reassessed": "uncontrollable"}, 0),
    ("T16.3", {"controllable": "uncontrollable", "reassessed": "controllable"}, 1),
    # S5: 2026-05-18 is a Monday; seven working days later is Wednesday the 27th.
    ("T17.1", {"meeting_on": D(2026, 5, 27)}, 1),
    ("T17.1", {"meeting_on": D(2026, 5, 26)}, Fraction(6, 7)),
    ("T17.1", {"meeting_on": D(2026, 5, 18)}, 0),
    ("T17.1", {"meeting_on": D(2026, 5, 11)}, 0),
    ("T17.2", {"review_materials": frozenset({"draft", "basis", "procedure", "public", "experts"})}, 0),
    ("T17.2", {"review_materials": frozenset({"draft", "basis", "procedure", "public", "experts"}), "exempted": frozenset({"T15"})}, 1),
    ("T17.3", {"meeting_on": D(2026, 5, 26)}, 0),
    ("T17.3", {"meeting_on": D(2026, 5, 27)}, 1),
    ("T18.1", {"reviewed_parts": frozenset({"power", "procedure"})}, 0),
    ("T18.2", {"legality": ""}, 0),
    ("T18.2", {"legality": "unlawful"}, 1),
    ("T18.3", {"written_opinion": False}, 0),
    ("T19.1", {"review_points": ({"point": "甲"}, {"point": "乙"}), "handled_points": ({"point": "甲", "result": "adopted"},)}, HALF),
    ("T19.1", {"handled_points": ({"point": "补充依据", "result": "not_adopted"},)}, 0),
    ("T19.1", {"handled_points": ({"point": "补充依据", "result": "not_adopted", "reason": "另有依据"},)}, 1),
    ("T19.1", {"review_points": (), "handled_points": ()}, 1),
    ("T19.1", {"handled_points": ({"point": "别的意见", "result": "adopted"},)}, 0),
    ("T19.1", {"handled_points": ({"point": " 补充依据 ", "result": "adopted"},)}, 1),
    ("T19.1", {"review_points": ({"point": "补充依据"}, {"point": "补充依据"})}, 1),
    ("T19.2", {"lawyers": ()}, 0),
    ("T19.2", rows("lawyers", {"opinion": ""}), 0),
    # S6
    ("T20.1", {"meeting_materials": frozenset({"draft", "public", "experts", "risk", "legality"})}, Fraction(5, 6)),
    ("T20.1", {"meeting_materials": frozenset({"draft", "public", "experts", "risk", "legality"}), "market": False}, 1),
    ("T20.1", {"meeting_materials": frozenset({"draft", "legality"}), "exempted": frozenset({"T11", "T14", "T15"}), "market": False}, 1),
    ("T21.1", {"meeting": "plenary"}, 1),
    ("T21.1", {"meeting": "other"}, 0),
    ("T21.1", {"entitled": 8}, 0),
    ("T21.1", {"entitled": 0, "present": 0}, 0),
    ("T21.1", {"entitled": 3, "present": 4}, 0),
    ("T21.1", {"entitled": 4, "present": 4}, 1),
    ("T21.1", {"entitled": -7, "present": -4}, 0),
    ("T21.2", {"speeches": (*SPEECHES[:3], SPEECHES[3] | {"place": 2})}, 0),
    ("T21.2", {"speeches": SPEECHES[:3]}, 0),
    ("T21.2", {"speeches": ()}, 0),
    ("T21.2", {"speeches": (*SPEECHES[:3], SPEECHES[3] | {"place": 3})}, 0),
    ("T21.2", {"speeches": tuple({**row, "place": None} for row in SPEECHES)}, 0),
    ("T21.2", {"speeches": (SPEECHES[3] | {"place": 1},)}, 1),
    ("T21.3", {"present": 5}, 0),
    ("T21.3", rows("speeches", {}, {"said": ""}), 0),
    ("T21.3", rows("speeches", {"said": ""}), 1),
    ("T21.4", {"departs": True}, 0),
    ("T21.4", {"departs": True, "departs_reason": "保障民生"}, 1),
    ("T21.4", {"speeches": (SPEECHES[1], SPEECHES[3])}, 1),
    ("T21.4", {"speeches": (SPEECHES[1], SPEECHES[1], SPEECHES[3])}, 0),
    ("T22.1", {"party_answered_on": D(2026, 6, 8)}, 1),
    ("T22.1", {"party_answered_on": D(2026, 6, 9)}, 0),
    ("T22.1", {"party_asked_on": D(2026, 6, 4)}, 1),
    ("T22.1", {"party_asked_on": D(2026, 6, 5)}, 0),
    ("T23.1", {"published_on": D(2026, 6, 8)}, 1),
    # Twenty working days from 2026-06-08, the Dragon Boat Festival (19 June) left out: 7 July.
    ("T23.1", {"published_on": D(2026, 7, 7)}, 1),
    ("T23.1", {"published_on": D(2026, 7, 8)}, 0),
    ("T23.1", {"published_on": D(2026, 6, 7)}, 0),
    # The twentieth working day after Friday 15 May is Friday 12 June; Saturday is too late.
    ("T23.1", {"decided_on": D(2026, 5, 15), "published_on": D(2026, 6, 12)}, 1),
    ("T23.1", {"decided_on": D(2026, 5, 15), "published_on": D(2026, 6, 13)}, 0),
    ("T23.1", {"decided_on": D(2026, 11, 16), "published_on": D(2026, 11, 21)}, 0),
    ("T23.2", {"published_in": frozenset({"newspaper", "portal"})}, 1),
    ("T23.2", {"published_in": frozenset({"portal"})}, 0),
    ("T23.2", {"published_in": frozenset({"gazette", "newspaper"})}, 0),
    ("T23.3", {"interpretation": ""}, 0),
    ("T23.3", {"tells_adoption": False}, 0),
    ("T23.3", {"tells_adoption": False, "exempted": frozenset({"T11", "T14"})}, 1),
    # S7
    ("T24.1", rows("executors", {"task": ""}), 0),
    ("T24.1", {"executors": ()}, 0),
    ("T24.2", {"reports_in_time": 1}, HALF),
    ("T24.2", {"reports_due": 0, "reports_in_time": 0}, 1),
    ("T24.2", {"reports_due": 2, "reports_in_time": 0}, 0),
    ("T24.2", {"reports_due": 2, "reports_in_time": -1}, 0),
    ("T24.3", {"changed": "major"}, 0),
    ("T24.3", {"changed": "major", "rerun_case": "150203-31"}, 1),
    ("T24.3", {"changed": "suspended"}, 0),
    ("T24.3", {"changed": "minor"}, 1),
    ("T25.1", {"evaluator_was_assessor": True}, 0),
    ("T25.2", {"evaluation_public": ""}, 0),
    ("T25.2", {"evaluation_used": ""}, 0),
    ("T26.1", {"archived": FLAWLESS["archived"] - {"minutes", "hearing", "party"}}, Fraction(9, 12)),
    ("T26.1", {"archived": FLAWLESS["archived"] - {"hearing", "party"}, "exempted": frozenset({"T10", "T22"})}, 1),
    ("T26.2", {"archived_on": D(2026, 9, 6)}, 1),
    ("T26.2", {"archived_on": D(2026, 9, 7)}, 0),
    ("T26.2", {"archived_on": D(2026, 6, 7)}, 0),
    ("T26.1", {"archived": frozenset()}, 0),
    ("T26.1", {"archived": FLAWLESS["archived"] | {"unheard of"}}, 1),
]


@pytest.mark.parametrize(("code", "changes", "share"), OTHERWISE)
def test_a_check_at_its_boundary(code: str, changes: dict[str, Any], share: int | Fraction) -> None:
    found = CHECKS[code](matter(**changes))
    assert (found.share, found.missing) == (share, False), found


@pytest.mark.parametrize("code", list(CHECKS))
def test_a_flawless_matter_meets_every_check(code: str) -> None:
    assert CHECKS[code](matter()).share == 1


def test_every_check_is_tested_where_it_fails() -> None:
    by_acts = {"T03.1"}
    assert {code for code, _, share in OTHERWISE if share != 1} | by_acts == set(CHECKS)


@pytest.mark.parametrize(("code", "step"), [("T01.2", "propose"), ("T04.1", "draft")])
def test_a_file_is_evidence(code: str, step: str) -> None:
    assert CHECKS[code](matter(files={step: 1})).share == 1
    assert CHECKS[code](matter(files={step: 0})).share == 0
    assert CHECKS[code](matter(files={})).share == 0


def test_a_suspension_is_recorded_with_its_decision() -> None:
    suspended = facts(changed="suspended")
    adjusted = (*acts(), acts(adjust=D(2026, 9, 1))[-1]._replace(step="adjust"))
    assert CHECKS["T24.3"](matter(suspended, done=adjusted)).share == 1
    assert CHECKS["T24.3"](matter(suspended, done=adjusted, files={})).share == 0


PLAN = [{"body": "住建局", "task": "改造", "due_on": "2026-10-01"}, {"body": "财政局", "task": "拨款", "due_on": "2026-11-19"}]


def handed_in(body: str, due_on: str, reported_on: str | None = None) -> dict[str, str | None]:
    return {"body": body, "due_on": due_on, "reported_on": reported_on, "content": "已开工"}


@pytest.mark.parametrize(
    ("plan", "reports", "share"),
    [
        # Two were promised; whoever tells of one alone has reported half.
        (PLAN, [handed_in("住建局", "2026-10-01", "2026-09-30")], HALF),
        (PLAN, [], 0),
        (PLAN, None, 0),
        (PLAN, [handed_in(row["body"], row["due_on"], row["due_on"]) for row in PLAN], 1),
        (PLAN, [handed_in("住建局", "2026-10-01", "2026-10-02"), handed_in("财政局", "2026-11-19", "2026-11-19")], HALF),
        # What was told besides the plan is owed like it: two of three.
        (
            PLAN,
            [handed_in(row["body"], row["due_on"], row["due_on"]) for row in PLAN] + [handed_in("住建局", "2026-09-01")],
            Fraction(2, 3),
        ),
        # Today is 20 November: a day that is not over owes nothing, but what is there counts.
        ([PLAN[0] | {"due_on": "2026-11-20"}], [], 1),
        ([PLAN[0] | {"due_on": "2026-11-20"}], [handed_in("住建局", "2026-11-20", "2026-11-20")], 1),
        ([PLAN[0] | {"due_on": "2027-03-01"}, PLAN[1]], [], 0),
        # An empty day is no report, a day still to come none yet; twice told is one.
        ([], [handed_in("住建局", "2026-10-01", "")], 0),
        ([], [handed_in("住建局", "2026-11-19", "2026-11-21")], 0),
        ([], [handed_in("住建局", "2026-10-01", "2026-10-01")] * 2, 1),
        (None, [handed_in("住建局", "2026-10-01", "2026-10-01"), handed_in("住建局", "2026-10-08")], HALF),
    ],
)
def test_the_plan_says_how_many_reports_are_owed(plan: list[Any] | None, reports: list[Any] | None, share: int | Fraction) -> None:
    """第三十四条, T24.2."""
    told = {key: rows for key, rows in (("executors", plan), ("reports", reports)) if rows is not None}
    found = CHECKS["T24.2"](matter(read(told, {}, AT)))
    assert (found.share, found.missing) == (share, False), found


def test_neither_plan_nor_report_is_missing_and_a_broken_promise_makes_due() -> None:
    assert CHECKS["T24.2"](matter(read({}, {}, AT))).missing
    promised = read({"executors": PLAN}, {}, AT)
    assert DUE["T24"](matter(promised, done=acts(until="plan_execution")))
    assert not DUE["T24"](matter(read({"executors": [PLAN[0] | {"due_on": "2026-11-20"}]}, {}, AT), done=acts(until="plan_execution")))


@pytest.mark.parametrize(("on", "share"), [(D(2026, 3, 2), 1), (D(2026, 3, 3), 0)])
def test_nothing_begins_before_the_start(on: date, share: int) -> None:
    assert CHECKS["T03.1"](matter(done=acts(start=on))).share == share


def test_a_start_before_anything_else_is_enough() -> None:
    assert CHECKS["T03.1"](matter(done=acts(until="start"))).share == 1
    assert CHECKS["T03.1"](matter(done=acts("start"))).missing


def test_before_the_draft_is_handed_in_nothing_comes_too_late() -> None:
    early = acts(until="assess_risk")
    assert CHECKS["T13.3"](matter(done=early)).share == 1
    assert CHECKS["T15.1"](matter(done=early)).share == 1
    assert CHECKS["T15.1"](matter(done=acts("assess_risk"))).share == 0


@pytest.mark.parametrize(("last", "doubtful"), [(D(2026, 4, 11), False), (D(2026, 4, 10), True)])
def test_a_very_short_consultation_wants_a_person(last: date, doubtful: bool) -> None:
    found = CHECKS["T07.1"](matter(**consulted(closes_on=last, shortened_reason="汛期将至")))
    assert (found.share, found.doubtful) == (1, doubtful)


@pytest.mark.parametrize(("held", "doubtful"), [(2, False), (1, True), (0, True)])
def test_a_basis_that_the_library_has_not_wants_a_person(held: int, doubtful: bool) -> None:
    found = CHECKS["T04.2"](matter(basis_cited=held, basis_in_force=held))
    assert (found.share, found.doubtful) == (1, doubtful)


def test_nothing_stated_is_missing_and_no_check_raises() -> None:
    empty = Matter(MatterFacts(at=AT), (), {}, calendar(), matter().limits, closed=True)
    vacuous = {"T01.1", "T24.3"}  # none of five elements; nothing was changed
    for code, check in CHECKS.items():
        found = check(empty)
        assert found.missing or code in vacuous or found.share == 0, code
    for due in DUE.values():
        try:
            assert due(empty) is False
        except Undecided as problem:
            raise AssertionError from problem


@pytest.mark.parametrize("name", [name for name in FLAWLESS if name != "consulted"])
def test_one_unstated_fact_never_raises_and_never_adds(name: str) -> None:
    for code, check in CHECKS.items():
        found = check(matter(facts(name)))
        assert found.share <= check(matter()).share, (code, name)
        assert all(is_known(value) for _, value in found.inputs), (code, name)


def test_what_a_check_shows_can_be_shown() -> None:
    """A check that fails on what it knows does not hand on what it does not know."""
    found = CHECKS["T15.2"](matter(facts("departments_heard", risk_methods=frozenset())))
    assert dict(found.inputs) == {"调查方法": 0, "听取有关部门意见": "尚未登记"}


def test_rows_with_nothing_in_them_never_raise() -> None:
    names = [name for name, value in FLAWLESS.items() if isinstance(value, tuple)]
    for name in names:
        bare = matter(facts(**{name: ({},)}))
        for check in CHECKS.values():
            check(bare)


def test_a_place_may_set_the_limits() -> None:
    found = matter(**consulted(closes_on=D(2026, 5, 15)))
    longer = replace(found, limits=replace(found.limits, consultation=days(60), experts=5, attendance=60))
    assert CHECKS["T07.1"](found).share == 1
    assert CHECKS["T07.1"](longer).share == Fraction(44, 60)
    assert CHECKS["T12.1"](longer).share == 0
    assert CHECKS["T21.1"](longer).share == 0


def test_working_days_follow_the_notices() -> None:
    # National Day 2026: 1 to 7 October off; Saturday the 10th worked.
    assert workdays_between(D(2026, 9, 30), D(2026, 10, 10), calendar()) == 3
    assert workdays_between(D(2026, 9, 30), D(2026, 9, 30), calendar()) == 0
    assert workdays_between(D(2026, 9, 30), D(2026, 9, 1), calendar()) == 0


@pytest.mark.parametrize(
    ("template", "before", "after"),
    [
        ("T01", "", "propose"),
        ("T03", "enter", "start"),
        ("T04", "start", "draft"),
        ("T06", "consult_departments", "plan_participation"),
        ("T17", "prepare_meeting", "deliberate"),
        ("T18", "accept_review", "review"),
        ("T22", "report_party", "decide"),
        ("T24", "publish", "report_progress"),
    ],
)
def test_a_template_is_due_once_its_step_is_done(template: str, before: str, after: str) -> None:
    due = DUE[template]
    assert not due(matter(done=acts(until=before) if before else (), at=datetime(2026, 5, 1, tzinfo=AT.tzinfo)))
    assert due(matter(done=acts(until=after)))


def test_handing_in_for_review_makes_due_what_was_passed_over() -> None:
    skipped = acts("talk_with_groups", "hold_hearing", "argue", "answer_experts", "assess_risk", "feed_back", until="submit_review")
    for template in ("T08", "T09", "T10", "T11", "T13", "T14", "T15", "T16"):
        assert DUE[template](matter(done=skipped)), template


@pytest.mark.parametrize(
    ("template", "done", "last"),
    [
        ("T11", ("consult",), D(2026, 5, 31)),
        ("T23", ("deliberate", "decide"), D(2026, 7, 7)),
        ("T26", ("deliberate", "decide"), D(2026, 9, 6)),
    ],
)
def test_a_term_that_has_run_out_makes_due(template: str, done: tuple[str, ...], last: date) -> None:
    acted = tuple(act for act in acts() if act.step in done)
    on = datetime(last.year, last.month, last.day, 12, tzinfo=AT.tzinfo)
    assert not DUE[template](matter(done=acted, at=on))
    assert DUE[template](matter(done=acted, at=on + timedelta(days=1)))
