"""Legal numbers that differ by region, sector or date, and the choice among them: the tightest match wins.

Pure. A region is a division code; `000000` or nothing is the whole country, `150000` an autonomous region or province, `150200` a 盟市,
`150203` a 旗县. A parameter of a region holds for everything inside it. Among those that hold, the smaller region wins (旗县 over 盟市 over
自治区 over 国家), then the one that names the sector over the one for all sectors, then a later override over what is committed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from yifa.kernel.citing import Article, listed

UNITS = {
    "workday": "个工作日",
    "day": "日",
    "month": "个月",
    "year": "年",
    "yuan": "元",
    "percent": "%",
    "person": "人",
    "flag": "",
}
NATION = "000000"
TERMS = frozenset({"workday", "day", "month", "year"})  # a term may be counted in another of these; other units stay


class UnknownParameterError(LookupError):
    """No parameter holds; str() says which one is missing and for whom."""


class AmbiguousParameterError(ValueError):
    """Two parameters hold equally; str() names both sources."""


@dataclass(frozen=True)
class Parameter:
    """One legal number. `valid_from` and `valid_to` are its first and last day; `note` says what a reader must know (条号待核).

    `rank` is 0 for what is committed, and the number of the act for an override: the later act wins.
    """

    name: str
    value: int
    unit: str
    cites: tuple[Article, ...]
    region: str = NATION
    sector: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    note: str = ""
    source: str = ""
    rank: int = 0

    def __post_init__(self) -> None:
        if self.unit not in UNITS:
            raise ValueError(f"{self.source}:“{self.name}”的单位{self.unit!r}不在{'、'.join(UNITS)}之中")
        if isinstance(self.value, bool) or not isinstance(self.value, int) or self.value < 0:
            raise ValueError(f"{self.source}:“{self.name}”的值应当是不小于零的整数,不能是{self.value!r}")
        if self.unit == "flag" and self.value > 1:
            raise ValueError(f"{self.source}:“{self.name}”是开关,值应当是0或者1")
        if len(self.region) not in (6, 9, 12) or not self.region.isdigit():
            raise ValueError(f"{self.source}:“{self.name}”的区划代码{self.region!r}不是6位、9位或者12位数字")
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise ValueError(f"{self.source}:“{self.name}”的有效期止早于有效期起")

    @property
    def place(self) -> str:
        return significant(self.region)

    @property
    def tightness(self) -> tuple[int, bool, int]:
        return len(self.place), bool(self.sector), self.rank

    def holds(self, *, region: str, sector: str, on: date) -> bool:
        return (
            region.startswith(self.place)
            and self.sector in ("", sector)
            and (self.valid_from is None or self.valid_from <= on)
            and (self.valid_to is None or on <= self.valid_to)
        )

    def meets(self, other: Parameter) -> bool:
        """Whether some case on some day would find both equally tight."""
        if (self.name, self.place, self.sector, self.rank) != (other.name, other.place, other.sector, other.rank):
            return False
        starts_before_end = self.valid_from is None or other.valid_to is None or self.valid_from <= other.valid_to
        ends_after_start = self.valid_to is None or other.valid_from is None or other.valid_from <= self.valid_to
        return starts_before_end and ends_after_start

    def __str__(self) -> str:
        if self.unit == "flag":
            return "是" if self.value else "否"
        return f"{self.value}{UNITS[self.unit]}"

    @property
    def basis(self) -> str:
        return listed(self.cites)


def significant(region: str) -> str:
    """The part of a code that says something: 150000 -> 15, 150200 -> 1502, 000000 -> empty."""
    code = region or NATION
    if len(code) > 6:
        return code
    while code.endswith("00"):
        code = code[:-2]
    return code


class Parameters:
    """All parameters of an installation. Built once and replaced as a whole, so that a reader never sees a half."""

    def __init__(self, parameters: Iterable[Parameter] = ()) -> None:
        self._by_name: dict[str, list[Parameter]] = {}
        for parameter in parameters:
            named = self._by_name.setdefault(parameter.name, [])
            for other in named:
                if parameter.meets(other):
                    raise AmbiguousParameterError(
                        f"参数“{parameter.name}”有两处同样适用:{other.source}({other})和{parameter.source}({parameter}),请修改其中一处"
                    )
            named.append(parameter)

    def find(self, name: str, *, region: str = NATION, sector: str = "", on: date) -> Parameter:
        """The parameter that holds for this place, sector and day. Raises UnknownParameterError."""
        holding = [each for each in self._by_name.get(name, ()) if each.holds(region=region or NATION, sector=sector, on=on)]
        if not holding:
            raise UnknownParameterError(f"没有设定参数“{name}”(区划{region or NATION},领域{sector or '不限'},日期{on})")
        return max(holding, key=lambda each: each.tightness)

    def value(self, name: str, *, region: str = NATION, sector: str = "", on: date) -> int:
        return self.find(name, region=region, sector=sector, on=on).value

    def __iter__(self) -> Iterator[Parameter]:
        for name in sorted(self._by_name):
            yield from sorted(self._by_name[name], key=lambda each: (each.tightness, each.region, each.valid_from or date.min))

    def __contains__(self, name: str) -> bool:
        return name in self._by_name


@dataclass(frozen=True)
class Effect:
    """What a change makes of a number for one place, sector and day; None where nothing holds."""

    place: str
    sector: str
    on: date
    before: Parameter | None
    after: Parameter | None

    @property
    def changes(self) -> bool:
        return (self.before and (self.before.value, self.before.unit)) != (self.after and (self.after.value, self.after.unit))


def effects(
    now: Parameters, then: Parameters, *, name: str, places: Iterable[str], sectors: Iterable[str], days: Iterable[date]
) -> list[Effect]:
    """The number before and after, for every place × sector × day."""
    wanted = [(place, sector, on) for place in places for sector in sectors for on in days]
    return [Effect(*where, _found(now, name, *where), _found(then, name, *where)) for where in wanted]


def _found(table: Parameters, name: str, place: str, sector: str, on: date) -> Parameter | None:
    try:
        return table.find(name, region=place, sector=sector, on=on)
    except UnknownParameterError:
        return None
