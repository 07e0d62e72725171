"""The day of a hearing: who came, what was said, who confirmed it. 国务院令第713号 17: introduce, speak and debate, confirm and sign.

Minutes are added, never changed; several clerks write at once, each entry one entry of the record on `hearing:<id>`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from yifa.decisions.hearing_queries import receipt_digest
from yifa.decisions.hearings import CHOICE, COURSE, NOTICE, SENT_BEFORE, SHORTEST, locked, move, note, own, sha256
from yifa.decisions.models import Applicant, Hearing, Minute
from yifa.kernel.people.actors import Actor
from yifa.kernel.refusing import RejectedError
from yifa.participation.veiling import clean

LONGEST = 4000
SPOKEN = (Minute.Part.INTRODUCED, Minute.Part.STATED, Minute.Part.DEBATED)


def begin(league: str, hearing: UUID, *, by: Actor, host: str, present: Sequence[int], simulated: datetime | None = None) -> None:
    """开始: on its day, after list and materials; who presides and who of the participants has come."""
    today = timezone.localdate(simulated or timezone.now())
    if len(host.strip()) < SHORTEST:
        raise RejectedError("请写明主持人")
    with transaction.atomic():
        row = own(league, hearing, by, Hearing.Status.LISTED)
        if today != row.on:
            raise RejectedError(f"公告的听证日期是{row.on}；改在其他日期举行的，请先登记延期", NOTICE)
        if row.sent_on is None or (row.on - row.sent_on).days < SENT_BEFORE:
            raise RejectedError(f"还没有登记材料送达；听证会材料应当于召开听证会{SENT_BEFORE}日前送达参加人", CHOICE)
        chosen = Applicant.objects.filter(league=league, hearing=hearing, chosen=True)
        numbers = set(chosen.values_list("n", flat=True))
        came = set(present)
        if not came or not came <= numbers:
            raise RejectedError("请在名单上勾选到会的参加人")
        chosen.update(present=False)
        chosen.filter(n__in=came).update(present=True)
        move(row, Hearing.Status.HELD, host=host.strip()[:40])
        note(row, "begin", by, {"host": host.strip()[:40], "present": sorted(came)}, (COURSE,), simulated)


def write(
    league: str,
    hearing: UUID,
    *,
    by: Actor,
    key: UUID,
    part: str,
    speaker: str,
    text: str,
    corrects: int | None = None,
    simulated: datetime | None = None,
) -> int:
    """记一条笔录 and return its number; several clerks write at once, the same `key` is one entry. Added, never changed."""
    words, speaker = clean(text), clean(speaker)[:100]
    if part not in SPOKEN:
        raise RejectedError("请选择这段话属于哪一步：介绍草案，陈述意见，或者询问、质证、辩论", COURSE)
    if not speaker or not 1 <= len(words) <= LONGEST:
        raise RejectedError(f"请写明发言人和内容，不超过{LONGEST}字")
    with transaction.atomic():
        row = own(league, hearing, by, Hearing.Status.HELD)
        written = Minute.objects.filter(league=league, hearing=hearing)
        if same := written.filter(key=key).first():
            return same.n
        if part != Minute.Part.INTRODUCED and not written.filter(part=Minute.Part.INTRODUCED).exists():
            raise RejectedError("应当先由决策承办单位介绍决策草案、依据和有关情况", COURSE.xiang(1))
        if corrects is not None and not 1 <= corrects <= row.minutes:
            raise RejectedError(f"没有第{corrects}条，请写明更正的是哪一条")
        return _add(row, by, key, part, speaker, words, corrects, simulated)


def _add(
    row: Hearing,
    by: Actor | None,
    key: UUID,
    part: str,
    speaker: str,
    text: str,
    corrects: int | None,
    simulated: datetime | None,
    files: Sequence[str] = (),
) -> int:
    """The next entry; the caller holds the hearing's row."""
    n = row.minutes + 1
    Hearing.objects.filter(league=row.league, id=row.id).update(minutes=n)
    Minute.objects.create(
        league=row.league,
        hearing=row.id,
        n=n,
        key=key,
        part=part,
        speaker=speaker,
        text=text,
        corrects=corrects,
        at=simulated or timezone.now(),
        written_by_id=UUID(by.person) if by else None,
    )
    payload = {"n": n, "part": part, "speaker": speaker, "text_sha256": sha256(text), "corrects": corrects or 0}
    note(row, "minute", by, payload, (COURSE,), simulated, key=key, files=files)
    return n


