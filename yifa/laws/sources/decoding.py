"""Bytes to text: UTF-8, UTF-16 and GB18030 are told apart; what cannot be read is marked and counted, never dropped silently. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

_EXPECTED = re.compile(r"[\u4e00-\u9fff\u3000-\u303f\uff00-\uffef“”‘’—…·\s0-9A-Za-z!-~]")
REPLACEMENT = "\ufffd"


@dataclass(frozen=True)
class Decoded:
    """`defect` is "" when every byte could be read."""

    text: str
    encoding: str
    defect: str = ""


def decode(data: bytes) -> Decoded:
    """The text of a file. A byte order mark decides; then UTF-8 if it fits; then UTF-16 and GB18030 by what comes out as writing."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return _lenient(data, encoding)
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        pass
    if len(data) % 2 == 0 and data.count(0) and data.find(0) >= 0:
        for encoding in ("utf-16-le", "utf-16-be"):
            found = _lenient(data, encoding)
            if not found.defect and _sense(found.text) > 0.95:
                return found
    try:
        return Decoded(data.decode("gb18030"), "gb18030")
    except UnicodeDecodeError:
        pass
    return min(
        (_lenient(data, encoding) for encoding in ("utf-8", "gb18030")), key=lambda found: (found.text.count(REPLACEMENT), found.encoding)
    )


def _lenient(data: bytes, encoding: str) -> Decoded:
    text = data.decode(encoding, errors="replace")
    try:
        data.decode(encoding)
    except UnicodeDecodeError as error:
        broken = text.count(REPLACEMENT)
        name = encoding.removesuffix("-sig").upper()
        return Decoded(text, encoding, f"有{broken}处字节无法按{name}识别,自第{error.start + 1}字节起,以{REPLACEMENT}标出")
    return Decoded(text, encoding)


def _sense(text: str) -> float:
    return len(_EXPECTED.findall(text)) / max(len(text), 1)
