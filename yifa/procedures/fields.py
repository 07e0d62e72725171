"""Typed declarations of what a step asks. Desk, terminal, API and importer draw the same form from them.

Pure. A parsed value is JSON without floats: money is integer fen, dates and moments are ISO 8601 text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from yifa.documents.rules import Readers

TEXT, LONG, MONEY, NUMBER, DATE, MOMENT, YES_NO = "text", "long", "money", "number", "date", "moment", "yes_no"
CHOICE, CHOICES, ITEM, PERSONS, PARTY, SIGNATURE, FILES = "choice", "choices", "item", "persons", "party", "signature", "files"
ROWS = "rows"
TYPES = frozenset({TEXT, LONG, MONEY, NUMBER, DATE, MOMENT, YES_NO, CHOICE, CHOICES, ITEM, PERSONS, PARTY, SIGNATURE, FILES, ROWS})
CELLS = frozenset({TEXT, LONG, MONEY, NUMBER, DATE, YES_NO, CHOICE})
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
MAX_TEXT = 4000
# What a text may hold without saying anything, besides what `isspace` tells: joiners and marks of no width.
BLANKS = " \t\r\n\f\v\u00a0\u00ad\u3000\u200b\u200c\u200d\u2060\ufeff"
MAX_FEN = 10**13
MAX_ROWS = 200


class BadInput(Exception):
    """The value cannot be read; str() tells the officer what to write instead."""


@dataclass(frozen=True)
class Field:
    """One question of a step. `personal` answers never enter `dossier.facts`; `when` = (key, values) asks only then.

    A question of type `rows` is asked as often as there is something to say (组成人员发言, 风险点): `columns` are its parts; its
    answer is a list of `{key: value}`, in the order stated. `reserved`: only these read the answer (or the files); the rules see it.
    `past`: a day on which something took place, so that it is no later than the act that tells it. `longest`: characters of a text.
    """

    key: str
    label: str
    type: str = TEXT
    required: bool = True
    choices: tuple[tuple[str, str], ...] = ()
    personal: bool = False
    help: str = ""
    when: tuple[str, tuple[Any, ...]] | None = None
    default: Any = None
    widget: str = ""
    group: str = ""
    columns: tuple[Field, ...] = ()
    reserved: Readers | None = None
    past: bool = False
    longest: int = MAX_TEXT

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z][a-z0-9_]*", self.key) or self.type not in TYPES:
            raise ValueError(f"field {self.key!r} of type {self.type!r}")
        if (self.type == ROWS) != bool(self.columns) or any(each.type not in CELLS for each in self.columns):
            raise ValueError(f"field {self.key!r} has columns {[each.key for each in self.columns]}")
        if self.past and self.type != DATE:
            raise ValueError(f"field {self.key!r} is no day")

    def is_asked(self, facts: Mapping[str, Any]) -> bool:
        if self.when is None:
            return True
        key, values = self.when
        stated = facts.get(key)
        return any(value in stated if isinstance(stated, list) else value == stated for value in values)

    def parse(self, value: Any) -> Any:
        """The canonical JSON value, or None when nothing was stated. Raises BadInput."""
        if value is None or value == "" or value == []:
            return None
        return _PARSERS[self.type](self, value)

    def early(self, value: Any, today: date) -> Iterator[str]:
        """What a parsed answer tells as past that is still to come on `today`, in words."""
        if self.past and value is not None and date.fromisoformat(value) > today:
            yield f"“{self.label}”{value}还没有到，应当是已经发生的日期"
        for n, row in enumerate(value if self.type == ROWS and value else (), 1):
            for each in self.columns:
                yield from (f"“{self.label}”第{n}行：{text}" for text in each.early(row.get(each.key), today))


def _text(field: Field, value: Any) -> str | None:
    if not isinstance(value, str):
        raise BadInput(f"“{field.label}”应当是文字")
    text = value.replace("\r\n", "\n").strip()
    if bad := next((char for char in text if ord(char) < 32 and char not in "\n\t"), None):
        raise BadInput(f"“{field.label}”含有不能打印的字符（U+{ord(bad):04X}），请删去")
    if any(0xD800 <= ord(char) < 0xE000 for char in text):
        raise BadInput(f"“{field.label}”含有不完整的字符，请重新输入")
    if len(text) > field.longest:
        raise BadInput(f"“{field.label}”不能超过{field.longest}字，现有{len(text)}字")
    return text if text.strip(BLANKS) else None


def _money(field: Field, value: Any) -> int:
    """Yuan as the officer writes it (200, 200.5, "2,000.00") to integer fen; an int is whole yuan."""
    if isinstance(value, (bool, float)):
        raise BadInput(f"“{field.label}”应当是金额，例如 200 或 200.00")
    try:
        yuan = Decimal(str(value).replace(",", "").replace("\uff0c", "").replace("元", "").strip())
        fen = yuan * 100
        exact = fen == fen.to_integral_value()
    except InvalidOperation:
        raise BadInput(f"“{field.label}”应当是金额，例如 200 或 200.00") from None
    if not exact or not 0 <= fen <= MAX_FEN:
        raise BadInput(f"“{field.label}”应当是不小于零、最多两位小数的金额")
    return int(fen)


def _number(field: Field, value: Any) -> int:
    """What is counted: people, pages, days, years; nothing that is asked for is less than nought."""
    text = str(value).strip()
    if isinstance(value, (bool, float)) or not re.fullmatch(r"-?[0-9]{1,15}", text):
        raise BadInput(f"“{field.label}”应当是整数")
    if int(text) < 0:
        raise BadInput(f"“{field.label}”不能小于零")
    return int(text)


def _date(field: Field, value: Any) -> str:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError:
        raise BadInput(f"“{field.label}”应当是真实存在的日期，例如 2026-11-22") from None


def _moment(field: Field, value: Any) -> str:
    try:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    except ValueError:
        raise BadInput(f"“{field.label}”应当是时间，例如 2026-11-22T10:30") from None
    return moment.isoformat(timespec="seconds")


def _yes_no(field: Field, value: Any) -> bool:
    known = {True: True, False: False, "true": True, "false": False, "on": True, "1": True, "0": False, "yes": True, "no": False}
    if not isinstance(value, (bool, str)) or value not in known:
        raise BadInput(f"“{field.label}”应当回答是或者否")
    return known[value]


def _choice(field: Field, value: Any) -> str:
    if not isinstance(value, str) or value not in dict(field.choices):
        raise BadInput(f"“{field.label}”应当从列出的选项中选择")
    return value


def _choices(field: Field, value: Any) -> list[str]:
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, (list, tuple)):
        raise BadInput(f"“{field.label}”应当从列出的选项中选择")
    stated = {_choice(field, each) for each in values}
    return [key for key, _ in field.choices if key in stated]


def _codes(field: Field, value: Any) -> list[str]:
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, (list, tuple)) or not all(isinstance(each, str) and _UUID.fullmatch(each) for each in values):
        raise BadInput(f"“{field.label}”没有选对，请重新选择")
    return list(dict.fromkeys(values))


def _item(field: Field, value: Any) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[0-9A-Za-z-]{4,40}", value):
        raise BadInput(f"“{field.label}”应当从列出的清单中选择")
    return value


def _structure(field: Field, value: Any) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise BadInput(f"“{field.label}”没有填写完整")
    return dict(value)


def _rows(field: Field, value: Any) -> list[dict[str, Any]] | None:
    """The rows that say anything; a row left blank is none. Errors name the row and the column."""
    if not isinstance(value, (list, tuple)) or not all(isinstance(row, Mapping) for row in value):
        raise BadInput(f"“{field.label}”应当逐行填写")
    kept = [(n, row) for n, row in enumerate(value, 1) if any(cell not in (None, "") for cell in row.values())]
    if len(kept) > MAX_ROWS:
        raise BadInput(f"“{field.label}”最多{MAX_ROWS}行，现有{len(kept)}行；请分几次填写")
    return [_row(field, n, row) for n, row in kept] or None


def _row(field: Field, n: int, row: Mapping[str, Any]) -> dict[str, Any]:
    where = f"“{field.label}”第{n}行"
    if strange := [key for key in row if key not in {each.key for each in field.columns}]:
        raise BadInput(f"{where}没有名为“{strange[0]}”的项目")
    stated: dict[str, Any] = {}
    for each in field.columns:
        if not each.is_asked(stated):
            continue
        try:
            cell = each.parse(row.get(each.key, each.default))
        except BadInput as problem:
            raise BadInput(f"{where}：{problem}") from None
        if cell is not None:
            stated[each.key] = cell
        elif each.required:
            raise BadInput(f"{where}：请填写“{each.label}”")
    return stated


def _point(point: Any) -> list[int]:
    """x, y, then what a pad adds: pressure (a share of one, kept as a percentage) and time in milliseconds."""
    x, y, *more = point
    pressure = [round(each * 100) if isinstance(each, float) else each for each in more[:1]]
    return [round(number) for number in (x, y, *pressure, *more[1:])]


def _signature(field: Field, value: Any) -> dict[str, Any]:
    """One drawn name (`strokes` or `png`); of a field called `…signatures` several (`people`)."""
    if not field.key.endswith("signatures"):
        return _drawn(field, value)
    people = value.get("people") if isinstance(value, Mapping) else None
    drawn = [_drawn(field, each) for each in people if each] if isinstance(people, list) else []
    if not drawn:
        raise BadInput(f"“{field.label}”没有签上，请重新签名")
    return {"people": drawn}


def _drawn(field: Field, value: Any) -> dict[str, Any]:
    """Points become whole numbers: the record has no floats."""
    if isinstance(value, Mapping) and isinstance(value.get("png"), str):
        return {"png": value["png"]}
    try:
        strokes = [[_point(point) for point in stroke] for stroke in value["strokes"] if stroke]
    except (KeyError, TypeError, ValueError, OverflowError):
        strokes = []
    if not strokes:
        raise BadInput(f"“{field.label}”没有签上，请重新签名")
    return {"strokes": strokes} | ({"binds": value["binds"]} if isinstance(value.get("binds"), str) else {})


_PARSERS = {
    TEXT: _text,
    LONG: _text,
    MONEY: _money,
    NUMBER: _number,
    DATE: _date,
    MOMENT: _moment,
    YES_NO: _yes_no,
    CHOICE: _choice,
    CHOICES: _choices,
    ITEM: _item,
    PERSONS: _codes,
    FILES: _codes,
    PARTY: _structure,
    SIGNATURE: _signature,
    ROWS: _rows,
}
