"""Uploads against the protocol, as an officer's phone at the roadside sends them: broken, repeated, too large, not what they say."""

from __future__ import annotations

import base64
import hashlib
import io
import threading
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client, override_settings
from django.utils import timezone
from PIL import Image

from yifa.dossiers import media, services, store
from yifa.dossiers.models import Evidence, Upload
from yifa.dossiers.tests import cast
from yifa.dossiers.tests.acting import CAST

MIDDLEWARE = ["yifa.dossiers.media.MediaMiddleware", "yifa.dossiers.tests.acting.ActingMiddleware"]
STREAM = "application/offset+octet-stream"


def jpeg(seed: int = 0, size: tuple[int, int] = (640, 480)) -> bytes:
    image = Image.effect_noise(size, 20 + seed).convert("RGB")
    out = io.BytesIO()
    image.save(out, "JPEG", quality=90)
    return out.getvalue()


def archive(*names: str) -> bytes:
    """An archive with these files in it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as held:
        for name in names:
            held.writestr(name, "<x/>")
    return out.getvalue()


class Sender:
    """A tus client of one person."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.client = Client()

    def announce(self, length: int | str, content: bytes | None = None, **described: str) -> Any:
        described = {"filename": "现场.jpg", "filetype": "image/jpeg", **described}
        meta = ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in described.items())
        headers = {"Tus-Resumable": "1.0.0", "Upload-Length": str(length), "Upload-Metadata": meta, "X-Acting": self.name}
        return self.client.post("/files/", data=content or b"", content_type=STREAM if content else "text/plain", headers=headers)

    def send(self, place: str, content: bytes, offset: int, **headers: str) -> Any:
        more = {"Tus-Resumable": "1.0.0", "Upload-Offset": str(offset), "X-Acting": self.name, **headers}
        # Django's client leaves the type away when there is no content.
        return self.client.generic("PATCH", place, content, STREAM, headers=more, CONTENT_TYPE=STREAM)

    def ask(self, place: str) -> Any:
        return self.client.head(place, headers={"Tus-Resumable": "1.0.0", "X-Acting": self.name})


def said(response: Any) -> str:
    return str(response.json()["detail"])


@pytest.fixture
def wu(db: None) -> Any:
    cast.regions()
    of = cast.body("150203")
    CAST["wu"], CAST["zhao"] = cast.officer(of, "wu"), cast.officer(cast.body("150102"), "zhao")
    with override_settings(MIDDLEWARE=MIDDLEWARE, ROOT_URLCONF="yifa.dossiers.urls"):
        yield Sender("wu")
    CAST.clear()


def parts() -> list[Path]:
    return list(services.part_path(Upload.objects.get().id).parent.glob("*.part")) if Upload.objects.exists() else []


def test_a_photo_sent_in_pieces_becomes_evidence(wu: Sender) -> None:
    content = jpeg()
    taken = timezone.now() - timedelta(hours=30)
    made = wu.announce(len(content), taken_at=taken.isoformat(), step="inform", sha256=hashlib.sha256(content).hexdigest())
    assert made.status_code == 201
    place = made["Location"]
    middle = len(content) // 2
    assert wu.send(place, content[:middle], 0)["Upload-Offset"] == str(middle)
    assert wu.ask(place)["Upload-Offset"] == str(middle)
    done = wu.send(place, content[middle:], middle)
    assert done.status_code == 204
    row = Evidence.objects.get(id=done["Yifa-Evidence"])
    assert (row.sha256, row.size, row.mime, row.kind, row.step) == (
        hashlib.sha256(content).hexdigest(),
        len(content),
        "image/jpeg",
        "photo",
        "inform",
    )
    assert row.seq is None
    assert row.facts["pages"] == 1
    assert 6 * 3600 <= row.facts["late_seconds"] <= 6 * 3600 + 60
    assert store.read(row.sha256) == content
    small = Image.open(io.BytesIO(store.read(row.facts["thumbnail"])))
    assert max(small.size) <= 480
    assert not parts()
    assert wu.ask(place)["Yifa-Evidence"] == str(row.id)


