"""Proposing a legal number on its page: what it would change, the second person, and the deadlines that run."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from yifa.enforcement.tests import world as w
from yifa.kernel.ledger.models import Entry
from yifa.kernel.parameters import queries
from yifa.kernel.parameters.models import Proposal
from yifa.kernel.people.models import Organisation, Person, Post, Region
from yifa.procedures.models import Obligation

UNTIL_DELIVERED = ("establish", "order_correction", "inform", "hear", "decide", "deliver")


class Office:
    """The 盟市's office that looks after the banner, with an administrator and its head."""

    def __init__(self, region: str = "150200", level: int = 2) -> None:
        self.body = Organisation.objects.create(
            code="1502000001", name="包头市司法局", short_name="包司", kind="ORGAN", level=level, region_id=region, status="announced"
        )
        self.body.territory.add(Region.objects.get(code="150200"))
        self.admin, self.head = self._client("admin_system"), self._client("head")

    def _client(self, role: str) -> Client:
        person = Person.objects.create_user(f"o-{role}", None, name=f"{role}样本")
        post = Post.objects.create(person=person, organisation=self.body, roles=[role], since=w.SINCE)
        client = Client()
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        session = client.session
        session["people.post"], session["people.factor"] = str(post.pk), True
        session.save()
        return client


def stated(**changed: Any) -> dict[str, Any]:
    plain = {
        "name": "行政处罚公示期限",
        "value": 3,
        "unit": "workday",
        "region": "150200",
        "valid_from": (timezone.localdate() - timedelta(days=1)).isoformat(),
        "law": "包头市样本规定",
        "version": "2026-01-01",
        "tiao": 9,
        "reason": "本市规定三个工作日",
    }
    return plain | changed


def test_an_approved_number_moves_the_deadlines_that_rest_on_it(own_db: object) -> None:
    world = w.build()
    w.walk(world, *UNTIL_DELIVERED)
    office = Office()
    queries.forget()
    before = Obligation.objects.get(step="publish").due_on
    page = office.admin.post("/parameters/propose/", stated(look="")).content.decode()
    assert "<strong>1 项</strong>在生效日以后起算" in page
    assert "昆都仑区" in page
    assert not Proposal.objects.exists()
    assert office.admin.post("/parameters/propose/", stated(propose="")).status_code == 302
    number = Proposal.objects.get().pk
    own = office.admin.post(f"/parameters/proposals/{number}/approve/")
    assert (own.status_code, "应当由另一人批准" in own.content.decode()) == (409, True)
    assert Obligation.objects.get(step="publish").due_on == before
    assert office.head.post(f"/parameters/proposals/{number}/approve/").status_code == 302
    after = Obligation.objects.get(step="publish")
    assert after.due_on < before
    assert any("3个工作日" in line or "三" in line for line in after.derivation)
    assert Entry.objects.filter(chain="parameter:行政处罚公示期限").count() == 2
    assert "1 项正在计算的期限随之调整" in office.admin.get(f"/parameters/proposals/{number}/").content.decode()
    assert "包头市样本规定" in office.admin.get("/parameters/").content.decode()


def test_a_number_from_a_later_day_on_leaves_what_runs_and_may_be_taken_back(own_db: object) -> None:
    world = w.build()
    w.walk(world, *UNTIL_DELIVERED)
    office = Office()
    queries.forget()
    before = Obligation.objects.get(step="publish").due_on
    later = (timezone.localdate() + timedelta(days=30)).isoformat()
    assert "都在生效日以前起算" in office.admin.post("/parameters/propose/", stated(look="", valid_from=later)).content.decode()
    office.admin.post("/parameters/propose/", stated(propose="", valid_from=later))
    number = Proposal.objects.get().pk
    office.head.post(f"/parameters/proposals/{number}/approve/")
    assert Obligation.objects.get(step="publish").due_on == before
    assert office.admin.post(f"/parameters/proposals/{number}/revoke/", {"reason": "文件推迟施行"}).status_code == 302
    assert Proposal.objects.get().state == "revoked"


def test_only_whoever_looks_after_the_place_proposes(own_db: object) -> None:
    w.build()
    office = Office()
    for region in ("150100", "150000"):
        answer = office.admin.post("/parameters/propose/", stated(propose="", region=region))
        assert answer.status_code == 422
    Organisation.objects.filter(code=office.body.code).update(level=3)
    assert office.admin.post("/parameters/propose/", stated(propose="")).status_code == 422
    assert office.head.get("/parameters/propose/").status_code == 403
    assert not Proposal.objects.exists()
