"""行政规范性文件制定:起草、公开征求意见、合法性审核、公平竞争审查、集体审议、统一登记编号印发、公布、报送备案。"""

from __future__ import annotations

from collections.abc import Mapping

from yifa.kernel.calendar.terms import param
from yifa.normative import rules as r
from yifa.normative.forms.declared import FILING_REPORT, LEGALITY_OPINION, REGISTRATION
from yifa.normative.rules import BUSINESS, COMPETITION, DISCLOSURE, GB37, GB115, M262
from yifa.procedures.core import Procedure, Step, Who
from yifa.procedures.fields import CHOICE, CHOICES, DATE, FILES, ITEM, LONG, NUMBER, TEXT, YES_NO, Field

DRAFTER = Who(("officer",))
CHIEF = Who(("head",))
OWN_REVIEWER = Who(("reviewer",))
DISCLOSER = Who(("discloser",))
JUSTICE = Who(("reviewer",), office="justice")

OFFICES: Mapping[str, str] = {"justice": "同级司法行政部门"}

MARKS = (
    ("qualified", "制定主体是行政机关或者法律、法规授权的组织"),
    ("external", "对外产生影响，不是内部管理"),
    ("rights", "涉及公民、法人和其他组织的权利义务"),
    ("unspecified", "对象不特定，具有普遍约束力"),
    ("repeated", "在一定期限内反复适用"),
)
EXCLUDED = (
    ("none", "都不是"),
    ("internal", "内部工作制度、管理规定"),
    ("organisation", "机构编制文件"),
    ("minutes", "会议纪要"),
    ("plan", "工作方案、工作要点"),
    ("report", "请示、报告"),
    ("honours", "表彰奖惩"),
    ("personnel", "人事任免"),
)
CREATES = (
    ("none", "都没有"),
    ("penalty", "行政处罚"),
    ("licence", "行政许可"),
    ("coercion", "行政强制"),
    ("fee", "行政事业性收费"),
    ("entry", "市场准入和退出条件"),
)
OPINIONS = (
    ("lawful", "合法"),
    ("lawful_after_changes", "修改后合法"),
    ("unlawful", "不合法"),
)
MATERIALS = (
    ("report", "备案报告"),
    ("text", "正式文本（纸质和电子）"),
    ("explanation", "起草说明"),
    ("basis", "制定依据"),
    ("legality", "合法性审核意见"),
    ("opinions", "征求意见及采纳情况"),
    ("minutes", "集体审议纪要"),
    ("competition", "公平竞争审查结论"),
)


