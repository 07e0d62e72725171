"""Two sources of one text, or two versions of one work, article by article. Pure.

What differs between sources is kept and shown; no source overwrites another. Between versions it says where each article went.
"""

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


INSERT, REPLACE, DELETE, RENUMBER = "insert", "replace", "delete", "renumber"
ALIKE = 0.5  # share of common pairs of characters above which two articles are one that was reworded


@dataclass(frozen=True)
class Change:
    """What became of an article from one version to the next: `old` or `new` is "" where there is none."""

    old: str
    new: str
    op: str


def changes(old: Mapping[str, str], new: Mapping[str, str]) -> list[Change]:
    """Which articles a newer version inserted, reworded, dropped or gave another number; those that stay as they were are left out.

    An article is first known by its words, then by being most alike among those left, so that a law written anew (86 articles for 64)
    still tells where each provision went.
    """
    pairs = {key: key for key in new if key in old and _plain(old[key]) == _plain(new[key])}
    left_old = {key: _plain(text) for key, text in old.items() if key not in pairs}
    left_new = {key: _plain(text) for key, text in new.items() if key not in pairs}
    by_words = {text: key for key, text in left_old.items()}
    for key, text in left_new.items():
        if (known := by_words.pop(text, None)) is not None:
            pairs[key] = known
    left_old = {key: text for key, text in left_old.items() if key not in pairs.values()}
    left_new = {key: text for key, text in left_new.items() if key not in pairs}
    pairs |= _alike(left_old, left_new)
    found = [
        Change(was, key, REPLACE if was == key else RENUMBER)
        for key, was in ((key, pairs[key]) for key in new if key in pairs)
        if was != key or _plain(old[was]) != _plain(new[key])
    ]
    found += [Change("", key, INSERT) for key in new if key not in pairs]
    kept = set(pairs.values())
    return found + [Change(key, "", DELETE) for key in old if key not in kept]


def _alike(old: Mapping[str, str], new: Mapping[str, str]) -> dict[str, str]:
    """new key -> old key of the articles most alike, the surest pairs first, each used once."""
    old_pairs, new_pairs = ({key: _pairs(text) for key, text in side.items()} for side in (old, new))
    ranked = sorted(
        (
            (likeness, key, was)
            for key, mine in new_pairs.items()
            for was, theirs in old_pairs.items()
            if (likeness := 2 * len(mine & theirs) / max(len(mine) + len(theirs), 1)) >= ALIKE
        ),
        key=lambda each: (-each[0], each[1], each[2]),
    )
    found: dict[str, str] = {}
    for _, key, was in ranked:
        if key not in found and was not in found.values():
            found[key] = was
    return found


def _pairs(text: str) -> frozenset[str]:
    return frozenset(text[n : n + 2] for n in range(len(text) - 1))


def nearest(text: str, units: Mapping[str, str]) -> str:
    """The key of the article most alike a text, for telling where a repealed provision may have gone; "" when none is alike."""
    mine, best, found = _pairs(_plain(text)), ALIKE, ""
    for key, other in units.items():
        theirs = _pairs(_plain(other))
        likeness = 2 * len(mine & theirs) / max(len(mine) + len(theirs), 1)
        if likeness >= best and (not found or likeness > best):
            best, found = likeness, key
    return found


def is_same(one: str, other: str) -> bool:
    """Are these the same words, blanks and line ends aside?"""
    return _plain(one) == _plain(other)
