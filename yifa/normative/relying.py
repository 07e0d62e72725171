"""What a document rests on, as its drafter stated it (制定依据): the act that registers it cites these laws too. Pure.

They are cited as written, without a version: the text in force on the day is meant. A law named as a whole is cited as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from yifa.kernel.citing import Article, Law
from yifa.laws.citations import Cited, parse

MOST = 100
_TITLE = re.compile(r"[^\s\"\\@#\x00-\x1f\x7f]{2,120}")


def relied(facts: Mapping[str, Any]) -> Sequence[Article | Law]:
    """The provisions and laws that the 制定依据 names, each once; what names no law is left out."""
    found = (_provision(each) for each in parse(str(facts.get("basis") or "")))
    return list(dict.fromkeys(each for each in found if each is not None))[:MOST]


def _provision(cited: Cited) -> Article | Law | None:
    if not cited.law or not _TITLE.fullmatch(cited.law):
        return None
    law = Law(cited.law, "")
    if cited.article is None:
        return law
    return Article(law, cited.article, cited.zhi, cited.paragraph, cited.item, cited.subitem)
