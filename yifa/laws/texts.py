"""From the articles of a text to its addressable nodes (立法法 65: 编、章、节、条、款、项、目). Pure.

款 carry no number: they are the paragraphs of an article. 项 are numbered （一）, 目 1. A paragraph that begins in the middle of a
sentence continues the one before it. A defect is reported, never raised: the library must take in what exists.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from yifa.kernel.citing import from_chinese, to_chinese
from yifa.laws.rules import INVISIBLE

BIAN, FENBIAN, ZHANG, JIE, TIAO, KUAN, XIANG, MU = "编", "分编", "章", "节", "条", "款", "项", "目"
ENTRY, WHOLE, ANNEX, PREFACE = "条目", "全文", "附件", "序言"
# Raised whenever the nodes made from the same source change, so that a new import rebuilds them.
SPLITTER = 2
MAX_NUMBER, MAX_HEADING = 60, 200

_N = "[零〇一二两三四五六七八九十百千]+"
_ARTICLE = re.compile(rf"第({_N})条(?:之({_N}))?$")
_ENTRY = re.compile(rf"条目({_N})$")
_HEADING = re.compile(rf"第({_N})(编|章|节)(?:之({_N}))?\s*(.*)$")
_PART = re.compile(rf"第({_N})(编|分编)\s+([^。；，]{{1,30}})$")
_HEADING_OF_PART = re.compile(rf"第({_N})(编|分编)\s*(.*)$")
_NUMBERED = re.compile(r"([一二三四五六七八九十百]+)、\s*(.*)$")
_XIANG = re.compile(rf"[（(]({_N})[）)]")
_MU = re.compile(r"([0-9]{1,2})[.．、](?![0-9])")
_ANNEX = re.compile(r"附(?:件|表|录)?[一二三四五六七八九十]?\s*[:：]?$|附(?:件|表|录)?[:：]")
_TABLE = re.compile(r"[|+]|-{5,}|.*\s\|\s")
_SENTENCE_END = "。！？"
_CLOSERS = '”"’）)』」 \u3000'


@dataclass(frozen=True)
class SourceArticle:
    """One article as a source gives it: its label (第五十一条, 第一百二十条之一, 条目三, 全文), headings and text."""

    label: str
    text: str
    zhang: str = ""
    jie: str = ""
    bian: str = ""


@dataclass(frozen=True)
class SourceText:
    """One dated text as a source gives it, before anything is concluded from it.

    `key` is `source:place`, `version` the day of the last change (ISO, "" when unknown), `note` the lines of the 题注, `region` a
    six-digit code or "" for the nation, `scope` the name that tells a local text from another of the same title when its own title does
    not say it; `defects` and `doubts` are what the reader saw (doubts concern dates).
    """

    path: str
    key: str
    title: str
    type: str
    form: str
    makers: tuple[str, ...]
    subjects: tuple[str, ...]
    version: str
    published_on: date | None
    effective_on: date | None
    claim: str
    articles: tuple[SourceArticle, ...]
    sha256: str
    number: str = ""
    adopted_on: date | None = None
    note: str = ""
    region: str = ""
    scope: str = ""
    defects: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True)
class NodeText:
    """One node: `key` is unique in its text, `parent` is another node's key or ""."""

    key: str
    kind: str
    number: str
    heading: str
    text: str
    parent: str
    order: int


@dataclass
class Split:
    nodes: list[NodeText] = field(default_factory=list)
    defects: dict[str, list[str]] = field(default_factory=dict)
    articles: int = 0
    _keys: set[str] = field(default_factory=set)

    def report(self, reason: str, place: str) -> None:
        places = self.defects.setdefault(reason, [])
        if place not in places:
            places.append(place)

    @property
    def irregular(self) -> list[str]:
        """One line a kind of defect, with the places where it occurs."""
        return [f"{reason}:{_listed(places)}" for reason, places in self.defects.items()]

    def add(self, key: str, kind: str, *, number: str = "", heading: str = "", text: str = "", parent: str = "") -> str:
        """Append a node; a key that already exists is reported and made unique, so that no text is lost."""
        if key in self._keys:
            self.report("重复出现", number or key)
            copy = 2
            while f"{key}~{copy}" in self._keys:
                copy += 1
            key = f"{key}~{copy}"
        self._keys.add(key)
        self.nodes.append(NodeText(key, kind, number[:MAX_NUMBER], heading[:MAX_HEADING], text, parent, len(self.nodes)))
        return key


def _listed(places: list[str]) -> str:
    return "、".join(places[:8]) + (f"等{len(places)}处" if len(places) > 8 else "")


