"""Citations in all the texts of the data folder beside the repository; skipped where the folder is absent."""

from __future__ import annotations

import re
import tarfile
import time
from collections import Counter
from collections.abc import Iterator

import pytest

from yifa.laws.citations import parse
from yifa.laws.names import OWN
from yifa.laws.tests.test_whole_library import DATA

TITLE = re.compile(r"^#+ *(.+)$", re.MULTILINE)
SPOKEN = re.compile(r"(?<![a-zA-Z0-9])第[零一二三四五六七八九十百千]+条(?:之[一二三四五六七八九十]+)?第[一二三四五六七八九十]+[款项]")


def texts() -> Iterator[str]:
    """All Markdown of the folder, the archives' too."""
    for path in sorted(DATA.rglob("*.md")):
        yield path.read_text(encoding="utf-8", errors="replace")
    for path in sorted(DATA.glob("*.tar.xz")):
        with tarfile.open(path) as archive:
            for member in archive:
                if member.name.endswith(".md") and (file := archive.extractfile(member)):
                    yield file.read().decode("utf-8", errors="replace")


@pytest.mark.timeout(300)
@pytest.mark.skipif(not DATA.is_dir(), reason=f"no texts at {DATA.name} beside the repository (YIFA_LAWS_DATA names another place)")
def test_every_text_is_read_and_nothing_that_is_spelled_out_is_missed() -> None:
    counted: Counter[str] = Counter()
    for text in texts():
        body = text.rpartition("INFO END -->")[2]
        document = match[1].strip() if (match := TITLE.search(text)) else None
        started = time.process_time()
        found = parse(body, document)
        counted["milliseconds"] += int((time.process_time() - started) * 1000)
        counted["texts"] += 1
        counted["citations"] += len(found)
        counted["with article"] += sum(each.article is not None for each in found)
        counted["law unknown"] += sum(each.law is None for each in found)
        before = 0
        covered = []
        for each in found:
            assert before <= each.start < each.end <= len(body)
            before = each.start
            covered.append((each.start, each.end))
            if body[each.start] == "本" and document and OWN.match(body[each.start : each.end].partition("第")[0]):
                assert each.law
        # A locator with a 款 or 项 is never a heading: every one of them must be part of a citation.
        places = {place for start, end in covered for place in range(start, end)}
        spelled = [match.start() for match in SPOKEN.finditer(body)]
        counted["spelled out"] += len(spelled)
        counted["missed"] += sum(place not in places for place in spelled)
    assert counted["texts"] > 3800
    assert counted["citations"] > 44_000
    assert counted["with article"] > 33_000
    assert counted["law unknown"] < 20
    assert counted["missed"] < counted["spelled out"] / 1000, counted
