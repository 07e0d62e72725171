"""One predicate for the list, the case and the search; a constant number of statements; no counting."""

from __future__ import annotations

import random
import uuid
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from yifa.dossiers import personal, queries, services, store
from yifa.dossiers.catalogue import Paper, Place
from yifa.dossiers.models import CaseRole, Dossier, Evidence, Newest, Party
from yifa.dossiers.queries import Filters
from yifa.dossiers.tests import cast
from yifa.kernel.access.models import Grant
from yifa.kernel.access.queries import scope
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.models import Organisation, Person, Region

NUMBER = "11010519491231002X"


@pytest.fixture
def bodies(db: None) -> list[Organisation]:
    cast.regions()
    upper = cast.body("150202", 1)
    return [upper, cast.body("150202", 2, parent=upper), cast.body("150203", 1), cast.body("150102", 1), cast.body("150102", 2)]


def everything(actor: Actor, **kwargs: object) -> list[str]:
    """All pages of a list, one after the other."""
    codes: list[str] = []
    cursor = None
    while True:
        page = queries.cases(actor, cursor=cursor, limit=3, **kwargs)  # type: ignore[arg-type]  # passed on as they are
        codes += [row.code for row in page.rows]
        if page.next is None:
            return codes
        cursor = page.next


@pytest.mark.parametrize("seed", range(6))
def test_the_list_holds_exactly_the_cases_whose_detail_opens(bodies: list[Organisation], seed: int) -> None:
    rng = random.Random(seed)
    actors = [
        cast.officer(of, f"o{n}", *rng.choice([("officer",), ("head",), ("supervisor",), ("admin_system",)])) for n, of in enumerate(bodies)
    ]
    made = [cast.dossier(rng.choice(bodies), n, by=rng.choice([*actors, None])) for n in range(1, 25)]
    for actor in actors:
        if rng.random() < 0.6:
            kind, value = rng.choice(
                [
                    ("organisation", rng.choice(bodies).code),
                    ("region", rng.choice(["150203", "150100"])),
                    ("dossier", rng.choice(made).code),
                ]
            )
            Grant.objects.create(
                person_id=uuid.UUID(actor.person), kind=kind, value=value, reason="检查", given_by=Person.objects.get(login="o0"),
                given_at=timezone.now(), until=timezone.localdate() + timedelta(days=rng.choice([-1, 30])),
            )  # fmt: skip
    for actor in actors:
        listed = everything(actor)
        assert len(listed) == len(set(listed))
        assert (
            set(listed) == {d.code for d in made if queries.case(actor, d.code)} == {d.code for d in made if queries.may_see(actor, d.code)}
        )
        newest = sorted((d for d in made if d.code in set(listed)), key=lambda d: (d.opened_at, d.code), reverse=True)
        assert listed == [d.code for d in newest]
        found = everything(actor, filters=Filters(query="张三丰"))
        assert found == []


