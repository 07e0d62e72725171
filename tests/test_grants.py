"""授权查阅 by hand: the head lets somebody from another body read a case, everybody sees what that means, and he takes it back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from tests.test_readings import a_reader
from tests.test_roles import Stage
from yifa.kernel.access.models import Grant
from yifa.kernel.access.queries import scope
from yifa.kernel.access.services import give, longest, withdraw
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.models import Person, Reading, RegisterAct
from yifa.kernel.people.refusals import NotAllowed


class Cast:
    """The stage of the roles, and its people by name."""

    def __init__(self) -> None:
        self.stage = Stage()
        Grant.objects.all().delete()
        found = {role: actor for role, actor in self.stage.people.items() if actor}
        self.head, self.officer, self.supervisor, self.guest = (found[role] for role in ("head", "officer", "supervisor", "other"))
        self.administrator = found["audit"]
        self.code = self.stage.case.code
        self.today = timezone.localdate()

    def login(self, actor: Actor) -> str:
        return Person.objects.get(pk=actor.person).login

    def form(self, **changed: Any) -> dict[str, Any]:
        until = (self.today + timedelta(days=30)).isoformat()
        return {
            "holder_kind": "person",
            "holder": self.login(self.guest),
            "kind": "dossier",
            "value": self.code,
            "until": until,
            "reason": "非诉执行审查",
        } | changed

    def give(self, by: Actor | None = None, **changed: Any) -> Grant:
        asked = self.form(**changed)
        return give(by=by or self.head, **(asked | {"until": date.fromisoformat(asked["until"])}))


def sees(client: Client, code: str) -> tuple[bool, bool]:
    """(on the page of the case, in the list): they agree."""
    return client.get(f"/desk/cases/{code}/").status_code == 200, code in client.get("/desk/cases/").content.decode()


def test_a_guest_reads_the_case_from_the_grant_to_its_withdrawal(own_db: Any) -> None:
    cast = Cast()
    head, guest = a_reader(cast.head), a_reader(cast.guest)
    assert "没有符合条件的授权" in head.get("/grants/").content.decode()
    assert sees(guest, cast.code) == (False, False)
    assert head.post("/grants/new/", cast.form()).status_code == 302
    assert sees(guest, cast.code) == (True, True)
    assert Reading.objects.get().ground == "grant"
    row = Grant.objects.get()
    page = head.get("/grants/").content.decode()
    assert cast.login(cast.guest) in page
    assert "非诉执行审查" in page
    # Without a reason nothing is taken back.
    assert head.post(f"/grants/{row.pk}/withdraw/", {"reason": ""}).status_code == 422
    assert sees(guest, cast.code) == (True, True)
    assert head.post(f"/grants/{row.pk}/withdraw/", {"reason": "审查已经结束"}).status_code == 302
    assert sees(guest, cast.code) == (False, False)
    assert "没有符合条件的授权" in head.get("/grants/").content.decode()
    assert "已收回" in head.get("/grants/", {"state": "ended"}).content.decode()
    assert list(RegisterAct.objects.filter(chain=f"grant:{row.pk}").order_by("seq").values_list("step", flat=True)) == ["give", "withdraw"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ledger_entry WHERE chain = %s", [f"grant:{row.pk}"])
        assert cursor.fetchone() == (2,)
    with pytest.raises(NotAllowed, match="已经收回"):
        withdraw(by=cast.head, grant=row.pk, reason="再次")


def test_what_may_not_be_granted_changes_nothing_and_says_why(own_db: Any) -> None:
    cast = Cast()
    last, recorded = longest(cast.head, cast.today), RegisterAct.objects.filter(chain__startswith="grant:").count()
    assert last.year == cast.today.year + 1
    cases: list[tuple[Actor, dict[str, Any], str]] = [
        (cast.officer, {}, "负责人或者监督人员"),
        (cast.head, {"reason": "  "}, "写明理由"),
        (cast.head, {"until": (cast.today - timedelta(days=1)).isoformat()}, "期限应当在今天至"),
        (cast.head, {"until": (last + timedelta(days=1)).isoformat()}, "期限应当在今天至"),
        (cast.head, {"holder": "NOBODY"}, "没有账号"),
        (cast.head, {"holder": cast.login(cast.head)}, "授权给自己"),
        (cast.head, {"holder_kind": "organisation", "holder": "0000000000"}, "没有代码"),
        (cast.head, {"holder_kind": "organisation", "holder": cast.head.organisation}, "不需要授权"),
        (cast.head, {"value": "没有这个案件"}, "没有这个案件"),
        (cast.head, {"kind": "organisation", "value": cast.guest.organisation}, "没有这个机关"),
        (cast.head, {"kind": "region", "value": cast.head.region}, "监督辖区"),
        (cast.supervisor, {"kind": "region", "value": "150000"}, "监督辖区"),
        (cast.head, {"kind": "everything"}, "请选择"),
    ]
    for by, changed, why in cases:
        with pytest.raises(NotAllowed, match=why):
            cast.give(by, **changed)
    assert not Grant.objects.exists()
    assert RegisterAct.objects.filter(chain__startswith="grant:").count() == recorded
    client = a_reader(cast.head)
    refused = client.post("/grants/new/", cast.form(until=(last + timedelta(days=1)).isoformat()))
    assert (refused.status_code, "期限应当在今天至" in refused.content.decode()) == (422, True)
    cast.give(until=last.isoformat())


def test_a_supervisor_grants_his_territory_and_what_was_granted_is_not_passed_on(own_db: Any) -> None:
    cast = Cast()
    cast.give(cast.supervisor, kind="region", value=cast.supervisor.region, holder_kind="organisation", holder=cast.guest.organisation)
    assert sees(a_reader(cast.guest), cast.code) == (True, True)
    chief = Actor(**{**vars(cast.guest), "roles": frozenset({"head"})})
    with pytest.raises(NotAllowed, match="没有这个案件"):
        cast.give(chief, holder=cast.login(cast.administrator))
    # Whoever has not given it does not look after it.
    with pytest.raises(LookupError):
        withdraw(by=chief, grant=Grant.objects.get().pk, reason="不归我管")


def test_an_administrator_reads_nothing_even_when_granted(own_db: Any) -> None:
    cast = Cast()
    cast.give(holder=cast.login(cast.administrator))
    assert scope(cast.administrator).dossiers == ()
    assert a_reader(cast.administrator).get(f"/desk/cases/{cast.code}/").status_code == 404
