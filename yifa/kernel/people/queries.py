"""Reads of this room: who acts, a badge, an officer's certificate on a day, the standing of a body, who reviews its decisions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt
from django.db import connection
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from yifa.kernel.parameters.rules import significant
from yifa.kernel.people import certificate, subjects
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.models import Certificate, Entrustment, Post, RegisterAct, SignIn
from yifa.kernel.people.models import Organisation as Organisation  # the three that readers above are handed
from yifa.kernel.people.models import Person as Person
from yifa.kernel.people.models import Region as Region
from yifa.kernel.people.roles import ADMIN_AUDIT, ADMIN_SECURITY, ADMIN_SYSTEM, LABELS

UNREGISTERED = "未登记"
LOCKED_AFTER = 5
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True)
class Chair:
    """One post to choose from: what the frame and the chooser show."""

    id: str
    name: str
    organisation: str
    roles: tuple[str, ...]
    current: bool


def chairs(person: Person, current: str = "", *, today: date | None = None) -> list[Chair]:
    """The posts a person holds today, the oldest first."""
    posts = _held(today).filter(person=person).select_related("organisation").order_by("since", "id")
    return [
        Chair(str(post.pk), _chair_name(post), post.organisation.name, tuple(LABELS[role] for role in post.roles), str(post.pk) == current)
        for post in posts
    ]


def actor(user: Person, post_id: str | None, *, today: date | None = None) -> Actor | None:
    """The person in the chosen post, or in his oldest one when none is chosen; none when he holds no such post today."""
    posts = _held(today).filter(person=user)
    if post_id:
        posts = posts.filter(pk=UUID(post_id))
    post = (
        posts.select_related("organisation__region")
        .prefetch_related(
            Prefetch(
                "person__certificates",
                Certificate.objects.filter(status=certificate.Status.ACTIVE, kind=Certificate.Kind.ENFORCEMENT).order_by("number"),
            )
        )
        .order_by("since", "id")
        .first()
    )
    if post is None:
        return None
    body = post.organisation
    held = [one.number for one in post.person.certificates.all() if one.organisation_id in {body.code, body.parent_id}]
    return Actor(
        person=str(user.pk),
        name=user.name,
        post=str(post.pk),
        organisation=body.code,
        organisation_name=body.name,
        region=body.region_id,
        league=body.region.league,
        roles=frozenset(post.roles),
        certificate=held[0] if held else None,
    )


def actor_of(login: str) -> Actor | None:
    """For commands and importers: the account's person in his oldest post."""
    person = Person.objects.filter(login=login, is_active=True).first()
    return actor(person, None) if person else None


def actors_of(organisation: str, *, today: date | None = None) -> list[Actor]:
    """Everyone who holds a post in a body, as he acts in it, by account name."""
    held = _held(today).filter(organisation=organisation).select_related("person").order_by("person__login", "id")
    found = (actor(post.person, str(post.pk), today=today) for post in held)
    return [each for each in found if each is not None]


@dataclass(frozen=True)
class Contact:
    """A person and where he can be told something besides in the house; "" where he gave no address."""

    person: str
    email: str
    phone: str


def holders(organisation: str, roles: Iterable[str], on: date) -> list[Contact]:
    """Those whose post at a body has one of these roles on a day, each once."""
    held = _held(on).filter(organisation=organisation, roles__overlap=list(roles)).order_by("person__login", "person_id")
    found = held.values_list("person_id", "person__email", "person__phone")
    return list(dict.fromkeys(Contact(str(person), email, phone) for person, email, phone in found))


def contact(person: str, on: date) -> Contact | None:
    """A person as he can be told something, as long as he holds any post."""
    found = _held(on).filter(person_id=person).values_list("person__email", "person__phone").first()
    return Contact(person, *found) if found else None


def person_of(login: str) -> Person | None:
    return Person.objects.filter(login=login).first()


def body_of(code: str) -> Organisation | None:
    return Organisation.objects.filter(code=code).first()


def region_of(code: str) -> Region:
    """A region that must be there: its codes are part of the installation."""
    return Region.objects.get(code=code)


