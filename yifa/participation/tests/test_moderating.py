"""What everybody reads of an opinion is in the hands of whoever asked, both ways and with a reason; the opinion itself in nobody's."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from yifa.kernel.ledger.models import Entry, Payload
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.models import Person, Reading
from yifa.kernel.refusing import RejectedError
from yifa.normative.tests import world as w
from yifa.participation import batches, moderating, queries, services
from yifa.participation.models import Batch, Comment, Consultation
from yifa.participation.tests.test_participation import SCAN, opened, over

TEXT = "楼下的李样本家夜里狗叫，李样本不听劝，请写明扰民怎样处理。"


def desk(by: Actor) -> Client:
    client = Client()
    client.force_login(Person.objects.get(pk=by.person), backend="django.contrib.auth.backends.ModelBackend")
    return client


def steps(said: services.Said) -> list[str]:
    return list(Entry.objects.filter(chain=f"comment:{said.id}").order_by("seq").values_list("step", flat=True))


def summed_up(row: Consultation, world: w.World, *said: services.Said, reason: str = "已经写明") -> None:
    services.reply(row.league, [each.id for each in said], by=world.drafter, outcome="adopted", reason=reason)
    services.summarise(row.league, over(row).id, by=world.clerk, text="采纳情况")


def public(row: Consultation) -> str:
    return Client().get(f"/participate/{row.id}/").content.decode()


def test_what_was_hidden_by_mistake_is_shown_again_and_both_acts_stay(own_db: Any) -> None:
    world = w.build()
    row = opened(world.clerk)
    said, other = (services.comment(row.league, row.id, text=text) for text in ("请保留早市", "请延长公交"))
    batches.batch_opinions(at=timezone.now())
    root = Batch.objects.get().root
    summed_up(row, world, said, other)
    page = desk(world.clerk)
    address = f"/desk/participation/{row.id}/opinions/1/"
    assert page.post(f"{address}hide/", {"reason": "以为是广告"}).status_code == 302
    assert "请保留早市" not in public(row)
    assert queries.tally(row).hidden == 1
    assert page.post(f"{address}show/", {"reason": ""}).status_code == 422
    assert "请保留早市" not in public(row)
    assert page.post(f"{address}show/", {"reason": "看错了，是正常意见"}).status_code == 302
    assert "请保留早市" in public(row)
    assert "以为是广告" not in public(row)
    assert (queries.tally(row).hidden, queries.tally(row).total) == (0, 2)
    assert steps(said) == ["say", "reply", "hide", "show"]
    told = page.get(address).content.decode()
    assert "以为是广告" in told
    assert "看错了，是正常意见" in told
    assert "恢复显示" in told
    assert batches.batch_opinions(at=timezone.now()) == 0
    assert Batch.objects.get().root == root


def test_only_what_is_hidden_is_shown_again_by_the_body_that_asked(own_db: Any) -> None:
    world = w.build()
    row = opened(world.clerk)
    said = services.comment(row.league, row.id, text="请保留早市")
    with pytest.raises(RejectedError, match="没有不予显示"):
        moderating.show(row.league, said.id, by=world.clerk, reason="看错了")
    moderating.hide(row.league, said.id, by=world.clerk, reason="广告")
    with pytest.raises(RejectedError, match="本机关没有"):
        moderating.show(row.league, said.id, by=world.stranger, reason="看错了")
    assert desk(world.stranger).post(f"/desk/participation/{row.id}/opinions/1/show/", {"reason": "看错了"}).status_code == 404
    assert Comment.objects.get().hidden_at is not None


def test_several_are_hidden_or_none(own_db: Any) -> None:
    world = w.build()
    row = opened(world.clerk)
    first, second = (services.comment(row.league, row.id, text=f"第{n}条广告") for n in (1, 2))
    moderating.hide(row.league, second.id, by=world.clerk, reason="广告")
    answer = desk(world.clerk).post(f"/desk/participation/{row.id}/hide/", {"comment": [first.id, second.id], "reason": "广告"})
    assert answer.status_code == 422
    assert queries.tally(row).hidden == 1
    assert desk(world.clerk).post(f"/desk/participation/{row.id}/hide/", {"reason": "广告"}).status_code == 422


def test_words_are_veiled_for_everybody_and_for_nobody_else(own_db: Any) -> None:
    """Before publication and after it, in the clause and in the answer too; the author, the record and its first entry are as before."""
    world = w.build()
    row = opened(world.clerk)
    said = services.comment(row.league, row.id, text=TEXT, clause="第三条（李样本）")
    first = bytes(Entry.objects.get(chain=f"comment:{said.id}", seq=1).hash)
    page, address = desk(world.drafter), f"/desk/participation/{row.id}/opinions/1/"
    assert page.post(f"{address}veil/", {"words": "李样本", "reason": "涉及他人姓名"}).status_code == 302
    summed_up(row, world, said, reason="已联系李样本")
    assert "李样本" not in public(row)
    assert "楼下的（已隐去）家夜里狗叫，（已隐去）不听劝" in public(row)
    assert "已联系（已隐去）" in public(row)
    mine = Client().post("/participate/opinion/", {"code": said.code}).content.decode()
    assert TEXT in mine
    assert "涉及他人姓名" in mine
    assert Comment.objects.get().text == TEXT
    assert bytes(Entry.objects.get(chain=f"comment:{said.id}", seq=1).hash) == first
    # A second time, after publication, and undone: at once, on the record, with its reason.
    assert page.post(f"{address}veil/", {"words": "楼下", "reason": "涉及住址"}).status_code == 302
    assert "（已隐去）的（已隐去）家" in public(row)
    assert page.post(f"{address}unveil/", {"words": "楼下", "reason": ""}).status_code == 422
    assert page.post(f"{address}unveil/", {"words": "楼下", "reason": "不是住址"}).status_code == 302
    assert "楼下的（已隐去）家" in public(row)
    assert steps(said) == ["say", "veil", "reply", "veil", "unveil"]
    told = page.get(address).content.decode()
    assert "不是住址" in told
    assert "“楼下”" in told


def test_the_record_keeps_the_words_on_its_closed_side_alone(own_db: Any) -> None:
    world = w.build()
    row = opened(world.clerk)
    said = services.comment(row.league, row.id, text=TEXT)
    moderating.veil(row.league, said.id, by=world.clerk, words="李样本", reason="涉及他人姓名")
    sides = dict(Payload.objects.filter(chain=f"comment:{said.id}", seq=2).values_list("side", "payload"))
    assert "李样本" in (sides["closed"] or "")
    assert "李样本" not in (sides["open"] or "")
    assert "李样本" not in bytes(Entry.objects.get(chain=f"comment:{said.id}", seq=2).body).decode()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("王样本", "里没有“王样本”"),
        ("", "请写明要隐去的字词"),
        ("\u200b\u200b", "请写明要隐去的字词"),
        (TEXT, "隐去以后什么也不剩了"),
        ("长" * 201, "不超过 200 字"),
    ],
)
def test_what_cannot_be_veiled_is_told_why(own_db: Any, words: str, told: str) -> None:
    world = w.build()
    row = opened(world.clerk)
    said = services.comment(row.league, row.id, text=TEXT)
    with pytest.raises(RejectedError, match=told):
        moderating.veil(row.league, said.id, by=world.clerk, words=words, reason="涉及他人")
    with pytest.raises(RejectedError, match="请写明理由"):
        moderating.veil(row.league, said.id, by=world.clerk, words="李样本", reason=" ")
    moderating.veil(row.league, said.id, by=world.clerk, words="李样本", reason="涉及他人")
    with pytest.raises(RejectedError, match="已经隐去"):
        moderating.veil(row.league, said.id, by=world.clerk, words="李样本", reason="涉及他人")
    with pytest.raises(RejectedError, match="没有隐去"):
        moderating.unveil(row.league, said.id, by=world.clerk, words="狗叫", reason="不是姓名")


def test_the_sealed_telephone_is_told_once_with_a_reason_and_noted(own_db: Any) -> None:
    world = w.build()
    row = opened(world.clerk)
    said = services.comment(row.league, row.id, text="请保留早市", name="李样本", phone="13800000000")
    page, address = desk(world.clerk), f"/desk/participation/{row.id}/opinions/1/"
    assert "13800000000" not in page.get(address).content.decode()
    assert page.post(f"{address}contact/", {"reason": ""}).status_code == 422
    assert not Reading.objects.exists()
    answer = page.post(f"{address}contact/", {"reason": "邀请参加听证会"})
    assert "13800000000" in answer.content.decode()
    assert "李样本" in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    line = Reading.objects.get()
    assert (line.reader, line.items, line.detail, line.ground) == (world.clerk.person, ["commenter"], "邀请参加听证会", "own")
    assert (line.subject, line.body) == (f"comment:{said.id}", row.organisation_id)
    assert steps(said) == ["say", "read_contact"]
    assert "13800000000" not in page.get(address).content.decode()
    assert "邀请参加听证会" in page.get(address).content.decode()
    assert page.get(f"{address}contact/").status_code == 405


def test_the_telephone_is_for_those_who_write_to_people(own_db: Any) -> None:
    world = w.build()
    row = opened(world.clerk)
    services.comment(row.league, row.id, text="请保留早市", phone="13800000000")
    services.enter(row.league, row.id, by=world.clerk, channel="letter", text="不留电话的来信", scan=SCAN)
    address = f"/desk/participation/{row.id}/opinions"
    assert desk(world.stranger).post(f"{address}/1/contact/", {"reason": "询问情况"}).status_code == 404
    assert desk(world.reviewer).post(f"{address}/1/contact/", {"reason": "询问情况"}).status_code == 403
    nobody = desk(world.clerk).post(f"{address}/2/contact/", {"reason": "询问情况"})
    assert "没有署名，也没有留电话" in nobody.content.decode()
    assert not Reading.objects.exists()
    assert desk(world.clerk).get(f"{address}/3/").status_code == 404
    assert desk(world.clerk).get(f"{address}/{'9' * 30}/").status_code == 404
