"""公众参与、专家论证、风险评估(条例第二章第二节至第四节):三个环节并行。"""

from __future__ import annotations

from yifa.decisions import branch_rules as b
from yifa.decisions import hearing_rules as h
from yifa.decisions import rules as r
from yifa.decisions.forms import declared as forms
from yifa.decisions.procedures.forming import Forming
from yifa.decisions.procedures.words import ANSWERS, DISCLOSER, LEVELS, MEDIA, OFFICER, ORGANISER
from yifa.decisions.rules import R713
from yifa.procedures.core import Step
from yifa.procedures.fields import CHOICE, CHOICES, DATE, FILES, LONG, NUMBER, ROWS, TEXT, YES_NO, Field

_LISTED_ON = Field("hearing_listed_on", "参加人名单公布日期", DATE, past=True, group="准备")
_PEOPLE = Field("hearing_people", "参加人", ROWS, columns=(Field("name", "姓名"), Field("side", "代表的一方")), group="准备")


class Branches(Forming):
    """The three branches that run beside one another; each is owed unless it was confirmed not to apply."""

    consult = Step(
        "向社会公开征求意见",
        R713[15],
        by=DISCLOSER,
        after=Forming.plan_participation,
        when=r.consultation_is_owed,
        needs=(r.draft_is_public, r.period_is_long_enough),
        asks=(
            Field("media", "公布途径", CHOICES, choices=MEDIA),
            Field("with_draft", "已附决策草案", YES_NO),
            Field("with_explanation", "已附说明", YES_NO),
        ),
        gives=forms.CONSULTATION_NOTICE,
        verb="已公布征求意见稿",
        status="征求意见中",
    )
    talk_with_groups = Step(
        "与特定群体沟通协商",
        R713[14].kuan(3),
        by=OFFICER,
        after=Forming.plan_participation,
        when=r.talks_are_owed,
        asks=(
            Field(
                "talks",
                "沟通协商",
                ROWS,
                columns=(
                    Field("group", "群体"),
                    Field("body", "人民团体、社会组织或者群众代表"),
                    Field("way", "方式"),
                    Field("on", "日期", DATE, past=True),
                    Field("people", "参加人数", NUMBER),
                    Field("points", "意见要点", LONG, required=False),
                    Field("handled", "处理情况", LONG, required=False),
                ),
            ),
            Field("talks_files", "座谈记录、签到", FILES),
        ),
        verb="登记沟通情况",
    )
    announce_hearing = Step(
        "发布听证公告",
        R713[16],
        by=DISCLOSER,
        after=Forming.plan_participation,
        when=r.hearing_is_owed,
        needs=(h.hearing_lies_ahead,),
        asks=(
            Field("hearing_on", "听证日期", DATE),
            Field("hearing_place", "地点", TEXT),
            Field("hearing_method", "参加人遴选办法", LONG),
        ),
        gives=forms.HEARING_NOTICE,
        verb="发布公告",
    )
    list_participants = Step(
        "公布听证参加人名单",
        R713[16].kuan(3),
        by=ORGANISER,
        after=announce_hearing,
        when=r.hearing_is_owed,
        needs=(h.list_comes_before_the_hearing,),
        asks=(_LISTED_ON, _PEOPLE),
        gives=forms.HEARING_LIST,
        repeats=True,
        optional=True,
        until="hold_hearing",
        verb="名单存卷",
    )
    hold_hearing = Step(
        "举行听证会",
        R713[17],
        by=OFFICER,
        after=announce_hearing,
        when=r.hearing_is_owed,
        needs=(h.hearing_was_held, h.hearing_was_announced_in_time, h.hearing_was_complete),
        asks=(
            _LISTED_ON,
            Field("hearing_sent_on", "材料送达日期", DATE, past=True, group="准备"),
            _PEOPLE,
            Field(
                "hearing_parts",
                "已履行的程序",
                CHOICES,
                choices=(
                    ("introduced", "介绍决策草案、依据和有关情况"),
                    ("stated", "参加人陈述意见"),
                    ("debated", "询问、质证和辩论"),
                    ("signed", "参加人确认记录并签字"),
                ),
                group="听证",
            ),
            Field("hearing_minutes", "听证记录", LONG, group="听证"),
            Field("hearing_report", "听证报告", LONG, group="结果"),
            Field("hearing_handled", "听证意见的处理", LONG, group="结果"),
            Field("hearing_files", "签字笔录、送达回证", FILES, group="结果"),
        ),
        gives=forms.HEARING_RECORD,
        also=(forms.HEARING_LIST,),
        verb="登记听证情况",
        status="已听证",
    )
    feed_back = Step(
        "归纳研究意见并反馈采纳情况",
        R713[18],
        by=OFFICER,
        after=consult,
        when=r.feedback_is_owed,
        needs=(r.draft_was_the_one_asked_about, r.period_is_over, r.every_opinion_is_answered),
        asks=(
            Field("classified", "已归类整理的意见数", NUMBER),
            Field("feedback_changes", "根据意见对草案的完善", LONG, required=False),
        ),
        gives=forms.ADOPTION_NOTICE,
        verb="意见处理完毕",
        status="已反馈意见",
    )
    appoint_experts = Step(
        "遴选专家、专业机构",
        R713[20],
        by=OFFICER,
        after=Forming.plan_participation,
        when=r.experts_are_owed,
        needs=(
            r.experts_have_no_interest,
            r.recused_stand_aside,
            r.drawn_means_drawn,
            b.each_expert_once,
            b.belonging_is_told,
            b.fees_are_plausible,
        ),
        asks=(
            Field(
                "experts",
                "专家、专业机构",
                ROWS,
                columns=(
                    Field("name", "姓名或者名称"),
                    Field("employer", "工作单位", required=False),
                    Field("field", "专业领域"),
                    Field("kind", "类别", CHOICE, choices=(("expert", "专家"), ("institution", "专业机构"))),
                    Field("source", "来源", CHOICE, choices=(("register", "专家库"), ("outside", "库外"))),
                    Field("interest", "有直接利害关系", YES_NO),
                    Field("belongs", "隶属于承办单位", YES_NO),
                    Field("drawn", "随机抽取", YES_NO, required=False),
                    Field("fee", "论证费用（元）", NUMBER, required=False),
                ),
            ),
            Field("experts_files", "遴选记录、利害关系声明", FILES),
        ),
        verb="确定专家",
    )
    argue = Step(
        "专家论证",
        (R713[19], R713[20].kuan(1)),
        by=OFFICER,
        after=appoint_experts,
        when=r.experts_are_owed,
        needs=(
            r.opinions_are_signed,
            r.opinions_are_of_the_chosen,
            b.each_gave_one_opinion,
            r.everybody_chosen_gave_an_opinion,
            r.argued_before_today,
        ),
        asks=(
            Field("argued_on", "论证日期", DATE),
            Field(
                "argued_way",
                "论证方式",
                CHOICE,
                choices=(("meeting", "论证会"), ("written", "书面咨询"), ("commission", "委托咨询论证")),
            ),
            Field(
                "opinions",
                "书面论证意见",
                ROWS,
                columns=(
                    Field("name", "专家、专业机构"),
                    Field("necessity", "论证必要性", YES_NO),
                    Field("feasibility", "论证可行性", YES_NO),
                    Field("science", "论证科学性", YES_NO),
                    Field("conclusion", "结论", LONG),
                    Field("dissent", "不同意见", LONG, required=False),
                    Field("signed", "已署名或者盖章", YES_NO),
                ),
            ),
            Field("opinions_files", "论证意见书", FILES),
        ),
        gives=forms.EXPERT_OPINION,
        verb="登记论证意见",
        status="已专家论证",
    )
    answer_experts = Step(
        "研究采纳论证意见",
        R713[29].xiang(3),
        by=OFFICER,
        after=argue,
        when=r.experts_are_owed,
        needs=(b.answers_are_to_opinions, b.refused_points_have_reasons, b.every_opinion_is_followed_up),
        asks=(
            Field(
                "expert_points",
                "逐条处理",
                ROWS,
                columns=(
                    Field("name", "提出人"),
                    Field("point", "意见", LONG),
                    Field("answer", "处理", CHOICE, choices=ANSWERS),
                    Field("reason", "理由和修改位置", LONG, required=False),
                ),
            ),
        ),
        verb="登记采纳情况",
    )
    assess_risk = Step(
        "风险评估",
        (R713[22], R713[23]),
        by=OFFICER,
        after=Forming.plan_participation,
        when=r.assessment_is_owed,
        needs=(
            r.departments_were_heard,
            r.assessed_before_today,
            r.risks_are_on_their_scale,
            r.grades_fit_the_scale,
            b.existing_assessment_is_valid,
            b.nothing_is_assessed_twice,
        ),
        asks=(
            Field("assessor", "评估主体", TEXT, group="评估"),
            Field("third_party", "委托第三方", YES_NO, group="评估"),
            Field(
                "risk_kinds",
                "评估类型",
                CHOICES,
                choices=(
                    ("stability", "社会稳定"),
                    ("environment", "生态环境"),
                    ("fiscal", "财政"),
                    ("safety", "公共安全"),
                    ("other", "其他"),
                ),
                group="评估",
            ),
            Field(
                "risk_methods",
                "调查方法",
                CHOICES,
                choices=(("opinion", "舆情跟踪"), ("visits", "重点走访"), ("consultation", "会商分析"), ("survey", "抽样调查")),
                group="评估",
            ),
            Field("departments_heard", "听取了有关部门意见", YES_NO, group="评估"),
            Field(
                "existing_assessment",
                "已有的法定评价、评估",
                CHOICE,
                choices=(("none", "没有"), ("linked", "已有，直接引用原报告"), ("repeated", "已有，又重新评估")),
                group="评估",
            ),
            Field(
                "existing_reports",
                "已有的评价、评估",
                ROWS,
                columns=(
                    Field("name", "报告名称、文号"),
                    Field("body", "评价、评估或者批准机关"),
                    Field("on", "报告日期", DATE, past=True),
                    Field("until", "有效期至", DATE, required=False),
                ),
                when=("existing_assessment", ("linked", "repeated")),
                group="评估",
            ),
            Field("assessed_on", "报告日期", DATE, group="评估"),
            Field(
                "risks",
                "风险点",
                ROWS,
                columns=(
                    Field("risk", "风险点"),
                    Field("probability", "可能性（1—5）", NUMBER),
                    Field("effect", "影响程度（1—5）", NUMBER),
                    Field("level", "等级", CHOICE, choices=LEVELS),
                    Field("measure", "防范措施", LONG, required=False),
                    Field("body", "责任单位", required=False),
                    Field("plan", "处置预案", LONG, required=False),
                    Field("residual", "剩余风险", CHOICE, choices=LEVELS, required=False),
                ),
                group="风险",
            ),
            Field(
                "controllable",
                "可控性结论",
                CHOICE,
                choices=(("controllable", "风险可控"), ("uncontrollable", "风险不可控")),
                group="风险",
            ),
            Field("risk_files", "风险评估报告、调查底稿", FILES, group="风险"),
        ),
        gives=forms.RISK_REPORT,
        verb="登记评估结论",
        status="已风险评估",
    )
    reassess_risk = Step(
        "调整草案后复评",
        R713[24],
        by=OFFICER,
        after=assess_risk,
        when=r.risk_was_found_uncontrollable,
        asks=(
            Field("risk_changes", "对草案的调整和采取的措施", LONG),
            Field(
                "reassessed",
                "复评结论",
                CHOICE,
                choices=(("controllable", "风险可控"), ("uncontrollable", "风险仍不可控")),
            ),
            Field("reassessed_files", "复评报告", FILES),
        ),
        repeats=True,
        until="decide",
        verb="登记复评结论",
        status="已复评",
    )
