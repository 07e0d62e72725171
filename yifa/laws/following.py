"""Who follows which work or subject, and telling them when an import or a decision changed it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from yifa.kernel.people import messages
from yifa.kernel.people.messages import Message
from yifa.laws import mailing
from yifa.laws.models import Expression, Subscription, Work

KIND = "法规变动"


def follow(person: str, work: Work, *, at: datetime, email: str = "") -> Subscription:
    row, _ = Subscription.objects.update_or_create(
        person_id=person, work=work, defaults={"email": email}, create_defaults={"email": email, "since": at}
    )
    return row


def follow_subject(person: str, subject: str, *, at: datetime, email: str = "") -> Subscription:
    row, _ = Subscription.objects.update_or_create(
        person_id=person, subject=subject, defaults={"email": email}, create_defaults={"email": email, "since": at}
    )
    return row


def end(person: str, subscription: int) -> None:
    """Only one's own; another's number ends nothing."""
    Subscription.objects.filter(person=UUID(person), pk=subscription).delete()


def unfollow(person: str, work: Work) -> None:
    Subscription.objects.filter(person=UUID(person), work=work).delete()


def is_followed(person: str, work: Work) -> bool:
    return subscription(person, work) is not None


def subscription(person: str, work: Work) -> Subscription | None:
    return Subscription.objects.filter(person=UUID(person), work=work).first()


def of(person: str) -> list[Subscription]:
    """What this person follows, the newest first."""
    return list(Subscription.objects.filter(person=UUID(person)).select_related("work").order_by("-since", "-pk"))


def subjects() -> list[str]:
    """Every subject that a work of the library bears."""
    return sorted({subject for held in Work.objects.exclude(subjects=[]).values_list("subjects", flat=True) for subject in held})


_Days = dict[int, tuple[date, date | None, str]]


@contextmanager
def telling() -> Iterator[None]:
    """Inside a transaction: what changes in here in a followed work is told to those who follow it, each text once."""
    before = _days()
    yield
    changed = [pk for pk, days in _days().items() if before.get(pk) != days]
    if changed:
        _tell(changed, before)


def _days() -> _Days:
    """Each followed text: since when, until when, and its words."""
    followed = Subscription.objects.values_list("work", "subject")
    works, about = {work for work, _ in followed if work}, {subject for _, subject in followed if subject}
    works |= mailing.followed()
    if not works and not about:
        return {}
    texts = Expression.objects.filter(Q(work__in=works) | Q(work__subjects__overlap=list(about)))
    return {pk: (begun, ended, sha256) for pk, begun, ended, sha256 in texts.values_list("pk", "effective_on", "ended_on", "sha256")}


def _tell(changed: list[int], before: _Days) -> None:
    now = timezone.now()
    for text in Expression.objects.filter(pk__in=changed).select_related("work").order_by("work", "version"):
        message = _message(text, before)
        readers = Subscription.objects.filter(Q(work=text.work) | Q(subject__in=text.work.subjects)).order_by("person", "-email")
        emails: dict[UUID, str] = {}
        for reader, email in readers.values_list("person_id", "email"):
            emails.setdefault(reader, email)
        for reader, email in emails.items():
            messages.send(message, to=str(reader), email=email, at=now)
        mailing.tell(message, text.work)


def _message(text: Expression, before: _Days) -> Message:
    title, address = text.work.title, reverse("laws:work", args=[text.work.slug]) + f"?version={text.version}"
    old = before.get(text.pk)
    if old is None:
        what, words = "有了新的文本", f"{text.version}的文本，{text.published_on}公布，{text.effective_on}起施行。"
    elif old[1] != text.ended_on and text.ended_on:
        what, words = "有文本将不再有效", f"{text.version}的文本自{text.ended_on}起不再有效：{text.ending}。"
    elif old[:2] != (text.effective_on, text.ended_on):
        what, words = "的日期有更正", f"{text.version}的文本，{text.effective_on}起施行。"
    else:
        what, words = "的文字有更正", f"{text.version}的文本改用了另一来源的文字。"
    # The same news is told once, however often it is imported.
    key = f"{text.work.slug[:120]}@{text.version}:{text.effective_on}:{text.ended_on or ''}:{text.sha256[:8]}"
    return Message(kind=KIND, title=f"《{title}》{what}", text=words, url=address, key=key)
