"""线索: forged or back-dated papers (R5), matters kept off the list (R6). Raised by a supervisor, decided by another person.

The unit is asked for its statement first: nothing is established before it has spoken or its days are over. What is established voids the
matter's score; a closing score that had been issued is issued anew, and the entry of the earlier one stays. R6 takes points from the
government's assessment, R5 is passed on as a lead. Chain `clue:<id>`; 重大行政决策程序暂行条例 3, 38–41.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils import timezone

from yifa.decisions import clue_queries as queries
from yifa.decisions import reissuing, templates
from yifa.decisions.models import Clue
from yifa.decisions.rules import R713
from yifa.decisions.template_set import RedLineItem
from yifa.kernel.ledger import services as ledger
from yifa.kernel.people.actors import Actor
from yifa.kernel.refusing import RejectedError
from yifa.procedures import owing
from yifa.procedures.owing import Owed

FORGED, EVADED = Clue.Line.FORGED, Clue.Line.EVADED
CITES = {Clue.Line.FORGED: (R713[38], R713[39]), Clue.Line.EVADED: (R713[3].kuan(3), R713[38])}
SHORTEST, LONGEST = 5, 4000
TASK = "decision_clue"

State = Clue.State
File = Mapping[str, Any]


@dataclass(frozen=True)
class Said:
    """What a supervisor raises. Without a `dossier` (R6 only): the `government` and the `title` of what should have stood in its list."""

    line: str
    grounds: str
    dossier: str = ""
    government: str = ""
    title: str = ""
    files: Sequence[File] = field(default=())


def chain(ident: UUID) -> str:
    return f"clue:{ident}"


def raise_clue(said: Said, *, by: Actor, simulated: datetime | None = None) -> Clue:
    """A supervisor raises a clue; the unit gets a task to state its side. Raises RejectedError: not his, nothing said, raised already."""
    if not queries.may_raise(by):
        raise RejectedError("线索由监督人员提出", R713[8].kuan(2))
    if said.line not in Clue.Line.values:
        raise RejectedError("请选择线索的种类：伪造、倒签材料，或者应当列入目录而未列入")
    subject = _subject(said, by)
    grounds = told(said.grounds, "发现的情况和理由")
    moment = simulated or timezone.now()
    today = timezone.localdate(moment)
    until = queries.statement_due(subject.region, today)
    try:
        with transaction.atomic():
            row = Clue.objects.create(
                league=subject.league,
                id=uuid4(),
                line=said.line,
                dossier=subject.dossier,
                title=subject.title[:400],
                government_id=subject.government,
                unit_id=subject.unit,
                grounds=grounds,
                files=list(said.files),
                raised_by_id=UUID(by.person),
                raised_name=by.name,
                raised_body_id=by.organisation,
                raised_at=moment,
                statement_due_on=until,
            )
            payload = {**about(row, subject.region), "statement_due_on": until.isoformat()}
            record(row, "raise", by, payload, {"grounds": grounds}, row.files, simulated)
            owing.open_task(_task(row, subject.region, today), at=moment)
    except IntegrityError:
        raise RejectedError("这个事项的同类线索已经提出，请打开已有的线索补充") from None
    return row


def state_side(league: str, ident: UUID, text: str, *, by: Actor, files: Sequence[File] = (), simulated: datetime | None = None) -> Clue:
    """The unit's own statement, once, while the clue is looked into."""
    with transaction.atomic():
        row = locked(league, ident)
        if not queries.may_state(by, row):
            raise RejectedError("陈述由被核实单位的经办人员、负责人在认定以前提出", R713[39])
        if row.stated_at:
            raise RejectedError("本单位已经陈述过；需要补充的，请直接与核实机关联系")
        row.statement, row.statement_files = told(text, "陈述"), list(files)
        row.stated_name, row.stated_at = by.name, simulated or timezone.now()
        row.save(update_fields=["statement", "statement_files", "stated_name", "stated_at"])
        record(row, "state", by, about(row, row.government.region_id), {"statement": row.statement}, row.statement_files, simulated)
        owing.end(TASK, str(row.id), at=row.stated_at, met_on=timezone.localdate(row.stated_at))
    return row


def establish(league: str, ident: UUID, reason: str, *, by: Actor, simulated: datetime | None = None) -> Clue:
    """Another person finds it true. The score of its matter is void from now on; one that was issued is issued anew."""
    with transaction.atomic():
        row = _decidable(league, ident, by)
        now = simulated or timezone.now()
        if row.stated_at is None and timezone.localdate(now) <= row.statement_due_on:
            on = row.statement_due_on
            raise RejectedError(f"认定以前应当听取单位的陈述；单位还没有陈述，期限到{on.year}年{on.month}月{on.day}日", R713[39])
        red = _red_line(row.line)
        _decided(row, State.ESTABLISHED, reason, by, now)
        payload = {**about(row, row.government.region_id), "deduction": red.deduction, "refers": red.refers}
        record(row, "establish", by, payload, {"reason": row.reason}, (), simulated)
        owing.end(TASK, str(row.id), at=now)
        if row.dossier:
            reissuing.reissue(row.dossier, row.id, by=by, simulated=simulated)
    return row


