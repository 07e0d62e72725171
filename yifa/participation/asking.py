"""问卷: drawn up for a dossier, published for a time after 保密审查, filled in by anybody without an account.

重大行政决策程序暂行条例 14 (采取问卷调查等方式听取意见). A sheet is one statement and one entry on its own chain, as an opinion is; batches
put the sheets of a questionnaire under one root. A published questionnaire is not changed any more.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from psycopg.errors import NotNullViolation

from yifa.dossiers.personal import new_query_code
from yifa.kernel.citing import Law
from yifa.kernel.ledger import services as ledger
from yifa.kernel.ledger.bodies import canonical
from yifa.kernel.people.actors import Actor
from yifa.kernel.refusing import RejectedError
from yifa.participation import alike, marking, questions
from yifa.participation.clearing import Cleared
from yifa.participation.models import Filled, Questionnaire
from yifa.participation.queries import digest, undisclosed
from yifa.participation.questions import Answer, Question
from yifa.participation.services import Anyone, Said, keyed, once, sha256
from yifa.participation.veiling import clean

R713 = Law("重大行政决策程序暂行条例", "2019-04-20")
SHORTEST_DAYS = 3
TELLING = 6  # letters below which equal texts say nothing (无, 没有意见)


@dataclass(frozen=True)
class Period:
    """From when until when the public may answer."""

    opens_on: date
    closes_on: date


def chain(ident: UUID) -> str:
    return f"questionnaire:{ident}"


def draw_up(dossier: str, title: str, explanation: str, *, by: Actor, simulated: datetime | None = None) -> Questionnaire:
    """Begins a questionnaire. It is a draft of the body until it is published, and no act before that."""
    title, explanation = clean(title), clean(explanation)
    if not title or not explanation:
        raise RejectedError("请写明问卷名称和说明：为什么调查、结果怎样使用")
    return Questionnaire.objects.create(
        league=by.league,
        id=uuid4(),
        dossier=dossier,
        title=title[:400],
        organisation_id=by.organisation,
        region_id=by.region,
        explanation=explanation,
        drawn_at=simulated or timezone.now(),
    )


def add_question(league: str, ident: UUID, *, by: Actor, kind: str, text: str, options: str = "", must: bool = True) -> None:
    """One more question at the end. Raises RejectedError when it cannot be asked so."""
    with transaction.atomic():
        row = _draft(league, ident, by)
        asked = questions.drawn([Question.of(each) for each in row.questions], kind=kind, text=text, options=options, must=must)
        Questionnaire.objects.filter(league=league, id=ident).update(questions=[each.kept for each in asked])


def remove_question(league: str, ident: UUID, key: str, *, by: Actor) -> None:
    with transaction.atomic():
        row = _draft(league, ident, by)
        kept = [each for each in row.questions if each["key"] != key]
        Questionnaire.objects.filter(league=league, id=ident).update(questions=kept)


def publish(league: str, ident: UUID, period: Period, cleared: Cleared, *, by: Actor, simulated: datetime | None = None) -> None:
    """Puts it before the public, after 保密审查 by a named person. From now on it is as it is."""
    moment = simulated or timezone.now()
    with transaction.atomic():
        row = _draft(league, ident, by)
        if not row.questions:
            raise RejectedError("请先加题目")
        if period.opens_on < timezone.localdate(moment):
            raise RejectedError("开始日期不能早于今天")
        if period.closes_on - period.opens_on < timedelta(days=SHORTEST_DAYS):
            raise RejectedError(f"请给公众至少{SHORTEST_DAYS}日填写")
        if objection := cleared.objection or undisclosed(row.dossier):
            raise RejectedError(objection)
        Questionnaire.objects.filter(league=league, id=ident).update(
            status=Questionnaire.Status.PUBLISHED, opens_on=period.opens_on, closes_on=period.closes_on
        )
        payload = {
            "dossier": row.dossier,
            "title": row.title,
            "opens_on": period.opens_on.isoformat(),
            "closes_on": period.closes_on.isoformat(),
            "explanation_sha256": sha256(row.explanation),
            "questions": row.questions,
            "cleared": cleared.payload,
        }
        ledger.record(chain(ident), "publish", actor=by, payload=payload, league=league, cites=(R713[14],), simulated=simulated, at=moment)


def _draft(league: str, ident: UUID, by: Actor) -> Questionnaire:
    row = Questionnaire.objects.select_for_update().filter(league=league, id=ident, organisation_id=by.organisation).first()
    if row is None:
        raise RejectedError("本机关没有这份问卷")
    if row.status != Questionnaire.Status.DRAFT:
        raise RejectedError("问卷已经发布，不能再改；需要更正的，请另行起草")
    return row


def fill(
    league: str, ident: UUID, sent: Mapping[str, Sequence[str]], *, address: str = "", key: str = "", simulated: datetime | None = None
) -> Said:
    """Takes one sheet: the values of the form by the keys of the questions. `key` is the form's own, as of an opinion.

    Raises RejectedError when it is over or one is missing.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT status, opens_on, closes_on, organisation_id, region_id, questions, clock_timestamp()"
            " FROM participation_questionnaire WHERE league = %s AND id = %s",
            [league, ident],
        )
        found = cursor.fetchone()
    if found is None:
        raise RejectedError("没有这份问卷，请从列表进入")
    status, opens_on, closes_on, organisation, region, asked, clock = found
    moment = simulated or timezone.now()
    if status != Questionnaire.Status.PUBLISHED or not opens_on <= timezone.localdate(moment) <= closes_on:
        raise RejectedError("这份问卷没有开始，或者已经截止")
    values = questions.read([Question.of(each) for each in json.loads(asked)], sent)
    told = f"{key}\n{canonical(dict(values), limit=None).decode()}" if key else ""
    return _take(league, ident, values, Anyone(organisation, region), clock, moment, address, simulated, told)


