"""What every case about a normative document knows: the document, its maker, the day. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from yifa.procedures.core import BEIJING
from yifa.procedures.known import unknown


@dataclass(frozen=True)
class Common:
    """Facts that more than one procedure asks for."""

    at: datetime
    maker: str = unknown("制定机关")
    maker_kind: str = unknown("制定机关类型")
    maker_problem: str = ""
    title: str = unknown("名称")
    number: str = unknown("文号")
    document: str = unknown("规范性文件")
    openness: str = unknown("公开属性")
    secrecy_reviewer: str = unknown("保密审查人")
    secrecy_passed: bool = unknown("保密审查结论")
    published_on: date = unknown("公布日期")
    effective_on: date = unknown("施行日期")
    evidence: int = 0

    @property
    def on(self) -> date:
        return self.at.astimezone(BEIJING).date()