def split(articles: Iterable[SourceArticle]) -> Split:
    """All nodes of one text in reading order, with a list of what is irregular in it."""
    result, headings, before = Split(), _Headings(), (0, 0)
    for article in articles:
        parent = headings.enter(result, article)
        text, parts = _without_parts(_visible(result, article))
        result.articles += 1
        if match := _ARTICLE.match(article.label):
            number = (from_chinese(match[1]), from_chinese(match[2]) if match[2] else 0)
            if reason := _gap(before, number):
                result.report(reason, article.label)
            before = max(before, number)
            key = f"t{number[0]}" + (f"_{number[1]}" if number[1] else "")
            key = result.add(key, TIAO, number=article.label, text=text, parent=parent)
            _paragraphs(result, key, article.label, text)
        elif match := _ENTRY.match(article.label):
            # Entries of decisions (一、二、三、) quote whole articles; their paragraphs are no 款 of their own.
            result.add(f"e{from_chinese(match[1])}", ENTRY, number=f"{match[1]}、", text=text, parent=parent)
        elif article.label in {PREFACE, ANNEX}:
            result.articles -= 1
            _apart(result, article.label, text, parent)
        else:
            if article.label != WHOLE:
                result.report("不认识的条号", article.label)
            result.add("text", WHOLE, number=article.label, text=text, parent=parent)
        for part in parts:
            result.report("条文之后连着编的标题,已分开", article.label)
            headings.enter_part(result, part)
    if not result.articles:
        result.report("没有条文", "全文")
    return result


def _visible(result: Split, article: SourceArticle) -> str:
    text = article.text.replace("\r\n", "\n").strip()
    if INVISIBLE.search(text):
        result.report("含有不可见字符,已删去", article.label)
        text = INVISIBLE.sub("", text)
    if not text:
        result.report("没有正文", article.label)
    return text


def _apart(result: Split, label: str, text: str, parent: str) -> None:
    """What is no article: the preamble, words between a heading and its first article, an annex."""
    letter = "p" if label == PREFACE else "f"
    count = sum(node.kind == label for node in result.nodes)
    if letter == "p" and count:
        result.report("条文之外有文字", text[:20])
    result.add(f"{letter}{count if letter == 'p' else count + 1}", label, number=label, text=text, parent=parent)


def _without_parts(text: str) -> tuple[str, list[re.Match[str]]]:
    """Headings of the next 编 that a source glued to the end of an article, taken off again."""
    lines = text.split("\n")
    parts: list[re.Match[str]] = []
    while len(lines) > 1 and (match := _PART.match(lines[-1].strip())):
        parts.insert(0, match)
        lines.pop()
    return "\n".join(lines), parts


def _gap(before: tuple[int, int], number: tuple[int, int]) -> str:
    tiao, zhi = number
    if number == (1, 0) or (before != (0, 0) and number in {(before[0] + 1, 0), (before[0], before[1] + 1)}):
        return ""
    if number <= before:
        return "位置不合顺序"
    if before == (0, 0):
        return "条文不从第一条开始"
    if tiao <= before[0] + 1:
        return f"之前缺“之{to_chinese(max(zhi - 1, 1))}”"
    first, last = f"第{to_chinese(before[0] + 1)}条", f"第{to_chinese(tiao - 1)}条"
    return f"之前缺{first}" + (f"至{last}" if first != last else "")


@dataclass
class _Headings:
    """Turns the headings repeated on each article into nodes. A source that tells the 编 gives one line for it and one for the 分编.

    Where a source drops the 编, chapter numbers start again: each run of chapters then gets its own prefix (`b2.z1`), so that
    keys stay unique; no heading is invented for it.
    """

    bian: int = 1
    told: str = ""
    part: str = ""
    last: int = 0
    zhang: str = ""
    jie: str = ""
    key: str = ""
    section: str = ""

    def enter_part(self, result: Split, match: re.Match[str]) -> None:
        """第二编 物权, 第一分编 通则: what follows belongs to it."""
        number, label = from_chinese(match[1]), f"第{match[1]}{match[2]}"
        if match[2] == BIAN:
            self.bian = number
            self.part = result.add(f"b{number}", BIAN, number=label, heading=match[3])
        else:
            parent = self.part.split(".")[0]
            self.part = result.add(f"{parent or f'b{self.bian}'}.f{number}", FENBIAN, number=label, heading=match[3], parent=parent)
        self.last, self.zhang, self.jie, self.key, self.section = 0, "", "", self.part, ""

    def enter(self, result: Split, article: SourceArticle) -> str:
        if article.bian != self.told:
            before, self.told = self.told.split("\n"), article.bian
            if not article.bian:  # 附则 after the last 编 belongs to none
                self.part, self.last, self.zhang, self.jie, self.key, self.section = "", 0, "", "", "", ""
            for n, line in enumerate(article.bian.split("\n")):
                if (n >= len(before) or before[n] != line or n) and (match := _HEADING_OF_PART.match(line)):
                    self.enter_part(result, match)
        if article.zhang != self.zhang:
            self.zhang, self.jie, self.section, self.key = article.zhang, "", "", self.part
            if article.zhang:
                number, kind, heading = _read_heading(article.zhang)
                if 0 < number <= self.last and not _zhi(article.zhang):
                    self.bian += 1
                    self.part = ""
                self.last = number or self.last
                prefix = f"{self.part}." if self.part else f"b{self.bian}." if self.bian > 1 else ""
                key = f"{prefix}z{number}{_zhi(article.zhang)}" if number else f"{prefix}h{len(result.nodes)}"
                self.key = result.add(key, kind or ZHANG, number=_label(article.zhang), heading=heading, parent=self.part)
        if article.jie != self.jie:
            self.jie, self.section = article.jie, ""
            if article.jie:
                number, _, heading = _read_heading(article.jie)
                key = f"{self.key}.j{number}" if self.key else f"j{number}"
                self.section = result.add(key, JIE, number=_label(article.jie), heading=heading, parent=self.key)
        return self.section or self.key


