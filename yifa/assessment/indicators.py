"""The indicator set as data: 方面 → 措施 → 成果, its metrics, and what makes a set unfit to be used. Pure.

The loader refuses a set that is not whole: codes that repeat, weights that do not add up, metrics that do not exist, and weights the
law does not allow: fines and confiscated money are never appraised (行政处罚法 74; 国办发〔2022〕27号), nor 打卡, time online or hours
of study.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from yifa.assessment.scoring import Scale

AUTO, HYBRID, MATERIAL = "auto", "hybrid", "material"
# Words of a metric's name that no positive weight may rest on, and why.
FORBIDDEN = {
    "不得以罚款、没收的金额或者数量考核（行政处罚法第七十四条）": ("罚款", "罚没", "没收", "金额"),
    "不得以处罚、检查、办案的数量考核（国办发〔2022〕27号、国办发〔2024〕54号）": ("处罚量", "检查量", "办案量", "处罚数量", "检查次数"),
    "不得以打卡、在线、学时、积分、安装一类的数量考核": ("打卡", "在线率", "在线时", "学时", "积分", "安装率", "登录"),
}
KINDS = {
    "money": "不得以罚款、没收的金额或者数量考核（行政处罚法第七十四条）",
    "presence": "不得以打卡、在线、学时、积分、安装一类的数量考核",
}


class UnfitSetError(ValueError):
    """The set cannot be used; `faults` are all the reasons, str() joins them."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults
        super().__init__(";".join(faults))


@dataclass(frozen=True)
class Metric:
    code: str
    name: str
    platform: str
    formula: str
    scale: Scale
    scored: bool = True
    kind: str = ""

    @property
    def forbidden(self) -> str:
        """Why it may bear no weight; empty when it may."""
        if self.kind in KINDS:
            return KINDS[self.kind]
        return next((why for why, words in FORBIDDEN.items() if any(word in self.name for word in words)), "")


@dataclass(frozen=True)
class Outcome:
    """One 建设成果. `weight` in hundredths of a point."""

    code: str
    title: str
    mode: str
    weight: int
    evidence: tuple[str, ...]
    metric: str = ""
    rubric: str = ""
    auto_share: Decimal = Decimal(1)


@dataclass(frozen=True)
class Measure:
    code: str
    title: str
    outline_item: int
    scope: str
    weight: int
    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True)
class Aspect:
    code: str
    title: str
    weight: int
    outline: Mapping[int, str]
    measures: tuple[Measure, ...]

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        return tuple(outcome for measure in self.measures for outcome in measure.outcomes)


@dataclass(frozen=True)
class Indicators:
    """A whole set, checked."""

    code: str
    version: str
    title: str
    label: str
    status: str
    note: str
    basis: tuple[str, ...]
    total: int
    metrics: Mapping[str, Metric]
    aspects: tuple[Aspect, ...]

    def outcomes(self) -> Iterator[tuple[Aspect, Measure, Outcome]]:
        for aspect in self.aspects:
            for measure in aspect.measures:
                for outcome in measure.outcomes:
                    yield aspect, measure, outcome

    def find(self, code: str) -> tuple[Aspect, Measure, Outcome] | None:
        return next((found for found in self.outcomes() if found[2].code == code), None)


def build(data: Mapping[str, Any]) -> Indicators:
    """A set from its parsed file (numbers as Decimal or int). Raises UnfitSetError with every fault."""
    try:
        found = _indicators(data)
    except (KeyError, TypeError, ValueError) as problem:
        raise UnfitSetError([f"指标集缺少或者写错了项目：{problem}"]) from problem
    if faults := list(_faults(found, data)):
        raise UnfitSetError(faults)
    return found


def _indicators(data: Mapping[str, Any]) -> Indicators:
    return Indicators(
        code=data["code"],
        version=data["version"],
        title=data["title"],
        label=data.get("label", ""),
        status=data["status"],
        note=data.get("note", ""),
        basis=tuple(data.get("basis", ())),
        total=hundredths(data["total"]),
        metrics={row["code"]: _metric(row) for row in data["metrics"]},
        aspects=tuple(_aspect(row) for row in data["aspects"]),
    )


def _metric(row: Mapping[str, Any]) -> Metric:
    scale = Scale(number(row["zero"]), number(row["full"]), row["direction"], int(row["min_n"]))
    return Metric(row["code"], row["name"], row["platform"], row["formula"], scale, bool(row["scored"]), row.get("kind", ""))


def _aspect(row: Mapping[str, Any]) -> Aspect:
    outline = {item["no"]: item["title"] for item in row["outline_items"]}
    return Aspect(row["code"], row["title"], hundredths(row["weight"]), outline, tuple(_measure(each) for each in row["measures"]))


def _measure(row: Mapping[str, Any]) -> Measure:
    outcomes = tuple(_outcome(each) for each in row["outcomes"])
    return Measure(row["code"], row["title"], row["outline_item"], row["scope"], hundredths(row["weight"]), outcomes)


def _outcome(row: Mapping[str, Any]) -> Outcome:
    return Outcome(
        code=row["code"],
        title=row["title"],
        mode=row["mode"],
        weight=hundredths(row["weight"]),
        evidence=tuple(row["evidence"]),
        metric=row.get("metric", ""),
        rubric=row.get("rubric", ""),
        auto_share=number(row.get("auto_share", 1)),
    )


