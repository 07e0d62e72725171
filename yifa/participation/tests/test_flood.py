"""A flood through the door, from one source under many names: nothing is refused, and what was acknowledged outlives a killed server."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import pytest
from django.conf import settings
from django.utils import timezone

from yifa.kernel.ledger import tree
from yifa.kernel.ledger.models import Entry
from yifa.normative.tests import world as w
from yifa.participation import batches, queries
from yifa.participation.models import Batch, Comment, Consultation
from yifa.participation.tests.test_participation import opened

ROOT = Path(__file__).resolve().parents[3]
OPINIONS, SENDERS, KILLED_AT = 240, 4, (60, 150)


class Door:
    """The site in a process of its own, killed without a word and begun again at the same address."""

    def __init__(self, own_db: Any) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        # The same keys as here, whatever another test left in the environment: receipt codes are kept as keyed digests.
        keys = {"YIFA_SECRET_KEY": settings.SECRET_KEY, "YIFA_PERSONAL_KEY": settings.PERSONAL_KEY}
        address = {"YIFA_PUBLIC_URL": f"http://localhost:{self.port}", "YIFA_FILES": str(settings.FILES)}
        self.environment = {**own_db.environment(), **keys, **address}
        self.server = self._begin()

    def _begin(self) -> subprocess.Popen[bytes]:
        words = ["-m", "granian", "yifa.site.wsgi:application", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.port)]
        # A group of its own: its workers are killed with it.
        return subprocess.Popen(
            [sys.executable, *words, "--no-ws"],
            cwd=ROOT,
            env=self.environment,
            process_group=0,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.server.pid, signal.SIGKILL)
        self.server.wait(20)

    def kill_and_begin(self) -> None:
        self.kill()
        self.server = self._begin()


@pytest.fixture
def door(own_db: Any) -> Iterator[Door]:
    made = Door(own_db)
    try:
        yield made
    finally:
        made.kill()


class Sender:
    """Somebody at a browser: one form after another, and the same form again when no answer comes."""

    def __init__(self, port: int, ident: UUID) -> None:
        self.port, self.page = port, f"/participate/{ident}/"
        self.connection: http.client.HTTPConnection | None = None
        self.cookie = self.token = ""

    def say(self, n: int) -> tuple[int, str]:
        """The number and the code that the page tells."""
        for _ in range(300):
            with suppress(OSError, http.client.HTTPException):
                status, page = self._send(n)
                if status == 200:
                    code, number = re.search(r'id="code"[^>]*>([0-9A-Z-]{14})<', page), re.search("第 ([0-9]+) 条意见", page)
                    assert code
                    assert number
                    return int(number[1]), code[1]
                assert status >= 500, f"{status}: {page}"
            self.connection = None
            time.sleep(0.2)
        raise AssertionError(f"opinion {n} was never taken")

    def _send(self, n: int) -> tuple[int, str]:
        if self.connection is None:
            connection = http.client.HTTPConnection("localhost", self.port, timeout=20)
            connection.request("GET", self.page)
            answer = connection.getresponse()
            self.token = re.findall('csrfmiddlewaretoken" value="([^"]+)"', answer.read().decode())[0]
            self.cookie = str(answer.getheader("Set-Cookie")).partition(";")[0]
            self.connection = connection
        words = {"csrfmiddlewaretoken": self.token, "key": f"{n:032x}", "text": f"第{n}条：供热应当按时。", "name": f"村民{n}"}
        self.connection.request(
            "POST", self.page, urlencode(words), {"Content-Type": "application/x-www-form-urlencoded", "Cookie": self.cookie}
        )
        answer = self.connection.getresponse()
        return answer.status, answer.read().decode()


def flood(door: Door, row: Consultation) -> dict[int, tuple[int, str]]:
    """What was acknowledged, by the number of the form; the server is killed while others are being taken."""
    told: dict[int, tuple[int, str]] = {}

    def send(first: int) -> None:
        sender = Sender(door.port, row.id)
        for n in range(first, OPINIONS, SENDERS):
            told[n] = sender.say(n)

    with ThreadPoolExecutor(SENDERS) as pool:
        sending = [pool.submit(send, first) for first in range(SENDERS)]
        for count in KILLED_AT:
            while len(told) < count and not any(each.done() for each in sending):
                time.sleep(0.02)
            door.kill_and_begin()
            batches.batch_opinions(at=timezone.now())
        for each in sending:
            each.result()
    return told


def lost(told: dict[int, tuple[int, str]], row: Consultation) -> list[int]:
    """The forms whose number or code leads to no opinion with these words."""
    missing = []
    for n, (number, code) in told.items():
        found = queries.own(code)
        if found is None or (found[0].n, found[0].text) != (number, f"第{n}条：供热应当按时。") or found[1].id != row.id:
            missing.append(n)
    return missing


def under_a_root(row: Consultation) -> bool:
    """Does every opinion stand under the root of its batch, and every batch follow upon the last?"""
    rows = Comment.objects.filter(consultation=row.id).order_by("n")
    hashes = dict(Entry.objects.filter(chain__startswith="comment:", seq=1).values_list("chain", "hash"))
    said = [bytes(hashes[f"comment:{ident}"]) for ident in rows.values_list("id", flat=True)]
    until = 0
    for batch in Batch.objects.filter(consultation=row.id).order_by("first"):
        if batch.first != until + 1 or batch.root != tree.root(said[until : batch.last]).hex():
            return False
        until = batch.last
    return until == len(said)


@pytest.mark.timeout(300)
def test_a_flood_is_taken_though_the_server_is_killed_in_the_middle(own_db: Any, door: Door) -> None:
    row = opened(w.build().clerk)
    told = flood(door, row)
    assert sorted(told) == list(range(OPINIONS))
    assert lost(told, row) == []
    # What was taken while nobody heard of it was sent again, and is one with what was told.
    assert sorted(Comment.objects.values_list("n", flat=True)) == list(range(1, OPINIONS + 1))
    batches.batch_opinions(at=timezone.now())
    assert under_a_root(row)
    found = queries.marks(row)
    assert (found.counts["source"], found.counts["names"], found.counts["flood"]) == (OPINIONS,) * 3
    # The examination itself notices what it is there for.
    Comment.objects.filter(n=7).update(text="另一句话")
    assert len(lost(told, row)) == 1
    Comment.objects.filter(n=OPINIONS).update(n=OPINIONS + 1)
    Comment.objects.filter(n=7).update(n=OPINIONS)
    assert not under_a_root(row)
