"""What an entry about a major decision counts for. Pure: a function of the entry alone, so that a replay gives the same on any day.

Keys as in the indicator set; `DEC.late` (补录率) is shown only. A fact counts for the 决策机关 in the month of the act that proves it; what
a decision owes afterwards (DEC-09, 12, 27) in the month of the decision, what a list owes (DEC-01, 16, 17) as `list_facts` says. What a
closing score found (DEC-10, 15, 22) comes from its entry; a score issued anew takes back what the replaced one counted, in the same month.
Each thing counts once: a step taken back and done again is not counted again. docs/figures.md says what the record cannot tell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from yifa.decisions.case import FIT_FOR_MEETING, STATUTORY, MatterFacts, read
from yifa.decisions.checks.s7 import lacking_in_archive
from yifa.decisions.list_facts import MISSED, listed, missed, placed
from yifa.decisions.rules import period_is_long_enough
from yifa.facts.seen import Counted, Seen
from yifa.procedures.core import BEIJING
from yifa.procedures.known import is_known

CLOSED, REISSUED = ("register/score", "close"), ("register/score", "reissue")
ESTABLISHED, REVOKED = ("register/clue", "establish"), ("register/clue", "revoke")
EVADED = "R6"


def facts(entry: Seen) -> Iterable[Counted]:
    """Every fact of one entry; entries whose payload was erased or that are none of ours give none."""
    kind = (entry.body["procedure"], entry.body["step"])
    if kind in (CLOSED, REISSUED):
        return list(_closing(entry.open or {}, entry.body["happened_at"]))
    if kind == MISSED:
        return list(missed(entry, entry.open)) if entry.open else ()
    if kind == ESTABLISHED:
        return list(_evaded(entry.open or {}, entry.body["happened_at"], entry.chain))
    if kind == REVOKED:
        return list(_no_longer_evaded(entry.open or {}, entry.body["happened_at"], entry.chain))
    if entry.closed is None:
        return ()
    if kind[0] == "decision_catalogue":
        return list(listed(entry, entry.closed))
    return list(_acts(entry, entry.closed)) if kind[0] == "major_decision" else ()


def _acts(entry: Seen, closed: Mapping[str, Any]) -> Iterator[Counted]:
    step = entry.body["step"].partition("@")[0]
    if step.startswith("_"):
        return
    register = closed["seen"]["register"]
    case = read(closed["seen"]["facts"], register, datetime.fromisoformat(entry.body["happened_at"]))
    government = (register.get("offices") or {}).get("government") or register["organisation"]
    whom, month = (government["code"], government["region"]), case.on.isoformat()[:7]
    late = bool(entry.body["late"])
    yield Counted("DEC.late", int(late), 1, *whom, month, "补录" if late else "当时记录", f"{entry.chain} {entry.seq}")
    yield from placed(step, case, register.get("catalogue") or {}, whom, late=late)
    acts = register.get("acts") or {}
    yield from _after_the_decision(entry.chain, step, case, closed["duties"], (*whom, acts.get("decide", "")[:7]))
    yield from _evaluation(entry.chain, step, case, (*whom, acts.get("trigger_evaluation", "")[:7]))
    for metric, numerator, denominator, reason, once in COUNTS.get(step, _nothing)(case):
        yield Counted(metric, numerator, denominator, *whom, month, reason, once or entry.chain)
    yield from _reports(entry.chain, step, case, whom)


def _after_the_decision(
    chain: str, step: str, case: MatterFacts, duties: Mapping[str, Any], whom: tuple[str, str, str]
) -> Iterator[Counted]:
    """公布解读 and 归档: owed from the decision on, counted in its month however late they come; `whom` ends with that month."""
    if step == "decide":
        whom = (*whom[:2], case.on.isoformat()[:7])
        yield Counted("DEC-09", 0, 1, *whom, "作出决定，应当归档", f"{chain} /")
        if due := next((duty["due"] for duty in duties["opened"] if duty["step"] == "publish"), ""):
            yield Counted("DEC-12", 0, 1, *whom, f"应于{due}以前公布和解读", f"{chain} /")
            yield Counted("DEC-27", 0, 1, *whom, f"应于{due}以前公开", f"{chain} /")
    duty = next((each for each in duties["closed"] if each["step"] == step and each["met"]), None)
    if duty is None or not whom[2]:
        return
    words, in_time = f"应于{duty['due']}，实于{duty['met']}", duty["met"] <= duty["due"]
    if step == "archive":
        whole = not lacking_in_archive(case)
        yield Counted("DEC-09", int(in_time and whole), 0, *whom, f"归档{'' if whole else '缺件'}：{words}", f"{chain} +")
    elif step == "publish":
        explained = bool(case.interpretation) and is_known(case.interpreted_on) and case.interpreted_on.isoformat() <= duty["due"]
        yield Counted("DEC-12", int(in_time and explained), 0, *whom, f"公布{'和解读' if explained else ''}：{words}", f"{chain} +")
        yield Counted("DEC-27", 1, 0, *whom, f"决策结果已公开：{words}", f"{chain} +")


def _evaluation(chain: str, step: str, case: MatterFacts, whom: tuple[str, str, str]) -> Iterator[Counted]:
    """后评估: owed from the day on which it was found due; `whom` ends with that month."""
    if step == "trigger_evaluation" and case.evaluation_trigger != "none":
        yield Counted("DEC-08", 0, 1, *whom[:2], case.on.isoformat()[:7], "决定开展后评估", f"{chain} /")
    elif step == "evaluate" and whom[2]:
        yield Counted("DEC-08", 1, 0, *whom, "已后评估", f"{chain} +")


def _reports(chain: str, step: str, case: MatterFacts, whom: tuple[str, str]) -> Iterator[Counted]:
    """执行报告: those told, and at 办结 what the plan promised besides; each once by matter, body and day, in the month it was due."""
    told = {"report_progress": case.reports, "close": case.executors if is_known(case.executors) else ()}.get(step, ())
    for row in told:
        if step == "close" and row["due_on"] >= case.on.isoformat():
            continue  # was not owed yet
        handed_in = row.get("reported_on") or ""
        words = f"{row['body']}应于{row['due_on']}报告，{f'实于{handed_in}' if handed_in else '没有报告'}"
        once = f"{chain} {row['body']} {row['due_on']}"
        yield Counted("DEC-14", int("" < handed_in <= row["due_on"]), 1, *whom, row["due_on"][:7], words, once)


GOOD_PLAN = 8500  # hundredths: 规划类事项程序得分不低于 85


def _closing(score: Mapping[str, Any], at: str) -> Iterator[Counted]:
    """结案得分: each closed matter weighs the same, so that the mean of the scores is their sum over a hundred each.

    Issued anew: what the replaced score had counted is taken back where it had counted, and the new score counts there.
    """
    if not score:
        return
    replaced = score.get("replaces")
    # Entries of before `counted_at` was told had been issued anew once at most.
    month = _month(replaced.get("counted_at", replaced["at"]) if replaced else at)
    whom = (score["organisation"], score["region"], month)
    once = f"{score['dossier']} {replaced['seq']}" if replaced else score["dossier"]
    is_plan = score.get("category") == "plan"
    if replaced:
        words = f"{_month(at)}重新出具结案得分，撤回原得分{_points(replaced['total'])}"
        yield Counted("DEC-10", -replaced["total"], -10_000, *whom, words, f"{once} -")
        if is_plan:
            yield Counted("DEC-15", -int(replaced["total"] >= GOOD_PLAN), -1, *whom, words, f"{once} -")
    said = f"程序得分{_points(score['total'])}，{score['grade']}{'（重新出具）' if replaced else ''}"
    yield Counted("DEC-10", score["total"], 10_000, *whom, said, once)
    if is_plan:
        yield Counted("DEC-15", int(score["total"] >= GOOD_PLAN), 1, *whom, said, once)
    if not replaced:
        yield from _review_time(score, whom)


def _review_time(score: Mapping[str, Any], whom: tuple[str, str, str]) -> Iterator[Counted]:
    """Whether the review had its working days is what the score found (T17.1), by the calendar and the region's term of then."""
    for line in score["lines"]:
        if line["check"] == "T17.1" and line["state"] == "scored":
            enough = line["proposed"] == line["most"]
            yield Counted("DEC-22", int(enough), 1, *whom, f"审查时间{'' if enough else '不'}足规定的工作日", score["dossier"])


