"""What a person types into the one box: a title, an article as people write it, or words. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from yifa.kernel.citing import from_chinese

# 处罚法51, 行政处罚法 第五十一条, 《行政处罚法》51条, 刑法第120条之一
_NUMBER = "[0-9]{1,4}|[〇零一二三四五六七八九十百千]{1,9}"
_ARTICLE = re.compile(
    rf"《?((?!第)[一-鿿（）()〈〉]{{1,80}}?(?:法|法典|条例|办法|规定|规则|细则|决定|解释|准则)(?:（[^（）]{{1,9}}）)?)》?\s*(?:第\s*({_NUMBER})\s*条|({_NUMBER})\s*条?)(?:\s*之\s*([0-9]{{1,2}}|[一二三四五六七八九十]{{1,3}}))?"
)


@dataclass(frozen=True)
class Wanted:
    """An article somebody asks for: the title as typed, 条 and 之N."""

    title: str
    tiao: int
    zhi: int | None = None


def article_in(text: str) -> Wanted | None:
    """The article that the whole of `text` names; None when it is anything else."""
    match = _ARTICLE.fullmatch(text.strip())
    if match is None:
        return None
    try:
        tiao, zhi = from_chinese(match[2] or match[3]), from_chinese(match[4]) if match[4] else None
    except ValueError:
        return None
    return Wanted(match[1], tiao, zhi) if tiao else None
