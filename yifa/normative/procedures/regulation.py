"""地方性法规草案:立项、起草、公开征求意见、论证听证、审查、常务会议讨论通过、提请人大审议、登记审议和批准结果、公布、归档。

What is the same as in making a 地方政府规章 is taken from there: the same article, the same step.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from yifa.normative import regulation_rules as g
from yifa.normative import rulemaking_rules as u
from yifa.normative.forms.declared_regulation import BILL, EXAMINATION_REPORT, NOTICE, STATEMENT
from yifa.normative.procedures.making import CHIEF, DRAFTER, JUSTICE, OFFICES, OWN_REVIEWER, DocumentMaking
from yifa.normative.procedures.rulemaking import MATTERS, RuleMaking
from yifa.normative.regulation_rules import ARCHIVES, ORGANIC, REGIONAL
from yifa.normative.rulemaking_rules import LEGISLATION
from yifa.normative.rules import APL, COERCION, COMPETITION, LICENSING
from yifa.normative.standing_rules import RULEMAKING
from yifa.procedures.core import Procedure, Step, Who
from yifa.procedures.fields import CHOICE, CHOICES, DATE, FILES, LONG, NUMBER, TEXT, YES_NO, Field

PARTNERS: Mapping[str, str] = {**OFFICES, "market": "同级市场监督管理部门"}
MARKET = Who(("reviewer",), office="market")
SUBJECTS = (*MATTERS[:-1], ("by_law", "法律另有规定由设区的市制定地方性法规的事项"), MATTERS[-1])
SETS = (
    ("none", "都没有"),
    ("penalty", "行政处罚"),
    ("licence", "行政许可"),
    ("coercion", "查封、扣押"),
    ("custody", "限制人身自由、吊销营业执照的处罚"),
    ("execution", "其他行政强制措施或者行政强制执行"),
    ("registration", "国家统一的资格资质许可，企业设立登记及其前置许可"),
)
HEARINGS = (("hearing", "听证会"), ("argument", "论证会"), ("forum", "座谈会"), ("study", "委托研究"))
RESULTS = (
    ("adopted", "表决通过"),
    ("continued", "继续审议"),
    ("returned", "退回修改完善后再提出"),
    ("shelved", "搁置审议或者暂不付表决"),
    ("rejected", "表决未获通过"),
    ("terminated", "终止审议"),
)

# A draft handed in again, or returned by the congress, goes the whole way again.
AFRESH = ("submit", "bill")


class RegulationDrafting(Procedure):
    """自治区、设区的市人民政府拟订地方性法规草案、提请人民代表大会常务委员会审议，应当按照本程序办理；起草和审查参照规章制定程序条例。"""

    key = "regulation_drafting"
    title = "地方性法规草案"
    version = "2024-08-01"
    code = "24"
    offices = PARTNERS

    propose = Step(
        "立项申请",
        (LEGISLATION[82].kuan(1), RULEMAKING[11], REGIONAL[5].kuan(1)),
        by=DRAFTER,
        needs=(g.maker_brings_regulations, g.matter_is_a_citys),
        asks=(
            Field("title", "法规名称", TEXT, help="例如：包头市城市绿化条例"),
            Field("subject_matter", "事项", CHOICE, choices=SUBJECTS),
            Field("matter_basis", "法律另有规定的名称、条款", LONG, when=("subject_matter", ("by_law",))),
            *RuleMaking.propose.asks[2:5],
        ),
        verb="申请立项",
        status="申请立项",
    )
    decline = Step(
        "不予立项",
        RULEMAKING[12],
        by=JUSTICE,
        after=propose,
        asks=(Field("decline_reason", "理由", LONG),),
        until="plan",
        ends=True,
        optional=True,
        verb="不予立项，结束",
        status="不予立项",
    )
    plan = Step(
        "评估论证，列入年度立法工作计划",
        (RULEMAKING[12], LEGISLATION[56].kuan(1)),
        by=JUSTICE,
        after=propose,
        needs=(g.plan_is_current,),
        asks=(
            Field("assessment", "评估论证意见", LONG),
            Field("plan_year", "列入哪一年的立法工作计划", NUMBER),
            Field("drafting_unit", "起草单位", TEXT),
            Field("finish_on", "完成时间", DATE),
            Field(
                "congress_plan",
                "在本级人大常委会立法计划中",
                CHOICE,
                choices=(("deliberate", "审议项目"), ("reserve", "预备项目"), ("study", "调研项目"), ("none", "没有列入")),
            ),
        ),
        verb="列入计划",
        status="已立项",
    )
    draft = Step(
        "起草",
        (LEGISLATION[82], RULEMAKING[14].kuan(3), RULEMAKING[15].kuan(1)),
        by=DRAFTER,
        after=plan,
        needs=(g.law_alone_is_not_needed, g.sets_only_what_it_may, g.repeats_nothing),
        asks=(
            *RuleMaking.draft.asks[:2],
            Field("sets_matters", "草案中设定了下列哪些事项", CHOICES, choices=SETS, group="自查"),
            Field("reserved", "涉及只能制定法律的事项", YES_NO, help="立法法第十一条所列事项", group="自查"),
            Field("repeats_higher", "重复上位法已经明确规定的内容", YES_NO, group="自查"),
            Field("interests", "涉及重大利益调整", YES_NO, help="减损权利、增加义务，社会公众普遍关注的", group="自查"),
            Field("market", "涉及经营者经济活动", YES_NO, group="自查"),
            Field("confidential", "依法需要保密，不能公开征求意见", YES_NO, group="征求意见"),
        ),
        verb="提交草案",
        status="已起草",
    )
    consult = replace(RuleMaking.consult, gives=NOTICE)
    feed_back = RuleMaking.feed_back
    hear = Step(
        "论证、听证",
        (APL[12].kuan(3), LICENSING[19], COERCION[14].kuan(1), RULEMAKING[16]),
        by=DRAFTER,
        after=draft,
        when=g.hearing_is_due,
        needs=(g.hearing_was_announced,),
        asks=(
            Field("heard_how", "听取意见的形式", CHOICE, choices=HEARINGS),
            Field("announced_on", "听证会公告日期", DATE, when=("heard_how", ("hearing",))),
            Field("heard_on", "举行日期", DATE),
            Field("heard", "主要意见和处理情况", LONG),
            Field("heard_files", "笔录或者会议材料", FILES),
        ),
        verb="登记论证、听证",
    )
    compete = replace(
        DocumentMaking.compete,
        cites=(COMPETITION[2], COMPETITION[14]),
        by=MARKET,
        when=g.touches_the_market,
    )
    internal_review = Step(
        "起草单位内部审核",
        (RULEMAKING[3].kuan(1), RULEMAKING[18].kuan(2)),
        by=OWN_REVIEWER,
        after=(draft, feed_back, hear),
        not_by=(draft,),
        asks=DocumentMaking.internal_review.asks,
        repeats=True,
        verb="出具内部审核意见",
        status="已内部审核",
    )
    submit = replace(
        RuleMaking.submit,
        after=(internal_review, compete),
        needs=(g.internal_review_passed, g.is_not_before_the_congress),
        until="approve",
        sets={"organs_asked": False},
    )
    solicit = Step(
        "征求有关机关意见",
        (RULEMAKING[21].kuan(1), RULEMAKING[24]),
        by=JUSTICE,
        after=submit,
        asks=(
            Field("asked_organs", "征求意见的机关、组织和专家", LONG),
            Field("organs_said", "主要意见", LONG),
            Field("coordination", "不同意见的协调处理", LONG, help="没有不同意见的写“无”"),
        ),
        repeats=True,
        until="approve",
        sets={"organs_asked": True},
        verb="登记征求意见的情况",
        status="审查中",
    )
    examine = replace(
        RuleMaking.examine,
        cites=(RULEMAKING[19], RULEMAKING[20], REGIONAL[8].kuan(2)),
        anew=AFRESH,
        needs=(g.organs_were_asked,),
        gives=EXAMINATION_REPORT,
        until="approve",
    )
    finish = Step(
        "形成草案和草案说明",
        (RULEMAKING[25], LEGISLATION[58], LEGISLATION[87].kuan(1)),
        by=JUSTICE,
        after=(solicit, examine),
        anew=AFRESH,
        needs=(u.examination_passed,),
        asks=(
            Field("necessity", "制定的必要性、可行性", LONG),
            Field("contents", "主要内容", LONG),
            Field("constitutionality", "涉及合宪性问题的相关意见", LONG, help="不涉及的写“不涉及”"),
            Field("disagreements", "重大分歧意见的协调处理情况", LONG, help="没有重大分歧的写“无”"),
            Field("final_files", "草案和参阅资料；修改法规的，附修改前后对照文本", FILES),
        ),
        gives=STATEMENT,
        repeats=True,
        until="approve",
        verb="形成草案",
        status="已形成草案",
    )
    deliberate = replace(
        RuleMaking.deliberate,
        title="政府常务会议讨论",
        cites=(ORGANIC[78], REGIONAL[5].kuan(1)),
        after=finish,
        anew=AFRESH,
        needs=(u.examination_passed, g.decided_by_the_government),
        repeats=True,
        until="approve",
    )
    bill = Step(
        "提请审议",
        (ORGANIC[52].kuan(2), ORGANIC[22].kuan(1), LEGISLATION[58], LEGISLATION[87].kuan(1)),
        by=CHIEF,
        after=deliberate,
        anew=AFRESH,
        needs=(u.examination_passed, g.decided_by_the_government),
        asks=(
            Field(
                "receiver",
                "提请审议的机关",
                CHOICE,
                choices=(("committee", "本级人民代表大会常务委员会"), ("congress", "本级人民代表大会")),
                help="规定本行政区域特别重大事项的，应当由人民代表大会通过（立法法第八十六条）",
            ),
            Field("signer", "签署人", TEXT, help="自治区主席或者市长"),
            Field("bill_files", "草案文本、说明和参阅资料", FILES),
        ),
        gives=BILL,
        names=True,
        repeats=True,
        until="approve",
        sets={"congress_result": "pending"},
        verb="提请审议",
        status="人大审议中",
    )
    withdraw_bill = Step(
        "撤回议案",
        (LEGISLATION[59], LEGISLATION[43], LEGISLATION[87].kuan(1)),
        by=CHIEF,
        after=bill,
        needs=(g.may_be_withdrawn,),
        asks=(
            Field(
                "on_agenda",
                "撤回的时候",
                CHOICE,
                choices=(("before", "还没有列入会议议程"), ("agreed", "已经列入，经主任会议同意"), ("refused", "已经列入，没有同意")),
            ),
            Field("withdrawn_reason", "理由", LONG),
        ),
        until="approve",
        ends=True,
        optional=True,
        verb="撤回议案，结束",
        status="已撤回议案",
    )
    congress = Step(
        "登记人大审议结果",
        (LEGISLATION[87], LEGISLATION[45], LEGISLATION[60]),
        by=DRAFTER,
        after=bill,
        anew=("submit",),
        asks=(
            Field("congress_session", "会议名称", TEXT, help="例如：市第十六届人民代表大会常务委员会第二十次会议"),
            Field("congress_on", "审议日期", DATE),
            Field("congress_result", "审议结果", CHOICE, choices=RESULTS),
            Field("congress_note", "审议意见", LONG, required=False),
        ),
        repeats=True,
        until="promulgate",
        verb="登记审议结果",
        status="已登记审议结果",
    )
    approve = Step(
        "登记批准结果",
        (LEGISLATION[81].kuan(1), ORGANIC[49].kuan(2)),
        by=DRAFTER,
        after=congress,
        anew=("submit",),
        when=g.needs_approval,
        needs=(g.congress_adopted_it,),
        asks=(
            Field("reported_on", "市人大常委会报请批准的日期", DATE),
            Field("region_approval", "自治区人大常委会的决定", CHOICE, choices=(("approved", "批准"), ("refused", "不予批准"))),
            Field("approved_on", "决定日期", DATE),
        ),
        verb="登记批准结果",
        status="已登记批准结果",
    )
    terminate = Step(
        "审议终止",
        (LEGISLATION[45], LEGISLATION[60], LEGISLATION[87].kuan(1)),
        by=CHIEF,
        after=congress,
        anew=("submit",),
        needs=(g.review_has_ended,),
        asks=(Field("terminated_note", "情况和后续安排", LONG),),
        until="promulgate",
        ends=True,
        optional=True,
        verb="登记审议终止，结束",
        status="审议终止",
    )
    promulgate = Step(
        "登记公布",
        (LEGISLATION[88], LEGISLATION[89].kuan(1)),
        by=DRAFTER,
        after=(congress, approve),
        anew=("submit",),
        needs=(g.congress_adopted_it, g.was_approved, g.published_in_order),
        asks=(
            Field("announcement", "公告的名称、编号", TEXT, help="人民代表大会常务委员会发布的公告"),
            Field("published_on", "公布日期", DATE),
            Field("effective_on", "施行日期", DATE),
            Field("text_files", "公布的文本", FILES),
        ),
        verb="登记公布",
        status="已公布",
    )
    archive = Step(
        "归档",
        ARCHIVES[14].kuan(1),
        by=Who(("officer", "head")),
        after=promulgate,
        asks=DocumentMaking.archive.asks,
        ends=True,
        verb="归档",
        status="已归档",
    )
