"""重大行政决策的启动和草案(条例第二章第一节)。"""

from __future__ import annotations

from yifa.decisions import rules as r
from yifa.decisions.forms import declared as forms
from yifa.decisions.procedures.words import CATEGORIES, GOVERNMENT, LEADER, OFFICER, OFFICES, SOURCES, WAYS
from yifa.decisions.rules import R713
from yifa.procedures.core import Procedure, Step
from yifa.procedures.fields import CHOICE, CHOICES, DATE, FILES, ITEM, LONG, NUMBER, ROWS, TEXT, YES_NO, Field


class Forming(Procedure):
    """From the proposal to the plan of who is to be heard."""

    offices = OFFICES

    propose = Step(
        "提出决策事项建议",
        (R713[3].kuan(1), R713[10]),
        by=OFFICER,
        needs=(r.body_may_undertake, r.may_carry_on),
        asks=(
            Field("title", "决策事项名称", TEXT, help="例如：昆都仑区城区供热管网改造方案"),
            Field("category", "事项类别", CHOICE, choices=CATEGORIES),
            Field("source", "建议来源", CHOICE, choices=SOURCES),
            Field("problem", "拟解决的主要问题", LONG, group="研究论证"),
            Field("grounds", "建议理由和依据", LONG, group="研究论证"),
            Field("first_plan", "解决问题的初步方案", LONG, group="研究论证"),
            Field("necessity", "必要性", LONG, group="研究论证"),
            Field("feasibility", "可行性", LONG, group="研究论证"),
            Field("argument_files", "建议书、论证材料", FILES, group="研究论证"),
            Field(
                "carried_from",
                "所由的决策事项",
                TEXT,
                required=False,
                help="因重大调整重新履行程序的，写原事项的案件编号；其他事项不填",
                group="重大调整",
            ),
            Field("signer", "签发人", TEXT, required=False, help="请示是上行文，应当标注签发人姓名", group="请示"),
        ),
        gives=forms.START_REQUEST,
        verb="提出建议",
        status="已提出建议",
    )
    enter = Step(
        "列入决策事项目录",
        R713[3].kuan(3),
        by=GOVERNMENT,
        after=propose,
        needs=(r.is_in_the_catalogue, r.is_of_this_list, r.is_nobody_elses),
        asks=(Field("catalogue_item", "目录中的事项", ITEM, help="从本机关已公布的目录中选择；没有的，先在目录中增列并公布"),),
        verb="列入目录",
        status="已列入目录",
    )
    reject = Step(
        "不启动决策程序",
        R713[10],
        by=LEADER,
        after=propose,
        asks=(Field("reject_reason", "不启动的理由", LONG),),
        until="start",
        ends=True,
        optional=True,
        verb="决定不启动",
        status="不启动",
    )
    start = Step(
        "决定启动并确定承办单位",
        (R713[10], R713[11]),
        by=LEADER,
        after=enter,
        needs=(r.lead_is_named,),
        asks=(
            Field("start_form", "决定形式", CHOICE, choices=(("instruction", "领导批示"), ("meeting", "会议决定"))),
            Field("undertakers", "决策承办单位", ROWS, columns=(Field("name", "单位名称"),)),
            Field("lead", "牵头的决策承办单位", TEXT, required=False, help="两个以上单位承办的必须写明"),
            Field("responsible", "责任人", TEXT),
            Field("timetable", "计划时间表", LONG),
            Field("start_files", "批示或者会议纪要", FILES),
        ),
        gives=forms.START_NOTICE,
        names=True,
        verb="决定启动",
        status="已启动",
    )
    draft = Step(
        "拟订决策草案",
        R713[12],
        by=OFFICER,
        after=start,
        needs=(r.has_alternatives,),
        asks=(
            Field(
                "research",
                "调查研究",
                ROWS,
                columns=(Field("way", "方式"), Field("on", "日期", DATE, past=True), Field("people", "调研对象数", NUMBER)),
                group="调研",
            ),
            Field("draft_files", "决策草案、起草说明、调研报告", FILES, group="草案"),
            Field(
                "basis",
                "依据",
                ROWS,
                columns=(Field("law", "法律、法规、规章、政策名称"), Field("article", "条款", required=False)),
                help="系统按法规库核对是否现行有效",
                group="草案",
            ),
            Field(
                "cost_benefit",
                "成本效益分析",
                LONG,
                required=False,
                help="人财物投入、资源消耗、环境影响和各方面效益；不需要的写明理由",
                group="草案",
            ),
            Field("disputed", "有关方面对决策事项存在较大分歧", YES_NO, group="方案"),
            Field("alternatives", "备选方案数", NUMBER, group="方案"),
        ),
        repeats=True,
        until="decide",
        verb="提交草案",
        status="草案已拟订",
    )
    consult_departments = Step(
        "与有关单位协商",
        R713[13],
        by=OFFICER,
        after=draft,
        when=r.departments_are_owed,
        asks=(
            Field(
                "consulted_units",
                "征求意见的单位",
                ROWS,
                columns=(
                    Field("unit", "单位"),
                    Field("asked_on", "发函日期", DATE, past=True),
                    Field("replied_on", "回复日期", DATE, required=False, past=True),
                    Field("urged", "逾期未回复的已催办", YES_NO, required=False),
                    Field("opinion", "意见要点", LONG, required=False),
                    Field("dispute", "存在分歧", YES_NO),
                    Field(
                        "settled", "分歧的处理", LONG, when=("dispute", (True,)), help="协商一致的内容，或者向决策机关说明的争议问题和理由"
                    ),
                ),
            ),
            Field("letters_files", "征求意见函、回函", FILES),
        ),
        verb="登记协商情况",
        status="已部门协商",
    )
    plan_participation = Step(
        "确定公众参与、论证和评估方案",
        (R713[14], R713[16].kuan(1), R713[19].kuan(1), R713[22].kuan(1)),
        by=OFFICER,
        after=draft,
        needs=(r.closing_has_a_ground, r.several_ways),
        asks=(
            Field("open_matter", "依法可以公开", YES_NO, default=True, group="公众参与"),
            Field("closed_reason", "不予公开的法定理由", LONG, when=("open_matter", (False,)), group="公众参与"),
            Field("ways", "参与方式", CHOICES, choices=WAYS, group="公众参与"),
            Field("affected", "受影响的人群", TEXT, group="公众参与"),
            Field("affected_count", "预计影响人数", NUMBER, group="公众参与"),
            Field("special_groups", "涉及的特定群体", ROWS, required=False, columns=(Field("group", "群体名称"),), group="公众参与"),
            Field("hearing_due", "应当或者决定听证", YES_NO, group="环节"),
            Field("hearing_sides", "受影响的各方", ROWS, columns=(Field("side", "一方"),), when=("hearing_due", (True,)), group="环节"),
            Field("technical", "专业性、技术性较强", YES_NO, group="环节"),
            Field(
                "expert_fields", "论证涉及的专业领域", ROWS, columns=(Field("field", "领域"),), when=("technical", (True,)), group="环节"
            ),
            Field("risky", "可能对社会稳定、公共安全等造成不利影响", YES_NO, group="环节"),
            Field("market", "涉及市场主体经济活动", YES_NO, group="环节"),
            Field("party_report_due", "属于应当向同级党委请示报告的事项", YES_NO, group="环节"),
        ),
        verb="确定方案",
        status="已确定方案",
    )
    approve_closed = Step(
        "批准不予公开",
        R713[14].kuan(1),
        by=LEADER,
        after=plan_participation,
        when=r.is_closed,
        needs=(r.closing_was_approved,),
        asks=(Field("closed_approved", "批准不予公开", YES_NO), Field("closed_files", "审批件", FILES)),
        verb="审批",
        status="已批准不予公开",
    )
