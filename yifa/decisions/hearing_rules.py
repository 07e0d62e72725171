"""Rules on the hearing of a matter (条例第十六条、第十七条): announced ahead, its list before its day, materials in time, all its parts."""

from __future__ import annotations

from yifa.decisions.case import MatterFacts
from yifa.decisions.rules import R713
from yifa.procedures.core import rule


@rule("D64", R713[16].kuan(2))
def hearing_lies_ahead(case: MatterFacts) -> bool:
    "听证会的时间、地点应当提前公布；听证日期{hearing_on}已经到了或者已经过去"
    return case.on < case.hearing_on


@rule("D81", R713[16].kuan(3))
def list_comes_before_the_hearing(case: MatterFacts) -> bool:
    "听证参加人名单应当在举行听证会以前公布；听证日期是{hearing_on}，名单公布日期是{hearing_listed_on}"
    return case.hearing_listed_on < case.hearing_on and case.hearing_listed_on <= case.on


@rule("D65", R713[17])
def hearing_was_held(case: MatterFacts) -> bool:
    "听证会定于{hearing_on}举行，举行以后才能登记听证情况"
    return case.hearing_on <= case.on


@rule("D15", R713[16].kuan(3))
def hearing_was_announced_in_time(case: MatterFacts) -> bool:
    "听证参加人名单应当提前向社会公布，听证会材料应当于召开听证会7日前送达听证参加人"
    return case.hearing_listed_on < case.hearing_on and case.hearing_was_sent_in_time


@rule("D16", R713[17])
def hearing_was_complete(case: MatterFacts) -> bool:
    "听证会应当依次介绍决策草案、听取陈述和质证辩论，并由听证参加人确认笔录签字"
    return case.hearing_is_complete
