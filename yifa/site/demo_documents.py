"""The demonstration's normative documents: one district's government makes them, its justice bureau reviews, the public speaks.

Each stands at another point of its way, so that every page has something to show. All persons and all opinions are invented.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django.utils import timezone

from yifa.dossiers.images import WORD
from yifa.dossiers.services import keep_evidence
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.queries import Region, actors_of, body_of, region_of
from yifa.kernel.people.services import act_on_organisation, add_organisation, posts
from yifa.kernel.word.writing import written
from yifa.normative.cases.filing import ITEMS
from yifa.normative.registering import code_of
from yifa.participation import queries as opinions
from yifa.participation.clearing import Cleared
from yifa.participation.services import Draft, comment, open_consultation, reply, summarise
from yifa.procedures.reading import Ref
from yifa.procedures.take import simulated, start, take
from yifa.site.demo_names import named

BEIJING = ZoneInfo("Asia/Shanghai")
DISTRICT = "150203"
GOVERNMENT, JUSTICE, CITY, ABOVE = f"{DISTRICT}0001", f"{DISTRICT}0009", f"{DISTRICT[:4]}000001", f"{DISTRICT[:4]}000009"
LEVELS = ("reviewer", "section_chief", "deputy_director", "director")
PEOPLE = (
    (GOVERNMENT, "demo-drafter", "区政府办公室 起草人员", ["officer"]),
    (GOVERNMENT, "demo-mayor", "区政府 负责人", ["head"]),
    (GOVERNMENT, "demo-reviewer", "区政府办公室 法制审核", ["reviewer"]),
    (GOVERNMENT, "demo-clerk", "区政府办公室 公示", ["discloser"]),
    (JUSTICE, "demo-justice", "区司法局 合法性审核", ["reviewer", "officer", "head"]),
    (CITY, "demo-lawmaking", "市政府办公室 立法工作人员", ["officer", "discloser"]),
    (CITY, "demo-city", "市政府 负责人", ["head", "reviewer"]),
    (ABOVE, "demo-filing", "市司法局 备案审查承办人", ["reviewer"]),
    (ABOVE, "demo-chief", "市司法局 备案审查处长", ["section_chief"]),
    (ABOVE, "demo-deputy", "市司法局 分管副局长", ["deputy_director"]),
    (ABOVE, "demo-director", "市司法局 局长", ["director"]),
)
MATERIALS = ["report", "text", "explanation", "basis", "legality", "opinions", "minutes"]
MARKS = ["qualified", "external", "rights", "unspecified", "repeated"]
DOGS = (
    "第一条　为了规范养犬行为，保障公民健康和人身安全，根据《中华人民共和国动物防疫法》等法律、法规，结合本区实际，制定本办法。",
    "第二条　本区行政区域内犬只的饲养、管理，适用本办法。",
    "第三条　单位和个人饲养犬只，应当按照《中华人民共和国动物防疫法》第三十条的规定定期免疫接种狂犬病疫苗，凭免疫证明办理养犬登记。",
    "第四条　携带犬只出户的，应当按照规定佩戴犬牌并采取系犬绳等措施，防止犬只伤人、疫病传播。",
    "第五条　养犬人应当即时清理犬只在公共场所排泄的粪便。",
    "第六条　违反动物防疫法律、法规的，由有关部门依法处理。",
    "第七条　本办法自公布之日起施行，有效期二年。",
)
FUMES = (
    "第一条　为了防治餐饮业油烟污染，改善大气环境质量，根据《中华人民共和国大气污染防治法》等法律、法规，结合本区实际，制定本规定。",
    "第二条　本区行政区域内餐饮服务项目的油烟污染防治，适用本规定。",
    "第三条　排放油烟的餐饮服务业经营者应当安装油烟净化设施并保持正常使用，或者采取其他油烟净化措施，使油烟达标排放。",
    "第四条　禁止在居民住宅楼、未配套设立专用烟道的商住综合楼新建、改建、扩建产生油烟、异味、废气的餐饮服务项目。",
    "第五条　油烟净化设施应当定期清洗维护，并保存记录。",
    "第六条　本规定有效期五年。",
)
PARKING = (
    "第一条　为了规范公共停车场收费行为，维护停车人的合法权益，根据《中华人民共和国价格法》等法律、法规，结合本区实际，制定本办法。",
    "第二条　公共停车场应当在显著位置公示收费标准、计费方式和监督电话。",
    "第三条　临时停车不满三十分钟的，不收取停车费。",
    "第四条　本办法自公布之日起施行，有效期五年。",
)
TREES = (
    "第一条　为了加强城市绿化的规划、建设、保护和管理，改善人居环境，根据有关法律、行政法规，结合本市实际，制定本条例。",
    "第二条　本市城市规划区内的绿化及其监督管理活动，适用本条例。",
    "第三条　城市绿化应当因地制宜、节约用水，优先选用适应本地气候的植物。",
    "第四条　城市绿地系统规划确定的绿线应当向社会公布，不得擅自调整。",
    "第五条　居住区绿地的养护责任人由建设单位与业主约定，没有约定的，由业主负责。",
    "第六条　本条例自公布之日起施行。",
)
SAID = (
    ("第四条", "建议明确犬绳的长度，现在有人拿五米的绳子，等于没拴。", "adopted", "已在第四条增加“犬绳长度不超过一点五米”的要求。"),
    ("第五条", "小区里垃圾桶太少，清理了也没有地方扔。", "partly", "文件不规定设施建设；已转城市管理部门增设，并在实施方案中落实。"),
    ("", "应当禁止养大型犬。", "not_adopted", "本文件不设定禁止性规定，禁养品种由地方性法规规定。"),
    ("第三条", "希望登记可以网上办，少跑一趟。", "adopted", "已增加网上办理的规定。"),
    ("", "流浪犬谁来管，没有写清楚。", "partly", "按现行职责分工由公安、城管、农牧部门负责，已在说明中写明。"),
)
SPOKEN = (
    ("第五条", "老旧小区没有物业，养护责任落不到人，请写明由谁兜底。", "adopted", "已在第五条增加社区组织协助的规定。"),
    ("第四条", "绿线图希望能在网上查。", "adopted", "已写明绿线向社会公布的方式。"),
)
ASKED = (
    ("第三条", "小店装不起大的净化器，能不能按灶头数分档？", "李记面馆"),
    ("第四条", "支持。楼下饭馆的油烟直接进卧室。", ""),
    ("第五条", "清洗记录保存多久，请写明确。", "昆都仑区餐饮协会"),
    ("", "建议给现有商户一年的过渡期。", "昆都仑区餐饮协会"),
)


def people(root: Actor, since: date) -> list[tuple[str, str]]:
    """The government, its justice bureau and the 盟市's; the accounts to look around with, as (login, title)."""
    district, city = region_of(DISTRICT), region_of(f"{DISTRICT[:4]}00")
    seat(root, GOVERNMENT, f"{district.name}人民政府", "包昆政", district, "GOVERNMENT", "", since)
    seat(root, JUSTICE, f"{district.name}司法局", "包昆司", district, "ORGAN", "司法行政", since)
    seat(root, CITY, f"{city.name}人民政府", "包政", city, "GOVERNMENT", "", since)
    seat(root, ABOVE, f"{city.name}司法局", "包司", city, "ORGAN", "司法行政", since)
    for body, login, _, roles in PEOPLE:
        person = posts.add_person(by=root, login=login, name=named(login), today=timezone.localdate())
        posts.add_post(by=root, person=person, organisation=body, roles_=roles, since=since)
    place = dict.fromkeys((CITY, ABOVE), city.name.removesuffix("市"))
    return [(login, f"{place.get(body, district.name.removesuffix('区'))}{title}") for body, login, title, _ in PEOPLE]