@dataclass(frozen=True)
class Badge:
    """What a stranger who scans a badge may know. No identity number, no birth date, no phone of the person."""

    name: str
    number: str
    kind: str
    organisation: str
    organisation_code: str
    organisation_phone: str
    region: str
    categories: tuple[str, ...]
    issuer: str
    issued_on: date | None
    expires_on: date | None
    valid: bool
    why_not: str
    photo: str
    person: str


def badge(token: str, *, today: date | None = None) -> Badge | None:
    """The certificate behind a badge's code with its live status; none when the code is unknown (a lost badge's code is withdrawn)."""
    held = Certificate.objects.select_related("person", "organisation", "region").filter(token=token).first()
    return _badge(held, today) if held else None


def badge_by_number(number: str, *, today: date | None = None) -> Badge | None:
    """The same for someone who types the certificate's number (查执法 · 证号)."""
    held = Certificate.objects.select_related("person", "organisation", "region").filter(number=number.strip().upper()).first()
    return _badge(held, today) if held else None


@dataclass(frozen=True)
class Officer:
    """A person as a rule sees him on a day: is his certificate valid, for which categories and where."""

    person: str
    name: str
    number: str
    organisation: str
    categories: tuple[str, ...]
    region: str
    staffed: bool
    why_not: str

    @property
    def valid(self) -> bool:
        return not self.why_not


def officers(people: Iterable[str], day: date) -> list[Officer]:
    """In the order asked. A person without any certificate is answered too: no certificate, no enforcement (监督条例 14)."""
    wanted = list(dict.fromkeys(people))
    rows = {
        str(person.pk): person
        for person in Person.objects.filter(pk__in=wanted).prefetch_related(
            Prefetch("certificates", Certificate.objects.filter(kind=Certificate.Kind.ENFORCEMENT).prefetch_related("events"))
        )
    }
    return [_officer(rows[key], day) for key in wanted if key in rows]


def officers_of(organisation: str, day: date) -> list[Officer]:
    """The officers of a body and its units whose certificates are valid on the day, for choosing a second officer."""
    people = Certificate.objects.filter(
        Q(organisation_id=organisation) | Q(organisation__parent_id=organisation), status=certificate.Status.ACTIVE, person__is_active=True
    )
    return [one for one in officers(map(str, people.order_by("number").values_list("person_id", flat=True)), day) if one.valid]


def why_not_subject(organisation: str, day: date) -> str:
    """Why a body is no enforcement subject on a day; empty when it is (C01)."""
    body = Organisation.objects.prefetch_related("events").get(code=organisation)
    return subjects.why_not_subject(standing(body), day)


def standing(body: Organisation) -> subjects.Standing:
    events = sorted(body.events.all(), key=lambda event: (event.recorded_at, event.pk))
    changes = tuple((event.on, event.status) for event in events)
    if not changes and body.valid_from:
        # Taken over from another register with its status: no event of ours tells how it came about.
        changes = ((body.valid_from, body.status),)
    return subjects.Standing(body.name, body.kind, changes, body.valid_from, body.valid_to)


def entruster(organisation: str, item: str, day: date) -> Organisation | None:
    """In whose name an entrusted organisation acts for an item on a day."""
    found = [
        subjects.Entrusting(e.entruster_id, e.entrusted_id, frozenset(e.items), e.since, e.until, e.revoked_on)
        for e in Entrustment.objects.filter(entrusted_id=organisation)
    ]
    names = subjects.acts_in_the_name_of(organisation, item, day, found)
    return Organisation.objects.filter(code__in=names).order_by("code").first()


@dataclass(frozen=True)
class ReviewingOrgan:
    """Whom to ask for reconsideration (行政复议法 24): unknown particulars say 未登记."""

    name: str
    address: str
    phone: str


