"""What the rules and the checks on a major decision may know: the matter as the steps stated it and the registers say it. Pure.

Sources: 重大行政决策程序暂行条例 (国务院令第713号); the keys are those of the questions in `procedures/major.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from yifa.decisions import catalogue_case
from yifa.decisions.branch_case import BranchFacts
from yifa.decisions.catalogue_case import CatalogueFacts
from yifa.procedures.core import BEIJING
from yifa.procedures.known import Row, is_known, stated, unknown

# Templates that may be found not to apply (decision_templates.yaml: not_applicable approve); 后评估 applies when triggered.
EXEMPTABLE = ("T05", "T07", "T08", "T09", "T10", "T11", "T12", "T13", "T14", "T15", "T16", "T22", "T23")
PACKAGE = {
    "draft": "决策草案及相关材料",
    "competition": "公平竞争审查情况",
    "public": "社会公众意见研究采纳情况",
    "experts": "专家论证意见研究采纳情况",
    "risk": "风险评估报告",
    "legality": "合法性审查意见",
}
SHORTEST = 30  # days of asking the public, without a stated reason (第十五条)
STATUTORY = frozenset({"standing", "plenary"})  # 常务会议, 全体会议 (第三十条)
# The day that an act tells, beside its own: by it terms are measured. Told more than so many days after it, the act is a late entry.
TOLD_DAYS = {"deliberate": "meeting_on", "decide": "decided_on", "publish": "published_on"}
SOON = 15
FIT_FOR_MEETING = frozenset({"lawful", "lawful_after_changes", "exploratory"})


@dataclass(frozen=True)
class Consulted:
    """The rounds of public consultation as the participation floor tells them: the latest round's days, and the opinions of all."""

    opens_on: date
    closes_on: date
    rounds: int
    comments: int
    answered: int
    not_adopted: int
    not_adopted_with_reason: int
    summarised_on: date | None
    shortened_reason: str = ""

    @property
    def days(self) -> int:
        return (self.closes_on - self.opens_on).days

    @property
    def unanswered(self) -> bool:
        return self.answered < self.comments


