"""The public log over HTTP, read as a monitor of c2sp.org/tlog-tiles would read it; and the log's key."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import RequestFactory

from yifa.kernel.ledger import keys, pages, queries, services, tree
from yifa.kernel.ledger.bodies import leaf_hash
from yifa.kernel.ledger.models import Monitor
from yifa.kernel.ledger.notes import Checkpoint, verified
from yifa.kernel.ledger.tests.acting import Database, act, write_many
from yifa.kernel.ledger.tests.test_seal import seal_all


def get(path: str, **headers: str) -> Any:
    return pages.tile(RequestFactory().get(f"/log/tile/{path}", headers=headers), path)


def test_a_monitor_rebuilds_the_tree_from_public_files(own_db: Database) -> None:
    assert pages.checkpoint(RequestFactory().get("/")).status_code == 404
    write_many(600)
    seal_all()
    answer = pages.checkpoint(RequestFactory().get("/"))
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer["Cache-Control"] == "public, max-age=2"
    key = pages.key(RequestFactory().get("/")).content.decode()
    assert key == f"{queries.vkey()}\n"
    head = Checkpoint.parse(verified(answer.content.decode(), [queries.vkey()]))
    leaves: list[bytes] = []
    for path in ("0/000", "0/001", "0/002.p/88"):
        tile = get(path)
        assert tile["Content-Type"] == "application/octet-stream"
        assert tile["Cache-Control"] == "public, max-age=31536000, immutable"
        leaves += tree.split_hashes(tile.content)
    assert (len(leaves), tree.root(leaves)) == (600, head.root)
    assert tree.split_hashes(get("1/000.p/2").content) == [tree.root(leaves[:256]), tree.root(leaves[256:512])]
    assert get("0/000.p/17").content == get("0/000").content[: 17 * 32]
    token = services.grant_monitor("自治区司法厅")
    bodies: list[bytes] = []
    for path in ("entries/000", "entries/001", "entries/002.p/88"):
        bundle = get(path, authorization=f"Bearer {token}")
        assert bundle["Cache-Control"].startswith("private")
        bodies += tree.unbundle(bundle.content)
    assert [leaf_hash(body) for body in bodies] == leaves


def test_what_the_checkpoint_does_not_cover_does_not_exist(own_db: Database) -> None:
    assert get("0/000.p/1").status_code == 404
    act()
    seal_all()
    assert get("0/000.p/1").status_code == 200
    act("parameter:more")  # recorded, not sealed
    for path in ("0/000", "0/000.p/2", "0/001", "1/000", "1/000.p/1", "9/000.p/1", "0/0", "x", "entries/000"):
        assert get(path).status_code == 404, path


def test_entry_bundles_are_for_monitors_with_a_valid_token(own_db: Database) -> None:
    act()
    seal_all()
    token = services.grant_monitor("检察院")
    assert token not in str(Monitor.objects.values_list())
    for header in ({}, {"authorization": "Bearer x"}, {"authorization": f"Basic {token}"}, {"authorization": "Bearer "}):
        answer = get("entries/000.p/1", **header)
        assert (answer.status_code, answer["WWW-Authenticate"], answer["Cache-Control"]) == (401, 'Bearer realm="log"', "no-store")
    assert get("entries/000.p/1", authorization=f"Bearer {token}").status_code == 200
    services.revoke_monitor("检察院")
    assert get("entries/000.p/1", authorization=f"Bearer {token}").status_code == 401


def test_a_key_is_made_once_and_only_its_owner_may_read_it(own_db: Database, settings: Any, tmp_path: Path) -> None:
    settings.LOG_KEY = str(tmp_path / "secret" / "log.key")
    made = queries.vkey()
    keys._signer.cache_clear()
    assert queries.vkey() == made
    assert stat.S_IMODE((tmp_path / "secret" / "log.key").stat().st_mode) == 0o600
    assert len(list((tmp_path / "secret").iterdir())) == 1
    settings.LOG_KEY = (tmp_path / "secret" / "log.key").read_text()
    assert queries.vkey() == made


def test_a_log_that_was_signed_never_gets_a_second_key_by_accident(own_db: Database, settings: Any, tmp_path: Path) -> None:
    settings.LOG_KEY = str(tmp_path / "log.key")
    act()
    seal_all()
    (tmp_path / "log.key").unlink()
    keys._signer.cache_clear()
    act()
    with pytest.raises(keys.KeyMissingError):
        queries.vkey()


def test_reading_a_tile_takes_few_queries(own_db: Database, django_assert_max_num_queries: Any) -> None:
    write_many(300)
    seal_all()
    with django_assert_max_num_queries(3, connection=connection):
        get("0/000")
    with django_assert_max_num_queries(2, connection=connection):
        get("1/000.p/1")
