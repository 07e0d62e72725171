"""Which opinions say the same in nearly the same words. Pure.

Two opinions are *alike* when the pairs of letters of their texts agree by at least `LIKE` (Jaccard: shared pairs over all pairs) and both
oppose as a whole equally often. Spaces, punctuation, width and case are left aside. What likeness connects is kin; of the kin those are one
group that do not state the contrary of one another (`contrary.divide`: another number, the opposite word, a denial). Neither depends on the
order in which opinions came, and no opinion is in two groups.

The boundary, and what it is worth: copies, copies with another name, day, telephone number or number of households put in, with a sentence
more or less, with a few words changed are one group; the same wish in one's own words is not, and no measure of letters would find it.
When in doubt texts are kept apart: to answer twice costs a minute, to answer a person for the contrary of what he said cannot be mended.
So who leaves out what others contest is in no group with either. Not seen is a contrary by a word that is in no table, by the order of two
words (先拆后建, 先建后拆) or by the sense of a whole sentence: who answers a group sees first in what its texts differ.

Measured on three constructed sets of the tests, over pairs of texts; precision: of those put together, how many belong together; recall: of
those that belong together, how many are found. opinions.py (400 texts): 1.00 and 0.94. letters.py, looked at while this was made (201, half
of them contraries by a word or a number): 1.00 and 0.95. letters.py, held back until it was made (192): 0.93 and 0.99; by letters and
opposing words alone it was 0.32 and 0.99. The sets are ours and made by rule and by one hand; real letters will differ more.

So that ten thousand need not each be held against each: MinHash, `BANDS` × `ROWS`. Texts meet only where they share a band, and are then
measured exactly. Equal texts always meet; at likeness 0.5 they meet in 88 of 100 cases, at 0.6 in 98, at 0.7 in 99.8.
"""

from __future__ import annotations

import hashlib
import re
import struct
import unicodedata
from collections.abc import Collection, Hashable, Sequence
from functools import lru_cache
from operator import add
from typing import Generic, TypeVar

from yifa.participation import contrary

LIKE = 0.5
BANDS, ROWS = 16, 3
_MIX = 0x9E3779B97F4A7C15
# Signs that make another number: 1.5 is not 15, 3% not 3, 10:30 not 1030.
_SIGNS = re.compile(r"(?<=[0-9])[^\w%‰]+(?=[0-9])|[^\w%‰]|_")
_COUNTED, _NO_LETTER = re.compile("[0-9%‰]"), re.compile(r"[\W_]+")
_KEPT = frozenset(".:-~/")
Name = TypeVar("Name", bound=Hashable)


