"""Acts on the register: each is refused with its reason or is one entry on its object's chain."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from yifa.kernel.ledger.models import Entry
from yifa.kernel.people import identifiers, queries, services
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.models import Certificate, HandOver, Organisation, Person, Post, Region, RegisterAct, Succession
from yifa.kernel.people.refusals import NotAllowed
from yifa.kernel.people.tests.conftest import DAY, Appoint


def steps(chain: str) -> list[str]:
    """What the record holds of an object; the audit administrator's list says the same."""
    recorded = list(Entry.objects.filter(chain=chain).order_by("seq").values_list("step", flat=True))
    assert recorded == list(RegisterAct.objects.filter(chain=chain).order_by("seq").values_list("step", flat=True))
    return recorded


def a_certificate(
    by: Actor, person: Person, number: str = "15250001", on: date = DAY, until: date = DAY + timedelta(days=1825)
) -> Certificate:
    services.apply_for_certificate(
        by=by,
        number=number,
        person=person,
        organisation="1525270002",
        categories=["城市管理", "市场监管"],
        region="152527",
        issuer="内蒙古自治区人民政府",
        on=on,
    )
    for act in ("check", "pass", "approve"):
        services.act_on_certificate(by=by, number=number, act=act, on=on)
    services.act_on_certificate(by=by, number=number, act="issue", on=on, expires_on=until)
    return services.act_on_certificate(by=by, number=number, act="activate", on=on)


def test_a_certificate_is_judged_as_of_the_day(by: Actor, officer: Person) -> None:
    held = a_certificate(by, officer)
    services.act_on_certificate(by=by, number=held.number, act="suspend", on=date(2026, 6, 1), reason="年度考核不合格")
    person = str(officer.pk)
    assert [queries.officers([person], day)[0].valid for day in (date(2026, 5, 31), date(2026, 6, 1), date(2026, 1, 4))] == [
        True,
        False,
        False,
    ]
    assert "已暂扣" in queries.officers([person], date(2026, 6, 2))[0].why_not
    assert steps(f"certificate:{held.number}") == ["apply", "check", "pass", "approve", "issue", "activate", "suspend"]
    entry = Entry.objects.get(chain=f"certificate:{held.number}", step="suspend")
    assert entry.league == "152500"
    assert "行政执法监督条例".encode() in bytes(entry.body)


def test_an_act_cannot_be_dated_before_the_last_one(by: Actor, officer: Person) -> None:
    held = a_certificate(by, officer)
    with pytest.raises(NotAllowed, match="早于"):
        services.act_on_certificate(by=by, number=held.number, act="suspend", on=DAY - timedelta(days=1), reason="有")
    assert steps(f"certificate:{held.number}")[-1] == "activate"


def test_helpers_hold_no_certificate_and_no_officers_post(by: Actor, officer: Person) -> None:
    helper = services.add_person(by=by, login="fz001", name="辅助", today=DAY, staffed=False)
    with pytest.raises(NotAllowed, match="在编") as refused:
        services.apply_for_certificate(
            by=by, number="15250009", person=helper, organisation="1525270002", categories=["城市管理"], region="152527", issuer="x", on=DAY
        )
    assert any("行政处罚法" in str(article) for article in refused.value.cites)
    with pytest.raises(NotAllowed, match="在编"):
        services.add_post(by=by, person=helper, organisation="1525270002", roles_=["officer"], since=DAY)


def test_a_badge_answers_with_its_live_status_and_a_lost_one_no_more(by: Actor, officer: Person) -> None:
    held = a_certificate(by, officer)
    badge = queries.badge(held.token, today=DAY)
    assert badge is not None
    assert (badge.valid, badge.name, badge.number, badge.region) == (True, "甲一", "15250001", "太仆寺旗")
    assert badge.categories == ("城市管理", "市场监管")
    lost = services.act_on_certificate(by=by, number=held.number, act="report_lost", on=DAY)
    badge = queries.badge(held.token, today=DAY)
    assert badge is not None
    assert "已挂失" in badge.why_not
    fresh = services.act_on_certificate(by=by, number=held.number, act="reissue", on=DAY)
    assert queries.badge(held.token, today=DAY) is None
    badge = queries.badge(fresh.token, today=DAY)
    assert badge is not None
    assert badge.valid
    assert len(fresh.token) == 32
    assert fresh.token != lost.token


