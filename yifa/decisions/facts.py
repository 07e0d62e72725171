"""What an entry about a major decision counts for. Pure: a function of the entry alone, so that a replay gives the same on any day.

Keys as in the indicator set. A fact counts for the 决策机关 in the month of the act that proves it. Only steps of a case are counted here;
the score of a procedure (DEC-10) comes from the entry that closes it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from yifa.decisions.case import FIT_FOR_MEETING, STATUTORY, MatterFacts, read
from yifa.decisions.rules import period_is_long_enough
from yifa.facts.seen import Counted, Seen
from yifa.procedures.core import BEIJING
from yifa.procedures.known import is_known


def facts(entry: Seen) -> Iterable[Counted]:
    """Every fact of one entry; entries whose payload was erased or that are none of ours give none."""
    if (entry.body["procedure"], entry.body["step"]) == ("register/score", "close"):
        return list(_closing(entry.open or {}, entry.body["happened_at"]))
    if entry.closed is None or entry.body["procedure"] != "major_decision":
        return ()
    seen = entry.closed["seen"]
    at = datetime.fromisoformat(entry.body["happened_at"])
    case = read(seen["facts"], seen["register"], at)
    government = (seen["register"].get("offices") or {}).get("government") or seen["register"]["organisation"]
    counts = COUNTS.get(entry.body["step"].partition("@")[0])
    if counts is None:
        return ()
    return [
        Counted(
            metric, numerator, denominator, government["code"], government["region"], case.on.isoformat()[:7], reason, once or entry.chain
        )
        for metric, numerator, denominator, reason, once in counts(case)
    ]


GOOD_PLAN = 8500  # hundredths: 规划类事项程序得分不低于 85


def _closing(score: Mapping[str, Any], at: str) -> Iterator[Counted]:
    """结案得分: each closed matter weighs the same, so that the mean of the scores is their sum over a hundred each."""
    if not score:
        return
    month = datetime.fromisoformat(at).astimezone(BEIJING).date().isoformat()[:7]
    whom = (score["organisation"], score["region"], month)
    said = f"程序得分{score['total'] // 100}.{score['total'] % 100:02d}，{score['grade']}"
    yield Counted("DEC-10", score["total"], 10_000, *whom, said, score["dossier"])
    if score.get("category") == "plan":
        yield Counted("DEC-15", int(score["total"] >= GOOD_PLAN), 1, *whom, said, score["dossier"])


Count = tuple[str, int, int, str, str]


def _feedback(case: MatterFacts) -> Iterator[Count]:
    if case.consulted:
        yield "DEC-03", int(period_is_long_enough(case)), 1, f"公开征求意见{case.consulted.days}日", ""
        yield "DEC-13", int(case.consulted.summarised_on is not None), 1, "公布意见采纳情况", ""


def _hearing(case: MatterFacts) -> Iterator[Count]:
    yield "DEC-18", int(case.hearing_was_sent_in_time and case.hearing_is_complete), 1, "听证材料提前送达、程序齐全", ""


def _experts(case: MatterFacts) -> Iterator[Count]:
    signed = sum(bool(row.get("signed")) for row in case.opinions)
    yield "DEC-20", signed, len(case.opinions), f"论证意见{len(case.opinions)}份，署名{signed}份", ""


def _review(case: MatterFacts) -> Iterator[Count]:
    yield "DEC-24", min(case.handled, case.points), case.points, f"审查意见{case.points}条，处理{case.handled}条", ""
    yield "DEC-23", int(bool(case.lawyers)), 1, "法律顾问、公职律师提出意见", ""


def _meeting(case: MatterFacts) -> Iterator[Count]:
    passed = is_known(case.legality) and case.legality in FIT_FOR_MEETING
    complete = bool(case.speeches) and all(row.get("said") and row.get("opinion") for row in case.speeches)
    yield "DEC-06", int(passed), 1, "上会前有合法性审查意见", ""
    yield "DEC-26", int(not passed), 0, "未经审查或者审查不合法仍上会", ""
    yield "DEC-25", int(complete), 1, "会议记录要素齐全", ""
    if not case.is_exempted("T12", "T13", "T14"):
        yield "DEC-04", int(is_known(case.opinions) and bool(case.opinions)), 1, "专家论证", ""
    if not case.is_exempted("T15"):
        yield "DEC-05", int(is_known(case.risks) and bool(case.risks)), 1, "风险评估", ""


def _decision(case: MatterFacts) -> Iterator[Count]:
    yield "DEC-07", int(case.meeting in STATUTORY), 1, "经常务会议或者全体会议讨论", ""
    if not case.is_exempted("T22"):
        yield "DEC-11", int(is_known(case.party_answered_on)), 1, "出台前向党委请示报告", ""


def _published(case: MatterFacts) -> Iterator[Count]:
    yield "DEC-27", 1, 1, "决策结果已公开", ""


def _evaluated(case: MatterFacts) -> Iterator[Count]:
    yield "DEC-08", 1, 1, "已后评估", ""


def _reports(case: MatterFacts) -> Iterator[Count]:
    """Each report that was due, once: its body and its day name it."""
    for row in case.reports:
        in_time = row.get("reported_on", "9999") <= row["due_on"]
        yield "DEC-14", int(in_time), 1, f"{row['body']}应于{row['due_on']}报告", f"{row['body']} {row['due_on']}"


COUNTS: Mapping[str, Callable[[MatterFacts], Iterator[Count]]] = {
    "feed_back": _feedback,
    "hold_hearing": _hearing,
    "answer_experts": _experts,
    "handle_review": _review,
    "deliberate": _meeting,
    "decide": _decision,
    "publish": _published,
    "evaluate": _evaluated,
    "report_progress": _reports,
}
