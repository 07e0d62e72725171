"""A small world: a banner with its government and justice bureau, and the 盟市's justice bureau above; acts go through `take`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone

from yifa.kernel.people.actors import Actor
from yifa.kernel.people.models import Region
from yifa.procedures import take
from yifa.procedures.reading import Ref
from yifa.procedures.take import Taken
from yifa.procedures.tests.cast import body as body
from yifa.procedures.tests.cast import file as file
from yifa.procedures.tests.cast import person as person

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


def do(ref: Ref, step: str, by: Actor, *, files: tuple[UUID, ...] = (), **facts: Any) -> Taken:
    return take.take(ref, step, by=by, facts=facts, files=files, key=uuid4(), seen_seq=None)


def today() -> str:
    return timezone.localdate().isoformat()
