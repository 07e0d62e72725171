"""Reads of the register of experts: whom one may use, who was drawn for a matter, what one expert has done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from yifa.decisions import lots
from yifa.decisions.models import Drawing, Engagement, Expert
from yifa.dossiers import queries as dossiers
from yifa.dossiers.personal import unseal
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.queries import body_of, region_of

PAGE = 50


@dataclass(frozen=True)
class Taking:
    """One expert in one drawing: who he is and how it stands."""

    row: Engagement
    expert: Expert


@dataclass(frozen=True)
class Drawn:
    """One drawing with everybody who was drawn, and what is wrong with it (nothing, unless somebody changed the table)."""

    row: Drawing
    takings: tuple[Taking, ...]
    faults: tuple[str, ...]


def keeps_register(actor: Actor) -> bool:
    """Whether one acts for a body that keeps a register: a government or its 司法行政部门."""
    body = body_of(actor.organisation)
    return body is not None and (body.kind == "GOVERNMENT" or (body.sector == "司法行政" and body.kind == "ORGAN"))


def places(region: str) -> list[str]:
    """A place and those above it: whose registers one may use (第二十一条第三款)."""
    found, here = [], region_of(region)
    while True:
        found.append(here.code)
        if here.parent_id is None:
            return found
        here = region_of(here.parent_id)


def pool(region: str, field: str) -> list[Expert]:
    """The experts of a field whom a body of this place may draw, in the order of their numbers."""
    rows = Expert.objects.filter(region_id__in=places(region), status=Expert.Status.ACTIVE, fields__contains=[field])
    return list(rows.order_by("id"))


def fields(region: str) -> list[tuple[str, int]]:
    """The fields of the registers that a body of this place may use, each with how many experts may be drawn."""
    counted: dict[str, int] = {}
    for told in Expert.objects.filter(region_id__in=places(region), status=Expert.Status.ACTIVE).values_list("fields", flat=True):
        for each in told:
            counted[each] = counted.get(each, 0) + 1
    return sorted(counted.items())


def experts(actor: Actor, *, field: str = "", text: str = "", after: tuple[str, UUID] | None = None, limit: int = PAGE) -> list[Expert]:
    """The registers one may use, by name; a keyset page."""
    rows = Expert.objects.select_related("organisation").filter(region_id__in=places(actor.region)).order_by("name", "id")
    if field:
        rows = rows.filter(fields__contains=[field])
    if text:
        rows = rows.filter(name__startswith=text) | rows.filter(employer__contains=text)
    if after:
        rows = rows.filter(name__gte=after[0]).exclude(name=after[0], id__lte=after[1])
    return list(rows[:limit])


def expert(actor: Actor, ident: UUID) -> Expert | None:
    return Expert.objects.select_related("organisation").filter(id=ident, region_id__in=places(actor.region)).first()


def phone(row: Expert) -> str:
    """Opened: whoever shows it notes it in the reading log first."""
    return unseal(row.phone_sealed)


def history(row: Expert, *, limit: int = PAGE) -> list[tuple[Engagement, Drawing]]:
    """What an expert was drawn for, the newest first."""
    rows = list(Engagement.objects.filter(expert=row.id).order_by("-declared_on", "id")[:limit])
    drawings = {each.id: each for each in Drawing.objects.filter(id__in=[each.drawing for each in rows])}
    return sorted(((each, drawings[each.drawing]) for each in rows), key=lambda pair: pair[1].committed_at, reverse=True)


def drawings_of(league: str, dossier: str) -> list[Drawn]:
    """Every drawing of a matter, each verified here and now."""
    return [_drawn(each) for each in Drawing.objects.filter(league=league, dossier=dossier).order_by("committed_at", "id")]


def one(actor: Actor, ident: UUID) -> Drawn | None:
    """A drawing of one's own body, or for a matter that one may read."""
    row = Drawing.objects.filter(id=ident).first()
    if row is None or not (row.organisation_id == actor.organisation or dossiers.may_see(actor, row.dossier)):
        return None
    return _drawn(row)


def of_body(actor: Actor, *, limit: int = PAGE) -> list[Drawing]:
    """The drawings of the body one acts for, the newest first."""
    return list(Drawing.objects.filter(organisation_id=actor.organisation).order_by("-committed_at", "id")[:limit])


def _drawn(row: Drawing) -> Drawn:
    rows = list(Engagement.objects.filter(league=row.league, drawing=row.id).order_by("rank"))
    people = {each.id: each for each in Expert.objects.filter(id__in=[each.expert for each in rows])}
    faults: Sequence[str] = ()
    if row.seed:
        numbers = [each["id"] for each in row.candidates]
        faults = lots.verify(committed=row.commitment, seed=row.seed, candidates=numbers, ranking=row.ranking)
    return Drawn(row, tuple(Taking(each, people[each.expert]) for each in rows), tuple(faults))


def of_dossier(league: str, dossier: str) -> list[dict[str, Any]]:
    """Who takes part in a matter, as rows of `case.MatterFacts.experts`: those who declared that they have no interest; fees in yuan."""
    rows = list(Engagement.objects.filter(league=league, dossier=dossier, state=Engagement.State.ENGAGED).order_by("drawing", "rank"))
    people = {each.id: each for each in Expert.objects.filter(id__in=[each.expert for each in rows])}
    named = dict(Drawing.objects.filter(league=league, dossier=dossier).values_list("id", "field"))
    return [
        {
            "name": people[each.expert].name,
            "employer": people[each.expert].employer,
            "field": named[each.drawing],
            "kind": "expert",
            "source": "register",
            "interest": bool(each.has_interest),
            "belongs": bool(each.belongs),
            "drawn": True,
            "fee": f"{Decimal(each.fee_fen) / 100:f}" if each.fee_fen else "",
        }
        for each in rows
    ]
