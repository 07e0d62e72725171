"""对行政规范性文件的两种审查请求:公民、法人和其他组织提出异议(异议审查);行政复议申请人一并提出审查申请(附带审查)。"""

from __future__ import annotations

from collections.abc import Mapping

from yifa.kernel.calendar.terms import param
from yifa.normative import filing_rules as r
from yifa.normative import objection_rules as o
from yifa.normative import rules as n
from yifa.normative.cases.objection import LAWFUL, UNLAWFUL
from yifa.normative.filing_rules import FILING, LEGISLATION
from yifa.normative.forms.declared_filing import CORRECTION_NOTICE
from yifa.normative.forms.declared_objection import (
    INCIDENTAL_FORWARDED,
    INCIDENTAL_NOTICE,
    INCIDENTAL_OPINION,
    OBJECTION_ACCEPTED,
    OBJECTION_ANSWER,
    OBJECTION_DECLINED,
    OBJECTION_FORWARDED,
)
from yifa.normative.objection_rules import RECONSIDERATION
from yifa.normative.procedures.filing import BUREAU, CONCLUDING, GROUNDS, REPORTED, REVIEWER, DocumentFiling, answers
from yifa.normative.procedures.validity import PUBLISHING
from yifa.normative.rules import DISCLOSURE, GB37
from yifa.normative.standing_rules import RULEMAKING
from yifa.procedures.core import Procedure, Step, Who, any_of
from yifa.procedures.fields import CHOICE, DATE, FILES, ITEM, LONG, TEXT, YES_NO, Field

OBJECTION_OFFICES: Mapping[str, str] = {"maker": "制定机关"}
INCIDENTAL_OFFICES: Mapping[str, str] = {"maker": "制定机关", "authority": "有权处理的机关"}
CHIEFS = ("section_chief", "deputy_director", "director", "head")
MAKER = Who(("officer", "head", "reviewer"), office="maker")
AUTHORITY = Who(("reviewer", *CHIEFS), office="authority")
HANDLER = Who(("reviewer", "officer"))
DECLINED_FOR = (
    ("not_normative", "不是行政规范性文件"),
    ("no_clause", "没有写明有异议的条款和理由，又不能核实"),
    ("decided", "同一条款已经审查并答复，没有新的理由"),
    ("pending", "正在附带审查或者诉讼中，由受理机关处理"),
    ("other", "其他情形"),
)
WAYS = (("here", "在本平台办理的机关"), ("elsewhere", "其他机关"))
FOUND = ((LAWFUL, "相关条款合法"), (UNLAWFUL, "相关条款超越权限或者违反上位法"))
# 行政复议法 59 stops a clause on these two grounds alone.
STOPPING = tuple(pair for pair in GROUNDS if pair[0] in {"beyond_powers", "against_superior"})
FINDING = (
    Field("finding", "处理意见", CHOICE, choices=FOUND),
    Field("finding_opinion", "审查情况和理由", LONG, help="逐条写明条款、上位法的规定和结论"),
    Field("legal_ground", "法定情形", CHOICE, choices=STOPPING, when=("finding", (UNLAWFUL,))),
    Field("stopped_clauses", "停止执行的条款", TEXT, when=("finding", (UNLAWFUL,)), help="例如：第八条、第十二条第二款"),
)


