"""From a form and the values of a case to a finished PDF, or to a draft for the eye.

The unsigned document is typeset without signatures, refusal and seal; its hash is what a drawn signature binds. Because typesetting is
deterministic, the hash can be proved again at any time from the values alone. The signed document prints it in small type.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from yifa.documents import fitting, rules
from yifa.documents.prepare import Printed, drawn_hashes, prepare
from yifa.documents.rules import BadValue, Form, MissingGlyph, MissingValue
from yifa.documents.typesetting import Typesetter, code_svg, typesetter

_PAGES = re.compile(rb"/Count (\d+)")
# 〓 is what a compositor sets for a sort he lacks.
_GETA = "〓"


@dataclass(frozen=True)
class Rendered:
    """A finished document. `unsigned_sha256` equals `sha256` until somebody has signed, and unless it was entered late."""

    pdf: bytes
    sha256: str
    unsigned_sha256: str
    pages: int


@dataclass(frozen=True)
class Draft:
    """A preview: what is missing, in the order of the form, and the pages as PNG."""

    pictures: tuple[bytes, ...]
    missing: tuple[rules.State, ...]


def layout(form: Form, folder: Path, region: str) -> Path:
    """The layout of the tightest region that has one: 旗县, 盟市, 自治区, then the context's own."""
    codes = [region[:9], region[:6], region[:4] + "00", region[:2] + "0000"]
    places = [folder / code for code in dict.fromkeys(code for code in codes if len(code) >= 6 and code.isdigit())]
    for place in [*places, folder]:
        if (path := place / form.template).is_file():
            return path
    raise FileNotFoundError(f"no layout {form.template!r} in {folder}")


def render(form: Form, values: Mapping[str, Any], *, folder: Path, region: str, number: str = "", late: str = "") -> Rendered:
    """The document as it is issued. Raises MissingValue, BadValue, MissingGlyph; the same input gives the same bytes.

    `late` says that and why it was entered late (补录, `words.late_text`). Every layout prints it at the end and marks each page; it is
    no part of the text that a signature binds, which was signed when the thing happened.
    """
    if form.series and not number:
        raise MissingValue(form.template, rules.State("number", "文号"))
    setter, path = _setter(), layout(form, folder, region)
    sheet = _Sheet(setter, form, path, number)
    unsigned, size = sheet.fitted(form.unsigned(values))
    unsigned_hash = hashlib.sha256(unsigned).hexdigest()
    if not form.is_signed(values):
        pdf = sheet.fitted(values, late=late)[0] if late else unsigned
        return Rendered(pdf, hashlib.sha256(pdf).hexdigest(), unsigned_hash, _pages(pdf))
    for state, bound in drawn_hashes(form, values):
        if bound != unsigned_hash:
            raise BadValue(form.template, state, "是在另一份文书上签的：签名之后内容有改动，请重新签名")
    signed = sheet.at(size, values, binds=unsigned_hash, late=late)
    return Rendered(signed, hashlib.sha256(signed).hexdigest(), unsigned_hash, _pages(signed))


def preview(form: Form, values: Mapping[str, Any], *, folder: Path, region: str, number: str = "", late: str = "") -> Draft:
    """The draft beside the officer's form: marked 草稿, with a visible blank for every particular that is missing."""
    setter, path = _setter(), layout(form, folder, region)
    stated = dict(values)
    stated.setdefault("dated", None)
    printed = _drawable(setter, prepare(form, stated, draft=True))
    day = _day(values.get("dated")) or date(2000, 1, 1)
    data = _data(form, printed.values, day, number) | {"draft": True, "late": _replaced(late, _lacking(setter, [late]))}
    for size in _sizes(form, _texts(printed), path):
        if len(pages := setter.pictures(_source(path), path.name, data | {"size": size})) == 1:
            break
    else:
        pages = setter.pictures(_source(path), path.name, data | {"size": form.size or fitting.SEVERAL, "single": False})
    return Draft(tuple(pages), form.missing(values))


