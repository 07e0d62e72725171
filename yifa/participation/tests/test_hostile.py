"""What the public and tired clerks really send: at the last second, twice, at once, too long, empty to the eye, turned around, wide."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from yifa.decisions.hearing_queries import phone_digest
from yifa.kernel.ledger.models import Entry, Payload
from yifa.kernel.refusing import RejectedError
from yifa.normative.tests import world as w
from yifa.participation import asking, extending, grouping, queries, services, taking
from yifa.participation.models import Comment, Consultation, Filled
from yifa.participation.tests.clearing import CLEARED
from yifa.participation.tests.test_moderating import desk
from yifa.participation.tests.test_participation import SCAN, opened, over
from yifa.participation.veiling import is_said, veiled
from yifa.portal import services as portal

EAST = ZoneInfo("Asia/Shanghai")
SECOND = timedelta(seconds=1)


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), EAST)


# --- the time of a round ---------------------------------------------------------------------------------------------------------------


def test_a_period_is_given_from_the_first_second_of_its_first_day_to_the_last_of_its_last(own_db: Any) -> None:
    row = opened(w.build().clerk)
    for moment in (midnight(row.opens_on), midnight(row.closes_on + timedelta(days=1)) - SECOND):
        services.comment(row.league, row.id, text="按时的意见", simulated=moment)
    for moment in (midnight(row.opens_on) - SECOND, midnight(row.closes_on + timedelta(days=1))):
        with pytest.raises(RejectedError, match="征求意见"):
            services.comment(row.league, row.id, text="不按时的意见", simulated=moment)
    assert Comment.objects.count() == 2


def test_days_before_publication_are_not_given_to_anybody(own_db: Any) -> None:
    today = timezone.localdate()
    with pytest.raises(RejectedError, match="不能早于今天"):
        opened(w.build().clerk, opens_on=today - timedelta(days=29), closes_on=today + timedelta(days=1))
    assert not Consultation.objects.exists()


def test_more_time_is_given_with_a_reason_that_everybody_reads(own_db: Any, client: Client) -> None:
    world = w.build()
    row = opened(world.clerk)
    until = row.closes_on + timedelta(days=10)
    page = desk(world.clerk)
    address = f"/desk/participation/{row.id}/extend/"
    for sent in (
        {"closes_on": until.isoformat()},
        {"closes_on": row.closes_on.isoformat(), "extended_reason": "假期"},
        {"closes_on": "2026-13-01"},
    ):
        assert page.post(address, sent).status_code == 422
    assert page.post(address, {"closes_on": until.isoformat(), "extended_reason": "期间有长假"}).status_code == 302
    assert Consultation.objects.get().closes_on == until
    assert "期间有长假" in client.get(f"/participate/{row.id}/").content.decode()
    services.comment(row.league, row.id, text="延长以后的意见", simulated=midnight(until))
    assert list(Entry.objects.filter(chain=services.chain(row.id)).order_by("seq").values_list("step", flat=True)) == ["open", "extend"]
    with pytest.raises(RejectedError, match="本机关没有"):
        extending.extend(row.league, row.id, by=world.stranger, closes_on=until + timedelta(days=1), reason="再延长")


def test_a_time_that_has_run_out_is_not_opened_again(own_db: Any) -> None:
    world = w.build()
    row = over(opened(world.clerk))
    with pytest.raises(RejectedError, match="已经截止"):
        extending.extend(row.league, row.id, by=world.clerk, closes_on=timezone.localdate() + timedelta(days=9), reason="没有人提意见")
    assert "延长期限" not in desk(world.clerk).get(f"/desk/participation/{row.id}/").content.decode()


# --- who speaks ------------------------------------------------------------------------------------------------------------------------


def test_a_body_speaks_under_its_name(own_db: Any, client: Client) -> None:
    row = opened(w.build().clerk)
    page = client.post(f"/participate/{row.id}/", {"text": "建议放宽年限", "who": "organisation", "name": "\u200b"})
    assert page.status_code == 400
    assert "请写明单位名称" in page.content.decode()
    assert "建议放宽年限" in page.content.decode()
    assert client.post(f"/participate/{row.id}/", {"text": "建议放宽年限", "who": "organisation", "name": "样本商会"}).status_code == 200
    assert Comment.objects.get().identity == "organisation"


def test_who_left_no_telephone_is_not_counted_as_if_he_had(own_db: Any, client: Client) -> None:
    row = opened(w.build().clerk)
    page = client.post(f"/participate/{row.id}/", {"text": "建议放宽年限", "phone": "没有"})
    assert page.status_code == 400
    assert "可以不填" in page.content.decode()
    services.comment(row.league, row.id, text="建议放宽年限", phone="０４７２－５１０００００")
    assert Comment.objects.get().identity == "phoned"


def test_a_letter_is_entered_once_with_the_day_it_came_and_as_whose_it_is(own_db: Any) -> None:
    world = w.build()
    row = opened(world.clerk)
    Consultation.objects.update(opens_on=row.opens_on - timedelta(days=5))
    came = row.opens_on - timedelta(days=2)
    sent: dict[str, Any] = {"channel": "letter", "text": "协会的来信", "name": "样本协会", "is_organisation": True, "received_on": came}
    first, again = (services.enter(row.league, row.id, by=world.clerk, scan=SCAN, key="k" * 32, **sent) for _ in range(2))
    assert (first.n, first.code) == (again.n, again.code)
    found = Comment.objects.get()
    assert (found.identity, found.received_on, found.late) == ("organisation", came, False)
    assert came.isoformat() in str(Payload.objects.get(chain=f"comment:{found.id}", side="open").payload)
    with pytest.raises(RejectedError, match="收到日期不能更早"):
        services.enter(row.league, row.id, by=world.clerk, scan=SCAN, **{**sent, "received_on": row.opens_on - timedelta(days=6)})
    Consultation.objects.update(closes_on=came)
    late = services.enter(row.league, row.id, by=world.clerk, scan=SCAN, **{**sent, "received_on": came + timedelta(days=1)})
    assert Comment.objects.get(id=late.id).late


# --- what is said ----------------------------------------------------------------------------------------------------------------------


def test_four_thousand_letters_in_lines_are_taken_as_the_form_counts_them(own_db: Any, client: Client) -> None:
    """A browser counts a line's end once and sends it as two."""
    row = opened(w.build().clerk)
    text = "\r\n".join(["一" * 39] * 100)
    assert client.post(f"/participate/{row.id}/", {"text": text}).status_code == 200
    assert Comment.objects.get().text == text.replace("\r\n", "\n")
    long = client.post(f"/participate/{row.id}/", {"text": "长" * 10_000})
    assert long.status_code == 400
    assert "您写了 10000 字，最多 4000 字" in long.content.decode()
    assert "长" * 10_000 in long.content.decode()


