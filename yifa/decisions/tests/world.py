"""A small world: a banner with its government, the department that undertakes matters, and the justice bureau; acts go through `take`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from yifa.decisions.models import CatalogueItem
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.models import Region
from yifa.participation import services as participation
from yifa.participation.models import Comment, Consultation
from yifa.participation.tests.clearing import CLEARED
from yifa.procedures import take
from yifa.procedures.reading import Ref
from yifa.procedures.take import Taken
from yifa.procedures.tests.cast import body as body
from yifa.procedures.tests.cast import file as file
from yifa.procedures.tests.cast import person as person

LEAGUE = "150200"


@dataclass(frozen=True)
class World:
    """`drafter`, `clerk` of the undertaking body; `mayor`, `office`, `gazette` of the government; `reviewer`, `supervisor` of justice."""

    drafter: Actor
    clerk: Actor
    mayor: Actor
    office: Actor
    gazette: Actor
    reviewer: Actor
    supervisor: Actor
    stranger: Actor


def build() -> World:
    parent = None
    for code, name, level, league in (
        ("150000", "内蒙古自治区", 1, "150000"),
        ("150200", "包头市", 2, LEAGUE),
        ("150203", "昆都仑区", 3, LEAGUE),
    ):
        parent, _ = Region.objects.get_or_create(code=code, defaults={"name": name, "parent": parent, "level": level, "league": league})
    district = Region.objects.get(code="150203")
    government = body("1502030001", "昆都仑区人民政府", "包昆政发", district, kind="GOVERNMENT")
    justice = body("1502030009", "昆都仑区司法局", "包昆司", district, sector="司法行政")
    housing = body("1502030011", "昆都仑区样本住建局", "包昆建", district)
    other = body("1502030021", "昆都仑区样本水务局", "包昆水", district)
    return World(
        drafter=person("李样本", housing, ["officer", "head"]),
        clerk=person("赵样本", housing, ["discloser"]),
        mayor=person("孙样本", government, ["head"]),
        office=person("钱样本", government, ["officer"]),
        gazette=person("吴样本", government, ["discloser"]),
        reviewer=person("周样本", justice, ["reviewer"]),
        supervisor=person("冯样本", justice, ["supervisor"]),
        stranger=person("郑样本", other, ["officer", "reviewer", "head"]),
    )


def listed(world: World, title: str = "城区供热管网改造方案") -> CatalogueItem:
    """A matter in the government's catalogue of this year, agreed by the party committee and published."""
    year = today().year
    return CatalogueItem.objects.create(
        league=LEAGUE,
        id=uuid4(),
        government_id=world.mayor.organisation,
        region_id=world.mayor.region,
        year=year,
        title=title,
        category="project",
        undertaker_id=world.drafter.organisation,
        number=f"包昆政发〔{year}〕3号",
        party_number=f"昆党〔{year}〕5号",
        party_agreed_on=date(year, 1, 10),
        published_on=date(year, 1, 15),
    )


def today() -> date:
    return timezone.localdate()


def day(offset: int = 0) -> str:
    return (today() + timedelta(days=offset)).isoformat()


# These matters are carried through in one day, the review too, which usually has seven working days; their lists were out long before.
HASTE = {"EARLY": "材料简单，审查人员集中审查", **dict.fromkeys(("DL15", "DL16", "DL17"), "按当时的公布文件登记")}


def propose(world: World, **changed: Any) -> Ref:
    stated = {
        "title": "城区供热管网改造方案",
        "category": "project",
        "source": "department",
        "problem": "管网老化，冬季爆管多",
        "grounds": "城市供热规划",
        "first_plan": "三年改造一百二十公里",
        "necessity": "关系居民冬季取暖",
        "feasibility": "资金和施工力量有保障",
    } | changed
    return take.start("major_decision", by=world.drafter, facts=stated, files=(file(world.drafter),), key=uuid4()).ref


def do(ref: Ref, step: str, by: Actor, facts: Mapping[str, Any], *, files: int = 0, reasons: Mapping[str, str] = HASTE) -> Taken:
    brought = tuple(file(by) for _ in range(files))
    return take.take(ref, step, by=by, facts=facts, files=brought, key=uuid4(), seen_seq=None, reasons=reasons)


def consulted(world: World, ref: Ref, *, days: int = 30, reason: str = "", opinions: int = 2) -> None:
    """A consultation that is over, its opinions answered: the floor opens it today, so its days are set back."""
    draft = participation.Draft(
        dossier=ref.code,
        title="城区供热管网改造方案（征求意见稿）",
        explanation="改造的必要性和主要内容",
        text="第一条 ……",
        opens_on=today(),
        closes_on=today() + timedelta(days=days),
        cleared=CLEARED,
        shortened_reason=reason,
        contact="0472-0000000",
    )
    row = participation.open_consultation(draft, by=world.clerk)
    for n in range(opinions):
        participation.comment(row.league, row.id, text=f"建议第{n}条再研究", name="某居民")
    shown = list(Comment.objects.filter(consultation=row.id).values_list("id", flat=True))
    if shown:
        participation.reply(row.league, shown[:1], by=world.drafter, outcome="adopted", reason="意见合理")
        if shown[1:]:
            participation.reply(row.league, shown[1:], by=world.drafter, outcome="not_adopted", reason="超出本方案范围")
    Consultation.objects.filter(id=row.id).update(opens_on=today() - timedelta(days=days + 2), closes_on=today() - timedelta(days=2))
    participation.summarise(row.league, row.id, by=world.drafter, text="采纳一条，未采纳一条")


