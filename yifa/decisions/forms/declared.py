"""The documents of a major decision: what each must state. Pure; the layouts are the `<题名>.typ` beside this file."""

from __future__ import annotations

from yifa.decisions.rules import DISCLOSURE, R713
from yifa.documents.rules import CODE, DATE, INTERNAL, LIST, LONG, TABLE, TO_PARTY, Form, Readers, State

POINTS = (
    ("S1", "决策启动"),
    ("S2", "公众参与"),
    ("S3", "专家论证"),
    ("S4", "风险评估"),
    ("S5", "合法性审查"),
    ("S6", "集体讨论和公布"),
    ("S7", "执行、评估与归档"),
)
ARCHIVED = (
    ("proposal", "决策事项建议和论证材料"),
    ("start", "启动批示或者会议纪要、启动通知书"),
    ("draft", "决策草案、起草说明、调研报告"),
    ("departments", "征求有关单位意见的函和回函"),
    ("public", "公开征求意见公告、意见和采纳情况"),
    ("hearing", "听证公告、笔录和报告"),
    ("experts", "专家遴选记录和论证意见书"),
    ("risk", "风险评估报告"),
    ("legality", "合法性审查意见书和处理情况"),
    ("minutes", "会议纪要、会议记录"),
    ("party", "向同级党委请示报告的文号和日期"),
    ("decision", "决定文本、公布和解读材料"),
)
# Who answers for a decision or looks after those who do (第三十八条至第四十一条): the heads, the government's office, the reviewers and
# supervisors of justice; superiors who look after the place with such a post.
_ANSWERING = (
    ("", frozenset({"head", "supervisor"})),
    ("government", frozenset({"head", "officer", "supervisor"})),
    ("justice", frozenset({"head", "reviewer", "supervisor"})),
)
_ABOVE = frozenset({"head", "supervisor", "assessor"})
FILE_READERS = Readers("责任档案", _ANSWERING, _ABOVE)
# What each member said and how he stood (第三十条第三款) is a part of that file, wherever else it stands; whoever handles the matter
# carries the decision out and files the minutes.
SPEECH_READERS = Readers("会议组成人员的意见", _ANSWERING, _ABOVE, officers=True)
HEAD = (
    State("organisation", "出具机关"),
    State("case_code", "案件编号"),
    State("dated", "成文日期", DATE),
    State("title", "决策事项名称"),
)

