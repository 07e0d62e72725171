"""Rules on normative documents. The docstring is what the drafter or reviewer reads when the rule is broken.

Codes N01… are this context's own. 合法性审核 (行政规范性文件) is not 法制审核 (执法决定) nor 合法性审查 (重大行政决策).
"""

from __future__ import annotations

from yifa.kernel.citing import Law
from yifa.normative.cases.making import MakingFacts
from yifa.normative.cases.standing import StandingFacts
from yifa.procedures.core import WARN, rule

M262 = Law("内蒙古自治区行政规范性文件管理办法", "2023-10-31")
GB37 = Law("国务院办公厅关于加强行政规范性文件制定和监督管理工作的通知", "2018-05-16")
GB115 = Law("国务院办公厅关于全面推行行政规范性文件合法性审核机制的指导意见", "2018-12-04")
BUSINESS = Law("优化营商环境条例", "2019-10-22")
COMPETITION = Law("公平竞争审查条例", "2024-06-06")
DISCLOSURE = Law("政府信息公开条例", "2019-04-03")
APL = Law("行政处罚法", "2021-01-22")
LICENSING = Law("行政许可法", "2019-04-23")
COERCION = Law("行政强制法", "2011-06-30")


class Revising(StandingFacts, MakingFacts):
    """What the rule on a revision sees: the document in the register that a new one takes the place of."""


MAKERS = frozenset({"GOVERNMENT", "ORGAN", "AUTHORIZED", "TOWNSHIP", "COMPREHENSIVE", "ADMINISTRATION"})
MATERIALS = frozenset({"report", "text", "explanation", "basis", "legality", "opinions", "minutes"})


@rule("N01", GB37[1], M262[2])
def maker_may_issue(case: MakingFacts) -> bool:
    "临时机构、议事协调机构和部门的内设机构不得制发行政规范性文件；{maker}应当由所属行政机关制发"
    return case.maker_kind in MAKERS and not case.maker_problem


@rule("N02", M262[2], M262[3])
def is_normative(case: MakingFacts) -> bool:
    "本文件不符合行政规范性文件的认定要件（{missing_marks}），不适用本程序；请办理“认定不属于规范性文件”"
    return case.is_normative


@rule("N03", GB37[1], APL[16], LICENSING[17], COERCION[10])
def creates_nothing_reserved(case: MakingFacts) -> bool:
    "规范性文件不得设定行政处罚、行政许可、行政强制等应当由法律、法规规定的事项，请删去有关条款"
    return not case.creates - {"none"}


@rule("N04", BUSINESS[64].kuan(1))
def cuts_no_rights(case: MakingFacts) -> bool:
    "没有法律、法规或者国务院决定和命令依据的，不得减损公民、法人和其他组织的合法权益或者增加其义务；请补充依据或者修改条款"
    return case.self_checked


@rule("N05", M262[2])
def states_its_validity(case: MakingFacts) -> bool:
    "规范性文件应当载明有效期，有效期自施行之日起最长{longest_validity}年；名称中有“暂行”“试行”的最长二年"
    return 1 <= case.validity_years <= case.longest_validity


@rule("N06", BUSINESS[62].kuan(2), GB37[5])
def was_consulted(case: MakingFacts) -> bool:
    "制定与市场主体生产经营活动密切相关或者对公众有重大影响的规范性文件，应当公开征求意见；请先发布征求意见稿"
    return case.consulted is not None


@rule("N07", BUSINESS[62].kuan(2), GB37[5])
def every_opinion_is_answered(case: MakingFacts) -> bool:
    "公开征求意见收到的意见应当逐条研究，并向社会反馈意见采纳情况；请先处理完全部意见并公布采纳情况"
    return case.consulted is not None and not case.consulted.unanswered and case.consulted.summarised


@rule("N08", BUSINESS[62].kuan(2))
def business_is_heard(case: MakingFacts) -> bool:
    "与市场主体生产经营活动密切相关的规范性文件，除依法需要保密外，应当公开征求意见，不能免除"
    return case.consult_needed or not case.business


