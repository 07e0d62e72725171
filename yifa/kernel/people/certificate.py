"""The life cycle of an enforcement certificate as a small pure state machine.

内蒙古自治区行政执法监督条例 14 (trained, examined, certified; without a certificate no enforcement) and 37 (suspension, revocation);
行政处罚法 42 (who enforces is qualified). A verification is an act that leaves the state as it is: an ACTIVE certificate that is not
verified lapses by itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from yifa.kernel.people.refusals import NotAllowed
from yifa.kernel.people.subjects import SUPERVISION, status_on

CITES = SUPERVISION[14]


class Status(StrEnum):
    APPLIED = "APPLIED"
    UNIT_CHECKED = "UNIT_CHECKED"
    PASSED = "PASSED"
    APPROVED = "APPROVED"
    ISSUED = "ISSUED"
    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"
    RETRAINED = "RETRAINED"
    LOST = "LOST"
    LAPSED = "LAPSED"
    REFUSED = "REFUSED"
    REVOKED = "REVOKED"
    CANCELLED = "CANCELLED"


LABELS: dict[Status, str] = {
    Status.APPLIED: "已申请",
    Status.UNIT_CHECKED: "单位已审核",
    Status.PASSED: "考试合格",
    Status.APPROVED: "已批准",
    Status.ISSUED: "已制发",
    Status.ACTIVE: "有效",
    Status.SUSPENDED: "已暂扣",
    Status.RETRAINED: "培训合格待恢复",
    Status.LOST: "已挂失",
    Status.LAPSED: "未通过年度审验，自行失效",
    Status.REFUSED: "未获批准",
    Status.REVOKED: "已吊销",
    Status.CANCELLED: "已注销",
}
FINAL = frozenset({Status.LAPSED, Status.REFUSED, Status.REVOKED, Status.CANCELLED})
HELD = frozenset({Status.ACTIVE, Status.SUSPENDED, Status.RETRAINED, Status.LOST})


@dataclass(frozen=True)
class Act:
    label: str
    origins: frozenset[Status]
    target: Status
    reason: bool = False


def _act(label: str, origins: Iterable[Status], target: Status, *, reason: bool = False) -> Act:
    return Act(label, frozenset(origins), target, reason)


ACTS: dict[str, Act] = {
    "check": _act("单位审核", [Status.APPLIED], Status.UNIT_CHECKED),
    "pass": _act("登记考试合格", [Status.UNIT_CHECKED], Status.PASSED),
    "waive": _act("免试（法律职业资格）", [Status.UNIT_CHECKED], Status.PASSED, reason=True),
    "approve": _act("批准", [Status.PASSED], Status.APPROVED),
    "refuse": _act("不予批准", [Status.APPLIED, Status.UNIT_CHECKED, Status.PASSED], Status.REFUSED, reason=True),
    "issue": _act("制发", [Status.APPROVED], Status.ISSUED),
    "activate": _act("领取启用", [Status.ISSUED], Status.ACTIVE),
    "verify": _act("年度审验合格", [Status.ACTIVE], Status.ACTIVE),
    "fail_verification": _act("年度审验不合格", [Status.ACTIVE], Status.LAPSED, reason=True),
    "suspend": _act("暂扣", [Status.ACTIVE], Status.SUSPENDED, reason=True),
    "retrain": _act("登记离岗培训合格", [Status.SUSPENDED], Status.RETRAINED),
    "resume": _act("恢复", [Status.RETRAINED], Status.ACTIVE),
    "report_lost": _act("挂失", [Status.ACTIVE], Status.LOST),
    "reissue": _act("补发", [Status.LOST], Status.ACTIVE),
    "revoke": _act("吊销", HELD, Status.REVOKED, reason=True),
    "cancel": _act("注销", HELD | {Status.ISSUED}, Status.CANCELLED, reason=True),
}


def after(status: Status, act: str, *, reason: str = "") -> Status:
    """The state after `act`; raises NotAllowed."""
    found = ACTS.get(act)
    if found is None:
        raise NotAllowed(f"没有这样的证件事项：{act}")
    if status not in found.origins:
        raise NotAllowed(f"证件现为“{LABELS[status]}”，不能{found.label}", CITES)
    if found.reason and not reason.strip():
        raise NotAllowed(f"{found.label}应当写明理由", CITES)
    return found.target


def possible(status: Status) -> tuple[str, ...]:
    """The acts that the state allows, in the order of the life cycle."""
    return tuple(key for key, act in ACTS.items() if status in act.origins)


@dataclass(frozen=True)
class Life:
    """A certificate as a value: its term and its changes (day, state after it) in the order of the record."""

    changes: tuple[tuple[date, str], ...]
    issued_on: date | None
    expires_on: date | None

    def status_on(self, day: date) -> Status:
        return Status(status_on(self.changes, day, Status.APPLIED))


def why_not_valid(life: Life, day: date) -> str:
    """Why the certificate does not entitle to enforce on `day`; empty when it does. The day it is suspended it no longer does."""
    status = life.status_on(day)
    if status is not Status.ACTIVE:
        return f"执法证于{day}的状态为“{LABELS[status]}”"
    if life.issued_on is None or day < life.issued_on:
        return f"执法证于{day}尚未发放"
    if life.expires_on is None or day > life.expires_on:
        return f"执法证已于{life.expires_on}届满"
    return ""
