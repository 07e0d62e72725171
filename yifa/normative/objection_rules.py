"""Rules on objections to documents (O…) and on their review beside a reconsideration (I…). The docstring is what the handler reads.

异议审查 follows 法规规章备案审查条例 12 and 规章制定程序条例 35 by analogy (25, 36); 附带审查 is 行政复议法 56 to 60. Neither is
备案审查 nor 合法性审核: a citizen asks for the one, somebody who wants an administrative act reconsidered for the other.
"""

from __future__ import annotations

from yifa.kernel.citing import Law
from yifa.normative.cases.filing import CORRECTED, FilingFacts
from yifa.normative.cases.objection import UNLAWFUL, IncidentalFacts, ObjectionFacts
from yifa.normative.filing_rules import FILING, LEGISLATION
from yifa.normative.rules import DISCLOSURE, GB37
from yifa.normative.standing_rules import RULEMAKING
from yifa.procedures.core import WARN, rule
from yifa.procedures.known import is_known

RECONSIDERATION = Law("行政复议法", "2023-09-01")
CHANGED = frozenset({"amended", "repealed", "stopped"})


class Reviewed(ObjectionFacts, FilingFacts):
    """What these rules see of an objection: the objection, and the review as in a filing."""


class Beside(IncidentalFacts, ObjectionFacts, FilingFacts):
    """What these rules see of a review beside a reconsideration."""


@rule("O01", FILING[12], RULEMAKING[35])
def was_sent_here(case: ObjectionFacts) -> bool:
    "应当从向本机关提出、或者转送本机关的异议中选择；信函、当面提出的，先在“异议”中登记"
    return case.objected is not None and case.objected.addressed


@rule("O02", FILING[12])
def is_not_yet_received(case: ObjectionFacts) -> bool:
    "这件异议已经接收，不重复立卷；请在办案列表中查找"
    return case.objected is not None and not case.objected.taken


@rule("O03", FILING[25], GB37[10])
def is_within_supervision(case: ObjectionFacts) -> bool:
    "文件不是本级政府及其部门、下级机关制定的，不属于本机关监督的范围，不能受理；请转送有权的机关，并告知异议人"
    return case.in_territory


@rule("O04", FILING[25], severity=WARN)
def document_stands(case: ObjectionFacts) -> bool:
    "文件已经终止，一般不再审查；因适用该文件的处理仍然存在等原因需要审查的，请写明理由"
    return not case.ended_before


@rule("O05", FILING[25])
def goes_on_to_another(case: ObjectionFacts) -> bool:
    "应当转送没有办理过这件异议的其他机关，不能退转"
    return case.objected is not None and case.forward_to not in case.objected.bodies


@rule("O06", FILING[14], severity=WARN)
def maker_was_heard(case: FilingFacts) -> bool:
    "制定机关还没有说明，期限也没有届满；先提出审查意见的，请写明理由"
    return "explain" not in case.owed or "explain" in case.overdue


@rule("O07", DISCLOSURE[26], GB37[8])
def document_was_changed(case: FilingFacts) -> bool:
    "文件没有停止执行、撤销、修改或者废止，不需要公布处理结果"
    ordered = case.conclusion in {"E", "F"} or case.revoked_on is not None
    return ordered or (case.conclusion in CORRECTED and case.accepted and case.result in CHANGED)


@rule("O08", DISCLOSURE[26])
def result_is_published(case: FilingFacts) -> bool:
    "文件已经停止执行、撤销、修改或者废止，公布处理结果以后才能归档"
    return "publish" not in case.owed


@rule("I01", RECONSIDERATION[39].kuan(1).xiang(9))
def suspension_is_not_ahead(case: IncidentalFacts) -> bool:
    "行政复议应当已经中止，中止日期不能晚于今天"
    return case.suspended_on <= case.on


@rule("I02", RECONSIDERATION[13])
def document_is_named(case: IncidentalFacts) -> bool:
    "没有在登记簿中找到所选的文件，请重新选择；登记簿中没有的，写明名称和制定机关"
    return not case.registered or case.in_register


