"""Names of laws as they are written without 《》: which are known, and where such a name begins before a locator. Pure.

Nothing marks where a bare name begins. So a name counts only when it is known (a committed list, the library's titles, a title or an
abbreviation met earlier in the same text), or when it follows a word that announces one (依照, 违反 …).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
STATE = "中华人民共和国"
LONGEST, SHORT = 40, 3

# 本法第二条, 本暂行条例第二条: what a text calls itself, and its parts.
KINDS = (
    "法|法典|条例|规定|办法|细则|规则|解释|决定|决议|章程|通则|规程|规范|准则|守则|标准|基准|意见|通知|公告|通告|批复|制度|方案|"
    "指南|指引|指导意见|安排|纪要|大纲|导则|要求|目录|修正案|公约|协定|议定书|解答|答复|说明|合同|协议|暂行法"
)
OWN = re.compile(rf"本(?:[一-鿿]{{0,6}}?(?P<kind>{KINDS})|[章节编])(?:中|的|之)?$")
BACK = re.compile(
    rf"(?:(?:该|上述|前述|上列)[一-鿿]{{0,4}}?(?:{KINDS})|(?<![合共不相协等])同(?:法|条例|办法|规定|细则|规则|解释))(?:中|的|之)?$"
)
_LAST = frozenset("法典例定则释程案章")
_REGION = frozenset("省市区州县旗盟")
_ANNOUNCED = re.compile(
    r"(?:依照|按照|参照|根据|依据|违反|适用|符合|执行|遵守|遵照|触犯|构成|[，,、；;：:。（(“\s]|(?<=[法典例定则释条款项》程号])(?:以及|或者|和|及|与)|将|在)"
    r"(?P<name>[一-鿿]{2,40}?(?:法典|法|条例|办法|细则|规定|规则|解释|规程))$"
)
_NO_NAME = re.compile(
    r"[的所]|应当|不得|可以|^(?:本|该|其|此|有关|相关|上述|前述|下列|以上|以下|国家规定|法律|依法|这些|另有)|作出(?:如下)?规定$"
)
# Before a name of two or three characters one of these must stand, else it is the end of a longer word (公安法, 取消法).
_BEFORE = frozenset("照据反用合由和及与或者行为按在将对是从于除依按因以属犯到有至施称《“‘（(，,、；;：:。 \n\t")


class Names:
    """Known names by their last characters. `titles` may end any word; `aliases` need a boundary before them when short."""

    def __init__(self, titles: Iterable[str] = (), aliases: Mapping[str, str] | None = None) -> None:
        self.titles = {title for title in titles if 2 <= len(title) <= LONGEST}
        self.aliases: dict[str, str] = {name: law for name, law in (aliases or {}).items() if 1 < len(name) <= LONGEST}
        self._lengths = sorted({len(name) for name in (*self.titles, *self.aliases)}, reverse=True)

    def __or__(self, other: Names) -> Names:
        return Names(self.titles | other.titles, self.aliases | other.aliases)

    def learn(self, name: str, law: str = "") -> None:
        """A title that this text names, or an abbreviation it defines for `law`."""
        if not 2 <= len(name) <= LONGEST:
            return
        if law and law.removeprefix(STATE) != name:
            self.aliases[name] = law
        elif name not in self.titles:
            self.titles.add(name)
        if len(name) not in self._lengths:
            self._lengths = sorted({*self._lengths, len(name)}, reverse=True)

    def before(self, text: str, learned: Names | None = None) -> tuple[str, str] | None:
        """(name as written, law meant) of the name at the very end of `text`, or None. `law` is the full title of an abbreviation.

        `learned` are the names met in the text itself; the longer of two names counts. What is not known may still be announced.
        """
        if text[-1:] not in _LAST:
            return None
        found = self.known(text)
        own = learned.known(text) if learned else None
        if own and (found is None or len(own[0]) >= len(found[0])):
            found = own
        if found is None:
            longer = announced(text)
            return (longer, longer) if longer else None
        name, law = found
        rest = text[: -len(name)]
        if rest.endswith(STATE):
            return STATE + name, STATE + name if law == name else law
        if rest[-1:] in _REGION and rest and (longer := announced(text)) and longer.endswith(name):
            return longer, longer
        return found

    def known(self, text: str) -> tuple[str, str] | None:
        """The longest known name at the end of `text`, as `before` gives it."""
        for length in self._lengths:
            name = text[-length:]
            if len(name) < length:
                continue
            start = len(text) - length
            if name in self.titles:
                return name, name
            if name in self.aliases and (length > SHORT or start == 0 or text[start - 1] in _BEFORE):
                return name, self.aliases[name]
        return None


def announced(text: str) -> str:
    """The unknown name at the end of `text` after a word that announces one: 违反内蒙古自治区草原管理条例 -> 内蒙古自治区草原管理条例."""
    for found in reversed([match.start() for match in _TRIGGER.finditer(text)]):
        match = _ANNOUNCED.match(text, found)
        if match is None:
            continue
        name = match["name"]
        return "" if _NO_NAME.search(name) else name
    return ""


_TRIGGER = re.compile(_ANNOUNCED.pattern.partition("(?P<name>")[0])


_LIKE = re.compile(
    r"(?:判决书?|裁定书?|决定书|法典?|条例|(?<![》款条项法例])规定|(?<!》)办法|细则|规则|规程|通则|解释|公约|协定|章程|合同|协议|议定书)$"
)


def looks_like_law(text: str) -> bool:
    """Does `text` end like the name of some law or document, whichever it may be? 《甲法》规定 and 前款规定 do not."""
    return _LIKE.search(text[-4:]) is not None


@cache
def common() -> Names:
    """The committed names: `short_titles.txt` and the aliases of `aliases.toml`."""
    lines = (HERE / "short_titles.txt").read_text(encoding="utf-8").splitlines()
    aliases = tomllib.loads((HERE / "aliases.toml").read_text(encoding="utf-8"))
    return Names(
        (line for line in lines if line and not line.startswith("#")),
        {name: name for names in aliases.values() for name in names},
    )
