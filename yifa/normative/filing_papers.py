"""From a case of 备案审查 to what its notices and opinions state; also the 纠正通知 of any other review. Pure.

The same case gives the same document.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from yifa.normative.forms.declared_filing import FILED_NOTICE, FORMS
from yifa.normative.procedures.filing import CONCLUSIONS, GROUNDS
from yifa.procedures.context import Paper
from yifa.procedures.stating import stated

# The fact by which the other reviews are known, and what they are called.
REVIEWS = (("objection", "异议审查"), ("reconsideration_number", "行政复议附带审查"))

__all__ = ["FORMS", "values"]


def values(paper: Paper) -> Mapping[str, Any]:
    """The particulars of one form of a filing: the reviewing body issues it, to the maker of the document."""
    document, facts = paper.register["document"], paper.facts
    known: dict[str, Any] = {
        **stated(paper),
        "title": document["title"],
        "document_number": document["number"],
        "maker": document["maker_name"],
        "submitted_on": date.fromisoformat(document["filed_on"]) if document["filed_on"] else None,
        "registered_number": next((number for title, number in paper.earlier if title == FILED_NOTICE.title), ""),
    }
    match paper.form.key:
        case "supplement_notice":
            known["answer_by"] = paper.due.get("supplement_answer")
        case "review_opinion":
            known["conclusion"] = dict(CONCLUSIONS).get(facts.get("conclusion", ""), "")[2:]
            known["measure"] = _measure(facts)
        case "correction_notice":
            known["answer_by"] = paper.due.get("correct_result")
            known["organisation"] = ((paper.register.get("offices") or {}).get("authority") or paper.register["organisation"])["name"]
            known["review"] = next((words for key, words in REVIEWS if key in facts), "备案审查")
    if ground := dict(GROUNDS).get(facts.get("legal_ground", "")):
        known["legal_ground"] = ground
    wanted = {state.key for state in paper.form.states}
    return {key: value for key, value in known.items() if key in wanted}


def _measure(facts: Mapping[str, Any]) -> str:
    """What follows from E, F and H at once: clauses stopped, the decision of whoever may revoke, or to whom the matter goes."""
    match facts.get("conclusion"):
        case "E" if facts.get("stopped_clauses"):
            return f"自本意见书作出之日起停止执行{facts['stopped_clauses']}"
        case "F" if facts.get("decided_by"):
            done = {"revoke": "撤销", "change": "改变"}.get(facts.get("decision", ""), "")
            return f"{facts['decided_by']}已经决定{done}该文件（{facts.get('decision_number', '')}）"
        case "H" if facts.get("transferred_to"):
            return f"移送{facts['transferred_to']}处理"
    return ""