def _read_heading(text: str) -> tuple[int, str, str]:
    if match := _HEADING.match(text.strip()):
        return from_chinese(match[1]), match[2], match[4].strip()
    if numbered := _NUMBERED.match(text.strip()):
        return from_chinese(numbered[1]), "", numbered[2].strip()
    return 0, "", text.strip()


def _zhi(text: str) -> str:
    match = _HEADING.match(text.strip())
    return f"_{from_chinese(match[3])}" if match and match[3] else ""


def _label(text: str) -> str:
    match, numbered = _HEADING.match(text.strip()), _NUMBERED.match(text.strip())
    return text.strip()[: match.start(4)].strip() if match else f"{numbered[1]}、" if numbered else ""


def _is_closed(line: str) -> bool:
    """Does the sentence end here? Closing quotes and brackets after the full stop count with it."""
    return line.rstrip(_CLOSERS)[-1:] in _SENTENCE_END or line.rstrip()[-1:] in _SENTENCE_END


@dataclass
class _Kuan:
    lines: list[str] = field(default_factory=list)
    xiang: list[tuple[int, str, list[str]]] = field(default_factory=list)


def _paragraphs(result: Split, tiao: str, label: str, text: str) -> None:
    """Add the 款, 项 and 目 of one article, and an annex that a source glued to its end."""
    lines = [line for raw in text.split("\n") if (line := raw.strip(" \u3000\t"))]
    end = next((position for position, line in enumerate(lines) if position and _ANNEX.match(line)), len(lines))
    for n, kuan in enumerate(_kuan_of(result, label, lines[:end]), start=1):
        key = result.add(f"{tiao}.k{n}", KUAN, text="\n".join(kuan.lines), parent=tiao)
        seen = 0
        for number, name, own in kuan.xiang:
            if number != seen + 1:
                result.report("项的编号不连续", f"{label}第{to_chinese(n)}款{name}")
                break
            seen = number
            xiang = result.add(f"{key}.x{number}", XIANG, number=name, text="\n".join(own), parent=key)
            for mu, line in enumerate(_mu_of(own), start=1):
                result.add(f"{xiang}.m{mu}", MU, number=f"{mu}.", text=line, parent=xiang)
    if lines[end:]:
        result.report("条文之后连着附件", label)
        result.add(f"{tiao}.f1", ANNEX, number="附件", text="\n".join(lines[end:]), parent=tiao)


def _kuan_of(result: Split, label: str, lines: list[str]) -> Iterator[_Kuan]:
    kuan = _Kuan()
    for position, line in enumerate(lines):
        match = _XIANG.match(line)
        if not kuan.lines:
            kuan.lines.append(line)
        elif match or not _is_closed(kuan.lines[-1]) or _TABLE.match(line) or _goes_on(kuan, lines[position + 1 :]):
            if match or kuan.lines[-1][-1:] in ",，、;；:：—。！？" or _TABLE.match(line) or _MU.match(line):
                kuan.lines.append(line)
            else:
                result.report("段落在句中断开,已接上", label)
                kuan.lines[-1] += line
        else:
            yield kuan
            kuan = _Kuan([line])
        if match:
            kuan.xiang.append((from_chinese(match[1]), match[0], [line]))
        elif kuan.xiang:
            kuan.xiang[-1][2].append(line)
    if kuan.lines:
        yield kuan


def _goes_on(kuan: _Kuan, rest: list[str]) -> bool:
    """Is the list of 项 taken up again after this paragraph? Then the paragraph belongs to the 项 before it."""
    if not kuan.xiang:
        return False
    following = next((match for line in rest if (match := _XIANG.match(line))), None)
    return following is not None and from_chinese(following[1]) == kuan.xiang[-1][0] + 1


def _mu_of(lines: list[str]) -> Iterator[str]:
    expected = 1
    for line in lines[1:]:
        match = _MU.match(line)
        if match and int(match[1]) == expected:
            expected += 1
            yield line
