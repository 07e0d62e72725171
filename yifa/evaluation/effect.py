"""实施效果指数: what became of the acts that relied on a work. Pure; decimals throughout.

Six parts between 0 and 1. A part that no context supplies, or that has nothing to divide by, is missing: its weight goes to the others
in proportion and the page says so. The index is shown from five acts on and when at least 60 % of the weight is there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from yifa.evaluation.method import PARTS, Effect

NAMES = {
    "e1": "复议、诉讼中被改变的少",
    "e2": "争议少",
    "e3": "按期履行",
    "e4": "再犯少",
    "e5": "当事人满意",
    "e6": "专家和制定机关评价",
}
FORMULAS = {
    "e1": "1 − 撤改率 ÷ 0.30；撤改率为被撤销、变更、确认违法、责令履行和一审败诉 ÷ 审结，高于 0.30 的按 0.30 计",
    "e2": "1 − 争议率 ÷ 0.10；争议率为争议件数 ÷ 行为件数，高于 0.10 的按 0.10 计",
    "e3": "按期履行件数 ÷ 履行期限已届满件数",
    "e4": "1 − 再犯率 ÷ 0.40；再犯率为再犯当事人数 ÷ 受处罚当事人数（同一当事人、同一案由、24个月内），高于 0.40 的按 0.40 计",
    "e5": "评价得分折算为0至1，向区域平均收缩：（Σ得分 + 20 × 区域平均）÷（评价数 + 20）",
    "e6": "立法后评估的评分，0至1",
}
CLIPS = {"e1": Decimal("0.30"), "e2": Decimal("0.10"), "e4": Decimal("0.40")}
HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True)
class Count:
    """`hits` of `n`, from which a part is reckoned; `note` says what is in it and what is not."""

    hits: Decimal
    n: int
    note: str = ""


@dataclass(frozen=True)
class Part:
    """`value` is None when missing, and `why` says why; `weight` is the one in force after re-weighting, 0 when missing."""

    key: str
    value: Decimal | None
    count: Count | None
    planned: Decimal
    weight: Decimal
    why: str

    @property
    def name(self) -> str:
        return NAMES[self.key]

    @property
    def formula(self) -> str:
        return FORMULAS[self.key]


@dataclass(frozen=True)
class Index:
    """`value` 0..1, None as long as `why_not` says why it is not shown; `available` is the share of the weight that is there."""

    value: Decimal | None
    parts: tuple[Part, ...]
    acts: int
    available: Decimal
    why_not: str


def reversed_part(count: Count, limit: Decimal) -> Decimal:
    """1 − clip(share ; 0..limit) / limit: nothing bad is 1, `limit` and more is 0."""
    return 1 - min(count.hits / count.n, limit) / limit


def shrunken(total: Decimal, n: int, pooled: Decimal, m: int) -> Decimal:
    """p̂ = (k + m·p0) / (n + m): few ratings say little, so they are drawn towards the mean of the region."""
    return (total + m * pooled) / (n + m)


def value(key: str, count: Count, *, pooled: Decimal, m: int) -> Decimal:
    """One part from its count, 0..1."""
    if key in CLIPS:
        return reversed_part(count, CLIPS[key])
    return shrunken(count.hits, count.n, pooled, m) if key == "e5" else count.hits / count.n


def index(acts: int, counts: Mapping[str, Count | None], method: Effect, *, pooled: Decimal = Decimal(0)) -> Index:
    """The index of a work over `acts` acts. A part that `counts` does not know, or knows as None, is not connected."""
    known: dict[str, Decimal] = {}
    for part in PARTS:
        count = counts.get(part)
        if count is not None and count.n > 0:
            known[part] = value(part, count, pooled=pooled, m=method.shrink)
    available = sum((method.weights[part] for part in known), Decimal(0))
    parts = tuple(_part(part, counts.get(part), known.get(part), available, method) for part in PARTS)
    why = ""
    if acts < method.least_acts:
        why = f"行为不足{method.least_acts}件，现有{acts}件"
    elif available < method.least_weight:
        why = f"可以计算的权重不足{percent(method.least_weight)}，现有{percent(available)}"
    total = sum((part.weight * part.value for part in parts if part.value is not None), Decimal(0))
    return Index(None if why else total, parts, acts, available, why)


def _part(key: str, count: Count | None, found: Decimal | None, available: Decimal, method: Effect) -> Part:
    planned = method.weights[key]
    if found is None:
        return Part(key, None, count, planned, Decimal(0), "没有可以计算的件数" if count else "未接入")
    return Part(key, found, count, planned, planned / available, "")


def percent(share: Decimal) -> str:
    return f"{(share * 100).quantize(HUNDREDTH, ROUND_HALF_EVEN).normalize():f}%"