def reviewing_organ(organisation: str) -> ReviewingOrgan:
    """The government of the body's own level: of a banner's body the banner's, of a league's the 行政公署 where it is a 盟.

    A township's decisions are reviewed by the banner's government; a unit follows its body, a zone the government above it.
    """
    body = Organisation.objects.select_related("region__parent", "parent__region__parent").get(code=organisation)
    while body.parent is not None and body.kind in {Organisation.Kind.UNIT, Organisation.Kind.ENTRUSTED}:
        body = Organisation.objects.select_related("region__parent", "parent__region__parent").get(code=body.parent_id)
    region = body.region
    while region.parent is not None and region.level > min(body.level, Region.Level.BANNER):
        region = Region.objects.select_related("parent").get(code=region.parent_id)
    if body.kind == Organisation.Kind.GOVERNMENT and body.level > Region.Level.PROVINCE and region.level == body.level and region.parent:
        # A government's own decisions are reviewed one level up (行政复议法 24).
        region = region.parent
    return ReviewingOrgan(
        region.government_name or UNREGISTERED, region.government_address or UNREGISTERED, region.government_phone or UNREGISTERED
    )


def administered(reader: Actor) -> list[str]:
    """The bodies whose people an administrator looks after: his body and all below it; of a government, all bodies of its region."""
    if not reader.has(ADMIN_SYSTEM, ADMIN_SECURITY, ADMIN_AUDIT, "head"):
        return []
    with connection.cursor() as cursor:
        cursor.execute(ADMINISTERED, {"body": reader.organisation, "administers": reader.has(ADMIN_SYSTEM, ADMIN_SECURITY, ADMIN_AUDIT)})
        return [code for (code,) in cursor.fetchall()]


ADMINISTERED = """
WITH RECURSIVE land(code) AS (
    SELECT region_id::varchar FROM people_organisation WHERE code = %(body)s AND kind = 'GOVERNMENT' AND %(administers)s
    UNION
    SELECT r.code FROM people_region r JOIN land ON r.parent_id = land.code
), tree(code) AS (
    SELECT code FROM people_organisation WHERE code = %(body)s OR region_id IN (SELECT code FROM land)
    UNION
    SELECT o.code FROM people_organisation o JOIN tree ON o.parent_id = tree.code
)
SELECT code FROM tree
"""


def governs(reader: Actor, region: str) -> bool:
    """Is the reader's body the government of this region or of one above it?"""
    found = Organisation.objects.select_related("region").filter(code=reader.organisation, kind=Organisation.Kind.GOVERNMENT).first()
    place = Region.objects.filter(code=region).first()
    while found is not None and place is not None:
        if place.code == found.region_id:
            return True
        place = Region.objects.filter(code=place.parent_id).first() if place.parent_id else None
    return False


def looks_over(reader: Actor, region: str) -> bool:
    """Does the reader's body, of the region's or 盟市's level, look after this place: as its government or by its registered territory?"""
    body = Organisation.objects.prefetch_related("territory").filter(code=reader.organisation, level__lte=2).first()
    if body is None:
        return False
    places = [place.code for place in body.territory.all()] + ([body.region_id] if body.kind == Organisation.Kind.GOVERNMENT else [])
    return any(region.startswith(significant(place)) for place in places)


def leagues_and_banners() -> list[Region]:
    """The 盟市 in which this installation has bodies, and their 旗县, by code: where somebody may say he lives."""
    leagues = Organisation.objects.values("region__league")
    return list(Region.objects.filter(level__in=(2, 3), league__in=leagues).order_by("code"))


def regions_within(region: str) -> list[Region]:
    """A region and those directly below it, by code."""
    return list(Region.objects.filter(Q(code=region) | Q(parent_id=region)).order_by("level", "code"))


def people(reader: Actor, *, text: str = "", organisation: str = "", after: Sequence[str] = (), limit: int = 30) -> list[Person]:
    """People with a post in a body that the reader administers, by name; the cursor is (name, id)."""
    bodies = [organisation] if organisation else administered(reader)
    if organisation and organisation not in administered(reader):
        return []
    found = Person.objects.filter(Q(posts__organisation_id__in=bodies) | _without_post(reader)).distinct()
    if text:
        found = found.filter(
            Q(name__startswith=text) | Q(login__startswith=text.upper()) | Q(certificates__number__startswith=text.upper())
        )
    if len(after) == 2:
        found = found.filter(Q(name__gt=after[0]) | Q(name=after[0], pk__gt=after[1]))
    return list(found.order_by("name", "id").prefetch_related("posts__organisation", "certificates")[:limit])


