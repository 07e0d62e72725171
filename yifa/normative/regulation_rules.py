"""Rules on the government's part of a 地方性法规: who may bring a draft, what it may say, how it comes before the congress. Codes L01…

The congress decides its own procedure (立法法 87); its chapter on the national standing committee applies by reference. Drafting and
examination within the government follow the 规章制定程序条例 by analogy, for the region's own government by its rule of 2019.
"""

from __future__ import annotations

from yifa.kernel.citing import Law
from yifa.normative.cases.making import MakingFacts
from yifa.normative.cases.regulation import PENDING, RegulationFacts
from yifa.normative.cases.rulemaking import WAITS
from yifa.normative.rulemaking_rules import LEGISLATION
from yifa.normative.rules import APL, COERCION, COMPETITION, LICENSING
from yifa.normative.standing_rules import RULEMAKING
from yifa.procedures.core import WARN, rule

ORGANIC = Law("地方各级人民代表大会和地方各级人民政府组织法", "2022-03-11")
REGIONAL = Law("内蒙古自治区人民政府拟定地方性法规草案和制定政府规章程序规定", "2024-05-08")
ARCHIVES = Law("档案法", "2020-06-20")

# 行政处罚法 12, 行政许可法 15, 行政强制法 10 and 13: what a 地方性法规 may set, and what it may not.
SETTABLE = frozenset({"penalty", "licence", "coercion"})


class Drafted(RegulationFacts, MakingFacts):
    """What these rules see of a case: the draft, and of every making its market side."""


@rule("L01", LEGISLATION[80], LEGISLATION[81].kuan(1), ORGANIC[52].kuan(2))
def maker_brings_regulations(case: RegulationFacts) -> bool:
    "地方性法规由自治区、设区的市的人民代表大会及其常务委员会制定，草案由同级人民政府提请审议；{maker}没有同级的地方性法规制定机关，不能提请审议，可以向有权的上级人民政府提出立项建议"
    return case.makes_rules


@rule("L02", LEGISLATION[81].kuan(1), LEGISLATION[82].kuan(3))
def matter_is_a_citys(case: RegulationFacts) -> bool:
    "设区的市制定地方性法规，限于城乡建设与管理、生态文明建设、历史文化保护、基层治理等方面的事项；法律另有规定的，请选“法律另有规定”并写明依据"
    return not case.is_a_citys or case.subject_matter != "other"


@rule("L03", LEGISLATION[11], LEGISLATION[82].kuan(2))
def law_alone_is_not_needed(case: RegulationFacts) -> bool:
    "立法法第十一条所列事项只能制定法律，地方性法规不得规定；请删去有关条款"
    return not case.reserved


@rule("L04", APL[12].kuan(1), LICENSING[15].kuan(2), COERCION[10].kuan(3), COERCION[13].kuan(1))
def sets_only_what_it_may(case: RegulationFacts) -> bool:
    "地方性法规不得设定限制人身自由、吊销营业执照的处罚，不得设定查封、扣押以外的行政强制措施和行政强制执行，不得设定国家统一的资格资质许可和企业设立登记及其前置性许可；请删去有关条款"
    return case.sets_matters - {"none"} <= SETTABLE


@rule("L05", LEGISLATION[82].kuan(4), severity=WARN)
def repeats_nothing(case: RegulationFacts) -> bool:
    "制定地方性法规，对上位法已经明确规定的内容，一般不作重复性规定；确有必要重复的，请说明理由"
    return not case.repeats_higher


@rule("L06", APL[12].kuan(3), LICENSING[19], COERCION[14].kuan(1), RULEMAKING[16].kuan(1))
def hearing_is_due(case: RegulationFacts) -> bool:
    "草案不设定行政处罚、行政许可、行政强制，也不涉及重大利益调整，不需要另行论证、听证"
    return bool(case.sets_matters & SETTABLE) or case.interests