class ObjectionReview(Procedure):
    """公民、法人和其他组织认为行政规范性文件不合法的，可以向备案审查机关、也可以直接向自治区的审查机关提出异议；审查机关应当受理、审查、答复。"""

    key = "normative_objection"
    title = "规范性文件异议审查"
    version = "2024-11-01"
    code = "25"
    offices = OBJECTION_OFFICES

    receive = Step(
        "接收异议",
        (FILING[12], RULEMAKING[35]),
        by=REVIEWER,
        needs=(o.was_sent_here, o.is_not_yet_received),
        asks=(Field("objection", "异议", ITEM, help="按文件名称查找向本机关提出、还没有接收的异议"),),
        verb="接收",
        status="形式审查中",
    )
    decline = Step(
        "不予受理",
        (FILING[12], FILING[25]),
        by=REVIEWER,
        after=receive,
        asks=(
            Field("declined_for", "不予受理的情形", CHOICE, choices=DECLINED_FOR),
            Field("decline_reason", "理由", LONG, help="异议人凭查询码看到的就是这段话"),
        ),
        gives=OBJECTION_DECLINED,
        until="accept",
        optional=True,
        ends=True,
        verb="不予受理",
        status="不予受理",
    )
    forward = Step(
        "转送有权审查的机关",
        (FILING[12], FILING[25]),
        by=REVIEWER,
        after=receive,
        needs=(o.goes_on_to_another,),
        asks=(
            Field("forward_way", "接受转送的机关", CHOICE, choices=WAYS),
            Field("forward_to", "机关", ITEM, when=("forward_way", ("here",)), help="按名称查找"),
            Field("forward_name", "机关名称", TEXT, when=("forward_way", ("elsewhere",))),
            Field("forward_reason", "转送的理由", LONG, help="异议人凭查询码可以看到"),
        ),
        gives=OBJECTION_FORWARDED,
        until="accept",
        optional=True,
        ends=True,
        verb="转送",
        status="已转送",
    )
    accept = Step(
        "受理",
        (FILING[12], FILING[25]),
        by=REVIEWER,
        after=receive,
        since="received_on",
        within=param("异议形式审查期限"),
        needs=(o.is_within_supervision, o.document_stands),
        asks=(
            Field("objected_clauses", "有异议的条款", TEXT, help="例如：第八条"),
            Field("objected_points", "异议要点", LONG, help="转制定机关说明，不要写异议人的姓名、电话等个人信息"),
        ),
        gives=OBJECTION_ACCEPTED,
        names=True,
        verb="受理",
        status="已受理",
    )
    explain = Step(
        "制定机关说明",
        FILING[14],
        by=MAKER,
        after=accept,
        within=param("异议说明期限"),
        asks=(
            Field("maker_statement", "说明", LONG, help="针对异议要点，写明制定的依据、理由和执行情况"),
            Field("maker_files", "依据和有关材料", FILES, required=False),
        ),
        until="conclude",
        verb="提交说明",
        status="制定机关已说明",
    )
    review_1 = Step(
        "审查",
        (FILING[13], LEGISLATION[107]),
        by=REVIEWER,
        after=accept,
        needs=(o.maker_was_heard, r.findings_say_why, r.what_is_reserved_is_a_problem(1), r.proposal_fits(1)),
        asks=answers(1),
        verb="提出审查意见",
        status="已审查",
    )
    review_2 = Step(
        "复审",
        (FILING[13], LEGISLATION[107]),
        by=Who(CHIEFS),
        after=review_1,
        not_by=(review_1,),
        needs=(r.changes_are_explained(2), r.what_is_reserved_is_a_problem(2), r.proposal_fits(2)),
        asks=answers(2),
        verb="提出复审意见",
        status="已复审",
    )
    conclude = Step(
        "作出审查结论并答复",
        (FILING[12], FILING[18], LEGISLATION[107], LEGISLATION[108]),
        by=BUREAU,
        after=review_2,
        starts=accept,
        whole=True,
        within=param("异议审查期限"),
        needs=(r.conclusion_is_the_final_opinion, r.correction_has_its_ground, r.revocation_is_not_ahead),
        asks=(*CONCLUDING, Field("answer", "给异议人的答复", LONG, help="用异议人看得懂的话，逐点回应；文件要改的，写明怎样改")),
        gives=OBJECTION_ANSWER,
        verb="作出结论并答复",
        status="已答复",
    )
    # What the maker owes after a conclusion C to F, and what follows when he does not: as in a filing (备案审查条例 18, 21, 23).
    notify = DocumentFiling.notify
    correct_result = DocumentFiling.correct_result
    verify = DocumentFiling.verify
    circulate = DocumentFiling.circulate
    propose_revocation = DocumentFiling.propose_revocation
    record_revocation = DocumentFiling.record_revocation
    publish = Step(
        "公布处理结果",
        (GB37[8], DISCLOSURE[26]),
        by=Who(("discloser", "reviewer")),
        after=conclude,
        starts=any_of(conclude, verify, record_revocation),
        when=o.document_was_changed,
        within=param("规范性文件公布期限"),
        needs=(n.secrecy_was_reviewed, n.published_where_people_look),
        asks=(Field("published_result", "公布的内容", LONG, help="写明文件、条款和处理结果，不要写异议人的个人信息"), *PUBLISHING),
        publishes=True,
        verb="公布处理结果",
        status="已公布处理结果",
    )
    archive = Step(
        "归档",
        (FILING[12], GB37[10]),
        by=Who(("reviewer", "officer")),
        after=conclude,
        needs=(r.everything_is_settled, o.result_is_published),
        asks=(Field("archive_note", "归档说明", LONG, required=False),),
        ends=True,
        verb="归档",
        status="已归档",
    )


