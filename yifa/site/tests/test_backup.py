"""Backup, then restore into an empty database: nothing lost, nothing added but a new era."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection, connections
from psycopg import sql

from yifa.kernel.ledger import services as ledger
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.services import regions
from yifa.site import backup
from yifa.site.settings import database

CLERK = Actor(
    person="person:00000000-0000-4000-8000-000000000001",
    name="甲",
    post="",
    organisation="",
    organisation_name="",
    region="150200",
    league="150200",
    roles=frozenset(),
    certificate=None,
)


@pytest.fixture
def filled(own_db: Any, settings: Any, tmp_path: Path) -> Path:
    """A database with regions and some entries, half of them sealed, and a file in the store."""
    regions.load_reference()
    for n in range(6):
        ledger.record(f"parameter:演示{n % 2}", "change", actor=CLERK, payload={"value": n}, league="150000")
        if n == 2:
            ledger.seal()
    settings.FILES = tmp_path / "files"
    place = settings.FILES / "ab" / "cd" / "abcd"
    place.parent.mkdir(parents=True)
    place.write_bytes(b"evidence")
    return tmp_path / "backups"


@contextmanager
def empty_database(own_db: Any, settings: Any) -> Iterator[None]:
    """A second, empty database of the same server; Django's connection goes there for the block."""
    name = f"{own_db.name}_restored"
    with psycopg.connect(own_db.admin_url, autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE DATABASE {} OWNER yifa_owner TEMPLATE template0").format(sql.Identifier(name)))
        before = dict(connection.settings_dict)
        settings.DATABASE_OWNER_URL = own_db.owner_url.replace(own_db.name, name)
        connections.close_all()
        connection.settings_dict.update(database(own_db.app_url.replace(own_db.name, name)))
        try:
            yield
        finally:
            connections.close_all()
            connection.settings_dict.update(before)
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def rows(query: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())


def bodies(chain: str) -> list[str]:
    return [entry["body"] for entry in json.loads(ledger.receipt(chain, league="150000"))["entries"]]


def test_a_restored_database_has_every_row_every_file_and_a_new_era(own_db: Any, filled: Path, settings: Any, tmp_path: Path) -> None:
    manifest = backup.backup(filled)
    heads = rows("SELECT chain, seq, hash FROM ledger_entry ORDER BY 1, 2")
    before = bodies("parameter:演示0")
    with empty_database(own_db, settings):
        settings.FILES = tmp_path / "elsewhere"
        restored = backup.restore(filled / manifest["folder"])
        assert restored["rows"] == manifest["rows"]
        assert restored["era"] == 2
        assert rows("SELECT chain, seq, hash FROM ledger_entry ORDER BY 1, 2") == heads
        assert (settings.FILES / "ab" / "cd" / "abcd").read_bytes() == b"evidence"
        # The record goes on: what was unsealed is sealed, new entries follow, the old log is a part of the new one.
        ledger.record("parameter:演示0", "change", actor=CLERK, payload={"value": 9}, league="150000")
        assert bodies("parameter:演示0")[:3] == before
        assert len(bodies("parameter:演示0")) == 4
        assert len(bodies("parameter:演示1")) == 3
        # The working role still may not touch what is written.
        with pytest.raises(Exception, match="permission denied"), connection.cursor() as cursor:
            cursor.execute("DELETE FROM ledger_entry")


def test_a_database_that_is_not_empty_is_not_restored_into(own_db: Any, filled: Path) -> None:
    manifest = backup.backup(filled)
    with pytest.raises(backup.BackupError, match="不是空的"):
        backup.restore(filled / manifest["folder"])


def test_a_damaged_dump_is_refused_before_anything_is_written(own_db: Any, filled: Path, settings: Any) -> None:
    manifest = backup.backup(filled)
    dump = filled / manifest["folder"] / backup.DUMP
    data = bytearray(dump.read_bytes())
    data[len(data) // 2] ^= 1
    dump.write_bytes(data)
    with empty_database(own_db, settings):
        with pytest.raises(backup.BackupError, match="摘要不符"):
            backup.restore(filled / manifest["folder"])
        assert rows("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == [(0,)]


def test_another_installations_keys_are_refused(own_db: Any, filled: Path, settings: Any) -> None:
    manifest = backup.backup(filled)
    settings.PERSONAL_KEY = "another"
    with pytest.raises(backup.BackupError, match="密钥"):
        backup.restore(filled / manifest["folder"])


def test_a_second_backup_copies_new_files_only(own_db: Any, filled: Path, settings: Any) -> None:
    backup.backup(filled)
    kept = filled / "files" / "ab" / "cd" / "abcd"
    written = kept.stat().st_mtime_ns
    (settings.FILES / "new").write_bytes(b"more")
    assert backup.copy_files(settings.FILES, filled / "files") == 2
    assert kept.stat().st_mtime_ns == written
