"""Files that the public sends with an opinion: what they are decides their content, and none is left lying that nothing names.

A file is kept before the opinion that names it is written, and the opinion may still be refused, or the process die in between. So its
hash is noted first (`Arrival`); an hour later the sweep removes those that nothing names.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.utils import timezone

from yifa.dossiers import images, rules, store
from yifa.dossiers.queries import is_evidence
from yifa.kernel.refusing import RejectedError
from yifa.participation.models import Arrival, Comment

MOST_FILES, MOST_BYTES = 3, 10_000_000
KINDS = ("photo", "paper", "document")
LIMITS = f"图片、PDF 或者 Word（docx），最多 {MOST_FILES} 个，每个不超过 {MOST_BYTES // 1_000_000} MB"
GRACE = timedelta(hours=1)


@dataclass(frozen=True)
class Looked:
    """A file that may be kept: what it is, and where its bytes lie as long as the request lasts."""

    title: str
    mime: str
    sent: UploadedFile[Any]


def look(files: Sequence[UploadedFile[Any]], *, sheets: bool = False) -> list[Looked]:
    """Looks at every file before any is kept; `sheets` lets Excel pass, too.

    Raises RejectedError: too many, empty, too large, broken, or not what may be sent.
    """
    if len(files) > MOST_FILES:
        raise RejectedError(f"最多附 {MOST_FILES} 个文件，请减少以后重新选择")
    return [_looked(each, sheets) for each in files]


def _looked(sent: UploadedFile[Any], sheets: bool) -> Looked:
    name = rules.clean_name(sent.name or "")
    if not sent.size:
        raise RejectedError(f"“{name}”是空文件，打开是空的，请重新选择附件")
    if sent.size > MOST_BYTES:
        raise RejectedError(too_large(name))
    with _on_disk(sent) as path:
        found = images.sniff(path)
        mime = next((served for kind in KINDS if (served := rules.served_as(kind, found))), None)
        if mime is None or (mime == images.SHEET and not sheets):
            wanted = "图片、PDF、Word 或者 Excel" if sheets else "图片、PDF 或者 Word"
            raise RejectedError(f"“{name}”的内容不是{wanted} 文件；旧的 doc 文件请另存为 docx 或者 PDF，再重新选择附件")
        if problem := images.look(path, mime).problem:
            raise RejectedError(f"“{name}”{problem}")
    return Looked(name, mime, sent)


def too_large(name: str) -> str:
    return f"“{rules.clean_name(name)}”超过 {MOST_BYTES // 1_000_000} MB，没有收下；请压缩或者拍小一些，再重新选择附件"


@contextmanager
def _on_disk(sent: UploadedFile[Any]) -> Iterator[Path]:
    """Where the bytes can be looked at: large files lie there already."""
    if isinstance(sent, TemporaryUploadedFile):
        yield Path(sent.temporary_file_path())
        return
    with tempfile.NamedTemporaryFile() as part:
        for chunk in sent.chunks():
            part.write(chunk)
        part.flush()
        yield Path(part.name)


def keep(files: Sequence[Looked]) -> list[dict[str, Any]]:
    """Keeps files that were looked at; `{title, sha256, size, mime}` of each, for the row that names them."""
    return [_kept(each) for each in files]


def _kept(looked: Looked) -> dict[str, Any]:
    with _on_disk(looked.sent) as path, path.open("rb") as content:
        sha256 = hashlib.file_digest(content, "sha256").hexdigest()
        # What lay there before is somebody else's, and never removed on our account.
        if not store.exists(sha256):
            Arrival.objects.get_or_create(sha256=sha256, defaults={"at": timezone.now()})
        content.seek(0)
        stored = store.put(content)
    return {"title": looked.title, "sha256": stored.sha256, "size": stored.size, "mime": looked.mime}


def is_attached(sha256: str) -> bool:
    """Does any opinion name this content? For whoever clears the store."""
    return Comment.objects.exclude(files=[]).filter(files__contains=[{"sha256": sha256}]).exists()


def sweep(*, at: datetime, named: Sequence[Callable[[str], bool]] = ()) -> int:
    """Removes files of opinions that were never written, and forgets the arrivals looked at. How many files went.

    `named`: rooms above that keep papers which are no evidence answer for their own.
    """
    gone = 0
    for arrival in Arrival.objects.filter(at__lt=at - GRACE):
        if not any(keeps(arrival.sha256) for keeps in (is_attached, is_evidence, *named)):
            store.remove(arrival.sha256)
            gone += 1
        arrival.delete()
    return gone
