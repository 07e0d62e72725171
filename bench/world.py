"""A load world for benchmarks of reading: Inner Mongolia's regions, some 8,000 bodies, and as many dossiers as wanted, written by COPY.

Built once in `var/bench` and found again by the digest of the migrations. It has no ledger: `yifa generate` builds the world with hashes.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
import random
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

from yifa.kernel.people.identifiers import case_number
from yifa.site import postgres

if TYPE_CHECKING:
    from yifa.kernel.people.models import Organisation, Person

ROOT = Path(__file__).resolve().parent.parent
REGIONS = ROOT / "yifa" / "kernel" / "people" / "data" / "inner_mongolia.csv"
# Only these make a world old when they change; other tables are empty in it.
TABLES = ("kernel/people", "kernel/access", "dossiers")
LAST_DAY = datetime(2026, 11, 20, 10, tzinfo=UTC)
DAYS = 3 * 365
BODIES = {1: 60, 2: 50, 3: 55, 4: 2}
SECTORS = ("交通运输", "市场监管", "城市管理", "农牧", "水利", "林草", "应急", "消防", "文化旅游", "生态环境")
STATUSES = ("closed", "closed", "closed", "closed", "decided", "delivered", "informed")


@dataclass(frozen=True)
class World:
    """Where it is; `app` is the working role's URL."""

    app: str
    owner: str


@contextmanager
def world(rows: int = 1_000_000) -> Iterator[World]:
    """The world, built when it is not there yet; its server runs as long as somebody uses it."""
    with postgres.using(ROOT / "var" / "bench") as cluster:
        name = f"world_{rows}_{_digest()}"
        with psycopg.connect(cluster.url_admin, autocommit=True) as admin:
            # One builder at a time; the lock goes with the connection.
            admin.execute("SELECT pg_advisory_lock(hashtext('yifa bench world'))")
            if admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is None:
                _drop_older(admin, rows)
                draft = f"world_{rows}_draft"
                postgres.make_database(admin, draft)
                place = World(cluster.url(postgres.APP, draft), cluster.url(postgres.OWNER, draft))
                environment = {**os.environ, "YIFA_DATABASE_URL": place.app, "YIFA_DATABASE_OWNER_URL": place.owner}
                for command in (["yifa.site.command", "migrate", "--quiet"], ["bench.world", str(rows)]):
                    subprocess.run([sys.executable, "-m", *command], cwd=ROOT, env=environment, check=True)
                admin.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(draft), sql.Identifier(name)))
        yield World(cluster.url(postgres.APP, name), cluster.url(postgres.OWNER, name))


