"""Sets of templates: reading one from its file, and which of them holds on a day.

Numbers are exact: 0.5 is fifty hundredths, never a binary fraction. `faults(text)` says everything that is wrong, each with its line;
`load(text)` refuses a text that has any. A file is looked at as a stream of marks before it is built into a tree: references, tags and
nesting that a set never needs are refused there, so that a small file cannot grow without bound.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from yifa.decisions import template_set
from yifa.decisions.models import TemplateVersion
from yifa.decisions.template_set import (
    STATUSES,
    WAYS,
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
LARGEST = 1_000_000  # bytes of a file; the set that comes with the platform has some thirty thousand
DEEPEST = 16  # levels of nesting; a set has nine
MOST = 50_000  # marks of a file
SCHEMA = "1"  # of the file's shape; another one is read by another release
_NUMBER = re.compile(r"[0-9]{1,6}(\.[0-9]{1,9})?")
_NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,39}")
_NULL = "tag:yaml.org,2002:null"


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


def decode(content: bytes) -> tuple[str, list[Fault]]:
    """The text of an uploaded file, or why there is none."""
    if len(content) > LARGEST:
        return "", [Fault(0, f"文件超过{LARGEST // 1000}千字节；评价模版应当是一个YAML文字文件")]
    try:
        return content.decode("utf-8-sig"), []
    except UnicodeDecodeError as problem:
        line = content[: problem.start].count(b"\n") + 1
        return "", [Fault(line, f"文件不是UTF-8文字（第{problem.start + 1}个字节），请另存为UTF-8编码的YAML文件")]


def installed() -> TemplateSet:
    """The set that comes with the platform."""
    return _installed()


def in_force(day: date) -> TemplateSet:
    """The set that holds on a day: the approved one that began last, else the one that comes with the platform."""
    return Versions().on(day)


class Versions:
    """The approved sets as they are now: one small statement, the texts read when they are asked for."""

    def __init__(self) -> None:
        approved = TemplateVersion.objects.filter(status=TemplateVersion.Status.APPROVED, valid_from__isnull=False)
        self._begins = [(day, digest) for day, digest in approved.order_by("valid_from").values_list("valid_from", "digest") if day]

    def on(self, day: date) -> TemplateSet:
        digest = next((digest for begins, digest in reversed(self._begins) if begins <= day), "")
        return self.named(digest)

    @staticmethod
    def named(digest: str) -> TemplateSet:
        """The set of a digest; without one, the set that comes with the platform."""
        return _named(digest) if digest and digest != installed().digest else installed()


@lru_cache(maxsize=8)
def _named(digest: str) -> TemplateSet:
    """A text is never changed, so it is read once."""
    row = TemplateVersion.objects.exclude(status=TemplateVersion.Status.REFUSED).get(digest=digest)
    return load(row.text)


@lru_cache(maxsize=1)
def _installed() -> TemplateSet:
    return load(installed_text())


def installed_text() -> str:
    return (FOLDER / INSTALLED).read_text(encoding="utf-8")


def _read(text: str) -> tuple[TemplateSet | None, list[Fault]]:
    try:
        if unfit := list(_unfit(text)):
            return None, unfit
        root = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError as problem:
        return None, [_unreadable(text, problem)]
    if root is None:
        return None, [Fault(0, "文件是空的，请选择写有评价模版的YAML文件")]
    reading = _Reading()
    part = reading.part(root, "本套模版")
    if part is None:
        return None, reading.faults
    found = _set(part, hashlib.sha256(text.encode()).hexdigest())
    return found, sorted({*reading.faults, *template_set.faults(found)})


def _unreadable(text: str, problem: yaml.YAMLError) -> Fault:
    """Where the text stops being YAML, and what to do there; the parser's own words are for programmers."""
    if isinstance(problem, yaml.reader.ReaderError):
        code = problem.character if isinstance(problem.character, int) else ord(problem.character)
        at = next((n for n, char in enumerate(text) if ord(char) == code), 0)
        return Fault(text.count("\n", 0, at) + 1, f"不是YAML文件：含有不能使用的字符（U+{code:04X}），请删去")
    mark = problem.problem_mark if isinstance(problem, yaml.MarkedYAMLError) else None
    lines, line = text.splitlines(), mark.line + 1 if mark else 0
    here = lines[line - 1] if 0 < line <= len(lines) else ""
    if "\t" in here[: len(here) - len(here.lstrip())]:
        return Fault(line, "不是YAML文件：不能用制表符（Tab）缩进，请改用空格")
    if here.startswith("---"):
        return Fault(line, "不是YAML文件：一个文件只写一套模版，请删去这一行“---”以后的内容")
    return Fault(line, "不是YAML文件：这里读不下去，请检查这一行和上一行的缩进、冒号后的空格、引号和括号是否成对")


