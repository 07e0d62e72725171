"""Reading a 题注: who made a text, when, and by which decision it was changed since (立法法 65). Pure.

"2000年3月15日第九届全国人民代表大会第三次会议通过 根据2015年3月15日第十二届全国人民代表大会第三次会议《关于修改〈…〉的决定》第一次修正"
becomes two events. What cannot be read is left out; nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from yifa.kernel.citing import from_chinese
from yifa.laws.rules import INVISIBLE

# 公布 and 施行 are no changes of a text; they date the change they belong to.
PUBLISHED, IN_FORCE = "公布", "施行"
MADE, REVISED, AMENDED = "制定", "修订", "修正"
_DIGIT = "[0-9０-９]"
_HAN = "[〇○零一二三四五六七八九十]"
DATE = re.compile(
    rf"(?P<y>{_DIGIT}{{4}}|{_HAN}{{4}})\s*年\s*(?P<m>{_DIGIT}{{1,2}}|{_HAN}{{1,3}})\s*月\s*(?P<d>{_DIGIT}{{1,2}}|{_HAN}{{1,3}})\s*日"
    rf"|(?P<iso>[12][0-9]{{3}}-[01]?[0-9]-[0-3]?[0-9])(?![0-9])"
)
NUMBER = re.compile(
    r"(?:令|公告)\s*[〔\[（(]?(?:[0-9]{4}年?)?[〕\]）)]?\s*第?\s*[0-9一二三四五六七八九十百零〇]+\s*号"
    r"|[\u4e00-\u9fff]{1,12}\s*[〔\[【（(]\s*(?:19|20)[0-9]{2}\s*[〕\]】）)]\s*第?\s*[0-9]+\s*号"
)
_TITLE = re.compile(r"《(?:[^《》]|《[^《》]*》)*》")
# The first that is found in what a date is followed by says what happened; a title does not count.
_KINDS: tuple[tuple[str, str], ...] = (
    ("停止执行", "停止执行"),
    ("停止施行", "停止执行"),
    ("修订", REVISED),
    ("修正", AMENDED),
    ("修改", AMENDED),
    ("废止", "废止"),
    ("失效", "失效"),
    ("撤销", "撤销"),
    ("延期", "延期"),
    ("延长", "延期"),
    ("恢复", "恢复"),
    ("批准", "批准"),
    ("通过", MADE),
    ("公布施行", PUBLISHED),
    ("公布", PUBLISHED),
    ("发布", PUBLISHED),
    ("印发", PUBLISHED),
    ("颁布", PUBLISHED),
    ("施行", IN_FORCE),
    ("实施", IN_FORCE),
    ("生效", IN_FORCE),
    ("令第", PUBLISHED),
    ("令", PUBLISHED),
    ("公告", PUBLISHED),
    ("会议", MADE),
)
_TERM = re.compile(r"第[一二三四五六七八九十百千零〇0-9]+届")
_ORGAN = re.compile(r"(.+?)(?:第[一二三四五六七八九十百千零〇0-9]+次|令|公告|会议|通过|批准|公布|发布|印发|颁布|修订|修正|审议|关于)")
# Clauses that end so are closed by a later one: 通过的《决定》、 / 通过并经…批准的《决定》修正 / …会议、…会议通过.
_OPEN = ("通过的", "批准的", "并经", "和", "、", "通过并", "根据")
_JOINS = ("并经", "和", "、", "通过并")


@dataclass(frozen=True)
class Event:
    """One step in the life of a text. `instrument` is the decision it was done by, "" when the text itself was adopted anew."""

    kind: str
    on: date
    organ: str = ""
    instrument: str = ""
    number: str = ""


@dataclass(frozen=True)
class Note:
    """What a 题注 says. `changed` is the last step that made this text what it is, with the day the text was made public."""

    events: tuple[Event, ...] = ()
    effective_on: date | None = None

    @property
    def changed(self) -> Event | None:
        changes = [event for event in self.events if event.kind in {MADE, REVISED, AMENDED}]
        return max(changes, key=lambda event: event.on, default=None)

    @property
    def published_on(self) -> date | None:
        """The last day named by a step that made or published this text (a law is published on the day it is adopted)."""
        days = [event.on for event in self.events if event.kind in {MADE, REVISED, AMENDED, PUBLISHED, "批准"}]
        return max(days, default=None)

    @property
    def is_amended_in_part(self) -> bool:
        """Was it last changed by a decision on single articles? Then its own clause on coming into force is that of the first text."""
        return self.changed is not None and bool(self.changed.instrument)

    @property
    def number(self) -> str:
        return next((event.number for event in reversed(self.events) if event.number), "")


def read_day(match: re.Match[str]) -> date | None:
    """The day a `DATE` match names; None when there is no such day."""
    try:
        if iso := match["iso"]:
            year, month, day = (int(part) for part in iso.split("-"))
        else:
            year, month, day = (from_chinese(match[part].replace("○", "〇")) for part in ("y", "m", "d"))
        return date(year, month, day)
    except ValueError:
        return None


def days_in(text: str) -> list[date]:
    return [day for match in DATE.finditer(text) if (day := read_day(match))]


def read_note(lines: Sequence[str]) -> Note:
    """The events of a 题注 in the order they are told; a step told twice counts once."""
    events: dict[tuple[str, date], Event] = {}
    effective: date | None = None
    for line in lines:
        for event in _events(INVISIBLE.sub("", line)):
            if event.kind == IN_FORCE:
                effective = max(event.on, effective or event.on)
            else:
                known = events.get((event.kind, event.on))
                events[event.kind, event.on] = event if known is None or len(event.instrument) > len(known.instrument) else known
            if event.kind == PUBLISHED and "公布施行" in line:
                effective = max(event.on, effective or event.on)
    return Note(tuple(sorted(events.values(), key=lambda event: event.on)), effective)


def _events(line: str) -> Iterable[Event]:
    """The events of one line. A clause that stays open (…通过的《…决定》、) takes the kind of the clause that closes it."""
    waiting: list[tuple[date, str]] = []
    for day, clause in _clauses(line):
        plain = _TITLE.sub("", clause).strip("（()） \u3000,，。;；*")
        kind = next((kind for word, kind in _KINDS if word in plain), "" if plain else PUBLISHED)
        # 通过的《决定》修正: the words before the title tell of the decision, not of this text.
        is_of_decision = _TITLE.search(clause) is not None and kind in {MADE, "批准"} and plain.endswith(_OPEN)
        if is_of_decision or (kind == MADE and plain.endswith(_JOINS)):
            waiting.append((day, clause))
        if not kind or waiting[-1:] == [(day, clause)]:
            continue
        yield from _closed(waiting, kind)
        waiting = []
        yield Event(kind, day, _organ(clause), _instrument(clause), _number(clause))
    # A line that ends open tells of an amendment alone: …通过的《中华人民共和国刑法修正案（二）》.
    yield from _closed(waiting, AMENDED)


def _closed(waiting: Iterable[tuple[date, str]], kind: str) -> Iterable[Event]:
    """The clauses left open, now that what they belong to is known: decisions of a change, or readings of one adoption."""
    for day, words in waiting:
        if kind not in {AMENDED, REVISED}:
            yield Event(MADE, day, _organ(words))
        elif _TITLE.search(words):
            yield Event(kind, day, _organ(words), _instrument(words))


def _clauses(line: str) -> Iterable[tuple[date, str]]:
    """(day, the words after it) for each day that stands outside a title."""
    titles = [match.span() for match in _TITLE.finditer(line)]
    found = [match for match in DATE.finditer(line) if not any(start < match.start() < end for start, end in titles)]
    for n, match in enumerate(found):
        end = found[n + 1].start() if n + 1 < len(found) else len(line)
        if (day := read_day(match)) is not None:
            yield day, line[match.end() : end].strip()


def _organ(clause: str) -> str:
    """The body that acted, without its term of office: 第十三届全国人民代表大会常务委员会第十次会议 -> 全国人民代表大会常务委员会."""
    match = _ORGAN.match(_TERM.sub("", _TITLE.sub("", clause)).strip("（()） \u3000由经"))
    return match[1].strip("，,、的 ")[:100] if match else ""


def _instrument(clause: str) -> str:
    match = _TITLE.search(clause)
    return match[0][1:-1][:400] if match else ""


def _number(clause: str) -> str:
    match = NUMBER.search(_TITLE.sub("", clause))
    return re.sub(r"\s", "", match[0])[:100] if match else ""
