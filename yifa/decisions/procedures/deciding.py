"""合法性审查、集体讨论、作出决定(条例第三章)。"""

from __future__ import annotations

from yifa.decisions import branch_rules as b
from yifa.decisions import rules as r
from yifa.decisions.case import PACKAGE
from yifa.decisions.forms import declared as forms
from yifa.decisions.procedures.branches import Branches
from yifa.decisions.procedures.words import ANSWERS, EXEMPTED, GOVERNMENT, GROUNDS, JUSTICE, LEADER, NUMBER_LENGTH, OFFICER
from yifa.decisions.rules import R713
from yifa.kernel.calendar.terms import param
from yifa.procedures.core import Step
from yifa.procedures.fields import CHOICE, CHOICES, DATE, FILES, LONG, NUMBER, ROWS, TEXT, YES_NO, Field

# A draft handed in again, and one sent to review again, is reviewed and discussed anew (第二十五条第二款, 第三十条).
RENEWED = ("draft", "submit_review", "return_materials")


class Deciding(Branches):
    """From what is confirmed not to apply to the decision itself."""

    exempt = Step(
        "提出不适用的环节",
        (R713[14], R713[19], R713[22]),
        by=OFFICER,
        after=Branches.plan_participation,
        needs=(r.exemptions_fit_the_matter,),
        asks=(
            Field(
                "exemptions",
                "不适用的环节",
                ROWS,
                columns=(
                    Field("template", "环节", CHOICE, choices=EXEMPTED),
                    Field("ground", "理由", CHOICE, choices=GROUNDS),
                    Field("reason", "具体说明", LONG),
                ),
            ),
            Field("exemption_files", "证明材料", FILES),
        ),
        # What is asked anew takes the place of what was asked before, and waits for its own confirmation.
        sets={"exempted": []},
        repeats=True,
        optional=True,
        until="submit_review",
        verb="提出申请",
    )
    confirm_exemptions = Step(
        "确认不适用的环节",
        (R713[14], R713[19], R713[22]),
        by=JUSTICE,
        after=exempt,
        not_by=(exempt,),
        when=r.exemptions_were_asked,
        needs=(r.exempts_only_what_may_be,),
        asks=(
            Field("exempted", "确认不适用的环节", CHOICES, choices=EXEMPTED, help="没有选中的环节仍应当办理"),
            Field("exempted_note", "确认意见", LONG, required=False),
        ),
        repeats=True,
        until="submit_review",
        verb="确认",
    )
    submit_review = Step(
        "送请合法性审查",
        R713[26].kuan(1),
        by=OFFICER,
        after=(
            Branches.consult_departments,
            Branches.approve_closed,
            Branches.feed_back,
            Branches.talk_with_groups,
            Branches.hold_hearing,
            Branches.answer_experts,
            Branches.assess_risk,
            Branches.reassess_risk,
        ),
        needs=(r.review_materials_are_there,),
        asks=(
            Field(
                "review_materials",
                "送审材料",
                CHOICES,
                choices=(
                    ("draft", "决策草案"),
                    ("basis", "有关法律、法规、规章等依据"),
                    ("procedure", "履行决策法定程序的说明"),
                    ("public", "公众参与材料"),
                    ("experts", "专家论证材料"),
                    ("risk", "风险评估材料"),
                ),
            ),
            Field("review_files", "送审函和材料", FILES),
        ),
        repeats=True,
        until="decide",
        verb="送审",
        status="合法性审查中",
    )
    return_materials = Step(
        "退回或者要求补充材料",
        R713[26].kuan(1),
        by=JUSTICE,
        after=submit_review,
        asks=(Field("returned_for", "材料不符合要求之处", LONG),),
        optional=True,
        repeats=True,
        until="decide",
        verb="退回材料",
        status="材料退回补充",
    )
    accept_review = Step(
        "受理送审",
        R713[26],
        by=JUSTICE,
        after=submit_review,
        asks=(Field("accept_note", "受理意见", LONG, required=False),),
        repeats=True,
        until="decide",
        anew=RENEWED,
        verb="受理",
        status="合法性审查已受理",
    )
    review = Step(
        "合法性审查",
        (R713[25], R713[26].kuan(2), R713[27], R713[28]),
        by=JUSTICE,
        after=accept_review,
        not_by=(Branches.draft, submit_review),
        usual=param("重大行政决策合法性审查期限"),
        needs=(
            r.review_was_complete,
            r.lawyers_were_heard,
            r.exploratory_risks_are_told,
            b.opinion_is_the_departments,
            b.changes_are_named,
        ),
        asks=(
            Field(
                "reviewed_parts",
                "审查的内容",
                CHOICES,
                choices=(("power", "是否符合法定权限"), ("procedure", "是否履行法定程序"), ("content", "内容是否合法")),
            ),
            Field(
                "review_points",
                "审查意见",
                ROWS,
                required=False,
                columns=(
                    Field("clause", "条款", required=False),
                    Field("point", "问题", LONG),
                    Field("basis", "依据", required=False),
                    Field("advice", "建议", LONG, required=False),
                ),
                help="没有问题的不填",
            ),
            Field(
                "lawyers",
                "法律顾问、公职律师的意见",
                ROWS,
                columns=(
                    Field("name", "姓名"),
                    Field("kind", "身份", CHOICE, choices=(("adviser", "法律顾问"), ("public_lawyer", "公职律师"))),
                    Field("opinion", "法律意见", LONG),
                ),
            ),
            Field(
                "legality",
                "审查结论",
                CHOICE,
                choices=(
                    ("lawful", "合法"),
                    ("lawful_after_changes", "修改后合法"),
                    ("unlawful", "不合法"),
                    ("exploratory", "探索性改革，提示法律风险"),
                ),
            ),
            Field("review_risks", "法律风险提示", LONG, when=("legality", ("exploratory",))),
            Field("written_opinion", "由本部门出具书面意见，未以征求意见或者会签代替", YES_NO),
        ),
        gives=forms.LEGALITY_REVIEW,
        repeats=True,
        until="decide",
        anew=RENEWED,
        verb="出具合法性审查意见",
        status="已合法性审查",
    )
    handle_review = Step(
        "处理合法性审查意见",
        R713[28],
        by=OFFICER,
        after=review,
        asks=(
            Field(
                "handled_points",
                "逐条处理",
                ROWS,
                required=False,
                columns=(
                    Field("point", "审查意见", LONG),
                    Field("result", "处理", CHOICE, choices=ANSWERS),
                    Field("reason", "修改位置或者未采纳的理由", LONG),
                ),
            ),
        ),
        repeats=True,
        until="decide",
        anew=RENEWED,
        verb="登记处理情况",
        status="已处理审查意见",
    )
    prepare_meeting = Step(
        "提交决策机关讨论",
        R713[29],
        by=OFFICER,
        after=handle_review,
        needs=(r.review_was_passed, r.every_point_is_handled, r.risk_is_controllable, r.package_is_complete, r.competition_was_reviewed),
        asks=(
            Field("meeting_materials", "上会材料", CHOICES, choices=tuple(PACKAGE.items())),
            Field("package_files", "上会材料", FILES),
        ),
        repeats=True,
        until="decide",
        anew=RENEWED,
        verb="提交讨论",
        status="已提交讨论",
    )
    deliberate = Step(
        "集体讨论决定",
        R713[30],
        by=LEADER,
        after=prepare_meeting,
        needs=(
            r.review_was_passed,
            r.meeting_follows_the_opinion,
            r.meeting_was_held,
            r.meeting_is_the_statutory_one,
            r.more_than_half_were_present,
            r.only_those_present_spoke,
            r.each_spoke_in_turn,
            r.head_spoke_last,
            r.departing_has_reasons,
            b.meeting_is_told_soon,
        ),
        asks=(
            Field(
                "meeting",
                "会议类型",
                CHOICE,
                choices=(("standing", "常务会议"), ("plenary", "全体会议"), ("other", "专题会议、其他会议")),
                group="会议",
            ),
            Field("meeting_name", "会议名称", TEXT, group="会议"),
            Field("meeting_on", "会议日期", DATE, group="会议"),
            Field("entitled", "应到人数", NUMBER, group="会议"),
            Field("present", "实到人数", NUMBER, group="会议"),
            Field(
                "speeches",
                "会议组成人员的意见",
                ROWS,
                columns=(
                    Field("name", "姓名"),
                    Field("post", "职务"),
                    Field("place", "发言次序", NUMBER),
                    Field("opinion", "意见", CHOICE, choices=(("for", "同意"), ("against", "不同意"), ("reserve", "保留意见"))),
                    Field("said", "发言要点", LONG, help="不同意见应当如实载明"),
                    Field("head", "行政首长", YES_NO, required=False),
                ),
                group="发言",
                reserved=forms.SPEECH_READERS,
            ),
            Field(
                "outcome",
                "讨论结果",
                CHOICE,
                choices=(("adopted", "通过"), ("postponed", "再次讨论"), ("revise", "修改后再议"), ("rejected", "不通过")),
                group="结果",
            ),
            Field("departs", "行政首长的决定与多数人意见不一致", YES_NO, group="结果"),
            Field("departs_reason", "在会上说明的理由", LONG, when=("departs", (True,)), group="结果", reserved=forms.SPEECH_READERS),
            Field("recorder", "记录人", TEXT, group="结果"),
            Field("minutes_files", "会议纪要、会议记录", FILES, group="结果", reserved=forms.SPEECH_READERS),
        ),
        gives=forms.MINUTES,
        repeats=True,
        until="decide",
        anew=RENEWED,
        verb="登记讨论情况",
        status="已集体讨论",
    )
    report_party = Step(
        "向同级党委请示报告",
        R713[31],
        by=GOVERNMENT,
        after=deliberate,
        when=r.party_report_is_owed,
        needs=(r.party_answered_what_was_asked,),
        asks=(
            Field("party_asked_on", "请示日期", DATE),
            Field("party_answered_on", "批复日期", DATE),
            Field("party_number", "批复文号", TEXT, help="只登记文号和日期，不录入内容、不上传文件", longest=NUMBER_LENGTH),
        ),
        bare=True,
        repeats=True,
        until="decide",
        anew=RENEWED,
        verb="登记请示报告",
    )
    decide = Step(
        "作出决定",
        (R713[30].kuan(1), R713[24], R713[31]),
        by=LEADER,
        after=(deliberate, report_party),
        needs=(
            r.review_was_passed,
            r.was_adopted_in_the_meeting,
            r.risk_is_controllable,
            r.decided_after_the_meeting,
            r.party_was_asked_first,
            b.decision_is_told_soon,
        ),
        anew=RENEWED,
        asks=(
            Field("decided_on", "作出决定日期", DATE),
            Field("decision_number", "文号", TEXT, help="例如：包昆政发〔2026〕12号"),
            Field("decision_files", "决定文本", FILES, help="能读出文字的 Word（.docx）、PDF 文件，其正文印入公布稿；扫描件随附"),
            Field("decision_text", "决定正文", LONG, required=False, help="篇幅短的可以写在这里；不写的，以交存的决定文本为准"),
            Field("effective_on", "施行日期", DATE, required=False),
            Field("decision_signer", "签发人", TEXT, required=False, help="不填的，为主持集体讨论的行政首长"),
        ),
        verb="作出决定",
        status="已作出决定",
    )
