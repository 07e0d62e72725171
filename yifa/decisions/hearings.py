"""Acts before a hearing: notice, applications, the lot, the list, materials. Its day and minutes: `minutes`. 国务院令第713号 16, 17.

Each act is one entry on `hearing:<id>`, an application one on a chain of its own. What the regulation does not allow is refused with its
article. The seed of the lot is sealed until the draw; its digest stands in the notice (`lots`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.utils import timezone

from yifa.decisions import lots
from yifa.decisions.hearing_queries import phone_digest, receipt_digest
from yifa.decisions.listing import file_list
from yifa.decisions.models import Applicant, Hearing
from yifa.decisions.rules import R713
from yifa.dossiers.personal import new_query_code, seal, unseal
from yifa.kernel.citing import Article
from yifa.kernel.ledger import services as ledger
from yifa.kernel.people.actors import Actor
from yifa.kernel.refusing import RejectedError
from yifa.participation.clearing import Cleared
from yifa.participation.queries import undisclosed
from yifa.participation.services import Anyone
from yifa.participation.veiling import clean, is_said

NOTICE, CHOICE, COURSE = R713[16].kuan(2), R713[16].kuan(3), R713[17]
SENT_BEFORE = 7  # days between the delivery of the materials and the hearing, 第十六条第三款
SHORTEST, SIDES, SEATS = 2, 12, 99
BEFORE_ITS_DAY = (Hearing.Status.ANNOUNCED, Hearing.Status.DRAWN, Hearing.Status.LISTED)


@dataclass(frozen=True)
class Notice:
    """听证公告. `quotas`: (side, seats); `files` are `{title, sha256, size, mime}` of stored files."""

    dossier: str
    title: str
    explanation: str
    draft_text: str
    on: date
    time: time
    place: str
    method: str
    quotas: Sequence[tuple[str, int]]
    apply_until: date
    cleared: Cleared
    contact: str = ""
    files: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True)
class Applied:
    """An application that was taken. `code` is told once and kept nowhere."""

    n: int
    code: str


def chain(ident: UUID) -> str:
    return f"hearing:{ident}"


def announce(notice: Notice, *, by: Actor, simulated: datetime | None = None) -> Hearing:
    """公布听证公告: the draft, when and where, how participants are chosen, and the digest of the seed by which lots will be drawn."""
    moment = simulated or timezone.now()
    today = timezone.localdate(moment)
    quotas = _quotas(notice, today)
    if objection := notice.cleared.objection or undisclosed(notice.dossier):
        raise RejectedError(objection)
    seed = lots.new_seed()
    with transaction.atomic():
        with connection.cursor() as cursor:
            # One at a time: a button pressed twice announces one hearing.
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"hearing of {by.league} {notice.dossier}"])
        if Hearing.objects.filter(league=by.league, dossier=notice.dossier).exclude(status__in=("closed", "cancelled")).exists():
            raise RejectedError("这件事项还有一场听证会没有结束，请先办完或者取消")
        row = Hearing.objects.create(
            league=by.league,
            id=uuid4(),
            dossier=notice.dossier,
            organisation_id=by.organisation,
            region_id=by.region,
            title=notice.title.strip()[:400],
            explanation=notice.explanation.strip(),
            draft_text=notice.draft_text.strip(),
            files=[dict(each) for each in notice.files],
            on=notice.on,
            time=notice.time,
            place=notice.place.strip()[:200],
            contact=notice.contact.strip()[:400],
            method=notice.method.strip(),
            quotas=quotas,
            apply_until=notice.apply_until,
            published_on=today,
            commitment=lots.commitment(seed),
            seed_sealed=seal(seed),
        )
        payload = {
            "dossier": row.dossier,
            "title": row.title,
            "on": row.on.isoformat(),
            "place": row.place,
            "apply_until": row.apply_until.isoformat(),
            "quotas": quotas,
            "commitment": row.commitment,
            "draft_sha256": sha256(row.draft_text),
            "method_sha256": sha256(row.method),
            "cleared": notice.cleared.payload,
        }
        files = sorted(str(each["sha256"]) for each in notice.files)
        note(row, "announce", by, payload, (NOTICE, CHOICE), simulated, files=files)
    return row


def _quotas(notice: Notice, today: date) -> list[dict[str, Any]]:
    """The sides with their seats. Raises RejectedError for a notice that the regulation does not allow."""
    if not notice.title.strip() or not notice.explanation.strip() or not (notice.draft_text.strip() or notice.files):
        raise RejectedError("请写明听证事项，公布决策草案及其说明", NOTICE)
    if not notice.place.strip():
        raise RejectedError("请写明听证会的时间和地点", NOTICE)
    if len(notice.method.strip()) < SHORTEST:
        raise RejectedError("请写明听证参加人遴选办法，并随公告一并公布", CHOICE)
    sides = [side.strip()[:60] for side, _ in notice.quotas]
    if not sides or not all(sides) or len(set(sides)) != len(sides) or len(sides) > SIDES:
        raise RejectedError("请逐一列出相关各方，每一方都要有名额，不能重复", CHOICE)
    if not all(1 <= seats <= SEATS for _, seats in notice.quotas):
        raise RejectedError(f"每一方的名额应当是1至{SEATS}", CHOICE)
    if notice.apply_until <= today:
        raise RejectedError("报名截止日期应当晚于今天")
    _leaves_time(notice.apply_until, notice.on)
    return [{"side": side, "seats": seats} for side, (_, seats) in zip(sides, notice.quotas, strict=True)]


def _leaves_time(apply_until: date, on: date) -> None:
    earliest = apply_until + timedelta(days=SENT_BEFORE + 1)
    if on < earliest:
        raise RejectedError(f"报名截止以后才能抽签，材料又应当在听证会{SENT_BEFORE}日前送达；听证会最早在{earliest}举行", CHOICE)


def apply(
    league: str,
    hearing: UUID,
    *,
    side: str,
    name: str,
    phone: str,
    by: Actor | None = None,
    simulated: datetime | None = None,
) -> Applied:
    """报名: one person's wish to take part, from the portal or entered by a clerk (`by`). One application a telephone."""
    moment = simulated or timezone.now()
    name, phone = clean(name)[:100], clean(phone)[:40]
    if len(name) < SHORTEST or not is_said(name):
        raise RejectedError("请写明姓名或者单位名称")
    if sum(char.isdecimal() for char in phone) < 7:
        raise RejectedError("请写明联系电话，抽中以后据此送达材料")
    code = new_query_code()
    with transaction.atomic():
        row = locked(league, hearing)
        if by is not None and row.organisation_id != by.organisation:
            raise RejectedError("本机关没有这场听证会")
        if row.status != Hearing.Status.ANNOUNCED or timezone.localdate(moment) > row.apply_until:
            raise RejectedError(f"报名已于{row.apply_until}截止")
        if side not in {each["side"] for each in row.quotas}:
            raise RejectedError("请选择您代表的一方")
        digest = phone_digest(hearing, phone)
        # The hearing's row is locked, so that nobody else applies between this look and the insert.
        if Applicant.objects.filter(league=league, hearing=hearing, phone_digest=digest).exists():
            raise RejectedError("这个电话已经报过名，一人只报一次；忘记查询码的，请打公告上的电话")
        n = row.applicants + 1
        Hearing.objects.filter(league=league, id=hearing).update(applicants=n)
        Applicant.objects.create(
            league=league,
            hearing=hearing,
            n=n,
            side=side,
            name_sealed=seal(name),
            phone_sealed=seal(phone),
            phone_digest=digest,
            receipt_digest=receipt_digest(code),
            applied_at=moment,
            entered_by_id=UUID(by.person) if by else None,
        )
        ledger.record(
            f"application:{hearing}-{n}",
            "enter" if by else "apply",
            actor=by or Anyone(row.organisation_id, row.region_id),
            payload={"hearing": str(hearing), "n": n, "side": side},
            league=league,
            cites=(CHOICE,),
            simulated=simulated,
        )
    return Applied(n, code)


