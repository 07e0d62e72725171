"""A decision followed by an address alone: confirmed by the link, told what opens, each piece once, and left by every mail."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from yifa.decisions.models import CatalogueItem
from yifa.decisions.tests import world as w
from yifa.kernel.people.models import MailFollower, MailTold
from yifa.participation import asking
from yifa.participation.tests.clearing import CLEARED
from yifa.portal import following

pytestmark = pytest.mark.usefixtures("own_db")
HER = "Citizen@example.org"


def link() -> str:
    found = re.search(r"/decisions/mail/[^/\s]+/", str(mail.outbox[-1].body))
    assert found
    return found[0]


def ask(client: Client, topic: str, email: str = HER) -> Any:
    return client.post("/decisions/follow/", {"topic": topic, "email": email})


def tell() -> int:
    return following.tell(today=timezone.localdate(), at=timezone.now())


def questionnaire(world: w.World, dossier: str) -> None:
    today = timezone.localdate()
    row = asking.draw_up(dossier, "供热问卷", "三分钟", by=world.clerk)
    asking.add_question(row.league, row.id, by=world.clerk, kind="text", text="您的建议")
    asking.publish(row.league, row.id, asking.Period(today, today + timedelta(days=15)), CLEARED, by=world.clerk)


def test_what_opens_comes_by_mail_once_and_nothing_of_before(client: Client) -> None:
    world = w.build()
    ref = w.begun(world)
    item = CatalogueItem.objects.get()
    topic = f"matter:{item.id}"
    assert f'name="topic" value="{topic}"' in client.get(f"/decisions/{item.id}/").content.decode()
    assert "请查收邮件" in ask(client, topic).content.decode()
    address = link()
    # Programs that look at mail open links: opening alone confirms nothing.
    assert "确认关注" in client.get(address).content.decode()
    assert MailFollower.objects.get().confirmed_at is None
    assert tell() == 0
    assert "已确认" in client.post(address, {"act": "confirm"}).content.decode()
    assert tell() == 0  # that it is in the catalogue was told before
    questionnaire(world, ref.code)
    assert (tell(), tell()) == (1, 0)
    news = mail.outbox[1:]
    assert [each.to for each in news] == [["citizen@example.org"]]
    assert "问卷：供热问卷" in news[0].subject
    assert address in news[0].body
    assert "/participate/questionnaires/" in news[0].body
    assert "已退出关注" in client.post(address, {"act": "end"}).content.decode()
    assert not MailFollower.objects.exists()
    assert client.get(address).status_code == 404


def test_who_joins_later_costs_the_others_no_news(client: Client) -> None:
    world = w.build()
    ref = w.begun(world)
    topic = f"matter:{CatalogueItem.objects.get().id}"
    ask(client, topic)
    client.post(link(), {"act": "confirm"})
    ask(client, topic, "other@example.org")
    second = link()
    questionnaire(world, ref.code)
    before = len(mail.outbox)
    client.post(second, {"act": "confirm"})
    assert [each.to[0] for each in mail.outbox[before:]] == ["citizen@example.org"]
    assert tell() == 0


def test_the_catalogue_of_a_place_tells_of_all_its_matters(client: Client) -> None:
    world = w.build()
    ref = w.begun(world)
    region = CatalogueItem.objects.get().region_id
    assert f'value="catalogue:{region}"' in client.get(f"/decisions/?region={region}").content.decode()
    ask(client, f"catalogue:{region}")
    client.post(link(), {"act": "confirm"})
    questionnaire(world, ref.code)
    assert tell() == 1
    assert "供热" in mail.outbox[-1].subject
    assert MailTold.objects.filter(topic=f"catalogue:{region}").count() == 2


@pytest.mark.parametrize("topic", ["", "matter:x", f"matter:{UUID(int=1)}", "catalogue:", "catalogue:999999", "work:1"])
def test_what_is_not_public_is_not_followed(client: Client, topic: str) -> None:
    w.begun(w.build())
    assert ask(client, topic).status_code == 404
    assert mail.outbox == []


def test_what_is_no_address_is_refused_and_stays_in_the_form(client: Client) -> None:
    w.begun(w.build())
    refused = ask(client, f"matter:{CatalogueItem.objects.get().id}", "a@b")
    assert refused.status_code == 422
    assert "电子邮箱的写法不对" in refused.content.decode()
    assert 'value="a@b"' in refused.content.decode()


def test_an_address_asks_only_so_often(client: Client) -> None:
    w.begun(w.build())
    topic = f"matter:{CatalogueItem.objects.get().id}"
    answers = [ask(client, topic, f"n{n}@example.org").status_code for n in range(21)]
    assert answers == [200] * 20 + [429]
