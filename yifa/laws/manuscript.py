"""A text as lines: title, head (题注), headings, articles. Pure; the sources that bring plain text or Markdown all read through here.

What is doubtful is reported and kept: an article glued to the one before is taken apart, a table of contents is left out, a text without
articles becomes its entries (一、二、) or one piece.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from yifa.kernel.citing import from_chinese, to_chinese
from yifa.laws.notes import DATE, NUMBER
from yifa.laws.texts import ANNEX, PREFACE, WHOLE, SourceArticle

_N = "[零〇一二两三四五六七八九十百千]+"
_ARTICLE = re.compile(rf"第({_N})条(?:之({_N}))?(?P<gap>[\s\u3000：:]+|(?=[^\s]))(?P<text>.*)$", re.DOTALL)
_ONLY_LABEL = re.compile(rf"第({_N})条(?:之({_N}))?$")
_NOT_A_START = tuple("第规所的和及、，。；中之至或款项关前）》]】以与等一二三")
_GLUED = re.compile(rf"(?<=[。；！？”])\s*(?=第({_N})条[\s\u3000])")
_HEADING = re.compile(rf"第({_N})(编|分编|章|节)(?:之{_N})?(?:[\s\u3000]+|(?=[^\s第]))([^。；]{{0,60}})$")
_MARKED = re.compile(r"#{1,6}\s*(.*)$")
_NUMBERED = re.compile(r"([一二三四五六七八九十百]+)、")
_ENTRY = re.compile(r"([一二三四五六七八九十百]+)、\s*(.*)$")
_ANNEX = re.compile(
    r"附(?:件|表|录|则表|图)?[\s\u3000]*[一二三四五六七八九十0-9]*[\s\u3000]*[:：]?$|附(?:件|表)?[一二三四五六七八九十0-9]*[:：]"
)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_END_OF_HEAD = "<!-- INFO END -->"
_SIGNED = re.compile(r"[\u4e00-\u9fff、]{2,40}(?:政府|委员会|公署|厅|局|部|署|办公室|院|大会|中心|处|队|站|所|公司)$")
_TOC = re.compile(r"目[\s\u3000]*[录次]$")
_NOTE_WORDS = re.compile(r"通过|公布|发布|印发|施行|实施|生效|修订|修正|批准|令|号")
_BLANK = " \t\u3000\u00a0"
MARK = "\ue000"  # stands for the end of the head while lines are read; from the private area, so no text holds it


@dataclass
class Manuscript:
    """`head` are the lines of the 题注 and of the number; `tail` what was signed and dated below the last article."""

    title: str = ""
    head: list[str] = field(default_factory=list)
    articles: list[SourceArticle] = field(default_factory=list)
    tail: list[str] = field(default_factory=list)
    defects: list[str] = field(default_factory=list)


def lines_of(text: str) -> list[str]:
    """The lines that say something, without the marks of Markdown and HTML comments. The mark after the head is kept."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace(_END_OF_HEAD, f"\n{MARK}\n")
    text = _COMMENT.sub("", text).replace("**", "")
    return [line for raw in text.split("\n") if (line := raw.strip(_BLANK))]


def front_matter(text: str) -> tuple[dict[str, str], str]:
    """The plain `key: value` pairs between two lines of --- at the beginning, and the text after them."""
    match = re.match(r"\ufeff?---[ \t]*\r?\n(.*?)\r?\n---[ \t]*(?:\r?\n|$)", text, re.DOTALL)
    if match is None:
        return {}, text
    pairs = (line.partition(":") for line in match[1].splitlines() if line[:1] not in " -#\t")
    return {key.strip(): value.strip().strip("\"'") for key, _, value in pairs if key.strip()}, text[match.end() :]


def read(lines: Iterable[str], *, title: str = "") -> Manuscript:
    """The parts of one text; `title` when the source knows it, else the first line says it."""
    rest = list(lines)
    found = Manuscript(title=title)
    _take_title(found, rest)
    _take_head(found, rest)
    body = _Body(found)
    if not any(_starts_article(line, (0, 0)) or _GLUED.search(line) for line in rest):
        body.without_articles(rest)
    else:
        body.with_articles(rest)
    return found


