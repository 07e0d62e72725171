"""From a penalty case to what its documents state. Pure: the same case gives the same document."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from yifa.documents.remedies import Organ, Remedy
from yifa.documents.words import CHINA
from yifa.enforcement.case import CITIZEN, ENTITY, FINE, TRADER, PenaltyFacts
from yifa.enforcement.forms.declared import ADDRESS, CORRECTION, DECISION, NO_PENALTY, ORDER, SERVICE
from yifa.kernel.calendar.terms import days
from yifa.kernel.citing import Article
from yifa.procedures.context import Paper
from yifa.procedures.party import IDENTITY_KINDS
from yifa.procedures.stating import stated

_KINDS = {CITIZEN: "natural", TRADER: "trader", ENTITY: "entity"}
_STATEMENTS = {
    "none": "当事人无异议，未陈述、申辩。",
    "waived": "当事人明确表示放弃陈述、申辩。",
}
_COLLECT = {
    "small": "一百元以下罚款",
    "hard": "不当场收缴事后难以执行",
    "remote": "边远、水上、交通不便地区，当事人缴纳确有困难并提出",
}


def values(paper: Paper) -> Mapping[str, Any]:
    """The particulars of one form for this case."""
    own = _OF.get(paper.form.key)
    return {**_head(paper), **own(paper), **_signed(paper)} if own else stated(paper)


def _head(paper: Paper) -> dict[str, Any]:
    case: PenaltyFacts = paper.case
    return {
        "organisation": paper.register["organisation"]["name"],
        "case_code": paper.case_number,
        "dated": case.on,
        "code": paper.public_url,
        "proof": paper.proof,
        "party": _party(paper),
        "officers": [{"name": each.name, "certificate": each.certificate} for each in case.officers],
        "item": case.item.name,
    }


def _signed(paper: Paper) -> dict[str, Any]:
    """What is written after the text is fixed: the signatures, or that the party refused to sign."""
    stated: dict[str, Any] = {}
    if officers := paper.personal.get("officer_signatures"):
        stated["officer_signatures"] = officers["people"]
    if party := paper.personal.get("party_signature"):
        stated |= {"party_signature": party, "party_signed_on": paper.case.on}
    elif note := paper.facts.get("refusal_note"):
        stated |= {"refusal": note}
    return stated


def _party(paper: Paper) -> dict[str, Any]:
    party = paper.personal.get("party") or {}
    kind = _KINDS[paper.case.party.kind]
    number, identity = party.get("identity_number", ""), dict(IDENTITY_KINDS).get(party.get("identity_kind", ""), "")
    stated = {"kind": kind, "name": party.get("name", ""), "phone": party.get("phone", ""), "address": party.get("address", "")}
    if kind == "natural":
        born = party.get("born_on") or (f"{number[6:10]}-{number[10:12]}-{number[12:14]}" if party.get("identity_kind") == "id" else "")
        sex = party.get("sex") or (("女", "男")[int(number[16]) % 2] if party.get("identity_kind") == "id" else "")
        return stated | {
            "identity_kind": identity,
            "identity_number": number,
            "sex": sex,
            "birth": date.fromisoformat(born) if born else "",
        }
    person = "operator" if kind == "trader" else "representative"
    return stated | {"credit_code": number, person: party.get("representative", "")}


def _provisions(provisions: tuple[Article, ...], quotes: tuple[str, ...] = ()) -> list[dict[str, str]]:
    """The articles as printed; the quoted words of the 罚则 stand with the first of them."""
    return [{"cite": str(each), "text": "；".join(quotes) if not n else ""} for n, each in enumerate(provisions)]


def _remedy(paper: Paper, *, first: bool) -> Remedy:
    organ, body = paper.register["reviewing"], paper.register["organisation"]
    return Remedy(
        organ=Organ(organ["name"], organ["address"], organ["phone"]),
        body=Organ(body["name"], body["address"], body["phone"]),
        first=first,
        paper="决定书" if first else "通知书" if paper.form is ORDER else "决定书",
    )


def _payment(paper: Paper) -> dict[str, Any]:
    body, facts = paper.register["organisation"], paper.facts
    due = paper.reckon(days(15), paper.case.on)
    if ground := facts.get("collect_ground"):
        return {"way": "on_the_spot", "ground": _COLLECT[ground], "receipt_number": facts.get("receipt", "")}
    if code := facts.get("payment_code"):
        return {"way": "code", "payment_code": code, "due_on": due}
    return {"way": "bank", "bank_name": body["bank_name"], "account_name": body["name"], "account": body["bank_account"], "due_on": due}


def _ended(text: str) -> str:
    """A stated sentence with its full stop, so that the next one may follow in the same paragraph."""
    return text if text.endswith(("。", "！", "？", "”")) else f"{text}。"


def _discretion(case: PenaltyFacts) -> str:
    tier = {"lighter": "从轻", "mitigated": "减轻", "usual": "一般", "heavier": "从重"}[case.tier]
    return f"裁量幅度：{tier}。{_ended(case.tier_reason)}"


def _decision(paper: Paper) -> dict[str, Any]:
    case, facts = paper.case, paper.facts
    said = _STATEMENTS.get(case.statement) or f"当事人陈述、申辩：{_ended(facts['statement_text'])}复核意见：{_ended(facts['review'])}"
    stated = {
        "decided_at": case.at.astimezone(CHINA),
        "place": facts["place"],
        "facts": facts["description"],
        "evidence": list(paper.evidence),
        "breach": _provisions(case.item.breach),
        "basis": _provisions(case.item.penalty, case.item.quotes),
        "discretion": _discretion(case),
        "statement": said,
        "sanctions": sorted(case.sanctions, key=["警告", "罚款"].index),
        "correction": facts.get("correction", ""),
        "remedy": _remedy(paper, first=True),
    }
    return stated | ({"fine_fen": int(case.fine * 100), "payment": _payment(paper)} if FINE in case.sanctions else {})


def _no_penalty(paper: Paper) -> dict[str, Any]:
    facts = paper.facts
    return {
        "facts": facts["description"],
        "evidence": list(paper.evidence),
        "breach": _provisions(paper.case.item.breach),
        "ground": facts["ground"],
        "reason": facts["ground_text"],
        "education": facts.get("education", ""),
        "guardian": facts.get("education", ""),
        "correction": facts.get("correction", ""),
        "remedy": _remedy(paper, first=False),
    }


def _order(paper: Paper) -> dict[str, Any]:
    facts = paper.facts
    by = facts.get("correct_by")
    return {
        "facts": facts["description"],
        "breach": _provisions(paper.case.item.breach),
        "basis": _provisions(paper.case.item.penalty, paper.case.item.quotes),
        "requirements": [line for line in facts["correction"].split("\n") if line],
        "way": "by" if by else "now",
        "due_on": date.fromisoformat(by) if by else "",
        "remedy": _remedy(paper, first=False),
    }


def _address(paper: Paper) -> dict[str, Any]:
    personal, facts = paper.personal, paper.facts
    electronic = bool(facts.get("electronic"))
    return {
        "address": personal.get("service_address", ""),
        "receiver": (personal.get("party") or {}).get("name", ""),
        "receiver_phone": personal.get("service_phone", ""),
        "electronic": "yes" if electronic else "no",
        "channels": [personal.get("electronic_address", "")] if electronic else [],
    }


def _service(paper: Paper) -> dict[str, Any]:
    facts = paper.facts
    stated = {
        # What is handed over by this receipt; the other papers bear the party's signature themselves.
        "papers": [{"title": title, "number": number, "copies": "1"} for title, number in paper.earlier if title == DECISION.title],
        "mode": facts["service_mode"],
        "place": facts["place"],
        "served_at": paper.case.at.astimezone(CHINA),
        "remark": {"party": "", "representative": "由法定代表人（负责人）签收", "agent": "由代理人签收"}[facts["served_on"]],
    }
    if facts["service_mode"] == "D2":
        stated |= {"refusal_reason": facts.get("refusal_note", ""), "left_proof": "recording"}
    return stated


def _correction(paper: Paper) -> dict[str, Any]:
    """C47: names the decision it corrects; the last one, should there ever be more."""
    title, number = next(((title, number) for title, number in reversed(paper.earlier) if title == DECISION.title), ("", ""))
    return {
        "corrected_title": title,
        "corrects": number,
        "wrong": paper.facts["correct_what"],
        "right": paper.facts["correct_to"],
        "reason": paper.facts["correct_reason"],
    }


_OF = {
    DECISION.key: _decision,
    NO_PENALTY.key: _no_penalty,
    ORDER.key: _order,
    ADDRESS.key: _address,
    SERVICE.key: _service,
    CORRECTION.key: _correction,
}
