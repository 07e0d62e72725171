"""A case file bound as one PDF (装订案卷): cover, catalogue, every paper in its order under its page number, and at the end the counts.

Page numbers are those of the catalogue (卷内目录); each volume begins with 1. What its reader is not given (不予公开) has its line and its
numbers there, and no page. What has no pages (a recording, a Word file) and what
cannot be taken in (broken, locked, cleared by law) is one sheet that names it. Sources are read one after another, so memory is bounded
by the largest of them, not by the file.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, BinaryIO

from django.conf import settings
from PIL import Image, ImageOps, UnidentifiedImageError

from yifa.documents.assembling import A4, Assembly, Mark, Overlay, UnusableError, opened
from yifa.documents.typesetting import BLOCKS, Typesetter, typesetter
from yifa.documents.words import CHINA, date_text
from yifa.dossiers import store
from yifa.dossiers.catalogue import Line, Volume
from yifa.dossiers.images import MOST_POINTS, SHEET, WORD

PDF = "application/pdf"
PICTURES = frozenset({"image/jpeg", "image/png", "image/webp"})
# A page of A4 at 200 points an inch; more is neither seen nor printed, and the original stays in the record. A JPEG is decoded at a half
# or a quarter as long as its shorter side stays this long: what telephones take (4032 by 3024) fits after that.
LONGEST, SHORTEST = 2016, 1500
# A JPEG up to this size is taken as it is.
AS_IT_IS = 1_500_000
_ORIENTATION = 0x0112
BOX = (40.0, 62.0, A4[0] - 80, A4[1] - 100)
_GETA = "〓"
_UNBROKEN = re.compile(r"([!-~]{32})(?=[!-~])")


KINDS = {WORD: "Word 文件", SHEET: "Excel 表格", "application/msword": "Word 文件", PDF: "PDF 文件"}
FAMILIES = {"video": "录像", "audio": "录音", "image": "图片"}
HOW = (
    "本卷的每一份材料，在办理时即以 SHA-256 记入本案的记录，记录环环相扣，不能改动、抽去而不被发现。",
    "核验记录：在案卷页下载“凭据”，在核验页（/verify）或者用 yifa verify 命令核对；最后一条的序号和散列与上列一致的，记录没有缺漏。",
    "核验材料：计算原件的 SHA-256，与卷内目录所列一致、并且列在凭据之中的，是当时办理所用的原件。",
    "附件单所列的录音、录像和电子文件，在案卷页“文书和证据”中打开。",
)


def kind(mime: str) -> str:
    """What a file is, in words; where only its family is known, with the rest of what it is called."""
    family, _, rest = mime.partition("/")
    return KINDS.get(mime) or (f"{FAMILIES[family]}（{rest}）" if family in FAMILIES else mime)


@dataclass(frozen=True)
class Cover:
    """What stands on the cover: the body, the case, and rows of (label, value)."""

    organisation: str
    title: str
    code: str
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Head:
    """Where the record of the case stood when the file was bound: the last entry of its chain and its digest."""

    origin: str
    seq: int
    sha256: str


@dataclass(frozen=True)
class Bound:
    """`pages` of the finished PDF; `sheets` of the file itself, those with a number; `left_out`: what could not be taken in, and why."""

    pages: int
    sheets: int
    left_out: tuple[tuple[str, str], ...]


def bind(
    out: BinaryIO, *, cover: Cover, volumes: Sequence[Volume], head: Head, day: date, done: Callable[[int], None] = lambda _n: None
) -> Bound:
    """Writes the bound file into `out` (seekable). `done` is told how many numbered sheets are finished."""
    work = _Work(Assembly(out), _setter(), day, done)
    filled = [volume for volume in volumes if volume.lines]
    work.front(cover, filled)
    for volume in filled:
        work.volume(volume)
    return work.back(cover, filled, head)


class _Work:
    def __init__(self, into: Assembly, setter: Typesetter, day: date, done: Callable[[int], None]) -> None:
        self._into, self._setter, self._day, self._done = into, setter, day, done
        self._marks: list[Mark] = []
        self._left_out: list[tuple[str, str]] = []
        self._sheets = 0

    def front(self, cover: Cover, volumes: Sequence[Volume]) -> None:
        listed = [{"name": each.name, "pages": each.pages, "lines": [_listed(line) for line in each.lines]} for each in volumes]
        values = {"organisation": cover.organisation, "title": cover.title, "rows": cover.rows, "volumes": listed}
        self._marks += [Mark("案卷封面", 0), Mark("卷内目录", 1)]
        self._typeset("binding_front.typ", values)

    def volume(self, volume: Volume) -> None:
        """The papers of one volume. Its stamps are typeset together: a font is embedded once, and a stamp costs next to nothing."""
        given = [line for line in volume.lines if not line.paper.withheld]
        wanted = [stamp for line in given for stamp in _stamps(volume, line)]
        made = self._into.overlays(opened(io.BytesIO(self._pdf("binding_stamps.typ", {"sheets": wanted})))) if wanted else []
        stamps = iter(made)
        self._marks.append(Mark(volume.name, self._into.pages))
        for line in given:
            own = [next(stamps) for _ in _stamps(volume, line)]
            self._marks.append(Mark(f"{line.n}．{line.paper.title}", self._into.pages, under=True))
            try:
                self._paper(line, own)
            except UnusableError as why:
                if line.paper.pages is not None:
                    self._left_out.append((f"{volume.name}第{line.n}件“{line.paper.title}”", str(why)))
                self._sheet(volume, line, str(why))
            self._sheets += line.pages
            self._done(self._sheets)

    def back(self, cover: Cover, volumes: Sequence[Volume], head: Head) -> Bound:
        lines = [line for volume in volumes for line in volume.lines]
        without = sum(line.paper.pages is None and not line.paper.withheld for line in lines)
        kept = [f"第{line.n}件“{line.paper.title}”{line.paper.withheld}" for line in lines if line.paper.withheld]
        rows = [
            ("案件编号", cover.code),
            (
                "卷内件数",
                f"{len(lines)}件" + (f"，其中没有页的（录音、录像、电子文件等）{without}件，各以附件单一页代替" if without else ""),
            ),
            ("卷内页数", "，".join(f"{volume.name}{volume.pages}页" for volume in volumes) or "没有材料"),
            ("补录的", "、".join(f"{volume.name}第{line.n}件" for volume in volumes for line in volume.lines if line.paper.late) or "没有"),
            ("没有装入的", "；".join([*(f"{what}{why}" for what, why in self._left_out), *kept]) or "没有"),
            ("记录", f"日志 {head.origin}，本案第{head.seq}条"),
            ("最后一条的散列", head.sha256),
            ("装订", f"由本平台按照记录自动装订，{date_text(self._day)}"),
        ]
        notes = HOW
        self._marks.append(Mark("卷内备考表", self._into.pages))
        self._typeset(
            "binding_back.typ",
            {"title": cover.title, "rows": rows, "notes": notes, "organisation": cover.organisation, "day": date_text(self._day)},
        )
        self._into.finish(title=self._drawable(f"{cover.title}（{cover.code}）"), marks=self._marks)
        return Bound(self._into.pages, self._sheets, tuple(self._left_out))

    def _paper(self, line: Line, stamps: Sequence[Overlay]) -> None:
        """The pages of one paper. Raises UnusableError, with nothing of it added."""
        paper = line.paper
        if paper.mime == PDF and paper.pages:
            with _content(paper.sha256) as file, self._into.attempt():
                reader = opened(file)
                if (there := len(reader.pages)) != line.pages:
                    raise UnusableError(f"登记为{line.pages}页，文件现有{there}页")
                self._into.add(reader, stamps)
        elif paper.mime in PICTURES:
            with _content(paper.sha256) as file:
                jpeg, size, grey = _picture(file)
                self._into.picture(jpeg, size, grey=grey, box=BOX, overlay=stamps[0])
        else:
            _content(paper.sha256).close()
            raise UnusableError("没有可以装订的页")

    def _sheet(self, volume: Volume, line: Line, why: str) -> None:
        paper = line.paper
        size = store.path(paper.sha256).stat().st_size if store.exists(paper.sha256) else None
        rows = [
            ("名称", paper.title),
            *([("文号", paper.number)] if paper.number else []),
            ("类型", kind(paper.mime)),
            ("大小", f"{size:,}字节" if size is not None else "文件不在"),
            ("SHA-256", paper.sha256),
            ("日期", date_text(paper.at.astimezone(CHINA))),
        ]
        self._typeset(
            "binding_sheet.typ",
            {
                "title": paper.title,
                "label": f"{volume.name} {line.spoken}",
                "rows": rows,
                "note": f"这份文件{why}，以本单代替。原件在案卷页“文书和证据”中打开、下载；以上列 SHA-256 核对是否为原件。",
            },
        )

    def _typeset(self, layout: str, values: dict[str, Any]) -> None:
        self._into.add(opened(io.BytesIO(self._pdf(layout, values))))

    def _pdf(self, layout: str, values: dict[str, Any]) -> bytes:
        source = (BLOCKS / layout).read_text(encoding="utf-8")
        return self._setter.pdf(source, layout, {"values": self._printable(values)}, self._day)

    def _printable(self, value: Any) -> Any:
        """Every text with 〓 for what no font draws: a strange file name does not keep a file from being bound."""
        if isinstance(value, str):
            return self._drawable(value)
        if isinstance(value, dict):
            return {key: self._printable(each) for key, each in value.items()}
        return [self._printable(each) for each in value] if isinstance(value, (list, tuple)) else value

    def _drawable(self, text: str) -> str:
        lacking = {char for char in text if self._setter.first_unknown(char)} if self._setter.first_unknown(text) else ()
        # A file name without a place where its line may end is given some.
        return _UNBROKEN.sub("\\1\u200b", text.translate(dict.fromkeys(map(ord, lacking), _GETA)))


def _listed(line: Line) -> list[str]:
    paper = line.paper
    title = paper.title + (f"（{paper.withheld}）" if paper.withheld else "（附件单）" if paper.pages is None else "")
    title += f"（补录，{date_text(paper.late.astimezone(CHINA))}记入）" if paper.late else ""
    return [str(line.n), title, paper.sha256, paper.number, paper.at.astimezone(CHINA).date().isoformat(), line.span]


def _stamps(volume: Volume, line: Line) -> list[list[str]]:
    """What is laid over the pages of a paper: its numbers; over a photo also its name and digest. None where only a sheet stands."""
    paper = line.paper
    if paper.mime == PDF and paper.pages:
        return [[f"{volume.name} 第{n}页"] for n in range(line.first, line.last + 1)]
    if paper.mime in PICTURES:
        return [[f"{volume.name} {line.spoken}", paper.title, f"SHA-256 {paper.sha256}"]]
    return []


def _content(sha256: str) -> BinaryIO:
    """The file, proved to be what the record names. Raises UnusableError."""
    try:
        file = store.path(sha256).open("rb")
    except (FileNotFoundError, ValueError) as error:
        raise UnusableError("已依法清除或者尚未到达") from error
    if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
        file.close()
        raise UnusableError("与记录中的 SHA-256 不一致")
    file.seek(0)
    return file


def _picture(file: BinaryIO) -> tuple[bytes, tuple[int, int], bool]:
    """A photo as JPEG, upright: (bytes, size, whether grey). A small one that needs nothing is taken as it is. Raises UnusableError."""
    try:
        with Image.open(file) as image:
            if image.width * image.height > MOST_POINTS:
                raise UnusableError("像素过多，无法装订")
            turned = image.getexif().get(_ORIENTATION, 1) != 1
            length = file.seek(0, io.SEEK_END)
            if image.format == "JPEG" and image.mode in {"RGB", "L"} and not turned and length <= AS_IT_IS:
                file.seek(0)
                image.load()
                file.seek(0)
                return file.read(), image.size, image.mode == "L"
            file.seek(0)
            image.draft("RGB", (SHORTEST, SHORTEST))
            image.load()
            image.thumbnail((LONGEST, LONGEST))
            upright = ImageOps.exif_transpose(image).convert("RGB")
    except (OSError, UnidentifiedImageError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise UnusableError("已损坏，无法打开") from error
    out = io.BytesIO()
    upright.save(out, "JPEG", quality=85)
    return out.getvalue(), upright.size, False


def _setter() -> Typesetter:
    return typesetter(str(getattr(settings, "FONTS", "")))
