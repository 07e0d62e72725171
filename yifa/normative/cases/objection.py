"""What the rules on a citizen's objection (异议审查) and on a review beside a reconsideration (附带审查) may know. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from yifa.normative.cases.common import Common
from yifa.procedures.known import unknown

LAWFUL, UNLAWFUL = "lawful", "unlawful"


@dataclass(frozen=True)
class Objected:
    """An objection as the register has it. `addressed`: this body has it now; `taken`: it has a case of it already.

    `bodies` are those that have dealt with it, so that it is not sent in a circle.
    """

    addressed: bool
    taken: bool
    bodies: frozenset[str]


@dataclass(frozen=True)
class ObjectionFacts(Common):
    """`received_on`: the day on which the objection came to the body that deals with it. `in_territory`: the document was made in the

    place of the body that handles the case, or below it.
    """

    objected: Objected | None = None
    received_on: date = unknown("收到异议的日期")
    in_territory: bool = False
    ended_before: bool = False
    forward_to: str = ""


@dataclass(frozen=True)
class IncidentalFacts(Common):
    """`finding` is what whoever may decide found of the clauses; `examined` what the one who prepared it proposed."""

    registered: bool = unknown("文件是否在登记簿中")
    in_register: bool = False
    suspended_on: date = unknown("行政复议中止日期")
    competent: bool = unknown("本机关是否有权处理")
    forward_way: str = unknown("接受转送的机关")
    examined: str = unknown("审查意见")
    finding: str = unknown("处理意见")
    differs: str = ""
    replied_on: date | None = None
    resumed_on: date | None = None

    @property
    def forwarded_here(self) -> bool:
        return not self.competent and self.forward_way == "here"

    @property
    def forwarded_elsewhere(self) -> bool:
        return not self.competent and self.forward_way == "elsewhere"


def known(facts: Mapping[str, Any], register: Mapping[str, Any]) -> dict[str, Any]:
    """The objection, and whether the document is the handling body's to judge, from the register."""
    body = register.get("organisation") or {}
    found: dict[str, Any] = {name: _day(facts.get(name)) for name in ("replied_on", "resumed_on")}
    if document := register.get("document"):
        found["in_register"] = True
        found["in_territory"] = document["region"].startswith(stem(body.get("region", "")))
        found["ended_before"] = document["ended_on"] is not None
    if objection := register.get("objection"):
        bodies = frozenset(objection["bodies"] or ())
        here = body.get("code")
        found["objected"] = Objected(objection["organisation"] == here, here in bodies, bodies)
        found["received_on"] = date.fromisoformat(objection["sent_on"])
    return found


def stem(region: str) -> str:
    """What the codes of a place and all below it begin with: 150000 -> 15, 150200 -> 1502; a 街道's own code as it is."""
    code = region[:6]
    while code.endswith("00"):
        code = code[:-2]
    return code


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