def may_administer(reader: Actor, person: Person) -> bool:
    """List ≡ detail: exactly the people that `people(reader)` would list."""
    return Person.objects.filter(Q(posts__organisation_id__in=administered(reader)) | _without_post(reader), pk=person.pk).exists()


def bodies(reader: Actor, *, text: str = "", after: str = "", limit: int = 30) -> list[Organisation]:
    """The bodies a reader administers, by code."""
    found = Organisation.objects.filter(code__in=administered(reader)).select_related("region", "parent")
    if text:
        found = found.filter(Q(name__contains=text) | Q(code__startswith=text) | Q(uscc=text.upper()))
    if after:
        found = found.filter(code__gt=after)
    return list(found.order_by("code")[:limit])


def certificates_of(person: Person) -> list[Certificate]:
    return list(Certificate.objects.filter(person=person).select_related("organisation", "region").order_by("-issued_on", "number"))


def certificate_by_number(reader: Actor, number: str) -> Certificate | None:
    """A certificate of a body that the reader administers."""
    found = Certificate.objects.filter(number=number, organisation_id__in=administered(reader))
    return found.select_related("person", "organisation", "region").prefetch_related("events").first()


def factor_kinds(person: Person) -> list[str]:
    """The names of the second factors a person has enrolled."""
    names = {Authenticator.Type.TOTP: "验证器", Authenticator.Type.WEBAUTHN: "安全密钥"}
    held = Authenticator.objects.filter(user=person, type__in=list(names)).order_by("type").values_list("type", flat=True)
    return [names[Authenticator.Type(kind)] for kind in dict.fromkeys(held)]


def latest_sign_ins(person: Person, limit: int = 10) -> list[SignIn]:
    return list(SignIn.objects.filter(person=person).order_by("-at")[:limit])


def recent_failures(person: Person, *, minutes: int) -> int:
    """Wrong second factors in the last minutes, counted in the database so that all processes count together."""
    since = timezone.now() - timedelta(minutes=minutes)
    return SignIn.objects.filter(person=person, outcome=SignIn.Outcome.FACTOR, at__gt=since).count()


def sign_ins(reader: Actor, *, text: str = "", outcome: str = "", after: Sequence[str] = (), limit: int = 50) -> list[SignIn]:
    """Attempts to sign in, newest first, for the audit administrator of the bodies these people belong to; the cursor is (at, id)."""
    found = SignIn.objects.select_related("person")
    if not looks_after_all(reader):
        found = found.filter(Exists(Post.objects.filter(person_id=OuterRef("person_id"), organisation_id__in=administered(reader))))
    if text:
        found = found.filter(login__startswith=text)
    if outcome:
        found = found.filter(outcome=outcome)
    if len(after) == 2:
        moment = datetime.fromisoformat(after[0])
        found = found.filter(Q(at__lt=moment) | Q(at=moment, id__lt=after[1]))
    return list(found.order_by("-at", "-id")[:limit])


def register_acts(reader: Actor, *, text: str = "", after: Sequence[str] = (), limit: int = 50) -> list[RegisterAct]:
    """Acts on the register, newest first; `text` begins the object's chain. The cursor is (recorded_at, chain, seq)."""
    found = RegisterAct.objects.all()
    if not looks_after_all(reader):
        found = found.filter(organisation__in=administered(reader))
    if text:
        found = found.filter(chain__startswith=text)
    if len(after) == 3:
        moment = datetime.fromisoformat(after[0])
        later = Q(chain__gt=after[1]) | Q(chain=after[1], seq__gt=int(after[2]))
        found = found.filter(Q(recorded_at__lt=moment) | Q(recorded_at=moment) & later)
    return list(found.order_by("-recorded_at", "chain", "seq")[:limit])


