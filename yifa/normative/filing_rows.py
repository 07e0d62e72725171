"""What 备案审查 and 异议审查 write beside their entries: that a document is under review, and what the conclusion does to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from yifa.normative.procedures.filing import GROUNDS
from yifa.procedures.acts import Doing

FILING, DOCUMENT, STOP = "normative_filing", "normative_normativedocument", "normative_stop"
Row = tuple[str, Mapping[str, Any], str]
Update = tuple[str, Mapping[str, Any], str, Sequence[Any]]
ENDS = {"amended": "replaced", "repealed": "repealed"}


def rows(doing: Doing) -> Iterable[Row]:
    """接收报备 takes the document: a second dossier for it collides with the first. Conclusion E stops clauses of it."""
    case = doing.judged.case
    if doing.step.name == "receive":
        row = {"document_id": case.document, "league": doing.ref.league, "dossier": doing.ref.code, "organisation_id": doing.organisation}
        yield FILING, {**row, "received_on": case.on, "conclusion": ""}, ""
    yield from stops(doing)


def stops(doing: Doing) -> Iterable[Row]:
    """The clauses that conclusion E stops, from its day on."""
    case, facts = doing.judged.case, doing.judged.facts
    if doing.step.name == "conclude" and case.conclusion == "E":
        yield stopped(
            doing, facts["stopped_clauses"], since=case.on, by=doing.read.register["organisation"]["name"], number=facts["number"]
        )


def stopped(doing: Doing, clauses: str, *, since: date, by: str, number: str) -> Row:
    """Clauses of the case's document that are no longer carried out: by whom, on which ground, in which document."""
    ground = "，".join(text for text in (dict(GROUNDS).get(doing.judged.facts.get("legal_ground", ""), ""), number) if text)
    row = {"dossier": doing.ref.code, "league": doing.ref.league, "document_id": doing.judged.case.subject.code, "clauses": clauses}
    return STOP, {**row, "since": since, "by": by[:200], "ground": ground[:400]}, ""


def updates(doing: Doing) -> Iterable[Update]:
    """登记 and 结论 date the review."""
    case = doing.judged.case
    if doing.procedure.key != "normative_filing":
        return
    match doing.step.name:
        case "register":
            yield FILING, {"registered_on": case.on}, "dossier = %s", [doing.ref.code]
        case "conclude":
            yield FILING, {"concluded_on": case.on, "conclusion": case.conclusion}, "dossier = %s", [doing.ref.code]
    yield from endings(doing)


def endings(doing: Doing) -> Iterable[Update]:
    """A revocation (F, or after 提请撤销) and a repeal by the maker end the document."""
    case, facts = doing.judged.case, doing.judged.facts
    match doing.step.name:
        case "conclude" if case.conclusion == "F" and facts["decision"] == "revoke":
            ending = f"{facts['decided_by']}{facts['decision_number']}"
            yield ended(doing, ended_on=case.decided_on, ended_by="revoked", ending=ending[:400])
        case "record_revocation":
            ending = f"{facts['revoked_by']}{facts['revocation_number']}"
            yield ended(doing, ended_on=case.revoked_on, ended_by="revoked", ending=ending[:400])
        case "verify" if case.accepted and facts.get("result") in ENDS:
            yield ended(doing, ended_on=facts["result_on"], ended_by=ENDS[facts["result"]], ending=facts["result_number"][:400])


def ended(doing: Doing, **values: Any) -> Update:
    """The register's row of the case's document, unless it has ended already."""
    return DOCUMENT, {**values, "updated_at": doing.read.now}, "code = %s AND ended_on IS NULL", [doing.judged.case.subject.code]