def seat(root: Actor, code: str, name: str, short: str, region: Region, kind: str, sector: str, since: date) -> None:
    """One body of a place, announced, where it is not there yet."""
    if body_of(code) is not None:
        return
    add_organisation(
        by=root,
        code=code,
        name=name,
        short_name=short,
        kind=kind,
        level=region.level,
        region=region,
        basis="三定规定",
        address=f"{region.name}友谊大街1号",
        phone=f"0472-{code[-4:]}001",
        sector=sector,
        # Who supervises a place sees what happens there, whether or not it was asked.
        territory=[region.code] if sector == "司法行政" else (),
    )
    for act in ("submit", "check", "confirm", "announce"):
        act_on_organisation(by=root, code=code, act=act, on=since)


CLEARED = Cleared("public", named("保密审查人"), secrecy_passed=True)


@dataclass
class Making:
    """One document on its way; `at` is the demonstration's clock."""

    title: str
    text: Sequence[str]
    at: datetime
    actors: dict[str, Actor]
    ref: Ref | None = None

    def open(self, **facts: Any) -> None:
        self.begin("normative_making", title=self.title, purpose="规范管理，方便群众。", basis=self.text[0], **facts)

    def begin(self, procedure: str, *, role: str = "officer", file: str = "", **facts: Any) -> None:
        files = [self._file(self.actors[role], file)] if file else []
        with simulated(self.at):
            self.ref = start(procedure, by=self.actors[role], at=self.at, facts=facts, files=files, key=uuid4()).ref

    @property
    def explanation(self) -> str:
        """What is put before the public beside the draft."""
        return "起草过程中听取了有关部门、街道和群众代表的意见。"

    def act(self, step: str, role: str, *, file: str = "", **facts: Any) -> int:
        """The place of its entry in the record."""
        assert self.ref is not None  # noqa: S101 - every story begins with `open`
        self.at += timedelta(hours=2)
        files = [self._file(self.actors[role], file)] if file else []
        with simulated(self.at):
            return take(self.ref, step, by=self.actors[role], at=self.at, facts=facts, files=files, key=uuid4(), seen_seq=None).seq

    def wait(self, days: int) -> None:
        """Until so many days later, early in the morning."""
        self.at = (self.at + timedelta(days=days)).replace(hour=8)

    def _file(self, by: Actor, name: str) -> UUID:
        content = written([self.title, *self.text])
        return keep_evidence(by=by, title=f"{name}.docx", kind="document", mime=WORD, content=content, at=self.at)

    def reword(self, old: str, new: str) -> None:
        """The next file is another round of the draft."""
        assert any(old in line for line in self.text)  # noqa: S101 - a round without a change shows nothing
        self.text = [line.replace(old, new) for line in self.text]

    def drafted(self, **facts: Any) -> None:
        self.act("identify", "reviewer", marks=MARKS, excluded="none")
        stated = {"explanation": self.explanation, "creates": ["none"], "self_checked": True, **facts}
        self.act("draft", "officer", file="草案和起草说明", **stated)

    def consult(self, days: int, why: str = "", **stated: Any) -> Any:
        """Before the public for so many days, `why` fewer than thirty; `stated` is what the step asks."""
        row = self.put(days, why)
        self.act("consult", "discloser", **stated)
        return row

    def put(self, days: int, why: str = "") -> Any:
        """The draft as it reads now, before the public: the first round, or another one whose time begins anew."""
        assert self.ref is not None  # noqa: S101 - as above
        draft = Draft(
            dossier=self.ref.code,
            title=f"{self.title}（征求意见稿）",
            explanation=self.explanation,
            text="\n".join(self.text),
            opens_on=self.at.date(),
            closes_on=self.at.date() + timedelta(days=days),
            cleared=CLEARED,
            shortened_reason=why,
            contact=f"{self.actors['discloser'].organisation_name}办公室，电话 0472-0001001",
        )
        return open_consultation(draft, by=self.actors["discloser"], simulated=self.at)

    def answer(self, row: Any, said: Sequence[tuple[str, str, str, str]], summary: str, *, days: int = 30) -> None:
        """What the public said, each answered after the time, so many days, was over; then the summary."""
        chance = random.Random(self.title)  # noqa: S311 - a demonstration, repeatable on purpose
        for n, (clause, text, outcome, reason) in enumerate(said):
            moment = self.at + timedelta(days=3 * n + 1)
            opinion = comment(row.league, row.id, text=text, clause=clause, name="居民" if n % 2 else "", simulated=moment)
            answered = self.at + timedelta(days=days + 1, hours=chance.randint(1, 5))
            reply(row.league, [opinion.id], by=self.actors["officer"], outcome=outcome, reason=reason, simulated=answered)
        self.wait(days + 2)
        summarise(row.league, row.id, by=self.actors["discloser"], text=summary, simulated=self.at)


