"""Rules on major administrative decisions. The docstring is what the officer, clerk or head reads when the rule is broken.

Codes D01… are this context's own. 合法性审查 (重大行政决策) is not 合法性审核 (行政规范性文件) nor 法制审核 (执法决定).
"""

from __future__ import annotations

from yifa.decisions.case import EXEMPTABLE, FIT_FOR_MEETING, SHORTEST, STATUTORY, MatterFacts
from yifa.kernel.citing import Law
from yifa.procedures.core import WARN, rule
from yifa.procedures.known import is_known

R713 = Law("重大行政决策程序暂行条例", "2019-04-20")
DISCLOSURE = Law("政府信息公开条例", "2019-04-03")
COMPETITION = Law("公平竞争审查条例", "2024-06-06")

UNDERTAKERS = frozenset({"GOVERNMENT", "ORGAN", "AUTHORIZED", "COMPREHENSIVE", "ADMINISTRATION", "TOWNSHIP"})


@rule("D01", R713[2], R713[42])
def body_may_undertake(case: MatterFacts) -> bool:
    "重大行政决策由县级以上地方人民政府作出，由其所属部门、下级人民政府等单位承办；{organisation}不能承办"
    return case.organisation_kind in UNDERTAKERS


@rule("D02", R713[3].kuan(3))
def is_in_the_catalogue(case: MatterFacts) -> bool:
    "决策事项应当列入经同级党委同意并向社会公布的目录；尚未列入的，请先增列并公布"
    return case.is_listed


@rule("D62", R713[3].kuan(3))
def is_of_this_list(case: MatterFacts) -> bool:
    "所选事项在其他政府的目录中，不能列入本决策机关的目录；请从本决策机关的目录中选择"
    return case.is_in_own_list


@rule("D53", R713[3].kuan(3))
def is_nobody_elses(case: MatterFacts) -> bool:
    "目录中的这个事项已经有案卷（{catalogue_dossier}），一个事项只办理一次；请打开已有的案卷"
    # A matter that runs again after a major adjustment goes on with the line of the one it was carried from.
    return not case.catalogue_dossier or case.catalogue_dossier == case.carried_from


@rule("D03", R713[11])
def lead_is_named(case: MatterFacts) -> bool:
    "决策事项需要两个以上单位承办的，应当明确牵头的决策承办单位"
    return len(case.undertakers) < 2 or bool(case.lead.strip())


@rule("D04", R713[12].kuan(2))
def basis_is_in_force(case: MatterFacts) -> bool:
    "决策草案所依据的法律、法规、规章和政策应当现行有效；请核对依据清单"
    return case.basis_in_force == case.basis_cited


@rule("D05", R713[12].kuan(4), severity=WARN)
def has_alternatives(case: MatterFacts) -> bool:
    "有关方面对决策事项存在较大分歧的，可以提出两个以上方案；只有一个方案的请说明理由"
    return not case.disputed or case.alternatives >= 2


@rule("D06", R713[14].kuan(1))
def not_closed(case: MatterFacts) -> bool:
    "本事项依法不予公开，不需要本环节"
    return case.open_matter


@rule("D07", R713[14].kuan(1))
def is_closed(case: MatterFacts) -> bool:
    "本事项依法可以公开，不需要不公开的审批"
    return not case.open_matter


@rule("D08", R713[14].kuan(1))
def closing_has_a_ground(case: MatterFacts) -> bool:
    "依法不予公开的决策事项，应当写明法定理由并经决策机关批准"
    return case.open_matter or bool(case.closed_reason.strip())


@rule("D63", R713[14].kuan(1))
def closing_was_approved(case: MatterFacts) -> bool:
    "没有批准不予公开的，本事项应当公开；请由承办单位负责人退回，重新确定公众参与方案"
    return case.closed_approved


@rule("D09", R713[14].kuan(2), severity=WARN)
def several_ways(case: MatterFacts) -> bool:
    "听取意见可以采取座谈会、听证会、实地走访、书面征求意见、公开征求意见、问卷调查等多种方式；只采用一种方式的请说明理由"
    return not case.open_matter or len(case.ways) >= 2


