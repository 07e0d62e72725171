"""One PDF out of many, written object by object: what has been written is no longer in memory.

pypdf reads the sources; its writer would hold every page of every source until the end, so the file is written here as ISO 32000-1 wants it
(7.5: header, objects, cross-reference table, trailer). A page is taken over as it is: its content streams are copied undecoded. Nothing
that acts is taken over (scripts, links, forms' fields, attachments): what a file shows is evidence, what it does is a danger.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise
from typing import Any, BinaryIO, cast

from pypdf import PageObject, PdfReader
from pypdf.errors import FileNotDecryptedError, PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject, StreamObject, TextStringObject

A4 = (595.276, 841.89)
# What of a page is shown: the rest of its dictionary belongs to its own file.
_SHOWN = ("/MediaBox", "/CropBox", "/Rotate", "/UserUnit", "/Resources", "/Group")
_LOOKS = ("/Rect", "/AP", "/AS", "/F")
_OVERLAY = "/YifaPage"
MOST_HELD = 8 * 1024 * 1024
_BROKEN = (PyPdfError, OSError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError, ZeroDivisionError)


class UnusableError(Exception):
    """A source that cannot be taken over; str() completes the sentence 这份文件……"""


@dataclass(frozen=True)
class Overlay:
    """What is laid over a page: the number of a form in the output, and its size in points."""

    number: int
    width: float
    height: float


@dataclass(frozen=True)
class Mark:
    """A line of the outline: what it says, and the page it opens (from 0). `under`: it belongs to the last line without it."""

    title: str
    page: int
    under: bool = False


class _File:
    """The objects of a file under way, by number from 1, and where each begins."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._offsets: list[int] = []
        out.write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")

    def reserve(self) -> int:
        self._offsets.append(0)
        return len(self._offsets)

    def object(self, number: int, body: bytes) -> None:
        self._offsets[number - 1] = self._out.tell()
        self._out.write(b"%d 0 obj\n" % number + body + b"\nendobj\n")

    def stream(self, number: int, head: bytes, data: bytes) -> None:
        self._offsets[number - 1] = self._out.tell()
        self._out.write(b"%d 0 obj\n<< " % number + head + b" /Length %d >>\nstream\n" % len(data))
        self._out.write(data)
        self._out.write(b"\nendstream\nendobj\n")

    def place(self) -> tuple[int, int]:
        return self._out.tell(), len(self._offsets)

    def back(self, place: tuple[int, int]) -> None:
        """Cuts off whatever was written since."""
        self._out.seek(place[0])
        self._out.truncate()
        del self._offsets[place[1] :]

    def end(self, catalog: int, info: int) -> None:
        table = self._out.tell()
        self._out.write(f"xref\n0 {len(self._offsets) + 1}\n0000000000 65535 f \n".encode())
        self._out.writelines(f"{offset:010d} 00000 n \n".encode() for offset in self._offsets)
        trailer = f"trailer\n<< /Size {len(self._offsets) + 1} /Root {catalog} 0 R /Info {info} 0 R >>"
        self._out.write(f"{trailer}\nstartxref\n{table}\n%%EOF\n".encode())


