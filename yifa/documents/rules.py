"""What a document must state, and the article that wants it stated. Pure: importing a form touches no database and no typesetter.

A `Form` is a 题名 with its declared particulars (`State`). Its layout is the file `<题名>.typ` in the forms folder of its context; a folder
named by a region's code beside it overrides the layout (tightest match wins). A particular that is wanted and missing is an error: a
document that lacks what the law orders must not exist.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from yifa.kernel.citing import Cites, articles, listed

TEXT, LONG, LIST, DATE, MOMENT, MONEY, CHOICE, CHOICES = "text", "long", "list", "date", "moment", "money", "choice", "choices"
TABLE = "table"
PARTY, OFFICERS, PROVISIONS, REMEDY, PAYMENT, PAPERS, AGENT = "party", "officers", "provisions", "remedy", "payment", "papers", "agent"
SIGNATURE, SIGNATURES, IMAGE, CODE = "signature", "signatures", "image", "code"
TYPES = frozenset(
    {TEXT, LONG, LIST, DATE, MOMENT, MONEY, CHOICE, CHOICES, PARTY, OFFICERS, PROVISIONS, REMEDY, PAYMENT, PAPERS, AGENT}
    | {SIGNATURE, SIGNATURES, IMAGE, CODE, TABLE}
)

TO_PARTY, INTERNAL, FROM_PARTY = "to_party", "internal", "from_party"


@dataclass(frozen=True)
class State:
    """One particular. `when` = (key, values): wanted only then; `signs`: written after the unsigned text is fixed (signature, refusal).

    A table is a list of `{key: text}`; `columns` are its keys and what stands above them.
    """

    key: str
    label: str
    type: str = TEXT
    cites: Cites = ()
    optional: bool = False
    choices: tuple[tuple[str, str], ...] = ()
    when: tuple[str, tuple[Any, ...]] | None = None
    signs: bool = False
    columns: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z][a-z0-9_]*", self.key) or self.type not in TYPES or (self.type == TABLE) != bool(self.columns):
            raise ValueError(f"state {self.key!r} of type {self.type!r}")

    @property
    def is_signature(self) -> bool:
        return self.signs or self.type in {SIGNATURE, SIGNATURES}

    def is_wanted(self, values: Mapping[str, Any]) -> bool:
        """Does this particular belong into the document of this case at all?"""
        if self.when is None:
            return True
        key, wanted = self.when
        stated = values.get(key)
        return any(value in stated if isinstance(stated, (list, tuple, set, frozenset)) else value == stated for value in wanted)


@dataclass(frozen=True)
class Readers:
    """To whom something of a case is given that is not for everybody who may read the case (不予公开).

    `named` is what it is called where it is refused. `offices`: by office of the case ("" is the body that handles it) the roles in it;
    `above`: the roles of those who read the case because they look after the place; `officers`: besides, whoever handles the case.
    """

    named: str
    offices: tuple[tuple[str, frozenset[str]], ...]
    above: frozenset[str] = frozenset()
    officers: bool = False

    def admits(self, *, roles: frozenset[str], organisation: str, over: bool, handles: bool, bodies: Mapping[str, str]) -> bool:
        """`over`: the reader looks after the place. `handles`: he is an officer of this case. `bodies`: who fills an office of it."""
        if self.officers and handles:
            return True
        if over:
            return bool(roles & self.above)
        return any(bodies.get(office) == organisation and roles & wanted for office, wanted in self.offices)


@dataclass(frozen=True)
class Form:
    """A document by its 题名. `series` is its type in the 文号 (当罚, 责改 …), empty when it bears no number of its own.

    `tells_course`: it tells who did what in the whole case, so whoever fills it is handed every act of the record.
    `tells_file`: it lists what lies in the file, or prints a text that was handed in: whoever fills it is handed every piece.
    `reserved`: only these read it; it is then never a party's nor the public's.
    `size`: set in this size however many pages it takes (GB/T 9704: 三号, 16 points); 0 = as large as fits on one page.
    """

    key: str
    title: str
    cites: Cites
    states: tuple[State, ...]
    series: str = ""
    audience: str = TO_PARTY
    tells_course: bool = False
    tells_file: bool = False
    reserved: Readers | None = None
    size: float = 0

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z][a-z0-9_]*", self.key) or self.audience not in {TO_PARTY, INTERNAL, FROM_PARTY}:
            raise ValueError(f"form {self.key!r}")
        if self.reserved and self.audience != INTERNAL:
            raise ValueError(f"form {self.key!r} is reserved and yet for the party")
        keys = [state.key for state in self.states]
        if len(set(keys)) < len(keys):
            raise ValueError(f"form {self.key!r} declares a particular twice")

    @property
    def template(self) -> str:
        return f"{self.title}.typ"

    def state(self, key: str) -> State:
        return next(state for state in self.states if state.key == key)

    def missing(self, values: Mapping[str, Any]) -> tuple[State, ...]:
        """The particulars still lacking: what the desk lists before it offers to issue the document."""
        return tuple(
            state
            for state in self.states
            if not state.optional and not state.is_signature and state.is_wanted(values) and is_empty(values.get(state.key))
        )

    def is_signed(self, values: Mapping[str, Any]) -> bool:
        return any(state.is_signature and not is_empty(values.get(state.key)) for state in self.states)

    def unsigned(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The values without anything that is written after the text is fixed: what a signatory sees before he signs."""
        later = {state.key for state in self.states if state.is_signature}
        return {key: value for key, value in values.items() if key not in later}


def is_empty(value: Any) -> bool:
    """Nothing stated. A zero is a statement; an empty text, list or structure is none."""
    return value is None or (isinstance(value, (str, list, tuple, dict, bytes)) and not value)


class BadDocument(Exception):
    """The document cannot be made; str() says so to the officer. Nothing was numbered, stored or signed."""


class MissingValue(BadDocument):
    def __init__(self, template: str, state: State, part: str = "") -> None:
        self.template, self.variable = template, f"{state.key}.{part}" if part else state.key
        wanted = f"（{listed(articles(state.cites))}）" if state.cites else ""
        super().__init__(f"文书“{template}”缺少“{state.label}”（变量 {self.variable}）{wanted}，补充后才能出具")


class BadValue(BadDocument):
    def __init__(self, template: str, state: State, reason: str) -> None:
        self.template, self.variable = template, state.key
        super().__init__(f"文书“{template}”的“{state.label}”（变量 {state.key}）{reason}")


class MissingGlyph(BadDocument):
    """A rare name must not print as a box; the installation lacks a font that draws the character."""

    def __init__(self, template: str, state: State, char: str) -> None:
        self.template, self.variable, self.char = template, state.key, char
        super().__init__(
            f"文书“{template}”的“{state.label}”（变量 {state.key}）含有字库里没有的字“{char}”（U+{ord(char):04X}），"
            "请由系统管理员在字库文件夹中加装含有该字的字体；不要用同音字代替"
        )
