"""A matter told in JSON: read as the record would tell it, or refused with every place where it cannot be read. Pure.

What nobody reads would be lost in silence, so an unknown name or answer is refused like a wrong type; a fact left out is merely not
stated. What contradicts itself (more reasons than refusals, a meeting that was held and is still to come) is refused like it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from datetime import date, datetime, time
from functools import cache
from itertools import pairwise
from typing import Any

from yifa.decisions.case import DecisionFacts, read
from yifa.decisions.checks.registry import RED_LINES
from yifa.decisions.matter import Act, Limits, Matter
from yifa.decisions.procedures.major import MajorDecision
from yifa.kernel.calendar.terms import Calendar
from yifa.procedures.core import BEIJING
from yifa.procedures.fields import CHOICE, CHOICES, DATE, NUMBER, YES_NO, Field

LARGEST = 2_000_000  # bytes
EARLIEST, LATEST = date(1990, 1, 1), date(2100, 12, 31)
NAMES = ("at", "region", "facts", "register", "acts", "files", "closed", "verified")
ACT = ("step", "on", "recorded_on", "late", "legality", "meeting_on")
# What an act may state for itself, and where: a later act of the step states another.
OF_ACTS = {"legality": "review", "meeting_on": "deliberate"}
# What a supervisor establishes outside the record; the other red lines follow from the record itself.
ESTABLISHED = ("R5", "R6")
# What the registers say as facts of the matter, and what they say besides that a score looks at.
MERGED = ("catalogue", "basis", "hearing", "rerun", "carried")
REGISTER = (*MERGED, "organisation", "offices", "drawn", "recused", "changes", "consultation", "pages", "acts")
# Days of what has taken place: none of them can be still to come.
LISTED = ("party_agreed_on", "catalogue_published_on", "added_on", "added_published_on")
HELD = ("argued_on", "assessed_on", "meeting_on", "party_asked_on", "party_answered_on", "decided_on", "published_on", "interpreted_on")
PAST = (*LISTED, *HELD)
# Of these counts none can be greater than the one before it.
DECREASING = (("comments", "收到意见"), ("answered", "已答复"), ("not_adopted", "未采纳"), ("not_adopted_with_reason", "未采纳且附理由"))
DAYS, COUNTS = ("opens_on", "closes_on"), ("rounds", "comments", "answered", "not_adopted", "not_adopted_with_reason")


class UnreadableError(ValueError):
    """What was told is no matter; str() says every place and what should stand there."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("；".join(self.faults))


def parse(content: bytes) -> dict[str, Any]:
    """The JSON of a file. Raises UnreadableError."""
    if len(content) > LARGEST:
        raise UnreadableError([f"文件超过{LARGEST // 1_000_000}兆字节，请只写一个决策事项"])
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise UnreadableError([f"文件不是UTF-8文字（第{wrong.start + 1}个字节），请另存为UTF-8编码的JSON文件"]) from None
    if not text.strip():
        raise UnreadableError(["文件是空的，请写入一个决策事项的JSON"])
    try:
        found = json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)
    except json.JSONDecodeError as wrong:
        words = f"第{wrong.lineno}行第{wrong.colno}个字：不是JSON的写法，请检查引号、逗号和括号是否成对（文件应当是JSON，不是YAML）"
        raise UnreadableError([words]) from None
    except RecursionError:
        raise UnreadableError(["JSON的层次太深，请按决策事项的格式填写"]) from None
    if not isinstance(found, dict):
        raise UnreadableError(["最外层应当是一个对象{…}，写明at、facts、acts等内容"])
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise UnreadableError([f"“{next(name for name in names if names.count(name) > 1)}”写了两次，请只留一处"])
    return found


def _no_number(text: str) -> Any:
    raise UnreadableError([f"不能使用{text}，请写明确的数"])


