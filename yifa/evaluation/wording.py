"""What kind of clause an article is, by its words: 义务 duty, 处罚 penalty, 许可 permit. Pure.

A proposal only: a person confirms which works are enforceable. The penalty words are those of 行政处罚法 9 in the forms a 罚则 uses.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

DUTY, PENALTY, PERMIT = "duty", "penalty", "permit"
NAMES = {DUTY: "义务", PENALTY: "处罚", PERMIT: "许可"}
_DUTY = re.compile(r"应当|不得|禁止|必须|有义务|不准")
_PENALTY = re.compile(
    r"(?:处|并处|可以处|可处|单处)[^，。；、]{0,40}?(?:罚款|拘留)|(?:给予|予以|处以|处)[^，。；]{0,8}(?:警告|通报批评|行政处罚|处罚)"
    r"|没收(?:违法所得|非法财物|非法所得|[^，。；]{0,20}(?:工具|物品|产品|设备))|(?:暂扣|吊销)[^，。；]{0,20}(?:证|照|许可|资格)|降低资质等级"
    r"|责令(?:停产停业|停业整顿|停业|关闭|限制从业)|限制(?:开展生产经营活动|从业)"
)
# What an article says of penalties in general (程序法) is none of its own: no fine is named, nobody is threatened.
_GENERAL = re.compile(
    r"行政处罚(?:的种类|由|应当|决定|机关|法|，|程序|裁量)|(?:作出|实施|给予|从轻|减轻|不予)[^，。；]{0,12}行政处罚的?(?:，|。|；|$)"
)
_PERMIT = re.compile(
    r"(?:取得|申请|领取|办理|颁发|核发|未经)[^，。；]{0,24}(?:许可证|许可|执照|批准|审批|资质证书|核准)|经[^，。；]{2,24}(?:批准|核准|许可)"
)


@dataclass(frozen=True)
class Clauses:
    """The articles of a text by what they do; keys as `t51`."""

    duty: tuple[str, ...]
    penalty: tuple[str, ...]
    permit: tuple[str, ...]

    @property
    def is_enforceable(self) -> bool:
        return bool(self.duty or self.penalty or self.permit)


def kinds(text: str) -> frozenset[str]:
    """What one article does."""
    found = {kind for kind, words in ((DUTY, _DUTY), (PENALTY, _PENALTY), (PERMIT, _PERMIT)) if words.search(text)}
    if PENALTY in found and not _PENALTY.search(_GENERAL.sub("", text)):
        found.discard(PENALTY)
    return frozenset(found)


def clauses(articles: Iterable[tuple[str, str]]) -> Clauses:
    """From (key, text) of every article."""
    read = [(key, kinds(text)) for key, text in articles]
    duty, penalty, permit = (tuple(key for key, found in read if kind in found) for kind in (DUTY, PENALTY, PERMIT))
    return Clauses(duty, penalty, permit)