@pytest.mark.parametrize("text", ["\u200b\u200b\u200b", "\u202e \u2066", "\u3000\u3000", "……！！", "\x00\x00"])
def test_what_nobody_can_read_is_no_opinion(own_db: Any, text: str) -> None:
    row = opened(w.build().clerk)
    with pytest.raises(RejectedError, match="请写明意见和理由"):
        services.comment(row.league, row.id, text=text)


def test_what_turns_the_line_around_is_not_kept(own_db: Any) -> None:
    row = opened(w.build().clerk)
    services.comment(row.league, row.id, text="建议\u202e保留\u202c早市", name="\u2067样本", clause="\u202e第一条")
    assert (Comment.objects.get().text, Comment.objects.get().clause) == ("建议保留早市", "第一条")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("请打138\u200b0000\u20600000", "请打（已隐去）"),
        ("请打1\u200d3\u200d8\u200d00000000", "请打（已隐去）"),
        ("联系人：样\u200b本", "联系人：（已隐去）"),
        ("\u1820\u180e\u200d\u1821", "\u1820\u180e\u200d\u1821"),
        ("好\U0001f468\u200d\U0001f469", "好\U0001f468\u200d\U0001f469"),
    ],
)
def test_marks_that_nobody_sees_hide_no_number(text: str, shown: str) -> None:
    assert veiled(text) == shown


def test_the_words_a_person_veils_do_not_make_the_patterns_see_a_signature() -> None:
    assert veiled("请保留早市。早市李样本", ["李样本"]) == "请保留早市。早市（已隐去）"
    assert veiled("李样本丰和李样本", ["李样本", "李样本丰"]) == "（已隐去）和（已隐去）"
    assert veiled("a.c abc", ["a.c"]) == "（已隐去） abc"
    assert is_said("ᠮᠣᠩᠭᠣᠯ")


def test_nothing_that_is_said_runs_on_any_page(own_db: Any, client: Client) -> None:
    world = w.build()
    row = opened(world.clerk)
    evil = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
    said = services.comment(row.league, row.id, text=evil, clause=evil[:100], name=evil[:100], phone="13800000000" + evil[:20])
    page = desk(world.clerk)
    addresses = [f"/desk/participation/{row.id}/", f"/desk/participation/{row.id}/opinions/1/"]
    told = [page.get(each).content.decode() for each in addresses]
    told.append(page.post(f"{addresses[1]}contact/", {"reason": evil}).content.decode())
    told.append(page.post(f"{addresses[1]}veil/", {"words": evil[:20] + "!", "reason": evil}).content.decode())
    services.reply(row.league, [said.id], by=world.drafter, outcome="adopted", reason=evil)
    services.summarise(row.league, over(row).id, by=world.clerk, text=evil)
    told.append(client.get(f"/participate/{row.id}/").content.decode())
    told.append(client.post("/participate/opinion/", {"code": said.code}).content.decode())
    assert not [html for html in told if "<script>alert" in html or "<img src=x" in html]