def change(
    league: str,
    hearing: UUID,
    *,
    by: Actor,
    on: date,
    time: time,
    place: str,
    apply_until: date,
    reason: str,
    simulated: datetime | None = None,
) -> None:
    """延期: another day, hour or place, or more time to apply; with the reason that the public reads."""
    today = timezone.localdate(simulated or timezone.now())
    if len(reason.strip()) < SHORTEST:
        raise RejectedError("请写明变更的理由，公众会看到")
    with transaction.atomic():
        row = own(league, hearing, by, *BEFORE_ITS_DAY)
        if on <= today:
            raise RejectedError("新的听证日期应当晚于今天")
        if on < row.on and row.sent_on and (on - row.sent_on).days < SENT_BEFORE:
            raise RejectedError(f"材料在{row.sent_on}送达，听证会不能早于送达以后{SENT_BEFORE}日", CHOICE)
        if apply_until != row.apply_until:
            if row.status != Hearing.Status.ANNOUNCED or apply_until < today:
                raise RejectedError("已经抽签的不能再延长报名；报名截止日期也不能早于今天")
            _leaves_time(apply_until, on)
        changed = {"on": on, "time": time, "place": place.strip()[:200] or row.place, "apply_until": apply_until}
        Hearing.objects.filter(league=league, id=hearing).update(**changed, reason=reason.strip()[:400])
        payload = {"on": on.isoformat(), "place": changed["place"], "apply_until": apply_until.isoformat(), "reason": reason.strip()[:400]}
        note(row, "change", by, payload, (NOTICE,), simulated)


