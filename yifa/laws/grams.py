"""How words are folded and cut for the search. Pure.

Folding is one character for one or none, so that a place in the folded text leads back to the text as it was written.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

# Full width and half width, large and small letters are alike to a reader; blanks and invisible marks are none.
_FOLD: dict[int, int | None] = {n: n - 0xFEE0 for n in range(0xFF01, 0xFF5F)}
_FOLD |= {n: n + 32 for n in range(ord("A"), ord("Z") + 1)}
_FOLD |= {n: n - 0xFEE0 + 32 for n in range(0xFF21, 0xFF3B)}
_FOLD |= dict.fromkeys(
    [*range(0x21), 0x7F, 0x85, 0xA0, 0xAD, 0x1680, *range(0x2000, 0x2010), 0x2028, 0x2029, 0x202F, 0x205F, 0x2060, 0x3000, 0xFEFF], None
)
CONTEXT = 60  # characters shown on either side of what was found
MOST_MARKED = 40
_BITS = 21  # the highest code point is 10FFFF


def fold(text: str) -> str:
    return text.translate(_FOLD)


def needed(phrase: str) -> list[int]:
    """What the index must hold of a text with this folded phrase in it; one gram alone tells everything up to two characters."""
    return [code(phrase)] if len(phrase) <= 2 else list(dict.fromkeys(code(phrase[n : n + 2]) for n in range(len(phrase) - 1)))


def code(gram: str) -> int:
    """One character or a pair as a number, as `laws_grams` in the database writes them."""
    first, *second = map(ord, gram)
    return first << _BITS | second[0] if second else first


@dataclass(frozen=True)
class Part:
    """A stretch of a text; marked when it is what was looked for."""

    text: str
    is_hit: bool = False


def marked(text: str, phrases: tuple[str, ...], *, whole: bool = False) -> list[Part]:
    """The text, or what stands around the first place found, with every place marked. `phrases` are folded."""
    spans = _spans(text, phrases)
    start, end = (0, len(text)) if whole or not spans else (max(0, spans[0][0] - CONTEXT), min(len(text), spans[0][1] + 2 * CONTEXT))
    if not spans and not whole:
        end = min(len(text), 3 * CONTEXT)
    parts = [Part("…")] if start else []
    at = start
    for first, last in spans:
        if last <= start or first >= end:
            continue
        if first > at:
            parts.append(Part(text[at:first]))
        parts.append(Part(text[max(first, at) : last], True))
        at, end = last, max(end, last)
    if at < end:
        parts.append(Part(text[at:end]))
    return [*parts, Part("…")] if end < len(text) else parts


def _spans(text: str, phrases: tuple[str, ...]) -> list[tuple[int, int]]:
    """Where the phrases stand in the text as written, none overlapping another."""
    if not any(phrases):
        return []
    places, folded = [], []
    for n, letter in enumerate(text):
        if kept := letter.translate(_FOLD):
            places.append(n)
            folded.append(kept)
    pattern = "|".join(re.escape(each) for each in sorted(filter(None, phrases), key=len, reverse=True))
    found = []
    for match in re.finditer(pattern, "".join(folded)):
        found.append((places[match.start()], places[match.end() - 1] + 1))
        if len(found) == MOST_MARKED:
            break
    return found
