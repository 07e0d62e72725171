"""`step`: acts through `procedures.take` against the same acts written with django-fsm-2 and django-simple-history.

Two acts, in turn: `hear` (the certificates, the body's standing, the item and the defence are judged) and `pay` (one deadline is met, the
next one opens). Both sides judge by the same pure rules on the same register tables, in one transaction each, on one server with fsync and
synchronous_commit on; the other side reads and writes by the ORM, keeps its state in an FSMField and its history in a history table, and
neither hashes nor chains. Commits are counted on both sides by the transactions that wrote their rows.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import psycopg
from psycopg import sql

from bench.world import pointed
from yifa.site import postgres

if TYPE_CHECKING:
    from yifa.procedures.reading import Ref

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 11
ACTS = 24  # of each kind by each side in a round
INFORMED = ("establish", "order_correction", "inform")
UNTIL = {"hear": INFORMED, "pay": (*INFORMED, "hear", "decide", "deliver", "file")}
# Where a dossier's rows lie, and the column that names it.
TABLES = {
    "dossiers_dossier": "code",
    "dossiers_party": "dossier",
    "dossiers_caserole": "dossier",
    "dossiers_evidence": "dossier",
    "documents_document": "dossier",
    "procedures_obligation": "dossier",
    "ledger_entry": "chain",
}


def step() -> dict[str, object]:
    """One row for the table of `make bench`."""
    with _database() as (app, owner), tempfile.TemporaryDirectory() as files:
        os.environ["YIFA_FILES"] = files
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yifa.site.settings")
        from django.conf import settings

        settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "simple_history", "bench.fsm"]
        with pointed(owner):
            from bench.fsm import models as twin

            twin.create_tables()
        with pointed(app):
            return _measure(app, owner)


def _measure(app: str, owner: str) -> dict[str, object]:
    from bench.fsm import models as twin
    from yifa.enforcement.tests import world as w
    from yifa.procedures.take import take

    people = w.build()
    wanted = (ROUNDS + 1) * ACTS
    with psycopg.connect(app) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            if connection.execute(f"SHOW {setting}".encode()).fetchone() != ("on",):
                raise AssertionError(f"{setting} is off")
        dossiers = {name: _copies(connection, w.walk(people, *steps), wanted) for name, steps in UNTIL.items()}
    cases = {name: twin.copies(refs) for name, refs in dossiers.items()}
    with psycopg.connect(owner, autocommit=True) as connection:
        # What autovacuum does within a minute wherever rows came in: both sides are planned with what the tables hold.
        connection.execute("ANALYZE")
    answers = {name: [w.answers(people, name, **_differing(name, turn)) for turn in range(wanted)] for name in UNTIL}

    def ours(act: int) -> None:
        for name in UNTIL:
            take(dossiers[name][act], name, by=people.li, facts=answers[name][act], key=uuid4(), seen_seq=None)

    def theirs(act: int) -> None:
        for name in UNTIL:
            twin.act(cases[name][act], name, by=people.li, answers=answers[name][act], key=uuid4())

    rounds: list[tuple[float, float]] = []
    for turn in range(ROUNDS + 1):
        taken: dict[Any, float] = {}
        for side in (ours, theirs) if turn % 2 else (theirs, ours):
            began = time.perf_counter()
            for act in range(turn * ACTS, (turn + 1) * ACTS):
                side(act)
            taken[side] = time.perf_counter() - began
        rounds.append((taken[ours], taken[theirs]))
    del rounds[0]
    commits = _commits(app, wanted * len(UNTIL))
    ratios = [other / mine for mine, other in rounds]
    times = [statistics.median(side[which] for side in rounds) / (ACTS * len(UNTIL)) * 1000 for which in (0, 1)]
    return {
        "name": "step",
        "ratio": round(statistics.median(ratios), 3),
        "goal": 4,
        "rounds": [round(ratio, 3) for ratio in ratios],
        "unit": "× the speed of django-fsm-2 + django-simple-history",
        "note": f"hear and pay: {times[0]:.2f} ms an act through take, {times[1]:.2f} ms by the ORM; {commits:,} commits on each side, one"
        " an act; the same rules on the same registers",
    }


def _differing(name: str, turn: int) -> dict[str, Any]:
    """What a step states, another at every act."""
    if name == "pay":
        return {"receipt": f"1500{turn:06d}", "payment_code": f"P{turn:012d}"}
    return {"statement": "defence", "statement_text": f"当事人第{turn}次陈述。", "review": f"经复核第{turn}号意见,不予采纳。"}


def _copies(connection: psycopg.Connection, ref: Ref, count: int) -> list[Ref]:
    """As many dossiers at the same point as wanted, each with its own party: the rows of one that was taken there step by step."""
    from yifa.procedures.reading import Ref

    copies = [Ref(ref.league, f"{ref.code}-{n:06d}") for n in range(count)]
    fresh = {
        "token": "substr(md5(random()::text), 1, 26)",
        "id": "gen_random_uuid()",
        "key": "gen_random_uuid()",
        "identity_hash": "md5(gen_random_uuid()::text)",
        "number": "CASE t.number WHEN '' THEN '' ELSE t.number || c.code END",
        "sequence": "NULL",
    }
    for table, column in TABLES.items():
        rows = connection.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND is_generated = 'NEVER' AND is_identity = 'NO'"
            " AND column_name NOT IN ('xid', 'era')",
            [table],
        ).fetchall()
        names = [name for (name,) in rows]
        taken = ["c.code" if name == column else fresh.get(name, f"t.{name}") for name in names]
        if table == "dossiers_dossier":
            taken[names.index("number")] = "t.number"
        columns, values = ", ".join(names), ", ".join(taken)
        source = f"FROM {table} t, unnest(%s::text[]) c(code) WHERE t.{column} = %s"
        codes = [each.code for each in copies]
        connection.execute(f"INSERT INTO {table} ({columns}) SELECT {values} {source}".encode(), [codes, ref.code])
    connection.commit()
    return copies


def _commits(app: str, wanted: int) -> int:
    """The transactions that wrote the rows of each side: one for every act."""
    with psycopg.connect(app) as connection:
        for table, where in (("ledger_entry", "step IN ('hear', 'pay')"), ("fsm_historicalcase", "history_type = '~'")):
            query = sql.SQL("SELECT count(DISTINCT xmin::text) FROM {} WHERE {}").format(sql.Identifier(table), sql.SQL(where))
            found = connection.execute(query).fetchone()
            # Copying and walking wrote entries too: one transaction for the copies, and single acts.
            if found is None or not wanted <= found[0] <= wanted + 2 * len(UNTIL):
                raise AssertionError(f"{table}: {found} commits for {wanted} acts")
    return wanted


@contextmanager
def _database() -> Iterator[tuple[str, str]]:
    """A fresh database on the benchmarks' own server; (working role's URL, owner's URL)."""
    name = f"bench_step_{os.getpid()}"
    with postgres.using(ROOT / "var" / "bench") as cluster:
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
