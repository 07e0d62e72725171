"""S6 集体讨论决定和公布 (第二十九条至第三十二条): 集体讨论、请示报告和公布解读. Pure."""

from __future__ import annotations

from yifa.decisions.case import PACKAGE
from yifa.decisions.checks.core import Outcome, check, holds, ratio
from yifa.decisions.matter import Matter
from yifa.decisions.rules import DISCLOSURE, R713
from yifa.procedures.known import is_known

MEETINGS = {"standing": "常务会议", "plenary": "全体会议"}
PAPER = frozenset({"gazette", "newspaper"})


@check("T20.1", R713[29], steps=("prepare_meeting",))
def package_was_complete(m: Matter) -> Outcome:
    "上会材料按第二十九条逐项核对，按已提交的比例得分；没有履行的环节不要求其材料"
    owed = m.facts.owed_to_meeting
    lacking = [PACKAGE[key] for key in owed if key not in m.facts.meeting_materials]
    return ratio(len(owed) - len(lacking), len(owed), ("应提交", len(owed)), ("缺少", lacking))


@check("T21.1", R713[30].kuan(1), steps=("deliberate",))
def meeting_was_the_statutory_one(m: Matter) -> Outcome:
    "经常务会议或者全体会议讨论，到会人数超过规定比例，不多于应到人数"
    facts = m.facts
    inputs = (("会议类型", MEETINGS.get(facts.meeting, "其他会议")), ("应到人数", facts.entitled), ("实到人数", facts.present))
    quorate = 0 < facts.present <= facts.entitled and facts.present * 100 > facts.entitled * m.limits.attendance
    return holds(quorate and facts.meeting in MEETINGS, *inputs)


@check("T21.2", R713[30].kuan(2), steps=("deliberate",))
def head_spoke_last(m: Matter) -> Outcome:
    "行政首长最后发表意见"
    rows = m.facts.speeches
    head = max((row.get("place") or 0 for row in rows if row.get("head")), default=0)
    others = max((row.get("place") or 0 for row in rows if not row.get("head")), default=0)
    return holds(head > max(0, others), ("行政首长发言次序", head), ("其他人最后的次序", others))


@check("T21.3", R713[30].kuan(3), steps=("deliberate",))
def opinions_were_recorded(m: Matter) -> Outcome:
    "到会组成人员各自的意见都有记录，不同意见载明内容"
    rows, present = m.facts.speeches, m.facts.present
    recorded = len({row.get("name") for row in rows if row.get("opinion")})
    bare = sum(1 for row in rows if row.get("opinion") in ("against", "reserve") and not row.get("said"))
    return holds(0 < present <= recorded and not bare, ("实到人数", present), ("有意见记录", recorded), ("没有载明的不同意见", bare))


@check("T21.4", R713[30].kuan(2), steps=("deliberate",))
def departing_has_reasons(m: Matter) -> Outcome:
    "决定与多数人意见不一致的，说明理由；一致的得满分。表决记录表明不一致的，以记录为准"
    facts = m.facts
    departs = facts.departs_from_most
    inputs = (("同意", facts.agreed), ("发言", len(facts.speeches)), ("不一致", departs), ("说明了理由", m.states("departs_reason")))
    return holds(not departs or m.states("departs_reason"), *inputs)


@check("T22.1", R713[31], steps=("report_party", "decide"))
def party_was_asked_first(m: Matter) -> Outcome:
    "出台前向同级党委请示报告并获批复；批复不早于请示"
    answered, decided = m.facts.party_answered_on, m.facts.decided_on
    asked = m.facts.party_asked_on if is_known(m.facts.party_asked_on) else answered
    return holds(asked <= answered <= decided, ("请示日期", asked), ("批复日期", answered), ("作出决定日期", decided))


@check("T23.1", DISCLOSURE[26], R713[32], steps=("decide", "publish"))
def published_in_time(m: Matter) -> Outcome:
    "作出决定后在规定的工作日内公布"
    decided, published = m.facts.decided_on, m.facts.published_on
    inputs = (("作出决定日期", decided), ("公布日期", published), ("规定期限", m.limits.publication))
    return holds(m.is_within(decided, published, m.limits.publication), *inputs)


@check("T23.2", R713[32], steps=("publish",))
def published_where_people_look(m: Matter) -> Outcome:
    "政府网站和公报（或者报纸）同时公布"
    where = m.facts.published_in
    on_paper, online = bool(where & PAPER), "portal" in where
    return holds(on_paper and online, ("公报或者报纸", on_paper), ("政府网站", online))


@check("T23.3", R713[32], steps=("publish",))
def decision_was_explained(m: Matter) -> Outcome:
    "有解读材料，并说明意见采纳情况（没有征求公众意见和专家论证的，不要求说明）"
    read, owed = m.states("interpretation"), m.applies("T11") or m.applies("T14")
    told = m.facts.tells_adoption if owed else False
    return holds(read and (told or not owed), ("解读材料", read), ("说明采纳情况", told if owed else "不要求"))