# --- addresses and forms that no page of ours makes ---------------------------------------------------------------------------------------


def test_what_no_page_of_ours_sends_is_refused_and_breaks_nothing(own_db: Any) -> None:
    world = w.build()
    row = opened(world.clerk)
    said = services.comment(row.league, row.id, text="请保留早市")
    anyone, page, at = Client(), desk(world.clerk), f"/desk/participation/{row.id}/"
    assert anyone.get(f"/participate/{row.id}/?after=%C2%B2").status_code == 200
    assert page.get(f"{at}?after=%C2%B2&state=%00&group=%00").status_code == 200
    assert page.get("/desk/participation/?dossier=%00").status_code == 200
    assert page.get("/desk/participation/questionnaires/?dossier=%00").status_code == 200
    assert page.get("/desk/participation/new/?dossier=%00").status_code == 200
    assert page.get("/desk/participation/questionnaires/new/?dossier=%00").status_code == 200
    assert page.post(f"{at}enter/", {"channel": "letter", "text": "来信", "scan": "\x00"}).status_code == 422
    assert page.post(f"{at}reply/", {"comment": said.id, "seen": "x", "outcome": "adopted", "reason": "采纳"}).status_code == 422
    assert page.post(f"{at}hide/", {"comment": said.id, "reason": "广\x00告"}).status_code == 302
    assert page.post(f"{at}opinions/1/show/", {"reason": "看\x00错了"}).status_code == 302
    assert page.post(f"{at}reply/", {"comment": said.id, "outcome": "adopted", "reason": "采\x00纳"}).status_code == 302
    assert Comment.objects.get().reason == "采纳"
    assert queries.history(Comment.objects.get())[1].reason == "广告"


def test_a_guessed_code_finds_nothing_and_not_for_long(own_db: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(portal.BY_ADDRESS, "query", portal.Limit(3, 10))
    row = opened(w.build().clerk)
    said = services.comment(row.league, row.id, text="请保留早市")
    guesses = [Client().post("/participate/opinion/", {"code": f"0000-0000-000{n}"}).status_code for n in range(4)]
    assert guesses == [404, 404, 404, 429]
    assert Client().post("/participate/opinion/", {"code": said.code}).status_code == 429


def test_a_code_is_found_however_it_is_typed(own_db: Any) -> None:
    row = opened(w.build().clerk)
    said = services.comment(row.league, row.id, text="请保留早市")
    wide = said.code.translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)})
    assert queries.own(wide) is not None
    assert queries.own(said.code.replace("0", "o").replace("1", "l").lower()) is not None


def test_one_telephone_is_one_however_its_digits_are_typed() -> None:
    hearing = uuid4()
    assert (
        phone_digest(hearing, "１３８００００００００")
        == phone_digest(hearing, "+86 138-0000-0000")
        == phone_digest(hearing, "13800000000")
    )


# --- two at once -----------------------------------------------------------------------------------------------------------------------


def test_an_answer_is_not_written_over_by_a_clerk_who_has_not_seen_it(own_db: Any) -> None:
    world = w.build()
    row = opened(world.clerk)
    said = services.comment(row.league, row.id, text="请保留早市")
    first, second, at = desk(world.drafter), desk(world.clerk), f"/desk/participation/{row.id}/reply/"
    sent = {"comment": said.id, "outcome": "not_adopted", "reason": "另有安排"}
    assert first.post(at, {"comment": said.id, "outcome": "adopted", "reason": "写入第三条"}).status_code == 302
    refused = second.post(at, sent)
    assert refused.status_code == 422
    assert "第1条刚刚已由他人登记采纳情况" in refused.content.decode()
    assert Comment.objects.get().outcome == "adopted"
    # Having seen it he may.
    seen = f"{said.id} {queries.answered(Comment.objects.get())}"
    assert f'name="seen" value="{seen}"' in refused.content.decode()
    assert second.post(at, {**sent, "seen": seen}).status_code == 302
    assert Comment.objects.get().outcome == "not_adopted"


def test_what_joins_a_group_after_it_was_looked_at_is_not_answered_with_it(own_db: Any) -> None:
    world = w.build()
    row = opened(world.clerk)
    for tail in ("", "谢谢。"):
        services.comment(row.league, row.id, text=f"请保留早市，方便附近的居民买菜，老人走不远。{tail}")
    grouping.group_round(row.league, row.id)
    group = queries.groups(row)[0].id
    page, at = desk(world.clerk), f"/desk/participation/{row.id}/groups/{group}/"
    assert 'name="until" value="2"' in page.get(at).content.decode()
    services.comment(row.league, row.id, text="请保留早市，方便附近的居民买菜，老人走不远。拜托了。")
    grouping.group_round(row.league, row.id)
    assert page.post(at, {"until": "2", "outcome": "adopted", "reason": "保留"}).status_code == 302
    assert list(Comment.objects.order_by("n").values_list("outcome", flat=True)) == ["adopted", "adopted", ""]