RISK: dict[str, Any] = {
    "assessor": "住建局",
    "third_party": False,
    "risk_kinds": ["stability"],
    "risk_methods": ["visits", "opinion"],
    "departments_heard": True,
    "existing_assessment": "none",
    "assessed_on": "2026-06-01",
    "risks": [{"risk": "停暖", "probability": 3, "effect": 4, "level": "high", "measure": "分段施工", "body": "住建局"}],
    "controllable": "controllable",
}
EXEMPT = ("T05", "T08", "T09", "T10", "T12", "T13", "T14", "T15", "T16", "T22")
PLAN = {
    "open_matter": True,
    "ways": ["open", "forum"],
    "affected": "城区居民",
    "affected_count": "300000",
    "hearing_due": False,
    "technical": False,
    "risky": False,
    "market": False,
    "party_report_due": False,
}
PUBLIC = {"openness": "public", "secrecy_reviewer": "王样本", "secrecy_passed": True}
REVIEW = {
    "reviewed_parts": ["power", "procedure", "content"],
    "lawyers": [{"name": "马样本", "kind": "public_lawyer", "opinion": "合法"}],
    "legality": "lawful",
    "written_opinion": True,
}


def speeches(head_place: int = 3, *, deputy: str = "for") -> list[dict[str, Any]]:
    rest = [place for place in (1, 2, 3) if place != head_place]
    return [
        {"name": "孙样本", "post": "区长", "place": head_place, "opinion": "for", "said": "同意", "head": True},
        {"name": "甲样本", "post": "副区长", "place": rest[0], "opinion": deputy, "said": "同意" if deputy == "for" else "时机不成熟"},
        {"name": "乙样本", "post": "副区长", "place": rest[1], "opinion": "against", "said": "资金不足"},
    ]


def meeting(**changed: Any) -> dict[str, Any]:
    return {
        "meeting": "standing",
        "meeting_name": "区人民政府第18次常务会议",
        "meeting_on": day(),
        "entitled": 9,
        "present": 8,
        "speeches": speeches(),
        "outcome": "adopted",
        "departs": False,
        "recorder": "丁样本",
    } | changed


def drafted() -> dict[str, Any]:
    return {
        "research": [{"way": "走访", "on": day(-40), "people": 40}],
        "basis": [{"law": "城市供热条例"}],
        "cost_benefit": "三年投入一亿元",
        "disputed": False,
        "alternatives": 1,
    }


def begun(world: World, **plan: Any) -> Ref:
    """Proposed, in the catalogue, started and drafted, with a plan."""
    ref = propose(world)
    do(ref, "enter", world.office, {"catalogue_item": str(listed(world).id)})
    starting = {"start_form": "meeting", "undertakers": [{"name": "样本住建局"}], "responsible": "李样本", "timetable": "年内完成"}
    do(ref, "start", world.mayor, starting, files=1)
    do(ref, "draft", world.drafter, drafted(), files=2)
    do(ref, "plan_participation", world.drafter, PLAN | plan)
    return ref


def exempted(world: World, ref: Ref, templates: tuple[str, ...] = EXEMPT) -> None:
    asked = [{"template": key, "ground": "not_concerned", "reason": "本事项不涉及"} for key in templates]
    do(ref, "exempt", world.drafter, {"exemptions": asked}, files=1)
    do(ref, "confirm_exemptions", world.reviewer, {"exempted": list(templates)})


def heard(world: World, ref: Ref) -> None:
    """The public has been asked and answered."""
    consulted(world, ref)
    do(ref, "consult", world.clerk, {"media": ["portal", "wechat"], "with_draft": True, "with_explanation": True})
    do(ref, "feed_back", world.drafter, {"classified": 2})


def reviewed(world: World, ref: Ref, **changed: Any) -> None:
    do(ref, "submit_review", world.drafter, {"review_materials": ["draft", "basis", "procedure", "public"]}, files=1)
    do(ref, "accept_review", world.reviewer, {})
    pointed = {"review_points": [{"point": "超越权限"}]} if changed.get("legality") == "unlawful" else {}
    do(ref, "review", world.reviewer, REVIEW | pointed | changed)


def adopted(world: World, ref: Ref) -> None:
    """From the plan to the meeting that adopts it, without experts and risk."""
    exempted(world, ref)
    heard(world, ref)
    reviewed(world, ref)
    do(ref, "handle_review", world.drafter, {})
    do(ref, "prepare_meeting", world.drafter, {"meeting_materials": ["draft", "public", "legality"]}, files=1)
    do(ref, "deliberate", world.mayor, meeting(), files=1)


def carried_to_the_end(world: World) -> Ref:
    ref = begun(world)
    adopted(world, ref)
    do(ref, "decide", world.mayor, {"decided_on": day(), "decision_number": "包昆政发〔2026〕12号"}, files=1)
    published = {"published_on": day(), "published_in": ["gazette", "portal"], "interpretation": "说明", "interpreted_on": day()}
    do(ref, "publish", world.gazette, {**PUBLIC, **published, "tells_adoption": True})
    do(ref, "plan_execution", world.office, {"executors": [{"body": "住建局", "task": "改造四十公里", "due_on": day(200)}]})
    do(ref, "report_progress", world.drafter, {"reports": [{"body": "住建局", "due_on": day(), "reported_on": day(), "content": "已开工"}]})
    do(ref, "trigger_evaluation", world.mayor, {"evaluation_trigger": "none"})
    archived = ["proposal", "start", "draft", "public", "legality", "minutes", "decision"]
    do(ref, "archive", world.drafter, {"archived": archived, "archive_pages": 120, "archive_keeping": "permanent"})
    do(ref, "close", world.drafter, {})
    return ref