def test_only_holders_of_valid_certificates_are_offered_as_second_officers(by: Actor, officer: Person, appoint: Appoint) -> None:
    a_certificate(by, officer)
    other = appoint("15250002", "1525270002", "officer", name="乙二")
    a_certificate(by, other, "15250002", until=DAY + timedelta(days=10))
    assert [one.name for one in queries.officers_of("1525270002", DAY)] == ["甲一", "乙二"]
    assert [one.name for one in queries.officers_of("1525270002", DAY + timedelta(days=11))] == ["甲一"]
    assert queries.officers([str(appoint("15250003", "1525270002", "officer").pk)], DAY)[0].why_not == "人员15250003没有行政执法证"


def test_a_body_becomes_a_subject_by_confirmation_and_announcement(by: Actor, bodies: dict[str, Organisation]) -> None:
    code = "1525270002"
    assert "尚未" in queries.why_not_subject(code, DAY)
    for act in ("submit", "check", "confirm"):
        services.act_on_organisation(by=by, code=code, act=act, on=DAY)
    with pytest.raises(NotAllowed, match="已确认”，不能暂停"):
        services.act_on_organisation(by=by, code=code, act="suspend", on=DAY, reason="有")
    services.act_on_organisation(by=by, code=code, act="announce", on=DAY + timedelta(days=3))
    assert queries.why_not_subject(code, DAY + timedelta(days=2))
    assert queries.why_not_subject(code, DAY + timedelta(days=3)) == ""
    services.act_on_organisation(by=by, code=code, act="suspend", on=DAY + timedelta(days=9), reason="清理")
    assert "暂停" in queries.why_not_subject(code, DAY + timedelta(days=9))
    assert steps(f"organisation:{code}") == ["submit", "check", "confirm", "announce", "suspend"]


def test_an_entrusted_organisation_is_never_announced_and_acts_in_its_entrusters_name(by: Actor, bodies: dict[str, Organisation]) -> None:
    for act in ("submit", "check", "confirm"):
        services.act_on_organisation(by=by, code="1525270004", act=act, on=DAY)
    with pytest.raises(NotAllowed, match="受委托组织"):
        services.act_on_organisation(by=by, code="1525270004", act="announce", on=DAY)
    services.entrust(
        by=by,
        entruster="1525270002",
        entrusted="1525270004",
        items=["占道经营", " "],
        powers="警告、二百元以下罚款",
        since=DAY,
        until=DAY + timedelta(days=364),
        document="委托书1号",
    )
    found = queries.entruster("1525270004", "占道经营", DAY)
    assert found is not None
    assert found.code == "1525270002"
    assert queries.entruster("1525270004", "占道经营", DAY + timedelta(days=365)) is None
    assert queries.entruster("1525270004", "吸烟", DAY) is None


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"items": []}, "载明"),
        ({"powers": ""}, "载明"),
        ({"until": date(2025, 1, 1)}, "早于"),
        ({"entruster": "1525270004", "entrusted": "1525270003"}, "不得再委托"),
        ({"entrusted": "1525280001"}, "受委托组织"),
    ],
)
def test_an_entrustment_without_its_particulars_is_refused(
    by: Actor, bodies: dict[str, Organisation], change: dict[str, object], words: str
) -> None:
    usual: dict[str, object] = {
        "entruster": "1525270002",
        "entrusted": "1525270004",
        "items": ["占道经营"],
        "powers": "警告",
        "since": DAY,
        "until": DAY,
        "document": "文",
    }
    with pytest.raises(NotAllowed, match=words) as refused:
        services.entrust(by=by, **(usual | change))  # type: ignore[arg-type]  # a table of wrong arguments
    assert "《行政处罚法》" in str(refused.value.cites[0])
    assert steps("organisation:1525270002") == []


def test_succession_follows_documents_and_makes_no_ring(by: Actor, bodies: dict[str, Organisation]) -> None:
    services.succeed(by=by, predecessor="1525270003", successor="1525270002", kind="merger", on=DAY, document="机构改革方案")
    assert services.heirs(["1525270003"]) == {"1525270003", "1525270002"}
    with pytest.raises(NotAllowed, match="环"):
        services.succeed(by=by, predecessor="1525270002", successor="1525270003", kind="merger", on=DAY, document="文")
    with pytest.raises(NotAllowed, match="文件"):
        services.succeed(by=by, predecessor="1525270002", successor="1525280001", kind="split", on=DAY, document=" ")
    assert Succession.objects.count() == 1


