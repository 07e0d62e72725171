"""使用率: which articles an act uses, and what shares follow from the counts. Pure.

An act uses the articles its entry cites: those of its step, and those it relies on in substance (the 执法事由's). Both stand in the
body of the entry, which no erasure touches, so a replay of the record counts the same on any day.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from yifa.evaluation.method import Kind
from yifa.laws.rules import title_key

BEIJING = ZoneInfo("Asia/Shanghai")
_KEY = re.compile(r"(?P<title>[^@#]+)@[^#]*#(?P<article>t[0-9]+(?:_[0-9]+)?)(?:\..*)?")
_WORK = re.compile(r"(?P<title>[^@#]+)@[^@#]*")


@dataclass(frozen=True)
class Event:
    """An act that uses articles. `articles` are `work#t51`, each once however often it is cited; `works` their works and the `whole`

    ones, which are cited without an article (根据《……》，制定本办法).
    """

    kind: str
    organisation: str
    region: str
    month: str
    articles: tuple[str, ...]
    whole: tuple[str, ...] = ()

    @property
    def works(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*(each.partition("#")[0] for each in self.articles), *self.whole)))


def article_of(key: str) -> str | None:
    """`行政处罚法@2021-01-22#t51.k1` -> `行政处罚法#t51`; None for what names no article. Versions of one work count together."""
    found = _KEY.fullmatch(key)
    return f"{title_key(found['title'])}#{found['article']}" if found else None


def work_of(key: str) -> str | None:
    """`动物防疫法@` -> `动物防疫法`; None for what names an article."""
    found = _WORK.fullmatch(key)
    return title_key(found["title"]) if found else None


def event(body: Mapping[str, Any], steps: Mapping[str, str]) -> Event | None:
    """What an entry counts for; None when its step is none of those that count. An act that undoes another (`step@seq`) uses nothing."""
    kind = steps.get(f"{body['procedure']}/{body['step']}")
    articles = tuple(dict.fromkeys(found for key in body.get("cites", ()) if (found := article_of(key))))
    whole = tuple(dict.fromkeys(found for key in body.get("cites", ()) if (found := work_of(key))))
    if kind is None or not (articles or whole):
        return None
    month = datetime.fromisoformat(body["happened_at"]).astimezone(BEIJING).strftime("%Y-%m")
    return Event(kind, str(body["organisation"]), str(body["region"]), month, articles, whole)


def weighted(counts: Mapping[str, int], kinds: Iterable[Kind]) -> Decimal:
    """Σ weight × events over the kinds, a capped kind at most up to its cap."""
    return sum((kind.weight * min(counts.get(kind.key, 0), kind.cap or counts.get(kind.key, 0)) for kind in kinds), Decimal(0))


def rate(enforceable: Iterable[str], used: Mapping[str, Decimal]) -> tuple[int, int]:
    """使用率 as (used, all): of the enforceable works those whose weighted events reach one."""
    works = set(enforceable)
    return sum(1 for work in works if used.get(work, Decimal(0)) >= 1), len(works)


def intensity(events: Decimal, subjects: int) -> Decimal | None:
    """使用强度: weighted events a competent subject; None where no body holds a matter based on the work."""
    return events / subjects if subjects else None


def median(values: Iterable[Decimal]) -> Decimal | None:
    ordered = sorted(values)
    if not ordered:
        return None
    low, high = ordered[(len(ordered) - 1) // 2], ordered[len(ordered) // 2]
    return (low + high) / 2
