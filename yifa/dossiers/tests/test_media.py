"""Files leave by signed addresses on an origin of their own, and by nothing else."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

import pytest
from django.http import HttpResponseBase
from django.test import Client, override_settings

from yifa.dossiers import media, rules, store

CONTENT = bytes(range(256)) * 40


@pytest.fixture
def files(tmp_path: Path) -> Iterator[Path]:
    with override_settings(FILES=tmp_path, PUBLIC_URL="http://localhost:8000", MEDIA_HOST="media.localhost"):
        yield tmp_path


def get(address: str, *, method: str = "GET", **headers: str) -> HttpResponseBase:
    parts = urlsplit(address)
    return Client().generic(method, f"{parts.path}?{parts.query}", headers={"Host": parts.netloc, **headers})


def body(response: HttpResponseBase) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]  # either kind


def address(mime: str = "image/jpeg", name: str = "现场 1.jpg", ago: timedelta = timedelta(), inline: bool = True) -> str:
    return media.url(store.put(CONTENT).sha256, mime=mime, name=name, at=datetime.now(UTC) - ago, inline=inline)


def test_a_signed_address_gives_the_file_and_lets_it_do_nothing(files: Path) -> None:
    found = get(address())
    assert (found.status_code, body(found)) == (200, CONTENT)
    assert found["Content-Type"] == "image/jpeg"
    assert found["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in found["Content-Security-Policy"]
    assert "default-src 'none'" in found["Content-Security-Policy"]
    assert found["Content-Disposition"].startswith("inline")
    assert "Set-Cookie" not in found
    assert get(address(inline=False))["Content-Disposition"].startswith("attachment")


def test_html_and_svg_are_never_shown_inline(files: Path) -> None:
    for mime in ("text/html", "image/svg+xml", "application/xhtml+xml"):
        assert get(address(mime=mime))["Content-Disposition"].startswith("attachment")


def test_an_address_with_anything_changed_is_refused(files: Path) -> None:
    good = urlsplit(address())
    query = {key: values[0] for key, values in parse_qs(good.query).items()}
    other = store.put(b"another file").sha256
    changed = [
        good._replace(path="/" + other + "/" + good.path.split("/")[2]),
        good._replace(path=good.path + "x"),
        *(
            good._replace(query=urlencode({**query, key: value}))
            for key, value in (("m", "text/html"), ("d", "a"), ("e", str(int(query["e"]) + 1)), ("e", "x"), ("s", "0" * 64), ("s", "é"))
        ),
        *(good._replace(query=urlencode({k: v for k, v in query.items() if k != key})) for key in query),
        good._replace(path="/../../etc/passwd", query=""),
    ]
    for parts in changed:
        assert get(urlunsplit(parts)).status_code == 403, parts


def test_an_expired_address_is_refused_and_a_recording_lasts_longer(files: Path) -> None:
    assert get(address(ago=timedelta(minutes=16))).status_code == 403
    assert get(address(mime="video/mp4", ago=timedelta(minutes=16))).status_code == 200
    assert get(address(mime="video/mp4", ago=timedelta(hours=5))).status_code == 403


@pytest.mark.parametrize(
    ("wanted", "span"),
    [
        ("bytes=0-0", (0, 1)),
        ("bytes=100-199", (100, 200)),
        ("bytes=10000-", (10000, 10240)),
        ("bytes=-5", (10235, 10240)),
        ("bytes=0-99999", (0, 10240)),
        ("bytes=-99999", (0, 10240)),
    ],
)
def test_a_range_gives_exactly_its_bytes(files: Path, wanted: str, span: tuple[int, int]) -> None:
    part = get(address(mime="video/mp4"), Range=wanted)
    assert part.status_code == 206
    assert body(part) == CONTENT[slice(*span)]
    assert part["Content-Range"] == f"bytes {span[0]}-{span[1] - 1}/10240"
    assert part["Content-Length"] == str(span[1] - span[0])
    assert part["Content-Type"] == "video/mp4"


@pytest.mark.parametrize("wanted", ["bytes=10240-", "bytes=99999-100000", "bytes=-0"])
def test_a_range_outside_the_file_is_told_its_size(files: Path, wanted: str) -> None:
    refused = get(address(), Range=wanted)
    assert (refused.status_code, refused["Content-Range"]) == (416, "bytes */10240")
    assert refused["Content-Type"].startswith("text/plain")


@pytest.mark.parametrize("wanted", ["bytes=5-4", "lines=1-2", "bytes=0-1,5-6", "bytes=", "bytes=a-b"])
def test_a_range_that_means_nothing_gives_the_whole(files: Path, wanted: str) -> None:
    assert get(address(), Range=wanted).status_code == 200


def test_a_range_of_another_version_and_a_known_tag(files: Path) -> None:
    link = address()
    tag = get(link)["ETag"]
    assert get(link, **{"Range": "bytes=0-1", "If-Range": '"other"'}).status_code == 200
    assert get(link, **{"Range": "bytes=0-1", "If-Range": tag}).status_code == 206
    assert get(link, **{"If-None-Match": tag}).status_code == 304
    head = get(link, method="HEAD")
    assert (head["Content-Length"], body(head)) == ("10240", b"")


def test_the_media_host_has_no_pages_and_takes_nothing(files: Path) -> None:
    for path in ("/", "/desk/", "/files/", "/static/x.js"):
        assert get(f"http://media.localhost:8000{path}").status_code == 403
    assert get(address(), method="POST").status_code == 405
    link = urlsplit(address())
    assert get(urlunsplit(link._replace(netloc="localhost:8000"))).status_code == 404


def test_an_erased_file_is_gone(files: Path) -> None:
    link = address()
    store.remove(link.split("/")[3])
    assert get(link).status_code == 410


def test_the_store_keeps_equal_bytes_once_and_nothing_half_written(files: Path) -> None:
    first, second = store.put(CONTENT), store.put(CONTENT)
    assert first == second
    assert store.read(first.sha256) == CONTENT
    with pytest.raises(store.TooLargeError):
        store.put(CONTENT, limit=100)
    kept = [Path(folder) / name for folder, _, names in os.walk(files) for name in names]
    assert kept == [store.path(first.sha256)]
    for name in ("../../etc/passwd", "A" * 64, "0" * 63, ""):
        with pytest.raises(ValueError, match="SHA-256"):
            store.path(name)


def test_late_means_more_than_24_hours_after_the_taking() -> None:
    taken = datetime(2026, 11, 2, 10, tzinfo=UTC)
    assert rules.late_by(taken, taken + timedelta(hours=24)) is None
    assert rules.late_by(taken, taken + timedelta(hours=24, seconds=1)) == timedelta(seconds=1)
    assert rules.late_by(None, taken) is None
