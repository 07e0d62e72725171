"""Unpacks .tar, .tar.gz, .tar.xz, .zip and .xz into a folder, within bounds. Only plain files of text and their lists are taken.

Links, devices, absolute paths and paths that climb are refused one by one with a reason; a bomb ends the unpacking.
"""

from __future__ import annotations

import gzip
import lzma
import tarfile
import zipfile
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO, cast

from yifa.laws.sources.refusing import MAX_ARCHIVE, MAX_MEMBER, MAX_MEMBERS, MAX_UNPACKED, MB, UnreadableError

SUFFIXES = (".tar", ".tar.gz", ".tgz", ".tar.xz", ".txz", ".zip")
WANTED = {".md", ".txt", ".docx", ".doc", ".db", ".sqlite", ".sqlite3"}
_BLOCK = 256 * 1024


@dataclass
class Unpacked:
    """`refused` are (name in the archive, reason)."""

    refused: list[tuple[str, str]] = field(default_factory=list)
    files: int = 0
    size: int = 0

    def refuse(self, name: str, reason: str) -> None:
        self.refused.append((name[:300], reason))


class _Bounded:
    """A decompressing stream that ends with a refusal when more comes out than a collection of laws can hold."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream, self._read = stream, 0

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(min(size, _BLOCK) if size >= 0 else _BLOCK)
        self._read += len(data)
        if self._read > MAX_UNPACKED:
            raise UnreadableError(f"展开后超过{MAX_UNPACKED // MB} MB,疑为压缩炸弹,已停止")
        return data


def unpack(path: Path, target: Path) -> Unpacked:
    """Take the wanted files of an archive into the empty folder `target`. Raises UnreadableError."""
    if (size := path.stat().st_size) > MAX_ARCHIVE:
        raise UnreadableError(f"文件有{size / MB:.0f} MB,超过{MAX_ARCHIVE // MB} MB的限度")
    found = Unpacked()
    try:
        if path.name.lower().endswith(".zip"):
            _unzip(path, target, found)
        else:
            _untar(path, target, found)
    except (
        tarfile.TarError,
        zipfile.BadZipFile,
        lzma.LZMAError,
        gzip.BadGzipFile,
        NotImplementedError,
        RuntimeError,
        EOFError,
        OSError,
    ) as problem:
        raise UnreadableError(f"不是完好的压缩文件:{problem}") from None
    return found


def unxz(path: Path, target: Path) -> None:
    """One packed file (laws.db.xz) to `target`. Raises UnreadableError."""
    if (size := path.stat().st_size) > MAX_ARCHIVE:
        raise UnreadableError(f"文件有{size / MB:.0f} MB,超过{MAX_ARCHIVE // MB} MB的限度")
    try:
        with lzma.open(path) as packed, target.open("wb") as out:
            stream = _Bounded(packed)
            while block := stream.read(_BLOCK):
                out.write(block)
    except (lzma.LZMAError, EOFError, OSError) as problem:
        raise UnreadableError(f"不是完好的.xz文件:{problem}") from None


def _opened(path: Path) -> BinaryIO:
    name = path.name.lower()
    if name.endswith((".xz", ".txz")):
        return cast("BinaryIO", lzma.open(path))
    if name.endswith((".gz", ".tgz")):
        return cast("BinaryIO", gzip.open(path))
    return path.open("rb")


def _untar(path: Path, target: Path, found: Unpacked) -> None:
    with _opened(path) as packed, tarfile.open(fileobj=_Bounded(packed), mode="r|") as archive:  # type: ignore[call-overload]  # read() is all a stream needs
        for number, member in enumerate(archive):
            _count(number)
            if member.isdir():
                continue
            if not member.isreg():
                found.refuse(member.name, "不是普通文件(链接或者设备),未取出")
            elif _is_wanted(found, member.name, member.size) and (stream := archive.extractfile(member)) is not None:
                _write(found, target, member.name, stream)


def _unzip(path: Path, target: Path, found: Unpacked) -> None:
    with zipfile.ZipFile(path) as archive:
        for number, member in enumerate(archive.infolist()):
            _count(number)
            if member.is_dir():
                continue
            if (member.external_attr >> 16) & 0o170000 == 0o120000:
                found.refuse(member.filename, "不是普通文件(链接或者设备),未取出")
            elif _is_wanted(found, member.filename, member.file_size):
                with archive.open(member) as stream:
                    _write(found, target, member.filename, stream)


def _count(number: int) -> None:
    if number >= MAX_MEMBERS:
        raise UnreadableError(f"压缩包内的文件超过{MAX_MEMBERS}个,已停止")


def _is_wanted(found: Unpacked, name: str, size: int) -> bool:
    parts = PurePosixPath(name.replace("\\", "/")).parts
    if name.startswith(("/", "\\")) or ".." in parts or ":" in name[:3] or "\0" in name or not parts:
        found.refuse(name, "路径越出目标文件夹,未取出")
        return False
    if any(len(part.encode()) > 255 for part in parts) or len(parts) > 20:
        found.refuse(name, "文件名过长,未取出")
        return False
    if PurePosixPath(name).suffix.lower() not in WANTED or parts[-1].startswith("."):
        return False
    if size > MAX_MEMBER:
        found.refuse(name, f"展开后超过{MAX_MEMBER // MB} MB,未取出")
        return False
    return True


def _write(found: Unpacked, target: Path, name: str, stream: IO[bytes]) -> None:
    """Copy block by block: what a header says of the size is not believed."""
    place = target.joinpath(*PurePosixPath(name.replace("\\", "/")).parts)
    place.parent.mkdir(parents=True, exist_ok=True)
    size = 0
    with place.open("wb") as out:
        while block := stream.read(_BLOCK):
            size += len(block)
            found.size += len(block)
            if size > MAX_MEMBER or found.size > MAX_UNPACKED:
                raise UnreadableError(f"{name[:200]}展开后超过限度,疑为压缩炸弹,已停止")
            out.write(block)
    found.files += 1
