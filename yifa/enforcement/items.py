"""执法事由: what may be punished, on which articles, within which limits. Read from `items/*.toml`. Pure.

A case keeps the code of the item it used; an item is changed by closing it (`valid_to`) and adding a new one, never by editing its law.
Limits are whole yuan as the 罚则 article states them; `minimum = 0` means that the article names no minimum.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from yifa.kernel.citing import Article, Law

FOLDER = Path(__file__).parent / "items"
WARNING, FINE = "警告", "罚款"
KINDS = (WARNING, FINE)
# 行政处罚法 51: what an officer may impose on the spot.
ON_THE_SPOT = {True: 200, False: 3000}
# {region6}{dept3}{type2}{item4}{sub2}; the type of a penalty is 02.
_CODE = re.compile(r"[0-9]{6}[0-9]{3}02[0-9]{4}[0-9]{2}")
_WANTED = {"code", "name", "field", "sector", "holders", "valid_from", "breach", "penalty", "quotes", "description", "correction"}
_OPTIONAL = {"citizen", "entity", "valid_to", "correct_first", "fine_after_refusal", "limitation_years", "min_officers"}
_PLACE = {"law", "version", "tiao", "zhi", "kuan", "xiang"}


class BadItemError(ValueError):
    """An item file is wrong; str() names the file, the item and what to write."""


@dataclass(frozen=True)
class Measure:
    """What the 罚则 allows against one kind of party. `joint`: 并处 (both), 可以并处 (the fine may be added), 或者 (one of them)."""

    kinds: frozenset[str]
    minimum: int = 0
    maximum: int = 0
    joint: str = ""

    @property
    def limits(self) -> tuple[Decimal, Decimal]:
        return Decimal(self.minimum), Decimal(self.maximum)

    def fits_on_the_spot(self, *, citizen: bool) -> bool:
        """Can any penalty of this article stay within 行政处罚法 51?"""
        return WARNING in self.kinds or (FINE in self.kinds and self.minimum <= ON_THE_SPOT[citizen])


NOTHING = Measure(frozenset())


@dataclass(frozen=True)
class Item:
    """One 执法事由. `citizen` / `entity` is None when the article does not reach that kind of party.

    `correct_first`: no penalty before an order to correct was disobeyed; `fine_after_refusal`: a warning at once, a fine only then.
    """

    code: str
    name: str
    field: str
    sector: str
    holders: tuple[str, ...]
    breach: tuple[Article, ...]
    penalty: tuple[Article, ...]
    quotes: tuple[str, ...]
    citizen: Measure | None
    entity: Measure | None
    description: str
    correction: str
    valid_from: date
    valid_to: date | None = None
    correct_first: bool = False
    fine_after_refusal: bool = False
    limitation_years: int = 2
    min_officers: int = 2

    @property
    def display_code(self) -> str:
        code = self.code
        return "-".join((code[:6], code[6:9], code[9:11], code[11:15], code[15:]))

    @property
    def kinds(self) -> frozenset[str]:
        """Every kind of penalty the article knows, for whomever."""
        return self._of(citizen=True).kinds | self._of(citizen=False).kinds

    @property
    def articles(self) -> tuple[Article, ...]:
        return self.breach + self.penalty

    def reaches(self, *, citizen: bool) -> bool:
        return (self.citizen if citizen else self.entity) is not None

    def kinds_for(self, *, citizen: bool) -> frozenset[str]:
        return self._of(citizen=citizen).kinds

    def joint_for(self, *, citizen: bool) -> str:
        """How two kinds go together for this kind of party: 并处, 可以并处, 或者; empty when the article knows one kind."""
        return self._of(citizen=citizen).joint

    def limits(self, *, citizen: bool) -> tuple[Decimal, Decimal]:
        """The least and the highest fine in yuan for this kind of party; (0, 0) when the article allows it none."""
        return self._of(citizen=citizen).limits

    def in_force(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)

    def held_by(self, organisation: Mapping[str, Any]) -> bool:
        """Does this body hold the power? By its announced fields (执法领域), or by its department's sector."""
        held = set(organisation.get("fields") or ()) | {organisation.get("sector") or ""}
        return bool(held & {self.field, *self.holders})

    def _of(self, *, citizen: bool) -> Measure:
        return (self.citizen if citizen else self.entity) or NOTHING