def cancel(league: str, hearing: UUID, *, by: Actor, reason: str, simulated: datetime | None = None) -> None:
    """取消: before its day only, with the reason that the public reads."""
    if len(reason.strip()) < SHORTEST:
        raise RejectedError("请写明取消的理由，公众会看到")
    with transaction.atomic():
        row = own(league, hearing, by, *BEFORE_ITS_DAY)
        move(row, Hearing.Status.CANCELLED, reason=reason.strip()[:400])
        note(row, "cancel", by, {"reason": reason.strip()[:400]}, (NOTICE,), simulated)


def draw(league: str, hearing: UUID, *, by: Actor, simulated: datetime | None = None) -> Hearing:
    """抽签: when the time to apply is over, reveals the seed and takes each side's first. A side without applicants stops it."""
    moment = simulated or timezone.now()
    with transaction.atomic():
        row = own(league, hearing, by, Hearing.Status.ANNOUNCED)
        if timezone.localdate(moment) <= row.apply_until:
            raise RejectedError(f"报名到{row.apply_until}截止，截止以后才能抽签", CHOICE)
        seed = unseal(row.seed_sealed)
        standing: dict[str, list[str]] = {each["side"]: [] for each in row.quotas}
        for n, side in Applicant.objects.filter(league=league, hearing=hearing).order_by("n").values_list("n", "side"):
            standing[side].append(str(n))
        if lacking := [side for side, numbers in standing.items() if not numbers]:
            raise RejectedError(f"“{'、'.join(lacking)}”还没有人报名；请延长报名，或者邀请其代表报名，保证相关各方都有代表", CHOICE)
        ranking = {side: list(lots.rank(seed, numbers)) for side, numbers in standing.items()}
        _rank(row, ranking)
        move(row, Hearing.Status.DRAWN, seed=seed, ranking=ranking, drawn_at=moment)
        note(row, "draw", by, {"seed": seed, "commitment": row.commitment, "ranking": _digest(ranking)}, (CHOICE,), simulated)
    return Hearing.objects.get(league=league, id=hearing)


def _rank(row: Hearing, ranking: Mapping[str, Sequence[str]]) -> None:
    """Each applicant's rank on his side, in one statement however many they are."""
    seats = {each["side"]: each["seats"] for each in row.quotas}
    found = [(int(n), place, place <= seats[side]) for side, numbers in ranking.items() for place, n in enumerate(numbers, 1)]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE decisions_applicant a SET rank = v.rank, chosen = v.chosen"
            " FROM unnest(%s::int[], %s::int[], %s::bool[]) v(n, rank, chosen)"
            " WHERE a.league = %s AND a.hearing = %s AND a.n = v.n",
            [*(list(column) for column in zip(*found, strict=True)), row.league, row.id],
        )


def substitute(league: str, hearing: UUID, n: int, *, by: Actor, reason: str, simulated: datetime | None = None) -> int | None:
    """递补: a participant cannot come; the next in rank of his side takes the seat. Returns his number, None when the seat stays empty.

    A list that was published stands in the matter's file as it then is (`listing.file_list`).

    It stays empty when nobody is left, or when the materials could no longer reach the next one in time. After the materials were sent
    they are owed again, to whoever is new.
    """
    if len(reason.strip()) < SHORTEST:
        raise RejectedError("请写明不能参加的原因")
    today = timezone.localdate(simulated or timezone.now())
    with transaction.atomic():
        row = own(league, hearing, by, Hearing.Status.DRAWN, Hearing.Status.LISTED)
        leaving = _participant(row, n)
        waiting = Applicant.objects.filter(league=league, hearing=hearing, side=leaving.side, chosen=False, gave_up="").order_by("rank")
        following = waiting.first() if (row.on - today).days >= SENT_BEFORE else None
        Applicant.objects.filter(league=league, hearing=hearing, n=n).update(chosen=False, gave_up=reason.strip()[:400], listed_as="")
        if following is not None:
            listed = unseal(following.name_sealed) if row.status == Hearing.Status.LISTED else ""
            Applicant.objects.filter(league=league, hearing=hearing, n=following.n).update(chosen=True, listed_as=listed)
            Hearing.objects.filter(league=league, id=hearing).update(sent_on=None)
        payload = {"leaves": n, "follows": following.n if following else 0, "reason": reason.strip()[:400]}
        note(row, "substitute", by, payload, (CHOICE,), simulated)
    if row.status == Hearing.Status.LISTED:
        file_list(row, by=by, simulated=simulated)
    return following.n if following else None