@contextmanager
def pointed(url: str) -> Iterator[None]:
    """Let Django's connection of this process go to `url`, set up if it was not."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yifa.site.settings")
    import django
    from django.apps import apps

    if not apps.ready:
        django.setup()
    from django.db import connections

    from yifa.site.settings import database

    connections.close_all()
    target = connections["default"].settings_dict
    before = dict(target)
    found = database(url)
    target.update({key: found[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT")})
    try:
        yield
    finally:
        connections.close_all()
        target.update(before)


def fill(rows: int) -> None:
    """Reference data through the models, the dossiers by COPY. The same numbers give the same world."""
    from django.conf import settings

    from yifa.kernel.people.models import Organisation, Person, Post, Region

    rng = random.Random(2026)  # noqa: S311 - a world to measure in, nothing secret
    with REGIONS.open(encoding="utf-8") as file:
        regions = [(row["code"], row["name"], row["parent"] or None, int(row["level"])) for row in csv.DictReader(file)]
    for level in sorted({region[3] for region in regions}):
        Region.objects.bulk_create(
            Region(code=c, name=n, parent_id=p, level=v, league=league_of(c)) for c, n, p, v in regions if v == level
        )
    bodies = [
        Organisation(code=f"{code[:6]}{n:04d}", name=f"{name}执法机关{n}", kind="ORGAN", level=level, region_id=code, status="announced")
        for code, name, level, n in _numbered(regions)
    ]
    Organisation.objects.bulk_create(bodies, batch_size=2000)
    people = [Person(id=_uuid(rng), login=f"{body.code}-{n}", name=f"执法员{n}") for body in bodies for n in range(2)]
    Person.objects.bulk_create(people, batch_size=2000)
    Post.objects.bulk_create(
        [
            Post(id=_uuid(rng), person=person, organisation=bodies[i // 2], roles=["officer"], since=date(2024, 1, 1))
            for i, person in enumerate(people)
        ],
        batch_size=2000,
    )
    with psycopg.connect(settings.DATABASE_OWNER_URL) as connection:
        _dossiers(connection, rng, rows, bodies, people)
    with psycopg.connect(settings.DATABASE_OWNER_URL, autocommit=True) as connection:
        connection.execute("VACUUM (ANALYZE)")


def league_of(region: str) -> str:
    """150202 → 150200; a body of the region itself → 150000."""
    return region[:4] + "00"


def _dossiers(connection: psycopg.Connection, rng: random.Random, rows: int, bodies: list[Organisation], people: list[Person]) -> None:
    # A few bodies work much, most work little; every tenth has no case at all.
    weights = [0 if i % 10 == 9 else rng.paretovariate(1.2) for i in range(len(bodies))]
    chosen = rng.choices(range(len(bodies)), weights, k=rows)
    made: dict[tuple[str, int], int] = {}
    roles: list[tuple[object, ...]] = []
    columns = (
        "league, code, procedure, version, organisation_id, region_id, sector, number, title, party_label, status, state, facts, seq, "
        "opened_at, updated_at, closed_at, token, proof_hash, drill"
    )
    step = timedelta(days=DAYS) / rows
    with connection.cursor() as cursor, cursor.copy(f"COPY dossiers_dossier ({columns}) FROM STDIN") as copy:
        for n, which in enumerate(chosen):
            body = bodies[which]
            opened = LAST_DAY - timedelta(days=DAYS) + step * n
            key = (body.code, opened.year)
            made[key] = seq = made.get(key, 0) + 1
            code = case_number(body.code[:6], body.code[6:], "02", opened.year, seq)
            league = league_of(body.region_id)
            status = rng.choice(STATUSES) if n > rows * 0.97 else "closed"
            facts = json.dumps({"fine": 200, "place": "公路", "conduct": "占道经营"}, ensure_ascii=False)
            closed = opened + timedelta(days=9) if status == "closed" else None
            said = (f"执当罚〔{opened.year}〕{seq}号", "占道经营", "张某某", status, '{"open": ["pay"]}', facts, 7)
            whose = (league, code, "SummaryPenalty", "2021-07-15", body.code, body.region_id, SECTORS[which % len(SECTORS)])
            copy.write_row((*whose, *said, opened, opened, closed, f"{rng.getrandbits(128):032x}"[:26], "", False))
            roles.append((league, code, people[which * 2 + seq % 2].id, "officer", opened))
    with (
        connection.cursor() as cursor,
        cursor.copy("COPY dossiers_caserole (league, dossier, person_id, role, opened_at) FROM STDIN") as copy,
    ):
        for role in roles:
            copy.write_row(role)


def _numbered(regions: list[tuple[str, str, str | None, int]]) -> Iterator[tuple[str, str, int, int]]:
    """(region, name, level, number): numbers run on within the six digits that a body's code begins with."""
    last: dict[str, int] = {}
    for code, name, _, level in regions:
        for _ in range(BODIES[level]):
            last[code[:6]] = last.get(code[:6], 0) + 1
            yield code, name, level, last[code[:6]]


def _uuid(rng: random.Random) -> uuid.UUID:
    return uuid.UUID(int=rng.getrandbits(128), version=4)


def _digest() -> str:
    digest = hashlib.sha256(Path(__file__).read_bytes())
    for folder in TABLES:
        for path in sorted((ROOT / "yifa" / folder / "migrations").glob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _drop_older(admin: psycopg.Connection, rows: int) -> None:
    for (name,) in admin.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"world\\_{rows}\\_%"]).fetchall():
        admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yifa.site.settings")
    os.environ["YIFA_DATABASE_URL"] = os.environ["YIFA_DATABASE_OWNER_URL"]
    django.setup()
    fill(int(sys.argv[1]))
