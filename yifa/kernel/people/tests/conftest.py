"""A cast: a banner with its government, a bureau, a unit and an entrusted organisation, and the people who act there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from yifa.kernel.people.actors import Actor
from yifa.kernel.people.models import Organisation, Person, Post, Region

DAY = date(2026, 1, 5)
PASSWORD = "correct-horse-battery"  # noqa: S105 - of test accounts
Appoint = Callable[..., Person]


@pytest.fixture
def land(db: None) -> None:
    Region.objects.bulk_create(
        [
            Region(code="150000", name="内蒙古自治区", level=1, league="150000", government_name="内蒙古自治区人民政府"),
            Region(code="152500", name="锡林郭勒盟", parent_id="150000", level=2, league="152500", government_name="锡林郭勒盟行政公署"),
            Region(code="152527", name="太仆寺旗", parent_id="152500", level=3, league="152500", government_name="太仆寺旗人民政府"),
            Region(code="152527100", name="宝昌镇", parent_id="152527", level=4, league="152500", government_name="宝昌镇人民政府"),
            Region(code="152528", name="镶黄旗", parent_id="152500", level=3, league="152500", government_name="镶黄旗人民政府"),
        ]
    )


@pytest.fixture
def bodies(land: None) -> dict[str, Organisation]:
    def body(code: str, name: str, kind: str, level: int, region: str, parent: str | None = None) -> Organisation:
        return Organisation(code=code, name=name, kind=kind, level=level, region_id=region, parent_id=parent)

    made = [
        body("1500000001", "内蒙古自治区人民政府", "GOVERNMENT", 1, "150000"),
        body("1525000002", "锡林郭勒盟交通运输局", "ORGAN", 2, "152500"),
        body("1525270001", "太仆寺旗人民政府", "GOVERNMENT", 3, "152527"),
        body("1525270002", "太仆寺旗综合行政执法局", "COMPREHENSIVE", 3, "152527"),
        body("1525270003", "执法一中队", "UNIT", 3, "152527", "1525270002"),
        body("1525270004", "市容服务中心", "ENTRUSTED", 3, "152527", "1525270002"),
        body("1525271005", "宝昌镇人民政府", "TOWNSHIP", 4, "152527100"),
        body("1525280001", "镶黄旗市场监督管理局", "ORGAN", 3, "152528"),
    ]
    Organisation.objects.bulk_create(made)
    return {one.code: one for one in made}


@pytest.fixture
def appoint(bodies: dict[str, Organisation]) -> Appoint:
    def make(login: str, organisation: str, *roles: str, name: str = "", since: date = DAY) -> Person:
        person = Person.objects.filter(login=login).first() or Person.objects.create_user(login, PASSWORD, name=name or f"人员{login}")
        Post.objects.create(person=person, organisation_id=organisation, roles=sorted(roles), since=since)
        return person

    return make


@pytest.fixture
def admin(appoint: Appoint) -> Person:
    """The system administrator of the banner's bureau."""
    return appoint("sys01", "1525270002", "admin_system")


@pytest.fixture
def root(appoint: Appoint) -> Person:
    """The system administrator of the region's government, who looks after every body in it."""
    return appoint("root01", "1500000001", "admin_system")


@pytest.fixture
def officer(appoint: Appoint) -> Person:
    return appoint("15250001", "1525270002", "officer", name="甲一")


@pytest.fixture
def by(root: Person) -> Actor:
    post = Post.objects.get(person=root)
    return Actor(
        str(root.pk), root.name, str(post.pk), "1500000001", "内蒙古自治区人民政府", "150000", "150000", frozenset({"admin_system"})
    )


@pytest.fixture
def enter() -> Callable[[Person], Client]:
    def make(person: Person) -> Client:
        client = Client()
        client.force_login(person)
        return client

    return make