@dataclass(frozen=True)
class MatterFacts(BranchFacts):
    """A matter (重大行政决策事项). Unstated facts are `unknown`, so that a rule on them waits; rows are as `procedures.fields` reads."""

    at: datetime
    organisation: str = unknown("承办单位")
    organisation_kind: str = unknown("承办单位类型")

    # 事项申报 (第三条、第十条) T01
    title: str = unknown("事项名称")
    category: str = unknown("事项类别")  # policy plan resource project other
    source: str = unknown("建议来源")  # leader department lower deputies public
    problem: str = unknown("拟解决的主要问题")
    grounds: str = unknown("理由和依据")
    first_plan: str = unknown("初步方案")
    necessity: str = unknown("必要性")
    feasibility: str = unknown("可行性")

    # 目录 (第三条) T02, from the register of catalogues
    catalogue_item: str = unknown("目录事项")
    catalogue_year: int = unknown("目录年度")
    party_agreed_on: date = unknown("党委同意日期")
    catalogue_published_on: date = unknown("目录公布日期")
    added_on: date = unknown("临时增列日期")
    added_published_on: date = unknown("增列公布日期")
    catalogue_status: str = unknown("目录中的状态")  # listed added removed
    catalogue_dossier: str = ""  # the other dossier that has taken this line of the catalogue
    is_in_own_list: bool = True  # of the government that decides this matter
    off_catalogue: bool = False
    removal_party_on: date = unknown("同级党委同意调出的日期")
    removal_published_on: date = unknown("调出公布日期")

    # 启动 (第十条、第十一条) T03
    start_form: str = unknown("启动决定形式")  # instruction meeting
    undertakers: tuple[Row, ...] = unknown("承办单位名单")  # name
    lead: str = ""
    responsible: str = unknown("责任人")
    timetable: str = unknown("计划时间表")

    # 草案 (第十二条) T04
    research: tuple[Row, ...] = unknown("调研情况")  # way on people
    basis: tuple[Row, ...] = unknown("依据")  # law article
    basis_in_force: int = unknown("现行有效的依据数")
    basis_cited: int = unknown("引用的依据数")
    cost_benefit: str = ""
    alternatives: int = unknown("备选方案数")
    disputed: bool = unknown("分歧是否较大")

    # 部门协商 (第十三条) T05
    consulted_units: tuple[Row, ...] = unknown("征求意见的单位")  # unit asked_on replied_on urged opinion dispute settled (text)

    # 公众参与 (第十四条至第十八条) T06 T07 T08 T09 T10 T11
    ways: frozenset[str] = unknown("公众参与方式")  # forum hearing visit written open survey poll
    open_matter: bool = unknown("是否依法可以公开")
    closed_reason: str = ""
    closed_approved: bool = unknown("不公开的审批")
    affected: str = unknown("受影响的人群")
    affected_count: int = unknown("预计影响人数")
    special_groups: tuple[Row, ...] = unknown("特定群体")  # group
    hearing_due: bool = unknown("是否听证")
    technical: bool = unknown("是否专业性、技术性较强")
    risky: bool = unknown("是否可能对社会稳定、公共安全等造成不利影响")
    market: bool = unknown("是否涉及市场主体经济活动")
    party_report_due: bool = unknown("是否属于应当向党委请示报告的事项")
    openness: str = unknown("公开属性")
    secrecy_reviewer: str = unknown("保密审查人")
    secrecy_passed: bool = unknown("保密审查结论")
    consulted: Consulted | None = None
    media: frozenset[str] = unknown("征求意见发布渠道")  # portal gazette newspaper notice wechat
    with_draft: bool = unknown("是否附草案")
    with_explanation: bool = unknown("是否附说明")
    classified: int = unknown("已归类的意见数")
    talks: tuple[Row, ...] = unknown("特定群体沟通")  # group body way on people points handled
    hearing_on: date = unknown("听证日期")
    hearing_method: str = unknown("听证参加人遴选办法")
    hearing_listed_on: date = unknown("听证参加人名单公布日期")
    hearing_people: tuple[Row, ...] = unknown("听证参加人")  # name side
    hearing_sides: tuple[Row, ...] = unknown("受影响的各方")  # side
    hearing_sent_on: date = unknown("听证材料送达日期")
    hearing_parts: frozenset[str] = unknown("听证程序")  # introduced stated debated signed
    hearing_report: str = ""
    hearing_handled: str = ""

    # 专家论证 (第十九条至第二十一条) T12 T13 T14
    recused: tuple[Row, ...] = ()  # name employer: who declared an interest or stood aside in a drawing of this matter
    drawn: tuple[Row, ...] = ()  # whom the register drew and who declared no interest; rows as `experts`
    experts: tuple[Row, ...] = unknown(
        "专家、专业机构"
    )  # name employer field kind(expert/institution) source(register/outside) interest belongs drawn fee
    expert_fields: tuple[Row, ...] = unknown("论证事项的专业领域")  # field
    opinions: tuple[Row, ...] = unknown("专家论证意见")  # name necessity feasibility science conclusion dissent signed
    argued_on: date = unknown("论证日期")
    expert_points: tuple[Row, ...] = unknown("论证意见的处理")  # name point answer(adopted/partly/not_adopted) reason

    # 风险评估 (第二十二条至第二十四条) T15 T16
    assessor: str = unknown("风险评估主体")
    third_party: bool = unknown("是否委托第三方")
    risk_kinds: frozenset[str] = unknown("评估类型")
    risk_methods: frozenset[str] = unknown("调查方法")
    departments_heard: bool = unknown("是否听取有关部门意见")
    existing_assessment: str = unknown("已有的法定评估")  # none linked repeated
    existing_reports: tuple[Row, ...] = ()  # name body on until: the assessments there are
    assessed_on: date = unknown("风险评估报告日期")
    risks: tuple[Row, ...] = unknown("风险点")  # risk probability(1-5) effect(1-5) level(high/middle/low) measure body plan residual
    controllable: str = unknown("风险可控性结论")  # controllable uncontrollable
    reassessed: str = ""  # controllable after the draft was changed

    # 合法性审查 (第二十五条至第二十八条) T17 T18 T19
    review_materials: frozenset[str] = unknown("送审材料")  # draft basis procedure public experts risk
    drafted_on: date = unknown("提交草案日期")
    submitted_on: date = unknown("送审日期")  # days of acts are those of the record, not stated
    review_accepted_on: date = unknown("受理日期")
    reviewed_on: date = unknown("审查完成日期")
    reviewed_parts: frozenset[str] = unknown("审查内容")  # power procedure content
    legality: str = unknown("合法性审查结论")  # lawful lawful_after_changes unlawful exploratory
    review_risks: str = ""
    review_points: tuple[Row, ...] = unknown("审查意见")  # clause point basis advice
    written_opinion: bool = unknown("是否由负责部门出具书面意见")
    lawyers: tuple[Row, ...] = unknown("法律顾问、公职律师意见")  # name kind opinion
    handled_points: tuple[Row, ...] = unknown("审查意见的处理")  # point result(adopted/partly/not_adopted) reason

    # 集体讨论 (第二十九条、第三十条) T20 T21
    meeting_materials: frozenset[str] = unknown("上会材料")  # draft competition public experts risk legality
    meeting: str = unknown("会议类型")  # standing plenary other
    meeting_name: str = unknown("会议名称")
    meeting_on: date = unknown("会议日期")
    entitled: int = unknown("应到人数")
    present: int = unknown("实到人数")
    speeches: tuple[Row, ...] = unknown("组成人员发言")  # name post place opinion(for/against/reserve) said head
    outcome: str = unknown("讨论结果")  # adopted postponed revise rejected
    departs: bool = unknown("决定与多数人意见是否不一致")
    departs_reason: str = ""
    recorder: str = unknown("记录人")

    # 请示报告、公布 (第三十一条、第三十二条) T22 T23
    party_asked_on: date = unknown("请示日期")
    party_answered_on: date = unknown("批复日期")
    party_number: str = unknown("批复文号")
    decided_on: date = unknown("作出决定日期")
    decision_number: str = unknown("决定文号")
    published_on: date = unknown("公布日期")
    published_in: frozenset[str] = unknown("公布渠道")  # gazette portal newspaper
    interpretation: str = ""
    interpreted_on: date = unknown("解读日期")
    tells_adoption: bool = unknown("是否说明意见采纳情况")

    # 执行、评估、归档 (第三十三条至第三十七条) T24 T25 T26
    executors: tuple[Row, ...] = unknown("执行单位和任务")  # body task due_on
    reports: tuple[Row, ...] = unknown("执行报告")  # body due_on reported_on content
    reports_due: int = unknown("应提交的执行报告数")  # told by `reports`
    reports_in_time: int = unknown("按期提交的执行报告数")
    reports_lacking: tuple[str, ...] = ()  # body and day of those that were not handed in by then
    changed: str = "none"  # none minor major suspended
    changed_before: str = "none"  # what was decided last before this act, since the matter ran again
    major_is_pending: bool = False  # a major adjustment was decided before, and neither ran again nor was given up
    rerun_case: str = ""  # a major adjustment runs through the procedure again, as a matter of its own
    rerun_carries: bool = False  # that matter was proposed from this one
    continued_by: str = ""  # the newest matter that was proposed from this one, whether registered here or not
    carried_from: str = ""  # the matter of whose major adjustment this one is
    carried_ready: bool = False
    carried_item: str = ""
    carried_basis: tuple[Row, ...] = ()
    evaluation_trigger: str = unknown("后评估的启动原因")  # none effect opinions organ
    evaluator: str = unknown("后评估主体")
    evaluator_was_assessor: bool = unknown("后评估主体是否承担过决策前主要论证评估")
    evaluation_public: str = ""
    evaluation_conclusion: str = ""
    evaluation_used: str = ""
    archived: frozenset[str] = unknown("已归档的必备件")
    archived_on: date = unknown("归档日期")

    # 不适用 (proposed by the undertaking body, confirmed by 司法行政部门)
    exemptions: tuple[Row, ...] = ()  # template ground reason
    exempted: frozenset[str] = frozenset()
    evidence: int = 0
    pages_held: int = 0  # of the documents and the evidence, as the catalogue of the file counts them

    def is_exempted(self, *templates: str) -> bool:
        return set(templates) <= self.exempted

    @property
    def is_listed(self) -> bool:
        """In a list, or added to one, that was published and has not been left; undecided until a line of it is named."""
        published = is_known(self.catalogue_published_on) or is_known(self.added_published_on)
        return bool(self.catalogue_item) and published and is_known(self.party_agreed_on) and self.catalogue_status != "removed"

    @property
    def is_stopped_by_risk(self) -> bool:
        """Uncontrollable, and not found controllable after the draft was changed (第二十四条)."""
        return self.controllable == "uncontrollable" and self.reassessed != "controllable"

    @property
    def evaluator_assessed_before(self) -> bool:
        """The body that evaluates was commissioned with the assessment, or argued as an institution, before the decision (第三十六条)."""
        assessors = {self.assessor} if is_known(self.third_party) and self.third_party else set()
        if is_known(self.experts):
            assessors |= {row["name"] for row in self.experts if row.get("kind") == "institution"}
        return self.evaluator in assessors

    @property
    def hearing_was_sent_in_time(self) -> bool:
        """Seven days before the hearing (第十六条第三款)."""
        return (self.hearing_on - self.hearing_sent_on).days >= 7

    @property
    def hearing_is_complete(self) -> bool:
        """Introduced, stated, debated, signed (第十七条)."""
        return self.hearing_parts >= {"introduced", "stated", "debated", "signed"}

    @property
    def speaking(self) -> int:
        return len(self.speeches)

    @property
    def points(self) -> int:
        return len(self.review_points)

    @property
    def handled(self) -> int:
        """How many of the review's points are handled, each by its own words."""
        told = {str(row.get("point") or "").strip() for row in self.handled_points}
        return sum(str(row.get("point") or "").strip() in told for row in self.review_points)

    @property
    def agreed(self) -> int:
        return sum(row.get("opinion") == "for" for row in self.speeches)

    @property
    def not_agreed(self) -> int:
        return len(self.speeches) - self.agreed

    @property
    def departs_from_most(self) -> bool:
        """Said to depart from what most members said, or shown to by what each of them said (第三十条第二款)."""
        adopted_against = self.outcome == "adopted" and self.not_agreed > self.agreed
        return self.departs or adopted_against or (self.outcome == "rejected" and self.agreed > self.not_agreed)

    @property
    def owed_to_meeting(self) -> tuple[str, ...]:
        """What the package must hold: always the draft and the opinion, and what each branch that applied brought (第二十九条)."""
        branches = (
            ("competition", self.market),
            ("public", self.open_matter and not self.is_exempted("T11")),
            ("experts", not self.is_exempted("T14")),
            ("risk", not self.is_exempted("T15")),
        )
        return ("draft", *(key for key, owed in branches if owed), "legality")

    @property
    def lacks_for_meeting(self) -> tuple[str, ...]:
        return tuple(key for key in self.owed_to_meeting if key not in self.meeting_materials)

    @property
    def lacking(self) -> str:
        return "、".join(PACKAGE[key] for key in self.lacks_for_meeting)

    @property
    def contradicting(self) -> tuple[str, ...]:
        """Templates said not to apply although the plan says that their ground is there."""
        said = {row["template"] for row in self.exemptions}
        grounds = (
            ({"T08"}, bool(self.special_groups), "涉及特定群体"),
            ({"T09", "T10"}, self.hearing_due, "应当听证"),
            ({"T12", "T13", "T14"}, self.technical, "专业性、技术性较强"),
            ({"T15", "T16"}, self.risky, "可能造成不利影响"),
            ({"T15", "T16"}, is_known(self.controllable), "已经评估风险"),
            ({"T22"}, self.party_report_due, "属于请示报告事项"),
            ({"T07", "T11"}, self.open_matter and "open" in self.ways, "已确定向社会公开征求意见"),
            ({"T09", "T10"}, self.open_matter and "hearing" in self.ways, "已确定举行听证会"),
            ({"T23"}, self.open_matter, "依法可以公开的决策应当公布"),
        )
        return tuple(f"{ground}（{'、'.join(sorted(said & keys))}）" for keys, there, ground in grounds if there and said & keys)

    @property
    def contradicted(self) -> str:
        return "；".join(self.contradicting)


