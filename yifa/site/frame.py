"""What the frame around every page shows: the bar by what people do, the day, the kind of record, the footer."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.functional import cached_property

from yifa.kernel.calendar.queries import calendar
from yifa.kernel.people.queries import Chair, chairs

if TYPE_CHECKING:
    from django.http import HttpRequest

    from yifa.kernel.people.actors import Actor

CHINA = ZoneInfo("Asia/Shanghai")
WEEKDAYS = "一二三四五六日"
ELDER_COOKIE = "elder"
PHONE = 5  # words that fit at the foot of a phone


@dataclass(frozen=True)
class Door:
    """One word of the bar: what a person does, for whom (no roles: for everybody who acts for a body)."""

    word: str
    path: str
    roles: frozenset[str] = frozenset()
    area: str = ""

    def holds(self, path: str) -> int:
        """How closely this door fits an address: the length of what they share, 0 when it does not lead there."""
        area = self.area or self.path
        return len(area) if path.startswith(area) else 0


# Who review filed documents above the 承办人.
REVIEW_CHIEFS = frozenset({"section_chief", "deputy_director", "director"})
BAR = (
    Door("待办", "/desk/"),
    Door("办案", "/desk/cases/", frozenset({"officer", "head", "reviewer", "discloser", "finance", "supervisor"}) | REVIEW_CHIEFS),
    Door("编号", "/desk/blocks/", frozenset({"officer", "head"})),
    Door("意见", "/desk/participation/", frozenset({"discloser"})),
    Door("备案", "/desk/normative/review/", frozenset({"reviewer"}) | REVIEW_CHIEFS),
    Door("异议", "/desk/normative/objections/", frozenset({"reviewer"}) | REVIEW_CHIEFS),
    Door("文件", "/desk/normative/", frozenset({"officer", "reviewer", "head", "discloser"})),
    Door("决策", "/desk/decisions/", frozenset({"officer", "head", "reviewer", "discloser", "supervisor", "assessor"})),
    Door("审核", "/desk/review/", frozenset({"head", "reviewer"})),
    Door("监督", "/supervision/complaints/", frozenset({"supervisor"}), area="/supervision/"),
    Door("考核", "/assessment/", frozenset({"assessor", "supervisor", "head"})),
    Door("评估", "/evaluation/", frozenset({"assessor", "supervisor", "reviewer"})),
    Door("法规", "/laws/"),
    Door("追踪", "/laws/watch/", frozenset({"reviewer", "head", "supervisor"})),
    Door("统计", "/supervision/figures/", frozenset({"assessor", "supervisor", "head"})),
    Door("人员", "/people/", frozenset({"admin_system", "admin_security", "head"})),
    Door("参数", "/parameters/", frozenset({"admin_system"})),
    Door("授权", "/grants/", frozenset({"head", "supervisor"})),
    Door("审计", "/audit/", frozenset({"admin_audit"})),
)


@lru_cache(maxsize=64)
def is_open(path: str) -> bool:
    """Whether this installation has a page there: the bar shows no word that leads nowhere."""
    try:
        resolve(path)
    except Resolver404:
        return False
    return True


def short_day(value: dt.date | dt.datetime, today: dt.date) -> str:
    if isinstance(value, dt.datetime):
        value = value.astimezone(CHINA).date()
    year = "" if value.year == today.year else f"{value.year}-"
    return f"{year}{value:%m-%d} 周{WEEKDAYS[value.weekday()]}"


class Frame:
    """Read by the frame templates only; everything is lazy, so that a lean page pays nothing."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @property
    def actor(self) -> Actor | None:
        return getattr(self._request, "actor", None)

    @cached_property
    def posts(self) -> list[Chair]:
        """The posts to change between, when there is more than one."""
        found = chairs(self._request.user, self.actor.post) if self.actor and self._request.user.is_authenticated else []
        return found if len(found) > 1 else []

    @cached_property
    def bar(self) -> list[dict[str, object]]:
        roles = self.actor.roles if self.actor else frozenset()
        doors = [door for door in BAR if (not door.roles or door.roles & roles) and is_open(door.path)]
        here = max(doors, key=lambda door: door.holds(self._request.path), default=None)
        # A phone shows five words; when there are more, four and a menu with the rest.
        kept = len(doors) if len(doors) <= PHONE else PHONE - 1
        return [
            {"word": d.word, "path": d.path, "current": d is here and d.holds(self._request.path) > 0, "beyond": n >= kept}
            for n, d in enumerate(doors)
        ]

    @property
    def beyond(self) -> list[dict[str, object]]:
        """The doors a phone keeps behind 更多."""
        return [door for door in self.bar if door["beyond"]]

    @property
    def is_beyond(self) -> bool:
        return any(door["current"] for door in self.beyond)

    @cached_property
    def own(self) -> dict[str, object] | None:
        """The first door that this post has because of its role: where to go when nothing is due."""
        shared = {door.path for door in BAR if not door.roles}
        return next((door for door in self.bar if door["path"] not in shared), None)

    @cached_property
    def today(self) -> dt.date:
        return timezone.localdate()

    @property
    def today_words(self) -> str:
        """今天 11月22日 周日（休）."""
        words = f"今天 {self.today.month}月{self.today.day}日 周{WEEKDAYS[self.today.weekday()]}"
        return words if calendar().is_workday(self.today) else f"{words}（休）"

    @property
    def next_words(self) -> str:
        """On a day off: · 下一工作日 11月23日."""
        if calendar().is_workday(self.today):
            return ""
        following = calendar().next_workday(self.today)
        return f" · 下一工作日 {following.month}月{following.day}日"

    @property
    def kind(self) -> str:
        """`demo` and `drill` records say so on every page: nothing there happened to anybody."""
        prefix = str(settings.LOG_ORIGIN).partition(".")[0]
        return prefix if prefix in {"demo", "drill"} else ""

    @property
    def elder(self) -> bool:
        return self._request.COOKIES.get(ELDER_COOKIE) == "1"

    @property
    def site_code(self) -> str:
        return str(settings.SITE_CODE)

    @property
    def icp(self) -> str:
        return str(settings.SITE_ICP)


def frame(request: HttpRequest) -> dict[str, object]:
    """Context processor."""
    return {"frame": Frame(request)}