def tell() -> Iterator[str]:
    """The documents, one after another; yields each title. Does nothing where the people are not there."""
    known = {role: each for code in (GOVERNMENT,) for each in actors_of(code) for role in each.roles}
    justice = next(iter(actors_of(JUSTICE)), None)
    if justice is None or not {"officer", "head", "reviewer", "discloser"} <= known.keys():
        return
    above = {f"above {role}": each for each in actors_of(ABOVE) for role in each.roles}
    actors = {**known, **above, "justice": justice}
    noon = datetime.combine(timezone.localdate(), datetime.min.time(), BEIJING) + timedelta(hours=8)
    for story in (_published, _consulted, _submitted, _not_normative):
        yield story(actors, noon)
    yield _regulation({role: each for each in actors_of(CITY) for role in each.roles} | {"justice": above["above reviewer"]}, noon)


def _published(actors: dict[str, Actor], noon: datetime) -> str:
    """From the proposal to the filing, with opinions answered one by one."""
    made = Making("昆都仑区城市养犬管理办法（试行）", DOGS, noon - timedelta(days=82), actors)
    made.open(business=False, market=False)
    made.drafted(validity_years=2, consult_needed=True)
    row = made.consult(30)
    made.answer(row, SAID, f"共收到意见{len(SAID)}条，采纳2条，部分采纳2条，未采纳1条，理由已逐条说明。")
    made.act("feed_back", "officer", changes="第三条、第四条作了修改。")
    made.reword("凭免疫证明办理养犬登记", "凭免疫证明到住所地公安派出所办理养犬登记")
    made.reword("采取系犬绳等措施", "使用长度不超过一点五米的犬绳牵引")
    made.act("internal_review", "reviewer", internal_opinion="lawful")
    made.act("submit", "officer", file="送审稿")
    made.wait(6)
    made.act("legality", "justice", legality_opinion="lawful_after_changes", points="第四条“犬绳长度”的要求应当与自治区有关规定一致。")
    made.act("handle", "officer", handled="已按意见修改第四条。")
    made.wait(4)
    made.act(
        "deliberate",
        "head",
        file="常务会议纪要",
        meeting="standing",
        meeting_on=made.at.date().isoformat(),
        entitled=9,
        present=8,
        adopted=True,
    )
    number = f"包昆政发〔{made.at.year}〕{made.at.month}号"
    made.act("sign", "head", signer="区政府负责人", doc_number=number, effective_on=(made.at + timedelta(days=15)).date().isoformat())
    made.act("unify", "justice")
    made.wait(2)
    shown = {"openness": "public", "secrecy_reviewer": CLEARED.secrecy_reviewer, "secrecy_passed": True, "medium": ["portal", "gazette"]}
    made.act("publish", "discloser", file="正式文本", published_on=made.at.date().isoformat(), **shown)
    made.wait(5)
    made.act("report", "officer", materials=MATERIALS)
    made.wait(3)
    _reviewed(made)
    return made.title


