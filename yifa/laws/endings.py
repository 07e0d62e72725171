"""When an expression stops being in force: replaced by a newer text, or repealed by a sentence of another. Pure.

A source that only says "repealed" gives no day. The day is then taken from the repealing sentence (《…》同时废止), from a later
amendment that the library holds, or, when nothing is found, from the last day the source can know of, marked 待核.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from yifa.laws.rules import title_key
from yifa.laws.texts import NodeText, SourceText

_REPEAL = re.compile(r"([^。；]*《[^。；]*》[^。；《》]*)(?:同时|即行|即日起)?废止")
_TITLES = re.compile(r"《((?:[^《》]|《[^《》]*》)+)》")
_SAYS_REPEALED = {"已废止": "废止", "已失效": "失效"}
_SAYS_AMENDED = {"已被修改", "已修改"}


@dataclass(frozen=True)
class Dated:
    """A source text with the dates used and its nodes, ready to be written."""

    slug: str
    source: SourceText
    published_on: date
    effective_on: date
    doubts: tuple[str, ...]
    nodes: tuple[NodeText, ...]
    articles: int
    ended_on: date | None = None
    ended_by: str = ""
    ending: str = ""


def with_endings(texts: Sequence[Dated]) -> list[Dated]:
    """The same texts with their last days. The later text of a work ends the earlier on the day it comes into force."""
    by_work: dict[str, list[Dated]] = {}
    for text in texts:
        by_work.setdefault(text.slug, []).append(text)
    repeals = dict(_repeals(texts))
    known = max((text.published_on for text in texts), default=date.min)
    result = []
    for text in texts:
        family = sorted(by_work[text.slug], key=lambda other: other.source.version)
        later = next((other for other in family if other.source.version > text.source.version), None)
        result.append(_ended(text, later, repeals, by_work, known))
    return result


def _ended(text: Dated, later: Dated | None, repeals: dict[str, Dated], by_work: dict[str, list[Dated]], known: date) -> Dated:
    claim = text.source.claim
    if later is not None:
        # A newer text in force earlier than this one would be absurd; then this one never applied after that day.
        doubts = (f"终止日期取自{later.source.version}文本的施行日期,该日期待核",) if later.doubts else ()
        return _close(text, max(later.effective_on, text.effective_on), "修改", f"由{later.source.version}公布的文本代替", doubts)
    if claim in _SAYS_REPEALED:
        by = repeals.get(text.slug)
        if by is not None and by.published_on >= text.published_on:
            return _close(text, max(by.effective_on, text.effective_on), "废止", f"由《{by.source.title}》废止")
        doubt = f"来源标注{claim}而未载明日期,暂按来源资料截止日{known}计"
        return _close(text, max(known, text.effective_on), _SAYS_REPEALED[claim], f"来源标注{claim}", (doubt,))
    if claim in _SAYS_AMENDED:
        by = _amendment(text, by_work)
        if by is not None:
            ending = f"由《{by.source.title}》修改,修改后的文本未收录"
            return _close(text, max(by.effective_on, text.effective_on), "修改", ending)
        doubt = f"来源标注{claim}而未载明日期,暂按来源资料截止日{known}计"
        return _close(text, max(known, text.effective_on), "修改", f"来源标注{claim}", (doubt,))
    return text


def _close(text: Dated, on: date, by: str, ending: str, doubts: tuple[str, ...] = ()) -> Dated:
    return replace(text, ended_on=on, ended_by=by, ending=ending, doubts=text.doubts + doubts)


def _repeals(texts: Iterable[Dated]) -> Iterable[tuple[str, Dated]]:
    """(title repealed, by which text), from the sentences of each text's articles, oldest first so that the newest wins."""
    for text in sorted(texts, key=lambda text: text.published_on):
        for node in text.nodes:
            if node.kind == "条" and "废止" in node.text:
                for sentence in _REPEAL.findall(node.text):
                    for title in _TITLES.findall(sentence):
                        yield title_key(title), text


def _amendment(text: Dated, by_work: dict[str, list[Dated]]) -> Dated | None:
    """The first amendment of this work that is later than this text: 刑法修正案(十二), 关于修改《…法》的决定."""
    name = re.compile(rf"(?:{re.escape(text.slug)}修正案|关于修改.*《(?:中华人民共和国)?{re.escape(text.slug)}》.*决定)")
    later = [
        other
        for slug, family in by_work.items()
        if name.match(slug) or (name.search(slug) and "关于修改" in slug)
        for other in family
        if other.published_on > text.published_on
    ]
    return min(later, key=lambda other: other.published_on, default=None)
