"""What an objection or a review beside a reconsideration writes beside its entries: its case, where it goes on, what it stops and ends."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from yifa.normative.cases.objection import UNLAWFUL
from yifa.normative.filing_rows import Row, Update, endings, stopped, stops
from yifa.normative.objection_queries import check_due
from yifa.procedures import owing
from yifa.procedures.acts import Doing
from yifa.procedures.owing import Owed

RECEIVE = "normative_receive"
OBJECTION, CASE = "normative_objection", "normative_objectioncase"
FOUND = frozenset({"decide", "reply", "record_reply"})


def rows(doing: Doing) -> Iterable[Row]:
    """接收异议 takes the objection: a second case of the same body collides with the first. Conclusions and findings stop clauses."""
    case, facts = doing.judged.case, doing.judged.facts
    if doing.procedure.key == "normative_objection":
        if doing.step.name == "receive":
            row = {"dossier": doing.ref.code, "league": doing.ref.league, "objection": facts["objection"]}
            yield CASE, {**row, "organisation_id": doing.organisation}, ""
        if doing.step.name == "forward" and facts["forward_way"] == "here":
            yield owing.TABLE, _forwarded(doing).row(doing.read.now), owing.ONCE
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
    if doing.procedure.key == "normative_objection" and doing.step.name == "receive":
        case = doing.judged.case
        yield owing.met(RECEIVE, facts["objection"], doing.organisation, on=case.on, now=doing.read.now, dossier=doing.ref.code)
    yield from endings(doing)


def _forwarded(doing: Doing) -> Owed:
    """What the body owes to which an objection is handed on: to receive it, in a time of its own."""
    read, case, receiver = doing.read, doing.judged.case, doing.read.register["receiver"]
    last = check_due(receiver["region"], case.on, calendar_stamp=read.calendar_stamp, parameters_stamp=read.parameters_stamp).due
    what = f"《{case.title}》（{case.number}）{read.register['objection']['clauses']}"
    about = UUID(doing.judged.facts["objection"])
    return to_receive(about, doing.ref.league, receiver["code"], receiver["region"], what, source=doing.ref.code, since=case.on, until=last)


def to_receive(objection: UUID, league: str, organisation: str, region: str, what: str, *, source: str, since: date, until: date) -> Owed:
    """The task of a body to which an objection came: decide in time whether it is accepted."""
    return Owed(
        key=f"{RECEIVE}:{objection}:{organisation}",
        kind=RECEIVE,
        subject=str(objection),
        league=league,
        organisation=organisation,
        region=region,
        title="接收异议，决定是否受理",
        what=what,
        roles=("reviewer",),
        url=f"/desk/start/normative_objection/?objection={objection}",
        action="接收",
        source=source,
        start_on=since,
        due_on=until,
    )