START_REQUEST = Form(
    key="decision_request",
    title="重大行政决策启动请示",
    cites=(R713[3].kuan(1), R713[10]),
    series="决请",
    audience=INTERNAL,
    size=16,
    states=(
        *HEAD,
        State("addressee", "主送机关", cites=R713[10]),
        State("signer", "签发人", optional=True),
        State("category", "事项类别", cites=R713[3].kuan(1)),
        State("source", "建议来源", cites=R713[10]),
        State("problem", "拟解决的主要问题", LONG, R713[10].xiang(2)),
        State("grounds", "建议理由和依据", LONG, R713[10].xiang(2)),
        State("first_plan", "解决问题的初步方案", LONG, R713[10].xiang(2)),
        State("necessity", "必要性", LONG, R713[10].xiang(2)),
        State("feasibility", "可行性", LONG, R713[10].xiang(2)),
        State("enclosed", "附件", LIST, optional=True),
        State("contact", "联系电话", optional=True),
    ),
)
START_NOTICE = Form(
    key="decision_start",
    title="重大行政决策启动通知书",
    cites=(R713[10], R713[11]),
    series="决启",
    audience=INTERNAL,
    states=(
        *HEAD,
        State("undertakers", "决策承办单位", LIST, R713[11]),
        State("lead", "牵头单位", cites=R713[11], optional=True),
        State("responsible", "责任人"),
        State("timetable", "计划时间表", LONG),
    ),
)
CONSULTATION_NOTICE = Form(
    key="decision_consultation",
    title="重大行政决策征求意见公告",
    cites=(R713[15],),
    audience=TO_PARTY,
    states=(
        *HEAD,
        State("draft_title", "征求意见稿名称", cites=R713[15].kuan(1)),
        State("opens_on", "开始日期", DATE, R713[15].kuan(2)),
        State("closes_on", "截止日期", DATE, R713[15].kuan(2)),
        State("days", "期限", cites=R713[15].kuan(2)),
        State("shortened_reason", "缩短期限的理由", LONG, R713[15].kuan(2), optional=True),
        State("media", "公布途径", cites=R713[15].kuan(1)),
        State("contact", "联系方式", optional=True),
        State("code", "征求意见页", CODE),
    ),
)
ADOPTION_NOTICE = Form(
    key="decision_adoption",
    title="重大行政决策公众意见采纳情况说明",
    cites=(R713[18],),
    audience=TO_PARTY,
    states=(
        *HEAD,
        State("asked", "征求意见的时间", cites=R713[15]),
        State("received", "收到的意见", cites=R713[18]),
        State("summary", "归纳和研究", LONG, R713[18]),
        State("feedback_changes", "根据意见对草案的完善", LONG, R713[18], optional=True),
        State(
            "refused",
            "未采纳的意见和理由",
            TABLE,
            R713[18],
            optional=True,
            columns=(("opinions", "意见数"), ("reason", "未采纳的理由")),
        ),
        State("unlisted", "没有列出的理由", optional=True),
        State("code", "逐条答复页", CODE),
    ),
)
HEARING_NOTICE = Form(
    key="decision_hearing_notice",
    title="重大行政决策听证公告",
    cites=(R713[16],),
    series="决听",
    audience=TO_PARTY,
    states=(
        *HEAD,
        State("hearing_on", "听证日期", DATE, R713[16].kuan(2)),
        State("hearing_place", "地点", cites=R713[16].kuan(2)),
        State("hearing_method", "参加人遴选办法", LONG, R713[16].kuan(3)),
    ),
)
HEARING_LIST = Form(
    key="decision_hearing_list",
    title="重大行政决策听证参加人名单",
    cites=(R713[16].kuan(3),),
    audience=TO_PARTY,
    states=(
        *HEAD,
        State("hearing_on", "听证日期", DATE),
        State("hearing_place", "地点"),
        State("hearing_listed_on", "名单公布日期", DATE, R713[16].kuan(3)),
        State("hearing_method", "参加人遴选办法", LONG, R713[16].kuan(3)),
        State(
            "people",
            "听证参加人",
            TABLE,
            R713[16].kuan(3),
            columns=(("number", "报名编号"), ("name", "姓名、单位"), ("side", "代表的一方"), ("chosen", "产生方式")),
        ),
        State("lot", "抽签", LIST, optional=True),
        State("alternates", "候补", TABLE, optional=True, columns=(("side", "代表的一方"), ("order", "递补次序（报名编号）"))),
        State("stepped_aside", "不能参加、已经递补的", LIST, optional=True),
    ),
)
HEARING_RECORD = Form(
    key="decision_hearing_record",
    title="重大行政决策听证笔录",
    cites=(R713[17],),
    audience=INTERNAL,
    states=(
        *HEAD,
        State("hearing_on", "听证日期", DATE),
        State("hearing_place", "地点"),
        State("people", "听证参加人", TABLE, R713[16].kuan(3), columns=(("name", "姓名"), ("side", "代表的一方"))),
        State("hearing_minutes", "听证记录", LONG, R713[17]),
        State("hearing_report", "听证报告", LONG),
        State("hearing_handled", "意见的处理", LONG),
    ),
)
EXPERT_OPINION = Form(
    key="decision_expert_opinion",
    title="重大行政决策专家论证意见书",
    cites=(R713[19],),
    audience=INTERNAL,
    states=(
        *HEAD,
        State("argued_on", "论证日期", DATE),
        State("argued_way", "论证方式"),
        State(
            "opinions",
            "论证意见",
            TABLE,
            R713[19],
            columns=(("name", "专家、专业机构"), ("covers", "论证内容"), ("conclusion", "结论"), ("dissent", "不同意见")),
        ),
    ),
)
RISK_REPORT = Form(
    key="decision_risk_report",
    title="重大行政决策风险评估报告",
    cites=(R713[22], R713[23]),
    audience=INTERNAL,
    states=(
        *HEAD,
        State("assessor", "评估主体"),
        State("assessed_on", "报告日期", DATE),
        State("methods", "调查方法"),
        State(
            "risks",
            "风险点",
            TABLE,
            R713[23].kuan(2),
            columns=(
                ("risk", "风险点"),
                ("scale", "可能性×影响"),
                ("level", "等级"),
                ("measure", "防范措施"),
                ("body", "责任单位"),
                ("plan", "处置预案"),
                ("residual", "剩余风险"),
            ),
        ),
        State("controllable", "可控性结论", cites=R713[24]),
    ),
)
LEGALITY_REVIEW = Form(
    key="decision_legality",
    title="重大行政决策合法性审查意见书",
    cites=(R713[25], R713[27], R713[28]),
    series="决审",
    audience=INTERNAL,
    states=(
        *HEAD,
        State("undertaker", "送审单位"),
        State("parts", "审查内容", cites=R713[27]),
        State("conclusion", "审查结论", cites=R713[28]),
        State("risks", "法律风险提示", LONG, R713[25].kuan(2), optional=True),
        State(
            "review_points",
            "审查意见",
            TABLE,
            optional=True,
            columns=(("clause", "条款"), ("point", "问题"), ("basis", "依据"), ("advice", "建议")),
        ),
        State(
            "lawyers",
            "法律顾问、公职律师意见",
            TABLE,
            R713[28],
            columns=(("name", "姓名"), ("kind", "身份"), ("opinion", "法律意见")),
        ),
    ),
)
MINUTES = Form(
    key="decision_minutes",
    title="重大行政决策集体讨论会议纪要",
    cites=(R713[30],),
    series="决纪",
    audience=INTERNAL,
    reserved=SPEECH_READERS,
    states=(
        *HEAD,
        State("meeting_name", "会议名称"),
        State("meeting_kind", "会议类型", cites=R713[30].kuan(1)),
        State("meeting_on", "会议日期", DATE),
        State("attendance", "到会情况"),
        State(
            "speeches",
            "会议组成人员的意见",
            TABLE,
            R713[30].kuan(3),
            columns=(("place", "次序"), ("name", "姓名"), ("post", "职务"), ("opinion", "意见"), ("said", "发言要点")),
        ),
        State("outcome", "讨论结果"),
        State("departs_reason", "与多数人意见不一致的理由", LONG, R713[30].kuan(2), optional=True),
        State("recorder", "记录人"),
    ),
)
DECISION = Form(
    key="decision_published",
    title="重大行政决策公布稿",
    cites=(R713[32], DISCLOSURE[26]),
    audience=TO_PARTY,
    # The decision itself, as an official document is set (GB/T 9704).
    size=16,
    tells_file=True,
    states=(
        *HEAD,
        State("decision_number", "文号"),
        State("signer", "签发人", cites=R713[30].kuan(2), optional=True),
        State("headline", "标题"),
        State("passed", "题注", cites=R713[30].kuan(1), optional=True),
        State("text", "决定正文", LONG, R713[32], optional=True),
        State("attached", "随附的决定文本", cites=R713[32], optional=True),
        State("taken_from", "正文的来源", optional=True),
        State("published_on", "公布日期", DATE),
        State("where", "公布途径", cites=R713[32]),
    ),
)
INTERPRETATION = Form(
    key="decision_interpretation",
    title="重大行政决策解读",
    cites=(R713[32],),
    audience=TO_PARTY,
    states=(
        *HEAD,
        State("decision_number", "文号"),
        State("decided_on", "作出决定日期", DATE),
        State("background", "决策背景和依据", LONG, R713[32]),
        State("interpretation", "主要内容", LONG, R713[32]),
        State("heard", "公众意见的采纳情况", LONG, R713[32]),
        State("argued", "专家论证意见的采纳情况", LONG, R713[32]),
        State("undertaker", "承办单位"),
        State("contact", "联系电话", optional=True),
    ),
)
EVALUATION = Form(
    key="decision_evaluation",
    title="重大行政决策后评估报告",
    cites=(R713[36],),
    audience=INTERNAL,
    states=(
        *HEAD,
        State("evaluator", "评估主体"),
        State("trigger", "启动原因", cites=R713[36].kuan(1)),
        State("evaluation_public", "听取公众意见的情况", LONG, R713[36].kuan(3)),
        State("evaluation_conclusion", "评估结论", LONG),
        State("evaluation_used", "结果的运用", LONG, R713[36].kuan(4)),
    ),
)
ADJUSTMENT = Form(
    key="decision_adjustment",
    title="重大行政决策执行调整决定书",
    cites=(R713[37],),
    series="决调",
    audience=INTERNAL,
    states=(
        *HEAD,
        State("decision_number", "原决定文号"),
        State("undertaker", "承办单位"),
        State("change", "决定", cites=R713[37]),
        State("ordered", "决定的内容", LONG, R713[37]),
        State("changed_reason", "理由", LONG, R713[37]),
    ),
)
REMOVAL = Form(
    key="decision_removal",
    title="重大行政决策事项调出目录决定书",
    cites=(R713[3].kuan(3),),
    series="决撤",
    audience=INTERNAL,
    states=(
        *HEAD,
        State("undertaker", "承办单位"),
        State("removal_reason", "理由", LONG),
        State("removal_party_number", "同级党委同意的文号", cites=R713[3].kuan(3)),
        State("removal_party_on", "同级党委同意日期", DATE, R713[3].kuan(3)),
        State("removal_published_on", "向社会公布调整日期", DATE, R713[3].kuan(3)),
    ),
)
_FILED = (("n", "序号"), ("title", "题名"))
_MARKED = (("on", "日期"), ("pages", "页数"), ("note", "备注"))
ARCHIVE_LIST = Form(
    key="decision_archive",
    title="重大行政决策归档目录",
    cites=(R713[33],),
    audience=INTERNAL,
    tells_file=True,
    states=(
        *HEAD,
        State("pieces", "归档材料", LIST, R713[33]),
        State("missing", "缺少的材料", LIST, optional=True),
        State("papers", "卷内文书", TABLE, R713[33], optional=True, columns=(*_FILED, ("number", "文号"), *_MARKED)),
        State("enclosures", "卷内证据和附件", TABLE, R713[33], optional=True, columns=(*_FILED, *_MARKED)),
        State("archive_pages", "页数"),
        State("keeping", "保管期限"),
    ),
)
RESPONSIBILITY = Form(
    key="decision_responsibility",
    title="重大行政决策责任档案",
    cites=(R713[38], R713[39], R713[40], R713[41]),
    audience=INTERNAL,
    tells_course=True,
    reserved=FILE_READERS,
    states=(
        *HEAD,
        State("undertaker", "决策承办单位", cites=R713[39]),
        State("as_of", "归档前，截至", DATE, optional=True),
        State(
            "parts",
            "各环节的责任人员",
            TABLE,
            R713[38].kuan(2),
            columns=(("stage", "环节"), ("duty", "责任"), ("who", "人员、单位"), ("what", "所作所言"), ("on", "日期"), ("entry", "记录")),
        ),
        State("reasons", "行政首长说明的理由", LIST, R713[30].kuan(2), optional=True),
        State("relieved", "对决策草案表示不同意见的人员", LIST, R713[38].kuan(3), optional=True),
        State(
            "changes",
            "退回、撤回和转办",
            TABLE,
            optional=True,
            columns=(("duty", "办理"), ("who", "人员"), ("what", "内容和理由"), ("on", "日期"), ("entry", "记录")),
        ),
    ),
)
SUPERVISION_NOTICE = Form(
    key="decision_supervision",
    title="重大行政决策督办通知书",
    cites=(R713[8].kuan(2),),
    series="决督",
    audience=INTERNAL,
    states=(
        *HEAD,
        State("undertaker", "被督办单位"),
        State("point", "督办环节"),
        State("supervised_for", "督办事项和要求", LONG),
        State("answer_by", "答复期限", DATE),
    ),
)