class IncidentalReview(Procedure):
    """申请人在申请行政复议时一并申请审查规范性文件，或者复议机关认为依据不合法的，有权处理的在三十日内处理，无权处理的在七日内转送。"""

    key = "normative_incidental"
    title = "行政复议附带审查规范性文件"
    version = "2024-11-01"
    code = "26"
    offices = INCIDENTAL_OFFICES

    begin = Step(
        "登记附带审查",
        (RECONSIDERATION[13], RECONSIDERATION[39].kuan(1).xiang(9), RECONSIDERATION[56], RECONSIDERATION[57]),
        by=HANDLER,
        needs=(o.suspension_is_not_ahead, o.document_is_named, o.what_is_ours_is_registered, o.competence_is_as_registered),
        asks=(
            Field("reconsideration_number", "行政复议案件编号", TEXT, group="复议案件"),
            Field("applicant", "复议申请人", TEXT, personal=True, group="复议案件"),
            Field("suspended_on", "行政复议中止日期", DATE, group="复议案件"),
            Field(
                "raised_by",
                "怎样提出",
                CHOICE,
                choices=(("applicant", "申请人一并申请附带审查"), ("organ", "复议机关认为依据不合法")),
                group="复议案件",
            ),
            Field("registered", "文件在登记簿中", YES_NO, group="被审查的文件"),
            Field(
                "questioned_document",
                "文件",
                ITEM,
                when=("registered", (True,)),
                help="按名称或者文号查找登记簿中的文件",
                group="被审查的文件",
            ),
            Field("title", "文件名称", TEXT, when=("registered", (False,)), group="被审查的文件"),
            Field("document_number", "文号", TEXT, when=("registered", (False,)), group="被审查的文件"),
            Field("document_maker", "制定机关名称", TEXT, when=("registered", (False,)), group="被审查的文件"),
            Field("questioned_clauses", "申请审查的条款", TEXT, help="例如：第八条", group="被审查的文件"),
            Field("request", "申请人的主张或者复议机关的理由", LONG, group="被审查的文件"),
            Field("competent", "本机关有权处理", YES_NO, help="本级政府及其部门、下级机关的文件，一般有权处理", group="处理"),
        ),
        verb="登记",
        status="已登记",
    )
    notify_maker = Step(
        "书面通知制定机关",
        RECONSIDERATION[58].kuan(1),
        by=HANDLER,
        after=begin,
        when=o.is_competent,
        since="suspended_on",
        within=param("附带审查通知期限"),
        gives=INCIDENTAL_NOTICE,
        names=True,
        verb="发出通知",
        status="等待制定机关答复",
    )
    answer = Step(
        "制定机关书面答复",
        RECONSIDERATION[58].kuan(1),
        by=MAKER,
        after=notify_maker,
        when=o.is_competent,
        within=param("附带审查答复期限"),
        asks=(
            Field("maker_statement", "书面答复", LONG, help="就相关条款的合法性逐条答复"),
            Field("maker_files", "有关材料", FILES, required=False),
        ),
        until="decide",
        verb="提交书面答复",
        status="制定机关已答复",
    )
    record_answer = Step(
        "登记制定机关的书面答复",
        RECONSIDERATION[58].kuan(1),
        by=HANDLER,
        after=notify_maker,
        when=o.is_competent,
        instead_of=answer,
        asks=(Field("maker_statement", "书面答复的要点", LONG), Field("maker_files", "书面答复", FILES)),
        optional=True,
        until="decide",
        verb="登记书面答复",
        status="制定机关已答复",
    )
    hear_maker = Step(
        "听取制定机关当面说明理由",
        RECONSIDERATION[58].kuan(2),
        by=HANDLER,
        after=notify_maker,
        when=o.is_competent,
        asks=(Field("heard_on", "日期", DATE), Field("heard", "当面说明的情况", LONG), Field("heard_files", "笔录", FILES, required=False)),
        repeats=True,
        optional=True,
        until="decide",
        verb="登记当面说明",
    )
    examine = Step(
        "审查",
        (RECONSIDERATION[59], LEGISLATION[107]),
        by=HANDLER,
        after=notify_maker,
        when=o.is_competent,
        needs=(o.maker_has_answered,),
        asks=(Field("examined", "审查意见", CHOICE, choices=FOUND), Field("examined_opinion", "审查情况和理由", LONG)),
        verb="提出审查意见",
        status="已审查",
    )
    decide = Step(
        "作出处理决定",
        (RECONSIDERATION[56], RECONSIDERATION[57], RECONSIDERATION[59]),
        by=Who(CHIEFS),
        after=examine,
        not_by=(examine,),
        when=o.is_competent,
        starts=begin,
        since="suspended_on",
        whole=True,
        within=param("附带审查处理期限"),
        needs=(o.a_change_is_explained,),
        asks=(*FINDING, Field("differs", "与承办人意见不同的理由", LONG, required=False)),
        gives=INCIDENTAL_OPINION,
        verb="作出处理决定",
        status="已作出处理决定",
    )
    forward = Step(
        "转送有权处理的机关",
        (RECONSIDERATION[56], RECONSIDERATION[57]),
        by=HANDLER,
        after=begin,
        when=o.is_not_competent,
        since="suspended_on",
        within=param("附带审查转送期限"),
        needs=(o.what_is_forwarded_here_is_registered,),
        asks=(
            Field("forward_way", "接受转送的机关", CHOICE, choices=WAYS),
            Field("forward_to", "机关", ITEM, when=("forward_way", ("here",)), help="按名称查找"),
            Field("forward_name", "机关名称", TEXT, when=("forward_way", ("elsewhere",)), help="例如：国务院部门"),
            Field("forward_reason", "转送的理由", LONG),
        ),
        gives=INCIDENTAL_FORWARDED,
        names=True,
        verb="转送",
        status="已转送，等待回复",
    )
    reply = Step(
        "回复处理意见",
        RECONSIDERATION[60],
        by=AUTHORITY,
        after=forward,
        when=o.is_forwarded_here,
        within=param("附带审查回复期限"),
        asks=FINDING,
        gives=INCIDENTAL_OPINION,
        verb="回复处理意见",
        status="已收到处理意见",
    )
    record_reply = Step(
        "登记处理意见",
        RECONSIDERATION[60],
        by=HANDLER,
        after=forward,
        when=o.is_forwarded_elsewhere,
        within=param("附带审查回复期限"),
        needs=(o.reply_is_not_ahead,),
        asks=(
            *FINDING,
            Field("replied_on", "处理意见的日期", DATE),
            Field("reply_number", "处理意见的文号", TEXT),
            Field("reply_files", "处理意见", FILES),
        ),
        verb="登记处理意见",
        status="已收到处理意见",
    )
    notify = Step(
        "责令制定机关纠正",
        RECONSIDERATION[59],
        by=AUTHORITY,
        after=any_of(decide, reply),
        when=o.correction_is_ours,
        within=param("附带审查责令纠正期限"),
        needs=(o.order_is_due,),
        asks=(
            Field("clauses", "应当纠正的条款", LONG),
            Field("demand", "纠正要求", LONG, help="再次责令的，写明上次处理结果不能通过的理由"),
        ),
        gives=CORRECTION_NOTICE,
        repeats=True,
        verb="责令纠正",
        status="待纠正",
    )
    correct_result = Step(
        "报送处理结果",
        RECONSIDERATION[59],
        by=MAKER,
        after=notify,
        when=o.correction_is_ours,
        within=param("附带审查纠正期限"),
        needs=(r.a_result_is_awaited,),
        asks=REPORTED,
        repeats=True,
        verb="报送处理结果",
        status="已报送处理结果",
    )
    verify = Step(
        "核验纠正结果",
        RECONSIDERATION[59],
        by=AUTHORITY,
        after=correct_result,
        when=o.correction_is_ours,
        within=param("纠正结果核验期限"),
        needs=(r.a_result_was_handed_in,),
        asks=(Field("accepted", "已经纠正", YES_NO), Field("verification", "核验意见", LONG)),
        repeats=True,
        verb="登记核验结果",
        status="已核验",
    )
    resume = Step(
        "登记恢复审理",
        (RECONSIDERATION[39].kuan(2), RECONSIDERATION[59]),
        by=HANDLER,
        after=any_of(decide, reply, record_reply),
        needs=(o.resumption_is_not_ahead,),
        asks=(
            Field("resumed_on", "恢复审理的日期", DATE),
            Field("told", "告知当事人的情况", LONG, help="相关条款合法的，在行政复议决定书中一并告知"),
        ),
        verb="登记恢复审理",
        status="复议已恢复审理",
    )
    abandon = Step(
        "终止附带审查",
        RECONSIDERATION[41],
        by=HANDLER,
        after=begin,
        needs=(o.is_not_decided,),
        asks=(Field("abandon_reason", "理由", LONG, help="例如：复议申请人撤回申请，复议案件已经终止"),),
        until="resume",
        optional=True,
        ends=True,
        verb="终止",
        status="已终止",
    )
    archive = Step(
        "归档",
        (RECONSIDERATION[59], RECONSIDERATION[60]),
        by=HANDLER,
        after=resume,
        needs=(o.everything_is_corrected,),
        asks=(Field("archive_note", "归档说明", LONG, required=False),),
        ends=True,
        verb="归档",
        status="已归档",
    )