def _evaded(clue: Mapping[str, Any], at: str, chain: str) -> Iterator[Counted]:
    """应当列入目录而未列入，规避程序: what its government loses in its assessment, in hundredths of a point (§4.5)."""
    if clue.get("line") == EVADED and clue["deduction"]:
        said = f"认定规避程序：{clue['title'][:60]}，扣{_points(clue['deduction'])}分"
        yield Counted("DEC.R6", clue["deduction"], 1, clue["organisation"], clue["region"], _month(at), said, chain)


def _no_longer_evaded(clue: Mapping[str, Any], at: str, chain: str) -> Iterator[Counted]:
    """The conclusion was revoked: what it took is given back, in the month in which it was taken."""
    if clue.get("line") == EVADED and clue["deduction"]:
        said = f"{_month(at)}撤销认定：{clue['title'][:60]}，退回扣分{_points(clue['deduction'])}分"
        whom = (clue["organisation"], clue["region"], _month(clue["established_at"]))
        yield Counted("DEC.R6", -clue["deduction"], -1, *whom, said, f"{chain} -")


def _month(at: str) -> str:
    return datetime.fromisoformat(at).astimezone(BEIJING).date().isoformat()[:7]


def _points(hundredths: int) -> str:
    return f"{hundredths // 100}.{hundredths % 100:02d}"