@rule("I03", RECONSIDERATION[56], RECONSIDERATION[57])
def what_is_ours_is_registered(case: IncidentalFacts) -> bool:
    "本机关有权处理的文件应当先在登记簿补登，停止执行的条款才能向社会公开；本机关无权处理的，应当转送"
    return not case.competent or case.registered


@rule("I04", RECONSIDERATION[56], LEGISLATION[108], severity=WARN)
def competence_is_as_registered(case: Beside) -> bool:
    "有权处理的一般是本级政府及其部门、下级机关的文件；按登记簿，制定机关的层级与所选不符，请核对，确实如此的请写明理由"
    return not case.registered or case.competent == case.in_territory


@rule("I05", RECONSIDERATION[56])
def is_competent(case: IncidentalFacts) -> bool:
    "本机关无权处理这份文件，应当在七日内转送有权处理的机关"
    return case.competent


@rule("I06", RECONSIDERATION[56])
def is_not_competent(case: IncidentalFacts) -> bool:
    "本机关有权处理这份文件，应当在三十日内依法处理，不转送"
    return not case.competent


@rule("I07", RECONSIDERATION[60])
def is_forwarded_here(case: IncidentalFacts) -> bool:
    "接受转送的机关不在本平台办理，收到其处理意见以后登记"
    return case.forwarded_here


@rule("I08", RECONSIDERATION[60])
def is_forwarded_elsewhere(case: IncidentalFacts) -> bool:
    "由接受转送的机关在本平台回复处理意见"
    return case.forwarded_elsewhere


@rule("I09", RECONSIDERATION[58].kuan(1), severity=WARN)
def maker_has_answered(case: FilingFacts) -> bool:
    "制定机关还没有书面答复，十日的期限也没有届满；先提出审查意见的，请写明理由"
    return "answer" not in case.owed or "answer" in case.overdue


@rule("I10", RECONSIDERATION[61].kuan(1))
def a_change_is_explained(case: IncidentalFacts) -> bool:
    "处理决定与承办人的审查意见不同，应当写明理由"
    return case.finding == case.examined or bool(case.differs.strip())


@rule("I11", RECONSIDERATION[60])
def reply_is_not_ahead(case: IncidentalFacts) -> bool:
    "处理意见应当已经作出，日期不能晚于今天"
    return case.replied_on is None or case.replied_on <= case.on


@rule("I12", RECONSIDERATION[59])
def correction_is_ours(case: IncidentalFacts) -> bool:
    "没有条款停止执行，或者由平台以外的机关处理，不需要在这里责令纠正"
    return case.finding == UNLAWFUL and not case.forwarded_elsewhere


@rule("I13", RECONSIDERATION[59])
def order_is_due(case: FilingFacts) -> bool:
    "已经责令纠正，请等待制定机关报送结果，或者先核验已经报送的结果；已经完成纠正的，不再责令"
    return not case.owed & {"correct_result", "verify"} and not case.accepted


@rule("I14", RECONSIDERATION[39].kuan(2))
def resumption_is_not_ahead(case: IncidentalFacts) -> bool:
    "恢复审理的日期不能早于中止日期，也不能晚于今天"
    return case.resumed_on is None or case.suspended_on <= case.resumed_on <= case.on


@rule("I15", RECONSIDERATION[59])
def everything_is_corrected(case: Beside) -> bool:
    "制定机关还没有完成纠正或者纠正结果还没有核验，不能归档"
    return case.finding != UNLAWFUL or case.forwarded_elsewhere or case.accepted


@rule("I16", RECONSIDERATION[60])
def what_is_forwarded_here_is_registered(case: IncidentalFacts) -> bool:
    "转送在本平台办理的机关，文件应当先在登记簿补登；没有登记的，按“其他机关”转送，收到处理意见以后登记"
    return case.forward_way != "here" or case.registered


@rule("I17", RECONSIDERATION[41])
def is_not_decided(case: IncidentalFacts) -> bool:
    "已经作出处理决定或者收到处理意见，应当登记恢复审理后归档，不能终止"
    return not is_known(case.finding)
