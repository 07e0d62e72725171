"""What 立法法 says about titles, dates and status. Pure: no database, no clock.

A status is derived from dates at the day asked about and never typed in; a date that cannot be right is marked 待核 and the date
used instead is kept beside the date stated.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from yifa.kernel.citing import to_chinese

INVISIBLE = re.compile("[\x00\u200b-\u200f\u2028\u2029\u2060\ufeff\u00ad]")
_VERSION_NOTE = re.compile(r"\((?:[^()]*(?:修正|修订|修改|版本?|试行稿)[^()]*)\)$")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")


_KEY = re.compile(r"t([0-9]{1,5})(?:_([0-9]{1,3}))?(?:\.k([0-9]{1,3}))?(?:\.x([0-9]{1,3}))?(?:\.m([0-9]{1,3}))?$")


def locator(key: str) -> str:
    """第三十三条第一款第二项 for t33.k1.x2; "" for headings and entries of decisions."""
    match = _KEY.match(key)
    if match is None:
        return ""
    tiao, zhi, kuan, xiang, mu = match.groups()
    text = f"第{to_chinese(int(tiao))}条" + (f"之{to_chinese(int(zhi))}" if zhi else "")
    text += f"第{to_chinese(int(kuan))}款" if kuan else ""
    text += f"第{to_chinese(int(xiang))}项" if xiang else ""
    return text + (f"第{int(mu)}目" if mu else "")


def title_key(title: str) -> str:
    """The form in which titles are compared: 《中华人民共和国行政处罚法（2021年修订）》 -> 行政处罚法."""
    return read_title(title)[0]


def read_title(title: str) -> tuple[str, str]:
    """(comparison form, year named by a version note or ""). Brackets, blanks, the state's name and the note fall away."""
    text = INVISIBLE.sub("", unicodedata.normalize("NFKC", title))
    text = re.sub(r"\s+", "", text)
    if text.startswith("《") and text.endswith("》"):
        text = text[1:-1]
    hint = ""
    if note := _VERSION_NOTE.search(text):
        year = _YEAR.search(note.group())
        hint, text = year.group() if year else "", text[: note.start()]
    short = text.removeprefix("中华人民共和国")
    return short or text, hint


@dataclass(frozen=True)
class Span:
    """The dates of one expression, as `status` needs them. `ended_by` names what ended it: 修改, 废止, 失效 or 撤销."""

    version: str
    published_on: date
    effective_on: date
    ended_on: date | None = None
    ended_by: str = ""

    def is_in_force(self, on: date) -> bool:
        return self.effective_on <= on and (self.ended_on is None or on < self.ended_on)


FORCE, WAITING = "现行有效", "尚未生效"
ENDINGS = {"废止": "已废止", "失效": "已失效", "撤销": "被撤销", "修改": "已修改"}


def expression_status(span: Span, on: date) -> str:
    if on < span.published_on:
        return "未公布"
    if span.ended_on is not None and on >= span.ended_on:
        return ENDINGS.get(span.ended_by, "已废止")
    return FORCE if on >= span.effective_on else WAITING


def work_status(spans: Sequence[Span], on: date) -> str:
    """The status of a work at a day, from the dates of its expressions."""
    published = sorted((span for span in spans if span.published_on <= on), key=lambda span: (span.effective_on, span.version))
    if not published:
        return "未公布"
    if in_force := [span for span in published if span.is_in_force(on)]:
        waiting = any(span.effective_on > on for span in published if span.version > in_force[-1].version)
        return "现行有效(另有已公布未施行版本)" if waiting else "现行有效"
    latest = published[-1]
    return expression_status(latest, on)


def in_force(spans: Sequence[Span], on: date) -> tuple[Span, ...]:
    return tuple(span for span in spans if span.is_in_force(on))


RULES = frozenset({"BMGZ", "DFZFGZ-P", "DFZFGZ-C"})
SOONEST = 30


def remarks(kind: str, title: str, published_on: date, effective_on: date) -> list[str]:
    """What 规章制定程序条例 would ask of a rule's title (7) and of the time before it applies (32). Remarks, no refusals."""
    found = []
    if kind in RULES and re.sub(r"[（(][^（）()]*[）)]$", "", title).endswith("条例"):
        found.append("规章不得称“条例”(规章制定程序条例第七条)")
    if kind in RULES and 0 <= (effective_on - published_on).days < SOONEST:
        found.append(f"规章自公布之日起不足{SOONEST}日施行,应有紧急的理由(规章制定程序条例第三十二条)")
    return found


@dataclass(frozen=True)
class Pause:
    """立法法 16, 79: a text (or the articles `nodes`) is differently or not applied in a region for a time, and stays in force."""

    kind: str
    region: str
    region_name: str
    nodes: tuple[str, ...]
    from_on: date
    until_on: date | None
    instrument: str

    def covers(self, node: str, on: date, region: str = "") -> bool:
        """Does it hold for this node on this day, and for this region (a code, "" for anybody who wants to know)?"""
        begun = self.from_on <= on and (self.until_on is None or on < self.until_on)
        meant = not self.nodes or any(node == each or node.startswith(f"{each}.") or each.startswith(f"{node}.") for each in self.nodes)
        return begun and meant and (not region or not self.region or _within(region, self.region))

    @property
    def status(self) -> str:
        """自2025年4月30日起至2028年4月29日，在中国（新疆）自由贸易试验区暂时调整适用（《…决定》）"""
        until = f"至{long_day(self.until_on - timedelta(days=1))}" if self.until_on else ""
        return f"自{long_day(self.from_on)}起{until}，在{self.region_name or '全国'}{self.kind}（《{self.instrument}》）"


def _within(region: str, larger: str) -> bool:
    return region.startswith(larger[:2] if larger[2:6] == "0000" else larger[:4] if larger[4:6] == "00" else larger)


def long_day(day: date) -> str:
    """2026年11月22日"""
    return f"{day.year}年{day.month}月{day.day}日"
