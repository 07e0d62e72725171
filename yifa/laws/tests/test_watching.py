"""Law watch: what a change of the law touches, until a named person has decided about it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from yifa.kernel.citing import Article, Law
from yifa.kernel.ledger.models import Entry
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.models import Organisation, Person, Region
from yifa.laws import deciding, services, watching
from yifa.laws.access import may_decide
from yifa.laws.models import ChangeEvent, Impact, Suspension, Work
from yifa.laws.services import Citation
from yifa.laws.tests import cast
from yifa.site.command import main

BEFORE, TODAY = date(2026, 6, 1), date(2026, 11, 22)
AT = datetime(2026, 11, 22, 2, tzinfo=UTC)
LAW = Law("试验管理法", "2010-05-01")
pytestmark = pytest.mark.django_db

A, B, C = "申请人应当向主管部门提出书面申请并附具证明。", "主管部门自受理之日起二十日内作出决定。", "违反本法规定的，处二百元以下罚款。"
OLD = cast.text("中华人民共和国试验管理法", "2010-05-01", A, B, C, "原有的附则不再需要。", effective="2010-06-01", claim="历史版本")
# 第二条 reworded, a new 第三条 before the old one, which is now 第四条; the last is gone.
NEW = cast.text(
    "中华人民共和国试验管理法", "2026-03-01", A, B.replace("二十", "十"), "国家鼓励公众参与试验活动的监督。", C, effective="2026-07-01"
)


def an_actor(*roles: str, organisation: str = "1500000001") -> Actor:
    one = Person.objects.create(login=f"watch-{Person.objects.count()}", name="核对人")
    return Actor(str(one.pk), one.name, "", organisation, "某机关", "150000", "150000", frozenset(roles))


def cite(*articles: Article, label: str = "某事项", **more: object) -> None:
    services.replace_citations(kind="执法事由", citations=[Citation(label, "", articles, **more)])  # type: ignore[arg-type]  # fields by name


def told(today: date = TODAY) -> list[tuple[str, str, str]]:
    """(article, change, where it is now) of what one run leaves open."""
    watching.refresh(today=today)
    rows = Impact.objects.filter(state="open", gone_on__isnull=True).order_by("node_key", "on")
    return [(row.node_key, row.change, row.new_node) for row in rows]


def test_a_change_is_told_article_by_article() -> None:
    services.import_texts([OLD, NEW])
    cite(LAW[1], LAW[2], LAW[3], LAW[4])
    assert told() == [("t2", "修改", "t2"), ("t3", "条号变动", "t4"), ("t4", "删除", "")]


def test_an_article_written_anew_under_its_number_is_reworded_not_dropped() -> None:
    services.import_texts([OLD, cast.text("中华人民共和国试验管理法", "2026-03-01", A, "全部改由省级政府另行规定。", C)])
    cite(LAW[2], LAW[4])
    assert told() == [("t2", "修改", "t2"), ("t4", "删除", "")]


def test_a_change_still_to_come_is_due_on_its_day() -> None:
    services.import_texts([OLD, NEW])
    cite(LAW[2])
    assert told(date(2026, 2, 28)) == []
    assert told(BEFORE) == [("t2", "修改", "t2")]
    row = Impact.objects.get()
    assert (row.on, row.due_on, row.found_on) == (date(2026, 7, 1), date(2026, 7, 1), BEFORE)
    assert list(watching.Filters(coming=BEFORE).rows()) == [row]
    assert not watching.Filters(coming=date(2026, 7, 1)).rows()


def test_a_second_run_and_the_day_it_comes_into_force_change_nothing() -> None:
    services.import_texts([OLD, NEW])
    cite(LAW[2])
    first = watching.refresh(today=BEFORE)
    assert (first.touched, first.fresh) == (1, 1)
    before = list(Impact.objects.values())
    assert watching.refresh(today=TODAY).fresh == 0
    assert list(Impact.objects.values()) == before


def test_what_is_cited_in_the_new_version_is_not_touched() -> None:
    services.import_texts([OLD, NEW])
    cite(Law("试验管理法", "2026-03-01")[2])
    assert told() == []


def test_a_paragraph_that_stands_is_not_touched_by_another() -> None:
    before = cast.text("中华人民共和国试验管理法", "2010-05-01", f"{A}\n{B}", claim="历史版本")
    after = cast.text("中华人民共和国试验管理法", "2026-03-01", f"{A}\n{B.replace('二十', '十')}")
    services.import_texts([before, after])
    cite(LAW[1].kuan(1), LAW[1].kuan(2))
    assert told() == [("t1.k2", "修改", "t1.k2")]


def test_without_a_version_the_day_of_the_citing_document_tells_which_text_was_meant() -> None:
    services.import_texts([OLD, NEW])
    cite(Law("试验管理法", "")[2], since=date(2020, 1, 1))
    assert told() == [("t2", "修改", "t2")]
    cite(Law("试验管理法", "")[2], since=date(2026, 8, 1))
    assert told() == []
    cite(Law("试验管理法", "")[2])
    assert told() == []
    assert watching.refresh(today=TODAY).unread == 1


def test_a_law_cited_as_a_whole_is_touched_by_any_change_of_it() -> None:
    services.import_texts([OLD, NEW])
    services.replace_citations(
        kind="规范性文件", citations=[Citation("某办法", "", (), since=date(2020, 1, 1), works=(Law("试验管理法", ""),))]
    )
    assert told() == [("", "修改", "")]


def code() -> None:
    """《试验法典》 repeals 《旧试验法》; its second article says what the old law's first said."""
    was = "任何单位和个人都有保护试验环境的义务，并有权举报破坏试验环境的行为。"
    services.import_texts(
        [
            replace(cast.REPEALED, articles=(replace(cast.REPEALED.articles[0], text=was),), claim="现行有效"),
            cast.text(
                "中华人民共和国试验法典",
                "2026-03-12",
                "为了试验，制定本法。",
                was.replace("任何单位和个人", "一切单位和个人"),
                "本法自2026年8月15日起施行。《中华人民共和国旧试验法》同时废止。",
                effective="2026-08-15",
            ),
        ]
    )


