"""Deductions: by published rules, at most fifteen points, never below nought; a closed round keeps the rules that it knew."""

from __future__ import annotations

from decimal import Decimal

from yifa.assessment import queries
from yifa.assessment.adjustments import RULES, Adjustment, adjusted, taken
from yifa.assessment.files import committed, parse
from yifa.assessment.queries import Sums, Unit

D = Decimal
SET = parse(next(committed()))
DISTRICT = Unit("150203", "昆都仑区", "150203", 3, is_region=True)
CITY = Unit("150200", "包头市", "150200", 2, is_region=True)
ROWS = [
    ("DEC.R6", "1502030001", "150203", 200, 1, 1),
    ("ENF-02", "x", "150203", 1, 1, 1),
    ("DEC-10", "1502030001", "150203", 9000, 10_000, 1),
]


def test_deductions_are_capped_and_no_total_falls_below_nought() -> None:
    (rule,) = [each for each in RULES if each.key == "DEC.R6"]
    assert taken([]) == 0
    assert taken([Adjustment(rule, 200, 1), Adjustment(rule, 400, 2)]) == D(6)
    assert taken([Adjustment(rule, 1600, 8)]) == D(15)
    assert adjusted(D("88.20"), [Adjustment(rule, 200, 1)]) == D("86.20")
    assert adjusted(D("1.00"), [Adjustment(rule, 200, 1)]) == 0
    assert adjusted(None, [Adjustment(rule, 200, 1)]) is None


def test_a_government_is_charged_and_not_the_region_above_it() -> None:
    sums = Sums(ROWS, {})
    district = queries.score_sheet(SET, DISTRICT, sums)
    assert [(each.rule.key, each.hundredths, each.cases) for each in district.adjustments] == [("DEC.R6", 200, 1)]
    assert district.whole.rebased is not None
    assert district.total == district.whole.rebased - 2
    assert district.book()["total"] == str(district.total)
    assert district.book()["adjustments"] == {"K01": ["2", 1]}
    city = queries.score_sheet(SET, CITY, sums)
    assert (city.adjustments, city.total) == ((), city.whole.rebased)
    assert "adjustments" not in city.book()
    assert queries.score_sheet(SET, Unit("1502030021", "水务局", "150203", 3, is_region=False), sums).adjustments == ()


def test_a_round_that_did_not_know_a_rule_is_computed_without_it() -> None:
    earlier = [each for each in queries.CONNECTED if each != "DEC.R6"]
    found = queries.score_sheet(SET, DISTRICT, Sums(ROWS, {}), earlier)
    assert (found.adjustments, found.total) == ((), found.whole.rebased)


def test_a_count_is_judged_only_where_there_was_an_occasion() -> None:
    """未审先上会: a unit without any meeting earns nothing by it; one with a meeting that was in order earns all."""
    outcome = next(each.code for _, _, each in SET.outcomes() if each.metric == "DEC-26")
    none = queries.score_sheet(SET, DISTRICT, Sums([], {})).line(outcome)
    held = queries.score_sheet(SET, DISTRICT, Sums([("DEC-26", "1502030001", "150203", 0, 1, 1)], {})).line(outcome)
    wrong = queries.score_sheet(SET, DISTRICT, Sums([("DEC-26", "1502030001", "150203", 1, 1, 1)], {})).line(outcome)
    assert none is not None
    assert held is not None
    assert wrong is not None
    assert (none.state, none.points) == ("empty", None)
    assert held.share is not None
    assert held.share.s == 1
    assert wrong.share is not None
    assert wrong.share.s == 0
