"""Following a work by an address alone: asked, confirmed by the link, told, and left by the link."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from yifa.kernel.people.models import MailFollower, Notice, Person
from yifa.laws import following, mailing, services
from yifa.laws.models import Work
from yifa.laws.tests.cast import NEW, OLD
from yifa.laws.tests.test_desk_pages import sign_in

pytestmark = pytest.mark.django_db
LAW = f"/laws/{quote('试验管理法')}"
HER = "Citizen@example.org"


@pytest.fixture(autouse=True)
def library() -> None:
    services.import_texts([OLD])


def link() -> str:
    found = re.search(r"/laws/mail/[^/\s]+/", str(mail.outbox[-1].body))
    assert found
    return found[0]


def test_nothing_is_sent_before_the_link_was_opened_and_confirmed(client: Client, django_capture_on_commit_callbacks: Any) -> None:
    assert f'action="{LAW}/mail"' in client.get(f"{LAW}/").content.decode()
    assert "请查收邮件" in client.post(f"{LAW}/mail", {"email": HER}).content.decode()
    assert [each.to for each in mail.outbox] == [["citizen@example.org"]]
    # Programs that look at mail open links: opening alone confirms nothing.
    assert "确认关注" in client.get(link()).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        services.import_texts([NEW])
    assert len(mail.outbox) == 1
    assert MailFollower.objects.get().confirmed_at is None


def test_who_confirmed_is_told_and_may_leave_by_every_mail(client: Client, django_capture_on_commit_callbacks: Any) -> None:
    client.post(f"{LAW}/mail", {"email": HER})
    address = link()
    assert "已确认" in client.post(address, {"act": "confirm"}).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        services.import_texts([NEW])
    news = mail.outbox[1:]
    assert {each.to[0] for each in news} == {"citizen@example.org"}
    assert any("有了新的文本" in each.subject for each in news)
    assert all(address in each.body for each in news)
    assert not Notice.objects.exists()
    assert "已退出关注" in client.post(address, {"act": "end"}).content.decode()
    assert not MailFollower.objects.exists()
    assert client.get(address).status_code == 404


def test_an_address_is_not_flooded_nor_told_who_follows(client: Client) -> None:
    first = client.post(f"{LAW}/mail", {"email": HER}).content.decode()
    again = client.post(f"{LAW}/mail", {"email": HER.lower()}).content.decode()
    assert again == first
    assert len(mail.outbox) == 1
    work, now = Work.objects.get(), timezone.now()
    mailing.ask(work, HER, at=now + timedelta(hours=2))
    assert len(mail.outbox) == 2
    for n in range(mailing.MOST_A_DAY):
        other = Work.objects.create(slug=f"w{n}", title=f"w{n}", type="FL", level="国家", sort_key="w")
        mailing.ask(other, HER, at=now + timedelta(hours=3))
    assert len(mail.outbox) == 1 + mailing.MOST_A_DAY
    mailing.ask(work, "somebody@example.org", at=now + timedelta(days=30))
    assert not MailFollower.objects.filter(email=HER.lower()).exists(), "what nobody confirmed is forgotten"


@pytest.mark.parametrize("email", ["", "x", "a@b", "a b@example.org", "a@example.org\nBcc: b@example.org"])
def test_what_is_no_address_is_refused(client: Client, email: str) -> None:
    refused = client.post(f"{LAW}/mail", {"email": email})
    assert refused.status_code == 422
    assert "电子邮箱的写法不对" in refused.content.decode()
    assert mail.outbox == []


def test_a_mail_that_cannot_go_out_keeps_nothing(client: Client, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 9, 2
    refused = client.post(f"{LAW}/mail", {"email": HER})
    assert refused.status_code == 422
    assert "没有送出" in refused.content.decode()
    assert not MailFollower.objects.exists()


def test_a_signed_in_person_leaves_an_address_on_the_page_of_the_work(client: Client) -> None:
    sign_in(client, "officer")
    person = str(Person.objects.get(login="officer").pk)
    refused = client.post(f"{LAW}/follow", {"act": "begin", "email": "x"}, follow=True).content.decode()
    assert "电子邮箱的写法不对" in refused
    shown = client.post(f"{LAW}/follow", {"act": "begin", "email": HER}, follow=True).content.decode()
    assert f"同时发到 {HER}" in shown
    assert [each.email for each in following.of(person)] == [HER]
    listed = client.get("/laws/following/").content.decode()
    assert "中华人民共和国试验管理法" in listed
    assert HER in listed
    services.import_texts([NEW])
    notices = client.get("/people/notices/").content.decode()
    assert "有了新的文本" in notices
    assert "不再关注" in shown
    assert "关注变动" in client.post(f"{LAW}/follow", {"act": "end"}, follow=True).content.decode()
