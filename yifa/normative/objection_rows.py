"""What an objection or a review beside a reconsideration writes beside its entries: its case, where it goes on, what it stops and ends."""

from __future__ import annotations

from collections.abc import Iterable

from yifa.normative.cases.objection import UNLAWFUL
from yifa.normative.filing_rows import Row, Update, endings, stopped, stops
from yifa.procedures.acts import Doing

OBJECTION, CASE = "normative_objection", "normative_objectioncase"
FOUND = frozenset({"decide", "reply", "record_reply"})


def rows(doing: Doing) -> Iterable[Row]:
    """接收异议 takes the objection: a second case of the same body collides with the first. Conclusions and findings stop clauses."""
    case, facts = doing.judged.case, doing.judged.facts
    if doing.procedure.key == "normative_objection":
        if doing.step.name == "receive":
            row = {"dossier": doing.ref.code, "league": doing.ref.league, "objection": facts["objection"]}
            yield CASE, {**row, "organisation_id": doing.organisation}, ""
        yield from stops(doing)
    elif doing.step.name in FOUND and case.finding == UNLAWFUL and case.subject is not None:
        if doing.step.name == "record_reply":
            where = {"since": case.replied_on, "by": facts["forward_name"], "number": facts["reply_number"]}
        else:
            by = doing.read.register["offices"]["authority"]["name"]
            where = {"since": case.on, "by": by, "number": facts["number"]}
        yield stopped(doing, facts["stopped_clauses"], **where)


def updates(doing: Doing) -> Iterable[Update]:
    """转送 hands the objection on, and its time begins anew there; a document that was repealed or revoked ends."""
    facts = doing.judged.facts
    if doing.procedure.key not in {"normative_objection", "normative_incidental"}:
        return
    if doing.procedure.key == "normative_objection" and doing.step.name == "forward" and facts["forward_way"] == "here":
        values = {"organisation_id": facts["forward_to"], "sent_on": doing.judged.case.on}
        yield OBJECTION, values, "id = %s", [facts["objection"]]
    yield from endings(doing)