def _take_title(found: Manuscript, rest: list[str]) -> None:
    """One or more marked lines at the very beginning (# A, # B), or the first plain line."""
    marked: list[str] = []
    while rest and rest[0].startswith("# ") and not _HEADING.match(rest[0][2:].strip()):
        marked.append(rest.pop(0)[2:].strip())
    if not found.title and marked:
        found.title = marked[0] if len(marked) == 1 else " ".join(marked)
    elif not found.title and rest and rest[0] != MARK:
        found.title = rest.pop(0).lstrip("# ").strip()
    elif found.title and not marked and rest and _same(rest[0], found.title):
        rest.pop(0)


def _same(one: str, other: str) -> bool:
    return re.sub(r"[\s\u3000#*]", "", one) == re.sub(r"[\s\u3000#*]", "", other)


def _take_head(found: Manuscript, rest: list[str]) -> None:
    """All before the mark, or else the lines that are dated, bracketed or numbered before the text begins."""
    if MARK in rest:
        end = rest.index(MARK)
        found.head = [line.strip("*# ") for line in rest[:end]]
        del rest[: end + 1]
        return
    if len(rest) > 1 and len(rest[0]) <= 40 and rest[0][-1] not in "。：；" and rest[1].startswith("（") and DATE.search(rest[1][:20]):
        found.head.append(rest.pop(0))  # the title once more, in short
    depth = 0
    while rest:
        line = rest[0].strip("*")
        if depth <= 0 and (_MARKED.match(rest[0]) or _HEADING.match(line) or _starts_article(line, (0, 0)) or _TOC.match(line)):
            break
        opens = line.startswith(("（", "("))
        is_short = len(line) <= 300 or line.startswith("根据")  # the note of 《刑法》 names fourteen decisions in one line
        is_note = (is_short and DATE.search(line) and _NOTE_WORDS.search(line)) or (len(line) <= 40 and NUMBER.search(line))
        is_date = DATE.fullmatch(line.strip("（()） 公布")) is not None
        if not (depth > 0 or is_date or is_note or (opens and (DATE.search(line) or not found.head))):
            break
        depth += line.count("（") + line.count("(") - line.count("）") - line.count(")")
        if len(found.head) > 60:  # a bracket that never closes swallows no text
            break
        found.head.append(line)
        rest.pop(0)


def _starts_article(line: str, before: tuple[int, int]) -> bool:
    """Does an article begin here? Without a blank after its number only where that number is due and no locator goes on."""
    if _ONLY_LABEL.match(line):
        return True
    match = _ARTICLE.match(line)
    if match is None:
        return False
    if match["gap"]:
        return True
    number = (from_chinese(match[1]), from_chinese(match[2]) if match[2] else 0)
    due = {(before[0] + 1, 0), (before[0], before[1] + 1)}
    return number in due and not match["text"].startswith(_NOT_A_START)


