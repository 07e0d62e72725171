"""Who has seen what (house: access to sensitive fields is logged): every address is walked, and what shows sensitive data leaves a line.

Sensitive is what the answer itself holds: a party's number, telephone or address, a complainant's, an officer's telephone, or the
address of a file of the case. Each such answer adds one line to the log, by the right person for the right subject; no other adds any.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.core import signing
from django.db import Error, connection, transaction
from django.test import Client

from tests.test_roles import ROLES, Stage, lines, path_of
from yifa.decisions.tests.stage import APPLICANT_PHONE, EXPERT_PHONE
from yifa.documents.models import Document
from yifa.dossiers.models import Dossier, Party
from yifa.dossiers.personal import seal
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.models import Person, Post, Reading
from yifa.participation.tests.clearing import COMMENTER_PHONE
from yifa.supervision.models import Complaint
from yifa.supervision.services import complain

NUMBER, PHONE, ADDRESS = "11010519491231002X", "13900001234", "样本镇甲街九号"
COMPLAINANT, OFFICER = "13700005678", "13600009999"
SECRETS = (NUMBER, PHONE, ADDRESS, COMPLAINANT, OFFICER, APPLICANT_PHONE, EXPERT_PHONE, COMMENTER_PHONE)
# A photo on a badge is public, and no file of a case.
PUBLIC = ("v/", "find/")


def a_stage() -> Stage:
    stage = Stage()
    Party.objects.update(phone_sealed=seal(PHONE), address=ADDRESS)
    Person.objects.filter(pk=stage.values["people/p/<uuid:pk>"]).update(phone=OFFICER)
    told = Complaint.objects.get()
    complain(about="case", organisation=told.organisation_id, dossier=told.dossier, text="现场态度粗暴", name="赵样本", phone=COMPLAINANT)
    mine = Complaint.objects.exclude(pk=told.pk).get()
    stage.values["complaints/<str:league>/<uuid:ident>"] = str(mine.id)
    return stage


def a_reader(actor: Actor | None) -> Client:
    client = Client(raise_request_exception=False)
    if actor:
        client.force_login(Person.objects.get(pk=actor.person), backend="django.contrib.auth.backends.ModelBackend")
        session = client.session
        session["people.post"], session["people.factor"] = actor.post, True
        session.save()
    return client


def a_party(stage: Stage) -> Client:
    """Somebody who has proved that the decision is his."""
    token = stage.values["c/<token:token>"]
    client = a_reader(None)
    client.cookies["case"] = signing.get_cookie_signer(salt="case" + token).sign(token)
    return client


def shows(address: str, response: Any) -> bool:
    """Does the answer hold what only some may know?"""
    text = b"".join(response.streaming_content).decode() if response.streaming else response.content.decode(errors="replace")
    text += response.headers.get("Location", "")
    files = f"//{settings.MEDIA_HOST}" in text and not address.startswith(PUBLIC)
    return files or any(secret in text for secret in SECRETS)


def test_what_shows_sensitive_data_leaves_a_line_and_nothing_else_does(own_db: Any) -> None:
    stage = a_stage()
    token = stage.values["c/<token:token>"]
    stage.values["<uuid:document>"] = str(Document.objects.filter(dossier=stage.case.code).exclude(audience="internal").latest("seq").id)
    readers = {role: (a_reader(actor), actor) for role, actor in stage.people.items()} | {"party": (a_party(stage), None)}
    wrong, seen = [], set()
    for method, address, _ in lines():
        if method != "GET":
            continue
        path = path_of(address, stage.values)
        for role in [*ROLES, *(["party"] if address.startswith("c/") else [])]:
            client, actor = readers[role]
            before = set(Reading.objects.values_list("id", flat=True))
            sensitive = shows(address, client.get(path))
            added = list(Reading.objects.exclude(id__in=before))
            if len(added) != sensitive:
                wrong.append(f"{address} as {role}: {'sensitive' if sensitive else 'not sensitive'}, {len(added)} lines")
            for line in added:
                seen.add((address, line.subject.partition(":")[0], line.way, line.ground))
                assert line.reader == (actor.person if actor else "")
                assert line.organisation == (actor.organisation if actor else "")
    assert not wrong, "\n".join(wrong)
    code = stage.case.code
    assert {("desk/cases/<str:code>/", code, "page", "own"), ("desk/cases/<str:code>/", code, "page", "territory")} <= seen
    assert {
        ("desk/cases/<str:code>/receipt/", code, "download", "own"),
        ("desk/evidence/<uuid:evidence>/", code, "page", "own"),
        ("desk/cases/<str:code>/bound/<uuid:ident>/", code, "download", "own"),
        ("desk/cases/<str:code>/bound/<uuid:ident>/", code, "download", "territory"),
        ("api/v1/cases/<code>", code, "api", "own"),
        ("api/v1/cases/<code>/receipt", code, "api", "own"),
        ("supervision/complaints/<str:league>/<uuid:ident>/", "complaint", "page", "territory"),
        ("people/p/<uuid:pk>/", "person", "page", "office"),
        ("desk/decisions/hearings/<uuid:ident>/people/", "hearing", "page", "own"),
        ("desk/decisions/experts/draw/<uuid:ident>/", "expert", "page", "own"),
        ("c/<token:token>/open", code, "portal", "proof"),
        ("c/<token:token>/documents/<uuid:document>", code, "portal", "proof"),
        ("c/<token:token>/receipt", code, "portal", "proof"),
    } <= seen, seen
    assert token not in str(list(Reading.objects.values_list("subject", "label", "detail")))


def test_the_telephone_of_who_said_something_is_a_reading_with_its_reason(own_db: Any) -> None:
    stage = a_stage()
    client, address = a_reader(stage.people["officer"]), path_of("desk/participation/<uuid:ident>/opinions/<int:n>/contact/", stage.values)
    assert not shows(address, client.post(address, {"reason": ""}))
    assert not Reading.objects.exists()
    assert shows(address, client.post(address, {"reason": "邀请参加座谈会"}))
    line = Reading.objects.get()
    assert (line.subject.partition(":")[0], line.items, line.detail) == ("comment", ["commenter"], "邀请参加座谈会")


def test_a_draft_of_a_document_is_a_reading_and_names_it(own_db: Any) -> None:
    stage = a_stage()
    client = a_reader(stage.people["officer"])
    assert client.post(f"/desk/cases/{stage.case.code}/preview/decide/", {}).status_code == 200
    line = Reading.objects.get()
    assert (line.items, line.detail) == (["preview"], "当场行政处罚决定书")
    assert Dossier.objects.get(code=stage.case.code).organisation_id == line.body


def test_the_log_is_added_to_and_never_changed(own_db: Any) -> None:
    stage = a_stage()
    a_reader(stage.people["officer"]).get(f"/desk/cases/{stage.case.code}/")
    assert Reading.objects.count() == 1
    for statement in ("UPDATE people_reading SET reader_name = ''", "DELETE FROM people_reading", "TRUNCATE people_reading"):
        with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert Reading.objects.exclude(reader_name="").count() == 1


def test_the_audit_administrator_finds_a_reading_by_person_case_and_day(own_db: Any) -> None:
    stage = a_stage()
    officer, supervisor, audit = stage.people["officer"], stage.people["supervisor"], stage.people["audit"]
    assert officer
    assert supervisor
    for reader in (officer, supervisor):
        assert a_reader(reader).get(f"/desk/cases/{stage.case.code}/").status_code == 200
    client = a_reader(audit)
    # The supervisor is of another body: it is the case that is this bureau's.
    page = client.get("/audit/readings/").content.decode()
    assert officer.name in page
    assert supervisor.name in page
    assert "监督辖区" in page
    login = Person.objects.get(pk=supervisor.person).login
    only = client.get("/audit/readings/", {"person": login}).content.decode()
    assert supervisor.name in only
    assert f">{officer.name}<" not in only
    assert f">{officer.name}<" in client.get("/audit/readings/", {"subject": stage.case.code}).content.decode()
    assert "没有符合条件的查看记录" in client.get("/audit/readings/", {"subject": "无此案件"}).content.decode()
    day = f"{Reading.objects.latest('at').at.astimezone():%Y-%m-%d}"
    assert client.get("/audit/readings/", {"day": "2020-01-01"}).content.decode().count("<td") == 0
    assert client.get("/audit/readings/", {"day": day}).status_code == 200
    assert client.get("/audit/readings/", {"day": "昨天"}).status_code == 400
    assert client.get("/audit/readings/", {"after": ["not", "a cursor"]}).status_code == 404
    # Another bureau's audit administrator sees nothing of it.
    stranger = stage.people["other"]
    assert stranger
    person = Person.objects.create_user("r-audit-2", None, name="外局审计样本")
    post = Post.objects.create(person=person, organisation_id=stranger.organisation, roles=["admin_audit"], since="2024-01-01")
    away = Actor(
        str(person.pk), person.name, str(post.pk), stranger.organisation, "", stranger.region, stranger.league, frozenset({"admin_audit"})
    )
    assert officer.name not in a_reader(away).get("/audit/readings/").content.decode()


def test_the_log_is_paged_without_loss(own_db: Any) -> None:
    stage = a_stage()
    client = a_reader(stage.people["officer"])
    for _ in range(3):
        client.get(f"/desk/cases/{stage.case.code}/")
    from yifa.kernel.people import readings

    audit = stage.people["audit"]
    assert audit
    found: list[Any] = []
    while page := readings.readings(audit, after=[found[-1].at.isoformat(), str(found[-1].id)] if found else [], limit=2):
        found += page
    assert [line.id for line in found] == list(Reading.objects.order_by("-at", "-id").values_list("id", flat=True))
