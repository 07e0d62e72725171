"""A small world in the database: one banner, two bodies, four people. Register rows are written directly; acts go through `take`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone

from yifa.dossiers import store
from yifa.dossiers.models import Evidence
from yifa.enforcement.procedures.summary_penalty import SummaryPenalty
from yifa.enforcement.tests.walk import ANSWERS
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.models import Certificate, CertificateEvent, Organisation, OrganisationEvent, Person, Post, Region
from yifa.procedures import take
from yifa.procedures.reading import Ref
from yifa.procedures.take import Taken

SINCE = date(2024, 1, 1)
NOW = datetime(2024, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class World:
    li: Actor
    wang: Actor
    clerk: Actor
    head: Actor
    stranger: Actor


def build() -> World:
    """Kundulun and its farming bureau, with two officers, a discloser who is also the cashier, and the head; another body beside it."""
    parent = None
    for code, name, level, league in (
        ("150000", "内蒙古自治区", 1, "150000"),
        ("150200", "包头市", 2, "150200"),
        ("150203", "昆都仑区", 3, "150200"),
    ):
        parent, _ = Region.objects.get_or_create(code=code, defaults={"name": name, "parent": parent, "level": level, "league": league})
    region = Region.objects.get(code="150203")
    Region.objects.filter(code="150203").update(
        government_name="昆都仑区人民政府", government_address="昆都仑区样本路2号", government_phone="0472-0000002"
    )
    bureau = _body("1502030020", "昆都仑区样本农牧局", "包昆农", region)
    other = _body("1502030021", "昆都仑区样本水务局", "包昆水", region)
    return World(
        li=_person("李样本", bureau, ["officer"], "15020300001"),
        wang=_person("王样本", bureau, ["officer"], "15020300002"),
        clerk=_person("赵样本", bureau, ["discloser", "finance"]),
        head=_person("孙样本", bureau, ["head"]),
        stranger=_person("周样本", other, ["officer"], "15020300003"),
    )


def _body(code: str, name: str, short: str, region: Region) -> Organisation:
    body = Organisation.objects.create(
        code=code,
        name=name,
        short_name=short,
        kind="ORGAN",
        level=3,
        region=region,
        status="announced",
        sector="农牧",
        fields=["农牧"],
        address="昆都仑区样本路1号",
        phone="0472-0000001",
        bank_name="样本银行昆都仑支行",
        bank_account="0000000000000000001",
    )
    OrganisationEvent.objects.create(organisation=body, act="announce", status="announced", on=SINCE, recorded_at=NOW)
    return body


def _person(name: str, body: Organisation, roles: list[str], number: str = "") -> Actor:
    person = Person.objects.create_user(number or f"a-{uuid4().hex[:8]}", None, name=name)
    post = Post.objects.create(person=person, organisation=body, roles=roles, since=SINCE)
    if number:
        certificate = Certificate.objects.create(
            number=number,
            person=person,
            organisation=body,
            categories=["农牧"],
            region=body.region,
            issuer="内蒙古自治区人民政府",
            issued_on=SINCE,
            expires_on=date(2028, 12, 31),
            status="ACTIVE",
        )
        CertificateEvent.objects.create(certificate=certificate, act="activate", status="ACTIVE", on=SINCE, recorded_at=NOW)
    return Actor(str(person.pk), name, str(post.pk), body.code, body.name, body.region_id, "150200", frozenset(roles), number or None)


def photo(actor: Actor, title: str = "现场照片") -> UUID:
    """A stored piece of evidence that waits for the act that names it."""
    stored = store.put(uuid4().bytes)
    row = Evidence.objects.create(
        league=actor.league,
        id=uuid4(),
        title=title,
        kind="photo",
        sha256=stored.sha256,
        size=stored.size,
        mime="image/jpeg",
        uploaded_at=datetime.now(UTC),
        uploaded_by_id=actor.person,
    )
    return row.id


def answers(world: World, name: str, **changed: Any) -> dict[str, Any]:
    """The usual answers of a step, dated today."""
    stated = {**ANSWERS.get(name, {})}
    today = timezone.localdate().isoformat()
    for key in ("found_on", "violation_on", "paid_on"):
        if key in stated:
            stated[key] = today
    if "officers" in stated:
        stated["officers"] = [world.li.person, world.wang.person]
    return {key: value for key, value in {**stated, **changed}.items() if value is not None}


def begin(world: World, *, key: UUID | None = None, by: Actor | None = None, **changed: Any) -> Taken:
    return take.start("summary_penalty", by=by or world.li, facts=answers(world, "show_badge", **changed), key=key or uuid4())


def do(
    world: World, ref: Ref, name: str, *, by: Actor | None = None, key: UUID | None = None, seen: int | None = None, **changed: Any
) -> Taken:
    files = (photo(world.li),) if name == "establish" else ()
    return take.take(ref, name, by=by or world.li, facts=answers(world, name, **changed), files=files, key=key or uuid4(), seen_seq=seen)


def walk(world: World, *names: str, **changed: Any) -> Ref:
    """A dossier taken through these steps after 出示证件."""
    ref = begin(world).ref
    for name in names:
        asked = {key: value for key, value in changed.items() if key in {each.key for each in SummaryPenalty.step(name).asks}}
        do(world, ref, name, by=world.clerk if name in ("publish", "bank") else None, **asked)
    return ref
