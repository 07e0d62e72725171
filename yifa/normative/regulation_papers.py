"""From a case of a draft 地方性法规 to what its documents state. Pure: the same case gives the same document."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from yifa.laws.rules import long_day
from yifa.normative.cases.making import Consulted
from yifa.normative.forms.declared_regulation import FORMS
from yifa.normative.procedures.making import DocumentMaking
from yifa.normative.procedures.rulemaking import RuleMaking
from yifa.procedures.context import Paper
from yifa.procedures.core import Step
from yifa.procedures.stating import stated

__all__ = ["FORMS", "values"]

# Examined and explained by the 司法行政部门; announced and proposed by the government itself.
OF_JUSTICE = frozenset({"regulation_examination", "regulation_statement"})


def values(paper: Paper) -> Mapping[str, Any]:
    """The particulars of one form of a draft."""
    body, facts = paper.register["organisation"], paper.facts
    issuing = paper.register["offices"]["justice"] if paper.form.key in OF_JUSTICE else body
    known: dict[str, Any] = {
        **stated(paper),
        "organisation": issuing["name"],
        "maker": body["name"],
        "opinions": _opinions(paper.case.consulted),
    }
    match paper.form.key:
        case "regulation_notice":
            asked = paper.register["consultation"]
            known |= {key: date.fromisoformat(asked[key]) for key in ("opens_on", "closes_on")} | {"contact": asked["contact"]}
        case "regulation_examination":
            known["conclusion"] = _label(RuleMaking.examine, "examined", facts["examined"])
            if reviewed := facts.get("competition_conclusion"):
                known["competition"] = _label(DocumentMaking.compete, "competition_conclusion", reviewed)
            if not paper.case.organs_asked:
                # What was said to an earlier draft is none of this one.
                known = {key: value for key, value in known.items() if key not in {"asked_organs", "organs_said", "coordination"}}
        case "regulation_bill":
            known["addressee"] = f"{body['region_name']}人民代表大会" + ("常务委员会" if facts["receiver"] == "committee" else "")
            known["meeting"] = _label(RuleMaking.deliberate, "government_meeting", facts["government_meeting"]).removeprefix("政府")
            if passed_on := facts["passed_on"]:
                known["passed_on"] = date.fromisoformat(passed_on)
    wanted = {state.key for state in paper.form.states}
    return {key: value for key, value in known.items() if key in wanted}


def _label(step: Step, key: str, value: str) -> str:
    """The words of an answer; none while the form is still empty."""
    return dict(next(each.choices for each in step.asks if each.key == key)).get(value, "")


def _opinions(asked: Consulted | None) -> str:
    if asked is None:
        return "依法需要保密，没有向社会公开征求意见。"
    when = f"{long_day(asked.opens_on)}至{long_day(asked.closes_on)}"
    return f"于{when}向社会公开征求意见，共收到意见{asked.comments}条，全部研究处理并公布采纳情况。"
