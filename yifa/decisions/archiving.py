"""What of a matter is there to be archived, as its record shows it (第三十三条). Pure: a proposal; what was archived a person states."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from yifa.decisions.case import MatterFacts
from yifa.decisions.checks.s7 import owed_to_archive
from yifa.decisions.matter import applies
from yifa.procedures.known import is_known

# By which statement of the record each paper is known to be there. Every step that states it brings the paper, or gives it.
SHOWN_BY: Mapping[str, Callable[[MatterFacts], bool]] = {
    "proposal": lambda facts: is_known(facts.problem),
    "start": lambda facts: is_known(facts.undertakers),
    "draft": lambda facts: is_known(facts.alternatives),
    "departments": lambda facts: is_known(facts.consulted_units),
    "public": lambda facts: is_known(facts.classified),
    "hearing": lambda facts: bool(facts.hearing_report),
    "experts": lambda facts: is_known(facts.opinions),
    "risk": lambda facts: is_known(facts.assessor),
    "legality": lambda facts: is_known(facts.legality),
    "minutes": lambda facts: is_known(facts.outcome),
    "party": lambda facts: is_known(facts.party_number),
    "decision": lambda facts: is_known(facts.decision_number) and (is_known(facts.published_on) or not applies(facts, "T23")),
}


def held(facts: MatterFacts) -> list[str]:
    """The keys of the papers that the record holds."""
    return [key for key, shows in SHOWN_BY.items() if shows(facts)]


def lacking(facts: MatterFacts) -> list[str]:
    """What the matter owes to its archive and the record does not hold, in words."""
    there = set(held(facts))
    return [label for key, label in owed_to_archive(facts).items() if key not in there]


def proposed(facts: MatterFacts) -> dict[str, Any]:
    """The answers the form of archiving begins with."""
    return {"archived": held(facts), "archive_pages": str(facts.pages_held)}


def remarks(facts: MatterFacts) -> list[str]:
    """What whoever archives should know before he signs for it."""
    found = [f"已按记录勾选现有材料，卷内现有{facts.pages_held}页；请与实物核对后再归档。"]
    if missing := lacking(facts):
        found.append(f"应当归档而记录中没有的：{'、'.join(missing)}。先补办或者补录；确实没有的，归档目录列为缺少的材料。")
    return found
