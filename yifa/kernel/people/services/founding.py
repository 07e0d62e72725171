"""How an installation begins: its first body and system administrator, whom nobody could have appointed; and where governments sit."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from yifa.kernel.people.actors import Actor
from yifa.kernel.people.models import Organisation, Person, Post, Region
from yifa.kernel.people.queries import actor
from yifa.kernel.people.services._record import record


@transaction.atomic
def found(*, code: str, name: str, short_name: str, region: str, login: str, administrator: str, since: date) -> Actor:
    """The body that runs the installation and its system administrator. Safe to call again; recorded when something was made."""
    place = Region.objects.get(code=region)
    values = {"name": name, "short_name": short_name, "kind": Organisation.Kind.ORGAN, "level": place.level, "region": place}
    body, new_body = Organisation.objects.get_or_create(code=code, defaults=values)
    person, new_person = Person.objects.get_or_create(login=login, defaults={"name": administrator})
    post, new_post = Post.objects.get_or_create(person=person, organisation=body, roles=["admin_system"], defaults={"since": since})
    acting = actor(person, str(post.pk), today=max(since, date.today()))  # noqa: DTZ011 - the day the post is held, not a moment
    if acting is None:
        raise ValueError(f"{login} holds no post that stands today")
    if new_body or new_person or new_post:
        record(f"person:{person.pk}", "found", by=acting, payload={"organisation": code, "login": login, "name": administrator})
    return acting


@transaction.atomic
def seat_government(*, by: Actor, region: str, name: str, address: str, phone: str) -> None:
    """Name, address and phone of a region's government: the reviewing organ that decisions name (行政复议法第二十四条)."""
    values = {"government_name": name, "government_address": address, "government_phone": phone}
    if Region.objects.filter(pk=region).update(**values):
        record(f"region:{region}", "seat_government", by=by, payload=values)
