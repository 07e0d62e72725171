"""Acts of participation: put a draft before the public, say something to it, answer, sum up. Each is one entry on its object's chain.

优化营商环境条例 62 (公开征求意见、反馈采纳情况), 国办发〔2018〕37号, 重大行政决策程序暂行条例 14–18. Nothing a person wrote is ever
deleted: an opinion that may not be shown is hidden with a reason, and counted and answered like any other.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from psycopg.errors import NotNullViolation

from yifa.dossiers.personal import new_query_code, same_query_code, seal
from yifa.kernel.citing import Law
from yifa.kernel.ledger import services as ledger
from yifa.kernel.people.actors import Actor
from yifa.kernel.refusing import RejectedError
from yifa.participation import alike, marking, saying, taking
from yifa.participation.clearing import Cleared
from yifa.participation.models import Comment, Consultation
from yifa.participation.queries import answered, digest, marks, opinion_chain, undisclosed
from yifa.participation.saying import LONGEST, SHORTEST, Words
from yifa.participation.veiling import clean

BUSINESS = Law("优化营商环境条例", "2019-10-22")
USUAL_DAYS = 30


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
    cleared: Cleared
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

    Raises RejectedError: without its explanation or 保密审查, of a case that is not to be public, over less than thirty days without a
    reason, backwards, or for another body.
    """
    moment = simulated or timezone.now()
    draft = replace(
        draft,
        title=clean(draft.title),
        explanation=clean(draft.explanation),
        text=clean(draft.text),
        shortened_reason=clean(draft.shortened_reason),
        contact=clean(draft.contact),
    )
    if objection := _unfit(draft, timezone.localdate(moment)):
        raise RejectedError(objection)
    with transaction.atomic():
        with connection.cursor() as cursor:
            # One at a time: of a first round there is no row yet to wait for.
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"participation open {by.league} {draft.dossier}"])
        earlier = list(Consultation.objects.select_for_update().filter(league=by.league, dossier=draft.dossier).order_by("-round"))
        if any(each.organisation_id != by.organisation for each in earlier):
            raise RejectedError("这件事项由其他机关征求意见")
        if earlier and _same(earlier[0], draft):
            raise RejectedError("这份草案已经发布，内容和期限都没有变化；需要更多时间的，请在征求意见页面延长期限")
        for each in earlier:
            if each.status == Consultation.Status.OPEN:
                Consultation.objects.filter(league=each.league, id=each.id).update(status=Consultation.Status.REPLACED)
        row = Consultation.objects.create(
            league=by.league,
            id=uuid4(),
            dossier=draft.dossier,
            round=(earlier[0].round if earlier else 0) + 1,
            title=draft.title[:400],
            organisation_id=by.organisation,
            region_id=by.region,
            explanation=draft.explanation,
            draft_text=draft.text,
            files=[dict(each) for each in draft.files],
            opens_on=draft.opens_on,
            closes_on=draft.closes_on,
            shortened_reason=draft.shortened_reason,
            contact=draft.contact[:400],
        )
        payload = {
            "dossier": row.dossier,
            "round": row.round,
            "title": row.title,
            "opens_on": row.opens_on.isoformat(),
            "closes_on": row.closes_on.isoformat(),
            "shortened_reason": row.shortened_reason,
            "draft_sha256": sha256(row.draft_text),
            "explanation_sha256": sha256(row.explanation),
            "cleared": draft.cleared.payload,
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


def _unfit(draft: Draft, today: date) -> str:
    """Why a draft may not be put before the public so; nothing where it may."""
    if not draft.title or not draft.explanation:
        return "请写明名称和起草说明"
    if not draft.text and not draft.files:
        return "请上传草案，或者录入草案全文"
    if draft.opens_on < today:
        return "开始日期不能早于今天：公布以前的日子公众看不到草案，不能计入期限"
    if draft.closes_on <= draft.opens_on:
        return "截止日期应当晚于开始日期"
    if (draft.closes_on - draft.opens_on).days < USUAL_DAYS and len(draft.shortened_reason) < SHORTEST:
        told = f"公开征求意见的期限一般不少于{USUAL_DAYS}日；确需缩短的，请写明理由"
        return f"{told}（优化营商环境条例第六十二条、重大行政决策程序暂行条例第十五条）"
    return draft.cleared.objection or undisclosed(draft.dossier)


def _same(row: Consultation, draft: Draft) -> bool:
    """Is this what the public is asked now, to the day? A button pressed twice replaces nothing."""
    asked = (row.title, row.explanation, row.draft_text, row.files, row.opens_on, row.closes_on, row.contact)
    files = [dict(each) for each in draft.files]
    return row.status == Consultation.Status.OPEN and asked == (
        draft.title[:400],
        draft.explanation,
        draft.text,
        files,
        draft.opens_on,
        draft.closes_on,
        draft.contact[:400],
    )


def chain(ident: UUID) -> str:
    return f"consultation:{ident}"


def sha256(text: str) -> str:
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
    address: str = "",
    files: Sequence[UploadedFile[Any]] = (),
    key: str = "",
    simulated: datetime | None = None,
) -> Said:
    """Takes one opinion from the public. Of the network `address` it came from a keyed digest is kept, another one in every round.

    `key` is the form's own: the same words sent again from the same form (a button pressed twice, a page loaded anew) are the same
    opinion, and its sender is told the same code.

    Raises RejectedError when the time is over, nothing is said, or a file cannot be taken; nothing is kept then.
    """
    asked = _asked(league, consultation)
    if asked is None:
        raise RejectedError("没有这项征求意见，请从列表进入")
    moment = simulated or timezone.now()
    if asked.status != Consultation.Status.OPEN or not asked.opens_on <= timezone.localdate(moment) <= asked.closes_on:
        raise RejectedError(asked.over)
    said = saying.said(text, clause, name, phone, Comment.Channel.WEB, is_organisation, address)
    looked = taking.look(files)
    sent = saying.sent(key, said, (f"{each.name} {each.size}" for each in files))
    return _take(asked, said, moment, None, taking.keep(looked), simulated, while_in=(Consultation.Status.OPEN,), sent=sent)


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
    is_organisation: bool = False,
    received_on: date | None = None,
    key: str = "",
    simulated: datetime | None = None,
) -> Said:
    """Enters an opinion that came by letter, telephone, meeting or in person, with its scan or note. It counts like any other.

    `key` as of `comment`: a button pressed twice enters one letter.
    """
    asked = _asked(league, consultation)
    if asked is None or asked.organisation != by.organisation:
        raise RejectedError("本机关没有这项征求意见")
    if channel not in Comment.Channel.values or channel == Comment.Channel.WEB:
        raise RejectedError("请选择意见的渠道：信函、电话、座谈会或者当面")
    if not scan:
        raise RejectedError("请附信函扫描件、电话记录或者会议记录")
    moment = simulated or timezone.now()
    received_on = received_on or timezone.localdate(moment)
    if received_on > timezone.localdate(moment):
        raise RejectedError("收到日期不能晚于今天")
    if received_on < asked.opens_on:
        raise RejectedError(f"征求意见从{_words_of(asked.opens_on)}开始，收到日期不能更早；此前收到的意见，请作为调研材料附卷")
    if asked.status == Consultation.Status.SUMMARISED:
        raise RejectedError("意见采纳情况已经公布，不能再录入；请书面答复来信来电的人")
    said = saying.said(text, clause, name, phone, channel, is_organisation)
    sent = saying.sent(key, said, (str(each["sha256"]) for each in scan))
    standing = [each for each in Consultation.Status if each != Consultation.Status.SUMMARISED]
    return _take(asked, said, moment, by, scan, simulated, while_in=standing, received_on=received_on, sent=sent)