def test_a_body_with_a_wrong_credit_code_is_not_registered(by: Actor, bodies: dict[str, Organisation]) -> None:
    region = Region.objects.get(code="152527")
    good = identifiers.build_uscc("1", "1", "152527", "01168300")
    values: dict[str, Any] = {"name": "太仆寺旗水利局", "kind": "ORGAN", "level": 3, "region": region}
    with pytest.raises(NotAllowed, match="统一社会信用代码有误：校验码不符"):
        services.add_organisation(by=by, code="1525270009", uscc=good[:-1] + ("0" if good[-1] != "0" else "1"), **values)
    assert not Organisation.objects.filter(code="1525270009").exists()
    made = services.add_organisation(by=by, code="1525270009", uscc=good, territory=["152527"], **values)
    assert steps("organisation:1525270009") == ["register"]
    with pytest.raises(NotAllowed, match="没有这样的行政区划：999999"):
        services.change_organisation(by=by, code="1525270009", territory=["999999"])
    with pytest.raises(NotAllowed, match="已登记"):
        services.add_organisation(by=by, code=made.code, **values)
    with pytest.raises(NotAllowed, match="主体代码"):
        services.add_organisation(by=by, code="15252", **values)
    with pytest.raises(NotAllowed, match="所属机关"):
        services.add_organisation(by=by, code="1525270010", **(values | {"kind": "UNIT"}))


def test_a_change_keeps_old_and_new_values_in_the_record(by: Actor, bodies: dict[str, Organisation]) -> None:
    services.change_organisation(by=by, code="1525270002", phone="0479-1234567", address="某街1号")
    body = Organisation.objects.get(code="1525270002")
    assert (body.phone, body.address) == ("0479-1234567", "某街1号")
    assert steps("organisation:1525270002") == ["change"]
    with pytest.raises(NotAllowed, match="没有这些项目：status"):
        services.change_organisation(by=by, code="1525270002", status="announced")


