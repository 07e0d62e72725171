"""The interface: acts, refusals, conflicts, pages of lists and figures, through the front door and a session."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from yifa.dossiers.models import Dossier
from yifa.enforcement.tests import world as w
from yifa.enforcement.tests.walk import ANSWERS
from yifa.facts import queries as facts
from yifa.facts.queries import Sum, Where
from yifa.facts.tests.following import follow_all
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.models import Person, Post
from yifa.procedures.models import Refusal, Turn
from yifa.site.contexts import CONTEXTS

UNTIL_DELIVERED = ("establish", "order_correction", "inform", "hear", "decide", "deliver")
PROBLEM = "application/problem+json"


class Caller:
    """A program with somebody's session."""

    def __init__(self, actor: Actor | None, *, strict: bool = False) -> None:
        self.client = Client(enforce_csrf_checks=strict)
        if actor:
            self.client.force_login(Person.objects.get(pk=actor.person), backend="django.contrib.auth.backends.ModelBackend")
            session = self.client.session
            session["people.post"], session["people.factor"] = actor.post, True
            session.save()

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(f"/api/v1{path}", query)

    def post(self, path: str, body: Any, *, key: UUID | None = None, match: str = "") -> Any:
        headers = {"Idempotency-Key": str(key or uuid4())} | ({"If-Match": match} if match else {})
        return self.client.post(f"/api/v1{path}", body, content_type="application/json", headers=headers)

    def do(self, code: str, step: str, facts: dict[str, Any], *, key: UUID | None = None, match: str = "", **more: Any) -> Any:
        return self.post(f"/cases/{code}/steps/{step}", {"facts": facts, **more}, key=key, match=match)


def told(answer: Any, status: int, code: str) -> dict[str, Any]:
    """The problem in an answer."""
    assert answer.status_code == status, answer.content.decode()
    assert answer["Content-Type"] == PROBLEM
    found: dict[str, Any] = answer.json()
    assert (found["status"], found["code"], found["type"]) == (status, code, f"/api/v1/problems#{code}")
    return found


def somebody(n: int) -> dict[str, str]:
    """A party of its own for each case: the same act is not fined twice."""
    body = f"1101011990010{1000 + n}"[:17]
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    check = "10X98765432"[sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True)) % 11]
    return {"name": f"张样本{n}", "identity_kind": "id", "identity_number": body + check}


def entries() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ledger_entry WHERE chain IN (SELECT code FROM dossiers_dossier)")
        return int(cursor.fetchone()[0])


def test_a_penalty_from_the_badge_to_the_filing(own_db: Any) -> None:
    world = w.build()
    caller = Caller(world.li)
    opened = caller.post("/procedures/summary_penalty/start", {"facts": w.answers(world, "show_badge")})
    assert opened.status_code == 201, opened.content.decode()
    code, seq = opened.json()["code"], opened.json()["seq"]
    for name in (*UNTIL_DELIVERED, "file"):
        files = [str(w.photo(world.li))] if name == "establish" else []
        taken = caller.do(code, name, w.answers(world, name), files=files, seen_seq=seq)
        assert taken.status_code == 201, taken.content.decode()
        seq = taken.json()["seq"]
        assert taken["ETag"] == f'"{seq}"'
    case = caller.get(f"/cases/{code}").json()
    assert [each["step"] for each in case["entries"]] == ["show_badge", *UNTIL_DELIVERED, "file"]
    assert case["number"].startswith("包昆农当罚")
    assert {each["form"] for each in case["documents"]} >= {"summary_decision"} or len(case["documents"]) == 3
    assert len(case["evidence"]) == 1
    assert all(each["derivation"] for each in case["obligations"])
    assert "张样本" not in str(case["facts"])
    receipt = caller.get(f"/cases/{code}/receipt")
    assert receipt.status_code == 200
    assert receipt.json()


