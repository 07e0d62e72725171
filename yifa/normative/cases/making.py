"""What the rules on making a normative document may know. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from yifa.normative.cases.common import Common
from yifa.procedures.known import unknown

# 认定: the five marks of a normative document, and what is none (内蒙古自治区人民政府令第262号 第二条、第三条).
MARKS = ("qualified", "external", "rights", "unspecified", "repeated")
TRIAL_WORDS = ("暂行", "试行")


@dataclass(frozen=True)
class Consulted:
    """The rounds of public consultation as the participation floor tells them: the latest round's days, and its comments."""

    opens_on: date
    closes_on: date
    rounds: int
    comments: int
    unanswered: bool
    summarised: bool
    shortened_reason: str = ""


@dataclass(frozen=True)
class MakingFacts(Common):
    marks: frozenset[str] = unknown("认定要件")
    excluded: str = unknown("排除情形")
    identified: str = unknown("认定结论")
    business: bool = unknown("是否与市场主体生产经营活动密切相关")
    market: bool = unknown("是否涉及经营者经济活动")
    validity_years: int = unknown("有效期（年）")
    creates: frozenset[str] = unknown("是否设定处罚、许可、强制等事项")
    self_checked: bool = unknown("起草自查")
    consult_needed: bool = unknown("是否需要公开征求意见")
    consult_exempt_reason: str = ""
    consulted: Consulted | None = None
    internal_opinion: str = unknown("部门内部审核意见")
    legality_opinion: str = unknown("合法性审核意见")
    handled: str = ""
    competition_conclusion: str = unknown("公平竞争审查结论")
    competition_exception: str = ""
    meeting: str = unknown("审议会议")
    meeting_on: date = unknown("会议日期")
    present: int = unknown("出席人数")
    entitled: int = unknown("应到人数")
    adopted: bool = unknown("审议结论")
    signer: str = unknown("签发人")
    registration_number: str = unknown("统一登记号")
    medium: frozenset[str] = unknown("公布载体")
    materials: frozenset[str] = unknown("备案材料")

    @property
    def is_normative(self) -> bool:
        return self.excluded == "none" and set(MARKS) <= self.marks

    @property
    def missing_marks(self) -> str:
        names = {
            "qualified": "制定主体适格",
            "external": "对外产生影响",
            "rights": "涉及权利义务",
            "unspecified": "对象不特定",
            "repeated": "反复适用",
        }
        return "、".join(names[mark] for mark in MARKS if mark not in self.marks) or "属于排除情形"

    @property
    def trial(self) -> bool:
        return any(word in self.title for word in TRIAL_WORDS)

    @property
    def longest_validity(self) -> int:
        """Years: five, or two when the title says 暂行 or 试行 (counted from the day it takes effect)."""
        return 2 if self.trial else 5
