"""The page of the pads: the head hands out, a keeper voids his spoilt form, everybody of the body sees what has no whereabouts yet."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.utils import timezone

from yifa.documents.models import Block
from yifa.enforcement.tests import world as w
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.models import Person


def client(actor: Actor) -> Client:
    found = Client()
    found.force_login(Person.objects.get(pk=actor.person), backend="django.contrib.auth.backends.ModelBackend")
    session = found.session
    session["people.post"], session["people.factor"] = actor.post, True
    session.save()
    return found


def allot(world: w.World, **changed: Any) -> Any:
    stated = {"kind": "当罚", "year": timezone.localdate().year, "count": 5, "holder": "纸本第1册", "keeper": world.wang.person}
    return client(world.head).post("/desk/blocks/", stated | changed)


def test_a_head_hands_out_a_pad_and_its_gaps_are_shown_with_the_keeper(db: None) -> None:
    world = w.build()
    assert allot(world).status_code == 302
    page = client(world.li).get("/desk/blocks/").content.decode()
    assert "1至5号，共 5 份" in page
    assert "王样本" in page
    assert "编发号码" not in page
    assert "还没有编发" in client(world.stranger).get("/desk/blocks/").content.decode()


def test_a_pad_of_nobody_or_of_too_many_forms_is_not_handed_out(db: None) -> None:
    world = w.build()
    for changed in ({"keeper": world.stranger.person}, {"count": 1001}, {"kind": "责改"}, {"holder": ""}):
        assert allot(world, **changed).status_code == 422
    assert not Block.objects.exists()


def test_the_keeper_voids_his_spoilt_form_and_no_other_officer_does(db: None) -> None:
    world = w.build()
    allot(world)
    block = Block.objects.get()
    spoilt = {"number": 3, "reason": "被雨淋湿"}
    assert client(world.li).post(f"/desk/blocks/{block.id}/void/", spoilt).status_code == 403
    assert client(world.wang).post(f"/desk/blocks/{block.id}/void/", spoilt).status_code == 302
    answer = client(world.wang).post(f"/desk/blocks/{block.id}/void/", spoilt)
    assert (answer.status_code, "已经作废" in answer.content.decode()) == (422, True)
    assert client(world.wang).post(f"/desk/blocks/{block.id}/return/", {"reason": "换用终端"}).status_code == 403
    assert client(world.head).post(f"/desk/blocks/{block.id}/return/", {"reason": "换用终端"}).status_code == 302
    page = client(world.head).get("/desk/blocks/").content.decode()
    assert "3号：被雨淋湿" in page
    assert "已缴销" in page


def test_an_address_that_is_no_act_is_not_there(db: None) -> None:
    world = w.build()
    allot(world)
    assert client(world.head).get(f"/desk/blocks/{Block.objects.get().id}/burn/").status_code == 404
