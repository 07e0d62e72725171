"""Makes small .docx files and archives for tests, with nothing but the standard library."""

from __future__ import annotations

import io
import tarfile
import zipfile
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
NUMBERING = (
    f'<w:numbering xmlns:w="{W}"><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
    '<w:numFmt w:val="chineseCountingThousand"/><w:lvlText w:val="第%1条"/></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
)


def docx(
    path: Path, lines: Sequence[str], *, numbered: Sequence[str] = (), parts: Sequence[tuple[str, bytes]] = (), body: str = ""
) -> Path:
    """A Word file of plain paragraphs, then of paragraphs that Word numbers as articles; `parts` are further members."""
    plain = "".join(f"<w:p><w:r><w:t>{escape(line)}</w:t></w:r></w:p>" for line in lines)
    counted = "".join(
        f'<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:t>{escape(line)}</w:t></w:r></w:p>'
        for line in numbered
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", body or f'<w:document xmlns:w="{W}"><w:body>{plain}{counted}</w:body></w:document>')
        package.writestr("word/numbering.xml", NUMBERING)
        for name, data in parts:
            package.writestr(name, data)
    return path


def tar(path: Path, members: Sequence[tuple[tarfile.TarInfo | str, bytes]]) -> Path:
    """A .tar.xz; a member may be a whole TarInfo, to make what no honest archive has."""
    with tarfile.open(path, "w:xz") as archive:
        for member, data in members:
            info = tarfile.TarInfo(member) if isinstance(member, str) else member
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return path
