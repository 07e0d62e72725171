"""S5 合法性审查 (第二十五条至第二十八条): 送审与时限、审查质量. Pure."""

from __future__ import annotations

from yifa.decisions.checks.core import Outcome, check, holds, named, ratio
from yifa.decisions.matter import Matter
from yifa.decisions.rules import R713
from yifa.procedures.fields import BLANKS

MATERIALS = {"draft": "决策草案", "basis": "有关依据", "procedure": "履行程序的说明"}
# Owed when the branch that brings them applies.
BRANCHES = (("public", "公众参与材料", "T11"), ("experts", "专家论证材料", "T13"), ("risk", "风险评估材料", "T15"))
PARTS = {"power": "权限", "procedure": "程序", "content": "内容"}
LEGALITY = {"lawful": "合法", "lawful_after_changes": "修改后合法", "unlawful": "不合法", "exploratory": "探索性改革，提示法律风险"}


@check("T17.1", R713[26].kuan(2), steps=("accept_review", "deliberate"))
def review_had_its_time(m: Matter) -> Outcome:
    "受理至上会之间一般不少于规定的工作日；不足的按比例得分"
    accepted, meeting = m.facts.review_accepted_on, m.facts.meeting_on
    given, wanted = m.elapsed(accepted, meeting, m.limits.review)
    return ratio(given, wanted, ("受理日期", accepted), ("会议日期", meeting), ("可用工作日", given), ("规定期限", m.limits.review))


@check("T17.2", R713[26].kuan(1), steps=("submit_review",))
def review_materials_were_complete(m: Matter) -> Outcome:
    "送审材料齐全：草案、依据、程序说明，以及适用的公众参与、专家论证、风险评估材料"
    owed = MATERIALS | {key: label for key, label, template in BRANCHES if m.applies(template)}
    lacking = [label for key, label in owed.items() if key not in m.facts.review_materials]
    return holds(not lacking, ("应当送审的材料", len(owed)), ("缺少", lacking))


@check("T17.3", R713[25].kuan(1), steps=("review", "deliberate"))
def reviewed_before_the_meeting(m: Matter) -> Outcome:
    "合法性审查在会议日期以前完成"
    reviewed, meeting = m.day("review", "审查完成日期"), m.facts.meeting_on
    return holds(reviewed < meeting, ("审查完成日期", reviewed), ("会议日期", meeting))


@check("T18.1", R713[27], steps=("review",))
def all_three_were_reviewed(m: Matter) -> Outcome:
    "权限、程序、内容三项都审查"
    lacking = [label for key, label in PARTS.items() if key not in m.facts.reviewed_parts]
    return holds(not lacking, ("没有审查的", lacking))


@check("T18.2", R713[28], steps=("review",))
def review_has_a_conclusion(m: Matter) -> Outcome:
    "审查结论明确，由审查人在记录上署名"
    return holds(m.done("review") and m.facts.legality in LEGALITY, ("结论", LEGALITY.get(m.facts.legality, "")))


@check("T18.3", R713[25].kuan(1), steps=("review",))
def opinion_was_written(m: Matter) -> Outcome:
    "由负责合法性审查的部门出具书面意见，没有以征求意见或者会签代替"
    return holds(m.facts.written_opinion, ("出具书面意见", m.facts.written_opinion))


@check("T19.1", R713[28], steps=("review", "handle_review"))
def every_point_was_handled(m: Matter) -> Outcome:
    "审查意见逐条处理，没有全部采纳的说明理由；没有意见的得满分。处理的应当是这份审查意见中的意见"
    points = [str(row.get("point") or "").strip(BLANKS) for row in m.facts.review_points]
    if not points:
        return holds(True, ("审查意见", 0))
    rows = m.facts.handled_points
    settled = named((row for row in rows if row.get("result") == "adopted" or (row.get("result") and row.get("reason"))), "point")
    handled = sum(1 for point in points if point in settled)
    return ratio(handled, len(points), ("审查意见", len(points)), ("已处理", handled))


@check("T19.2", R713[28], steps=("review",))
def lawyers_were_heard(m: Matter) -> Outcome:
    "有法律顾问或者公职律师的意见"
    count = sum(1 for row in m.facts.lawyers if row.get("opinion"))
    return holds(count >= 1, ("法律意见", count))
