"""Acts of participation: put a draft before the public, say something to it, answer, sum up. Each is one entry on its object's chain.

优化营商环境条例 62 (公开征求意见、反馈采纳情况), 国办发〔2018〕37号, 重大行政决策程序暂行条例 14–18. Nothing a person wrote is ever
deleted: an opinion that may not be shown is hidden with a reason, and counted and answered like any other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.utils import timezone

from yifa.dossiers.personal import new_query_code, seal
from yifa.kernel.citing import Law
from yifa.kernel.ledger import services as ledger
from yifa.kernel.people.actors import Actor
from yifa.participation.models import Comment, Consultation
from yifa.participation.queries import digest

BUSINESS = Law("优化营商环境条例", "2019-10-22")
USUAL_DAYS = 30
SHORTEST, LONGEST = 2, 4000


class RejectedError(ValueError):
    """What someone sent cannot be taken; str() says what to do instead."""


@dataclass(frozen=True)
class Anyone:
    """The public as the record names it: no person, only the body and region that asks."""

    organisation: str
    region: str
    person: str = "public"
    post: str = ""


@dataclass(frozen=True)
class Draft:
    """What is put before the public. `files` are `{title, sha256, size, mime}` of stored files."""

    dossier: str
    title: str
    explanation: str
    text: str
    opens_on: date
    closes_on: date
    files: Sequence[Mapping[str, Any]] = ()
    shortened_reason: str = ""
    contact: str = ""


@dataclass(frozen=True)
class Said:
    """An opinion that was taken. `code` is told once and kept nowhere."""

    id: UUID
    n: int
    code: str


def open_consultation(draft: Draft, *, by: Actor, simulated: datetime | None = None) -> Consultation:
    """Puts a draft before the public: the first round, or a new one when the draft was replaced, whose time begins anew.

    Raises RejectedError: without its explanation, over less than thirty days without a reason, backwards, or for another body.
    """
    if not draft.title.strip() or not draft.explanation.strip():
        raise RejectedError("请写明名称和起草说明")
    if not draft.text.strip() and not draft.files:
        raise RejectedError("请上传草案，或者录入草案全文")
    if draft.closes_on <= draft.opens_on:
        raise RejectedError("截止日期应当晚于开始日期")
    if (draft.closes_on - draft.opens_on).days < USUAL_DAYS and len(draft.shortened_reason.strip()) < 2:
        raise RejectedError(f"公开征求意见的期限一般不少于{USUAL_DAYS}日；确需缩短的，请写明理由（优化营商环境条例第六十二条）")
    moment = simulated or timezone.now()
    with transaction.atomic():
        earlier = list(Consultation.objects.select_for_update().filter(league=by.league, dossier=draft.dossier).order_by("-round"))
        if any(each.organisation_id != by.organisation for each in earlier):
            raise RejectedError("这件事项由其他机关征求意见")
        for each in earlier:
            if each.status == Consultation.Status.OPEN:
                Consultation.objects.filter(league=each.league, id=each.id).update(status=Consultation.Status.REPLACED)
        row = Consultation.objects.create(
            league=by.league,
            id=uuid4(),
            dossier=draft.dossier,
            round=(earlier[0].round if earlier else 0) + 1,
            title=draft.title.strip()[:400],
            organisation_id=by.organisation,
            region_id=by.region,
            explanation=draft.explanation.strip(),
            draft_text=draft.text.strip(),
            files=[dict(each) for each in draft.files],
            opens_on=draft.opens_on,
            closes_on=draft.closes_on,
            shortened_reason=draft.shortened_reason.strip(),
            contact=draft.contact.strip()[:400],
        )
        payload = {
            "dossier": row.dossier,
            "round": row.round,
            "title": row.title,
            "opens_on": row.opens_on.isoformat(),
            "closes_on": row.closes_on.isoformat(),
            "shortened_reason": row.shortened_reason,
            "draft_sha256": _sha256(row.draft_text),
            "explanation_sha256": _sha256(row.explanation),
        }
        ledger.record(
            chain(row.id),
            "open",
            actor=by,
            payload=payload,
            league=by.league,
            files=sorted(str(each["sha256"]) for each in draft.files),
            cites=(BUSINESS[62].kuan(2),),
            simulated=simulated,
            at=moment,
        )
    return row


def chain(ident: UUID) -> str:
    return f"consultation:{ident}"


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def comment(
    league: str,
    consultation: UUID,
    *,
    text: str,
    clause: str = "",
    name: str = "",
    phone: str = "",
    is_organisation: bool = False,
    simulated: datetime | None = None,
) -> Said:
    """Takes one opinion from the public. Raises RejectedError when the time is over or nothing is said."""
    moment = simulated or timezone.now()
    row = Consultation.objects.filter(league=league, id=consultation).first()
    if row is None:
        raise RejectedError("没有这项征求意见，请从列表进入")
    day = timezone.localdate(moment)
    if row.status != Consultation.Status.OPEN or not row.opens_on <= day <= row.closes_on:
        raise RejectedError(f"征求意见已于{row.closes_on}截止；可以按公告的联系方式向起草单位反映")
    identity = (
        Comment.Identity.ORGANISATION
        if is_organisation and name.strip()
        else Comment.Identity.PHONED
        if phone.strip()
        else Comment.Identity.NAMED
        if name.strip()
        else Comment.Identity.ANONYMOUS
    )
    return _take(row, text, clause, name, phone, Comment.Channel.WEB, identity, moment, None, (), simulated)


def enter(
    league: str,
    consultation: UUID,
    *,
    by: Actor,
    channel: str,
    text: str,
    scan: Sequence[Mapping[str, Any]],
    clause: str = "",
    name: str = "",
    phone: str = "",
    received_on: date | None = None,
    simulated: datetime | None = None,
) -> Said:
    """Enters an opinion that came by letter, telephone, meeting or in person, with its scan or note. It counts like any other."""
    row = _own(league, consultation, by)
    if channel not in Comment.Channel.values or channel == Comment.Channel.WEB:
        raise RejectedError("请选择意见的渠道：信函、电话、座谈会或者当面")
    if not scan:
        raise RejectedError("请附信函扫描件、电话记录或者会议记录")
    moment = simulated or timezone.now()
    if received_on and received_on > timezone.localdate(moment):
        raise RejectedError("收到日期不能晚于今天")
    identity = Comment.Identity.PHONED if phone.strip() else Comment.Identity.NAMED if name.strip() else Comment.Identity.ANONYMOUS
    late = (received_on or timezone.localdate(moment)) > row.closes_on
    return _take(row, text, clause, name, phone, channel, identity, moment, by, scan, simulated, late=late)


def _take(
    row: Consultation,
    text: str,
    clause: str,
    name: str,
    phone: str,
    channel: str,
    identity: str,
    moment: datetime,
    by: Actor | None,
    files: Sequence[Mapping[str, Any]],
    simulated: datetime | None,
    *,
    late: bool = False,
) -> Said:
    words = text.replace("\x00", "").strip()
    if not SHORTEST <= len(words) <= LONGEST:
        raise RejectedError(f"请写明意见，{SHORTEST} 到 {LONGEST} 字")
    code = new_query_code()
    ident = uuid4()
    with transaction.atomic():
        n = _next(row)
        Comment.objects.create(
            league=row.league,
            id=ident,
            consultation=row.id,
            n=n,
            receipt_digest=digest(code),
            channel=channel,
            identity=identity,
            name_sealed=seal(name.strip()[:100]),
            phone_sealed=seal(phone.strip()[:40]),
            clause=clause.strip()[:100],
            text=words,
            files=[dict(each) for each in files],
            received_at=moment,
            late=late,
            entered_by_id=UUID(by.person) if by else None,
        )
        ledger.record(
            f"comment:{ident}",
            "enter" if by else "say",
            actor=by or Anyone(row.organisation_id, row.region_id),
            payload={"consultation": str(row.id), "n": n, "channel": channel, "identity": identity, "text_sha256": _sha256(words)},
            league=row.league,
            files=sorted(str(each["sha256"]) for each in files),
            simulated=simulated,
        )
    return Said(ident, n, code)


def _next(row: Consultation) -> int:
    """The number of the next opinion; the row stays locked until the act ends, so that there is no gap."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE participation_consultation SET comments = comments + 1 WHERE league = %s AND id = %s RETURNING comments",
            [row.league, row.id],
        )
        return int(cursor.fetchone()[0])