@rule("D10", R713[15].kuan(1))
def draft_is_public(case: MatterFacts) -> bool:
    "公开征求意见应当公布决策草案及其说明，明确提出意见的方式和期限；请先发布征求意见稿"
    return case.consulted is not None


@rule("D11", R713[15].kuan(1))
def period_is_long_enough(case: MatterFacts) -> bool:
    "公开征求意见的期限一般不少于30日；因情况紧急等原因需要缩短期限的，公开征求意见时应当予以说明"
    return case.consulted is not None and (case.consulted.days >= SHORTEST or bool(case.consulted.shortened_reason.strip()))


@rule("D12", R713[15].kuan(1))
def period_is_over(case: MatterFacts) -> bool:
    "公开征求意见的期限还没有届满；草案更换的，期限重新计算"
    return case.consulted is not None and case.on > case.consulted.closes_on


@rule("D55", R713[15].kuan(1))
def draft_was_the_one_asked_about(case: MatterFacts) -> bool:
    "征求意见期间更换草案的，期限重新计算；草案于{drafted_on}更换，请发布新一轮征求意见稿"
    return case.consulted is not None and not case.consulted.opens_on < case.drafted_on <= case.consulted.closes_on


@rule("D13", R713[18])
def every_opinion_is_answered(case: MatterFacts) -> bool:
    "对社会各方面提出的意见应当归纳整理、研究论证；请逐条处理全部意见并公布采纳情况"
    return case.consulted is not None and not case.consulted.unanswered and case.consulted.summarised_on is not None


@rule("D14", DISCLOSURE[17])
def secrecy_was_reviewed(case: MatterFacts) -> bool:
    "公开政府信息以前应当进行保密审查，明确公开属性；请由指定的人员登记公开属性和保密审查结论"
    return bool(case.secrecy_reviewer) and case.secrecy_passed and case.openness == "public"


@rule("D17", R713[20])
def experts_have_no_interest(case: MatterFacts) -> bool:
    "不得选择与决策事项有直接利害关系的专家、专业机构"
    return not any(row.get("interest") for row in case.experts)


@rule("D66", R713[20])
def recused_stand_aside(case: MatterFacts) -> bool:
    "已经声明利害关系或者在抽取时回避的专家不得参加论证：{chosen_though_recused}"
    return not case.chosen_though_recused


@rule("D58", R713[20], severity=WARN)
def drawn_means_drawn(case: MatterFacts) -> bool:
    "填写为随机抽取的专家，应当在本事项的抽取记录中；没有抽取记录的：{undrawn}"
    return not case.undrawn


@rule("D18", R713[19].kuan(2))
def opinions_are_signed(case: MatterFacts) -> bool:
    "专家、专业机构提供书面论证意见的，应当署名、盖章"
    return all(row.get("signed") for row in case.opinions)


@rule("D67", R713[20])
def opinions_are_of_the_chosen(case: MatterFacts) -> bool:
    "论证意见应当由已经遴选的专家、专业机构提出；没有遴选的：{argued_unchosen}"
    return not case.argued_unchosen


@rule("D68", R713[19].kuan(2), severity=WARN)
def everybody_chosen_gave_an_opinion(case: MatterFacts) -> bool:
    "每位专家、专业机构都应当提出书面论证意见；还没有提出的：{chosen_unheard}，请说明理由"
    return not case.chosen_unheard


@rule("D69", R713[19].kuan(2))
def argued_before_today(case: MatterFacts) -> bool:
    "论证日期{argued_on}还没有到，论证以后才能登记论证意见"
    return case.argued_on <= case.on


@rule("D70", R713[23].kuan(2))
def assessed_before_today(case: MatterFacts) -> bool:
    "风险评估报告的日期{assessed_on}还没有到，形成报告以后才能登记评估结论"
    return case.assessed_on <= case.on


@rule("D19", R713[23].kuan(2))
def departments_were_heard(case: MatterFacts) -> bool:
    "开展风险评估，应当听取有关部门的意见，形成风险评估报告，明确风险点，提出风险防范措施和处置预案"
    return case.departments_heard and bool(case.risks)


