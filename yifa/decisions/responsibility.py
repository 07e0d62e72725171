"""责任档案: who proposed, drafted, argued, assessed, reviewed, spoke, dissented, decided and executed, each with his entry. Pure.

重大行政决策程序暂行条例第三十八条至第四十一条: serious failure is traced back for life; whoever dissented is relieved (第三十八条第三款).
Told from the acts of the record alone, in their order; what was undone stays and says so. Nothing here judges anybody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from yifa.decisions.procedures.major import MajorDecision
from yifa.decisions.rules import R713
from yifa.documents.words import date_text
from yifa.kernel.citing import Article
from yifa.procedures.context import Told
from yifa.procedures.core import BEIJING, KERNEL_ACTS
from yifa.procedures.fields import Field

Facts = Mapping[str, Any]


@dataclass(frozen=True)
class Part:
    """One person's part: what he answers for, in which body, what he did or said, in which entry. `stance`: against, or reserve."""

    duty: str
    who: str
    body: str
    what: str
    on: date
    seq: int
    note: str = ""
    stance: str = ""

    @property
    def relieved(self) -> bool:
        """He said that he was against it (第三十八条第三款)."""
        return self.stance == "against"


@dataclass(frozen=True)
class Chapter:
    """A stage of the decision with everybody's part in it, and the article by which one answers for it."""

    key: str
    title: str
    cites: Article
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Dossier:
    """The whole file. `reasons`: what the head said where he departed from most; `changes`: what was undone, urged or handed over."""

    chapters: tuple[Chapter, ...]
    reasons: tuple[Part, ...]
    changes: tuple[Part, ...]

    @property
    def relieved(self) -> tuple[Part, ...]:
        return self._of("against")

    @property
    def reserved(self) -> tuple[Part, ...]:
        """Who reserved his opinion: told in his own words, and judged by nobody here."""
        return self._of("reserve")

    def _of(self, stance: str) -> tuple[Part, ...]:
        return tuple(part for chapter in self.chapters for part in chapter.parts if part.stance == stance)


CHAPTERS = (
    ("begin", "提出和启动", R713[39]),
    ("draft", "起草和协商", R713[39]),
    ("public", "公众参与", R713[39]),
    ("experts", "专家论证", R713[41]),
    ("risk", "风险评估", R713[41]),
    ("review", "合法性审查", R713[39]),
    ("meeting", "集体讨论和决定", R713[38]),
    ("publish", "公布", R713[38]),
    ("execute", "执行、调整和评估", R713[40]),
    ("file", "归档、办结", R713[39]),
    ("press", "督办和答复", R713[39]),
)
# Which stage an act belongs to; what is not named belongs to the last stage before it that is (a later version's own steps).
STAGES: Mapping[str, str] = {
    **dict.fromkeys(("propose", "enter", "reject", "start", "withdraw_matter"), "begin"),
    **dict.fromkeys(("draft", "consult_departments", "plan_participation", "approve_closed", "exempt", "confirm_exemptions"), "draft"),
    **dict.fromkeys(("consult", "talk_with_groups", "announce_hearing", "list_participants", "hold_hearing", "feed_back"), "public"),
    **dict.fromkeys(("appoint_experts", "argue", "answer_experts"), "experts"),
    **dict.fromkeys(("assess_risk", "reassess_risk"), "risk"),
    **dict.fromkeys(("submit_review", "return_materials", "accept_review", "review", "handle_review"), "review"),
    **dict.fromkeys(("prepare_meeting", "deliberate", "report_party", "decide"), "meeting"),
    "publish": "publish",
    **dict.fromkeys(
        ("plan_execution", "report_progress", "report_problem", "adjust", "rerun", "trigger_evaluation", "evaluate"), "execute"
    ),
    **dict.fromkeys(("archive", "close"), "file"),
    **dict.fromkeys(("supervise", "answer_supervision"), "press"),
}


def told(acts: Sequence[Told]) -> Dossier:
    """The file as the acts tell it; every act has at least the line of whoever performed it."""
    # Backwards, so that what was undone twice names who undid it first.
    undone = {gone.seq: act for act in reversed(acts) if act.undoes is not None for gone in acts if act.undoes <= gone.seq < act.seq}
    found: dict[str, list[Part]] = {key: [] for key, _, _ in CHAPTERS}
    reasons, changes = [], []
    stage = CHAPTERS[0][0]
    for act in acts:
        note = _note(act, undone.get(act.seq))
        if act.step in KERNEL_ACTS:
            changes.append(_part(act, KERNEL_ACTS[act.step].title, _reason(act, acts), note))
            continue
        stage = STAGES.get(act.step, stage)
        parts = [*_performed(act, note), *_named(act, note)]
        found[stage] += parts
        if act.stated and act.step == "deliberate" and act.stated.get("departs"):
            reasons.append(_part(act, "说明理由", str(act.stated.get("departs_reason", "")), note, who=_head(act.stated)))
    chapters = tuple(Chapter(key, title, cites, tuple(found[key])) for key, title, cites in CHAPTERS if found[key])
    return Dossier(chapters, tuple(reasons), tuple(changes))


