"""The demonstration's major decisions: three governments with their catalogues, each matter at another point of its way.

How far each goes is told in `demo_stories`. All persons are invented.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import connection
from django.utils import timezone

from yifa.decisions import clue_queries, clues, expert_queries, experts
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.queries import actors_of, body_of, person_of, region_of
from yifa.kernel.people.services import posts
from yifa.site import demo_lists
from yifa.site.demo_documents import ABOVE, BEIJING, CITY, GOVERNMENT, JUSTICE, seat
from yifa.site.demo_ideas import Idea
from yifa.site.demo_lists import Line
from yifa.site.demo_matters import Matter
from yifa.site.demo_names import named
from yifa.site.demo_stories import NEXT_GOVERNMENT, STORIES

NEXT = NEXT_GOVERNMENT[:6]
NEXT_JUSTICE = f"{NEXT}0009"
HIGHEST = "1500000001"  # 自治区司法厅
PEOPLE = (
    (JUSTICE, "demo-overseer", "区司法局 决策监督", ["supervisor"]),
    (ABOVE, "demo-city-overseer", "市司法局 决策监督", ["supervisor"]),
    (NEXT_GOVERNMENT, "demo-next-office", "区政府办公室 决策事务、公示", ["officer", "discloser"]),
    (NEXT_GOVERNMENT, "demo-next-mayor", "区政府 负责人", ["head"]),
    (NEXT_JUSTICE, "demo-next-justice", "区司法局 合法性审查、监督", ["reviewer", "supervisor"]),
)
# Who may be drawn, by the government that keeps the register. A district also draws from the city's.
EXPERTS: dict[str, tuple[tuple[str, str, tuple[str, ...], str], ...]] = {
    GOVERNMENT: (
        ("苏景行", "鹿城规划设计研究院", ("城乡规划",), "高级规划师"),
        ("陶静宜", "阴山大学建筑学院", ("城乡规划",), "教授"),
        ("贺云章", "草原城市研究中心", ("城乡规划", "农业经济"), "研究员"),
        ("顾明岚", "阴山大学经济管理学院", ("农业经济",), "副教授"),
        ("毛志清", "河套农牧业科学研究所", ("农业经济", "生态环境"), "研究员"),
        ("郝若川", "大青山环境科学研究所", ("生态环境",), "高级工程师"),
        ("龚海平", "黄河中上游水利勘测设计院", ("水利工程",), "正高级工程师"),
        ("万书琴", "阴山大学水利与土木学院", ("水利工程", "生态环境"), "教授"),
        ("邵文渊", "阴山大学法学院", ("法律",), "教授"),
    ),
    NEXT_GOVERNMENT: (
        ("范立群", "河套节水灌溉试验站", ("水利工程",), "正高级工程师"),
        ("田秀禾", "阴山大学水利与土木学院", ("水利工程",), "副教授"),
        ("丁望舒", "北疆农村经济研究会", ("农业经济",), "高级经济师"),
        ("姚启明", "阴山大学经济管理学院", ("农业经济",), "教授"),
        ("秦若兰", "河套农牧业科学研究所", ("农业经济", "水利工程"), "研究员"),
    ),
    CITY: (
        ("钟岳", "黄河中上游水利勘测设计院", ("水利工程",), "正高级工程师"),
        ("薛清源", "北方给水排水设计院", ("水利工程",), "高级工程师"),
        ("夏知行", "草原城市研究中心", ("城乡规划",), "研究员"),
        ("卢望山", "阴山大学交通与车辆学院", ("城乡规划",), "教授"),
    ),
}


def people(root: Actor, since: date, regions: Sequence[str]) -> list[tuple[str, str]]:
    """The supervisors of decisions, and the next district's government and justice bureau; the accounts that are new, as (login, title)."""
    if JUSTICE[:6] not in regions:
        return []
    if NEXT in regions:
        place = region_of(NEXT)
        seat(root, NEXT_GOVERNMENT, f"{place.name}人民政府", "包青政", place, "GOVERNMENT", "", since)
        seat(root, NEXT_JUSTICE, f"{place.name}司法局", "包青司", place, "ORGAN", "司法行政", since)
    demo_lists.people(root, since, regions)
    shown = []
    for code, login, title, roles in PEOPLE:
        if (body := body_of(code)) is None or person_of(login) is not None:
            continue
        person = posts.add_person(by=root, login=login, name=named(login), today=timezone.localdate())
        posts.add_post(by=root, person=person, organisation=code, roles_=roles, since=since)
        shown.append((login, f"{body.region.name.removesuffix('区').removesuffix('市')}{title}"))
    return shown