@dataclass(frozen=True)
class _Asked:
    """The round as an opinion needs it, and the database's clock; not the draft, which may be long."""

    league: str
    id: UUID
    status: str
    opens_on: date
    closes_on: date
    organisation: str
    region: str
    clock: datetime

    @property
    def over(self) -> str:
        if self.status == Consultation.Status.REPLACED:
            return "草案已经更换，请对新的草案提出意见；您写的内容还在下面"
        if self.opens_on > timezone.localdate(self.clock):
            return f"征求意见从{_words_of(self.opens_on)}开始，请到时再提出"
        return f"征求意见已于{_words_of(self.closes_on)}截止；可以按公告的联系方式向起草单位反映"


def _words_of(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _asked(league: str, consultation: UUID) -> _Asked | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT status, opens_on, closes_on, organisation_id, region_id, clock_timestamp() FROM participation_consultation"
            " WHERE league = %s AND id = %s",
            [league, consultation],
        )
        found = cursor.fetchone()
    return _Asked(league, consultation, *found) if found else None


def _take(
    asked: _Asked,
    said: Words,
    moment: datetime,
    by: Actor | None,
    files: Sequence[Mapping[str, Any]],
    simulated: datetime | None,
    *,
    while_in: Sequence[str],
    received_on: date | None = None,
    sent: str = "",
) -> Said:
    """One statement numbers the opinion, writes it and its entry: numbers have no gap, and the round's row is locked for no longer.

    The round that was looked at may have ended since: then there is no number, and the statement fails as a whole.
    `sent` is all that a form sent, with its key: it makes the id and the code, so that what is sent again is found to be there.
    """
    ident, code = once(asked.id, sent) if sent else (uuid4(), new_query_code())
    came = {"received_on": received_on.isoformat()} if received_on else {}
    members, params = ledger.opening(
        opinion_chain(ident),
        "enter" if by else "say",
        actor=by or Anyone(asked.organisation, asked.region),
        payload={
            "consultation": str(asked.id),
            "channel": said.channel,
            "identity": said.identity,
            "text_sha256": sha256(said.text),
            **came,
        },
        league=asked.league,
        clock=asked.clock,
        files=sorted(str(each["sha256"]) for each in files),
        simulated=simulated,
    )
    row: dict[str, Any] = {
        "league": asked.league,
        "id": ident,
        "consultation": asked.id,
        "receipt_digest": digest(code),
        "channel": said.channel,
        "identity": said.identity,
        "name_sealed": seal(said.name),
        "phone_sealed": seal(said.phone),
        "clause": said.clause,
        "text": said.text,
        "files": json.dumps([dict(each) for each in files]),
        "received_at": moment,
        "received_on": received_on,
        "late": bool(received_on and received_on > asked.closes_on),
        "entered_by_id": UUID(by.person) if by else None,
        "hidden_reason": "",
        "outcome": "",
        "reason": "",
        "source": keyed("source", asked.id, marking.network(said.address)) if said.address else "",
        "signed": keyed("signed", asked.id, "".join(said.name.split()).casefold()) if said.name else "",
        "same": alike.digest(said.text),
        "alone": False,
    }
    with connection.cursor() as cursor:
        try:
            cursor.execute(
                _SAY.format(entry=members, names=", ".join(row), values=", ".join(["%s"] * len(row))),
                [asked.league, asked.id, [str(each) for each in while_in], *params, *row.values()],
            )
        except IntegrityError as problem:
            if isinstance(problem.__cause__, NotNullViolation):
                raise RejectedError(asked.over) from problem
            there = Comment.objects.filter(league=asked.league, id=ident).values_list("n", flat=True).first() if sent else None
            if there is None:
                raise
            return Said(ident, there, code)
        return Said(ident, int(cursor.fetchone()[0]), code)


