"""Reads of hearings: the public's, the desk's, and what a hearing tells the matter it belongs to."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from yifa.decisions import lots
from yifa.decisions.models import Applicant, Hearing, Minute
from yifa.dossiers import queries as dossiers
from yifa.dossiers.personal import query_digest, unseal
from yifa.kernel.people.actors import Actor

PAGE = 30


def receipt_digest(code: str) -> str:
    """What is kept of an applicant's receipt code."""
    return query_digest("yifa.decisions.applicant", code)


def phone_digest(hearing: UUID, phone: str) -> str:
    """Tells the same telephone again within one hearing, and nothing beyond it."""
    return query_digest(
        f"yifa.decisions.hearing:{hearing}", "".join(str(unicodedata.decimal(char)) for char in phone if char.isdecimal())[-11:]
    )


@dataclass(frozen=True)
class Lot:
    """One side's lot as everybody may check it. `rows`: (place, number, key, chosen, gave up)."""

    side: str
    seats: int
    rows: tuple[tuple[int, int, str, bool, bool], ...]
    faults: tuple[str, ...]


@dataclass(frozen=True)
class Contact:
    """Who applied, opened: whoever shows it notes it in the reading log first."""

    n: int
    side: str
    name: str
    phone: str
    chosen: bool
    gave_up: str


def public_list(*, after: tuple[date, UUID] | None = None, limit: int = PAGE) -> list[Hearing]:
    """Every hearing, the latest day first; a keyset page."""
    rows = Hearing.objects.select_related("organisation").order_by("-on", "id")
    if after:
        rows = rows.filter(on__lte=after[0]).exclude(on=after[0], id__lte=after[1])
    return list(rows[:limit])


def public(ident: UUID) -> Hearing | None:
    return Hearing.objects.select_related("organisation").filter(id=ident).first()


def public_of(league: str, dossier: str) -> list[Hearing]:
    """The hearings on a matter that anybody may see, those that were not held among them."""
    return list(Hearing.objects.filter(league=league, dossier=dossier).order_by("on"))


def takes_applications(row: Hearing, today: date) -> bool:
    return row.status == Hearing.Status.ANNOUNCED and row.published_on <= today <= row.apply_until


def participants(row: Hearing) -> list[Applicant]:
    """The published list, by side and rank; before it is published there is none."""
    return list(Applicant.objects.filter(league=row.league, hearing=row.id, chosen=True).exclude(listed_as="").order_by("side", "rank"))


def standing(row: Hearing) -> list[Applicant]:
    """All applicants by side and rank, sealed as they are: for pages that show numbers only."""
    return list(Applicant.objects.filter(league=row.league, hearing=row.id).order_by("side", "rank", "n"))


def lot(row: Hearing) -> list[Lot]:
    """Each side's lot, drawn again here and now; nothing before the draw."""
    if not row.seed:
        return []
    found: dict[str, list[Applicant]] = {each["side"]: [] for each in row.quotas}
    for each in standing(row):
        found[each.side].append(each)
    told = []
    for quota in row.quotas:
        people = {str(each.n): each for each in found[quota["side"]]}
        ranking = row.ranking.get(quota["side"], [])
        faults = lots.verify(committed=row.commitment, seed=row.seed, candidates=list(people), ranking=ranking)
        rows = tuple(
            (place, int(n), lots.key(row.seed, n), people[n].chosen, bool(people[n].gave_up))
            for place, n in enumerate(ranking, 1)
            if n in people
        )
        told.append(Lot(quota["side"], quota["seats"], rows, faults))
    return told


def own(code: str) -> tuple[Applicant, Hearing] | None:
    """The application of whoever holds this receipt code, with its hearing."""
    found = Applicant.objects.filter(receipt_digest=receipt_digest(code)).first() if code.strip() else None
    return (found, Hearing.objects.select_related("organisation").get(league=found.league, id=found.hearing)) if found else None


def minutes(row: Hearing, *, after: int = 0) -> list[Minute]:
    return list(Minute.objects.filter(league=row.league, hearing=row.id, n__gt=after).order_by("n"))


def of_body(actor: Actor, *, dossier: str = "", limit: int = PAGE) -> list[Hearing]:
    """The hearings of the body one acts for, the latest day first; only those of one matter when it is named."""
    rows = Hearing.objects.filter(organisation_id=actor.organisation)
    if dossier:
        rows = rows.filter(league=actor.league, dossier=dossier)
    return list(rows.order_by("-on", "id")[:limit])


def one(actor: Actor, ident: UUID) -> Hearing | None:
    """A hearing of one's own body, or on a matter that one may read."""
    row = public(ident)
    if row is None:
        return None
    return row if row.organisation_id == actor.organisation or dossiers.may_see(actor, row.dossier) else None


def contacts(row: Hearing) -> list[Contact]:
    """Names and telephones of all who applied, opened."""
    return [
        Contact(each.n, each.side, unseal(each.name_sealed), unseal(each.phone_sealed), each.chosen, each.gave_up) for each in standing(row)
    ]


def of_dossier(league: str, dossier: str) -> dict[str, Any]:
    """What the latest hearing on a matter tells `case.MatterFacts`, as JSON; nothing stated yet is left out, {} without a hearing."""
    row = Hearing.objects.filter(league=league, dossier=dossier).exclude(status=Hearing.Status.CANCELLED).order_by("-on", "id").first()
    if row is None:
        return {}
    parts = Minute.objects.filter(league=league, hearing=row.id).order_by("part").values_list("part", flat=True).distinct()
    told: dict[str, Any] = {
        "hearing_on": row.on.isoformat(),
        "hearing_method": row.method,
        "hearing_listed_on": row.listed_on.isoformat() if row.listed_on else None,
        "hearing_people": [{"name": each.listed_as, "side": each.side} for each in participants(row)] or None,
        "hearing_sides": [{"side": each["side"]} for each in row.quotas],
        "hearing_sent_on": row.sent_on.isoformat() if row.sent_on else None,
        "hearing_parts": list(parts) or None,
    }
    return {key: value for key, value in told.items() if value is not None}
