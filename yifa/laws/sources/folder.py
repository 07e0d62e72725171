"""A folder of .txt, .md and .docx by the department's own people: the way regional rules and documents come in. Pure but for lxml.

Such files carry no list: title, 题注, 文号, maker, dates and the signature are read from the text itself. What does not say on which
day it was published is not guessed; it is reported and left for a person.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from yifa.kernel.word.reading import paragraphs
from yifa.laws.manuscript import MARK, Manuscript, front_matter, lines_of, read
from yifa.laws.notes import NUMBER, days_in, read_note
from yifa.laws.places import Places
from yifa.laws.sources.building import Known, build
from yifa.laws.sources.files import Refused, text_of
from yifa.laws.sources.refusing import UnreadableError
from yifa.laws.texts import SourceText

NAME = "folder"
SUFFIXES = {".txt", ".md", ".docx", ".doc"}
_COMPLETE = re.compile(
    r"(?:法|条例|规定|办法|细则|规则|决定|通知|意见|解释|批复|方案|规程|准则|章程|公告|决议|制度|基准|清单|通告|标准|目录|规划|函)"
    r"(?:[（(][^（）()]{1,30}[）)])*$"
)
COVER = 40  # lines an order or a notice has at most before the text it issues
_NAMED = re.compile(r"[（(]([12][0-9]{3}-[01][0-9]-[0-3][0-9])[）)]$")
_BODY = re.compile(r"^[\u4e00-\u9fff、]{3,60}(?:政府|委员会|公署|厅|局|部|署|办公室|法院|检察院|大会|中心|院)$")
_MAKER = re.compile(r"([\u4e00-\u9fff]{3,40}?)令?\s*(?:第|〔|\[)")
_ISSUER = re.compile(
    r"(?:由|经)?([\u4e00-\u9fff]{4,40}?(?:人民政府|行政公署|委员会|厅|局|部|署))(?:第|令|发布|公布|印发|审议|常务会议|关于|办公会)"
)


def read_files(root: Path, files: list[Path], places: Places, *, label: str = "") -> Iterator[SourceText | Refused]:
    """The texts of these files, which lie under `root`. A file that cannot be read is yielded as `Refused`, never raised."""
    for file in files:
        place = file.relative_to(root).as_posix()
        path = f"{label}{place}"
        if file.suffix.lower() == ".doc":
            yield Refused(path, "旧版.doc格式,请另存为.docx后再导入")
            continue
        try:
            if file.suffix.lower() == ".docx":
                text, defects = "\n".join(paragraphs(file)), list[str]()
            else:
                text, defects = text_of(file)
        except UnreadableError as problem:
            yield Refused(path, str(problem))
            continue
        if not text.strip():
            yield Refused(path, "文件里没有文字")
            continue
        yield _built(file, place, path, text, tuple(defects), places)


def _built(file: Path, place: str, path: str, text: str, defects: tuple[str, ...], places: Places) -> SourceText:
    lines = lines_of(front_matter(text)[1])
    number = _take_banner(lines)
    title, cover = _take_cover(lines)
    title = title or _take_title(lines)
    found = read(lines, title=title)
    found.head = cover + found.head
    found.title = found.title or _NAMED.sub("", file.stem)
    note = read_note(found.head)
    named = _NAMED.search(file.stem)
    signed = next(iter(days_in(found.tail[-1])), None) if found.tail else None
    return build(
        Known(
            source=NAME,
            place=place,
            path=path,
            published_on=(_day(named[1]) if named else None) or note.published_on or signed,
            number=number or _number(found.head),
            maker=_maker(found, number),
            defects=defects,
        ),
        found,
        places,
    )


def _take_banner(lines: list[str]) -> str:
    """The lines above the title of an issued document: its letterhead (…文件) and its number."""
    number = ""
    while lines and lines[0] != MARK and len(lines) > 1:
        line = lines[0]
        match = NUMBER.search(line)
        if match and len(line) <= 50 and not line.startswith(("#", "（", "(")):
            number = re.sub(r"\s", "", line if "令" in line else match[0])
        elif number.endswith("令") and re.fullmatch(r"第?\s*[0-9一二三四五六七八九十百]+\s*号", line):
            number += re.sub(r"\s", "", line)
        elif not (re.fullmatch(r"[\u4e00-\u9fff]{3,40}(?:文件|令)", line) or re.fullmatch(r"ICS.*|[0-9]{4,}|特急|急件", line)):
            break
        elif line.endswith("令"):
            number = line
        lines.pop(0)
    return number[:100]


def _take_cover(lines: list[str]) -> tuple[str, list[str]]:
    """(title, the lines above it) where an order or a notice goes before the text it issues, else ("", []).

    《某办法》已经常务会议审议通过，现予公布 … 2023年11月1日 — then the title again, standing alone, and the articles.
    """
    for n, line in enumerate(lines[1:COVER], start=1):
        if re.match(r"第一[条章编]|第一部分|目[\s\u3000]*录$", line):
            break
        bare = re.sub(r"[\s\u3000]", "", line)
        if _COMPLETE.search(bare) and any(f"《{bare}》" in re.sub(r"[\s\u3000]", "", above) for above in lines[:n]):
            cover = lines[:n]
            del lines[: n + 1]
            return bare, cover
    return "", []


def _take_title(lines: list[str]) -> str:
    """A title in one line or in up to three; "" when the reader of manuscripts should look for a marked one."""
    if not lines or lines[0].startswith("#") or lines[0] == MARK:
        return ""
    parts = [lines[0]]
    for line in lines[1:3]:
        if (
            _COMPLETE.search("".join(parts))
            or len(line) > 50
            or re.match(r"[（(第#]|目[\s\u3000]*录", line)
            or days_in(line)
            or line[-1] in "。：；"
        ):
            break
        parts.append(line)
    if len(parts) > 1 and not _COMPLETE.search("".join(parts)):
        parts = parts[:1]
    del lines[: len(parts)]
    return "".join(parts)


def _number(head: list[str]) -> str:
    line = next((line for line in head if NUMBER.search(line)), "")
    match = NUMBER.search(line)
    return re.sub(r"\s", "", match[0])[:100] if match else ""


def _maker(found: Manuscript, number: str) -> str:
    """Who signed it, else whose order it is, else whom the 题注 or the title names."""
    if signed := [line for line in [*found.tail, *found.head] if _BODY.match(re.sub(r"[\s\u3000]", "", line))]:
        return re.sub(r"[\s\u3000]", "", signed[0])
    if "令" in number and (match := re.match(r"([\u4e00-\u9fff]{3,40}?)令", number)):
        return match[1]
    for line in [*found.head, found.title]:
        if (match := _ISSUER.search(re.sub(r"[（）()]|[0-9]+年[0-9]+月[0-9]+日|自", " ", line))) and "人民代表大会" not in line:
            return match[1]
    return ""


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
