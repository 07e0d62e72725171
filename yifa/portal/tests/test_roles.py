"""Role × address for the desk pages of complaints, clues and withdrawals."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from yifa.kernel.people.models import Person, Post
from yifa.kernel.people.roles import LABELS
from yifa.portal.tests.conftest import World
from yifa.supervision import services as supervision
from yifa.supervision.models import Clue, Complaint

SUPERVISOR, DISCLOSER = {"supervisor"}, {"discloser", "head"}


def signed_in(world: World, role: str) -> Client:
    person = Person.objects.create(login=f"ROLE{role.upper()}", name="赵岗位")
    post = Post.objects.create(person=person, organisation=world.organisation, roles=[role], since=dt.date(2020, 1, 1))
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session["people.post"], session["people.factor"] = str(post.pk), True
    session.save()
    return client


@pytest.mark.parametrize("role", sorted(LABELS))
def test_only_the_role_that_the_act_belongs_to_opens_its_page(world: World, role: str) -> None:
    world.organisation.territory.add(world.organisation.region)
    filed = supervision.complain(about="body", organisation=world.organisation.code, text="执法人员没有出示证件")
    client = signed_in(world, role)
    pages = {
        "/supervision/complaints/": SUPERVISOR,
        "/supervision/clues/": SUPERVISOR,
        f"/supervision/complaints/150200/{filed.id}/": SUPERVISOR,
        f"/desk/cases/{world.dossier.code}/withdraw/": DISCLOSER,
    }
    for path, roles in pages.items():
        assert client.get(path).status_code == (200 if role in roles else 403), (path, role)


def test_a_supervisor_answers_and_deals_with_a_clue_on_the_desk(world: World) -> None:
    world.organisation.territory.add(world.organisation.region)
    filed = supervision.complain(about="body", organisation=world.organisation.code, text="执法人员没有出示证件")
    supervision.rate(dossier=world.dossier.code, document="d", organisation=world.organisation.code, score=1)
    client = signed_in(world, "supervisor")
    path = f"/supervision/complaints/150200/{filed.id}/"
    assert client.post(path, {"answer": "短"}).status_code == 409
    assert client.post(path, {"answer": "经核查,已对相关人员批评教育"}).status_code == 302
    assert Complaint.objects.get().state == "answered"
    clue = Clue.objects.get(source="rating")
    text = client.get("/supervision/clues/").content.decode()
    assert "低分评价 1 分" in text
    assert world.dossier.code not in text
    client.post(f"/supervision/clues/150200/{clue.id}/", {"outcome": "已约谈"})
    assert Clue.objects.get(pk=clue.pk).outcome == "已约谈"


def test_a_discloser_takes_a_publication_back_with_its_reason(world: World) -> None:
    client = signed_in(world, "discloser")
    path = f"/desk/cases/{world.dossier.code}/withdraw/"
    assert client.post(path, {"reason": "错"}).status_code == 409
    assert client.post(path, {"reason": "决定已被行政复议机关撤销"}).status_code == 302
    assert "决定已被行政复议机关撤销" in Client().get("/disclosure/").content.decode()