def test_creation_may_carry_the_whole_file(wu: Sender) -> None:
    content = jpeg()
    made = wu.announce(len(content), content)
    assert made.status_code == 201
    assert Evidence.objects.get(id=made["Yifa-Evidence"]).size == len(content)


def test_ten_gigabytes_are_refused_before_a_byte_is_sent(wu: Sender) -> None:
    for kind, filename in (("photo", "a.jpg"), ("audio", "a.mp3"), ("video", "a.mp4"), ("paper", "a.pdf")):
        refused = wu.announce(10 * 1024**3, kind=kind, filename=filename)
        assert refused.status_code == 413
        assert "上限" in said(refused)
    assert not Upload.objects.exists()


def test_an_empty_file_and_a_length_that_is_no_number_are_refused(wu: Sender) -> None:
    assert "空文件" in said(wu.announce(0))
    for length in ("", "-1", "1e3", "²"):
        assert wu.announce(length).status_code == 400
    assert not Upload.objects.exists()


@pytest.mark.parametrize(
    ("filename", "content"),
    [
        ("现场.jpg", b"<!DOCTYPE html><html><script>alert(1)</script></html>"),
        ("现场.jpg", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
        ("现场.jpg", b"%PDF-1.7 not a photo"),
        ("现场.jpg", jpeg()[:1500]),
        ("材料.pdf", jpeg()),
        ("材料.pdf", b"%PDF-1.7\nnothing more"),
        ("录音.mp3", b"MZ\x90\x00" + b"\0" * 200),
        ("草案.docx", archive("readme.txt")),
        ("草案.docx", archive("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin")),
        ("草案.docx", archive("[Content_Types].xml", "xl/workbook.xml", "word/document.xml")[:300]),
    ],
)
def test_a_file_that_is_not_what_it_says_never_becomes_evidence(wu: Sender, filename: str, content: bytes) -> None:
    made = wu.announce(len(content), filename=filename, filetype="")
    refused = wu.send(made["Location"], content, 0)
    assert refused.status_code == 415
    assert filename in said(refused)
    assert not Evidence.objects.exists()
    assert not parts()
    assert wu.ask(made["Location"]).status_code == 410


@pytest.mark.parametrize(("filename", "inside"), [("草案.docx", "word/document.xml"), ("清单.xlsx", "xl/workbook.xml")])
def test_word_and_excel_come_in_and_are_never_opened_in_the_page(wu: Sender, filename: str, inside: str) -> None:
    content = archive("[Content_Types].xml", inside)
    made = wu.announce(len(content), filename=filename, filetype="")
    assert wu.send(made["Location"], content, 0).status_code == 204
    row = Evidence.objects.get()
    assert (row.kind, row.title) == ("document", filename)
    assert "d=a" in media.url(row.sha256, mime=row.mime, name=row.title, at=timezone.now())


def test_what_is_never_evidence_is_refused_by_its_name(wu: Sender) -> None:
    for filename, filetype in (("a.html", "text/html"), ("a.svg", "text/xml"), ("a.exe", "application/octet-stream")):
        assert wu.announce(10, filename=filename, filetype=filetype).status_code == 415


def test_a_wrong_offset_changes_nothing(wu: Sender) -> None:
    content = jpeg()
    place = wu.announce(len(content))["Location"]
    wu.send(place, content[:100], 0)
    for offset in (0, 99, 101, 10**18):
        assert wu.send(place, content[100:200], offset).status_code == 409
    assert wu.ask(place)["Upload-Offset"] == "100"


def test_more_bytes_than_announced_are_refused(wu: Sender) -> None:
    place = wu.announce(10)["Location"]
    assert wu.send(place, b"x" * 11, 0).status_code == 413
    assert wu.ask(place)["Upload-Offset"] == "0"


def test_a_wrong_checksum_discards_the_piece_and_a_right_one_keeps_it(wu: Sender) -> None:
    content = jpeg()
    place = wu.announce(len(content))["Location"]
    wrong = base64.b64encode(hashlib.sha256(b"other").digest()).decode()
    right = base64.b64encode(hashlib.sha256(content).digest()).decode()
    assert wu.send(place, content, 0, **{"Upload-Checksum": f"sha256 {wrong}"}).status_code == 460
    assert wu.ask(place)["Upload-Offset"] == "0"
    assert wu.send(place, content, 0, **{"Upload-Checksum": "md5 AAAA"}).status_code == 400
    assert wu.send(place, content, 0, **{"Upload-Checksum": f"sha256 {right}"}).status_code == 204


def test_a_file_that_differs_from_the_senders_hash_is_refused(wu: Sender) -> None:
    content = jpeg()
    place = wu.announce(len(content), sha256=hashlib.sha256(b"what the phone recorded").hexdigest())["Location"]
    assert wu.send(place, content, 0).status_code == 460
    assert not Evidence.objects.exists()


def test_a_broken_connection_keeps_what_arrived_and_goes_on(wu: Sender) -> None:
    content = jpeg()

    class Broken:
        """The link drops after 1,000 bytes."""

        left = 1000

        def read(self, size: int, /) -> bytes:
            if not self.left:
                raise OSError("connection reset")
            sent, self.left = content[: self.left], 0
            return sent

    place = wu.announce(len(content))["Location"]
    with pytest.raises(services.UploadRefused) as refused:
        services.append(Upload.objects.get(), offset=0, content=Broken(), size=len(content), checksum=None, at=timezone.now())
    assert "1000" in refused.value.reason
    assert not Evidence.objects.exists()
    assert wu.ask(place)["Upload-Offset"] == "1000"
    assert wu.send(place, content[1000:], 1000).status_code == 204
    assert store.read(Evidence.objects.get().sha256) == content


def test_bytes_of_a_killed_request_do_not_count(wu: Sender) -> None:
    content = jpeg()
    place = wu.announce(len(content))["Location"]
    wu.send(place, content[:500], 0)
    part = services.part_path(Upload.objects.get().id)
    # The process was killed in the middle of a write: bytes lie beyond what was acknowledged.
    with part.open("ab") as file:
        file.write(b"garbage of an unfinished request")
    assert wu.ask(place)["Upload-Offset"] == "500"
    assert wu.send(place, content[500:], 500).status_code == 204
    assert store.read(Evidence.objects.get().sha256) == content


def test_a_process_killed_before_the_last_answer_finishes_later(wu: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    content = jpeg()
    place = wu.announce(len(content))["Location"]

    def killed(*args: object) -> None:
        raise KeyboardInterrupt

    for line in ("adopt", "put"):
        with monkeypatch.context() as patched:
            patched.setattr(store, line, killed)
            with pytest.raises(KeyboardInterrupt):
                wu.send(place, content if line == "adopt" else b"", 0 if line == "adopt" else len(content))
        assert not Evidence.objects.exists()
    asked = wu.ask(place)
    assert asked["Upload-Offset"] == str(len(content))
    assert Evidence.objects.get(id=asked["Yifa-Evidence"]).sha256 == hashlib.sha256(content).hexdigest()
    again = wu.send(place, b"", len(content))
    assert again["Yifa-Evidence"] == asked["Yifa-Evidence"]
    assert Evidence.objects.count() == 1


def test_only_the_sender_goes_on_or_gives_up(wu: Sender) -> None:
    place = wu.announce(10)["Location"]
    zhao = Sender("zhao")
    assert zhao.ask(place).status_code == 404
    assert zhao.send(place, b"x", 0).status_code == 404
    assert zhao.client.delete(place, headers={"Tus-Resumable": "1.0.0", "X-Acting": "zhao"}).status_code == 404
    assert Sender("nobody").announce(10).status_code == 401
    assert wu.client.delete(place, headers={"Tus-Resumable": "1.0.0", "X-Acting": "wu"}).status_code == 204
    assert not Upload.objects.exists()


def test_evidence_for_a_case_he_may_not_see_is_refused(wu: Sender) -> None:
    other = cast.dossier(cast.body("150102", 7), 1)
    assert wu.announce(10, dossier=other.code).status_code == 403
    assert wu.announce(10, dossier="no such case").status_code == 403
    own = cast.dossier(cast.body("150102", 8), 1, by=CAST["wu"])
    assert wu.announce(10, dossier=own.code).status_code == 201
    assert Upload.objects.get().league == own.league == "150100"


def test_an_expired_upload_is_gone_and_swept(wu: Sender) -> None:
    place = wu.announce(10)["Location"]
    Upload.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    assert wu.ask(place).status_code == 410
    assert wu.send(place, b"x", 0).status_code == 410
    part = services.part_path(Upload.objects.get().id)
    assert part.exists()
    assert services.sweep(at=timezone.now()) == 1
    assert not part.exists()
    assert wu.ask(place).status_code == 404


def test_a_name_is_never_a_path(wu: Sender) -> None:
    content = jpeg()
    for filename in ("../../etc/passwd.jpg", "..\\..\\x.jpg", "/abs/x.jpg", "a\x00b.jpg", "."):
        made = wu.announce(len(content), content, filename=filename)
        title = Evidence.objects.get(id=made["Yifa-Evidence"]).title
        assert "/" not in title
        assert "\\" not in title
        assert "\x00" not in title
    for place in ("/files/../../etc/passwd", "/files/..%2f..%2fetc", "/files/not-an-id"):
        assert wu.ask(place).status_code == 404


def test_the_protocols_version_is_required_and_abilities_are_told(wu: Sender) -> None:
    answer = wu.client.post("/files/", headers={"Upload-Length": "10", "X-Acting": "wu"})
    assert (answer.status_code, answer["Tus-Version"]) == (412, "1.0.0")
    told = wu.client.options("/files/")
    assert told["Tus-Extension"] == "creation,creation-with-upload,checksum,termination,expiration"
    assert int(told["Tus-Max-Size"]) == 2048 * 1024**2


@pytest.mark.parametrize("taken", ["yesterday", "2026-11-01T10:00:00", datetime(2199, 1, 1, tzinfo=UTC).isoformat()])
def test_a_moment_of_taking_that_cannot_be_is_refused(wu: Sender, taken: str) -> None:
    assert wu.announce(10, taken_at=taken).status_code == 400


def test_of_two_senders_at_once_one_goes_on(wu: Sender) -> None:
    content = jpeg()
    wu.announce(len(content))
    upload = Upload.objects.get()
    inside, go_on = threading.Event(), threading.Event()

    class Slow:
        """Holds the file until the other has been answered."""

        def __init__(self) -> None:
            self.data = io.BytesIO(content[:1000])

        def read(self, size: int, /) -> bytes:
            inside.set()
            go_on.wait(60)
            return self.data.read(size)

    statuses: list[int] = []

    def second() -> None:
        inside.wait(60)
        try:
            # The lock is on the file and comes before any row is read: this thread needs no connection.
            same = Upload(league=upload.league, id=upload.id, length=upload.length, received=0, kind="photo")
            services.append(same, offset=0, content=Slow(), size=1000, checksum=None, at=timezone.now())
        except services.UploadRefused as refused:
            statuses.append(refused.status)
        finally:
            go_on.set()

    other = threading.Thread(target=second)
    other.start()
    done = services.append(upload, offset=0, content=Slow(), size=1000, checksum=None, at=timezone.now())
    other.join()
    assert statuses == [423]
    assert done.received == 1000
    assert services.part_path(upload.id).read_bytes() == content[:1000]
