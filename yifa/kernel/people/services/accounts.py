"""Ways into an account: activation slips for the first sign-in, the reset of a lost factor, and the log of sign-ins.

A slip carries a one-time code of ten letters read easily aloud; the database keeps a keyed digest. Five wrong codes void a slip.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from axes.utils import reset as axes_reset
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F

from yifa.kernel.people import sealing
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.models import ActivationSlip, Person, SignIn
from yifa.kernel.people.refusals import NotAllowed
from yifa.kernel.people.services._record import record

# None of I, L, O, U: a code copied from paper is not misread.
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 10
TRIES = 5
VALID_DAYS = 7


@dataclass(frozen=True)
class PrintedSlip:
    """What is printed once and kept nowhere."""

    login: str
    name: str
    code: str
    expires_at: datetime

    @property
    def spaced(self) -> str:
        return f"{self.code[:5]}-{self.code[5:]}"


@transaction.atomic
def issue_slips(*, by: Actor, people: Iterable[Person], now: datetime, days: int = VALID_DAYS) -> list[PrintedSlip]:
    """Slips for a batch of people; an earlier slip of the same person is void from now on."""
    printed = []
    for person in people:
        if not person.is_active:
            raise NotAllowed(f"{person.name}的账户已停用，请先启用")
        code = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
        expires = now + timedelta(days=days)
        ActivationSlip.objects.filter(person=person, used_at=None, expires_at__gt=now).update(expires_at=now)
        ActivationSlip.objects.create(
            person=person, digest=_digest(person, code), issued_by_id=uuid.UUID(by.person), issued_at=now, expires_at=expires
        )
        record(f"person:{person.pk}", "issue_slip", by=by, payload={"expires_at": expires.isoformat()})
        printed.append(PrintedSlip(person.login, person.name, code, expires))
    return printed


def activate(*, login: str, code: str, password: str, now: datetime) -> Person:
    """First sign-in: the slip's code lets its holder set a password, once. The answer does not tell which part was wrong."""
    wrong = NotAllowed("证号或激活码不符，或者激活单已过期。请核对激活单，或者请本单位管理员重新打印。")
    typed = "".join(code.split()).upper().replace("-", "").translate(str.maketrans("OIL", "011"))
    person = Person.objects.filter(login=login.strip(), is_active=True).first()
    slip = (
        ActivationSlip.objects.filter(person=person, used_at=None, expires_at__gt=now, failures__lt=TRIES).order_by("-issued_at").first()
        if person
        else None
    )
    if person is None or slip is None:
        raise wrong
    if not secrets.compare_digest(slip.digest, _digest(person, typed)):
        # Counted outside any transaction of the success path, so that a failed attempt stays counted.
        ActivationSlip.objects.filter(pk=slip.pk).update(failures=F("failures") + 1)
        raise wrong
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise NotAllowed("".join(error.messages)) from None
    with transaction.atomic():
        # Whoever updates the row used the slip; a second press of the button finds it used.
        if not ActivationSlip.objects.filter(pk=slip.pk, used_at=None).update(used_at=now):
            raise wrong
        person.set_password(password)
        person.save(update_fields=["password"])
    return person


@transaction.atomic
def reset_factor(*, by: Actor, person: Person, reason: str, now: datetime) -> PrintedSlip:
    """A lost second factor: the unit's administrator removes the factors and the password, and prints a new slip.

    Taking the password away ends every open session of the account as well.
    """
    if by.person == str(person.pk):
        raise NotAllowed("不能重置自己的第二因素，请由另一名管理员办理")
    if not reason.strip():
        raise NotAllowed("重置第二因素应当写明理由")
    removed, _ = Authenticator.objects.filter(user=person).delete()
    person.set_unusable_password()
    person.save(update_fields=["password"])
    record(f"person:{person.pk}", "reset_factor", by=by, payload={"reason": reason.strip(), "removed": removed})
    return issue_slips(by=by, people=[person], now=now)[0]


@transaction.atomic
def change_password(*, by: Actor, person: Person, password: str) -> None:
    """One's own new password; the page has checked the old one and the rules."""
    person.set_password(password)
    person.save(update_fields=["password"])
    record(f"person:{person.pk}", "change_password", by=by, payload={})


@transaction.atomic
def release(*, by: Actor, person: Person, reason: str) -> int:
    """Open a locked account before its quarter of an hour is over (the security administrator's act)."""
    if not reason.strip():
        raise NotAllowed("解锁应当写明理由")
    opened: int = axes_reset(username=person.login)
    SignIn.objects.filter(person=person, outcome=SignIn.Outcome.FACTOR).update(outcome=SignIn.Outcome.RELEASED)
    record(f"person:{person.pk}", "release", by=by, payload={"reason": reason.strip(), "attempts": opened})
    return opened


@transaction.atomic
def record_sign_in(*, by: Actor, now: datetime, address: str | None, agent: str, factor: str) -> None:
    """A sign-in that succeeded: a row for the audit administrator and an entry on the person's own chain."""
    note_attempt(
        login="", person=by.person, outcome=SignIn.Outcome.SUCCESS, now=now, address=address, agent=agent, league=by.league or "000000"
    )
    record(f"sign-in:{by.person}", "sign_in", by=by, payload={"factor": factor, "post": by.post})


def note_attempt(
    *, login: str, person: str | None, outcome: SignIn.Outcome, now: datetime, address: str | None, agent: str, league: str = "000000"
) -> None:
    """One row for one attempt; what was typed as a password is never kept, and an unknown account name is cut short."""
    found = Person.objects.filter(pk=person).first() if person else Person.objects.filter(login=login).first()
    SignIn.objects.create(
        league=league,
        login=found.login if found else login[:40],
        person=found,
        outcome=outcome,
        at=now,
        address=address,
        agent=agent[:200],
    )


def _digest(person: Person, code: str) -> str:
    return sealing.digest(f"{person.pk} {code}", "people-slip")
