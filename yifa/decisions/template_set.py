"""A set of templates as plain values: points, indicators, templates and checks with their weights, and what makes such a set unfit. Pure.

Weights and points are whole hundredths. `templates.py` reads a set from its file; each part keeps the line it stands in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from yifa.decisions.case import EXEMPTABLE
from yifa.decisions.checks.registry import CHECKS, DUE, RED_LINES

Points = int | Fraction  # hundredths of a point, exact
NEVER, APPROVE, TRIGGER = "never", "approve", "trigger"
WAYS = (NEVER, APPROVE, TRIGGER)
EVALUATION = "T25"  # 后评估: owed once it was triggered, which no confirmation takes away
STATUSES = ("draft", "trial", "active", "retired")
WHOLE = 10_000  # hundredths: what a set adds up to, and what a score is out of
# Kinds of checks; of the first two a person of the supervising justice office confirms what the system proposes (§2.3).
HUMAN = frozenset({"true", "set_covers"})
PRESENCE = frozenset({"present", "all_present", "cond_present"})
KINDS = HUMAN | PRESENCE | {"count_ge", "ratio", "ratio_ge", "days_ge", "days_le", "workdays_ge", "workdays_le", "date_order"}
KINDS |= {"date_le", "all_true", "order", "cond", "cond_count_ge"}

# The steps that the procedure refuses when a red line would be crossed.
BLOCKED = frozenset({"集体讨论", "作出决定"})


@dataclass(frozen=True, eq=False)
class CheckItem:
    """One check as the file has it: what it is worth and what it says."""

    code: str
    points: int
    kind: str
    text: str
    line: int = 0

    @property
    def is_human(self) -> bool:
        return self.kind in HUMAN

    @property
    def is_confirmable(self) -> bool:
        """The quality behind what is merely present is for persons to judge, too."""
        return self.kind in HUMAN or self.kind in PRESENCE


@dataclass(frozen=True, eq=False)
class Template:
    code: str
    title: str
    weight: int
    not_applicable: str
    fields: tuple[str, ...]
    evidence: tuple[str, ...]
    checks: tuple[CheckItem, ...]
    line: int = 0


@dataclass(frozen=True, eq=False)
class Indicator:
    code: str
    title: str
    weight: int
    templates: tuple[Template, ...]
    line: int = 0


@dataclass(frozen=True, eq=False)
class Point:
    code: str
    title: str
    basis: str
    weight: int
    indicators: tuple[Indicator, ...]
    line: int = 0


@dataclass(frozen=True, eq=False)
class RedLineItem:
    """What follows when a red line is crossed: at most `cap` of a hundred, nothing for the parts in `zero`, `deduction` from the unit.

    `void`: no points at all. `blocks` is the step the procedure refuses, `refers` where the case is passed on to.
    """

    code: str
    when: str
    cap: int | None = None
    zero: tuple[str, ...] = ()
    void: bool = False
    deduction: int = 0
    blocks: str = ""
    refers: str = ""
    line: int = 0

    @property
    def effects(self) -> str:
        """What follows when it is crossed, in words."""
        return "，".join(_effects(self))


@dataclass(frozen=True, eq=False)
class Grade:
    name: str
    least: int
    line: int = 0


@dataclass(frozen=True, eq=False)
class TemplateSet:
    """One version of the whole. Compared by identity; `digest` is the SHA-256 of the file's text."""

    code: str
    version: str
    status: str
    title: str
    total: int
    expect: Mapping[str, int]
    points: tuple[Point, ...]
    red_lines: tuple[RedLineItem, ...]
    grades: tuple[Grade, ...]
    digest: str = ""
    lines: Mapping[str, int] | None = None

    def indicators(self) -> Iterator[Indicator]:
        for point in self.points:
            yield from point.indicators

    def templates(self) -> Iterator[Template]:
        for indicator in self.indicators():
            yield from indicator.templates

    def checks(self) -> Iterator[CheckItem]:
        for template in self.templates():
            yield from template.checks

    def grade(self, total: int) -> str:
        """The grade of so many hundredths."""
        return next(grade.name for grade in sorted(self.grades, key=lambda each: -each.least) if total >= grade.least)


_Coded = Point | Indicator | Template | CheckItem | RedLineItem


@dataclass(frozen=True, order=True)
class Fault:
    """What is wrong with a file, and in which line (from 1; 0 = the file as a whole)."""

    line: int
    text: str


