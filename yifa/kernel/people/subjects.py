"""Which bodies are an enforcement subject (行政执法主体) on a day, and in whose name a body acts. Pure.

行政处罚法 17 (行政机关), 19 (授权组织), 20–21 (受委托组织 act in the entruster's name), 24 (乡镇、街道);
内蒙古自治区行政执法监督条例 13: a subject is confirmed by the government and announced.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from yifa.kernel.citing import Law

APL = Law("行政处罚法", "2021-01-22")
SUPERVISION = Law("内蒙古自治区行政执法监督条例", "2020-11-26")

# What the law lets be a subject by itself. A unit acts in its body's name, an entrusted organisation in its entruster's.
SUBJECT_KINDS = frozenset({"ORGAN", "AUTHORIZED", "DISPATCHED", "TOWNSHIP", "COMPREHENSIVE", "GOVERNMENT", "ADMINISTRATION"})
DRAFT, SUBMITTED, CHECKED, CONFIRMED, ANNOUNCED, SUSPENDED, CANCELLED = (
    "draft",
    "submitted",
    "checked",
    "confirmed",
    "announced",
    "suspended",
    "cancelled",
)


@dataclass(frozen=True)
class Act:
    """A change of a body's standing: from which states, to which, and what the page calls it."""

    label: str
    origins: frozenset[str]
    target: str
    reason: bool = False


ACTS: dict[str, Act] = {
    "submit": Act("申报", frozenset({DRAFT}), SUBMITTED),
    "send_back": Act("退回", frozenset({SUBMITTED, CHECKED}), DRAFT, reason=True),
    "check": Act("合法性审核", frozenset({SUBMITTED}), CHECKED),
    "confirm": Act("政府确认", frozenset({CHECKED}), CONFIRMED),
    "announce": Act("公告", frozenset({CONFIRMED}), ANNOUNCED),
    "suspend": Act("暂停", frozenset({ANNOUNCED}), SUSPENDED, reason=True),
    "resume": Act("恢复", frozenset({SUSPENDED}), ANNOUNCED, reason=True),
    "cancel": Act("撤销", frozenset({CONFIRMED, ANNOUNCED, SUSPENDED}), CANCELLED, reason=True),
}


@dataclass(frozen=True)
class Standing:
    """What is known of a body for this judgement. `changes` are (day, status after it), in the order of the record."""

    name: str
    kind: str
    changes: tuple[tuple[date, str], ...]
    valid_from: date | None = None
    valid_to: date | None = None

    def status_on(self, day: date) -> str:
        return status_on(self.changes, day, DRAFT)


def status_on(changes: Iterable[tuple[date, str]], day: date, before: str) -> str:
    """The status at the end of `day`: the last change that took effect by then. Of two changes of one day the later recorded one counts."""
    status, latest = before, date.min
    for on, after in changes:
        if latest <= on <= day:
            status, latest = after, on
    return status


def why_not_subject(body: Standing, day: date) -> str:
    """Why `body` is no subject on `day`; empty when it is one."""
    if body.kind == "ENTRUSTED":
        return f"{body.name}是受委托组织，不是行政执法主体，应当以委托行政机关的名义实施行政处罚"
    if body.kind not in SUBJECT_KINDS:
        return f"{body.name}是内设执法机构，不能以自己的名义执法，应当以所属机关的名义作出决定"
    status = body.status_on(day)
    if status == SUSPENDED:
        return f"{body.name}的执法主体资格于{day}处于暂停状态"
    if status == CANCELLED:
        return f"{body.name}的执法主体资格于{day}已撤销"
    if status != ANNOUNCED:
        return f"{body.name}于{day}尚未经本级政府确认并公告为行政执法主体"
    if body.valid_from and day < body.valid_from:
        return f"{body.name}的执法主体资格自{body.valid_from}起生效"
    if body.valid_to and day > body.valid_to:
        return f"{body.name}的执法主体资格已于{body.valid_to}届满"
    return ""


def is_subject(body: Standing, day: date) -> bool:
    return not why_not_subject(body, day)


@dataclass(frozen=True)
class Entrusting:
    """An entrustment as a value: who, to whom, which items, for which term (行政处罚法 20)."""

    entruster: str
    entrusted: str
    items: frozenset[str]
    since: date
    until: date
    revoked_on: date | None = None

    def covers(self, item: str, day: date) -> bool:
        """Is `item` entrusted on `day`? A revocation ends it on its day."""
        return item in self.items and self.since <= day <= self.until and (self.revoked_on is None or day < self.revoked_on)


def acts_in_the_name_of(organisation: str, item: str, day: date, entrustments: Iterable[Entrusting]) -> frozenset[str]:
    """The bodies in whose name an entrusted organisation may act for `item` on `day`; none means it may not act."""
    return frozenset(e.entruster for e in entrustments if e.entrusted == organisation and e.covers(item, day))
