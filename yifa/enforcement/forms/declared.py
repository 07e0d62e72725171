"""The documents of the on-the-spot penalty: what each must state, by which article. Pure; the layouts are the
`<题名>.typ` beside this file.

行政处罚法 33 and 57 (no penalty), 28 (order to correct), 51-52 (decided on the spot), 61 (service), 67-72 (fines); 行政复议法 20, 22-23, 32
(remedies, also the duty to tell that reconsideration comes first); 民事诉讼法 87-95 (service, applied by 行政处罚法 61).
"""

from __future__ import annotations

from yifa.documents.rules import (
    AGENT,
    CHOICE,
    CHOICES,
    CODE,
    DATE,
    FROM_PARTY,
    IMAGE,
    LIST,
    LONG,
    MOMENT,
    MONEY,
    OFFICERS,
    PAPERS,
    PARTY,
    PAYMENT,
    PROVISIONS,
    REMEDY,
    SIGNATURE,
    SIGNATURES,
    TEXT,
    Form,
    State,
)
from yifa.kernel.citing import Law

APL = Law("行政处罚法", "2021-01-22")
ARL = Law("行政复议法", "2023-09-01")
CPL = Law("民事诉讼法", "2023-09-01")
CONTENTS = APL[52].kuan(2)

FINED = ("sanctions", ("罚款",))
SANCTIONS = (("警告", "警告"), ("罚款", "罚款"))
GROUNDS = (
    ("minor", "违法行为轻微并及时改正，没有造成危害后果（《行政处罚法》第三十三条第一款）"),
    ("first", "初次违法且危害后果轻微并及时改正（《行政处罚法》第三十三条第一款）"),
    ("no_fault", "当事人有证据足以证明没有主观过错（《行政处罚法》第三十三条第二款）"),
    ("under_14", "当事人不满十四周岁（《行政处罚法》第三十条）"),
    ("incapable", "当事人在不能辨认或者不能控制自己行为时有违法行为（《行政处罚法》第三十一条）"),
    ("expired", "违法行为超过追究时效（《行政处罚法》第三十六条）"),
    ("unfounded", "违法事实不能成立（《行政处罚法》第五十七条第一款第三项）"),
)
MODES = (
    ("D1", "直接送达"),
    ("D2", "留置送达"),
    ("D3", "电子送达"),
    ("D4", "邮寄送达"),
    ("D5", "委托（转交）送达"),
    ("D6", "公告送达"),
)

HEAD = (
    State("organisation", "行政机关名称", TEXT, CONTENTS),
    State("case_code", "案件编号"),
    State("dated", "成文日期", DATE, CONTENTS),
    State("code", "一案一码", CODE),
    State("seal", "行政机关印章", IMAGE, optional=True, signs=True),
    State("corrects", "补正的原文书", optional=True),
)
SIGNED = (
    State("officer_signatures", "执法人员签名", SIGNATURES, CONTENTS),
    State("party_signature", "当事人签名", SIGNATURE, APL[52].kuan(1)),
    State("party_signed_on", "当事人签收日期", DATE, APL[52].kuan(1), signs=True),
    State("refusal", "当事人拒绝签收的情况", TEXT, APL[52].kuan(1), signs=True),
    State("witness", "见证人", TEXT, CPL[89], optional=True, signs=True),
)
PROOF = State("proof", "身份核对码")

