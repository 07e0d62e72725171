"""`ledger`: appending with hashes against the same statements without; `verify`: checking the whole record against copying it out.

Both sides of both benchmarks talk to the same server with fsync and synchronous_commit on, and take turns in going first.
"""

from __future__ import annotations

import json
import multiprocessing
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import psycopg
from psycopg import sql

from bench.world import pointed
from yifa.site import postgres

if TYPE_CHECKING:
    from yifa.kernel.ledger.append import NewEntry

ROOT = Path(__file__).resolve().parent.parent
LEAGUE = "150200"
ROUNDS = 15
WRITERS = 8
ACTS = 120  # by each writer in a round, on dossiers of STEPS acts
STEPS = 8
ENTRIES = 80_000

# The record's tables as they would be if nobody wanted to prove anything: no hash, no salt, no check, and no guard.
PLAIN = """
CREATE TABLE plain_entry (LIKE ledger_entry INCLUDING DEFAULTS INCLUDING IDENTITY INCLUDING INDEXES);
ALTER TABLE plain_entry ALTER hash DROP NOT NULL;
CREATE TABLE plain_payload (LIKE ledger_payload INCLUDING INDEXES);
GRANT SELECT, INSERT ON plain_entry, plain_payload TO yifa_app;
"""
READ = "SELECT clock_timestamp(), (SELECT e.hash FROM ledger_entry e WHERE e.league = %s AND e.chain = %s ORDER BY e.seq DESC LIMIT 1)"


@dataclass(frozen=True)
class Officer:
    person: str = "0198f3a0-0000-7000-8000-000000000001"
    post: str = "0198f3a0-0000-7000-8000-000000000002"
    organisation: str = "1502030140"
    region: str = "150203"


