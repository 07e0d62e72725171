"""Between a step's declaration and the page: the boxes of a form, and what came back from it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import QueryDict

from yifa.procedures import party
from yifa.procedures.core import Finding, Step
from yifa.procedures.fields import CHOICE, CHOICES, DATE, FILES, ITEM, MAX_ROWS, MOMENT, PARTY, PERSONS, ROWS, SIGNATURE, TEXT, Field

Chooser = Callable[[Field], Sequence[tuple[str, str]]]
PARTY_PARTS = (
    Field("name", "姓名或者名称"),
    Field("identity_kind", "证件种类", CHOICE, choices=party.IDENTITY_KINDS),
    Field("identity_number", "证件号码", help="公民填身份证号，单位填统一社会信用代码"),
    Field("born_on", "出生日期", DATE, required=False, when=("party.identity_kind", ("passport", "other"))),
    Field("representative", "法定代表人、负责人或者经营者", required=False, when=("party_kind", (party.TRADER, party.ENTITY))),
    Field("phone", "联系电话", required=False),
    Field("address", "住址或者住所", required=False),
)


@dataclass(frozen=True)
class Box:
    """One question on the page, as `procedures/field.html` reads it."""

    field: Field
    name: str
    value: Any = None
    error: str = ""
    choices: Sequence[tuple[str, str, bool]] = ()
    parts: Sequence[Box] = ()
    rows: Sequence[Sequence[Box]] = ()
    files: Sequence[Mapping[str, str]] = ()
    url: str = ""
    shown: str = ""

    @property
    def when_values(self) -> str:
        return ",".join(_plain(value) for value in self.field.when[1]) if self.field.when else ""


@dataclass(frozen=True)
class Group:
    title: str
    fields: Sequence[Box]


@dataclass(frozen=True)
class Sent:
    """A form that came back: raw answers (parsed by the interpreter, never here), reasons for warnings, files, and 补录."""

    answers: Mapping[str, Any]
    reasons: Mapping[str, str]
    files: tuple[str, ...]
    late: Mapping[str, str]
    key: str
    seen: int | None


LATE = (
    Field("late_at", "实际办理时间", MOMENT, required=False),
    Field("late_reason", "补录的理由", TEXT, required=False, help="例如：现场停电、没有网络"),
    Field("late_paper", "纸质文书的编号", TEXT, required=False),
    Field("late_files", "纸质文书的照片", FILES, required=False),
)


def groups(
    step: Step,
    values: Mapping[str, Any],
    findings: Iterable[Finding],
    choose: Chooser,
    signers: Sequence[str],
    files: Sequence[Mapping[str, str]],
) -> list[Group]:
    """The step's questions in their groups, in the order of the declaration."""
    errors = {each.field: each.text for each in findings if each.field}
    found: dict[str, list[Box]] = {}
    for each in step.asks:
        found.setdefault(each.group, []).extend(_boxes(each, values, errors, choose, signers, files))
    return [Group(title, boxes) for title, boxes in found.items()]


def late_boxes(step: Step, values: Mapping[str, str], findings: Iterable[Finding], files: Sequence[Mapping[str, str]]) -> list[Box]:
    """The questions of a late entry; a step that takes no file in asks for none."""
    errors = {each.field: each.text for each in findings if each.field}
    errors["late_at"] = errors.get("at", "")
    return [
        Box(each, f"_{each.key}", values.get(each.key), errors.get(each.key, ""), files=files if each.type == FILES else ())
        for each in LATE
        if not (step.bare and each.type == FILES)
    ]


