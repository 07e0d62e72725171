"""地方政府规章制定:立项、列入计划、起草、公开征求意见、审查、常务会议或者全体会议决定、签署命令、公布、备案。"""

from __future__ import annotations

from yifa.kernel.calendar.terms import days, param, years
from yifa.normative import rulemaking_rules as u
from yifa.normative import rules as r
from yifa.normative.procedures.making import CHIEF, DISCLOSER, DRAFTER, JUSTICE, OFFICES
from yifa.normative.procedures.validity import PUBLISHING
from yifa.normative.rulemaking_rules import LEGISLATION
from yifa.normative.rules import DISCLOSURE
from yifa.normative.standing_rules import RULEMAKING
from yifa.procedures.core import Procedure, Step
from yifa.procedures.fields import CHOICE, CHOICES, DATE, FILES, LONG, NUMBER, TEXT, YES_NO, Field

MATTERS = (
    ("urban", "城乡建设与管理"),
    ("ecology", "生态文明建设"),
    ("heritage", "历史文化保护"),
    ("grassroots", "基层治理"),
    ("other", "其他事项"),
)
RECEIVERS = (
    ("state_council", "国务院"),
    ("own_congress", "本级人民代表大会常务委员会"),
    ("region_congress", "自治区人民代表大会常务委员会"),
    ("region_government", "自治区人民政府"),
)