def matter(found: Mapping[str, Any], *, calendar: Calendar, limits: Callable[[str, date], Limits]) -> Matter:
    """The matter; `limits` of a place and day. Raises UnreadableError."""
    if faults := list(_faults(found)):
        raise UnreadableError(faults)
    on = date.fromisoformat(found["at"])
    acts = tuple(_act(n, each) for n, each in enumerate(found.get("acts", ()), 1))
    register = {**found.get("register", {}), "acts": {act.step: act.on.isoformat() for act in acts}}
    try:
        facts = read(found.get("facts", {}), register, datetime.combine(on, time(23, 59), BEIJING))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise UnreadableError(["facts或者register中有读不懂的内容，请按案卷中的格式填写（说明见docs/figures.md）"]) from None
    return Matter(
        facts=facts,
        acts=acts,
        files=found.get("files", {}),
        calendar=calendar,
        limits=limits(found.get("region", "150000"), on),
        closed=found.get("closed", False),
        verified=frozenset(found.get("verified", ())),
    )


def _act(n: int, told: Mapping[str, Any]) -> Act:
    on = date.fromisoformat(told["on"])
    met = told.get("meeting_on")
    return Act(
        told["step"],
        on,
        date.fromisoformat(told.get("recorded_on", told["on"])),
        told.get("late", False),
        n,
        told.get("legality", ""),
        date.fromisoformat(met) if met else None,
    )


def _faults(found: Mapping[str, Any]) -> Iterable[str]:
    yield from _unknown("", found, NAMES)
    if "at" not in found:
        yield "缺少at：评分的日期，例如 2026-11-20"
    else:
        yield from _date("at", found["at"])
    region = found.get("region", "150000")
    if not isinstance(region, str) or not re.fullmatch(r"[0-9]{6}|[0-9]{9}|[0-9]{12}", region):
        yield "region应当是6位、9位或者12位的区划代码"
    if not isinstance(found.get("closed", False), bool):
        yield "closed应当是true或者false"
    for code in _texts(found.get("verified", [])) or ():
        if code not in ESTABLISHED:
            known = "，由系统按记录判断，不能直接填写" if code in RED_LINES else ""
            yield f"verified中的“{code[:20]}”不认识{known}；只能填写{'、'.join(ESTABLISHED)}"
    if _texts(found.get("verified", [])) is None:
        yield "verified应当是红线代码的列表"
    yield from _facts("facts", found.get("facts", {}))
    yield from _register(found.get("register", {}))
    acts = list(_acts(found.get("acts", []), found.get("at")))
    yield from acts
    yield from _files(found.get("files", {}))
    if not acts and isinstance(facts := found.get("facts", {}), dict):
        yield from _again(found.get("acts", []), facts)
    yield from _to_come(found)


def _unknown(place: str, told: Mapping[str, Any], known: Iterable[str]) -> Iterable[str]:
    for name in told.keys() - set(known):
        yield f"{place + '的' if place else ''}“{name[:40]}”不认识，请核对名称"


def _date(place: str, value: Any) -> Iterable[str]:
    try:
        day = date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        day = None
    if day is None:
        yield f"{place}应当是真实存在的日期，例如 2026-11-20"
    elif not EARLIEST <= day <= LATEST:
        yield f"{place}应当在{EARLIEST.year}年至{LATEST.year}年之间"


def _texts(value: Any) -> list[str] | None:
    return value if isinstance(value, list) and all(isinstance(each, str) for each in value) else None


def _count(place: str, value: Any) -> Iterable[str]:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        yield f"{place}应当是不小于零的整数"


def _acts(told: Any, at: Any) -> Iterable[str]:
    if not isinstance(told, list):
        yield "acts应当是逐条列出的办理记录"
        return
    for n, each in enumerate(told, 1):
        place = f"acts第{n}条"
        if not isinstance(each, dict):
            yield f"{place}应当是一个对象，写明step和on"
            continue
        yield from _unknown(place, each, ACT)
        if not isinstance(each.get("step"), str) or each["step"] not in MajorDecision.steps:
            yield f"{place}的step“{str(each.get('step'))[:40]}”不是办理环节"
        wrong = [*_date(f"{place}的on", each.get("on")), *_date(f"{place}的recorded_on", each.get("recorded_on", each.get("on")))]
        yield from wrong
        yield from _of_act(place, each)
        if not isinstance(each.get("late", False), bool):
            yield f"{place}的late应当是true或者false"
        if not wrong and isinstance(at, str) and each["on"] > at:
            yield f"{place}的on晚于评分的日期at"
        if not wrong and each.get("recorded_on", each["on"]) < each["on"]:
            yield f"{place}的recorded_on早于on"


