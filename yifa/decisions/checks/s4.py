"""S4 风险评估 (第二十二条至第二十四条): 评估实施、风险处置. Pure."""

from __future__ import annotations

from datetime import date

from yifa.decisions.checks.core import SEVERAL, Outcome, check, holds, ratio
from yifa.decisions.matter import Matter
from yifa.decisions.rules import R713
from yifa.procedures.known import Row

CONCLUSIONS = {"controllable": "风险可控", "uncontrollable": "风险不可控"}
LEVELS, RATINGS = ("high", "middle", "low"), range(1, 6)
EXISTING = {"none": "没有", "linked": "已有，直接引用原报告", "repeated": "已有，又重新评估"}


@check("T15.1", R713[22].kuan(1), R713[26].kuan(1), steps=("assess_risk", "submit_review"))
def assessed_before_the_review(m: Matter) -> Outcome:
    "有风险评估报告，并在送请合法性审查以前完成"
    reported, submitted = m.facts.assessed_on, m.latest_on("submit_review")
    return holds(reported < (submitted or date.max) and m.done("assess_risk"), ("报告日期", reported), ("送审日期", submitted))


@check("T15.2", R713[23].kuan(1), R713[23].kuan(2), steps=("assess_risk",))
def assessed_in_several_ways(m: Matter) -> Outcome:
    "调查方法两种以上，并听取有关部门意见"
    ways, heard = len(m.facts.risk_methods), m.facts.departments_heard
    return holds(ways >= SEVERAL and heard, ("调查方法", ways), ("听取有关部门意见", heard))


@check("T15.3", R713[23].kuan(2), steps=("assess_risk",))
def risks_are_graded(m: Matter) -> Outcome:
    "列明风险点，每个都评定可能性、影响程度（1至5）和等级"
    rows = m.facts.risks
    graded = sum(1 for row in rows if row.get("risk") and row.get("level") in LEVELS and _is_rated(row))
    return holds(0 < len(rows) == graded, ("风险点", len(rows)), ("已定级", graded))


def _is_rated(row: Row) -> bool:
    return all(row.get(key) in RATINGS for key in ("probability", "effect"))


@check("T15.4", R713[22].kuan(2), steps=("assess_risk",))
def nothing_was_assessed_twice(m: Matter) -> Outcome:
    "已有法定评价、评估的引用原报告，不重复评估；没有的、原报告都已过有效期的得满分"
    existing = m.facts.existing_assessment
    return holds(existing in ("none", "linked") or m.facts.all_lapsed, ("已有的法定评价、评估", EXISTING.get(existing, existing)))


@check("T16.1", R713[23].kuan(2), steps=("assess_risk",))
def every_risk_has_a_measure(m: Matter) -> Outcome:
    "每个风险点都有防范措施和责任单位"
    rows = m.facts.risks
    covered = sum(1 for row in rows if row.get("measure") and row.get("body"))
    return ratio(covered, len(rows), ("风险点", len(rows)), ("有措施和责任单位", covered), none=0)


@check("T16.2", R713[24], steps=("assess_risk",))
def risk_has_a_conclusion(m: Matter) -> Outcome:
    "可控性结论明确"
    return holds(m.facts.controllable in CONCLUSIONS, ("结论", CONCLUSIONS.get(m.facts.controllable, "")))


@check("T16.3", R713[24], steps=("assess_risk", "reassess_risk"))
def uncontrollable_risk_was_reassessed(m: Matter) -> Outcome:
    "结论为不可控的，调整草案后复评为可控；可控的得满分"
    facts = m.facts
    inputs = (("结论", CONCLUSIONS.get(facts.controllable, "")), ("复评结论", CONCLUSIONS.get(facts.reassessed, "")))
    return holds(facts.controllable in CONCLUSIONS and not facts.is_stopped_by_risk, *inputs)