def normal(text: str) -> str:
    """The letters alone: full and half width, capitals, spaces and punctuation make no difference. Of signs alone, the signs.

    Between two digits what makes them one number stays (1.5, 10:30, 3-5), and a space for everything else.
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    letters = _SIGNS.sub(_sign, folded) if _COUNTED.search(folded) else _NO_LETTER.sub("", folded)
    return letters or "".join(folded.split())


def _sign(found: re.Match[str]) -> str:
    sign = found[0]
    if not ("0" <= found.string[found.start() - 1 : found.start()] <= "9" and "0" <= found.string[found.end() : found.end() + 1] <= "9"):
        return ""
    return sign if sign in _KEPT else "" if sign == "," else " "


def digest(text: str) -> str:
    """The same for texts that differ in nothing but signs."""
    return hashlib.blake2b(normal(text).encode(), digest_size=16).hexdigest()


class Text:
    """One text as it is compared: its pairs of letters, how often it opposes, the bands in which it meets others like it.

    `stated` and `denied` tell those that are alike apart (`contrary.divide`). `times`: how many say just this.
    """

    __slots__ = ("_bands", "against", "denied", "pairs", "stated", "times")

    def __init__(self, text: str, times: int = 1) -> None:
        self.times = times
        letters = normal(text).replace("应该", "应当")
        plain = contrary.once(letters)
        self.pairs = frozenset(map(add, letters, letters[1:])) or frozenset((letters,))
        self.against = contrary.against(plain)
        self.stated, self.denied = contrary.stated(letters, self.pairs), contrary.denied(plain)
        self._bands: tuple[int, ...] = ()

    @property
    def bands(self) -> tuple[int, ...]:
        """Where it meets others; worked out when it is first asked for."""
        self._bands = self._bands or _bands(self.pairs, self.against)
        return self._bands

    def likeness(self, other: Text) -> float:
        """Shared pairs over all pairs; 0 when one opposes more often than the other."""
        if self.against != other.against:
            return 0.0
        shared = len(self.pairs & other.pairs)
        return shared / (len(self.pairs) + len(other.pairs) - shared)


def apart(usual: Text, other: Text) -> tuple[bool, float]:
    """How far a text is from another: does it state or deny something else, and the share of letters that only one of them has."""
    return other.stated != usual.stated or other.denied != usual.denied, 1 - usual.likeness(other)


@lru_cache(maxsize=1 << 16)
def _values(pair: str) -> tuple[int, ...]:
    """BANDS × ROWS independent numbers of a pair: three digests of 64 bytes, cut into sixteen."""
    data = pair.encode()
    return struct.unpack("<48I", b"".join(hashlib.blake2b(data, digest_size=64, salt=bytes([turn])).digest() for turn in range(3)))


def _bands(pairs: Collection[str], against: int) -> tuple[int, ...]:
    """The smallest numbers over all pairs, cut into bands; one signed 64-bit number a band, as the database keeps it."""
    rows = [_values(pair) for pair in pairs]
    least = rows[0] if len(rows) == 1 else tuple(map(min, *rows))
    # Mixed by odd multipliers, of full length: who meets by chance is measured exactly all the same.
    seeds = enumerate(least[::ROWS]), least[1::ROWS], least[2::ROWS]
    return tuple(
        ((((band * 64 + against) * _MIX + one) * _MIX + two) * _MIX + three) * _MIX % (1 << 64) - (1 << 63)
        for (band, one), two, three in zip(*seeds, strict=True)
    )


class Groups(Generic[Name]):
    """Texts put together as they come. A name is what the caller knows a text by; a text may be added to groups known from before."""

    def __init__(self) -> None:
        self._above: dict[Name, Name] = {}
        self._texts: dict[Name, Text] = {}
        self._members: dict[Name, list[Name]] = {}
        # By band: the group, and its members that meet there. A group is asked once, however many of it meet in a band.
        self._meeting: dict[int, dict[Name, list[Name]]] = {}
        self._places: dict[Name, set[int]] = {}

    def add(self, name: Name, text: Text) -> None:
        """Puts a text into its group; groups that it connects become one."""
        self._enter(name, text)
        for band in text.bands:
            for other, members in list(self._meeting[band].items()):
                if other != self._head(name) and any(text.likeness(self._texts[each]) >= LIKE for each in members):
                    self._join(name, other)

    def together(self, first: Name, second: Name) -> None:
        """These two belong together, whatever their texts say: they were found so before. Both are known already."""
        self._join(first, second)

    def know(self, name: Name, text: Text) -> None:
        """Takes a text in without looking for others like it: it was put into its group before."""
        self._enter(name, text)

    def kin(self) -> list[list[Name]]:
        """What likeness connects, whether or not it says the same; each name is in exactly one."""
        return list(self._members.values())

    def parts(self, members: Sequence[Name]) -> list[list[Name]]:
        """Of those that likeness connects, who says the same."""
        return [[members[place] for place in part] for part in contrary.divide([self._texts[name] for name in members])]

    def groups(self) -> list[list[Name]]:
        """Every group with its members; each name is in exactly one."""
        return [part for members in self._members.values() for part in self.parts(members)]

    def _enter(self, name: Name, text: Text) -> None:
        self._above[name], self._texts[name], self._members[name] = name, text, [name]
        self._places[name] = set(text.bands)
        for band in text.bands:
            self._meeting.setdefault(band, {})[name] = [name]

    def _head(self, name: Name) -> Name:
        while (above := self._above[name]) != name:
            self._above[name] = name = self._above[above]
        return name

    def _join(self, first: Name, second: Name) -> None:
        kept, gone = self._head(first), self._head(second)
        if kept == gone:
            return
        if len(self._members[kept]) < len(self._members[gone]):
            kept, gone = gone, kept
        self._above[gone] = kept
        self._members[kept] += self._members.pop(gone)
        for band in self._places.pop(gone):
            meeting = self._meeting[band]
            meeting.setdefault(kept, []).extend(meeting.pop(gone))
            self._places[kept].add(band)
