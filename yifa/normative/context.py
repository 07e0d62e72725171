"""行政规范性文件 as the interpreter sees it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from yifa.normative import case, facts, filing_queries, filing_rows, papers, registering
from yifa.normative.cases.filing import begin
from yifa.normative.register import REGISTER
from yifa.normative.rules import MAKERS
from yifa.procedures.context import Context, discover
from yifa.procedures.core import Step
from yifa.procedures.fields import ITEM, Field
from yifa.procedures.known import is_known


def begins(procedure: str, organisation: Mapping[str, Any]) -> bool:
    """Whoever may make documents makes them; what is handed in is reviewed by 司法行政部门 alone."""
    if procedure == "normative_filing":
        return organisation.get("sector") == "司法行政"
    return organisation.get("kind") in MAKERS


def title_of(stated: Mapping[str, Any]) -> str:
    """What the dossier is called: the document's own title."""
    return str(stated.get("title") or "")


def sector_of(stated: Mapping[str, Any]) -> str:
    """Documents that touch business have terms of their own (优化营商环境条例 62)."""
    return "涉企" if stated.get("business") else ""


def choices(field: Field, organisation: Mapping[str, Any]) -> Sequence[tuple[str, str]]:
    """What may be picked for a question whose answers the register holds: the documents handed in to this body."""
    if field.type != ITEM or field.key != "document":
        return ()
    return filing_queries.waiting(organisation.get("code", ""))


def called(document: Any) -> str:
    """A case about a document that is in the register is called by its title."""
    return str(document.title) if is_known(document.title) else ""


def initial(step: Step, document: Any) -> Mapping[str, Any]:
    """A level of 备案审查 begins with the answers of the level below: it confirms or changes them."""
    return begin(step.name, document)


NORMATIVE = Context(
    name="normative",
    title="行政规范性文件",
    package="yifa.normative",
    procedures=discover("yifa.normative"),
    read=case.read,
    register=REGISTER,
    papers=papers.values,
    title_of=title_of,
    sector_of=sector_of,
    facts=facts.facts,
    derive=case.derive,
    choices=choices,
    begins=begins,
    writes=registering.rows,
    collisions=registering.COLLISIONS,
    updates=filing_rows.updates,
    called=called,
    initial=initial,
)