@rule("N09", GB115[3], GB37[6])
def internal_review_passed(case: MakingFacts) -> bool:
    "起草单位的法制机构（或者法制工作人员）应当先行审核；审核认为应当修改的，修改后重新送审"
    return case.internal_opinion == "lawful"


@rule("N10", GB115[3], GB37[6], BUSINESS[64])
def legality_review_passed(case: MakingFacts) -> bool:
    "未经合法性审核或者经审核不合法的，不得提交集体审议；本件审核意见为“{legality_opinion}”"
    return case.legality_opinion in {"lawful", "lawful_after_changes"}


@rule("N11", GB115[3])
def legality_points_are_handled(case: MakingFacts) -> bool:
    "合法性审核提出修改意见的，起草单位应当逐条说明采纳情况和理由"
    return case.legality_opinion == "lawful" or bool(case.handled.strip())


@rule("N12", COMPETITION[18], BUSINESS[63].kuan(1))
def competition_is_reviewed(case: MakingFacts) -> bool:
    "起草涉及经营者经济活动的政策措施，应当开展公平竞争审查；不符合标准又没有例外情形的，不得出台"
    return case.competition_conclusion == "fair" or (
        case.competition_conclusion == "exception" and bool(case.competition_exception.strip())
    )


@rule("N13", GB37[7])
def deliberated_in_a_meeting(case: MakingFacts) -> bool:
    "规范性文件应当经制定机关常务会议或者办公会议集体审议决定，不得以传阅、会签、个别征求意见等方式代替"
    return case.meeting in {"standing", "office"}


@rule("N14", GB37[7])
def a_quorum_was_present(case: MakingFacts) -> bool:
    "集体审议应当有半数以上组成人员出席；应到{entitled}人，实到{present}人"
    return 2 * case.present > case.entitled


@rule("N15", GB37[7])
def the_meeting_adopted_it(case: MakingFacts) -> bool:
    "集体审议没有通过的，不得签发、印发"
    return case.adopted


@rule("N16", DISCLOSURE[17])
def secrecy_was_reviewed(case: MakingFacts) -> bool:
    "公开政府信息以前应当进行保密审查，明确公开属性；请由指定的人员登记公开属性和保密审查结论"
    return bool(case.secrecy_reviewer) and case.secrecy_passed and case.openness == "public"


@rule("N17", GB37[8])
def not_in_force_before_publication(case: MakingFacts) -> bool:
    "规范性文件应当向社会公开发布，不得作为公布以前行政管理的依据；施行日期{effective_on}早于公布日期{published_on}"
    return case.effective_on >= case.published_on


@rule("N18", GB37[8])
def published_where_people_look(case: MakingFacts) -> bool:
    "规范性文件应当在政府公报或者政府网站公开发布"
    return bool(case.medium & {"gazette", "portal"})


@rule("N19", GB37[10], severity=WARN)
def filing_materials_are_complete(case: MakingFacts) -> bool:
    "报送备案应当提交备案报告、正式文本、起草说明、制定依据、合法性审核意见、征求意见采纳情况和集体审议纪要；缺件的请说明"
    return case.materials >= MATERIALS


@rule("N20", BUSINESS[62].kuan(2), GB37[5])
def consultation_is_due(case: MakingFacts) -> bool:
    "本件不需要公开征求意见"
    return case.consult_needed or case.business


@rule("N21", COMPETITION[2])
def touches_the_market(case: MakingFacts) -> bool:
    "本件不涉及经营者经济活动，不需要公平竞争审查"
    return case.market or case.business


@rule("N22", GB37[1], M262[2])
def revised_document_is_ones_own(case: Revising) -> bool:
    "只能修改或者代替本机关制定、还没有终止的文件；请在登记簿中核对"
    return not case.revises or (case.revised is not None and case.revised.own and not case.revised.ended)
