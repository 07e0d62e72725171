"""What one source says of one text, without its words: the little that is kept in memory while thousands of texts pass by. Pure."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from yifa.laws.clauses import Repeal, repeals, start
from yifa.laws.notes import Event, Note, read_note
from yifa.laws.rules import title_key
from yifa.laws.texts import SPLITTER, SourceText

UNKNOWN_RANK = 50
SHORT, LONG, MAX_KEY = 32, 100, 200  # characters the columns take; what a source writes beyond is cut, never refused
_DAYS = ("adopted_on", "published_on", "stated_effective_on", "own_start")


@dataclass(frozen=True)
class Head:
    """`key` is source:place; `own_start` the day the text itself names; `doubts` what its reader doubted about dates."""

    key: str
    path: str
    slug: str
    title: str
    type: str
    form: str
    makers: tuple[str, ...]
    subjects: tuple[str, ...]
    region: str
    version: str
    number: str
    note: str
    adopted_on: date | None
    published_on: date
    stated_effective_on: date | None
    own_start: date | None
    claim: str
    repeals: tuple[Repeal, ...]
    doubts: tuple[str, ...]
    articles: int
    sha256: str
    splitter: int = SPLITTER

    @property
    def source(self) -> str:
        return self.key.partition(":")[0]

    @property
    def rank(self) -> int:
        return ranks().get(self.source, UNKNOWN_RANK)

    @property
    def told(self) -> Note:
        """Its 题注, read."""
        return read_note(self.note.split("\n")) if self.note else Note()

    def to_json(self) -> dict[str, Any]:
        values = asdict(self)
        for name in _DAYS:
            values[name] = values[name].isoformat() if values[name] else None
        return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Head:
        days = {name: date.fromisoformat(values[name]) if values[name] else None for name in _DAYS}
        lists = {name: tuple(values[name]) for name in ("makers", "subjects", "doubts")}
        told = tuple(Repeal(**each) for each in values["repeals"])
        return cls(**{**values, **days, **lists, "repeals": told})


@cache
def source_table() -> tuple[dict[str, Any], ...]:
    """The rows of `sources.toml`, the most trusted first."""
    text = Path(__file__).with_name("sources.toml").read_text(encoding="utf-8")
    return tuple(tomllib.loads(text)["source"])


@cache
def ranks() -> dict[str, int]:
    return {row["key"]: rank for rank, row in enumerate(source_table())}


@cache
def _trusted_claims() -> frozenset[str]:
    return frozenset(row["key"] for row in source_table() if row["claims"])


def slug_of(text: SourceText) -> str:
    """The address of the work: its title, with the region's name where the title of a local text does not tell it."""
    return title_key(text.title) + (f"({text.scope})" if text.scope else "")


def _bounded(key: str) -> str:
    """A place deep in folders of long names is told by its beginning and its SHA-256."""
    return key if len(key) <= MAX_KEY else f"{key[: MAX_KEY - 65]}#{hashlib.sha256(key.encode('utf-8', 'replace')).hexdigest()}"


def head_of(text: SourceText, published_on: date, version: str, doubts: Iterable[str], articles: int) -> Head:
    own = start([article.text for article in text.articles[-4:]], published_on)
    source = text.key.partition(":")[0]
    known = source in _trusted_claims() or source not in ranks()
    return Head(
        key=_bounded(text.key),
        path=text.path,
        slug=slug_of(text),
        title=text.title,
        type=text.type,
        form=text.form[:SHORT],
        makers=tuple(maker[:LONG] for maker in text.makers),
        subjects=tuple(subject[:LONG] for subject in text.subjects),
        region=text.region,
        version=version,
        number=text.number[:LONG],
        note=text.note,
        adopted_on=text.adopted_on,
        published_on=published_on,
        stated_effective_on=text.effective_on,
        own_start=own.on if own else None,
        claim=text.claim[:SHORT] if known else "",
        repeals=repeals(article.text for article in text.articles),
        doubts=tuple(doubts),
        articles=articles,
        sha256=text.sha256,
    )


def changes(heads: Iterable[Head]) -> list[tuple[Event, Head]]:
    """The steps in the life of a work as the 题注 of its texts tell them, each once, from the most trusted that tells it."""
    found: dict[tuple[str, date], tuple[Event, Head]] = {}
    for head in sorted(heads, key=lambda head: (head.rank, head.version, head.key)):
        for event in head.told.events:
            known = found.get((event.kind, event.on))
            if known is None or (not known[0].instrument and event.instrument):
                found[event.kind, event.on] = (event, head)
    return sorted(found.values(), key=lambda each: (each[0].on, each[0].kind))
