"""Following a work or a subject: who is told what, once, and where."""

from __future__ import annotations

import pytest
from django.core import mail
from django.utils import timezone

from yifa.kernel.people import messages
from yifa.kernel.people.models import Notice, Person
from yifa.laws import following, services
from yifa.laws.models import Work
from yifa.laws.tests.cast import NEW, OLD, REPEALED, REPEALING

pytestmark = pytest.mark.django_db


@pytest.fixture
def li() -> str:
    return str(Person.objects.create_user("li", None, name="李样本").pk)


def told(person: str) -> list[str]:
    return [notice.title for notice in messages.notices(person)[0]]


def test_a_new_version_is_told_once_to_those_who_follow_the_work(li: str) -> None:
    wang = str(Person.objects.create_user("wang", None, name="王样本").pk)
    services.import_texts([OLD])
    following.follow(li, Work.objects.get(), at=timezone.now())
    services.import_texts([OLD])
    assert told(li) == []
    services.import_texts([NEW])
    assert set(told(li)) == {"《中华人民共和国试验管理法》有文本将不再有效", "《中华人民共和国试验管理法》有了新的文本"}
    services.import_texts([OLD, NEW])
    assert len(told(li)) == 2
    assert told(wang) == []


def test_a_repeal_is_told(li: str) -> None:
    services.import_texts([REPEALED])
    following.follow(li, Work.objects.get(), at=timezone.now())
    services.import_texts([REPEALING])
    notice = Notice.objects.latest("id")
    assert "2026-08-15" in notice.text
    assert "试验法典" in notice.text


def test_a_subject_brings_works_that_were_not_there_before(li: str) -> None:
    services.import_texts([OLD])
    following.follow_subject(li, "行政法", at=timezone.now())
    following.follow(li, Work.objects.get(), at=timezone.now(), email="")
    services.import_texts([REPEALED])
    assert told(li) == ["《中华人民共和国旧试验法》有了新的文本"]
    assert following.subjects() == ["行政法"]


def test_who_no_longer_follows_is_told_nothing(li: str) -> None:
    services.import_texts([OLD])
    work = Work.objects.get()
    following.follow(li, work, at=timezone.now())
    assert following.is_followed(li, work)
    following.end(str(Person.objects.create_user("wang", None, name="王样本").pk), following.of(li)[0].pk)
    assert following.is_followed(li, work), "only one's own"
    following.unfollow(li, work)
    services.import_texts([NEW])
    assert told(li) == []


def test_a_mail_goes_when_the_transaction_has_held(li: str, django_capture_on_commit_callbacks: object) -> None:
    services.import_texts([OLD])
    following.follow(li, Work.objects.get(), at=timezone.now(), email="li@example.org")
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]  # pytest-django leaves the fixture untyped
        services.import_texts([NEW])
    assert {each.to[0] for each in mail.outbox} == {"li@example.org"}
    assert any("有了新的文本" in each.subject and "/laws/" in each.body for each in mail.outbox)


def test_a_message_that_cannot_go_out_stays_with_its_trouble(li: str, settings: object, django_capture_on_commit_callbacks: object) -> None:
    message = messages.Message("试验", "标题", "内容", "/laws/", "k")
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]  # as above
        assert messages.send(message, to=li, at=timezone.now(), phone="1")
        assert not messages.send(message, to=li, at=timezone.now(), phone="1")
    assert Notice.objects.get().trouble == "没有设置短信网关"


def test_notices_are_paged_and_marked_read_by_their_reader_only(li: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "PAGE", 2)
    for n in range(3):
        messages.send(messages.Message("试验", f"第{n}件", "内容", "/laws/", str(n)), to=li, at=timezone.now())
    page, after = messages.notices(li)
    assert [each.title for each in page] == ["第2件", "第1件"]
    assert [each.title for each in messages.notices(li, before=after)[0]] == ["第0件"]
    other = str(Person.objects.create_user("wang", None, name="王样本").pk)
    messages.read(other, ids=None, at=timezone.now())
    assert not Notice.objects.exclude(read_at=None).exists()
    messages.read(li, ids=[page[0].pk], at=timezone.now())
    assert Notice.objects.exclude(read_at=None).get() == page[0]
