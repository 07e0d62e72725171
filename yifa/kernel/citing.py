"""Laws and articles as plain values: a rule cites `L[51]` as the statute is cited aloud.

Pure: importing a procedure touches no database. Numbering follows 立法法 65: 条 (with 之一), 款 (unnumbered
paragraphs), 项 (Chinese numerals in brackets), 目 (Arabic numerals).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

_DIGITS = "零一二三四五六七八九"
_VALUES = {digit: value for value, digit in enumerate(_DIGITS)} | {"〇": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}


def to_chinese(number: int) -> str:
    """The numeral of statutes: 15 -> 十五, 103 -> 一百零三, 20000 -> 二万. Raises ValueError outside 0..99,999,999."""
    if not 0 <= number < 10**8:
        raise ValueError(f"no statute numeral for {number}")
    if number >= 10_000:
        high, low = divmod(number, 10_000)
        tail = ("零" if 0 < low < 1000 else "") + (_thousands(low) if low else "")
        return to_chinese(high) + "万" + tail
    text = _thousands(number) if number else "零"
    return text.removeprefix("一") if 10 <= number < 20 else text


def _thousands(number: int) -> str:
    """1..9999 without the elision of a leading 一 (so 20,015 reads 二万零一十五)."""
    text, gap = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, unit)
        if digit:
            text += ("零" if gap else "") + _DIGITS[digit] + name
            gap = False
        elif text and number:
            gap = True
    return text


def from_chinese(text: str) -> int:
    """The inverse of `to_chinese`; also reads positional years (二〇一九) and Arabic digits. Raises ValueError."""
    if text.isascii() and text.isdigit():
        return int(text)
    if len(text) > 1 and all(char in _VALUES for char in text):
        return int("".join(str(_VALUES[char]) for char in text))
    total, section, digit = 0, 0, None
    for char in text:
        if char in _VALUES:
            digit = _VALUES[char]
        elif char in _UNITS:
            section += (1 if digit is None else digit) * _UNITS[char]
            digit = None
        elif char == "万":
            total, section, digit = (section + (digit or 0)) * 10_000, 0, None
        else:
            raise ValueError(f"not a Chinese numeral: {text!r}")
    if not text:
        raise ValueError("an empty numeral")
    return total + section + (digit or 0)


@dataclass(frozen=True, order=True)
class Law:
    """A law by its usual title and the date of the version cited (the day it was adopted or last amended)."""

    title: str
    version: str

    def __getitem__(self, tiao: int) -> Article:
        return Article(self, tiao)

    def zhi(self, tiao: int, zhi: int) -> Article:
        """An inserted article: `L.zhi(120, 1)` is 第一百二十条之一."""
        return Article(self, tiao, zhi)

    @property
    def key(self) -> str:
        """What an entry writes that cites the law as a whole."""
        return f"{self.title}@{self.version}"

    def __str__(self) -> str:
        return f"《{self.title}》"


@dataclass(frozen=True, order=True)
class Article:
    """One addressable provision; `key` is its permalink within the library."""

    law: Law
    tiao: int
    zhi_number: int | None = None
    kuan_number: int | None = None
    xiang_number: int | None = None
    mu_number: int | None = None

    def kuan(self, number: int) -> Article:
        return replace(self, kuan_number=number)

    def xiang(self, number: int) -> Article:
        return replace(self, xiang_number=number)

    def mu(self, number: int) -> Article:
        return replace(self, mu_number=number)

    @property
    def locator(self) -> str:
        """第三十三条第一款第二项, as it is printed."""
        text = f"第{to_chinese(self.tiao)}条"
        if self.zhi_number:
            text += f"之{to_chinese(self.zhi_number)}"
        if self.kuan_number:
            text += f"第{to_chinese(self.kuan_number)}款"
        if self.xiang_number:
            text += f"第{to_chinese(self.xiang_number)}项"
        if self.mu_number:
            text += f"第{self.mu_number}目"
        return text

    @property
    def node(self) -> str:
        """The node's key within its text: `t120_1.k2.x3`."""
        text = f"t{self.tiao}" + (f"_{self.zhi_number}" if self.zhi_number else "")
        for letter, number in (("k", self.kuan_number), ("x", self.xiang_number), ("m", self.mu_number)):
            if number:
                text += f".{letter}{number}"
        return text

    @property
    def key(self) -> str:
        return f"{self.law.title}@{self.law.version}#{self.node}"

    def __str__(self) -> str:
        return f"{self.law}{self.locator}"


Cites = Article | tuple[Article, ...]


def articles(cites: Cites) -> tuple[Article, ...]:
    """One article or several, always as a tuple."""
    return cites if isinstance(cites, tuple) else (cites,)


def listed(cites: Iterable[Article]) -> str:
    """Several articles as they are read aloud: a title is named once for its neighbours."""
    return "、".join(_listed(cites))


def _listed(cites: Iterable[Article]) -> Iterator[str]:
    before: Law | None = None
    for article in cites:
        yield article.locator if article.law == before else str(article)
        before = article.law