class Assembly:
    """The document under way. `pages` counts those that are finished."""

    def __init__(self, out: BinaryIO) -> None:
        self._file = _File(out)
        self._kids: list[int] = []
        self._tree = self._file.reserve()

    @property
    def pages(self) -> int:
        return len(self._kids)

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """All of a source or nothing: what fails half way is cut off again. Raises UnusableError."""
        place, pages = self._file.place(), len(self._kids)
        try:
            yield
        except _BROKEN as error:
            self._file.back(place)
            del self._kids[pages:]
            raise UnusableError("已损坏，无法打开") from error

    def add(self, reader: PdfReader, overlays: Sequence[Overlay] = ()) -> None:
        """Every page of a source; the n-th overlay goes into the upper right corner of the n-th page as it is shown."""
        copy = _Copy(self._file, reader)
        try:
            for n, page in enumerate(reader.pages):
                self._page(copy, page, overlays[n] if n < len(overlays) else None)
                copy.forget(beyond=MOST_HELD)
        finally:
            copy.forget()

    def picture(self, jpeg: bytes, size: tuple[int, int], *, grey: bool, box: tuple[float, float, float, float], overlay: Overlay) -> None:
        """A page of A4 with a picture as large as `box` (left, bottom, width, height) lets it be, upright, in its middle."""
        left, bottom, width, height = box
        scale = min(width / size[0], height / size[1])
        wide, high = size[0] * scale, size[1] * scale
        image = self._file.reserve()
        space = "/DeviceGray" if grey else "/DeviceRGB"
        shape = f"/Width {size[0]} /Height {size[1]} /ColorSpace {space} /BitsPerComponent 8 /Filter /DCTDecode"
        self._file.stream(image, f"/Type /XObject /Subtype /Image {shape}".encode(), jpeg)
        at = f"{left + (width - wide) / 2:.2f} {bottom + (height - high) / 2:.2f}"
        drawn = f"q {wide:.2f} 0 0 {high:.2f} {at} cm /Picture Do Q\nq {_OVERLAY} Do Q\n".encode()
        content = self._file.reserve()
        self._file.stream(content, b"", drawn)
        drawing = f"/Resources << /XObject << /Picture {image} 0 R {_OVERLAY} {overlay.number} 0 R >> >>"
        self._file.object(
            number := self._file.reserve(),
            f"<< /Type /Page /Parent {self._tree} 0 R /MediaBox [0 0 {A4[0]} {A4[1]}] {drawing} /Contents {content} 0 R >>".encode(),
        )
        self._kids.append(number)

    def overlays(self, reader: PdfReader) -> list[Overlay]:
        """The pages of a source of ours as forms to be laid over others; its fonts are taken over once."""
        copy, found = _Copy(self._file, reader), []
        for page in reader.pages:
            content, number = page["/Contents"].get_object(), self._file.reserve()
            if not isinstance(content, StreamObject):
                raise TypeError("our typesetter writes one content stream a page")
            width, height = float(page.mediabox.width), float(page.mediabox.height)
            head = b"/Type /XObject /Subtype /Form /BBox [0 0 %.2f %.2f] /Resources " % (width, height)
            head += copy.encoded(page["/Resources"]) + copy.filters(content)
            copy.drain()
            self._file.stream(number, head, _raw(content))
            found.append(Overlay(number, width, height))
        return found

    def finish(self, *, title: str, marks: Sequence[Mark]) -> None:
        """The page tree, the outline, the cross-reference table: nothing can be added after it."""
        kids = " ".join(f"{number} 0 R" for number in self._kids)
        self._file.object(self._tree, f"<< /Type /Pages /Count {len(self._kids)} /Kids [{kids}] >>".encode())
        outline = self._outline(marks)
        self._file.object(
            catalog := self._file.reserve(),
            f"<< /Type /Catalog /Pages {self._tree} 0 R /Outlines {outline} 0 R /PageMode /UseOutlines /Lang (zh-CN) >>".encode(),
        )
        self._file.object(info := self._file.reserve(), b"<< /Title " + _text(title) + b" >>")
        self._file.end(catalog, info)

    def _page(self, copy: _Copy, page: PageObject, overlay: Overlay | None) -> None:
        number = self._file.reserve()
        parts = [f"/Type /Page /Parent {self._tree} 0 R".encode()]
        resources = page.get("/Resources")
        shown = {key: page[key] for key in _SHOWN if key in page and key != "/Resources"}
        shown.setdefault("/MediaBox", page.mediabox)
        parts += [key.encode() + b" " + copy.encoded(value) for key, value in shown.items()]
        contents = [copy.number(ref) for ref in _streams(page)]
        if overlay:
            before, after = self._file.reserve(), self._file.reserve()
            self._file.stream(before, b"", b"q\n")
            self._file.stream(after, b"", f"\nQ\nq {_placed(page, overlay)} {_OVERLAY} Do Q\n".encode())
            contents = [before, *contents, after]
        parts.append(b"/Resources " + copy.resources(resources, overlay))
        parts.append(b"/Contents [" + " ".join(f"{each} 0 R" for each in contents).encode() + b"]")
        if annotations := copy.annotations(page):
            parts.append(b"/Annots [" + b" ".join(annotations) + b"]")
        copy.drain()
        self._file.object(number, b"<< " + b"\n".join(parts) + b" >>")
        self._kids.append(number)

    def _outline(self, marks: Sequence[Mark]) -> int:
        root = self._file.reserve()
        numbers = [self._file.reserve() for _ in marks]
        parents, top = [], root
        for n, mark in enumerate(marks):
            parents.append(top if mark.under else root)
            top = top if mark.under else numbers[n]
        children: dict[int, list[int]] = {}
        for number, parent in zip(numbers, parents, strict=True):
            children.setdefault(parent, []).append(number)
        before = {number: left for family in children.values() for left, number in pairwise(family)}
        after = {left: number for number, left in before.items()}
        for number, parent, mark in zip(numbers, parents, marks, strict=True):
            links = f" /Prev {before[number]} 0 R" if number in before else ""
            links += f" /Next {after[number]} 0 R" if number in after else ""
            own = children.get(number, ())
            links += f" /First {own[0]} 0 R /Last {own[-1]} 0 R /Count {len(own)}" if own else ""
            goes = f" /Parent {parent} 0 R /Dest [{self._kids[mark.page]} 0 R /Fit]{links} >>"
            self._file.object(number, b"<< /Title " + _text(mark.title) + goes.encode())
        own = children.get(root, ())
        ends = f" /First {own[0]} 0 R /Last {own[-1]} 0 R" if own else ""
        self._file.object(root, f"<< /Type /Outlines{ends} /Count {len(marks)} >>".encode())
        return root


