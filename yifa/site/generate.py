"""A load world: as many bodies, officers and dossiers as wanted, with a record that verifies; only where that record is a demonstration.

Bodies and people go in by COPY; dossiers are the demonstration's stories, judged act by act and written by COPY (generate_dossiers.py).
Then the ledger's own sealing gives every entry its place, and the follower's own counting makes the figures.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from functools import partial

import psycopg
from django.conf import settings
from django.db import connection, connections
from django.utils import timezone
from django.utils.module_loading import import_string

from yifa.facts.services import follow
from yifa.kernel.calendar.queries import calendar
from yifa.kernel.ledger.queries import lag
from yifa.kernel.ledger.services import seal
from yifa.site.demo import count_months
from yifa.site.demo_world import SEED, guard
from yifa.site.generate_bodies import build
from yifa.site.generate_dossiers import Specimens, Task, specimens, work

SPAN = 92  # days back that the dossiers are spread over
COUNTED = 5_000  # entries that one transaction of the counting reads
SAID = 50_000  # entries between two words about sealing and counting


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--organisations", type=_count, default=8_300)
    parser.add_argument("--officers", type=_count, default=127_000)
    parser.add_argument("--dossiers", type=_count, default=1_000_000)
    parser.add_argument("--workers", type=_count, default=os.cpu_count() or 1, help="processes that make dossiers (one a core)")
    parser.add_argument("--add", action="store_true", help="also into a database that is not empty")


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return number


def main(options: argparse.Namespace) -> int:
    guard()
    there = _there()
    if any(there.values()) and not options.add:
        said = "、".join(f"{name} {n}" for name, n in there.items())
        print(f"数据库不是空的({said});确要在其中增加的,请加 --add", file=sys.stderr)
        return 1
    began = time.monotonic()
    bodies = build(options.organisations, options.officers)
    _say(began, f"{options.organisations} 个机关、{options.officers} 名执法人员")
    count_months(timezone.localdate())
    _say(began, "在册登记")
    dossiers, entries = _dossiers(bodies, options.dossiers, options.workers, there["案卷"], began)
    made = time.monotonic() - began
    sealed = _repeat(_seal, "封存", began)
    counted = _repeat(partial(follow, import_string(settings.CONTEXTS), batch=COUNTED), "计数", began)
    with psycopg.connect(settings.DATABASE_OWNER_URL, autocommit=True) as owner:
        owner.execute("ANALYZE")
    seconds = time.monotonic() - began
    _say(began, "完成")
    told = {"organisations": len(bodies), "officers": options.officers, "dossiers": dossiers, "entries": entries, "sealed": sealed}
    print(json.dumps({**told, "counted": counted, "seconds": round(seconds, 1), "dossiers_per_second": round(dossiers / made, 1)}))
    return 0


def _there() -> dict[str, int]:
    """What the database holds already."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT (SELECT count(*) FROM people_organisation), (SELECT count(*) FROM dossiers_dossier)")
        return dict(zip(("机关", "案卷"), cursor.fetchone(), strict=True))


def _dossiers(bodies: Sequence[str], count: int, workers: int, before: int, began: float) -> tuple[int, int]:
    """Each body's dossiers are one process's work: its numbers run on without a gap."""
    today = timezone.localdate()
    days = [day for n in range(SPAN, 0, -1) if calendar().is_workday(day := today - timedelta(days=n))]
    tasks, stock = list(_tasks(bodies, count, before)), specimens()
    made = entries = 0
    for one, more in _worked(tasks, stock, today, days, workers):
        made, entries = made + one, entries + more
        if made // 1000 > (made - one) // 1000 or made == count:
            _say(began, f"案卷 {made}/{count},记录 {entries} 条")
    return made, entries


def _tasks(bodies: Sequence[str], count: int, before: int) -> Iterator[Task]:
    """A few bodies work much, most work little."""
    chance = random.Random(f"{SEED} tasks")  # noqa: S311 - a world to measure in, repeatable on purpose
    shares = Counter(chance.choices(bodies, [min(chance.paretovariate(1.2), 20) for _ in bodies], k=count))
    serial = before
    for body, share in shares.most_common():  # the longest first, so that no process ends alone
        yield Task(body, share, serial)
        serial += share


def _worked(tasks: Sequence[Task], stock: Specimens, today: date, days: Sequence[date], workers: int) -> Iterator[tuple[int, int]]:
    task = partial(work, stock=stock, today=today, days=days)
    if workers == 1:
        yield from map(task, tasks)
        return
    connections.close_all()  # a process of its own has a connection of its own
    with multiprocessing.get_context("fork").Pool(workers) as pool:
        yield from pool.imap_unordered(task, tasks)


def _seal() -> int:
    """The next entries sealed, none only when all are: older transactions, also those of the server's other databases, are waited for."""
    while not (done := seal()) and lag().entries:
        time.sleep(0.2)
    return done


def _repeat(once: Callable[[], int], what: str, began: float) -> int:
    done = 0
    while more := once():
        done += more
        if done // SAID > (done - more) // SAID:
            _say(began, f"{what} {done} 条")
    _say(began, f"{what} {done} 条,全部完成")
    return done


def _say(began: float, text: str) -> None:
    print(f"{time.monotonic() - began:7.1f} 秒  {text}", file=sys.stderr, flush=True)
