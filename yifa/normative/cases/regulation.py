"""What the rules on drafting a 地方性法规 may know, beside what they share with those on 地方政府规章. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from yifa.normative.cases.rulemaking import RulemakingFacts
from yifa.procedures.known import unknown

CITY = 2
# What the congress may still do with a bill that lies before it.
PENDING = frozenset({"pending", "continued", "shelved"})


@dataclass(frozen=True)
class RegulationFacts(RulemakingFacts):
    """`congress_result` is empty until the bill is made and `pending` from then on, until the congress has said something."""

    plan_year: int = unknown("列入计划的年度")
    sets_matters: frozenset[str] = unknown("是否设定处罚、许可、强制等事项")
    reserved: bool = unknown("是否涉及只能制定法律的事项")
    repeats_higher: bool = unknown("是否重复上位法")
    interests: bool = unknown("是否涉及重大利益调整")
    heard_how: str = unknown("听取意见的形式")
    announced_on: date = unknown("听证会公告日期")
    heard_on: date = unknown("听取意见日期")
    organs_asked: bool = False
    congress_result: str = ""
    congress_on: date = unknown("审议日期")
    on_agenda: str = unknown("是否列入会议议程")
    region_approval: str = ""
    approved_on: date = unknown("批准日期")

    @property
    def is_a_citys(self) -> bool:
        return self.maker_level == CITY