def _of_act(place: str, told: Mapping[str, Any]) -> Iterable[str]:
    for name, step in OF_ACTS.items():
        if name in told and told.get("step") != step:
            yield f"{place}的{name}只在{step}（{MajorDecision.steps[step].title}）写明"
        elif name in told:
            yield from _fact(f"{place}的{name}", name, _kinds()[name], told[name])


def _again(acts: list[dict[str, Any]], facts: Mapping[str, Any]) -> Iterable[str]:
    """Steps told more than once: those that are taken once, and those whose every act must say what it came to."""
    by_step: dict[str, list[dict[str, Any]]] = {}
    for each in acts:
        by_step.setdefault(each["step"], []).append(each)
    for name, several in by_step.items():
        step = MajorDecision.steps[name]
        if len(several) > 1 and not step.repeats:
            yield f"acts中的{name}（{step.title}）写了{len(several)}次，这个环节只办理一次，请只留一处"
    reviews = by_step.get("review", [])
    if len(reviews) > 1 and any("legality" not in each for each in reviews):
        yield "acts中的review（合法性审查）不止一次，请在每一次写明legality（审查结论），以便判断上会之日有效的结论"
    for name, step_name in OF_ACTS.items():
        last = by_step.get(step_name, [{}])[-1].get(name)
        if last is not None and facts.get(name) not in (None, last):
            yield f"facts的{name}与acts中最后一次{step_name}的{name}不一致，请核对"


def _to_come(found: Mapping[str, Any]) -> Iterable[str]:
    """Days later than the day of the score of what is told as having taken place."""
    told, register, at = found.get("facts", {}), found.get("register", {}), found.get("at")
    listed = register.get("catalogue") if isinstance(register, dict) else None
    for place, facts in (("facts", told), ("register的catalogue", listed)):
        if not isinstance(facts, dict) or not isinstance(at, str):
            continue
        for name in PAST:
            if isinstance(day := facts.get(name), str) and day > at:
                yield f"{place}的{name}晚于评分的日期at"


def _files(told: Any) -> Iterable[str]:
    if not isinstance(told, dict):
        yield 'files应当写明各环节的文件数，例如 {"draft": 2}'
        return
    for step, count in told.items():
        if step not in MajorDecision.steps:
            yield f"files的“{step[:40]}”不是办理环节"
        yield from _count(f"files的{step[:40]}", count)


@cache
def _kinds() -> Mapping[str, str]:
    """What a fact of each name is: the field of the case, by its annotation; "" for an answer that no score looks at."""
    asked = {each.key: "" for step in MajorDecision.steps.values() for each in step.asks}
    set_by_steps = {key: "" for step in MajorDecision.steps.values() for key in step.sets}
    known = {each.name: str(each.type) for each in fields(DecisionFacts) if each.type != "tuple[str, ...]"}  # those are reckoned
    return {**asked, **set_by_steps, "evidence_count": "int", "number": "", **known}


@cache
def _answers() -> Mapping[str, Mapping[str, str]]:
    """The answers that a question picks from, by its key: each with its words."""
    found: dict[str, dict[str, str]] = {}
    for step in MajorDecision.steps.values():
        for each in step.asks:
            if each.type in (CHOICE, CHOICES):
                found.setdefault(each.key, {}).update(each.choices)
    return found


def _picked(where: str, answers: Mapping[str, str], value: Any) -> Iterable[str]:
    """An answer that is none of those there are: “常务会议” where the record says “standing” would count as another meeting."""
    for each in value if isinstance(value, list) else [value]:
        if answers and each not in answers:
            known = "、".join(f"{key}（{label}）" for key, label in answers.items())
            yield f"{where}的“{str(each)[:20]}”不在选项中，请从{known}中选填；还没有登记的，不写这一项"


@cache
def _columns() -> Mapping[str, Mapping[str, Field]]:
    asked = [each for step in MajorDecision.steps.values() for each in step.asks if each.columns]
    return {each.key: {column.key: column for column in each.columns} for each in asked}


def _facts(place: str, told: Any) -> Iterable[str]:
    if not isinstance(told, dict):
        yield f"{place}应当是一组“名称: 值”"
        return
    kinds = _kinds()
    for name, value in told.items():
        where = f"{place}的{name[:40]}"
        if name not in kinds:
            yield f"{place}的“{name[:40]}”不认识，请核对名称"
        elif value is not None:
            yield from _fact(where, name, kinds[name], value)


