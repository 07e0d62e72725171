"""A work followed by an address alone: the topic `work:<id>` of `people.mailing`."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from yifa.kernel.people import mailing
from yifa.kernel.people.mailing import MOST_A_DAY as MOST_A_DAY
from yifa.kernel.people.mailing import AskError as AskError
from yifa.kernel.people.mailing import MailFollower, Topic
from yifa.kernel.people.mailing import confirm as confirm
from yifa.kernel.people.mailing import end as end
from yifa.kernel.people.messages import Message
from yifa.laws.models import Work

KIND = "法规变动"
TOPIC = "work"


def topic(work: Work) -> Topic:
    return Topic(f"{TOPIC}:{work.pk}", f"《{work.title}》的变动", KIND, lambda token: reverse("laws:mail", args=[token]))


def ask(work: Work, email: str, *, at: datetime) -> None:
    """Send the link that confirms; as `people.mailing.ask`."""
    mailing.ask(topic(work), email, at=at)


def by_token(token: str) -> tuple[MailFollower, Work] | None:
    """Who holds this link, and the work it is about."""
    row = mailing.by_token(token)
    kind, _, key = row.topic.partition(":") if row else ("", "", "")
    work = Work.objects.filter(pk=int(key)).first() if kind == TOPIC else None
    return (row, work) if row and work else None


def followed() -> set[int]:
    """The works that somebody follows by an address alone."""
    return {int(key) for key in mailing.followed(TOPIC)}


def tell(message: Message, work: Work) -> None:
    """Write to those who follow the work when the transaction has held."""
    mailing.tell(topic(work), message)