def _unfit(text: str) -> Iterator[Fault]:
    """What no set needs and what could make a small file endless. The stream of marks is read without building anything."""
    depth = 0
    for n, mark in enumerate(yaml.parse(text, Loader=yaml.CSafeLoader)):
        line = mark.start_mark.line + 1 if mark.start_mark else 0
        if isinstance(mark, yaml.AliasEvent) or getattr(mark, "anchor", None):
            yield Fault(line, "不能使用引用（&、*），请把内容直接写出来")
            return
        if tag := getattr(mark, "tag", None):
            yield Fault(line, f"不能使用类型标记（{tag}）")
            return
        depth += isinstance(mark, yaml.CollectionStartEvent) - isinstance(mark, yaml.CollectionEndEvent)
        if depth > DEEPEST or n > MOST:
            yield Fault(line, "层次太深，不是评价模版" if depth > DEEPEST else "内容太多，不是评价模版")
            return


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
            if not isinstance(key, yaml.ScalarNode):
                self.wrong(key, f"{name}的键应当是一个词")
                continue
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

    def only(self, *known: str) -> None:
        """A key that nobody reads is a mistake of spelling: what it was to say would be lost."""
        for key in self.keys.keys() - set(known):
            self.reading.faults.append(Fault(self.lines[key], f"{self.name}中的“{key}”不认识"))

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
        value = node.value.strip() if node is not None and node.tag != _NULL else ""
        if node is not None and not value and required:
            self.reading.wrong(node, f"{self.name}的{key}是空的")
        return value

    def short(self, key: str, most: int) -> str:
        """A title: one line of so many characters at most."""
        value = self.text(key)
        if len(value) > most or not value.isprintable():
            self.reading.wrong(self.keys[key], f"{self.name}的{key}应当写成一行，不超过{most}字")
        return value

    def named(self, key: str) -> str:
        """A code or a version number: letters, digits, point, hyphen and underscore."""
        value = self.text(key)
        if value and not _NAME.fullmatch(value):
            self.reading.wrong(self.keys[key], f"{self.name}的{key}应当由不超过40个字母、数字、点、短横组成，不能是“{value[:40]}”")
        return value

    def hundredths(self, key: str, *, required: bool = True) -> int | None:
        """A number of at most two decimals, not below nought, as whole hundredths."""
        node = self._scalar(key, required=required)
        if node is None:
            return None
        whole, _, rest = node.value.partition(".")
        if not _NUMBER.fullmatch(node.value) or rest[2:].strip("0"):
            self.reading.wrong(node, f"{self.name}的{key}应当是不小于零、最多两位小数的数，不能是“{node.value[:40]}”")
            return None
        return int(whole) * 100 + int((rest + "00")[:2])

    def weight(self, key: str) -> int:
        found = self.hundredths(key)
        if found == 0:
            self.reading.wrong(self.keys[key], f"{self.name}的{key}应当大于零")
        return found or 0

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
        if not node.value:
            self.reading.wrong(node, f"{self.name}的{key}是空的")
        found = []
        for one in node.value:
            part = self.reading.part(one, called)
            if part is not None:
                code = part.keys.get("code")
                part.name = f"{called}{code.value}" if isinstance(code, yaml.ScalarNode) else called
                found.append(build(part))
        return tuple(found)


