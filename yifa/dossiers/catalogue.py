"""The catalogue of a case file (卷宗目录): which paper lies where, on which page. Pure.

Order of the main and the secondary volume (正卷、副卷): 市场监督管理行政处罚程序规定第七十八条. Each volume counts its own pages from 1.
What has no pages (a recording, a Word file) takes one: the sheet (附件单) that stands for it where the file is bound. A proof of service
follows the document that it proves.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum


class Place(IntEnum):
    """Where a paper belongs; below 100 in the main volume, from 100 on in the secondary one."""

    FILING = 1
    DECISION = 2
    ISSUED = 3
    EVIDENCE = 4
    HEARING = 5
    RECEIPT = 6
    OTHER = 7
    LEAD = 101
    REPORT = 102
    REVIEW = 103
    HEARING_REPORT = 104
    CLOSING = 105
    INNER = 106

    @property
    def volume(self) -> str:
        return "正卷" if self < Place.LEAD else "副卷"


@dataclass(frozen=True)
class Paper:
    """One thing in the file. `pages` None = none of its own (recordings); `proves` = the key of the document whose service it proves.

    `withheld`: why this reader is not given it. It keeps its line and its page numbers, so that every reader cites the same pages.
    `late`: when its act was recorded, where that was later than it took place (补录).
    """

    key: str
    title: str
    place: Place
    at: datetime
    pages: int | None
    kind: str = "paper"
    number: str = ""
    sha256: str = ""
    mime: str = "application/pdf"
    seq: int | None = None
    proves: str | None = None
    withheld: str = ""
    late: datetime | None = None


@dataclass(frozen=True)
class Line:
    """One line of the catalogue: its number in the volume and its pages, first to last inclusive."""

    n: int
    paper: Paper
    first: int
    last: int

    @property
    def pages(self) -> int:
        return self.last - self.first + 1

    @property
    def span(self) -> str:
        return str(self.first) if self.first == self.last else f"{self.first}-{self.last}"

    @property
    def spoken(self) -> str:
        """第5页, 第5页至第9页."""
        return f"第{self.first}页" + ("" if self.first == self.last else f"至第{self.last}页")


@dataclass(frozen=True)
class Volume:
    name: str
    lines: tuple[Line, ...]
    pages: int


def arrange(papers: Iterable[Paper]) -> tuple[Volume, ...]:
    """Both volumes in statutory order, also when one of them is still empty."""
    everything = list(papers)
    known = {paper.key: paper for paper in everything}

    def order(paper: Paper) -> tuple[int, datetime, str, bool, datetime, str]:
        head = known.get(paper.proves or "", paper)
        return head.place, head.at, head.key, head is not paper, paper.at, paper.key

    return tuple(
        _volume(name, sorted((p for p in everything if known.get(p.proves or "", p).place.volume == name), key=order))
        for name in ("正卷", "副卷")
    )


def _volume(name: str, papers: list[Paper]) -> Volume:
    lines: list[Line] = []
    page = 0
    for n, paper in enumerate(papers, start=1):
        first, page = page + 1, page + (paper.pages or 1)
        lines.append(Line(n, paper, first, page))
    return Volume(name, tuple(lines), page)
