"""The record checked from inside finds every kind of change; its short way of reading a body is never more lenient than the long."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from yifa.kernel.ledger import audit, services
from yifa.kernel.ledger.audit import essence, verify_record
from yifa.kernel.ledger.bodies import USUAL, Body, BodyError
from yifa.kernel.ledger.sealing import LedgerError
from yifa.kernel.ledger.tests.acting import LEAGUE, ME, Database, act
from yifa.kernel.ledger.tests.test_bodies import GOOD, WRONG
from yifa.kernel.ledger.tests.test_seal import seal_all
from yifa.kernel.ledger.tests.world import world

CHANGES = {
    "ledger_entry": [
        "body = convert_to(replace(convert_from(body, 'UTF8'), '150203140', '150203141'), 'UTF8')",
        "body = convert_to(replace(convert_from(body, 'UTF8'), ',', ', '), 'UTF8')",
        "body = body || '\\x00', hash = sha256('\\x00'::bytea || body || '\\x00')",
        "body = '\\xff', hash = sha256('\\x00ff')",
        "hash = sha256('x')",
        "chain = 'rating:2'",
        "seq = seq + 5",
        "seq = 3 - seq + 2 * seq * (seq / 3)",
    ],
    "ledger_payload": ["payload = payload || ' '", "salt = sha256('x')", "payload = NULL, salt = NULL", "side = 'closed'"],
    "ledger_leaf": ["hash = sha256('x')", "position = position + 1"],
}


def record() -> None:
    for number in range(3):
        services.record("rating:1", "rate", actor=ME, payload={"n": number}, league=LEAGUE)
    act("rating:3")
    seal_all()


@pytest.mark.parametrize("halves", [False, True])
@pytest.mark.parametrize(("table", "change"), [(table, change) for table, changes in CHANGES.items() for change in changes])
def test_a_change_behind_the_records_back_is_found(
    own_db: Database, monkeypatch: pytest.MonkeyPatch, table: str, change: str, halves: bool
) -> None:
    """By one process, and by two of which either may meet it: the record's middle is now in this chain, now in that."""
    if halves:
        monkeypatch.setattr(audit, "LARGE", 1)
        monkeypatch.setattr(audit, "_middle", lambda _: (LEAGUE, "rating:2" if "chain" in change or "leaf" in table else "rating:1"))
    record()
    assert verify_record().entries == 4
    with psycopg.connect(own_db.admin_url) as admin:
        admin.execute("SET session_replication_role = replica")
        for constraint in ("ledger_entry_check", "ledger_entry_hash_check"):
            admin.execute(f"ALTER TABLE ledger_entry DROP CONSTRAINT IF EXISTS {constraint}".encode())
        admin.execute("ALTER TABLE ledger_entry DROP CONSTRAINT IF EXISTS ledger_entry_pkey")
        last = "seq = 3 AND " if table == "ledger_leaf" else "seq = 1 AND " if "seq + 5" in change or "rating:2" in change else ""
        where = "position = 3" if "position" in change else f"{last}chain = 'rating:1'"
        changed = admin.execute(f"UPDATE {table} SET {change} WHERE {where}".encode()).rowcount
        assert changed
    with pytest.raises(LedgerError):
        verify_record()


def test_unsealed_entries_and_erasures_are_no_fault(own_db: Database) -> None:
    record()
    act("rating:4")
    second = "0198f3a0-0000-7000-8000-000000000002"
    services.erase_payload(by=ME, second=second, ground="g", league=LEAGUE, chain="rating:1", sides=[(2, "open")])
    found = verify_record()
    assert (found.entries, found.size, found.erased) == (6, 4, 1)
    seal_all()
    assert verify_record().size == 6


def test_two_processes_find_what_one_finds(own_db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    record()
    second = "0198f3a0-0000-7000-8000-000000000002"
    for chain in ("rating:1", "rating:3"):
        services.erase_payload(by=ME, second=second, ground="g", league=LEAGUE, chain=chain, sides=[(1, "open")])
    seal_all()
    alone = verify_record()
    monkeypatch.setattr(audit, "LARGE", 1)
    for chain in ("", "rating:1", "rating:2", "rating:3", "rating:4"):
        monkeypatch.setattr(audit, "_middle", lambda _, chain=chain: (LEAGUE, chain))
        assert verify_record() == alone
    monkeypatch.undo()
    monkeypatch.setattr(audit, "LARGE", 1)
    assert verify_record() == alone


def test_a_half_that_is_not_read_is_noticed(own_db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    record()
    monkeypatch.setattr(audit, "LARGE", 1)
    monkeypatch.setattr(audit, "_elsewhere", lambda *_: None)
    with pytest.raises(LedgerError, match="died"):
        verify_record()


def test_a_missing_entry_is_found(own_db: Database) -> None:
    record()
    with psycopg.connect(own_db.admin_url) as admin:
        admin.execute("SET session_replication_role = replica")
        admin.execute("DELETE FROM ledger_entry WHERE chain = 'rating:3'")
    with pytest.raises(LedgerError):
        verify_record()


@pytest.mark.parametrize("wrong", WRONG)
def test_the_short_way_refuses_what_the_long_way_refuses(wrong: dict[str, Any]) -> None:
    value = {**json.loads(GOOD.to_bytes()), **wrong}
    with pytest.raises(BodyError):
        essence(json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode())


def test_the_short_way_reads_the_bodies_of_the_record() -> None:
    for body in world().bodies:
        assert USUAL.fullmatch(body.decode())
        read = Body.from_bytes(body)
        assert essence(body) == (read.chain, read.closed, read.open, read.origin, read.prev, str(read.seq))


@given(st.data())
def test_the_short_way_accepts_nothing_that_the_long_way_refuses(data: st.DataObject) -> None:
    body = data.draw(st.sampled_from([GOOD.to_bytes(), replace(GOOD, device=None, prev=None, seq=1, files=(), cites=()).to_bytes()]))
    at = data.draw(st.integers(0, len(body) - 1))
    count = data.draw(st.integers(0, 3))
    new = data.draw(
        st.binary(max_size=3) | st.sampled_from([b"9", b"0", b"null", b'"', b"\\n", b",", b"31", b"29", b"true", "甲".encode()])
    )
    changed = body[:at] + new + body[at + count :]
    try:
        found = essence(changed)
    except BodyError:
        return
    read = Body.from_bytes(changed)
    assert found == (read.chain, read.closed, read.open, read.origin, read.prev, str(read.seq))


@given(
    st.builds(
        "{:04d}-{:02d}-{:02d}T{:02d}:{:02d}:{:02d}.{:06d}Z".format,
        *(st.integers(1000, 2999), st.integers(0, 13), st.integers(0, 32), st.integers(0, 25), st.integers(0, 61), st.integers(0, 61)),
        st.integers(0, 999_999),
    )
)
def test_the_short_way_knows_the_calendar(moment: str) -> None:
    text = GOOD.to_bytes().replace(GOOD.happened_at.encode(), moment.encode(), 1)
    try:
        Body.from_bytes(text)
    except BodyError:
        assert not USUAL.fullmatch(text.decode())


def test_escapes_and_leap_days_go_the_long_way() -> None:
    for body in (replace(GOOD, step='a"b'), replace(GOOD, happened_at="2028-02-29T00:00:00.000000Z")):
        assert not USUAL.fullmatch(body.to_bytes().decode())
        assert essence(body.to_bytes())
