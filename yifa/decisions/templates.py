"""Reading a set of templates from its file, numbers exact: 0.5 is fifty hundredths, never a binary fraction.

`faults(text)` says everything that is wrong, each with its line; `load(text)` refuses a text that has any.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from yifa.decisions import template_set
from yifa.decisions.template_set import (
    CheckItem,
    Fault,
    Grade,
    Indicator,
    Point,
    RedLineItem,
    Template,
    TemplateSet,
    UnfitTemplatesError,
)

FOLDER = Path(__file__).parent / "sets"
INSTALLED = "dec_7_15_26.yaml"


@lru_cache(maxsize=8)
def load(text: str) -> TemplateSet:
    """The set that a file says. Raises UnfitTemplatesError with every fault and its line."""
    found, wrong = _read(text)
    if wrong or found is None:
        raise UnfitTemplatesError(wrong)
    return found


def faults(text: str) -> list[Fault]:
    """Everything that makes this text unfit to be a set; none when it is fit."""
    return _read(text)[1]


def installed() -> TemplateSet:
    """The set that comes with the platform."""
    return _installed()


@lru_cache(maxsize=1)
def _installed() -> TemplateSet:
    return load((FOLDER / INSTALLED).read_text(encoding="utf-8"))


def _read(text: str) -> tuple[TemplateSet | None, list[Fault]]:
    try:
        root = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as problem:
        return None, [Fault(problem.problem_mark.line + 1 if problem.problem_mark else 0, f"不是YAML文件：{problem.problem}")]
    except yaml.YAMLError as problem:
        return None, [Fault(0, f"不是YAML文件：{problem}")]
    reading = _Reading()
    part = reading.part(root, "本套模版")
    if part is None:
        return None, reading.faults
    found = _set(part, hashlib.sha256(text.encode()).hexdigest())
    return found, sorted(reading.faults or template_set.faults(found))


class _Reading:
    """Walks the tree of a file and notes what has not the shape it should have; what is unreadable counts as empty."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def wrong(self, node: yaml.Node | None, text: str) -> None:
        self.faults.append(Fault(node.start_mark.line + 1 if node else 0, text))

    def part(self, node: yaml.Node | None, name: str) -> _Part | None:
        if not isinstance(node, yaml.MappingNode):
            self.wrong(node, f"{name}应当是一组“键: 值”")
            return None
        keys: dict[str, yaml.Node] = {}
        lines: dict[str, int] = {}
        for key, value in node.value:
            if key.value in keys:
                self.wrong(key, f"{name}的{key.value}写了两次")
            keys[key.value], lines[key.value] = value, key.start_mark.line + 1
        return _Part(self, name, keys, lines, node)