DECISION = Form(
    key="on_the_spot_decision",
    title="当场行政处罚决定书",
    cites=(APL[51], APL[52]),
    series="当罚",
    states=(
        *HEAD,
        PROOF,
        State("party", "当事人", PARTY, CONTENTS),
        State("officers", "执法人员", OFFICERS, (APL[42].kuan(1), CONTENTS)),
        State("item", "案由", TEXT),
        State("decided_at", "作出处罚决定的时间", MOMENT, CONTENTS),
        State("place", "作出处罚决定的地点", TEXT, CONTENTS),
        State("facts", "违法事实", LONG, CONTENTS),
        State("evidence", "证据", LIST, APL[46], optional=True),
        State("breach", "违反的规定", PROVISIONS, CONTENTS),
        State("basis", "处罚依据", PROVISIONS, CONTENTS),
        State("discretion", "裁量理由", LONG, APL[34], optional=True),
        State("statement", "陈述申辩及复核情况", LONG, (APL[44], APL[45])),
        State("sanctions", "处罚种类", CHOICES, CONTENTS, choices=SANCTIONS),
        State("fine_fen", "罚款数额", MONEY, CONTENTS, when=FINED),
        State("correction", "责令改正的要求", LONG, APL[28].kuan(1), optional=True),
        State("payment", "罚款的缴纳", PAYMENT, (APL[67].kuan(3), APL[68], APL[69], APL[70]), when=FINED),
        State("remedy", "救济途径和期限", REMEDY, (CONTENTS, ARL[23].kuan(2))),
        *SIGNED,
    ),
)

NO_PENALTY = Form(
    key="no_penalty_decision",
    title="不予行政处罚决定书",
    cites=(APL[33], APL[57].kuan(1)),
    series="不罚",
    states=(
        *HEAD,
        PROOF,
        State("party", "当事人", PARTY, APL[59].kuan(1).xiang(1)),
        State("officers", "执法人员", OFFICERS, APL[42].kuan(1)),
        State("item", "案由", TEXT),
        State("facts", "查明的事实", LONG, APL[59].kuan(1).xiang(2)),
        State("evidence", "证据", LIST, APL[46], optional=True),
        State("breach", "涉及的规定", PROVISIONS, APL[33], optional=True),
        State("ground", "不予处罚的理由", CHOICE, (APL[30], APL[31], APL[33], APL[57]), choices=GROUNDS),
        State("reason", "理由说明", LONG, APL[33]),
        State("education", "教育记录", LONG, APL[33].kuan(3), when=("ground", ("minor", "first", "no_fault"))),
        State("guardian", "责令监护人管教或者看管治疗的情况", LONG, (APL[30], APL[31]), when=("ground", ("under_14", "incapable"))),
        State("correction", "改正情况和要求", LONG, APL[28].kuan(1), optional=True),
        State("remedy", "救济途径和期限", REMEDY, ARL[20]),
        *SIGNED,
    ),
)

ORDER = Form(
    key="order_to_correct",
    title="责令改正通知书",
    cites=APL[28].kuan(1),
    series="责改",
    states=(
        *HEAD,
        State("party", "当事人", PARTY),
        State("officers", "执法人员", OFFICERS, APL[42].kuan(1)),
        State("item", "案由", TEXT),
        State("facts", "违法事实", LONG, APL[28].kuan(1)),
        State("breach", "违反的规定", PROVISIONS, APL[28].kuan(1)),
        State("basis", "责令改正的依据", PROVISIONS, APL[28].kuan(1)),
        State("requirements", "改正要求", LIST, APL[28].kuan(1)),
        State("way", "改正期限", CHOICE, APL[28].kuan(1), choices=(("now", "立即改正"), ("by", "限期改正"))),
        State("due_on", "改正的截止日期", DATE, APL[28].kuan(1), when=("way", ("by",))),
        State("recheck_on", "复查日期", DATE, APL[28].kuan(1), when=("way", ("by",)), optional=True),
        State("consequence", "逾期不改正的后果", LONG, optional=True),
        State("remedy", "救济途径和期限", REMEDY, ARL[20]),
        *SIGNED,
    ),
)

