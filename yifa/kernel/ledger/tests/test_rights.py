"""With the working role's own credentials the record can only grow, and nobody else can shrink it by accident either."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from django.db.utils import ProgrammingError

from yifa.kernel.ledger import append, queries, services
from yifa.kernel.ledger.append import SimulatedClockError
from yifa.kernel.ledger.models import Entry, Erasure, Payload
from yifa.kernel.ledger.tests.acting import LEAGUE, ME, Database, Someone, act, built
from yifa.kernel.ledger.verify import verify_receipt

TABLES = ("ledger_era", "ledger_entry", "ledger_payload", "ledger_leaf", "ledger_tile", "ledger_checkpoint", "ledger_erasure")
COLUMN = {"ledger_era": "reason", "ledger_payload": "payload", "ledger_leaf": "chain", "ledger_checkpoint": "note"}
SECOND = "0198f3a0-0000-7000-8000-000000000002"


@pytest.fixture
def filled(own_db: Database) -> Database:
    """A record with something in most tables."""
    services.record("rating:1", "rate", actor=ME, payload={"name": "张三"}, closed={"note": "x"}, league=LEAGUE)
    services.record("rating:1", "answer", actor=ME, payload={"text": "y"}, league=LEAGUE)
    services.seal()
    return own_db


def attacks(table: str) -> list[str]:
    column = COLUMN.get(table, "league" if table in {"ledger_entry", "ledger_erasure"} else "level")
    return [
        f"UPDATE {table} SET {column} = {column}",
        f"DELETE FROM {table}",
        f"TRUNCATE {table}",
        f"TRUNCATE {table} CASCADE",
        f"ALTER TABLE {table} DISABLE TRIGGER ALL",
        f"ALTER TABLE {table} DISABLE TRIGGER USER",
        f"DROP TABLE {table}",
        f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE",
        f"MERGE INTO {table} t USING (VALUES (1)) v ON true WHEN MATCHED THEN DELETE",
        f"GRANT ALL ON {table} TO CURRENT_USER",
    ]


@pytest.mark.parametrize("table", TABLES)
def test_the_working_role_can_only_read_and_append(filled: Database, table: str) -> None:
    with psycopg.connect(filled.app_url, autocommit=True) as app:
        for attack in attacks(table):
            if attack.startswith("GRANT"):  # PostgreSQL answers a grant of nothing with a warning
                app.execute(attack.encode())
                continue
            with pytest.raises(psycopg.errors.InsufficientPrivilege), app.transaction():
                app.execute(attack.encode())
        granted = app.execute(
            "SELECT has_table_privilege(%s, 'UPDATE'), has_table_privilege(%s, 'DELETE'), has_table_privilege(%s, 'TRUNCATE'),"
            " has_any_column_privilege(%s, 'UPDATE')",
            [table] * 4,
        ).fetchone()
        assert granted == (False, False, False, False)


def test_the_working_role_has_no_way_around(filled: Database) -> None:
    with psycopg.connect(filled.app_url, autocommit=True) as app:
        for attack in (
            "SET session_replication_role = replica",
            "SET ROLE yifa_owner",
            "SET SESSION AUTHORIZATION yifa_owner",
            "ALTER FUNCTION ledger_refuse() RESET ALL",
            "DROP FUNCTION erase_payload",
            "CREATE OR REPLACE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
            "CREATE TABLE ledger_new (x int)",
            "INSERT INTO ledger_erasure (league, chain, seq, side) VALUES ('150200', 'rating:1', 1, 'open')",
            "INSERT INTO ledger_era (era, reason) VALUES (9, 'x')",
            "INSERT INTO ledger_entry (xid) VALUES ('1')",
            "INSERT INTO ledger_entry (id) OVERRIDING SYSTEM VALUE VALUES (1)",
            "INSERT INTO ledger_entry (era) VALUES (1)",
            "SELECT nextval('ledger_entry_id_seq')",
            "SELECT setval('ledger_entry_id_seq', 1)",
        ):
            with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.InvalidParameterValue)):
                app.execute(attack.encode())
        superuser = app.execute("SELECT rolsuper, rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname = current_user").fetchone()
        assert superuser == (False, False, False)
        owned = "SELECT count(*) FROM pg_class WHERE relname LIKE 'ledger%%' AND pg_has_role(current_user, relowner, 'MEMBER')"
        assert app.execute(owned).fetchone() == (0,)


@pytest.mark.parametrize("table", TABLES)
def test_the_triggers_refuse_the_owner_too(filled: Database, table: str) -> None:
    with psycopg.connect(filled.owner_url, autocommit=True) as owner:
        for attack in attacks(table)[:4]:
            with pytest.raises(psycopg.errors.RestrictViolation):
                owner.execute(attack.encode())


def test_a_body_and_its_hash_belong_together(own_db: Database) -> None:
    entry = built("rating:5", 1, None)
    members, params = append.cte(entry)
    params[params.index(entry.hash)] = b"\x00" * 32
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"WITH {members} SELECT", params)


def test_a_simulated_clock_is_for_demonstrations_and_drills(own_db: Database, settings: Any) -> None:
    long_ago = built("rating:5", 1, None).at.replace(year=2020)
    for origin in ("drill.example.org/log", "demo.example.org/log"):
        settings.LOG_ORIGIN = origin
        entry = services.record("rating:" + origin, "rate", actor=ME, payload={}, league=LEAGUE, simulated=long_ago)
        assert entry.recorded_at == long_ago
    settings.LOG_ORIGIN = "example.org/demo."
    with pytest.raises(SimulatedClockError):
        services.record("rating:6", "rate", actor=ME, payload={}, league=LEAGUE, simulated=long_ago)
    members, params = append.cte(built("rating:6", 1, None, clock=long_ago))
    with pytest.raises(DatabaseError, match="not the database clock"), connection.cursor() as cursor:
        cursor.execute(f"WITH {members} SELECT", params)
    entry = services.record("rating:6", "rate", actor=ME, payload={}, league=LEAGUE, at=long_ago)
    assert entry.at == long_ago
    assert (entry.recorded_at - long_ago).days > 365


def test_an_erasure_leaves_the_chain_whole_and_says_so(filled: Database) -> None:
    services.erase_payload(
        by=ME, second=SECOND, ground="个人信息保护法第四十七条", league=LEAGUE, chain="rating:1", sides=[(1, "open"), (1, "closed")]
    )
    assert Payload.objects.filter(league=LEAGUE, chain="rating:1", seq=1).exclude(payload=None).count() == 0
    assert Erasure.objects.count() == 2
    verdict = verify_receipt(services.receipt("rating:1", league=LEAGUE, sides=("open", "closed")), key=str(queries.vkey()))
    assert verdict.valid, verdict.reason
    assert [step.open for step in verdict.steps] == ["erased", "shown", "shown"]
    assert verdict.notes == ["第 1 条记录的正卷内容已依法清除", "第 1 条记录的副卷内容已依法清除"]
    nothing = verify_receipt(services.receipt("rating:1", league=LEAGUE, sides=()), key=str(queries.vkey()))
    assert nothing.valid
    assert nothing.steps[0].open == "erased"


def test_an_erasure_needs_two_persons_a_ground_and_something_to_erase(filled: Database) -> None:
    good: dict[str, Any] = {"by": ME, "second": SECOND, "ground": "g", "league": LEAGUE, "chain": "rating:1", "sides": [(1, "open")]}
    wrongs: tuple[dict[str, Any], ...] = (
        {"second": ME.person},
        {"second": f" {ME.person.upper()} "},
        {"second": ""},
        {"by": Someone(person="same"), "second": "same"},
        {"ground": " "},
        {"sides": []},
        {"sides": [(9, "open")]},
        {"sides": [(2, "closed")]},
        {"sides": [(1, "open"), (1, "open")]},
    )
    for wrong in wrongs:
        with pytest.raises(DatabaseError):
            services.erase_payload(**{**good, **wrong})
    assert (Entry.objects.count(), Erasure.objects.count()) == (2, 0)
    services.erase_payload(**good)
    for sides in ([(1, "open")], [(3, "open")]):
        with pytest.raises(DatabaseError):
            services.erase_payload(**{**good, "sides": sides})
    assert Entry.objects.count() == 3


def test_the_database_does_not_believe_an_entry_that_says_something_else(filled: Database) -> None:
    head = Entry.objects.get(league=LEAGUE, chain="rating:1", seq=2)
    told = {"erased": [{"seq": 1, "side": "open"}], "ground": "g", "persons": [ME.person, SECOND]}
    wrongs: tuple[dict[str, Any], ...] = (
        {"procedure": "summary_penalty"},
        {"step": "pay"},
        {"actor": Someone(person=SECOND)},
        {"prev": b"\x01" * 32},
        {"chain": "rating:2"},
        {"open": {**told, "ground": "other"}},
        {"open": {**told, "persons": [SECOND, ME.person]}},
    )
    for wrong in wrongs:
        parts = {"chain": "rating:1", "prev": bytes(head.hash), "procedure": "ledger", "step": "erase_payload", "open": told} | wrong
        entry = built(parts.pop("chain"), 3, parts.pop("prev"), **parts)
        with pytest.raises(DatabaseError, match="does not say"), connection.cursor() as cursor:
            cursor.execute(
                "SELECT erase_payload(%s, %s, 3, 'g', %s, %s, %s, %s, %s, %s, %s, %s)",
                [
                    *(LEAGUE, "rating:1", ME.person, SECOND, uuid4(), entry.at, entry.recorded_at),
                    *(entry.body, entry.open_payload, entry.open_salt),
                ],
            )


def test_the_owner_may_not_erase_without_the_function(filled: Database) -> None:
    with psycopg.connect(filled.owner_url, autocommit=True) as owner, pytest.raises(psycopg.errors.RestrictViolation):
        owner.execute("UPDATE ledger_payload SET payload = NULL, salt = NULL WHERE seq = 1")


def test_django_cannot_change_the_record_either(filled: Database) -> None:
    for change in (
        lambda: Entry.objects.all().delete(),
        lambda: Entry.objects.update(step="x"),
        lambda: Payload.objects.update(payload="x"),
    ):
        with pytest.raises(ProgrammingError):
            change()
    assert act("rating:9").seq == 1