def test_a_repeal_touches_nothing_until_a_named_person_confirms_it() -> None:
    code()
    cite(Law("旧试验法", "2001-01-01")[1])
    assert told() == []
    assert watching.unconfirmed() == 1
    reviewer = an_actor("supervisor")
    event = ChangeEvent.objects.get(state="proposed")
    deciding.decide_event(event.pk, by=reviewer, is_confirmed=True, reason="已核对公报", at=AT)
    # The decision itself brings the tasks up to date, and says where the provision may stand now.
    row = Impact.objects.get()
    assert (row.change, row.on, row.new_work and row.new_work.slug, row.new_node) == ("废止", date(2026, 8, 15), "试验法典", "t2")
    assert watching.unconfirmed() == 0


def test_a_suspension_touches_its_region_and_articles_only() -> None:
    services.import_texts([OLD])
    Suspension.objects.create(
        work=Work.objects.get(slug="试验管理法"),
        kind=Suspension.Kind.STOPPED,
        region="650100",
        region_name="某试验区",
        nodes=["t2"],
        from_on=date(2026, 1, 1),
        until_on=date(2027, 1, 1),
        instrument="某决定",
    )
    cite(LAW[1], LAW[2])
    assert told() == [("t2", "暂停适用", "")]
    cite(LAW[2], region="150000")
    assert told() == []
    cite(LAW[2])
    assert told(date(2027, 1, 1)) == []


def test_whoever_cites_the_new_text_is_up_to_date_by_himself_and_may_come_back() -> None:
    services.import_texts([OLD, NEW])
    cite(LAW[2])
    told()
    cite(Law("试验管理法", "2026-03-01")[2])
    assert told() == []
    assert Impact.objects.get().gone_on == TODAY
    assert watching.Filters(state="updated").rows().count() == 1
    cite(LAW[2])
    assert told() == [("t2", "修改", "t2")]


def test_a_decision_is_kept_with_name_reason_and_entry() -> None:
    services.import_texts([OLD, NEW])
    cite(LAW[2], LAW[3])
    told()
    one = Impact.objects.get(node_key="t2")
    supervisor = an_actor("supervisor")
    for state, reason in (("unaffected", " "), ("open", "理由"), ("", "理由")):
        with pytest.raises(watching.DecidedError):
            watching.decide(one.pk, by=supervisor, state=state, reason=reason, at=AT)
    watching.decide(one.pk, by=supervisor, state="unaffected", reason="办理期限另有更短的规定", at=AT)
    one.refresh_from_db()
    assert (one.state, str(one.decided_by_id), one.reason) == ("unaffected", supervisor.person, "办理期限另有更短的规定")
    assert Entry.objects.filter(chain="law:试验管理法", step="decide_impact").count() == 1
    with pytest.raises(watching.DecidedError, match="他人"):
        watching.decide(one.pk, by=supervisor, state="updated", reason="再改", at=AT)
    # A decision outlives further runs and the citation itself.
    cite(LAW[3])
    assert told() == [("t3", "条号变动", "t4")]
    one.refresh_from_db()
    assert one.state == "unaffected"


def test_who_may_decide() -> None:
    supervisor, place = an_actor("supervisor"), Region.objects.create(code="150000", name="某自治区", level=1)
    assert may_decide(supervisor, "")
    assert may_decide(supervisor, "150203")
    assert not may_decide(supervisor, "620100")
    assert may_decide(replace(supervisor, region="150200"), "150203")
    assert not may_decide(replace(supervisor, region="150100"), "150200")
    for code, sector in (("justice", "司法行政"), ("roads", "交通运输")):
        Organisation.objects.create(code=code, name=code, kind="ORGAN", level=1, region=place, sector=sector, valid_from=date(2020, 1, 1))
    for role in ("reviewer", "head"):
        assert may_decide(an_actor(role, organisation="justice"), "")
        assert not may_decide(an_actor(role, organisation="roads"), "")
    assert not may_decide(an_actor("officer", organisation="justice"), "")


def test_the_verb_shows_what_is_open_and_another_day_writes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    services.import_texts([OLD, NEW])
    cite(LAW[2])
    assert main(["laws", "watch", "--on", "2026-06-01", "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert [(each["article"], each["change"], each["due_on"]) for each in shown["open"]] == [("t2", "修改", "2026-07-01")]
    assert not Impact.objects.exists()
    assert main(["laws", "watch"]) == 0
    assert "未处理 1 处" in capsys.readouterr().out
    assert Impact.objects.count() == 1