ELECTRONIC = ("electronic", ("yes",))
ADDRESS = Form(
    key="service_address",
    title="送达地址确认书",
    cites=(APL[61].kuan(2), CPL[90]),
    audience=FROM_PARTY,
    states=(
        *HEAD,
        State("party", "受送达人", PARTY),
        State("item", "案由", TEXT),
        State("address", "送达地址", TEXT, APL[61].kuan(1)),
        State("postcode", "邮政编码", TEXT, optional=True),
        State("receiver", "收件人", TEXT, CPL[88]),
        State("receiver_phone", "收件人电话", TEXT, CPL[88]),
        State("agent", "指定代收人", AGENT, CPL[88], optional=True),
        State("electronic", "是否同意电子送达", CHOICE, (APL[61].kuan(2), CPL[90]), choices=(("yes", "同意"), ("no", "不同意"))),
        State("channels", "电子送达的方式和账号", LIST, (APL[61].kuan(2), CPL[90]), when=ELECTRONIC),
        State("officers", "执法人员", OFFICERS, APL[42].kuan(1)),
        *SIGNED,
    ),
)

LEFT, ONLINE, POSTED, FORWARDED, ANNOUNCED = (("mode", (mode,)) for mode in ("D2", "D3", "D4", "D5", "D6"))
SERVICE = Form(
    key="service_receipt",
    title="送达回证",
    cites=(APL[61].kuan(1), CPL[87]),
    states=(
        *HEAD,
        State("party", "受送达人", PARTY, CPL[87]),
        State("item", "案由", TEXT),
        State("papers", "送达的文书", PAPERS, CPL[87]),
        State("mode", "送达方式", CHOICE, (APL[61], CPL[88]), choices=MODES),
        State("place", "送达地点", TEXT, CPL[87]),
        State("served_at", "送达时间", MOMENT, CPL[87]),
        State("agent", "代收人", AGENT, CPL[88], optional=True),
        State("refusal_reason", "拒收事由", TEXT, CPL[89], when=LEFT),
        State(
            "left_proof",
            "留置送达的证明",
            CHOICE,
            CPL[89],
            when=LEFT,
            choices=(("witness", "见证人到场"), ("recording", "拍照、录像记录送达过程")),
        ),
        State("left_witness", "见证人及其单位", TEXT, CPL[89], when=("left_proof", ("witness",))),
        State("witness_signature", "见证人签名", SIGNATURE, CPL[89], when=("left_proof", ("witness",))),
        State("witness_signed_on", "见证人签名日期", DATE, CPL[89], when=("left_proof", ("witness",)), signs=True),
        State("consent", "电子送达的确认书", TEXT, (APL[61].kuan(2), CPL[90]), when=ONLINE),
        State("channel", "接收系统和账号", TEXT, CPL[90], when=ONLINE),
        State("log_hash", "到达记录的 SHA-256", TEXT, CPL[90], when=ONLINE),
        State("tracking", "邮件号码", TEXT, CPL[91], when=POSTED),
        State("forwarder", "受托（转交）单位", TEXT, (CPL[91], CPL[94]), when=FORWARDED),
        State("notice_reason", "公告送达的原因和经过", LONG, CPL[95], when=ANNOUNCED),
        State("posted_on", "公告发布日期", DATE, CPL[95], when=ANNOUNCED),
        State("deemed_on", "视为送达的日期", DATE, CPL[95], when=ANNOUNCED),
        State("officers", "送达人", OFFICERS, CPL[87]),
        State("remark", "备注", LONG, optional=True),
        *SIGNED,
    ),
)

# C47: what was issued is never changed. Its errors are put right by a paper that names it; signed by the body alone.
CORRECTION = Form(
    key="correction_notice",
    title="行政处罚决定补正通知书",
    cites=(APL[5].kuan(1), CONTENTS),
    series="补正",
    states=(
        *(state for state in HEAD if state.key != "corrects"),
        State("party", "当事人", PARTY, CONTENTS),
        State("item", "案由", TEXT),
        State("corrected_title", "原文书的题名", TEXT),
        State("corrects", "原文书的文号", TEXT),
        State("wrong", "原文书的记载", LONG, CONTENTS),
        State("right", "更正后的记载", LONG, CONTENTS),
        State("reason", "补正的理由", LONG, APL[5].kuan(1)),
    ),
)

FORMS = (DECISION, NO_PENALTY, ORDER, ADDRESS, SERVICE, CORRECTION)
