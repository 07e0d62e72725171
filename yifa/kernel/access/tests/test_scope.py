"""List ≡ detail: what a list shows is exactly what its rows' own pages would show, for random readers over random dossiers."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from yifa.kernel.access import queries
from yifa.kernel.access.models import Grant
from yifa.kernel.access.scope import Desk, Scope
from yifa.kernel.access.sql import EMPTY, Sql, array
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.models import HandOver, Organisation, Person, Region, Succession

TODAY = date(2026, 11, 22)
START = datetime(2026, 8, 1, tzinfo=UTC)
LEAGUES = ("990100", "990200")


@pytest.fixture
def land(db: None) -> list[Region]:
    """A province of two leagues with three banners each and three townships a banner."""
    regions = [Region(code="990000", name="试验省", level=1, league="990000")]
    for league in LEAGUES:
        regions.append(Region(code=league, name=league, parent_id="990000", level=2, league=league))
        for b in range(1, 4):
            banner = f"{league[:4]}{b:02d}"
            regions.append(Region(code=banner, name=banner, parent_id=league, level=3, league=league))
            regions += [Region(code=f"{banner}00{t}", name="镇", parent_id=banner, level=4, league=league) for t in range(1, 4)]
    Region.objects.bulk_create(regions)
    return regions


@pytest.fixture
def bodies(land: list[Region]) -> list[Organisation]:
    """In each league and banner two departments; a unit under one of them; the banners' first departments stand in the league's line."""
    made = []
    for region in land:
        if region.level in (2, 3):
            for n in (1, 2):
                line = f"{region.league}0001" if region.level == 3 and n == 1 else None
                made.append(
                    Organisation(
                        code=f"{region.code}{n:04d}",
                        name=f"{region.name}{n}局",
                        kind="ORGAN",
                        level=region.level,
                        region=region,
                        competent_department_id=line,
                    )
                )
            made.append(
                Organisation(
                    code=f"{region.code}0009", name="大队", kind="UNIT", level=region.level, region=region, parent_id=f"{region.code}0002"
                )
            )
    Organisation.objects.bulk_create(made)
    return made


@pytest.fixture
def people(bodies: list[Organisation]) -> list[Person]:
    return Person.objects.bulk_create([Person(login=f"T{n:05d}", name=f"甲{n}") for n in range(12)])


@pytest.fixture
def dossiers(land: list[Region], bodies: list[Organisation], people: list[Person]) -> dict[str, datetime]:
    """600 dossiers in the columns that scopes use; many opened at the same moment; the place is not always the body's own."""
    rng = random.Random(7)
    kept = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE dossiers_dossier (league varchar, code varchar, organisation_id varchar, region_id varchar,"
            " opened_at timestamptz, status varchar);"
            "CREATE TEMP TABLE dossiers_caserole (league varchar, dossier varchar, person_id uuid, role varchar, opened_at timestamptz)"
        )
        for n in range(600):
            body = rng.choice(bodies)
            league = body.region.league
            place = rng.choice([region.code for region in land if region.league == league])
            code = f"{body.code}-02-2026-{n:06d}-0"
            kept[code] = opened = START + timedelta(hours=rng.randrange(200))
            status = rng.choice(["open", "closed"])
            cursor.execute("INSERT INTO dossiers_dossier VALUES (%s, %s, %s, %s, %s, %s)", [league, code, body.code, place, opened, status])
            for person in rng.sample(people, 2):
                for role in ("officer", "reviewer")[: rng.randint(1, 2)]:
                    cursor.execute("INSERT INTO dossiers_caserole VALUES (%s, %s, %s, %s, %s)", [league, code, person.pk, role, opened])
        cursor.execute(
            "CREATE TEMP TABLE dossiers_newest AS SELECT DISTINCT ON (organisation_id) organisation_id, opened_at, code"
            " FROM dossiers_dossier ORDER BY organisation_id, opened_at DESC, code DESC"
        )
    return kept


def an_actor(person: Person, body: Organisation, *roles: str) -> Actor:
    return Actor(str(person.pk), person.name, "", body.code, body.name, body.region_id, body.region.league, frozenset(roles))


def govern(body: Organisation, *codes: str) -> None:
    body.territory.set(Region.objects.filter(code__in=codes))


def detail(scope: Scope, code: str) -> bool:
    """As a dossier's own page asks: the row by its code, if it may be read."""
    test = scope.cases("d")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM dossiers_dossier d WHERE d.code = %s AND {test.text}", [code, *test.params])
        return cursor.fetchone() is not None


def listed(scope: Scope, *, page: int, where: Sql = EMPTY) -> list[tuple[datetime, str]]:
    """As a list asks: page after page by the cursor."""
    found: list[tuple[datetime, str]] = []
    with connection.cursor() as cursor:
        while True:
            sql = scope.newest(limit=page, after=found[-1] if found else None, where=where)
            cursor.execute(sql.text, sql.params)
            rows = cursor.fetchall()
            found += rows
            if len(rows) < page:
                return found


