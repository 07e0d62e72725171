"""行政处罚简易程序：当场决定、当场交付（行政处罚法第五章第二节）。"""

from __future__ import annotations

from yifa.enforcement import rules as r
from yifa.enforcement.case import FINE, PARTY_KINDS, WARNING
from yifa.enforcement.forms.declared import ADDRESS, CORRECTION, DECISION, NO_PENALTY, ORDER, SERVICE
from yifa.enforcement.rules import L
from yifa.kernel.calendar.terms import days, param
from yifa.kernel.citing import Law
from yifa.procedures.core import Procedure, Step, Who, any_of, two
from yifa.procedures.fields import CHOICE, CHOICES, DATE, FILES, ITEM, LONG, MONEY, PARTY, PERSONS, SIGNATURE, TEXT, YES_NO, Field

O118 = Law("国务院办公厅关于全面推行行政执法公示制度执法全过程记录制度重大执法决定法制审核制度的指导意见", "2018-12-05")

OFFICER = Who(("officer",))
FINANCE = Who(("finance",))
DISCLOSER = Who(("discloser",))
HEAD = Who(("head",))
PAYER = Who(("finance", "officer"), for_party=True)

MITIGATING = (
    ("removed", "主动消除或者减轻违法行为危害后果"),
    ("coerced", "受他人胁迫或者诱骗实施违法行为"),
    ("confessed", "主动供述行政机关尚未掌握的违法行为"),
    ("merit", "配合行政机关查处违法行为有立功表现"),
    ("other_law", "法律、法规、规章规定的其他从轻、减轻情形"),
)
TOLD = (
    ("content", "拟作出的处罚内容"),
    ("facts", "违法事实"),
    ("reasons", "处罚理由"),
    ("basis", "处罚依据"),
    ("rights", "陈述、申辩的权利"),
)
TIERS = (("lighter", "从轻"), ("mitigated", "减轻"), ("usual", "一般"), ("heavier", "从重"))
GROUNDS = (
    ("minor", "违法行为轻微并及时改正，没有造成危害后果（第三十三条第一款）"),
    ("first", "初次违法且危害后果轻微并及时改正（第三十三条第一款）"),
    ("no_fault", "有证据足以证明没有主观过错（第三十三条第二款）"),
    ("under_14", "不满十四周岁（第三十条）"),
    ("incapable", "不能辨认或者不能控制自己行为（第三十一条）"),
    ("expired", "超过追究时效（第三十六条）"),
    ("unfounded", "违法事实不能成立（第五十七条第一款第三项）"),
)
UNPUBLISHED = (
    ("N1", "违法行为轻微、没有社会影响"),
    ("N2", "涉及国家秘密、商业秘密或者个人隐私"),
    ("N3", "可能危及国家安全、公共安全、经济安全、社会稳定"),
    ("N4", "可能影响其他相关案件"),
    ("N5", "正在办理移送司法机关"),
    ("N6", "法律、法规规定的其他情形"),
)
HAS_FINE = ("sanctions", (FINE,))

FIELD = (
    r.subject_is_valid,
    r.item_is_held,
    r.has_two_officers,
    r.officers_are_qualified,
    r.officers_declare_no_conflict,
    r.within_own_region,
)
ACCOUNTABLE = (r.is_fourteen, r.is_accountable, r.within_limitation, r.is_not_minor, r.party_is_at_fault, r.is_not_first_and_slight)
MEASURE = (
    r.item_reaches_party,
    r.kinds_are_those_of_the_article,
    r.kinds_go_together_as_the_article_says,
    r.fine_within_article,
    r.mitigation_is_applied,
    r.minors_are_punished_lighter,
    r.mitigation_has_a_ground,
)
ONCE = (r.not_fined_twice, r.not_fined_for_the_same_days)


