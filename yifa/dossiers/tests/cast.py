"""A small cast: two 旗县, a body in each, an officer in each, and dossiers made on demand."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta

from yifa.dossiers import personal
from yifa.dossiers.models import CaseRole, Dossier, Party
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.identifiers import case_number
from yifa.kernel.people.models import Organisation, Person, Post, Region

DAY = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)


def regions() -> None:
    rows = [
        ("150000", "内蒙古自治区", None, 1),
        ("150200", "包头市", "150000", 2),
        ("150202", "东河区", "150200", 3),
        ("150203", "昆都仑区", "150200", 3),
        ("150100", "呼和浩特市", "150000", 2),
        ("150102", "新城区", "150100", 3),
    ]
    for code, name, parent, level in rows:
        Region.objects.get_or_create(code=code, defaults={"name": name, "parent_id": parent, "level": level})


def body(region: str, n: int = 1, parent: Organisation | None = None) -> Organisation:
    return Organisation.objects.create(
        code=f"{region}{n:04d}", name=f"{region}第{n}执法局", kind="ORGAN", level=3, region_id=region, status="announced", parent=parent
    )


def officer(of: Organisation, login: str, *roles: str) -> Actor:
    person = Person.objects.create_user(login, name=f"{login}某")
    held = list(roles or ("officer",))
    post = Post.objects.create(person=person, organisation=of, roles=held, since=date(2024, 1, 1))
    return Actor(str(person.id), person.name, str(post.id), of.code, of.name, of.region_id, of.region_id[:4] + "00", frozenset(held))


def dossier(of: Organisation, n: int, *, by: Actor | None = None, **more: object) -> Dossier:
    code = case_number(of.code[:6], of.code[6:], "02", 2026, n)
    league = of.region_id[:4] + "00"
    opened = DAY + timedelta(minutes=n)
    made = Dossier.objects.create(
        **{
            "league": league,
            "code": code,
            "procedure": "SummaryPenalty",
            "version": "2021-07-15",
            "organisation": of,
            "region_id": of.region_id,
            "title": "占道经营",
            "party_label": "张某",
            "status": "informed",
            "opened_at": opened,
            "updated_at": opened,
            "token": personal.new_token(),
            **more,
        }
    )
    if by:
        CaseRole.objects.create(league=league, dossier=code, person_id=uuid.UUID(by.person), role="officer", opened_at=made.opened_at)
    return made


def party(case: Dossier, name: str, number: str) -> Party:
    """A party as an act writes it."""
    return Party.objects.create(
        league=case.league,
        dossier=case.code,
        n=1,
        kind="citizen",
        name=name,
        identity_kind="id",
        identity_sealed=personal.seal(number),
        identity_hash=personal.identity_hash(number),
        phone_sealed=personal.seal("13800000000"),
    )
