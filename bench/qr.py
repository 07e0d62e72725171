"""`qr`: the page behind a scanned code against a bare WSGI callable that does the same read and sends the same bytes on the same server.

Both are served by granian with one worker; one client with several kept connections asks for other cases in every round.
"""

from __future__ import annotations

import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from bench.world import pointed
from yifa.site import postgres

ROOT = Path(__file__).resolve().parent.parent
GOAL = 0.3
ROUNDS = 11
SECONDS = 2.0
CONNECTIONS = 4
CASES = 20_000

FILL = """
INSERT INTO people_region (code, name, parent_id, level, league, government_name, government_address, government_phone)
  VALUES ('150221', '土默特右旗', NULL, 3, '150200', '土默特右旗人民政府', '萨拉齐镇', '0472-0000000');
INSERT INTO people_organisation (code, name, short_name, kind, level, region_id, status, basis, address, phone, bank_name, bank_account,
    sector, fields)
  VALUES ('1502210001', '土默特右旗示范综合行政执法局', '土右示', 'COMPREHENSIVE', 3, '150221', 'announced', '', '', '0472-1111111',
    '示范银行', '1500000000000001', '', '{}');
INSERT INTO dossiers_dossier (league, code, procedure, version, organisation_id, region_id, sector, number, title, party_label, status,
    state, facts, seq, opened_at, updated_at, token, proof_hash, drill)
  SELECT '150200', 'C' || n, 'summary_penalty', '2021-07-15', '1502210001', '150221', '', '土右示当罚〔2026〕' || n || '号',
    '占道经营', '张某某', '已送达',
    '{"done": {"show_badge": [1], "establish": [2], "inform": [3], "hear": [4], "decide": [5], "deliver": [6]}}',
    '{"sanctions": ["罚款"], "fine": 5000}', 6, now(), now(), token, '', false FROM codes;
INSERT INTO ledger_entry (league, chain, seq, key, step, actor, late, at, recorded_at, body, hash)
  SELECT '150200', 'C' || n, s.seq, gen_random_uuid(), s.step, 'bench', false, now(), now(), b.body, sha256('\\x00'::bytea || b.body)
  FROM codes, unnest(ARRAY['show_badge', 'establish', 'inform', 'hear', 'decide', 'deliver']) WITH ORDINALITY s(step, seq),
    LATERAL (SELECT convert_to('{}' || n || s.step, 'UTF8') AS body) b;
"""


