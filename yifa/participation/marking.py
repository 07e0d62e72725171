"""What is marked about opinions: many from one source, one source under several names, the same text again and again, a flood. Pure.

A mark is a hint for who answers and for who reads the summary. It refuses nothing and deletes nothing: a family, a village committee or a
factory speaks from one address too, and whoever hands on a prepared letter has a right to.
"""

from __future__ import annotations

import ipaddress
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

MANY, NAMES, SAME = 6, 4, 5  # opinions of one source, names of one source, opinions of one text
FLOOD, TIMES = 200, 10  # opinions in an hour, and so many times the usual hour
LABELS: dict[str, str] = {"source": "同一来源多条", "names": "同一来源多个署名", "same": "内容相同多条", "flood": "集中涌入"}


def network(address: str) -> str:
    """What stands for a sender: his IPv4 address; of an IPv6 address the first half, as the other half is his to change at will."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address):
        return str(found.ipv4_mapped or ipaddress.IPv6Network((int(found) >> 64 << 64, 64)))
    return str(found)


@dataclass(frozen=True, slots=True)
class Sent:
    """So many opinions that have all of this in common. `hour` is when they came; empty digests are no source, no name."""

    source: str
    signed: str
    same: str
    hour: datetime
    number: int = 1


@dataclass(frozen=True)
class Marks:
    """What is conspicuous in a round, and how many opinions it touches: `counts` by mark, `marked` of any."""

    sources: Mapping[str, int] = field(default_factory=dict)
    names: Mapping[str, int] = field(default_factory=dict)
    same: Mapping[str, int] = field(default_factory=dict)
    floods: Mapping[datetime, int] = field(default_factory=dict)
    usual: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)
    marked: int = 0

    def keys(self, sent: Sent) -> tuple[str, ...]:
        """The marks of an opinion, in the order of LABELS."""
        found = {
            "source": sent.source in self.sources,
            "names": sent.source in self.names,
            "same": sent.same in self.same,
            "flood": sent.hour in self.floods,
        }
        return tuple(key for key in LABELS if found[key])

    def words(self, sent: Sent) -> tuple[str, ...]:
        """The same with its numbers, for the person who answers."""
        told = {
            "source": lambda: f"同一网络来源共{self.sources[sent.source]}条",
            "names": lambda: f"同一网络来源用了{self.names[sent.source]}个署名",
            "same": lambda: f"内容相同的共{self.same[sent.same]}条",
            "flood": lambda: f"这一小时收到{self.floods[sent.hour]}条，平时一小时{self.usual}条",
        }
        return tuple(told[key]() for key in self.keys(sent))

    def frozen(self) -> dict[str, int]:
        """The numbers that the summary tells and the record keeps; nothing where nothing was conspicuous."""
        return {**{key: count for key, count in self.counts.items() if count}, "any": self.marked} if self.marked else {}


def marks(sent: Iterable[Sent]) -> Marks:
    """Looks once at what came. Nothing is marked as long as less came than the limits say."""
    rows = list(sent)
    sources, same, hours = Counter[str](), Counter[str](), Counter[datetime]()
    signed: defaultdict[str, set[str]] = defaultdict(set)
    for row in rows:
        hours[row.hour] += row.number
        same[row.same] += row.number
        if row.source:
            sources[row.source] += row.number
            signed[row.source].add(row.signed)
    usual = _usual(hours)
    found = Marks(
        {key: count for key, count in sources.items() if count >= MANY},
        {key: count for key, names in signed.items() if (count := len(names - {""})) >= NAMES},
        {key: count for key, count in same.items() if key and count >= SAME},
        {hour: count for hour, count in hours.items() if count >= max(FLOOD, TIMES * usual)},
        usual,
    )
    counts, marked = Counter[str](), 0
    for row in rows:
        keys = found.keys(row)
        counts.update(dict.fromkeys(keys, row.number))
        marked += row.number if keys else 0
    return Marks(found.sources, found.names, found.same, found.floods, usual, dict(counts), marked)


def _usual(hours: Mapping[datetime, int]) -> int:
    """What comes in an ordinary hour: the middle of those hours, short of a flood, in which anything came at all; at least one."""
    calm = [count for count in hours.values() if count < FLOOD]
    return max(round(statistics.median(calm)), 1) if calm else 1
