"""Where citations lead on a day, and the graph of what cites what."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from yifa.laws import services
from yifa.laws.citations import parse
from yifa.laws.models import Reference, Title, Work
from yifa.laws.queries import cites, mentions
from yifa.laws.resolving import Resolution, resolve
from yifa.laws.tests.cast import NEW, OLD, REPEALED, REPEALING, text
from yifa.site.command import main

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)
LOCAL = text(
    "呼和浩特市试验条例", "2020-01-01", "第一条的内容。", "违反本条例第一条的，依照《中华人民共和国试验管理法》第二条第一款第一项处罚。"
)
OTHER = text("包头市试验条例", "2021-01-01", "为了试验。")


@pytest.fixture(autouse=True)
def library() -> None:
    services.import_texts([OLD, NEW, REPEALED, REPEALING, LOCAL, OTHER])


def found(cited: str, on: date = TODAY, **options: object) -> Resolution:
    (first,) = resolve(parse(cited), on=on, **options)  # type: ignore[arg-type]  # the options are those of `resolve`
    return first


def test_a_title_finds_its_work_and_the_day_its_text() -> None:
    now = found("《试验管理法》第二条第一款第二项")
    assert (now.state, now.work and now.work.slug, now.node_key) == ("resolved", "试验管理法", "t2.k1.x2")
    assert now.expression is not None
    assert now.expression.version == "2024-03-01"
    before = found("《试验管理法》第二条", date(2020, 1, 1))
    assert before.expression is not None
    assert before.expression.version == "2010-05-01"


def test_a_version_note_chooses_the_text() -> None:
    cited = found("《试验管理法》（2010年）第二条")
    assert (cited.state, cited.expression and cited.expression.version) == ("repealed_at_date", "2010-05-01")
    assert "1999" in found("《试验管理法（1999年修订）》第二条").reason


def test_an_item_without_its_paragraph_belongs_to_the_only_one_that_has_it() -> None:
    assert found("《试验管理法》第二条第二项").node_key == "t2.k1.x2"
    assert found("《试验管理法》第二条第五项").state == "dangling"


def test_what_leads_nowhere_says_why() -> None:
    missing = found("《试验管理法》第九条")
    assert missing.state == "dangling"
    assert "没有第九条" in missing.reason
    assert found("《没有这部法》第一条").state == "unknown_work"
    assert found("第一条").state == "unknown_work"
    assert found("《旧试验法》第一条").state == "repealed_at_date"
    assert found("《旧试验法》").state == "repealed_at_date"
    assert found("《试验法典》第一条", date(2026, 8, 14)).state == "repealed_at_date"
    assert found("《内蒙古自治区人民政府令第244号》第十二条").state == "held_elsewhere"


def test_both_ends_of_a_range_must_stand() -> None:
    assert found("《试验管理法》第一条至第三条").state == "resolved"
    assert found("《试验管理法》第一条至第八条").state == "dangling"


def test_a_missing_article_whose_words_moved_is_suggested() -> None:
    services.import_texts(
        [
            text("中华人民共和国移位法", "2010-01-01", "甲。", "乙。", "丙的内容。", claim="历史版本"),
            text("中华人民共和国移位法", "2020-01-01", "甲。", "丙的内容。"),
        ]
    )
    moved = found("《移位法》第三条")
    assert (moved.state, moved.suggestion) == ("dangling", "第二条")
    assert "现为第二条" in moved.reason


def test_a_rule_without_its_maker_is_looked_for_in_the_same_region_only() -> None:
    near = found("《试验条例》第一条", document="呼和浩特市试验条例实施办法")
    assert (near.state, near.work and near.work.slug) == ("resolved", "呼和浩特市试验条例")
    assert found("《试验条例》第一条", regions=["包头市"]).work == Work.objects.get(slug="包头市试验条例")
    far = found("《试验条例》第一条")
    assert (far.state, far.work) == ("unknown_work", None)
    assert set(far.candidates) == {"呼和浩特市试验条例", "包头市试验条例"}


def test_alike_names_are_offered_and_never_linked() -> None:
    services.import_texts([text("关于进一步加强试验管理工作和规范试验秩序的若干规定", "2020-01-01", "甲。")])
    alike = found("《关于进一步加强试验管理工作和规范试验秩序若干规定》第一条")
    assert (alike.state, alike.work) == ("unknown_work", None)
    alike = found("《关于进一步加强试验管理工作和规范试验秩序的若干规定条》第一条")
    assert alike.candidates == ("关于进一步加强试验管理工作和规范试验秩序的若干规定",)


def test_a_name_of_two_works_is_ambiguous() -> None:
    for slug in ("试验管理法", "试验法典"):
        Title.objects.create(work=Work.objects.get(slug=slug), key="试法", kind="alias")
    both = found("《试法》第一条")
    assert both.state == "ambiguous"
    assert set(both.candidates) == {"中华人民共和国试验管理法", "中华人民共和国试验法典"}


def test_a_thousand_citations_take_as_many_queries_as_a_few() -> None:
    few = "《试验管理法》第一条、第九条；《试验法典》第一条；《不知道的法》第一条。"

    def count(text: str) -> int:
        cited = parse(text)
        with CaptureQueriesContext(connection) as captured:
            resolve(cited, on=TODAY)
        return len(captured)

    many = "".join(f"《试验管理法》第{n}条；《旧试验法》第{n}条；《第{n}部法》第一条。" for n in range(1, 400)) + few
    assert len(parse(many)) > 1000
    assert count(few) <= count(many) <= 6


def test_the_graph_knows_both_directions() -> None:
    local = Work.objects.get(slug="呼和浩特市试验条例")
    text = local.expressions.get()
    assert [(each.work_key, each.target) for each in cites(text, "t2")] == [("呼和浩特市试验条例", "t1"), ("试验管理法", "t2.k1.x1")]
    (row,), more = mentions(Work.objects.get(slug="试验管理法"), "t2")
    assert not more
    assert (row.expression.work, row.node_key, row.raw) == (local, "t2.k1", "《中华人民共和国试验管理法》第二条第一款第一项")
    assert mentions(Work.objects.get(slug="试验管理法"), "t1") == ([], False)


def test_a_relative_citation_is_a_reference_too() -> None:
    new = Work.objects.get(slug="试验管理法").expressions.get(version="2024-03-01")
    assert [(each.node_key, each.raw, each.target) for each in cites(new, "t2")] == [("t2.k2", "前款", "t2.k1")]


def test_a_range_is_found_by_every_article_in_it() -> None:
    services.import_texts([text("引用办法", "2022-01-01", "适用《试验管理法》第一条至第三条。")])
    law = Work.objects.get(slug="试验管理法")
    for key in ("t1", "t2", "t3"):
        assert "引用办法" in {each.expression.work.slug for each in mentions(law, key)[0]}, key


def test_the_graph_can_be_rebuilt_and_a_second_import_leaves_it(capsys: pytest.CaptureFixture[str]) -> None:
    columns = ("expression_id", "node_key", "start", "end", "raw", "work_key", "target")
    before = sorted(Reference.objects.values_list(*columns))
    assert before
    services.import_texts([LOCAL])
    assert sorted(Reference.objects.values_list(*columns)) == before
    Reference.objects.all().delete()
    assert main(["laws", "refer"]) == 0
    assert capsys.readouterr().out == f"{len(before)} 处引用\n"
    assert sorted(Reference.objects.values_list(*columns)) == before


def test_the_page_of_an_article_shows_both_directions(client: Client) -> None:
    html = client.get("/laws/试验管理法/t2").content.decode()
    assert "被引用" in html
    assert "《呼和浩特市试验条例》第二条" in html
    html = client.get("/laws/呼和浩特市试验条例/t2?on=2026-11-22").content.decode()
    assert "本条引用" in html
    assert "《试验管理法》第二条第一款第一项</a>" in html


def test_many_mentions_come_in_pages(client: Client) -> None:
    services.import_texts([text(f"引用办法{n:02}", "2022-01-01", "适用《试验管理法》第一条。") for n in range(1, 46)])
    law = "/laws/试验管理法/t1?version=2024-03-01"
    first = client.get(law).content.decode()
    assert first.count("《引用办法") == 20
    assert "version=2024-03-01&amp;mentioned=20" in first
    last = client.get(f"{law}&mentioned=40").content.decode()
    assert last.count("《引用办法") == 5
    assert "mentioned=60" not in last
    assert client.get(f"{law}&mentioned=x").status_code == 200
