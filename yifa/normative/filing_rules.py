"""Rules on reviewing filed documents (备案审查). The docstring is what the reviewer or the maker reads when the rule is broken.

法规规章备案审查条例 binds 规章; by its article 25 the governments review other documents of general force by the same pattern.
备案审查 is not 合法性审核 (before a document is issued) nor 法制审核 (of enforcement decisions).
"""

from __future__ import annotations

from yifa.kernel.citing import Law
from yifa.normative.cases.filing import CORRECTED, MINOR, PROBLEM, FilingFacts
from yifa.normative.rules import APL, BUSINESS, COERCION, GB37, LICENSING, M262
from yifa.procedures.core import WARN, Rule, rule

FILING = Law("法规规章备案审查条例", "2024-08-30")
LEGISLATION = Law("立法法", "2023-03-13")
LONGEST_EXTENSION = 60


@rule("B01", GB37[10], FILING[25])
def was_handed_in(case: FilingFacts) -> bool:
    "应当从制定机关已经报送备案的文件中选择；没有报送的，应当通知制定机关限期报送"
    return case.filed is not None and case.filed.filed_on is not None


@rule("B02", GB37[10], FILING[25])
def is_addressed_here(case: FilingFacts) -> bool:
    "政府的规范性文件报上一级政府备案，部门的规范性文件报本级政府备案；这份文件不由本机关审查"
    return case.filed is not None and case.filed.addressed


@rule("B03", FILING[9])
def is_not_yet_reviewed(case: FilingFacts) -> bool:
    "这份文件已经接收，不重复立卷；请在办案列表中查找"
    return case.filed is not None and not case.filed.dossier


@rule("B04", FILING[8], FILING[9], severity=WARN)
def materials_are_complete(case: FilingFacts) -> bool:
    "报送材料不齐全（缺{missing_materials}）的，应当暂缓登记，通知制定机关补正；确实不需要这些材料的，请写明理由"
    return not case.missing_materials


@rule("B05", FILING[9])
def no_supplement_is_awaited(case: FilingFacts) -> bool:
    "已经通知制定机关补正，补正以前暂缓办理备案登记；逾期不补正的，可以催办"
    return "supplement_answer" not in case.owed


@rule("B06", FILING[9])
def was_told_to_supplement(case: FilingFacts) -> bool:
    "没有通知补正，不需要补充报送"
    return case.supplemented


@rule("B21", FILING[9])
def a_supplement_is_awaited(case: FilingFacts) -> bool:
    "已经补充报送，没有新的补正通知，不需要再次报送"
    return "supplement_answer" in case.owed


@rule("B07", FILING[13], LEGISLATION[107])
def findings_say_why(case: FilingFacts) -> bool:
    "审查发现问题或者瑕疵的事项，应当写明条款、问题和依据；还没有写的有：{bare}"
    return not case.bare


def changes_are_explained(level: int) -> Rule:
    """Each level sees the answers of the one below; it confirms them, or changes them and says why."""

    def test(case: FilingFacts) -> bool:
        return not case.unexplained[level]

    test.__doc__ = f"与下一级意见不同的事项，应当写明理由；还没有写的有：{{unexplained[{level}]}}"
    return rule("B08", FILING[13])(test)


def what_is_reserved_is_a_problem(level: int) -> Rule:
    """罚款、许可、强制 in a normative document are beyond its powers, whatever else is thought of it."""

    def test(case: FilingFacts) -> bool:
        own = case.of(level)
        return not own.found or own.answers.get("powers") == PROBLEM

    test.__doc__ = "规范性文件不得设定行政处罚、行政许可、行政强制和行政收费等事项；已经发现的，“是否超越权限”应当答“有问题”"
    return rule("B09", APL[16], LICENSING[17], COERCION[10], GB37[1])(test)


def proposal_fits(level: int) -> Rule:
    """A and B say that nothing is unlawful; A says that nothing is to be mended either; D, E and F need something to correct."""

    def test(case: FilingFacts) -> bool:
        own = case.of(level)
        has_problem = bool(own.answered(PROBLEM) or own.found)
        if own.proposal in CORRECTED:
            return has_problem
        return not (own.proposal in {"A", "B"} and has_problem) and not (own.proposal == "A" and own.answered(MINOR))

    test.__doc__ = (
        "处理意见应当与各项审查意见相符：有问题的，不能准予备案；有瑕疵的，备案时应当提醒；没有发现问题的，不提出纠正、停止执行或者撤销"
    )
    return rule("B10", FILING[18], LEGISLATION[107])(test)


@rule("B11", FILING[18])
def conclusion_is_the_final_opinion(case: FilingFacts) -> bool:
    "审查结论应当与终审意见一致；终审意见为{final.proposal}"
    return case.conclusion == case.final.proposal


@rule("B12", LEGISLATION[107], FILING[18])
def correction_has_its_ground(case: FilingFacts) -> bool:
    "要求纠正、停止执行或者撤销的，应当写明条款和法定情形（超越权限，违反上位法，规定不一致，不适当，违背法定程序）"
    return case.conclusion not in CORRECTED or (bool(case.clauses.strip()) and bool(case.legal_ground))


@rule("B13", FILING[18], FILING[21])
def correction_is_ordered(case: FilingFacts) -> bool:
    "审查结论没有要求补正或者纠正，不需要通知"
    return case.conclusion in {*CORRECTED, "C"}


@rule("B14", FILING[21])
def notice_is_due(case: FilingFacts) -> bool:
    "已经发出通知，请等待制定机关报送结果，或者先核验已经报送的结果；已经完成纠正的，不再通知"
    return not case.owed & {"correct_result", "verify"} and not case.is_settled


@rule("B15", FILING[21], FILING[9])
def a_result_is_awaited(case: FilingFacts) -> bool:
    "已经报送处理结果，没有新的通知，不需要再次报送"
    return "correct_result" in case.owed


@rule("B16", FILING[21])
def a_result_was_handed_in(case: FilingFacts) -> bool:
    "制定机关还没有报送处理结果，或者已经核验"
    return "verify" in case.owed


@rule("B17", FILING[23])
def correction_is_overdue(case: FilingFacts) -> bool:
    "制定机关报送处理结果的期限还没有届满，或者已经报送，不能通报"
    return "correct_result" in case.overdue


@rule("B18", FILING[21], M262[2])
def everything_is_settled(case: FilingFacts) -> bool:
    "制定机关还没有完成纠正或者纠正结果还没有核验，不能归档"
    return case.is_settled


@rule("B19", FILING[11])
def extension_is_measured(case: FilingFacts) -> bool:
    "情况疑难复杂的，可以适当延长一次，延长不超过六十日；本次申请延长{extension_days}日"
    return 1 <= case.extension_days <= LONGEST_EXTENSION


@rule("B20", LEGISLATION[108], BUSINESS[64].kuan(1))
def revocation_is_not_ahead(case: FilingFacts) -> bool:
    "撤销或者改变的决定应当已经作出，决定日期不能晚于今天"
    return all(day is None or day <= case.on for day in (case.decided_on, case.revoked_on))