def random_readers(bodies: list[Organisation], people: list[Person]) -> list[Actor]:
    rng = random.Random(11)
    roles = [("officer",), ("head", "reviewer"), ("supervisor",), ("assessor", "officer"), ("admin_system",), ("admin_audit",)]
    return [an_actor(rng.choice(people), rng.choice(bodies), *rng.choice(roles)) for _ in range(20)]


@pytest.fixture
def rights(bodies: list[Organisation], people: list[Person]) -> None:
    """Territories that overlap, successions, grants of every kind, some of them over, and hand-overs."""
    rng = random.Random(13)
    codes = [body.code for body in bodies]
    for body in rng.sample(bodies, 8):
        govern(body, *rng.sample(["990000", *LEAGUES, "990101", "990202", "990101002", "990203001"], 2))
    for giver, heir in zip(rng.sample(codes, 4), rng.sample(codes, 4), strict=True):
        if giver != heir:
            Succession.objects.create(predecessor_id=giver, successor_id=heir, kind="merger", on=TODAY, document="文")
    values = {"organisation": codes, "region": [*LEAGUES, "990102", "990201003"], "dossier": []}
    for n, person in enumerate(people):
        kind = ("organisation", "region")[n % 2]
        holder = {"person": person} if n % 3 else {"organisation": rng.choice(bodies)}
        until = TODAY + timedelta(days=rng.choice([-1, 0, 30]))
        Grant.objects.create(
            **holder, kind=kind, value=rng.choice(values[kind]), reason="查", given_by=person, given_at=timezone.now(), until=until
        )
        other = rng.choice([one for one in people if one != person])
        HandOver.objects.create(giver=other, taker=person, organisation=rng.choice(bodies), on=TODAY - timedelta(days=1))


@pytest.mark.usefixtures("rights")
def test_a_list_shows_what_the_details_show(bodies: list[Organisation], people: list[Person], dossiers: dict[str, datetime]) -> None:
    seen = set()
    for n, reader in enumerate(random_readers(bodies, people)):
        scope = queries.scope(reader, today=TODAY)
        allowed = sorted(((opened, code) for code, opened in dossiers.items() if detail(scope, code)), reverse=True)
        assert listed(scope, page=(7, 50, 1000)[n % 3]) == allowed, reader
        seen.add(len(allowed))
    assert 0 in seen
    assert len(seen) > 5


