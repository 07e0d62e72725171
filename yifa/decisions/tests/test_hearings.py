"""听证会: the regulation's order holds, nothing written is lost or changed, whoever draws again gets the same list."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from yifa.decisions import hearing_queries as queries
from yifa.decisions import hearings, lots, minutes
from yifa.decisions.case import read
from yifa.decisions.hearings import Notice
from yifa.decisions.models import Applicant, Hearing, Minute
from yifa.decisions.tests import world as w
from yifa.kernel.ledger.models import Entry
from yifa.kernel.people.actors import Actor
from yifa.kernel.refusing import RejectedError
from yifa.participation.tests.clearing import CLEARED

CODE = "1502030011-31-2026-000001-0"
SCAN = [{"title": "签字页.jpg", "sha256": "0" * 64, "size": 1, "mime": "image/jpeg"}]
PUBLIC, TRADE = "城区居民", "供热企业"


def notice(**changed: Any) -> Notice:
    today = timezone.localdate()
    values: dict[str, Any] = {
        "dossier": CODE,
        "title": "城区供热管网改造方案",
        "explanation": "管网老化，拟三年改造",
        "draft_text": "一、改造范围……",
        "on": today + timedelta(days=20),
        "time": time(9, 0),
        "place": "区政务服务中心三楼会议室",
        "method": "按各方名额公开抽签，种子的摘要随公告公布",
        "quotas": [(PUBLIC, 2), (TRADE, 1)],
        "apply_until": today + timedelta(days=10),
        "cleared": CLEARED,
    }
    return Notice(**{**values, **changed})


def announced(by: Actor, **changed: Any) -> Hearing:
    return hearings.announce(notice(**changed), by=by)


def applied(row: Hearing, *sides: str) -> list[hearings.Applied]:
    return [
        hearings.apply(row.league, row.id, side=side, name=f"样本{n}", phone=f"1380000{n:04d}")
        for n, side in enumerate(sides, row.applicants)
    ]


def fresh(row: Hearing) -> Hearing:
    return Hearing.objects.get(league=row.league, id=row.id)


def moved(row: Hearing, **days: Any) -> Hearing:
    """The same hearing as if time had gone by."""
    Hearing.objects.filter(league=row.league, id=row.id).update(**days)
    return fresh(row)


def drawn(by: Actor) -> Hearing:
    row = announced(by)
    applied(row, PUBLIC, PUBLIC, PUBLIC, PUBLIC, TRADE, TRADE)
    row = moved(row, apply_until=timezone.localdate() - timedelta(days=1))
    return hearings.draw(row.league, row.id, by=by)


def listed(by: Actor) -> Hearing:
    row = drawn(by)
    hearings.publish_list(row.league, row.id, by=by)
    return fresh(row)


def on_its_day(by: Actor) -> Hearing:
    row = listed(by)
    hearings.send(row.league, row.id, by=by, sent_on=timezone.localdate())
    today = timezone.localdate()
    return moved(row, on=today, sent_on=today - timedelta(days=7), listed_on=today - timedelta(days=8))


def held(by: Actor) -> Hearing:
    row = on_its_day(by)
    hearings_begin(row, by)
    return fresh(row)


def hearings_begin(row: Hearing, by: Actor) -> None:
    minutes.begin(row.league, row.id, by=by, host="主持样本", present=[each.n for each in queries.participants(row)])


def say(row: Hearing, by: Actor, part: str, text: str = "我同意这个方案", **more: Any) -> int:
    return minutes.write(row.league, row.id, by=by, key=more.pop("key", uuid4()), part=part, speaker="样本", text=text, **more)


def recorded(by: Actor) -> Hearing:
    row = held(by)
    for part in ("introduced", "stated", "debated"):
        say(row, by, part)
    minutes.conclude(row.league, row.id, by=by)
    return fresh(row)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"draft_text": ""}, "第十六条第二款"),
        ({"place": " "}, "第十六条第二款"),
        ({"method": ""}, "遴选办法.*第十六条第三款"),
        ({"quotas": [(PUBLIC, 2), (PUBLIC, 1)]}, "相关各方.*第十六条第三款"),
        ({"quotas": [(PUBLIC, 0)]}, "名额"),
        ({"quotas": []}, "相关各方"),
        ({"apply_until": timezone.localdate()}, "晚于今天"),
        ({"on": timezone.localdate() + timedelta(days=17)}, "7日前送达.*最早在"),
    ],
)
def test_a_notice_says_what_the_regulation_wants(own_db: Any, changed: dict[str, Any], told: str) -> None:
    world = w.build()
    with pytest.raises(RejectedError, match=told):
        announced(world.drafter, **changed)
    assert not Hearing.objects.exists()


def test_eight_days_after_the_last_application_is_enough(own_db: Any) -> None:
    world = w.build()
    row = announced(world.drafter, on=timezone.localdate() + timedelta(days=18))
    assert (row.seed, len(row.commitment)) == ("", 64)
    assert row.commitment not in bytes(row.seed_sealed).decode("latin-1")
    with pytest.raises(RejectedError, match="没有结束"):
        announced(world.drafter)


def test_one_person_applies_once_and_finds_himself_by_his_code(own_db: Any) -> None:
    world = w.build()
    row = announced(world.drafter)
    first = hearings.apply(row.league, row.id, side=PUBLIC, name="样本甲", phone="138 0000 0001")
    with pytest.raises(RejectedError, match="已经报过名"):
        hearings.apply(row.league, row.id, side=TRADE, name="样本乙", phone="+86 138-0000-0001")
    with pytest.raises(RejectedError, match="代表的一方"):
        hearings.apply(row.league, row.id, side="无此方", name="样本乙", phone="13800000002")
    found = queries.own(first.code.lower())
    assert found is not None
    assert (found[0].n, found[0].side, found[1].id) == (1, PUBLIC, row.id)
    assert queries.own("") is None
    stored = Applicant.objects.get()
    assert b"13800000001" not in bytes(stored.phone_sealed)
    assert "样本甲".encode() not in bytes(stored.name_sealed)
    open_payload = Entry.objects.get(chain=f"application:{row.id}-1")
    assert "样本甲" not in bytes(open_payload.body).decode()


def test_nobody_applies_after_the_last_day_nor_draws_before_it(own_db: Any) -> None:
    world = w.build()
    row = announced(world.drafter)
    applied(row, PUBLIC, TRADE)
    moved(row, apply_until=timezone.localdate())
    with pytest.raises(RejectedError, match="截止以后才能抽签"):
        hearings.draw(row.league, row.id, by=world.drafter)
    applied(fresh(row), PUBLIC)
    moved(row, apply_until=timezone.localdate() - timedelta(days=1))
    with pytest.raises(RejectedError, match="截止"):
        applied(fresh(row), PUBLIC)
    assert hearings.draw(row.league, row.id, by=world.drafter).status == "drawn"


def test_applications_at_once_get_numbers_without_gaps_and_a_telephone_only_one(own_db: Any) -> None:
    world = w.build()
    row = announced(world.drafter)

    def come(n: int) -> int:
        try:
            return hearings.apply(row.league, row.id, side=PUBLIC, name=f"样本{n}", phone=f"1390000{n // 2:04d}").n
        except RejectedError:
            return 0
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        numbers = sorted(pool.map(come, range(40)))
    assert numbers == [0] * 20 + list(range(1, 21))
    assert Applicant.objects.count() == fresh(row).applicants == 20


def test_the_lot_can_be_drawn_again_and_a_side_is_never_left_out(own_db: Any) -> None:
    world = w.build()
    row = announced(world.drafter)
    applied(row, PUBLIC, PUBLIC, PUBLIC)
    moved(row, apply_until=timezone.localdate() - timedelta(days=1))
    with pytest.raises(RejectedError, match=r"供热企业.*还没有人报名"):
        hearings.draw(row.league, row.id, by=world.drafter)
    moved(row, apply_until=timezone.localdate() + timedelta(days=1))
    applied(fresh(row), TRADE)
    moved(row, apply_until=timezone.localdate() - timedelta(days=1))
    row = hearings.draw(row.league, row.id, by=world.drafter)
    assert lots.commitment(row.seed) == row.commitment
    shown = {each.side: each for each in queries.lot(row)}
    assert all(not each.faults for each in shown.values())
    assert [str(n) for _, n, _, chosen, _ in shown[PUBLIC].rows if chosen] == list(lots.draw(row.seed, ["1", "2", "3"], 2))
    assert [n for _, n, _, chosen, _ in shown[TRADE].rows if chosen] == [4]
    with pytest.raises(RejectedError, match="已产生参加人"):
        hearings.draw(row.league, row.id, by=world.drafter)
    # Whoever changes the table is found out by anybody.
    moved(row, ranking={**row.ranking, PUBLIC: row.ranking[PUBLIC][::-1]})
    assert "名次与重新计算的结果不符" in queries.lot(fresh(row))[0].faults


def test_who_cannot_come_is_followed_by_the_next_in_rank(own_db: Any) -> None:
    world = w.build()
    row = listed(world.drafter)
    hearings.send(row.league, row.id, by=world.drafter, sent_on=timezone.localdate())
    order = row.ranking[PUBLIC]
    follower = hearings.substitute(row.league, row.id, int(order[0]), by=world.drafter, reason="出差")
    assert str(follower) == order[2]
    assert {str(each.n) for each in queries.participants(fresh(row)) if each.side == PUBLIC} == {order[1], order[2]}
    assert fresh(row).sent_on is None, "the new participant has no materials yet"
    today = timezone.localdate()
    moved(row, on=today + timedelta(days=6))
    assert hearings.substitute(row.league, row.id, int(order[1]), by=world.drafter, reason="生病") is None


def test_the_list_stands_before_the_day_and_materials_arrive_seven_days_before(own_db: Any) -> None:
    world = w.build()
    row, today = drawn(world.drafter), timezone.localdate()
    with pytest.raises(RejectedError, match="已产生参加人"):
        hearings.send(row.league, row.id, by=world.drafter, sent_on=today)
    moved(row, on=today)
    with pytest.raises(RejectedError, match=r"以前公布.*第十六条第三款"):
        hearings.publish_list(row.league, row.id, by=world.drafter)
    moved(row, on=today + timedelta(days=6))
    hearings.publish_list(row.league, row.id, by=world.drafter)
    with pytest.raises(RejectedError, match=r"7日前送达.*第十六条第三款"):
        hearings.send(row.league, row.id, by=world.drafter, sent_on=today)
    later = today + timedelta(days=7)
    last = fresh(row).apply_until
    hearings.change(row.league, row.id, by=world.drafter, on=later, time=time(9), place="", apply_until=last, reason="保证送达时间")
    hearings.send(row.league, row.id, by=world.drafter, sent_on=today)
    assert fresh(row).sent_on == today
    with pytest.raises(RejectedError, match="早于送达"):
        hearings.change(
            row.league, row.id, by=world.drafter, on=later - timedelta(days=1), time=time(9), place="", apply_until=last, reason="提前"
        )


def test_it_begins_on_its_day_only_and_after_the_materials(own_db: Any) -> None:
    world = w.build()
    row = listed(world.drafter)
    with pytest.raises(RejectedError, match="公告的听证日期"):
        hearings_begin(row, world.drafter)
    row = moved(row, on=timezone.localdate())
    with pytest.raises(RejectedError, match="第十六条第三款"):
        hearings_begin(row, world.drafter)
    row = moved(row, sent_on=timezone.localdate() - timedelta(days=6))
    with pytest.raises(RejectedError, match="第十六条第三款"):
        hearings_begin(row, world.drafter)
    row = moved(row, sent_on=timezone.localdate() - timedelta(days=7))
    with pytest.raises(RejectedError, match="勾选"):
        minutes.begin(row.league, row.id, by=world.drafter, host="主持样本", present=[99])
    hearings_begin(row, world.drafter)
    assert fresh(row).status == "held"


def test_the_draft_is_introduced_first_and_nothing_is_left_out(own_db: Any) -> None:
    world = w.build()
    row = held(world.drafter)
    with pytest.raises(RejectedError, match=r"先由决策承办单位介绍.*第十七条第一项"):
        say(row, world.drafter, "stated")
    with pytest.raises(RejectedError, match="哪一步"):
        say(row, world.drafter, "signed")
    say(row, world.drafter, "introduced")
    say(row, world.drafter, "stated")
    with pytest.raises(RejectedError, match=r"询问、质证、辩论.*第十七条"):
        minutes.conclude(row.league, row.id, by=world.drafter)
    say(row, world.drafter, "debated", corrects=2)
    with pytest.raises(RejectedError, match="没有第9条"):
        say(row, world.drafter, "debated", corrects=9)
    minutes.conclude(row.league, row.id, by=world.drafter)
    with pytest.raises(RejectedError, match="笔录待确认"):
        say(row, world.drafter, "debated")


def test_several_clerks_write_at_once_and_nothing_is_lost(own_db: Any) -> None:
    world = w.build()
    row = held(world.drafter)
    say(row, world.drafter, "introduced")
    keys = [uuid4() for _ in range(30)]

    def writes(n: int) -> int:
        clerk = (world.drafter, world.clerk)[n % 2]
        try:
            # Every entry is sent twice, as a browser does that got no answer.
            return say(row, clerk, "stated", f"第{n // 2}段", key=keys[n // 2])
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(writes, range(60)))
    assert sorted(set(numbers)) == list(range(2, 32))
    assert all(numbers[n] == numbers[n + 1] for n in range(0, 60, 2))
    assert [each.n for each in queries.minutes(row)] == list(range(1, 32))
    entries = Entry.objects.filter(chain=hearings.chain(row.id), step="minute").order_by("seq")
    assert entries.count() == 31
    assert {each.text for each in queries.minutes(row)} == {"我同意这个方案", *(f"第{n}段" for n in range(30))}


def test_who_came_confirms_or_is_noted_to_have_refused(own_db: Any) -> None:
    world = w.build()
    row = announced(world.drafter)
    codes = {each.n: each.code for each in applied(row, PUBLIC, PUBLIC, TRADE)}
    today = timezone.localdate()
    row = moved(row, apply_until=today - timedelta(days=1))
    hearings.draw(row.league, row.id, by=world.drafter)
    hearings.publish_list(row.league, row.id, by=world.drafter)
    row = moved(row, on=today, sent_on=today - timedelta(days=7))
    minutes.begin(row.league, row.id, by=world.drafter, host="主持样本", present=[1, 3])
    with pytest.raises(RejectedError, match="不在确认"):
        minutes.confirm(codes[1])
    for part in ("introduced", "stated", "debated"):
        say(row, world.drafter, part)
    minutes.conclude(row.league, row.id, by=world.drafter)
    with pytest.raises(RejectedError, match=r"还没有确认笔录.*第十七条第三项"):
        minutes.close(row.league, row.id, by=world.drafter)
    minutes.confirm(codes[1], remark="第2条应为“部分同意”")
    with pytest.raises(RejectedError, match="已经登记"):
        minutes.confirm(codes[1])
    with pytest.raises(RejectedError, match="到会"):
        minutes.confirm(codes[2])
    with pytest.raises(RejectedError, match="没有这个查询码"):
        minutes.confirm("0000-0000-0000")
    with pytest.raises(RejectedError, match="签字页"):
        minutes.sign(row.league, row.id, 3, by=world.drafter)
    minutes.sign(row.league, row.id, 3, by=world.drafter, refused="认为记录不全，中途离场")
    minutes.close(row.league, row.id, by=world.drafter)
    assert fresh(row).status == "closed"
    told = [each.text for each in Minute.objects.filter(part="signed").order_by("n")]
    assert "部分同意" in told[0]
    assert told[1].startswith("拒绝签字")


def test_another_body_does_nothing_here(own_db: Any) -> None:
    world = w.build()
    row = announced(world.drafter)
    for act in (hearings.draw, hearings.publish_list, minutes.conclude, minutes.close):
        with pytest.raises(RejectedError, match="本机关没有"):
            act(row.league, row.id, by=world.stranger)
    with pytest.raises(RejectedError, match="本机关没有"):
        hearings.apply(row.league, row.id, side=PUBLIC, name="样本", phone="13800000009", by=world.stranger)


def test_a_cancelled_hearing_makes_room_for_another(own_db: Any) -> None:
    world = w.build()
    row = announced(world.drafter)
    with pytest.raises(RejectedError, match="理由"):
        hearings.cancel(row.league, row.id, by=world.drafter, reason="")
    hearings.cancel(row.league, row.id, by=world.drafter, reason="方案重大调整")
    assert queries.of_dossier(row.league, CODE) == {}
    assert announced(world.drafter).status == "announced"


def test_the_matter_reads_what_the_hearing_shows(own_db: Any) -> None:
    world = w.build()
    assert queries.of_dossier(w.LEAGUE, CODE) == {}
    row = announced(world.drafter)
    assert set(queries.of_dossier(row.league, CODE)) == {"hearing_on", "hearing_method", "hearing_sides"}
    Hearing.objects.all().delete()
    row = recorded(world.drafter)
    for each in queries.participants(row):
        minutes.sign(row.league, row.id, each.n, by=world.drafter, files=SCAN)
    told = queries.of_dossier(row.league, CODE)
    facts = read({}, {"hearing": told}, timezone.now())
    assert facts.hearing_on == date.fromisoformat(told["hearing_on"])
    assert facts.hearing_parts == {"introduced", "stated", "debated", "signed"}
    assert {each["side"] for each in facts.hearing_people} == {each["side"] for each in facts.hearing_sides} == {PUBLIC, TRADE}
    assert (facts.hearing_on - facts.hearing_sent_on).days == 7
