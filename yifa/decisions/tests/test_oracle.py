"""The score against a second reckoning that shares no code with it: every check, every total, red lines alone and together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yifa.decisions import templates
from yifa.decisions.checks.registry import CHECKS
from yifa.decisions.scoring import Score, score
from yifa.decisions.template_set import shown
from yifa.decisions.tests import oracle
from yifa.decisions.tests.matters import AT, EXPERT, FILES, FLAWLESS, acts, facts, matter

SET = templates.installed()
D = date


def day(first: date, last: date) -> st.SearchStrategy[date]:
    return st.dates(first, last)


def rows(*each: dict[str, Any], most: int = 4) -> st.SearchStrategy[tuple[dict[str, Any], ...]]:
    return st.lists(st.sampled_from(each), max_size=most).map(tuple)


def some(*names: str) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(names))


TEXT = st.sampled_from(["说明", "", " ", "\u3000", "x"])
COMMENTS = st.integers(0, 7).flatmap(
    lambda n: st.integers(0, n).flatmap(
        lambda answered: st.integers(0, answered).flatmap(
            lambda refused: st.fixed_dictionaries(
                {"comments": st.just(n), "answered": st.just(answered), "not_adopted": st.just(refused)}
                | {"not_adopted_with_reason": st.integers(0, refused), "closes_on": day(D(2026, 3, 25), D(2026, 5, 3))}
                | {"summarised_on": st.none() | day(D(2026, 4, 20), D(2026, 6, 5)), "shortened_reason": TEXT}
            )
        )
    )
)
SPEAKERS = st.lists(st.tuples(st.sampled_from(["for", "against", "reserve"]), st.sampled_from(["同意", ""])), max_size=5).flatmap(
    lambda said: st.permutations(range(1, len(said) + 1)).map(
        lambda places: tuple(
            {"name": f"成员{n}", "place": places[n], "opinion": opinion, "said": words, **({"head": True} if n == 0 else {})}
            for n, (opinion, words) in enumerate(said)
        )
    )
)
UNIT = {"unit": "财政局", "asked_on": "2026-03-05"}
CHANGES: Mapping[str, st.SearchStrategy[Any]] = {
    **dict.fromkeys(("category", "source", "problem", "grounds", "first_plan", "necessity", "feasibility", "lead"), TEXT),
    **dict.fromkeys(("responsible", "cost_benefit", "closed_reason", "affected", "hearing_method", "hearing_report"), TEXT),
    **dict.fromkeys(("hearing_handled", "departs_reason", "interpretation", "evaluation_public", "evaluation_used"), TEXT),
    "evaluation_conclusion": TEXT,
    "party_agreed_on": day(D(2026, 1, 28), D(2026, 2, 2)),
    "catalogue_published_on": st.sampled_from([D(2026, 1, 30), D(2026, 3, 31), D(2026, 4, 1)]),
    "added_on": st.just(D(2026, 4, 20)),
    "added_published_on": day(D(2026, 4, 18), D(2026, 5, 22)),
    "undertakers": rows({"name": "住建局"}, {"name": "财政局"}).filter(lambda found: len({row["name"] for row in found}) == len(found)),
    "research": rows({"way": "走访"}, most=1),
    "basis": rows({"law": "某条例"}, most=2),
    "basis_in_force": st.integers(0, 2),
    "alternatives": st.integers(0, 3),
    "disputed": st.booleans(),
    "consulted_units": rows(
        UNIT | {"replied_on": "2026-03-09"},
        UNIT,
        UNIT | {"urged": True},
        UNIT | {"replied_on": "2026-03-05", "dispute": "资金", "settled": "已说明"},
        UNIT | {"dispute": "资金", "settled": ""},
    ),
    "ways": some("open", "forum", "visit"),
    "open_matter": st.booleans(),
    "closed_approved": st.booleans(),
    "affected_count": st.integers(-1, 2),
    "media": some("portal", "wechat", "notice"),
    "with_draft": st.booleans(),
    "with_explanation": st.booleans(),
    "classified": st.integers(0, 8),
    "special_groups": rows({"group": "老年人"}, {"group": "学生"}, most=2),
    "talks": rows({"group": "老年人"}, {"group": "学生", "points": "校车", "handled": "采纳"}, {"group": "学生", "points": "噪声"}),
    "hearing_listed_on": day(D(2026, 4, 28), D(2026, 5, 1)),
    "hearing_sent_on": day(D(2026, 4, 21), D(2026, 5, 2)),
    "hearing_people": rows({"name": "己", "side": "用户"}, {"name": "庚", "side": "供热企业"}),
    "hearing_sides": rows({"side": "用户"}, {"side": "供热企业"}),
    "hearing_parts": some("introduced", "stated", "debated", "signed"),
    "experts": st.lists(
        st.sampled_from(
            [
                EXPERT,
                EXPERT | {"field": "暖通", "belongs": True},
                EXPERT | {"interest": True},
                EXPERT | {"kind": "institution"},
                {"kind": "expert", "field": "暖通", "belongs": False},
            ]
        ),
        max_size=5,
    ).map(lambda found: tuple(row | {"name": f"专家{n}"} for n, row in enumerate(found))),
    "expert_fields": rows({"field": "城市规划"}, {"field": "暖通"}),
    "opinions": rows(
        {"name": "辛", "necessity": True, "feasibility": True, "signed": True},
        {"name": "壬", "science": True, "signed": False},
        {"signed": True},
    ),
    "argued_on": day(D(2026, 5, 16), D(2026, 5, 19)),
    "expert_points": rows({"answer": "adopted"}, {"answer": "partly", "reason": "另案"}, {"answer": "not_adopted"}, {"answer": ""}),
    "assessed_on": day(D(2026, 5, 16), D(2026, 5, 19)),
    "risk_methods": some("opinion", "visits", "survey"),
    "departments_heard": st.booleans(),
    "existing_assessment": st.sampled_from(["none", "linked", "repeated"]),
    "risks": rows(
        {"risk": "扰民", "probability": 5, "effect": 1, "level": "low", "measure": "错峰", "body": "住建局"},
        {"risk": "资金", "probability": 1, "effect": 5, "level": "high", "measure": "分期"},
        {"risk": "舆情", "probability": 6, "effect": 0, "level": "high", "measure": "回应", "body": "住建局"},
    ),
    "controllable": st.sampled_from(["controllable", "uncontrollable", ""]),
    "reassessed": st.sampled_from(["", "controllable", "uncontrollable"]),
    "review_materials": some("draft", "basis", "procedure", "public", "experts", "risk"),
    "review_accepted_on": day(D(2026, 4, 1), D(2026, 6, 1)),
    "reviewed_parts": some("power", "procedure", "content"),
    "legality": st.sampled_from(["lawful", "lawful_after_changes", "unlawful", "exploratory"]),
    "review_points": rows({"point": "甲"}, {"point": "乙"}, {"point": "丙"}),
    "handled_points": rows(
        {"point": "甲", "result": "adopted"},
        {"point": "乙", "result": "partly", "reason": "另议"},
        {"point": "丙", "result": "not_adopted"},
    ),
    "written_opinion": st.booleans(),
    "lawyers": rows({"name": "壬", "opinion": "合法"}, {"name": "癸", "opinion": ""}),
    "market": st.booleans(),
    "meeting_materials": some("draft", "competition", "public", "experts", "risk", "legality"),
    "meeting": st.sampled_from(["standing", "plenary", "other"]),
    "meeting_on": day(D(2026, 5, 20), D(2026, 6, 9)),
    "entitled": st.integers(0, 9),
    "present": st.integers(0, 9),
    "speeches": SPEAKERS,
    "outcome": st.sampled_from(["adopted", "rejected", "revise"]),
    "departs": st.booleans(),
    "party_asked_on": day(D(2026, 6, 1), D(2026, 6, 10)),
    "party_answered_on": day(D(2026, 6, 1), D(2026, 6, 10)),
    "published_on": day(D(2026, 6, 6), D(2026, 7, 10)),
    "published_in": some("gazette", "portal", "newspaper"),
    "tells_adoption": st.booleans(),
    "executors": rows({"body": "住建局", "task": "一期"}, {"body": "水务局", "task": ""}),
    "reports_due": st.integers(0, 5),
    "reports_in_time": st.integers(0, 5),
    "changed": st.sampled_from(["none", "minor", "major", "suspended"]),
    "rerun_case": TEXT,
    "evaluation_trigger": st.sampled_from(["none", "effect", "opinions"]),
    "evaluator_was_assessor": st.booleans(),
    "archived": st.frozensets(st.sampled_from(oracle.PAPERS)),
    "archived_on": day(D(2026, 9, 3), D(2026, 9, 9)),
    "exempted": st.frozensets(st.sampled_from(sorted(oracle.APPROVED | {"T01", "T17", "T25"})), max_size=4),
}
# A fact that has a default is as if it were told.
WITHOUT = sorted(set(FLAWLESS) - {"consulted", "lead", "cost_benefit", "hearing_report", "hearing_handled", "interpretation", "market"})


def both(
    changes: Mapping[str, Any], *, without: frozenset[str] = frozenset(), undone: frozenset[str] = frozenset(), **more: Any
) -> tuple[oracle.Plain, Score]:
    """The same matter told to the oracle and to the platform."""
    changes = {name: value for name, value in changes.items() if name not in without}
    told = {name: value for name, value in {**FLAWLESS, **changes}.items() if name not in without}
    asked = replace(FLAWLESS["consulted"], **changes["asked"]) if "asked" in changes else FLAWLESS["consulted"]
    told = {name: value for name, value in told.items() if name != "asked"} | {"consulted": asked}
    done, verified = acts(*undone, **more.pop("days", {})), more.pop("verified", frozenset())
    days = {act.step: act.on for act in done}
    plain = oracle.Plain(told | {"consulted": asdict(asked)}, days, FILES, AT.date(), verified)
    stated = {name: value for name, value in told.items() if name not in FLAWLESS or value is not FLAWLESS[name]}
    found = matter(facts(*(set(FLAWLESS) - set(told)), **stated), done=done, verified=verified)
    return plain, score(found, SET)


def same(plain: oracle.Plain, found: Score) -> None:
    """Every share that counts, every template and the total."""
    reckoned, gone = oracle.shares(plain), oracle.gone(plain)
    assert {each.template.code for each in found.templates if each.state == "not_applicable"} == gone
    for line in found.lines:
        if line.item.code.partition(".")[0] not in gone:
            proposed = Fraction(line.proposed) / line.item.points
            assert proposed == reckoned[line.item.code], (line.item.code, line.outcome, reckoned[line.item.code])
    total, by_template = oracle.closing(plain)
    assert sorted(red.code for red in found.red_lines) == sorted(oracle.crossed(plain))
    assert {each.template.code: Decimal(shown(each.part.got)) for each in found.templates if each.template.code not in gone} == by_template
    assert found.total is not None
    assert Decimal(shown(found.total)) == total


def test_the_oracle_knows_every_check() -> None:
    assert set(oracle.JUDGES) == set(CHECKS)
    assert oracle.closing(both({})[0])[0] == 100


@settings(max_examples=120, deadline=None)
@given(
    st.fixed_dictionaries({}, optional={**CHANGES, "asked": COMMENTS}),
    st.frozensets(st.sampled_from(WITHOUT), max_size=3),
    st.frozensets(
        st.sampled_from(["review", "deliberate", "decide", "submit_review", "assess_risk", "argue", "draft", "start"]), max_size=2
    ),
    some("R5", "R6"),
)
def test_a_matter_scores_as_the_oracle_reckons(
    changes: dict[str, Any], without: frozenset[str], undone: frozenset[str], verified: frozenset[str]
) -> None:
    same(*both(changes, without=without, undone=undone, verified=verified if len(verified) == 1 else frozenset()))


@settings(max_examples=40, deadline=None)
@given(day(D(2026, 3, 25), D(2026, 9, 24)), st.integers(0, 40))
def test_working_days_of_2026_are_counted_alike(first: date, days: int) -> None:
    last = first + timedelta(days=days)
    told = {"review_accepted_on": first, "meeting_on": last, "decided_on": first, "published_on": last}
    same(*both(told))


CROSSINGS: Mapping[str, dict[str, Any]] = {
    "R1": {"undone": frozenset({"review"})},
    "R2": {"changes": {"legality": "unlawful"}},
    "R3": {"changes": {"meeting": "other"}},
    "R4": {"changes": {"controllable": "uncontrollable"}},
    "R5": {"verified": frozenset({"R5"})},
    "R6": {"verified": frozenset({"R6"})},
}


@pytest.mark.parametrize("codes", [codes for n in range(7) for codes in combinations(CROSSINGS, n)], ids="+".join)
def test_every_combination_of_red_lines(codes: tuple[str, ...]) -> None:
    """All sixty-four: what is capped, what is nought, what the unit loses."""
    changes: dict[str, Any] = {}
    undone, verified = frozenset[str](), frozenset[str]()
    for code in codes:
        changes |= CROSSINGS[code].get("changes", {})
        undone |= CROSSINGS[code].get("undone", frozenset())
        verified |= CROSSINGS[code].get("verified", frozenset())
    plain, found = both(changes, undone=undone, verified=verified)
    same(plain, found)
    assert [red.code for red in found.red_lines] == list(codes)
    assert found.total == (10_000 if not codes else 0 if {"R5", "R6"} & set(codes) else 5_900)
    assert found.deduction == (200 if "R6" in codes else 0)
    assert found.grade == ("优秀" if not codes else "不合格")


def test_a_whole_point_that_is_not_owed_gives_its_weight_to_the_others() -> None:
    plain, found = both({"exempted": frozenset({"T12", "T13", "T14", "T15", "T16"}), "written_opinion": False})
    same(plain, found)
    assert (found.whole.counted, found.total) == (7_500, 9_867)  # 74 of 75
    assert found.is_exempt("S3")
    assert found.is_exempt("S4")
    assert not found.is_exempt("S5")
