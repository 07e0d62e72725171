"""One major decision of the demonstration on its way: each method is a stretch of it, from the proposal to its confirmed score."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

from yifa.decisions import choosing, clues, expert_queries, experts, hearing_queries, hearings, judging, minutes
from yifa.decisions.forms.declared import ARCHIVED
from yifa.decisions.template_set import rounded
from yifa.dossiers.images import WORD
from yifa.dossiers.services import keep_evidence
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.queries import body_of
from yifa.kernel.word.writing import written
from yifa.participation.services import comment, reply
from yifa.procedures.acts import LateEntry
from yifa.procedures.core import Refused
from yifa.procedures.take import simulated, take
from yifa.site import demo_participation
from yifa.site.demo_documents import CLEARED, Making
from yifa.site.demo_ideas import WORKSHOPS, Idea
from yifa.site.demo_lists import OPEN

EXEMPTIONS = (
    (("T08",), "groups", "not_concerned", "不涉及特定群体的切身利益"),
    (("T09", "T10"), "hearing", "no_hearing", "不直接涉及切身利益，也不存在较大分歧"),
    (("T12", "T13", "T14"), "fields", "not_technical", "专业性、技术性不强"),
    (("T15", "T16"), "risk", "no_risk", "不会对社会稳定、公共安全等造成不利影响"),
    (("T22",), "party", "not_reportable", "不属于应当请示报告的事项"),
)


@dataclass
class Matter(Making):
    """A matter, told stretch by stretch; `standing` says in words where it has come to."""

    idea: Idea = WORKSHOPS
    standing: str = "已提出建议"
    spoken: int = 0  # opinions that the public gave

    @classmethod
    def of(cls, idea: Idea, at: datetime, actors: dict[str, Actor]) -> Matter:
        return cls(idea.title, idea.draft, at, actors, idea=idea)

    @property
    def today(self) -> str:
        return self.at.date().isoformat()

    @property
    def undertaker(self) -> str:
        return self.actors["officer"].organisation_name

    @property
    def short_name(self) -> str:
        body = body_of(self.actors["mayor"].organisation)
        assert body is not None  # noqa: S101 - who acts for it was found in it
        return body.short_name

    @property
    def code(self) -> str:
        assert self.ref is not None  # noqa: S101 - every story begins with `propose`
        return self.ref.code

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
        """Each paper is a paper of its own; the drafts of a text, which are compared, are `Making`'s."""
        content = written([f"{self.title}：{name}", f"{self.undertaker}，{self.at.year}年{self.at.month}月{self.at.day}日", *self.text])
        return keep_evidence(by=by, title=f"{name}.docx", kind="document", mime=WORD, content=content, at=self.at)

    def propose(self, carried_from: str = "") -> None:
        """`carried_from`: the matter whose major adjustment runs through the procedure again (第三十七条)."""
        stated = {
            "problem": self.idea.problem,
            "grounds": "、".join(f"《{each}》" for each in self.idea.basis),
            "first_plan": self.idea.plan,
        }
        why = {"necessity": self.idea.problem, "feasibility": "资金、用地和施工力量有保障，相近地区有成熟做法。"}
        facts = {"title": self.title, "category": self.idea.category, "source": "department", **stated, **why}
        facts |= {"signer": self.actors["officer"].name} | ({"carried_from": carried_from} if carried_from else {})
        self.begin("major_decision", file="决策建议书", **facts)

    def enter(self) -> None:
        self.wait(3)
        waiting = choosing.waiting(self.actors["mayor"].organisation)
        item = next((ident for ident, shown in waiting if shown.startswith(self.title)), None)
        if item is None:
            raise SystemExit(f"“{self.title}”不在还没有启动的目录事项中，演示不能继续；请换一个空的数据目录（YIFA_VAR）重新运行")
        self.act("enter", "office", catalogue_item=item)

    def start(self) -> None:
        self.enter()
        self.wait(3)
        starting = {"start_form": "meeting", "undertakers": [{"name": self.undertaker}], "responsible": self.actors["officer"].name}
        self.act("start", "mayor", file="专题会议纪要", **starting, timetable="四个月内完成公众参与、论证评估和审查，提请常务会议讨论。")
        self.standing = "已启动"

    def draft(self) -> None:
        self.wait(8)
        asked = [{"way": "实地走访", "on": self.today, "people": 60}, {"way": "座谈会", "on": self.today, "people": 25}]
        self.act(
            "draft",
            "officer",
            file="决策草案、起草说明和调研报告",
            research=asked,
            basis=[{"law": each} for each in self.idea.basis],
            cost_benefit="投入和分年度安排、对居民和经营者的影响见起草说明第三部分。",
            disputed=False,
            alternatives=2,
        )
        self.wait(7)
        sent = (self.at - timedelta(days=6)).date().isoformat()
        units = [
            {"unit": "区财政局", "asked_on": sent, "replied_on": self.today, "opinion": "资金来源应当落实到年度。", "dispute": False},
            {"unit": "区发展和改革委员会", "asked_on": sent, "replied_on": self.today, "opinion": "同意。", "dispute": False},
        ]
        self.act("consult_departments", "officer", file="征求意见函和回函", consulted_units=units)
        idea = self.idea
        planned: dict[str, Any] = {"open_matter": True, "ways": ["open", "forum", "survey"], "affected": idea.affected}
        planned |= {"affected_count": idea.count, "special_groups": [{"group": each} for each in idea.groups]}
        planned |= {"hearing_due": bool(idea.hearing), "hearing_sides": [{"side": each} for each in idea.hearing]}
        planned |= {"technical": bool(idea.fields), "expert_fields": [{"field": each} for each in idea.fields]}
        planned |= {"risky": bool(idea.risk), "market": idea.market, "party_report_due": idea.party}
        self.act("plan_participation", "officer", **{key: value for key, value in planned.items() if value != []})
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
        rows = [
            {"group": each, "body": "街道办事处组织的代表", "way": "座谈会", "on": self.today, "people": 18, "points": "希望过渡期长一些。",
             "handled": "已在草案中写明过渡安排。"}
            for each in self.idea.groups
        ]  # fmt: skip
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
        opinions = [{"name": name, **judged, "conclusion": "必要、可行，建议分期实施并公布进度。"} for name in names]
        self.act("argue", "officer", file="专家论证意见书", argued_on=self.today, argued_way="meeting", opinions=opinions)
        answers = [{"name": name, "point": "分期实施并公布进度", "answer": "adopted", "reason": "已写入第一条。"} for name in names]
        self.act("answer_experts", "officer", expert_points=answers)

    def assess(self, *, controllable: bool = True) -> None:
        if not self.idea.risk:
            return
        self.wait(4)
        found = {
            "risk": self.idea.risk,
            "probability": 3,
            "effect": 3,
            "level": "middle" if controllable else "high",
            "body": self.undertaker,
        }
        handled = {"measure": "提前公告，逐户走访，设专人受理诉求。", "plan": "发生聚集性诉求的，两小时内到场处置。", "residual": "low"}
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
            risks=[found | handled],
            controllable="controllable" if controllable else "uncontrollable",
        )

    def ask_the_public(self) -> Any:
        """Before the public; where the draft is replaced meanwhile, the round that began its thirty days anew."""
        self.wait(1)
        row = self.consult(30, media=["portal", "wechat", "notice"], with_draft=True, with_explanation=True)
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
        self.answer(row, self.idea.said, f"共收到意见{self.spoken}条，均已研究并说明采纳情况和理由。")
        self.act("feed_back", "officer", classified=self.spoken, feedback_changes="已根据意见修改草案，修改处见对照表。")
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

    def hear(self) -> None:
        """听证, where the matter owes one: lots are drawn, materials sent, everybody heard, the minutes confirmed."""
        if not self.idea.hearing:
            return
        self.wait(1)
        row = self.announce_hearing(self.at.date() + timedelta(days=19), seats=2)
        key, officer = (row.league, row.id), self.actors["officer"]
        codes = {}
        for n in range(3 * len(self.idea.hearing)):
            side = self.idea.hearing[n % len(self.idea.hearing)]
            told = self.at + timedelta(days=1, hours=n)
            applied = hearings.apply(*key, side=side, name=f"{side}代表{n // 2 + 1}", phone=f"1360000{n:04d}", simulated=told)
            codes[applied.n] = applied.code
        self.wait(10)
        hearings.draw(*key, by=officer, simulated=self.at)
        hearings.publish_list(*key, by=self.actors["discloser"], simulated=self.at)
        hearings.send(*key, by=officer, sent_on=self.at.date(), simulated=self.at)
        self.wait(9)
        people = hearing_queries.participants(row)
        minutes.begin(*key, by=officer, host="主持人甲", present=[each.n for each in people], simulated=self.at)
        said = [("introduced", "承办单位", f"{self.idea.plan}依据是{'、'.join(self.idea.basis)}。")]
        said += [("stated", each.listed_as, f"作为{each.side}一方，赞成方案，希望过渡期的安排写清楚。") for each in people]
        said += [("debated", people[0].listed_as, "过渡期的费用由谁承担？"), ("debated", "承办单位", "由区财政列支，草案第二条已经写明。")]
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
        report = "各方均赞成方案，关心过渡期的安排。"
        handled = "已在草案中写明过渡期的费用和安排。"
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

    def submit(self) -> None:
        self.wait(2)
        owed = {"experts": bool(self.idea.fields), "risk": bool(self.idea.risk)}
        materials = ["draft", "basis", "procedure", "public", *(key for key, there in owed.items() if there)]
        self.act("submit_review", "officer", file="送审函和材料", review_materials=materials)
        self.standing = "合法性审查中"

    def accept(self) -> None:
        self.wait(1)
        self.act("accept_review", "justice", accept_note="材料齐全。")

    def review(self, *, legality: str = "lawful_after_changes") -> None:
        self.accept()
        self.wait(10)
        point = {"clause": "第二条", "point": "应当写明依据和救济途径。", "basis": self.idea.basis[0], "advice": "补充一款。"}
        self.act(
            "review",
            "justice",
            reviewed_parts=["power", "procedure", "content"],
            review_points=[point],
            lawyers=[{"name": "公职律师甲", "kind": "public_lawyer", "opinion": "同意审查意见。"}],
            legality=legality,
            written_opinion=True,
        )
        self.wait(2)
        answered = {"point": point["point"], "result": "adopted", "reason": "已在第二条补充。"}
        self.act("handle_review", "officer", handled_points=[answered])
        self.standing = "已处理审查意见"

    @property
    def package(self) -> list[str]:
        idea = self.idea
        branches = (("competition", idea.market), ("public", True), ("experts", bool(idea.fields)), ("risk", bool(idea.risk)))
        return ["draft", *(key for key, owed in branches if owed), "legality"]

    def prepare(self) -> None:
        self.wait(1)
        self.act("prepare_meeting", "officer", file="上会材料", meeting_materials=self.package)
        self.standing = "已提交讨论"

    def meet(self, outcome: str = "adopted") -> None:
        self.wait(4)
        self.act("deliberate", "mayor", file="会议纪要和会议记录", **self.meeting(outcome))
        self.standing = "已集体讨论"

    def meeting(self, outcome: str = "adopted") -> dict[str, Any]:
        """Eight were there. Where the draft is sent back, the minutes tell of four of them only, which costs its check (T21.3)."""
        back = outcome == "revise"
        words = [
            ("副职甲", "for", "同意，请落实资金。"),
            ("副职乙", "against" if back else "for", f"{'不同意' if back else '同意'}，分期时序再研究。"),
            ("副职丙", "reserve", "保留意见，建议同步评估对经营者的影响。"),
            *((f"副职{mark}", "for", "同意。") for mark in ("" if back else "丁戊己庚")),
        ]
        speeches: list[dict[str, Any]] = [
            {"name": name, "post": "副职" if place > 1 else "常务副职", "place": place, "opinion": opinion, "said": said}
            for place, (name, opinion, said) in enumerate(words, start=1)
        ]
        last = {"post": "行政首长", "place": len(words) + 1, "opinion": "for", "said": "综合大家意见作出决定。", "head": True}
        speeches.append({"name": self.actors["mayor"].name, **last})
        held: dict[str, Any] = {
            "meeting": "standing",
            "meeting_name": f"{self.at.month}月常务会议",
            "meeting_on": self.today,
            "entitled": 9,
            "present": 8,
        }
        return {**held, "speeches": speeches, "outcome": outcome, "departs": False, "recorder": "办公室记录员"}

    def decide(self) -> None:
        if self.idea.party:
            self.wait(5)
            asked = (self.at - timedelta(days=4)).date().isoformat()
            number = f"党办复〔{self.at.year}〕{self.at.month + 20}号"
            self.act("report_party", "office", party_asked_on=asked, party_answered_on=self.today, party_number=number)
        self.wait(2)
        number = f"{self.short_name}发〔{self.at.year}〕{self.at.month + 10}号"
        self.act("decide", "mayor", file="决定文本", decided_on=self.today, decision_number=number)
        self.wait(3)
        told: dict[str, Any] = {
            "interpretation": "为什么做、做什么、群众关心的问题和意见采纳情况，见图文解读。",
            "interpreted_on": self.today,
        }
        shown: dict[str, Any] = {"published_on": self.today, "published_in": ["gazette", "portal"], **told, "tells_adoption": True}
        self.act("publish", "gazette", **OPEN, **shown)
        self.wait(2)
        due = (self.at + timedelta(days=240)).date().isoformat()
        self.act("plan_execution", "office", executors=[{"body": self.undertaker, "task": self.idea.draft[0], "due_on": due}])
        self.standing = "执行中"

    def report(self) -> None:
        self.wait(14)
        row = {"body": self.undertaker, "due_on": self.today, "reported_on": self.today, "content": "已完成招标，按计划开工。"}
        self.act("report_progress", "officer", reports=[row])

    def report_late(self) -> None:
        """补录: the report came on paper in time and was entered twelve days later, marked, with its reason and its scan."""
        assert self.ref is not None  # noqa: S101 - as above
        self.wait(14)
        made, officer = self.at, self.actors["officer"]
        row = {"body": self.undertaker, "due_on": self.today, "reported_on": self.today, "content": "替代水源管线已经开工，完成四成。"}
        paper = self._file(officer, "执行情况报告（纸质件扫描）")
        self.wait(12)
        why = LateEntry("经办人外出培训，报告已按期以纸质件报送，回来后补录。")
        with simulated(self.at):
            take(
                self.ref,
                "report_progress",
                by=officer,
                at=made,
                facts={"reports": [row]},
                files=[paper],
                key=uuid4(),
                seen_seq=None,
                late=why,
            )

    def backdated(self) -> None:
        """R5: a supervisor finds a paper back-dated, the unit states its side, another person establishes it."""
        self.wait(1)
        grounds = "座谈记录写明的日期，会议室没有使用登记，签到表上三个人当天在外地。"
        found = clues.raise_clue(clues.Said(clues.FORGED, grounds, dossier=self.code), by=self.actors["supervisor"], simulated=self.at)
        self.wait(2)
        clues.state_side(found.league, found.id, "记录是事后补写的，日期写成了计划的日期。", by=self.actors["officer"], simulated=self.at)
        self.wait(2)
        reason = "单位承认事后补写并倒签日期，有签到表和会议室登记为证。"
        clues.establish(found.league, found.id, reason, by=self.actors["justice"], simulated=self.at)
        self.standing = "后评估中，经核实有倒签的材料"

    def finish(self) -> None:
        self.report()
        self.act("trigger_evaluation", "mayor", evaluation_trigger="none")
        kept = [key for key, _ in ARCHIVED if key != "hearing" or self.idea.hearing]
        self.act("archive", "officer", archived=kept, archive_pages=268, archive_keeping="permanent")
        self.act("close", "officer", close_note="决策已公布并转入执行，材料归档完毕。")
        self.standing = "已办结"

    def confirm(self) -> None:
        """The reviewer goes through what needs a person's judgment: agrees, but for one that he lowers with a reason."""
        judge, score = self.actors["justice"], judging.score_of(self.code)
        assert score is not None  # noqa: S101 - a closed matter has a score
        for n, line in enumerate(score.awaiting):
            seen = rounded(line.proposed)
            lowered = n == 0 and seen > 0
            points, reason = (seen * 4 // 5, "论证材料对资金来源说明不足，酌情降低。") if lowered else (seen, "")
            judging.confirm(self.code, by=judge, check=line.item.code, points=points, seen=seen, after=0, reason=reason)
        closing = judging.close_score(self.code, by=judge)
        self.standing = f"已办结，结案得分{closing.total / 100:.2f}"
