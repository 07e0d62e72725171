"""The 2×2: usage high or low × effect high or low -> what is suggested. Pure. A hint with its evidence, never a decision (立改废)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Advice:
    """`cell` is `high-low` (usage-effect); `next` says what a person would look at first."""

    cell: str
    title: str
    next: str


ADVICE = {
    "high-high": Advice("high-high", "保留", "使用多、效果好，继续适用；经验可以推广。"),
    "high-low": Advice("high-low", "修改候选", "使用多、效果差，先看争议、逾期履行和再犯集中的条文及其理由。"),
    "low-high": Advice("low-high", "宣传", "使用少、效果好，先看知晓率，加强宣传和培训。"),
    "low-low": Advice("low-low", "废止或者修改候选", "使用少、效果差，先看沉睡条款和上位法是否已有规定。"),
}
WAITING = Advice("", "继续观察", "实施效果还没有足够的数据，先积累，不提建议。")


def advise(usage: Decimal, middle: Decimal | None, effect: Decimal | None, high: Decimal) -> Advice:
    """`usage` is high from the median of the used works on, `effect` from `high` on; without an effect nothing is suggested."""
    if effect is None:
        return WAITING
    often = middle is not None and usage >= middle and usage > 0
    return ADVICE[f"{'high' if often else 'low'}-{'high' if effect >= high else 'low'}"]
