"""Rules on documents that stand in the register: who may propose what, and what may be decided on them. Codes S01…"""

from __future__ import annotations

from yifa.kernel.citing import Law
from yifa.normative.cases.making import MakingFacts
from yifa.normative.cases.standing import StandingFacts
from yifa.normative.rules import GB115, M262
from yifa.procedures.core import rule

# 36: bodies without the power to make 规章 follow it by analogy; 37 清理, 38 评估, 39 修改和废止.
RULEMAKING = Law("规章制定程序条例", "2017-12-22")


class Standing(StandingFacts, MakingFacts):
    """What these rules see of a case: the document and, from its making, review and meeting."""


@rule("S01", RULEMAKING[36], RULEMAKING[38])
def document_is_ones_own(case: StandingFacts) -> bool:
    "有效期评估和清理由制定机关提出；这份文件不在登记簿中，或者不是本机关制定的"
    return case.subject is not None and case.subject.own


@rule("S02", RULEMAKING[36], RULEMAKING[39])
def document_has_not_ended(case: StandingFacts) -> bool:
    "这份文件已经终止，不能再作决定；需要恢复的，应当重新制定"
    return case.subject is not None and (case.subject.ended_on is None or case.subject.ended_on > case.on)


@rule("S06", M262[2])
def is_extended(case: StandingFacts) -> bool:
    "决定不是延续有效期，不需要确定延续的年数"
    return case.decided == "extend"


@rule("S03", M262[2])
def extension_is_measured(case: StandingFacts) -> bool:
    "延续的有效期应当写明，最长{longest}年；名称中有“暂行”“试行”的最长二年"
    return 1 <= case.extend_years <= case.longest


@rule("S04", GB115[3])
def what_stays_is_lawful(case: Standing) -> bool:
    "司法行政部门认为不合法的文件，不得延续"
    return case.decided != "extend" or case.legality_opinion != "unlawful"


@rule("S05", M262[2])
def validity_has_not_run_out(case: StandingFacts) -> bool:
    "有效期届满前没有公布延续决定的，文件自动失效，不能延续；请重新制定"
    subject = case.subject
    return case.decided != "extend" or (subject is not None and (subject.valid_until is None or case.published_on < subject.valid_until))


@rule("S07", RULEMAKING[36], RULEMAKING[37])
def is_on_an_open_list(case: StandingFacts) -> bool:
    "这份文件不在本机关尚待清理的名单上，或者已经由另一案卷办理"
    return case.cleanup_open and case.subject is not None and case.subject.own


@rule("S08", RULEMAKING[37])
def proposal_is_confirmed(case: StandingFacts) -> bool:
    "司法行政部门没有确认继续有效的文件，不得列入继续有效的名单；请修改、废止或者宣布失效"
    return case.decided != "keep" or case.confirmed == "keep"


@rule("S09", RULEMAKING[37])
def ground_is_stated(case: StandingFacts) -> bool:
    "建议修改、废止或者宣布失效的，应当写明依据的规定或者已经消失的调整对象"
    return case.proposal == "keep" or bool(case.ground.strip())


@rule("S10", RULEMAKING[36], RULEMAKING[39])
def revision_has_time(case: Standing) -> bool:
    "决定修改的，应当确定修改完成的期限，期限应当晚于会议日期"
    return case.decided != "amend" or case.revise_by > case.meeting_on