@dataclass(frozen=True)
class DecisionFacts(CatalogueFacts, MatterFacts):
    """The case of this context, whichever of its procedures it runs under."""


def told_late(case: MatterFacts, step: str, on: date | None = None) -> bool:
    """Whether the day told by this step lies long before its act (`on`; today's, if it is being judged). Raises Undecided: not told."""
    told: date = getattr(case, TOLD_DAYS[step])
    return ((on or case.on) - told).days > SOON


# Days that the record itself tells: fact and step.
DAYS_OF_ACTS = (
    ("drafted_on", "draft"),
    ("submitted_on", "submit_review"),
    ("review_accepted_on", "accept_review"),
    ("reviewed_on", "review"),
    ("archived_on", "archive"),
)


def owed_reports(executors: Iterable[Row], reports: Iterable[Row], on: date) -> dict[tuple[str, str], bool]:
    """The execution reports owed by a day, by body and the day each is due, and whether it was handed in by then (第三十四条).

    The plan promises one of each body by the day on which its task is to be done; a report told besides it is owed like it. One whose
    day is not over is not owed yet, unless it is there. Told twice, the later telling stands.
    """
    handed: dict[tuple[str, str], str] = {}
    for row in (*executors, *reports):
        if (body := str(row.get("body") or "").strip()) and (due := row.get("due_on")):
            handed[body, due] = str(row.get("reported_on") or "")
    today = on.isoformat()
    return {key: "" < told <= key[1] for key, told in handed.items() if key[1] < today or "" < told <= today}


