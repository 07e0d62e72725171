"""One file of text: bounded, decoded, its broken bytes reported. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from yifa.laws.rules import INVISIBLE
from yifa.laws.sources.decoding import decode
from yifa.laws.sources.refusing import MAX_TEXT, MB, UnreadableError


@dataclass(frozen=True)
class Refused:
    """A file that was not taken in, and why; the words are fit to be shown."""

    path: str
    reason: str


def text_of(path: Path) -> tuple[str, list[str]]:
    """(text, what is wrong with it). Raises UnreadableError."""
    try:
        size = path.stat().st_size
        if size > MAX_TEXT:
            raise UnreadableError(f"文件有{size / MB:.1f} MB,超过{MAX_TEXT // MB} MB的限度")
        data = path.read_bytes()
    except OSError as problem:
        raise UnreadableError(f"无法读取:{problem.strerror}") from None
    found = decode(data)
    if not found.text.strip():
        raise UnreadableError("文件是空的")
    defects = [found.defect] if found.defect else []
    text, invisible = INVISIBLE.subn("", found.text)
    if invisible:
        defects.append(f"含有不可见字符,已删去:{invisible}个")
    return text, defects
