"""What the public pages write: counted tries, badge checks, the proof of being the party."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import uuid4

from django.conf import settings
from django.utils import timezone
from django.utils.crypto import salted_hmac

from yifa.kernel.people import queries as people
from yifa.kernel.people.queries import Badge
from yifa.kernel.people.reading_words import PORTAL, PROOF
from yifa.kernel.people.services import note_reading as note
from yifa.participation.marking import network
from yifa.portal import queries
from yifa.portal.models import Attempt, BadgeCheck


class Limit(NamedTuple):
    """At most `times` tries in `minutes`, from one address or about one subject."""

    times: int
    minutes: int


# An unknown code, a failed proof, a badge, a complaint, a query code.
BY_ADDRESS = {
    "token": Limit(30, 10),
    "proof": Limit(20, 60),
    "badge": Limit(60, 10),
    "complain": Limit(5, 60),
    # Files with an opinion. Words are not counted: what is conspicuous about them is marked (participation.marking).
    "attach": Limit(60, 60),
    "apply": Limit(5, 60),
    "objection": Limit(5, 60),
    "follow": Limit(20, 60),
    "quiz": Limit(20, 60),
    "query": Limit(15, 10),
    "number": Limit(30, 10),
}
BY_SUBJECT = {"proof": Limit(5, 60)}
KEPT = timedelta(days=31)


class TooOftenError(Exception):
    """Too many tries; str() says until when to wait."""


def note_reading(case: queries.Case, *items: str, detail: str = "") -> None:
    """The party, who has proved that the decision is his, is about to be shown what is his: one line of the reading log."""
    note(
        by=None,
        subject=case.code,
        label=case.number or case.code,
        league=case.league,
        body=case.organisation,
        items=items,
        way=PORTAL,
        ground=PROOF,
        detail=detail,
    )


def address_digest(address: str) -> str:
    """What is kept of a network address: enough to count, nothing to find a person by. One household's many IPv6 addresses are one."""
    return salted_hmac("yifa.portal.address", network(address), secret=settings.PERSONAL_KEY, algorithm="sha256").hexdigest()[:32]


def count(kind: str, *, address: str, subject: str = "", at: datetime | None = None) -> int:
    """Counts this try and returns its id; raises TooOftenError beyond a limit. Counted before it is looked at: tries at once all count."""
    now, digest = at or timezone.now(), address_digest(address)
    row = Attempt.objects.create(kind=kind, subject=subject, address=digest, at=now)
    limits = [("address", digest, BY_ADDRESS[kind])]
    if subject and kind in BY_SUBJECT:
        limits.append(("subject", subject, BY_SUBJECT[kind]))
    for column, value, limit in limits:
        since = now - timedelta(minutes=limit.minutes)
        if Attempt.objects.filter(kind=kind, at__gt=since, **{column: value})[: limit.times + 1].count() > limit.times:
            raise TooOftenError(f"试得太频繁了，请过 {limit.minutes} 分钟再试")
    if row.pk % 1000 == 0:
        Attempt.objects.filter(at__lt=now - KEPT).delete()
    return int(row.pk)


def badge(token: str, *, address: str, at: datetime | None = None) -> Badge | None:
    """The officer behind a badge, as of now; what was told is kept (执法证件核验记录)."""
    count("badge", address=address, at=at)
    found = people.badge(token)
    if found is not None:
        _keep_check(found, address, at)
    return found


def _keep_check(found: Badge, address: str, at: datetime | None) -> None:
    BadgeCheck.objects.create(
        league=f"{found.organisation_code[:4]}00",
        id=uuid4(),
        certificate=found.number,
        status="valid" if found.valid else "invalid",
        valid=found.valid,
        address=address_digest(address),
        at=at or timezone.now(),
    )


def case(token: str, *, address: str) -> queries.Case | None:
    """The case behind a code. Only codes that lead nowhere are counted: a true one costs one read and no write."""
    found = queries.case(token)
    if found is None:
        count("token", address=address)
    return found


def prove(found: queries.Case, *, last4: str, printed: str, address: str) -> bool:
    """Is this the party? Tries are limited for the case and for the address; a success is not counted."""
    tried = count("proof", address=address, subject=found.code)
    proved = queries.proves(found.league, found.code, last4=last4, printed=printed)
    if proved:
        Attempt.objects.filter(pk=tried).delete()
    return proved