class _Copy:
    """What one source brings over: each of its objects once, under a new number."""

    def __init__(self, into: _File, reader: PdfReader) -> None:
        self._into, self._reader = into, reader
        self._known: dict[tuple[int, int], int] = {}
        self._held = 0
        self._waiting: list[tuple[int, IndirectObject]] = []

    def number(self, ref: IndirectObject) -> int:
        key = (ref.idnum, ref.generation)
        if key not in self._known:
            self._known[key] = self._into.reserve()
            self._waiting.append((self._known[key], ref))
        return self._known[key]

    def drain(self) -> None:
        """Writes what was referred to, and what that refers to."""
        while self._waiting:
            number, ref = self._waiting.pop()
            found = ref.get_object()
            if isinstance(found, StreamObject):
                data = _raw(found)
                self._into.stream(number, self._members(found, without="/Length"), data)
                self._held += len(data)
            else:
                self._into.object(number, b"null" if found is None else self.encoded(found))

    def forget(self, *, beyond: int = -1) -> None:
        """Lets go of what was read for the pages that are written, once it is so much; what is asked for again is read again.

        A reader and its objects know one another: without this they would stay until the collector comes by.
        """
        if self._held > beyond:
            self._reader.resolved_objects.clear()
            self._held = 0

    def encoded(self, value: Any) -> bytes:
        if isinstance(value, IndirectObject):
            return b"%d 0 R" % self.number(value)
        if isinstance(value, DictionaryObject):
            return b"<< " + self._members(value) + b" >>"
        if isinstance(value, ArrayObject):
            return b"[" + b" ".join(self.encoded(each) for each in value) + b"]"
        out = BytesIO()
        value.write_to_stream(out)
        return out.getvalue()

    def filters(self, stream: StreamObject) -> bytes:
        found = {key: stream.raw_get(key) for key in ("/Filter", "/DecodeParms") if key in stream}
        return b"".join(b" " + key.encode() + b" " + self.encoded(value) for key, value in found.items())

    def resources(self, resources: Any, overlay: Overlay | None) -> bytes:
        """A page's resources, and among its forms the overlay."""
        found = resources.get_object() if resources is not None else DictionaryObject()
        own = {key: found.raw_get(key) for key in found if key != "/XObject"}
        forms = cast("DictionaryObject", found["/XObject"].get_object()) if "/XObject" in found else DictionaryObject()
        drawn = {key: forms.raw_get(key) for key in forms}
        told = [b" ".join((_name(key), self.encoded(value))) for key, value in drawn.items()]
        if overlay:
            told.append(f"{_OVERLAY} {overlay.number} 0 R".encode())
        parts = [_name(key) + b" " + self.encoded(value) for key, value in own.items()]
        return b"<< " + b" ".join(parts) + b" /XObject << " + b" ".join(told) + b" >> >>"

    def annotations(self, page: PageObject) -> list[bytes]:
        """Only how they look: a filled field keeps its text, a link leads nowhere."""
        found = []
        for each in _resolved(page, "/Annots"):
            note = each.get_object()
            if isinstance(note, DictionaryObject) and "/AP" in note and "/Rect" in note:
                shown = {key: note.raw_get(key) for key in _LOOKS if key in note}
                parts = [key.encode() + b" " + self.encoded(value) for key, value in shown.items()]
                found.append(b"<< /Type /Annot /Subtype /Stamp " + b" ".join(parts) + b" >>")
        return found

    def _members(self, found: DictionaryObject, *, without: str = "") -> bytes:
        return b" ".join(_name(key) + b" " + self.encoded(found.raw_get(key)) for key in found if key != without)