def _reviewed(made: Making) -> None:
    """Filed and through all four levels; one of them finds a flaw of wording."""
    filed = Making(made.title, made.text, made.at, {role: made.actors[f"above {role}"] for role in LEVELS})
    filed.begin("normative_filing", role="reviewer", document=code_of(made.ref.code) if made.ref else "", materials=MATERIALS)
    filed.act("register", "reviewer")
    for level, role in enumerate(LEVELS, start=1):
        filed.wait(2)
        answers = {f"{key}_{level}": "minor" if key == "wording" else "sound" for key, _, _ in ITEMS}
        stated: dict[str, Any] = {
            f"found_{level}": ["none"],
            f"proposal_{level}": "B",
            f"wording_{level}_why": "第三条“按照规定”应当写明所依据的条款。",
        }
        filed.act(f"review_{level}", role, **answers, **stated, **{f"opinion_{level}": "合法适当，文字有瑕疵，提醒注意。"})
    filed.act("conclude", "reviewer", conclusion="B", opinion="准予备案。第三条引用上位法应当写明条款，请在修改时一并完善。")


def _consulted(actors: dict[str, Actor], noon: datetime) -> str:
    """Before the public now: whoever opens the portal may speak."""
    made = Making("昆都仑区餐饮业油烟污染防治管理规定", FUMES, noon - timedelta(days=14), actors)
    made.open(business=True, market=True)
    made.drafted(validity_years=5, consult_needed=True)
    made.wait(4)
    row = made.consult(30)
    for n, (clause, text, name) in enumerate(ASKED):
        moment = made.at + timedelta(days=2 * n + 1)
        comment(row.league, row.id, text=text, clause=clause, name=name, is_organisation="协会" in name, simulated=moment)
    assert opinions.tally(row).total == len(ASKED)  # noqa: S101 - a demonstration that lost an opinion must not go on
    return made.title


