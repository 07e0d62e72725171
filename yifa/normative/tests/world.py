"""A small world: a banner with its government and justice bureau, and the 盟市's justice bureau above; acts go through `take`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

from yifa.dossiers import store
from yifa.dossiers.models import Evidence
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.models import Organisation, Person, Post, Region
from yifa.procedures import take
from yifa.procedures.reading import Ref
from yifa.procedures.take import Taken

SINCE = date(2024, 1, 1)
LEAGUE = "150200"


@dataclass(frozen=True)
class World:
    """`drafter`, `chief`, `reviewer` and `clerk` of the bureau that makes documents; those of the two justice bureaus that review."""

    drafter: Actor
    chief: Actor
    reviewer: Actor
    clerk: Actor
    justice: Actor
    superior: Actor
    stranger: Actor


def build() -> World:
    parent = None
    for code, name, level, league in (
        ("150000", "内蒙古自治区", 1, "150000"),
        ("150200", "包头市", 2, LEAGUE),
        ("150203", "昆都仑区", 3, LEAGUE),
    ):
        parent, _ = Region.objects.get_or_create(code=code, defaults={"name": name, "parent": parent, "level": level, "league": league})
    district, city = Region.objects.get(code="150203"), Region.objects.get(code="150200")
    government = body("1502030001", "昆都仑区人民政府", "包昆政发", district, kind="GOVERNMENT")
    justice = body("1502030009", "昆都仑区司法局", "包昆司", district, sector="司法行政")
    above = body("1502000009", "包头市司法局", "包司", city, sector="司法行政")
    other = body("1502030021", "昆都仑区样本水务局", "包昆水", district)
    return World(
        drafter=person("李样本", government, ["officer"]),
        chief=person("孙样本", government, ["head"]),
        reviewer=person("钱样本", government, ["reviewer"]),
        clerk=person("赵样本", government, ["discloser"]),
        justice=person("周样本", justice, ["reviewer", "officer", "head"]),
        superior=person("吴样本", above, ["reviewer", "officer", "head"]),
        stranger=person("郑样本", other, ["officer", "reviewer", "head"]),
    )


def body(code: str, name: str, short: str, region: Region, *, kind: str = "ORGAN", sector: str = "") -> Organisation:
    return Organisation.objects.create(
        code=code, name=name, short_name=short, kind=kind, level=region.level, region=region, status="announced", sector=sector
    )


def person(name: str, at: Organisation, roles: list[str]) -> Actor:
    row = Person.objects.create_user(f"a-{uuid4().hex[:8]}", None, name=name)
    post = Post.objects.create(person=row, organisation=at, roles=roles, since=SINCE)
    return Actor(str(row.pk), name, str(post.pk), at.code, at.name, at.region_id, at.region.league, frozenset(roles), None)


def file(actor: Actor, title: str = "草案.docx") -> UUID:
    """A stored file that waits for the act that names it."""
    stored = store.put(uuid4().bytes)
    row = Evidence.objects.create(
        league=actor.league,
        id=uuid4(),
        title=title,
        kind="document",
        sha256=stored.sha256,
        size=stored.size,
        mime="application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        uploaded_at=datetime.now(UTC),
        uploaded_by_id=actor.person,
    )
    return row.id


def do(ref: Ref, step: str, by: Actor, *, files: tuple[UUID, ...] = (), **facts: Any) -> Taken:
    return take.take(ref, step, by=by, facts=facts, files=files, key=uuid4(), seen_seq=None)


def today() -> str:
    return datetime.now(UTC).date().isoformat()
