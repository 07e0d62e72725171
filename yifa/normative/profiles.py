"""What the four who review are called, by date: the roles are data, and their titles changed with the bodies. Pure.

Until the reform of 2018 the 法制办公室 of a government reviewed; since then its 司法厅（局） does. A region's own rules may name them
otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

LEVEL_NAMES = ("初审", "复审", "复核", "终审")
LEVEL_ROLES = ("reviewer", "section_chief", "deputy_director", "director")


@dataclass(frozen=True)
class Profile:
    """The titles from `since` on until the next profile begins."""

    key: str
    since: date
    body: str
    titles: Mapping[str, str]


def _titles(*names: str) -> dict[str, str]:
    return dict(zip(LEVEL_ROLES, names, strict=True))


PROFILES = (
    Profile("NM-2013", date(2013, 1, 1), "政府法制机构", _titles("承办人", "处长", "分管副主任", "主任")),
    Profile("NM-2018", date(2018, 11, 1), "司法行政部门", _titles("承办人", "处（科）长", "分管副厅（局）长", "厅（局）长")),
    Profile("NM-2023", date(2023, 12, 1), "司法行政部门", _titles("承办人", "处（科）长", "分管副厅（局）长", "厅（局）长")),
)


def on(day: date) -> Profile:
    """The profile of a day; before the first one, the first."""
    return next((earlier for earlier, later in pairwise(PROFILES) if day < later.since), PROFILES[-1])


def level_title(level: int, day: date) -> str:
    """初审（承办人）, as the level was called on that day."""
    return f"{LEVEL_NAMES[level - 1]}（{on(day).titles[LEVEL_ROLES[level - 1]]}）"