def hide(league: str, ident: UUID, *, by: Actor, reason: str) -> None:
    """Takes an opinion off the public page, with the reason; it stays on the record and is answered like the others."""
    if len(reason.strip()) < SHORTEST:
        raise RejectedError("不予显示的，请写明理由")
    with transaction.atomic():
        row = _comment(league, ident, by)
        if row.hidden_at is not None:
            raise RejectedError("这条意见已经不予显示，请刷新页面")
        Comment.objects.filter(league=league, id=ident).update(hidden_at=timezone.now(), hidden_reason=reason.strip()[:400])
        ledger.record(f"comment:{ident}", "hide", actor=by, payload={"reason": reason.strip()[:400]}, league=league)


def reply(league: str, idents: Sequence[UUID], *, by: Actor, outcome: str, reason: str, simulated: datetime | None = None) -> int:
    """What becomes of an opinion, or of several alike: 采纳, 部分采纳 or 未采纳, and why. Returns how many were answered.

    An answer is given once for all time of a round; until the summary is published it may be given anew, and the record keeps both.
    """
    words = reason.strip()
    if outcome not in Comment.Outcome.values:
        raise RejectedError("请选择采纳、部分采纳或者未采纳")
    if not SHORTEST <= len(words) <= LONGEST:
        raise RejectedError("请写明采纳情况的理由，提意见的人会看到")
    if not idents:
        raise RejectedError("请先选择意见")
    moment = simulated or timezone.now()
    with transaction.atomic():
        rows = [_comment(league, ident, by) for ident in sorted(set(idents))]
        closed = Consultation.objects.filter(
            league=league, id__in={row.consultation for row in rows}, status=Consultation.Status.SUMMARISED
        ).exists()
        if closed:
            raise RejectedError("意见采纳情况已经公布，不能再改；需要更正的，请重新公布")
        for row in rows:
            Comment.objects.filter(league=league, id=row.id).update(
                outcome=outcome, reason=words, replied_at=moment, replied_by_id=UUID(by.person)
            )
            payload = {"outcome": outcome, "reason_sha256": _sha256(words)}
            ledger.record(f"comment:{row.id}", "reply", actor=by, payload=payload, league=league, simulated=simulated)
    return len(rows)


