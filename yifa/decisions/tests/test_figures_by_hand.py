"""DEC figures reckoned by hand from entries written by hand: what each act counts, and what the set's formula makes of the sums."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

import pytest

from yifa.decisions.facts import facts
from yifa.facts.seen import Seen

BODY = {"code": "1502030001", "name": "区政府", "kind": "GOVERNMENT", "region": "150203"}
SPEECH = {"name": "甲", "place": 1, "opinion": "for", "said": "同意"}


def act(step: str, stated: Mapping[str, Any], *, chain: str = "m", register: Mapping[str, Any] | None = None, **duties: Any) -> Seen:
    """An entry of a matter, on 15 May 2026."""
    body = {"procedure": "major_decision", "step": step, "happened_at": "2026-05-15T02:00:00Z", "late": False}
    known = {"organisation": BODY, "acts": {"decide": "2026-05-15", "trigger_evaluation": "2026-05-15"}, **(register or {})}
    closed = {"seen": {"facts": stated, "register": known}, "duties": {"opened": [], "closed": [], **duties}}
    return Seen(0, "150200", chain, 1, body, {}, closed)


def closing(total: int, category: str = "policy", *, worked: tuple[int, int] = (300, 300), code: str = "m") -> Seen:
    line = {"check": "T17.1", "state": "scored", "proposed": worked[0], "most": worked[1]}
    told = {
        "dossier": code,
        "organisation": BODY["code"],
        "region": "150203",
        "category": category,
        "total": total,
        "grade": "x",
        "lines": [line],
    }
    return Seen(
        0, "150200", f"score:{code}", 1, {"procedure": "register/score", "step": "close", "happened_at": "2026-05-15T02:00:00Z"}, told, None
    )


def sums(entries: Iterable[Seen]) -> dict[str, tuple[int, int]]:
    """Numerator and denominator of each figure; what stands under one `once` counts once."""
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    seen = set()
    for entry in entries:
        for each in facts(entry):
            if (each.metric, each.month, each.once) not in seen:
                seen.add((each.metric, each.month, each.once))
                found[each.metric][0] += each.numerator
                found[each.metric][1] += each.denominator
    return {metric: (part, whole) for metric, (part, whole) in found.items() if not metric.startswith("DEC.")}


def points(value: Fraction, full: str, zero: str) -> Fraction:
    """§4.3: clip((x − zero) ÷ (full − zero), 0, 1)."""
    return max(Fraction(0), min(Fraction(1), (value - Fraction(zero)) / (Fraction(full) - Fraction(zero))))


def test_the_mean_score_weighs_each_matter_alike() -> None:
    """98.24, 59.00 and 0.00: 157.24 of 300, 0.52413…; below 0.60 nothing. With 98.24 and 90.00 alone: 0.9412, of 0.35 over 0.60."""
    found = sums([closing(9824, code="a"), closing(5900, code="b"), closing(0, code="c")])
    assert found["DEC-10"] == (15_724, 30_000)
    assert points(Fraction(*found["DEC-10"]), "0.95", "0.60") == 0
    found = sums([closing(9824, code="a"), closing(9000, code="b")])
    assert Fraction(*found["DEC-10"]) == Fraction("0.9412")
    assert round(float(points(Fraction(*found["DEC-10"]), "0.95", "0.60")), 4) == 0.9749


@pytest.mark.parametrize(("total", "good"), [(8500, 1), (8499, 0)])
def test_a_plan_is_good_from_85_on(total: int, good: int) -> None:
    assert sums([closing(total, "plan")])["DEC-15"] == (good, 1)
    assert "DEC-15" not in sums([closing(total, "project")])


def test_review_time_counts_what_the_score_found() -> None:
    """Three reviews, one with six of seven working days: 2 of 3, below 0.70, nothing."""
    found = sums([closing(9000, code="a"), closing(9000, code="b"), closing(9000, code="c", worked=(257, 300))])
    assert found["DEC-22"] == (2, 3)
    assert points(Fraction(2, 3), "1.0", "0.7") == 0
    assert points(Fraction(17, 20), "1.0", "0.7") == Fraction(1, 2)


@pytest.mark.parametrize(
    ("legality", "passed"), [("lawful", 1), ("lawful_after_changes", 1), ("exploratory", 1), ("unlawful", 0), (None, 0)]
)
def test_a_meeting_counts_its_opinion_its_record_its_experts_and_its_risks(legality: str | None, passed: int) -> None:
    stated: dict[str, Any] = {
        "legality": legality,
        "speeches": [SPEECH, SPEECH | {"said": ""}],
        "exempted": ["T15"],
        "opinions": [{"name": "辛"}],
    }
    found = sums([act("deliberate", stated)])
    assert found == {"DEC-06": (passed, 1), "DEC-26": (1 - passed, 1), "DEC-25": (0, 1), "DEC-04": (1, 1)}
    # One matter that was not reviewed is already nothing.
    assert points(Fraction(1 - passed), "0", "1") == passed


def test_a_decision_opens_what_it_owes_and_each_debt_is_paid_once() -> None:
    stated = {"meeting": "standing", "exempted": ["T22"], "interpretation": "图解", "interpreted_on": "2026-06-12"}
    opened = [{"step": "publish", "start": "2026-05-15", "due": "2026-06-12"}]
    decided = act("decide", stated, opened=opened)
    assert sums([decided]) == {"DEC-07": (1, 1), "DEC-09": (0, 1), "DEC-12": (0, 1), "DEC-27": (0, 1)}
    for met, good in (("2026-06-12", 1), ("2026-06-13", 0)):
        published = act("publish", stated, closed=[{"step": "publish", "due": "2026-06-12", "met": met}])
        assert sums([decided, published, published])["DEC-12"] == (good, 1)
        assert sums([decided, published])["DEC-27"] == (1, 1)
    # Published in time, explained after the term: not published with its interpretation.
    in_time = [{"step": "publish", "due": "2026-06-12", "met": "2026-06-01"}]
    late = act("publish", stated | {"interpreted_on": "2026-06-13"}, closed=in_time)
    assert (sums([decided, late])["DEC-12"], sums([decided, late])["DEC-27"]) == ((0, 1), (1, 1))


def test_groups_risks_experts_lawyers_and_hearings() -> None:
    risks = [
        {"risk": "a", "level": "high", "measure": "m", "body": "b", "residual": "low"},
        {"risk": "b", "level": "middle", "measure": "m", "body": "", "residual": "low"},
        {"risk": "c", "level": "low"},
    ]
    stated = {"meeting": "other", "exempted": ["T22"], "special_groups": [{"group": "老年人"}], "talks": [], "risks": risks}
    found = sums([act("decide", stated | {"controllable": "controllable"})])
    assert (found["DEC-07"], found["DEC-19"], found["DEC-21"]) == ((0, 1), (0, 1), (1, 2))
    assert sums([act("decide", stated | {"controllable": "uncontrollable"})])["DEC-21"] == (0, 2)
    opinions = [{"name": "辛", "signed": True}, {"name": "壬", "signed": True}, {"name": "癸", "signed": False}]
    told = [
        {"name": "辛", "answer": "adopted"},
        {"name": "壬", "answer": "adopted"},
        {"name": "壬", "answer": ""},
        {"name": "癸", "answer": "partly"},
    ]
    assert sums([act("answer_experts", {"opinions": opinions, "expert_points": told})]) == {"DEC-20": (1, 3)}
    review = {"review_points": [{"point": "甲"}, {"point": "乙"}], "handled_points": [{"point": "甲", "result": "adopted"}]}
    assert sums([act("handle_review", review | {"lawyers": [{"name": "马", "opinion": "合法"}]})]) == {"DEC-23": (1, 1), "DEC-24": (1, 2)}
    # A lawyer who is named and said nothing gave no opinion.
    assert sums([act("handle_review", review | {"lawyers": [{"name": "马", "opinion": ""}]})])["DEC-23"] == (0, 1)
    parts = ["introduced", "stated", "debated", "signed"]
    for sent, ok in (("2026-05-08", 1), ("2026-05-09", 0)):
        heard = {"hearing_sent_on": sent, "hearing_on": "2026-05-15", "hearing_parts": parts}
        assert sums([act("hold_hearing", heard)]) == {"DEC-18": (ok, 1)}


def test_reports_count_once_by_body_and_day() -> None:
    rows = [
        {"body": "住建局", "due_on": "2026-05-01", "reported_on": "2026-05-01"},
        {"body": "住建局", "due_on": "2026-05-08", "reported_on": "2026-05-09"},
    ]
    entry = act("report_progress", {"reports": [*rows, {"body": "财政局", "due_on": "2026-05-08"}]})
    assert sums([entry, entry]) == {"DEC-14": (1, 3)}
    # The same body and day in another matter is another report.
    assert sums([entry, act("report_progress", {"reports": rows}, chain="n")]) == {"DEC-14": (2, 5)}


def test_a_report_that_the_plan_promised_and_nobody_told_counts_when_the_matter_is_closed() -> None:
    """第三十四条: the plan names each body and its day; on 15 May the third is not owed yet."""
    days = ("2026-05-01", "2026-05-08", "2026-05-15")
    plan = {"executors": [{"body": "住建局", "task": "改造", "due_on": day} for day in days]}
    told = act("report_progress", plan | {"reports": [{"body": "住建局", "due_on": "2026-05-01", "reported_on": "2026-05-01"}]})
    assert sums([act("plan_execution", plan)]) == {}
    assert sums([told, act("close", plan)]) == {"DEC-14": (1, 2)}
    assert sums([act("close", {})]) == {}


@pytest.mark.parametrize(
    ("closes", "reason", "ok"), [("2026-05-01", "", 1), ("2026-04-30", "", 0), ("2026-04-30", "汛期将至", 1), ("2026-04-30", " ", 0)]
)
def test_a_consultation_is_long_enough_or_says_why_not(closes: str, reason: str, ok: int) -> None:
    asked = {"opens_on": "2026-04-01", "closes_on": closes, "rounds": 1, "comments": 0, "answered": 0, "not_adopted": 0}
    asked |= {"not_adopted_with_reason": 0, "summarised_on": None, "shortened_reason": reason}
    assert sums([act("feed_back", {}, register={"consultation": asked})]) == {"DEC-03": (ok, 1), "DEC-13": (0, 1)}