def once(consultation: UUID, sent: str) -> tuple[UUID, str]:
    """The id and the code of what a form sent: the same for the same, so that what is sent again is found to be there."""
    secret = salted_hmac("yifa.participation.once", f"{consultation} {sent}", secret=settings.PERSONAL_KEY, algorithm="sha256").digest()
    return UUID(bytes=secret[:16], version=4), same_query_code(secret)


_SAY = (
    "WITH round AS (UPDATE participation_consultation SET comments = comments + 1 WHERE league = %s AND id = %s AND status = ANY(%s)"
    " RETURNING comments), {entry}, said AS (INSERT INTO participation_comment (n, {names})"
    " VALUES ((SELECT comments FROM round), {values})) SELECT comments FROM round"
)


def keyed(use: str, consultation: UUID, value: str) -> str:
    """Enough to count like things within a round, nothing to find a person by, and of no use in another round."""
    return salted_hmac(
        f"yifa.participation.{use}", f"{consultation} {value}", secret=settings.PERSONAL_KEY, algorithm="sha256"
    ).hexdigest()[:32]


def reply(
    league: str,
    idents: Collection[UUID],
    *,
    by: Actor,
    outcome: str,
    reason: str,
    seen: Mapping[UUID, str] | None = None,
    simulated: datetime | None = None,
) -> int:
    """What becomes of an opinion, or of several alike: 采纳, 部分采纳 or 未采纳, and why. Returns how many were answered.

    Each gets the answer as an entry of its own chain. An answer is given once for all time of a round; until the summary is published it
    may be given anew, and the record keeps both. `seen`: the answers that stood on the page it is given from (`queries.answered`); another
    clerk's that came in between is not written over unseen. None: nobody looked at a page.
    """
    words = clean(reason)
    if outcome not in Comment.Outcome.values:
        raise RejectedError("请选择采纳、部分采纳或者未采纳")
    if not SHORTEST <= len(words) <= LONGEST:
        raise RejectedError(f"请写明采纳情况的理由，不超过 {LONGEST} 字，提意见的人会看到")
    if not idents:
        raise RejectedError("请先选择意见")
    moment = simulated or timezone.now()
    with transaction.atomic():
        rows = list(
            Comment.objects.select_for_update()
            .filter(league=league, id__in=set(idents))
            .order_by("id")
            .only("id", "consultation", "n", "replied_at")
        )
        if len(rows) < len(set(idents)):
            raise RejectedError("没有这条意见，请刷新页面")
        for consultation in {row.consultation for row in rows}:
            with connection.cursor() as cursor:
                # Not while it is summed up; whoever speaks in the meantime waits for nobody.
                cursor.execute("SELECT FROM participation_consultation WHERE league = %s AND id = %s FOR KEY SHARE", [league, consultation])
            if own_round(league, consultation, by).status == Consultation.Status.SUMMARISED:
                raise RejectedError("意见采纳情况已经公布，不能再改")
        if seen is not None and (overtaken := sorted(row.n for row in rows if answered(row) != seen.get(row.id, ""))):
            raise RejectedError(f"第{'、'.join(map(str, overtaken[:10]))}条刚刚已由他人登记采纳情况，请核对后再登记")
        Comment.objects.filter(league=league, id__in=[row.id for row in rows]).update(
            outcome=outcome, reason=words, replied_at=moment, replied_by_id=UUID(by.person)
        )
        ledger.record_each(
            [opinion_chain(row.id) for row in rows],
            "reply",
            actor=by,
            payload={"outcome": outcome, "reason_sha256": sha256(words)},
            league=league,
            simulated=simulated,
        )
    return len(rows)


