"""What an entry about a normative document counts for. Pure: a function of the entry alone, so that a replay gives the same on any day.

报备率、及时率、规范率 count for the maker in the month in which the document was published, whenever the act comes; 按期率 and 整改率
in the month in which the deadline falls; 纠错率 in the month of the conclusion. Keys as in the indicator set: LAW-01 报备率, LAW-02 及时率,
LAW-03 规范率, LAW-08 审查按期率, LAW-09 整改率; `LAW-09.found` is 纠错率, shown and never scored. What making and 规章 count for besides is
in `making_facts`, what is decided on documents in the register in `standing_facts`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from yifa.facts.seen import Counted, Seen
from yifa.normative.cases.filing import CORRECTED
from yifa.normative.counting import Act, act_of
from yifa.normative.making_facts import CATALOGUE, OPEN, issued, ruled, unregistered
from yifa.normative.standing_facts import OBJECTED, REGISTERS, cleaned, extended, objected, of_register

FILED, IN_TIME, REGULAR, ON_SCHEDULE, MENDED, FOUND = "LAW-01", "LAW-02", "LAW-03", "LAW-08", "LAW-09", "LAW-09.found"

# Entries that move running deadlines, and the deadlines whose month matters: (type of case, step) -> metrics.
MOVES = (("register/calendar", "publish_notice"), ("register/parameter", "approve"))
WATCHED = {("21", "publish"): (CATALOGUE, OPEN), ("22", "conclude"): (ON_SCHEDULE,), ("25", "conclude"): (OBJECTED,)}


def facts(entry: Seen) -> Iterable[Counted]:
    """Every fact of one entry; entries whose payload was erased or that are none of ours give none."""
    if (entry.body["procedure"], entry.body["step"]) == ("register/normative", "add"):
        return list(_found(entry.open or {}))
    if (entry.body["procedure"], entry.body["step"]) in MOVES:
        return list(_moved(entry.open or {}))
    if entry.body["procedure"] in REGISTERS:
        return list(of_register(entry))
    count = CASES.get(entry.body["procedure"])
    return list(count(act_of(entry, entry.closed))) if count and entry.closed is not None else ()


def _found(row: Mapping[str, Any]) -> Iterator[Counted]:
    """查漏补登: a document that had been left out is one more that was to be filed, in the month in which it was published."""
    if published := row.get("published_on"):
        words = f"{published}公布，查漏补登，应当报送备案"
        yield Counted(FILED, 0, 1, row["maker"], row["region"], published[:7], words, f"{row['code']} /")
        yield from unregistered(row, published)


def _moved(told: Mapping[str, Any]) -> Iterator[Counted]:
    """Deadlines that a holiday notice or a new legal number moved into another month: their denominators go with them.

    A case's code tells its procedure. The deadlines of 延续 and 清理 stay where they are: their entry does not say whether they count.
    """
    for moved in told.get("moved", ()):
        if moved["before"][:7] == moved["after"][:7]:
            continue
        for metric in WATCHED.get((moved["dossier"].split("-")[1], moved["step"]), ()):
            words = f"期限由{moved['before']}改为{moved['after']}"
            for day, change in ((moved["before"], -1), (moved["after"], 1)):
                yield Counted(metric, 0, change, moved["organisation"], moved["region"], day[:7], words)


def _making(act: Act) -> Iterator[Counted]:
    """公布: one more to be filed, unless it is taken back before its last day. 报送备案: it is filed, in time or not, and one of those

    among which 规范率 is asked.
    """
    if act.step == "publish":
        yield act.counted(FILED, 0, 1, act.facts["published_on"], f"{act.facts['published_on']}公布，应当报送备案")
    if (duty := act.drops("report")) and act.day <= duty["due"]:
        yield act.counted(FILED, 0, -1, act.facts["published_on"], f"{act.day}撤回公布，报送期限（{duty['due']}）届满以前不再计入")
    if act.step == "report":
        published, duty = act.facts["published_on"], act.closed("report")
        late = bool(duty and duty["met"] and duty["met"] > duty["due"])
        yield act.of_maker(FILED, 1, 0, published, f"{act.day}报送备案")
        yield act.of_maker(IN_TIME, int(not late), 1, published, f"应于{duty['due']}以前报送，实于{act.day}" if duty else f"{act.day}报送")
        yield act.of_maker(REGULAR, 0, 1, published, f"{act.day}报送备案")


def _filing(act: Act) -> Iterator[Counted]:
    document = act.document or {}
    published = document.get("published_on") or act.day
    match act.step:
        case "receive" if document.get("source") != "made":
            yield from _brought(act, document, published)
        case "register" if not act.facts.get("supplemented"):
            yield act.of_maker(REGULAR, 1, 0, published, "未经补正即予备案登记")
        case "conclude":
            code = act.facts["conclusion"]
            yield act.of_maker(FOUND, int(code in CORRECTED), 1, act.day, f"审查结论{code}")
    yield from _schedule(act)
    yield from _correction(act)


def _brought(act: Act, document: Mapping[str, Any], published: str) -> Iterator[Counted]:
    """A document that was not made here: stock counts as due and filed when it is received; what 查漏 found was due already."""
    filed, by = document["filed_on"], document.get("file_by")
    yield act.of_maker(FILED, 1, int(document.get("source") != "found"), published, f"{filed}报送备案")
    if by:
        yield act.of_maker(IN_TIME, int(filed <= by), 1, published, f"应于{by}以前报送，实于{filed}")
    yield act.of_maker(REGULAR, 0, 1, published, f"{filed}报送备案")


def _schedule(act: Act) -> Iterator[Counted]:
    """审查按期率: of those registered, how many were concluded by their last day. An extension moves the day, and the count with it."""
    if duty := act.opened("conclude"):
        yield act.of_reviewer(ON_SCHEDULE, 0, 1, duty["due"], f"应于{duty['due']}以前作出审查结论", f"{act.chain} due {duty['due']}")
    if duty := act.closed("conclude"):
        due, met = duty["due"], duty["met"]
        if met is None:
            yield act.of_reviewer(ON_SCHEDULE, 0, -1, due, "审查期限延长或者不再计算", f"{act.chain} waived {due}")
        else:
            words = f"应于{due}，实于{met}"
            once = f"{act.chain} met"
            yield act.of_reviewer(ON_SCHEDULE, int(met <= due), 0, due, f"按期作出结论：{words}" if met <= due else f"逾期：{words}", once)


def _correction(act: Act) -> Iterator[Counted]:
    """整改率: of the notices that asked for a result, how many documents were mended (verified) by the first notice's day."""
    if act.facts.get("conclusion") not in CORRECTED:
        return
    if act.step == "notify" and "correct_result" not in act.clocks and (duty := act.opened("correct_result")):
        yield act.of_maker(MENDED, 0, 1, duty["due"], f"应于{duty['due']}以前报送处理结果")
    if act.step == "verify" and act.facts["accepted"] and (clock := act.clocks.get("correct_result")) and clock["met"]:
        in_time, words = clock["met"] <= clock["first_due"], f"应于{clock['first_due']}，实于{clock['met']}"
        yield act.of_maker(MENDED, int(in_time), 0, clock["first_due"], f"按期纠正：{words}" if in_time else f"逾期纠正：{words}")


def _made(act: Act) -> Iterator[Counted]:
    yield from _making(act)
    yield from issued(act)


CASES: Mapping[str, Callable[[Act], Iterable[Counted]]] = {
    "normative_making": _made,
    "normative_filing": _filing,
    "rule_making": ruled,
    "normative_objection": objected,
    "normative_extension": extended,
    "normative_cleanup": cleaned,
}
