"""Badges, complaints, the disclosure list, the record's page; and no page that shows a person."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yifa.disclosure import services as disclosure
from yifa.dossiers import personal
from yifa.dossiers.models import CaseRole, Party
from yifa.kernel.calendar.queries import calendar
from yifa.kernel.calendar.terms import due, workdays
from yifa.kernel.ledger.models import Entry, Payload
from yifa.kernel.people import badges
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.models import Certificate, Post
from yifa.kernel.refusing import RejectedError
from yifa.portal.models import BadgeCheck
from yifa.portal.tests.conftest import World
from yifa.procedures.party import label
from yifa.supervision import queries as complaints
from yifa.supervision import services as supervision
from yifa.supervision.models import Clue, Complaint

TEXT = "执法人员没有出示证件就开始检查，还扣了我的东西"


def acting(world: World, *roles: str) -> Actor:
    person = world.certificate.person
    post = Post.objects.create(person=person, organisation=world.organisation, roles=list(roles), since=dt.date(2020, 1, 1))
    body = world.organisation
    return Actor(str(person.pk), person.name, str(post.pk), body.code, body.name, body.region_id, "150200", frozenset(roles))


def test_a_badge_shows_the_officer_and_his_live_status_and_the_check_is_logged(client: Client, world: World) -> None:
    page = client.get(f"/v/{world.certificate.token}")
    text = page.content.decode()
    for said in ("✓ 证件有效", "李示范", world.certificate.number, "城市管理", "土默特右旗"):
        assert said in text
    assert "13900000000" not in text
    assert BadgeCheck.objects.filter(certificate=world.certificate.number, valid=True).count() == 1


def test_a_suspended_certificate_is_invalid_at_once(client: Client, world: World) -> None:
    world.certificate.events.create(act="suspend", status="SUSPENDED", on=timezone.localdate(), recorded_at=timezone.now())
    text = client.get(f"/v/{world.certificate.token}").content.decode()
    assert "✗ 证件现在无效" in text
    assert "已暂扣" in text


def test_an_unknown_badge_is_said_to_be_none_and_scanning_is_limited(world: World) -> None:
    client = Client(REMOTE_ADDR="10.1.1.1")
    assert client.get(f"/v/{'0' * 32}").status_code == 404
    answers = [client.get(f"/v/{world.certificate.token}").status_code for _ in range(60)]
    assert answers == [200] * 59 + [429]


def test_a_forwarded_address_counts_only_from_a_trusted_proxy(world: World, settings: object) -> None:
    settings.TRUSTED_PROXIES = frozenset({"10.9.9.9"})  # type: ignore[attr-defined]  # pytest-django's settings object
    for n in range(70):
        page = Client(REMOTE_ADDR="10.9.9.9", headers={"X-Forwarded-For": f"203.0.113.{n}"}).get(f"/v/{'0' * 32}")
        assert page.status_code == 404
    for n in range(61):
        page = Client(REMOTE_ADDR="10.8.8.8", headers={"X-Forwarded-For": f"203.0.113.{n}"}).get(f"/v/{'0' * 32}")
    assert page.status_code == 429


def test_a_complaint_gets_a_code_a_clock_and_a_supervisor(client: Client, world: World) -> None:
    page = client.post("/complaints/new", {"v": world.certificate.token, "text": TEXT, "name": "王五", "phone": "13712345678"})
    row = Complaint.objects.get()
    assert (row.about, row.organisation_id, row.certificate) == ("officer", world.organisation.code, world.certificate.number)
    assert row.due_on == due(workdays(15), timezone.localdate(), calendar()).due
    code = page.content.decode().split('id="code"')[1].split(">")[1].split("<")[0]
    assert code not in repr(list(Complaint.objects.values()))
    state = client.post("/complaints/", {"code": code.lower().replace("-", " ")}).content.decode()
    assert "正在核查" in state
    assert "王五" not in state
    supervisor = acting(world, "supervisor")
    world.organisation.territory.add(world.organisation.region)
    found = complaints.complaint(supervisor, row.league, row.id)
    assert found is not None
    assert found[1] == {"name": "王五", "phone": "13712345678"}
    supervision.answer(row.league, row.id, text="经核查属实，已责令改正", by=supervisor)
    assert "经核查属实" in client.post("/complaints/", {"code": code}).content.decode()
    assert [entry.step for entry in Entry.objects.filter(chain=f"complaint:{row.id}").order_by("seq")] == ["file", "answer"]
    assert Clue.objects.get(source_id=row.id).handled_at


def test_a_complaint_is_answered_once(world: World) -> None:
    filed = supervision.complain(about="body", organisation=world.organisation.code, text=TEXT)
    supervisor = acting(world, "supervisor")
    supervision.answer("150200", filed.id, text="第一次答复", by=supervisor)
    with pytest.raises(RejectedError, match="已经答复过"):
        supervision.answer("150200", filed.id, text="第二次答复", by=supervisor)


def test_the_record_of_a_complaint_holds_no_words_that_could_name_a_person(world: World) -> None:
    filed = supervision.complain(about="body", organisation=world.organisation.code, text=TEXT, name="王五", phone="13712345678")
    payload = Payload.objects.get(chain=f"complaint:{filed.id}", side="open").payload or ""
    assert set(json.loads(payload)) == {"about", "certificate", "dossier", "due_on", "text_sha256"}
    assert not [word for word in (TEXT, "王五", "13712345678") if word in payload]


def test_the_record_of_a_rating_names_neither_case_nor_document(world: World) -> None:
    supervision.rate(dossier=world.dossier.code, document=str(world.document.id), organisation=world.organisation.code, score=4)
    entry = Entry.objects.get(chain__startswith="rating:")
    written = bytes(entry.body).decode() + (Payload.objects.get(chain=entry.chain).payload or "")
    assert world.dossier.code not in written
    assert str(world.document.id) not in written
    assert not Clue.objects.exists()


def test_a_wrong_query_code_finds_nothing_and_guessing_is_limited(world: World) -> None:
    client = Client(REMOTE_ADDR="10.2.2.2")
    answers = [client.post("/complaints/", {"code": f"AAAA-BBBB-{n:04d}"}).status_code for n in range(16)]
    assert answers == [404] * 15 + [429]


def test_another_place_s_supervisor_sees_no_complaint(world: World) -> None:
    filed = supervision.complain(about="body", organisation=world.organisation.code, text=TEXT)
    stranger = Actor(acting(world, "officer").person, "赵六", "x", "9999990001", "外地机关", "150300", "150300", frozenset({"supervisor"}))
    assert complaints.complaint(stranger, "150200", filed.id) is None
    assert complaints.complaints(stranger) == []
    assert complaints.clues(stranger) == []


def test_the_disclosure_list_shows_the_listed_fields_until_they_are_taken_back(client: Client, world: World) -> None:
    text = client.get("/disclosure/").content.decode()
    for said in ("占道经营", "张某某", "50.00 元", world.number, world.organisation.name):
        assert said in text
    disclosure.withdraw("150200", world.dossier.code, reason="复议机关撤销了处罚决定", by=acting(world, "discloser"))
    text = client.get("/disclosure/").content.decode()
    assert "复议机关撤销了处罚决定" in text
    assert "张某某" not in text
    assert "已被变更、撤销" in client.get(f"/c/{world.dossier.token}").content.decode()
    with pytest.raises(disclosure.NotWithdrawnError, match="已经撤回"):
        disclosure.withdraw("150200", world.dossier.code, reason="再撤一次试试看", by=acting(world, "discloser"))


def test_what_was_not_published_is_not_found_by_its_number(client: Client, world: World) -> None:
    assert client.get(f"/find/?q={world.number}").status_code == 302
    world.dossier.state["done"].pop("publish")
    type(world.dossier).objects.filter(code=world.dossier.code).update(state=world.dossier.state)
    assert client.get(f"/find/?q={world.number}").status_code == 404


def test_larger_type_is_switched_on_and_off_and_never_leads_away(client: Client, db: None) -> None:
    page = client.get("/elder/?next=https://example.org/")
    assert page.headers["Location"] == "/"
    assert "data-elder" in client.get("/").content.decode()
    client.get("/elder/?next=/")
    assert "data-elder" not in client.get("/").content.decode()


@pytest.mark.parametrize(
    ("path", "public"),
    [
        ("/", True),
        ("/complaints/", True),
        ("/complaints/new", True),
        ("/complaints/bodies?q=示范", True),
        ("/remedies/", True),
        ("/disclosure/", True),
        ("/log/", True),
        ("/verify", True),
        ("/supervision/complaints/", False),
        ("/supervision/clues/", False),
        ("/desk/cases/1502210001-02-2026-000001-7/withdraw/", False),
    ],
)
def test_who_may_open_what(client: Client, world: World, path: str, public: bool) -> None:
    page = client.get(path)
    assert page.status_code == (200 if public else 302), path
    if not public:
        assert "/people/sign-in" in page.headers["Location"]


NAMES = st.text(alphabet="王李张刘欧阳诸葛明华志强巴特尔其木格", min_size=2, max_size=6)
DIGITS = st.text(alphabet="0123456789", min_size=9, max_size=9)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=NAMES, tail=DIGITS, street=st.text(alphabet="东西南北大街巷院楼幸福团结", min_size=6, max_size=12))
def test_no_name_number_or_address_of_a_person_is_in_any_public_answer(world: World, name: str, tail: str, street: str) -> None:
    identity, phone, address = f"15022119{tail}X", f"13{tail}", f"{street}77号"
    dossier = world.dossier
    Party.objects.filter(dossier=dossier.code).update(
        name=name, identity_sealed=personal.seal(identity), phone_sealed=personal.seal(phone), address=address
    )
    type(dossier).objects.filter(code=dossier.code).update(
        party_label=label({"name": name}, "citizen"),
        facts={**dossier.facts, "place": address, "description": f"{name},{identity},{phone}，住{address}"},
    )
    client = Client()
    for path in (f"/c/{dossier.token}", f"/c/{dossier.token}/open", "/disclosure/", f"/complaints/new?c={dossier.token}"):
        text = client.get(path).content.decode()
        assert not [secret for secret in (name, identity, phone, address) if secret in text], path


def test_a_badge_tells_whether_its_holder_is_at_work_today_as_the_record_knows_it(client: Client, world: World) -> None:
    held = world.certificate
    assert "今天没有在本系统登记执法活动" in client.get(f"/v/{held.token}").content.decode()
    began = {"league": "150200", "dossier": world.dossier.code, "person_id": held.person_id, "role": "officer"}
    role = CaseRole.objects.create(**began, opened_at=timezone.now() - dt.timedelta(days=1))
    assert "今天没有在本系统登记执法活动" in client.get(f"/v/{held.token}").content.decode()
    now = timezone.now()
    CaseRole.objects.filter(dossier=role.dossier).update(opened_at=now)
    assert f"今天 {timezone.localtime(now):%H:%M} 起在本系统登记有执法活动" in client.get(f"/v/{held.token}").content.decode()
    Certificate.objects.filter(pk=held.pk).update(expires_on=timezone.localdate() - dt.timedelta(days=1))
    assert "执法活动" not in client.get(f"/v/{held.token}").content.decode()


def test_a_mark_holds_for_its_minute_and_the_next_and_for_its_own_badge(client: Client, world: World) -> None:
    token, now = world.certificate.token, timezone.now().replace(second=0, microsecond=0)
    made = badges.mark(token, now)
    fresh = [badges.is_fresh(token, made, now + dt.timedelta(seconds=after)) for after in (0, 59, 119, 120, -1)]
    assert fresh == [True, True, True, False, False]
    assert not badges.is_fresh(token[::-1], made, now)
    shown = client.get(f"/v/{token}?mark={badges.mark(token, timezone.now())}").content.decode()
    assert "动态码有效" in shown
    assert "动态码已经过期" in client.get(f"/v/{token}?mark=0123456789ab").content.decode()
    assert "动态码已经过期" in client.get(f"/v/{token}", {"mark": "翻拍"}).content.decode()
    assert "动态码" not in client.get(f"/v/{token}").content.decode()