def publish_list(league: str, hearing: UUID, *, by: Actor, simulated: datetime | None = None) -> str:
    """公布听证参加人名单: names in the clear, as everyone who applied was told; before the hearing's day.

    The list joins the matter's file as a document. Returns why it did not, "" when it did.
    """
    today = timezone.localdate(simulated or timezone.now())
    with transaction.atomic():
        row = own(league, hearing, by, Hearing.Status.DRAWN)
        if today >= row.on:
            raise RejectedError("听证参加人名单应当在听证会以前公布；请先登记延期", CHOICE)
        chosen = list(Applicant.objects.filter(league=league, hearing=hearing, chosen=True).order_by("n"))
        if lacking := {each["side"] for each in row.quotas} - {each.side for each in chosen}:
            raise RejectedError(f"“{'、'.join(sorted(lacking))}”没有参加人，保证相关各方都有代表", CHOICE)
        for each in chosen:
            Applicant.objects.filter(league=league, hearing=hearing, n=each.n).update(listed_as=unseal(each.name_sealed))
        move(row, Hearing.Status.LISTED, listed_on=today)
        note(row, "list", by, {"listed_on": today.isoformat(), "chosen": [each.n for each in chosen]}, (CHOICE,), simulated)
    return file_list(row, by=by, simulated=simulated)


def send(
    league: str,
    hearing: UUID,
    *,
    by: Actor,
    sent_on: date,
    files: Sequence[Mapping[str, Any]] = (),
    simulated: datetime | None = None,
) -> None:
    """送达材料: on the day the last participant had them, at least seven days before the hearing; `files` prove it."""
    today = timezone.localdate(simulated or timezone.now())
    with transaction.atomic():
        row = own(league, hearing, by, Hearing.Status.LISTED)
        if sent_on > today:
            raise RejectedError("送达日期不能晚于今天")
        if row.drawn_at and sent_on < timezone.localdate(row.drawn_at):
            raise RejectedError("送达日期不能早于产生参加人的日期")
        if (row.on - sent_on).days < SENT_BEFORE:
            latest = row.on - timedelta(days=SENT_BEFORE)
            raise RejectedError(f"听证会材料应当于召开听证会{SENT_BEFORE}日前送达，最晚是{latest}；请先登记延期，再送达", CHOICE)
        Hearing.objects.filter(league=league, id=hearing).update(sent_on=sent_on, sent_files=[dict(each) for each in files])
        note(row, "send", by, {"sent_on": sent_on.isoformat()}, (CHOICE,), simulated, files=sorted(str(each["sha256"]) for each in files))


def note(
    row: Hearing,
    step: str,
    by: Actor | None,
    payload: Mapping[str, Any],
    cites: Sequence[Article],
    simulated: datetime | None,
    *,
    key: UUID | None = None,
    files: Sequence[str] = (),
) -> None:
    """One act on a hearing's chain, in the caller's transaction."""
    actor = by or Anyone(row.organisation_id, row.region_id)
    ledger.record(
        chain(row.id), step, actor=actor, payload=payload, league=row.league, key=key, cites=cites, files=files, simulated=simulated
    )


def move(row: Hearing, status: Hearing.Status, **changed: Any) -> None:
    Hearing.objects.filter(league=row.league, id=row.id).update(status=status, **changed)


def locked(league: str, hearing: UUID) -> Hearing:
    """The hearing's row, kept until the act ends: numbers have no gaps, and no act overtakes another."""
    row = Hearing.objects.select_for_update().filter(league=league, id=hearing).first()
    if row is None:
        raise RejectedError("没有这场听证会，请从列表进入")
    return row


def own(league: str, hearing: UUID, by: Actor, *status: Hearing.Status) -> Hearing:
    row = locked(league, hearing)
    if row.organisation_id != by.organisation:
        raise RejectedError("本机关没有这场听证会")
    if row.status not in status:
        raise RejectedError(f"听证会现在是“{row.get_status_display()}”，不能办理这一步，请刷新页面")
    return row


def _participant(row: Hearing, n: int) -> Applicant:
    found = Applicant.objects.filter(league=row.league, hearing=row.id, n=n, chosen=True).first()
    if found is None:
        raise RejectedError("名单上没有这位参加人，请刷新页面")
    return found


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _digest(ranking: Mapping[str, Sequence[str]]) -> str:
    return sha256(json.dumps(ranking, ensure_ascii=False, sort_keys=True, separators=(",", ":")))
