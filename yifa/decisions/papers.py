"""From a case of a major decision to what its documents state. Pure: the same case gives the same document."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from yifa.decisions import adopted, responsibility, telling
from yifa.decisions.checks.s7 import owed_to_archive
from yifa.decisions.forms.declared import ARCHIVED, HEARING_LIST, POINTS
from yifa.decisions.procedures.major import MajorDecision
from yifa.documents.words import CHINA, date_text
from yifa.procedures.context import Paper, Piece
from yifa.procedures.fields import Field
from yifa.procedures.stating import stated

# Whose document it is: the government's, the reviewing department's; all others are the undertaking body's.
OF_GOVERNMENT = {
    "decision_start",
    "decision_minutes",
    "decision_published",
    "decision_interpretation",
    "decision_adjustment",
    "decision_removal",
}
# Whose particulars come from the registers, besides those stated.
OF_REGISTERS = {"decision_request", "decision_hearing_list", "decision_consultation", "decision_adoption", "decision_interpretation"}
OF_JUSTICE = {"decision_legality", "decision_supervision"}
SIDES = (("necessity", "必要性"), ("feasibility", "可行性"), ("science", "科学性"))


def needed(paper: Paper) -> Mapping[str, Any] | None:
    """The particulars of one form; None for a list of participants that lies in the file since it was published: no second one is given."""
    if paper.form is HEARING_LIST and paper.step == "hold_hearing" and any(title == HEARING_LIST.title for title, _ in paper.earlier):
        return None
    return values(paper)


def values(paper: Paper) -> Mapping[str, Any]:
    """The particulars of one form: those stated under its own keys, the body that issues it, lists and choices in words."""
    offices = paper.register.get("offices") or {}
    own = paper.register["organisation"]
    issuing = own
    if paper.form.key in OF_GOVERNMENT:
        issuing = offices.get("government") or own
    elif paper.form.key in OF_JUSTICE and not offices.get("pressed"):
        issuing = offices.get("justice") or own
    known = {
        **stated(paper),
        "organisation": issuing["name"],
        "undertaker": (offices.get("pressed") or own)["name"],
        "title": paper.facts.get("title") or f"{paper.facts['pressed_year']}年度重大行政决策事项目录",
        "answer_by": paper.due.get("answer_supervision"),
        **(telling.told(paper) if paper.form.key in OF_REGISTERS else {}),
        **(_responsibility(paper) if paper.form.tells_course else {}),
        **(_archive(paper) if paper.form.key == "decision_archive" else {}),
        **(_published(paper, issuing["name"]) if paper.form.key == "decision_published" else {}),
        **(PARTICULARS[paper.form.key](paper.facts) if paper.form.key in PARTICULARS else {}),
    }
    wanted = {state.key for state in paper.form.states}
    return {key: value for key, value in known.items() if key in wanted}


Facts = Mapping[str, Any]


def _minutes(facts: Facts) -> dict[str, Any]:
    return {
        "meeting_kind": word("meeting", facts),
        "attendance": f"应到{facts['entitled']}人，实到{facts['present']}人",
        "speeches": sorted(table("speeches", facts), key=lambda row: row.get("place") or 0),
        "outcome": word("outcome", facts),
    }


def _legality(facts: Facts) -> dict[str, Any]:
    return {
        "parts": words("reviewed_parts", facts),
        "conclusion": word("legality", facts),
        "risks": facts.get("review_risks"),
        "review_points": table("review_points", facts),
        "lawyers": table("lawyers", facts),
    }


def _risks(facts: Facts) -> dict[str, Any]:
    scaled = [{**row, "scale": f"{row.get('probability', '')}×{row.get('effect', '')}"} for row in table("risks", facts)]
    return {"methods": words("risk_methods", facts), "controllable": word("controllable", facts), "risks": scaled}


def _experts(facts: Facts) -> dict[str, Any]:
    covering = [{**row, "covers": "、".join(label for key, label in SIDES if row.get(key))} for row in table("opinions", facts)]
    return {"argued_way": word("argued_way", facts), "opinions": covering}


def _archive(paper: Paper) -> dict[str, Any]:
    """What is missing is what the matter owes and was not archived: a branch that does not apply owes nothing."""
    facts, owed = paper.facts, owed_to_archive(paper.case)
    kept = set(facts["archived"])
    return {
        "pieces": [label for key, label in ARCHIVED if key in kept],
        "missing": [label for key, label in owed.items() if key not in kept],
        "papers": _filed(each for each in paper.pieces if each.form),
        "enclosures": _filed(each for each in paper.pieces if not each.form),
        "archive_pages": f"{facts['archive_pages']}页",
        "keeping": word("archive_keeping", facts),
    }


def _filed(pieces: Iterable[Piece]) -> list[dict[str, str]]:
    """Lines of the file with their numbers; what was entered late says so."""
    return [
        {
            "n": str(n),
            "title": telling.FILE.sub("", each.title),
            "number": each.number,
            "on": date_text(each.at.astimezone(CHINA).date()),
            "pages": str(each.pages or ""),
            "note": f"补录（{date_text(each.late.astimezone(CHINA).date())}记入）" if each.late else "",
        }
        for n, each in enumerate(pieces, 1)
    ]


def _published(paper: Paper, government: str) -> dict[str, Any]:
    """The decision as it is published: it bears the day on which it was made (GB/T 9704: 成文日期), not that of its publication."""
    facts, found = paper.facts, adopted.adopted(paper, government=government)
    return {
        "dated": facts.get("decided_on") or None,
        "signer": adopted.signer(facts),
        "headline": found.headline or facts.get("title"),
        "passed": adopted.passed(facts),
        "text": "\n".join(found.paragraphs),
        "attached": adopted.attached(found),
        "taken_from": adopted.taken_from(found),
        "where": words("published_in", facts),
    }


def _responsibility(paper: Paper) -> dict[str, Any]:
    file = responsibility.told(paper.course)
    return {
        "parts": [{"stage": chapter.title, **_line(part)} for chapter in file.chapters for part in chapter.parts],
        "reasons": [f"{part.who}：{part.what}（第{part.seq}条）" for part in file.reasons],
        "relieved": [f"{part.who}（{part.body}）：{part.what}（第{part.seq}条）" for part in file.relieved],
        "changes": [_line(part) for part in file.changes],
    }


def _line(part: responsibility.Part) -> dict[str, Any]:
    who = part.who + (f"（{part.body}）" if part.body not in {"", part.who} else "")
    what = "；".join(each for each in (part.what, part.note) if each)
    return {"duty": part.duty, "who": who, "what": what, "on": responsibility.day(part.on), "entry": f"第{part.seq}条"}


# What each kind of change orders (第三十七条).
ORDERED = {
    "minor": "对决策的执行作一般调整，由执行单位按照本决定执行。",
    "major": "需要对决策作重大调整，由承办单位依照《重大行政决策程序暂行条例》重新履行相关法定程序，程序完成以后按照新的决策执行。",
    "suspended": "情况紧急，行政首长决定先行中止执行；由执行单位立即采取措施，避免、减少损失和不良影响。",
    "none": "恢复执行原决策。",
}


# What a form states in other words than those of the questions, by form.
PARTICULARS: Mapping[str, Callable[[Facts], dict[str, Any]]] = {
    "decision_request": lambda facts: {"category": word("category", facts), "source": word("source", facts)},
    "decision_consultation": lambda facts: {"media": words("media", facts)},
    "decision_start": lambda facts: {"undertakers": [row["name"] for row in facts["undertakers"]]},
    "decision_hearing_record": lambda facts: {"people": table("hearing_people", facts)},
    "decision_expert_opinion": _experts,
    "decision_risk_report": _risks,
    "decision_legality": _legality,
    "decision_minutes": _minutes,
    "decision_adjustment": lambda facts: {"change": word("changed", facts), "ordered": ORDERED.get(facts["changed"], "")},
    "decision_evaluation": lambda facts: {"trigger": word("evaluation_trigger", facts)},
    # A list is pressed for at the point it belongs to.
    "decision_supervision": lambda facts: {"point": dict(POINTS)[facts.get("supervised_point", "S1")]},
}


def question(key: str) -> Field:
    """The question of the procedure that asks for `key`."""
    return next(each for step in MajorDecision.steps.values() for each in step.asks if each.key == key)


def word(key: str, facts: Mapping[str, Any]) -> str:
    """The choice in words; "" while it is not made (a draft is drawn while the form is filled in)."""
    return dict(question(key).choices).get(facts[key], "")


def words(key: str, facts: Mapping[str, Any]) -> str:
    chosen = set(facts[key])
    return "、".join(label for value, label in question(key).choices if value in chosen)


def table(key: str, facts: Mapping[str, Any]) -> Sequence[dict[str, Any]]:
    """Rows whose picked answers stand in words."""
    picked = {each.key: dict(each.choices) for each in question(key).columns if each.choices}
    return [{part: picked.get(part, {}).get(value, value) for part, value in row.items()} for row in facts.get(key) or ()]
