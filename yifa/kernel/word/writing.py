"""Writes Word files (.docx, ISO/IEC 29500) that go back to a drafter: a draft with comments, a draft with its changes tracked. Pure.

The package holds what Word needs and no more: text, styles, comments. Nothing of the sender's machine, no macros, no links. Characters
that XML cannot hold are left out. The same input gives the same bytes.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from itertools import count
from xml.sax.saxutils import escape, quoteattr

from yifa.kernel.citing import from_chinese
from yifa.kernel.word.comparing import IN, KEPT, OUT, Row

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_BEIJING = timezone(timedelta(hours=8))
# Characters outside XML 1.0 §2.2.
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NUMERAL = r"[零〇一二两三四五六七八九十百千\d]+"
_ARTICLE = re.compile(rf"第({_NUMERAL})条(?:之({_NUMERAL}))?")
_PARAGRAPH = re.compile(rf"第({_NUMERAL})款")
_HEADING = re.compile(rf"第{_NUMERAL}[编章节](?:[\s\u3000]|$)")
# 公文 as GB/T 9704 sets it: 仿宋 of size 三号 (16 pt), lines of 28 pt, two characters indented; the title 宋体 二号 (22 pt), centred.
_STYLES = f"""{_HEAD}<w:styles xmlns:w="{_W}"><w:docDefaults><w:rPrDefault><w:rPr>
<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="仿宋"/><w:sz w:val="32"/><w:lang w:eastAsia="zh-CN"/>
</w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>
<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/>
<w:pPr><w:spacing w:line="560" w:lineRule="exact"/><w:ind w:firstLineChars="200" w:firstLine="640"/><w:jc w:val="both"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="Title"><w:name w:val="Title"/><w:basedOn w:val="Normal"/>
<w:pPr><w:spacing w:after="560" w:line="640" w:lineRule="exact"/><w:ind w:firstLineChars="0" w:firstLine="0"/><w:jc w:val="center"/></w:pPr>
<w:rPr><w:rFonts w:eastAsia="宋体"/><w:b/><w:sz w:val="44"/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/><w:basedOn w:val="Normal"/>
<w:pPr><w:keepNext/><w:ind w:firstLineChars="0" w:firstLine="0"/><w:jc w:val="center"/><w:outlineLvl w:val="0"/></w:pPr>
<w:rPr><w:rFonts w:eastAsia="黑体"/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="CommentText"><w:name w:val="annotation text"/>
<w:pPr><w:spacing w:line="240" w:lineRule="auto"/></w:pPr><w:rPr><w:sz w:val="21"/></w:rPr></w:style>
</w:styles>"""


@dataclass(frozen=True)
class Comment:
    """One comment. `clause` names where it belongs (第三条第二款); one the draft lacks means its beginning. `text` may have lines."""

    author: str
    at: datetime
    text: str
    clause: str = ""


def written(paragraphs: Sequence[str]) -> bytes:
    """A plain Word file of these paragraphs."""
    return _package({"document": "".join(_paragraph(text, n, _run(text)) for n, text in enumerate(paragraphs))})


def compared(rows: Sequence[Row], *, author: str, at: datetime) -> bytes:
    """The newer draft of a comparison with every change tracked: accepting all gives the newer text, rejecting all the older one."""
    ids = count(1)

    def tracked(kind: str, inside: str = "") -> str:
        name, who = {OUT: "del", IN: "ins"}[kind], quoteattr(_clean(author))
        head = f'<w:{name} w:id="{next(ids)}" w:author={who} w:date="{_moment(at)}"'
        return f"{head}>{inside}</w:{name}>" if inside else f"{head}/>"

    body = []
    for n, row in enumerate(rows):
        runs = "".join(
            _run(piece.text) if piece.kind == KEPT else tracked(piece.kind, _run(piece.text, gone=piece.kind == OUT))
            for piece in row.pieces
            if _clean(piece.text)
        )
        body.append(_paragraph(row.after or row.before, n, runs, mark=tracked(row.kind) if row.kind in {IN, OUT} else ""))
    if rows and rows[-1].kind in {IN, OUT}:
        # The mark of a paragraph that came or went joins it to the next one; the last one of a document has none to be joined to.
        body.append("<w:p/>")
    return _package({"document": "".join(body), "settings": "<w:trackRevisions/>"})


def commented(paragraphs: Sequence[str], comments: Sequence[Comment]) -> bytes:
    """The draft with comments at the clauses they name."""
    places: dict[int, list[int]] = {}
    for n, comment in enumerate(comments):
        places.setdefault(anchor(paragraphs, comment.clause), []).append(n)
    # A comment needs a paragraph to stand at, even where the draft has no text.
    body = [_paragraph(text, n, _anchored(_run(text), places.get(n, ()))) for n, text in enumerate(paragraphs or [""])]
    told = "".join(_comment(n, comment) for n, comment in enumerate(comments))
    return _package({"document": "".join(body), **({"comments": told} if told else {})})


def anchor(paragraphs: Sequence[str], clause: str) -> int:
    """Which paragraph a clause is: that of its 条, or of its 款 when it names one that is there; 0 when the draft has no such article."""
    wanted = article(clause)
    if wanted is None:
        return 0
    for n, text in enumerate(paragraphs):
        if text.lstrip().startswith("第") and article(text, begins=True) == wanted:
            named = _PARAGRAPH.search(clause)
            further = _number(named[1]) - 1 if named else 0
            return n + further if 0 < further < _length(paragraphs, n) else n
    return 0


def article(text: str, *, begins: bool = False) -> tuple[int, int] | None:
    """(条, 之) that a text names first, or begins with; 之 is 0 when there is none."""
    found = _ARTICLE.match(text.lstrip()) if begins else _ARTICLE.search(text)
    return (_number(found[1]), _number(found[2] or "0")) if found else None


def _number(numeral: str) -> int:
    """Arabic digits of any script and Chinese numerals, as people type them; 0 for what is neither."""
    try:
        return int(numeral) if numeral.isdigit() else from_chinese(numeral.replace("〇", "零").replace("两", "二"))
    except ValueError:
        return 0


def _length(paragraphs: Sequence[str], start: int) -> int:
    """How many paragraphs the article that begins at `start` has."""
    for n in range(start + 1, len(paragraphs)):
        if article(paragraphs[n], begins=True) or _HEADING.match(paragraphs[n].lstrip()):
            return n - start
    return len(paragraphs) - start


def _anchored(run: str, comments: Sequence[int]) -> str:
    starts = "".join(f'<w:commentRangeStart w:id="{n}"/>' for n in comments)
    ends = "".join(f'<w:commentRangeEnd w:id="{n}"/><w:r><w:commentReference w:id="{n}"/></w:r>' for n in comments)
    return starts + run + ends


def _comment(n: int, comment: Comment) -> str:
    author = _clean(comment.author)
    head = f'<w:comment w:id="{n}" w:author={quoteattr(author)} w:date="{_moment(comment.at)}" w:initials={quoteattr(author[:2])}>'
    lines = [f'<w:p><w:pPr><w:pStyle w:val="CommentText"/></w:pPr>{_run(line)}</w:p>' for line in comment.text.splitlines() or [""]]
    return f"{head}{''.join(lines)}</w:comment>"


def _paragraph(text: str, n: int, runs: str, *, mark: str = "") -> str:
    style = "Title" if n == 0 and not article(text, begins=True) else "Heading1" if _HEADING.match(text.lstrip()) else ""
    properties = (f'<w:pStyle w:val="{style}"/>' if style else "") + (f"<w:rPr>{mark}</w:rPr>" if mark else "")
    return f"<w:p>{f'<w:pPr>{properties}</w:pPr>' if properties else ''}{runs}</w:p>"


def _run(text: str, *, gone: bool = False) -> str:
    name = "delText" if gone else "t"
    return f'<w:r><w:{name} xml:space="preserve">{escape(_clean(text))}</w:{name}></w:r>'


def _clean(text: str) -> str:
    return _NO_XML.sub("", text)


def _moment(at: datetime) -> str:
    """Word takes a moment for the local time of its writer and overlooks the zone."""
    return at.astimezone(_BEIJING).strftime("%Y-%m-%dT%H:%M:%SZ")


def _package(bodies: Mapping[str, str]) -> bytes:
    """The parts by their names in `word/` (document, comments, settings), tied together as the standard asks."""
    names = [*bodies, "styles"]
    overrides = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{_TYPE}.{"document.main" if name == "document" else name}+xml"/>'
        for name in names
    )
    types = (
        f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )
    parts = {
        "[Content_Types].xml": types,
        "_rels/.rels": _relations([("officeDocument", "word/document.xml")]),
        "word/_rels/document.xml.rels": _relations([(name, f"{name}.xml") for name in names if name != "document"]),
        "word/styles.xml": _STYLES,
        **{f"word/{name}.xml": xml for name, xml in _roots(bodies)},
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, xml in parts.items():
            # Without a moment, or the same draft would give other bytes tomorrow.
            package.writestr(zipfile.ZipInfo(name), xml, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _roots(bodies: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name, inside in bodies.items():
        if name == "document":
            page = '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="2098" w:right="1474" w:bottom="1984" w:left="1588"'
            yield (
                name,
                (
                    f'{_HEAD}<w:document xmlns:w="{_W}"><w:body>{inside}{page} w:header="851" w:footer="992" w:gutter="0"/></w:sectPr>'
                    "</w:body></w:document>"
                ),
            )
        else:
            yield name, f'{_HEAD}<w:{name} xmlns:w="{_W}">{inside}</w:{name}>'


def _relations(targets: Sequence[tuple[str, str]]) -> str:
    ties = "".join(f'<Relationship Id="r{n}" Type="{_OFFICE}/{kind}" Target="{target}"/>' for n, (kind, target) in enumerate(targets, 1))
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{ties}</Relationships>'