def test_three_administrators_are_three_people(by: Actor, appoint: Appoint) -> None:
    person = appoint("three", "1525270002", "admin_system")
    for role in ("admin_security", "admin_audit"):
        with pytest.raises(NotAllowed, match="三员分立"):
            services.add_post(by=by, person=person, organisation="1525280001", roles_=[role], since=DAY)
    with pytest.raises(NotAllowed, match="不办理业务"):
        services.change_roles(by=by, post=Post.objects.get(person=person), roles_=["admin_system", "officer"], on=DAY, reason="有")
    with pytest.raises(IntegrityError), transaction.atomic():
        Post.objects.create(person=person, organisation_id="1525280001", roles=["admin_audit"], since=DAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Post.objects.create(
            person=appoint("four", "1525270002", "officer"), organisation_id="1525280001", roles=["admin_audit", "admin_system"], since=DAY
        )


def test_identity_numbers_are_checked_sealed_and_kept_out_of_the_record(by: Actor, db: None) -> None:
    number = "11010519491231002X"
    person = services.add_person(by=by, login="15250077", name="某甲", today=DAY, identity_number="11010519491231002x")
    assert number.encode() not in bytes(person.identity_sealed or b"")
    with pytest.raises(NotAllowed, match="已登记"):
        services.add_person(by=by, login="15250078", name="某乙", today=DAY, identity_number=number)
    with pytest.raises(NotAllowed, match="校验码"):
        services.add_person(by=by, login="15250079", name="某丙", today=DAY, identity_number="110105194912310021")
    with pytest.raises(NotAllowed):
        services.add_person(by=by, login="15250077", name="某丁", today=DAY)
    assert Person.objects.filter(login__in=["15250078", "15250079"]).count() == 0
    assert steps(f"person:{person.pk}") == ["register"]


def test_a_transfer_ends_one_post_begins_the_next_and_hands_over(by: Actor, officer: Person, appoint: Appoint) -> None:
    taker = appoint("15250002", "1525270002", "officer")
    post = Post.objects.get(person=officer)
    stranger = appoint("15280001", "1525280001", "officer")
    with pytest.raises(NotAllowed, match="没有岗位，不能接手"):
        services.transfer(by=by, post=post, to="1525280001", roles_=["head"], on=date(2026, 7, 1), reason="调动", taker=stranger)
    assert Post.objects.get(pk=post.pk).until is None
    services.transfer(by=by, post=post, to="1525280001", roles_=["head"], on=date(2026, 7, 1), reason="调动", taker=taker)
    assert Post.objects.get(pk=post.pk).until == date(2026, 6, 30)
    moment = [queries.actor(officer, None, today=day) for day in (date(2026, 6, 30), date(2026, 7, 1))]
    assert [one.organisation for one in moment if one] == ["1525270002", "1525280001"]
    assert HandOver.objects.filter(giver=officer, taker=taker, organisation_id="1525270002", on=date(2026, 6, 30)).exists()
    assert steps(f"person:{officer.pk}") == ["end_post", "appoint"]


def test_an_actor_is_the_person_in_the_chosen_post_with_that_bodys_certificate(by: Actor, officer: Person, appoint: Appoint) -> None:
    a_certificate(by, officer)
    appoint("15250001", "1525280001", "head", "reviewer", since=date(2026, 2, 1))
    first = queries.actor(officer, None, today=date(2026, 3, 1))
    assert first is not None
    assert (first.organisation, first.league, first.certificate, first.roles) == (
        "1525270002",
        "152500",
        "15250001",
        frozenset({"officer"}),
    )
    second = Post.objects.get(person=officer, organisation_id="1525280001")
    chosen = queries.actor(officer, str(second.pk), today=date(2026, 3, 1))
    assert chosen is not None
    assert (chosen.organisation, chosen.certificate, chosen.roles) == ("1525280001", None, frozenset({"head", "reviewer"}))
    assert queries.actor(officer, str(second.pk), today=date(2026, 1, 31)) is None
    assert queries.actor(officer, str(uuid.uuid4()), today=DAY) is None


def test_a_closed_account_acts_no_more(by: Actor, officer: Person) -> None:
    with pytest.raises(NotAllowed, match="理由"):
        services.set_active(by=by, person=officer, active=False, reason="")
    services.set_active(by=by, person=officer, active=False, reason="离职")
    officer.refresh_from_db()
    assert queries.actor(officer, None) is None
    assert steps(f"person:{officer.pk}") == ["close_account"]


@pytest.mark.parametrize(
    ("body", "organ"),
    [
        ("1525270002", "太仆寺旗人民政府"),
        ("1525270003", "太仆寺旗人民政府"),
        ("1525000002", "锡林郭勒盟行政公署"),
        ("1525271005", "太仆寺旗人民政府"),
        ("1525270001", "锡林郭勒盟行政公署"),
    ],
)
def test_the_reviewing_organ_is_the_government_of_the_same_level(bodies: dict[str, Organisation], body: str, organ: str) -> None:
    found = queries.reviewing_organ(body)
    assert (found.name, found.address, found.phone) == (organ, "未登记", "未登记")


def test_an_administrator_looks_after_his_body_and_below_and_a_government_after_its_region(by: Actor, appoint: Appoint) -> None:
    unit = queries.actor(appoint("u", "1525270002", "admin_system"), None)
    banner = queries.actor(appoint("b", "1525270001", "admin_system"), None)
    head = queries.actor(appoint("h", "1525270001", "head"), None)
    officer_ = queries.actor(appoint("o", "1525270002", "officer"), None)
    assert unit is not None
    assert banner is not None
    assert head is not None
    assert officer_ is not None
    assert set(queries.administered(unit)) == {"1525270002", "1525270003", "1525270004"}
    assert set(queries.administered(banner)) == {"1525270001", "1525270002", "1525270003", "1525270004", "1525271005"}
    assert set(queries.administered(head)) == {"1525270001"}
    assert queries.administered(officer_) == []
    assert len(queries.administered(by)) == Organisation.objects.count()


def test_the_list_of_people_is_those_whose_page_opens(by: Actor, appoint: Appoint) -> None:
    for n in range(7):
        appoint(f"p{n}", ["1525270002", "1525270003", "1525280001"][n % 3], "officer", name=f"名{n % 4}")
    unit = queries.actor(appoint("u", "1525270002", "admin_system"), None)
    assert unit is not None
    listed: list[Person] = []
    while page := queries.people(unit, after=[listed[-1].name, str(listed[-1].pk)] if listed else (), limit=2):
        listed += page
    assert {one.pk for one in listed} == {one.pk for one in Person.objects.all() if queries.may_administer(unit, one)}
    assert len(listed) == len({one.pk for one in listed}) == 6
    assert {one.name for one in queries.people(unit, text="名1")} == {"名1"}
    assert queries.people(unit, organisation="1525280001") == []