class RuleMaking(Procedure):
    """自治区、设区的市人民政府制定地方政府规章，应当按照本程序办理。"""

    key = "rule_making"
    title = "地方政府规章制定"
    version = "2023-03-15"
    code = "23"
    offices = OFFICES

    propose = Step(
        "立项申请",
        (RULEMAKING[10].kuan(2), RULEMAKING[11]),
        by=DRAFTER,
        needs=(u.maker_makes_rules, u.name_fits, u.matter_is_a_citys),
        asks=(
            Field("title", "规章名称", TEXT, help="称“规定”或者“办法”，例如：包头市城市绿化管理办法"),
            Field("subject_matter", "事项", CHOICE, choices=MATTERS),
            Field("purpose", "制定的必要性", LONG),
            Field("problems", "所要解决的主要问题", LONG),
            Field("institutions", "拟确立的主要制度", LONG),
            Field(
                "provisional",
                "应当制定地方性法规但条件尚不成熟，先行制定规章",
                YES_NO,
                default=False,
                help="先行制定的规章实施满两年需要继续实施的，应当提请制定地方性法规",
            ),
        ),
        verb="申请立项",
        status="申请立项",
    )
    plan = Step(
        "评估论证，列入年度计划",
        RULEMAKING[12],
        by=JUSTICE,
        after=propose,
        asks=(
            Field("assessment", "评估论证意见", LONG),
            Field("plan_year", "列入哪一年的规章制定工作计划", NUMBER),
            Field("drafting_unit", "起草单位", TEXT),
        ),
        verb="列入计划",
        status="已立项",
    )
    draft = Step(
        "起草",
        (RULEMAKING[14].kuan(3), RULEMAKING[15].kuan(1)),
        by=DRAFTER,
        after=plan,
        needs=(u.cuts_no_rights_without_basis,),
        asks=(
            Field("draft_files", "草案和说明（Word）", FILES),
            Field("explanation", "起草说明", LONG, help="必要性、规定的主要措施、有关方面的意见和协调情况"),
            Field("cuts_rights", "草案减损权利或者增加义务", YES_NO),
            Field("higher_basis", "法律、行政法规、地方性法规的依据", LONG, when=("cuts_rights", (True,)), required=False),
            Field("confidential", "依法需要保密，不能公开征求意见", YES_NO),
        ),
        verb="提交草案",
        status="已起草",
    )
    consult = Step(
        "公开征求意见",
        RULEMAKING[15].kuan(2),
        by=DISCLOSER,
        after=draft,
        when=u.is_put_before_the_public,
        needs=(u.draft_is_before_the_public, u.the_public_has_thirty_days),
        verb="已发布征求意见稿",
        status="征求意见中",
    )
    feed_back = Step(
        "研究处理意见",
        (RULEMAKING[15].kuan(2), RULEMAKING[18].kuan(3)),
        by=DRAFTER,
        after=consult,
        when=u.is_put_before_the_public,
        least=days(30),
        needs=(u.every_opinion_is_handled,),
        asks=(Field("changes", "根据意见作出的修改", LONG, required=False),),
        verb="征求意见结束",
        status="已征求意见",
    )
    submit = Step(
        "报送审查",
        RULEMAKING[18],
        by=CHIEF,
        after=(draft, feed_back),
        asks=(
            Field("submitted_by", "签署送审稿的起草单位主要负责人", TEXT),
            Field("submitted_files", "送审稿、说明、不同意见和其他材料", FILES),
        ),
        repeats=True,
        until="deliberate",
        verb="报送审查",
        status="审查中",
    )
    examine = Step(
        "审查",
        (RULEMAKING[19], RULEMAKING[20], RULEMAKING[25]),
        by=JUSTICE,
        after=submit,
        asks=(
            Field("examined", "审查结论", CHOICE, choices=(("passed", "提请审议"), ("postponed", "缓办"), ("returned", "退回起草单位"))),
            Field("examination", "审查意见", LONG, help="合法性、与有关规章的协调、各方面意见的处理、立法技术"),
        ),
        repeats=True,
        until="deliberate",
        verb="作出审查结论",
        status="已审查",
    )
    deliberate = Step(
        "政府会议决定",
        (LEGISLATION[95].kuan(2), RULEMAKING[27].kuan(2)),
        by=CHIEF,
        after=examine,
        anew=("submit",),
        needs=(u.examination_passed, u.decided_by_the_government),
        asks=(
            Field(
                "government_meeting",
                "审议会议",
                CHOICE,
                choices=(("standing", "政府常务会议"), ("plenary", "政府全体会议"), ("other", "其他会议")),
            ),
            Field("passed_on", "通过日期", DATE),
            Field("passed", "审议通过", YES_NO),
            Field("minutes_files", "会议纪要", FILES),
        ),
        verb="登记会议决定",
        status="已通过",
    )
    sign = Step(
        "签署命令",
        (LEGISLATION[96].kuan(2), RULEMAKING[29], RULEMAKING[30].kuan(1)),
        by=CHIEF,
        after=deliberate,
        asks=(
            Field("signer", "签署人", TEXT, help="自治区主席或者市长"),
            Field("order_number", "命令的序号", TEXT, help="例如：包头市人民政府令第12号"),
            Field("effective_on", "施行日期", DATE),
        ),
        verb="签署命令",
        status="已签署",
    )
    publish = Step(
        "公布",
        (RULEMAKING[31].kuan(2), RULEMAKING[32], DISCLOSURE[26]),
        by=DISCLOSER,
        after=sign,
        within=param("规范性文件公布期限"),
        needs=(r.secrecy_was_reviewed, u.published_in_the_gazette, u.comes_into_force_in_time),
        asks=(
            *PUBLISHING,
            Field("early_reason", "公布后不满三十日施行的理由", LONG, required=False),
            Field("text_files", "命令和规章文本", FILES),
        ),
        publishes=True,
        verb="公布",
        status="已公布",
    )
    report = Step(
        "报送备案",
        (LEGISLATION[109], RULEMAKING[34]),
        by=JUSTICE,
        after=publish,
        within=days(30),
        asks=(
            Field("receivers", "报送的机关", CHOICES, choices=RECEIVERS),
            Field("report_files", "备案报告、规章文本和说明", FILES),
        ),
        ends=True,
        verb="报送备案",
        status="已报送备案",
    )
    seek_regulation = Step(
        "先行制定的规章实施满两年的处理",
        LEGISLATION[93].kuan(5),
        by=CHIEF,
        after=publish,
        when=u.is_provisional,
        within=years(2),
        starts_on="effective_on",
        outlives=True,
        asks=(
            Field(
                "continuation",
                "处理",
                CHOICE,
                choices=(("regulation", "需要继续实施，已提请制定地方性法规"), ("stop", "不再继续实施，停止执行")),
            ),
            Field("regulation_case", "地方性法规草案的案件编号", TEXT, required=False, when=("continuation", ("regulation",))),
            Field("continuation_reason", "理由", LONG),
        ),
        verb="登记处理",
        status="已作处理",
    )
