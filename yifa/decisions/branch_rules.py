"""Rules on what the branches and the acts after them tell: experts and their opinions, assessments there are, days told long afterwards.

As `rules.py`, whose codes these go on with: the docstring is what is read when the rule is broken.
"""

from __future__ import annotations

from yifa.decisions.case import SOON, TOLD_DAYS, MatterFacts, told_late
from yifa.decisions.rules import R713
from yifa.kernel.citing import Article
from yifa.procedures.core import WARN, Rule, rule


@rule("D97", R713[20])
def each_expert_once(case: MatterFacts) -> bool:
    "同一单位的同一专家在一个领域只列一次：{chosen_twice}"
    return not case.chosen_twice


@rule("D82", R713[20])
def belonging_is_told(case: MatterFacts) -> bool:
    "{belonging_untold}的工作单位就是决策承办单位，“隶属于承办单位”应当填写“是”"
    return not case.belonging_untold


@rule("D83", R713[19].kuan(1), severity=WARN)
def fees_are_plausible(case: MatterFacts) -> bool:
    "论证费用按元填写，一般每人不超过100000元；请核对，确实超过的，说明理由：{overpaid}"
    return not case.overpaid


@rule("D84", R713[19].kuan(2))
def each_gave_one_opinion(case: MatterFacts) -> bool:
    "每位专家、专业机构一份书面论证意见；多出来的：{heard_twice}"
    return not case.heard_twice


@rule("D85", R713[29].xiang(3))
def answers_are_to_opinions(case: MatterFacts) -> bool:
    "采纳情况应当逐条对应已经登记的论证意见；没有提出论证意见的：{answered_unheard}"
    return not case.answered_unheard


@rule("D86", R713[29].xiang(3))
def refused_points_have_reasons(case: MatterFacts) -> bool:
    "论证意见部分采纳、未采纳的，应当逐条说明理由；没有理由的：{refused_bare}"
    return not case.refused_bare


@rule("D87", R713[29].xiang(3), severity=WARN)
def every_opinion_is_followed_up(case: MatterFacts) -> bool:
    "每份论证意见都应当研究并登记处理情况；还没有的：{heard_unanswered}，请说明理由"
    return not case.heard_unanswered


@rule("D88", R713[22].kuan(2))
def existing_assessment_is_valid(case: MatterFacts) -> bool:
    "引用的评价、评估已经过了有效期，应当重新评估：{lapsed}"
    return case.existing_assessment != "linked" or not case.lapsed


@rule("D89", R713[22].kuan(2), severity=WARN)
def nothing_is_assessed_twice(case: MatterFacts) -> bool:
    "按照有关规定已对有关风险进行评价、评估的，不作重复评估；请引用原报告，或者说明重新评估的理由"
    return case.existing_assessment != "repeated" or case.all_lapsed


@rule("D90", R713[25].kuan(1))
def opinion_is_the_departments(case: MatterFacts) -> bool:
    "合法性审查不得以征求意见、会签等方式代替，应当由负责合法性审查的部门出具书面意见"
    return case.written_opinion


@rule("D91", R713[28])
def changes_are_named(case: MatterFacts) -> bool:
    "审查结论为修改后合法或者不合法的，应当写明需要修改、不合法的问题"
    return case.legality not in ("lawful_after_changes", "unlawful") or bool(case.review_points)


@rule("D92", R713[34])
def tasks_follow_the_decision(case: MatterFacts) -> bool:
    "执行任务的完成时限不应早于作出决定日期{decided_on}；请核对：{tasks_before}"
    return not case.tasks_before


@rule("D93", R713[37])
def there_is_something_to_resume(case: MatterFacts) -> bool:
    "本事项没有中止执行，也没有正在进行的重大调整，不需要恢复执行"
    return case.changed != "none" or case.changed_before in ("suspended", "major")


def _told_soon(code: str, step: str, what: str, *cites: Article) -> Rule:
    """A day told long after it is a late entry (补录) although the act itself is of today: a reason is asked for and kept with it."""

    def told(case: MatterFacts) -> bool:
        return not told_late(case, step)

    told.__doc__ = f"{what}{{{TOLD_DAYS[step]}}}距今天超过{SOON}日，属于事后登记；请写明理由，理由随记录保存，并在评分时标明"
    return rule(code, *cites, severity=WARN)(told)


meeting_is_told_soon = _told_soon("D94", "deliberate", "会议日期", R713[30].kuan(3))
decision_is_told_soon = _told_soon("D95", "decide", "作出决定日期", R713[30].kuan(1))
publication_is_told_soon = _told_soon("D96", "publish", "公布日期", R713[32])
