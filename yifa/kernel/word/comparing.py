"""What changed between two drafts: paragraphs are matched first, then the words within a paragraph that was reworded. Pure.

A draft is a sequence of paragraphs (`reading.paragraphs`). Joining what is kept and what was taken out gives the older draft, joining what
is kept and what came in gives the newer one, whatever the two texts are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

KEPT, OUT, IN = "kept", "out", "in"
# Drafts run to some hundred paragraphs; beyond these bounds a comparison would hold a process for minutes.
MAX_PARAGRAPHS = 5_000
MAX_CHARACTERS = 300_000
# How many pairs of words are weighed within one paragraph, and of paragraphs within one passage, before a coarser look is taken.
MAX_WORDS = 250_000
MAX_PASSAGE = 2_500
# From this share of common text on, two paragraphs are one that was reworded.
ALIKE = 0.4
_WORD = re.compile(r"[A-Za-z0-9.%]+|.", re.DOTALL)
_CLAUSE = re.compile(r"[^，。；：！？、,.;:!?]+[，。；：！？、,.;:!?]*|.", re.DOTALL)


class TooLongError(ValueError):
    """A draft beyond the bounds; str() is fit to be shown."""


@dataclass(frozen=True)
class Piece:
    """Words that stayed (KEPT), were taken out (OUT) or came in (IN)."""

    kind: str
    text: str


@dataclass(frozen=True)
class Row:
    """One paragraph of the comparison: `kind` KEPT, OUT, IN or "reworded"; its pieces in reading order."""

    kind: str
    pieces: tuple[Piece, ...]

    @property
    def before(self) -> str:
        return "".join(piece.text for piece in self.pieces if piece.kind != IN)

    @property
    def after(self) -> str:
        return "".join(piece.text for piece in self.pieces if piece.kind != OUT)


REWORDED = "reworded"


def compare(before: Sequence[str], after: Sequence[str]) -> list[Row]:
    """The newer draft with what was taken out in its place. Raises TooLongError beyond the bounds."""
    for draft in (before, after):
        if len(draft) > MAX_PARAGRAPHS or sum(map(len, draft)) > MAX_CHARACTERS:
            raise TooLongError(
                f"文稿超过{MAX_PARAGRAPHS}段或者{MAX_CHARACTERS // 10_000}万字，不能在线比对；请只保留正文，附表另存后再上传"
            )
    rows: list[Row] = []
    for op, i1, i2, j1, j2 in SequenceMatcher(None, before, after).get_opcodes():
        if op == "equal":
            rows += [_whole(KEPT, text) for text in after[j1:j2]]
        else:
            rows += _passage(before[i1:i2], after[j1:j2])
    return rows


def _whole(kind: str, text: str) -> Row:
    return Row(kind, (Piece(kind, text),))


def _passage(before: Sequence[str], after: Sequence[str]) -> Iterator[Row]:
    """A passage that differs: its paragraphs paired in order, so that the pairs have most text in common."""
    at, upto = 0, 0
    for i, j in _pairs(before, after):
        yield from (_whole(OUT, text) for text in before[at:i])
        yield from (_whole(IN, text) for text in after[upto:j])
        yield Row(REWORDED, tuple(_words(before[i], after[j])))
        at, upto = i + 1, j + 1
    yield from (_whole(OUT, text) for text in before[at:])
    yield from (_whole(IN, text) for text in after[upto:])


def _pairs(before: Sequence[str], after: Sequence[str]) -> list[tuple[int, int]]:
    """Which paragraphs are one another's, by the greatest sum of likeness in rising order; by place where there are too many to weigh."""
    if len(before) * len(after) > MAX_PASSAGE:
        return [(n, n) for n in range(min(len(before), len(after))) if _likeness(before[n], after[n]) >= ALIKE]
    best = [[0.0] * (len(after) + 1) for _ in range(len(before) + 1)]
    alike = [[_likeness(old, new) for new in after] for old in before]
    for i in range(len(before) - 1, -1, -1):
        for j in range(len(after) - 1, -1, -1):
            paired = alike[i][j] + best[i + 1][j + 1] if alike[i][j] >= ALIKE else 0.0
            best[i][j] = max(paired, best[i + 1][j], best[i][j + 1])
    found, i, j = [], 0, 0
    while i < len(before) and j < len(after):
        if alike[i][j] >= ALIKE and best[i][j] == alike[i][j] + best[i + 1][j + 1]:
            found.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return found


def _likeness(old: str, new: str) -> float:
    """Share of common pairs of characters, 0 to 1: as quick for a page as for a line."""
    mine, theirs = ({text[n : n + 2] for n in range(max(len(text) - 1, 1))} for text in (old, new))
    return 2 * len(mine & theirs) / (len(mine) + len(theirs))


def _words(old: str, new: str) -> list[Piece]:
    """Character by character (a number or a Latin word is one); clause by clause where a paragraph runs to pages."""
    for unit in (_WORD, _CLAUSE):
        mine, theirs = unit.findall(old), unit.findall(new)
        if len(mine) * len(theirs) <= MAX_WORDS:
            return _joined(mine, theirs)
    return [Piece(OUT, old), Piece(IN, new)]


def _joined(mine: Sequence[str], theirs: Sequence[str]) -> list[Piece]:
    """Runs of changes; a single character that happens to be common between two changes belongs to them, or nobody could read it."""
    codes = SequenceMatcher(None, mine, theirs, autojunk=False).get_opcodes()
    pieces: list[Piece] = []
    out, new = "", ""
    for n, (op, i1, i2, j1, j2) in enumerate(codes):
        kept = "".join(theirs[j1:j2])
        if op == "equal" and not (len(kept) == 1 and 0 < n < len(codes) - 1):
            pieces += [Piece(kind, text) for kind, text in ((OUT, out), (IN, new), (KEPT, kept)) if text]
            out, new = "", ""
        else:
            out, new = out + "".join(mine[i1:i2]), new + kept
    return pieces + [Piece(kind, text) for kind, text in ((OUT, out), (IN, new)) if text]
