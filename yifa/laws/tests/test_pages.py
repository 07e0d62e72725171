"""The public pages of the library."""

from __future__ import annotations

from datetime import date
from urllib.parse import quote

import pytest
from django.test import Client

from yifa.laws import services
from yifa.laws.models import Work
from yifa.laws.tests.cast import EARLY, NEW, OLD, REPEALED, REPEALING

pytestmark = pytest.mark.django_db
LAW = f"/laws/{quote('试验管理法')}"


@pytest.fixture(autouse=True)
def library() -> None:
    services.import_texts([OLD, NEW, EARLY, REPEALED, REPEALING])


def page(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


def test_the_list_shows_works_with_derived_status(client: Client) -> None:
    html = page(client, "/laws/")
    assert "中华人民共和国试验管理法" in html
    assert "待核" in html
    assert "国办发〔2018〕118号" in html


def test_the_list_filters_by_title(client: Client) -> None:
    html = page(client, "/laws/?title=" + quote("试验管理"))
    assert "中华人民共和国试验管理法" in html
    assert "早施行法" not in html
    assert "没有找到" in page(client, "/laws/?title=" + quote("不存在的名称"))


def test_a_work_shows_the_text_of_the_day_and_all_its_texts(client: Client) -> None:
    html = page(client, f"{LAW}/?on=2020-01-01")
    assert "旧的规定。" in html
    assert "第二种情形" not in html
    assert "?version=2024-03-01" in html
    assert "第二种情形" in page(client, f"{LAW}/?version=2024-03-01")


def test_a_doubtful_date_is_said_plainly(client: Client) -> None:
    html = page(client, f"/laws/{quote('早施行法')}/")
    assert "待核" in html
    assert "来源所载为1985年4月1日" in html


def test_an_article_is_marked_among_its_neighbours(client: Client) -> None:
    html = page(client, f"{LAW}/t2.k1.x2?on=2026-11-22")
    assert "<mark>（二）第二种情形。</mark>" in html
    assert "<mark>（一）" not in html
    assert "为了试验，制定本法。" in html
    assert "本法自2024年7月1日起施行。" in html
    assert "t2.k1.x2?on=2026-11-22" in html


def test_an_article_that_no_longer_applies_says_so(client: Client) -> None:
    assert "已废止" in page(client, f"/laws/{quote('旧试验法')}/t1?on=2026-11-22")


def test_titles_and_aliases_in_the_address_are_read_generously(client: Client) -> None:
    assert "第二种情形" in page(client, f"/laws/{quote('中华人民共和国试验管理法')}/t2")


def test_a_source_held_elsewhere_has_a_page_without_text(client: Client) -> None:
    html = page(client, f"/laws/{quote('内蒙古自治区人民政府令第244号')}/t12")
    assert "文本未收录" in html
    assert "第十二条" in html


@pytest.mark.parametrize("address", [f"/laws/{quote('没有这部法')}/", f"/laws/{quote('没有这部法')}/t1", f"{LAW}/?version=1999-01-01"])
def test_what_does_not_exist_is_404(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


def test_a_missing_article_offers_the_texts_there_are(client: Client) -> None:
    html = page(client, f"{LAW}/t99", 404)
    assert "没有第九十九条" in html
    assert "?version=2010-05-01" in html


@pytest.mark.parametrize("address", [f"{LAW}/?on=2026-13-01", f"{LAW}/t1?on=yesterday"])
def test_a_day_that_is_none_is_a_clear_error(client: Client, address: str) -> None:
    assert "不是真实存在的日期" in page(client, address, 400)


def test_an_article_says_where_it_is_suspended(client: Client) -> None:
    work = Work.objects.get(slug="试验管理法")
    work.suspensions.create(
        kind="暂时停止适用", region="150200", region_name="包头市", nodes=["t2"], from_on=date(2025, 1, 1), instrument="某决定"
    )
    shown = "在包头市暂时停止适用（《某决定》）"
    assert shown in page(client, f"{LAW}/t2?on=2025-06-01")
    assert shown not in page(client, f"{LAW}/t2?on=2024-12-31")
    assert shown not in page(client, f"{LAW}/t1?on=2025-06-01")


def test_pages_take_few_queries(client: Client, django_assert_max_num_queries: object) -> None:
    with django_assert_max_num_queries(5):  # type: ignore[operator]  # pytest-django leaves the fixture untyped
        page(client, "/laws/")
    with django_assert_max_num_queries(16):  # type: ignore[operator]
        page(client, f"{LAW}/t2.k1.x2?on=2026-11-22")
