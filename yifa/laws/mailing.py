"""Following a work by e-mail without an account: an address is asked for, confirmed by the link sent to it, and can leave by every mail.

Nothing but that one mail goes to an address before its owner confirmed: another's address cannot be made to receive news. An address is
sent a link at most once an hour for a work and five times a day in all; what nobody confirmed is forgotten after a week.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse

from yifa.kernel.people import messages
from yifa.kernel.people.messages import Message, UndeliveredError
from yifa.laws.models import MailFollower, Work

AGAIN, A_DAY, FORGOTTEN = timedelta(hours=1), timedelta(days=1), timedelta(days=7)
MOST_A_DAY = 5
KIND = "法规变动"


class AskError(Exception):
    """The address cannot be taken; str() is fit to be shown."""


def ask(work: Work, email: str, *, at: datetime) -> None:
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
            work=work, email=address, defaults={"token": secrets.token_urlsafe(32), "asked_at": at}
        )
        if not is_new and (row.confirmed_at or row.asked_at > at - AGAIN):
            return
        row.asked_at = at
        row.save(update_fields=["asked_at"])
        try:
            messages.by_email(address, _question(row))
        except UndeliveredError as problem:
            # Nothing is kept of an address that could not be written to.
            raise AskError(f"{problem}，请稍后再试，或者用 RSS 订阅。") from problem


def _question(row: MailFollower) -> Message:
    address = reverse("laws:mail", args=[row.token])
    text = f"有人用这个邮箱关注《{row.work.title}》的变动。是您本人的，请打开下面的链接确认；不是的，不必理会，不会再收到邮件。"
    return Message(KIND, f"请确认关注《{row.work.title}》", text, address, row.token)


def by_token(token: str) -> MailFollower | None:
    return MailFollower.objects.filter(token=token).select_related("work").first()


def confirm(row: MailFollower, *, at: datetime) -> None:
    MailFollower.objects.filter(pk=row.pk, confirmed_at__isnull=True).update(confirmed_at=at)


def end(row: MailFollower) -> None:
    """Leave: nothing of the address is kept."""
    row.delete()


def tell(message: Message, rows: Iterable[MailFollower]) -> None:
    """Write to these when the transaction has held. One that cannot be reached is no reason to keep the others waiting."""
    for row in rows:
        leave = f"\n\n不再关注：{settings.PUBLIC_URL}{reverse('laws:mail', args=[row.token])}\n查看："
        transaction.on_commit(
            partial(_write, row.email, Message(message.kind, message.title, message.text + leave, message.url, message.key))
        )


def _write(address: str, message: Message) -> None:
    try:
        messages.by_email(address, message)
    except UndeliveredError:
        # There is no notice in the house to write the trouble on; the feed and the page of the work say the same news.
        return