def opened(stream: BinaryIO) -> PdfReader:
    """A source ready to be taken over. Raises UnusableError."""
    try:
        reader = PdfReader(stream)
        pages = len(reader.pages)
    except FileNotDecryptedError as error:
        raise UnusableError("已加密，无法打开") from error
    except _BROKEN as error:
        raise UnusableError("已损坏，无法打开") from error
    if not pages:
        raise UnusableError("没有一页内容")
    return reader


def _streams(page: PageObject) -> list[IndirectObject]:
    contents = page.raw_get("/Contents") if "/Contents" in page else None
    found = contents.get_object() if contents is not None else None
    if isinstance(found, ArrayObject):
        return [each for each in found if isinstance(each, IndirectObject)]
    return [contents] if isinstance(contents, IndirectObject) and isinstance(found, StreamObject) else []


def _placed(page: PageObject, overlay: Overlay) -> str:
    """The matrix that puts the overlay into the upper right corner of the page as a reader sees it, turned or not."""
    box = page.cropbox
    x, y, w, h = float(box.left), float(box.bottom), float(box.width), float(box.height)
    turn = int(page.get("/Rotate", 0) or 0) % 360
    wide, high = (h, w) if turn in (90, 270) else (w, h)
    a, b, c, d, e, f = {
        90: (0, 1, -1, 0, w, 0),
        180: (-1, 0, 0, -1, w, h),
        270: (0, -1, 1, 0, 0, h),
    }.get(turn, (1, 0, 0, 1, 0, 0))
    scale = min(max(wide / A4[0], 0.35), 4)
    across, up = wide - (overlay.width + 14) * scale, high - (overlay.height + 14) * scale
    return f"{a} {b} {c} {d} {x + e:.2f} {y + f:.2f} cm {scale:.4f} 0 0 {scale:.4f} {across:.2f} {up:.2f} cm"


def _resolved(found: DictionaryObject, key: str) -> list[Any]:
    """A list that may be there, or stand elsewhere."""
    value = found.raw_get(key).get_object() if key in found else None
    return list(value) if isinstance(value, ArrayObject) else []


def _raw(stream: StreamObject) -> bytes:
    """The bytes as they are filtered: pypdf has no public name for them, and decoding pictures would take seconds a page."""
    data: bytes = stream._data  # noqa: SLF001
    return data


def _name(key: str) -> bytes:
    out = BytesIO()
    NameObject(key).write_to_stream(out)
    return out.getvalue()


def _text(value: str) -> bytes:
    out = BytesIO()
    TextStringObject(value).write_to_stream(out)
    return out.getvalue()
