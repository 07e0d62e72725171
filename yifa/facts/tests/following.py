"""For tests: seal and count everything that is written, whatever else the server is doing."""

from __future__ import annotations

import time
from collections.abc import Sequence

from django.db import connection

from yifa.facts import services
from yifa.facts.seen import Counts
from yifa.kernel.ledger.services import seal

PATIENCE = 120.0


def seal_all() -> None:
    """Transaction numbers are the server's, not the database's: another test's open transaction can hold the sealing up for a moment."""
    end = time.monotonic() + PATIENCE
    while True:
        while seal():
            pass
        with connection.cursor() as cursor:
            cursor.execute("SELECT (SELECT count(*) FROM ledger_entry) - (SELECT count(*) FROM ledger_leaf)")
            if cursor.fetchone() == (0,):
                return
        if time.monotonic() > end:
            raise AssertionError("some transaction on this server has been open for too long to seal")
        time.sleep(0.05)


def follow_all(contexts: Sequence[Counts]) -> int:
    """How many entries were counted."""
    seal_all()
    total = 0
    while found := services.follow(contexts):
        total += found
    return total
