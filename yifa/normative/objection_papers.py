"""From an objection, or a review beside a reconsideration, to what its documents state. Pure: the same case gives the same document."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from yifa.normative.cases.objection import UNLAWFUL
from yifa.normative.forms.declared_objection import FORMS
from yifa.normative.procedures.filing import GROUNDS
from yifa.normative.procedures.objection import DECLINED_FOR, FOUND
from yifa.procedures.context import Paper
from yifa.procedures.stating import stated

__all__ = ["FORMS", "values"]

# The conclusions of a review as whoever objected understands them.
CONCLUDED = {
    "A": "文件合法、适当",
    "B": "文件合法，有需要完善之处，已经提醒制定机关",
    "C": "文件的制定材料不完备，已经要求制定机关补正",
    "D": "文件有应当纠正的条款，已经要求制定机关限期改正",
    "E": "文件有违法的条款，决定停止执行",
    "F": "文件有违法的条款，由有权机关撤销或者改变",
    "G": "所涉文件不属于行政规范性文件",
    "H": "移送有权机关处理",
}


def values(paper: Paper) -> Mapping[str, Any]:
    """The particulars of one form of either review. A document that is not in the register is as the handler named it."""
    facts, register = paper.facts, paper.register
    document, offices = register.get("document") or {}, register.get("offices") or {}
    authority = offices.get("authority") or {}
    known: dict[str, Any] = {
        **stated(paper),
        "title": document.get("title") or facts.get("title", ""),
        "document_number": document.get("number") or facts.get("document_number", ""),
        "maker": document.get("maker_name") or facts.get("document_maker", ""),
        "receiver": (register.get("receiver") or {}).get("name") or facts.get("forward_name", ""),
        "conclude_by": paper.due.get("conclude"),
        "answer_by": paper.due.get("answer"),
        "reply_by": paper.due.get("reply") or paper.due.get("record_reply"),
    }
    if objection := register.get("objection"):
        known["received_on"] = date.fromisoformat(objection["received_on"])
    if "suspended_on" in facts:
        known["suspended_on"] = date.fromisoformat(facts["suspended_on"])
    if ground := dict(GROUNDS).get(facts.get("legal_ground", "")):
        known["legal_ground"] = ground
    match paper.form.key:
        case "objection_declined":
            known["declined_for"] = dict(DECLINED_FOR).get(facts["declined_for"], "")
        case "objection_answer":
            known["conclusion"] = CONCLUDED.get(facts["conclusion"], "")
            known["measure"] = _measure(facts)
        case "incidental_opinion":
            known |= {"finding": dict(FOUND).get(facts["finding"], ""), "measure": _stopping(facts)}
            # What another body replies goes to the one that reconsiders; what that one decides itself, to the maker.
            replied = paper.step == "reply"
            known["organisation"] = authority["name"] if replied else register["organisation"]["name"]
            known["addressee"] = register["organisation"]["name"] if replied else known["maker"]
    wanted = {state.key for state in paper.form.states}
    return {key: value for key, value in known.items() if key in wanted}


def _measure(facts: Mapping[str, Any]) -> str:
    """What follows for the document at once."""
    match facts.get("conclusion"):
        case "E":
            return f"自本答复书作出之日起停止执行{facts['stopped_clauses']}，并要求制定机关纠正"
        case "F":
            done = {"revoke": "撤销", "change": "改变"}[facts["decision"]]
            return f"{facts['decided_by']}已经决定{done}该文件（{facts['decision_number']}）"
        case "H":
            return f"移送{facts['transferred_to']}处理"
    return ""


def _stopping(facts: Mapping[str, Any]) -> str:
    """行政复议法 59: a clause that is lawful is spoken of in the decision on the case; one that is not is stopped, and to be corrected."""
    if facts["finding"] == UNLAWFUL:
        return f"自本意见书作出之日起停止执行{facts['stopped_clauses']}，责令制定机关予以纠正"
    return "相关条款合法，在行政复议决定书中一并告知"
