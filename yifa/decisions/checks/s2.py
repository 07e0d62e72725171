"""S2 公众参与 (第十四条至第十八条): 意见征集、听证、意见处理. Pure."""

from __future__ import annotations

from fractions import Fraction

from yifa.decisions.checks.core import SEVERAL, Outcome, check, holds, named, ratio
from yifa.decisions.matter import Matter
from yifa.decisions.rules import R713
from yifa.procedures.known import is_known

HEARING_PARTS = {"introduced": "介绍", "stated": "陈述", "debated": "质证辩论", "signed": "签字确认"}


@check("T06.1", R713[14].kuan(1), R713[14].kuan(2), steps=("plan_participation", "approve_closed"))
def ways_were_chosen(m: Matter) -> Outcome:
    "采用两种以上方式听取意见；依法不予公开的，写明理由并经审批"
    facts = m.facts
    if is_known(facts.open_matter) and not facts.open_matter:
        approved = m.is_closed_to_the_public
        return holds(approved and m.states("closed_reason"), ("不公开的法定理由", facts.closed_reason), ("已经审批", approved))
    return holds(len(facts.ways) >= SEVERAL, ("参与方式", len(facts.ways)))


@check("T06.2", R713[14].kuan(1), steps=("plan_participation",))
def affected_are_named(m: Matter) -> Outcome:
    "明确受影响的人群和预计人数"
    told = m.states("affected") and m.states("affected_count") and m.facts.affected_count >= 0
    return holds(told, ("影响人群", m.facts.affected), ("预计人数", m.facts.affected_count))


@check("T07.1", R713[15].kuan(1), steps=("consult",))
def asked_long_enough(m: Matter) -> Outcome:
    "公开征求意见不少于规定期限；公告中说明缩短理由的得满分（过短的由监督人员确认理由），没有说明的按天数折算"
    consulted, term = m.consulted, m.limits.consultation
    given, wanted = m.elapsed(consulted.opens_on, consulted.closes_on, term)
    inputs = (("公开天数", consulted.days), ("规定期限", term), ("缩短理由", consulted.shortened_reason))
    if given >= wanted:
        return Outcome(1, inputs)
    if consulted.shortened_reason.strip():
        brief, shortest = m.elapsed(consulted.opens_on, consulted.closes_on, m.limits.brief)
        return Outcome(1, inputs, doubtful=brief < shortest)
    return Outcome(Fraction(given, wanted), inputs, down=True)


@check("T07.2", R713[15].kuan(1), steps=("consult",))
def notice_was_complete(m: Matter) -> Outcome:
    "公告附有草案和说明，写明提出意见的方式和截止日期"
    facts, closes = m.facts, m.consulted.closes_on
    inputs = (("附草案", facts.with_draft), ("附说明", facts.with_explanation), ("网上提出意见的截止日期", closes))
    return holds(facts.with_draft and facts.with_explanation, *inputs)


@check("T07.3", R713[15].kuan(1), steps=("consult",))
def notice_was_widely_seen(m: Matter) -> Outcome:
    "通过两种以上便于公众知晓的途径公布"
    return holds(len(m.facts.media) >= SEVERAL, ("公布途径", len(m.facts.media)))


@check("T08.1", R713[14].kuan(3), steps=("talk_with_groups",))
def every_group_was_met(m: Matter) -> Outcome:
    "与每个特定群体至少沟通一次"
    groups = named(m.facts.special_groups, "group")
    met = groups & named(m.facts.talks, "group")
    return holds(bool(groups) and met == groups, ("特定群体", len(groups)), ("已沟通", len(met)))


@check("T08.2", R713[14].kuan(3), steps=("talk_with_groups",))
def points_of_groups_were_handled(m: Matter) -> Outcome:
    "群体提出的意见都有处理；没有提出意见的得满分"
    points = [row for row in m.facts.talks if row.get("points")]
    handled = sum(1 for row in points if row.get("handled"))
    return ratio(handled, len(points), ("提出意见", len(points)), ("已处理", handled))


@check("T09.1", R713[16].kuan(3), steps=("announce_hearing", "list_participants", "hold_hearing"))
def hearing_list_was_published(m: Matter) -> Outcome:
    "遴选办法和参加人名单在听证以前公布"
    facts = m.facts
    inputs = (("遴选办法", m.states("hearing_method")), ("名单公布日期", facts.hearing_listed_on), ("听证日期", facts.hearing_on))
    return holds(m.states("hearing_method") and facts.hearing_listed_on < facts.hearing_on, *inputs)


@check("T09.2", R713[16].kuan(3), steps=("hold_hearing",))
def every_side_was_there(m: Matter) -> Outcome:
    "受影响的各方都有代表参加听证"
    sides = named(m.facts.hearing_sides, "side")
    absent = sides - named(m.facts.hearing_people, "side")
    return holds(bool(sides) and not absent, ("受影响的各方", sorted(sides)), ("没有代表的一方", sorted(absent)))


@check("T10.1", R713[16].kuan(3), steps=("hold_hearing",))
def hearing_materials_came_in_time(m: Matter) -> Outcome:
    "听证材料在听证日前规定的日数以前送达"
    sent, on = m.facts.hearing_sent_on, m.facts.hearing_on
    given, wanted = m.elapsed(sent, on, m.limits.hearing)
    return holds(given >= wanted, ("材料送达日期", sent), ("听证日期", on), ("规定期限", m.limits.hearing))


@check("T10.2", R713[17], steps=("hold_hearing",))
def hearing_had_all_parts(m: Matter) -> Outcome:
    "介绍、陈述和质证辩论、签字确认三步齐全"
    lacking = [label for key, label in HEARING_PARTS.items() if key not in m.facts.hearing_parts]
    return holds(not lacking, ("缺少", lacking))


@check("T10.3", R713[17], R713[18], steps=("hold_hearing",))
def hearing_was_reported(m: Matter) -> Outcome:
    "形成听证报告并处理听证意见"
    report, handled = m.states("hearing_report"), m.states("hearing_handled")
    return holds(report and handled, ("听证报告", report), ("意见处理", handled))


@check("T11.1", R713[18], steps=("feed_back",))
def opinions_were_sorted(m: Matter) -> Outcome:
    "收到的意见全部归类整理；没有收到意见的得满分"
    received = m.consulted.comments
    return ratio(m.facts.classified if received else 0, received, ("收到意见", received), ("已归类", m.facts.classified if received else 0))


@check("T11.2", R713[18], steps=("feed_back",))
def refusals_have_reasons(m: Matter) -> Outcome:
    "未采纳的意见说明理由；没有未采纳意见的得满分。没有答复的意见视为未采纳且没有理由"
    consulted = m.consulted
    silent = max(0, consulted.comments - consulted.answered)
    inputs = (("未采纳", consulted.not_adopted), ("附理由", consulted.not_adopted_with_reason), ("没有答复", silent))
    return ratio(consulted.not_adopted_with_reason, consulted.not_adopted + silent, *inputs)


@check("T11.3", R713[18], steps=("feed_back",))
def feedback_came_in_time(m: Matter) -> Outcome:
    "截止以后在规定期限内公开反馈采纳情况"
    closed, told = m.consulted.closes_on, m.consulted.summarised_on
    inputs = (("截止日期", closed), ("反馈日期", told), ("规定期限", m.limits.feedback))
    if told is None:
        return Outcome(0, inputs, missing=True)
    return holds(m.is_within(closed, told, m.limits.feedback), *inputs)