class UnfitTemplatesError(ValueError):
    """A set that may not be used; `faults` are all the reasons."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("；".join(f"第{each.line}行：{each.text}" if each.line else each.text for each in self.faults))


def shown(points: Points) -> str:
    """Hundredths as they are read, rounded half up: 7564 is 75.64."""
    whole = rounded(points)
    return f"{'-' if whole < 0 else ''}{abs(whole) // 100}.{abs(whole) % 100:02d}"


def rounded(points: Points) -> int:
    """Half up to a whole hundredth."""
    return points if isinstance(points, int) else (2 * points.numerator + points.denominator) // (2 * points.denominator)


def faults(found: TemplateSet) -> Iterator[Fault]:
    """Everything that makes a set of the right shape unfit: sums, counts, codes, functions."""
    yield from _sums(found)
    yield from _counts(found)
    yield from _codes(found)
    yield from _functions(found)
    yield from _consequences(found)


def _sums(found: TemplateSet) -> Iterator[Fault]:
    def unequal(name: str, weight: int, parts: str, total: int, line: int) -> Iterator[Fault]:
        if weight != total:
            yield Fault(line, f"{name}的{parts}合计{shown(total)}，应当为{shown(weight)}")

    for point in found.points:
        for indicator in point.indicators:
            for template in indicator.templates:
                total = sum(check.points for check in template.checks)
                yield from unequal(f"模版{template.code}", template.weight, "评价点分值", total, template.line)
            total = sum(template.weight for template in indicator.templates)
            yield from unequal(f"指标{indicator.code}", indicator.weight, "模版权重", total, indicator.line)
        total = sum(indicator.weight for indicator in point.indicators)
        yield from unequal(f"监督点{point.code}", point.weight, "指标权重", total, point.line)
    total, line = sum(point.weight for point in found.points), (found.lines or {}).get("total", 0)
    yield from unequal("本套模版", found.total, "监督点权重", total, line)
    if found.total != WHOLE:
        yield Fault(line, f"本套模版的总分应当为{shown(WHOLE)}，不能是{shown(found.total)}")


def _counts(found: TemplateSet) -> Iterator[Fault]:
    names = {"points": "监督点", "indicators": "指标", "templates": "模版", "checks": "评价点"}
    parts: Mapping[str, int] = {
        "points": len(found.points),
        "indicators": sum(1 for _ in found.indicators()),
        "templates": sum(1 for _ in found.templates()),
        "checks": sum(1 for _ in found.checks()),
    }
    for key, expected in found.expect.items():
        if parts[key] != expected:
            yield Fault((found.lines or {}).get(f"expect.{key}", 0), f"{names[key]}应当有{expected}个，现有{parts[key]}个")


def _codes(found: TemplateSet) -> Iterator[Fault]:
    seen: set[str] = set()
    everything: tuple[_Coded, ...] = (*found.points, *found.indicators(), *found.templates(), *found.checks(), *found.red_lines)
    for each in everything:
        if each.code in seen:
            yield Fault(each.line, f"代码{each.code}重复")
        seen.add(each.code)
    for template in found.templates():
        for check in template.checks:
            if check.code.rpartition(".")[0] != template.code:
                yield Fault(check.line, f"评价点{check.code}应当以所属模版{template.code}的代码开头")


def _functions(found: TemplateSet) -> Iterator[Fault]:
    lines, templates = found.lines or {}, {each.code: each.line for each in found.templates()}
    written: tuple[tuple[str, Mapping[str, Callable[..., object]], dict[str, int], int], ...] = (
        ("评价点", CHECKS, {each.code: each.line for each in found.checks()}, lines.get("points", 0)),
        ("模版", DUE, templates, lines.get("points", 0)),
        ("红线", RED_LINES, {each.code: each.line for each in found.red_lines}, lines.get("red_lines", 0)),
    )
    for name, functions, codes, whole in written:
        for code, line in codes.items():
            if code not in functions:
                yield Fault(line, f"{name}{code}没有对应的判断函数，请核对代码")
        for code in functions if codes else ():  # where nothing is listed at all, that is said already
            if code not in codes:
                yield Fault(templates.get(code.partition(".")[0], whole), f"{name}{code}有判断函数，但是文件中没有，请补上")


def _consequences(found: TemplateSet) -> Iterator[Fault]:
    for check in found.checks():
        if check.kind not in KINDS:
            yield Fault(check.line, f"评价点{check.code}的类型“{check.kind}”不认识")
    for template in found.templates():
        if template.not_applicable not in WAYS:
            yield Fault(template.line, f"模版{template.code}的不适用规则“{template.not_applicable}”应当是{'、'.join(WAYS)}之一")
        elif template.code in DUE and template.not_applicable != (way := _way(template.code)):
            yield Fault(template.line, f"模版{template.code}的不适用规则应当是{way}，与办理程序一致；不能是{template.not_applicable}")
    yield from _of_red_lines(found)
    yield from _of_grades(found)


def _way(code: str) -> str:
    """How the procedure lets a template not apply: no set can be stricter or milder than what a matter may do."""
    if code == EVALUATION:
        return TRIGGER
    return APPROVE if code in EXEMPTABLE else NEVER


def _of_grades(found: TemplateSet) -> Iterator[Fault]:
    seen: set[str | int] = set()
    for grade in found.grades:
        if grade.name in seen or grade.least in seen:
            yield Fault(grade.line, f"等次“{grade.name}”的名称或者起分与前面的等次相同")
        seen |= {grade.name, grade.least}
        if grade.least > found.total:
            yield Fault(grade.line, f"等次“{grade.name}”的起分{shown(grade.least)}高于总分{shown(found.total)}")
    if not any(grade.least == 0 for grade in found.grades):
        yield Fault((found.lines or {}).get("grades", 0), "等次应当有一个从0分起")


def _of_red_lines(found: TemplateSet) -> Iterator[Fault]:
    parts: tuple[_Coded, ...] = (*found.points, *found.indicators())
    known = {each.code for each in parts}
    for red in found.red_lines:
        for code in red.zero:
            if code not in known:
                yield Fault(red.line, f"红线{red.code}归零的{code}不是监督点，也不是指标")
        if red.blocks and red.blocks not in BLOCKED:
            yield Fault(red.line, f"红线{red.code}阻止的环节“{red.blocks}”应当是{'、'.join(sorted(BLOCKED))}之一")
        if red.cap is not None and red.cap > found.total:
            yield Fault(red.line, f"红线{red.code}的封顶分{shown(red.cap)}高于总分{shown(found.total)}")


@dataclass(frozen=True)
class Change:
    """What one set says otherwise than another about one part; "无" where a set has not that part."""

    code: str
    title: str
    before: str
    after: str


def difference(old: TemplateSet, new: TemplateSet) -> tuple[Change, ...]:
    """Everything by which a score or its words may come out otherwise, in the order of the new set, what fell away last."""
    before, after = dict(_said(old)), dict(_said(new))
    codes = [*after, *(code for code in before if code not in after)]
    return tuple(
        Change(code, titles[0], "；".join(before.get(code, ("", ("无",)))[1]), "；".join(after.get(code, ("", ("无",)))[1]))
        for code in codes
        if (one := before.get(code)) != (other := after.get(code))
        for titles in [[each[0] for each in (other, one) if each]]
    )


def _said(found: TemplateSet) -> Iterator[tuple[str, tuple[str, tuple[str, ...]]]]:
    """(code, (title, what it says)) of every part."""
    for point in found.points:
        yield point.code, (point.title, (f"权重{shown(point.weight)}", point.title, point.basis))
        for indicator in point.indicators:
            yield indicator.code, (indicator.title, (f"权重{shown(indicator.weight)}", indicator.title))
            for template in indicator.templates:
                said = (f"权重{shown(template.weight)}", template.title, f"不适用规则{template.not_applicable}")
                yield template.code, (template.title, (*said, f"要素{'、'.join(template.fields)}", f"证据{'、'.join(template.evidence)}"))
                for check in template.checks:
                    yield check.code, (check.text, (f"{shown(check.points)}分", f"类型{check.kind}", check.text))
    for red in found.red_lines:
        yield red.code, (red.when, (red.when, *_effects(red)))
    for grade in found.grades:
        yield f"等次{grade.name}", (grade.name, (f"{shown(grade.least)}分以上",))


def _effects(red: RedLineItem) -> Iterator[str]:
    if red.void:
        yield "总分记0分"
    if red.cap is not None:
        yield f"最高{shown(red.cap)}分"
    if red.zero:
        yield f"{'、'.join(red.zero)}归零"
    if red.deduction:
        yield f"单位扣{shown(red.deduction)}分"
    if red.blocks:
        yield f"不得进入{red.blocks}"
    if red.refers:
        yield f"移送{red.refers}"