class _Part:
    """One mapping of the file: its keys are asked for by name, each as what it should be."""

    def __init__(self, reading: _Reading, name: str, keys: Mapping[str, yaml.Node], lines: Mapping[str, int], node: yaml.Node) -> None:
        self.reading, self.name, self.keys, self.lines, self.node = reading, name, keys, lines, node

    @property
    def line(self) -> int:
        return int(self.node.start_mark.line) + 1

    def _scalar(self, key: str, *, required: bool) -> yaml.ScalarNode | None:
        node = self.keys.get(key)
        if node is None:
            if required:
                self.reading.wrong(self.node, f"{self.name}缺少{key}")
            return None
        if not isinstance(node, yaml.ScalarNode):
            self.reading.wrong(node, f"{self.name}的{key}应当是一个值")
            return None
        return node

    def text(self, key: str, *, required: bool = True) -> str:
        node = self._scalar(key, required=required)
        if node is not None and not node.value.strip() and required:
            self.reading.wrong(node, f"{self.name}的{key}是空的")
        return node.value.strip() if node is not None else ""

    def hundredths(self, key: str, *, required: bool = True) -> int | None:
        """A number of at most two decimals, not below nought, as whole hundredths."""
        node = self._scalar(key, required=required)
        if node is None:
            return None
        try:
            number = Decimal(node.value) * 100
            fits = number.is_finite() and number >= 0 and number == number.to_integral_value()
        except ArithmeticError:
            fits = False
        if not fits:
            self.reading.wrong(node, f"{self.name}的{key}应当是不小于零、最多两位小数的数，不能是“{node.value}”")
            return None
        return int(number)

    def weight(self, key: str) -> int:
        return self.hundredths(key) or 0

    def count(self, key: str) -> int:
        found = self.hundredths(key)
        if found is not None and found % 100:
            self.reading.wrong(self.keys[key], f"{self.name}的{key}应当是整数")
        return (found or 0) // 100

    def inner(self, key: str) -> _Part | None:
        if key not in self.keys:
            self.reading.wrong(self.node, f"{self.name}缺少{key}")
            return None
        return self.reading.part(self.keys[key], f"{self.name}的{key}")

    def texts(self, key: str) -> tuple[str, ...]:
        node = self.keys.get(key)
        if node is None:
            return ()
        if not isinstance(node, yaml.SequenceNode) or not all(isinstance(each, yaml.ScalarNode) for each in node.value):
            self.reading.wrong(node, f"{self.name}的{key}应当是逐条列出的文字")
            return ()
        return tuple(each.value for each in node.value)

    def each(self, key: str, called: str, build: Callable[[_Part], Any]) -> tuple[Any, ...]:
        """The parts listed under a key, each built; `called` names one of them in a fault."""
        node = self.keys.get(key)
        if not isinstance(node, yaml.SequenceNode):
            self.reading.wrong(node or self.node, f"{self.name}缺少{key}" if node is None else f"{self.name}的{key}应当是逐条列出的")
            return ()
        found = []
        for one in node.value:
            part = self.reading.part(one, called)
            if part is not None:
                code = part.keys.get("code")
                part.name = f"{called}{code.value}" if isinstance(code, yaml.ScalarNode) else called
                found.append(build(part))
        return tuple(found)


def _set(part: _Part, digest: str) -> TemplateSet:
    expect = part.inner("expect")
    counts = {key: expect.count(key) for key in ("points", "indicators", "templates", "checks")} if expect else {}
    return TemplateSet(
        code=part.text("code"),
        version=part.text("version"),
        status=part.text("status"),
        title=part.text("title"),
        total=part.weight("total"),
        expect=counts,
        points=part.each("points", "监督点", _point),
        red_lines=part.each("red_lines", "红线", _red_line),
        grades=part.each("grades", "等次", lambda each: Grade(each.text("name"), each.weight("min"), each.line)),
        digest=digest,
        lines={**part.lines, **(expect.lines if expect else {})},
    )


def _point(part: _Part) -> Point:
    indicators = part.each("indicators", "指标", _indicator)
    return Point(part.text("code"), part.text("title"), part.text("basis"), part.weight("weight"), indicators, part.line)


def _indicator(part: _Part) -> Indicator:
    return Indicator(part.text("code"), part.text("title"), part.weight("weight"), part.each("templates", "模版", _template), part.line)


def _template(part: _Part) -> Template:
    return Template(
        code=part.text("code"),
        title=part.text("title"),
        weight=part.weight("weight"),
        not_applicable=part.text("not_applicable"),
        fields=part.texts("fields"),
        evidence=part.texts("evidence"),
        checks=part.each("checks", "评价点", _check),
        line=part.line,
    )


def _check(part: _Part) -> CheckItem:
    return CheckItem(part.text("code"), part.weight("points"), part.text("type"), part.text("text"), part.line)


def _red_line(part: _Part) -> RedLineItem:
    """`total: 0` voids the score; any other total is none of the consequences there are."""
    effect = part.inner("effect")
    if effect is None:
        return RedLineItem(part.text("code"), part.text("when"), line=part.line)
    total = effect.hundredths("total", required=False)
    if total:
        effect.reading.wrong(effect.keys["total"], f"{effect.name}的total只能是0")
    return RedLineItem(
        code=part.text("code"),
        when=part.text("when"),
        cap=effect.hundredths("score_cap", required=False),
        zero=effect.texts("zero"),
        void=total == 0,
        deduction=effect.hundredths("unit_deduction", required=False) or 0,
        blocks=effect.text("block_step", required=False),
        refers=effect.text("refer", required=False),
        line=part.line,
    )
