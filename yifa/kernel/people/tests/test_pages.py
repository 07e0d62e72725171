"""The administrators' pages: role × address, and each task done by hand once."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from django.test import Client
from django.urls import get_resolver

from yifa.kernel.people import services
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.models import Certificate, Organisation, Person, Post, RegisterAct, SignIn
from yifa.kernel.people.tests.conftest import Appoint
from yifa.kernel.people.tests.test_register import a_certificate

Enter = Callable[[Person], Client]
ROLES = ("officer", "head", "supervisor", "admin_system", "admin_security", "admin_audit")
# address, who may open it; everybody else is told why not (403), nobody signed out gets in (302).
MATRIX = [
    ("/people/", {"head", "admin_system", "admin_security"}),
    ("/people/new/", {"admin_system"}),
    ("/people/lockouts/", {"admin_security"}),
    ("/people/p/{person}/", {"head", "admin_system", "admin_security"}),
    ("/people/p/{person}/slip/", {"admin_system"}),
    ("/people/p/{person}/reset/", {"admin_system"}),
    ("/people/p/{person}/close/", {"admin_system"}),
    ("/people/p/{person}/post/", {"admin_system", "admin_security"}),
    ("/people/p/{person}/end/", {"admin_system"}),
    ("/people/p/{person}/transfer/", {"admin_system"}),
    ("/people/p/{person}/roles/", {"admin_security"}),
    ("/people/p/{person}/release/", {"admin_security"}),
    ("/people/p/{person}/certificate/", {"admin_system"}),
    ("/people/certificates/{number}/", {"head", "admin_system", "admin_security"}),
    ("/people/bodies/", {"head", "admin_system", "admin_security"}),
    ("/people/bodies/new/", {"admin_system"}),
    ("/people/bodies/1525270002/", {"head", "admin_system", "admin_security"}),
    ("/people/bodies/1525270002/edit/", {"admin_system"}),
    ("/people/bodies/1525270002/submit/", {"admin_system"}),
    ("/people/bodies/1525270002/succeed/", {"admin_system"}),
    ("/people/bodies/1525270002/entrust/", {"admin_system"}),
    ("/people/me/", set(ROLES)),
    ("/audit/", {"admin_audit"}),
    ("/audit/acts/", {"admin_audit"}),
    ("/audit/readings/", {"admin_audit"}),
    ("/audit/readings/", {"admin_audit"}),
]


def addresses(person: Person) -> list[tuple[str, set[str]]]:
    return [(path.format(person=person.pk, number="15250001"), roles) for path, roles in MATRIX]


@pytest.mark.parametrize("role", ROLES)
def test_role_and_address(role: str, by: Actor, officer: Person, appoint: Appoint, enter: Enter) -> None:
    a_certificate(by, officer)
    client = enter(appoint(f"r-{role}", "1525270002", role))
    seen = {path: client.get(path).status_code for path, _ in addresses(officer)}
    assert seen == {path: 200 if role in roles else 403 for path, roles in addresses(officer)}


def test_whoever_is_not_signed_in_is_shown_the_way_in(officer: Person, client: Client) -> None:
    for path, _ in addresses(officer):
        response = client.get(path)
        assert (response.status_code, response.headers["Location"].split("?")[0]) == (302, "/people/sign-in/"), path


def test_every_address_of_the_room_is_in_the_matrix() -> None:
    doors = {"sign_in", "factor", "activate", "enrol", "sign_out", "posts", "act_for", "change_password", "slips", "badge", "notices"}
    names = {str(name) for name in get_resolver("yifa.kernel.people.urls").reverse_dict if isinstance(name, str)}
    patterns = {
        name: "^" + re.sub(r"%\(\w+\)s", "[^/]+", get_resolver("yifa.kernel.people.urls").reverse_dict.getlist(name)[0][0][0][0]) + "$"
        for name in names - doors
    }
    tried = [path.format(person="x", number="x").lstrip("/") for path, _ in MATRIX]
    assert {name for name, pattern in patterns.items() if not any(re.match(pattern, path) for path in tried)} == set()


def test_another_units_people_and_bodies_do_not_exist_for_an_administrator(
    by: Actor, admin: Person, appoint: Appoint, enter: Enter
) -> None:
    stranger = appoint("15280001", "1525280001", "officer")
    client = enter(admin)
    for path in (f"/people/p/{stranger.pk}/", f"/people/p/{stranger.pk}/reset/", "/people/bodies/1525280001/", "/people/certificates/X/"):
        assert client.get(path).status_code == 404
    client.post("/people/slips/", {"person": [str(stranger.pk)]})
    assert not stranger.slips.exists()


def test_nobody_administers_himself(admin: Person, enter: Enter) -> None:
    client = enter(admin)
    for act in ("reset", "close", "post", "slip"):
        assert client.post(f"/people/p/{admin.pk}/{act}/", {"reason": "有"}).status_code == 403


def test_a_person_is_registered_with_a_post_and_gets_a_slip(admin: Person, enter: Enter) -> None:
    client = enter(admin)
    form = {
        "login": "15250042",
        "name": "新人",
        "staffed": "on",
        "organisation": "1525270003",
        "roles_": ["officer"],
        "since": "2026-01-05",
        "identity_number": "110105194912310021",
    }
    refused = client.post("/people/new/", form)
    assert refused.status_code == 409
    assert "公民身份号码有误：校验码不符" in refused.content.decode()
    assert not Person.objects.filter(login="15250042").exists()
    outside = client.post("/people/new/", form | {"organisation": "1525280001", "identity_number": ""})
    assert "不归您管理" in outside.content.decode()
    above = client.post("/people/new/", form | {"roles_": ["admin_security"], "identity_number": ""})
    assert above.status_code == 409
    assert client.post("/people/new/", form | {"identity_number": ""}).status_code == 302
    person = Person.objects.get(login="15250042")
    assert person.posts.get().organisation_id == "1525270003"
    page = client.post("/people/slips/", {"person": [str(person.pk)]}).content.decode()
    assert re.search(r"[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}", page)
    assert "15250042" in page
    assert person.slips.count() == 1


def test_roles_are_the_security_administrators_and_the_change_is_immediate(officer: Person, appoint: Appoint, enter: Enter) -> None:
    security = enter(appoint("sec01", "1525270002", "admin_security"))
    post = Post.objects.get(person=officer)
    client = enter(officer)
    assert client.get("/people/bodies/").status_code == 403
    form = {"post": str(post.pk), "roles_": ["head"], "reason": "任命"}
    assert security.post(f"/people/p/{officer.pk}/roles/", form).status_code == 302
    assert client.get("/people/bodies/").status_code == 200
    apart = security.post(f"/people/p/{officer.pk}/roles/", form | {"roles_": ["admin_audit", "admin_system"]})
    assert "三员分立" in apart.content.decode()


def test_a_certificate_goes_through_its_life_on_its_page(officer: Person, admin: Person, enter: Enter) -> None:
    client = enter(admin)
    form = {
        "number": "15250001",
        "kind": "enforcement",
        "organisation": "1525270002",
        "categories": "城市管理、市场监管",
        "region": "152527",
        "issuer": "内蒙古自治区人民政府",
        "on": "2026-01-05",
    }
    assert client.post(f"/people/p/{officer.pk}/certificate/", form).status_code == 302
    path = "/people/certificates/15250001/"
    assert client.post(path, {"act": "issue", "on": "2026-01-05"}).status_code == 409
    for act in ("check", "pass", "approve"):
        assert client.post(path, {"act": act, "on": "2026-01-05"}).status_code == 302
    assert "有效期" in client.post(path, {"act": "issue", "on": "2026-01-05"}).content.decode()
    client.post(path, {"act": "issue", "on": "2026-01-05", "expires_on": "2031-01-04"})
    client.post(path, {"act": "activate", "on": "2026-01-06"})
    held = Certificate.objects.get(number="15250001")
    assert (held.status, held.expires_on, held.categories) == ("ACTIVE", date(2031, 1, 4), ["城市管理", "市场监管"])
    page = client.get(path).content.decode()
    assert "领取启用" in page
    assert f"/v/{held.token}" in page


def test_a_body_is_registered_changed_and_announced_on_its_pages(root: Person, admin: Person, enter: Enter) -> None:
    client = enter(root)
    form = {"code": "1525270008", "name": "太仆寺旗水利局", "kind": "ORGAN", "level": "3", "region": "152527", "territory": "152527"}
    assert client.post("/people/bodies/new/", form | {"uscc": "91350100M000100Y44"}).status_code == 409
    assert client.post("/people/bodies/new/", form | {"region": "159999"}).status_code == 409
    assert client.post("/people/bodies/new/", form).status_code == 302
    for act in ("submit", "check", "confirm", "announce"):
        assert client.post(f"/people/bodies/1525270008/{act}/", {"on": "2026-01-05"}).status_code == 302
    assert "今天可以以自己的名义执法" in client.get("/people/bodies/1525270008/").content.decode()
    del form["code"]
    assert client.post("/people/bodies/1525270008/edit/", form | {"phone": "0479-1"}).status_code == 302
    body = Organisation.objects.get(code="1525270008")
    assert (body.phone, body.territory.get().code) == ("0479-1", "152527")
    # A unit's administrator registers below his own body only.
    unit = enter(admin)
    assert unit.post("/people/bodies/new/", form | {"code": "1525270007"}).status_code == 409
    below = form | {"code": "1525270007", "kind": "UNIT", "parent": "1525270002", "name": "执法二中队"}
    assert unit.post("/people/bodies/new/", below).status_code == 302


def test_the_audit_administrator_pages_through_sign_ins_and_acts(by: Actor, officer: Person, appoint: Appoint, enter: Enter) -> None:
    client = enter(appoint("audit01", "1500000001", "admin_audit"))
    for n in range(60):
        services.note_attempt(
            login=f"x{n}", person=None, outcome=SignIn.Outcome.PASSWORD, now=services_now(n), address="127.0.0.1", agent="test"
        )
    first = client.get("/audit/").content.decode()
    more = re.search(r'rel="next" href="\?([^"]+)"', first)
    assert more
    second = client.get(f"/audit/?{more[1].replace('&amp;', '&')}").content.decode()
    names = [re.findall(r'<td class="first">(x\d+)<', page) for page in (first, second)]
    assert [len(one) for one in names] == [50, 10]
    assert not set(names[0]) & set(names[1])
    a_certificate(by, officer)
    page = client.get("/audit/acts/", {"kind": "certificate", "q": "15250001"}).content.decode()
    assert page.count("执法证件 15250001</td>") == RegisterAct.objects.filter(chain="certificate:15250001").count() == 6
    assert "领取启用" in page
    services.change_password(by=by, person=officer, password="roadside-and-windy-26")  # noqa: S106
    page = client.get("/audit/acts/", {"kind": "person", "q": officer.login}).content.decode()
    assert f"人员 {officer.name}（{officer.login}）" in page, "a person is found by his account and shown by his name"
    assert client.get("/audit/", {"after": ["never", "x"]}).status_code == 404


def services_now(n: int) -> datetime:
    return datetime(2026, 3, 1, 8, n, tzinfo=UTC)


def test_a_units_auditor_sees_his_units_people_only(by: Actor, officer: Person, appoint: Appoint, enter: Enter) -> None:
    other = appoint("15280001", "1525280001", "officer")
    for person in (officer, other):
        services.note_attempt(login="", person=str(person.pk), outcome=SignIn.Outcome.PASSWORD, now=services_now(1), address=None, agent="")
    page = enter(appoint("audit02", "1525270002", "admin_audit")).get("/audit/").content.decode()
    assert officer.login in page
    assert other.login not in page


def test_pages_cost_a_constant_number_of_queries(
    by: Actor, admin: Person, appoint: Appoint, enter: Enter, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    client = enter(admin)
    client.get("/people/")
    for n in range(25):
        appoint(f"q{n:03d}", "1525270003", "officer")
    with django_assert_max_num_queries(12):  # type: ignore[attr-defined]  # pytest-django's context manager
        assert "q001" in client.get("/people/").content.decode()


def test_an_officer_shows_his_own_badge_with_the_mark_of_this_minute(by: Actor, officer: Person, appoint: Appoint, enter: Enter) -> None:
    held = a_certificate(by, officer)
    page = enter(officer).get(f"/people/me/badge/{held.number}/")
    assert page.status_code == 200
    assert "<svg" in page.content.decode()
    assert enter(appoint("r-other", "1525270002", "officer")).get(f"/people/me/badge/{held.number}/").status_code == 404