@pytest.mark.parametrize("seed", range(4))
def test_the_newest_of_each_body_is_kept_in_whatever_order_they_come_in(bodies: list[Organisation], seed: int) -> None:
    """A late entry (补录) is older than what is there; two may be of one moment, then the code decides as in the list."""
    rng = random.Random(seed)
    for n in rng.sample(range(1, 40), 30):
        cast.dossier(rng.choice(bodies[:-1]), n, opened_at=cast.DAY + timedelta(minutes=n // 3))
    kept = {of: (opened, code) for of, opened, code in Newest.objects.values_list("organisation_id", "opened_at", "code")}
    made: dict[str, list[tuple[datetime, str]]] = {}
    for of, opened, code in Dossier.objects.values_list("organisation_id", "opened_at", "code"):
        made.setdefault(of, []).append((opened, code))
    assert kept == {of: max(rows) for of, rows in made.items()}


@pytest.mark.parametrize("seed", range(4))
def test_a_list_over_more_bodies_than_rows_leaves_nothing_out(db: None, seed: int) -> None:
    rng = random.Random(seed)
    cast.regions()
    upper = cast.body("150202", 1)
    line = [upper, *(cast.body("150202", n, parent=upper) for n in range(2, 12))]
    head = cast.officer(upper, "h", "head")
    made = [cast.dossier(rng.choice(line[: rng.randint(1, 11)]), n, opened_at=cast.DAY + timedelta(minutes=n // 2)) for n in range(1, 40)]
    newest = [d.code for d in sorted(made, key=lambda d: (d.opened_at, d.code), reverse=True)]
    assert [row.code for row in queries.cases(head, limit=3).rows] == newest[:3]
    assert everything(head) == newest


def test_a_list_is_two_statements_and_counts_nothing(bodies: list[Organisation]) -> None:
    seen = []
    for n, of in enumerate(bodies):
        actor = cast.officer(of, f"o{n}")
        for k in range(n * 5):
            cast.dossier(of, k + 1, by=actor)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            queries.cases(actor)
        seen.append(len(captured))
        assert not any("count(" in query["sql"].lower() for query in captured)
    assert seen == [2] * len(bodies)


def test_filters_and_pages_go_together(bodies: list[Organisation]) -> None:
    actor = cast.officer(bodies[0], "o")
    for n in range(1, 11):
        closed = cast.DAY + timedelta(days=1) if n % 2 else None
        cast.dossier(bodies[0], n, status="closed" if closed else "informed", closed_at=closed, sector="水利" if n > 5 else "消防")
    everyone = everything(actor)
    assert len(everyone) == 10
    assert len(everything(actor, filters=Filters(open=True))) == 5
    assert len(everything(actor, filters=Filters(status="closed", sector="水利"))) == 2
    assert everything(actor, filters=Filters(opened_before=cast.DAY + timedelta(minutes=4))) == everyone[-3:]
    assert everything(actor, filters=Filters(opened_from=cast.DAY + timedelta(minutes=9))) == everyone[:2]


@pytest.mark.parametrize("cursor", ["x", "////", "MjAyNg==", "MjAyNi0xMS0wMlQwMjowMDowMCB4", "é"])
def test_a_cursor_of_another_list_is_an_error(bodies: list[Organisation], cursor: str) -> None:
    with pytest.raises(queries.CursorError):
        queries.cases(cast.officer(bodies[0], "o"), cursor=cursor)


def test_search_finds_by_number_name_and_code_under_the_readers_rights(bodies: list[Organisation]) -> None:
    here, elsewhere = cast.officer(bodies[0], "here"), cast.officer(bodies[3], "elsewhere")
    case = cast.dossier(bodies[0], 1, number="包东城管当罚〔2026〕18号")
    cast.dossier(bodies[0], 2, number="包东城管当罚〔2026〕180号")
    cast.party(case, "张三_丰", NUMBER)
    for query in (
        case.code,
        case.code.lower(),
        "包东城管当罚〔2026〕18号",
        "包东城管当罚[2026]18号",
        "张三",
        "张三_",
        NUMBER,
        NUMBER.lower(),
        f" {NUMBER} ",
    ):
        assert everything(here, filters=Filters(query=query)) == [case.code], query
        assert everything(elsewhere, filters=Filters(query=query)) == []
    for query in ("张", "李四", "张%", "%", "__", "110105194912310021", "1502020001-02-2026-000009-7", "'; DROP TABLE dossiers_party; --"):
        assert everything(here, filters=Filters(query=query)) == [], query
    assert len(everything(here, filters=Filters(query="包东城管"))) == 2
    assert queries.same_party(NUMBER) == (case.code,)


def test_no_role_in_a_case_that_does_not_exist(bodies: list[Organisation]) -> None:
    person = Person.objects.create_user("x", name="x")
    with pytest.raises(IntegrityError), transaction.atomic():
        CaseRole.objects.create(league="150200", dossier="none", person=person, role="officer", opened_at=cast.DAY)


def evidence(case: Dossier, actor: Actor, seq: int | None, content: bytes) -> Evidence:
    kept = store.put(content)
    return Evidence.objects.create(
        league=case.league, id=uuid.uuid4(), dossier=case.code, step="inform", seq=seq, title="现场.jpg", kind="photo", sha256=kept.sha256,
        size=kept.size, mime="image/jpeg", facts={"pages": 1}, uploaded_at=cast.DAY, uploaded_by_id=uuid.UUID(actor.person),
    )  # fmt: skip


def test_evidence_opens_with_its_case_and_unnamed_evidence_for_its_sender_only(bodies: list[Organisation]) -> None:
    here, colleague, elsewhere = cast.officer(bodies[0], "a"), cast.officer(bodies[0], "b"), cast.officer(bodies[3], "c")
    case = cast.dossier(bodies[0], 1)
    bound, unbound = evidence(case, here, 3, b"bound"), evidence(case, here, None, b"unbound")
    assert [bool(queries.one_evidence(who, bound.id)) for who in (here, colleague, elsewhere)] == [True, True, False]
    assert [bool(queries.one_evidence(who, unbound.id)) for who in (here, colleague, elsewhere)] == [True, False, False]
    assert queries.evidence(colleague, case.code) == (bound,)
    assert queries.evidence(elsewhere, case.code) == ()
    assert queries.waiting(here, dossier=case.code) == (unbound,)
    assert queries.waiting(here, ids=[bound.id, unbound.id]) == (unbound,)
    assert queries.waiting(colleague) == ()


def test_the_catalogue_holds_evidence_and_the_documents_handed_in(bodies: list[Organisation]) -> None:
    here, elsewhere = cast.officer(bodies[0], "a"), cast.officer(bodies[3], "c")
    case = cast.dossier(bodies[0], 1)
    evidence(case, here, 3, b"photo")
    evidence(case, here, None, b"not named yet")

    def papers(actor: Actor, code: str) -> list[Paper]:
        return [Paper(key="d", title="当场行政处罚决定书", place=Place.DECISION, at=cast.DAY, pages=2)]

    volumes = queries.catalogue(here, case.code, papers=papers)
    assert volumes is not None
    assert [(line.paper.title, line.span) for line in volumes[0].lines] == [("当场行政处罚决定书", "1-2"), ("现场.jpg", "3")]
    assert queries.catalogue(elsewhere, case.code, papers=papers) is None


def test_erasing_a_party_clears_names_hashes_and_files_but_not_a_file_another_case_uses(bodies: list[Organisation]) -> None:
    here = cast.officer(bodies[0], "a")
    case, other = cast.dossier(bodies[0], 1), cast.dossier(bodies[0], 2)
    cast.party(case, "张三", NUMBER)
    alone, shared = evidence(case, here, 3, b"only here"), evidence(case, here, 4, b"in two cases")
    evidence(other, here, 2, b"in two cases")
    with transaction.atomic():
        gone = services.erase_party(league=case.league, dossier=case.code, at=timezone.now())
    assert gone == (alone.sha256,)
    assert shared.sha256 not in gone
    left = Party.objects.get(dossier=case.code)
    assert (left.name, left.identity_number, left.identity_hash, left.phone) == ("（已依法清除）", "", "", "")
    assert queries.same_party(NUMBER) == ()
    assert everything(here, filters=Filters(query="张三")) == []
    assert personal.identity_hash("") == ""


def test_the_scope_is_read_once_when_the_caller_has_it(bodies: list[Organisation]) -> None:
    actor = cast.officer(bodies[0], "a")
    rights = scope(actor)
    with CaptureQueriesContext(connection) as captured:
        queries.cases(actor, within=rights)
    assert len(captured) == 1


@pytest.mark.parametrize("limit", [1, 2, 5, 50])
def test_a_reader_of_many_bodies_sees_the_same_list_on_pages_of_any_size(bodies: list[Organisation], limit: int) -> None:
    """More bodies than rows on a page: the list looks at each body first and reads on only in those that count."""
    rng = random.Random(limit)
    many = [cast.body("150203", n) for n in range(2, 12)]
    actor = cast.officer(bodies[0], "o0")
    for of in many[:-1]:
        Grant.objects.create(
            person_id=uuid.UUID(actor.person), kind="organisation", value=of.code, reason="检查", given_by=Person.objects.get(login="o0"),
            given_at=timezone.now(), until=timezone.localdate(),
        )  # fmt: skip
    made = [cast.dossier(rng.choice(many), n, status=rng.choice(["informed", "decided"])) for n in range(1, 41)]
    # Several opened at one moment: the cursor must not lose any of them.
    Dossier.objects.filter(code__in=[d.code for d in made[5:20]]).update(opened_at=cast.DAY)
    visible = Dossier.objects.filter(organisation__in=many[:-1]).order_by("-opened_at", "-code")
    for filters, wanted in ((Filters(), visible), (Filters(status="decided"), visible.filter(status="decided"))):
        codes: list[str] = []
        cursor = None
        while True:
            page = queries.cases(actor, cursor=cursor, limit=limit, filters=filters)
            codes += [row.code for row in page.rows]
            cursor = page.next
            if cursor is None:
                break
        assert codes == list(wanted.values_list("code", flat=True))


def test_a_banner_is_read_with_its_townships_and_a_part_of_it_alone(bodies: list[Organisation]) -> None:
    for code in ("150203001", "150203002"):
        Region.objects.create(code=code, name=code, parent_id="150203", level=4, league="150200")
    places = ("150203", "150203001", "150203002", "150202", "150102")
    made = {place: cast.dossier(bodies[3], n, region_id=place).code for n, place in enumerate(places, 1)}
    for of, territory, banners, mine in (
        (bodies[2], "150203", ("150203",), {"150203", "150203001", "150203002"}),
        (bodies[1], "150203002", (), {"150203002"}),
    ):
        of.territory.set(Region.objects.filter(code=territory))
        overseer = cast.officer(of, f"s{territory}", "supervisor")
        assert scope(overseer).banners == banners
        assert set(everything(overseer)) == {made[place] for place in mine}
        assert {place for place, code in made.items() if queries.may_see(overseer, code)} == mine
