"""Nothing acknowledged is lost: eight writers, an old transaction, twenty kills, a dump and a restore.

Acknowledged = recorded = sealed = counted; no gap in a number series, no number without its PDF.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import psycopg
import pytest
from django.conf import settings as django_settings
from django.db import connection, connections
from django.utils.module_loading import import_string
from pytest_django import DjangoDbBlocker

from yifa.dossiers import store
from yifa.enforcement.tests import world as w
from yifa.facts import services as facts
from yifa.site import backup, postgres, run
from yifa.site.settings import database

ROOT = Path(__file__).resolve().parent.parent
WRITERS, KILLS, HELD = 8, 20, 20

pytestmark = [pytest.mark.alone, pytest.mark.timeout(900)]


class Scene:
    """A server with nothing relaxed, a world in it, the web and the follower as `yifa run` keeps them, and the notes of the writers."""

    def __init__(self, var: Path, settings: Any) -> None:
        self.var = var
        self.cluster = postgres.start(var)
        settings.FILES, settings.LOG_KEY = var / "files", str(var / "log.key")
        self.point(settings, "yifa")
        self.environment = {
            **os.environ,
            "YIFA_VAR": str(var),
            "YIFA_DATABASE_URL": self.cluster.url_app,
            "YIFA_DATABASE_OWNER_URL": self.cluster.url_owner,
            "YIFA_FILES": str(settings.FILES),
            "YIFA_LOG_KEY": settings.LOG_KEY,
            "DJANGO_SETTINGS_MODULE": "yifa.site.settings",
            "PYTHONPATH": str(ROOT),
        }
        os.environ.update({name: value for name, value in self.environment.items() if name.startswith(("YIFA_", "PYTHONPATH"))})
        subprocess.run([sys.executable, "-m", "yifa.site.command", "migrate", "--quiet"], env=self.environment, cwd=ROOT, check=True)
        (var / "static").mkdir()
        self.notes: list[Path] = []
        self.writers: list[subprocess.Popen[bytes]] = []
        with run.port_of_ours(0) as port:
            self.processes = run.processes(port, demo=False)[:2]

    def point(self, settings: Any, name: str) -> None:
        connections.close_all()
        settings.DATABASE_URL, settings.DATABASE_OWNER_URL = self.cluster.url(postgres.APP, name), self.cluster.url(postgres.OWNER, name)
        found = database(settings.DATABASE_URL)
        connection.settings_dict.update({key: found[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT")})

    def write(self) -> None:
        """The writers begin."""
        told = self.var / "world.json"
        world = {name: {**asdict(actor), "roles": sorted(actor.roles)} for name, actor in vars(w.build()).items()}
        told.write_text(json.dumps(world, ensure_ascii=False), encoding="utf-8")
        for n in range(WRITERS):
            self.notes.append(self.var / f"acknowledged-{n}")
            command = [sys.executable, str(ROOT / "tests" / "crash_writer.py"), str(told), str(self.notes[-1]), str(n)]
            self.writers.append(subprocess.Popen(command, env=self.environment, cwd=ROOT))

    def stop_writing(self) -> None:
        for writer in self.writers:
            writer.terminate()
        for writer in self.writers:
            assert writer.wait(60) == 0

    def acknowledged(self) -> set[tuple[str, int, str]]:
        return {tuple(json.loads(line)) for path in self.notes if path.exists() for line in path.read_text(encoding="utf-8").splitlines()}

    def keep_running(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for process in self.processes:
                process.pause = 1.0  # here a process may be killed more often than once a minute
                process.look()
            time.sleep(0.05)

    def until_sealed(self, seconds: float = 60) -> None:
        end = time.monotonic() + seconds
        while query("SELECT (SELECT count(*) FROM ledger_entry) - (SELECT count(*) FROM ledger_leaf)") != [(0,)]:
            assert time.monotonic() < end
            self.keep_running(0.2)

    def end(self) -> None:
        for writer in self.writers:
            with suppress(ProcessLookupError):
                writer.kill()
        run.end(self.processes)
        connections.close_all()
        postgres.start(self.var).stop()


@pytest.fixture
def scene(django_db_setup: None, django_db_blocker: DjangoDbBlocker, settings: Any) -> Iterator[Scene]:
    environment, place = dict(os.environ), dict(connection.settings_dict)
    var = Path(mkdtemp(prefix="yifa-crash-"))
    var.chmod(0o755)
    with django_db_blocker.unblock():
        made = Scene(var, settings)
        try:
            yield made
        finally:
            made.end()
            connection.settings_dict.update(place)
            os.environ.clear()
            os.environ.update(environment)
    subprocess.run(["rm", "-r", str(var)], check=True)


def query(text: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(text)
        return list(cursor.fetchall())


def examine(acknowledged: set[tuple[str, int, str]]) -> None:
    recorded = {(chain, seq, bytes(digest).hex()) for chain, seq, digest in query("SELECT chain, seq, hash FROM ledger_entry")}
    # Register objects have chains of their own ("roll:…"); the writers' acts are those on dossiers.
    assert acknowledged == {entry for entry in recorded if ":" not in entry[0]}
    sealed = {(chain, seq, bytes(digest).hex()) for chain, seq, digest in query("SELECT chain, seq, hash FROM ledger_leaf")}
    assert sealed == recorded
    facts.follow(contexts := import_string(django_settings.CONTEXTS))
    assert facts.check(contexts) == (len(sealed), [])
    series = query("SELECT organisation_id, kind, year, last FROM documents_series")
    assert series
    numbers = query("SELECT number, sha256 FROM documents_document WHERE number <> '' ORDER BY 1")
    # Two kinds of numbers are allotted: of cases and of documents. As many as were allotted are in use, and none twice.
    cases = query("SELECT code FROM dossiers_dossier")
    assert len(numbers) == len({number for number, _ in numbers})
    assert sum(last for *_, last in series) == len(numbers) + len(cases)
    for number, digest in numbers:
        assert store.path(digest).read_bytes().startswith(b"%PDF"), number


def test_nothing_acknowledged_is_lost(scene: Scene, settings: Any) -> None:
    scene.write()
    scene.keep_running(3)

    # One transaction holds an early number: what was written after it must wait, and must not be passed over.
    with psycopg.connect(scene.cluster.url_app) as early:
        early.execute("SELECT pg_current_xact_id()")
        scene.keep_running(HELD)
    scene.keep_running(2)

    killed = 0
    while killed < KILLS:
        if killed % 3 == 0:
            os.kill(scene.cluster.pid, signal.SIGKILL)
            scene.cluster = postgres.start(scene.var)
            killed += 1
        elif (victim := scene.processes[killed % 3 - 1].running) is not None:
            victim.kill()
            killed += 1
        scene.keep_running(1.5)

    scene.stop_writing()
    connections.close_all()
    acknowledged = scene.acknowledged()
    assert len(acknowledged) >= 5 * WRITERS
    scene.until_sealed()
    examine(acknowledged)

    manifest = backup.backup(scene.var / "backups")
    with psycopg.connect(scene.cluster.url_admin, autocommit=True) as admin:
        postgres.make_database(admin, "restored")
    run.end(scene.processes)
    scene.point(settings, "restored")
    settings.FILES = scene.var / "restored-files"
    assert backup.restore(scene.var / "backups" / manifest["folder"])["era"] == 2
    examine(acknowledged)
