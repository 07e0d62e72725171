"""重大行政决策:公布、执行、调整、归档、督办(条例第三十二条至第三十七条);之前的环节见 forming、branches、deciding。"""

from __future__ import annotations

from yifa.decisions import branch_rules as b
from yifa.decisions import rules as r
from yifa.decisions.forms import declared as forms
from yifa.decisions.procedures.deciding import Deciding
from yifa.decisions.procedures.words import GAZETTE, GOVERNMENT, LEADER, OFFICER, PUBLISHING, SUPERVISOR, approval
from yifa.decisions.rules import DISCLOSURE, R713
from yifa.kernel.calendar.terms import param
from yifa.procedures.core import Step, Who
from yifa.procedures.fields import CHOICE, CHOICES, DATE, FILES, LONG, NUMBER, ROWS, TEXT, YES_NO, Field


class MajorDecision(Deciding):
    """县级以上地方人民政府作出和调整重大行政决策，应当按照本程序办理；部门和乡镇参照执行。"""

    key = "major_decision"
    title = "重大行政决策"
    version = "2019-09-01"
    code = "31"

    publish = Step(
        "公布和解读",
        (R713[32], DISCLOSURE[26]),
        by=GAZETTE,
        after=Deciding.decide,
        when=r.publication_is_owed,
        within=param("重大行政决策公布期限"),
        starts=Deciding.decide,
        needs=(r.secrecy_was_reviewed, r.published_after_the_decision, r.published_where_people_look, b.publication_is_told_soon),
        asks=(
            *PUBLISHING,
            Field("published_on", "公布日期", DATE, group="公布"),
            Field(
                "published_in",
                "公布途径",
                CHOICES,
                choices=(("gazette", "政府公报"), ("portal", "政府网站"), ("newspaper", "报纸")),
                group="公布",
            ),
            Field(
                "published_text",
                "公布的正文",
                LONG,
                required=False,
                help="不填的，以作出决定时的正文为准；有依法不予公开的内容的，写删去该内容以后的正文",
                group="公布",
            ),
            Field("interpretation", "解读", LONG, group="解读"),
            Field("interpreted_on", "解读日期", DATE, past=True, group="解读"),
            Field("tells_adoption", "说明了公众意见、专家论证意见的采纳情况", YES_NO, group="解读"),
        ),
        gives=forms.DECISION,
        also=(forms.INTERPRETATION,),
        publishes=True,
        verb="公布",
        status="已公布",
    )
    plan_execution = Step(
        "明确执行单位和任务",
        R713[34],
        by=GOVERNMENT,
        after=Deciding.decide,
        needs=(b.tasks_follow_the_decision,),
        asks=(
            Field(
                "executors",
                "执行单位和任务",
                ROWS,
                columns=(Field("body", "执行单位"), Field("task", "任务", LONG), Field("due_on", "完成时限", DATE)),
            ),
        ),
        verb="下达执行任务",
        status="执行中",
    )
    report_progress = Step(
        "报告执行情况",
        R713[34],
        by=OFFICER,
        after=plan_execution,
        asks=(
            Field(
                "reports",
                "执行报告",
                ROWS,
                columns=(
                    Field("body", "执行单位"),
                    Field("due_on", "应报日期", DATE),
                    Field("reported_on", "报告日期", DATE, required=False, past=True),
                    Field("content", "进展", LONG, required=False),
                ),
            ),
        ),
        repeats=True,
        verb="登记执行报告",
    )
    report_problem = Step(
        "报告执行中的问题",
        R713[35].kuan(1),
        by=OFFICER,
        after=plan_execution,
        asks=(
            Field(
                "problem_kind",
                "情形",
                CHOICE,
                choices=(
                    ("problem", "决策存在问题"),
                    ("changed", "客观情况发生重大变化"),
                    ("force_majeure", "不可抗力"),
                    ("public", "公众意见建议"),
                ),
            ),
            Field("problem_found", "具体情况和建议", LONG),
        ),
        repeats=True,
        optional=True,
        verb="报告问题",
    )
    adjust = Step(
        "调整或者中止执行",
        R713[37],
        by=LEADER,
        after=plan_execution,
        asks=(
            Field(
                "changed",
                "决定",
                CHOICE,
                choices=(("minor", "一般调整"), ("major", "重大调整"), ("suspended", "情况紧急，先行中止执行"), ("none", "恢复执行")),
            ),
            Field("changed_reason", "理由", LONG),
            Field("changed_files", "决定文件", FILES),
        ),
        needs=(r.major_change_is_not_passed_over, b.there_is_something_to_resume),
        gives=forms.ADJUSTMENT,
        repeats=True,
        optional=True,
        sets={"rerun_case": ""},
        verb="登记决定",
        status="执行有调整",
    )
    rerun = Step(
        "重新履行程序",
        R713[37],
        by=OFFICER,
        after=adjust,
        when=r.change_is_major,
        needs=(r.rerun_was_carried_from_here,),
        asks=(
            Field(
                "rerun_case",
                "重新履行程序的案件编号",
                TEXT,
                help="重大调整作为新的决策事项重新履行程序；先在本事项的决策页面“提出新的决策事项”",
            ),
        ),
        repeats=True,
        verb="登记",
        status="已重新履行程序",
    )
    trigger_evaluation = Step(
        "决定是否开展后评估",
        R713[36].kuan(1),
        by=LEADER,
        after=plan_execution,
        asks=(
            Field(
                "evaluation_trigger",
                "情形",
                CHOICE,
                choices=(
                    ("none", "不需要评估"),
                    ("effect", "实施后明显未达到预期效果"),
                    ("opinions", "公民、法人或者其他组织提出较多意见"),
                    ("organ", "决策机关认为有必要"),
                ),
            ),
        ),
        verb="登记决定",
    )
    evaluate = Step(
        "决策后评估",
        R713[36],
        by=OFFICER,
        after=trigger_evaluation,
        when=r.evaluation_was_triggered,
        needs=(r.evaluator_is_another, r.evaluator_did_not_assess),
        asks=(
            Field("evaluator", "评估主体", TEXT),
            Field("evaluator_was_assessor", "在决策作出前承担过主要论证评估工作", YES_NO),
            Field("evaluation_public", "听取社会公众意见的情况", LONG),
            Field("evaluation_conclusion", "评估结论", LONG),
            Field("evaluation_used", "结果的运用", LONG),
        ),
        gives=forms.EVALUATION,
        verb="登记后评估",
        status="已后评估",
    )
    archive = Step(
        "归档",
        R713[33],
        by=OFFICER,
        after=(Deciding.decide, publish),
        within=param("重大行政决策归档期限"),
        starts=Deciding.decide,
        asks=(
            Field("archived", "已归档的材料", CHOICES, choices=forms.ARCHIVED),
            Field("archive_pages", "页数", NUMBER),
            Field("archive_keeping", "保管期限", CHOICE, choices=(("permanent", "永久"), ("thirty", "三十年"), ("ten", "十年"))),
        ),
        gives=forms.ARCHIVE_LIST,
        also=(forms.RESPONSIBILITY,),
        verb="归档",
        status="已归档",
    )
    close = Step(
        "办结",
        (R713[33], R713[34]),
        by=Who(("officer", "head")),
        after=(archive, report_progress, trigger_evaluation, evaluate, rerun),
        needs=(r.major_change_ran_again, r.execution_is_not_suspended),
        asks=(Field("close_note", "办结说明", LONG, required=False),),
        ends=True,
        verb="办结",
        status="已办结",
    )
    withdraw_matter = Step(
        "调出目录，终止办理",
        R713[3].kuan(3),
        by=LEADER,
        after=Deciding.enter,
        needs=(r.secrecy_was_reviewed, r.removal_was_agreed_first),
        asks=(
            Field("removal_reason", "理由", LONG),
            *approval("removal"),
            *PUBLISHING,
            Field("removal_published_on", "向社会公布调整日期", DATE, group="公布"),
        ),
        bare=True,
        gives=forms.REMOVAL,
        until="decide",
        ends=True,
        optional=True,
        verb="调出目录",
        status="已调出目录",
    )
    supervise = Step(
        "督办",
        R713[8].kuan(2),
        by=SUPERVISOR,
        after=Deciding.propose,
        asks=(
            Field("supervised_point", "督办环节", CHOICE, choices=forms.POINTS),
            Field("supervised_for", "督办事项和要求", LONG),
        ),
        gives=forms.SUPERVISION_NOTICE,
        repeats=True,
        optional=True,
        outlives=True,
        verb="发出督办通知",
    )
    answer_supervision = Step(
        "答复督办",
        R713[39],
        by=Who(("officer", "head")),
        after=supervise,
        within=param("重大行政决策督办答复期限"),
        asks=(Field("supervision_answer", "整改和答复", LONG), Field("supervision_files", "证明材料", FILES, required=False)),
        repeats=True,
        optional=True,
        outlives=True,
        verb="答复",
    )
