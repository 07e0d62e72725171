"""The quiz 知识测评: drawing items, taking an attempt, and what the attempts say. Nobody is named; nobody is asked twice in 90 days.

A sheet is signed: it names its questions in the order shown, the order of their options, and when it was handed out. It is taken once
(its id is the attempt's), within two hours, and an attempt faster than the questions can be read counts for nothing.
"""

from __future__ import annotations

import random
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.core import signing
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from yifa.evaluation import awareness, method, queries
from yifa.evaluation.awareness import Result, Share
from yifa.evaluation.models import Attempt, Question
from yifa.evaluation.queries import Period
from yifa.kernel.ledger import services as ledger
from yifa.kernel.refusing import RejectedError

SALT = "yifa.evaluation.quiz"
OFFICER = "officer"


@dataclass(frozen=True)
class Anyone:
    """Whoever answered, as the record names him: no person, only the region."""

    region: str
    organisation: str = ""
    person: str = "public"
    post: str = ""


@dataclass(frozen=True)
class Shown:
    """One item as it is put before a person: `options` are (value, words) in the order shown."""

    question: Question
    options: Sequence[tuple[int, str]]


@dataclass(frozen=True)
class Sheet:
    items: Sequence[Shown]
    token: str


@dataclass(frozen=True)
class Who:
    """Who answers, as far as it is asked: stratum, region of six digits, town or country (None: not said)."""

    stratum: str
    region: str
    league: str
    urban: bool | None
    device: str
    person: str = ""


@dataclass(frozen=True)
class Told:
    """What a person is told: how many were right, and each question with its answer and article."""

    attempt: Attempt
    lines: Sequence[tuple[Question, bool]]


def digest(of: str, value: str) -> str:
    """What is kept of a device or person: enough to know it again, nothing to find it by."""
    return salted_hmac(f"yifa.evaluation.{of}", value, secret=settings.PERSONAL_KEY, algorithm="sha256").hexdigest()[:32]


def draw(work: str, *, at: datetime, chance: random.Random | None = None) -> Sheet:
    """A random selection in random order, with the options shuffled. Raises RejectedError when too few questions may be asked."""
    how = method.installed().awareness
    bank = queries.bank(work)
    if len(bank) < how.least_items:
        raise RejectedError("这部法规的题目还不够，暂时不能测评")
    dice = chance or secrets.SystemRandom()
    items = []
    for question in dice.sample(bank, min(how.items, len(bank))):
        places = list(range(len(question.options)))
        dice.shuffle(places)
        items.append(Shown(question, [(place, question.options[place]) for place in places]))
    told = {"id": str(uuid4()), "work": work, "at": at.isoformat(), "items": [each.question.pk for each in items]}
    return Sheet(items, signing.dumps(told, salt=SALT))


def why_not(work: str, who: Who, at: datetime) -> str:
    """Has this device or person answered about this work within 90 days? The sentence that says so, or ""."""
    days = method.installed().awareness.again_after_days
    found = Attempt.objects.filter(work_key=work, at__gt=at - timedelta(days=days))
    last = found.filter(device=who.device).order_by("-at").first()
    if last is None and who.person:
        last = found.filter(person=who.person).order_by("-at").first()
    if last is None:
        return ""
    again = timezone.localdate(last.at + timedelta(days=days + 1))
    return f"同一人、同一设备{days}日内只测评一次，{again:%Y年%-m月%-d日}起可以再次参加"


def take(token: str, answers: Mapping[int, int], who: Who, *, at: datetime, simulated: bool = False) -> Told:
    """One attempt: judged, kept, entered in the record. `answers` are question -> place of the chosen option. Raises RejectedError."""
    how = method.installed().awareness
    told = _opened(token)
    started = datetime.fromisoformat(told["at"])
    if not started <= at <= started + timedelta(hours=how.hours_to_answer):
        raise RejectedError(f"答题时间超过{how.hours_to_answer}小时，请重新开始")
    if how.stratum(who.stratum) is None:
        raise RejectedError("请选择您以什么身份参加")
    questions = {row.pk: row for row in Question.objects.filter(pk__in=told["items"])}
    lines = [(questions[number], answers.get(number) == questions[number].answer) for number in told["items"]]
    if any(number not in answers for number in told["items"]):
        raise RejectedError("还有题目没有作答")
    seconds, correct = int((at - started).total_seconds()), sum(right for _, right in lines)
    row = Attempt(
        league=who.league,
        id=UUID(told["id"]),
        work_key=told["work"],
        stratum=who.stratum,
        region=who.region,
        urban=who.urban,
        device=who.device,
        person=who.person,
        at=at,
        month=f"{timezone.localdate(at):%Y-%m}",
        items=len(lines),
        correct=correct,
        seconds=seconds,
        aware=awareness.is_aware(correct, len(lines), how),
        counted=not awareness.is_hasty(seconds, len(lines), how),
    )
    payload: dict[str, Any] = {
        "work": row.work_key,
        "stratum": row.stratum,
        "questions": told["items"],
        "correct": correct,
        "seconds": seconds,
        "counted": row.counted,
    }
    with transaction.atomic():
        _in_turn(row.work_key, who)
        if reason := why_not(row.work_key, who, at):
            raise RejectedError(reason)
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError as error:
            raise RejectedError("这份答卷已经交过") from error
        ledger.record(
            f"attempt:{row.id}", "answer", actor=Anyone(who.region), payload=payload, league=who.league, simulated=at if simulated else None
        )
    return Told(row, lines)


def _in_turn(work: str, who: Who) -> None:
    """Two attempts of one device or person at once come one after the other; locks in one order, so that none waits for the other."""
    with connection.cursor() as cursor:
        for each in sorted(filter(None, (who.device, who.person))):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"quiz {work} {each}"])


def _opened(token: str) -> dict[str, Any]:
    try:
        found: dict[str, Any] = signing.loads(token, salt=SALT)
    except signing.BadSignature as error:
        raise RejectedError("答卷已经失效，请重新开始") from error
    return found


@dataclass(frozen=True)
class Cell:
    """One group of a breakdown."""

    name: str
    share: Share


def result(work: str, period: Period) -> Result:
    """知晓率 of a work in a period and region."""
    found = {stratum: share for (stratum, _), share in _shares(work, period, "stratum").items()}
    return awareness.result(found, method.installed().awareness)


def by_place(work: str, period: Period) -> list[Cell]:
    """Town, country, not said: a breakdown, each with its own interval; groups below the minimum are not shown."""
    names = {True: "城镇", False: "农村牧区", None: "未说明"}
    found: dict[bool | None, Share] = {}
    for (_, urban), share in _shares(work, period, "urban").items():
        found[urban] = found.get(urban, Share(0, 0)) + share
    least = method.installed().awareness.least_in_stratum
    return [Cell(names[key], found[key]) for key in (True, False, None) if key in found and found[key].n >= least]


def _shares(work: str, period: Period, by: str) -> dict[tuple[str, Any], Share]:
    """(stratum, town or country) -> share of those that count."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT stratum, CASE WHEN %s = 'urban' THEN urban END, count(*) FILTER (WHERE aware), count(*) FROM evaluation_attempt"
            " WHERE counted AND work_key = %s AND month BETWEEN %s AND %s AND region LIKE %s GROUP BY 1, 2",
            [by, work, period.first, period.last, period.place],
        )
        return {(stratum, urban): Share(aware, n) for stratum, urban, aware, n in cursor.fetchall()}