def _submitted(actors: dict[str, Actor], noon: datetime) -> str:
    """On the desk of the justice bureau, with its clock running."""
    made = Making("昆都仑区公共停车场收费管理办法", PARKING, noon - timedelta(days=20), actors)
    made.open(business=False, market=False)
    made.drafted(validity_years=5, consult_needed=False, consult_exempt_reason="仅细化收费公示要求，已听取价格听证会意见。")
    made.wait(12)
    points = "第二条应当写明接受社会监督的渠道。"
    made.act("internal_review", "reviewer", internal_opinion="changes", internal_points=points)
    made.reword("计费方式和监督电话。", "计费方式和监督电话，接受社会监督。")
    made.act("internal_review", "reviewer", internal_opinion="lawful")
    made.act("submit", "officer", file="送审稿")
    return made.title


def _not_normative(actors: dict[str, Actor], noon: datetime) -> str:
    """What is no normative document leaves the procedure, with the reason."""
    made = Making("关于印发城市精细化管理工作方案的通知", ("为做好今年城市精细化管理工作，制定本方案。",), noon - timedelta(days=6), actors)
    made.open(business=False, market=False)
    made.act("not_normative", "reviewer", not_normative_reason="属于工作方案，不涉及公民、法人和其他组织的权利义务。")
    return made.title


def _regulation(actors: dict[str, Actor], noon: datetime) -> str:
    """A draft 地方性法规 of the city: heard by the public, examined, adopted by the meeting, now before the congress."""
    made = Making("包头市城市绿化条例", TREES, noon - timedelta(days=96), actors)
    said = {
        "purpose": "规范城市绿化，改善人居环境。",
        "problems": "养护责任不清，绿线管理缺位。",
        "institutions": "绿线公布制度、养护责任制度。",
    }
    made.begin("regulation_drafting", title=made.title, subject_matter="urban", **said)
    planned: dict[str, Any] = {"assessment": "必要、可行，条件成熟。", "plan_year": noon.year, "drafting_unit": "市园林绿化主管部门"}
    made.act("plan", "justice", **planned, finish_on=noon.date().isoformat(), congress_plan="deliberate")
    own: dict[str, Any] = {"sets_matters": ["none"], "reserved": False, "repeats_higher": False, "interests": False, "market": False}
    made.act("draft", "officer", file="草案和起草说明", explanation="经调研、座谈形成草案。", confidential=False, **own)
    made.answer(made.consult(31), SPOKEN, f"共收到意见{len(SPOKEN)}条，全部采纳。")
    made.act("feed_back", "officer", changes="第四条、第五条作了修改。")
    made.wait(2)
    made.reword("应当向社会公布", "应当在政府网站向社会公布")
    made.reword("由业主负责。", "由业主负责，社区组织协助。")
    made.act("internal_review", "reviewer", internal_opinion="lawful")
    made.act("submit", "head", file="送审稿", submitted_by="市园林绿化主管部门主要负责人")
    made.wait(12)
    asked = {"asked_organs": "市发展和改革、财政、自然资源、住房和城乡建设等十二个部门，五名专家。", "coordination": "无"}
    made.act("solicit", "justice", **asked, organs_said="没有原则性不同意见，文字建议已采纳。")
    made.act("examine", "justice", examined="passed", examination="合法，与自治区有关规定协调，符合立法技术要求。")
    made.wait(3)
    told = {"necessity": "现行管理依据层级低，立法条件成熟。", "contents": "绿线公布、养护责任、节水绿化。"}
    made.act("finish", "justice", file="草案和参阅资料", **told, constitutionality="不涉及。", disagreements="无。")
    made.wait(9)
    met: dict[str, Any] = {"government_meeting": "standing", "passed_on": made.at.date().isoformat(), "passed": True}
    made.act("deliberate", "head", file="常务会议纪要", **met)
    made.wait(2)
    made.act("bill", "head", file="草案和说明", receiver="committee", signer="市长")
    made.wait(20)
    heard = {"congress_session": "市人大常委会会议（第一次审议）", "congress_on": made.at.date().isoformat()}
    made.act("congress", "officer", **heard, congress_result="continued", congress_note="建议补充节水绿化的保障措施。")
    return made.title
