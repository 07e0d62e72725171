"""What a text says about its own coming into force, and about the end of others. Pure.

施行, in the order of the specification: a day named; the day of publication; so many days after it. A repealing sentence is read as a
proposal: it names titles, and a person confirms that the work of that title is meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from yifa.kernel.citing import from_chinese
from yifa.laws.notes import DATE, read_day
from yifa.laws.rules import title_key

_START = "(?:施行|实施|生效|执行)"
_ON = re.compile(rf"自\s*(?:{DATE.pattern})\s*(?:零时)?\s*起\s*(?:正式)?{_START}")
_AT_PUBLICATION = re.compile(rf"自(?:公布|发布|印发|颁布|下发|通过)之日起?{_START}")
_AFTER = re.compile(rf"自(?:公布|发布|印发|颁布)之日起\s*([0-9]+|[一二三四五六七八九十]+)\s*日后{_START}")
_OWN = re.compile(
    r"本(?:法|条例|规定|办法|细则|规则|决定|解释|批复|意见|方案|规程|制度|基准|清单|通知|准则|章程|标准|安排|补充规定|修正案)"
)
_TITLES = re.compile(r"《((?:[^《》]|《[^《》]*》)+)》")
_REPEAL = re.compile(
    r"(?:《(?:[^《》]|《[^《》]*》)+》)(?P<between>(?:（[^）]*）|\([^)]*\)|[^，。；《》（(]){0,40}，?)(?:同时|即行|相应|予以|一并|也)?(?:废止|失效)"
)
_RELIED_ON = re.compile(r"(?:依照|按照|根据|依据|违反|适用|参照|执行)[^，；]*$")
_ARTICLES = re.compile(r"第[零〇一二两三四五六七八九十百千、第条款项（）至和之]+(?:条|款|项)")


@dataclass(frozen=True)
class Start:
    """When a text says it comes into force. `doubt` is filled where the day had to be reckoned."""

    on: date
    doubt: str = ""


def start(texts: Sequence[str], published_on: date | None) -> Start | None:
    """The text's own clause, sought from its last article back; None when it has none or its day cannot be known."""
    for text in reversed(texts):
        sentences = [sentence for sentence in re.split(r"[。；\n]", text) if "起" in sentence]
        for sentence in reversed(sentences):
            if not (_OWN.search(sentence) or sentence.lstrip().startswith("自")):
                continue
            if (match := _ON.search(sentence)) and (day := read_day(match)):
                return Start(day)
            if published_on and (after := _AFTER.search(sentence)):
                days = from_chinese(after[1])
                return Start(published_on + timedelta(days=days), f"施行日期按公布之日起{days}日后推算")
            if published_on and _AT_PUBLICATION.search(sentence):
                return Start(published_on)
    return None


@dataclass(frozen=True)
class Repeal:
    """A sentence that ends another text, or with `articles` only parts of it; `title` in the form titles are compared."""

    title: str
    sentence: str
    articles: str = ""


def repeals(texts: Iterable[str]) -> tuple[Repeal, ...]:
    """The titles that the sentences of a text repeal, each once."""
    found: dict[str, Repeal] = {}
    for text in texts:
        if "《" not in text or not ("废止" in text or "失效" in text):
            continue
        for sentence in re.split(r"[。；\n]", text):
            match = _REPEAL.search(sentence)
            if match is None:
                continue
            parts = _ARTICLES.search(match["between"])
            for title in _TITLES.finditer(sentence, 0, match.end()):
                if not _RELIED_ON.search(sentence[: title.start()]):
                    key = title_key(title[1])
                    found.setdefault(key, Repeal(key, sentence.strip()[:600], parts[0] if parts else ""))
    return tuple(found.values())
