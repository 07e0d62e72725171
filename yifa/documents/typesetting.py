"""The typesetter: one long-lived Typst compiler per process, fonts from the package and from the fonts folder, nothing from the system.

Deterministic: the same layout, data and fonts give the same bytes; the date inside the PDF is the document's own. Values reach the layout
only as JSON inside one text literal, in a line of their own before it: nothing in them is read as code, and everything that does not hold
them (the blocks, the fonts, the standard library) stays in the compiler's memory from document to document.
"""

from __future__ import annotations

import io
import json
import threading
from datetime import date, datetime, time
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import pylopdf_fonts_zh_cn
import segno
import typst
from fontTools.ttLib import TTCollection, TTFont

from yifa.documents.words import CHINA

BLOCKS = Path(__file__).resolve().parent / "typst"
STANDARD: typst.PDFStandard = "a-2b"
SERIF, SANS = "Noto Serif SC", "Noto Sans SC"
# The type of official documents, under the names its foundries give it; taken when the fonts folder has one of them.
FANG_SONG = ("FangSong", "仿宋", "FangSong_GB2312", "仿宋_GB2312", "FZFangSong-Z02", "FZFangSong-Z02S", "STFangsong", "CESI_FS_GB2312")
SONG_TITLE = ("FZXiaoBiaoSong-B05", "FZXiaoBiaoSong-B05S", "方正小标宋简体", "CESI_XBS_GB2312")
PNG_PPI = 110
_NEVER_MISSING = frozenset("\n ")


class LayoutError(RuntimeError):
    """The layout itself is wrong: an engineer's mistake, told with the file's name."""


class Typesetter:
    """Thread-safe: compilations of one process follow each other (each takes milliseconds)."""

    def __init__(self, fonts: Path | None) -> None:
        folders = [str(pylopdf_fonts_zh_cn.serif_path().parent)]
        if fonts is not None:
            folders.append(str(fonts))
        found = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)
        families = found.families()
        rest = [family for family in families if family not in {SERIF, SANS}]
        self.families = {
            "body": [*(name for name in FANG_SONG if name in families), SERIF, SANS, *rest],
            "title": [*(name for name in SONG_TITLE if name in families), SERIF, SANS, *rest],
        }
        self._files = sorted({font.path for font in found.fonts() if font.path})
        self._compiler = typst.Compiler(root=str(BLOCKS), font_paths=found, ignore_system_fonts=True)
        self._lock = threading.Lock()
        self._known: frozenset[str] | None = None

    def first_unknown(self, text: str) -> str | None:
        """The first character that no font draws; it would print as a box."""
        lacking = set(text) - self._characters()
        return next(char for char in text if char in lacking) if lacking else None

    def pdf(self, layout: str, name: str, data: dict[str, Any], day: date) -> bytes:
        moment = int(datetime.combine(day, time(), CHINA).timestamp())
        made = self._compile(layout, name, data, format="pdf", pdf_standards=STANDARD, timestamp=moment)
        return made[0]

    def pictures(self, layout: str, name: str, data: dict[str, Any]) -> list[bytes]:
        """Each page as PNG."""
        return self._compile(layout, name, data, format="png", ppi=PNG_PPI)

    def _compile(self, layout: str, name: str, data: dict[str, Any], **options: Any) -> list[bytes]:
        values = _literal(json.dumps(data | {"fonts": self.families}, ensure_ascii=False))
        source = f"#let doc = json(bytes({values})); #let v = doc.values;\n{layout}"
        with self._lock:
            try:
                made = self._compiler.compile(input=source.encode(), **options)
            except typst.TypstError as error:
                raise LayoutError(f"{name}: {error.message} {' '.join(error.hints)}\n{error.diagnostic.replace(values, '…')}") from error
        if made is None:
            raise LayoutError(f"{name}: nothing was typeset")
        return [made] if isinstance(made, bytes) else made

    def _characters(self) -> frozenset[str]:
        if self._known is None:
            self._known = frozenset(_NEVER_MISSING.union(*(map(chr, _characters(path)) for path in self._files)))
        return self._known


@cache
def typesetter(fonts: str) -> Typesetter:
    return Typesetter(Path(fonts) if fonts else None)


def _literal(text: str) -> str:
    """JSON as a text literal of the layout's language, in which only the backslash and the quotation mark have a meaning of their own."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


@lru_cache(maxsize=64)
def code_svg(url: str) -> str:
    """The QR code of one case; level M still reads when a corner is folded or stained.

    The mask is fixed: choosing the best of eight costs more than the rest of the page's data, and a reader needs none of that choice.
    """
    drawn = io.BytesIO()
    segno.make(url, error="m", micro=False, mask=0).save(drawn, kind="svg", border=1, xmldecl=False, svgns=True, nl=False)
    return drawn.getvalue().decode("ascii")


def _characters(path: str) -> set[int]:
    """The code points of a font file, or of every face of a collection."""
    if path.lower().endswith((".ttc", ".otc")):
        with TTCollection(path, lazy=True) as faces:
            return {code for face in faces.fonts for code in face.getBestCmap()}
    with TTFont(path, lazy=True) as font:
        return set(font.getBestCmap())
