"""Files of the public: looked at, kept by their content, seen by the desk only; what is refused loses no word and leaves nothing behind."""

from __future__ import annotations

import hashlib
import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from yifa.dossiers import store
from yifa.kernel.ledger.models import Entry
from yifa.kernel.word.writing import written
from yifa.normative.tests import world as w
from yifa.participation import queries, services, taking
from yifa.participation.models import Arrival, Comment, Consultation
from yifa.participation.tests.test_participation import opened, over
from yifa.portal import services as portal

MINUTES = 61


def picture(colour: str = "red") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), colour).save(out, "PNG")
    return out.getvalue()


def sent(name: str, data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def say(client: Client, row: Consultation, *files: SimpleUploadedFile, text: str = "请看附件") -> Any:
    return client.post(f"/participate/{row.id}/", {"text": text, "files": list(files)})


def stored() -> set[str]:
    return {path.name for path in (Path(settings.FILES) / "store").glob("*/*/*")}


@pytest.fixture
def row(own_db: Any) -> Consultation:
    return opened(w.build().clerk)


def test_a_picture_and_a_word_file_are_kept_and_bound_to_the_entry(row: Consultation, client: Client) -> None:
    image, paper = picture("navy"), written(["请看第一条。"])
    page = say(client, row, sent("C:\\照片.jpg", image), sent("意见.docx", paper))
    assert page.status_code == 200
    assert "收到附件 2 个" in page.content.decode()
    comment = Comment.objects.get()
    hashes = [hashlib.sha256(each).hexdigest() for each in (image, paper)]
    assert (comment.files[0]["title"], comment.files[0]["mime"]) == ("照片.jpg", "image/png")
    assert [each["sha256"] for each in comment.files] == hashes
    assert store.read(hashes[1]) == paper
    body = bytes(Entry.objects.get(chain=f"comment:{comment.id}").body).decode()
    assert all(each in body for each in hashes)


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ([sent("假的.pdf", b"MZ\x90\x00 no paper at all" * 20)], "的内容不是图片、PDF 或者 Word 文件"),
        ([sent("网页.html", b"<!doctype html><script>alert(1)</script>")], "的内容不是图片、PDF 或者 Word 文件"),
        ([sent("空.png", b"")], "是空文件"),
        ([sent("坏.png", picture()[:40])], "已损坏或不完整"),
        ([sent(f"{n}.png", picture()) for n in range(4)], "最多附 3 个文件"),
        ([sent("大.png", picture() + bytes(taking.MOST_BYTES))], "超过 10 MB"),
    ],
)
def test_a_refusal_says_why_keeps_the_words_and_leaves_nothing(
    row: Consultation, client: Client, files: list[SimpleUploadedFile], told: str
) -> None:
    before = stored()
    page = say(client, row, *files, text="我写了很久的意见")
    html = page.content.decode()
    assert page.status_code == 400
    assert told in html
    assert "我写了很久的意见" in html
    assert not Comment.objects.exists()
    assert stored() == before


def test_a_good_file_is_not_kept_when_the_words_are_refused(row: Consultation, client: Client) -> None:
    before = stored()
    assert say(client, row, sent("照片.png", picture("olive")), text="a").status_code == 400
    assert stored() == before


def test_what_is_far_too_large_is_not_read_at_all(row: Consultation, client: Client) -> None:
    page = client.post(f"/participate/{row.id}/", b"x", content_type="multipart/form-data; boundary=x", CONTENT_LENGTH="100000001")
    assert page.status_code == 413


def test_the_form_still_wants_its_token(row: Consultation) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert say(strict, row, sent("照片.png", picture())).status_code == 403
    assert not Comment.objects.exists()


def test_an_orphan_is_swept_and_what_is_named_stays(row: Consultation) -> None:
    orphan, named = picture("teal"), picture("gold")
    (left,) = taking.keep(taking.look([sent("孤儿.png", orphan)]))
    services.comment(row.league, row.id, text="有附件的意见", files=[sent("照片.png", named)])
    kept = hashlib.sha256(named).hexdigest()
    assert taking.sweep(at=timezone.now()) == 0  # both may belong to an opinion that is just being written
    later = timezone.now() + timedelta(minutes=MINUTES)
    assert taking.sweep(at=later, named=(lambda sha256: sha256 == left["sha256"],)) == 0
    assert not Arrival.objects.exists()
    store.remove(left["sha256"])
    taking.keep(taking.look([sent("孤儿.png", orphan)]))
    assert taking.sweep(at=later) == 1
    assert (store.exists(left["sha256"]), store.exists(kept), taking.is_attached(kept)) == (False, True, True)


def test_what_lay_in_the_store_before_is_never_swept_on_our_account(row: Consultation) -> None:
    data = picture("maroon")
    here = store.put(data)
    taking.keep(taking.look([sent("照片.png", data)]))
    assert taking.sweep(at=timezone.now() + timedelta(minutes=MINUTES)) == 0
    assert store.exists(here.sha256)


def test_the_public_never_sees_a_file_of_another(own_db: Any, client: Client) -> None:
    world = w.build()
    row = opened(world.clerk)
    said = services.comment(row.league, row.id, text="有附件的意见", files=[sent("家门口.png", picture("pink"))])
    assert "家门口.png" in client.post("/participate/opinion/", {"code": said.code}).content.decode()  # his own, by name
    services.reply(row.league, [said.id], by=world.drafter, outcome="adopted", reason="采纳")
    services.summarise(row.league, over(row).id, by=world.clerk, text="已采纳")
    page = client.get(f"/participate/{row.id}/").content.decode()
    assert "有附件的意见" in page
    assert "家门口.png" not in page


def test_one_address_may_say_any_number_of_things_and_send_some_files(own_db: Any, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """A village speaks from one address: words are taken and marked, however many; files are bounded, and the words beside them kept."""
    monkeypatch.setitem(portal.BY_ADDRESS, "attach", portal.Limit(1, 60))
    row = opened(w.build().clerk)

    def send(n: int, *, files: bool) -> Any:
        said = {"text": f"我的第{n}条意见", "name": f"村民{n}"}
        photo = {"files": sent("路口.png", picture("orange"))} if files else {}
        return client.post(f"/participate/{row.id}/", {**said, **photo})

    assert [send(n, files=False).status_code for n in range(70)] == [200] * 70
    assert [send(n, files=True).status_code for n in (70, 71)] == [200, 429]
    page = send(72, files=True).content.decode()
    assert "我的第72条意见" in page
    assert "不带附件的，现在就可以提交" in page
    assert "附件请重新选择" in page
    assert Comment.objects.count() == 71
    assert queries.marks(row).counts["names"] == 71
