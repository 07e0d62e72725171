"""A load world: as many bodies, officers and dossiers as wanted, with a record that verifies; only where that record is a demonstration.

Bodies and people go in by COPY. For each kind of body some of the demonstration's stories are judged act by act, as moulds, and every
dossier is cast from one, with its own commitments and hashes. Then the ledger's own sealing gives each entry its place. What an entry
counts for is worked out with its mould, by the same functions that the follower calls; `yifa rebuild facts --check` says the same.
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
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from functools import partial
from itertools import accumulate, groupby
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection, connections
from django.utils import timezone
from django.utils.module_loading import import_string

from yifa.facts.seen import Counted, Seen
from yifa.facts.services import follow, follow_staged
from yifa.kernel.calendar.queries import calendar
from yifa.kernel.ledger.queries import lag
from yifa.kernel.ledger.services import seal
from yifa.procedures.core import BEIJING
from yifa.site.demo import count_months
from yifa.site.demo_names import SEED
from yifa.site.demo_world import guard
from yifa.site.generate_bodies import build
from yifa.site.generate_casts import Kind, Share, cast, desks, how_many, moulds
from yifa.site.generate_dossiers import specimens
from yifa.site.generate_moulds import STAGED, Mould

SPAN = 92  # days back that the dossiers are spread over
COUNTED = 5_000  # entries that one transaction of the counting reads
SAID_DOSSIERS = 2_000  # dossiers between two words about making them
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
    sealed, counted = _repeat(_seal, "封存", began), _repeat(_follow, "计数", began)
    with psycopg.connect(settings.DATABASE_OWNER_URL, autocommit=True) as owner, _staging(owner):
        started = time.monotonic()
        dossiers, entries = _dossiers(bodies, options.dossiers, options.workers, there["案卷"], began)
        written = time.monotonic() - started
        owner.execute(f"ANALYZE ledger_entry, {STAGED}".encode())
        sealed += _repeat(_seal, "封存", began)
        owner.execute("ANALYZE ledger_leaf")
        counted += follow_staged(STAGED, entries=entries)
        counted += _repeat(_follow, "计数", began)
        made = time.monotonic() - started
        owner.execute("ANALYZE")
    seconds = time.monotonic() - began
    _say(began, "完成")
    told = {"organisations": len(bodies), "officers": options.officers, "dossiers": dossiers, "entries": entries, "sealed": sealed}
    print(
        json.dumps(
            {
                **told,
                "counted": counted,
                "seconds": round(seconds, 1),
                "dossiers_per_second": round(dossiers / made, 1),
                "written_per_second": round(dossiers / written, 1),
            }
        )
    )
    return 0


def _there() -> dict[str, int]:
    """What the database holds already."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT (SELECT count(*) FROM people_organisation), (SELECT count(*) FROM dossiers_dossier)")
        return dict(zip(("机关", "案卷"), cursor.fetchone(), strict=True))


def _dossiers(bodies: Sequence[str], count: int, workers: int, before: int, began: float) -> tuple[int, int]:
    """Moulds first, of every kind of body; then each group of bodies is one process's work: its numbers run on without a gap."""
    today = timezone.localdate()
    days = [day for n in range(SPAN, 0, -1) if calendar().is_workday(day := today - timedelta(days=n))]
    shares = _shares(bodies, count)
    stock = _moulds(shares, today, days, workers)
    _say(began, f"范本 {sum(map(len, stock.values()))} 件,机关 {len(stock)} 类")
    made = entries = 0
    for one, more in _cast(shares, stock, today, workers, before):
        made, entries = made + one, entries + more
        if made // SAID_DOSSIERS > (made - one) // SAID_DOSSIERS or made == count:
            _say(began, f"案卷 {made}/{count},记录 {entries} 条")
    return made, entries


def _shares(bodies: Sequence[str], count: int) -> list[Share]:
    """A few bodies work much, most work little."""
    chance = random.Random(f"{SEED} tasks")  # noqa: S311 - a world to measure in, repeatable on purpose
    shares = Counter(chance.choices(bodies, [min(chance.paretovariate(1.2), 20) for _ in bodies], k=count))
    return [Share(body, share) for body, share in sorted(shares.items())]


def _moulds(shares: Sequence[Share], today: date, days: Sequence[date], workers: int) -> dict[Kind, list[Mould]]:
    """For each kind of body as many moulds as its dossiers deserve, judged for the first body of that kind."""
    known = desks([share.body for share in shares], datetime.combine(today, datetime.min.time(), BEIJING))
    dossiers: Counter[Kind] = Counter()
    first: dict[Kind, str] = {}
    for share in shares:
        kind = known[share.body].kind
        dossiers[kind] += share.count
        first.setdefault(kind, share.body)
    wanted = [(first[kind], how_many(count)) for kind, count in dossiers.most_common()]
    once = partial(moulds, stock=specimens(), today=today, days=days, counts=count_entry)
    found = list(_worked(once, wanted, workers))
    return {kind: made for (kind, _), made in zip(dossiers.most_common(), found, strict=True)}


def count_entry(entry: Seen) -> list[Counted]:
    """What an entry counts for in all contexts, as the follower counts it."""
    return [each for context in import_string(settings.CONTEXTS) for each in context.facts(entry)]


_stock: dict[Kind, list[Mould]] = {}  # set before the processes are forked: too much to send to each


def _cast(shares: Sequence[Share], stock: dict[Kind, list[Mould]], today: date, workers: int, before: int) -> Iterator[tuple[int, int]]:
    """The groups of bodies with the same six digits, the largest first, so that no process ends alone."""
    groups = [list(group) for _, group in groupby(shares, key=lambda share: share.body[:6])]
    groups.sort(key=lambda group: -sum(share.count for share in group))
    starts = accumulate((sum(share.count for share in group) for group in groups), initial=before)
    _stock.clear()
    _stock.update(stock)
    yield from _worked(partial(_cast_group, today=today), list(zip(groups, starts, strict=False)), workers)


def _cast_group(work: tuple[list[Share], int], *, today: date) -> tuple[int, int]:
    return cast(*work, stock=_stock, today=today)


def _worked(once: Callable[[Any], Any], works: Sequence[Any], workers: int) -> Iterator[Any]:
    """Each work done, by so many processes, answers in the order of the works."""
    if workers == 1:
        yield from map(once, works)
        return
    connections.close_all()  # a process of its own has a connection of its own
    with multiprocessing.get_context("fork").Pool(workers) as pool:
        yield from pool.imap(once, works)


def _seal() -> int:
    """The next entries sealed, none only when all are: older transactions, also those of the server's other databases, are waited for."""
    while not (done := seal()) and lag().entries:
        time.sleep(0.2)
    return done


def _follow() -> int:
    return follow(import_string(settings.CONTEXTS), batch=COUNTED)


@contextmanager
def _staging(owner: psycopg.Connection) -> Iterator[None]:
    """A table for what the dossiers count for, as long as their entries have no place in the log yet; no figure is ever read from it."""
    owner.execute(f"DROP TABLE IF EXISTS {STAGED}".encode())
    owner.execute(
        f"CREATE UNLOGGED TABLE {STAGED} (league text, chain text, seq integer, n smallint, metric text, organisation text, region text,"
        " month text, numerator bigint, denominator bigint, once text, reason text)".encode()
    )
    owner.execute(f"GRANT SELECT, INSERT ON {STAGED} TO PUBLIC".encode())
    try:
        yield
    finally:
        owner.execute(f"DROP TABLE IF EXISTS {STAGED}".encode())


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
