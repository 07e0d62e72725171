"""Matters to score: one with nothing wrong, and what a test changes in it. No database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from yifa.decisions.case import Consulted, MatterFacts
from yifa.decisions.forms.declared import ARCHIVED
from yifa.decisions.matter import Act, Limits, Matter, limits
from yifa.kernel.calendar.table import calendar
from yifa.kernel.parameters.files import load
from yifa.kernel.parameters.rules import Parameters
from yifa.procedures.core import BEIJING

AT = datetime(2026, 11, 20, 9, tzinfo=BEIJING)
# The order of the acts, each a day of 2026.
ACTS = (
    ("propose", 1, 5),
    ("enter", 2, 2),
    ("start", 2, 9),
    ("draft", 3, 2),
    ("consult_departments", 3, 20),
    ("plan_participation", 3, 23),
    ("consult", 4, 1),
    ("talk_with_groups", 4, 10),
    ("announce_hearing", 4, 13),
    ("hold_hearing", 4, 30),
    ("feed_back", 5, 15),
    ("appoint_experts", 4, 15),
    ("argue", 4, 28),
    ("answer_experts", 5, 6),
    ("assess_risk", 5, 8),
    ("submit_review", 5, 18),
    ("accept_review", 5, 18),
    ("review", 5, 26),
    ("handle_review", 5, 27),
    ("prepare_meeting", 5, 27),
    ("deliberate", 5, 28),
    ("report_party", 6, 4),
    ("decide", 6, 8),
    ("publish", 6, 15),
    ("plan_execution", 6, 22),
    ("report_progress", 9, 25),
    ("archive", 7, 10),
    ("trigger_evaluation", 10, 9),
    ("evaluate", 11, 9),
    ("close", 11, 16),
)
SPEECHES = (
    {"name": "甲", "post": "副市长", "place": 1, "opinion": "for", "said": "同意"},
    {"name": "乙", "post": "副市长", "place": 2, "opinion": "against", "said": "财力不足，建议分步实施"},
    {"name": "丙", "post": "副市长", "place": 3, "opinion": "for", "said": "同意"},
    {"name": "丁", "post": "市长", "place": 4, "opinion": "for", "said": "同意", "head": True},
)
EXPERT = {"kind": "expert", "field": "城市规划", "interest": False, "belongs": False}
FLAWLESS: Mapping[str, Any] = {
    "title": "城区供热管网改造方案",
    "category": "project",
    "source": "department",
    "problem": "管网老化",
    "grounds": "城镇供热条例",
    "first_plan": "分三年改造",
    "necessity": "爆管增多",
    "feasibility": "资金已落实",
    "catalogue_item": "item-1",
    "catalogue_year": 2026,
    "party_agreed_on": date(2026, 1, 26),
    "catalogue_published_on": date(2026, 1, 30),
    "start_form": "meeting",
    "undertakers": ({"name": "住建局"}, {"name": "财政局"}),
    "lead": "住建局",
    "responsible": "戊",
    "timetable": "二月启动，六月决定",
    "research": ({"way": "走访", "on": "2026-02-20", "people": 30},),
    "basis": ({"law": "城镇供热条例"}, {"law": "政府投资条例"}),
    "basis_cited": 2,
    "basis_in_force": 2,
    "cost_benefit": "投入三亿元，年节能一成",
    "alternatives": 1,
    "disputed": False,
    "consulted_units": (
        {"unit": "财政局", "asked_on": "2026-03-05", "replied_on": "2026-03-10", "dispute": True, "settled": "协商一致"},
        {"unit": "发改委", "asked_on": "2026-03-05", "replied_on": "2026-03-12", "dispute": False},
    ),
    "ways": frozenset({"open", "forum"}),
    "open_matter": True,
    "affected": "供热用户",
    "affected_count": 120000,
    "special_groups": ({"group": "老年人"},),
    "hearing_due": True,
    "technical": True,
    "risky": True,
    "market": True,
    "party_report_due": True,
    "consulted": Consulted(
        opens_on=date(2026, 4, 1),
        closes_on=date(2026, 5, 1),
        rounds=1,
        comments=40,
        answered=40,
        not_adopted=8,
        not_adopted_with_reason=8,
        summarised_on=date(2026, 5, 14),
    ),
    "media": frozenset({"portal", "wechat"}),
    "with_draft": True,
    "with_explanation": True,
    "classified": 40,
    "talks": ({"group": "老年人", "points": "保证温度", "handled": "写入方案"},),
    "hearing_on": date(2026, 4, 30),
    "hearing_method": "自愿报名，抽签确定",
    "hearing_listed_on": date(2026, 4, 20),
    "hearing_people": ({"name": "己", "side": "用户"}, {"name": "庚", "side": "供热企业"}),
    "hearing_sides": ({"side": "用户"}, {"side": "供热企业"}),
    "hearing_sent_on": date(2026, 4, 23),
    "hearing_parts": frozenset({"introduced", "stated", "debated", "signed"}),
    "hearing_report": "听证报告",
    "hearing_handled": "采纳三条",
    "experts": (EXPERT, EXPERT | {"field": "财政"}, EXPERT | {"field": "暖通"}),
    "expert_fields": ({"field": "城市规划"}, {"field": "暖通"}),
    "opinions": ({"name": "辛", "necessity": True, "feasibility": True, "science": True, "conclusion": "可行", "signed": True},),
    "argued_on": date(2026, 4, 28),
    "expert_points": ({"name": "辛", "point": "分期实施", "answer": "adopted"},),
    "assessor": "住建局",
    "risk_methods": frozenset({"opinion", "visits"}),
    "departments_heard": True,
    "existing_assessment": "none",
    "assessed_on": date(2026, 5, 8),
    "risks": ({"risk": "施工扰民", "probability": 3, "effect": 2, "level": "middle", "measure": "错峰施工", "body": "住建局"},),
    "controllable": "controllable",
    "review_materials": frozenset({"draft", "basis", "procedure", "public", "experts", "risk"}),
    "review_accepted_on": date(2026, 5, 18),
    "reviewed_parts": frozenset({"power", "procedure", "content"}),
    "legality": "lawful",
    "review_points": ({"point": "补充依据"},),
    "written_opinion": True,
    "lawyers": ({"name": "壬", "kind": "adviser", "opinion": "合法"},),
    "handled_points": ({"point": "补充依据", "result": "adopted", "reason": "第三条"},),
    "meeting_materials": frozenset({"draft", "competition", "public", "experts", "risk", "legality"}),
    "meeting": "standing",
    "meeting_name": "第五次常务会议",
    "meeting_on": date(2026, 5, 28),
    "entitled": 7,
    "present": 4,
    "speeches": SPEECHES,
    "outcome": "adopted",
    "departs": False,
    "party_asked_on": date(2026, 6, 1),
    "party_answered_on": date(2026, 6, 4),
    "party_number": "包党批〔2026〕3号",
    "decided_on": date(2026, 6, 8),
    "published_on": date(2026, 6, 15),
    "published_in": frozenset({"gazette", "portal"}),
    "interpretation": "图解",
    "tells_adoption": True,
    "executors": ({"body": "住建局", "task": "改造一期", "due_on": "2026-10-01"},),
    "reports_due": 2,
    "reports_in_time": 2,
    "evaluation_trigger": "organ",
    "evaluator": "某大学",
    "evaluator_was_assessor": False,
    "evaluation_public": "问卷两千份",
    "evaluation_conclusion": "达到预期",
    "evaluation_used": "用于二期",
    "archived": frozenset(key for key, _ in ARCHIVED),
    "archived_on": date(2026, 7, 10),
}
FILES = {"propose": 1, "draft": 2, "adjust": 1}


@cache
def installed_limits() -> Limits:
    """What the committed parameters say."""
    folder = Path(__file__).parents[1] / "parameters"
    return limits(Parameters(load([folder])), region="150200", on=AT.date())


def facts(*without: str, **changes: Any) -> MatterFacts:
    """The flawless matter's facts, some left unstated, some other."""
    stated = {"at": AT, **FLAWLESS, **changes}
    return MatterFacts(**{key: value for key, value in stated.items() if key not in without})


def acts(*without: str, until: str = "", **days: date) -> tuple[Act, ...]:
    """The acts of the flawless matter, some left out, some on another day, up to one of them."""
    found = []
    for step, month, day in ACTS:
        if step not in without:
            on = days.get(step, date(2026, month, day))
            found.append((step, on))
        if step == until:
            break
    found.sort(key=lambda each: each[1])
    return tuple(Act(step, on, on, False, seq) for seq, (step, on) in enumerate(found, 1))


def matter(
    found: MatterFacts | None = None,
    *,
    done: tuple[Act, ...] | None = None,
    files: Mapping[str, int] = FILES,
    closed: bool = True,
    verified: Iterable[str] = (),
    **changes: Any,
) -> Matter:
    """The flawless matter, closed, with these facts changed."""
    base = found if found is not None else facts()
    changed = replace(base, **changes) if changes else base
    done = acts() if done is None else done
    return Matter(changed, done, files, calendar(), installed_limits(), closed, frozenset(verified))
