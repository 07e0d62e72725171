"""One major decision of the demonstration from the review of legality to its confirmed score; until then see `demo_forming`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from yifa.decisions import clues, judging, revoking
from yifa.decisions.forms.declared import ARCHIVED
from yifa.decisions.pages import reading
from yifa.decisions.template_set import rounded
from yifa.procedures.acts import LateEntry
from yifa.procedures.take import simulated, take
from yifa.site.demo_forming import DECISION, Forming
from yifa.site.demo_lists import OPEN

# What those say who have nothing to add.
AGREED = ("同意。", "同意，没有补充。", "赞成承办单位的方案。", "同意，请抓好落实。", "没有不同意见。")
PRESENT = 8  # of nine


@dataclass
class Matter(Forming):
    """A matter on the whole of its way."""

    def submit(self) -> None:
        self.wait(2)
        owed = {"public": not self.idea.closed, "experts": bool(self.idea.fields), "risk": bool(self.idea.risk)}
        materials = ["draft", "basis", "procedure", *(key for key, there in owed.items() if there)]
        self.act("submit_review", "officer", file="送审函和材料", review_materials=materials)
        self.standing = "合法性审查中"

    def accept(self) -> None:
        self.wait(1)
        self.act("accept_review", "justice", accept_note="材料齐全。")

    def review(self, *, legality: str = "lawful_after_changes", **more: Any) -> None:
        self.accept()
        self.wait_workdays(8)
        clause, point, basis, advice = self.idea.flaw
        self.act(
            "review",
            "justice",
            reviewed_parts=["power", "procedure", "content"],
            review_points=[{"clause": clause, "point": point, "basis": basis, "advice": advice}],
            lawyers=[{"name": self.colleague("公职律师"), "kind": "public_lawyer", "opinion": self.idea.lawyer}],
            legality=legality,
            written_opinion=True,
            **more,
        )
        self.wait(2)
        self.act("handle_review", "officer", handled_points=[{"point": point, "result": "adopted", "reason": self.idea.settled}])
        self.standing = "已处理审查意见"

    @property
    def package(self) -> list[str]:
        idea = self.idea
        branches = (("competition", idea.market), ("public", True), ("experts", bool(idea.fields)), ("risk", bool(idea.risk)))
        return ["draft", *(key for key, owed in branches if owed), "legality"]

    def prepare(self) -> None:
        """Before the meeting: the draft with what opinions, experts and the review changed in it."""
        self.wait(1)
        self.text = self.idea.final or self.text
        self.act("prepare_meeting", "officer", file="上会材料", meeting_materials=self.package)
        self.standing = "已提交讨论"

    def meet(self, outcome: str = "adopted") -> None:
        self.wait(4)
        self.act("deliberate", "mayor", file="会议纪要和会议记录", **self.meeting(outcome))
        self.standing = "已集体讨论"

    def meeting(self, outcome: str = "adopted") -> dict[str, Any]:
        """Eight were there. Where the draft is sent back, the minutes tell of four of them only, which costs its check (T21.3).

        Who turns down what most are for departs from them, and his own words are his reasons (第三十条第二款).
        """
        place = "市" if self.government.startswith(f"{self.government[:4]}00") else "区"
        words = list(self.idea.spoken)
        while outcome != "revise" and len(words) < PRESENT - 1:
            words.append(("for", AGREED[(len(self.title) + len(words)) % len(AGREED)]))
        speeches: list[dict[str, Any]] = [
            {
                "name": self.colleague(f"副职{n}"),
                "post": f"{'常务' if n == 1 else ''}副{place}长",
                "place": n,
                "opinion": opinion,
                "said": said,
            }
            for n, (opinion, said) in enumerate(words, start=1)
        ]
        against = outcome == "rejected"
        last = {
            "post": f"{place}长",
            "place": len(words) + 1,
            "opinion": "against" if against else "for",
            "said": self.idea.ruled,
            "head": True,
        }
        speeches.append({"name": self.actors["mayor"].name, **last})
        departing = {"departs": True, "departs_reason": self.idea.ruled} if against else {"departs": False}
        held: dict[str, Any] = {
            "meeting": "standing",
            "meeting_name": f"{self.actors['mayor'].organisation_name}{self.at.year}年第{self.at.timetuple().tm_yday // 10 + 1}次常务会议",
            "meeting_on": self.today,
            "entitled": 9,
            "present": PRESENT,
        }
        return {**held, **departing, "speeches": speeches, "outcome": outcome, "recorder": self.colleague("记录员")}

    def numbered(self, word: str, days: int, first: int = 1) -> str:
        """The number of a paper of this day; `days` apart, no two are alike."""
        return f"{self.short_name}{word}〔{self.at.year}〕{self.at.timetuple().tm_yday // days + first}号"

    def decide(self) -> None:
        if self.idea.party:
            self.wait(5)
            asked = (self.at - timedelta(days=4)).date().isoformat()
            self.act("report_party", "office", party_asked_on=asked, party_answered_on=self.today, party_number=self.agreed_by_party())
        self.wait(2)
        number = self.numbered("发", 4)
        self.act("decide", "mayor", file=DECISION, decided_on=self.today, decision_number=number)
        self.wait(3)
        told: dict[str, Any] = {"interpretation": self.idea.told, "interpreted_on": self.today}
        shown: dict[str, Any] = {"published_on": self.today, "published_in": ["gazette", "portal"], **told, "tells_adoption": True}
        self.act("publish", "gazette", **OPEN, **shown)
        self.wait(2)
        due = (self.at + timedelta(days=240)).date().isoformat()
        self.act("plan_execution", "office", executors=[{"body": self.undertaker, "task": self.idea.task, "due_on": due}])
        self.standing = "执行中"

    def agreed_by_party(self) -> str:
        """The number under which the party committee of the place answered; nothing else of it is kept."""
        return f"{self.short_name.removesuffix('政')}党办复〔{self.at.year}〕{self.at.timetuple().tm_yday // 5 + 1}号"

    def report(self) -> None:
        self.wait(14)
        row = {"body": self.undertaker, "due_on": self.today, "reported_on": self.today, "content": self.idea.progress}
        self.act("report_progress", "officer", reports=[row])

    def report_late(self) -> None:
        """补录: the report came on paper in time and was entered twelve days later, marked, with its reason and its scan."""
        assert self.ref is not None  # noqa: S101 - every story begins with `propose`
        self.wait(14)
        made, officer = self.at, self.actors["officer"]
        row = {"body": self.undertaker, "due_on": self.today, "reported_on": self.today, "content": self.idea.progress}
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

    def evaluate(self, trigger: str, by: str, heard: str, found: str, used: str) -> None:
        """后评估: found due, made by a body that had no part in the assessment before, with what came of it (第三十六条)."""
        self.wait(20)
        self.act("trigger_evaluation", "mayor", evaluation_trigger=trigger)
        self.wait(16)
        told = {"evaluation_public": heard, "evaluation_conclusion": found, "evaluation_used": used}
        self.act("evaluate", "officer", file="后评估报告和调查底稿", evaluator=by, evaluator_was_assessor=False, **told)
        self.standing = "已后评估"

    def clue(self, line: str, grounds: str, statement: str, reason: str, *, raiser: str = "supervisor") -> tuple[str, UUID]:
        """A supervisor raises it, the unit states its side, another person establishes it; which clue it is."""
        self.wait(1)
        found = clues.raise_clue(clues.Said(line, grounds, dossier=self.code), by=self.actors[raiser], simulated=self.at)
        self.wait(2)
        clues.state_side(found.league, found.id, statement, by=self.actors["officer"], simulated=self.at)
        self.wait(2)
        clues.establish(found.league, found.id, reason, by=self.actors["justice"], simulated=self.at)
        return found.league, found.id

    def revoke(self, clue: tuple[str, UUID], grounds: str, reason: str, paper: str) -> None:
        """撤销认定: a reviewer of the city proposes it with a paper, the region decides; neither raised nor established it."""
        self.wait(4)
        proposer = self.actors["above reviewer"]
        files = reading.uploads(proposer, [str(self._file(proposer, paper))])
        revoking.propose(*clue, grounds, by=proposer, files=files, simulated=self.at)
        self.wait(3)
        revoking.revoke(*clue, reason, by=self.actors["highest head"], simulated=self.at)

    def archive(self, pages: int) -> None:
        """What the matter has of what belongs there; of what does not apply there is nothing."""
        owed = {"hearing": self.idea.hearing, "experts": self.idea.fields, "risk": self.idea.risk, "party": self.idea.party}
        kept = [key for key, _ in ARCHIVED if owed.get(key, True)]
        self.act("archive", "officer", archived=kept, archive_pages=pages, archive_keeping="permanent")
        self.standing = "已归档"

    def close(self, note: str) -> None:
        self.act("close", "officer", close_note=note)
        self.standing = "已办结"

    def confirm(self, doubted: str, why: str) -> None:
        """The reviewer goes through what needs a person's judgment: agrees, but for one check that he lowers with a reason."""
        self.wait(1)
        judge, score = self.actors["justice"], judging.score_of(self.code)
        assert score is not None  # noqa: S101 - a closed matter has a score
        for line in score.awaiting:
            seen = rounded(line.proposed)
            points, reason = (seen // 2, why) if line.item.code == doubted else (seen, "")
            told: dict[str, Any] = {"points": points, "seen": seen, "after": 0, "reason": reason}
            judging.confirm(self.code, by=judge, check=line.item.code, **told, simulated=self.at)
        closing = judging.close_score(self.code, by=judge, simulated=self.at)
        self.standing = f"已办结，结案得分{closing.total / 100:.2f}"
