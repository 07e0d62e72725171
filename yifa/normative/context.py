"""行政规范性文件 as the interpreter sees it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from yifa.normative import (
    case,
    facts,
    filing_queries,
    filing_rows,
    objection_queries,
    objection_rows,
    papers,
    registering,
    relying,
    resting,
    standing_queries,
    standing_rows,
)
from yifa.normative.cases.filing import begin
from yifa.normative.register import REGISTER
from yifa.normative.rules import MAKERS
from yifa.procedures.acts import Doing
from yifa.procedures.context import Context, discover
from yifa.procedures.core import Step
from yifa.procedures.fields import ITEM, Field
from yifa.procedures.known import is_known

REVIEWS = frozenset({"normative_filing", "normative_objection", "normative_incidental"})


def begins(procedure: str, organisation: Mapping[str, Any]) -> bool:
    """Whoever may make documents makes them; 规章 and 法规 are a government's; every review of them is of 司法行政部门 alone."""
    if procedure in REVIEWS:
        return organisation.get("sector") == "司法行政"
    if procedure in {"rule_making", "regulation_drafting"}:
        return organisation.get("kind") == "GOVERNMENT"
    return organisation.get("kind") in MAKERS


PICKED: Mapping[str, Callable[[str], Sequence[tuple[str, str]]]] = {
    "document": filing_queries.waiting,
    "own_document": standing_queries.own_documents,
    "revises": standing_queries.revisable,
    "cleanup_item": standing_queries.cleanup_items,
    "objection": objection_queries.waiting,
    "questioned_document": objection_queries.documents,
    "forward_to": objection_queries.reviewers,
}


def updates(doing: Doing) -> Iterable[tuple[str, Mapping[str, Any], str, Sequence[Any]]]:
    """What an act changes in the register: 备案审查 in its way, decisions on standing documents in theirs."""
    yield from filing_rows.updates(doing)
    yield from standing_rows.updates(doing)
    yield from objection_rows.updates(doing)


def title_of(stated: Mapping[str, Any]) -> str:
    """What the dossier is called: the document's own title."""
    return str(stated.get("title") or "")


def sector_of(stated: Mapping[str, Any]) -> str:
    """Documents that touch business have terms of their own (优化营商环境条例 62)."""
    return "涉企" if stated.get("business") else ""


def choices(field: Field, organisation: Mapping[str, Any]) -> Sequence[tuple[str, str]]:
    """What may be picked for a question whose answers the register holds: documents handed in to this body, its own, those it cleans up."""
    found = PICKED.get(field.key) if field.type == ITEM else None
    return found(organisation.get("code", "")) if found else ()


def called(document: Any) -> str:
    """A case about a document that is in the register is called by its title."""
    return str(document.title) if is_known(document.title) else ""


def initial(step: Step, document: Any) -> Mapping[str, Any]:
    """A level of 备案审查 begins with the answers of the level below: it confirms or changes them."""
    return begin(step.name, document)


def links(procedure: str, code: str) -> Sequence[tuple[str, str]]:
    """备案审查 has a screen of its own, the document beside the law it cites; drafts are compared, and put before the public."""
    if procedure == "normative_objection":
        return [("异议原文", f"/desk/normative/objections/of/{code}/"), ("对照上位法审查", f"/desk/normative/review/{code}/")]
    listed = standing_queries.listed(procedure, code)
    if procedure == "normative_filing":
        return [("对照上位法审查", f"/desk/normative/review/{code}/"), *listed]
    steps = {name for each in NORMATIVE.procedures if each.key == procedure for name in each.steps}
    drafted = [("草案比对", f"/desk/normative/drafts/{code}/")] if "draft" in steps else []
    drafted += [("公开征求意见", f"/desk/participation/?dossier={code}")] if "consult" in steps else []
    return [*drafted, *listed]


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
    rests=resting.rests,
    writes=registering.rows,
    collisions=registering.COLLISIONS,
    updates=updates,
    called=called,
    initial=initial,
    links=links,
    relies=relying.relied,
)
