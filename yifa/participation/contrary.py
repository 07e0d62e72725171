"""What turns a text round though hardly a letter differs: another number, the opposite word, a denial. Pure.

Read from the letters of a text (`alike.normal`):
* numbers with their units, in Arabic or Chinese numerals: 三年 and 3年 are one, 百分之五 and 5%, 2万元 and 20000元. Left aside is what
  tells who writes: the day a letter is signed, house and telephone numbers, how many households or neighbours sign, how old one is, how
  long one has lived there;
* pairs of words that say the opposite (`OPPOSITES`): those by which the drafts of a government and the opinions on them turn;
* what is denied: the word after 不, 没, 未, 别, 勿, 莫, 无需 …, with what stands between (不应当保留 denies 应当 and 保留). A question that
  expects the contrary (难道不) and a denial denied (不得不) deny nothing; a choice (能不能) neither.

`divide` tells, of texts that likeness connects, which do not say the same after all. One number more on one side is no difference (a
sentence was added), another number in its place is.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Protocol

LONGEST = 20  # letters of a number
MANY = 20  # so many different numbers of one unit among texts that are alike are running numbers

# Reasoned from what drafts regulate: when, how much, how long, whether it stays, whether one may, at whose cost, where. Two letters each,
# so that a text's pairs of letters tell which of them it holds.
OPPOSITES: tuple[tuple[str, str], ...] = (
    ("提前 提早", "推迟 延后 延迟 推后"),
    ("增加 增设 增大 增开", "减少 削减 缩减 减小"),
    ("提高 上调 调高 涨价", "降低 下调 调低 降价"),
    ("扩大", "缩小"),
    ("延长", "缩短"),
    ("加快", "放慢 减慢"),
    ("保留", "取消 拆除 撤销 废除"),
    ("安装 装上 加装", "拆除 拆掉"),
    ("允许 准许 放开", "禁止 限制"),
    ("放宽", "收紧 从严"),
    ("公开 公布 公示", "保密"),
    ("免费", "收费"),
    ("开放", "关闭 封闭"),
    ("恢复 继续", "停止 暂停 中止"),
    ("合并", "分开 拆分"),
    ("集中", "分散"),
    ("强制", "自愿"),
    ("优先", "最后"),
    ("太高 过高 太大 太多 过多", "太低 过低 太小 过小 太少 过少"),
    ("太长 过长", "太短 过短"),
    ("太早 过早", "太晚 过晚"),
    ("太轻 过轻", "太重 过重"),
    ("太近 过近", "太远 过远"),
    ("太快 过快", "太慢 过慢"),
    ("以上", "以下"),
    ("上午", "下午"),
    ("左侧 左边 左转", "右侧 右边 右转"),
    ("以南 路南 街南 南侧 南边 南段", "以北 路北 街北 北侧 北边 北段"),
    ("以东 路东 街东 东侧 东边 东段", "以西 路西 街西 西侧 西边 西段"),
)
_SIDES: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
for _one, _other in OPPOSITES:
    for _words in (_one, _other):
        for _word in _words.split():
            _SIDES[_word].append((f"{_one}/{_other}", _words))

_DIGITS = dict(zip("零〇一二两三四五六七八九", (0, 0, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))
_TENS, _MYRIADS = {"十": 10, "百": 100, "千": 1000}, {"万": 10_000, "亿": 100_000_000}
_NUMERAL = "[0-9.零〇一二两三四五六七八九十百千万亿半]+"
_PIECE = re.compile("[0-9]+(?:[.][0-9]+)?[百千万亿]*|[零〇一二两三四五六七八九十百千万亿]+|半")
# By what name a number is counted, and how its unit is written; where two begin alike the longer stands first.
_UNITS = {
    "年": "周年|年度?",
    "岁": "周?岁",
    "月": "个?月",
    "工作日": "个?工作日",
    "日": "日|天|号(?=以?前|起|止)",
    "周": "周|个?星期",
    "小时": "个?小时|个钟头",
    "分钟": "分钟",
    "分贝": "分贝",
    "点": "点|时(?![候间期段常而代限])",
    "元": "元|块钱",
    "角": "[角毛]",
    "%": "%|个百分点",
    "‰": "‰",
    "成": "成(?![立为本了员果年])",
    "倍": "倍",
    "折": "折",
    "度": "摄氏度|度|°c",
    "平方米": "平方?米|m2",
    "立方米": "立方米|方水|m3",
    "厘米": "厘米",
    "公里": "公里|km(?![a-z0-9])",
    "米": "米|m(?![a-z0-9])",
    "吨": "吨",
    "公斤": "公斤",
    "亩": "亩",
    "层": "层",
    "次": "[次遍]",
    "条": "条",
    "款": "款",
    "项": "项",
    "班": "[班趟]",
    "辆": "辆",
    "台": "台",
    "种": "种",
    "处": "处(?![理罚长分])",
    "线": "号线|路公交|路车",
    "人": "[人名](?!居民|业主|住户|群众|村民|职工|家长|老人|牧民|联名|签名|签字|署名|代表|共同|同意|支持)",
    "个": "个(?![人别体])",
}
_NAMES = tuple(_UNITS)
_ANY_UNIT = "|".join(f"(?P<u{n}>{pattern})" for n, pattern in enumerate(_UNITS.values()))
_NUMBER = re.compile(f"({_NUMERAL})(?:([-~:到至])({_NUMERAL}))?")
_AFTER = re.compile(f"分之(?P<parts>{_NUMERAL})|{_ANY_UNIT}")
_DAY = re.compile(f"(?:{_NUMERAL})年(?:{_NUMERAL})月(?:{_NUMERAL})[日号]")
_MEANT = tuple("到至于在为从自是用延")  # a day after one of these is asked for, else it is that of signing
_MINE = ("我", "我于", "我在", "我们", "我们于", "我们在", "本人", "本人于", "本人在")
_LIVED = tuple(
    did + about
    for did in ("住了", "住", "活了", "工作了", "干了", "等了", "经营了", "经营", "开了")
    for about in ("", "将近", "快", "近", "有")
)
_AGED = ("今年", "现年", "我", "我都", "年近", "本人")
_DENIED = re.compile(
    "(?:没有必要|没必要|无需|无须|不必|不用|不得|没有|不|没|未必?|别|勿|莫|拒绝|反对|抵制|杜绝|停止)"
    "(?P<between>(?:应当|应该|建议|希望|需要|可以|能够|允许|同意|愿意|予以|进行|加以|要求|应|能|会|要|可|宜|必|需|再|许|准|让|把|将|被|给|该|想)*)"
)
_BETWEEN = re.compile("应当|应该|建议|希望|需要|可以|能够|允许|同意|愿意|予以|进行|加以|要求|.")
# Denied twice, asked so as to hear the contrary, or left open: no denial.
_TWICE = re.compile(
    "(?:不得|不能|不可|不该|不应|不会|不是|没有|并非|无|未尝|何尝|岂)不(?!同|仅|但)|难道(?:说)?(?:不|没有?)|非(?P<must>.{1,8}?)不可"
    r"|(?P<choice>\w)[不没](?P=choice)|岂不是"
)
AGAINST = re.compile("不(?:同意|赞成|赞同|支持|认可|接受)|反对|抵制|拒绝|何必|何苦|难道(?:说)?(?:还|要|能|可以)(?!不)")


def once(letters: str) -> str:
    """The letters without denials that deny nothing."""
    return _TWICE.sub(lambda found: found["must"] or "", letters) if "不" in letters or "没" in letters else letters


def against(plain: str) -> int:
    """How often a text, as `once` left it, opposes as a whole: 反对, 不同意 …"""
    return len(AGAINST.findall(plain))


def value(numeral: str) -> str:
    """三 and 3 as "3", 二〇二六 as "2026", 2万 and 两万 as "20000", 1.50 as "1.5", 半 as "0.5"; of several in a row the last.

    百 before 分之 is a hundred. What is longer than any number is left as it is written.
    """
    if numeral.isdecimal() and numeral.isascii():
        return numeral.lstrip("0") or "0"
    pieces: list[str] = _PIECE.findall(numeral)
    last = pieces[-1] if pieces else "0"
    if len(last) > LONGEST:
        return last
    if last == "半":
        return "0.5"
    if last[0] in "0123456789":
        plain = last.rstrip("百千万亿")
        found = Decimal(plain)
        for letter in last[len(plain) :]:
            found *= _TENS.get(letter) or _MYRIADS[letter]
        return f"{found.normalize():f}"
    if all(letter in _DIGITS for letter in last):
        return "".join(str(_DIGITS[letter]) for letter in last).lstrip("0") or "0"
    whole, part, digit = 0, 0, 0
    for letter in last:
        if letter in _DIGITS:
            digit = _DIGITS[letter]
        elif letter in _TENS:
            part, digit = part + (digit or 1) * _TENS[letter], 0
        else:
            whole, part, digit = (whole + part + digit or 1) * _MYRIADS[letter], 0, 0
    return str(whole + part + digit)


def stated(letters: str, pairs: frozenset[str]) -> dict[str, frozenset[str]]:
    """What a text states that another could state otherwise: by unit the numbers, by pair of opposites the sides that occur."""
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for word in pairs & _SIDES.keys():
        for slot, side in _SIDES[word]:
            found[slot][side] += letters.count(word)
    until = 0
    for number in _NUMBER.finditer(letters):
        first, sign, second = number.groups()
        if number.start() < until:
            continue
        if sign == ":":
            found["点"][value(first) + (f":{second}" if second != "00" else "")] += 1
        elif after := _AFTER.match(letters, number.end()):
            until = after.end()
            if after["parts"]:
                of, parts = value(first), value(after["parts"])
                found["%" if of == "100" else "分之"][parts if of == "100" else f"{parts}/{of}"] += 1
                continue
            unit = _NAMES[int(str(after.lastgroup)[1:])]
            if unit == "年" and (day := _DAY.match(letters, number.start())) and _signs(letters, day):
                until = day.end()
            elif not letters.endswith({"年": _LIVED, "岁": _AGED}.get(unit, ()), 0, number.start()):
                found[unit][f"{value(first)}-{value(second)}" if second else value(first)] += 1
    return {slot: frozenset(_each(values)) for slot, values in found.items()}


def _each(values: Mapping[str, int]) -> Iterator[str]:
    """The first time a value is stated it is itself, then another: 减少 … 减少 says more than 减少."""
    for told, times in values.items():
        yield told
        for turn in range(2, times + 1):
            yield f"{told}×{turn}"


def _signs(letters: str, day: re.Match[str]) -> bool:
    """Is this the day on which somebody wrote or read, and not one that he asks for?"""
    if letters.endswith(_MINE, 0, day.start()):
        return True
    return day.end() == len(letters) and not letters.endswith(_MEANT, 0, day.start())


def denied(plain: str) -> frozenset[str]:
    """The pairs of letters that a denial stands before, in a text as `once` left it: of 不应当保留 应当 and 保留."""
    found: set[str] = set()
    for match in _DENIED.finditer(plain):
        starts = [match.start("between"), *(match.start("between") + each.end() for each in _BETWEEN.finditer(match["between"]))]
        found.update(plain[start : start + 2] for start in starts)
    return frozenset(pair for pair in found if len(pair) == 2)


class Stating(Protocol):
    """A text as far as `divide` looks at it."""

    pairs: frozenset[str]
    stated: dict[str, frozenset[str]]
    denied: frozenset[str]
    times: int


def divide(texts: Sequence[Stating]) -> list[list[int]]:
    """The places of the texts that say the same; who leaves open what others contest stands for himself. The order makes no difference.

    A text goes by the least that is stated of a slot: 三年 and 三年 with 二十年 elsewhere are one, 三年 and 五年 are two.
    """
    keys: list[list[tuple[str, ...]]] = [[] for _ in texts]
    _by_statement(texts, keys)
    _by_denial(texts, keys)
    found: defaultdict[tuple[tuple[str, ...], ...], list[int]] = defaultdict(list)
    for place, key in enumerate(keys):
        found[tuple(key)].append(place)
    return list(found.values())


def _by_statement(texts: Sequence[Stating], keys: Sequence[list[tuple[str, ...]]]) -> None:
    """Adds what each text states of every slot that is contested."""
    slots: defaultdict[str, dict[int, frozenset[str]]] = defaultdict(dict)
    for place, text in enumerate(texts):
        for slot, values in text.stated.items():
            slots[slot][place] = values
    for slot, told in sorted(slots.items()):
        times = Counter[frozenset[str]]()
        for place, values in told.items():
            times[values] += texts[place].times
        least = _least(times)
        for place, values in told.items() if sum(map(len, least.values())) > 1 else ():
            if held := sorted("、".join(sorted(small)) for each in values for small in least.get(each, ()) if small <= values):
                keys[place].append((slot, *held))


def _by_denial(texts: Sequence[Stating], keys: Sequence[list[tuple[str, ...]]]) -> None:
    """Adds of what one denies and another says who denies it and who does not."""
    anywhere = frozenset[str]().union(*(text.denied for text in texts))
    sides = [{pair: pair in text.denied for pair in (text.pairs & anywhere) | text.denied} for text in texts] if anywhere else []
    contested = {pair for each in sides for pair, no in each.items() if not no}
    for key, each in zip(keys, sides, strict=False):
        key.extend(sorted((pair, "no" if each[pair] else "yes") for pair in contested & each.keys()))


def _least(times: Mapping[frozenset[str], int]) -> dict[str, list[frozenset[str]]]:
    """What is stated, so many times, and contains nothing else that is; of running numbers only what is stated twice.

    Each under its rarest value, so that texts that all share one do not meet all in one place.
    """
    often = Counter(each for values in times for each in values)
    found: defaultdict[str, list[frozenset[str]]] = defaultdict(list)
    for values in sorted(times, key=lambda each: (len(each), sorted(each))):
        if not any(small <= values for each in values for small in found[each]):
            found[min(values, key=lambda each: (often[each], each))].append(values)
    if sum(map(len, found.values())) <= MANY:
        return found
    return {value: [each for each in least if times[each] > 1] for value, least in found.items()}