def conclude(league: str, hearing: UUID, *, by: Actor, simulated: datetime | None = None) -> None:
    """结束发言: nothing more is written but confirmations. All that the regulation wants said must have been said."""
    with transaction.atomic():
        row = own(league, hearing, by, Hearing.Status.HELD)
        had = set(Minute.objects.filter(league=league, hearing=hearing).values_list("part", flat=True))
        if lacking := [part.label for part in SPOKEN if part not in had]:
            raise RejectedError(f"笔录里还没有“{'”“'.join(lacking)}”；无人询问、辩论的，也请把主持人的询问和回答记下来", COURSE)
        move(row, Hearing.Status.RECORDED)
        note(row, "conclude", by, {"minutes": row.minutes, "sha256": minutes_sha256(row)}, (COURSE,), simulated)


def confirm(code: str, *, remark: str = "", simulated: datetime | None = None) -> Hearing:
    """A participant confirms the minutes by his receipt code; what he thinks wrong in them is written down with it."""
    with transaction.atomic():
        found = Applicant.objects.filter(receipt_digest=receipt_digest(code)).first()
        if found is None:
            raise RejectedError("没有这个查询码，请核对后再输入")
        row = locked(found.league, found.hearing)
        words = clean(remark)[:LONGEST]
        text = f"已阅读笔录，有补充或者更正：{words}" if words else "已阅读笔录，记录无误"
        _answer(row, found.n, Applicant.Answer.CONFIRMED, text, None, (), simulated)
    return row


def sign(
    league: str,
    hearing: UUID,
    n: int,
    *,
    by: Actor,
    files: Sequence[Mapping[str, Any]] = (),
    refused: str = "",
    simulated: datetime | None = None,
) -> None:
    """The clerk enters a participant's signature (with its page) or, with the reason, that he refused to sign."""
    if not refused.strip() and not files:
        raise RejectedError("请附签字页；拒绝签字的，请写明情况", COURSE.xiang(3))
    with transaction.atomic():
        row = own(league, hearing, by, Hearing.Status.RECORDED)
        if refused.strip():
            _answer(row, n, Applicant.Answer.REFUSED, f"拒绝签字：{refused.strip()[:400]}", by, files, simulated)
        else:
            _answer(row, n, Applicant.Answer.CONFIRMED, "已阅读笔录并签字（见签字页）", by, files, simulated)


def _answer(
    row: Hearing,
    n: int,
    answer: str,
    text: str,
    by: Actor | None,
    files: Sequence[Mapping[str, Any]],
    simulated: datetime | None,
) -> None:
    if row.status != Hearing.Status.RECORDED:
        raise RejectedError("现在不在确认笔录的阶段", COURSE.xiang(3))
    found = Applicant.objects.filter(league=row.league, hearing=row.id, n=n, present=True).first()
    if found is None:
        raise RejectedError("确认笔录的应当是到会的参加人", COURSE.xiang(3))
    if found.answer:
        raise RejectedError("已经登记过这位参加人对笔录的确认，请刷新页面")
    Applicant.objects.filter(league=row.league, hearing=row.id, n=n).update(
        answer=answer, answered_at=simulated or timezone.now(), files=[dict(each) for each in files]
    )
    names = sorted(str(each["sha256"]) for each in files)
    _add(row, by, uuid4(), Minute.Part.SIGNED, found.listed_as, text, None, simulated, files=names)


def close(league: str, hearing: UUID, *, by: Actor, simulated: datetime | None = None) -> None:
    """办结: when every participant who came has confirmed the minutes or refused to."""
    moment = simulated or timezone.now()
    with transaction.atomic():
        row = own(league, hearing, by, Hearing.Status.RECORDED)
        came = Applicant.objects.filter(league=league, hearing=hearing, present=True)
        if waiting := list(came.filter(answer="").order_by("n").values_list("listed_as", flat=True)):
            raise RejectedError(f"{'、'.join(waiting)}还没有确认笔录；拒绝签字的，请注明", COURSE.xiang(3))
        move(row, Hearing.Status.CLOSED, closed_at=moment)
        note(row, "close", by, {"minutes": row.minutes, "sha256": minutes_sha256(row)}, (COURSE,), simulated)


def minutes_sha256(row: Hearing) -> str:
    """The digest of all that was written so far, entry by entry, in their order."""
    rows = Minute.objects.filter(league=row.league, hearing=row.id).order_by("n").values_list("n", "part", "speaker", "text", "corrects")
    return sha256("\n".join(json.dumps(each, ensure_ascii=False, separators=(",", ":")) for each in rows))