@rule("D56", R713[23].kuan(2))
def risks_are_on_their_scale(case: MatterFacts) -> bool:
    "风险点的可能性和影响程度按1至5填写，1为最低，5为最高"
    return case.scaled_risks


@rule("D57", R713[23].kuan(2), severity=WARN)
def grades_fit_the_scale(case: MatterFacts) -> bool:
    "风险等级低于可能性乘以影响程度的通常等级，请核对：{misgraded}"
    return not case.misgraded


@rule("D20", R713[24])
def risk_was_found_uncontrollable(case: MatterFacts) -> bool:
    "风险可控，不需要调整草案后的复评"
    return is_known(case.controllable) and case.controllable == "uncontrollable"


@rule("D21", R713[24])
def risk_is_controllable(case: MatterFacts) -> bool:
    "认为风险不可控的，在采取调整决策草案等措施确保风险可控后，才可以作出决策"
    # A risk that was found is there, whatever was said not to apply.
    return (case.is_exempted("T15") and not is_known(case.controllable)) or not case.is_stopped_by_risk


@rule("D22", R713[26].kuan(1))
def review_materials_are_there(case: MatterFacts) -> bool:
    "送请合法性审查，应当提供决策草案、有关依据和履行决策法定程序的说明"
    return case.review_materials >= {"draft", "basis", "procedure"}


@rule("D23", R713[27])
def review_was_complete(case: MatterFacts) -> bool:
    "合法性审查应当审查决策事项是否符合法定权限、草案形成是否履行法定程序、内容是否合法三项"
    return case.reviewed_parts >= {"power", "procedure", "content"}


@rule("D24", R713[28])
def lawyers_were_heard(case: MatterFacts) -> bool:
    "在合法性审查过程中，应当组织法律顾问、公职律师提出法律意见"
    return bool(case.lawyers)


@rule("D25", R713[25].kuan(2))
def exploratory_risks_are_told(case: MatterFacts) -> bool:
    "对国家尚无明确规定的探索性改革决策事项，可以明示法律风险，提交决策机关讨论；请写明法律风险"
    return case.legality != "exploratory" or bool(case.review_risks.strip())


@rule("D26", R713[25].kuan(2))
def review_was_passed(case: MatterFacts) -> bool:
    "决策草案未经合法性审查或者经审查不合法的，不得提交决策机关讨论"
    return case.legality in FIT_FOR_MEETING


@rule("D27", R713[28])
def every_point_is_handled(case: MatterFacts) -> bool:
    "决策承办单位应当根据合法性审查意见进行必要的调整或者补充；审查意见{points}条，已说明处理结果{handled}条"
    return case.handled >= case.points


@rule("D28", R713[29])
def package_is_complete(case: MatterFacts) -> bool:
    "提交决策机关讨论决策草案，应当报送草案、合法性审查意见和已履行程序的情况；还缺{lacking}"
    return not case.lacks_for_meeting


@rule("D29", R713[25].kuan(1))
def meeting_follows_the_opinion(case: MatterFacts) -> bool:
    "决策草案提交决策机关讨论前，应当进行合法性审查；会议日期{meeting_on}早于审查完成日期{reviewed_on}"
    return case.meeting_on >= case.reviewed_on


@rule("D71", R713[30].kuan(1))
def meeting_was_held(case: MatterFacts) -> bool:
    "会议日期{meeting_on}还没有到，会议讨论以后才能登记讨论情况"
    return case.meeting_on <= case.on


@rule("D30", R713[30].kuan(1))
def meeting_is_the_statutory_one(case: MatterFacts) -> bool:
    "决策草案应当经决策机关常务会议或者全体会议讨论，不得以专题会议、传阅会签等方式代替"
    return case.meeting in STATUTORY


@rule("D31", R713[30].kuan(1))
def more_than_half_were_present(case: MatterFacts) -> bool:
    "会议组成人员过半数到会方可讨论决定；应到{entitled}人，实到{present}人"
    return 2 * case.present > case.entitled


@rule("D72", R713[30].kuan(3))
def only_those_present_spoke(case: MatterFacts) -> bool:
    "会议记录应当如实；应到{entitled}人，实到{present}人，发言{speaking}人，请核对"
    return 1 <= case.speaking <= case.present <= case.entitled