@rule("L07", RULEMAKING[16].kuan(2).xiang(1))
def hearing_was_announced(case: RegulationFacts) -> bool:
    "举行听证会的，起草单位应当在举行的三十日前公布时间、地点和内容"
    return case.heard_how != "hearing" or (case.heard_on - case.announced_on).days >= WAITS


@rule("L08", COMPETITION[2])
def touches_the_market(case: Drafted) -> bool:
    "草案不涉及经营者经济活动，不需要公平竞争审查"
    return case.market


@rule("L09", RULEMAKING[12])
def plan_is_current(case: RegulationFacts) -> bool:
    "立法项目应当列入本年度或者以后年度的立法工作计划；{plan_year}年的计划已经执行完毕"
    return case.plan_year >= case.on.year


@rule("L10", RULEMAKING[21].kuan(1))
def organs_were_asked(case: RegulationFacts) -> bool:
    "司法行政部门应当将送审稿或者其主要问题发送有关机关、组织和专家征求意见；请先登记征求意见的情况，再提出提请审议的结论"
    return case.examined != "passed" or case.organs_asked


@rule("L11", LEGISLATION[87].kuan(1), LEGISLATION[59])
def is_not_before_the_congress(case: RegulationFacts) -> bool:
    "草案已经提请审议，审议期间不再报送审查；退回修改的，登记审议结果以后重新报送"
    return case.congress_result in {"", "returned"}


@rule("L19", RULEMAKING[3].kuan(1), RULEMAKING[18].kuan(2))
def internal_review_passed(case: MakingFacts) -> bool:
    "送审稿应当先由起草单位的法制机构审核，再由主要负责人签署；审核认为应当修改的，修改后重新审核"
    return case.internal_opinion == "lawful"


@rule("L12", ORGANIC[78], REGIONAL[5].kuan(1))
def decided_by_the_government(case: RegulationFacts) -> bool:
    "地方性法规草案应当经政府常务会议或者全体会议讨论通过；没有通过的，不得提请审议"
    return case.government_meeting in {"standing", "plenary"} and case.passed


@rule("L13", LEGISLATION[87].kuan(1))
def congress_adopted_it(case: RegulationFacts) -> bool:
    "地方性法规应当经人民代表大会或者其常务委员会表决通过；登记的审议结果不是通过"
    return case.congress_result == "adopted"


@rule("L14", LEGISLATION[81].kuan(1))
def needs_approval(case: RegulationFacts) -> bool:
    "自治区的地方性法规不需要报请批准"
    return case.is_a_citys


@rule("L15", LEGISLATION[81].kuan(1), LEGISLATION[88].kuan(3))
def was_approved(case: RegulationFacts) -> bool:
    "设区的市的地方性法规须报自治区人民代表大会常务委员会批准后施行；没有批准的，不得公布"
    return not case.is_a_citys or case.region_approval == "approved"


@rule("L16", LEGISLATION[88], LEGISLATION[81].kuan(1))
def published_in_order(case: RegulationFacts) -> bool:
    "公布日期不得早于通过和批准的日期，施行日期不得早于公布日期"
    ready = case.approved_on if case.is_a_citys else case.congress_on
    return ready <= case.published_on <= case.effective_on


@rule("L17", LEGISLATION[45], LEGISLATION[60], LEGISLATION[81].kuan(1))
def review_has_ended(case: RegulationFacts) -> bool:
    "审议没有终止，表决也没有否决；请先登记审议结果"
    return case.congress_result in {"rejected", "terminated"} or case.region_approval == "refused"


@rule("L18", LEGISLATION[59], LEGISLATION[43])
def may_be_withdrawn(case: RegulationFacts) -> bool:
    "列入会议议程前，提案人有权撤回；列入以后、交付表决前要求撤回的，应当说明理由，经主任会议同意；已经表决的，不能撤回"
    return case.congress_result in PENDING and case.on_agenda in {"before", "agreed"}
