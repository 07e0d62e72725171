"""The interface for decisions: list ≡ one matter ≡ rights, pages without gaps, scores down to the entries, findings sent once."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from yifa.decisions import judging
from yifa.decisions.models import CatalogueItem, Judgment, Standing
from yifa.decisions.template_set import shown
from yifa.decisions.tests import world as w
from yifa.dossiers import queries as dossiers
from yifa.kernel.ledger.models import Entry
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.models import Organisation, Person, Region
from yifa.procedures.reading import Ref

pytestmark = pytest.mark.usefixtures("own_db")


class Caller:
    def __init__(self, actor: Actor | None) -> None:
        self.client = Client()
        if actor:
            self.client.force_login(Person.objects.get(pk=actor.person), backend="django.contrib.auth.backends.ModelBackend")

    def get(self, path: str = "", **query: Any) -> Any:
        return self.client.get(f"/api/v1/decisions{path}", query)

    def post(self, path: str, body: Any, key: UUID | None = None) -> Any:
        return self.client.post(
            f"/api/v1/decisions{path}", body, content_type="application/json", headers={"Idempotency-Key": str(key or uuid4())}
        )

    def codes(self, **query: Any) -> list[str]:
        found, cursor = list[str](), ""
        while True:
            answer = self.get(cursor=cursor, **query)
            assert answer.status_code == 200, answer.content.decode()
            found += [each["code"] for each in answer.json()["items"]]
            cursor = answer.json()["next"] or ""
            if not cursor:
                return found


def overseen() -> w.World:
    """The small world in which the justice bureau oversees its district."""
    world = w.build()
    Organisation.objects.get(code=world.supervisor.organisation).territory.add(Region.objects.get(code="150203"))
    return world


def checks(told: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {check["code"]: check for point in told["points"] for template in point["templates"] for check in template["checks"]}


def test_whoever_lists_a_matter_opens_it_and_nobody_else() -> None:
    world = w.build()
    refs = [w.propose(world, title=f"样本方案{n}") for n in range(3)]
    league = Region.objects.get(code="150200")
    upper = w.body("1502000009", "包头市样本司法局", "包司", league, sector="司法行政")
    upper.territory.add(league)
    bodies = [upper, *Organisation.objects.filter(code__in=["1502030001", "1502030009", "1502030011", "1502030021"])]
    chance = random.Random(4)
    roles = ("officer", "head", "reviewer", "discloser", "supervisor", "assessor", "finance", "admin_system")
    seeing = 0
    for n in range(16):
        actor = w.person(f"某样本{n}", chance.choice(bodies), chance.sample(roles, chance.randrange(1, 3)))
        caller = Caller(actor)
        if not actor.has("officer", "head", "reviewer", "discloser", "supervisor", "assessor"):
            assert {caller.get().status_code, caller.get(f"/{refs[0].code}").status_code} == {403}
            continue
        opened = {ref.code for ref in refs if caller.get(f"/{ref.code}").status_code == 200}
        assert set(caller.codes()) == opened == {ref.code for ref in refs if dossiers.may_see(actor, ref.code)}
        seeing += bool(opened)
    assert 0 < seeing < 16
    assert Caller(None).get().status_code == 401


def test_pages_of_the_list_leave_nothing_out_and_filters_narrow_it() -> None:
    world = overseen()
    refs = [w.propose(world, title=f"样本方案{n}", category="plan" if n % 2 else "project") for n in range(7)]
    caller, newest = Caller(world.supervisor), [ref.code for ref in reversed(refs)]
    assert caller.codes(limit=2) == newest
    assert caller.codes(category="plan") == newest[1::2]
    assert caller.codes(q="方案3") == [refs[3].code]
    assert caller.codes(q="%") == []
    assert caller.codes(region="150203") == newest
    assert caller.codes(region="150200") == newest
    assert caller.codes(region="150700") == []
    assert caller.codes(year=w.today().year) == newest
    assert caller.codes(year=w.today().year - 1) == []
    assert caller.codes(organisation=world.drafter.organisation, state="open") == newest
    assert caller.codes(state="closed") == []
    assert caller.get(cursor="x").json()["invalid_params"][0]["name"] == "cursor"
    assert caller.get(lamp="blue").status_code == 422


def test_a_longer_list_takes_no_more_statements() -> None:
    world = overseen()
    caller = Caller(world.supervisor)

    def statements() -> int:
        with CaptureQueriesContext(connection) as found:
            caller.get()
        return len(found)

    w.propose(world)
    caller.get()
    few = statements()
    for n in range(5):
        w.propose(world, title=f"样本方案{n}")
    caller.get()
    assert statements() == few


def test_lamps_of_the_list_are_those_of_the_matter_after_every_act() -> None:
    world = overseen()
    ref = w.begun(world)
    caller = Caller(world.supervisor)
    acts: tuple[Callable[[w.World, Ref], object], ...] = (lambda *_: None, w.exempted, w.heard, w.reviewed)
    for act in acts:
        act(world, ref)
        (line,) = caller.get().json()["items"]
        one = caller.get(f"/{ref.code}").json()
        assert [each["colour"] for each in line["lamps"]] == [each["colour"] for each in one["points"]]
        assert (line["score"], line["missing"]) == (one["score"], len(one["missing"]))
    red = {lamp["code"] for lamp in line["lamps"] if lamp["colour"] == "green"}
    assert caller.codes(point=min(red), lamp="green") == [ref.code]
    assert caller.codes(point=min(red)) == []


def test_a_score_opens_down_to_its_entries_and_says_who_owes_what_is_missing() -> None:
    world = w.build()
    ref = w.carried_to_the_end(world)
    caller = Caller(world.reviewer)
    told = caller.get(f"/{ref.code}").json()
    score = judging.score_of(ref.code)
    assert score is not None
    assert score.total is not None
    assert told["score"] == shown(score.total)
    assert [point["code"] for point in told["points"]] == [f"S{n}" for n in range(1, 8)]
    found = checks(told)
    assert len(found) == 65
    entry = found["T21.1"]["entries"][0]
    assert Entry.objects.get(chain=ref.code, seq=entry["seq"]).step == "deliberate"
    assert entry["url"] == f"/desk/cases/{ref.code}/#entry-{entry['seq']}"
    assert found["T21.1"]["inputs"]
    assert {each["check"] for each in told["missing"]} == {line.item.code for line in score.missing}
    assert all(each["owed_by"] in ("承办单位", "决策机关", "负责合法性审查的部门") for each in told["missing"])
    assert caller.get("/1502030011-31-2026-000001-0").status_code == 404


def test_a_finding_is_recorded_once_however_often_it_is_sent() -> None:
    world = w.build()
    ref = w.carried_to_the_end(world)
    caller, key = Caller(world.reviewer), uuid4()
    check = checks(caller.get(f"/{ref.code}").json())["T18.3"]
    finding = {"check": "T18.3", "points": "0.50", "seen": check["proposed"], "after": check["confirmation"], "reason": "没有附法律意见"}
    first, again = (caller.post(f"/{ref.code}/confirmations", finding, key) for _ in range(2))
    assert (first.status_code, first.json()) == (200, again.json())
    assert Judgment.objects.count() == 1
    reused = caller.post(f"/{ref.code}/confirmations", finding | {"points": "0.25"}, key)
    assert (reused.status_code, reused.json()["code"]) == (422, "key_reused")
    stale = caller.post(f"/{ref.code}/confirmations", finding)
    assert (stale.json()["code"], "已经于" in stale.json()["blocked_by"][0]["text"]) == ("refused", True)
    assert checks(caller.get(f"/{ref.code}").json())["T18.3"]["got"] == "0.50"
    assert caller.post(f"/{ref.code}/confirmations", finding | {"points": "half"}).status_code == 422
    assert Standing.objects.get(dossier=ref.code).seq == 0


def test_only_a_reviewer_of_a_justice_department_judges() -> None:
    world = w.build()
    ref = w.carried_to_the_end(world)
    finding = {"check": "T18.3", "points": "0.50", "seen": "1.00", "after": 0, "reason": "没有附法律意见"}
    for actor, status in ((world.drafter, 403), (world.supervisor, 403), (world.stranger, 404), (None, 401)):
        caller = Caller(actor)
        assert {caller.post(f"/{ref.code}/{what}", body).status_code for what, body in (("confirmations", finding), ("closing", {}))} == {
            status
        }
    assert not Judgment.objects.exists()


def test_the_closing_score_is_confirmed_through_the_interface() -> None:
    world = w.build()
    ref = w.carried_to_the_end(world)
    caller, key = Caller(world.reviewer), uuid4()
    early = caller.post(f"/{ref.code}/closing", {})
    assert (early.status_code, early.json()["code"]) == (422, "refused")
    while waiting := [each for each in checks(caller.get(f"/{ref.code}").json()).values() if each["awaits"]]:
        for each in waiting:
            sent = {"check": each["code"], "points": each["proposed"], "seen": each["proposed"], "after": each["confirmation"]}
            assert caller.post(f"/{ref.code}/confirmations", sent).status_code == 200
    done = [caller.post(f"/{ref.code}/closing", {}, key).json() for _ in range(2)]
    assert done[0] == done[1] == caller.get(f"/{ref.code}").json()["closing"]
    assert caller.post(f"/{ref.code}/closing", {}).json()["code"] == "refused"


def test_the_catalogue_is_public_and_shows_only_what_is_published() -> None:
    world = w.build()
    item = w.listed(world)
    w.listed(world, "不公开的事项")
    CatalogueItem.objects.filter(title="不公开的事项").update(is_open=False)
    caller = Caller(None)
    told = caller.get("/catalogue", region="150200", year=w.today().year).json()
    assert [(each["title"], each["where"], each["url"]) for each in told["items"]] == [(item.title, "尚未启动", f"/decisions/{item.id}/")]
    assert caller.get("/catalogue", year=w.today().year - 1).json() == {"items": [], "next": None}
    for n in range(55):
        w.listed(world, f"样本事项{n:02d}")
    first = caller.get("/catalogue").json()
    rest = caller.get("/catalogue", cursor=first["next"]).json()
    assert len({each["id"] for each in first["items"] + rest["items"]}) == 56
    assert rest["next"] is None
    assert caller.get("/catalogue", cursor="~").status_code == 422
    assert timezone.localdate().isoformat() >= told["items"][0]["published_on"]
