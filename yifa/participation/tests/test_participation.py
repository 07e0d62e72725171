"""公众参与: nothing said is lost, everyone finds what became of his opinion, nothing is summed up before its time."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from yifa.kernel.ledger import tree
from yifa.kernel.ledger.models import Entry
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.models import Person
from yifa.kernel.refusing import RejectedError
from yifa.normative.tests import world as w
from yifa.participation import batches, moderating, queries, services
from yifa.participation.clearing import Cleared
from yifa.participation.models import Batch, Comment, Consultation
from yifa.participation.services import Draft
from yifa.participation.tests.clearing import CLEARED
from yifa.participation.veiling import veiled

SCAN = [{"title": "来信.jpg", "sha256": "0" * 64, "size": 1, "mime": "image/jpeg"}]


def draft(**changed: Any) -> Draft:
    today = timezone.localdate()
    values: dict[str, Any] = {
        "dossier": "1502030001-21-2026-000001-0",
        "title": "养犬管理办法（征求意见稿）",
        "explanation": "为了规范养犬。",
        "text": "第一条　为了规范养犬，制定本办法。",
        "opens_on": today,
        "closes_on": today + timedelta(days=30),
        "cleared": CLEARED,
    }
    return Draft(**{**values, **changed})


def opened(by: Actor, **changed: Any) -> Consultation:
    return services.open_consultation(draft(**changed), by=by)


def over(row: Consultation) -> Consultation:
    """The same round, past its last day."""
    yesterday = timezone.localdate() - timedelta(days=1)
    Consultation.objects.filter(league=row.league, id=row.id).update(opens_on=yesterday - timedelta(days=31), closes_on=yesterday)
    return Consultation.objects.get(league=row.league, id=row.id)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"closes_on": timezone.localdate() + timedelta(days=29)}, "一般不少于30日"),
        ({"closes_on": timezone.localdate()}, "截止日期应当晚于开始日期"),
        ({"explanation": " "}, "起草说明"),
        ({"text": ""}, "请上传草案"),
        ({"cleared": Cleared("public", "王样本")}, "政府信息公开条例第十七条"),
        ({"cleared": Cleared("public", " ", secrecy_passed=True)}, "政府信息公开条例第十七条"),
        ({"cleared": Cleared("on_request", "王样本", secrecy_passed=True)}, "政府信息公开条例第十七条"),
    ],
)
def test_a_draft_is_put_before_the_public_as_the_regulation_says(own_db: Any, changed: dict[str, Any], told: str) -> None:
    world = w.build()
    with pytest.raises(RejectedError, match=told):
        opened(world.clerk, **changed)
    assert not Consultation.objects.exists()


def test_less_than_thirty_days_takes_a_reason_that_everybody_reads(own_db: Any, client: Client) -> None:
    world = w.build()
    row = opened(world.clerk, closes_on=timezone.localdate() + timedelta(days=7), shortened_reason="防汛紧急")
    assert "防汛紧急" in client.get(f"/participate/{row.id}/").content.decode()


def test_a_replaced_draft_begins_anew_and_keeps_what_was_said(own_db: Any, client: Client) -> None:
    world = w.build()
    first = opened(world.clerk)
    said = services.comment(first.league, first.id, text="第一条应当删去")
    second = opened(world.clerk, text="第一条　修改稿")
    assert (second.round, Consultation.objects.get(league=first.league, id=first.id).status) == (2, "replaced")
    with pytest.raises(RejectedError, match="草案已经更换"):
        services.comment(first.league, first.id, text="还有一条意见")
    assert f"/participate/{second.id}/" in client.get(f"/participate/{first.id}/").content.decode()
    over(second)
    with pytest.raises(RejectedError, match="第1轮草案更换以前收到的意见，还有1条没有处理"):
        services.summarise(second.league, second.id, by=world.clerk, text="采纳情况")
    services.reply(first.league, [said.id], by=world.drafter, outcome="adopted", reason="已经删去")
    services.summarise(second.league, second.id, by=world.clerk, text="采纳情况")
    found = queries.own(said.code)
    assert found is not None
    assert found[0].text == "第一条应当删去"


def test_whoever_speaks_later_finds_his_own_opinion_and_its_reason(own_db: Any, client: Client) -> None:
    world = w.build()
    row = opened(world.clerk)
    page = client.post(
        f"/participate/{row.id}/", {"text": "<script>alert(1)</script> 建议放宽", "clause": "第一条", "phone": "13800000000"}
    )
    assert page.status_code == 200
    code = page.context["said"].code
    stored = Comment.objects.get()
    assert (stored.identity, bytes(stored.phone_sealed or b"")[:0]) == ("phoned", b"")
    assert b"13800000000" not in bytes(stored.phone_sealed or b"")
    services.reply(row.league, [stored.id], by=world.drafter, outcome="partly", reason="部分采纳，已放宽")
    answer = client.post("/participate/opinion/", {"code": code.lower().replace("-", " ")}).content.decode()
    assert "部分采纳" in answer
    assert "已放宽" in answer
    assert "<script>alert(1)</script>" not in answer
    assert "&lt;script&gt;" in answer
    assert client.post("/participate/opinion/", {"code": "0000-0000-0000"}).status_code == 404


def test_opinions_on_paper_count_and_need_their_scan(own_db: Any) -> None:
    world = w.build()
    row = opened(world.clerk)
    with pytest.raises(RejectedError, match="扫描件"):
        services.enter(row.league, row.id, by=world.clerk, channel="letter", text="来信意见", scan=[])
    services.enter(row.league, row.id, by=world.clerk, channel="letter", text="来信意见", scan=SCAN)
    assert dict(queries.tally(row).channels) == {"信函": 1}
    with pytest.raises(RejectedError, match="本机关没有这项"):
        services.enter(row.league, row.id, by=world.stranger, channel="letter", text="来信意见", scan=SCAN)


def test_a_hidden_opinion_stays_on_the_record_and_is_answered(own_db: Any, client: Client) -> None:
    world = w.build()
    row = opened(world.clerk)
    said = services.comment(row.league, row.id, text="辱骂他人的话")
    moderating.hide(row.league, said.id, by=world.clerk, reason="侮辱他人")
    row = over(row)
    found = queries.tally(row)
    assert (found.total, found.waiting, found.hidden) == (1, 1, 1)
    with pytest.raises(RejectedError, match="还有1条意见没有处理"):
        services.summarise(row.league, row.id, by=world.clerk, text="意见采纳情况")
    services.reply(row.league, [said.id], by=world.drafter, outcome="not_adopted", reason="与草案无关")
    services.summarise(row.league, row.id, by=world.clerk, text="意见采纳情况")
    page = client.get(f"/participate/{row.id}/").content.decode()
    assert "辱骂" not in page
    assert "不予公开显示</span> 侮辱他人" in page
    assert list(Entry.objects.filter(chain=f"comment:{said.id}").order_by("seq").values_list("step", flat=True)) == ["say", "hide", "reply"]


def test_nothing_is_summed_up_before_its_time_nor_changed_after(own_db: Any) -> None:
    world = w.build()
    row = opened(world.clerk)
    said = services.comment(row.league, row.id, text="意见")
    services.reply(row.league, [said.id], by=world.drafter, outcome="adopted", reason="采纳")
    with pytest.raises(RejectedError, match="截止以后才能公布"):
        services.summarise(row.league, row.id, by=world.clerk, text="采纳情况")
    row = over(row)
    services.summarise(row.league, row.id, by=world.clerk, text="采纳情况")
    with pytest.raises(RejectedError, match="已经公布"):
        services.reply(row.league, [said.id], by=world.drafter, outcome="not_adopted", reason="改变主意")
    assert [each.n for each in queries.shown(Consultation.objects.get(id=row.id))] == [1]


def test_opinions_at_once_get_numbers_without_gaps(own_db: Any) -> None:
    world = w.build()
    row = opened(world.clerk)

    def say(n: int) -> int:
        try:
            return services.comment(row.league, row.id, text=f"第{n}条意见").n
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        numbers = sorted(pool.map(say, range(40)))
    assert numbers == list(range(1, 41))
    assert Comment.objects.count() == 40


def test_a_draft_is_seen_from_its_first_day(own_db: Any, client: Client) -> None:
    world = w.build()
    later = timezone.localdate() + timedelta(days=1)
    row = opened(world.clerk, opens_on=later, closes_on=later + timedelta(days=30))
    early = client.get(f"/participate/{row.id}/")
    assert early.status_code == 404
    assert "征求意见还没有开始" in early.content.decode()
    assert "养犬" not in early.content.decode()
    assert "养犬" not in client.get("/participate/").content.decode()
    assert client.get(f"/participate/{uuid4()}/").status_code == 404


def test_the_desk_answers_only_its_own_body(own_db: Any, client: Client) -> None:
    world = w.build()
    row = opened(world.clerk)
    assert queries.one(world.stranger, row.id) is None
    assert [each.id for each in queries.of_body(world.drafter)] == [row.id]
    assert isinstance(row.closes_on, date)


def test_the_list_of_rounds_counts_what_waits_in_one_question(own_db: Any) -> None:
    world = w.build()
    first, second = opened(world.clerk), opened(world.clerk, dossier="1502030001-21-2026-000002-0")
    said = [services.comment(first.league, first.id, text=f"意见{n}") for n in range(3)]
    services.reply(first.league, [said[0].id], by=world.drafter, outcome="adopted", reason="采纳")
    with CaptureQueriesContext(connection) as captured:
        assert queries.waiting(queries.of_body(world.clerk)) == {first.id: 2}
    assert len(captured) == 2
    assert queries.waiting([second]) == {}


def _say_at_once(row: Consultation, persons: int, each: int) -> list[services.Said]:
    def say(who: int) -> list[services.Said]:
        try:
            return [services.comment(row.league, row.id, text=f"第{who}人的第{n}条意见", name="同一个人") for n in range(each)]
        finally:
            connection.close()

    with ThreadPoolExecutor(persons) as pool:
        return [said for found in pool.map(say, range(persons)) for said in found]


def test_a_flood_of_opinions_loses_none_and_costs_the_round_one_entry(own_db: Any) -> None:
    """Many at once, some of them one person under many names: all are taken, numbered without a gap, and stand under one root."""
    row = opened(w.build().clerk)
    said = _say_at_once(row, 6, 15)
    assert sorted(one.n for one in said) == list(range(1, 91))
    assert len({one.code for one in said}) == 90
    assert batches.batch_opinions(at=timezone.now()) == 90
    assert batches.batch_opinions(at=timezone.now()) == 0
    batch = Batch.objects.get(consultation=row.id)
    assert (batch.first, batch.last) == (1, 90)
    ordered = [f"comment:{ident}" for ident in Comment.objects.filter(consultation=row.id).order_by("n").values_list("id", flat=True)]
    hashes = dict(Entry.objects.filter(chain__in=ordered).values_list("chain", "hash"))
    assert batch.root == tree.root([bytes(hashes[one]) for one in ordered]).hex()
    assert Entry.objects.filter(chain=services.chain(row.id), step="batch").count() == 1


def test_the_next_batch_begins_where_the_last_one_ended(own_db: Any) -> None:
    row = opened(w.build().clerk)
    _say_at_once(row, 1, 3)
    batches.batch_opinions(at=timezone.now())
    _say_at_once(row, 1, 2)
    assert batches.batch_opinions(at=timezone.now()) == 2
    assert list(Batch.objects.order_by("first").values_list("first", "last")) == [(1, 3), (4, 5)]
    assert Batch.objects.values("root").distinct().count() == 2


def test_an_answer_that_is_refused_keeps_what_was_chosen_and_written(own_db: Any) -> None:
    world = w.build()
    row = opened(world.clerk)
    services.comment(row.league, row.id, text="建议写明犬绳的长度")
    said = Comment.objects.get()
    desk = Client()
    desk.force_login(Person.objects.get(pk=world.drafter.person), backend="django.contrib.auth.backends.ModelBackend")
    sent = {"comment": [str(said.id)], "reason": "长度由自治区的规定统一"}
    refused = desk.post(f"/desk/participation/{row.id}/reply/", sent)
    page = refused.content.decode()
    assert refused.status_code == 422
    assert "长度由自治区的规定统一</textarea>" in page
    assert f'value="{said.id}" checked' in page
    assert f'href="/desk/participation/{row.id}/?state=waiting"' in page, "the page's own links lead to the page"
    assert Comment.objects.get().outcome == ""
    assert desk.post(f"/desk/participation/{row.id}/reply/", {**sent, "outcome": "not_adopted"}).status_code == 302


def test_what_is_sent_twice_from_one_form_is_one_opinion_with_one_code(own_db: Any) -> None:
    """A button pressed twice, the receipt's page loaded anew: nothing is said twice, and the code stays the one that was written down."""
    world = w.build()
    row = opened(world.clerk)
    page = Client().get(f"/participate/{row.id}/").content.decode()
    key = re.search(r'name="key" value="([0-9a-f]{32})"', page)
    assert key is not None
    sent = {"text": "建议放宽年限", "phone": "13800000000", "key": key[1]}

    def send(**changed: str) -> str:
        try:
            answer = Client().post(f"/participate/{row.id}/", sent | changed).content.decode()
            found = re.search(r'id="code"[^>]*>([0-9A-Z-]{14})<', answer)
            assert found is not None
            return found[1]
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        codes = {each.result() for each in [pool.submit(send) for _ in range(6)]}
    assert len(codes) == 1
    assert Comment.objects.filter(consultation=row.id).count() == 1
    assert queries.own(next(iter(codes))) is not None
    assert send(text="建议缩短年限") not in codes
    assert send(key="0" * 32) not in codes
    assert sorted(Comment.objects.filter(consultation=row.id).values_list("n", flat=True)) == [1, 2, 3]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("请打13800000000或者 0472-5100000", "请打（已隐去）或者 （已隐去）"),
        ("电话１３８ ００００ ００００", "电话（已隐去）"),
        ("身份证150203199001011234", "身份证（已隐去）"),
        ("写信到 someone@example.org。", "写信到 （已隐去）。"),
        ("建议延长。联系人：张三丰，电话 13800000000", "建议延长。联系人：（已隐去），电话 （已隐去）"),
        ("请保留早市。李某 13900000001", "请保留早市。（已隐去） （已隐去）"),
        ("此致敬礼！李某某，电话13900000001 2026年11月3日", "此致敬礼！（已隐去），电话（已隐去） 2026年11月3日"),
        ("有事请联系，手机13900000001", "有事请联系，手机（已隐去）"),
        ("我叫张三，住在钢铁大街", "我叫（已隐去），住在钢铁大街"),
        ("补助从1500元提高到20000元，2026年11月3日起", "补助从1500元提高到20000元，2026年11月3日起"),
    ],
)
def test_everybody_reads_what_was_said_and_not_whose_number_it_is(text: str, shown: str) -> None:
    assert veiled(text) == shown


def test_the_published_opinion_tells_no_telephone_and_its_author_reads_it_whole(own_db: Any, client: Client) -> None:
    world = w.build()
    row = opened(world.clerk)
    said = services.comment(row.league, row.id, text="建议放宽，联系人：张三丰 13800000000", name="张三丰", phone="13800000000")
    services.reply(row.league, [said.id], by=world.drafter, outcome="adopted", reason="已电话答复13800000000")
    services.summarise(row.league, over(row).id, by=world.clerk, text="采纳情况")
    page = client.get(f"/participate/{row.id}/").content.decode()
    assert "建议放宽" in page
    assert "13800000000" not in page
    assert "张三丰" not in page
    assert "13800000000" in client.post("/participate/opinion/", {"code": said.code}).content.decode()
