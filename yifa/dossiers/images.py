"""A look into files: what they really are, how many pages they have, a small picture of a photo. The original is never touched."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from pathlib import Path

import filetype
import pypdf
from PIL import Image, ImageOps, UnidentifiedImageError
from pypdf.errors import PyPdfError

THUMBNAIL = (480, 480)
# A photo of 30 MB has at most some 100 million points; more is a bomb that unpacks into gigabytes.
MOST_POINTS = 120_000_000
# An Office file that unpacks into more is a bomb: a thousand pages of text are a few megabytes.
MOST_UNPACKED = 300_000_000
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Seen:
    """`pages` None = counts no pages; `problem` completes the sentence “name”…"""

    pages: int | None = None
    thumbnail: bytes | None = None
    problem: str = ""


def sniff(file: Path) -> str | None:
    """The type by the content, whatever the name says: by the first bytes; of an Office file by what its archive holds."""
    mime: str | None = filetype.guess_mime(str(file))
    return _office(file) if mime in {"application/zip", WORD, SHEET} else mime


def _office(file: Path) -> str | None:
    """Word or Excel without macros; None for any other archive. Only the table of contents is read, nothing is unpacked."""
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
    except (OSError, zipfile.BadZipFile, ValueError):
        return None
    names = {entry.filename for entry in entries}
    unpacked = sum(entry.file_size for entry in entries)
    if "[Content_Types].xml" not in names or any(name.endswith("vbaProject.bin") for name in names) or unpacked > MOST_UNPACKED:
        return None
    return WORD if "word/document.xml" in names else SHEET if "xl/workbook.xml" in names else None


def look(file: Path, mime: str) -> Seen:
    """Open what can be opened, so that a broken file is found when it comes in and not when the case is heard."""
    if mime == "application/pdf":
        return _paper(file)
    if mime == "image/heic":
        # No decoder on board: the original is kept, lists show an icon.
        return Seen(pages=1)
    if mime.startswith("image/"):
        return _photo(file)
    return Seen()


def pages_of(file: Path, mime: str) -> int | None:
    """Pages in a case file: those of a PDF, one for a photo, none for a recording."""
    return look(file, mime).pages if mime == "application/pdf" else 1 if mime.startswith("image/") else None


def _photo(file: Path) -> Seen:
    try:
        with Image.open(file) as image:
            if image.width * image.height > MOST_POINTS:
                return Seen(problem="的像素过多，无法作为照片保存")
            image.draft("RGB", THUMBNAIL)
            small = ImageOps.exif_transpose(image).convert("RGB")
            small.thumbnail(THUMBNAIL)
    except (OSError, UnidentifiedImageError, ValueError, SyntaxError, Image.DecompressionBombError):
        return Seen(problem="已损坏或不完整，无法打开，请重新拍摄或重新选择")
    out = io.BytesIO()
    small.save(out, "JPEG", quality=80)
    return Seen(pages=1, thumbnail=out.getvalue())


def _paper(file: Path) -> Seen:
    try:
        with file.open("rb") as stream:
            pages = len(pypdf.PdfReader(stream).pages)
    except (PyPdfError, OSError, ValueError, KeyError, RecursionError):
        return Seen(problem="已损坏或已加密，无法打开，请重新导出 PDF")
    return Seen(pages=pages) if pages else Seen(problem="没有一页内容")
