"""Grants: whoever answers for dossiers gives a person or a body the right to read them, for a reason and a time, and takes it back.

Each act is one transaction and one entry on the grant's own chain `grant:<id>`. Source: 个人信息保护法 6 (no more than the purpose needs).
"""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from yifa.kernel.access.models import Grant
from yifa.kernel.access.queries import scope
from yifa.kernel.access.scope import Scope
from yifa.kernel.calendar.queries import calendar
from yifa.kernel.calendar.terms import Term, Unit, due
from yifa.kernel.citing import Law
from yifa.kernel.parameters.queries import parameters
from yifa.kernel.people import queries as people
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.reading_words import OWN, TERRITORY
from yifa.kernel.people.refusals import NotAllowed
from yifa.kernel.people.roles import HEAD, SUPERVISOR
from yifa.kernel.people.services import record

PRIVACY = Law("个人信息保护法", "2021-08-20")
LONGEST = "授权查阅最长期限"
# Who may give: the head for his body's dossiers, the supervisor for those of his territory and line.
GIVERS = (HEAD, SUPERVISOR)


@transaction.atomic
def give(*, by: Actor, holder_kind: str, holder: str, kind: str, value: str, until: date, reason: str) -> Grant:
    """`holder` is a person's account or a body's code (`holder_kind` person | organisation), `value` a case number, a body's or a

    region's code. Nobody passes on what he was granted himself, and nobody gives beyond the longest term. NotAllowed says what is wrong.
    """
    _is_giver(by)
    today = timezone.localdate()
    last = longest(by, today)
    if not reason.strip():
        raise NotAllowed("授权查阅应当写明理由", PRIVACY[6])
    if not today <= until <= last:
        raise NotAllowed(f"期限应当在今天至 {last:%Y年%m月%d日} 之间：授权查阅限于办理所需的时间", PRIVACY[6])
    person, body = _holder(by, holder_kind, holder.strip())
    rights, wanted = scope(by, today=today), value.strip()
    _answers_for(rights, kind, wanted)
    made = Grant.objects.create(
        id=uuid.uuid4(),
        person_id=person,
        organisation_id=body,
        kind=kind,
        value=wanted,
        reason=reason.strip(),
        given_by_id=uuid.UUID(by.person),
        given_for=by.organisation,
        given_at=timezone.now(),
        until=until,
    )
    payload = {
        "holder": f"{holder_kind}:{person or body}",
        "kind": kind,
        "value": wanted,
        "until": until.isoformat(),
        "reason": reason.strip(),
    }
    record(f"grant:{made.id}", "give", by=by, payload=payload, league=by.league, cites=(PRIVACY[6],))
    return made


@transaction.atomic
def withdraw(*, by: Actor, grant: uuid.UUID, reason: str) -> Grant:
    """Take a grant of one's own body, or of one below it, back at once. LookupError when there is none that this actor looks after."""
    _is_giver(by)
    found = Grant.objects.select_for_update().filter(pk=grant, given_for__in=scope(by).own).first()
    if found is None:
        raise LookupError(grant)
    if found.revoked_at:
        raise NotAllowed("这项授权已经收回")
    if found.until < timezone.localdate():
        raise NotAllowed("这项授权已经到期，不必收回")
    if not reason.strip():
        raise NotAllowed("收回授权应当写明理由")
    found.revoked_at = timezone.now()
    found.save(update_fields=["revoked_at"])
    record(f"grant:{found.id}", "withdraw", by=by, payload={"reason": reason.strip()}, league=by.league)
    return found


def longest(by: Actor, today: date) -> date:
    """The last day a grant given today may run to."""
    found = parameters().find(LONGEST, region=by.region, on=today)
    return due(Term(found.value, Unit(found.unit), roll=False), today, calendar()).due


def _is_giver(by: Actor) -> None:
    if not by.has(*GIVERS):
        raise NotAllowed("授权查阅由办案机关负责人或者监督人员办理", unblock="负责人")


def _holder(by: Actor, kind: str, text: str) -> tuple[uuid.UUID | None, str | None]:
    if kind == "person":
        person = people.person_of(text) or people.person_of(text.upper())
        if person is None or not person.is_active:
            raise NotAllowed(f"没有账号为“{text}”的在用人员")
        if str(person.pk) == by.person:
            raise NotAllowed("不能授权给自己")
        return person.pk, None
    if kind != "organisation":
        raise NotAllowed("请选择授权给人员还是机关")
    if not _found("SELECT 1 FROM people_organisation WHERE code = %s", text):
        raise NotAllowed(f"没有代码为“{text}”的机关")
    if text == by.organisation:
        raise NotAllowed("本机关的人员不需要授权就可以查阅")
    return None, text


def _answers_for(rights: Scope, kind: str, value: str) -> None:
    """Whether these dossiers are one's own to answer for: a right got by a grant or by a part in a case cannot be passed on."""
    if kind == Grant.Kind.REGION:
        place = _found("SELECT code, league FROM people_region WHERE code = %s", value)
        if place is None:
            raise NotAllowed(f"没有代码为“{value}”的区划")
        ground = rights.ground(code="", organisation="", region=place[0], league=place[1])
        if ground != TERRITORY:
            raise NotAllowed("区划不在您的监督辖区之内，不能授权查阅")
        return
    if kind == Grant.Kind.DOSSIER:
        row = _found("SELECT organisation_id, region_id, league FROM dossiers_dossier WHERE code = %s", value)
        missing = "没有这个案件，或者它不归您管理"
    elif kind == Grant.Kind.ORGANISATION:
        row = _found("SELECT o.code, o.region_id, r.league FROM people_organisation o JOIN people_region r ON r.code = o.region_id"
                     " WHERE o.code = %s", value)  # fmt: skip
        missing = "没有这个机关，或者它不归您管理"
    else:
        raise NotAllowed("请选择授权查阅的是案卷、机关还是区划")
    if row is None or rights.ground(code="", organisation=row[0], region=row[1], league=row[2]) not in (OWN, TERRITORY):
        raise NotAllowed(missing)


def _found(text: str, value: str) -> tuple[Any, ...] | None:
    with connection.cursor() as cursor:
        cursor.execute(text, [value])
        row: tuple[Any, ...] | None = cursor.fetchone()
        return row
