"""A look into files: what they really are, how many pages they have, a small picture of a photo. The original is never touched."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

import filetype
import pypdf
from PIL import Image, ImageOps, UnidentifiedImageError
from pypdf.errors import PyPdfError

THUMBNAIL = (480, 480)
# A photo of 30 MB has at most some 100 million points; more is a bomb that unpacks into gigabytes.
MOST_POINTS = 120_000_000


@dataclass(frozen=True)
class Seen:
    """`pages` None = counts no pages; `problem` completes the sentence “name”…"""

    pages: int | None = None
    thumbnail: bytes | None = None
    problem: str = ""


def sniff(file: Path) -> str | None:
    """The type by the first bytes, whatever the name says."""
    mime: str | None = filetype.guess_mime(str(file))
    return mime


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
