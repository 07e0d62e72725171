"""The text of a file that was handed in: Word and PDF. Bounded; a scan, whose pages are pictures, has none.

A PDF knows lines and no paragraphs: its lines are put together again by how Chinese official texts end and begin them.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from yifa.dossiers import store
from yifa.dossiers.images import WORD
from yifa.kernel.word.reading import MAX_DOCX
from yifa.kernel.word.reading import paragraphs as of_word
from yifa.kernel.word.refusing import MB, UnreadableError

PDF = "application/pdf"
MOST_PAGES = 200
# Fewer characters a page than this are a stamp on a scan, not its text.
LEAST_A_PAGE = 20
_PAGE_NUMBER = re.compile(r"[—–\-－]?\s*\d{1,4}\s*[—–\-－]?|第\s*\d+\s*页(\s*共\s*\d+\s*页)?")
_BEGINS = re.compile(
    r"第[零〇一二三四五六七八九十百千\d]+[编章节条]|[一二三四五六七八九十]{1,3}、|（[一二三四五六七八九十]{1,3}）|\d{1,2}[．.、]|附件"
)
_ENDS = re.compile(r"[。；：！？…”」』]$")


def paragraphs(sha256: str, mime: str) -> list[str]:
    """The paragraphs of a stored file, none of them empty. Raises UnreadableError."""
    if mime not in {WORD, PDF} or not store.exists(sha256):
        raise UnreadableError("不是可以读取文字的 Word（.docx）或者 PDF 文件")
    path = store.path(sha256)
    with path.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
            raise UnreadableError("文件与记录中的 SHA-256 不一致")
    found = [line.strip() for line in (of_word(path) if mime == WORD else of_pdf(path))]
    if not any(found):
        raise UnreadableError("文件里没有文字")
    return [line for line in found if line]


def of_pdf(path: Path) -> list[str]:
    """The paragraphs of a PDF. Raises UnreadableError for a scan, and for what is too large or broken."""
    if path.stat().st_size > MAX_DOCX:
        raise UnreadableError(f"文件超过{MAX_DOCX // MB} MB")
    try:
        reader = PdfReader(path)
        if len(reader.pages) > MOST_PAGES:
            raise UnreadableError(f"文件超过{MOST_PAGES}页")
        lines = [line for page in reader.pages for line in page.extract_text().split("\n")]
        pages = len(reader.pages)
    except (PyPdfError, ValueError, KeyError, TypeError, IndexError, AttributeError, OSError, RecursionError) as problem:
        # A broken file shows itself anywhere in the library that reads it.
        raise UnreadableError("文件损坏或者已经加密") from problem
    found = joined(lines)
    if sum(map(len, found)) < LEAST_A_PAGE * pages:
        raise UnreadableError("是扫描件，没有文字")
    return found


def joined(lines: Iterable[str]) -> list[str]:
    """Lines of pages as paragraphs: one ends with its stop, or where the next begins with a number of its own; page numbers are dropped.

    A line goes on in the next only where it fills the page: a short one without a stop is a title or a heading.
    """
    said = [line for line in (" ".join(each.split()) for each in lines) if line and not _PAGE_NUMBER.fullmatch(line)]
    full = 0.8 * max(map(len, said), default=0)
    found: list[str] = []
    before = ""
    for line in said:
        if len(before) >= full and found and not _ENDS.search(before) and not _BEGINS.match(line):
            found[-1] += line
        else:
            found.append(line)
        before = line
    return found