def number(value: Any) -> Decimal:
    """An exact number; a float was already rounded by whoever read the file, and is refused."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise ValueError(f"{value!r}不是精确的数")
    return Decimal(value)


def hundredths(value: Any) -> int:
    """A weight in whole hundredths of a point."""
    exact = number(value) * 100
    if exact != exact.to_integral_value() or exact < 0:
        raise ValueError(f"权重{value}应当不小于零、最多两位小数")
    return int(exact)


def _faults(found: Indicators, data: Mapping[str, Any]) -> Iterator[str]:
    yield from _repeated("指标", [row["code"] for row in data["metrics"]])
    yield from _repeated("方面", [aspect.code for aspect in found.aspects])
    yield from _repeated("纲要项目", [str(no["no"]) for row in data["aspects"] for no in row["outline_items"]])
    yield from _repeated("措施", [measure.code for aspect in found.aspects for measure in aspect.measures])
    yield from _repeated("成果", [outcome.code for _, _, outcome in found.outcomes()])
    yield from _weights(found)
    for aspect, measure, outcome in found.outcomes():
        yield from _outcome_faults(found, aspect, measure, outcome, data)
    counted = {
        "aspects": len(found.aspects),
        "outline_items": sum(len(aspect.outline) for aspect in found.aspects),
        "measures": sum(len(aspect.measures) for aspect in found.aspects),
        "outcomes": sum(1 for _ in found.outcomes()),
    }
    for key, expected in data.get("expect", {}).items():
        if counted.get(key) != expected:
            yield f"{key}应当有{expected}项，现有{counted.get(key)}项"


def _repeated(what: str, codes: list[str]) -> Iterator[str]:
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        yield f"{what}代码{code}重复"


def _weights(found: Indicators) -> Iterator[str]:
    for aspect in found.aspects:
        for measure in aspect.measures:
            if (total := sum(outcome.weight for outcome in measure.outcomes)) != measure.weight:
                yield f"措施{measure.code}的成果权重合计{_points(total)}，应当为{_points(measure.weight)}"
        if (total := sum(measure.weight for measure in aspect.measures)) != aspect.weight:
            yield f"方面{aspect.code}的措施权重合计{_points(total)}，应当为{_points(aspect.weight)}"
    if (total := sum(aspect.weight for aspect in found.aspects)) != found.total:
        yield f"权重合计{_points(total)}，应当为{_points(found.total)}"


def _outcome_faults(found: Indicators, aspect: Aspect, measure: Measure, outcome: Outcome, data: Mapping[str, Any]) -> Iterator[str]:
    if measure.outline_item not in aspect.outline:
        yield f"措施{measure.code}所属的纲要项目{measure.outline_item}不在方面{aspect.code}之内"
    if outcome.mode not in (AUTO, HYBRID, MATERIAL):
        yield f"成果{outcome.code}的方式{outcome.mode!r}不认识"
    if outcome.mode != MATERIAL and outcome.metric not in found.metrics:
        yield f"成果{outcome.code}的指标{outcome.metric or '（空）'}不存在"
    if outcome.mode != AUTO and outcome.rubric not in data.get("rubrics", {}):
        yield f"成果{outcome.code}的评分标准{outcome.rubric or '（空）'}不存在"
    metric = found.metrics.get(outcome.metric)
    if metric and outcome.weight > 0 and metric.forbidden:
        yield f"成果{outcome.code}的指标{metric.code}{metric.name}不能计分：{metric.forbidden}"


def _points(weight: int) -> str:
    return f"{weight // 100}.{weight % 100:02d}"


@dataclass(frozen=True)
class Change:
    """What a new version of a set changes about one outcome."""

    code: str
    title: str
    before: str
    after: str


def difference(old: Indicators | None, new: Indicators) -> tuple[Change, ...]:
    """Outcomes added, taken away, and those whose weight, metric or title changed."""
    before = {outcome.code: outcome for _, _, outcome in old.outcomes()} if old else {}
    after = {outcome.code: outcome for _, _, outcome in new.outcomes()}
    changes = []
    titles = {**before, **after}
    for code in sorted(titles):
        one, other = before.get(code), after.get(code)
        if one != other:
            changes.append(Change(code, titles[code].title, _said(one), _said(other)))
    return tuple(changes)


def _said(outcome: Outcome | None) -> str:
    if outcome is None:
        return "无"
    return f"{outcome.title} {_points(outcome.weight)}分 {outcome.metric or outcome.mode}"


def metric_difference(old: Indicators | None, new: Indicators) -> tuple[Change, ...]:
    """Metrics added, taken away, and those whose formula or scale changed: a weight that stays may be earned otherwise."""
    before, after = dict(old.metrics) if old else {}, dict(new.metrics)
    titles = {**before, **after}
    return tuple(
        Change(code, titles[code].name, _measured(before.get(code)), _measured(after.get(code)))
        for code in sorted(titles)
        if before.get(code) != after.get(code)
    )


def _measured(metric: Metric | None) -> str:
    if metric is None:
        return "无"
    scale, shown = metric.scale, "" if metric.scored else "，只展示"
    return f"{metric.formula}；零分 {scale.zero}，满分 {scale.full}，不少于 {scale.min_n} 件{shown}"
