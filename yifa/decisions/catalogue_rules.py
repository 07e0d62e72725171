"""Rules on the yearly catalogue of matters (条例第三条第三款). Codes DL01… are this procedure's own."""

from __future__ import annotations

from datetime import date

from yifa.decisions.case import SOON, DecisionFacts
from yifa.decisions.rules import R713
from yifa.procedures.core import WARN, Rule, rule

FIRST_YEAR = 2019  # the regulation is in force from 2019-09-01


@rule("DL01", R713[2], R713[3].kuan(3))
def is_a_government(case: DecisionFacts) -> bool:
    "重大行政决策事项目录由县级以上地方人民政府确定；{organisation}不能编制目录"
    return case.organisation_kind == "GOVERNMENT"


@rule("DL02", R713[3].kuan(3))
def one_list_a_year(case: DecisionFacts) -> bool:
    "{list_year}年度的目录已经立卷（{other_list}），请在原案卷中增列、调整"
    return not case.other_list


@rule("DL03", R713[3].kuan(3))
def none_needs_a_reason(case: DecisionFacts) -> bool:
    "没有事项的目录（零目录）应当写明理由"
    return bool(case.matters) or bool(case.zero_reason.strip())


@rule("DL04", R713[11])
def undertakers_are_known(case: DecisionFacts) -> bool:
    "承办单位应当是本地已登记的机关，请按全称填写：{strange}"
    return not case.strange


@rule("DL05", R713[3].kuan(3))
def each_matter_once(case: DecisionFacts) -> bool:
    "同一事项在目录中只列一次：{twice}"
    return not case.twice


@rule("DL06", R713[3].kuan(3))
def party_agreed_before(case: DecisionFacts) -> bool:
    "目录经同级党委同意后向社会公布；公布日期{list_published_on}不得早于同意日期{list_party_on}，也不得晚于今天"
    return case.list_party_on <= case.list_published_on <= case.on


@rule("DL12", R713[3].kuan(3), severity=WARN)
def list_is_of_its_year(case: DecisionFacts) -> bool:
    "{list_year}年度的目录在{list_published_on}才公布，年度已经结束；请说明理由"
    return case.list_published_on.year <= case.list_year


def _told_soon(code: str, day: str, what: str) -> Rule:
    """As the days of a matter (`branch_rules`): one told long after it is a late entry, and asks for a reason."""

    def told(case: DecisionFacts) -> bool:
        told_on: date = getattr(case, day)
        return (case.on - told_on).days <= SOON

    told.__doc__ = f"{what}{{{day}}}距今天超过{SOON}日，属于事后登记；请写明理由，理由随记录保存"
    return rule(code, R713[3].kuan(3), severity=WARN)(told)


list_is_told_soon = _told_soon("DL15", "list_published_on", "目录公布日期")
addition_is_told_soon = _told_soon("DL16", "added_published", "增列公布日期")
removal_is_told_soon = _told_soon("DL17", "removed_published", "调出公布日期")


@rule("DL14", R713[3].kuan(3))
def titles_are_short(case: DecisionFacts) -> bool:
    "事项名称不超过200字；过长的：{overlong}"
    return not case.overlong


@rule("DL13", R713[3].kuan(3))
def is_no_line_yet(case: DecisionFacts) -> bool:
    "事项已经在本年度目录中，不再增列：{listed_already}"
    return not case.listed_already


@rule("DL08", R713[8].kuan(2))
def presses_below(case: DecisionFacts) -> bool:
    "督办由负责监督的机关对本地区的政府发出；所选的政府不在本机关的地区内，或者就是本机关"
    return case.presses_in_its_place


@rule("DL07", R713[3].kuan(3))
def party_agreed_to_the_addition(case: DecisionFacts) -> bool:
    "目录的调整履行与确定目录相同的程序，经同级党委同意后向社会公布；公布日期不得早于同意日期，也不得晚于今天"
    return case.added_party_on <= case.added_published <= case.on


@rule("DL09", R713[3].kuan(3))
def stands_in_the_list(case: DecisionFacts) -> bool:
    "调出的应当是本机关目录中还没有启动的事项；已经有案卷的，在它自己的案卷里办理“调出目录”"
    return case.removable


@rule("DL10", R713[3].kuan(3))
def party_agreed_to_the_removal(case: DecisionFacts) -> bool:
    "目录的调整履行与确定目录相同的程序，经同级党委同意后向社会公布；公布日期不得早于同意日期，也不得晚于今天"
    return case.removed_party_on <= case.removed_published <= case.on


@rule("DL11", R713[3].kuan(3))
def year_is_near(case: DecisionFacts) -> bool:
    "目录年度应当是本年度、下一年度，或者条例施行（2019年）以来的年度；{list_year}不是，请核对"
    return FIRST_YEAR <= case.list_year <= case.on.year + 1
