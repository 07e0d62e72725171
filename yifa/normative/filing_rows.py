"""What 备案审查 writes beside its entries: that a document is under review, and what its conclusion does to the document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from yifa.procedures.acts import Doing

FILING, DOCUMENT = "normative_filing", "normative_normativedocument"
Update = tuple[str, Mapping[str, Any], str, Sequence[Any]]
ENDS = {"amended": "replaced", "repealed": "repealed"}


def rows(doing: Doing) -> Iterable[tuple[str, Mapping[str, Any], str]]:
    """接收报备 takes the document: a second dossier for it collides with the first."""
    if doing.step.name == "receive":
        case = doing.judged.case
        row = {"document_id": case.document, "league": doing.ref.league, "dossier": doing.ref.code, "organisation_id": doing.organisation}
        yield FILING, {**row, "received_on": case.on, "conclusion": ""}, ""


def updates(doing: Doing) -> Iterable[Update]:
    """登记 and 结论 date the review; a clause stopped (E), a revocation (F, or after 提请撤销) and a repeal by the maker reach the row."""
    if doing.procedure.key != "normative_filing":
        return
    case, facts = doing.judged.case, doing.judged.facts
    match doing.step.name:
        case "register":
            yield FILING, {"registered_on": case.on}, "dossier = %s", [doing.ref.code]
        case "conclude":
            yield FILING, {"concluded_on": case.on, "conclusion": case.conclusion}, "dossier = %s", [doing.ref.code]
            if case.conclusion == "E":
                yield _document(doing, partly_stopped_on=case.on, partly_stopped=facts["stopped_clauses"])
            if case.conclusion == "F" and facts["decision"] == "revoke":
                ending = f"{facts['decided_by']}{facts['decision_number']}"
                yield _document(doing, ended_on=case.decided_on, ended_by="revoked", ending=ending[:400])
        case "record_revocation":
            ending = f"{facts['revoked_by']}{facts['revocation_number']}"
            yield _document(doing, ended_on=case.revoked_on, ended_by="revoked", ending=ending[:400])
        case "verify" if case.accepted and facts.get("result") in ENDS:
            yield _document(doing, ended_on=facts["result_on"], ended_by=ENDS[facts["result"]], ending=facts["result_number"][:400])


def _document(doing: Doing, **values: Any) -> Update:
    """The register's row, unless it has ended already."""
    return DOCUMENT, {**values, "updated_at": doing.read.now}, "code = %s AND ended_on IS NULL", [doing.judged.case.document]