def test_a_refusal_names_every_rule_with_its_article_and_changes_nothing(own_db: Any) -> None:
    world = w.build()
    ref = w.walk(world, "establish", "order_correction")
    before = entries()
    problem = told(Caller(world.li).do(ref.code, "inform", w.answers(world, "inform", proposed_fine="201"), seen_seq=3), 422, "refused")
    ceiling = next(each for each in problem["blocked_by"] if each["code"] == "C44")
    assert "二百元以下" in ceiling["text"]
    assert any(cite["label"] == "《行政处罚法》第五十一条" and cite["url"].startswith("/laws/") for cite in ceiling["cites"])
    assert set(ceiling) == {"code", "text", "cites", "unblock", "severity", "field"}
    assert entries() == before
    assert Refusal.objects.filter(dossier=ref.code, step="inform").count() == 1


def test_a_wrong_answer_is_named_by_its_field(own_db: Any) -> None:
    world = w.build()
    ref = w.begin(world).ref
    problem = told(Caller(world.li).do(ref.code, "establish", {"party_kind": "stone", "colour": "red"}, seen_seq=1), 422, "refused")
    assert {"facts.party_kind", "facts.colour"} <= {each["name"] for each in problem["invalid_params"]}


def test_the_same_act_sent_twice_is_one_entry(own_db: Any) -> None:
    world = w.build()
    caller, key = Caller(world.li), uuid4()
    body = {"facts": w.answers(world, "show_badge")}
    first = caller.post("/procedures/summary_penalty/start", body, key=key)
    second = caller.post("/procedures/summary_penalty/start", body, key=key)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == {**second.json(), "again": False}
    code, key = first.json()["code"], uuid4()
    files = [str(w.photo(world.li))]
    answers = [caller.do(code, "establish", w.answers(world, "establish"), key=key, files=files, seen_seq=1) for _ in range(2)]
    assert [each.status_code for each in answers] == [201, 200]
    assert answers[0].json()["hash"] == answers[1].json()["hash"]
    assert entries() == 2
    told(caller.do(code, "order_correction", w.answers(world, "order_correction"), key=key, seen_seq=2), 422, "key_reused")
    assert entries() == 2


def test_who_acts_on_an_old_page_is_told_what_changed(own_db: Any) -> None:
    world = w.build()
    ref = w.begin(world).ref
    li, wang = Caller(world.li), Caller(world.wang)
    etag = wang.get(f"/cases/{ref.code}")["ETag"]
    assert etag == '"1"'
    assert li.do(ref.code, "establish", w.answers(world, "establish"), files=[str(w.photo(world.li))], match=etag).status_code == 201
    problem = told(wang.do(ref.code, "establish", w.answers(world, "establish"), match=etag), 409, "changed")
    assert problem["seq"] == 2
    assert [(each["seq"], each["step"], each["by"]) for each in problem["changed"]] == [(2, "establish", "李样本")]
    told(wang.do(ref.code, "hear", {}, match='W/"2"'), 412, "precondition")
    told(wang.do(ref.code, "hear", {}), 428, "unconditional")
    assert entries() == 2


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ("{", 400, "malformed"),
        ('{"facts": {"place": NaN}}', 400, "malformed"),
        ('{"facts": {"place": "\\ud800"}}', 400, "malformed"),
        ('{"facts": {"place": "\\u0000"}}', 400, "malformed"),
        ('{"facts": ' + "[" * 900 + "]" * 900 + "}", 400, "malformed"),
        ('{"facts": {"place": 99999999999999999999999}}', 400, "malformed"),
        ("[]", 422, "invalid"),
        ('{"colour": "red"}', 422, "invalid"),
        ('{"files": ["x"]}', 422, "invalid"),
        ('{"at": "0001-01-01T00:00:00+08:00"}', 422, "invalid"),
        ('{"at": "2026-03-02T10:00:00"}', 422, "invalid"),
        ('{"at": 1}', 422, "invalid"),
        ("{}" + " " * settings.DATA_UPLOAD_MAX_MEMORY_SIZE, 413, "too_large"),
    ],
)
def test_a_body_that_is_none_is_a_problem_not_a_fault(own_db: Any, body: str, status: int, code: str) -> None:
    told(Caller(w.build().li).post("/procedures/summary_penalty/start", body), status, code)


