"""Files by their content: `<FILES>/store/ab/cd/<sha256>`, written once, fsynced before anyone may name them, never changed.

Two writers of the same bytes are one file. A file is complete or absent: bytes go to a temporary name in the same file system and are
then renamed.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

CHUNK = 1024 * 1024
_NAME = re.compile(r"[0-9a-f]{64}")


class TooLargeError(ValueError):
    """More bytes than the caller allows; nothing was kept."""


@dataclass(frozen=True)
class Stored:
    sha256: str
    size: int


def path(sha256: str) -> Path:
    """Where the file lies; only a SHA-256 in hex is a name, so no path from outside ever gets here."""
    if not _NAME.fullmatch(sha256):
        raise ValueError(f"not a SHA-256: {sha256[:80]!r}")
    return Path(settings.FILES) / "store" / sha256[:2] / sha256[2:4] / sha256


def exists(sha256: str) -> bool:
    return path(sha256).is_file()


def open(sha256: str) -> BinaryIO:  # noqa: A001 - `store.open` is how every room reads it
    return path(sha256).open("rb")


def read(sha256: str) -> bytes:
    return path(sha256).read_bytes()


def put(content: bytes | BinaryIO, *, limit: int | None = None) -> Stored:
    """Keep the bytes (of any length, one chunk in memory at a time); TooLargeError beyond `limit`."""
    incoming = folder(Path(settings.FILES) / "incoming")
    digest, size = hashlib.sha256(), 0
    with tempfile.NamedTemporaryFile(dir=incoming, delete=False) as file:
        part = Path(file.name)
        try:
            for chunk in _chunks(content):
                size += len(chunk)
                if limit is not None and size > limit:
                    raise TooLargeError(f"more than {limit} bytes")
                digest.update(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        except BaseException:
            part.unlink(missing_ok=True)
            raise
    return _keep(part, Stored(digest.hexdigest(), size))


def adopt(part: Path) -> Stored:
    """Keep a file already written on this file system (a finished upload) without copying it: a second name for the same bytes.

    The caller removes its own name when its row is committed; killed before that, it can do the whole again.
    """
    with part.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        os.fsync(file.fileno())
    target = path(digest)
    folder(target.parent)
    with suppress(FileExistsError):
        target.hardlink_to(part)
    sync(target.parent)
    return Stored(digest, target.stat().st_size)


def remove(sha256: str) -> None:
    """Only for what the law orders erased and for swept orphans: the caller knows that nothing names it any more."""
    path(sha256).unlink(missing_ok=True)


def folder(wanted: Path) -> Path:
    """The folder, made durable: each new name is fsynced into its parent."""
    if not wanted.is_dir():
        folder(wanted.parent)
        wanted.mkdir(exist_ok=True)
        sync(wanted.parent)
    return wanted


def sync(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _keep(part: Path, stored: Stored) -> Stored:
    target = path(stored.sha256)
    folder(target.parent)
    part.chmod(0o440)
    part.replace(target)
    sync(target.parent)
    return stored


def _chunks(content: bytes | BinaryIO) -> Iterator[bytes]:
    if isinstance(content, bytes):
        yield content
        return
    while chunk := content.read(CHUNK):
        yield chunk
