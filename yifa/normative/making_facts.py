"""What the course of a document or 规章 counts for, besides its filing: 合法性审核, 征求意见, 三统一, 公平竞争审查, 公布. Pure.

LAW-04 合法性审核率, LAW-05 公开征求意见率, LAW-06 三统一执行率, LAW-17 公平竞争审查率 count in the month of publication; LAW-14 目录及时率
and LAW-24 公开率 in the month in which the twenty working days for publication end; LAW-18 规章备案及时率 in the month of publication,
LAW-19 and LAW-20 of a draft 规章 in the month in which its consultation closes. A publication taken back is counted back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from yifa.facts.seen import Counted
from yifa.normative.counting import Act

LEGAL, CONSULTED, UNIFIED, FAIR, CATALOGUE, OPEN = "LAW-04", "LAW-05", "LAW-06", "LAW-17", "LAW-14", "LAW-24"
RULE_FILED, RULE_CONSULTED, RULE_ANSWERED = "LAW-18", "LAW-19", "LAW-20"
RULE_DAYS = 30  # 规章制定程序条例 15


def issued(act: Act) -> Iterator[Counted]:
    """公布: what its course shows. Taking the publication back takes all of it back."""
    yield from published(act)
    if act.step == "publish":
        yield from _course(act, 1)
    elif act.drops("report"):
        yield from _course(act, -1)


def _course(act: Act, sign: int) -> Iterator[Counted]:
    facts, day, verb = act.facts, act.facts["published_on"], "公布" if sign > 0 else "撤回公布"
    lawful = facts["legality_opinion"] in ("lawful", "lawful_after_changes")
    yield act.counted(LEGAL, sign * int(lawful), sign, day, f"{verb}：{'经合法性审核合法' if lawful else '合法性审核认为不合法'}")
    yield act.counted(UNIFIED, sign, sign, day, f"{verb}：统一登记、统一编号、统一印发")
    if facts.get("consult_needed") or facts.get("business"):
        asked = act.consultation
        enough = bool(asked) and not (asked or {}).get("shortened_reason")
        words = "公开征求意见期限达标" if enough else "公开征求意见期限不足"
        yield act.counted(CONSULTED, sign * int(enough), sign, day, f"{verb}：{words}")
    if facts.get("market") or facts.get("business"):
        reviewed = facts.get("competition_conclusion") in ("fair", "exception")
        yield act.counted(FAIR, sign * int(reviewed), sign, day, f"{verb}：{'有' if reviewed else '没有'}公平竞争审查结论")


def published(act: Act) -> Iterator[Counted]:
    """目录及时公开: what must be published within its days, and whether it was. The act that publishes is what changes the list."""
    if duty := act.opened("publish"):
        due = duty["due"]
        if act.drops("report"):  # what had been published is to be published again
            yield act.counted(CATALOGUE, -int(act.day <= due), 0, due, "撤回公布")
            yield act.counted(OPEN, -1, 0, due, "撤回公布")
        else:
            yield act.counted(CATALOGUE, 0, 1, due, f"应于{due}以前公布并更新目录")
            if act.document is None:
                yield act.counted(OPEN, 0, 1, due, f"应于{due}以前公开")
    if duty := act.closed("publish"):
        due, met = duty["due"], duty["met"]
        if met is None:
            yield act.counted(CATALOGUE, 0, -1, due, "不再需要公布")
            if act.document is None:
                yield act.counted(OPEN, 0, -1, due, "不再需要公布")
            return
        words = f"应于{due}，实于{met}"
        in_time = int(met <= due)
        yield act.counted(CATALOGUE, in_time, 0, due, f"{'按期' if in_time else '逾期'}更新目录：{words}")
        if act.document is None:
            yield act.counted(OPEN, 1, 0, due, f"已经公开：{words}")


def unregistered(row: Mapping[str, Any], published_on: str) -> Iterator[Counted]:
    """查漏补登: it was issued, and the record knows of no legal review and no registration before."""
    for metric, words in ((LEGAL, "没有合法性审核的记录"), (UNIFIED, "没有统一登记、编号")):
        yield Counted(metric, 0, 1, row["maker"], row["region"], published_on[:7], f"查漏补登，{words}", f"{row['code']} /")


def ruled(act: Act) -> Iterator[Counted]:
    """规章: thirty days before the public, an answer to what was said, filed within thirty days of publication."""
    asked = act.consultation
    if asked and act.step in ("consult", "feed_back"):
        closes = asked["closes_on"]
        days = (date.fromisoformat(closes) - date.fromisoformat(asked["opens_on"])).days
        if act.step == "consult":
            yield act.counted(RULE_CONSULTED, int(days >= RULE_DAYS), 1, closes, f"公开征求意见{days}日", f"{act.chain} consulted")
            yield act.counted(RULE_ANSWERED, 0, 1, closes, f"征求意见于{closes}结束", f"{act.chain} closes")
        else:
            yield act.counted(RULE_ANSWERED, 1, 0, closes, f"{act.day}公布采纳情况", f"{act.chain} answered")
    if act.step == "publish":
        yield act.counted(RULE_FILED, 0, 1, act.facts["published_on"], f"{act.facts['published_on']}公布，应当报送备案")
    if duty := act.closed("report"):
        day, due, met = act.facts["published_on"], duty["due"], duty["met"]
        if met is None:
            yield act.counted(RULE_FILED, 0, -1, day, "撤回公布")
        else:
            yield act.counted(RULE_FILED, int(met <= due), 0, day, f"应于{due}以前报送，实于{met}")
