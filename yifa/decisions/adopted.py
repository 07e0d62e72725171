"""The text of a decision as it was adopted (第三十二条): what was written at the last step that carries it, else the file handed in there.

Pure. A file that holds no text (a scan) is named instead: then the attached file is the decision.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from yifa.decisions.telling import FILE
from yifa.documents.words import date_text
from yifa.procedures.context import Paper, Piece

# The questions that carry the text, the last step first: what is published may leave out what is closed to the public.
TYPED = ("published_text", "decision_text")
# The step that hands in 决定文本.
HANDED_IN = "decide"
LONGEST_HEADLINE = 120
_MARKS = re.compile(r"[\s《》“”〈〉‘’（）()：:〔〕\[\]]")
_STOPPED = re.compile(r"[。；，！？]$")
_DAY = re.compile(r"\d{4}年\d{1,2}月\d{1,2}日")


@dataclass(frozen=True)
class Adopted:
    """`paragraphs` is empty where the text is only in `files`; `headline` the title as the text itself writes it, "" where it has none.

    `file`: the file the text was taken from; None when it was typed.
    """

    headline: str
    paragraphs: tuple[str, ...]
    file: Piece | None = None
    files: tuple[Piece, ...] = ()


def adopted(paper: Paper, *, government: str) -> Adopted:
    """The text of the decision of this matter, without the heading and the signature that the paper sets itself."""
    facts = paper.facts
    if typed := next((str(facts[key]) for key in TYPED if facts.get(key)), ""):
        headline, body = trimmed(typed.split("\n"), facts, government)
        return Adopted(headline, body)
    files = _handed_in(paper.pieces)
    for each in files:
        if found := paper.text_of(each):
            headline, body = trimmed(found, facts, government)
            if body:
                return Adopted(headline, body, file=each)
    return Adopted("", (), files=files)


def _handed_in(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """What the last act of that step brought: a decision that was taken back and made again has its newest text."""
    brought = [each for each in pieces if each.step == HANDED_IN and not each.form]
    last = max((each.seq for each in brought), default=0)
    return tuple(each for each in brought if each.seq == last)


def trimmed(lines: Sequence[str], facts: Mapping[str, Any], government: str) -> tuple[str, tuple[str, ...]]:
    """(the title as the text writes it, the text between the heading and the signature)."""
    body = [line for line in (each.strip() for each in lines) if line]
    title, number = _plain(str(facts.get("title") or "")), _plain(str(facts.get("decision_number") or ""))
    heads = {_plain(government), _plain(f"{government}文件"), number} - {""}
    headline = ""
    while body:
        first = _plain(body[0])
        if first in heads:
            body.pop(0)
        elif not headline and title and title in first and len(body[0]) <= LONGEST_HEADLINE and not _STOPPED.search(body[0]):
            headline = body.pop(0)
        else:
            break
    while body and (_plain(body[-1]) == _plain(government) or _DAY.fullmatch("".join(body[-1].split()))):
        body.pop()
    return headline, tuple(body)


def _plain(text: str) -> str:
    """Without white space, quotation marks and brackets: a title is written with and without them."""
    return _MARKS.sub("", text)


def named(piece: Piece) -> str:
    """What a file is called on paper; the kind of file is nobody's concern there."""
    return FILE.sub("", piece.title)


def attached(found: Adopted) -> str:
    """What stands in place of the text where it is only in a file that cannot be read; "" where there is a text."""
    if found.paragraphs:
        return ""
    files = "、".join(f"“{named(each)}”{f'（{each.pages}页）' if each.pages else ''}" for each in found.files)
    if not files:
        return "决定文本尚未交存。"
    return f"决定的正文见随附的{files}。该文件是作出决定时交存的决定文本，随本公布稿装入案卷，正文以该文件为准。"


def taken_from(found: Adopted) -> str:
    """Where the text comes from or is, so that it can be compared; "" where it was typed."""
    if found.file:
        return f"正文据作出决定时交存的“{named(found.file)}”排印，该文件的 SHA-256：{found.file.sha256}"
    return f"随附文件的 SHA-256：{'；'.join(each.sha256 for each in found.files)}" if found.files else ""


def passed(facts: Mapping[str, Any]) -> str:
    """题注: the meeting that adopted it, and from when it is in force."""
    told = []
    if facts.get("meeting_on") and facts.get("meeting_name"):
        told.append(f"{_day(facts['meeting_on'])}{facts['meeting_name']}讨论通过")
    if facts.get("effective_on"):
        told.append(f"自{_day(facts['effective_on'])}起施行")
    return "，".join(told)


def signer(facts: Mapping[str, Any]) -> str:
    """签发人: as stated, else the head who decided in the meeting (第三十条第二款)."""
    stated = str(facts.get("decision_signer") or "")
    return stated or next((str(row["name"]) for row in facts.get("speeches") or () if row.get("head")), "")


def _day(stated: Any) -> str:
    return date_text(stated if isinstance(stated, date) else date.fromisoformat(str(stated)))
