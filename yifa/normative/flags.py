"""Words by which a document may set what only law can set: penalties, licences, coercion, fees, market entry. Hints, never a verdict. Pure.

A list of words that anyone can read and dispute: each hint shows its sentence and its words, and a person answers. A sentence that only
refers to a law (依照……的规定处罚) is told apart, since there the law sets it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from yifa.kernel.citing import Article
from yifa.normative.rules import APL, BUSINESS, COERCION, LICENSING


@dataclass(frozen=True)
class Kind:
    """One sort of thing that a normative document may not set, the words that tell it, and the article that reserves it."""

    key: str
    name: str
    words: re.Pattern[str]
    article: Article


KINDS = (
    Kind(
        "penalty",
        "行政处罚",
        re.compile(
            r"罚款|没收|警告|通报批评|吊销|暂扣|降低资质等级|责令停产停业|停业整顿|责令关闭|限制从业|限制开展生产经营活动|拘留|取消[^，。；]{0,8}资格"
        ),
        APL[16],
    ),
    Kind(
        "licence",
        "行政许可",
        re.compile(r"许可|审批|核准|批准|资格认定|资质认定|备案后方可|登记后方可|不予登记|年检|年审|准予"),
        LICENSING[17],
    ),
    Kind(
        "coercion",
        "行政强制",
        re.compile(r"查封|扣押|冻结|强制(?!性)|代履行|加处罚款|滞纳金|划拨|拍卖抵缴|强拆|捕杀"),
        COERCION[10],
    ),
    Kind("fee", "收费", re.compile(r"收费|收取|缴纳|保证金|押金|摊派|集资|有偿"), BUSINESS[64].kuan(1)),
    Kind(
        "entry",
        "市场准入和公平竞争",
        re.compile(
            r"准入|退出机制|指定[^，。；]{0,10}(?:企业|单位|机构|产品|服务)|本地企业|本地产品|外地|名录|优先(?:采购|购买|选用)|不得经营"
        ),
        BUSINESS[64].kuan(1),
    ),
    Kind("proof", "证明事项", re.compile(r"提供[^，。；]{0,16}证明|出具[^，。；]{0,16}证明|开具[^，。；]{0,16}证明"), BUSINESS[64].kuan(1)),
)
_SENTENCE = re.compile(r"[^。；！？\n]+[。；！？]?")
_REFERS = re.compile(r"(?:依照|按照|根据|依据|依法)[^。；]{0,60}(?:处理|处罚|处以|追究|执行|办理|给予|予以|实施)")


@dataclass(frozen=True)
class Flag:
    """One sentence in which words of one kind stand. `refers`: it points to a law, so that the law may be what sets it."""

    kind: Kind
    sentence: str
    words: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    refers: bool


def flags(text: str) -> Iterator[Flag]:
    """The sentences of the text in which words of a kind stand, in reading order, each kind once a sentence."""
    for sentence in _SENTENCE.finditer(text):
        for kind in KINDS:
            hits = list(kind.words.finditer(text, sentence.start(), sentence.end()))
            if hits:
                yield Flag(
                    kind,
                    sentence[0].strip(),
                    tuple(dict.fromkeys(hit[0] for hit in hits)),
                    tuple(hit.span() for hit in hits),
                    _REFERS.search(sentence[0]) is not None,
                )
