"""Takes in a stream of source texts: each is split at once and laid aside on disk; only its head stays in memory. Pure: no database.

So a library of any size imports in little memory, a dry run needs no database, and two sources of one text can be compared later.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from typing import IO

from yifa.laws.heads import Head, head_of, slug_of
from yifa.laws.sources.files import Refused
from yifa.laws.texts import ENTRY, TIAO, WHOLE, NodeText, SourceText, split

MAX_TITLE = 400
_NAME_LENGTH = 12  # of the version column
# In these a file's name tells nothing: 甲/a.txt and 乙/a.txt of one day are two texts, and so are those of two imports.
_LOOSE = frozenset({"folder", "china-law-db-extra"})


@dataclass(frozen=True)
class Irregular:
    """What is wrong with a text, where: one line of the report."""

    path: str
    reason: str


@dataclass
class Report:
    """What an import found. `texts` were read; `written` counts the expressions that were new or had changed."""

    works: int = 0
    expressions: int = 0
    articles: int = 0
    texts: int = 0
    written: int = 0
    differences: int = 0
    proposals: int = 0
    irregular: list[Irregular] = field(default_factory=list)

    def tell(self, path: str, reason: str) -> None:
        self.irregular.append(Irregular(_writable(path)[:MAX_TITLE], reason))


class Spool:
    """Nodes on disk, one line of JSON a text."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._places: dict[tuple[str, str], int] = {}

    def put(self, head: Head, nodes: Iterable[NodeText]) -> None:
        self._places[head.key, head.version] = self._file.seek(0, 2)
        rows = [(node.key, node.kind, node.number, node.heading, node.text, node.parent) for node in nodes]
        self._file.write(json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass") + b"\n")

    def __contains__(self, head: object) -> bool:
        return isinstance(head, Head) and (head.key, head.version) in self._places

    def nodes(self, head: Head) -> list[NodeText]:
        """The nodes of a text in reading order. Raises KeyError when it was not laid aside."""
        self._file.seek(self._places[head.key, head.version])
        rows = json.loads(self._file.readline().decode("utf-8", "surrogatepass"))
        return [
            NodeText(key, kind, number, heading, text, parent, order)
            for order, (key, kind, number, heading, text, parent) in enumerate(rows)
        ]

    def units(self, head: Head) -> dict[str, str]:
        """Articles by key, as they are compared."""
        return {node.key: node.text for node in self.nodes(head) if node.kind in {TIAO, ENTRY, WHOLE}}


@dataclass
class Intake:
    """What came in."""

    spool: Spool
    report: Report
    heads: list[Head] = field(default_factory=list)


@contextmanager
def taken(texts: Iterable[SourceText | Refused]) -> Iterator[Intake]:
    """Read everything. What cannot be used is in the report, and the rest goes on."""
    with tempfile.TemporaryFile() as file:
        intake = Intake(Spool(file), Report())
        seen: set[tuple[str, str, str]] = set()
        for text in texts:
            if isinstance(text, Refused):
                intake.report.tell(text.path, text.reason)
                continue
            intake.report.texts += 1
            _take(intake, replace(text, key=_writable(text.key), path=_writable(text.path), title=_writable(text.title)), seen)
        yield intake


def _writable(name: str) -> str:
    """A file may be named by bytes that are no text; in what is kept and printed they are written out."""
    return name.encode("utf-8", "backslashreplace").decode()


def _take(intake: Intake, text: SourceText, seen: set[tuple[str, str, str]]) -> None:
    report = intake.report
    published, doubts = _dated(text)
    if not text.title or published is None:
        report.tell(text.path, "没有名称或者公布日期,未收录")
        return
    slug = slug_of(text)
    if max(len(slug), len(text.title)) > MAX_TITLE:
        report.tell(text.path, f"名称超过{MAX_TITLE}字,未收录")
        return
    version = text.version if _is_day(text.version) else published.isoformat()
    source, _, place = text.key.partition(":")
    if source in _LOOSE:
        text = replace(text, key=f"{source}:{slug}/{place}")
    if (source, slug, version) in seen:
        report.tell(text.path, "同名同日的文本重复,只收录第一份")
        return
    seen.add((source, slug, version))
    parts = split(text.articles)
    for reason in (*text.defects, *parts.irregular):
        report.tell(text.path, reason)
    head = head_of(text, published, version, doubts, parts.articles)
    intake.spool.put(head, parts.nodes)
    intake.heads.append(head)


def _dated(text: SourceText) -> tuple[date | None, tuple[str, ...]]:
    """The day of publication; where a source only knows since when a text applies, it was published by then."""
    if text.published_on is not None or text.effective_on is None:
        return text.published_on, text.doubts
    return text.effective_on, (*text.doubts, f"来源未载明公布日期，暂按施行日期{text.effective_on}计")


def _is_day(text: str) -> bool:
    try:
        return len(text) <= _NAME_LENGTH and bool(date.fromisoformat(text))
    except ValueError:
        return False