def _reporting(known: Mapping[str, Any], on: date) -> dict[str, Any]:
    """The counts of T24.2. Where a matter tells the counts and not the reports, the plan still says how many there are at least."""
    if "executors" not in known and "reports" not in known:
        return {}
    found = owed_reports(known.get("executors", ()), known.get("reports", ()), on)
    if "reports" not in known and "reports_in_time" in known:
        return {"reports_due": max(len(found), known.get("reports_due", 0))}
    lacking = tuple(f"{body}应于{due}报告" for (body, due), in_time in sorted(found.items()) if not in_time)
    return {"reports_due": len(found), "reports_in_time": sum(found.values()), "reports_lacking": lacking}


def read(facts: Mapping[str, Any], register: Mapping[str, Any], at: datetime) -> DecisionFacts:
    """`facts` as merged from the steps (JSON), `register` as the registers answered: the case the rules see."""
    told = {**facts, **(register.get("catalogue") or {}), **(register.get("basis") or {}), **(register.get("hearing") or {})}
    told |= {key: value for key in ("rerun", "carried") for key, value in (register.get(key) or {}).items()}
    known = stated(DecisionFacts, told) | catalogue_case.known(register)
    if body := register.get("organisation"):
        known |= {"organisation": body["name"], "organisation_kind": body["kind"]}
    known["drawn"], known["recused"] = tuple(register.get("drawn") or ()), tuple(register.get("recused") or ())
    line, government = register.get("catalogue") or {}, (register.get("offices") or {}).get("government")
    if line.get("government") and government:
        known["is_in_own_list"] = line["government"] == government["code"]
    changes = list(register.get("changes") or ())
    known["changed_before"] = changes[-1] if changes else "none"
    known["major_is_pending"] = "major" in changes and "none" not in changes[changes.index("major") :]
    if asked := register.get("consultation"):
        known["consulted"] = Consulted(
            opens_on=date.fromisoformat(asked["opens_on"]),
            closes_on=date.fromisoformat(asked["closes_on"]),
            rounds=asked["rounds"],
            comments=asked["comments"],
            answered=asked["answered"],
            not_adopted=asked["not_adopted"],
            not_adopted_with_reason=asked["not_adopted_with_reason"],
            summarised_on=date.fromisoformat(asked["summarised_on"]) if asked["summarised_on"] else None,
            shortened_reason=asked["shortened_reason"],
        )
    acts = register.get("acts") or {}
    known |= {key: date.fromisoformat(acts[step]) for key, step in DAYS_OF_ACTS if step in acts}
    known |= _reporting(known, at.astimezone(BEIJING).date())
    if "evidence_count" in facts:
        known["evidence"] = int(facts["evidence_count"])
    known["pages_held"] = int(register.get("pages") or 0)
    return DecisionFacts(at=at, **known)