# --- questionnaires --------------------------------------------------------------------------------------------------------------------


def test_a_sheet_is_one_however_often_it_is_sent_and_what_nobody_can_read_is_no_answer(own_db: Any, client: Client) -> None:
    world, today = w.build(), timezone.localdate()
    row = asking.draw_up("1502030001-21-2026-000001-0", "停车问卷", "说明", by=world.clerk)
    asking.add_question(row.league, row.id, by=world.clerk, kind="multiple", text="最关心什么", options="车位\n收费\n安全")
    asking.add_question(row.league, row.id, by=world.clerk, kind="text", text="还有什么建议", must=False)
    asking.publish(row.league, row.id, asking.Period(today, today + timedelta(days=5)), CLEARED, by=world.clerk)
    at = f"/participate/questionnaires/{row.id}/"
    assert 'name="key"' in client.get(at).content.decode()
    answers = {"q1": ["2", "0", "0"], "q2": "\u200b\u200b", "key": "a" * 32}
    codes = {client.post(at, answers).context["said"].code for _ in range(3)}
    assert len(codes) == 1
    assert Filled.objects.get().values == {"q1": [0, 2]}
    assert client.post(at, {**answers, "q1": ["1"]}).status_code == 200
    assert Filled.objects.count() == 2
    for refused in ({"q1": "3"}, {"q1": "²"}, {"q2": "只写建议"}, {}, {"q1": ["0"], "q2": "长" * 1001}):
        assert client.post(at, {**refused, "key": uuid4().hex}).status_code == 400
    lines = "\r\n".join(["一" * 9] * 100)
    assert client.post(at, {"q1": "0", "q2": lines, "key": "b" * 32}).status_code == 200
    assert Filled.objects.count() == 3


def test_a_draft_published_twice_is_one_round_and_only_another_draft_begins_anew(own_db: Any) -> None:
    world = w.build()

    def publish(text: str) -> str:
        try:
            opened(world.clerk, text=text)
        except RejectedError as why:
            return str(why)
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(3) as pool:
        told = sorted(pool.map(publish, ["第一条　为了规范养犬"] * 3))
    assert told[0] == ""
    assert all("已经发布" in each for each in told[1:])
    assert publish("第一条　修改稿") == ""
    assert list(Consultation.objects.order_by("round").values_list("round", "status")) == [(1, "replaced"), (2, "open")]


def test_what_was_summed_up_is_not_summed_up_again_from_an_old_page(own_db: Any) -> None:
    world = w.build()
    row = over(opened(world.clerk))
    at = f"/desk/participation/{row.id}/summarise/"
    assert desk(world.clerk).post(at, {"summary": "没有收到意见"}).status_code == 302
    assert desk(world.clerk).post(at, {"summary": "另一份说明"}).status_code == 422
    assert Consultation.objects.get().summary == "没有收到意见"


def test_an_answer_and_the_summing_up_do_not_cross(own_db: Any) -> None:
    """While it is summed up an answer waits, and is then refused; whoever speaks meanwhile waits for no answer."""
    world = w.build()
    row = opened(world.clerk)
    said = services.comment(row.league, row.id, text="请保留早市")
    services.reply(row.league, [said.id], by=world.drafter, outcome="adopted", reason="保留")
    row = over(row)

    def answer() -> str:
        try:
            services.reply(row.league, [said.id], by=world.drafter, outcome="not_adopted", reason="改变主意")
        except RejectedError as why:
            return str(why)
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            services.summarise(row.league, row.id, by=world.clerk, text="采纳情况")
            waiting = pool.submit(answer)
            with pytest.raises(TimeoutError):
                waiting.result(timeout=1)
        assert "已经公布" in waiting.result()
    assert Comment.objects.get().outcome == "adopted"


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("图.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "的内容不是图片"),
        ("包.zip", b"PK\x03\x04" + bytes(60), "的内容不是图片"),
        ("程序\u202egpj.exe", b"MZ" + bytes(200), "程序gpj.exe"),
        ("../../etc/passwd", b"root:x:0:0", "“passwd”"),
    ],
)
def test_a_file_is_what_its_bytes_are_and_its_name_is_only_a_name(name: str, data: bytes, told: str) -> None:
    with pytest.raises(RejectedError, match=re.escape(told)):
        taking.look([SimpleUploadedFile(name, data)])
