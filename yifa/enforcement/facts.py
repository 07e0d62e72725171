"""What an entry counts for in figures and scores. Pure: a function of the entry alone, so that a replay gives the same on any day.

Deadlines count in the month in which they fall due: the act that opens one adds to the denominator, the act that meets it in time adds to
the numerator of that same month, whenever it comes; an act that makes one fall away takes the denominator back. Acts count in the month in
which they took place. Registers count by `rolls`. Metrics are keyed as in `supervision/figures.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from yifa.enforcement.case import Officer, read
from yifa.facts.seen import Counted, Seen
from yifa.procedures.core import BEIJING

# The deadlines that figures watch: step -> (metric, what it is called).
WATCHED = {
    "publish": ("M12", "公示"),
    "file": ("Q09", "备案"),
    "hand_in": ("Q07", "交至行政机关"),
    "bank": ("Q07", "缴付银行"),
}
PENALTY = "02"  # the type of its cases, in their codes: other procedures have steps of the same name
SIGNED = {"order_correction", "decide", "no_penalty"}
DECIDED = {"decide", "no_penalty"}
ENDED = {"close", "no_penalty"}
# What every closed file must hold in writing (行政处罚法 40, 44, 45, 52; 33 for a file without a penalty).
TEXTS = {"close": ("description", "told", "statement", "number"), "no_penalty": ("description", "ground_text", "education")}


@dataclass(frozen=True)
class Act:
    """One step of a penalty as its entry tells it."""

    entry: Seen
    step: str
    at: datetime
    facts: Mapping[str, Any]
    organisation: str
    region: str
    officers: tuple[Officer, ...]
    duties: Mapping[str, Sequence[Mapping[str, Any]]]

    @property
    def month(self) -> str:
        return self.at.astimezone(BEIJING).strftime("%Y-%m")

    def counted(self, metric: str, numerator: int, denominator: int, reason: str, *, once: str = "", month: str = "") -> Counted:
        return Counted(metric, numerator, denominator, self.organisation, self.region, month or self.month, reason, once)


def facts(entry: Seen) -> Iterable[Counted]:
    """Every fact of one entry; entries whose payload was erased or that are none of ours give none."""
    match entry.body["procedure"], entry.body["step"]:
        case "summary_penalty", step if entry.closed is not None:
            return list(_penalty(_act(entry, step.partition("@")[0], entry.closed)))
        case "register/rating", "rate" if entry.open is not None:
            return list(_rating(entry, int(entry.open["score"])))
        case "register/roll", "count" if entry.open is not None:
            return list(_roll(entry, entry.open))
        case "register/calendar", "publish_notice" if entry.open is not None:
            return list(_moved(entry.open, "放假安排公布"))
        case "register/parameter", "approve" if entry.open is not None:
            return list(_moved(entry.open, f"“{entry.open['name']}”改为本地设定"))
    return ()


def _act(entry: Seen, step: str, closed: Mapping[str, Any]) -> Act:
    stated, register = closed["seen"]["facts"], closed["seen"]["register"]
    at = datetime.fromisoformat(entry.body["happened_at"])
    body = register["organisation"]
    officers = read(stated, register, at).officers if stated.get("officers") else ()
    return Act(entry, step, at, stated, body["code"], body["region"], officers, closed["duties"])


def _penalty(act: Act) -> Iterator[Counted]:
    yield from _deadlines(act)
    if act.step in DECIDED:
        yield act.counted("M01", 1, 0, f"行使职权{act.facts['item']}", once=act.facts["item"])
    if act.step in SIGNED:
        for each in act.officers:
            yield act.counted("M03", 1, 0, f"执法证{each.certificate or '（无）'}署名", once=each.id)
            said = f"执法证{each.certificate}当日有效" if not each.problem else each.problem
            yield act.counted("M18", int(not each.problem), 1, said)
    yield from _recorded(act)


def _deadlines(act: Act) -> Iterator[Counted]:
    """A step that is taken back and done again opens and meets its deadline anew: `once` lets either count a single time."""
    for duty in act.duties["opened"]:
        if watched := WATCHED.get(duty["step"]):
            metric, name = watched
            yield act.counted(metric, 0, 1, f"{name}应于{duty['due']}", once=_once(act, duty, "due"), month=duty["due"][:7])
    for duty in act.duties["closed"]:
        if watched := WATCHED.get(duty["step"]):
            metric, name = watched
            month, met, due = duty["due"][:7], duty["met"], duty["due"]
            if met is None:
                yield act.counted(metric, 0, -1, f"{name}不再需要", once=_once(act, duty, "waived"), month=month)
            elif date.fromisoformat(met) <= date.fromisoformat(due):
                yield act.counted(metric, 1, 0, f"按期{name}：应于{due}，实于{met}", once=_once(act, duty, "met"), month=month)
            else:
                yield act.counted(metric, 0, 0, f"{name}逾期：应于{due}，实于{met}", month=month)


def _once(act: Act, duty: Mapping[str, Any], what: str) -> str:
    return f"{act.entry.chain} {duty['step']} {what}"


def _recorded(act: Act) -> Iterator[Counted]:
    """全过程记录: the start of every enforcement on the spot is recorded, and so is service by leaving the document (三项制度)."""
    if act.step == "show_badge":
        on = act.facts.get("recording") == "on"
        yield act.counted("M15.av", int(on), 1, "开始执法有音像记录" if on else "开始执法没有音像记录")
    if act.step == "deliver" and act.facts.get("service_mode") == "D2":
        shown = bool((act.entry.open or {}).get("evidence"))
        yield act.counted("M15.av", int(shown), 1, "留置送达有音像记录" if shown else "留置送达没有音像记录")
    if act.step in ENDED:
        missing = [key for key in TEXTS[act.step] if not act.facts.get(key)]
        heard = act.facts.get("recording") == "on"
        yield act.counted("M15.text", int(not missing), 1, f"缺少文字记录：{'、'.join(missing)}" if missing else "文字记录齐全")
        yield act.counted("M15", int(heard and not missing), 1, "文字和音像记录齐全" if heard and not missing else "文字或者音像记录不全")


def _rating(entry: Seen, score: int) -> Iterator[Counted]:
    organisation, region = str(entry.body["organisation"]), str(entry.body["region"])
    month = datetime.fromisoformat(entry.body["happened_at"]).astimezone(BEIJING).strftime("%Y-%m")
    yield Counted("M25", score * 20, 1, organisation, region, month, f"{score}分")
    yield Counted("M25.satisfied", int(score >= 4), 1, organisation, region, month, f"{score}分")


def _roll(entry: Seen, roll: Mapping[str, Any]) -> Iterator[Counted]:
    """A count of who and what a body has in a month, against the count before it in the same month."""
    organisation, region = str(entry.body["organisation"]), str(entry.body["region"])
    for metric, key, name in (("M03", "officers", "持有效执法证人员"), ("M01", "items", "可以行使的职权")):
        change = roll[key] - roll[f"{key}_before"]
        if change:
            yield Counted(metric, 0, change, organisation, region, roll["month"], f"{name}{roll[key]}")


def _moved(told: Mapping[str, Any], why: str) -> Iterator[Counted]:
    """Deadlines that a new holiday notice or a new legal number moved into another month."""
    for moved in told["moved"]:
        watched = WATCHED.get(moved["step"]) if moved["dossier"].split("-")[1] == PENALTY else None
        if watched and moved["before"][:7] != moved["after"][:7]:
            reason = f"{why}，{watched[1]}期限由{moved['before']}改为{moved['after']}"
            for day, change in ((moved["before"], -1), (moved["after"], 1)):
                yield Counted(watched[0], 0, change, moved["organisation"], moved["region"], day[:7], reason)
