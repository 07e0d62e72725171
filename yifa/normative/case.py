"""What the rules of this context may know: the case as the steps stated it and the registers say it. Pure.

Each family of procedures keeps its facts in a file of `cases/`; one class holds them all, since a context reads its cases one way.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from yifa.normative.cases import filing, objection, rulemaking, standing
from yifa.normative.cases.filing import FilingFacts
from yifa.normative.cases.making import Consulted, MakingFacts
from yifa.normative.cases.objection import IncidentalFacts, ObjectionFacts
from yifa.normative.cases.regulation import RegulationFacts
from yifa.normative.cases.standing import StandingFacts
from yifa.procedures.known import stated


@dataclass(frozen=True)
class DocumentFacts(IncidentalFacts, ObjectionFacts, FilingFacts, StandingFacts, RegulationFacts, MakingFacts):
    """The case of a normative document, whatever is done with it. Unstated facts are `unknown`, so that a rule on them waits."""


def read(facts: Mapping[str, Any], register: Mapping[str, Any], at: datetime) -> DocumentFacts:
    """`facts` as merged from the steps (JSON), `register` as the registers answered: the case the rules see."""
    known = (
        stated(DocumentFacts, facts)
        | filing.known(facts, register)
        | objection.known(facts, register)
        | standing.known(register)
        | rulemaking.known(register)
    )
    if body := register.get("organisation"):
        known |= {"maker": body["name"], "maker_kind": body["kind"]}
    if document := register.get("document"):
        known.setdefault("title", document["title"])
        known.setdefault("number", document["number"])
    if asked := register.get("consultation"):
        known["consulted"] = Consulted(
            date.fromisoformat(asked["opens_on"]),
            date.fromisoformat(asked["closes_on"]),
            asked["rounds"],
            asked["comments"],
            asked["unanswered"],
            asked["summarised"],
            asked["shortened_reason"],
        )
    if "evidence_count" in facts:
        known["evidence"] = int(facts["evidence_count"])
    return DocumentFacts(at=at, **known)


def derive(facts: Mapping[str, Any], personal: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """These cases are about documents: nothing follows from anybody's personal data."""
    return {}