Count = tuple[str, int, int, str, str]


def _nothing(case: MatterFacts) -> Iterator[Count]:
    yield from ()


def _feedback(case: MatterFacts) -> Iterator[Count]:
    if case.consulted:
        yield "DEC-03", int(period_is_long_enough(case)), 1, f"公开征求意见{case.consulted.days}日", ""
        yield "DEC-13", int(case.consulted.summarised_on is not None), 1, "公布意见采纳情况", ""


def _hearing(case: MatterFacts) -> Iterator[Count]:
    yield "DEC-18", int(case.hearing_was_sent_in_time and case.hearing_is_complete), 1, "听证材料提前送达、程序齐全", ""


def _experts(case: MatterFacts) -> Iterator[Count]:
    """Of each opinion: signed, and every point that its author made answered."""
    points: dict[str, bool] = {}
    for row in case.expert_points:
        points[row.get("name", "")] = points.get(row.get("name", ""), True) and bool(row.get("answer"))
    whole = sum(bool(row.get("signed")) and points.get(row.get("name", ""), False) for row in case.opinions)
    yield "DEC-20", whole, len(case.opinions), f"论证意见{len(case.opinions)}份，署名并有回应{whole}份", ""


def _review(case: MatterFacts) -> Iterator[Count]:
    yield "DEC-24", min(case.handled, case.points), case.points, f"审查意见{case.points}条，处理{case.handled}条", ""
    yield "DEC-23", int(any(row.get("opinion") for row in case.lawyers)), 1, "法律顾问、公职律师提出意见", ""


def _meeting(case: MatterFacts) -> Iterator[Count]:
    passed = is_known(case.legality) and case.legality in FIT_FOR_MEETING
    complete = bool(case.speeches) and all(row.get("said") and row.get("opinion") for row in case.speeches)
    yield "DEC-06", int(passed), 1, "上会前有合法性审查意见", ""
    yield "DEC-26", int(not passed), 1, "未经审查或者审查不合法仍上会", ""
    yield "DEC-25", int(complete), 1, "会议记录要素齐全", ""
    if not case.is_exempted("T12", "T13", "T14"):
        yield "DEC-04", int(is_known(case.opinions) and bool(case.opinions)), 1, "专家论证", ""
    if not case.is_exempted("T15"):
        yield "DEC-05", int(is_known(case.risks) and bool(case.risks)), 1, "风险评估", ""


def _decision(case: MatterFacts) -> Iterator[Count]:
    yield "DEC-07", int(case.meeting in STATUTORY), 1, "经常务会议或者全体会议讨论", ""
    if not case.is_exempted("T22"):
        yield "DEC-11", int(is_known(case.party_answered_on)), 1, "出台前向党委请示报告", ""
    yield from _groups(case)
    yield from _risks(case)


def _groups(case: MatterFacts) -> Iterator[Count]:
    """特定群体沟通完整率: a matter that concerns special groups, each of which was met."""
    groups = {row["group"] for row in case.special_groups if row.get("group")} if is_known(case.special_groups) else set()
    if groups and not case.is_exempted("T08"):
        met = groups & {row.get("group") for row in case.talks} if is_known(case.talks) else set()
        yield "DEC-19", int(met == groups), 1, f"特定群体{len(groups)}个，已沟通{len(met)}个", ""


def _risks(case: MatterFacts) -> Iterator[Count]:
    """高风险处置闭环率: high and middle risks that have a measure, somebody who answers for it and a residual risk below high."""
    if not is_known(case.risks) or case.is_exempted("T16"):
        return
    grave = [row for row in case.risks if row.get("level") in ("high", "middle")]
    held = is_known(case.controllable) and not case.is_stopped_by_risk
    closed = sum(1 for row in grave if held and row.get("measure") and row.get("body") and row.get("residual") in ("middle", "low"))
    if grave:
        yield "DEC-21", closed, len(grave), f"高、中风险点{len(grave)}个，处置闭环{closed}个", ""


COUNTS: Mapping[str, Callable[[MatterFacts], Iterator[Count]]] = {
    "feed_back": _feedback,
    "hold_hearing": _hearing,
    "answer_experts": _experts,
    "handle_review": _review,
    "deliberate": _meeting,
    "decide": _decision,
}