def test_nothing_below_the_interface_answers_with_a_page(own_db: Any) -> None:
    world = w.build()
    ref = w.begin(world).ref
    stranger, nobody, li = Caller(world.stranger), Caller(None), Caller(world.li)
    told(stranger.get(f"/cases/{ref.code}"), 404, "not_found")
    told(stranger.do(ref.code, "establish", {}, seen_seq=1), 404, "not_found")
    told(stranger.get(f"/cases/{ref.code}/receipt"), 404, "not_found")
    told(li.do(ref.code, "dance", {}, seen_seq=1), 404, "not_found")
    told(li.get("/procedures/dance"), 404, "not_found")
    told(li.get("/nowhere"), 404, "not_found")
    told(nobody.get("/cases"), 401, "unauthenticated")
    told(nobody.post("/procedures/summary_penalty/start", {}), 401, "unauthenticated")
    told(li.get("/figures"), 403, "forbidden")
    told(li.get("/cases", q="a\0b"), 400, "malformed")
    told(li.get("/cases", limit=201), 422, "invalid")
    told(li.get("/cases", cursor="x"), 422, "invalid")
    told(li.get("/due", cursor="x"), 422, "invalid")
    answer = li.client.delete("/api/v1/cases")
    told(answer, 405, "method")
    assert answer["Allow"] == "GET"
    told(Caller(world.li, strict=True).post("/procedures/summary_penalty/start", {}), 403, "forbidden")
    missing = li.client.post("/api/v1/procedures/summary_penalty/start", {}, content_type="application/json")
    assert [each["name"] for each in told(missing, 422, "invalid")["invalid_params"]] == ["Idempotency-Key"]


def test_a_session_long_unused_is_told_to_sign_in_again(own_db: Any) -> None:
    caller = Caller(w.build().li)
    session = caller.client.session
    session["people.seen"] = 1
    session.save()
    told(caller.get("/me"), 401, "unauthenticated")


def test_pages_of_cases_hold_under_insertion(own_db: Any) -> None:
    world = w.build()
    codes = [w.begin(world).ref.code for _ in range(5)]
    caller = Caller(world.li)
    page = caller.get("/cases", limit=2).json()
    seen = [each["code"] for each in page["items"]]
    w.begin(world)
    while page["next"]:
        page = caller.get("/cases", limit=2, cursor=page["next"]).json()
        seen += [each["code"] for each in page["items"]]
    assert seen == codes[::-1]
    assert [each["code"] for each in caller.get("/cases", q=codes[0]).json()["items"]] == [codes[0]]
    assert caller.get("/cases", open="false").json() == {"items": [], "next": None}
    assert Caller(world.stranger).get("/cases").json()["items"] == []


def test_pages_of_what_is_due_are_one_list(own_db: Any) -> None:
    world = w.build()
    for n in range(2):
        w.walk(world, *UNTIL_DELIVERED, party=somebody(n))
    caller = Caller(world.li)
    whole = caller.get("/due").json()["items"]
    assert len(whole) > 2
    assert whole == sorted(whole, key=lambda each: (each["due_on"], each["code"], each["step"]))
    seen, cursor = [], ""
    while cursor is not None:
        page = caller.get("/due", limit=1, cursor=cursor).json()
        seen += page["items"]
        cursor = page["next"]
    assert seen == whole
    soon = whole[0]["due_on"]
    assert caller.get("/due", until=soon).json()["items"] == [each for each in whole if each["due_on"] <= soon]