@rule("D73", R713[30].kuan(2))
def each_spoke_in_turn(case: MatterFacts) -> bool:
    "会议组成人员的意见每人一行，发言次序不能相同，行政首长只有一人；请核对"
    places, people = ([row[key] for row in case.speeches] for key in ("place", "name"))
    return len(set(places)) == len(places) and len(set(people)) == len(people) and sum(bool(row.get("head")) for row in case.speeches) <= 1


@rule("D32", R713[30].kuan(2))
def head_spoke_last(case: MatterFacts) -> bool:
    "讨论决策草案，行政首长最后发表意见"
    places = [row["place"] for row in case.speeches]
    return any(row.get("head") and row["place"] == max(places) for row in case.speeches)


@rule("D33", R713[30].kuan(2))
def departing_has_reasons(case: MatterFacts) -> bool:
    "行政首长拟作出的决定与会议组成人员多数人的意见不一致的，应当在会上说明理由；发言记录为同意{agreed}人，不同意和保留意见{not_agreed}人，请选择不一致并写明理由"
    return not case.departs_from_most or bool(case.departs_reason.strip())


@rule("D34", R713[30].kuan(1))
def was_adopted_in_the_meeting(case: MatterFacts) -> bool:
    "重大行政决策应当在集体讨论的基础上作出；本件讨论结果不是通过，不能作出决定"
    return case.outcome == "adopted" and case.meeting in STATUTORY


@rule("D35", R713[30].kuan(1))
def decided_after_the_meeting(case: MatterFacts) -> bool:
    "决定应当在集体讨论的基础上作出；作出决定日期{decided_on}早于会议日期{meeting_on}，或者晚于今天"
    return case.meeting_on <= case.decided_on <= case.on


@rule("D75", R713[31])
def party_answered_what_was_asked(case: MatterFacts) -> bool:
    "批复日期{party_answered_on}应当不早于请示日期{party_asked_on}，也不晚于今天"
    return case.party_asked_on <= case.party_answered_on <= case.on


@rule("D76", R713[32])
def published_after_the_decision(case: MatterFacts) -> bool:
    "公布日期{published_on}应当不早于作出决定日期{decided_on}，也不能晚于今天"
    return case.decided_on <= case.published_on <= case.on


@rule("D36", R713[31])
def party_was_asked_first(case: MatterFacts) -> bool:
    "重大行政决策出台前应当按照规定向同级党委请示报告；批复日期晚于作出决定日期"
    return case.is_exempted("T22") or case.party_answered_on <= case.decided_on


@rule("D37", R713[32], severity=WARN)
def published_where_people_look(case: MatterFacts) -> bool:
    "重大行政决策应当通过本级人民政府公报、政府网站以及在本行政区域内发行的报纸等途径公布"
    return case.published_in >= {"gazette", "portal"} or case.published_in >= {"newspaper", "portal"}


@rule("D38", R713[36].kuan(1))
def evaluation_was_triggered(case: MatterFacts) -> bool:
    "没有启动决策后评估"
    return case.evaluation_trigger != "none"


@rule("D39", R713[36].kuan(2))
def evaluator_is_another(case: MatterFacts) -> bool:
    "决策后评估可以委托第三方进行，决策作出前承担主要论证评估工作的单位除外"
    return not case.evaluator_was_assessor


@rule("D77", R713[36].kuan(2))
def evaluator_did_not_assess(case: MatterFacts) -> bool:
    "{evaluator}在决策作出前承担过论证评估工作，不能受委托开展决策后评估"
    return not case.evaluator_assessed_before


@rule("D78", R713[37])
def execution_is_not_suspended(case: MatterFacts) -> bool:
    "本事项已经中止执行；请先登记恢复执行或者调整的决定，再办结"
    return case.changed != "suspended"


@rule("D79", R713[37])
def major_change_is_not_passed_over(case: MatterFacts) -> bool:
    "已经决定作重大调整，应当依照条例履行相关法定程序；不再调整的，请登记恢复执行"
    return not case.major_is_pending or case.changed in {"major", "none"}


