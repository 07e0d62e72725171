"""Drawn signatures and seals as SVG that holds nothing but strokes or one embedded PNG. Pure.

A signature is best kept as strokes (they stay sharp, and pressure and time can be examined later):
`{"strokes": [[[x, y, ...], ...], ...]}`;
what follows x and y in a point is evidence, not ink. A PNG (`{"png": base64}` or bytes) is taken where a device gives no strokes.
"""

from __future__ import annotations

import base64
import binascii
import struct
import zlib
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

MAX_POINTS = 20_000
MAX_PICTURE = 2 * 1024 * 1024
MAX_PIXELS = 64 * 1024 * 1024
_PNG = b"\x89PNG\r\n\x1a\n"
_HEIGHT = 200


class BadDrawing(ValueError):
    """str() completes the sentence “签名…”."""


def signature(value: Any) -> str:
    """The drawn name, cropped to its ink and scaled to one height."""
    if not isinstance(value, Mapping):
        raise BadDrawing("不是可以识别的手写签名")
    if "strokes" in value:
        return _strokes(value["strokes"])
    if "png" in value:
        return picture(value["png"])
    raise BadDrawing("没有笔画")


def picture(value: Any) -> str:
    """A PNG wrapped as SVG, so that layouts place signatures, seals and codes alike."""
    try:
        content = base64.b64decode(value.removeprefix("data:image/png;base64,"), validate=True) if isinstance(value, str) else bytes(value)
    except (binascii.Error, ValueError, TypeError):
        raise BadDrawing("不是 PNG 图片") from None
    if not content.startswith(_PNG) or len(content) < 33 or content[12:16] != b"IHDR":
        raise BadDrawing("不是 PNG 图片")
    if len(content) > MAX_PICTURE:
        raise BadDrawing("图片超过2兆字节")
    width, height = struct.unpack(">II", content[16:24])
    if not 0 < width <= 4000 or not 0 < height <= 4000:
        raise BadDrawing("图片长宽应当在1至4000像素之间")
    if not _is_whole(content):
        raise BadDrawing("图片已损坏")
    data = base64.b64encode(content).decode("ascii")
    return f'{_open(width, height)}<image width="{width}" height="{height}" href="data:image/png;base64,{data}"/></svg>'


def _is_whole(content: bytes) -> bool:
    """Every chunk of the PNG has its checksum, the last is IEND, and the pixels can be unpacked."""
    at, pixels, last = len(_PNG), b"", b""
    while at + 12 <= len(content):
        size = int.from_bytes(content[at : at + 4], "big")
        chunk = content[at + 4 : at + 8 + size]
        if content[at + 8 + size : at + 12 + size] != zlib.crc32(chunk).to_bytes(4, "big"):
            return False
        last = chunk[:4]
        pixels += chunk[4:] if last == b"IDAT" else b""
        at += 12 + size
    unpacking = zlib.decompressobj()
    try:
        unpacking.decompress(pixels, MAX_PIXELS)
    except zlib.error:
        return False
    return last == b"IEND" and at == len(content) and unpacking.eof


def _strokes(strokes: Any) -> str:
    lines = [[_point(point) for point in stroke] for stroke in _sequence(strokes) if _sequence(stroke)]
    points = [point for line in lines for point in line]
    if not points:
        raise BadDrawing("没有笔画")
    if len(points) > MAX_POINTS:
        raise BadDrawing(f"笔画超过{MAX_POINTS}个点")
    left, top = min(x for x, _ in points), min(y for _, y in points)
    width, height = max(x for x, _ in points) - left, max(y for _, y in points) - top
    if width <= 0 and height <= 0:
        raise BadDrawing("只有一个点，不是签名")
    # A flat stroke (一) must not be blown up to the height of a name.
    scale = _HEIGHT / max(height, width / 4, 1)
    pen = 7
    drawn = "".join(_path([((x - left) * scale + pen, (y - top) * scale + pen) for x, y in line]) for line in lines)
    style = f'fill="none" stroke="#111" stroke-width="{pen}" stroke-linecap="round" stroke-linejoin="round"'
    return f"{_open(round(width * scale) + 2 * pen, round(height * scale) + 2 * pen)}<g {style}>{drawn}</g></svg>"


def _open(width: int, height: int) -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">'


def _sequence(value: Any) -> list[Any]:
    if not isinstance(value, (list, tuple)):
        raise BadDrawing("的笔画无法识别")
    return list(value)


def _point(point: Any) -> tuple[float, float]:
    x, y = [*_sequence(point), None, None][:2]
    if any(isinstance(each, bool) or not isinstance(each, (int, float)) or not -1e5 < each < 1e5 for each in (x, y)):
        raise BadDrawing("的笔画无法识别")
    return float(x), float(y)


def _path(line: list[tuple[float, float]]) -> str:
    """Through the middles of neighbouring points with the points as controls: smooth without inventing ink elsewhere."""
    (x, y), *rest = line
    path = f"M{x:.1f} {y:.1f}"
    for (ax, ay), (bx, by) in pairwise(rest):
        path += f"Q{ax:.1f} {ay:.1f} {(ax + bx) / 2:.1f} {(ay + by) / 2:.1f}"
    x, y = rest[-1] if rest else (x + 0.1, y)
    return f'<path d="{path}L{x:.1f} {y:.1f}"/>'
