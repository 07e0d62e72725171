"""The demonstration's major decisions: three governments with their catalogues, seventeen matters, each at another point of its way.

Where the regulation refuses a step, the demonstration tries it and stays where it was refused. All persons are invented.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from django.db import connection
from django.utils import timezone

from yifa.decisions import clue_queries, clues, expert_queries, experts, hearings
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.queries import actors_of, body_of, person_of, region_of
from yifa.kernel.people.services import posts
from yifa.participation.services import comment
from yifa.site import demo_ideas as ideas
from yifa.site import demo_lists, demo_participation
from yifa.site.demo_documents import ABOVE, BEIJING, CITY, GOVERNMENT, JUSTICE, seat
from yifa.site.demo_ideas import Idea
from yifa.site.demo_lists import Line
from yifa.site.demo_matters import Matter
from yifa.site.demo_names import named

NEXT = "150204"
NEXT_GOVERNMENT, NEXT_JUSTICE = f"{NEXT}0001", f"{NEXT}0009"
PEOPLE = (
    (JUSTICE, "demo-overseer", "区司法局 决策监督", ["supervisor"]),
    (ABOVE, "demo-city-overseer", "市司法局 决策监督", ["supervisor"]),
    (NEXT_GOVERNMENT, "demo-next-office", "区政府办公室 决策事务、公示", ["officer", "discloser"]),
    (NEXT_GOVERNMENT, "demo-next-mayor", "区政府 负责人", ["head"]),
    (NEXT_JUSTICE, "demo-next-justice", "区司法局 合法性审查、监督", ["reviewer", "supervisor"]),
)
EXPERTS = (
    ("苏样本", "样本规划设计院", ("城乡规划",), "高级规划师"),
    ("陶样本", "样本大学建筑学院", ("城乡规划",), "教授"),
    ("贺样本", "样本城市研究中心", ("城乡规划", "农业经济"), "研究员"),
    ("顾样本", "样本大学经济学院", ("农业经济",), "副教授"),
    ("毛样本", "样本农业科学院", ("农业经济", "生态环境"), "研究员"),
    ("郝样本", "样本环境科学研究所", ("生态环境",), "高级工程师"),
    ("龚样本", "样本水利勘测设计院", ("水利工程",), "正高级工程师"),
    ("万样本", "样本大学水利学院", ("水利工程", "生态环境"), "教授"),
    ("邵样本", "样本大学法学院", ("法律",), "教授"),
)
TALKED = (
    ("一、", "我们街道到最近的市场要走半个小时，请优先安排。", ""),
    ("三、", "改造的时候临时摊点放在哪里，方案里没有写。", "昆都仑区样本市场经营者协会"),
    ("", "希望保留早市。", "居民"),
)


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
    bodies: dict[int, dict[str, Actor]] = {}
    for number in range(10, 17):
        known = actors_of(f"{code[:-4]}{number:04d}")
        officer = next((each for each in known if each.has("officer") and not each.has("head")), None)
        discloser = next((each for each in known if each.has("discloser")), None)
        if officer and discloser:
            bodies[number] = {"officer": officer, "discloser": discloser}
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
        if lacking:
            if line := demo_lists.enlist(code, found.actors, lacking, demo_lists.in_spring(noon - timedelta(days=200))):
                yield line
            if code == GOVERNMENT and not expert_queries.experts(found.actors["office"], limit=1):
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
    for name, employer, fields, title in EXPERTS:
        experts.register(experts.Particulars(name, employer, fields, title), by=by, simulated=at)


def _met(m: Matter, outcome: str = "adopted") -> None:
    """From the proposal to the meeting, and what it came to."""
    m.propose()
    m.form()
    m.submit()
    m.review()
    m.prepare()
    m.meet(outcome)


def _closed(m: Matter) -> None:
    """From the proposal to the archive, and its score confirmed."""
    _met(m)
    m.decide()
    m.finish()
    m.confirm()


def _consulting(m: Matter) -> None:
    """Before the public now, with a hearing announced and its experts drawn."""
    m.propose()
    m.start()
    m.draft()
    m.exempt()
    m.draw_experts(1)
    row = m.ask_the_public()
    asked = m.at
    m.wait(1)
    hearing = m.announce_hearing(timezone.localdate() + timedelta(days=20), seats=4)
    for n, (side, name) in enumerate(((m.idea.hearing[0], "居民甲"), (m.idea.hearing[0], "居民乙"), (m.idea.hearing[1], "摊主甲"))):
        told = m.at + timedelta(days=1, hours=n)
        hearings.apply(hearing.league, hearing.id, side=side, name=name, phone=f"1350000{n:04d}", simulated=told)
    for n, (clause, text, name) in enumerate(TALKED):
        moment = asked + timedelta(days=n + 1)
        comment(row.league, row.id, text=text, clause=clause, name=name, is_organisation="协会" in name, simulated=moment)
    demo_participation.say(row.league, row.id, asked + timedelta(days=4))
    demo_participation.questionnaire(m.code, m.idea.title, by=m.actors["discloser"], at=asked)
    m.standing = "征求意见中"


def _listed(m: Matter) -> None:
    """In the published catalogue, and not begun yet."""
    m.propose()
    m.enter()
    m.standing = "已列入目录"


def _rejected(m: Matter) -> None:
    """Studied, and not begun: the reason is told."""
    m.propose()
    m.wait(9)
    m.act("reject", "mayor", reject_reason="现行公园管理规定已有安排，先督促落实，不再单独决策。")
    m.standing = "研究后不启动"


def _drafting(m: Matter) -> None:
    """Drafted; who is to be heard is settled."""
    m.propose()
    m.start()
    m.draft()


def _asking_the_party(m: Matter) -> None:
    """Adopted in the meeting; the party committee has not answered yet, so nothing is decided."""
    _met(m)
    m.refused("decide", "mayor", decided_on=m.today, decision_number="未编")
    m.standing = "集体讨论通过，等待党委批复"


def _reviewing(m: Matter) -> None:
    m.propose()
    m.form()
    m.submit()
    m.accept()


def _proposed(m: Matter) -> None:
    m.propose()


def _removed(m: Matter) -> None:
    """Taken off the list with the same approvals."""
    m.propose()
    m.start()
    m.wait(6)
    agreed = {"removal_party_number": f"党办复〔{m.at.year}〕19号", "removal_party_on": m.today, "removal_published_on": m.today}
    m.act("withdraw_matter", "mayor", removal_reason="自治区已出台统一的补助办法，本区不再单独决策。", **agreed)
    m.standing = "已调出目录"


def _unlawful(m: Matter) -> None:
    """R2: found unlawful, so it does not reach the meeting."""
    m.propose()
    m.form()
    m.submit()
    m.review(legality="unlawful")
    m.refused("prepare_meeting", "officer", meeting_materials=m.package)
    m.standing = "经审查不合法，不得提交讨论"


def _uncontrollable(m: Matter) -> None:
    """R4: the risk cannot be held, so it waits for another draft."""
    m.propose()
    m.form(controllable=False)
    m.refused("submit_review", "officer", review_materials=["draft", "basis", "procedure", "public", "experts", "risk"])
    m.standing = "风险不可控，待调整草案后复评"


def _executing(m: Matter) -> None:
    """Carried out, pressed for its report, being evaluated since many opinions came. R5: a record was found back-dated."""
    _met(m)
    m.decide()
    if "supervisor" in m.actors:
        m.wait(8)
        m.act("supervise", "supervisor", supervised_point="S7", supervised_for="请按计划报送第一次执行情况，并公布替代站点图。")
        m.wait(3)
        m.act("answer_supervision", "officer", supervision_answer="替代站点图已在站牌和网站公布，第一次执行情况随本月报告报送。")
    m.report()
    m.act("trigger_evaluation", "mayor", evaluation_trigger="opinions")
    m.standing = "后评估中"
    if "supervisor" in m.actors:
        m.backdated()


def _unreviewed(m: Matter) -> None:
    """R1: somebody wanted it discussed while the review had not been made."""
    m.propose()
    m.form()
    m.submit()
    m.refused("deliberate", "mayor", **m.meeting())
    m.standing = "未经合法性审查，不得讨论"


def _undiscussed(m: Matter) -> None:
    """R3: somebody wanted it decided before the meeting."""
    m.propose()
    m.form()
    m.submit()
    m.review()
    m.prepare()
    m.refused("decide", "mayor", decided_on=m.today, decision_number="未编")
    m.standing = "未经集体讨论，不得作出决定"


def _postponed(m: Matter) -> None:
    """The meeting sent it back for another draft."""
    _met(m, "revise")
    m.standing = "会议决定修改后再议"


def _suspended(m: Matter) -> None:
    """Carried out, its first report entered late from paper; a problem was reported, the head stopped it for the time being."""
    _met(m)
    m.decide()
    m.report_late()
    m.wait(5)
    m.act("report_problem", "officer", problem_kind="changed", problem_found="两处替代水源管线受施工影响中断，建议暂停关停。")
    m.act("adjust", "mayor", file="中止执行的通知", changed="suspended", changed_reason="替代水源恢复以前暂停关停自备井，保障用水。")
    m.standing = "中止执行"


def _run_again(m: Matter) -> None:
    """第三十七条: carried out, then adjusted in a major way; it runs through the procedure again, and each matter names the other."""
    _met(m)
    m.decide()
    m.report()
    why = "再生水厂投用后供水能力提高，绿带由三十公里延长到五十公里，投资和占地超过原方案一半，属于重大调整。"
    m.act("adjust", "mayor", file="重大调整的决定", changed="major", changed_reason=why)
    longer = replace(m.idea, draft=(m.idea.draft[0].replace("三十公里", "五十公里"), *m.idea.draft[1:]))
    again = Matter.of(longer, m.at + timedelta(days=2), m.actors)
    again.propose(carried_from=m.code)
    m.at = again.at
    m.act("rerun", "officer", rerun_case=again.code)
    again.start()
    again.draft()
    m.standing = f"重大调整，已重新履行程序；新的案卷{again.standing}"


# By government: the matter, how far it goes, how many days ago it was proposed.
STORIES = (
    (
        GOVERNMENT,
        (
            (ideas.WHOLESALE, _closed, 150),
            (ideas.MARKETS, _consulting, 36),
            (ideas.PENS, _reviewing, 84),
            (ideas.WORKSHOPS, _proposed, 4),
            (ideas.COWS, _removed, 40),
            (ideas.WASTE, _unlawful, 90),
            (ideas.RIVER, _uncontrollable, 80),
            (ideas.BUSES, _executing, 130),
        ),
    ),
    (
        NEXT_GOVERNMENT,
        (
            (ideas.PARKING, _unreviewed, 75),
            (ideas.SIGNS, _undiscussed, 95),
            (ideas.LIGHTS, _listed, 12),
            (ideas.PETS, _rejected, 30),
        ),
    ),
    (
        CITY,
        (
            (ideas.FREIGHT, _postponed, 100),
            (ideas.WELLS, _suspended, 140),
            (ideas.CHARGERS, _drafting, 25),
            (ideas.PONDS, _asking_the_party, 90),
            (ideas.GREEN, _run_again, 132),
        ),
    ),
)
