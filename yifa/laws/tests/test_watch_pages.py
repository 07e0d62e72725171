"""The pages of the law watch and of the conflict hints, as the legal staff see them."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from yifa.kernel.citing import Law
from yifa.kernel.ledger.models import Entry
from yifa.kernel.people.models import Organisation, Person, Post, Region
from yifa.laws import services, watching
from yifa.laws.models import HintChoice, Impact
from yifa.laws.services import Citation
from yifa.laws.tests.cast import text

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)
WAS = "单位和个人应当保护试验环境，发现破坏的可以向主管部门举报。"
OLD = text("中华人民共和国试验保护法", "2014-04-24", "总则。", WAS, effective="2015-01-01", claim="历史版本")
NEW = text("中华人民共和国试验保护法", "2024-03-12", "总则。", WAS.replace("可以", "应当"), effective="2024-08-15")


@pytest.fixture
def supervisor(client: Client) -> Client:
    place = Region.objects.create(code="150000", name="内蒙古自治区", level=1, league="150000")
    body = Organisation.objects.create(
        code="1500000001",
        name="自治区司法厅",
        short_name="司法",
        kind="ORGAN",
        level=1,
        region=place,
        sector="司法行政",
        valid_from=date(2020, 1, 1),
    )
    person = Person.objects.create(login="watcher", name="监督员")
    Post.objects.create(person=person, organisation=body, roles=["supervisor"], since=date(2020, 1, 1))
    client.force_login(person)
    return client


@pytest.fixture
def touched() -> Impact:
    services.import_texts([OLD, NEW])
    services.replace_citations(
        kind="执法事由", citations=[Citation("破坏<b>试验</b>环境", "", (Law("试验保护法", "2014-04-24")[2],), ref="answer:item=x")]
    )
    watching.refresh(today=TODAY)
    return Impact.objects.get()


def test_the_list_counts_and_names_what_is_touched(supervisor: Client, touched: Impact) -> None:
    page = supervisor.get("/laws/watch/").content.decode()
    assert "《中华人民共和国试验保护法》第二条" in page
    assert "执法事由 1" in page
    assert "破坏&lt;b&gt;试验&lt;/b&gt;环境" in page
    assert "没有符合条件的事项" in supervisor.get("/laws/watch/?kind=文书").content.decode()
    assert "没有符合条件的事项" in supervisor.get("/laws/watch/?coming=1&after=xx|yy").content.decode()


def test_old_and_new_stand_side_by_side_and_a_decision_is_kept(supervisor: Client, touched: Impact) -> None:
    address = f"/laws/watch/{touched.pk}/"
    page = supervisor.get(address).content.decode()
    assert "<del>可以</del>" in page
    assert "<ins>应当</ins>" in page
    assert "依此办理的未结案件" in page
    refused = supervisor.post(address, {"state": "updated", "reason": "  "})
    assert refused.status_code == 422
    assert "请写明理由" in refused.content.decode()
    assert supervisor.post(address, {"state": "updated", "reason": "事由已按新条文修订"}).status_code == 302
    assert "事由已按新条文修订" in supervisor.get(address).content.decode()
    assert "没有等待处理的事项" in supervisor.get("/laws/watch/").content.decode()


def test_a_hint_is_shown_and_the_choice_kept_with_its_entry(supervisor: Client) -> None:
    services.import_texts([NEW, text("中华人民共和国试验管理法", "2010-05-01", "另一条规定。")])
    asked = {"first": "《试验保护法》第二条", "second": "《试验管理法》第一条"}
    page = supervisor.get("/laws/conflicts/", asked).content.decode()
    assert "提示：适用《中华人民共和国试验保护法》第二条" in page
    assert "第一百零三条" in page
    sent = {**asked, "special": "1", "choice": "refer"}
    assert supervisor.post("/laws/conflicts/", sent).status_code == 422
    assert not HintChoice.objects.exists()
    assert supervisor.post("/laws/conflicts/", {**sent, "reason": "旧规定是特别规定", "hint": "伪造"}).status_code == 302
    row = HintChoice.objects.get()
    assert row.hint["refer"] == "全国人民代表大会常务委员会"
    assert row.hint["told"] == {"act_on": None, "special": 1, "kinder": None}
    assert Entry.objects.filter(chain=f"conflict:{row.id}", step="choose").count() == 1
    assert "旧规定是特别规定" in supervisor.get("/laws/conflicts/").content.decode()


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"first": "《没有的法》第一条", "second": "《试验保护法》第二条"}, "没有《没有的法》"),
        ({"first": "《试验保护法》第九十九条", "second": "《试验保护法》第二条"}, "第九十九条"),
        ({"first": "《试验保护法》第二条", "second": "试验保护法第二条"}, "同一条"),
        ({"first": "《试验保护法》第二条", "second": ""}, "请写明法律文件的名称"),
        ({"first": "《试验保护法》第二条", "second": "《试验保护法》第一条", "act_on": "昨天"}, "日期"),
    ],
)
def test_what_cannot_be_compared_says_why(supervisor: Client, asked: dict[str, str], said: str) -> None:
    services.import_texts([NEW])
    page = supervisor.get("/laws/conflicts/", asked)
    assert page.status_code == 200
    assert said in page.content.decode()


def test_several_are_decided_with_one_reason_or_none_is(supervisor: Client, touched: Impact) -> None:
    services.replace_citations(kind="文书", citations=[Citation(f"文书{n}", "", (Law("试验保护法", "2014-04-24")[2],)) for n in range(2)])
    watching.refresh(today=TODAY)
    rows = list(Impact.objects.order_by("pk").values_list("pk", flat=True))
    page = supervisor.get("/laws/watch/?kind=文书").content.decode()
    assert page.count('name="impact"') == 2
    assert 'href="/laws/"' in page
    for sent, said in (
        ({"state": "updated", "reason": "x"}, "请先勾选"),
        ({"impact": rows[1:], "state": "updated", "reason": " "}, "请写明理由"),
        ({"impact": rows[1:], "reason": "x"}, "请选择"),
        ({"impact": [*rows[1:], 10**12], "state": "updated", "reason": "x"}, "已经不在"),
    ):
        refused = supervisor.post("/laws/watch/", sent)
        assert refused.status_code == 422
        assert said in refused.content.decode()
    assert supervisor.post("/laws/watch/?kind=文书", {"impact": rows[1:], "state": "updated", "reason": "文书已改版"}).status_code == 302
    assert sorted(Impact.objects.values_list("state", flat=True)) == ["open", "updated", "updated"]
    assert Entry.objects.filter(chain="law:试验保护法", step="decide_impact").count() == 2
    late = supervisor.post("/laws/watch/", {"impact": rows, "state": "unaffected", "reason": "x"})
    assert late.status_code == 422
    assert "由他人处理" in late.content.decode()
    assert Impact.objects.filter(state="open").count() == 1
