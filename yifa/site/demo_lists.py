"""The demonstration's yearly catalogues: one with matters for each government that decides, one without any, one that was pressed for.

All matters are invented. A list that an earlier run published gets what came since by 增列, as the regulation has it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from yifa.kernel.people.actors import Actor
from yifa.kernel.people.queries import actors_of, body_of, person_of, region_of
from yifa.kernel.people.services import posts
from yifa.procedures.core import Refused
from yifa.procedures.reading import Ref
from yifa.site.demo_documents import ABOVE, CLEARED, Making, seat
from yifa.site.demo_names import named

# The county whose list is empty, and the district that published none until it was pressed.
ZERO, PRESSED = "150222", "150207"
SHORT = {ZERO: "包固政", PRESSED: "包九政"}
ZERO_REASON = (
    "本年度重点工作为落实上级已经作出的决策，主要是续建项目，没有拟新制定的重大公共政策和规划，也没有新建的重大公共建设项目。"
    "已逐一征求各部门和乡镇意见，均无拟提请县政府决策的重大事项；年度中出现的，按规定增列并公布。"
)
LATE = (
    (10, "九原区设施蔬菜产业扶持办法", "policy"),
    (12, "九原区农村公路养护体制改革方案", "policy"),
    (13, "九原区黄河滩区排水沟渠整治工程方案", "project"),
)
OPEN: dict[str, Any] = {"openness": "public", "secrecy_reviewer": CLEARED.secrecy_reviewer, "secrecy_passed": True}


@dataclass(frozen=True)
class Line:
    """A matter as the list names it; `undertaker` by its full name."""

    title: str
    category: str
    undertaker: str

    def told(self, year: int) -> Mapping[str, str]:
        """As the list states it; works take until the end of the year, the rest a month or two less."""
        month, day = {"project": (12, 25), "resource": (12, 10), "plan": (11, 30), "policy": (10, 31)}.get(self.category, (12, 20))
        done = date(year, month, day).isoformat()
        return {"title": self.title, "category": self.category, "undertaker": self.undertaker, "planned_on": done}


def people(root: Actor, since: date, regions: Sequence[str]) -> None:
    """The two governments that have a list and no matter yet, with those who keep it; nobody signs in as they."""
    for code in (ZERO, PRESSED):
        if code not in regions:
            continue
        place, government = region_of(code), f"{code}0001"
        seat(root, government, f"{place.name}人民政府", SHORT[code], place, "GOVERNMENT", "", since)
        for login, roles in ((f"{government}-office", ["officer", "discloser"]), (f"{government}-mayor", ["head"])):
            if person_of(login) is None:
                person = posts.add_person(by=root, login=login, name=named(login), today=timezone.localdate())
                posts.add_post(by=root, person=person, organisation=government, roles_=roles, since=since)


def in_spring(at: datetime) -> datetime:
    """A list is out by the end of March of its year (T02.2, DEC-01), however late in the year the demonstration is told."""
    return min(at, at.replace(month=3, day=10))


def enlist(government: str, actors: Mapping[str, Actor], lines: Sequence[Line], at: datetime) -> str:
    """The matters stand in the list of the year: in a new one, or added to the one that is there. What was done, if anything."""
    year, name = at.year, actors["mayor"].organisation_name
    there = _list_of(government, year)
    if there is None:
        return _published(name, actors, lines, at)
    lacking = [line for line in lines if line.title not in _listed(government)]
    if not lacking:
        return ""
    made = Making(f"{name}{year}年度目录增列", [line.title for line in lacking], at + timedelta(days=20), dict(actors), there)
    agreed = {"added_party_number": f"{_mark(government)}党办复〔{year}〕11号", "added_party_on": made.at.date().isoformat()}
    told: dict[str, Any] = {"added": [line.told(year) for line in lacking], "added_reason": "年度中新提出的事项。", **agreed}
    try:
        made.act("add", "office", **told, **OPEN, added_published=made.at.date().isoformat())
    except Refused as refused:
        why = "；".join(finding.text for finding in refused.findings)
        return f"{name}{year}年度目录没有增列新的演示事项：{why}。需要完整的演示，请换一个空的数据目录（YIFA_VAR）重新运行"
    return f"{made.title}{len(lacking)}件"


def listed(government: str, title: str) -> bool:
    return title in _listed(government)


def tell(noon: datetime) -> Iterator[str]:
    """The list without a matter, and the one that a supervisor of the city had to ask for. Does nothing twice."""
    if empty := _keepers(ZERO):
        at = in_spring(noon - timedelta(days=190))
        if _list_of(f"{ZERO}0001", at.year) is None:
            yield f"{_published(empty['mayor'].organisation_name, empty, (), at, reason=ZERO_REASON)}（零目录，已说明理由）"
    late, above = _keepers(PRESSED), next((each for each in actors_of(ABOVE) if each.has("supervisor")), None)
    if late and above:
        yield from _pressed({**late, "overseer": above}, noon - timedelta(days=75))


def _pressed(actors: Mapping[str, Actor], at: datetime) -> Iterator[str]:
    """督办: no list by the end of March; pressed for, the government publishes it, answers, and the supervisor sees for himself."""
    government, name = actors["mayor"].organisation, actors["mayor"].organisation_name
    year = (at - timedelta(days=100)).year  # of the last list that is late by now
    known = ((body_of(f"{PRESSED}{n:04d}"), title, category) for n, title, category in LATE)
    lines = [Line(title, category, body.name) for body, title, category in known if body is not None]
    if _list_of(government, year) is not None or not lines:
        return
    made = Making(f"督办{name}{year}年度目录", (), at, dict(actors))
    why = f"{year}年度重大行政决策事项目录至今没有公布，请在期限内编制、经同级党委同意后公布，并书面答复原因。"
    made.begin("catalogue_supervision", role="overseer", pressed_government=government, pressed_year=year, supervised_for=why)
    title = _published(name, actors, lines, made.at + timedelta(hours=3), year=year)
    made.wait(7)  # within the five working days that an answer has
    done = "机构调整后目录编制职责没有及时衔接。现已编制目录，经区委同意后公布；今后于每年三月底以前完成。"
    made.act("answer_supervision", "office", supervision_answer=done)
    made.wait(2)
    made.act("close", "overseer", press_note="已在区政府网站查看，目录已经公布，事项和承办单位齐全。")
    yield f"{title}：经督办后公布，督办已答复"


def _published(
    name: str, actors: Mapping[str, Actor], lines: Sequence[Line], at: datetime, *, year: int | None = None, reason: str = ""
) -> str:
    """Collected, agreed by the party committee, published; its title. `year`: that of `at`, unless the list comes late."""
    year, government = year or at.year, actors["mayor"].organisation
    mark, serial = _mark(government), 3 + int(government[5])
    title = f"{name}{year}年度重大行政决策事项目录"
    made = Making(title, (title, *(line.title for line in lines)), at, dict(actors))
    told: dict[str, Any] = {"matters": [line.told(year) for line in lines]} if lines else {"zero_reason": reason}
    made.begin("decision_catalogue", role="office", list_year=year, **told)
    made.wait(3)
    made.act("consent", "mayor", list_party_number=f"{mark}党办复〔{made.at.year}〕{serial}号", list_party_on=made.at.date().isoformat())
    made.wait(2)
    number, on = f"{mark}政办发〔{made.at.year}〕{serial + 5}号", made.at.date().isoformat()
    made.act("publish", "gazette", **OPEN, list_number=number, list_published_on=on)
    return title


def _mark(government: str) -> str:
    """The word for a place that its papers bear before 政 and 党: 包昆, 包."""
    body = body_of(government)
    assert body is not None  # noqa: S101 - it keeps a list
    return body.short_name.removesuffix("政")


def _keepers(region: str) -> dict[str, Actor]:
    """Who keeps the list of a place, by what he does with it; empty where they are not there."""
    own = {role: each for each in actors_of(f"{region}0001") for role in each.roles}
    if not {"officer", "head", "discloser"} <= own.keys():
        return {}
    return {"office": own["officer"], "mayor": own["head"], "gazette": own["discloser"]}


def _list_of(government: str, year: int) -> Ref | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT league, code FROM dossiers_dossier WHERE organisation_id = %s AND procedure = 'decision_catalogue'"
            " AND facts ->> 'list_year' = %s",
            [government, str(year)],
        )
        found = cursor.fetchone()
    return Ref(*found) if found else None


def _listed(government: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT title FROM decisions_catalogueitem WHERE government_id = %s AND status <> 'removed'", [government])
        return {title for (title,) in cursor.fetchall()}
