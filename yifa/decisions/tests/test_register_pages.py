"""Pages of experts, hearings and the public catalogue: a citizen applies and confirms, a clerk writes, nobody reads what is not his."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from yifa.decisions import hearing_queries, hearings, minutes
from yifa.decisions.models import Applicant, CatalogueItem, Drawing, Engagement, Expert, Hearing, Minute
from yifa.decisions.tests import world as w
from yifa.decisions.tests.test_experts import CODE, kept
from yifa.decisions.tests.test_hearings import PUBLIC, TRADE, announced, applied, fresh, held, listed, moved
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.models import Person, Reading
from yifa.participation.services import Draft, open_consultation
from yifa.participation.tests.clearing import CLEARED


def signed_in(actor: Actor) -> Client:
    client = Client()
    client.force_login(Person.objects.get(pk=actor.person), backend="django.contrib.auth.backends.ModelBackend")
    return client


def text(response: Any) -> str:
    return str(response.content.decode())


# The public's pages


def test_a_citizen_applies_without_signing_in_and_finds_his_application(own_db: Any) -> None:
    world = w.build()
    row = announced(world.drafter)
    client = Client()
    assert row.title in text(client.get("/decisions/hearings/"))
    address = f"/decisions/hearings/{row.id}/"
    page = text(client.get(address))
    assert row.commitment in page
    assert "抽签时公布" in page
    refused = client.post(address, {"side": PUBLIC, "name": "", "phone": "13800000001"})
    assert (refused.status_code, "请写明姓名" in text(refused)) == (400, True)
    taken = client.post(address, {"side": PUBLIC, "name": "<b>样本</b>", "phone": "13800000001"})
    code = taken.context["taken"].code
    assert code in text(taken)
    mine = client.post("/decisions/hearings/mine/", {"code": code.lower().replace("-", " ")})
    assert "等待抽签" in text(mine)
    assert client.post("/decisions/hearings/mine/", {"code": "0000-0000-0000"}).status_code == 404
    # Neither name nor telephone of an applicant stands on any public page.
    assert "13800000001" not in text(client.get(address)) + text(mine)
    assert client.get(f"/decisions/hearings/{uuid4()}/").status_code == 404


def test_one_address_cannot_flood_a_hearing(own_db: Any) -> None:
    world = w.build()
    row = announced(world.drafter)
    client = Client()
    sent = [
        client.post(f"/decisions/hearings/{row.id}/", {"side": PUBLIC, "name": f"样本{n}", "phone": f"1380000{n:04d}"}).status_code
        for n in range(7)
    ]
    assert sent == [200] * 5 + [429] * 2
    assert Applicant.objects.count() == 5


def test_everybody_draws_the_lot_again_and_reads_the_list_once_it_is_published(own_db: Any) -> None:
    world = w.build()
    row = listed(world.drafter)
    page = text(Client().get(f"/decisions/hearings/{row.id}/"))
    assert row.seed in page
    assert "本页已重新计算，与公布的名次一致" in page
    assert all(each.listed_as in page for each in hearing_queries.participants(row))
    moved(row, ranking={**row.ranking, PUBLIC: row.ranking[PUBLIC][::-1]})
    assert "名次与重新计算的结果不符" in text(Client().get(f"/decisions/hearings/{row.id}/"))


def test_a_participant_confirms_the_minutes_by_his_code(own_db: Any) -> None:
    world = w.build()
    row, today = announced(world.drafter), timezone.localdate()
    taken = applied(row, PUBLIC, TRADE)
    row = moved(row, apply_until=today - timedelta(days=1))
    hearings.draw(row.league, row.id, by=world.drafter)
    hearings.publish_list(row.league, row.id, by=world.drafter)
    row = moved(row, on=today, sent_on=today - timedelta(days=7))
    minutes.begin(row.league, row.id, by=world.drafter, host="主持样本", present=[1, 2])
    for part in ("introduced", "stated", "debated"):
        minutes.write(row.league, row.id, by=world.drafter, key=uuid4(), part=part, speaker="样本", text="不能提前公开的话")
    assert "不能提前公开的话" not in text(Client().get(f"/decisions/hearings/{row.id}/"))
    minutes.conclude(row.league, row.id, by=world.drafter)
    shown = text(Client().post("/decisions/hearings/mine/", {"code": taken[0].code}))
    assert "不能提前公开的话" in shown
    done = Client().post("/decisions/hearings/mine/", {"code": taken[0].code, "act": "confirm", "remark": ""})
    assert "已确认笔录" in text(done)
    again = Client().post("/decisions/hearings/mine/", {"code": taken[0].code, "act": "confirm"})
    assert (again.status_code, "已经登记" in text(again)) == (400, True)
    minutes.sign(row.league, row.id, 2, by=world.drafter, refused="中途离场")
    minutes.close(row.league, row.id, by=world.drafter)
    assert "不能提前公开的话" in text(Client().get(f"/decisions/hearings/{row.id}/"))


def test_the_catalogue_shows_where_a_matter_stands_and_what_is_open_now(own_db: Any) -> None:
    world, today = w.build(), timezone.localdate()
    assert "还没有公布的目录" in text(Client().get("/decisions/"))
    item = w.listed(world)
    page = text(Client().get("/decisions/"))
    assert item.title in page
    assert "尚未启动" in page
    assert item.party_number in page
    ref = w.propose(world)
    CatalogueItem.objects.filter(id=item.id).update(dossier=ref.code)
    assert "正在研究论证" in text(Client().get("/decisions/"))
    draft = Draft(ref.code, item.title, "说明", "第一条", today, today + timedelta(days=30), CLEARED)
    asked = open_consultation(draft, by=world.clerk)
    page = text(Client().get("/decisions/"))
    assert f"/participate/{asked.id}/" in page
    assert "现在可以参与" in page
    row = announced(world.drafter, dossier=ref.code)
    type(asked).objects.all().update(status="closed")
    assert f"/decisions/hearings/{row.id}/" in text(Client().get("/decisions/"))
    feed = Client().get("/decisions/changes.rss")
    assert feed["Content-Type"].startswith("application/rss+xml")
    assert text(feed).count("<item>") == 2
    assert "听证公告" in text(feed)
    assert "没有公布目录" in text(Client().get(f"/decisions/?region=150203&year={today.year - 1}"))


def test_what_is_not_published_or_not_to_be_public_is_not_shown(own_db: Any) -> None:
    world = w.build()
    item = w.listed(world)
    for changed in (
        {"is_open": False},
        {"published_on": None},
        {"published_on": timezone.localdate() + timedelta(days=1)},
        {"status": "added"},
    ):
        before = {key: getattr(item, key) for key in changed}
        CatalogueItem.objects.filter(id=item.id).update(**changed)
        assert item.title not in text(Client().get("/decisions/")) + text(Client().get("/decisions/changes.rss")), changed
        CatalogueItem.objects.filter(id=item.id).update(**before)
    CatalogueItem.objects.filter(id=item.id).update(status="removed", removed_on=timezone.localdate(), removal_number="包昆政发〔2026〕9号")
    page = text(Client().get("/decisions/"))
    assert "已调出目录" in page
    assert "包昆政发〔2026〕9号" in page


def test_a_longer_catalogue_takes_no_more_statements(own_db: Any) -> None:
    world = w.build()

    def statements() -> int:
        with CaptureQueriesContext(connection) as found:
            Client().get("/decisions/")
        return len(found)

    w.listed(world)
    few = statements()
    for n in range(20):
        w.listed(world, f"样本事项{n}")
    assert statements() == few


# The desk


def test_a_notice_is_published_from_the_desk_with_the_articles_in_every_refusal(own_db: Any) -> None:
    world, today = w.build(), timezone.localdate()
    ref = w.propose(world)
    client = signed_in(world.drafter)
    assert ref.code in text(client.get("/desk/decisions/hearings/new/"))
    form = {
        "dossier": ref.code,
        "title": "城区供热管网改造方案",
        "explanation": "说明",
        "draft_text": "一、范围",
        "apply_until": (today + timedelta(days=10)).isoformat(),
        "on": (today + timedelta(days=17)).isoformat(),
        "time": "09:00",
        "place": "三楼会议室",
        "method": "公开抽签",
        "side0": PUBLIC,
        "seats0": "5",
        "side1": TRADE,
        "seats1": "2",
        "openness": "public",
        "secrecy_reviewer": "王样本",
        "secrecy_passed": "true",
    }
    early = client.post("/desk/decisions/hearings/new/", form)
    assert (early.status_code, "《重大行政决策程序暂行条例》第十六条第三款" in text(early)) == (422, True)
    assert client.post("/desk/decisions/hearings/new/", form | {"seats0": "几个"}).status_code == 422
    assert client.post("/desk/decisions/hearings/new/", form | {"on": "下周"}).status_code == 422
    in_time = form | {"on": (today + timedelta(days=18)).isoformat()}
    for unsettled in ({"secrecy_passed": ""}, {"secrecy_reviewer": " "}, {"openness": "on_request"}):
        refused = client.post("/desk/decisions/hearings/new/", in_time | unsettled)
        assert (refused.status_code, "政府信息公开条例第十七条" in text(refused)) == (422, True)
    done = client.post("/desk/decisions/hearings/new/", in_time)
    row = Hearing.objects.get()
    assert (done.status_code, done.headers["Location"]) == (302, f"/desk/decisions/hearings/{row.id}/")
    assert row.quotas == [{"side": PUBLIC, "seats": 5}, {"side": TRADE, "seats": 2}]
    assert "正在报名" in text(client.get(f"/desk/decisions/hearings/{row.id}/"))
    assert signed_in(world.stranger).get(f"/desk/decisions/hearings/new/?dossier={ref.code}").status_code == 404


def test_a_hearing_is_led_from_the_desk_from_the_lot_to_the_end(own_db: Any) -> None:
    world, today = w.build(), timezone.localdate()
    row = announced(world.drafter)
    client = signed_in(world.drafter)
    base = f"/desk/decisions/hearings/{row.id}/"
    entered = client.post(f"{base}enter/", {"side": PUBLIC, "name": "来电样本", "phone": "0472-5550001"}, follow=True)
    assert "查询码告诉报名的人" in text(entered)
    applied(fresh(row), PUBLIC, TRADE)
    assert "截止以后才能抽签" in text(client.post(f"{base}draw/", follow=True))
    moved(row, apply_until=today - timedelta(days=1))
    assert "已抽签" in text(client.post(f"{base}draw/", follow=True))
    assert "已公布听证参加人名单" in text(client.post(f"{base}list/", follow=True))
    assert "已登记材料送达" in text(client.post(f"{base}send/", {"sent_on": today.isoformat()}, follow=True))
    moved(row, on=today, sent_on=today - timedelta(days=7))
    begun = client.post(f"{base}begin/", {"host": "主持样本", "present": ["1", "2", "3"]}, follow=True)
    assert "听证会开始" in text(begun)
    key = str(uuid4())
    for _ in range(2):
        wrote = client.post(f"{base}write/", {"key": key, "part": "introduced", "speaker": "承办单位", "text": "介绍"}, follow=True)
    assert Minute.objects.count() == 1
    assert wrote.redirect_chain[-1][0] == f"{base}minutes/?part=introduced#write"
    assert "笔录里还没有" in text(client.post(f"{base}conclude/", follow=True))
    for part in ("stated", "debated"):
        client.post(f"{base}write/", {"key": str(uuid4()), "part": part, "speaker": "来电样本", "text": "赞成"})
    assert "请到会的参加人确认" in text(client.post(f"{base}conclude/", follow=True))
    late = client.post(f"{base}write/", {"key": str(uuid4()), "part": "stated", "speaker": "来电样本", "text": "我还有一句"})
    assert late.status_code == 422
    assert "没有记下的内容（来电样本）：我还有一句" in text(late)
    opened_by_hand = client.get(f"{base}write/")
    assert opened_by_hand.status_code == 405
    assert "这里不能直接打开" in text(opened_by_hand)
    for n in ("1", "2"):
        client.post(f"{base}sign/", {"n": n, "refused": "已离场"})
    assert "还没有确认笔录" in text(client.post(f"{base}close/", follow=True))
    client.post(f"{base}sign/", {"n": "3", "scan": [str(w.file(world.drafter))]})
    assert "已经办结" in text(client.post(f"{base}close/", follow=True))
    assert client.post(f"{base}nothing/").status_code == 404


def test_names_and_telephones_are_shown_to_the_organiser_only_and_each_look_is_noted(own_db: Any) -> None:
    world = w.build()
    row = held(world.drafter)
    client, base = signed_in(world.drafter), f"/desk/decisions/hearings/{row.id}/"
    for page in ("", "minutes/"):
        assert "1380000" not in text(client.get(base + page))
    assert not Reading.objects.exists()
    assert "13800000001" in text(client.get(f"{base}people/"))
    line = Reading.objects.get()
    assert (line.items, line.subject, line.ground) == (["applicant"], f"hearing:{row.id}", "own")
    assert signed_in(world.stranger).get(f"{base}people/").status_code == 404
    assert signed_in(world.supervisor).get(f"{base}people/").status_code == 403


def test_the_register_of_experts_is_kept_and_used_from_the_desk(own_db: Any) -> None:
    world = w.build()
    office, drafter = signed_in(world.office), signed_in(world.drafter)
    assert "专家库里还没有人" in text(drafter.get("/desk/decisions/experts/"))
    form = {"name": "专家甲", "employer": "样本大学", "fields": "法律、财政", "phone": "13700000001"}
    assert drafter.post("/desk/decisions/experts/", form).status_code == 404
    assert office.post("/desk/decisions/experts/", form).status_code == 302
    assert office.post("/desk/decisions/experts/", form).status_code == 422
    row = Expert.objects.get()
    pasted = {"act": "paste", "rows": "专家甲\t样本大学\t法律\n专家乙\t样本学院\t财政\n"}
    told = office.post("/desk/decisions/experts/", pasted)
    assert (told.status_code, "第1行" in text(told), "入库1人" in text(told)) == (422, True, True)
    Expert.objects.exclude(id=row.id).delete()
    address = f"/desk/decisions/experts/{row.id}/"
    assert "13700000001" not in text(drafter.get(address))
    assert not Reading.objects.exists()
    assert "13700000001" in text(office.get(address))
    assert Reading.objects.get().items == ["expert"]
    assert "专家甲" in text(drafter.get("/desk/decisions/experts/?field=财政&q=样本"))
    assert "没有符合条件" in text(drafter.get("/desk/decisions/experts/?q=无此人"))
    assert office.post(address, {"act": "status", "status": "suspended", "reason": "未履行义务"}).status_code == 302
    assert "暂停" in text(drafter.get("/desk/decisions/experts/"))
    assert drafter.post(address, {"act": "status", "status": "left", "reason": "不该能改"}).status_code == 404


def test_experts_are_drawn_for_a_matter_from_the_desk(own_db: Any) -> None:
    world = w.build()
    people = kept(world.office, 4)
    ref = w.propose(world)
    client = signed_in(world.drafter)
    assert ref.code in text(client.get("/desk/decisions/experts/draw/"))
    opened = client.post("/desk/decisions/experts/draw/", {"dossier": ref.code, "field": "法律", "n": "2"})
    row = Drawing.objects.get()
    base = f"/desk/decisions/experts/draw/{row.id}/"
    assert opened.headers["Location"] == base
    assert client.post("/desk/decisions/experts/draw/", {"dossier": ref.code, "field": "法律", "n": "2"}).status_code == 422
    assert "抽取时公开" in text(client.get(base))
    client.post(f"{base}draw/", {f"aside-{people[0].id}": "参与过本方案起草"})
    page = text(client.get(base))
    assert "已重新计算，与记录一致" in page
    assert "参与过本方案起草" in page
    first, second = Engagement.objects.order_by("rank")
    stated = {"engagement": str(first.id), "interest": "yes", "belongs": "no", "reason": "持股", "on": timezone.localdate().isoformat()}
    assert "由下一名递补" in text(client.post(f"{base}declare/", stated, follow=True))
    stated |= {"engagement": str(second.id), "interest": "no", "reason": ""}
    client.post(f"{base}declare/", stated)
    paying = {"engagement": str(second.id), "fee": "800.505", "on": timezone.localdate().isoformat()}
    assert "最多两位小数" in text(client.post(f"{base}pay/", paying, follow=True))
    client.post(f"{base}pay/", paying | {"fee": "1,200.50"})
    assert "1,200.50 元" in text(client.get(base))
    assert signed_in(world.stranger).get(base).status_code == 404
    assert client.post("/desk/decisions/experts/draw/", {"dossier": CODE, "field": "法律", "n": "2"}).status_code == 404
