"""The search page, the comparison of versions, downloads, the feed and the interface."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

import pytest
from django.test import Client

from yifa.laws import services
from yifa.laws.redline import KEPT, PUT_IN, TAKEN_OUT, Stretch, redline
from yifa.laws.tests.cast import EARLY, NEW, OLD, REPEALED, REPEALING, text
from yifa.laws.tests.test_searching import STREETS

pytestmark = pytest.mark.django_db
LAW = f"/laws/{quote('试验管理法')}"
SCRIPT = text("中华人民共和国标记试验法", "2020-01-01", "不得写入<script>alert(1)</script>或者=1+1。", "=HYPERLINK(1)不得执行。")


@pytest.fixture(autouse=True)
def library() -> None:
    services.import_texts([OLD, NEW, EARLY, REPEALED, REPEALING, STREETS, SCRIPT])


def page(client: Client, address: str, status: int = 200, **query: Any) -> str:
    response: Any = client.get(address, query or None)
    assert response.status_code == status
    return b"".join(response.streaming_content).decode() if response.streaming else response.content.decode()


def test_a_phrase_is_marked_in_the_articles_that_hold_it(client: Client) -> None:
    html = page(client, "/laws/", q="占道经营")
    assert "<mark>占道经营</mark>" in html
    assert f'href="/laws/{quote("街道试验条例")}/t1?version=2020-01-01"' in html


def test_what_is_found_is_escaped(client: Client) -> None:
    html = page(client, "/laws/", q="<script>")
    assert "<mark>&lt;script&gt;</mark>alert" in html
    assert "<script>alert" not in html


def test_an_article_asked_for_by_number_is_shown_at_once(client: Client) -> None:
    for typed in ("试验管理法 2", "《试验管理法》第二条", "试验官理法第二条"):
        html = page(client, "/laws/", q=typed)
        assert "责令改正" in html
        assert f'href="/laws/{quote("试验管理法")}/t2?on=' in html
    assert "没有第九十九条" in page(client, "/laws/", q="试验管理法 99")


def test_a_mistyped_title_is_offered_as_a_guess(client: Client) -> None:
    assert "您要找的是不是" in page(client, "/laws/", q="试验官理法")
    assert "您要找的是不是" not in page(client, "/laws/", q="试验管理法")


def test_nothing_found_says_what_to_try(client: Client) -> None:
    html = page(client, "/laws/", q="旧的", level="国家", type="FL")
    assert "没有找到" in html
    assert "不加筛选再查" in html
    assert "连同已失效的旧版本再查" in html
    assert "旧的规定" in page(client, "/laws/", q="旧的", state="any").replace("<mark>", "").replace("</mark>", "")


@pytest.mark.parametrize(
    "query", [{"on": "2026-13-01"}, {"state": "x"}, {"level": "x"}, {"type": "x"}, {"region": "abc"}, {"q": "法", "after": "x"}]
)
def test_what_cannot_be_asked_is_a_clear_error(client: Client, query: dict[str, str]) -> None:
    assert "不能这样查" in page(client, "/laws/", 400, **query)


def titles(html: str) -> list[str]:
    return re.findall(r'class="song" href="/laws/[^"]+">([^<]+)<', html)


def test_the_list_shows_what_is_in_force_on_the_day(client: Client) -> None:
    assert "中华人民共和国旧试验法" not in titles(page(client, "/laws/"))
    assert titles(page(client, "/laws/", state="ended")) == ["中华人民共和国旧试验法"]
    assert "中华人民共和国旧试验法" in titles(page(client, "/laws/", state="any"))
    assert titles(page(client, "/laws/", on="2011-01-01", state="force")) == ["中华人民共和国旧试验法", "中华人民共和国试验管理法"]
    assert titles(page(client, "/laws/", on="2026-04-01", state="waiting")) == ["中华人民共和国试验法典"]
    assert titles(page(client, "/laws/", on="1999-01-01")) == []


def test_the_list_is_sifted_by_kind_place_and_maker(client: Client) -> None:
    services.import_texts(
        [replace(text("包头市试验条例", "2020-01-01", "一。"), type="DFXFG-C", region="150200", makers=("包头市人民代表大会常务委员会",))]
    )
    assert titles(page(client, "/laws/", region="150000")) == ["包头市试验条例"]
    assert titles(page(client, "/laws/", region="150400")) == []
    assert titles(page(client, "/laws/", maker="包头市")) == ["包头市试验条例"]
    html = page(client, "/laws/", level="盟市", maker="人民代表大会")
    assert titles(html) == ["包头市试验条例"]
    # The facet counts what each other choice would show under the same filters.
    assert "盟市 1" in html
    assert "国家 5" in html
    assert "没有这样的法律文件" in page(client, "/laws/", level="盟市", type="FL")


def test_the_result_page_takes_few_queries(client: Client, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(8):
        page(client, "/laws/", q="占道经营")


def test_two_versions_stand_side_by_side(client: Client) -> None:
    html = page(client, f"{LAW}/compare?from=2010-05-01&to=2024-03-01")
    assert "<del>" in html
    assert "<ins>" in html
    assert "修改 1 条" in html
    assert "增加 1 条" in html
    assert "1 条没有变化" in html
    assert page(client, f"{LAW}/compare") == html
    assert page(client, f"{LAW}/compare?from=1999-01-01", 404)
    assert "只有这部法律文件的一个版本" in page(client, f"/laws/{quote('街道试验条例')}/compare")


def test_a_redline_keeps_both_texts() -> None:
    old, new = "处一百元以上二百元以下罚款。", "处二百元以上五百元以下罚款，可以拘留。"
    parts = redline(old, new)
    assert "".join(part.text for part in parts if part.kind != PUT_IN) == old
    assert "".join(part.text for part in parts if part.kind != TAKEN_OUT) == new
    assert parts[0] == Stretch(KEPT, "处")
    assert redline("同", "同") == [Stretch(KEPT, "同")]
    assert redline("", "新") == [Stretch(PUT_IN, "新")]


def test_an_article_tells_its_versions(client: Client) -> None:
    html = page(client, f"{LAW}/t2")
    assert "本条的各个版本" in html
    assert "文字有变化" in html
    assert f"{LAW}/t2?version=2010-05-01" in html
    assert "没有这一条" in page(client, f"{LAW}/t3")


def test_a_work_tells_its_life(client: Client) -> None:
    html = page(client, f"/laws/{quote('旧试验法')}/")
    assert "沿革" in html
    assert "试验法典" in html


def test_a_text_is_taken_along_in_three_formats(client: Client) -> None:
    rows = list(csv.reader(io.StringIO(page(client, f"/laws/{quote('标记试验法')}/download", format="csv").removeprefix("\ufeff"))))
    assert rows[0][-1] == "text"
    assert rows[2][-1].startswith("'=HYPERLINK")
    assert [row["key"] for row in json.loads(page(client, f"{LAW}/download", format="json"))["rows"]] == ["t1", "t2", "t3"]
    assert page(client, f"{LAW}/download", version="2010-05-01").startswith("# 中华人民共和国试验管理法\n\n2010-05-01的文本")
    assert page(client, f"{LAW}/download", 400, format="exe")


def test_a_list_of_finds_is_taken_along_whole(client: Client) -> None:
    rows = json.loads(page(client, "/laws/download", q="处罚", format="json"))["rows"]
    assert [row["key"] for row in rows] == ["t3", "t4"]
    assert rows[0]["text"] == STREETS.articles[2].text
    assert page(client, "/laws/download", 400)


def test_the_feed_names_every_version_and_event(client: Client) -> None:
    feed = ElementTree.fromstring(page(client, f"/laws/{quote('旧试验法')}/changes.rss"))  # noqa: S314 - our own
    titles = [item.findtext("title") or "" for item in feed.iter("item")]
    assert any(title.startswith("2001-01-01的文本") for title in titles)
    assert any(title.startswith("废止") for title in titles)


def test_the_interface_searches_and_lists_by_place(client: Client) -> None:
    found = client.get("/api/v1/laws/search", {"q": "处罚", "limit": "1"}).json()
    assert found["items"][0]["key"] == "t3"
    again = client.get("/api/v1/laws/search", {"q": "处罚", "limit": "1", "cursor": str(found["next"])}).json()
    assert again["items"][0]["key"] == "t4"
    assert again["next"] is None
    assert client.get("/api/v1/laws/search", {"q": "处罚", "cursor": "x"}).json()["invalid_params"][0]["name"] == "cursor"
    first = client.get("/api/v1/laws/works", {"limit": "2"}).json()
    rest = client.get("/api/v1/laws/works", {"limit": "200", "cursor": str(first["next"])}).json()
    assert len({each["work"] for each in first["items"] + rest["items"]}) == 6 == len(first["items"]) + len(rest["items"])


def test_the_interface_tells_a_work_with_its_versions(client: Client) -> None:
    address = f"/api/v1/laws/works/{quote('试验管理法')}"
    answer = client.get(address, {"on": "2015-01-01"})
    assert [each["version"] for each in answer.json()["versions"]] == ["2010-05-01", "2024-03-01"]
    assert [each["status"] for each in answer.json()["versions"]] == ["现行有效", "未公布"]
    unchanged = client.get(address, {"on": "2015-01-01"}, headers={"if-none-match": answer["ETag"]})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert client.get(address, {"on": "2025-01-01"}, headers={"if-none-match": answer["ETag"]}).status_code == 200
    assert client.get("/api/v1/laws/works/x").json()["code"] == "not_found"
