"""From a case of a normative document to what its documents state. Pure: the same case gives the same document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from yifa.normative import filing_papers, objection_papers, regulation_papers
from yifa.normative.procedures.making import MATERIALS, OPINIONS
from yifa.procedures.context import Paper
from yifa.procedures.core import BEIJING
from yifa.procedures.stating import stated


def values(paper: Paper) -> Mapping[str, Any]:
    """The particulars of one form: those stated under its own keys, the body that issues it, and lists in words."""
    if paper.form.key in filing_papers.FORMS:
        return filing_papers.values(paper)
    if paper.form.key in objection_papers.FORMS:
        return objection_papers.values(paper)
    if paper.form.key in regulation_papers.FORMS:
        return regulation_papers.values(paper)
    register = paper.register
    office = (register.get("offices") or {}).get("justice") or {}
    issuing = office if paper.form.key in {"legality_opinion", "unified_registration"} else register["organisation"]
    known: dict[str, Any] = {
        **stated(paper),
        "organisation": issuing["name"],
        "maker": register["organisation"]["name"],
        "title": paper.facts.get("title") or (register.get("document") or {}).get("title", ""),
        "dated": paper.at.astimezone(BEIJING).date(),
    }
    match paper.form.key:
        case "legality_opinion":
            known["opinion"] = dict(OPINIONS).get(paper.facts["legality_opinion"], "")
        case "unified_registration":
            known["validity"] = f"自施行之日起{paper.facts['validity_years']}年"
        case "filing_report":
            labels = dict(MATERIALS)
            superior = (register.get("offices") or {}).get("superior") or {}
            known |= {
                "number": paper.facts["doc_number"],
                "published_on": paper.case.published_on,
                "effective_on": paper.case.effective_on,
                "materials": [labels[key] for key in paper.facts["materials"]],
                "receiver": superior.get("name", ""),
            }
    wanted = {state.key for state in paper.form.states}
    return {key: value for key, value in known.items() if key in wanted}