def names_of_chains(chains: Iterable[str]) -> dict[str, str]:
    """What people call the objects behind these chains: a person's name and account, a body's name, a region's name."""
    keys: dict[str, set[str]] = {"person": set(), "sign-in": set(), "organisation": set(), "region": set()}
    wanted = [(chain, *chain.partition(":")[::2]) for chain in chains]
    for _, kind, key in wanted:
        keys.get(kind, set()).add(key)
    people = Person.objects.filter(pk__in=[key for key in keys["person"] | keys["sign-in"] if _UUID.fullmatch(key)])
    names = {str(one.pk): f"{one.name}（{one.login}）" for one in people}
    names |= {one.code: one.name for one in Organisation.objects.filter(code__in=keys["organisation"])}
    names |= {one.code: one.name for one in Region.objects.filter(code__in=keys["region"])}
    return {chain: names[key] for chain, kind, key in wanted if kind in keys and key in names}


def locked(reader: Actor) -> list[Person]:
    """People of the administered bodies whose accounts are locked just now."""
    since = timezone.now() - timedelta(minutes=15)
    names = AccessAttempt.objects.filter(attempt_time__gt=since, failures_since_start__gte=LOCKED_AFTER).values("username")
    wrong = (
        SignIn.objects.filter(outcome=SignIn.Outcome.FACTOR, at__gt=since)
        .values("person")
        .annotate(n=Count("id"))
        .filter(n__gte=LOCKED_AFTER)
    )
    found = Person.objects.filter(Q(login__in=names) | Q(pk__in=wrong.values("person")))
    return list(found.filter(posts__organisation_id__in=administered(reader)).distinct().order_by("login"))


def looks_after_all(reader: Actor) -> bool:
    """An administrator of a province's government: his lists need no filter."""
    return Organisation.objects.filter(code=reader.organisation, kind=Organisation.Kind.GOVERNMENT, level=Region.Level.PROVINCE).exists()


def _without_post(reader: Actor) -> Q:
    """A person just registered has no post yet: every system administrator may give him one."""
    return Q(posts__isnull=True) if reader.has(ADMIN_SYSTEM) else Q(pk__in=[])


def _held(today: date | None) -> QuerySet[Post]:
    day = today or timezone.localdate()
    return Post.objects.filter(Q(until__isnull=True) | Q(until__gte=day), since__lte=day, person__is_active=True)


def _chair_name(post: Post) -> str:
    return f"{post.organisation.name} · {post.title or '、'.join(LABELS[role] for role in post.roles)}"


def _life(held: Certificate) -> certificate.Life:
    events = sorted(held.events.all(), key=lambda event: (event.recorded_at, event.pk))
    return certificate.Life(tuple((event.on, event.status) for event in events), held.issued_on, held.expires_on)


def _officer(person: Person, day: date) -> Officer:
    """The best of his certificates: a valid one if there is any, else the one issued last."""
    judged = [(held, certificate.why_not_valid(_life(held), day)) for held in person.certificates.all()]
    judged.sort(key=lambda pair: (pair[1] == "", pair[0].issued_on or date.min, pair[0].number), reverse=True)
    if not judged:
        why = f"{person.name}没有行政执法证"
        return Officer(str(person.pk), person.name, "", "", (), "", person.staffed, why)
    held, why = judged[0]
    if not person.is_active:
        why = f"{person.name}的账户已停用"
    elif why:
        why = f"{person.name}的{why}"
    return Officer(
        str(person.pk), person.name, held.number, held.organisation_id, tuple(held.categories), held.region_id, person.staffed, why
    )


def _badge(held: Certificate, today: date | None) -> Badge:
    why = certificate.why_not_valid(_life(held), today or timezone.localdate())
    return Badge(
        name=held.person.name,
        number=held.number,
        kind=held.get_kind_display(),
        organisation=held.organisation.name,
        organisation_code=held.organisation_id,
        organisation_phone=held.organisation.phone,
        region=held.region.name,
        categories=tuple(held.categories),
        issuer=held.issuer,
        issued_on=held.issued_on,
        expires_on=held.expires_on,
        valid=not why,
        why_not=why,
        photo=held.person.photo,
        person=str(held.person_id),
    )
