"""S3 专家论证 (第十九条至第二十一条): 专家遴选、论证质量. Pure."""

from __future__ import annotations

from datetime import date

from yifa.decisions.checks.core import Outcome, check, holds, named, ratio
from yifa.decisions.matter import Matter
from yifa.decisions.rules import R713

ARGUED = {"necessity": "必要性", "feasibility": "可行性", "science": "科学性"}


@check("T12.1", R713[19].kuan(1), R713[20], steps=("appoint_experts",))
def experts_are_enough(m: Matter) -> Outcome:
    "专家不少于规定人数，或者至少一家专业机构；同一专家论证几个领域的，算一人"
    rows = m.facts.experts
    people = len({row.get("name") or n for n, row in enumerate(rows) if row.get("kind") == "expert"})
    institutions = sum(1 for row in rows if row.get("kind") == "institution")
    enough = people >= m.limits.experts or institutions >= 1
    return holds(enough, ("专家", people), ("专业机构", institutions), ("规定人数", m.limits.experts))


@check("T12.2", R713[20], steps=("appoint_experts",))
def experts_have_no_interest(m: Matter) -> Outcome:
    "每名专家都声明没有直接利害关系，隶属承办单位的不超过规定比例"
    rows = m.facts.experts
    undeclared = sum(1 for row in rows if row.get("interest") is not False)
    belong = sum(1 for row in rows if row.get("belongs"))
    fit = bool(rows) and not undeclared and belong * 100 <= len(rows) * m.limits.belonging
    return holds(fit, ("专家和机构", len(rows)), ("有利害关系或者没有声明", undeclared), ("隶属承办单位", belong))


@check("T12.3", R713[20], steps=("appoint_experts",))
def experts_cover_the_fields(m: Matter) -> Outcome:
    "论证涉及的每个专业领域都有专家"
    fields = named(m.facts.expert_fields, "field")
    lacking = fields - named(m.facts.experts, "field")
    return holds(bool(fields) and not lacking, ("论证领域", sorted(fields)), ("没有专家的领域", sorted(lacking)))


@check("T13.1", R713[19].kuan(2), steps=("argue",))
def opinions_are_signed(m: Matter) -> Outcome:
    "每份书面意见都署名或者盖章"
    rows = m.facts.opinions
    signed = sum(1 for row in rows if row.get("signed"))
    return holds(0 < len(rows) == signed, ("书面意见", len(rows)), ("已署名盖章", signed))


@check("T13.2", R713[19].kuan(1), steps=("argue",))
def opinions_cover_all_three(m: Matter) -> Outcome:
    "必要性、可行性、科学性三项都经过论证"
    lacking = [label for key, label in ARGUED.items() if not any(row.get(key) for row in m.facts.opinions)]
    return holds(not lacking, ("没有论证的", lacking))


@check("T13.3", R713[19], R713[26].kuan(1), steps=("argue", "submit_review"))
def argued_before_the_review(m: Matter) -> Outcome:
    "论证在送请合法性审查以前完成"
    argued, submitted = m.facts.argued_on, m.latest_on("submit_review")
    return holds(argued < (submitted or date.max), ("论证日期", argued), ("送审日期", submitted))


@check("T14.1", R713[19], R713[29].xiang(3), steps=("answer_experts",))
def every_expert_point_is_answered(m: Matter) -> Outcome:
    "论证意见逐条回应，没有全部采纳的说明理由；没有登记任何意见的，视为没有回应"
    rows = m.facts.expert_points
    answered = sum(1 for row in rows if row.get("answer") == "adopted" or (row.get("answer") and row.get("reason")))
    return ratio(answered, len(rows), ("意见条目", len(rows)), ("已回应", answered), none=0)
