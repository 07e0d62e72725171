"""Citations resolved as of a day, in all six states; permalinks."""

from __future__ import annotations

from datetime import date

import pytest

from yifa.kernel.citing import Law
from yifa.laws import queries, services
from yifa.laws.models import Title, Work
from yifa.laws.tests.cast import NEW, OLD, REPEALED, REPEALING, text

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)
ANY = Law("试验管理法", "")


@pytest.fixture(autouse=True)
def library() -> None:
    twice = text("两处法", "2020-01-01", "甲有：\n（一）子。\n乙有：\n（一）丑。")
    services.import_texts([OLD, NEW, REPEALED, REPEALING, twice])


def test_a_citation_resolves_to_the_exact_text() -> None:
    found = queries.article(Law("试验管理法", "2024-03-01")[2].kuan(1).xiang(2), TODAY)
    assert (found.state, found.text) == ("resolved", "（二）第二种情形。")


def test_without_a_version_the_day_chooses_the_text() -> None:
    assert queries.article(ANY[2], date(2024, 6, 30)).text == "旧的规定。"
    assert queries.article(ANY[2].kuan(2), date(2024, 7, 1)).text == "前款规定的情形由主管部门认定。"


def test_a_version_note_in_the_title_chooses_the_text() -> None:
    assert queries.article(Law("试验管理法（2010年修订）", "")[2], date(2020, 1, 1)).text == "旧的规定。"


def test_xiang_without_kuan_belongs_to_the_only_kuan_with_xiang() -> None:
    assert queries.article(ANY[2].xiang(1), TODAY).text == "（一）第一种情形；"


def test_xiang_in_two_kuan_is_ambiguous() -> None:
    found = queries.article(Law("两处法", "")[1].xiang(1), TODAY)
    assert (found.state, found.reason) == ("ambiguous", "第一条第一项可以指2款中的项,应当写明款")


def test_an_article_that_does_not_exist_is_dangling() -> None:
    assert queries.article(ANY[99], TODAY).state == "dangling"
    assert queries.article(ANY[2].kuan(3), TODAY).state == "dangling"
    assert queries.article(Law("试验管理法", "1999-01-01")[1], TODAY).reason == (
        "本库没有《中华人民共和国试验管理法》1999-01-01的文本,现有:2010-05-01、2024-03-01"
    )


def test_a_text_that_no_longer_applies_is_repealed_at_date_and_still_shown() -> None:
    found = queries.article(Law("试验管理法", "2010-05-01")[2], TODAY)
    assert (found.state, found.text) == ("repealed_at_date", "旧的规定。")
    assert queries.article(Law("旧试验法", "")[1], date(2026, 8, 14)).state == "resolved"
    assert queries.article(Law("旧试验法", "")[1], date(2026, 8, 15)).state == "repealed_at_date"


def test_a_text_not_yet_in_force_does_not_resolve() -> None:
    found = queries.article(Law("试验管理法", "2024-03-01")[1], date(2024, 6, 30))
    assert (found.state, found.reason) == ("repealed_at_date", "2024-03-01的文本自2024-07-01起施行,2024-06-30尚未施行")


def test_an_unknown_work_is_unknown() -> None:
    assert queries.article(Law("没有这部法", "")[1], TODAY).state == "unknown_work"


def test_a_source_held_elsewhere_is_named_with_its_reason() -> None:
    order = Law("国务院办公厅关于全面推行行政执法公示制度执法全过程记录制度重大执法决定法制审核制度的指导意见", "2018-12-05")
    found = queries.article(order[6], TODAY)
    assert found.state == "held_elsewhere"
    assert found.source is not None
    assert found.source.number == "国办发〔2018〕118号"
    assert queries.article(order[99], TODAY).state == "dangling"
    assert queries.article(Law(order.title, "1999-01-01")[6], TODAY).state == "dangling"
    assert queries.article(Law("118号文", "")[6], TODAY).state == "held_elsewhere"


def test_an_alias_finds_the_work_and_a_shared_one_is_ambiguous() -> None:
    for slug in ("试验管理法", "试验法典"):
        Title.objects.create(work=Work.objects.get(slug=slug), key="试法", kind="alias")
    assert queries.article(Law("试法", "")[1], TODAY).state == "ambiguous"
    Title.objects.filter(work__slug="试验法典", key="试法").delete()
    assert queries.article(Law("试法", "")[1], TODAY).state == "resolved"


def test_permalinks_name_work_article_and_day() -> None:
    cited = Law("中华人民共和国行政处罚法", "2021-01-22")[33].kuan(1)
    assert queries.permalink(cited, TODAY) == "/laws/%E8%A1%8C%E6%94%BF%E5%A4%84%E7%BD%9A%E6%B3%95/t33.k1?on=2026-11-22"
    assert queries.permalink(cited).endswith("/t33.k1?version=2021-01-22")


def test_the_list_is_cut_into_pages_without_gaps() -> None:
    first, cursor = queries.library(limit=3)
    second, end = queries.library(limit=3, after=cursor)
    assert [each.work.slug for each in first + second] == list(Work.objects.order_by("sort_key", "slug").values_list("slug", flat=True))
    assert (len(first), len(second), end) == (3, 1, "")


def test_what_others_cite_is_replaced_as_a_whole() -> None:
    work = Work.objects.get(slug="试验管理法")
    first = services.Citation("试验事由", "/items/1", (ANY[2].kuan(1), ANY[1]))
    assert services.replace_citations(kind="执法事由", citations=[first]) == 2
    assert [each.label for each in queries.cited_by(work, "t2")] == ["试验事由"]
    services.replace_citations(kind="执法事由", citations=[])
    assert queries.cited_by(work, "t2") == []
