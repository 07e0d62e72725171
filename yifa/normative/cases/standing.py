"""What the rules on a document that is in the register may know: its evaluation and extension, and its part in a clean-up. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from yifa.normative.cases.common import Common
from yifa.normative.cases.making import TRIAL_WORDS
from yifa.procedures.known import unknown


@dataclass(frozen=True)
class Subject:
    """The document as the register has it. `own`: the body that handles the case made it."""

    code: str
    title: str
    number: str
    own: bool
    valid_until: date | None
    ended_on: date | None

    @property
    def longest(self) -> int:
        """Years: five, or two when the title says 暂行 or 试行."""
        return 2 if any(word in self.title for word in TRIAL_WORDS) else 5


@dataclass(frozen=True)
class Revised:
    """The registered document that a new one takes the place of. `own`: of the same maker."""

    code: str
    title: str
    own: bool
    ended: bool


@dataclass(frozen=True)
class StandingFacts(Common):
    subject: Subject | None = None
    proposal: str = unknown("处理建议")
    confirmed: str = unknown("司法行政部门意见")
    decided: str = unknown("决定的结论")
    extend_years: int = unknown("延续的年数")
    ends_on: date = unknown("终止日期")
    ground: str = ""
    revise_by: date = unknown("修改完成期限")
    cleanup_open: bool = False
    cleanup_deadline: date | None = None
    revises: str = ""
    revised: Revised | None = None

    @property
    def longest(self) -> int:
        return self.subject.longest if self.subject else 5


def known(register: Mapping[str, Any]) -> dict[str, Any]:
    """The document of the case, from the register."""
    row, body = register.get("document"), (register.get("organisation") or {}).get("code")
    if old := register.get("revised"):
        return {"revised": Revised(old["code"], old["title"], old["maker"] == body, old["ended_on"] is not None)}
    if not row:
        return {}
    subject = Subject(row["code"], row["title"], row["number"], row["maker"] == body, _day(row["valid_until"]), _day(row["ended_on"]))
    item = register.get("cleanup")
    return {
        "subject": subject,
        "cleanup_open": bool(item and not item["dossier"] and item["published_on"] is None),
        "cleanup_deadline": _day((item or {}).get("deadline")),
    }


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
