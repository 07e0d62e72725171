"""行政规范性文件备案审查:接收报备、登记或者补正、四级审查(初审、复审、复核、终审)、审查结论、纠正、归档。"""

from __future__ import annotations

from collections.abc import Mapping

from yifa.kernel.calendar.terms import param
from yifa.normative import filing_rules as r
from yifa.normative.cases.filing import ITEMS, MINOR, PROBLEM, SOUND
from yifa.normative.filing_rules import FILING, LEGISLATION
from yifa.normative.forms.declared_filing import (
    CORRECTION_NOTICE,
    DECLINED_NOTICE,
    FILED_NOTICE,
    REVIEW_OPINION,
    SUPPLEMENT_NOTICE,
)
from yifa.normative.procedures.making import CREATES, MATERIALS
from yifa.normative.rules import GB37, M262
from yifa.procedures.core import Procedure, Step, Who
from yifa.procedures.fields import CHOICE, CHOICES, DATE, FILES, ITEM, LONG, NUMBER, TEXT, YES_NO, Field

REVIEWER = Who(("reviewer",))
CHIEF, DEPUTY, DIRECTOR = Who(("section_chief",)), Who(("deputy_director",)), Who(("director",))
BUREAU = Who(("reviewer", "section_chief", "deputy_director", "director"))
MAKER = Who(("officer", "head", "reviewer"), office="maker")

OFFICES: Mapping[str, str] = {"maker": "制定机关"}

ANSWERS = (
    (SOUND, "没有问题"),
    (MINOR, "有瑕疵，不影响合法性"),
    (PROBLEM, "有问题"),
)
CONCLUSIONS = (
    ("A", "A 准予备案"),
    ("B", "B 准予备案并提醒"),
    ("C", "C 补正后备案"),
    ("D", "D 提出审查意见，限期改正"),
    ("E", "E 停止执行部分条款"),
    ("F", "F 由有权机关撤销或者改变"),
    ("G", "G 不属于行政规范性文件，退回"),
    ("H", "H 移送有权机关处理"),
)
# 立法法 107: the five kinds of ground for changing or revoking.
GROUNDS = (
    ("beyond_powers", "超越权限"),
    ("against_superior", "下位法违反上位法规定"),
    ("inconsistent", "对同一事项的规定不一致，应当改变或者撤销"),
    ("improper", "规定不适当，应当改变或者撤销"),
    ("procedure", "违背法定程序"),
)
RESULTS = (
    ("amended", "已经修改"),
    ("repealed", "已经废止"),
    ("stopped", "已经停止执行有关条款"),
    ("explained", "没有修改，说明理由"),
)

# What a review concludes, whoever asked for it: a maker that files, or a citizen who objects.
CONCLUDING = (
    Field("conclusion", "审查结论", CHOICE, choices=CONCLUSIONS),
    Field("opinion", "审查意见", LONG, help="逐条写明条款、问题、依据和建议；没有问题的写“未发现问题”"),
    Field("legal_ground", "法定情形", CHOICE, choices=GROUNDS, when=("conclusion", ("D", "E", "F"))),
    Field("clauses", "应当纠正的条款", LONG, when=("conclusion", ("C", "D", "E", "F")), help="例如：第八条、第十二条第二款"),
    Field("stopped_clauses", "停止执行的条款", TEXT, when=("conclusion", ("E",))),
    Field(
        "decision",
        "决定内容",
        CHOICE,
        choices=(("revoke", "撤销"), ("change", "改变")),
        when=("conclusion", ("F",)),
        group="有权机关的决定",
    ),
    Field("decided_by", "作出决定的机关", TEXT, when=("conclusion", ("F",)), group="有权机关的决定"),
    Field("decision_number", "决定文号", TEXT, when=("conclusion", ("F",)), group="有权机关的决定"),
    Field("decided_on", "决定日期", DATE, when=("conclusion", ("F",)), group="有权机关的决定"),
    Field("transferred_to", "移送的机关", TEXT, when=("conclusion", ("H",))),
)


def answers(level: int) -> tuple[Field, ...]:
    """The nine items as one level answers them: the same at every level, so that each sees and confirms the one below."""
    asked = [
        field
        for n, (key, name, help_) in enumerate(ITEMS, 1)
        for field in (
            Field(f"{key}_{level}", f"{n} {name}", CHOICE, choices=ANSWERS, help=help_, group="九项审查意见"),
            Field(f"{key}_{level}_why", f"{name}：条款、问题、依据和理由", LONG, required=False, group="九项审查意见"),
        )
    ]
    return (
        *asked,
        Field(f"found_{level}", "文件设定了下列哪些事项", CHOICES, choices=CREATES, group="处理意见"),
        Field(f"proposal_{level}", "处理意见", CHOICE, choices=CONCLUSIONS, group="处理意见"),
        Field(f"opinion_{level}", "综合意见", LONG, group="处理意见"),
    )