def facts(writer: int, number: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a step states, different at every act; about as much as a real one."""
    told = {
        "facts": f"当事人于2026年9月{number % 28 + 1}日在第{writer}大街{number}号门前占用人行道摆放桌椅经营,影响行人通行,经劝告后未改正。",
        "evidence": [f"{writer:032x}{number:032x}", f"{number:032x}{writer:032x}"],
        "item": "市容管理-0312",
        "sanctions": ["警告", "罚款"],
        "fine_fen": 10_000 + number,
        "party": {"kind": "citizen", "name": f"当事人{number}"},
    }
    return told, {"review": "事实清楚,适用法律正确", "number": number}


def append() -> dict[str, object]:
    """One row for the table of `make bench`."""
    with _database() as (app, owner):
        with psycopg.connect(owner, autocommit=True) as connection:
            connection.execute(PLAIN.encode())
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                if connection.execute(f"SHOW {setting}".encode()).fetchone() != ("on",):
                    raise AssertionError(f"{setting} is off")
        taken = _rounds(app)
        with psycopg.connect(owner) as connection:
            for table in ("ledger_entry", "plain_entry"):
                written = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))).fetchone()
                if written != ((ROUNDS + 1) * WRITERS * ACTS,):
                    raise AssertionError(f"{table} holds {written} entries")
    ratios = [plain / hashed for hashed, plain in taken]
    rates = [statistics.median(WRITERS * ACTS / side[which] for side in taken) for which in (0, 1)]
    return {
        "name": "ledger",
        "ratio": round(statistics.median(ratios), 3),
        "goal": 0.8,
        "rounds": [round(ratio, 3) for ratio in ratios],
        "unit": "of the appends per second without hashes",
        "note": f"{WRITERS} writers, {rates[0]:.0f} acts/s hashed, {rates[1]:.0f} acts/s unhashed, each act its own commit, rows counted",
    }


def _rounds(app: str) -> list[tuple[float, float]]:
    """(seconds hashed, seconds plain) of each round; the side that goes first alternates, and one round warms both up."""
    context = multiprocessing.get_context("spawn")
    start, end = context.Barrier(WRITERS + 1), context.Barrier(WRITERS + 1)
    order = [(turn, hashed) for turn in range(ROUNDS + 1) for hashed in ((True, False) if turn % 2 else (False, True))]
    writers = [context.Process(target=_writer, args=(app, number, order, start, end), daemon=True) for number in range(WRITERS)]
    for writer in writers:
        writer.start()
    taken: dict[tuple[int, bool], float] = {}
    for turn in order:
        start.wait(120)
        began = time.perf_counter()
        end.wait(600)
        taken[turn] = time.perf_counter() - began
    for writer in writers:
        writer.join()
    return [(taken[turn, True], taken[turn, False]) for turn in range(1, ROUNDS + 1)]


def _writer(app: str, number: int, order: list[tuple[int, bool]], start: Barrier, end: Barrier) -> None:
    with pointed(app), psycopg.connect(app, autocommit=True) as connection:
        for turn, hashed in order:
            start.wait(120)
            for act in range(ACTS):
                dossier, step = divmod(act, STEPS)
                _act(connection, number, turn * ACTS + act, f"1502030140-{number:02d}-{turn:03d}-{dossier:06d}", step + 1, hashed)
            end.wait(600)


def _act(connection: psycopg.Connection, writer: int, number: int, chain: str, seq: int, hashed: bool) -> None:
    """One act as `take` does it: read under a lock in one exchange, write and commit in the next."""
    with connection.pipeline():
        connection.execute("BEGIN")
        connection.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [chain])
        cursor = connection.execute((READ if hashed else READ.replace("ledger_", "plain_")).encode(), [LEAGUE, chain])
    row = cursor.fetchone()
    if row is None:
        raise AssertionError("no clock")
    entry = (_hashed if hashed else _plain)(writer, number, chain, seq, *row)
    from yifa.kernel.ledger.append import cte

    members, params = cte(entry)
    if not hashed:
        members = members.replace("ledger_", "plain_")
    with connection.pipeline():
        connection.execute(f"WITH {members} SELECT".encode(), params)
        connection.execute("COMMIT")


def _hashed(writer: int, number: int, chain: str, seq: int, clock: datetime, prev: bytes | None) -> NewEntry:
    from yifa.kernel.ledger.append import build

    told, closed = facts(writer, number)
    return build(
        league=LEAGUE,
        chain=chain,
        seq=seq,
        prev=prev,
        key=uuid4(),
        procedure="summary_penalty",
        version="2021-07-15",
        rules="0" * 64,
        step="inform",
        actor=Officer(),
        at=clock,
        clock=clock,
        cites=("行政处罚法@2021-01-22#t44", "行政处罚法@2021-01-22#t51"),
        files=told["evidence"],
        open=told,
        closed=closed,
    )


def _plain(writer: int, number: int, chain: str, seq: int, clock: datetime, _: bytes | None) -> NewEntry:
    """The same row with the same contents, written as plain JSON: nothing canonical, hashed or committed to."""
    from yifa.kernel.ledger.append import NewEntry

    told, closed = facts(writer, number)
    body = {
        "v": 1,
        "origin": "demo.example.org/log",
        "chain": chain,
        "seq": seq,
        "procedure": "summary_penalty",
        "version": "2021-07-15",
        "rules": "0" * 64,
        "step": "inform",
        "actor": Officer.person,
        "acting_for": Officer.post,
        "organisation": Officer.organisation,
        "region": Officer.region,
        "happened_at": clock.isoformat(),
        "recorded_at": clock.isoformat(),
        "late": False,
        "device": None,
        "cites": ["行政处罚法@2021-01-22#t44", "行政处罚法@2021-01-22#t51"],
        "files": told["evidence"],
    }
    text = json.dumps(body, ensure_ascii=False).encode()
    texts = [json.dumps(side, ensure_ascii=False) for side in (told, closed)]
    return NewEntry(
        league=LEAGUE,
        chain=chain,
        seq=seq,
        key=uuid4(),
        step="inform",
        actor=Officer.person,
        late=False,
        at=clock,
        recorded_at=clock,
        body=text,
        hash=b"",
        open_payload=texts[0],
        open_salt=b"",
        closed_payload=texts[1],
        closed_salt=b"",
    )


def verify() -> dict[str, object]:
    """One row for the table of `make bench`."""
    with _database() as (app, owner), pointed(app):
        from yifa.kernel.ledger import audit
        from yifa.kernel.ledger.queries import lag
        from yifa.kernel.ledger.services import seal

        _fill(owner)
        while lag().entries:
            if not seal():
                time.sleep(0.05)  # another database's transaction on the same server may hold the sealing up
        with psycopg.connect(owner, autocommit=True) as connection:
            connection.execute("VACUUM (ANALYZE) ledger_entry, ledger_payload, ledger_leaf")
        taken: list[tuple[float, float]] = []
        for turn in range(ROUNDS + 1):
            sides = [_copy_out, audit.verify_record]
            times = {side: _time(side) for side in (sides if turn % 2 else sides[::-1])}
            taken.append((times[_copy_out], times[audit.verify_record]))
        if audit.verify_record() != audit.Audit(ENTRIES, ENTRIES, 0):
            raise AssertionError("not everything was verified")
    del taken[0]
    ratios = [copied / verified for copied, verified in taken]
    rates = [statistics.median(ENTRIES / side[which] for side in taken) for which in (0, 1)]
    return {
        "name": "verify",
        "ratio": round(statistics.median(ratios), 3),
        "goal": 0.4,
        "rounds": [round(ratio, 3) for ratio in ratios],
        "unit": "of the rows per second of COPY OUT",
        "note": f"{ENTRIES:,} entries with both sides: {rates[1]:,.0f}/s verified (body, prev, both commitments, root), "
        f"by as many as two processes with one snapshot; {rates[0]:,.0f}/s copied out by one plain COPY, both on this machine",
    }


def _copy_out() -> None:
    """The same rows by the same statement in the same transaction, received and thrown away."""
    from django.db import connection, transaction

    from yifa.kernel.ledger import audit

    with transaction.atomic(), connection.cursor() as cursor:
        audit.steady(cursor)
        with cursor.copy(audit.copy_out()) as copy:
            while copy.read():
                pass


def _fill(owner: str) -> None:
    """Entries of the usual size with real hashes, by COPY, chain by chain."""
    with psycopg.connect(owner) as connection:
        now = connection.execute("SELECT clock_timestamp()").fetchone()
        clock = now[0] if now else None
        if not isinstance(clock, datetime):
            raise AssertionError("no clock")
        made = list(_made(clock))
        for table, columns, rows in (
            ("ledger_entry", "league, chain, seq, key, step, actor, at, recorded_at, body, hash", [row for row, _ in made]),
            ("ledger_payload", "league, chain, seq, side, payload, salt", [row for _, sides in made for row in sides]),
        ):
            with connection.cursor().copy(f"COPY {table} ({columns}) FROM STDIN".encode()) as copy:
                for row in rows:
                    copy.write_row(row)


def _made(clock: datetime) -> Iterator[tuple[tuple[Any, ...], list[tuple[Any, ...]]]]:
    prev: bytes | None = None
    for number in range(ENTRIES):
        dossier, step = divmod(number, STEPS)
        entry = _hashed(1, number, f"1502030140-01-2026-{dossier:06d}", step + 1, clock, prev if step else None)
        prev = entry.hash
        place = (entry.league, entry.chain, entry.seq)
        sides = [("open", entry.open_payload, entry.open_salt), ("closed", entry.closed_payload, entry.closed_salt)]
        row = (*place, entry.key, entry.step, entry.actor, entry.at, entry.recorded_at, entry.body, entry.hash)
        yield row, [(*place, *side) for side in sides]


def _time(call: Any) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


@contextmanager
def _database() -> Iterator[tuple[str, str]]:
    """A fresh database with the record's tables: the working role's URL and the owner's.

    On a server of its own, since sealing waits for every older transaction of the whole server.
    """
    import os
    import subprocess
    import sys

    name = f"bench_ledger_{os.getpid()}"
    with postgres.using(ROOT / "var" / "bench-ledger") as cluster:
        app, owner = cluster.url(postgres.APP, name), cluster.url(postgres.OWNER, name)
        with psycopg.connect(cluster.url_admin, autocommit=True) as admin:
            postgres.make_database(admin, name)
        try:
            environment = {**os.environ, "YIFA_DATABASE_URL": owner, "YIFA_DATABASE_OWNER_URL": owner}
            subprocess.run([sys.executable, "-m", "yifa.site.command", "migrate", "--quiet"], cwd=ROOT, env=environment, check=True)
            yield app, owner
        finally:
            with psycopg.connect(cluster.url_admin, autocommit=True) as admin:
                admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