def _take(
    league: str,
    ident: UUID,
    values: Mapping[str, Answer],
    actor: Anyone,
    clock: datetime,
    moment: datetime,
    address: str,
    simulated: datetime | None,
    sent: str,
) -> Said:
    """One statement, as for an opinion: the number, the sheet and its entry, or nothing."""
    sheet, code = once(ident, sent) if sent else (uuid4(), new_query_code())
    entry, params = ledger.opening(
        f"filled:{sheet}",
        "fill",
        actor=actor,
        payload={"questionnaire": str(ident), "values_sha256": sha256(canonical(dict(values), limit=None).decode())},
        league=league,
        clock=clock,
        simulated=simulated,
    )
    words = "".join(value for value in values.values() if isinstance(value, str))
    row: dict[str, Any] = {
        "league": league,
        "id": sheet,
        "questionnaire": ident,
        "receipt_digest": digest(code),
        "values": json.dumps(values),
        "received_at": moment,
        "source": keyed("source", ident, marking.network(address)) if address else "",
        "same": alike.digest(words) if len(alike.normal(words)) >= TELLING else "",
    }
    with connection.cursor() as cursor:
        try:
            cursor.execute(
                _FILL.format(entry=entry, names=", ".join(f'"{name}"' for name in row), values=", ".join(["%s"] * len(row))),
                [league, ident, *params, *row.values()],
            )
        except IntegrityError as problem:
            if isinstance(problem.__cause__, NotNullViolation):
                raise RejectedError("这份问卷已经截止") from problem
            there = Filled.objects.filter(league=league, id=sheet).values_list("n", flat=True).first() if sent else None
            if there is None:
                raise
            return Said(sheet, there, code)
        return Said(sheet, int(cursor.fetchone()[0]), code)


_FILL = (
    "WITH round AS (UPDATE participation_questionnaire SET answers = answers + 1 WHERE league = %s AND id = %s AND status = 'published'"
    " RETURNING answers), {entry}, filled AS (INSERT INTO participation_filled (n, {names})"
    " VALUES ((SELECT answers FROM round), {values})) SELECT answers FROM round"
)