def summarise(league: str, consultation: UUID, *, by: Actor, text: str, simulated: datetime | None = None) -> None:
    """Publishes what became of the opinions, when the time is over and every one of them is answered."""
    moment = simulated or timezone.now()
    words = clean(text)
    if not SHORTEST <= len(words) <= 20_000:
        raise RejectedError("请写明意见采纳情况的总体说明")
    with transaction.atomic():
        row = own_round(league, consultation, by, lock=True)
        if row.status == Consultation.Status.SUMMARISED:
            raise RejectedError("意见采纳情况已经公布，请刷新页面")
        if row.status == Consultation.Status.REPLACED:
            raise RejectedError("草案已经更换，请对新一轮征求意见公布采纳情况")
        if timezone.localdate(moment) <= row.closes_on:
            raise RejectedError(f"征求意见到{_words_of(row.closes_on)}截止，截止以后才能公布采纳情况")
        waiting = Comment.objects.filter(league=league, consultation=consultation, outcome="").count()
        if waiting:
            raise RejectedError(f"还有{waiting}条意见没有处理，请逐条说明采纳情况")
        # What was said to a draft that was replaced was promised an answer, too.
        rounds = Consultation.objects.filter(league=league, dossier=row.dossier, round__lt=row.round, status=Consultation.Status.REPLACED)
        for earlier in rounds.order_by("round"):
            if left := Comment.objects.filter(league=league, consultation=earlier.id, outcome="").count():
                raise RejectedError(f"第{earlier.round}轮草案更换以前收到的意见，还有{left}条没有处理，请先说明采纳情况")
        marked = marks(row).frozen()
        Consultation.objects.filter(league=league, id=consultation).update(
            status=Consultation.Status.SUMMARISED, summary=words, summarised_at=moment, marked=marked
        )
        payload = {"comments": row.comments, "marked": marked, "summary_sha256": sha256(words)}
        ledger.record(chain(consultation), "summarise", actor=by, payload=payload, league=league, simulated=simulated)


def own_round(league: str, consultation: UUID, by: Actor, *, lock: bool = False) -> Consultation:
    rows = Consultation.objects.select_for_update() if lock else Consultation.objects.all()
    row = rows.filter(league=league, id=consultation, organisation_id=by.organisation).first()
    if row is None:
        raise RejectedError("本机关没有这项征求意见")
    return row


def own_opinion(league: str, ident: UUID, by: Actor) -> Comment:
    row = Comment.objects.select_for_update().filter(league=league, id=ident).first()
    if row is None:
        raise RejectedError("没有这条意见，请刷新页面")
    own_round(league, row.consultation, by)
    return row
