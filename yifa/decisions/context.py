"""重大行政决策 as the interpreter sees it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from yifa.decisions import archiving, case, catalogue_rows, choosing, facts, list_facts, missing_lists, papers, rows
from yifa.decisions.register import REGISTER
from yifa.decisions.rules import R713, UNDERTAKERS
from yifa.kernel.calendar.terms import Param, Term
from yifa.procedures.context import Context, discover
from yifa.procedures.core import Step
from yifa.procedures.fields import ITEM, Field
from yifa.procedures.known import is_known


def begins(procedure: str, organisation: Mapping[str, Any]) -> bool:
    """Governments keep catalogues; they and justice departments press for them; departments and those below undertake matters."""
    kind = organisation.get("kind")
    if procedure == "catalogue_supervision":
        return kind == "GOVERNMENT" or organisation.get("sector") == "司法行政"
    return kind in ({"GOVERNMENT"} if procedure == "decision_catalogue" else UNDERTAKERS)


def title_of(stated: Mapping[str, Any]) -> str:
    """What the dossier is called: the matter's own name, or the list of a year."""
    if pressed := stated.get("pressed_year"):
        return f"督办{pressed}年度重大行政决策事项目录"
    year = stated.get("list_year")
    return f"{year}年度重大行政决策事项目录" if year else str(stated.get("title") or "")


def sector_of(stated: Mapping[str, Any]) -> str:
    return ""


def derive(facts: Mapping[str, Any], personal: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """Nothing of a matter follows from anybody's personal data."""
    return {}


def choices(field: Field, organisation: Mapping[str, Any]) -> Sequence[tuple[str, str]]:
    """The matters of this government's catalogue that have no dossier yet; the governments in whose place this body oversees."""
    if field.type == ITEM and field.key in ("catalogue_item", "removed_item"):
        return choosing.waiting(organisation.get("code", ""))
    if field.type == ITEM and field.key == "pressed_government":
        return choosing.governments(organisation.get("region", "")) if organisation else ()
    return ()


def initial(step: Step, case: Any) -> Mapping[str, Any]:
    """What is known already is not typed again: from a matter carried on, the register of hearings, the steps before."""
    if step.name == "archive":
        return archiving.proposed(case)
    known: dict[str, dict[str, Any]] = {
        "announce_hearing": {"hearing_on": _day(case.hearing_on), "hearing_method": _told(case.hearing_method)},
        "list_participants": {
            "hearing_listed_on": _day(case.hearing_listed_on),
            "hearing_people": [dict(row) for row in _told(case.hearing_people) or ()],
        },
        "hold_hearing": {
            "hearing_listed_on": _day(case.hearing_listed_on),
            "hearing_sent_on": _day(case.hearing_sent_on),
            "hearing_people": [dict(row) for row in _told(case.hearing_people) or ()],
        },
        "appoint_experts": {"experts": [dict(row) for row in case.drawn]},
        "argue": {"opinions": [{"name": row["name"]} for row in _told(case.experts) or ()]},
        "answer_experts": {"expert_points": [{"name": row["name"], "point": row["conclusion"]} for row in _told(case.opinions) or ()]},
        "handle_review": {"handled_points": [{"point": row["point"]} for row in _told(case.review_points) or ()]},
        "enter": {"catalogue_item": case.carried_item},
        "draft": {"basis": [dict(row) for row in case.carried_basis]},
        "rerun": {"rerun_case": case.continued_by},
        "report_progress": {"reports": _promised(case)},
    }
    return {key: value for key, value in known.get(step.name, {}).items() if value}


def _promised(case: Any) -> list[dict[str, str]]:
    """The reports that the plan promised (第三十四条), without those handed in with the last act."""
    told = {(row["body"], row["due_on"]) for row in _told(case.reports) or () if row.get("reported_on")}
    rows = _told(case.executors) or ()
    return [{"body": row["body"], "due_on": row["due_on"]} for row in rows if (row["body"], row["due_on"]) not in told]


def _told(value: Any) -> Any:
    return value if is_known(value) else None


def _day(value: Any) -> str:
    return value.isoformat() if is_known(value) else ""


def remarks(step: Step, case: Any) -> Sequence[str]:
    """Whoever archives is told what the record holds and what it lacks."""
    return archiving.remarks(case) if step.name == "archive" else ()


def measures(step: Step, case: Any, term: Callable[[Param], Term]) -> Mapping[str, Any]:
    """The month of this place by whose end its list is to be out: the list's own publication keeps it (DEC-01)."""
    return list_facts.measured(step.name, term) if is_known(case.list_year) else {}


def links(procedure: str, code: str) -> Sequence[tuple[str, str]]:
    """Consultations, hearings and the drawing of experts have pages of their own; what a list lacks is looked into as a clue."""
    if procedure == "decision_catalogue":
        return [("应列未列的线索", "/desk/decisions/clues/")]
    if procedure != "major_decision":
        return []
    return [
        ("公开征求意见", f"/desk/participation/?dossier={code}"),
        ("听证会", f"/desk/decisions/hearings/?dossier={code}"),
        ("抽取专家", f"/desk/decisions/experts/draw/?dossier={code}"),
    ]


def undisclosed(stated: Mapping[str, Any]) -> str:
    """A matter whose plan says that it is not to be public is not put before the public, whoever publishes (条例第十四条)."""
    if stated.get("open_matter") is not False:
        return ""
    return f"本事项已经确定依法不予公开，不能向社会公布；可以公开的，请先更正公众参与方案（{R713[14].kuan(1)}）"


DECISIONS = Context(
    name="decisions",
    title="重大行政决策",
    package="yifa.decisions",
    procedures=discover("yifa.decisions"),
    read=case.read,
    register=REGISTER,
    papers=papers.needed,
    title_of=title_of,
    sector_of=sector_of,
    facts=facts.facts,
    derive=derive,
    choices=choices,
    begins=begins,
    writes=lambda doing: (*catalogue_rows.rows(doing), *rows.rows(doing)),
    collisions=rows.COLLISIONS | catalogue_rows.COLLISIONS,
    updates=lambda doing: (*catalogue_rows.updates(doing), *rows.updates(doing), *missing_lists.updates(doing)),
    removes=lambda doing: (*catalogue_rows.removes(doing), *rows.removes(doing)),
    links=links,
    initial=initial,
    remarks=remarks,
    measures=measures,
    undisclosed=undisclosed,
)
