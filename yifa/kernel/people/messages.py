"""Telling a person something: always in the house (`Notice`), and besides by e-mail or by a gateway for short messages.

A room says what happened and to whom; how it travels is a matter of settings: `EMAIL_BACKEND` (the console unless set) and
`YIFA_SMS_GATEWAY`, an address that is sent `{"to", "text"}` as JSON. What goes out goes after the transaction has held; where it fails, the
notice says so and stays to be read.
"""

from __future__ import annotations

import json
import smtplib
import urllib.request
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Protocol
from uuid import UUID

from django.conf import settings
from django.core.mail import send_mail
from django.core.validators import validate_email
from django.db import transaction

from yifa.kernel.people.models import Notice, Person

PAGE = 40
SECONDS = 10
MAX_SHORT = 200


class UndeliveredError(Exception):
    """A channel could not take the message; str() is fit to be shown."""


@dataclass(frozen=True)
class Message:
    """One piece of news. `key` tells it from others of its kind: a person is told the same once. `url` is a path of this site."""

    kind: str
    title: str
    text: str
    url: str
    key: str


class Told(Protocol):
    """Someone to be told: his id, and his addresses or ""."""

    @property
    def person(self) -> str: ...
    @property
    def email(self) -> str: ...
    @property
    def phone(self) -> str: ...


def send(message: Message, *, to: str, at: datetime, email: str = "", phone: str = "") -> bool:
    """Tell one person (his id); False when he has been told already. In the caller's transaction."""
    notice, is_new = Notice.objects.get_or_create(
        person_id=to,
        kind=message.kind,
        key=message.key[:200],
        defaults={"title": message.title[:200], "text": message.text, "url": message.url[:400], "at": at},
    )
    if is_new:
        for address, channel in ((email, by_email), (phone, by_sms)):
            if address:
                transaction.on_commit(partial(_deliver, notice.pk, channel, address, message))
    return is_new


def tell(message: Message, *, to: Iterable[Told], at: datetime) -> int:
    """Tell several persons, each in the house and wherever else he can be reached; how many had not been told yet."""
    gateway = bool(settings.SMS_GATEWAY)
    return sum(send(message, to=each.person, at=at, email=each.email, phone=each.phone if gateway else "") for each in to)


def _deliver(notice: int, channel: Callable[[str, Message], None], address: str, message: Message) -> None:
    try:
        channel(address, message)
    except UndeliveredError as why:
        Notice.objects.filter(pk=notice).update(trouble=str(why)[:200])


def by_email(address: str, message: Message) -> None:
    """Raises UndeliveredError."""
    try:
        send_mail(message.title, f"{message.text}\n\n{settings.PUBLIC_URL}{message.url}\n", settings.DEFAULT_FROM_EMAIL, [address])
    except (OSError, smtplib.SMTPException) as why:
        raise UndeliveredError(f"电子邮件没有送出：{type(why).__name__}") from why


def by_sms(number: str, message: Message) -> None:
    """Hands the message to the gateway of this installation. Raises UndeliveredError."""
    gateway = settings.SMS_GATEWAY
    if not gateway.startswith(("http://", "https://")):
        raise UndeliveredError("没有设置短信网关")
    body = json.dumps({"to": number, "text": f"{message.title}。{message.text}"[:MAX_SHORT]}).encode()
    request = urllib.request.Request(gateway, body, {"Content-Type": "application/json"})  # noqa: S310 - http or https, by the line above
    try:
        with urllib.request.urlopen(request, timeout=SECONDS):  # noqa: S310 - as above
            return
    except OSError as why:
        raise UndeliveredError(f"短信没有送出：{type(why).__name__}") from why


def notices(person: str, *, before: int | None = None) -> tuple[list[Notice], int | None]:
    """A page of a person's notices, the newest first, and where the next one begins."""
    rows = Notice.objects.filter(person=UUID(person)).order_by("-id")
    page = list((rows.filter(id__lt=before) if before else rows)[: PAGE + 1])
    return page[:PAGE], page[PAGE - 1].pk if len(page) > PAGE else None


def read(person: str, *, ids: Sequence[int] | None, at: datetime) -> None:
    """Mark a person's own notices as read; all of them when none are named."""
    rows = Notice.objects.filter(person=UUID(person), read_at=None)
    (rows if ids is None else rows.filter(pk__in=ids)).update(read_at=at)


def email_of(person: str) -> str:
    """Where a person's notices go besides; "" when nowhere."""
    return str(Person.objects.filter(pk=person).values_list("email", flat=True).first() or "")


def set_email(person: str, email: str) -> None:
    """A person says where his notices go besides, or with "" that they stay in the house. Raises ValidationError."""
    address = email.strip()
    if address:
        validate_email(address)
    Person.objects.filter(pk=person).update(email=address)
