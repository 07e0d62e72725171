"""Citations in running text: 《行政处罚法》第三十三条第一款、第二款第（一）、（三）项和第五十七条 -> four `Cited` values. Pure.

The grammar is that of statutes (立法法 65: 条、款、项、目; 条之N). Lists are expanded and repeat the higher levels of what stands before;
a range stays one value with `_to`. 本法 means the document, 该法 the last title, 前款 what stands before the place in the document.
A number without a name belongs to the law named before it in the sentence, else to the document. A 《title》 without a number is a
citation of the whole work; a heading at the head of a line (第五条 …) is the text's own, no citation. What cannot be told is None, and a
citation with nothing to tell (前款 in a text whose place is unknown) is left out.

The text is read once from left to right; every look back or ahead is bounded, so the time grows with the length alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from yifa.kernel.citing import to_chinese
from yifa.laws.locators import (
    AS_SAID,
    FOLD,
    NONE,
    TIAO,
    UNITS,
    Found,
    Levels,
    Locators,
    N,
    down_to,
    few,
    lowest,
    only,
    read_number,
    with_level,
)
from yifa.laws.names import BACK, OWN, STATE, Names, common, looks_like_law

WINDOW = 60
LONGEST_TITLE = 200


@dataclass(frozen=True, slots=True)
class Cited:
    """One citation. `law` is the title as written, without 《》 and version note; `hint` is the note (2021年修订)."""

    law: str | None
    article: int | None = None
    zhi: int | None = None
    paragraph: int | None = None
    item: int | None = None
    subitem: int | None = None
    article_to: int | None = None
    zhi_to: int | None = None
    paragraph_to: int | None = None
    item_to: int | None = None
    hint: str = ""
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Place:
    """Where a text stands in its document, for 前款 and 本条. With `paragraph` the whole text is that 款, else its 款 are counted.

    `before` is the article before this one (number, 之N), where it is not simply the number less one.
    """

    article: int | None = None
    zhi: int | None = None
    paragraph: int | None = None
    item: int | None = None
    before: tuple[int, int | None] | None = None


_BEFORE_HERE = re.compile(r"[前上]([两二三四五六七八九]?|[0-9]?)([条款项])(?![件例约目式待项款])")
_ANCHOR = re.compile(
    rf"《|第(?= ?[(0-9零〇一二三四五六七八九十百千两㈠-㈩⑴-⒇①-⑳])|(?<![以目之提先年月日此生当会赛从])[前上][两二三四五六七八九0-9]?[条款项]"
    rf"|\( ?{N} ?\)(?=项(?!目)| ?[、和及与至到或,]者? ?第? ?\()|(?<=[法典例定则释]){N}条"
)
_PAREN = re.compile(r" ?\(((?:[^()\n]|\([^()\n]{0,60}\)){0,120})\)")
_NOTE = re.compile(r"(?:19|20)[0-9]{2}|修正|修订|修改|版|试行稿")
_AMENDED = re.compile(r"修正|修订|修改|版")
_PIECE, _ALL = re.compile(r"[^,;、]+"), re.compile(r".*", re.DOTALL)
_NOT_NOTE = re.compile(r"号|简称|下称|统称|《")
_DEFINES = re.compile(r"(?:简称|下称|统称)为?[《“\"‘「]?([^《》“”\"’」,、;；()]{2,30})")
_PART = re.compile(r" ?(?:第[0-9零〇一二三四五六七八九十]{1,3}分?编)?(?:[一-鿿]{2,8}?编|总则|分则|附则)?(?:的|中的?|之|规定的?)? ?")
_OF_PLACE = re.compile(r"(本|该|同)([条款项])款?的?$")
# A line broken in the middle of a sentence does not end it.
_SENTENCE = re.compile(r"[。！？]|(?<![一-鿿、,《》])\n|\n[ \t]*\n")
_OTHER_MARKS = re.compile(
    r"[〈<「『“]{1,2}(?P<law>[一-鿿]{1,40}(?:法|法典|条例|规定|办法|细则|规则|解释)(?:\([^()]{1,12}\))?)[〉>」』”]{1,2}$"
)
# Laws of their own that no list of titles holds in this form: 刑法修正案（十一）第三条.
_AMENDMENT = re.compile(r"(?:中华人民共和国)?(?:刑法|宪法)修正案(?:\([一二三四五六七八九十]{1,3}\))?$")
_BEHIND = re.compile(r"\((?P<note>[^()]{2,30})\)$")
_OWN_LAW = re.compile(r"本(?:法|法典|条例|规定|办法|细则|规则|解释|章程|[一-鿿]{2}(?:条例|办法|规定|细则|规则))")
_HEADING = re.compile(rf"第 ?(?P<n>{N}) ?条(?: ?之(?P<zhi>{N}))?[*_]*(?P<blank>[ \t]+(?!第|的)|[::]|\n)?")
_SPOKEN_ON = re.compile(r"[、,;。和至到及与或第规的所中(之]|$")
_ITEM = re.compile(rf"[\s*“\"]*(?:\( ?({N}) ?\)|([㈠-㈩⑴-⒇]))")
_ENTRY = re.compile(r"[ \t]*(?:条目)?[一二三四五六七八九十]{1,3}[、 ]|[ \t]*[0-9]{1,3}[.、]")
_FOLLOWS = re.compile(r" ?(?:规定|所|中|的|之|情形|行为|以外|[、,;。)]|至|或|和|及|与|$)")
_AMENDS = re.compile(
    r"^(?:.*关于(?:修[改订正]|废止)[^《〈]*[《〈](?P<one>.+)[》〉](?P<more>等?).*(?:决定|通知).*|(?P<act>.*[法典])修正案.*)$"
)
_AMENDING = re.compile(r"(?:修[改订正]|对)$")
_SPLIT_TITLE = re.compile(r"^(?P<title>.*?)\((?P<note>[^()]{1,40})\)$")
_UNSEEN = "\u200b-\u200f\u2060\ufeff"


def parse(text: str, document: str | None = None, *, place: Place | None = None, names: Names | None = None) -> list[Cited]:
    """Every citation in text order. `document` is the title of the text itself, `names` the laws that need no 《》 (default: `common`)."""
    return list(_Reader(text, document, place, names or common()).read())


class _Reader:
    def __init__(self, text: str, document: str | None, place: Place | None, names: Names) -> None:
        self.raw = text
        self.text = text.translate(FOLD)
        self.document = _clean(document) if document else None
        amends = _AMENDS.match(self.document) if self.document else None
        self.is_amendment = amends is not None
        # In an amending decision a bare number, 本法 and 前款 mean the law amended; where it amends several, the one named last for it.
        self.subject = self.document
        if amends:
            several = amends["more"] or "》" in (amends["one"] or "")
            self.subject = None if several else _clean(amends["one"] or amends["act"])
        self.amends_several = amends is not None and self.subject is None
        self.names = names
        self.learned = Names()
        self.hint = ""
        self.closes: dict[int, int] = {}
        self.last_title: str | None = None
        self.law: str | None = None
        self.law_is_set = False
        self.article: tuple[int | None, int | None] = (None, None)
        self.last: tuple[str | None, Levels] = (None, NONE)
        self.seen = 0
        self.locators = Locators(self.text)
        self.tracker = _Tracker(self.text, place, has_entries=self.is_amendment)

    def read(self) -> Iterator[Cited]:
        if "》" in self.text:
            self.closes = _titles(self.text)
        at = 0
        for match in _ANCHOR.finditer(self.text):
            start = match.start()
            if start < at:
                continue
            char = self.text[start]
            if char == "《":
                if start in self.closes:
                    self._sentence(start)
                    cited, at = self._title(start)
                    yield from cited
                continue
            if char == "第" and (heading := self._heading(start)):
                at = heading
                continue
            self._sentence(start)
            if char in "前上":
                cited, end = self._before(start)
            else:
                cited, end = self._bare(start)
            at = max(end, start + 1)
            yield from cited

    def _sentence(self, start: int) -> None:
        """Forget the law of the sentence when another begins, or when the text speaks of itself again."""
        between = self.text[self.seen : start]
        if _SENTENCE.search(between):
            self.law_is_set, self.article = False, (None, None)
        elif self.law_is_set and _OWN_LAW.search(between):
            self.law, self.article = self.subject, (None, None)
        self.seen = max(self.seen, start)

    def _heading(self, start: int) -> int:
        """The end of the heading 第五条 when the line or sentence begins with it, else 0."""
        match = _HEADING.match(self.text, start)
        if match is None:
            return 0
        before = self.text[max(0, start - 12) : start].rstrip(' \t*#_>-“"　')
        opens = not before or before[-1] == "\n"
        if not opens and not (before[-1] == "。" and match["blank"]):
            return 0
        number, zhi = read_number(match["n"]), read_number(match["zhi"]) if match["zhi"] else None
        if not match["blank"]:
            follows = (self.tracker.article or 0) + 1 == number or (self.tracker.article == number and zhi)
            if not follows or _SPOKEN_ON.match(self.text, match.end()):
                return 0
        self.tracker.enter(number, zhi, match.end())
        self.law_is_set, self.article, self.seen = False, (None, None), match.end()
        return match.end()

    def _title(self, start: int) -> tuple[list[Cited], int]:
        close = self.closes[start]
        law, hint = _split(_clean(self.raw[start + 1 : close]))
        law = self._meant(law)
        at = close + 1
        while match := _PAREN.match(self.text, at):
            content = match[1]
            if defined := _DEFINES.search(content):
                self.learned.learn(defined[1].strip(), law)
            if not hint and (note := _note(content)):
                hint = self.raw[match.start(1) + note.start() : match.start(1) + note.end()].strip()
            elif not defined and _ITEM.match(match[0].strip()) and self.text[match.end() : match.end() + 1] == "项":
                break
            at = match.end()
        self._learn(law)
        self._names_law(law)
        if self.amends_several and _AMENDING.search(self.text[max(0, start - 4) : start]):
            self.subject = law
        part = _PART.match(self.text, at)
        for begin in (part.end() if part else at, at):
            found, end = self.locators.chain(begin, NONE, loose=True)
            found = [each for each in found if each.levels != NONE]
            if found:
                found[0].start = start
                return self._emit(found, law, hint), end
        return [Cited(law or None, hint=hint, start=start, end=at)], at

    def _before(self, start: int) -> tuple[list[Cited], int]:
        """前款, 前两款, 前条第一款: counted back from the place."""
        match = _BEFORE_HERE.match(self.text, start)
        if match is None:
            return [], start + 1
        count = few(match[1])
        base, last, is_known = self.tracker.before(start, match[2], count)
        said = AS_SAID.match(self.text, match.end())
        found, end = self.locators.chain(said.end() if said else match.end(), base, under=UNITS[match[2]])
        law = self.subject
        if found:
            found[0].start = start
            self._names_law(law, is_title=False)
            return self._emit(found, law, ""), end
        if not is_known:
            return [], match.end()
        single = Found(base, start, match.end(), last)
        self._names_law(law, is_title=False)
        return self._emit([single], law, ""), match.end()

    def _bare(self, start: int) -> tuple[list[Cited], int]:
        loose = self.text[start] not in "第("
        before = self.text[max(0, start - WINDOW) : start]
        window = before.rstrip(" ")
        blanks = len(before) - len(window)
        self.hint = ""
        owner = self._owner(window, start - blanks)
        if loose and owner is None:
            return [], start + 1
        base = owner[2] if owner else NONE
        found, end = self.locators.chain(start, base, loose=loose, under=-1 if base == NONE else lowest(base))
        if not found:
            return [], start + 1
        if self.text[start] == "(" and self.text[found[-1].end - 1] not in "项款目":
            return [], end
        if owner is None and not self._is_citation(found[0], end):
            return [], end
        if owner is not None:
            law, length, _ = owner
            if not length and found[0].levels[TIAO] is None:
                # 判决第一项, 合同第二款: no law, and no article to tell.
                return [], end
            found[0].start = start - blanks - length if length else start
        else:
            law = self._inherited(found, window)
        self._names_law(law, is_title=False)
        return self._emit(found, law, self.hint), end

    def _owner(self, window: str, at: int) -> tuple[str | None, int, Levels] | None:
        """(law, length of the words that name it, levels they give) of what stands directly before a locator; None for nothing."""
        last = window[-1:]
        if last and last in "〉>」』”)":
            return self._marked(window, at)
        if not last or last not in "法典例定则释程章条款项节编案准知见定决本告复度南排要领求录约书答明同议目中的之":
            return None
        if match := _OF_PLACE.search(window):
            if match[1] == "本":
                return self.subject, len(match[0]), self.tracker.here(at, match[2])
            # 该款 keeps the 条 and the 款 cited last.
            return self.last[0], len(match[0]), down_to(self.last[1], UNITS[match[2]])
        if match := OWN.search(window):
            own = self.document if not self.is_amendment or match["kind"] in {"决定", "修正案"} else self.subject
            return own, len(match[0]), NONE
        if match := BACK.search(window):
            return self.last_title, len(match[0]), NONE
        if last == "案" and (amendment := self._amendment(window, at)):
            return amendment
        stem = re.sub(r"(?:中的|[中的之])$", "", window)
        if name := self.names.before(stem, self.learned):
            law = self._meant(name[1])
            self.last_title = law
            return law, len(window) - len(stem) + len(name[0]), NONE
        if looks_like_law(stem):
            return None, 0, NONE
        return None

    def _amendment(self, window: str, at: int) -> tuple[str | None, int, Levels] | None:
        match = _AMENDMENT.search(window)
        if match is None:
            return None
        self.last_title = self.raw[at - len(match[0]) : at]
        return self.last_title, len(match[0]), NONE

    def _marked(self, window: str, at: int) -> tuple[str | None, int, Levels] | None:
        """A law in other marks than 《》, an amendment with its number, or a bare name with its version note behind it."""
        if amendment := self._amendment(window, at):
            return amendment
        if match := _OTHER_MARKS.search(window):
            self.last_title = match["law"]
            return match["law"], len(match[0]), NONE
        behind = _BEHIND.search(window)
        if behind is None or not _NOTE.search(behind["note"]) or _NOT_NOTE.search(behind["note"]):
            return None
        name = self.names.before(window[: behind.start()], self.learned)
        if name is None:
            return None
        self.hint, self.last_title = behind["note"], self._meant(name[1])
        return self.last_title, len(behind[0]) + len(name[0]), NONE

    def _inherited(self, found: list[Found], window: str) -> str | None:
        """The law of a number without a name, and the article of a 款 without one."""
        if window.endswith("号"):
            return None
        first = found[0].levels
        self.tracker.reach(found[0].start)
        if first[TIAO] is None and self.tracker.article is not None and not (self.law_is_set and self.article[0]):
            law: str | None = self.subject
            above: tuple[int | None, int | None] = (self.tracker.article, self.tracker.zhi)
        else:
            law = self.law if self.law_is_set else self.subject
            above = self.article if self.law_is_set else (None, None)
        for each in found:
            if each.levels[TIAO] is not None:
                break
            each.levels = (*above, *each.levels[2:])
        return law

    def _is_citation(self, first: Found, end: int) -> bool:
        """A 款 or 项 that nothing announces is a citation where it is spoken of as one: 第一项工作 is none."""
        if first.levels[TIAO] is not None or self.document or self.law_is_set or self.tracker.article is not None:
            return True
        return bool(_FOLLOWS.match(self.text, end)) or end >= len(self.text)

    def _names_law(self, law: str | None, *, is_title: bool = True) -> None:
        self.law, self.law_is_set = law, True
        self.article = (None, None)
        if is_title:
            self.last_title = law

    def _meant(self, law: str) -> str:
        """The full title for an abbreviation that this text defines and that is not merely its usual short form."""
        full = self.learned.aliases.get(law, law)
        return law if full.removeprefix(STATE) == law else full

    def _learn(self, law: str) -> None:
        if len(law) > len("民法典") and law not in self.names.titles and looks_like_law(law):
            self.learned.learn(law)

    def _emit(self, found: list[Found], law: str | None, hint: str) -> list[Cited]:
        last = found[-1].to if found[-1].to[TIAO] is not None else found[-1].levels
        self.article = (last[0], last[1])
        self.law_is_set = True
        if self.article[0]:
            self.last = (law, last)
        return [
            Cited(law or None, *each.levels, each.to[0], each.to[1], each.to[2], each.to[3], hint=hint, start=each.start, end=each.end)
            for each in found
        ]


class _Tracker:
    """Where in the document the reader stands: headings, and the 款 and 项 counted since the last one."""

    def __init__(self, text: str, place: Place | None, *, has_entries: bool) -> None:
        self.has_entries = has_entries
        self.text, self.at, self.looked = text, 0, 0
        self.article = place.article if place else None
        self.zhi = place.zhi if place else None
        self.previous = place.before if place else None
        self.item = place.item if place else None
        self.counts = place is None or place.paragraph is None
        self.closed = False
        self.paragraph = (place.paragraph if place and place.paragraph else 1) if self.article else None

    def enter(self, article: int, zhi: int | None, at: int) -> None:
        self.previous = (self.article, self.zhi) if self.article else None
        self.article, self.zhi, self.paragraph, self.item, self.at, self.counts = article, zhi, 1, None, at, True

    def reach(self, to: int) -> None:
        """Count up to there. In an amending decision an entry (二、) ends the article quoted before it."""
        if self.at == 0 and (first := _ITEM.match(self.text)):
            self.item = read_number(first[1] or first[2])
        while (line := self.text.find("\n", max(self.at, self.looked), to)) >= 0:
            closed = self.text[max(self.at, line - 8) : line].rstrip(' \t*”")）')[-1:] in set("。！？")
            self.at = line + 1
            end = self.text.find("\n", self.at)
            if not self.text[self.at : end if end >= 0 else None].strip():
                # A blank line says nothing of its own: what ended before it still counts.
                self.closed = closed or self.closed
                continue
            closed, self.closed = closed or self.closed, False
            if self.has_entries and _ENTRY.match(self.text, self.at):
                self.article = self.zhi = self.paragraph = self.item = None
                continue
            if match := _ITEM.match(self.text, self.at):
                self.item = read_number(match[1] or match[2])
            elif closed:
                self.item = None
                if self.counts and self.paragraph:
                    self.paragraph += 1
        self.looked = max(self.looked, to)

    def here(self, at: int, unit: str) -> Levels:
        """本条, 本款, 本项."""
        self.reach(at)
        levels: Levels = (self.article, self.zhi, None, None, None)
        if unit != "条":
            levels = (self.article, self.zhi, self.paragraph, None, None)
        return (*levels[:3], self.item, None) if unit == "项" else levels

    def before(self, at: int, unit: str, count: int) -> tuple[Levels, Levels, bool]:
        """(first, last of a range, is it known) of the `count` units before the place."""
        self.reach(at)
        if self.article is None:
            return NONE, NONE, False
        if unit == "条":
            if count == 1 and self.previous:
                return (*self.previous, None, None, None), NONE, True
            if count == 1 and self.zhi:
                return (self.article, self.zhi - 1 or None, None, None, None), NONE, True
            first = self.article - count
            to: Levels = (self.article - 1, None, None, None, None) if count > 1 else NONE
            return (first if first > 0 else None, None, None, None, None), to, first > 0
        number = self.paragraph if unit == "款" else self.item
        above: Levels = (self.article, self.zhi, self.paragraph if unit == "项" else None, None, None)
        level = UNITS[unit]
        if not number or number - count < 1:
            return above, NONE, False
        return with_level(above, level, number - count), only(level, number - 1) if count > 1 else NONE, True


def _titles(text: str) -> dict[int, int]:
    """Where each outermost 《 closes. An unmatched mark pairs with nothing; no title is longer than 200 characters or holds a full stop."""
    opened: list[int] = []
    pairs: list[tuple[int, int]] = []
    for match in re.finditer("[《》]", text):
        at = match.start()
        if match[0] == "《":
            opened.append(at)
        elif opened:
            start = opened.pop()
            if 1 < at - start <= LONGEST_TITLE and not re.search(r"。|\n\s*\n", text[start:at]):
                while pairs and pairs[-1][0] > start:
                    pairs.pop()
                pairs.append((start, at))
    return dict(pairs)


def _note(content: str) -> re.Match[str] | None:
    """The version note in the brackets behind a title: all they hold, or the part that says so beside a number or a short name."""
    parts = list(_PIECE.finditer(content))
    notes = [part for part in parts if _NOTE.search(part[0]) and not _NOT_NOTE.search(part[0])]
    if len(notes) == len(parts):
        return _ALL.match(content) if parts else None
    return next((part for part in notes if _AMENDED.search(part[0])), None)


def _clean(title: str) -> str:
    """A title as written, without 《》 and without blanks and line breaks between Chinese characters."""
    title = title.strip()
    if title.startswith("《") and title.endswith("》"):
        title = title[1:-1]
    return re.sub(rf"\[\[|\]\]|[{_UNSEEN}]|\s*\n\s*|(?<=[^\x00-\x7f])\s+|\s+(?=[^\x00-\x7f])", "", title).strip()


def _split(title: str) -> tuple[str, str]:
    """(title, version note) of a title that carries its note inside the marks."""
    folded = title.translate(FOLD)
    match = _SPLIT_TITLE.match(folded)
    if match and _NOTE.search(match["note"]) and not _NOT_NOTE.search(match["note"]):
        return title[: match.end("title")].strip(), title[match.start("note") : match.end("note")].strip()
    return title, ""


def render(cited: Cited) -> str:
    """The citation as statutes print it: 《行政处罚法》（2021年修订）第三十三条第一款第二项至第四项."""
    head = (f"《{cited.law}》" if cited.law else "") + (f"（{cited.hint}）" if cited.hint else "")
    start = _written(cited.article, cited.zhi, cited.paragraph, cited.item, cited.subitem)
    end = _written(cited.article_to, cited.zhi_to, cited.paragraph_to, cited.item_to, None)
    return head + start + (f"至{end}" if end else "")


def _written(article: int | None, zhi: int | None, paragraph: int | None, item: int | None, subitem: int | None) -> str:
    text = f"第{to_chinese(article)}条" if article else ""
    text += f"之{to_chinese(zhi)}" if zhi else ""
    text += f"第{to_chinese(paragraph)}款" if paragraph else ""
    text += f"第{to_chinese(item)}项" if item else ""
    return text + (f"第{subitem}目" if subitem else "")