class DocumentMaking(Procedure):
    """制定涉及公民、法人和其他组织权利义务，具有普遍约束力，在一定期限内反复适用的公文，应当按照本程序办理。"""

    key = "normative_making"
    title = "行政规范性文件制定"
    version = "2023-12-01"
    code = "21"
    offices = OFFICES

    propose = Step(
        "立项",
        (GB37[2], M262[2]),
        by=DRAFTER,
        needs=(r.maker_may_issue, r.revised_document_is_ones_own),
        asks=(
            Field("title", "文件名称", TEXT, help="例如：昆都仑区城市养犬管理办法（试行）"),
            Field(
                "revises",
                "修改或者代替的文件",
                ITEM,
                required=False,
                help="新文件施行之日起，原文件停止执行；名称为“关于修改……的决定”的，原文件继续有效",
            ),
            Field("purpose", "制定的必要性", LONG),
            Field("basis", "制定依据", LONG, help="法律、法规、规章和上级文件的名称、条款"),
            Field("business", "与市场主体生产经营活动密切相关", YES_NO),
            Field("market", "涉及经营者经济活动", YES_NO),
        ),
        verb="立项",
        status="已立项",
    )
    identify = Step(
        "认定是否属于行政规范性文件",
        (M262[2], M262[3]),
        by=OWN_REVIEWER,
        after=propose,
        needs=(r.is_normative,),
        asks=(
            Field("marks", "具备的要件", CHOICES, choices=MARKS),
            Field("excluded", "属于下列哪一种", CHOICE, choices=EXCLUDED),
        ),
        verb="认定为行政规范性文件",
        status="已认定",
    )
    not_normative = Step(
        "认定不属于行政规范性文件",
        M262[3],
        by=OWN_REVIEWER,
        after=propose,
        asks=(Field("not_normative_reason", "理由", LONG),),
        until="identify",
        ends=True,
        optional=True,
        verb="认定不属于，结束",
        status="不属于规范性文件",
    )
    draft = Step(
        "起草",
        (GB37[1], GB37[2], BUSINESS[64].kuan(1)),
        by=DRAFTER,
        after=identify,
        needs=(r.creates_nothing_reserved, r.cuts_no_rights, r.states_its_validity),
        asks=(
            Field("draft_files", "草案和起草说明（Word）", FILES, group="草案"),
            Field("explanation", "起草说明", LONG, help="必要性、依据、主要内容、需要说明的问题", group="草案"),
            Field("validity_years", "有效期（年）", NUMBER, help="最长五年；暂行、试行的最长二年", group="草案"),
            Field("creates", "草案中设定了下列哪些事项", CHOICES, choices=CREATES, group="自查"),
            Field("self_checked", "没有依据的，未减损权益、未增加义务", YES_NO, group="自查"),
            Field("consult_needed", "需要公开征求意见", YES_NO, default=True, group="征求意见"),
            Field(
                "consult_exempt_reason",
                "不公开征求意见的理由",
                LONG,
                when=("consult_needed", (False,)),
                help="例如：依法需要保密；不涉及公众利益",
                group="征求意见",
            ),
        ),
        verb="提交草案",
        status="已起草",
    )
    consult = Step(
        "公开征求意见",
        (BUSINESS[62].kuan(2), GB37[5]),
        by=DISCLOSER,
        after=draft,
        when=r.consultation_is_due,
        needs=(r.was_consulted,),
        verb="已发布征求意见稿",
        status="征求意见中",
    )
    feed_back = Step(
        "反馈意见采纳情况",
        (BUSINESS[62].kuan(2), GB37[5]),
        by=DRAFTER,
        after=consult,
        when=r.consultation_is_due,
        least=param("公开征求意见期限"),
        needs=(r.every_opinion_is_answered,),
        asks=(Field("changes", "根据意见作出的修改", LONG, required=False),),
        verb="征求意见结束",
        status="已征求意见",
    )
    internal_review = Step(
        "起草单位内部审核",
        (GB115[3], GB37[6]),
        by=OWN_REVIEWER,
        after=(draft, feed_back),
        not_by=(draft,),
        asks=(
            Field("internal_opinion", "审核意见", CHOICE, choices=(("lawful", "合法，可以送审"), ("changes", "应当修改"))),
            Field("internal_points", "具体意见", LONG, when=("internal_opinion", ("changes",))),
        ),
        repeats=True,
        verb="出具内部审核意见",
        status="已内部审核",
    )
    submit = Step(
        "送合法性审核",
        (GB115[3], BUSINESS[63].kuan(2)),
        by=DRAFTER,
        after=internal_review,
        needs=(r.internal_review_passed,),
        asks=(
            Field("submitted_files", "送审稿、起草说明、依据和征求意见材料", FILES),
            Field("submit_note", "送审说明", LONG, required=False),
        ),
        verb="送审",
        status="合法性审核中",
    )
    legality = Step(
        "合法性审核",
        (GB115[3], GB37[6], BUSINESS[63].kuan(2)),
        by=JUSTICE,
        after=submit,
        within=param("合法性审核期限"),
        asks=(
            Field("legality_opinion", "审核结论", CHOICE, choices=OPINIONS),
            Field("points", "审核意见", LONG, help="逐条写明条款、问题、依据和建议"),
        ),
        gives=LEGALITY_OPINION,
        verb="出具合法性审核意见",
        status="已合法性审核",
    )
    handle = Step(
        "研究采纳合法性审核意见",
        GB115[3],
        by=DRAFTER,
        after=legality,
        needs=(r.legality_review_passed,),
        asks=(Field("handled", "采纳情况和理由", LONG, help="逐条说明；没有修改意见的写“无”"),),
        verb="登记采纳情况",
        status="已采纳审核意见",
    )
    compete = Step(
        "公平竞争审查",
        (COMPETITION[14], COMPETITION[17], BUSINESS[63].kuan(1)),
        by=OWN_REVIEWER,
        after=draft,
        when=r.touches_the_market,
        needs=(r.competition_is_reviewed,),
        asks=(
            Field(
                "competition_conclusion",
                "审查结论",
                CHOICE,
                choices=(("fair", "符合审查标准"), ("exception", "适用例外规定"), ("unfair", "不符合审查标准")),
            ),
            Field(
                "competition_exception",
                "适用例外规定的情形、必要性和期限",
                LONG,
                when=("competition_conclusion", ("exception",)),
                help="公平竞争审查条例第十二条",
            ),
            Field("competition_heard", "听取经营者、行业协会商会意见的情况", LONG),
        ),
        verb="作出审查结论",
    )
    deliberate = Step(
        "集体审议",
        GB37[7],
        by=CHIEF,
        after=(handle, compete),
        needs=(
            r.legality_review_passed,
            r.legality_points_are_handled,
            r.deliberated_in_a_meeting,
            r.a_quorum_was_present,
            r.the_meeting_adopted_it,
        ),
        asks=(
            Field(
                "meeting",
                "审议方式",
                CHOICE,
                choices=(("standing", "政府常务会议"), ("office", "部门办公会议"), ("circulation", "传阅、会签")),
            ),
            Field("meeting_on", "会议日期", DATE),
            Field("entitled", "应到人数", NUMBER),
            Field("present", "实到人数", NUMBER),
            Field("adopted", "审议通过", YES_NO),
            Field("minutes_files", "会议纪要", FILES),
        ),
        verb="登记集体审议结果",
        status="已集体审议",
    )
    sign = Step(
        "签发",
        GB37[7],
        by=CHIEF,
        after=deliberate,
        asks=(
            Field("signer", "签发人", TEXT),
            Field("doc_number", "文号", TEXT, help="例如：包昆政发〔2026〕3号"),
            Field("effective_on", "施行日期", DATE),
        ),
        verb="签发",
        status="已签发",
    )
    unify = Step(
        "统一登记、统一编号、统一印发",
        (GB37[8], GB115[3]),
        by=JUSTICE,
        after=sign,
        within=param("规范性文件统一登记期限"),
        needs=(r.legality_review_passed, r.the_meeting_adopted_it),
        asks=(Field("note", "登记说明", LONG, required=False),),
        gives=REGISTRATION,
        names=True,
        verb="登记编号",
        status="已登记编号",
    )
    publish = Step(
        "公布",
        (GB37[8], BUSINESS[64].kuan(2), DISCLOSURE[26]),
        by=DISCLOSER,
        after=unify,
        within=param("规范性文件公布期限"),
        needs=(r.secrecy_was_reviewed, r.not_in_force_before_publication, r.published_where_people_look),
        asks=(
            Field("openness", "公开属性", CHOICE, choices=(("public", "主动公开"), ("on_request", "依申请公开"), ("closed", "不予公开"))),
            Field("secrecy_reviewer", "保密审查人", TEXT, help="写明姓名"),
            Field("secrecy_passed", "经保密审查可以公开", YES_NO),
            Field("published_on", "公布日期", DATE),
            Field(
                "medium",
                "公布载体",
                CHOICES,
                choices=(("gazette", "政府公报"), ("portal", "政府网站"), ("newspaper", "报纸"), ("notice", "公告栏")),
            ),
            Field("interpretation", "政策解读", LONG, required=False),
            Field("text_files", "正式文本", FILES),
        ),
        publishes=True,
        verb="公布",
        status="已公布",
    )
    report = Step(
        "报送备案",
        GB37[10],
        by=DRAFTER,
        after=publish,
        within=param("规范性文件报送备案期限"),
        needs=(r.filing_materials_are_complete,),
        asks=(
            Field("materials", "报送材料", CHOICES, choices=MATERIALS),
            Field("missing_reason", "缺件说明", LONG, required=False),
        ),
        gives=FILING_REPORT,
        verb="报送备案",
        status="已报送备案",
    )
    archive = Step(
        "归档",
        M262[2],
        by=Who(("officer", "head")),
        after=report,
        asks=(Field("archive_note", "归档说明", LONG, required=False),),
        ends=True,
        verb="归档",
        status="已归档",
    )