def load(folder: Path = FOLDER) -> tuple[Item, ...]:
    """Every item of a folder, by code. Raises BadItemError."""
    found: dict[str, Item] = {}
    for path in sorted(folder.glob("*.toml")):
        try:
            rows = tomllib.loads(path.read_text(encoding="utf-8")).get("item", [])
        except tomllib.TOMLDecodeError as error:
            raise BadItemError(f"{path.name}: {error}") from None
        for number, row in enumerate(rows, start=1):
            item = _item(f"{path.name}, item {number} ({row.get('name', 'no name')})", row)
            if item.code in found:
                raise BadItemError(f"{path.name}, item {number}: code {item.code} is already that of {found[item.code].name}")
            found[item.code] = item
    return tuple(found[code] for code in sorted(found))


@cache
def installed() -> Mapping[str, Item]:
    return {item.code: item for item in load()}


def find(code: str) -> Item | None:
    """The installed item of this code, with or without its hyphens."""
    return installed().get(code.replace("-", ""))


def _item(where: str, row: dict[str, Any]) -> Item:
    if missing := sorted(_WANTED - row.keys()):
        raise BadItemError(f"{where}: missing {', '.join(missing)}")
    if unknown := sorted(row.keys() - _WANTED - _OPTIONAL):
        raise BadItemError(f"{where}: unknown {', '.join(unknown)}")
    if not isinstance(row["code"], str) or not _CODE.fullmatch(row["code"]):
        raise BadItemError(f"{where}: code {row['code']!r} is not 17 digits with type 02 ({{region6}}{{dept3}}02{{item4}}{{sub2}})")
    for key in ("valid_from", "valid_to"):
        if key in row and type(row[key]) is not date:
            raise BadItemError(f"{where}: {key} must be a date, not {row[key]!r}")
    if row.get("limitation_years", 2) not in (2, 5):
        raise BadItemError(f"{where}: limitation_years is 2 or 5 (行政处罚法 36), not {row['limitation_years']!r}")
    if row.get("min_officers", 2) < 1:
        raise BadItemError(f"{where}: min_officers is at least 1")
    citizen, entity = (_measure(where, key, row.get(key)) for key in ("citizen", "entity"))
    if citizen is None and entity is None:
        raise BadItemError(f"{where}: neither [item.citizen] nor [item.entity]")
    if not any(measure and measure.fits_on_the_spot(citizen=kind) for measure, kind in ((citizen, True), (entity, False))):
        raise BadItemError(f"{where}: no penalty of this article can stay within 行政处罚法 51")
    return Item(
        code=row["code"],
        name=row["name"],
        field=row["field"],
        sector=row["sector"],
        holders=tuple(row["holders"]),
        breach=tuple(_article(where, place) for place in row["breach"]),
        penalty=tuple(_article(where, place) for place in row["penalty"]),
        quotes=tuple(row["quotes"]),
        citizen=citizen,
        entity=entity,
        description=row["description"],
        correction=row["correction"],
        valid_from=row["valid_from"],
        valid_to=row.get("valid_to"),
        correct_first=row.get("correct_first", False),
        fine_after_refusal=row.get("fine_after_refusal", False),
        limitation_years=row.get("limitation_years", 2),
        min_officers=row.get("min_officers", 2),
    )


def _measure(where: str, key: str, row: dict[str, Any] | None) -> Measure | None:
    if row is None:
        return None
    if unknown := sorted(row.keys() - {"kinds", "minimum", "maximum", "joint"}):
        raise BadItemError(f"{where}: {key} has unknown {', '.join(unknown)}")
    kinds = frozenset(row.get("kinds", ()))
    if not kinds or not kinds <= set(KINDS):
        raise BadItemError(f"{where}: {key}.kinds must be some of {'、'.join(KINDS)}")
    minimum, maximum = row.get("minimum", 0), row.get("maximum", 0)
    if type(minimum) is not int or type(maximum) is not int or not 0 <= minimum <= maximum:
        raise BadItemError(f"{where}: {key} wants whole yuan with 0 <= minimum <= maximum, not {minimum!r} and {maximum!r}")
    if (FINE in kinds) != (maximum > 0):
        raise BadItemError(f"{where}: {key} has 罚款 if and only if it has a maximum")
    joint = row.get("joint", "")
    if (len(kinds) > 1) != (joint in {"并处", "可以并处", "或者"}):
        raise BadItemError(f"{where}: {key}.joint says how two kinds go together: 并处, 可以并处 or 或者")
    return Measure(kinds, minimum, maximum, joint)


def _article(where: str, place: dict[str, Any]) -> Article:
    if unknown := sorted(place.keys() - _PLACE):
        raise BadItemError(f"{where}: an article has unknown {', '.join(unknown)}")
    if not {"law", "version", "tiao"} <= place.keys():
        raise BadItemError(f"{where}: an article names law, version and tiao")
    law = Law(place["law"], place["version"])
    return Article(law, place["tiao"], place.get("zhi"), place.get("kuan"), place.get("xiang"))
