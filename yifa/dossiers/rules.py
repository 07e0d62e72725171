"""What may be kept as evidence, how an upload announces itself, which bytes a reader asked for. Pure: no files, no database.

Sources: 内蒙古自治区行政执法全过程记录 (244号令) 第十八条至第二十三条; tus resumable upload protocol 1.0; RFC 9110 §14 (ranges).
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

# What a file of each kind may really be, after a look at its first bytes, and as what it is then served. Recorders of phones and
# browsers put sound alone into mp4 and webm boxes, hence the two double names. No HTML, no SVG, nothing that a browser would run.
OFFICE = tuple(f"application/vnd.openxmlformats-officedocument.{kind}" for kind in ("wordprocessingml.document", "spreadsheetml.sheet"))
TYPES: Mapping[str, Mapping[str, str]] = {
    "photo": {t: t for t in ("image/jpeg", "image/png", "image/webp", "image/heic")},
    "audio": {
        "audio/mpeg": "audio/mpeg",
        "audio/mp4": "audio/mp4",
        "video/mp4": "audio/mp4",
        "audio/x-wav": "audio/wav",
        "audio/ogg": "audio/ogg",
        "video/webm": "audio/webm",
    },
    "video": {t: t for t in ("video/mp4", "video/webm", "video/quicktime")} | {"video/x-m4v": "video/mp4"},
    "paper": {"application/pdf": "application/pdf"},
    "document": {t: t for t in OFFICE},
}
KIND_NAMES = {"photo": "照片", "audio": "录音", "video": "录像", "paper": "文书材料", "document": "Word 或者 Excel 文件"}
KIND_FORMATS = {
    "photo": "JPEG、PNG、WebP、HEIC",
    "audio": "MP3、M4A、WAV、OGG、WebM",
    "video": "MP4、MOV、WebM",
    "paper": "PDF",
    "document": "不含宏的 docx、xlsx",
}
# What a browser may open in the page; an Office file is always saved.
SERVED = frozenset(mime for served in TYPES.values() for mime in served.values()) - {*OFFICE}
# 当场或者事后二十四小时内上传 (244号令第二十条).
UPLOAD_WITHIN = timedelta(hours=24)
_EXTENSIONS = {
    "photo": ("jpg", "jpeg", "png", "webp", "heic", "heif"),
    "audio": ("mp3", "m4a", "wav", "ogg", "oga", "opus", "weba"),
    "video": ("mp4", "m4v", "mov", "webm"),
    "paper": ("pdf",),
    "document": ("docx", "xlsx"),
}


class BadRequestError(ValueError):
    """A header of an upload that cannot be read; the text is for the officer."""


def kind_of(filename: str, declared: str = "") -> str | None:
    """The kind that a file claims: by its declared type, else by its name; None for what is never evidence."""
    major = declared.partition("/")[0].lower()
    if declared.lower() == "application/pdf":
        return "paper"
    if declared.lower() in OFFICE:
        return "document"
    if major in {"image", "audio", "video"}:
        return {"image": "photo"}.get(major, major)
    extension = filename.rpartition(".")[2].lower()
    return next((kind for kind, names in _EXTENSIONS.items() if extension in names), None)


def served_as(kind: str, sniffed: str | None) -> str | None:
    """The type under which a file of this kind is kept and served; None when its content is not of the kind."""
    return TYPES[kind].get(sniffed or "")


def clean_name(filename: str) -> str:
    """A name for people only (no path is ever made from it): the last part, without control characters."""
    last = re.split(r"[/\\]", filename)[-1]
    return "".join(letter for letter in last if letter.isprintable()).strip(". ")[:200] or "未命名"


def late_by(taken_at: datetime | None, uploaded_at: datetime) -> timedelta | None:
    """How much later than 24 hours after the taking a recording came in; None when in time or when nobody said when it was taken."""
    if taken_at is None or uploaded_at - taken_at <= UPLOAD_WITHIN:
        return None
    return uploaded_at - taken_at - UPLOAD_WITHIN


def metadata(header: str) -> dict[str, str]:
    """`Upload-Metadata`: comma-separated `key base64(value)` pairs."""
    found: dict[str, str] = {}
    for pair in filter(None, (part.strip() for part in header.split(","))):
        key, _, value = pair.partition(" ")
        try:
            found[key] = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError) as error:
            raise BadRequestError("上传说明（Upload-Metadata）无法读取，请刷新页面后重新上传") from error
    return found


@dataclass(frozen=True)
class Checksum:
    algorithm: str
    digest: bytes


def checksum(header: str) -> Checksum | None:
    """`Upload-Checksum`: algorithm and base64 digest of the bytes of one request."""
    if not header:
        return None
    algorithm, _, value = header.partition(" ")
    if algorithm not in {"sha256", "sha1"}:
        raise BadRequestError("不支持的校验算法，请使用 sha256")
    try:
        return Checksum(algorithm, base64.b64decode(value, validate=True))
    except binascii.Error as error:
        raise BadRequestError("校验值无法读取") from error


class UnsatisfiableError(ValueError):
    """The range lies outside the file (416)."""


def byte_range(header: str, size: int) -> tuple[int, int] | None:
    """First and last byte asked for, inclusive; None = the whole file (no range, several ranges or another unit: RFC 9110 §14.2)."""
    match = re.fullmatch(r"bytes=(\d*)-(\d*)", header.strip())
    if not match or match.groups() == ("", ""):
        return None
    first, last = match.groups()
    if not first:
        start, end = max(size - int(last), 0), size - 1
        if int(last) == 0:
            raise UnsatisfiableError
    else:
        start, end = int(first), min(int(last), size - 1) if last else size - 1
        if last and int(last) < start:
            return None
    if start >= size:
        raise UnsatisfiableError
    return start, end