def token(n: int) -> str:
    """A code as `new_token` makes them, but the same every time."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
    draw = random.Random(n)  # noqa: S311 - the same cases every time
    return "".join(draw.choice(letters) for _ in range(26))


def qr() -> dict[str, object]:
    """One row for the table of `make bench`."""
    with _database() as url, pointed(url), tempfile.TemporaryDirectory() as folder:
        from yifa.portal.queries import CASE

        statement, body = Path(folder) / "statement.sql", Path(folder) / "body.html"
        statement.write_text(CASE, encoding="utf-8")
        environment = {
            **os.environ,
            "YIFA_DATABASE_URL": url,
            "YIFA_SECRET_KEY": "bench",
            "YIFA_BENCH_STATEMENT": str(statement),
            "YIFA_BENCH_BODY": str(body),
        }
        with _server("yifa.site.wsgi:application", environment) as ours:
            body.write_bytes(_page(ours, token(1)))
            with _server("bench.bare:application", environment) as bare:
                return _measure(ours, bare, body.stat().st_size)


def _measure(ours: int, bare: int, size: int) -> dict[str, object]:
    """Rounds take turns in who goes first; each asks for cases that no other round asked for."""
    for port in (ours, bare):
        _rate(port, seed=0, seconds=SECONDS)
    rates: dict[int, list[float]] = {ours: [], bare: []}
    for number in range(ROUNDS):
        for port in (ours, bare) if number % 2 else (bare, ours):
            rates[port].append(_rate(port, seed=number + 1, seconds=SECONDS))
    rounds = [mine / other for mine, other in zip(rates[ours], rates[bare], strict=True)]
    return {
        "name": "qr",
        "ratio": round(statistics.median(rounds), 3),
        "goal": GOAL,
        "rounds": [round(ratio, 3) for ratio in rounds],
        "unit": "× a bare WSGI callable's pages a second",
        "note": f"{statistics.median(rates[ours]):.0f} against {statistics.median(rates[bare]):.0f} pages a second of {size:,} bytes, "
        f"one granian worker each, {CONNECTIONS} connections, {CASES:,} cases",
    }


def _rate(port: int, *, seed: int, seconds: float) -> float:
    """Pages a second over the kept connections; every answer is read whole and must be a page."""
    counts, errors = [0] * CONNECTIONS, list[BaseException]()
    end = time.perf_counter() + seconds

    def ask(slot: int) -> None:
        draw = random.Random(seed * 100 + slot)  # noqa: S311
        try:
            with socket.create_connection(("127.0.0.1", port)) as line:
                while time.perf_counter() < end:
                    _get(line, token(draw.randrange(1, CASES + 1)))
                    counts[slot] += 1
        except BaseException as error:
            errors.append(error)

    began = time.perf_counter()
    threads = [threading.Thread(target=ask, args=(slot,)) for slot in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return sum(counts) / (time.perf_counter() - began)


def _get(line: socket.socket, code: str) -> bytes:
    line.sendall(f"GET /c/{code} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    data = line.recv(65536)
    while b"\r\n\r\n" not in data:
        data += _more(line)
    head, _, body = data.partition(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200"):
        raise AssertionError(head.decode("latin-1"))
    length = int(next(row for row in head.lower().split(b"\r\n") if row.startswith(b"content-length:")).split(b":")[1])
    while len(body) < length:
        body += _more(line)
    return body


def _more(line: socket.socket) -> bytes:
    data = line.recv(65536)
    if not data:
        raise AssertionError("the server closed the connection")
    return data


def _page(port: int, code: str) -> bytes:
    with socket.create_connection(("127.0.0.1", port)) as line:
        return _get(line, code)


@contextmanager
def _server(application: str, environment: dict[str, str]) -> Iterator[int]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    words = ["-m", "granian", application, "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--http", "1", "--no-ws"]
    words += ["--workers", "1", "--blocking-threads", str(CONNECTIONS)]
    process = subprocess.Popen([sys.executable, *words], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _await(port)
        yield port
    finally:
        process.terminate()
        process.wait(20)


def _await(port: int) -> None:
    for _ in range(150):
        try:
            _page(port, token(1))
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise AssertionError(f"nothing answers on {port}")


@contextmanager
def _database() -> Iterator[str]:
    """A database of its own with one body and its cases, dropped afterwards."""
    name = f"qr_{os.getpid()}"
    with postgres.using(ROOT / "var" / "bench") as cluster, psycopg.connect(cluster.url_admin, autocommit=True) as admin:
        postgres.make_database(admin, name)
        try:
            app, owner = cluster.url(postgres.APP, name), cluster.url(postgres.OWNER, name)
            environment = {**os.environ, "YIFA_DATABASE_URL": app, "YIFA_DATABASE_OWNER_URL": owner}
            subprocess.run([sys.executable, "-m", "yifa.site.command", "migrate", "--quiet"], cwd=ROOT, env=environment, check=True)
            _fill(owner)
            yield app
        finally:
            admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _fill(owner: str) -> None:
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute("CREATE TEMP TABLE codes (n int, token text)")
        with connection.cursor() as cursor, cursor.copy("COPY codes FROM STDIN") as copy:
            for n in range(1, CASES + 1):
                copy.write_row((n, token(n)))
        connection.execute(FILL)
        connection.execute("ANALYZE")
