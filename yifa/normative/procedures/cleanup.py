"""行政规范性文件清理:制定机关逐件提出建议,司法行政部门确认,集体审议决定,公布。"""

from __future__ import annotations

from yifa.kernel.calendar.terms import param
from yifa.normative import rules as r
from yifa.normative import standing_rules as s
from yifa.normative.procedures.making import CHIEF, DISCLOSER, DRAFTER, JUSTICE, OFFICES
from yifa.normative.procedures.validity import ENDINGS, MEETING, PUBLISHING
from yifa.normative.rules import DISCLOSURE, GB37
from yifa.normative.standing_rules import RULEMAKING
from yifa.procedures.core import Procedure, Step
from yifa.procedures.fields import CHOICE, DATE, FILES, ITEM, LONG, TEXT, Field

CONCLUSIONS = (("keep", "继续有效"), ("amend", "修改"), ("repeal", "废止"), ("lapse", "宣布失效"))


class CleanupItem(Procedure):
    """对不适应改革和发展要求、不符合上位法规定的规范性文件，应当及时修改或者废止；清理按“谁制定、谁清理”，逐件提出、逐件确认、逐件决定。"""

    key = "normative_cleanup"
    title = "行政规范性文件清理"
    version = "2023-12-01"
    code = "28"
    offices = OFFICES

    propose = Step(
        "提出清理建议",
        (RULEMAKING[36], RULEMAKING[37]),
        by=DRAFTER,
        needs=(s.is_on_an_open_list, s.document_has_not_ended, s.ground_is_stated),
        asks=(
            Field("cleanup_item", "清理的文件", ITEM, help="按名称或者文号查找名单上本机关的文件"),
            Field("proposal", "清理建议", CHOICE, choices=CONCLUSIONS),
            Field("proposal_reason", "理由", LONG),
            Field("ground", "依据", LONG, required=False, help="修改、废止、宣布失效的，写明上位法的名称、条款，或者调整对象消失的事实"),
        ),
        verb="提出建议",
        status="待确认",
    )
    confirm = Step(
        "确认清理建议",
        (RULEMAKING[36], RULEMAKING[37]),
        by=JUSTICE,
        after=propose,
        due_by="cleanup_deadline",
        asks=(
            Field("confirmed", "确认的结论", CHOICE, choices=CONCLUSIONS),
            Field("confirm_note", "意见", LONG, help="与制定机关建议不同的，写明理由"),
        ),
        verb="确认",
        status="已确认",
    )
    decide = Step(
        "集体审议决定",
        GB37[7],
        by=CHIEF,
        after=confirm,
        due_by="cleanup_deadline",
        needs=(
            s.document_has_not_ended,
            r.deliberated_in_a_meeting,
            r.a_quorum_was_present,
            r.the_meeting_adopted_it,
            s.proposal_is_confirmed,
            s.revision_has_time,
        ),
        asks=(
            *MEETING,
            Field("decided", "决定", CHOICE, choices=CONCLUSIONS),
            Field("revise_by", "修改完成期限", DATE, when=("decided", ("amend",)), help="到这一天，修改后的文件应当公布"),
            Field("decision_number", "决定的文号或者会议纪要编号", TEXT),
            Field("minutes_files", "会议纪要", FILES),
        ),
        verb="登记决定",
        status="已决定",
    )
    publish = Step(
        "公布",
        (RULEMAKING[39].kuan(2), GB37[8], DISCLOSURE[26]),
        by=DISCLOSER,
        after=decide,
        within=param("规范性文件公布期限"),
        needs=(r.secrecy_was_reviewed, r.published_where_people_look),
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
