"""Reading an indicator set from its YAML file, numbers exact: 0.34 is thirty-four hundredths, never a binary fraction."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from yifa.assessment.indicators import Indicators, UnfitSetError, build, hundredths, number
from yifa.assessment.scoring import Scale

FOLDER = Path(__file__).parent / "sets"


class _Loader(yaml.SafeLoader):
    """SafeLoader whose floats are Decimal."""


def _decimal(loader: _Loader, node: yaml.ScalarNode) -> Decimal:
    return Decimal(str(loader.construct_scalar(node)))


_Loader.add_constructor("tag:yaml.org,2002:float", _decimal)


@lru_cache(maxsize=16)
def parse(text: str) -> Indicators:
    """Raises UnfitSetError, also when the text is no YAML."""
    try:
        data: Any = yaml.load(text, Loader=_Loader)  # noqa: S506 - a SafeLoader
    except yaml.YAMLError as problem:
        raise UnfitSetError([f"不是YAML文件：{problem}"]) from problem
    if not isinstance(data, dict):
        raise UnfitSetError(["文件里没有指标集"])
    return build(data)


def committed() -> Iterator[str]:
    """The texts of the sets that come with the platform."""
    for path in sorted(FOLDER.glob("*.yaml")):
        yield path.read_text(encoding="utf-8")


@dataclass(frozen=True, order=True)
class Fault:
    """What is wrong with a set's file, and in which line (from 1; 0 = the file as a whole)."""

    line: int
    text: str


TEXT, NUMBER, FLAG, WEIGHT = "文字", "数", "true或者false", "不小于零、最多两位小数的数"
_METRIC = {
    **dict.fromkeys(("code", "name", "platform", "formula", "direction"), TEXT),
    **dict.fromkeys(("full", "zero", "min_n"), NUMBER),
    "scored": FLAG,
}
_OUTCOME = {"code": TEXT, "title": TEXT, "mode": TEXT, "weight": WEIGHT, "evidence": [TEXT]}
_MEASURE = {"code": TEXT, "title": TEXT, "outline_item": NUMBER, "scope": TEXT, "weight": WEIGHT, "outcomes": [_OUTCOME]}
_OUTLINE = {"no": NUMBER, "title": TEXT}
_ASPECT = {"code": TEXT, "title": TEXT, "weight": WEIGHT, "outline_items": [_OUTLINE], "measures": [_MEASURE]}
# What a set must have. Beside it may stand more: label, note, basis, rubrics, expect, the metric and rubric of an outcome.
SHAPE: dict[str, Any] = {
    **dict.fromkeys(("code", "title", "version", "status"), TEXT),
    "total": WEIGHT,
    "metrics": [_METRIC],
    "aspects": [_ASPECT],
}


def faults(text: str) -> list[Fault]:
    """Everything that makes this text unfit to be a set, each with its line; none when it is fit."""
    try:
        root = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as problem:
        return [Fault(problem.problem_mark.line + 1 if problem.problem_mark else 0, f"不是YAML文件：{problem.problem}")]
    except yaml.YAMLError as problem:
        return [Fault(0, f"不是YAML文件：{problem}")]
    if not isinstance(root, yaml.MappingNode):
        return [Fault(0, "文件里没有指标集")]
    found = list(_misshapen(root, SHAPE, "指标集")) or list(_mismeasured(root))
    if found:
        return sorted(found)
    try:
        parse(text)
    except UnfitSetError as problem:
        lines = dict(_named(root))
        return sorted(Fault(_line(each, lines), each) for each in problem.faults)
    return []


def _misshapen(node: yaml.Node, shape: Any, name: str) -> Iterator[Fault]:
    """Where the tree of the file differs from the shape."""
    line = node.start_mark.line + 1
    if isinstance(shape, dict):
        if not isinstance(node, yaml.MappingNode):
            yield Fault(line, f"{name}应当是一组“键: 值”")
            return
        values = {key.value: value for key, value in node.value}
        for key, wanted in shape.items():
            if key in values:
                yield from _misshapen(values[key], wanted, key)
            else:
                yield Fault(line, f"{name}缺少{key}")
    elif isinstance(shape, list):
        if not isinstance(node, yaml.SequenceNode):
            yield Fault(line, f"{name}应当是逐条列出的")
            return
        for each in node.value:
            yield from _misshapen(each, shape[0], f"{name}的一项")
    elif not _is(node, shape):
        shown = node.value if isinstance(node, yaml.ScalarNode) else "一组值"
        yield Fault(line, f"{name}应当是{shape}，不能是“{shown}”")


def _is(node: yaml.Node, kind: str) -> bool:
    if not isinstance(node, yaml.ScalarNode):
        return False
    tag = node.tag.rpartition(":")[2]
    if kind in (NUMBER, WEIGHT):
        return tag in ("int", "float") and _is_number(node.value, hundredths if kind == WEIGHT else number)
    return tag in {TEXT: ("str", "timestamp"), FLAG: ("bool",)}[kind]


def _is_number(text: str, read: Callable[[Decimal], Any]) -> bool:
    try:
        read(Decimal(text))
    except (ArithmeticError, ValueError):
        return False
    return True


def _mismeasured(root: yaml.MappingNode) -> Iterator[Fault]:
    """Metrics whose scale leads nowhere: full marks on the wrong side of none."""
    nodes = next(value for key, value in root.value if key.value == "metrics")
    for node in nodes.value:
        row = {key.value: value.value for key, value in node.value}
        try:
            Scale(Decimal(row["zero"]), Decimal(row["full"]), row["direction"], int(row["min_n"]))
        except ValueError as problem:
            yield Fault(node.start_mark.line + 1, f"指标{row['code']}：{problem}")


def _named(node: yaml.Node) -> Iterator[tuple[str, int]]:
    """What a fault may name, with its line: codes (of one that repeats, the last: there it should not be), counts, the total."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            line = key.start_mark.line + 1
            if key.value in _MARKS and isinstance(value, yaml.ScalarNode):
                yield _MARKS[key.value].format(value.value), line
            elif key.value == "expect" and isinstance(value, yaml.MappingNode):
                yield from ((name.value, name.start_mark.line + 1) for name, _ in value.value)
            yield from _named(value)
    elif isinstance(node, yaml.SequenceNode):
        for each in node.value:
            yield from _named(each)


_MARKS = {"code": "{}", "no": "纲要项目代码{}", "total": "权重合计"}


def _line(fault: str, lines: dict[str, int]) -> int:
    """The line of what a fault names first."""
    named = [(fault.find(name), -len(name), line) for name, line in lines.items() if name in fault]
    return min(named)[2] if named else 0