def _fact(where: str, name: str, kind: str, value: Any) -> Iterable[str]:
    match kind:
        case "str" if not isinstance(value, str):
            yield f"{where}应当是文字"
        case "bool" if not isinstance(value, bool):
            yield f"{where}应当是true或者false"
        case "int" if isinstance(value, bool) or not isinstance(value, int):
            yield f"{where}应当是整数"
        case "int" if name == "catalogue_year" and not EARLIEST.year <= value <= LATEST.year:
            yield f"{where}应当在{EARLIEST.year}年至{LATEST.year}年之间"
        case "date":
            yield from _date(where, value)
        case "frozenset[str]" if _texts(value) is None:
            yield f"{where}应当是文字的列表"
        case "tuple[Row, ...]":
            yield from _rows(where, _columns().get(name, {}), value)
        case "str" | "frozenset[str]":
            yield from _picked(where, _answers().get(name, {}), value)


def _rows(where: str, columns: Mapping[str, Field], told: Any) -> Iterable[str]:
    if not isinstance(told, list) or not all(isinstance(row, dict) for row in told):
        yield f"{where}应当是逐行列出的内容"
        return
    for n, row in enumerate(told, 1):
        for key, value in row.items():
            kind, at = columns[key].type if key in columns else "", f"{where}第{n}行的{key[:40]}"
            if columns and key not in columns:
                yield f"{where}第{n}行的“{key[:40]}”不认识，只能填写{'、'.join(columns)}"
            elif kind == YES_NO and value is not None and not isinstance(value, bool):
                yield f"{at}应当是true或者false"
            elif kind == CHOICE and isinstance(value, str) and value:
                yield from _picked(at, dict(columns[key].choices), value)
            elif value is not None and not isinstance(value, (str, int)):
                yield f"{at}应当是文字、整数、true或者false"
            elif kind == NUMBER and value is not None and (isinstance(value, bool) or not isinstance(value, int)):
                yield f"{at}应当是整数"
            elif kind == DATE and value:
                yield from _date(at, value)


def _register(told: Any) -> Iterable[str]:
    if not isinstance(told, dict):
        yield "register应当是一组“名称: 值”"
        return
    yield from _unknown("register", told, REGISTER)
    body = told.get("organisation")
    if body is not None and not (isinstance(body, dict) and all(isinstance(body.get(key), str) for key in ("name", "kind"))):
        yield "register的organisation应当写明name（名称）和kind（类型）"
    if told.get("changes") is not None and _texts(told["changes"]) is None:
        yield 'register的changes应当是逐次调整决定的列表，例如 ["minor"]'
    yield from _count("register的pages", told.get("pages") or 0)
    for name in MERGED:
        if told.get(name) is not None:
            yield from _facts(f"register的{name}", told[name])
    for name in ("drawn", "recused"):
        if told.get(name) is not None:
            yield from _rows(f"register的{name}", {}, told[name])
    if told.get("consultation") is not None:
        yield from _consultation("register的consultation", told["consultation"])


def _consultation(where: str, asked: Any) -> Iterable[str]:
    if not isinstance(asked, dict):
        yield f"{where}应当是一组“名称: 值”"
        return
    for name in (*DAYS, *COUNTS, "summarised_on", "shortened_reason"):
        if name not in asked:
            yield f"{where}缺少{name}"
        elif name in DAYS or (name == "summarised_on" and asked[name]):
            yield from _date(f"{where}的{name}", asked[name])
        elif name in COUNTS:
            yield from _count(f"{where}的{name}", asked[name])
        elif name == "shortened_reason" and not isinstance(asked[name], str):
            yield f"{where}的{name}应当是文字"
    if all(isinstance(asked.get(name), str) for name in DAYS) and asked["closes_on"] < asked["opens_on"]:
        yield f"{where}的closes_on早于opens_on"
    for (more, label), (less, part) in pairwise(DECREASING):
        if all(type(asked.get(name)) is int for name in (more, less)) and asked[less] > asked[more]:
            yield f"{where}的{less}（{part}）多于{more}（{label}），请核对"