@rule("D80", R713[3].kuan(3))
def removal_was_agreed_first(case: MatterFacts) -> bool:
    "目录的调整经同级党委同意后向社会公布；公布日期不得早于同意日期，也不得晚于今天"
    return case.removal_party_on <= case.removal_published_on <= case.on


@rule("D40", R713[37])
def major_change_ran_again(case: MatterFacts) -> bool:
    "需要作出重大调整的，应当依照条例履行相关法定程序；请先以本事项提出新的决策事项，并登记它的案件编号"
    return case.changed != "major" or bool(case.rerun_case.strip())


@rule("D61", R713[37])
def change_is_major(case: MatterFacts) -> bool:
    "没有作出重大调整的决定"
    return case.changed == "major"


@rule("D59", R713[37])
def rerun_was_carried_from_here(case: MatterFacts) -> bool:
    "案件{rerun_case}不是由本事项提出的决策事项；请在决策事项页面以本事项提出新的决策事项，再登记它的案件编号"
    return case.rerun_carries


@rule("D60", R713[37])
def may_carry_on(case: MatterFacts) -> bool:
    "{carried_from}没有作出重大调整的决定，或者不由本单位承办，或者已经重新履行程序；不是重大调整的，案件编号不填"
    return not case.carried_from.strip() or case.carried_ready


@rule("D41", R713[14], R713[19], R713[22])
def exemptions_fit_the_matter(case: MatterFacts) -> bool:
    "拟不适用的环节与本事项的情况不符：{contradicted}；请按实际情况办理该环节，或者先更正参与方案"
    return not case.contradicting


@rule("D42", R713[14])
def exempts_only_what_may_be(case: MatterFacts) -> bool:
    "只有已经提出不适用申请并附理由的环节才可以确认不适用"
    return case.exempted <= {row["template"] for row in case.exemptions} & set(EXEMPTABLE)


@rule("D54", R713[14])
def exemptions_were_asked(case: MatterFacts) -> bool:
    "没有提出不适用的环节"
    return bool(case.exemptions)


@rule("D43", R713[13])
def departments_are_owed(case: MatterFacts) -> bool:
    "部门协商经确认不适用"
    return not case.is_exempted("T05")


@rule("D44", R713[14].kuan(1), R713[15])
def consultation_is_owed(case: MatterFacts) -> bool:
    "公开征求意见不适用：本事项依法不予公开，或者已经确认不适用"
    return case.open_matter and not case.is_exempted("T07")


@rule("D45", R713[18])
def feedback_is_owed(case: MatterFacts) -> bool:
    "意见处理不适用：本事项依法不予公开，或者已经确认不适用"
    return case.open_matter and not case.is_exempted("T11")


@rule("D46", R713[14].kuan(3))
def talks_are_owed(case: MatterFacts) -> bool:
    "与特定群体沟通经确认不适用"
    return not case.is_exempted("T08")


@rule("D47", R713[16])
def hearing_is_owed(case: MatterFacts) -> bool:
    "听证经确认不适用"
    return not case.is_exempted("T09", "T10")


@rule("D48", R713[19])
def experts_are_owed(case: MatterFacts) -> bool:
    "专家论证经确认不适用"
    return not case.is_exempted("T12", "T13", "T14")


@rule("D49", R713[22])
def assessment_is_owed(case: MatterFacts) -> bool:
    "风险评估经确认不适用"
    return not case.is_exempted("T15", "T16")


@rule("D50", R713[31])
def party_report_is_owed(case: MatterFacts) -> bool:
    "向同级党委请示报告经确认不适用"
    return not case.is_exempted("T22")


@rule("D51", R713[32])
def publication_is_owed(case: MatterFacts) -> bool:
    "本事项依法不予公开，或者公布经确认不适用"
    return case.open_matter and not case.is_exempted("T23")


@rule("D52", COMPETITION[14], R713[29].xiang(1))
def competition_was_reviewed(case: MatterFacts) -> bool:
    "决策草案涉及市场主体经济活动的，上会材料应当包含公平竞争审查的有关情况"
    return not case.market or "competition" in case.meeting_materials