def test_what_waits_without_a_deadline_follows_the_deadlines_page_by_page(own_db: Any) -> None:
    world = w.build()
    ref = w.walk(world, *UNTIL_DELIVERED, party=somebody(0))
    moment = timezone.now().replace(microsecond=0)
    Turn.objects.all().delete()
    for n, (office, roles) in enumerate((("any", ["officer"]), ("any", ["head"]), ("any", ["officer", "head"]))):
        step = ("correct", "file", "close")[n]
        body = world.li.organisation
        Turn.objects.create(
            league=ref.league,
            dossier=ref.code,
            step=step,
            organisation_id=body,
            office=office,
            roles=roles,
            since=moment - timedelta(days=n),
        )
    caller = Caller(world.li)
    whole = caller.get("/due").json()["items"]
    kinds = [each["state"] == "turn" for each in whole]
    assert kinds == sorted(kinds)
    assert [(each["step"], each["due_on"], each["remaining"]) for each in whole if each["state"] == "turn"] == [
        ("close", None, "已等2日"),
        ("correct", None, "今天转来"),
    ]
    for size in (1, 2, len(whole) - 1, len(whole)):
        seen, cursor = [], ""
        while cursor is not None:
            page = caller.get("/due", limit=size, cursor=cursor).json()
            assert len(page["items"]) <= size
            seen += page["items"]
            cursor = page["next"]
        assert seen == whole
    assert not any(each["state"] == "turn" for each in caller.get("/due", until="2099-12-31").json()["items"])
    assert caller.get("/due").json()["items"][-1]["since"]
    assert Caller(world.stranger).get("/due").json()["items"] == []
    for cursor in ("turn\n2026-11-22\nx\ny", "turn\nx\ny\nz", "other\n2026-11-22\nx\ny"):
        told(caller.get("/due", cursor=base64.urlsafe_b64encode(cursor.encode()).decode()), 422, "invalid")


