"""How large a document is set: the largest of a few sizes with which it stays on one page. Pure.

The page count of the finished file decides. What is reckoned here from the length of the texts only says where to begin, so that nearly
every document is typeset once; a wrong guess costs another run or a step in size, never a wrong page foot. The same values begin at the
same size in every process: the file stays a function of its values.
"""

from __future__ import annotations

from collections.abc import Iterable

# Points: 三号 as GB/T 9704 wants it, 四号, 小四, and what is still comfortable to read.
SIZES = (16.0, 14.0, 12.0, 11.0)
# A document that needs several pages anyway is set in this one.
SEVERAL = 14.0

# The page of blocks.typ, in points: the width of a line, the height for text, and what of it the header, the signatures and the seal take,
# which hardly grow with the text. Fitted to the forms of this house: begins right for four of five documents, seldom too large.
_WIDTH, _HEIGHT, _FIXED = 453.5, 745.5, 260.0
_PITCH = 1.29  # from line to line, in sizes of the text
_WASTE = 0.4  # the part of a line that a text leaves empty at its end


def sizes(texts: Iterable[str], layout: str) -> tuple[float, ...]:
    """The sizes to try, in this order, for a document that prints `texts` in `layout`; empty where one page cannot hold it."""
    widths = [_ems(text) for text in texts]
    ems, lines = sum(widths) + _own(layout), _WASTE * len(widths)
    return tuple(size for size in SIZES if _FIXED + _PITCH * size * (ems * size / _WIDTH + lines) <= _HEIGHT)


def _own(layout: str) -> int:
    """The Chinese characters a layout brings along itself."""
    printed = (line for line in layout.splitlines() if not line.startswith(("//", "#let", "#import")))
    return sum(char > "\u3000" for line in printed for char in line)


def _ems(text: str) -> float:
    """The width of a text in its own size: digits and letters are about half as wide as characters."""
    return len(text) - 0.45 * sum(char < "\u0250" for char in text)
