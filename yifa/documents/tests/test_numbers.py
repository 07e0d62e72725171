"""Series without gaps and blocks handed out beforehand, on a real database with several connections."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from django.db import connection, connections, transaction

from yifa.documents import numbers
from yifa.documents.models import Document, Series
from yifa.enforcement.tests import world as w

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
LEAGUE, KIND, YEAR = "150200", "当罚", 2026
THREADS, ACTS = 8, 25


class Refusal(Exception):
    """An act that the law refuses after it was given its number."""


def allot(organisation: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(numbers.ALLOT, [LEAGUE, organisation, KIND, YEAR])
        return int(cursor.fetchone()[0])


def issue(organisation: str, sequence: int, series: str = KIND) -> None:
    Document.objects.create(
        league=LEAGUE, id=uuid4(), dossier="x", seq=1, form="x", title="x", organisation_id=organisation, series=series, year=YEAR,
        sequence=sequence, number=numbers.text("包昆农", series, YEAR, sequence), sha256="", unsigned_sha256="", size=1, pages=1,
        audience="to_party", created_at=NOW,
    )  # fmt: skip


def test_eight_writers_with_rollbacks_leave_no_gap(own_db: Any) -> None:
    body = w.build().li.organisation

    def work(writer: int) -> list[int]:
        chance, kept = random.Random(writer), []
        try:
            for _ in range(ACTS):
                try:
                    with transaction.atomic():
                        number = allot(body)
                        issue(body, number)
                        if chance.random() < 0.4:
                            raise Refusal
                    kept.append(number)
                except Refusal:
                    continue
        finally:
            connections.close_all()
        return kept

    with ThreadPoolExecutor(THREADS) as pool:
        kept = sorted(number for each in pool.map(work, range(THREADS)) for number in each)
    assert 0 < len(kept) < THREADS * ACTS
    assert kept == list(range(1, len(kept) + 1))
    assert kept == sorted(filter(None, Document.objects.values_list("sequence", flat=True)))
    assert Series.objects.get().last == len(kept)


def test_bodies_kinds_and_years_count_apart(own_db: Any) -> None:
    world = w.build()
    with connection.cursor() as cursor:
        for organisation, kind, year in (
            (world.li.organisation, KIND, YEAR),
            (world.stranger.organisation, KIND, YEAR),
            (world.li.organisation, "责改", YEAR),
            (world.li.organisation, KIND, YEAR + 1),
        ):
            cursor.execute(numbers.ALLOT, [LEAGUE, organisation, kind, year])
            assert cursor.fetchone() == (1,)