def test_lists_ask_the_database_as_often_for_many_as_for_few(own_db: Any) -> None:
    world = w.build()
    w.walk(world, *UNTIL_DELIVERED)
    caller = Caller(world.li)
    paths = ("/cases", "/due", "/items", "/procedures", "/cases?q=%E5%BC%A0%E6%A0%B7")

    def once(path: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert caller.client.get(f"/api/v1{path}").status_code == 200
        assert not any("count(" in each["sql"].lower() for each in captured.captured_queries)
        return len(captured)

    def count(path: str) -> int:
        """The lesser of two: a process asks every few seconds whether the calendar changed, and that question is not the list's."""
        return min(once(path), once(path))

    few = {path: count(path) for path in paths}
    for n in range(3):
        w.walk(world, *UNTIL_DELIVERED, party=somebody(n))
    assert {path: count(path) for path in paths} == few
    assert max(few.values()) <= 10


def test_the_declaration_of_a_procedure_draws_its_forms(own_db: Any) -> None:
    world = w.build()
    caller = Caller(world.li)
    listed = caller.get("/procedures").json()["items"]
    assert {each["key"]: each["may_start"] for each in listed}["summary_penalty"] is True
    found = caller.get("/procedures/summary_penalty").json()
    steps = {each["step"]: each for each in found["steps"]}
    assert found["first_step"] == "show_badge"
    assert ["inform"] in steps["hear"]["after"]
    assert steps["decide"]["gives"]
    assert steps["publish"]["within"]
    assert steps["publish"]["publishes"]
    fields = {each["key"]: each for each in steps["show_badge"]["fields"]}
    assert fields["item"]["type"] == "item"
    assert {each["key"] for each in fields["officers"]["choices"]} == {world.li.person, world.wang.person}
    assert {each["step"] for each in found["acts"]} == {"_urge", "_hand_over", "_consult", "_return", "_withdraw"}
    items = caller.get("/items", limit=1).json()
    more = caller.get("/items", limit=200, cursor=items["next"]).json()
    assert items["items"][0]["key"] < more["items"][0]["key"]
    assert more["next"] is None
    assert ANSWERS["show_badge"]["item"] in {each["key"] for each in items["items"] + more["items"]}


def test_what_is_closed_says_why_not(own_db: Any) -> None:
    world = w.build()
    ref = w.walk(world, *UNTIL_DELIVERED)
    open_to_li = {each["step"]: each["findings"] for each in Caller(world.li).get(f"/cases/{ref.code}").json()["open_steps"]}
    assert open_to_li["file"] == []
    assert any("公示" in each["text"] and each["unblock"]["role"] == "discloser" for each in open_to_li["publish"])


def test_i_change_the_body_i_act_for(own_db: Any) -> None:
    world = w.build()
    caller = Caller(world.li)
    other = Post.objects.create(person_id=world.li.person, organisation_id=world.stranger.organisation, roles=["head"], since=w.SINCE)
    me = caller.get("/me").json()
    assert (me["organisation"], len(me["posts"]), me["certificate"]) == (world.li.organisation, 2, world.li.certificate)
    changed = caller.client.put("/api/v1/me/post", {"post": str(other.pk)}, content_type="application/json")
    assert changed.json()["organisation"] == world.stranger.organisation
    assert [each["role"] for each in caller.get("/me").json()["roles"]] == ["head"]
    foreign = caller.client.put("/api/v1/me/post", {"post": world.wang.post}, content_type="application/json")
    told(foreign, 404, "not_found")


def test_an_article_is_public_and_never_guessed(own_db: Any) -> None:
    found = Caller(None).get("/laws/article", title="没有这部法", tiao=1).json()
    assert (found["state"], found["text"]) == ("unknown_work", "")
    held = Caller(None).get("/laws/article", title="没有这部法", tiao=120, zhi=1, kuan=2, on="2026-03-02").json()
    assert held["cite"]["label"] == "《没有这部法》第一百二十条之一第二款"
    told(Caller(None).get("/laws/article", title="行政处罚法", tiao=0), 422, "invalid")


def test_one_act_moves_exactly_the_predicted_figures(own_db: Any) -> None:
    world = w.build()
    ever = Where("2000-01", "2999-12")
    ref = w.walk(world, *UNTIL_DELIVERED)
    follow_all(CONTEXTS)
    before = facts.sums(ever)
    head = Caller(world.head)
    span = {"first": f"{datetime.now(UTC):%Y-%m}", "last": f"{datetime.now(UTC) + timedelta(days=62):%Y-%m}"}
    shown = {each["id"]: each for each in head.get("/figures", **span).json()["items"]}
    seq = Dossier.objects.get(code=ref.code).seq
    assert Caller(world.li).do(ref.code, "file", {}, seen_seq=seq).status_code == 201
    follow_all(CONTEXTS)
    after = facts.sums(ever)
    assert {key: after[key] for key in after if after[key] != before.get(key)} == {"Q09": Sum(1, 1, after["Q09"].n)}
    now = {each["id"]: each for each in head.get("/figures", **span).json()["items"]}
    assert {key for key in now if now[key] != shown[key]} == {"Q09"}
    assert (shown["Q09"]["numerator"], now["Q09"]["numerator"], now["Q09"]["text"]) == (0, 1, "100.00%")
    behind = head.get("/figures/Q09/entries", **span).json()
    assert sum(each["numerator"] for each in behind["items"]) == 1
    assert behind["items"][0]["code"] == ref.code
    assert behind["hidden"] == 0


def test_a_score_shows_its_derivation(own_db: Any) -> None:
    world = w.build()
    w.walk(world, *UNTIL_DELIVERED, "file", "publish", "pay", "close")
    follow_all(CONTEXTS)
    sheet = Caller(world.head).get("/scores").json()
    assert sheet["unit"] == world.head.organisation
    scored = [each for each in sheet["outcomes"] if each["state"] == "scored"]
    assert scored
    assert all(each["derivation"] and each["denominator"] for each in scored)
    assert len(sheet["aspects"]) == 8
    assert len(sheet["outcomes"]) == 231
    told(Caller(world.head).get("/scores", unit=world.stranger.organisation), 404, "not_found")
    told(Caller(world.li).get("/scores"), 403, "forbidden")


def test_the_documentation_needs_nothing_from_elsewhere(own_db: Any) -> None:
    page = Client().get("/api/v1/docs").content.decode()
    assert "swagger" in page
    assert "http://" not in page
    assert "https://" not in page
    assert "//cdn" not in page
    problems = Client().get("/api/v1/problems").content.decode()
    assert 'id="refused"' in problems
