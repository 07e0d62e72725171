"""Sources that the platform cites and the library does not hold: what they are, and why no text is shown. Pure.

Only facts that were read somewhere stand in `held_elsewhere.toml`; pages then say 文本未收录, and `procedures check` accepts the citation.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from yifa.kernel.citing import Article
from yifa.laws.rules import title_key

FILE = Path(__file__).parent / "held_elsewhere.toml"


@dataclass(frozen=True)
class Source:
    """`date` is the version (adopted or last amended) as far as it is known: a day, a year or ""; `articles` are node keys."""

    title: str
    number: str
    date: str
    reason: str
    articles: frozenset[str]
    aliases: tuple[str, ...] = ()

    def covers(self, article: Article) -> bool:
        """Is this article of this version one of those listed? An article stands for its 款 and 项 too."""
        if article.law.version and not article.law.version.startswith(self.date):
            return False
        return article.node in self.articles or article.node.split(".")[0] in self.articles


def load(path: Path = FILE) -> Mapping[str, Source]:
    """Every source by the normalised form of its title and aliases. Raises KeyError on a missing field."""
    found: dict[str, Source] = {}
    for row in tomllib.loads(path.read_text(encoding="utf-8"))["source"]:
        source = Source(
            title=row["title"],
            number=row["number"],
            date=row["date"],
            reason=row["reason"],
            articles=frozenset(f"t{each}" for each in row["articles"]),
            aliases=tuple(row.get("aliases", ())),
        )
        for name in (source.title, *source.aliases):
            found[title_key(name)] = source
    return found


@cache
def sources() -> Mapping[str, Source]:
    return load()
