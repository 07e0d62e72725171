"""撤销认定: an established clue is found to have been wrong. Proposed by one person with reason and evidence, decided by another.

Whoever decides has neither raised nor established the clue nor proposed to revoke it. What followed is undone by entries of its own, never
by taking any away: the closing score is issued anew without the red line, what the government lost in its assessment is given back in
the month in which it was taken. Entries on the clue's own chain; 重大行政决策程序暂行条例 38, 39.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils import timezone

from yifa.decisions import clue_queries as queries
from yifa.decisions import clues, reissuing
from yifa.decisions.clues import File
from yifa.decisions.models import Clue, Revocation
from yifa.decisions.rules import R713
from yifa.kernel.people import messages
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.messages import Message
from yifa.kernel.people.queries import contact, holders
from yifa.kernel.refusing import RejectedError
from yifa.procedures import owing
from yifa.procedures.owing import Owed

TASK = "decision_revocation"
KIND = "决策线索"
State = Revocation.State


def propose(league: str, ident: UUID, grounds: str, *, by: Actor, files: Sequence[File], simulated: datetime | None = None) -> Revocation:
    """One person says why the conclusion was wrong, with evidence; whoever decides gets a task. Raises RejectedError."""
    words = clues.told(grounds, "撤销的理由")
    if not files:
        raise RejectedError("撤销认定应当附上证明材料", R713[39])
    moment = simulated or timezone.now()
    today = timezone.localdate(moment)
    try:
        with transaction.atomic():
            row = _established(league, ident)
            if not queries.may_propose(by, row):
                raise RejectedError("撤销认定由监督人员、司法行政部门的负责人或者审查人员提出；被核实单位可以向他们申请", R713[39])
            asked = Revocation.objects.create(
                league=league,
                id=uuid4(),
                clue=row.id,
                grounds=words,
                files=list(files),
                proposed_by_id=UUID(by.person),
                proposed_name=by.name,
                proposed_for=by.organisation_name,
                proposed_at=moment,
                due_on=queries.revocation_due(row.government.region_id, today),
            )
            payload = {**clues.about(row, row.government.region_id), "revocation": str(asked.id), "due_on": asked.due_on.isoformat()}
            clues.record(row, "propose_revocation", by, payload, {"grounds": words}, asked.files, simulated)
            owing.open_task(_task(row, asked), at=moment)
            _tell(row, asked, "有人提出撤销认定", f"提出的理由：{words[:200]}", at=moment)
    except IntegrityError:
        raise RejectedError("这条线索已经有人提出撤销认定，还没有决定") from None
    return asked


def revoke(league: str, ident: UUID, reason: str, *, by: Actor, simulated: datetime | None = None) -> Clue:
    """A second person agrees: the clue no longer stands, the score is issued anew, what the government lost is given back."""

    def follow(row: Clue, asked: Revocation) -> dict[str, Any]:
        taken, since = queries.deducted(row), row.decided_at
        row.state = Clue.State.REVOKED
        row.save(update_fields=["state"])
        return {"deduction": taken, "established_at": since.isoformat() if since else asked.proposed_at.isoformat()}

    with transaction.atomic():
        row = _settled(league, ident, reason, State.AGREED, by, simulated, follow)
        if row.dossier:
            reissuing.reissue(row.dossier, row.id, by=by, simulated=simulated)
    return row


def uphold(league: str, ident: UUID, reason: str, *, by: Actor, simulated: datetime | None = None) -> Clue:
    """A second person finds that the conclusion stands."""
    with transaction.atomic():
        return _settled(league, ident, reason, State.UPHELD, by, simulated, lambda _row, _asked: {})


def _established(league: str, ident: UUID) -> Clue:
    row = clues.locked(league, ident)
    if row.state == Clue.State.REVOKED:
        raise RejectedError("这条线索的认定已经撤销")
    if row.state != Clue.State.ESTABLISHED:
        raise RejectedError(f"只有已经认定的线索才能撤销认定；这条线索现在是“{row.get_state_display()}”")
    return row


def _settled(
    league: str,
    ident: UUID,
    reason: str,
    state: str,
    by: Actor,
    simulated: datetime | None,
    follow: Callable[[Clue, Revocation], dict[str, Any]],
) -> Clue:
    """The decision on what was proposed, with what follows from it; the clue's row is locked, so of two who decide at once one is told."""
    row = _established(league, ident)
    asked = queries.pending(row)
    if asked is None:
        raise RejectedError("没有人提出撤销这条线索的认定，或者已经作出决定")
    if by.person == str(asked.proposed_by_id):
        raise RejectedError("提出撤销的人不能决定，应当由另一人决定")
    if by.person == str(row.decided_by_id):
        raise RejectedError("作出认定的人不能决定是否撤销，应当由另一人决定")
    if by.person == str(row.raised_by_id):
        raise RejectedError("提出线索的人不能决定是否撤销，应当由另一人决定")
    if not queries.may_revoke(by, row, asked):
        raise RejectedError("是否撤销由司法行政部门的负责人、审查人员，或者上级监督人员决定；下级单位不能撤销上级单位的认定")
    moment = simulated or timezone.now()
    asked.state, asked.reason = state, clues.told(reason, "决定的理由")
    asked.decided_by_id, asked.decided_name, asked.decided_for, asked.decided_at = UUID(by.person), by.name, by.organisation_name, moment
    asked.save(update_fields=["state", "reason", "decided_by_id", "decided_name", "decided_for", "decided_at"])
    referred = {"referred_to": row.referred_to, "referred_number": row.referred_number} if row.referred_on else {}
    payload = {**clues.about(row, row.government.region_id), "revocation": str(asked.id), **referred, **follow(row, asked)}
    clues.record(row, "revoke" if state == State.AGREED else "uphold", by, payload, {"reason": asked.reason}, (), simulated)
    owing.end(TASK, str(asked.id), at=moment, met_on=timezone.localdate(moment))
    _tell(row, asked, asked.get_state_display(), f"决定的理由：{asked.reason[:200]}", at=moment)
    return row


def _tell(row: Clue, asked: Revocation, title: str, text: str, *, at: datetime) -> None:
    """The unit, and whoever raised the clue; once for each turn of the matter."""
    on = timezone.localdate(at)
    raiser = contact(str(row.raised_by_id), on)
    whom = dict.fromkeys((*holders(row.unit_id, queries.STATERS, on), *([raiser] if raiser else [])))
    message = Message(KIND, f"{title}：{row.title}", text, f"/desk/decisions/clues/{row.id}/", f"{asked.id}/{asked.state}")
    messages.tell(message, to=whom, at=at)


def _task(row: Clue, asked: Revocation) -> Owed:
    return Owed(
        key=f"{TASK}:{asked.id}",
        kind=TASK,
        subject=str(asked.id),
        league=row.league,
        organisation=queries.reviewing_body(row),
        region=row.government.region_id,
        title="决定是否撤销线索的认定",
        what=f"{row.title}：{row.get_line_display()}",
        roles=(*queries.DECIDERS, *queries.RAISERS),
        url=f"/desk/decisions/clues/{row.id}/",
        action="决定",
        source=clues.chain(row.id),
        start_on=timezone.localdate(asked.proposed_at),
        due_on=asked.due_on,
    )
