"""What the rules on a yearly catalogue may know (重大行政决策事项目录). Pure."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from yifa.procedures.known import Row, unknown

LONGEST = 200  # characters of a title


@dataclass(frozen=True)
class CatalogueFacts:
    """One government's list of one year. `undertaking` are the bodies that the register knows under the names stated."""

    list_year: int = unknown("目录年度")
    matters: tuple[Row, ...] = unknown("目录事项")  # title category undertaker planned_on
    added: tuple[Row, ...] = unknown("增列的事项")
    zero_reason: str = ""
    list_party_number: str = unknown("同级党委同意的文号")
    list_party_on: date = unknown("同级党委同意日期")
    list_number: str = unknown("目录文号")
    list_published_on: date = unknown("目录公布日期")
    added_party_on: date = unknown("同级党委同意增列的日期")
    added_published: date = unknown("增列公布日期")
    removed_item: str = unknown("调出的事项")
    removed_party_on: date = unknown("同级党委同意调出的日期")
    removed_published: date = unknown("调出公布日期")
    removable: bool = unknown("调出的事项是否在目录中、还没有案卷")
    undertaking: frozenset[str] = frozenset()
    other_list: str = ""
    lines: tuple[Row, ...] = ()  # title: what stands in this list, adjusted away or not
    pressed_government: str = unknown("被督办的政府")
    pressed_year: int = unknown("目录年度")
    presses_in_its_place: bool = unknown("被督办的政府是否在本地区")

    @property
    def strange(self) -> str:
        """Undertaking bodies that the register does not know by this name."""
        rows = [*self.matters, *(self.added if isinstance(self.added, tuple) else ())]
        return "、".join(sorted({row["undertaker"] for row in rows} - self.undertaking))

    @property
    def overlong(self) -> str:
        """Titles that no list can show, by their beginnings."""
        rows = [*self.matters, *(self.added if isinstance(self.added, tuple) else ())]
        return "、".join(f"{row['title'][:20]}……" for row in rows if len(row["title"]) > LONGEST)

    @property
    def twice(self) -> str:
        """Matters that stand more than once in the list."""
        rows = [*self.matters, *(self.added if isinstance(self.added, tuple) else ())]
        titles = Counter(same(row["title"]) for row in rows)
        return "、".join(sorted({row["title"] for row in rows if titles[same(row["title"])] > 1}))

    @property
    def listed_already(self) -> str:
        """What is to be added and stands in the list now, in words."""
        there = {same(row["title"]) for row in self.lines}
        return "、".join(row["title"] for row in self.added if same(row["title"]) in there)


def same(title: str) -> str:
    """A title without what only looks different: width, spaces, marks, case."""
    return "".join(char for char in unicodedata.normalize("NFKC", title).casefold() if char.isalnum())


def known(register: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if "undertakers" in register:
        found["undertaking"] = frozenset(each["name"] for each in register["undertakers"] or ())
    found["lines"] = tuple({"title": title} for title in register.get("lines") or ())
    if register.get("other_list"):
        found["other_list"] = register["other_list"]
    if "removable" in register and register["removable"] is not None:
        found["removable"] = register["removable"]
    if "pressed_in_place" in register and register["pressed_in_place"] is not None:
        found["presses_in_its_place"] = register["pressed_in_place"]
    return found
