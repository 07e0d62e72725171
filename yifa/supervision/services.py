"""Acts of the public and of those who supervise: complain, answer, rate, deal with a clue. Each is one entry on its object's chain."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils import timezone

from yifa.dossiers.personal import new_query_code, seal
from yifa.kernel.calendar.queries import calendar
from yifa.kernel.calendar.terms import Term, Unit, due
from yifa.kernel.citing import Law
from yifa.kernel.ledger import services as ledger
from yifa.kernel.parameters.queries import parameters
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.reading_words import COMPLAINANT, PAGE, TERRITORY
from yifa.kernel.people.services import note_reading
from yifa.kernel.refusing import RejectedError
from yifa.supervision.models import Clue, Complaint, Rating
from yifa.supervision.queries import Body, body, chain_of, query_digest, text_digest

APL = Law("行政处罚法", "2021-01-22")
ANSWER_TERM = "执法投诉答复期限"
LOW = 2
LONGEST = 4000


def note_complainant(complaint: Complaint, *, by: Actor) -> None:
    """The supervisor is about to be shown who complained: one line of the reading log."""
    note_reading(
        by=by,
        subject=chain_of("complaint", complaint.id),
        label=f"对{complaint.organisation.name}的投诉",
        league=complaint.league,
        body=complaint.organisation_id,
        items=[COMPLAINANT],
        way=PAGE,
        ground=TERRITORY,
    )


@dataclass(frozen=True)
class Citizen:
    """The public as the record names it: no person, only the body and region the act is about."""

    organisation: str
    region: str
    person: str = "public"
    post: str = ""


@dataclass(frozen=True)
class Filed:
    """A complaint that was taken. `code` is told once and kept nowhere."""

    id: UUID
    code: str
    due_on: date


def complain(
    *,
    about: str,
    organisation: str,
    text: str,
    dossier: str = "",
    certificate: str = "",
    name: str = "",
    phone: str = "",
    simulated: datetime | None = None,
) -> Filed:
    """Takes a complaint, starts its clock, gives its query code, opens a clue for the supervisor."""
    found = body(organisation)
    if found is None:
        raise RejectedError("没有这个机关，请从列表中选择")
    if about not in Complaint.About.values:
        raise RejectedError("请选择投诉的是案件、执法人员还是机关")
    words = text.strip()
    if not 5 <= len(words) <= LONGEST:
        raise RejectedError(f"请写明投诉的事情，5 到 {LONGEST} 字")
    received = simulated or timezone.now()
    code = new_query_code()
    clock = due(_answer_term(found, received), timezone.localdate(received), calendar())
    row = Complaint(
        league=found.league,
        id=uuid4(),
        query_digest=query_digest(code),
        about=about,
        organisation_id=found.code,
        region_id=found.region,
        dossier=dossier,
        certificate=certificate,
        text=words,
        name_sealed=seal(name.strip()[:100]),
        phone_sealed=seal(phone.strip()[:40]),
        received_at=received,
        due_on=clock.due,
        derivation=list(clock.derivation),
        provisional=clock.provisional,
    )
    payload = {
        "about": about,
        "certificate": certificate,
        "dossier": dossier,
        "due_on": clock.due.isoformat(),
        "text_sha256": text_digest(words),
    }
    with transaction.atomic():
        row.save(force_insert=True)
        Clue.objects.create(
            league=found.league,
            id=uuid4(),
            source=Clue.Source.COMPLAINT,
            source_id=row.id,
            organisation_id=found.code,
            region_id=found.region,
            opened_at=received,
        )
        ledger.record(
            chain_of("complaint", row.id),
            "file",
            actor=Citizen(found.code, found.region),
            payload=payload,
            league=found.league,
            simulated=simulated,
            cites=(APL[75].kuan(2),),
        )
    return Filed(row.id, code, clock.due)


def answer(league: str, ident: UUID, *, text: str, by: Actor, simulated: datetime | None = None) -> None:
    """The supervisor's answer, once. Whether `by` may answer is asked before (queries.complaint reads within his scope)."""
    words = text.strip()
    if not 5 <= len(words) <= LONGEST:
        raise RejectedError(f"请写明核查情况和处理结果，5 到 {LONGEST} 字")
    answered = simulated or timezone.now()
    with transaction.atomic():
        changed = Complaint.objects.filter(league=league, id=ident, state=Complaint.State.OPEN).update(
            state=Complaint.State.ANSWERED, answer=words, answered_at=answered, answered_by=UUID(by.person)
        )
        if changed != 1:
            raise RejectedError("这件投诉已经答复过，请刷新页面")
        Clue.objects.filter(league=league, source_id=ident, handled_at=None).update(
            outcome="已答复投诉人", handled_at=answered, handled_by=UUID(by.person)
        )
        ledger.record(
            chain_of("complaint", ident),
            "answer",
            actor=by,
            payload={"answer_sha256": text_digest(words)},
            league=league,
            simulated=simulated,
            cites=(APL[75].kuan(2),),
        )


def rate(*, dossier: str, document: str, organisation: str, score: int, note: str = "", simulated: datetime | None = None) -> None:
    """One rating of one document; 2 or less opens a clue. The entry names neither case nor document, nor who rated."""
    found = body(organisation)
    if found is None or not 1 <= score <= 5:
        raise RejectedError("请选择 1 到 5 分")
    rated = simulated or timezone.now()
    row = Rating(
        league=found.league,
        id=uuid4(),
        dossier=dossier,
        document=document,
        organisation_id=found.code,
        region_id=found.region,
        score=score,
        note=note.strip()[:500],
        rated_on=timezone.localdate(rated),
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            if score <= LOW:
                Clue.objects.create(
                    league=found.league,
                    id=uuid4(),
                    source=Clue.Source.RATING,
                    source_id=row.id,
                    organisation_id=found.code,
                    region_id=found.region,
                    opened_at=rated,
                )
            ledger.record(
                chain_of("rating", row.id),
                "rate",
                actor=Citizen(found.code, found.region),
                payload={"score": score},
                league=found.league,
                simulated=simulated,
            )
    except IntegrityError as error:
        raise RejectedError("这份文书已经评价过，每份文书只能评价一次") from error


def handle_clue(league: str, ident: UUID, *, outcome: str, by: Actor, simulated: datetime | None = None) -> None:
    """What the supervisor found, once, on the chain of what opened the clue."""
    words = outcome.strip()
    if not 2 <= len(words) <= LONGEST:
        raise RejectedError("请写明处理结果")
    handled = simulated or timezone.now()
    with transaction.atomic():
        clue = Clue.objects.select_for_update().filter(league=league, id=ident, handled_at=None).first()
        if clue is None:
            raise RejectedError("这条线索已经处理过，请刷新页面")
        Clue.objects.filter(league=league, id=ident).update(outcome=words, handled_at=handled, handled_by=UUID(by.person))
        ledger.record(
            chain_of(clue.source, clue.source_id),
            "handle_clue",
            actor=by,
            payload={"outcome_sha256": text_digest(words)},
            league=league,
            simulated=simulated,
        )


def _answer_term(found: Body, at: datetime) -> Term:
    value = parameters().find(ANSWER_TERM, region=found.region, sector=found.sector, on=timezone.localdate(at))
    return Term(int(value.value), Unit(value.unit))