def _boxes(
    each: Field,
    values: Mapping[str, Any],
    errors: Mapping[str, str],
    choose: Chooser,
    signers: Sequence[str],
    files: Sequence[Mapping[str, str]],
) -> list[Box]:
    value, error = values.get(each.key, each.default), errors.get(each.key, "")
    if each.type in (CHOICE, CHOICES):
        chosen = value if isinstance(value, list) else [value]
        return [Box(each, each.key, value, error, [(key, label, key in chosen) for key, label in each.choices])]
    if each.type == PARTY:
        stated = value if isinstance(value, Mapping) else {}
        parts = [_part(one, stated) for one in PARTY_PARTS]
        return [Box(each, each.key, None, error, parts=parts)]
    if each.type == SIGNATURE and each.key == "officer_signatures":
        people = value.get("people", []) if isinstance(value, Mapping) else []
        return [
            Box(
                replace(each, label=f"{each.label}:{name}"),
                f"{each.key}.{n}",
                json.dumps(people[n]) if n < len(people) else "",
                error if not n else "",
            )
            for n, name in enumerate(signers)
        ]
    if each.type == SIGNATURE:
        return [Box(each, each.key, json.dumps(value) if isinstance(value, Mapping) else "", error)]
    if each.type == FILES:
        return [Box(each, each.key, None, error, files=files)]
    if each.type == PERSONS:
        chosen = value if isinstance(value, list) else [value]
        return [Box(each, each.key, value, error, [(key, label, key in chosen) for key, label in choose(each)])]
    if each.type == ROWS:
        given = [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []
        # `parts` is the blank row that the page copies; a question that must be answered begins with one.
        rows = [_row(each, n, row) for n, row in enumerate(given or ([{}] if each.required else []))]
        return [Box(each, each.key, None, error, parts=_row(each, "#", {}), rows=rows)]
    if each.type == ITEM:
        return [Box(each, each.key, value, error, url=f"/desk/pick/{each.key}/", shown=dict(choose(each)).get(str(value or ""), ""))]
    return [Box(each, each.key, value, error)]


def _part(one: Field, stated: Mapping[str, Any]) -> Box:
    value = stated.get(one.key)
    return Box(one, f"party.{one.key}", value, choices=[(key, label, key == value) for key, label in one.choices])


def _row(each: Field, n: int | str, stated: Mapping[str, Any]) -> list[Box]:
    found = []
    for one in each.columns:
        value = stated.get(one.key, one.default)
        when = (f"{each.key}.{n}.{one.when[0]}", one.when[1]) if one.when else None
        choices = [(key, label, key == value) for key, label in one.choices]
        found.append(Box(replace(one, when=when), f"{each.key}.{n}.{one.key}", value, choices=choices))
    return found


def _rows(each: Field, post: QueryDict) -> list[dict[str, str]]:
    """The rows that came back, in their order on the page; numbers may have gaps where a row was taken away."""
    numbers = sorted({int(part) for name in post if name.startswith(f"{each.key}.") and (part := name.split(".")[1]).isdecimal()})
    cells = [{one.key: post.get(f"{each.key}.{n}.{one.key}", "").strip() for one in each.columns} for n in numbers[: MAX_ROWS + 1]]
    # A cell whose default alone was sent says nothing.
    blank = {one.key: str(one.default or "") for one in each.columns}
    return [{key: text for key, text in row.items() if text} for row in cells if row != blank and any(row.values())]


def sent(step: Step, post: QueryDict) -> Sent:
    """Reads a posted form. Disabled (not asked) questions are simply absent."""
    answers: dict[str, Any] = {}
    for each in step.asks:
        if each.type in (CHOICES, PERSONS, FILES):
            value: Any = post.getlist(each.key)
        elif each.type == PARTY:
            value = {one.key: text for one in PARTY_PARTS if (text := post.get(f"{each.key}.{one.key}", "").strip())}
        elif each.type == SIGNATURE and each.key == "officer_signatures":
            value = {"people": [drawn for n in range(9) if (drawn := _drawn(post.get(f"{each.key}.{n}", "")))]}
            value = value if value["people"] else None
        elif each.type == SIGNATURE:
            value = _drawn(post.get(each.key, ""))
        elif each.type == ROWS:
            value = _rows(each, post)
        else:
            value = post.get(each.key)
        if value not in (None, "", [], {}):
            answers[each.key] = value
    reasons = {name.removeprefix("_reason."): str(post[name]) for name in post if name.startswith("_reason.")}
    files = [value for each in step.asks if each.type == FILES for value in post.getlist(each.key)]
    late = {each.key: str(post[f"_{each.key}"]) for each in LATE if each.type != FILES and post.get(f"_{each.key}")}
    seen = post.get("_seen", "")
    return Sent(answers, reasons, (*files, *post.getlist("_late_files")), late, post.get("_key", ""), int(seen) if seen.isdigit() else None)


def _drawn(text: str) -> Any:
    if not text:
        return None
    try:
        drawn = json.loads(text)
    except ValueError:
        return None
    return drawn if isinstance(drawn, dict) and (drawn.get("strokes") or drawn.get("png")) else None


def _plain(value: Any) -> str:
    return ("false", "true")[value] if isinstance(value, bool) else str(value)