class _Body:
    """Collects articles under their headings."""

    def __init__(self, found: Manuscript) -> None:
        self.found = found
        self.bian = self.fenbian = self.zhang = self.jie = ""
        self.label = ""
        self.lines: list[str] = []
        self.before = (0, 0)

    def _close(self) -> None:
        if self.label or self.lines:
            parts = "\n".join(part for part in (self.bian, self.fenbian) if part)
            label = self.label or PREFACE
            self.found.articles.append(SourceArticle(label, "\n".join(self.lines), self.zhang, self.jie, parts))
        self.label, self.lines = "", []

    def _heading(self, text: str) -> None:
        self._close()
        match = _HEADING.match(text)
        unit = match[2] if match else "章"
        text = re.sub(r"[\s\u3000]+", " ", text)
        if unit == "编":
            self.bian, self.fenbian, self.zhang, self.jie = text, "", "", ""
        elif unit == "分编":
            self.fenbian, self.zhang, self.jie = text, "", ""
        elif unit == "章":
            self.zhang, self.jie = text, ""
        else:
            self.jie = text

    def with_articles(self, rest: list[str]) -> None:
        for line in self._pieces(_without_contents(self._without_tail(rest))):
            if marked := _MARKED.match(line):
                self._line(marked[1].strip(), is_heading=True)
            else:
                self._line(line, is_heading=_HEADING.match(line) is not None and not line.endswith(("：", "；")))
        self._close()

    def _line(self, line: str, *, is_heading: bool) -> None:
        if self.label and is_heading and line.startswith(("附件", "附录", "附表")):
            self._close()
            self.bian = self.fenbian = self.zhang = self.jie = ""
            self.label, self.lines = ANNEX, [line]
        elif is_heading and line and not _ARTICLE.match(line) and self.label != ANNEX:
            self._heading(line)
        elif _starts_article(line, self.before) and (match := _ONLY_LABEL.match(line) or _ARTICLE.match(line)):
            self._close()
            self.before = (from_chinese(match[1]), from_chinese(match[2]) if match[2] else 0)
            self.label = f"第{match[1]}条" + (f"之{match[2]}" if match[2] else "")
            text = match.groupdict().get("text", "")
            self.lines = [text.strip(_BLANK)] if text else []
        elif self.label and self.label != ANNEX and _ANNEX.match(line):
            self._close()
            self.bian = self.fenbian = self.zhang = self.jie = ""
            self.label, self.lines = ANNEX, [line]
        elif line:
            self.lines.append(line)

    def _pieces(self, lines: Iterable[str]) -> Iterator[str]:
        """Lines, an article that stands behind the end of another in the same line on its own."""
        last = 0
        for line in lines:
            if match := _ARTICLE.match(line):
                last = from_chinese(match[1])
            start = 0
            for glued in _GLUED.finditer(line):
                number = from_chinese(glued[1])
                if number == last + 1:
                    yield line[start : glued.start()].strip()
                    start, last = glued.end(), number
                    self.found.defects.append(f"连在上一条之后,已分开:第{to_chinese(number)}条")
            yield line[start:].strip()

    def without_articles(self, rest: list[str]) -> None:
        """Entries 一、二、 when they count up from one, else the whole text in one piece."""
        lines = [line.lstrip("# ") for line in self._without_tail(rest) if not _TOC.match(line)]
        numbers = [from_chinese(match[1]) for line in lines if (match := _NUMBERED.match(line))]
        if len(numbers) > 1 and numbers == list(range(1, len(numbers) + 1)):
            self.found.defects.append(f"没有条文,按条目收录:全文{len(numbers)}个条目")
            for line in lines:
                if match := _ENTRY.match(line):
                    self._close()
                    self.label, self.lines = f"条目{match[1]}", [match[2]]
                else:
                    self.lines.append(line)
            self._close()
            return
        if lines:
            self.found.defects.append("没有条文,作为一个整体收录:全文")
            self.label, self.lines = WHOLE, lines
            self._close()

    def _without_tail(self, rest: list[str]) -> list[str]:
        """Take off a signature with its date (机关名称, 2024年3月5日) below the text."""
        lines = list(rest)
        for n in range(len(lines) - 1, max(len(lines) - 8, 0), -1):
            if DATE.fullmatch(lines[n].strip("（()） ")) and len(lines) - n <= 4:
                first = n
                while first > 0 and n - first < 4 and _SIGNED.match(re.sub(r"[\s\u3000]", "", lines[first - 1])):
                    first -= 1
                after = lines[n + 1 :]
                self.found.tail = lines[first : n + 1]
                return lines[:first] + [line for line in after if not line.startswith(("（此件", "抄送", "主办"))]
        return lines


def _without_contents(lines: list[str]) -> list[str]:
    """Without the headings listed under 目录; they stand again where they belong."""
    start = next((n for n, line in enumerate(lines) if _TOC.match(line.lstrip("# "))), None)
    if start is None:
        return lines
    listed: set[str] = set()
    for n in range(start + 1, len(lines)):
        name = re.sub(r"[\s\u3000#]|[.．…·]+[0-9]*$", "", lines[n])
        if name in listed or _ARTICLE.match(lines[n]) or len(name) > 60:
            return lines[:start] + lines[n:]
        listed.add(name)
    return lines[:start] + lines[start + 1 :]