# What the maker reports of a correction, whoever ordered it.
REPORTED = (
    Field("result", "处理结果", CHOICE, choices=RESULTS),
    Field("result_text", "处理情况", LONG),
    Field("result_number", "修改、废止文件的文号", TEXT, when=("result", ("amended", "repealed"))),
    Field("result_on", "修改、废止或者停止执行的日期", DATE, when=("result", ("amended", "repealed", "stopped"))),
    Field("result_files", "修改后的文本、决定等材料", FILES, required=False),
)


class DocumentFiling(Procedure):
    """制定机关报送备案的行政规范性文件，由上一级政府或者本级政府的司法行政部门登记、审查；有件必备，有备必审，有错必纠。"""

    key = "normative_filing"
    title = "行政规范性文件备案审查"
    version = "2024-11-01"
    code = "22"
    offices = OFFICES

    receive = Step(
        "接收报备",
        (GB37[10], FILING[25]),
        by=REVIEWER,
        needs=(r.was_handed_in, r.is_addressed_here, r.is_not_yet_reviewed),
        asks=(
            Field("document", "报送备案的文件", ITEM, help="按名称或者文号查找报送本机关、还没有接收的文件"),
            Field("materials", "收到的材料", CHOICES, choices=MATERIALS),
        ),
        verb="接收",
        status="已接收",
    )
    supplement = Step(
        "通知补正",
        FILING[9].kuan(2),
        by=REVIEWER,
        after=receive,
        needs=(r.no_supplement_is_awaited,),
        asks=(Field("supplement_list", "需要补正的材料和要求", LONG, help="一次写全"),),
        gives=SUPPLEMENT_NOTICE,
        repeats=True,
        optional=True,
        until="register",
        sets={"supplemented": True},
        verb="通知补正",
        status="待补正",
    )
    supplement_answer = Step(
        "补充报送",
        FILING[9].kuan(2),
        by=MAKER,
        after=supplement,
        when=r.was_told_to_supplement,
        within=param("备案补正期限"),
        needs=(r.a_supplement_is_awaited,),
        asks=(
            Field("materials", "现在已经报送的全部材料", CHOICES, choices=MATERIALS),
            Field("supplement_note", "补正说明", LONG),
            Field("supplement_files", "补正的材料", FILES, required=False),
        ),
        repeats=True,
        until="register",
        verb="补充报送",
        status="已补正",
    )
    decline = Step(
        "不予备案登记",
        (FILING[9].kuan(1), M262[3]),
        by=REVIEWER,
        after=receive,
        asks=(Field("decline_reason", "不予登记的理由", LONG, help="例如：属于内部管理制度，不属于行政规范性文件"),),
        gives=DECLINED_NOTICE,
        until="register",
        optional=True,
        ends=True,
        verb="不予登记",
        status="不予备案登记",
    )
    register = Step(
        "备案登记",
        FILING[9].kuan(1),
        by=REVIEWER,
        after=receive,
        within=param("备案登记期限"),
        needs=(r.no_supplement_is_awaited, r.materials_are_complete),
        asks=(Field("register_note", "登记说明", LONG, required=False),),
        gives=FILED_NOTICE,
        names=True,
        verb="予以备案登记",
        status="已备案登记",
    )
    consult = Step(
        "征求有关机关意见",
        (FILING[14], FILING[15]),
        by=BUREAU,
        after=register,
        asks=(Field("consulted_bodies", "征求意见的机关", TEXT), Field("consulted_about", "征求意见的问题", LONG)),
        repeats=True,
        optional=True,
        until="conclude",
        verb="征求意见",
    )
    record_opinion = Step(
        "登记有关机关意见",
        FILING[14],
        by=BUREAU,
        after=consult,
        asks=(
            Field("replied_by", "回复意见的机关", TEXT),
            Field("replied", "意见", LONG),
            Field("reply_files", "来函", FILES, required=False),
        ),
        repeats=True,
        optional=True,
        until="conclude",
        verb="登记意见",
    )
    extend = Step(
        "批准延长审查期限",
        FILING[11],
        by=DEPUTY,
        after=consult,
        needs=(r.extension_is_measured,),
        asks=(Field("extension_days", "延长日数", NUMBER, help="只能延长一次，不超过六十日"), Field("extension_reason", "理由", LONG)),
        optional=True,
        until="conclude",
        verb="批准延长",
    )
    review_1 = Step(
        "初审",
        (FILING[13], LEGISLATION[107]),
        by=REVIEWER,
        after=register,
        within=param("备案审查初审期限"),
        needs=(r.findings_say_why, r.what_is_reserved_is_a_problem(1), r.proposal_fits(1)),
        asks=answers(1),
        verb="提出初审意见",
        status="已初审",
    )
    review_2 = Step(
        "复审",
        (FILING[13], LEGISLATION[107]),
        by=CHIEF,
        after=review_1,
        not_by=(review_1,),
        within=param("备案审查复审期限"),
        needs=(r.changes_are_explained(2), r.what_is_reserved_is_a_problem(2), r.proposal_fits(2)),
        asks=answers(2),
        verb="提出复审意见",
        status="已复审",
    )
    review_3 = Step(
        "复核",
        (FILING[13], LEGISLATION[107]),
        by=DEPUTY,
        after=review_2,
        not_by=(review_1, review_2),
        within=param("备案审查复核期限"),
        needs=(r.changes_are_explained(3), r.what_is_reserved_is_a_problem(3), r.proposal_fits(3)),
        asks=answers(3),
        verb="提出复核意见",
        status="已复核",
    )
    review_4 = Step(
        "终审",
        (FILING[13], LEGISLATION[107]),
        by=DIRECTOR,
        after=review_3,
        not_by=(review_1, review_2, review_3),
        within=param("备案审查终审期限"),
        needs=(r.changes_are_explained(4), r.what_is_reserved_is_a_problem(4), r.proposal_fits(4)),
        asks=answers(4),
        verb="提出终审意见",
        status="已终审",
    )
    conclude = Step(
        "作出审查结论",
        (FILING[11], FILING[18], LEGISLATION[107], LEGISLATION[108]),
        by=BUREAU,
        after=review_4,
        starts=register,
        whole=True,
        within=param("备案审查期限"),
        longer="extension_days",
        needs=(r.conclusion_is_the_final_opinion, r.correction_has_its_ground, r.revocation_is_not_ahead),
        asks=CONCLUDING,
        gives=REVIEW_OPINION,
        verb="出具备案审查意见书",
        status="已作出审查结论",
    )
    sign_for = Step(
        "制定机关签收审查意见书",
        FILING[18],
        by=MAKER,
        after=conclude,
        asks=(Field("signed_for_by", "签收人", TEXT),),
        outlives=True,
        verb="签收",
    )
    notify = Step(
        "发出纠正通知",
        (FILING[18], FILING[21], LEGISLATION[107]),
        by=REVIEWER,
        after=conclude,
        when=r.correction_is_ordered,
        within=param("备案审查纠正通知期限"),
        needs=(r.notice_is_due,),
        asks=(Field("demand", "纠正要求", LONG, help="再次通知的，写明上次处理结果不能通过的理由"),),
        gives=CORRECTION_NOTICE,
        repeats=True,
        verb="发出纠正通知",
        status="待纠正",
    )
    correct_result = Step(
        "报送处理结果",
        FILING[21],
        by=MAKER,
        after=notify,
        when=r.correction_is_ordered,
        within=param("备案审查纠正期限"),
        needs=(r.a_result_is_awaited,),
        asks=REPORTED,
        repeats=True,
        verb="报送处理结果",
        status="已报送处理结果",
    )
    verify = Step(
        "核验纠正结果",
        FILING[21],
        by=Who(("reviewer", "section_chief")),
        after=correct_result,
        when=r.correction_is_ordered,
        within=param("纠正结果核验期限"),
        needs=(r.a_result_was_handed_in,),
        asks=(Field("accepted", "已经纠正", YES_NO), Field("verification", "核验意见", LONG)),
        repeats=True,
        verb="登记核验结果",
        status="已核验",
    )
    circulate = Step(
        "通报",
        FILING[23],
        by=Who(("section_chief", "deputy_director", "director")),
        after=notify,
        needs=(r.correction_is_overdue,),
        asks=(Field("circular", "通报内容", LONG),),
        optional=True,
        repeats=True,
        verb="通报",
        status="逾期未纠正，已通报",
    )
    propose_revocation = Step(
        "提请撤销或者改变",
        (LEGISLATION[108], FILING[18]),
        by=DIRECTOR,
        after=circulate,
        needs=(r.correction_is_overdue,),
        asks=(Field("proposed_to", "提请的机关", TEXT, help="有权改变或者撤销的人民政府"), Field("revocation_reason", "理由", LONG)),
        optional=True,
        verb="提请撤销",
        status="已提请撤销",
    )
    record_revocation = Step(
        "登记撤销决定",
        LEGISLATION[108],
        by=REVIEWER,
        after=propose_revocation,
        needs=(r.revocation_is_not_ahead,),
        asks=(
            Field("revoked_by", "作出决定的机关", TEXT),
            Field("revocation_number", "决定文号", TEXT),
            Field("revoked_on", "决定日期", DATE),
        ),
        optional=True,
        verb="登记撤销决定",
        status="已被撤销",
    )
    archive = Step(
        "归档",
        (GB37[10], M262[2]),
        by=Who(("reviewer", "officer")),
        after=conclude,
        needs=(r.everything_is_settled,),
        asks=(Field("archive_note", "归档说明", LONG, required=False),),
        ends=True,
        verb="归档",
        status="已归档",
    )
