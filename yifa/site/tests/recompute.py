"""Scores computed a second time, from exported entries and the set's file alone: shares no code with the platform.

Written from the formulas that the pages show, in fractions; used by the tests to prove that a score is what it says it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from typing import Any

Entry = dict[str, Any]
Pairs = dict[str, tuple[int, int]]


def numbers(entries: Iterable[Entry], unit: str, first: str, last: str) -> Pairs:
    """Numerator and denominator of each connected metric for a body (ten digits) or a region (six)."""
    inside = [each for each in entries if _where(each, unit)]
    cases = [each for each in inside if each["body"]["procedure"] == "summary_penalty"]
    now = [each for each in cases if first <= _month(each) <= last]
    decided = [each for each in now if each["body"]["step"] in ("decide", "no_penalty")]
    signed = [each for each in now if each["body"]["step"] in ("decide", "no_penalty", "order_correction")]
    ended = [each for each in now if each["body"]["step"] in ("close", "no_penalty")]
    begun = [each for each in now if each["body"]["step"] == "show_badge"]
    rolls = {
        (each["body"]["organisation"], each["open"]["month"]): each["open"]
        for each in inside
        if each["body"]["procedure"] == "register/roll" and first <= each["open"]["month"] <= last
    }
    scores = [each["open"]["score"] for each in inside if each["body"]["procedure"] == "register/rating" and first <= _month(each) <= last]
    names = [(_case(each)["code"], _month(each), officer) for each in signed for officer in _officers(each)]
    return {
        "ENF-04": _publications(cases, first, last),
        "ENF-10": (
            len({(_case(each)["code"], _month(each), _facts(each)["item"]) for each in decided}),
            sum(roll["items"] for roll in rolls.values()),
        ),
        "ENF-17": (len({(code, month, officer["id"]) for code, month, officer in names}), sum(roll["officers"] for roll in rolls.values())),
        "ENF-02": (sum(officer["changes"][-1][1] == "ACTIVE" for _, _, officer in names), len(names)),
        "ENF-05": (sum(_facts(each)["recording"] == "on" for each in begun), len(begun)),
        "ENF-28": (sum(_is_written(each) for each in ended), len(ended)),
        "ENF-14": (sum(score >= 4 for score in scores), len(scores)),
    }


def _publications(cases: Iterable[Entry], first: str, last: str) -> tuple[int, int]:
    opened: set[str] = set()
    dropped: set[str] = set()
    met: set[str] = set()
    for each in cases:
        chain, duties = each["body"]["chain"], each["closed"]["duties"]
        opened |= {chain for duty in duties["opened"] if duty["step"] == "publish" and first <= duty["due"][:7] <= last}
        for duty in duties["closed"]:
            if duty["step"] == "publish" and first <= duty["due"][:7] <= last:
                (dropped if duty["met"] is None else met if duty["met"] <= duty["due"] else set()).add(chain)
    return len(met), len(opened - dropped)


def _is_written(each: Entry) -> bool:
    wanted = {"close": ("description", "told", "statement", "number"), "no_penalty": ("description", "ground_text", "education")}
    return all(_facts(each).get(key) for key in wanted[each["body"]["step"]])


def _facts(each: Entry) -> dict[str, Any]:
    facts: dict[str, Any] = each["closed"]["seen"]["facts"]
    return facts


def _case(each: Entry) -> dict[str, Any]:
    organisation: dict[str, Any] = each["closed"]["seen"]["register"]["organisation"]
    return organisation


def _officers(each: Entry) -> list[dict[str, Any]]:
    return each["closed"]["seen"]["register"]["officers"] or []


def _month(each: Entry) -> str:
    return (datetime.fromisoformat(each["body"]["happened_at"]) + timedelta(hours=8)).strftime("%Y-%m")


def _where(each: Entry, unit: str) -> bool:
    if each["body"]["procedure"] == "summary_penalty":
        return _inside(_case(each)["code"], _case(each)["region"], unit)
    return _inside(each["body"]["organisation"] or "", each["body"]["region"] or "", unit)


def _inside(code: str, region: str, unit: str) -> bool:
    if len(unit) == 10:
        return code == unit
    while unit.endswith("00"):
        unit = unit[:-2]
    return region.startswith(unit)


def points(metric: dict[str, Any], weight: str, found: tuple[int, int], peers: tuple[int, int]) -> Decimal | None:
    """Points to the cent, from a metric as the set's file states it (numbers as text)."""
    numerator, denominator = found
    if denominator <= 0:
        return None
    x = Fraction(numerator, denominator)
    if denominator < int(metric["min_n"]):
        x = (numerator + 20 * Fraction(*peers)) / (denominator + 20)
    zero, full = Fraction(metric["zero"]), Fraction(metric["full"])
    s = min(Fraction(1), max(Fraction(0), (x - zero) / (full - zero)))
    exact = Fraction(weight) * s
    return (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(Decimal("0.01"), ROUND_HALF_EVEN)