def _note(act: Told, by: Told | None) -> str:
    notes = ["补录"] if act.late else []
    if act.stated is None:
        notes.append("所填内容已依法清除，办理人依记录仍然可查")
    if by:
        notes.append(f"已由{by.person}在第{by.seq}条{KERNEL_ACTS[by.step].title}")
    return "；".join(notes)


def _reason(act: Told, acts: Sequence[Told]) -> str:
    reason = str((act.stated or {}).get("reason", ""))
    if act.undoes is None:
        return reason
    gone = "、".join(f"第{each.seq}条“{_title(each.step)}”" for each in acts if act.undoes <= each.seq < act.seq and each.step in STAGES)
    return f"使{gone}不再有效。理由：{reason}" if gone else reason


def _title(step: str) -> str:
    known = MajorDecision.steps.get(step) or KERNEL_ACTS.get(step)
    return known.title if known else step


def _part(act: Told, duty: str, what: str, note: str, *, who: str = "", body: str | None = None, stance: str = "") -> Part:
    at: datetime = act.at
    return Part(
        duty, who or act.person, act.organisation if body is None else body, what, at.astimezone(BEIJING).date(), act.seq, note, stance
    )


def _performed(act: Told, note: str) -> Iterator[Part]:
    """The line of whoever performed the act."""
    said = SAID.get(act.step)
    yield _part(act, _title(act.step), said(act.stated) if said and act.stated else "", note)


def _named(act: Told, note: str) -> Iterator[Part]:
    """Those whom the act names: they answer for their part, though another wrote it down."""
    named = NAMED.get(act.step)
    for duty, who, body, what, stance in named(act.stated) if named and act.stated else ():
        if who:
            yield _part(act, duty, what, note, who=who, body=body, stance=stance)


Named = tuple[str, str, str, str, str]


def _start(facts: Facts) -> Iterable[Named]:
    lead = facts.get("lead") or ""
    for row in facts.get("undertakers") or ():
        yield "承办", row["name"], row["name"], "牵头承办" if row["name"] == lead else "承办", ""
    yield "承办责任人", str(facts.get("responsible") or ""), "", "", ""


def _departments(facts: Facts) -> Iterable[Named]:
    for row in facts.get("consulted_units") or ():
        answer = "已回复" if row.get("replied_on") else "没有回复" + ("，已催办" if row.get("urged") else "")
        told = [answer, row.get("opinion") or "", f"存在分歧：{row.get('settled') or ''}" if row.get("dispute") else ""]
        yield "协商", row["unit"], row["unit"], "；".join(each for each in told if each), ""


def _secrecy(facts: Facts) -> Iterable[Named]:
    passed = {True: "可以公开", False: "不得公开"}.get(bool(facts.get("secrecy_passed")), "")
    yield "保密审查", str(facts.get("secrecy_reviewer") or ""), "", passed, ""


def _experts(facts: Facts) -> Iterable[Named]:
    for row in facts.get("experts") or ():
        source = _label("appoint_experts", "experts", "source", row)
        interest = "，声明有直接利害关系" if row.get("interest") else ""
        yield (
            "受聘论证",
            row["name"],
            row.get("employer") or "",
            f"{row.get('field', '')}，{source}{'，随机抽取' if row.get('drawn') else ''}{interest}",
            "",
        )


def _opinions(facts: Facts) -> Iterable[Named]:
    for row in facts.get("opinions") or ():
        dissent = f"；不同意见：{row['dissent']}" if row.get("dissent") else ""
        unsigned = "" if row.get("signed") else "（没有署名、盖章）"
        yield "专家论证", row["name"], "", f"{row.get('conclusion', '')}{dissent}{unsigned}", ""


def _assessor(facts: Facts) -> Iterable[Named]:
    who = str(facts.get("assessor") or "")
    what = _choice("assess_risk", "controllable", facts) + ("，第三方" if facts.get("third_party") else "")
    yield "风险评估", who, who, what, ""
    for row in facts.get("risks") or ():
        yield "风险防范", row.get("body") or "", row.get("body") or "", f"{row['risk']}：{row.get('measure') or '没有写明措施'}", ""


def _lawyers(facts: Facts) -> Iterable[Named]:
    for row in facts.get("lawyers") or ():
        yield _label("review", "lawyers", "kind", row), row["name"], "", str(row.get("opinion", "")), ""


def _members(facts: Facts) -> Iterable[Named]:
    for row in sorted(facts.get("speeches") or (), key=lambda row: row.get("place") or 0):
        vote = _label("deliberate", "speeches", "opinion", row)
        stance = opinion if (opinion := row.get("opinion")) in ("against", "reserve") else ""
        said = f"第{row.get('place')}位发言，{vote}：{row.get('said', '')}"
        yield "行政首长" if row.get("head") else "会议组成人员", row["name"], row.get("post") or "", said, stance
    yield "会议记录", str(facts.get("recorder") or ""), "", "", ""


