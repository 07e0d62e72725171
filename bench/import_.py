"""`import`: taking texts of law into the library against COPY of the nodes they become, into a table with the same indexes.

Our side splits the texts into 条款项目, derives dates and endings, and writes works, expressions, what the source says, the citations of
every article and the nodes; the peer is given the finished rows. Each round takes other texts, into empty tables on both sides.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

from bench.world import pointed
from yifa.site import postgres

if TYPE_CHECKING:
    from yifa.laws.texts import SourceText

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 11
GOAL = 0.1
COLUMNS = 'expression_id, key, kind, number, heading, text, parent, "order"'
PLAIN = """
CREATE TABLE plain_node (LIKE laws_node INCLUDING DEFAULTS INCLUDING IDENTITY INCLUDING INDEXES INCLUDING CONSTRAINTS);
ALTER TABLE plain_node ADD FOREIGN KEY (expression_id) REFERENCES laws_expression DEFERRABLE INITIALLY DEFERRED;
GRANT SELECT, INSERT ON plain_node TO yifa_app;
"""


def import_texts() -> dict[str, object]:
    """One row for the table of `make bench`."""
    from yifa.laws.sources import chinalaw

    texts = sorted(chinalaw.read(chinalaw.database_path()), key=lambda text: text.sha256)
    with database("import") as (app, owner), pointed(app):
        with psycopg.connect(owner, autocommit=True) as connection:
            connection.execute(PLAIN.encode())
        taken = [_round(texts[turn :: ROUNDS + 1], app, owner) for turn in range(ROUNDS + 1)]
    del taken[0]
    ratios = [plain / ours for ours, plain, *_ in taken]
    rate = [statistics.median(round_[which] / round_[0] for round_ in taken) for which in (2, 3, 4)]
    return {
        "name": "import",
        "ratio": round(statistics.median(ratios), 3),
        "goal": GOAL,
        "rounds": [round(ratio, 3) for ratio in ratios],
        "unit": "of the rows per second of COPY IN",
        "note": f"{rate[0]:.0f} texts/s, {rate[1] / 1e6:.2f} MB/s of text (UTF-8), {rate[2]:,.0f} nodes/s; "
        f"COPY of the finished rows {statistics.median(each[4] / each[1] for each in taken):,.0f} nodes/s; rows counted",
    }


def _round(texts: Sequence[SourceText], app: str, owner: str) -> tuple[float, float, int, int, int]:
    """(our seconds, the peer's, texts, bytes, nodes). The peer copies the rows our side has just made, so it goes second."""
    from yifa.laws import services

    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute("TRUNCATE laws_work, plain_node CASCADE")
    began = time.perf_counter()
    report = services.import_texts(texts)
    ours = time.perf_counter() - began
    if report.written != len(texts):
        raise AssertionError(f"{report.written} of {len(texts)} texts were written")
    with psycopg.connect(app) as connection:
        rows = connection.execute(f"SELECT {COLUMNS} FROM laws_node ORDER BY id".encode()).fetchall()  # noqa: S608 - the columns stand above
        connection.commit()
        began = time.perf_counter()
        with connection.cursor().copy(f"COPY plain_node ({COLUMNS}) FROM STDIN".encode()) as copy:
            for row in rows:
                copy.write_row(row)
        connection.commit()
        plain = time.perf_counter() - began
        counted = connection.execute("SELECT count(*) FROM plain_node").fetchone()
    if counted != (len(rows),):
        raise AssertionError("the peer lost rows")
    size = sum(len(article.text.encode()) for text in texts for article in text.articles)
    return ours, plain, len(texts), size, len(rows)


@contextmanager
def database(bench: str) -> Iterator[tuple[str, str]]:
    """A fresh database on a server of the benchmark's own: the working role's URL and the owner's."""
    name = f"bench_{bench}_{os.getpid()}"
    with postgres.using(ROOT / "var" / f"bench-{bench}") as cluster:
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


if __name__ == "__main__":
    import json

    print(json.dumps(import_texts(), ensure_ascii=False, indent=1))
