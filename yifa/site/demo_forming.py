"""One major decision of the demonstration until its draft goes to the review of legality; each method is a stretch of its way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any, Self
from uuid import UUID, uuid4

from yifa.decisions import choosing, expert_queries, experts, hearing_queries, hearings, minutes
from yifa.dossiers.images import WORD
from yifa.dossiers.services import keep_evidence
from yifa.kernel.calendar.queries import calendar
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.queries import body_of
from yifa.kernel.word.writing import written
from yifa.participation.services import comment, reply
from yifa.procedures.core import Refused
from yifa.procedures.take import simulated, take
from yifa.site import demo_participation
from yifa.site.demo_documents import CLEARED, Making
from yifa.site.demo_ideas import WORKSHOPS, Idea
from yifa.site.demo_names import SEED, named, person_name

EXEMPTIONS = (
    (("T08",), "groups", "not_concerned", "不涉及特定群体的切身利益"),
    (("T09", "T10"), "hearing", "no_hearing", "不直接涉及切身利益，也不存在较大分歧"),
    (("T12", "T13", "T14"), "fields", "not_technical", "专业性、技术性不强"),
    (("T15", "T16"), "risk", "no_risk", "不会对社会稳定、公共安全等造成不利影响"),
    (("T22",), "party", "not_reportable", "不属于应当请示报告的事项"),
)
DECISION = "决定文本"


def day_of(moment: datetime) -> str:
    return f"{moment.year}年{moment.month}月{moment.day}日"


@dataclass
class Forming(Making):
    """A matter, told stretch by stretch; `standing` says in words where it has come to."""

    idea: Idea = WORKSHOPS
    standing: str = "已提出建议"
    spoken: int = 0  # opinions that the public gave

    @classmethod
    def of(cls, idea: Idea, at: datetime, actors: dict[str, Actor]) -> Self:
        return cls(idea.title, idea.draft, at, actors, idea=idea)

    @property
    def today(self) -> str:
        return self.at.date().isoformat()

    @property
    def undertaker(self) -> str:
        return self.actors["officer"].organisation_name

    @property
    def government(self) -> str:
        return self.actors["mayor"].organisation

    @property
    def short_name(self) -> str:
        body = body_of(self.government)
        assert body is not None  # noqa: S101 - who acts for it was found in it
        return body.short_name

    @property
    def code(self) -> str:
        assert self.ref is not None  # noqa: S101 - every story begins with `propose`
        return self.ref.code

    @property
    def explanation(self) -> str:
        """What is put before the public beside the draft."""
        return f"{self.idea.problem}{self.idea.necessity}主要内容：{self.idea.plan}"

    def wait_workdays(self, n: int) -> None:
        """Until so many working days later, early in the morning."""
        while n:
            self.wait(1)
            n -= calendar().is_workday(self.at.date())

    def colleague(self, place: str) -> str:
        """Who holds a place of the government in every matter: a vice head, the recorder, the lawyer."""
        return named(f"{self.government} {place}")

    def refused(self, step: str, role: str, **facts: Any) -> None:
        """The law says no; the attempt stands in the record of refusals."""
        assert self.ref is not None  # noqa: S101 - as above
        self.at += timedelta(hours=1)
        with simulated(self.at):
            try:
                take(self.ref, step, by=self.actors[role], at=self.at, facts=facts, key=uuid4(), seen_seq=None)
            except Refused:
                return
        raise AssertionError(f"{self.title}: {step} should have been refused")

    def _file(self, by: Actor, name: str) -> UUID:
        """Each paper is a paper of its own; the drafts of a text, which are compared, are `Making`'s. The decision is the text alone."""
        head = [self.title] if name == DECISION else [f"{self.title}：{name}", f"{self.undertaker}，{day_of(self.at)}"]
        content = written([*head, *self.text])
        return keep_evidence(by=by, title=f"{name}.docx", kind="document", mime=WORD, content=content, at=self.at)

    def propose(self, carried_from: str = "") -> None:
        """`carried_from`: the matter whose major adjustment runs through the procedure again (第三十七条)."""
        idea = self.idea
        facts = {"title": self.title, "category": idea.category, "source": "department", "problem": idea.problem, "first_plan": idea.plan}
        facts |= {"grounds": "、".join(f"《{each}》" for each in idea.basis), "necessity": idea.necessity, "feasibility": idea.feasibility}
        facts |= {"signer": self.actors["officer"].name} | ({"carried_from": carried_from} if carried_from else {})
        self.begin("major_decision", file="决策建议书", **facts)

    def enter(self) -> None:
        self.wait(3)
        waiting = choosing.waiting(self.government)
        item = next((ident for ident, shown in waiting if shown.startswith(self.title)), None)
        if item is None:
            raise SystemExit(f"“{self.title}”不在还没有启动的目录事项中，演示不能继续；请换一个空的数据目录（YIFA_VAR）重新运行")
        self.act("enter", "office", catalogue_item=item)

    def start(self) -> None:
        self.enter()
        self.wait(3)
        starting = {"start_form": "meeting", "undertakers": [{"name": self.undertaker}], "responsible": self.actors["officer"].name}
        formed, reviewed, met = (self.at + timedelta(days=n) for n in (30, 75, 110))
        timetable = f"{formed.month}月底以前完成草案并向社会公开，{reviewed.month}月送请合法性审查，{met.month}月提请常务会议讨论。"
        self.act("start", "mayor", file="专题会议纪要", **starting, timetable=timetable)
        self.standing = "已启动"

    def draft(self) -> int:
        """The draft, what other departments say (the place of that entry, from which on it may be sent back), who is to be heard."""
        self.wait(8)
        asked = [{"way": way, "on": self.today, "people": people} for way, people in self.idea.surveyed]
        self.act(
            "draft",
            "officer",
            file="决策草案、起草说明和调研报告",
            research=asked,
            basis=[{"law": each} for each in self.idea.basis],
            **({"cost_benefit": self.idea.cost} if self.idea.cost else {}),
            disputed=False,
            alternatives=2,
        )
        place = self.consult_departments(self.idea.units)
        self.plan(self.idea.count)
        return place

    def consult_departments(self, units: Sequence[tuple[str, str]]) -> int:
        self.wait(7)
        sent = (self.at - timedelta(days=6)).date().isoformat()
        rows = [{"unit": unit, "asked_on": sent, "replied_on": self.today, "opinion": opinion, "dispute": False} for unit, opinion in units]
        return self.act("consult_departments", "officer", file="征求意见函和回函", consulted_units=rows)

    def plan(self, affected: int) -> None:
        idea = self.idea
        ways = ["forum", "written"] if idea.closed else ["open", "forum", "survey"]
        planned: dict[str, Any] = {"open_matter": not idea.closed, "closed_reason": idea.closed, "ways": ways, "affected": idea.affected}
        planned |= {"affected_count": affected, "special_groups": [{"group": each} for each in idea.groups]}
        planned |= {"hearing_due": bool(idea.hearing), "hearing_sides": [{"side": each} for each in idea.hearing]}
        planned |= {"technical": bool(idea.fields), "expert_fields": [{"field": each} for each in idea.fields]}
        planned |= {"risky": bool(idea.risk), "market": idea.market, "party_report_due": idea.party}
        self.act("plan_participation", "officer", **{key: value for key, value in planned.items() if value not in ([], "")})
        self.standing = "已确定公众参与方案"

    def exempt(self) -> None:
        """What does not concern this matter is left out, with the justice bureau's confirmation."""
        asked = [
            {"template": template, "ground": ground, "reason": reason}
            for templates, owed, ground, reason in EXEMPTIONS
            if not getattr(self.idea, owed)
            for template in templates
        ]
        if asked:
            self.act("exempt", "officer", file="不适用情况说明", exemptions=asked)
            self.wait(1)
            self.act("confirm_exemptions", "justice", exempted=[each["template"] for each in asked], exempted_note="理由成立。")

    def talk(self) -> None:
        if not self.idea.groups:
            return
        body, points, handled = self.idea.talk
        people = 12 + len(points) % 11
        met = {"body": body, "way": "座谈会", "on": self.today, "people": people, "points": points, "handled": handled}
        rows = [{"group": each} | met for each in self.idea.groups]
        self.act("talk_with_groups", "officer", file="座谈记录和签到表", talks=rows)

    def draw_experts(self, n: int = 2) -> None:
        """One drawing a field, whose seed was bound the day before; everybody declares his interests."""
        officer = self.actors["officer"]
        for field in self.idea.fields:
            row = experts.prepare(self.code, self.title, field, n, by=officer, simulated=self.at)
            drawn = self.at + timedelta(days=1)
            experts.draw(row.league, row.id, by=officer, undertakers=[self.undertaker], excluded={}, simulated=drawn)
        self.wait(2)
        for drawing in expert_queries.drawings_of(officer.league, self.code):
            for taking in drawing.takings:
                experts.declare(officer.league, taking.row.id, by=officer, has_interest=False, belongs=False, simulated=self.at)

    def argue(self) -> None:
        if not self.idea.fields:
            return
        self.draw_experts()
        rows = [
            {"name": each["name"], "employer": each["employer"], "field": each["field"], "kind": "expert", "source": "register",
             "interest": False, "belongs": False, "drawn": True, "fee": 1200}
            for each in expert_queries.of_dossier(self.actors["officer"].league, self.code)
        ]  # fmt: skip
        self.act("appoint_experts", "officer", file="抽取记录和利害关系声明", experts=rows)
        self.wait(6)
        names = list(dict.fromkeys(row["name"] for row in rows))
        judged = {"necessity": True, "feasibility": True, "science": True, "signed": True}
        advice = self.idea.advice
        opinions = [{"name": name, **judged, "conclusion": advice[n % len(advice)]} for n, name in enumerate(names)]
        self.act("argue", "officer", file="专家论证意见书", argued_on=self.today, argued_way="meeting", opinions=opinions)
        point, reason = self.idea.advised
        answers = [{"name": name, "point": point, "answer": "adopted", "reason": reason} for name in names]
        self.act("answer_experts", "officer", expert_points=answers)

    def assess(self, *, controllable: bool = True) -> None:
        if not self.idea.risk:
            return
        self.wait(4)
        measure, plan = self.idea.held
        found = {"risk": self.idea.risk, "probability": 3, "effect": 3, "body": self.undertaker, "measure": measure, "plan": plan}
        graded = {"level": "middle", "residual": "low"} if controllable else {"level": "high", "residual": "high"}
        self.act(
            "assess_risk",
            "officer",
            file="风险评估报告和调查底稿",
            assessor=self.undertaker,
            third_party=False,
            risk_kinds=["stability", "safety"],
            risk_methods=["visits", "survey", "consultation"],
            departments_heard=True,
            existing_assessment="none",
            assessed_on=self.today,
            risks=[found | graded],
            controllable="controllable" if controllable else "uncontrollable",
        )

    def ask_the_public(self) -> Any:
        """Before the public; where the draft is replaced meanwhile, the round that began its thirty days anew."""
        self.wait(1)
        days, why = self.idea.shortened
        row = self.consult(days, why, media=["portal", "wechat", "notice"], with_draft=True, with_explanation=True)
        old, new = self.idea.reworded
        if old:
            text = "紧挨幼儿园的两处请取消，接送孩子的时候路口已经很挤。"
            told = comment(row.league, row.id, text=text, clause="一、", name="居民", simulated=self.at + timedelta(days=3))
            self.spoken += 1
            self.wait(9)
            self.reword(old, new)
            row = self.put(30)
            reason = "已修改草案第一条，并重新征求意见，期限重新计算。"
            reply(row.league, [told.id], by=self.actors["officer"], outcome="adopted", reason=reason, simulated=self.at)
        return row

    def hear_the_public(self) -> None:
        row = self.ask_the_public()
        if self.idea.letter:
            self.spoken += demo_participation.send(row.league, row.id, self.idea.letter, self.at + timedelta(days=5))
            reason = "已在草案中增加一条直达医院的线路。"
            answered = self.at + timedelta(days=31)
            demo_participation.answer_at_once(row, "adopted", reason, by=self.actors["officer"], at=answered)
        self.spoken += len(self.idea.said)
        summary = f"共收到意见{self.spoken}条，均已研究并逐条说明采纳情况和理由。{self.idea.improved}"
        self.answer(row, self.idea.said, summary, days=self.idea.shortened[0])
        self.act("feed_back", "officer", classified=self.spoken, feedback_changes=self.idea.improved)
        self.standing = "已反馈意见"

    def announce_hearing(self, on: date, *, seats: int) -> Any:
        """The notice on the portal, then its step; people apply until ten days before the hearing."""
        notice = hearings.Notice(
            dossier=self.code,
            title=self.title,
            explanation=f"{self.idea.problem}依法听取相关各方的意见。",
            draft_text="\n".join(self.text),
            on=on,
            time=time(9, 30),
            place="区政务服务中心三楼会议室",
            method="自愿报名；报名人数超过名额的，按公布的种子摘要公开抽签，各方分别抽取。",
            quotas=[(side, seats) for side in self.idea.hearing],
            apply_until=on - timedelta(days=10),
            cleared=CLEARED,
            contact=f"{self.undertaker}办公室，电话 0472-0001001",
        )
        row = hearings.announce(notice, by=self.actors["discloser"], simulated=self.at)
        stated = {"hearing_place": notice.place, "hearing_method": notice.method}
        self.act("announce_hearing", "discloser", hearing_on=on.isoformat(), **stated)
        return row

    def apply(self, hearing: Any, sides: Sequence[str]) -> dict[int, str]:
        """One applicant an hour for each of these sides, from the next day on; his receipt code by his number."""
        chance, codes = Random(f"{SEED} {self.title}"), {}  # noqa: S311 - a demonstration, repeatable on purpose
        for n, side in enumerate(sides):
            told = self.at + timedelta(days=1, hours=n)
            phone = f"1360000{n:04d}"
            applied = hearings.apply(hearing.league, hearing.id, side=side, name=person_name(chance), phone=phone, simulated=told)
            codes[applied.n] = applied.code
        return codes

    def hear(self) -> None:
        """听证, where the matter owes one: lots are drawn, materials sent, everybody heard, the minutes confirmed."""
        if not self.idea.hearing:
            return
        self.wait(1)
        row = self.announce_hearing(self.at.date() + timedelta(days=19), seats=2)
        key, officer = (row.league, row.id), self.actors["officer"]
        codes = self.apply(row, self.idea.hearing * 3)
        self.wait(10)
        hearings.draw(*key, by=officer, simulated=self.at)
        hearings.publish_list(*key, by=self.actors["discloser"], simulated=self.at)
        hearings.send(*key, by=officer, sent_on=self.at.date(), simulated=self.at)
        self.wait(9)
        people, host = hearing_queries.participants(row), self.colleague("听证主持人")
        minutes.begin(*key, by=officer, host=host, present=[each.n for each in people], simulated=self.at)
        said = [("introduced", "承办单位", f"{self.idea.plan}依据是{'、'.join(f'《{each}》' for each in self.idea.basis)}。")]
        for n, each in enumerate(people):
            own = self.idea.stated[self.idea.hearing.index(each.side) :: len(self.idea.hearing)]
            said.append(("stated", each.listed_as, own[sum(other.side == each.side for other in people[:n]) % len(own)]))
        asking = next(each for each in people if each.side == self.idea.hearing[0])
        said += zip(("debated", "debated"), (asking.listed_as, "承办单位"), self.idea.debated, strict=True)
        for part, speaker, text in said:
            self.at += timedelta(minutes=6)
            minutes.write(*key, by=officer, key=uuid4(), part=part, speaker=speaker, text=text, simulated=self.at)
        minutes.conclude(*key, by=officer, simulated=self.at)
        for each in people:
            minutes.confirm(codes[each.n], simulated=self.at)
        minutes.close(*key, by=officer, simulated=self.at)
        found = hearing_queries.of_dossier(officer.league, self.code)
        stated = {name: found[name] for name in ("hearing_listed_on", "hearing_sent_on", "hearing_people", "hearing_parts")}
        heard = "\n".join(f"{speaker}：{text}" for _, speaker, text in said)
        report, handled = self.idea.concluded
        self.act(
            "hold_hearing",
            "officer",
            file="签字笔录和送达回证",
            **stated,
            hearing_minutes=heard,
            hearing_report=report,
            hearing_handled=handled,
        )

    def form(self, *, controllable: bool = True) -> None:
        """From the draft to the answered opinions."""
        self.start()
        self.draft()
        self.exempt()
        self.talk()
        self.argue()
        self.assess(controllable=controllable)
        self.hear()
        self.hear_the_public()
