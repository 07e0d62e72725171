"""The follower: seals the record and counts facts from it, at most a fifth of a second behind.

One process at a time does the work (a lock in the database); a second one waits and takes over. It stops loudly: an error ends the
process with its traceback, and whoever runs it starts it again. Nothing is skipped and nothing is written down twice.
"""

from __future__ import annotations

import argparse
import signal
import sys
import threading
import time

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.module_loading import import_string

from yifa.enforcement.rolls import count_rolls
from yifa.evaluation import following as uses
from yifa.facts import services as facts
from yifa.kernel.ledger import services as ledger

ROLLS = 600.0  # seconds between two looks at what bodies have (certificates, powers); only changes are recorded
POLL = 0.2  # seconds; writers never notify, so this is the whole delay of an idle system
LOCK = 0x79696661  # "yifa"


def follow(stop: threading.Event) -> None:
    """Seal, then count, until told to stop; without work wait `POLL` seconds."""
    contexts = import_string(settings.CONTEXTS)
    wait_for_turn(stop)
    counted_at = -ROLLS
    while not stop.is_set():
        if time.monotonic() - counted_at >= ROLLS:
            count_rolls(on=timezone.localdate())
            counted_at = time.monotonic()
        # Both in every turn: under steady writing there is always something to seal, and counting must not wait for a lull.
        if ledger.seal() + facts.follow(contexts) + uses.follow() == 0:
            stop.wait(POLL)


def wait_for_turn(stop: threading.Event) -> None:
    """The lock belongs to the connection: it is free again the moment the process that held it is gone."""
    told = False
    while not stop.is_set():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
            if cursor.fetchone() == (True,):
                return
        if not told:
            print("another follower is at work; waiting to take over", file=sys.stderr, flush=True)
            told = True
        stop.wait(1)


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = "seal the record and count facts until stopped"


def main(options: argparse.Namespace) -> int:
    stop = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: stop.set())
    follow(stop)
    return 0
