"""Whoever is shown a page of decisions is offered no door that stays shut: every link of it leads on, whoever he is."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone

from yifa.decisions.tests import world as w
from yifa.kernel.access.models import Grant
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.models import Organisation, Person, Region

pytestmark = pytest.mark.usefixtures("own_db")
BEGIN = ("/desk/", "/desk/decisions/", "/desk/decisions/experts/", "/desk/decisions/hearings/", "/desk/decisions/catalogues/")
# Of the addresses that differ only by what they are about, so many are followed.
ALIKE = 2
# A step whose turn has not come answers 409 with the reason: that is a page to read.
OPEN = {200, 302, 409}


def offered(page: str) -> list[str]:
    """The addresses of this platform that the page links to: forms to post, downloads and anchors left out."""
    found = re.findall(r'<a [^>]*href="(/(?:desk|decisions|participate)[^"#]*)"(?![^>]*download)', page)
    return [each.replace("&amp;", "&") for each in found]


def shut(actor: Actor, *more: str) -> list[tuple[int, str, str]]:
    """(status, address, the page that offered it) of every door that does not open to this person."""
    browser = Client()
    browser.force_login(Person.objects.get(pk=actor.person), backend="django.contrib.auth.backends.ModelBackend")
    session = browser.session
    session["people.post"], session["people.factor"] = actor.post, True
    session.save()
    seen: set[str] = set()
    alike: dict[str, int] = {}
    found = []
    waiting = [(each, "") for each in (*BEGIN, *more)]
    while waiting:
        address, page = waiting.pop()
        kind = re.sub(r"[0-9A-Z]{10}-[0-9]{2}-[0-9]{4}-[0-9]{6}-[0-9A-Z]|[0-9a-f-]{36}", "*", address.partition("?")[0])
        if address in seen or alike.get(kind, 0) >= ALIKE:
            continue
        seen.add(address)
        alike[kind] = alike.get(kind, 0) + 1
        answer = browser.get(address)
        if page and answer.status_code not in OPEN:
            found.append((answer.status_code, address, page))
        if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
            waiting += [(each, address) for each in offered(answer.content.decode())]
    assert len(seen) > len(BEGIN)
    return found


def guest(district: str, *, by: Actor) -> Actor:
    """A prosecutor who may read what happens in a district, for a time and a reason."""
    place = Region.objects.get(code=district)
    office = Organisation.objects.create(
        code="1502030095", name="昆都仑区样本检察院", short_name="包昆检", region=place, kind="ORGAN", level=3
    )
    reader = w.person("韩样本", office, ["officer"])
    Grant.objects.create(
        person_id=UUID(reader.person),
        kind="region",
        value=district,
        reason="公益诉讼线索核查",
        given_by_id=UUID(by.person),
        given_at=timezone.now(),
        until=timezone.localdate() + timedelta(days=30),
    )
    return reader


def test_no_door_stays_shut_to_whom_it_is_offered() -> None:
    world = w.build()
    code = w.carried_to_the_end(world).code
    w.propose(world, title="另一事项")
    everybody = (
        *(world.drafter, world.clerk, world.mayor, world.office, world.gazette, world.reviewer, world.supervisor, world.stranger),
        guest(world.drafter.region, by=world.supervisor),
    )
    for actor in everybody:
        pages = () if actor is world.stranger else (f"/desk/decisions/{code}/", f"/desk/cases/{code}/")
        assert shut(actor, *pages) == [], actor.name
