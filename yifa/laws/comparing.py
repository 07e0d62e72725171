"""Two sources of one text, article by article. Pure. What differs is kept and shown; no source overwrites another."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

PUNCTUATION, WORDING, MISSING, EXTRA = "标点", "文字", "缺少", "多出"
_BLANK = re.compile(r"[\s\u3000\u200b-\u200f\ufeff]+")
# What no reader takes for a word: marks of punctuation and the ways to write brackets, dashes and points.
_MARKS = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Differing:
    """At one article: `other` is the other source's words, "" where it lacks the article."""

    key: str
    kind: str
    other: str


def differences(ours: Mapping[str, str], theirs: Mapping[str, str]) -> list[Differing]:
    """By the keys of articles, in the order of our text, then what only the other has. Blanks and line ends do not count."""
    found = []
    for key, text in ours.items():
        if key not in theirs:
            found.append(Differing(key, MISSING, ""))
        elif _plain(text) != _plain(other := theirs[key]):
            found.append(Differing(key, PUNCTUATION if _words(text) == _words(other) else WORDING, other))
    return found + [Differing(key, EXTRA, text) for key, text in theirs.items() if key not in ours]


def _plain(text: str) -> str:
    return _BLANK.sub("", text)


def _words(text: str) -> str:
    return _MARKS.sub("", unicodedata.normalize("NFKC", text))
