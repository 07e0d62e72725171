"""Reads of participation: what is open to the public, what was said, what became of one's own opinion."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import models

from yifa.dossiers.personal import query_digest, unseal
from yifa.kernel.people.actors import Actor
from yifa.participation.models import Comment, Consultation

PAGE = 30


def digest(code: str) -> str:
    """What is kept of a receipt code, however its holder spaced or wrote it."""
    return query_digest("yifa.participation.comment", code)


@dataclass(frozen=True)
class Tally:
    """How the opinions of one round stand."""

    total: int
    waiting: int
    hidden: int
    outcomes: tuple[tuple[str, int], ...]
    channels: tuple[tuple[str, int], ...]


def public_list(*, on: date, after: tuple[date, UUID] | None = None, region: str = "", limit: int = PAGE) -> list[Consultation]:
    """The rounds that anybody may see, those that close last first; a keyset page."""
    rows = Consultation.objects.filter(opens_on__lte=on).exclude(status=Consultation.Status.REPLACED).select_related("organisation")
    if region:
        rows = rows.filter(region_id__startswith=region)
    if after:
        rows = rows.filter(closes_on__lte=after[0]).exclude(closes_on=after[0], id__lte=after[1])
    return list(rows.order_by("-closes_on", "id")[:limit])


def is_open(row: Consultation, today: date) -> bool:
    """May anybody say something now?"""
    return row.status == Consultation.Status.OPEN and row.opens_on <= today <= row.closes_on


def public(ident: UUID) -> Consultation | None:
    return Consultation.objects.select_related("organisation").filter(id=ident).first()


def shown(row: Consultation, *, after: int = 0, limit: int = PAGE) -> list[Comment]:
    """The opinions the public may read: none that is hidden, and only after the summary, so that nobody is led by others before."""
    if row.status != Consultation.Status.SUMMARISED:
        return []
    rows = Comment.objects.filter(league=row.league, consultation=row.id, hidden_at=None, n__gt=after)
    return list(rows.order_by("n")[:limit])


def own(code: str) -> tuple[Comment, Consultation] | None:
    """The opinion of whoever holds this receipt code, with its round."""
    found = Comment.objects.filter(receipt_digest=digest(code)).first()
    if found is None:
        return None
    return found, Consultation.objects.select_related("organisation").get(league=found.league, id=found.consultation)


def of_body(actor: Actor, *, dossier: str = "", limit: int = PAGE) -> list[Consultation]:
    """The rounds of the body one acts for, newest first; only those of one dossier when it is named."""
    rows = Consultation.objects.filter(organisation_id=actor.organisation)
    if dossier:
        rows = rows.filter(league=actor.league, dossier=dossier)
    return list(rows.order_by("-closes_on", "id")[:limit])


def of_dossier(league: str, dossier: str) -> list[Consultation]:
    return list(Consultation.objects.filter(league=league, dossier=dossier).order_by("-round"))


def one(actor: Actor, ident: UUID) -> Consultation | None:
    """One round of the body one acts for."""
    return Consultation.objects.filter(id=ident, organisation_id=actor.organisation).first()


def comments(row: Consultation, *, state: str = "", after: int = 0, limit: int = PAGE) -> list[Comment]:
    """The opinions of a round for whoever answers them: all (`state` ""), waiting, answered or hidden."""
    rows = Comment.objects.filter(league=row.league, consultation=row.id, n__gt=after).order_by("n")
    if state == "waiting":
        rows = rows.filter(outcome="")
    elif state == "answered":
        rows = rows.exclude(outcome="")
    elif state == "hidden":
        rows = rows.exclude(hidden_at=None)
    return list(rows[:limit])


def who(row: Comment) -> dict[str, str]:
    """Who said it, opened: to be noted in the reading log by whoever shows it."""
    return {"name": unseal(row.name_sealed), "phone": unseal(row.phone_sealed)}


def waiting(rows: Sequence[Consultation]) -> dict[UUID, int]:
    """How many opinions of each of these rounds wait for an answer, in one look at the index of those that do."""
    found = Comment.objects.filter(consultation__in=[row.id for row in rows], outcome="")
    return dict(found.values_list("consultation").annotate(models.Count("id")))


def tally(row: Consultation) -> Tally:
    """Counted by the database: a group for each outcome and channel."""
    counted = Comment.objects.filter(league=row.league, consultation=row.id).values_list("outcome", "channel")
    outcomes, channels, hidden = Counter[str](), Counter[str](), 0
    for outcome, channel, number, gone in counted.annotate(models.Count("id"), models.Count("hidden_at")):
        outcomes[outcome] += number
        channels[channel] += number
        hidden += gone
    return Tally(
        sum(channels.values()),
        outcomes[""],
        hidden,
        tuple((str(label), outcomes[key]) for key, label in Comment.Outcome.choices),
        tuple((str(label), channels[key]) for key, label in Comment.Channel.choices if channels[key]),
    )