@dataclass(frozen=True)
class _Sheet:
    """One form in its layout, typeset with different values."""

    setter: Typesetter
    form: Form
    path: Path
    number: str

    def fitted(self, values: Mapping[str, Any], *, late: str = "") -> tuple[bytes, float]:
        """On one page in the largest size with which it fits, else on several; and that size."""
        printed = prepare(self.form, values)
        for size in _sizes(self.form, (*_texts(printed), late), self.path):
            if _pages(pdf := self._pdf(printed, values, size=size, late=late)) == 1:
                return pdf, size
        size = self.form.size or fitting.SEVERAL
        return self._pdf(printed, values, size=size, single=False, late=late), size

    def at(self, size: float, values: Mapping[str, Any], *, binds: str, late: str) -> bytes:
        """The signed document: set as the unsigned one was, so that its lines stay where the signatory saw them."""
        printed = prepare(self.form, values)
        pdf = self._pdf(printed, values, size=size, binds=binds, late=late)
        return pdf if _pages(pdf) == 1 else self._pdf(printed, values, size=size, binds=binds, late=late, single=False)

    def _pdf(self, printed: Printed, values: Mapping[str, Any], **setting: Any) -> bytes:
        for state, text in printed.texts:
            if char := self.setter.first_unknown(text):
                raise MissingGlyph(self.form.template, state, char)
        day = _day(values.get("dated"))
        if day is None:
            raise MissingValue(self.form.template, rules.State("dated", "成文日期", rules.DATE))
        # A reason typed in a hurry keeps nothing from being entered: what no font draws in it is a 〓.
        setting["late"] = _replaced(setting["late"], _lacking(self.setter, [setting["late"]]))
        data = _data(self.form, printed.values, day, self.number) | setting
        return self.setter.pdf(_source(self.path), self.path.name, data, day)


def _data(form: Form, values: dict[str, Any], day: date, number: str) -> dict[str, Any]:
    """What a layout knows of its document; `single` = its page foot may say that there is one page."""
    code = next((values[state.key] for state in form.states if state.type == rules.CODE and values[state.key]), None)
    return {
        "title": form.title,
        "number": number or ("" if not form.series else "（文号待编）"),
        "date": [day.year, day.month, day.day],
        "binds": "",
        "late": "",
        "draft": False,
        "single": True,
        "code": code_svg(code) if code else None,
        "values": values,
    }


def _drawable(setter: Typesetter, printed: Printed) -> Printed:
    """The same particulars with 〓 for every character that no font draws: a draft is shown, not refused."""
    lacking = _lacking(setter, printed.lines)
    return replace(printed, values=_replaced(printed.values, lacking)) if lacking else printed


def _lacking(setter: Typesetter, texts: Iterable[str]) -> dict[int, str]:
    """What stands for each character that no font draws."""
    return {ord(char): _GETA for text in texts for char in text if setter.first_unknown(char)}


def _texts(printed: Printed) -> Iterable[str]:
    """What has to find its place: a row of a table as one text, since its cells stand beside one another."""
    yield from (text for state, text in printed.texts if state.type != rules.TABLE)
    tables = (each for each in printed.values.values() if isinstance(each, dict) and "rows" in each and "head" in each)
    yield from ("".join(row) for each in tables for row in each["rows"])


def _sizes(form: Form, texts: Iterable[str], path: Path) -> tuple[float, ...]:
    """The sizes in which the document may fit on one page; a form of a fixed size is set in no other."""
    return (form.size,) if form.size else fitting.sizes(texts, _source(path))


def _replaced(value: Any, table: dict[int, str]) -> Any:
    if isinstance(value, str):
        return value.translate(table)
    if isinstance(value, list):
        return [_replaced(each, table) for each in value]
    if isinstance(value, dict):
        return {key: _replaced(each, table) for key, each in value.items()}
    return value


def _day(value: Any) -> date | None:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        return None


def _pages(pdf: bytes) -> int:
    """The number of pages, from the page tree: our typesetter writes its nodes uncompressed."""
    return max(int(count) for count in _PAGES.findall(pdf))


@cache
def _read(path: Path, changed: float) -> str:
    return path.read_text(encoding="utf-8")


def _source(path: Path) -> str:
    return _read(path, path.stat().st_mtime)


def _setter() -> Typesetter:
    return typesetter(str(getattr(settings, "FONTS", "")))