def _head(facts: Facts) -> str:
    return next((str(row["name"]) for row in facts.get("speeches") or () if row.get("head")), "")


def _executors(facts: Facts) -> Iterable[Named]:
    for row in facts.get("executors") or ():
        yield "执行", row["body"], row["body"], f"{str(row['task']).rstrip('。')}，{day(row['due_on'])}以前完成", ""


def _reports(facts: Facts) -> Iterable[Named]:
    for row in facts.get("reports") or ():
        when = f"{day(row['reported_on'])}报告" if row.get("reported_on") else "没有报告"
        late = "，逾期" if row.get("reported_on") and str(row["reported_on"]) > str(row["due_on"]) else ""
        yield "执行报告", row["body"], row["body"], f"应于{day(row['due_on'])}报告，{when}{late}", ""


def _evaluator(facts: Facts) -> Iterable[Named]:
    who = str(facts.get("evaluator") or "")
    yield "后评估", who, who, str(facts.get("evaluation_conclusion") or ""), ""


NAMED: Mapping[str, Callable[[Facts], Iterable[Named]]] = {
    "start": _start,
    "consult_departments": _departments,
    "consult": _secrecy,
    "appoint_experts": _experts,
    "argue": _opinions,
    "assess_risk": _assessor,
    "review": _lawyers,
    "deliberate": _members,
    "publish": _secrecy,
    "plan_execution": _executors,
    "report_progress": _reports,
    "evaluate": _evaluator,
}


def _field(step: str, key: str) -> Field:
    return next(each for each in MajorDecision.steps[step].asks if each.key == key)


def _choice(step: str, key: str, facts: Facts) -> str:
    return dict(_field(step, key).choices).get(facts.get(key, ""), str(facts.get(key) or ""))


def _label(step: str, key: str, column: str, row: Facts) -> str:
    """What was picked in one cell of a row, in words."""
    found = next(each for each in _field(step, key).columns if each.key == column)
    return dict(found.choices).get(row.get(column, ""), str(row.get(column) or ""))


def day(stated: Any) -> str:
    """A day, as the case or the record holds it, in the words of documents; nothing for what was not stated."""
    return date_text(stated if isinstance(stated, date) else date.fromisoformat(str(stated))) if stated else ""


def _text(key: str) -> Callable[[Facts], str]:
    return lambda facts: str(facts.get(key) or "")


def _chosen(step: str, key: str, *texts: str) -> Callable[[Facts], str]:
    def said(facts: Facts) -> str:
        return "；".join(each for each in (_choice(step, key, facts), *(str(facts.get(text) or "") for text in texts)) if each)

    return said


def _exempted(facts: Facts) -> str:
    labels = dict(_field("confirm_exemptions", "exempted").choices)
    return "、".join(labels.get(each, each) for each in facts.get("exempted") or ()) or "都应当办理"


def _meeting(facts: Facts) -> str:
    outcome = _choice("deliberate", "outcome", facts)
    present = f"应到{facts.get('entitled')}人，实到{facts.get('present')}人"
    return f"{facts.get('meeting_name', '')}，{day(facts.get('meeting_on'))}，{present}：{outcome}"


# What the one who performed an act did by it.
SAID: Mapping[str, Callable[[Facts], str]] = {
    "propose": _chosen("propose", "source"),
    "reject": _text("reject_reason"),
    "start": _chosen("start", "start_form"),
    "withdraw_matter": _text("removal_reason"),
    "approve_closed": lambda facts: "批准" if facts.get("closed_approved") else "不批准",
    "exempt": lambda facts: "；".join(
        f"{_label('exempt', 'exemptions', 'template', row)}（{_label('exempt', 'exemptions', 'ground', row)}）"
        for row in facts.get("exemptions") or ()
    ),
    "confirm_exemptions": _exempted,
    "reassess_risk": _chosen("reassess_risk", "reassessed", "risk_changes"),
    "return_materials": _text("returned_for"),
    "review": _chosen("review", "legality", "review_risks"),
    "deliberate": _meeting,
    "report_party": lambda facts: f"批复{facts.get('party_number', '')}，{day(facts.get('party_answered_on'))}",
    "decide": lambda facts: f"{facts.get('decision_number', '')}，{day(facts.get('decided_on'))}",
    "report_problem": _chosen("report_problem", "problem_kind", "problem_found"),
    "adjust": _chosen("adjust", "changed", "changed_reason"),
    "rerun": _text("rerun_case"),
    "trigger_evaluation": _chosen("trigger_evaluation", "evaluation_trigger"),
    "supervise": _chosen("supervise", "supervised_point", "supervised_for"),
    "answer_supervision": _text("supervision_answer"),
}
