"""The paragraphs of a .docx file: text, tables and numbers set by Word. Bounded in size; nothing is executed or fetched.

Only three parts of the package are read; macros, pictures and links lie in others. A declaration of entities or of a document type is
refused (no part of a .docx has one). Every refusal says what to do.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from lxml import etree

from yifa.kernel.citing import to_chinese
from yifa.kernel.word.refusing import MB, UnreadableError

MAX_DOCX = 20 * MB
MAX_PART = 16 * MB  # unpacked; a page of text with its formatting is some 10 kB
MAX_ALL = 256 * MB
MAX_PARTS = 4_000
MAX_RATIO = 200  # text packs to a tenth; a bomb to a thousandth
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# What a tracked change took out or moved away, and what stands in for a drawing where the drawing cannot be shown (its text a second time).
_UNSAID = {f"{_W}del", f"{_W}moveFrom", "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"}
AGAIN = "请用Word或者WPS打开，另存为.docx后重新上传"
_CHINESE = {
    "chineseCounting",
    "chineseCountingThousand",
    "ideographTraditional",
    "japaneseCounting",
    "taiwaneseCounting",
    "chineseLegalSimplified",
}


def paragraphs(source: Path | bytes) -> list[str]:
    """The lines of the document in reading order; a row of a table is one line. Raises UnreadableError with the reason."""
    try:
        size = len(source) if isinstance(source, bytes) else source.stat().st_size
        if size > MAX_DOCX:
            raise UnreadableError(f"文件有{size / MB:.1f} MB，超过{MAX_DOCX // MB} MB的限度；请去掉其中的图片后再上传")
        with zipfile.ZipFile(io.BytesIO(source) if isinstance(source, bytes) else source) as package:
            _refuse_bombs(package)
            names = set(package.namelist())
            if "word/document.xml" not in names:
                raise UnreadableError(f"不是Word文档：缺少word/document.xml；{AGAIN}")
            document = _parse(package, "word/document.xml")
            numbering = _parse(package, "word/numbering.xml") if "word/numbering.xml" in names else None
            styles = _parse(package, "word/styles.xml") if "word/styles.xml" in names else None
    except (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError) as problem:
        raise UnreadableError(f"不是完好的.docx文件（{problem}）；{AGAIN}") from None
    except etree.XMLSyntaxError as problem:
        raise UnreadableError(f"文档内容损坏（{problem}）；{AGAIN}") from None
    body = document.find(f"{_W}body")
    return list(_lines(body, _Numbers(numbering, styles))) if body is not None else []


def _refuse_bombs(package: zipfile.ZipFile) -> None:
    parts = package.infolist()
    if len(parts) > MAX_PARTS:
        raise UnreadableError(f"压缩包内有{len(parts)}个部件，超过{MAX_PARTS}个的限度；{AGAIN}")
    if sum(part.file_size for part in parts) > MAX_ALL:
        raise UnreadableError(f"展开后超过{MAX_ALL // MB} MB，疑为压缩炸弹，未打开；{AGAIN}")
    for part in parts:
        if part.file_size > MB and part.file_size > MAX_RATIO * max(part.compress_size, 1):
            raise UnreadableError(f"部件{part.filename}的压缩比异常，疑为压缩炸弹，未打开；{AGAIN}")


def _parse(package: zipfile.ZipFile, name: str) -> etree._Element:
    with package.open(name) as part:
        data = _bounded(part, name)
    declared = UnreadableError(f"部件{name}声明了文档类型或者实体，未打开；{AGAIN}")
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise declared
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True)
    root = etree.fromstring(data, parser)
    if root.getroottree().docinfo.internalDTD is not None:  # in UTF-16, where the letters were not found
        raise declared
    return root


def _bounded(part: IO[bytes], name: str) -> bytes:
    """What the header says of the size is not believed."""
    data = part.read(MAX_PART + 1)
    if len(data) > MAX_PART:
        raise UnreadableError(f"部件{name}展开后超过{MAX_PART // MB} MB，未打开；请去掉不需要的内容后再上传")
    return data


class _Numbers:
    """The numbers Word sets by itself: 第%1条 counted in Chinese, (%1), 1. and so on."""

    def __init__(self, numbering: etree._Element | None, styles: etree._Element | None) -> None:
        self.levels: dict[str, dict[str, tuple[str, str, int]]] = {}
        self.counted: dict[str, dict[int, int]] = defaultdict(dict)
        self.of_style: dict[str, tuple[str, str]] = {}
        if numbering is None:
            return
        abstract = {each.get(f"{_W}abstractNumId"): each for each in numbering.findall(f"{_W}abstractNum")}
        for num in numbering.findall(f"{_W}num"):
            link = num.find(f"{_W}abstractNumId")
            kind = abstract.get(link.get(f"{_W}val")) if link is not None else None
            if kind is not None:
                self.levels[num.get(f"{_W}numId", "")] = {each.get(f"{_W}ilvl", "0"): _level(each) for each in kind.findall(f"{_W}lvl")}
        for style in styles.findall(f"{_W}style") if styles is not None else ():
            if found := _number_of(style.find(f"{_W}pPr")):
                self.of_style[style.get(f"{_W}styleId", "")] = found

    def of(self, paragraph: etree._Element) -> str:
        """The number that stands before a paragraph, "" when none does."""
        properties = paragraph.find(f"{_W}pPr")
        if properties is None:
            return ""
        style = properties.find(f"{_W}pStyle")
        found = _number_of(properties) or (self.of_style.get(style.get(f"{_W}val", "")) if style is not None else None)
        if found is None or found[1] not in (levels := self.levels.get(found[0], {})):
            return ""
        num, level = found[0], int(found[1])
        counted = self.counted[num]
        counted[level] = counted.get(level, levels[found[1]][2] - 1) + 1
        for deeper in [each for each in counted if each > level]:
            del counted[deeper]

        def number(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            kind, _, first = levels.get(str(at), ("decimal", "", 1))
            value = counted.get(at, first)
            return to_chinese(value) if kind in _CHINESE else "" if kind in {"bullet", "none"} else str(value)

        return re.sub(r"%([1-9])", number, levels[found[1]][1]) if levels[found[1]][0] != "bullet" else ""


def _level(level: etree._Element) -> tuple[str, str, int]:
    def value(name: str, default: str) -> str:
        child = level.find(f"{_W}{name}")
        return str(child.get(f"{_W}val", default)) if child is not None else default

    start = value("start", "1")
    return value("numFmt", "decimal"), value("lvlText", ""), int(start) if start.isdigit() else 1


def _number_of(properties: etree._Element | None) -> tuple[str, str] | None:
    number = properties.find(f"{_W}numPr") if properties is not None else None
    if number is None:
        return None
    num, level = number.find(f"{_W}numId"), number.find(f"{_W}ilvl")
    if num is None or num.get(f"{_W}val") in {None, "0"}:
        return None
    return str(num.get(f"{_W}val")), str(level.get(f"{_W}val", "0")) if level is not None else "0"


def _lines(body: etree._Element, numbers: _Numbers) -> Iterator[str]:
    for child in body:
        if child.tag == f"{_W}p":
            text = _text(child)
            number = numbers.of(child) if text.strip() else ""
            for n, line in enumerate(text.split("\n")):
                if line.strip():
                    yield (
                        (f"{number}\u3000{line.strip()}" if number.startswith("第") else f"{number}{line.strip()}")
                        if number and not n
                        else line
                    )
        elif child.tag == f"{_W}tbl":
            for row in child.iter(f"{_W}tr"):
                cells = [" ".join(_text(each).split()) for each in row.findall(f"{_W}tc")]
                if any(cells):
                    yield " | ".join(cells)
        elif child.tag == f"{_W}sdt":
            content = child.find(f"{_W}sdtContent")
            if content is not None:
                yield from _lines(content, numbers)


def _text(element: etree._Element) -> str:
    """What is written; text that a tracked change took out is not."""
    parts: list[str] = []
    for node in element.iter(f"{_W}t", f"{_W}tab", f"{_W}br", f"{_W}cr", f"{_W}noBreakHyphen"):
        if any(above.tag in _UNSAID for above in node.iterancestors()):
            continue
        if node.tag == f"{_W}t":
            parts.append(node.text or "")
        else:
            parts.append({f"{_W}tab": "\u3000", f"{_W}noBreakHyphen": "-"}.get(node.tag, "\n"))
    return "".join(parts)
