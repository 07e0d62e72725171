"""Following something by e-mail without an account: an address is asked for, confirmed by the link sent to it, and can leave by every mail.

For any room: what is followed is a `Topic`, whose key the room reads again (`work:12`, `matter:<id>`). Nothing but the one mail with the
link goes to an address before its owner confirmed: another's address cannot be made to receive news. An address is sent a link at most
once an hour for a topic and five times a day in all; what nobody confirmed is forgotten after a week.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from yifa.kernel.people import messages
from yifa.kernel.people.messages import Message, UndeliveredError
from yifa.kernel.people.models import MailFollower as MailFollower
from yifa.kernel.people.models import MailTold

AGAIN, A_DAY, FORGOTTEN = timedelta(hours=1), timedelta(days=1), timedelta(days=7)
MOST_A_DAY = 5


class AskError(Exception):
    """The address cannot be taken; str() is fit to be shown."""


@dataclass(frozen=True)
class Topic:
    """What is followed: its key, its name as a sentence takes it (《…》的变动), the kind of its messages, the path of a link."""

    key: str
    title: str
    kind: str
    link: Callable[[str], str]


def ask(topic: Topic, email: str, *, at: datetime) -> None:
    """Send the link that confirms. Says the same whether the address follows already or not, so that nobody learns who follows what.

    Raises AskError for what is no address, and when the mail cannot go out.
    """
    address = email.strip().lower()
    try:
        validate_email(address)
    except ValidationError:
        raise AskError("电子邮箱的写法不对，请检查后再填。") from None
    with transaction.atomic():
        MailFollower.objects.filter(confirmed_at__isnull=True, asked_at__lt=at - FORGOTTEN).delete()
        if MailFollower.objects.filter(email=address, asked_at__gt=at - A_DAY).count() >= MOST_A_DAY:
            return
        row, is_new = MailFollower.objects.get_or_create(
            topic=topic.key, email=address, defaults={"title": topic.title, "token": secrets.token_urlsafe(32), "asked_at": at}
        )
        if not is_new and (row.confirmed_at or row.asked_at > at - AGAIN):
            return
        row.asked_at = at
        row.save(update_fields=["asked_at"])
        try:
            messages.by_email(address, _question(topic, row))
        except UndeliveredError as problem:
            # Nothing is kept of an address that could not be written to.
            raise AskError(f"{problem}，请稍后再试，或者用 RSS 订阅。") from problem


def _question(topic: Topic, row: MailFollower) -> Message:
    text = f"有人用这个邮箱关注{topic.title}。是您本人的，请打开下面的链接确认；不是的，不必理会，不会再收到邮件。"
    return Message(topic.kind, f"请确认关注{topic.title}", text, topic.link(row.token), row.token)


def by_token(token: str) -> MailFollower | None:
    return MailFollower.objects.filter(token=token).first()


def confirm(row: MailFollower, *, at: datetime) -> None:
    MailFollower.objects.filter(pk=row.pk, confirmed_at__isnull=True).update(confirmed_at=at)


def end(row: MailFollower) -> None:
    """Leave: nothing of the address is kept."""
    row.delete()


def followed(kind: str) -> list[str]:
    """The topics of a kind (`work`) that somebody follows, without the kind."""
    keys = MailFollower.objects.filter(confirmed_at__isnull=False, topic__startswith=f"{kind}:").values_list("topic", flat=True)
    return sorted({key.partition(":")[2] for key in keys})


def tell(topic: Topic, message: Message) -> None:
    """Write to those who follow it when the transaction has held. One that cannot be reached is no reason to keep the others waiting."""
    for row in MailFollower.objects.filter(topic=topic.key, confirmed_at__isnull=False).order_by("pk"):
        leave = f"\n\n不再关注：{settings.PUBLIC_URL}{topic.link(row.token)}\n查看："
        transaction.on_commit(
            partial(_write, row.email, Message(message.kind, message.title, message.text + leave, message.url, message.key))
        )


def tell_new(topic: Topic, news: Sequence[Message], *, at: datetime) -> int:
    """Tells what nobody was told yet of this topic, by the keys of the messages; each once. How many went out."""
    with transaction.atomic():
        known = _unknown(topic, news, at)
        for message in known:
            tell(topic, message)
    return len(known)


def _unknown(topic: Topic, news: Iterable[Message], at: datetime) -> list[Message]:
    return [message for message in news if MailTold.objects.get_or_create(topic=topic.key, key=message.key, defaults={"at": at})[1]]


def _write(address: str, message: Message) -> None:
    try:
        messages.by_email(address, message)
    except UndeliveredError:
        # There is no notice in the house to write the trouble on; the feed and the page of the topic say the same news.
        return