class SummaryPenalty(Procedure):
    """违法事实确凿并有法定依据，对公民二百元以下、对法人或者其他组织三千元以下罚款或者警告的，可以当场作出决定。"""

    key = "summary_penalty"
    title = "行政处罚简易程序"
    # 行政复议法 as revised came into force on this day; since then an on-the-spot penalty goes to reconsideration first (its article 23).
    version = "2024-01-01"
    code = "02"
    admits = (r.is_minor, r.item_in_force)

    show_badge = Step(
        "出示执法证件、表明身份",
        (L[52].kuan(1), L[42].kuan(1)),
        by=two(OFFICER),
        needs=(*FIELD, r.badge_is_recorded),
        asks=(
            Field("item", "执法事由", ITEM, help="输入关键词选择，违则和罚则随之带出"),
            Field("officers", "执法人员", PERSONS, help="包括您在内不少于两人"),
            Field("place", "地点", TEXT, help="例如：白音敖包路与团结街交叉口东侧"),
            Field("found_on", "发现日期", DATE),
            Field("recording", "音像记录", CHOICE, choices=(("on", "已开启音像记录"), ("off", "未开启，原因另记"))),
            Field("no_conflict", "执法人员与本案没有应当回避的关系", YES_NO),
        ),
        prompt="您好，我们是行政执法人员，这是我们的执法证件，请您过目。本次执法全程音像记录，请您配合。您认为我们与案件有利害关系的，可以申请回避。",
        verb="已出示证件，开始执法",
        status="执法中",
    )
    establish = Step(
        "查明事实、收集证据",
        (L[40], L[46]),
        by=two(OFFICER),
        after=show_badge,
        needs=(*FIELD, r.has_evidence),
        asks=(
            Field("party_kind", "当事人类型", CHOICE, choices=PARTY_KINDS, group="当事人"),
            Field("party", "当事人", PARTY, personal=True, group="当事人"),
            Field("incapable", "当事人不能辨认或者不能控制自己的行为", YES_NO, default=False, group="当事人"),
            Field("violation_on", "违法行为发生日期", DATE, group="违法事实"),
            Field("ended_on", "违法行为终了日期（连续或者继续的）", DATE, required=False, group="违法事实"),
            Field("description", "违法事实", LONG, help="时间、地点、经过、后果", group="违法事实"),
            Field("clear_facts", "违法事实确凿", YES_NO, group="违法事实"),
            Field("endangers", "涉及公民生命健康安全、金融安全且有危害后果", YES_NO, default=False, group="违法事实"),
            Field("minor", "违法行为轻微并及时改正，没有造成危害后果", YES_NO, default=False, group="情节"),
            Field("first_minor", "初次违法且危害后果轻微并及时改正", YES_NO, default=False, group="情节"),
            Field("no_fault", "当事人有证据足以证明没有主观过错", YES_NO, default=False, group="情节"),
            Field("mitigating", "从轻或者减轻情形", CHOICES, required=False, choices=MITIGATING, group="情节"),
            Field("evidence", "现场照片、录音录像或者书证", FILES, required=False, group="证据"),
        ),
        prompt="我们发现您（单位）有违反法律规定的行为，现在向您核实情况，请如实说明。",
        verb="登记事实和证据",
        status="调查中",
    )
    order_correction = Step(
        "责令改正",
        L[28].kuan(1),
        by=two(OFFICER),
        after=establish,
        needs=FIELD,
        asks=(
            Field("correction", "改正内容和要求", LONG),
            Field("correct_by", "改正期限", DATE, required=False, help="当场改正的不填"),
            Field("officer_signatures", "执法人员签名", SIGNATURE, personal=True),
            Field("party_signature", "当事人签收", SIGNATURE, required=False, personal=True, help="拒绝签收的不签，另行注明"),
        ),
        gives=ORDER,
        optional=True,
        until="decide",
        sets={"ordered_to_correct": True},
        prompt="请您（单位）改正违法行为。",
        verb="责令改正",
    )
    inform = Step(
        "告知拟处罚内容、事实、理由、依据和权利",
        (L[44], L[62]),
        by=two(OFFICER),
        after=establish,
        needs=(*FIELD, *ACCOUNTABLE, r.facts_are_clear, *MEASURE, *ONCE, r.party_was_told),
        asks=(
            Field("sanctions", "处罚种类", CHOICES, choices=((WARNING, WARNING), (FINE, FINE)), group="拟处罚"),
            Field("proposed_fine", "拟罚款数额（元）", MONEY, when=HAS_FINE, group="拟处罚"),
            Field("tier", "裁量幅度", CHOICE, choices=TIERS, group="拟处罚"),
            Field("tier_reason", "裁量理由", LONG, group="拟处罚"),
            Field("told", "已向当事人告知", CHOICES, choices=TOLD, group="告知"),
        ),
        prompt="您的行为违反了有关法律规定，我们拟当场作出行政处罚。您有权陈述和申辩，我们会充分听取，不会因为您申辩而加重处罚。",
        verb="已告知当事人",
        status="已告知",
    )
    hear = Step(
        "听取陈述、申辩并复核",
        (L[45].kuan(1), L[62]),
        by=two(OFFICER),
        after=inform,
        needs=(*FIELD, r.defence_was_reviewed),
        asks=(
            Field(
                "statement",
                "当事人的意见",
                CHOICE,
                choices=(("none", "无异议，不陈述、不申辩"), ("waived", "明确放弃陈述、申辩"), ("defence", "提出陈述、申辩")),
            ),
            Field("statement_text", "陈述、申辩的内容", LONG, when=("statement", ("defence",))),
            Field("review", "复核意见（成立的应当采纳）", LONG, when=("statement", ("defence",))),
        ),
        prompt="对我们告知的内容，您有什么要说明的吗？",
        verb="已听取意见",
        status="已听取意见",
    )
    decide = Step(
        "作出当场处罚决定",
        (L[51], L[52].kuan(2)),
        by=two(OFFICER),
        after=hear,
        needs=(
            *FIELD,
            *ACCOUNTABLE,
            r.facts_are_clear,
            r.has_evidence,
            r.party_was_told,
            r.defence_was_reviewed,
            *MEASURE,
            *ONCE,
            r.not_heavier_than_told,
            r.corrected_first,
            r.ordered_to_correct,
            r.reviewing_organ_is_known,
            r.party_signed_or_refused,
            r.decision_has_its_number,
        ),
        asks=(
            Field("fine", "罚款数额（元）", MONEY, required=False, when=HAS_FINE, help="不填即为告知的数额；采纳申辩的可以降低"),
            Field("party_signature", "当事人签收签名", SIGNATURE, required=False, personal=True, help="当事人拒绝签收的不签，在下面注明"),
            Field("refusal_note", "拒绝签收的情况", LONG, required=False, help="拒收事由、时间，有见证人的写明见证人"),
            Field("public", "本决定依法公开", YES_NO, default=True),
            Field("unpublished", "不公开的理由", CHOICE, choices=UNPUBLISHED, when=("public", (False,))),
            Field("officer_signatures", "执法人员签名", SIGNATURE, personal=True),
        ),
        gives=DECISION,
        names=True,
        prompt="现在依法作出当场行政处罚决定，请您核对决定书。",
        verb="作出当场处罚决定",
        status="已决定",
    )
    deliver = Step(
        "当场交付决定书",
        (L[52].kuan(1), L[61].kuan(1)),
        by=two(OFFICER),
        after=decide,
        within=days(0, roll=False),
        asks=(
            Field(
                "served_on",
                "签收人",
                CHOICE,
                choices=(("party", "当事人本人"), ("representative", "法定代表人或者负责人"), ("agent", "代理人")),
            ),
            Field("service_mode", "送达方式", CHOICE, choices=(("D1", "直接送达（当场交付）"), ("D2", "留置送达（拒绝签收）"))),
            Field("refusal_note", "拒绝签收的情况", LONG, when=("service_mode", ("D2",)), help="注明拒收事由、时间，有见证人的写明见证人"),
            Field(
                "party_signature",
                "签收人签名",
                SIGNATURE,
                personal=True,
                when=("service_mode", ("D1",)),
                help="与决定书上的签收一并完成的，由签收人再签一次",
            ),
            Field("officer_signatures", "送达人签名", SIGNATURE, personal=True),
        ),
        gives=SERVICE,
        prompt="请您签收决定书。对决定不服的，应当先申请行政复议。请在十五日内缴纳罚款。",
        verb="已当场交付",
        status="已送达",
    )
    address = Step(
        "确认送达地址",
        L[61].kuan(2),
        by=OFFICER,
        after=establish,
        asks=(
            Field("service_address", "送达地址", TEXT, personal=True),
            Field("service_phone", "联系电话", TEXT, personal=True),
            Field("electronic", "同意电子送达", YES_NO, default=False),
            Field("electronic_address", "电子送达地址", TEXT, personal=True, when=("electronic", (True,)), help="手机号码或者电子邮箱"),
            Field("party_signature", "当事人签名", SIGNATURE, personal=True),
        ),
        gives=ADDRESS,
        optional=True,
        outlives=True,
        verb="确认送达地址",
    )
    file = Step(
        "报所属行政机关备案",
        L[52].kuan(3),
        by=OFFICER,
        after=deliver,
        within=param("当场处罚备案期限"),
        asks=(Field("filing_note", "备案说明", LONG, required=False),),
        verb="报备案",
        status="已备案",
    )
    publish = Step(
        "执法公示",
        (L[48].kuan(1), O118[6]),
        by=DISCLOSER,
        after=decide,
        when=r.decision_is_public,
        within=param("行政处罚公示期限"),
        asks=(
            Field("secrecy_checked", "已经保密审查，隐去个人信息", YES_NO),
            Field("publish_note", "公示说明", LONG, required=False),
        ),
        publishes=True,
        outlives=True,
        verb="公示",
        status="已公示",
    )
    pay = Step(
        "缴纳罚款",
        L[67].kuan(3),
        by=PAYER,
        after=deliver,
        when=r.is_fined,
        within=param("缴纳罚款期限"),
        needs=(r.paid_in_full,),
        asks=(
            Field("paid_on", "缴款日期", DATE),
            Field("paid", "实缴金额（元）", MONEY),
            Field("channel", "缴款方式", CHOICE, choices=(("bank", "指定银行"), ("electronic", "电子支付系统"))),
            Field("payment_code", "缴款码", TEXT, required=False),
            Field("receipt", "财政票据号码", TEXT),
        ),
        verb="登记缴款",
        status="已缴款",
    )
    collect = Step(
        "当场收缴罚款",
        (L[68], L[69]),
        by=two(OFFICER),
        after=deliver,
        when=r.is_fined,
        needs=(r.may_be_collected_on_the_spot, r.receipt_was_given, r.paid_in_full),
        asks=(
            Field(
                "collect_ground",
                "当场收缴的理由",
                CHOICE,
                choices=(
                    ("small", "一百元以下罚款"),
                    ("hard", "不当场收缴事后难以执行"),
                    ("remote", "边远、水上、交通不便地区，当事人提出"),
                ),
            ),
            Field("party_asked", "当事人提出当场缴纳", YES_NO, when=("collect_ground", ("remote",))),
            Field("landed_on", "抵岸日期（水上收缴的）", DATE, required=False),
            Field("paid", "收缴金额（元）", MONEY),
            Field("receipt", "财政部门统一制发的专用票据号码", TEXT),
        ),
        instead_of=pay,
        optional=True,
        verb="当场收缴",
        status="已收缴",
    )
    hand_in = Step(
        "罚款交至行政机关",
        L[71],
        by=OFFICER,
        after=collect,
        when=r.is_fined,
        within=param("当场收缴罚款交至机关期限"),
        starts_on="landed_on",
        asks=(Field("handed_to", "接收人", TEXT),),
        optional=True,
        verb="登记交款",
        status="罚款已交机关",
    )
    bank = Step(
        "罚款缴付指定银行",
        L[71],
        by=FINANCE,
        after=hand_in,
        when=r.is_fined,
        within=param("机关缴付银行期限"),
        asks=(Field("bank_receipt", "银行回单号码", TEXT),),
        optional=True,
        verb="登记缴付银行",
        status="罚款已缴银行",
    )
    correct = Step(
        "补正",
        (L[52].kuan(2), L[5].kuan(1)),
        by=HEAD,
        after=decide,
        asks=(
            Field("correct_what", "原决定书的记载", LONG, help="照抄有误的原文"),
            Field("correct_to", "更正为", LONG),
            Field("correct_reason", "更正的理由", LONG, help="例如：笔误。处罚的种类、幅度有变动的，不属于补正"),
        ),
        gives=CORRECTION,
        repeats=True,
        optional=True,
        outlives=True,
        verb="补正",
    )
    close = Step(
        "结案",
        (L[53], L[47]),
        by=Who(("officer", "head")),
        after=(file, any_of(pay, bank)),
        within=param("结案期限"),
        asks=(Field("closing_note", "结案说明", LONG, required=False),),
        ends=True,
        verb="结案",
        status="已结案",
    )
    no_penalty = Step(
        "不予行政处罚",
        (L[33], L[30], L[31]),
        by=two(OFFICER),
        after=establish,
        needs=(*FIELD, r.has_a_ground_not_to_punish, r.party_was_educated),
        asks=(
            Field("ground", "不予处罚的理由", CHOICE, choices=GROUNDS),
            Field("ground_text", "理由说明", LONG),
            Field("education", "教育记录", LONG, help="教育的内容和当事人的态度"),
            Field("officer_signatures", "执法人员签名", SIGNATURE, personal=True),
            Field("party_signature", "当事人签名", SIGNATURE, required=False, personal=True),
        ),
        gives=NO_PENALTY,
        names=True,
        until="decide",
        ends=True,
        optional=True,
        verb="作出不予行政处罚决定",
        status="不予处罚",
    )
    escalate = Step(
        "转为普通程序（移交案源）",
        (L[51], L[54].kuan(1)),
        by=OFFICER,
        after=establish,
        asks=(
            Field(
                "escalate_reason",
                "不适用简易程序的理由",
                CHOICE,
                choices=(
                    ("heavy", "应当给予更重的处罚"),
                    ("unclear", "事实需要进一步调查"),
                    ("review", "需要法制审核或者听证"),
                    ("other", "其他"),
                ),
            ),
            Field("escalate_note", "移交说明", LONG),
        ),
        until="decide",
        ends=True,
        optional=True,
        verb="移交案源",
        status="已转普通程序",
    )