_ROOT = ("schema_version", "code", "version", "status", "title", "total", "expect", "not_applicable", "red_lines", "grades", "points")
_EFFECTS = ("block_step", "score_cap", "zero", "total", "unit_deduction", "refer")


def _set(part: _Part, digest: str) -> TemplateSet:
    part.only(*_ROOT)
    expect = part.inner("expect")
    if expect:
        expect.only("points", "indicators", "templates", "checks")
    told = {key: expect.count(key) for key in ("points", "indicators", "templates", "checks")} if expect else {}
    counts = {key: told[key] for key in told if expect and key in expect.keys}
    if (schema := part.text("schema_version")) not in ("", SCHEMA):
        part.reading.wrong(part.keys["schema_version"], f"{part.name}的schema_version应当是{SCHEMA}，不能是“{schema[:40]}”")
    if (status := part.text("status")) not in ("", *STATUSES):
        part.reading.wrong(part.keys["status"], f"{part.name}的status应当是{'、'.join(STATUSES)}之一，不能是“{status[:40]}”")
    if "not_applicable" in part.keys and (ways := part.inner("not_applicable")):
        ways.only(*WAYS)
    return TemplateSet(
        code=part.named("code"),
        version=part.named("version"),
        status=status,
        title=part.short("title", 200),
        total=part.weight("total"),
        expect=counts,
        points=part.each("points", "监督点", _point),
        red_lines=part.each("red_lines", "红线", _red_line),
        grades=part.each("grades", "等次", _grade),
        digest=digest,
        lines={**part.lines, **{f"expect.{key}": line for key, line in (expect.lines if expect else {}).items()}},
    )


def _grade(part: _Part) -> Grade:
    part.only("name", "min")
    return Grade(part.short("name", 20), part.hundredths("min") or 0, part.line)


def _point(part: _Part) -> Point:
    part.only("code", "title", "basis", "weight", "indicators")
    indicators = part.each("indicators", "指标", _indicator)
    return Point(part.named("code"), part.short("title", 200), part.text("basis"), part.weight("weight"), indicators, part.line)


def _indicator(part: _Part) -> Indicator:
    part.only("code", "title", "weight", "templates")
    return Indicator(
        part.named("code"), part.short("title", 200), part.weight("weight"), part.each("templates", "模版", _template), part.line
    )


def _template(part: _Part) -> Template:
    part.only("code", "title", "weight", "not_applicable", "fields", "evidence", "checks")
    return Template(
        code=part.named("code"),
        title=part.short("title", 200),
        weight=part.weight("weight"),
        not_applicable=part.text("not_applicable"),
        fields=part.texts("fields"),
        evidence=part.texts("evidence"),
        checks=part.each("checks", "评价点", _check),
        line=part.line,
    )


def _check(part: _Part) -> CheckItem:
    """`expr` says in words for programmers what the function does; it is not read."""
    part.only("code", "points", "type", "expr", "text")
    return CheckItem(part.named("code"), part.weight("points"), part.text("type"), part.text("text"), part.line)


def _red_line(part: _Part) -> RedLineItem:
    """`total: 0` voids the score; any other total is none of the consequences there are."""
    part.only("code", "when", "effect")
    effect = part.inner("effect")
    if effect is None:
        return RedLineItem(part.named("code"), part.text("when"), line=part.line)
    effect.only(*_EFFECTS)
    if not effect.keys:
        effect.reading.wrong(effect.node, f"{effect.name}是空的，应当写明后果")
    total = effect.hundredths("total", required=False)
    if total:
        effect.reading.wrong(effect.keys["total"], f"{effect.name}的total只能是0")
    return RedLineItem(
        code=part.named("code"),
        when=part.text("when"),
        cap=effect.hundredths("score_cap", required=False),
        zero=effect.texts("zero"),
        void=total == 0,
        deduction=effect.hundredths("unit_deduction", required=False) or 0,
        blocks=effect.text("block_step", required=False),
        refers=effect.text("refer", required=False),
        line=part.line,
    )