@dataclass
class Seat:
    """A government with its people and its published catalogue; `undertakers` by the number of the body in the region."""

    code: str
    actors: dict[str, Actor]
    undertakers: dict[int, dict[str, Actor]]

    @property
    def name(self) -> str:
        return self.actors["mayor"].organisation_name

    def undertaker(self, idea: Idea) -> str:
        return self.undertakers[idea.body]["officer"].organisation_name


def seat_of(code: str) -> Seat | None:
    """A government as the demonstration knows it; None where its people are not there."""
    own = {role: each for each in actors_of(code) for role in each.roles}
    justice = {role: each for each in actors_of(f"{code[:-4]}0009") for role in each.roles}
    if not {"officer", "head", "discloser"} <= own.keys() or "reviewer" not in justice:
        return None
    actors = {"office": own["officer"], "mayor": own["head"], "gazette": own["discloser"], "justice": justice["reviewer"]}
    if "supervisor" in justice:
        actors["supervisor"] = justice["supervisor"]
    above = {role: each for each in actors_of(ABOVE) for role in each.roles}
    actors |= {f"above {role}": above[role] for role in ("reviewer", "supervisor") if role in above}
    if highest := next((each for each in actors_of(HIGHEST) if each.has("head")), None):
        actors["highest head"] = highest
    bodies: dict[int, dict[str, Actor]] = {}
    for number in range(10, 17):
        known = actors_of(f"{code[:-4]}{number:04d}")
        officer = next((each for each in known if each.has("officer") and not each.has("head")), None)
        discloser = next((each for each in known if each.has("discloser")), None)
        chief = next((each for each in known if each.has("head")), None)
        if officer and discloser and chief:
            bodies[number] = {"officer": officer, "discloser": discloser, "chief": chief}
    return Seat(code, actors, bodies)


def tell() -> Iterator[str]:
    """The catalogues and the matters, one after another; yields what each is. Does nothing twice, nor where the people are not there."""
    there = titles()
    noon = datetime.combine(timezone.localdate(), time(), BEIJING) + timedelta(hours=8)
    for code, stories in STORIES:
        found = seat_of(code)
        told = [(idea, story, days) for idea, story, days in stories if found is not None and idea.body in found.undertakers]
        if found is None or not told:
            continue
        lacking = [Line(each.title, each.category, found.undertaker(each)) for each, _, _ in told if each.title not in there]
        if lacking and (line := demo_lists.enlist(code, found.actors, lacking, demo_lists.in_spring(noon - timedelta(days=200)))):
            yield line
        register_experts(found.actors["office"], noon - timedelta(days=199))
        for idea, story, days in told:
            if idea.title not in there and demo_lists.listed(code, idea.title):
                matter = Matter.of(idea, noon - timedelta(days=days), found.actors | found.undertakers[idea.body])
                story(matter)
                yield f"{idea.title}：{matter.standing}"
        if "supervisor" in found.actors and code == GOVERNMENT and (line := evaded(found, noon - timedelta(days=20))):
            yield line
    yield from demo_lists.tell(noon)


def evaded(seated: Seat, at: datetime) -> str:
    """R6: a matter decided without standing in the list; the government stated its side, another person established it."""
    title = "昆都仑区共享单车停放收费办法"
    if clue_queries.is_raised(title):
        return ""
    said = clues.Said(
        clues.EVADED,
        "区政府网站公布的收费办法涉及全区居民，没有列入年度目录，也没有履行法定程序。",
        government=seated.code,
        title=title,
    )
    found = clues.raise_clue(said, by=seated.actors["supervisor"], simulated=at)
    key = (found.league, found.id)
    clues.state_side(
        *key, "当时理解为试点，没有按重大行政决策办理，已停止收费。", by=seated.actors["office"], simulated=at + timedelta(days=3)
    )
    reason = "收费办法涉及全区居民切身利益，应当列入目录；没有列入，也没有公开征求意见和合法性审查。"
    clues.establish(*key, reason, by=seated.actors["justice"], simulated=at + timedelta(days=6))
    return f"{title}：应当列入目录而没有列入，已经认定"


def titles() -> set[str]:
    """The matters that are there already."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT title FROM dossiers_dossier WHERE procedure = 'major_decision'")
        return {title for (title,) in cursor.fetchall()}


def register_experts(by: Actor, at: datetime) -> None:
    """The government's register, where it keeps none yet."""
    if any(each.organisation_id == by.organisation for each in expert_queries.experts(by)):
        return
    for name, employer, fields, title in EXPERTS[by.organisation]:
        experts.register(experts.Particulars(name, employer, fields, title), by=by, simulated=at)