def dismiss(league: str, ident: UUID, reason: str, *, by: Actor, simulated: datetime | None = None) -> Clue:
    """Another person finds nothing in it."""
    with transaction.atomic():
        row = _decidable(league, ident, by)
        now = simulated or timezone.now()
        _decided(row, State.DISMISSED, reason, by, now)
        record(row, "dismiss", by, about(row, row.government.region_id), {"reason": row.reason}, (), simulated)
        owing.end(TASK, str(row.id), at=now)
    return row


def refer(league: str, ident: UUID, *, to: str, number: str, on: date, by: Actor, simulated: datetime | None = None) -> Clue:
    """The lead is passed on to whoever holds persons to account, once (责任追究线索)."""
    with transaction.atomic():
        row = locked(league, ident)
        if not queries.may_decide(by, row):
            raise RejectedError("线索由认定机关移送")
        if row.state != State.ESTABLISHED or not _red_line(row.line).refers:
            raise RejectedError("经认定的伪造、倒签材料线索才移送追究责任", R713[38])
        if queries.pending(row):
            raise RejectedError("这条线索的认定正在复核是否撤销，决定以后再移送")
        if row.referred_on:
            raise RejectedError(f"这条线索已经移送{row.referred_to}（{row.referred_number}）")
        if not to.strip() or not number.strip():
            raise RejectedError("请写明移送的机关和文号")
        decided = timezone.localdate(row.decided_at)
        if not decided <= on <= timezone.localdate(simulated):
            raise RejectedError("移送日期应当在认定以后，不晚于今天")
        row.referred_to, row.referred_number, row.referred_on = to.strip()[:200], number.strip()[:100], on
        row.save(update_fields=["referred_to", "referred_number", "referred_on"])
        told = {"referred_to": row.referred_to, "referred_number": row.referred_number, "referred_on": on.isoformat()}
        record(row, "refer", by, {**about(row, row.government.region_id), **told}, {}, (), simulated)
    return row


def _subject(said: Said, by: Actor) -> queries.Subject:
    if said.dossier:
        found = queries.of_matter(by, said.dossier)
        if found is None:
            raise RejectedError("没有这个决策事项，或者不在您的查看范围内")
        return found
    if said.line == Clue.Line.FORGED:
        raise RejectedError("伪造、倒签材料的线索应当写明是哪个决策事项")
    title = said.title.replace("\x00", "").strip()
    if len(title) < SHORTEST:
        raise RejectedError("请写明应当列入目录的事项", R713[3].kuan(3))
    found = queries.of_government(by, said.government, title)
    if found is None:
        raise RejectedError("请选择您监督范围内的政府")
    return found


def told(text: str, label: str) -> str:
    words = text.replace("\x00", "").replace("\r\n", "\n").strip()
    if not SHORTEST <= len(words) <= LONGEST:
        raise RejectedError(f"请写明{label}，{SHORTEST}到{LONGEST}字")
    return words


def locked(league: str, ident: UUID) -> Clue:
    rows = Clue.objects.select_for_update(of=("self",)).select_related("government", "raised_body", "decided_body")
    row = rows.filter(league=league, id=ident).first()
    if row is None:
        raise RejectedError("没有这条线索")
    return row


def _decidable(league: str, ident: UUID, by: Actor) -> Clue:
    row = locked(league, ident)
    if row.state != State.RAISED:
        raise RejectedError(f"{row.decided_for}{row.decided_name}已经作出结论：{row.get_state_display()}")
    if by.person == str(row.raised_by_id):
        raise RejectedError("提出线索的人不能认定，应当由另一人认定")
    if not queries.may_decide(by, row):
        raise RejectedError("线索由司法行政部门负责人、审查人员，或者上级监督人员认定")
    return row


def _decided(row: Clue, state: str, reason: str, by: Actor, at: datetime) -> None:
    row.state, row.reason = state, told(reason, "结论的理由")
    row.decided_by_id, row.decided_name, row.decided_for, row.decided_at = UUID(by.person), by.name, by.organisation_name, at
    row.decided_body_id = by.organisation
    row.save(update_fields=["state", "reason", "decided_by_id", "decided_name", "decided_for", "decided_body_id", "decided_at"])


def _red_line(code: str) -> RedLineItem:
    """What follows from this red line, by the set in force today."""
    return next(each for each in templates.in_force(timezone.localdate()).red_lines if each.code == code)


def about(row: Clue, region: str) -> dict[str, Any]:
    return {
        "line": row.line,
        "dossier": row.dossier,
        "organisation": row.government_id,
        "region": region,
        "unit": row.unit_id,
        "title": row.title,
    }


def record(
    row: Clue,
    step: str,
    by: Actor,
    payload: Mapping[str, Any],
    closed: Mapping[str, Any],
    files: Sequence[File],
    simulated: datetime | None,
) -> None:
    ledger.record(
        chain(row.id),
        step,
        actor=by,
        payload=payload,
        closed=closed or None,
        league=row.league,
        files=sorted({each["sha256"] for each in files}),
        cites=CITES[Clue.Line(row.line)],
        simulated=simulated,
    )


def _task(row: Clue, region: str, since: date) -> Owed:
    return Owed(
        key=f"{TASK}:{row.id}",
        kind=TASK,
        subject=str(row.id),
        league=row.league,
        organisation=row.unit_id,
        region=region,
        title="对决策线索作出陈述",
        what=f"{row.title}：{row.get_line_display()}",
        roles=queries.STATERS,
        url=f"/desk/decisions/clues/{row.id}/",
        action="陈述",
        source=chain(row.id),
        start_on=since,
        due_on=row.statement_due_on,
    )
