"""`opinions`: how many opinions of the public a round of consultation takes in a second, on two cores, none lost.

Eight writers in two processes say what they think on one draft, each opinion its own chain, its number without a gap, committed to the disk
before it counts. Afterwards the numbers are looked at, and one batch is put over all of them: its time is told beside the rate.
"""

from __future__ import annotations

import multiprocessing
import statistics
import threading
import time
from datetime import timedelta
from uuid import UUID

from bench.import_ import database
from bench.world import pointed

ROUNDS = 9
WANTED = 200  # opinions a second
PROCESSES, WRITERS = 2, 4
SPAN = 3.0  # seconds of a round


def opinions() -> dict[str, object]:
    """One row for the table of `make bench`."""
    with database("opinions") as (app, owner):
        with pointed(owner):
            league, ident = _round()
        rates, taken = [], 0
        for turn in range(ROUNDS + 1):
            said, spent = _flood(app, league, ident, turn)
            taken += said
            if turn:
                rates.append(said / spent)
        with pointed(app):
            batched = _looked_at(ident, taken)
    return {
        "name": "opinions",
        "ratio": round(statistics.median(rates) / WANTED, 2),
        "goal": 1.0,
        "rounds": [round(rate / WANTED, 2) for rate in rates],
        "unit": f"× {WANTED} opinions a second",
        "note": f"{statistics.median(rates):.0f} opinions a second of {PROCESSES * WRITERS} writers; {taken:,} taken, none lost, "
        f"one entry over all of them in {batched:.2f} s",
    }


def _round() -> tuple[str, UUID]:
    from django.utils import timezone

    from yifa.decisions.tests import world as w
    from yifa.participation import services
    from yifa.participation.tests.clearing import CLEARED

    world, today = w.build(), timezone.localdate()
    draft = services.Draft(
        dossier="1502030011-31-2026-000001-0",
        title="城区供热管网改造方案（征求意见稿）",
        explanation="改造的必要性和主要内容",
        text="第一条　改造范围为城区老旧管网。",
        opens_on=today,
        closes_on=today + timedelta(days=30),
        cleared=CLEARED,
    )
    row = services.open_consultation(draft, by=world.clerk)
    return row.league, row.id


def _flood(app: str, league: str, ident: UUID, turn: int) -> tuple[int, float]:
    """Opinions taken in a round and its seconds, from the moment when all writers stood ready."""
    context = multiprocessing.get_context("spawn")
    ready, said = context.Barrier(PROCESSES + 1), context.Queue()
    writers = [context.Process(target=_write, args=(app, league, ident, f"{turn}.{n}", ready, said)) for n in range(PROCESSES)]
    for writer in writers:
        writer.start()
    ready.wait()
    began = time.perf_counter()
    counts = [said.get() for _ in writers]
    spent = time.perf_counter() - began
    for writer in writers:
        writer.join()
    return sum(counts), spent


def _write(app: str, league: str, ident: UUID, name: str, ready: threading.Barrier, said: multiprocessing.Queue[int]) -> None:
    counts: list[int] = []
    with pointed(app):
        from django.db import connection

        from yifa.participation import services

        start = threading.Barrier(WRITERS + 1)

        def write(who: int) -> None:
            connection.ensure_connection()
            start.wait()
            until, n = time.perf_counter() + SPAN, 0
            while time.perf_counter() < until:
                services.comment(league, ident, text=f"{name}.{who} 第{n}条意见：供热应当按时，温度应当达标。", name="某居民")
                n += 1
            counts.append(n)
            connection.close()

        threads = [threading.Thread(target=write, args=(who,)) for who in range(WRITERS)]
        for thread in threads:
            thread.start()
        ready.wait()
        start.wait()
        for thread in threads:
            thread.join()
    said.put(sum(counts))


def _looked_at(ident: UUID, taken: int) -> float:
    """Raises AssertionError when one is lost or counted twice; gives the seconds of the batch."""
    from django.utils import timezone

    from yifa.participation import batches
    from yifa.participation.models import Comment

    numbers = sorted(Comment.objects.filter(consultation=ident).values_list("n", flat=True))
    if numbers != list(range(1, taken + 1)):
        raise AssertionError(f"{taken} opinions were taken, {len(numbers)} are there")
    began = time.perf_counter()
    if batches.batch_opinions(at=timezone.now()) != taken:
        raise AssertionError("the batch does not hold them all")
    return time.perf_counter() - began