@pytest.mark.usefixtures("rights")
def test_a_filter_keeps_what_fits_and_nothing_else(bodies: list[Organisation], people: list[Person], dossiers: dict[str, datetime]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT code FROM dossiers_dossier WHERE status = 'open'")
        still_open = {code for (code,) in cursor.fetchall()}
    for reader in random_readers(bodies, people)[:8]:
        scope = queries.scope(reader, today=TODAY)
        allowed = {code for code in dossiers if code in still_open and detail(scope, code)}
        assert {code for _, code in listed(scope, page=9, where=Sql("d.status = %s", ("open",)))} == allowed


def codes_of(scope: Scope) -> set[str]:
    return {code for _, code in listed(scope, page=1000)}


def columns(codes: set[str], column: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT DISTINCT {column} FROM dossiers_dossier WHERE code = ANY(%s)", [list(codes)])
        return {value for (value,) in cursor.fetchall()}


def body(code: str) -> Organisation:
    return Organisation.objects.select_related("region").get(code=code)


@pytest.mark.usefixtures("dossiers")
def test_an_officer_reads_his_body_its_units_and_his_own_cases(people: list[Person]) -> None:
    scope = queries.scope(an_actor(people[0], body("9901010002"), "officer"), today=TODAY)
    assert scope.own == {"9901010002", "9901010009"}
    read = codes_of(scope)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT code FROM dossiers_dossier WHERE organisation_id IN ('9901010002', '9901010009')"
            " UNION SELECT dossier FROM dossiers_caserole WHERE person_id = %s",
            [people[0].pk],
        )
        assert read == {code for (code,) in cursor.fetchall()}


@pytest.mark.usefixtures("dossiers")
def test_a_department_oversees_its_line_but_an_officer_of_it_does_not(people: list[Person]) -> None:
    department = body("9901000001")
    line = {"9901000001", "9901010001", "9901020001", "9901030001"}
    assert set(queries.scope(an_actor(people[0], department, "supervisor"), today=TODAY).organisations) == line
    assert set(queries.scope(an_actor(people[0], department, "officer"), today=TODAY).organisations) == {"9901000001"}


@pytest.mark.usefixtures("dossiers")
def test_a_zone_reads_its_townships_across_two_counties(people: list[Person]) -> None:
    zone = Organisation.objects.create(code="9901000100", name="开发区管委会", kind="ADMINISTRATION", level=3, region_id="990100")
    govern(zone, "990101001", "990102003")
    scope = queries.scope(an_actor(people[0], body("9901000100"), "supervisor"), today=TODAY)
    assert columns(codes_of(replace(scope, desks=())), "region_id") == {"990101001", "990102003"}
    # The county goes on reading what lies in it as well: territories overlap.
    justice = body("9901010001")
    govern(justice, "990101")
    county = queries.scope(an_actor(people[1], justice, "supervisor"), today=TODAY)
    assert "990101001" in columns(codes_of(replace(county, desks=(), organisations=())), "region_id")


@pytest.mark.usefixtures("dossiers")
def test_a_successor_reads_the_old_dossiers_from_the_day_on(people: list[Person]) -> None:
    Succession.objects.create(predecessor_id="9902020001", successor_id="9902020002", kind="merger", on=TODAY, document="文")
    Succession.objects.create(predecessor_id="9902030001", successor_id="9902020001", kind="split", on=TODAY, document="文")
    Succession.objects.create(
        predecessor_id="9902030002", successor_id="9902020002", kind="transfer", on=TODAY, document="文", carries_dossiers=False
    )
    heir = an_actor(people[0], body("9902020002"), "head")
    assert set(queries.scope(heir, today=TODAY).organisations) == {"9902020002", "9902020009", "9902020001", "9902030001"}
    assert set(queries.scope(heir, today=TODAY - timedelta(days=1)).organisations) == {"9902020002", "9902020009"}


@pytest.mark.usefixtures("dossiers")
def test_a_colleague_reads_handed_over_cases_of_that_body_only(people: list[Person]) -> None:
    HandOver.objects.create(giver=people[3], taker=people[4], organisation_id="9901010002", on=TODAY - timedelta(days=1))
    scope = queries.scope(an_actor(people[4], body("9901010002"), "officer"), today=TODAY)
    assert Desk(str(people[3].pk), "9901010002") in scope.desks
    elsewhere = queries.scope(an_actor(people[4], body("9902010002"), "officer"), today=TODAY)
    assert elsewhere.desks == (Desk(str(people[4].pk)),)


@pytest.mark.usefixtures("dossiers")
def test_grants_open_one_dossier_and_end_with_their_term(people: list[Person], dossiers: dict[str, datetime]) -> None:
    guest = Person.objects.create(login="GUEST001", name="检察官")
    court = Organisation.objects.create(code="9901000200", name="检察院", kind="ORGAN", level=2, region_id="990100")
    wanted = sorted(dossiers)[5]
    Grant.objects.create(
        person=guest, kind="dossier", value=wanted, reason="非诉执行", given_by=people[0], given_at=timezone.now(), until=TODAY
    )
    guest_actor = an_actor(guest, court, "officer")
    assert codes_of(queries.scope(guest_actor, today=TODAY)) == {wanted}
    assert codes_of(queries.scope(guest_actor, today=TODAY + timedelta(days=1))) == set()
    Grant.objects.update(revoked_at=timezone.now())
    assert codes_of(queries.scope(guest_actor, today=TODAY)) == set()


@pytest.mark.usefixtures("dossiers")
@pytest.mark.parametrize("role", ["admin_system", "admin_security", "admin_audit"])
def test_administrators_read_no_dossiers(people: list[Person], role: str) -> None:
    assert codes_of(queries.scope(an_actor(people[0], body("9901000001"), role), today=TODAY)) == set()


def test_rights_are_read_in_one_statement(
    people: list[Person], django_assert_num_queries: Callable[[int], AbstractContextManager[object]]
) -> None:
    reader = an_actor(people[0], body("9901000001"), "supervisor")
    with django_assert_num_queries(1):
        queries.scope(reader, today=TODAY)


def test_bodies_are_listed_by_the_same_rights(people: list[Person]) -> None:
    justice = body("9901000002")
    govern(justice, "990102", "990200")
    test = queries.scope(an_actor(people[0], justice, "supervisor"), today=TODAY).bodies("o")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT o.code FROM people_organisation o WHERE {test.text}", test.params)
        found = {code for (code,) in cursor.fetchall()}
    assert found == {code for code in found if code.startswith(("990102", "9902"))} | {"9901000002", "9901000009"}
    assert "9901020001" in found
    assert "9902030009" in found


@pytest.mark.parametrize(
    ("scope", "ground"),
    [
        (Scope(own=frozenset({"9901010001"}), organisations=("9901010001",), dossiers=("C",)), "own"),
        (Scope(organisations=("9901010001",)), "grant"),
        (Scope(dossiers=("C",)), "grant"),
        (Scope(banners=("990101",)), "grant"),
        (Scope(banners=("990101",), governed=("990101",)), "territory"),
        (Scope(leagues=("990100",), governed=("990000",)), "territory"),
        (Scope(regions=("990101001",), governed=("990101001",)), "territory"),
        (Scope(regions=("990101002",), governed=("990101002",)), "role"),
        (Scope(desks=(Desk("p"),)), "role"),
    ],
)
def test_the_log_is_told_by_which_right_a_case_is_read(scope: Scope, ground: str) -> None:
    assert scope.ground(code="C", organisation="9901010001", region="990101001", league="990100") == ground


def test_codes_reach_the_database_as_they_are(db: None) -> None:
    codes = ["9901010001", "9901-02-2026-000001-X", 'a "b", {c}\\', "NULL", ""]
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::varchar[]", [array(codes)])
        assert cursor.fetchone()[0] == codes
