"""Which region a local text belongs to, told from its title or its maker. Pure: the table of names is handed in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

NATION, PROVINCE, LEAGUE, BANNER = "国家", "自治区", "盟市", "旗县"
_ENDINGS = ("特别行政区", "壮族自治区", "回族自治区", "维吾尔自治区", "自治区", "省", "市", "盟", "地区")
_TITLES_OF = {
    "深圳经济特区": "深圳市",
    "珠海经济特区": "珠海市",
    "汕头经济特区": "汕头市",
    "厦门经济特区": "厦门市",
    "浦东新区": "浦东新区",
}


def level_of(region: str) -> str:
    """The facet of a region's code: "" is the nation."""
    if not region:
        return NATION
    return PROVINCE if region[2:6] == "0000" else LEAGUE if region[4:6] == "00" else BANNER


@dataclass
class Places:
    """Names of provinces, cities and counties with their codes; a name that several share is known by what stands before it."""

    names: dict[str, str] = field(default_factory=dict)
    _by_name: dict[str, list[str]] = field(default_factory=dict)
    _longest: int = 0

    @classmethod
    def of(cls, rows: Iterable[tuple[str, str]]) -> Places:
        """From (six-digit code, name)."""
        table = cls()
        for code, name in rows:
            table.names[code] = name
            for form in {name, *(name.removesuffix(ending) for ending in _ENDINGS if level_of(code) != BANNER)}:
                if len(form) > 1 and code not in (known := table._by_name.setdefault(form, [])):
                    known.append(code)
        for name, city in _TITLES_OF.items():
            table._by_name.setdefault(name, list(table._by_name.get(city, [])))
        table._longest = max(map(len, table._by_name), default=0)
        return table

    def find(self, text: str, *, within: str = "") -> str:
        """The code of the innermost region that `text` begins with; "" when there is none or several are meant."""
        code, rest = within, text
        found = ""
        while step := self._step(rest, code, found):
            code, length = step
            found, rest = code, rest[length:]
        return found

    def _step(self, text: str, within: str, found: str) -> tuple[str, int] | None:
        for length in range(min(len(text), self._longest), 1, -1):
            codes = [code for code in self._by_name.get(text[:length], ()) if code != found and _lies_in(code, within)]
            if codes:
                highest = [code for code in codes if level_of(code) == min(map(level_of, codes), key=_ORDER.index)]
                return (highest[0], length) if len(highest) == 1 else None
        return None


_ORDER = (NATION, PROVINCE, LEAGUE, BANNER)
_DIGITS = {PROVINCE: 2, LEAGUE: 4, BANNER: 6}


def _lies_in(code: str, within: str) -> bool:
    return not within or code.startswith(within[: _DIGITS[level_of(within)]])
