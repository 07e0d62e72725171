"""What is decided on documents in the register counts for: 清理, 到期评估, 到期未处理, 目录更新. Pure.

LAW-07 清理完成率 counts for each maker in the month of the clean-up's deadline, of periodic ones; special ones are `LAW-07.special`, shown
only. LAW-21 到期前评估完成率 in the month in which the validity ends. LAW-10 到期未处理率: a lapse with no decision, in its month, of the
documents that the body had in force when it was counted, once a year. LAW-14 as in `making_facts`; a lapse leaves the list by itself.
LAW-16 审查建议按期办结率 is the reviewing body's, in the month of the last day. LAW-22 三项评估覆盖率: reports of the body that
evaluates, in the last month of their period, and those in which all three have a figure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from yifa.facts.seen import Counted, Seen
from yifa.normative.counting import Act
from yifa.normative.making_facts import CATALOGUE, published

CLEANED, SPECIAL, UNHANDLED, EVALUATED, THREE = "LAW-07", "LAW-07.special", "LAW-10", "LAW-21", "LAW-22"
OBJECTED = "LAW-16"
PARTS = {"usage": "使用率", "awareness": "知晓率", "effect": "实施效果"}
REGISTERS = ("register/normative", "register/normative-roll", "register/campaign", "register/evaluation")
HALF_YEAR = 180  # days before the end of validity, as the maker is told
CHANGES_THE_LIST = ("extend", "repeal", "lapse")


def of_register(entry: Seen) -> Iterator[Counted]:
    """Acts on a document's own chain, a body's yearly count, a clean-up."""
    told, body = entry.open, entry.body
    if told is None:
        return
    whom = (str(body["organisation"]), str(body["region"]))
    match body["procedure"], body["step"]:
        case "register/normative", "lapse":
            day = told["ended_on"]
            yield Counted(UNHANDLED, 1, 0, *whom, day[:7], f"有效期于{day}届满，没有作出处理决定", f"{entry.chain} {day}")
            if told.get("openness") == "public":
                yield Counted(CATALOGUE, 1, 1, *whom, day[:7], f"{day}到期失效，当日移出目录", f"{entry.chain} {day}")
        case "register/normative", "warn_180":
            until = told["valid_until"]
            words = f"有效期于{until}届满，应当在届满前六个月内评估"
            yield Counted(EVALUATED, 0, 1, *whom, until[:7], words, f"{entry.chain} {until} /")
            if told["evaluated"]:
                yield Counted(EVALUATED, 1, 0, *whom, until[:7], "已经立卷评估", f"{entry.chain} {until} +")
        case "register/normative-roll", "count":
            yield Counted(UNHANDLED, 0, told["in_force"], *whom, told["on"][:7], f"{told['on']}登记现行有效文件{told['in_force']}件")
        case "register/campaign", "open" | "add":
            yield from _listed(told)
        case "register/evaluation", "open":
            yield Counted(THREE, 0, 1, *whom, told["last"], f"《{told['work']}》纳入评估计划", f"{entry.chain} /")
        case "register/evaluation", "freeze" if "complete" in told:
            missing = [name for key, name in PARTS.items() if not told["complete"][key]]
            words = f"《{told['work']}》{'、'.join(missing)}没有足够的数据" if missing else f"《{told['work']}》三项评估完成"
            yield Counted(THREE, int(not missing), 0, *whom, told["last"], words, f"{entry.chain} +")


def _listed(told: Mapping[str, Any]) -> Iterator[Counted]:
    """Documents on the list of a clean-up, by maker."""
    for maker, region, n in told.get("makers", ()):
        words = f"列入清理{n}件，应于{told['deadline']}以前完成"
        yield Counted(_kind(told["kind"]), 0, n, maker, region, told["deadline"][:7], words)


def _kind(kind: str) -> str:
    return CLEANED if kind == "periodic" else SPECIAL


def extended(act: Act) -> Iterator[Counted]:
    """评估 in the half year before the end; the decision's publication changes the list."""
    until = (act.document or {}).get("valid_until")
    if act.step == "evaluate" and until and 0 < (date.fromisoformat(until) - date.fromisoformat(act.day)).days <= HALF_YEAR:
        code = f"normative:{(act.document or {})['code']} {until} +"
        yield act.counted(EVALUATED, 1, 0, until, f"{act.day}完成评估", code)
    if act.facts.get("decided") in CHANGES_THE_LIST:
        yield from published(act)


def objected(act: Act) -> Iterator[Counted]:
    """异议审查: of what was accepted, how much was concluded by its last day. For the body that reviews."""
    if duty := act.opened("conclude"):
        yield act.of_reviewer(OBJECTED, 0, 1, duty["due"], f"应于{duty['due']}以前作出结论并书面答复")
    if duty := act.closed("conclude"):
        due, met = duty["due"], duty["met"]
        if met is None:
            yield act.of_reviewer(OBJECTED, 0, -1, due, "审查期限不再计算")
        else:
            yield act.of_reviewer(OBJECTED, int(met <= due), 0, due, f"应于{due}，实于{met}")


def cleaned(act: Act) -> Iterator[Counted]:
    """A conclusion on one document of a clean-up, whenever it comes; taken back, it is counted back."""
    item = act.cleanup or {}
    if "kind" in item:
        if act.step == "decide":
            yield act.counted(_kind(item["kind"]), 1, 0, item["deadline"], f"{act.day}作出清理结论")
        elif act.drops("publish"):
            yield act.counted(_kind(item["kind"]), -1, 0, item["deadline"], f"{act.day}撤回清理结论")
    if act.facts.get("decided") in CHANGES_THE_LIST:
        yield from published(act)
