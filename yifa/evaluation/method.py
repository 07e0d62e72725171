"""The method of an evaluation, read from `method.toml`: weights, limits, which acts count. Pure.

It is taken into every frozen report, so that an old result can be read by the method of its day.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "method.toml"
PARTS = ("e1", "e2", "e3", "e4", "e5", "e6")


@dataclass(frozen=True)
class Kind:
    """A kind of act that uses articles. Without `steps` no context supplies it yet; `cap` limits its events of a period."""

    key: str
    name: str
    weight: Decimal
    steps: tuple[str, ...]
    cap: int | None = None


@dataclass(frozen=True)
class Stratum:
    """A group of persons with its share of the population; the weights of all sum to 1."""

    key: str
    name: str
    weight: Decimal


@dataclass(frozen=True)
class Awareness:
    strata: tuple[Stratum, ...]
    items: int
    least_items: int
    passed: Decimal
    least_in_stratum: int
    least_in_all: int
    again_after_days: int
    seconds_an_item: int
    hours_to_answer: int

    def stratum(self, key: str) -> Stratum | None:
        return next((each for each in self.strata if each.key == key), None)


@dataclass(frozen=True)
class Effect:
    weights: Mapping[str, Decimal]
    least_acts: int
    least_weight: Decimal
    shrink: int
    repeat_months: int
    performed: tuple[str, ...]
    high: Decimal


@dataclass(frozen=True)
class Method:
    kinds: tuple[Kind, ...]
    awareness: Awareness
    effect: Effect
    days_in_force: int
    asleep_years: int

    @property
    def steps(self) -> dict[str, str]:
        """`procedure/step` -> kind."""
        return {step: kind.key for kind in self.kinds for step in kind.steps}


def read(text: str) -> Method:
    """Raises KeyError on what is missing and ValueError on weights that do not sum to one."""
    told = tomllib.loads(text)
    method = Method(
        kinds=tuple(_kind(each) for each in told["usage"]),
        awareness=_awareness(told["awareness"]),
        effect=_effect(told["effect"]),
        days_in_force=told["period"]["days_in_force"],
        asleep_years=told["period"]["asleep_years"],
    )
    for name, weights in (
        ("awareness", [each.weight for each in method.awareness.strata]),
        ("effect", list(method.effect.weights.values())),
    ):
        if sum(weights) != 1:
            raise ValueError(f"the weights of {name} sum to {sum(weights)}, not to 1")
    return method


@cache
def installed() -> Method:
    return read(FILE.read_text(encoding="utf-8"))


def _kind(row: Mapping[str, Any]) -> Kind:
    return Kind(row["kind"], row["name"], Decimal(row["weight"]), tuple(row["steps"]), row.get("cap"))


def _awareness(row: Mapping[str, Any]) -> Awareness:
    return Awareness(
        strata=tuple(Stratum(each["key"], each["name"], Decimal(each["weight"])) for each in row["stratum"]),
        items=row["items"],
        least_items=row["least_items"],
        passed=Decimal(row["pass"]),
        least_in_stratum=row["least_in_stratum"],
        least_in_all=row["least_in_all"],
        again_after_days=row["again_after_days"],
        seconds_an_item=row["seconds_an_item"],
        hours_to_answer=row["hours_to_answer"],
    )


def _effect(row: Mapping[str, Any]) -> Effect:
    return Effect(
        weights={part: Decimal(row["weights"][part]) for part in PARTS},
        least_acts=row["least_acts"],
        least_weight=Decimal(row["least_weight"]),
        shrink=row["shrink"],
        repeat_months=row["repeat_months"],
        performed=tuple(row["performed"]),
        high=Decimal(row["high"]),
    )
