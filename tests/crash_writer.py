"""One officer at work while everything around him is killed; started by test_crash.py, stopped by SIGTERM between two acts.

He notes an act outside the database, on the disk, after it was acknowledged and not before. When the database goes away he sends the same
act again, with the same key, until it is acknowledged.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

import django
import psycopg

from yifa.kernel.people.identifiers import identity_check

STEPS = ("establish", "order_correction", "inform", "hear", "decide", "deliver")


def party(writer: int, n: int) -> dict[str, str]:
    """Somebody new each time: nobody is fined twice for one act."""
    first = f"150203{date(1950, 1, 1) + timedelta(days=n):%Y%m%d}{writer:03d}"
    return {"name": "张样本", "identity_kind": "id", "identity_number": first + identity_check(first)}


def main(world_file: Path, notes: Path, number: int) -> None:
    django.setup()
    from django.db import Error, connection

    from yifa.enforcement.tests import world as w
    from yifa.kernel.people.actors import Actor

    told = json.loads(world_file.read_text(encoding="utf-8"))
    world = w.World(**{name: Actor(**{**fields, "roles": frozenset(fields["roles"])}) for name, fields in told.items()})
    stopped = False

    def stop(*_: object) -> None:
        nonlocal stopped
        stopped = True

    signal.signal(signal.SIGTERM, stop)

    def insist(act: Callable[[], Any]) -> Any:
        while True:
            try:
                return act()
            except (Error, psycopg.Error):
                connection.close()
                time.sleep(0.1)

    with notes.open("a", encoding="utf-8") as book:

        def note(taken: Any) -> None:
            book.write(json.dumps([taken.ref.code, taken.seq, taken.hash]) + "\n")
            book.flush()
            os.fsync(book.fileno())

        for n in count():
            key = uuid4()
            taken = insist(partial(w.begin, world, key=key))
            note(taken)
            for name in STEPS:
                if stopped:
                    return
                key, ref = uuid4(), taken.ref
                changed: dict[str, Any] = {"party": party(number, n)} if name == "establish" else {}
                note(insist(partial(w.do, world, ref, name, key=key, **changed)))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
