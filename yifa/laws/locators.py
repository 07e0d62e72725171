"""Locators in folded text: 第三十三条第一款、第二款第（一）、（三）项 and how lists and ranges of them expand. Pure.

Read by position: nothing here looks further back than it is told to stand, and no list of numbers is read more than once.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from yifa.kernel.citing import from_chinese

MOST_NUMBERS = 50
MOST_WRITTEN_OUT = 20
TIAO, KUAN, XIANG, MU = range(4)
UNITS = {"条": TIAO, "款": KUAN, "项": XIANG, "目": MU}

# (条, 之N, 款, 项, 目)
Levels = tuple[int | None, int | None, int | None, int | None, int | None]
NONE: Levels = (None, None, None, None, None)

N = r"(?:[0-9]{1,4}(?![0-9])|(?:[零〇一二三四五六七八九十百千]|两(?=[百千])){1,10})"
_TOKEN = re.compile(
    rf"(?: (?=第))?(?P<di>第?) ?(?:\( ?(?P<bracket>{N}) ?\)|(?P<mark>[㈠-㈩⑴-⒇①-⑳])|(?P<plain>{N})) ?"
    rf"(?P<unit>条(?!款|例)|款(?!项|式|待)|项(?!目)|目(?![标的录前])|分?编|章|节)?(?:(?<=条) ?之(?P<zhi>{N}))?"
)
_COUNT_UNIT = re.compile(r"[两二三四五六七八九]?(条|款|项|目)(?!目)")
_JOIN = re.compile(r" ?(?:、|和|及|与|或者?|以及|并|暨|,)[ \n]?")
_JOIN_NUMBER = re.compile(r" ?(?:(?P<to>至|到|[-~—－–]+)|、|和|及|与|或者?) ?")
_NOTHING = re.compile(r"(?= ?\()")
_TO = re.compile(r" ?(?:至|到|[-~—－–]+) ?")
# 之二 after 第一百二十条之一、
_ZHI = re.compile(rf" ?(?:(?P<to>至|到|[-~—－–]+)|、|和|及|与|或者?|以及) ?之(?P<zhi>{N})(?![条款项目])")
_FIRST_FEW = re.compile(r"前([两二三四五六七八九十]|[0-9]{1,2})(款|项)(?!目)")
AS_SAID = re.compile(r"(?:规定|所列|所述|中)的?(?=第 ?[(0-9零〇一二三四五六七八九十百])")


# Blanks that are no plain one, and marks that a page does not show.
_BLANKS = (0x09, 0xA0, *range(0x2000, 0x2010), 0x202F, 0x205F, 0x2060, 0xFEFF)


def _folded() -> dict[int, str]:
    """Compatibility characters that are one character after NFKC: full-width digits and brackets, radicals; offsets stay."""
    table = {}
    for first, last in ((0x2E80, 0x2FDF), (0x3000, 0x3001), (0xF900, 0xFAFF), (0xFF01, 0xFFE6)):
        for code in range(first, last):
            plain = unicodedata.normalize("NFKC", chr(code))
            if len(plain) == 1 and plain != chr(code) and plain not in ":;!?.":
                table[code] = plain
    return table | {ord("○"): "〇", ord("Ｏ"): "〇", ord("\r"): "\n"} | dict.fromkeys(_BLANKS, " ")


FOLD = _folded()


def read_number(text: str) -> int:
    return from_chinese(unicodedata.normalize("NFKC", text).strip("()"))


@dataclass(slots=True)
class Found:
    levels: Levels
    start: int
    end: int
    to: Levels = NONE


@dataclass(slots=True)
class Group:
    """Numbers that share a unit: 第一、三项 is [(1, None), (3, None)]; a range is (from, to)."""

    level: int
    numbers: list[tuple[int, int | None, int, int]]
    zhi: int | None
    has_di: bool
    end: int


class Locators:
    """The grammar over one text."""

    def __init__(self, text: str) -> None:
        self.text, self.dead = text, 0

    def chain(self, at: int, base: Levels, *, loose: bool = False, under: int = -1) -> tuple[list[Found], int]:
        """Locators joined by 、和至 …, each inheriting the higher levels of the one before. Levels must lie below `under` at first."""
        found, end = self._locator(at, base, under=under, loose=loose)
        if not found:
            return [], at
        while True:
            if (zhi := self._zhi(found[-1], end)) and zhi[0]:
                found += zhi[0]
                end = zhi[1]
                continue
            if (
                found[-1].to == NONE
                and (to := _TO.match(self.text, end))
                and (last := self._locator(to.end(), found[-1].levels, after=found[-1].levels))[0]
            ):
                (target, *rest), after = last
                if lowest(found[-1].levels) == MU == lowest(target.levels):
                    found += _subitems(found[-1], target)
                elif _is_inserted(found[-1].levels, target.levels):
                    found += _inserted(found[-1], target)
                else:
                    found[-1].to, found[-1].end = _difference(found[-1].levels, target.levels), target.end
                found += rest
                end = after
                continue
            join = _JOIN.match(self.text, end)
            if join is None:
                return found, end
            if "," in join[0] and not self.text.startswith("第", join.end()):
                return found, end
            above = found[-1].to if found[-1].to[TIAO] is not None else found[-1].levels
            more, after = self._locator(join.end(), above, after=found[-1].levels)
            if not more:
                return found, end
            found += more
            end = after

    def _zhi(self, last: Found, at: int) -> tuple[list[Found], int]:
        """What goes on behind 第一百二十条之一 with 、之二 or 至之六."""
        if last.to != NONE or last.levels[1] is None or lowest(last.levels) != TIAO or (match := _ZHI.match(self.text, at)) is None:
            return [], at
        number, zhi = last.levels[0] or 0, read_number(match["zhi"])
        more = Found(with_level(NONE, TIAO, number, zhi), match.end("to") if match["to"] else match.start("zhi") - 1, match.end())
        return _inserted(last, more) if match["to"] else [more], match.end()

    def _locator(
        self, at: int, base: Levels, *, after: Levels | None = None, under: int = -1, loose: bool = False
    ) -> tuple[list[Found], int]:
        """第三十三条第一款第二项: units from high to low. `after` is the locator before it in a list, whose levels it inherits."""
        levels, level, pos = base, under, at
        begun = False
        while group := self._below(pos, level, begun=begun, after=after, loose=loose):
            pos = group.end
            if group.level < TIAO:
                # 第三编第二章 only leads to the article.
                continue
            begun, level = True, group.level
            first, to, _, _ = group.numbers[0]
            if len(group.numbers) == 1 and to is None:
                levels = with_level(levels, level, first, group.zhi)
                continue
            found = [
                Found(with_level(levels, level, n), start, end, only(level, last) if last else NONE)
                for n, last, start, end in group.numbers
            ]
            found[0].start, found[-1].end = at, pos
            return _expand_mu(found), pos
        return ([Found(levels, at, pos)], pos) if begun else ([], at)

    def _below(self, at: int, level: int, *, begun: bool, after: Levels | None, loose: bool) -> Group | None:
        """The next unit of a locator; it must be lower than `level`. 第三款前两项 counts from the first."""
        group = self._group(at)
        if group is None and begun:
            if first_few := _FIRST_FEW.match(self.text, at):
                end = first_few.end()
                group = Group(UNITS[first_few[2]], [(1, few(first_few[1]), at, end)], None, has_di=True, end=end)
            elif said := AS_SAID.match(self.text, at):
                group = self._group(said.end())
        if group is None or not (group.has_di or self._may_omit_di(group, at, begun, level, after, loose)):
            return None
        if group.level < TIAO:
            return None if begun else group
        return group if group.level > level else None

    def _may_omit_di(self, group: Group, pos: int, begun: bool, level: int, after: Levels | None, loose: bool) -> bool:
        """第 may be missing before brackets, in 33条2款 after a name, and in a list that goes on upwards (第六条、七条)."""
        first = group.numbers[0][0]
        bracket = self.text[pos] in "(㈠㈡㈢㈣㈤㈥㈦㈧㈨㈩⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽①②③④⑤⑥⑦⑧⑨⑩"
        if begun:
            return bracket or (group.level > level and (loose or group.level == MU or self.text[pos].isdigit()))
        if after is not None:
            before = lowest(after)
            return group.level == before and (bracket or first > (value_at(after, before) or 0))
        return (bracket and group.level > level) or (loose and group.level == TIAO) or (level >= 0 and bracket)

    def _group(self, at: int) -> Group | None:
        token = _TOKEN.match(self.text, at)
        if token is None or (at < self.dead and token["unit"] is None and token["plain"]):
            return None
        bracketed = token["plain"] is None
        numbers: list[tuple[int, int | None, int, int]] = []
        has_di, pos, is_range = bool(token["di"]), at, False
        while True:
            value = read_number(token["bracket"] or token["mark"] or token["plain"])
            if value < 1:
                return None
            if is_range and numbers:
                first = numbers[-1]
                numbers[-1] = (first[0], value, first[2], token.end())
            else:
                numbers.append((value, None, pos, token.end()))
            unit = token["unit"]
            end = token.end()
            if unit is None and (counted := _COUNT_UNIT.match(self.text, end)) and (len(counted[0]) > 1 or len(numbers) > 1):
                unit, end = counted[1], counted.end()
            if unit is not None:
                level = UNITS.get(unit, -1)
                zhi = read_number(token["zhi"]) if token["zhi"] else None
                return Group(level, numbers, zhi, has_di, end)
            # 第（一）（二）项: brackets need nothing between them.
            join = _JOIN_NUMBER.match(self.text, end) or (_NOTHING.match(self.text, end) if bracketed else None)
            following = _TOKEN.match(self.text, join.end()) if join else None
            if join is None or following is None or (following["plain"] is None) != bracketed or len(numbers) > MOST_NUMBERS:
                if not bracketed:
                    # 第一、第二、… without a unit: no later number of this run can be read either.
                    self.dead = end
                return Group(XIANG, numbers, None, has_di, end) if bracketed else None
            is_range = join.lastgroup == "to"
            pos, token = join.end(), following


def few(text: str) -> int:
    return 1 if not text else 2 if text == "两" else read_number(text)


def with_level(levels: Levels, level: int, number: int, zhi: int | None = None) -> Levels:
    """`levels` with one level set and everything below it cleared."""
    if level == TIAO:
        return (number, zhi, None, None, None)
    if level == KUAN:
        return (levels[0], levels[1], number, None, None)
    if level == XIANG:
        return (*levels[:3], number, None)
    return (*levels[:4], number)


def down_to(levels: Levels, level: int) -> Levels:
    """`levels` with everything below one level cleared."""
    return (levels[0], levels[1], levels[2] if level >= KUAN else None, levels[3] if level >= XIANG else None, None)


def only(level: int, number: int) -> Levels:
    return with_level(NONE, level, number)


def value_at(levels: Levels, level: int) -> int | None:
    return levels[0] if level == TIAO else levels[level + 1]


def lowest(levels: Levels) -> int:
    """The lowest level given; -1 for none."""
    return next((level for level in (MU, XIANG, KUAN, TIAO) if value_at(levels, level) is not None), -1)


def _difference(start: Levels, target: Levels) -> Levels:
    """What the end of a range says beyond its beginning: 第三条第一项至第四项 -> item_to 4."""
    if target[:2] != start[:2]:
        return target
    return (None, None, *target[2:]) if target[2] != start[2] else (None, None, None, *target[3:])


def _subitems(first: Found, target: Found) -> list[Found]:
    """目 have no `_to`: a range of them is written out, as far as any text has needed it."""
    low, high = first.levels[4] or 0, target.levels[4] or 0
    return [Found(with_level(first.levels, MU, n), target.start, target.end) for n in range(low + 1, min(high, low + MOST_WRITTEN_OUT) + 1)]


def _is_inserted(first: Levels, target: Levels) -> bool:
    return first[0] == target[0] and lowest(first) == TIAO == lowest(target) and (target[1] or 0) - (first[1] or 0) <= MOST_WRITTEN_OUT


def _inserted(first: Found, target: Found) -> list[Found]:
    """第一百二十条之一至第一百二十条之六: articles inserted behind one number have no `_to` of their own and are written out."""
    low, high = first.levels[1] or 0, target.levels[1] or 0
    number = first.levels[0] or 0
    return [
        Found(with_level(NONE, TIAO, number, n), target.start, target.end) for n in range(low + 1, min(high, low + MOST_WRITTEN_OUT) + 1)
    ]


def _expand_mu(found: list[Found]) -> list[Found]:
    out: list[Found] = []
    for each in found:
        out.append(each)
        if each.to[4] is not None:
            each_to, each.to = each.to, NONE
            out += _subitems(each, Found(each_to, each.start, each.end))
    return out