def summarise(league: str, consultation: UUID, *, by: Actor, text: str, simulated: datetime | None = None) -> None:
    """Publishes what became of the opinions, when the time is over and every one of them is answered."""
    moment = simulated or timezone.now()
    words = text.strip()
    if not SHORTEST <= len(words) <= 20_000:
        raise RejectedError("请写明意见采纳情况的总体说明")
    with transaction.atomic():
        row = _own(league, consultation, by, lock=True)
        if row.status == Consultation.Status.REPLACED:
            raise RejectedError("草案已经更换，请对新一轮征求意见公布采纳情况")
        if timezone.localdate(moment) <= row.closes_on:
            raise RejectedError(f"征求意见到{row.closes_on}截止，截止以后才能公布采纳情况")
        waiting = Comment.objects.filter(league=league, consultation=consultation, outcome="").count()
        if waiting:
            raise RejectedError(f"还有{waiting}条意见没有处理，请逐条说明采纳情况")
        Consultation.objects.filter(league=league, id=consultation).update(
            status=Consultation.Status.SUMMARISED, summary=words, summarised_at=moment
        )
        payload = {"comments": row.comments, "summary_sha256": _sha256(words)}
        ledger.record(chain(consultation), "summarise", actor=by, payload=payload, league=league, simulated=simulated)


def _own(league: str, consultation: UUID, by: Actor, *, lock: bool = False) -> Consultation:
    rows = Consultation.objects.select_for_update() if lock else Consultation.objects.all()
    row = rows.filter(league=league, id=consultation, organisation_id=by.organisation).first()
    if row is None:
        raise RejectedError("本机关没有这项征求意见")
    return row


def _comment(league: str, ident: UUID, by: Actor) -> Comment:
    row = Comment.objects.select_for_update().filter(league=league, id=ident).first()
    if row is None:
        raise RejectedError("没有这条意见，请刷新页面")
    _own(league, row.consultation, by)
    return row
