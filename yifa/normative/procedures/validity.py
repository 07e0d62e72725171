"""行政规范性文件有效期评估与延续:制定机关评估、提出处理建议,司法行政部门合法性审核,集体审议,公布。"""

from __future__ import annotations

from yifa.kernel.calendar.terms import param
from yifa.normative import rules as r
from yifa.normative import standing_rules as s
from yifa.normative.forms.declared import LEGALITY_OPINION
from yifa.normative.procedures.making import CHIEF, DISCLOSER, DRAFTER, JUSTICE, OFFICES, OPINIONS
from yifa.normative.rules import DISCLOSURE, GB37, GB115, M262
from yifa.normative.standing_rules import RULEMAKING
from yifa.procedures.core import Procedure, Step
from yifa.procedures.fields import CHOICE, CHOICES, DATE, FILES, ITEM, LONG, NUMBER, TEXT, YES_NO, Field

ENDINGS = ("repeal", "lapse")
PROPOSALS = (("extend", "延续有效期"), ("amend", "修改"), ("repeal", "废止"), ("lapse", "宣布失效"))
MEETING = (
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
)
PUBLISHING = (
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
)


class Extension(Procedure):
    """行政规范性文件有效期届满前，制定机关应当评估，需要继续执行的，按程序延续；没有作出决定的，到期自动失效。"""

    key = "normative_extension"
    title = "行政规范性文件有效期评估与延续"
    version = "2023-12-01"
    code = "27"
    offices = OFFICES

    evaluate = Step(
        "评估",
        (RULEMAKING[36], RULEMAKING[38], M262[2]),
        by=DRAFTER,
        needs=(s.document_is_ones_own, s.document_has_not_ended),
        asks=(
            Field("own_document", "评估的文件", ITEM, help="按名称或者文号查找本机关现行有效的文件"),
            Field("effect", "实施效果", LONG, help="执行情况、取得的效果、发现的问题"),
            Field("basis_changed", "所依据的法律、法规、规章已经修改或者废止", YES_NO),
            Field("basis_note", "修改或者废止的情况和影响", LONG, when=("basis_changed", (True,))),
            Field("evaluation_files", "评估报告", FILES, required=False),
        ),
        verb="登记评估",
        status="已评估",
    )
    propose = Step(
        "提出处理建议",
        (RULEMAKING[36], RULEMAKING[38], M262[2]),
        by=DRAFTER,
        after=evaluate,
        asks=(
            Field("proposal", "处理建议", CHOICE, choices=PROPOSALS),
            Field("proposal_reason", "理由和依据", LONG),
        ),
        verb="提出建议",
        status="合法性审核中",
    )
    legality = Step(
        "合法性审核",
        (GB115[3], GB37[6]),
        by=JUSTICE,
        after=propose,
        within=param("合法性审核期限"),
        asks=(
            Field("legality_opinion", "审核结论", CHOICE, choices=OPINIONS),
            Field("points", "审核意见", LONG, help="逐条写明条款、问题、依据和建议"),
        ),
        gives=LEGALITY_OPINION,
        names=True,
        verb="出具合法性审核意见",
        status="已合法性审核",
    )
    decide = Step(
        "集体审议决定",
        GB37[7],
        by=CHIEF,
        after=legality,
        needs=(
            s.document_has_not_ended,
            r.deliberated_in_a_meeting,
            r.a_quorum_was_present,
            r.the_meeting_adopted_it,
            s.what_stays_is_lawful,
        ),
        asks=(
            *MEETING,
            Field("decided", "决定", CHOICE, choices=PROPOSALS),
            Field("decision_number", "决定的文号或者会议纪要编号", TEXT),
            Field("minutes_files", "会议纪要", FILES),
        ),
        verb="登记决定",
        status="已决定",
    )
    measure = Step(
        "确定延续的有效期",
        M262[2],
        by=CHIEF,
        after=decide,
        when=s.is_extended,
        needs=(s.extension_is_measured,),
        asks=(Field("extend_years", "自公布延续决定之日起的有效期（年）", NUMBER, help="最长五年；暂行、试行的最长二年"),),
        verb="确定有效期",
    )
    publish = Step(
        "公布",
        (GB37[8], DISCLOSURE[26]),
        by=DISCLOSER,
        after=(decide, measure),
        within=param("规范性文件公布期限"),
        needs=(
            s.document_has_not_ended,
            r.secrecy_was_reviewed,
            r.published_where_people_look,
            s.validity_has_not_run_out,
        ),
        asks=(
            *PUBLISHING,
            Field("ends_on", "终止执行的日期", DATE, when=("decided", ENDINGS)),
            Field("text_files", "公布的决定", FILES),
        ),
        publishes=True,
        ends=True,
        verb="公布决定",
        status="已公布",
    )
