"""A PostgreSQL for each worker of the tests: started when the first session comes, stopped when the last one leaves.

A template database is migrated once by the owner (named by a digest of the migrations); every test database is a clone of it.
`db` is rolled back, on one clone a worker; `own_db` is a clone of its own, committed for real, dropped afterwards.
YIFA_TEST_POSTGRES names the folder of other server binaries (Debian's), YIFA_TEST_DATABASE_URL the superuser's URL of a running server.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
import pytest
from django.conf import settings
from django.db import connections
from psycopg import sql
from pytest_django import DjangoDbBlocker

from yifa.site import postgres
from yifa.site.settings import database

ROOT = Path(__file__).resolve().parent
NUMBERS = count(1)


@pytest.fixture(scope="session", autouse=True)
def testing(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Cheap passwords, files in a folder that is thrown away; child processes see the same."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.FILES = tmp_path_factory.mktemp("files")
    settings.LOG_KEY = str(tmp_path_factory.mktemp("keys") / "log.key")
    os.environ["YIFA_FILES"] = str(settings.FILES)
    os.environ["YIFA_LOG_KEY"] = settings.LOG_KEY
    os.environ["YIFA_TESTING"] = "1"


@pytest.fixture(autouse=True)
def environment() -> Iterator[None]:
    """What a test puts into the environment goes with it: a command called here names its keys there, the next test's child uses others."""
    before = dict(os.environ)
    yield
    if os.environ != before:
        os.environ.clear()
        os.environ.update(before)


@dataclass(frozen=True)
class Server:
    """Where test databases are made: our own server, or the one a URL names."""

    admin: str
    passwords: dict[str, str]

    def url(self, role: str, database: str) -> str:
        parts = urlsplit(self.admin)
        place = parts.netloc.rpartition("@")[2]
        account = parts.netloc.rpartition("@")[0] if role == postgres.ADMIN else f"{role}:{quote(self.passwords[role], safe='')}"
        return urlunsplit(parts._replace(netloc=f"{account}@{place}", path=f"/{database}"))

    @contextmanager
    def connect(self) -> Iterator[psycopg.Connection]:
        with psycopg.connect(self.admin, autocommit=True) as connection:
            yield connection

    def create(self, name: str, template: str) -> None:
        with self.connect() as connection:
            postgres.make_database(connection, name, template)

    def drop(self, name: str) -> None:
        with self.connect() as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@dataclass(frozen=True)
class OwnDatabase:
    """A database of this test alone, with the three ways into it."""

    name: str
    app_url: str
    owner_url: str
    admin_url: str

    def environment(self) -> dict[str, str]:
        """For a child process that works on this database."""
        return {**os.environ, "YIFA_DATABASE_URL": self.app_url, "YIFA_DATABASE_OWNER_URL": self.owner_url}


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    if url := os.environ.get("YIFA_TEST_DATABASE_URL"):
        passwords = {role: hashlib.sha256(f"{url} {role}".encode()).hexdigest() for role in (postgres.OWNER, postgres.APP)}
        with psycopg.connect(url, autocommit=True) as connection:
            postgres.make_roles(connection, passwords)
        yield Server(url, passwords)
        return
    other = os.environ.get("YIFA_TEST_POSTGRES")
    # A server for each worker: a long transaction, though in another database, would hold up the sealing in all of a server's databases.
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
    folder = ROOT / "var" / "-".join(["test", *([hashlib.sha256(other.encode()).hexdigest()[:8]] if other else []), worker])
    with postgres.using(folder, binaries=Path(other) if other else None, settings=postgres.UNSAFE) as cluster:
        yield Server(cluster.url_admin, {role: cluster.password(role) for role in (postgres.OWNER, postgres.APP)})


@pytest.fixture(scope="session")
def template(server: Server) -> str:
    """The migrated database all others are cloned from; made again when a migration, a model or Django changes."""
    name = f"template_{_digest()}"
    with server.connect() as connection:
        # One at a time; the lock goes with the connection, also when this process is killed.
        connection.execute("SELECT pg_advisory_lock(hashtext('yifa test template'))")
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is None:
            _sweep(connection)
            draft = f"draft_{os.getpid()}"
            server.drop(draft)
            server.create(draft, "template0")
            owner = server.url(postgres.OWNER, draft)
            environment = {**os.environ, "YIFA_DATABASE_URL": owner, "YIFA_DATABASE_OWNER_URL": owner}
            command = [sys.executable, "-m", "yifa.site.command", "migrate", "--quiet"]
            done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
            if done.returncode:
                server.drop(draft)
                pytest.exit(f"the migrations failed:\n{done.stderr[-4000:]}", returncode=3)
            connection.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(draft), sql.Identifier(name)))
    return name


@pytest.fixture(scope="session")
def django_db_setup(server: Server, template: str) -> Iterator[None]:
    """pytest-django's hook: one clone a worker, entered as the working role."""
    name = _new_name()
    server.create(name, template)
    before = _point(server, name)
    yield
    _restore(before)
    server.drop(name)


@pytest.fixture
def own_db(server: Server, template: str, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[OwnDatabase]:
    """A database of this test's own: what it commits is committed, and every connection sees it."""
    name = _new_name()
    server.create(name, template)
    before = _point(server, name)
    try:
        with django_db_blocker.unblock():
            yield OwnDatabase(name, *(server.url(role, name) for role in (postgres.APP, postgres.OWNER, postgres.ADMIN)))
    finally:
        _restore(before)
        server.drop(name)


def _point(server: Server, name: str) -> dict[str, Any]:
    """Let Django's connections, in every thread, go to this database as the working role; returns what was before."""
    connections.close_all()
    target = connections["default"].settings_dict
    before = {**target, "URLS": (settings.DATABASE_URL, settings.DATABASE_OWNER_URL)}
    settings.DATABASE_URL, settings.DATABASE_OWNER_URL = server.url(postgres.APP, name), server.url(postgres.OWNER, name)
    found = database(settings.DATABASE_URL)
    target.update({key: found[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT")})
    return before


def _restore(before: dict[str, Any]) -> None:
    connections.close_all()
    settings.DATABASE_URL, settings.DATABASE_OWNER_URL = before.pop("URLS")
    connections["default"].settings_dict.update(before)


def _new_name() -> str:
    return f"test_{os.getpid()}_{next(NUMBERS)}"


def _digest() -> str:
    """What the template depends on: every migration, the installed applications, the locked packages."""
    digest = hashlib.sha256(repr(settings.INSTALLED_APPS).encode())
    for path in sorted([*ROOT.glob("yifa/**/migrations/*"), ROOT / "yifa/site/migrate.py", ROOT / "requirements.lock"]):
        if path.is_file():
            digest.update(f"{path.name} {path.stat().st_size} ".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def _sweep(connection: psycopg.Connection) -> None:
    """Drop what killed sessions left, and templates of yesterday."""
    rows = connection.execute("SELECT datname, (pg_stat_file('base/' || oid)).modification < now() - interval '1 day' FROM pg_database")
    for name, old in rows.fetchall():
        kind, _, rest = name.partition("_")
        orphan = kind in {"test", "draft"} and not Path(f"/proc/{rest.partition('_')[0]}").exists()
        if orphan or (kind == "template" and old):
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
