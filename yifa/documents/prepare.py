"""From the values of a case to what is printed: typed, checked, in words. Pure.

The typesetter gets plain data made here (texts, lists, label-value rows, drawings as SVG); a layout only places it. So a value can never be
read as layout code, and every wording has a test without a typesetter.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, is_dataclass
from datetime import date, datetime
from typing import Any

from yifa.documents import drawings, rules
from yifa.documents.remedies import Remedy
from yifa.documents.rules import BadValue, Form, MissingValue, State, is_empty
from yifa.documents.words import date_text, moment_text, money_text

BLANK = "＿＿＿＿"
# Invisible and without meaning in Chinese: they come along when text is pasted from a chat.
_DROPPED = dict.fromkeys((0x00AD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF))
# 行政处罚法 67-69: the three ways to pay, and the grounds on which an officer may collect on the spot.
BANK, PAY_CODE, ON_THE_SPOT = "bank", "code", "on_the_spot"

# The parts of a structure: (key, printed label, required).
_PARTY = {
    "natural": (
        ("name", "姓名", True),
        ("sex", "性别", False),
        ("birth", "出生日期", False),
        ("identity_kind", "证件种类", False),
        ("identity_number", "证件号码", True),
        ("phone", "联系电话", False),
        ("address", "住址", False),
    ),
    "entity": (
        ("name", "名称", True),
        ("credit_code", "统一社会信用代码", True),
        ("representative", "法定代表人（负责人）", True),
        ("post", "职务", False),
        ("phone", "联系电话", False),
        ("address", "住所", False),
    ),
    "trader": (
        ("name", "字号名称", True),
        ("credit_code", "统一社会信用代码", True),
        ("operator", "经营者", True),
        ("identity_number", "经营者证件号码", False),
        ("phone", "联系电话", False),
        ("address", "经营场所", False),
    ),
}
_PAYMENT = {
    BANK: (("bank_name", "收款银行", True), ("account_name", "收款户名", True), ("account", "收款账号", True)),
    PAY_CODE: (("payment_code", "缴款码", True), ("channel", "缴款渠道", False)),
    ON_THE_SPOT: (("ground", "当场收缴的理由", True),),
}
_AGENT = (("name", "姓名", True), ("relation", "与受送达人的关系", False), ("phone", "联系电话", False))


@dataclass(frozen=True)
class Printed:
    """What a layout may place, and where each text came from (for naming a character that no font can draw)."""

    values: dict[str, Any]
    texts: tuple[tuple[State, str], ...]

    @property
    def lines(self) -> tuple[str, ...]:
        return tuple(text for _, text in self.texts)


class _Writer:
    """Writes one form; `draft` puts a visible blank where a particular is missing instead of refusing."""

    def __init__(self, form: Form, *, draft: bool) -> None:
        self.form, self.draft = form, draft
        self.texts: list[tuple[State, str]] = []

    def missing(self, state: State, part: str = "") -> str:
        if not self.draft:
            raise MissingValue(self.form.template, state, part)
        return BLANK

    def bad(self, state: State, reason: str) -> BadValue:
        return BadValue(self.form.template, state, reason)

    def text(self, state: State, value: Any, *, lines: bool = False) -> str:
        """One text as it will stand in the document: no invisible characters, line ends only where they are wanted."""
        if isinstance(value, (int, date)) and not isinstance(value, bool):
            value = str(value)
        if not isinstance(value, str):
            raise self.bad(state, "应当是文字")
        text = unicodedata.normalize("NFC", value.replace("\r\n", "\n").translate(_DROPPED))
        text = "\n".join(" ".join(line.replace("\t", " ").split(" ")).strip() for line in text.split("\n")).strip()
        if not lines:
            text = text.replace("\n", " ")
        for char in text:
            if char != "\n" and unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}:
                raise self.bad(state, f"含有不能打印的字符（U+{ord(char):04X}），请删去")
        self.texts.append((state, text))
        return text

    def part(self, state: State, value: Mapping[str, Any], key: str, *, required: bool = True, label: str = "") -> str:
        stated = value.get(key)
        if isinstance(stated, date):
            stated = date_text(stated)
        text = self.text(state, stated) if not is_empty(stated) else ""
        return text or (self.missing(state, key) if required else "")

    def rows(self, state: State, value: Any, parts: Sequence[tuple[str, str, bool]]) -> list[list[str]]:
        value = self.structure(state, value)
        rows = [[label, self.part(state, value, key, required=required)] for key, label, required in parts]
        return [row for row in rows if row[1]]

    def structure(self, state: State, value: Any) -> Mapping[str, Any]:
        if is_dataclass(value) and not isinstance(value, type):
            return asdict(value)
        if value is None and self.draft:
            return {}
        if not isinstance(value, Mapping):
            raise self.bad(state, "没有填写完整")
        return value

    def several(self, state: State, value: Any) -> list[Any]:
        if value is None and self.draft:
            return [None]
        if not isinstance(value, (list, tuple)):
            raise self.bad(state, "应当逐项列出")
        return list(value)

    def day(self, state: State, value: Any) -> date:
        if isinstance(value, datetime) or not isinstance(value, (date, str)):
            raise self.bad(state, "应当是日期")
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise self.bad(state, "应当是真实存在的日期") from None


def _text(writer: _Writer, state: State, value: Any) -> str:
    return writer.text(state, value) or writer.missing(state)


def _long(writer: _Writer, state: State, value: Any) -> list[str]:
    paragraphs = [line for line in writer.text(state, value, lines=True).split("\n") if line]
    return paragraphs or [writer.missing(state)]


def _list(writer: _Writer, state: State, value: Any) -> list[str]:
    found = writer.several(state, value)
    return [writer.missing(state) if is_empty(each) else writer.text(state, each) or writer.missing(state) for each in found]


def _date(writer: _Writer, state: State, value: Any) -> str:
    return date_text(writer.day(state, value))


def _moment(writer: _Writer, state: State, value: Any) -> str:
    try:
        return moment_text(datetime.fromisoformat(value) if isinstance(value, str) else value)
    except (ValueError, AttributeError, TypeError):
        raise writer.bad(state, "应当是带时区的时间") from None


def _money(writer: _Writer, state: State, value: Any) -> str:
    """Integer fen; a float or a text of digits would hide a rounding."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise writer.bad(state, "应当是以分为单位的整数金额")
    try:
        return money_text(value)
    except ValueError:
        raise writer.bad(state, "不是可以书写的金额") from None


def _choice(writer: _Writer, state: State, value: Any) -> dict[str, Any]:
    if value not in dict(state.choices):
        raise writer.bad(state, "应当从列出的选项中选择")
    return {"key": value, "label": dict(state.choices)[value], "all": [[label, key == value] for key, label in state.choices]}


def _choices(writer: _Writer, state: State, value: Any) -> dict[str, Any]:
    known = dict(state.choices)
    chosen = set(value) if isinstance(value, (list, tuple, set, frozenset)) else {value}
    if not chosen or not chosen <= set(known):
        raise writer.bad(state, "应当从列出的选项中选择")
    return {
        "keys": [key for key in known if key in chosen],
        "label": "、".join(label for key, label in known.items() if key in chosen),
        "all": [[label, key in chosen] for key, label in known.items()],
    }


def _table(writer: _Writer, state: State, value: Any) -> dict[str, Any]:
    """Rows in the order stated; a cell that was not stated stays empty, a row that says nothing is an error."""
    rows = []
    for each in writer.several(state, value):
        row = {} if each is None else writer.structure(state, each)
        cells = [writer.part(state, row, key, required=False) for key, _ in state.columns]
        rows.append(cells if any(cells) else [writer.missing(state), *cells[1:]])
    return {"head": [label for _, label in state.columns], "rows": rows}


def _party(writer: _Writer, state: State, value: Any) -> dict[str, Any]:
    value = writer.structure(state, value)
    kind = value.get("kind", "natural")
    if kind not in _PARTY:
        raise writer.bad(state, "应当是公民、单位或者个体工商户之一")
    rows = writer.rows(state, value, _PARTY[kind])
    return {"kind": kind, "name": rows[0][1], "rows": _with_kind_of_paper(rows)}


def _with_kind_of_paper(rows: list[list[str]]) -> list[list[str]]:
    """证件种类 names the label of the number (公民身份号码 …) instead of taking a row of its own."""
    kind = next((value for label, value in rows if label == "证件种类"), "")
    named = {"居民身份证": "公民身份号码", "身份证": "公民身份号码", "": "证件号码"}.get(kind, f"{kind}号码")
    return [[named if label == "证件号码" else label, value] for label, value in rows if label != "证件种类"]


def _officers(writer: _Writer, state: State, value: Any) -> list[list[str]]:
    officers = [writer.structure(state, each) for each in writer.several(state, value)]
    return [[writer.part(state, each, "name"), writer.part(state, each, "certificate")] for each in officers]


def _provisions(writer: _Writer, state: State, value: Any) -> list[dict[str, str]]:
    found = [writer.structure(state, each) for each in writer.several(state, value)]
    return [{"cite": writer.part(state, each, "cite"), "text": writer.part(state, each, "text", required=False)} for each in found]


def _papers(writer: _Writer, state: State, value: Any) -> list[list[str]]:
    found = [writer.structure(state, each) for each in writer.several(state, value)]
    parts = (("title", True), ("number", False), ("copies", False))
    return [[writer.part(state, each, key, required=required) for key, required in parts] for each in found]


def _remedy(writer: _Writer, state: State, value: Any) -> dict[str, Any]:
    if value is None:
        nobody = {"name": BLANK, "address": BLANK, "phone": BLANK}
        value = {"organ": nobody, "body": nobody, "first": bool(state.when is None)}
    try:
        remedy = Remedy.read(value)
    except (KeyError, TypeError):
        raise writer.bad(state, "没有写明行政复议机关及其地址、电话") from None
    for whose, organ in (("organ", remedy.organ), ("body", remedy.body)):
        for key, stated in asdict(organ).items():
            if is_empty(stated):
                writer.missing(state, f"{whose}.{key}")
    sentences = [writer.text(state, sentence) for sentence in remedy.sentences()]
    return {"paragraphs": sentences[:-1], "cites": sentences[-1], "without_stay": remedy.without_stay(), "first": remedy.first}


def _payment(writer: _Writer, state: State, value: Any) -> dict[str, Any]:
    value = writer.structure(state, value)
    way = value.get("way", BANK)
    if way not in _PAYMENT:
        raise writer.bad(state, "应当是银行缴纳、缴款码缴纳或者当场收缴之一")
    due = value.get("due_on")
    return {
        "way": way,
        "rows": writer.rows(state, value, _PAYMENT[way]),
        "due": _date(writer, state, due) if due else "",
        "receipt": writer.part(state, value, "receipt_number", required=False),
    }


def _agent(writer: _Writer, state: State, value: Any) -> dict[str, Any]:
    rows = writer.rows(state, value, _AGENT)
    return {"name": rows[0][1], "rows": rows}


def _signature(writer: _Writer, state: State, value: Any) -> str:
    try:
        return drawings.signature(value)
    except drawings.BadDrawing as error:
        raise writer.bad(state, str(error)) from None


def _signatures(writer: _Writer, state: State, value: Any) -> list[str]:
    return [_signature(writer, state, each) for each in writer.several(state, value)]


def _image(writer: _Writer, state: State, value: Any) -> str:
    try:
        return drawings.picture(value)
    except drawings.BadDrawing as error:
        raise writer.bad(state, str(error)) from None


_WRITERS: dict[str, Callable[[_Writer, State, Any], Any]] = {
    rules.TEXT: _text,
    rules.LONG: _long,
    rules.LIST: _list,
    rules.DATE: _date,
    rules.MOMENT: _moment,
    rules.MONEY: _money,
    rules.CHOICE: _choice,
    rules.CHOICES: _choices,
    rules.TABLE: _table,
    rules.PARTY: _party,
    rules.OFFICERS: _officers,
    rules.PROVISIONS: _provisions,
    rules.REMEDY: _remedy,
    rules.PAYMENT: _payment,
    rules.PAPERS: _papers,
    rules.AGENT: _agent,
    rules.SIGNATURE: _signature,
    rules.SIGNATURES: _signatures,
    rules.IMAGE: _image,
    rules.CODE: _text,
}
# In a draft these are left out while missing: there is nothing to mark.
_ONLY_WHEN_STATED = {rules.SIGNATURE, rules.SIGNATURES, rules.IMAGE, rules.CODE}
_STRUCTURES = {
    rules.PARTY,
    rules.OFFICERS,
    rules.PROVISIONS,
    rules.REMEDY,
    rules.PAYMENT,
    rules.PAPERS,
    rules.AGENT,
    rules.LIST,
    rules.TABLE,
}


def prepare(form: Form, values: Mapping[str, Any], *, draft: bool = False) -> Printed:
    """Every particular of `form` as printed; absent optional ones are None.

    Raises MissingValue and BadValue; in a draft nothing that is missing is raised, it is a blank.
    """
    writer = _Writer(form, draft=draft)
    return Printed({state.key: _printed(writer, state, values) for state in form.states}, tuple(writer.texts))


def _printed(writer: _Writer, state: State, values: Mapping[str, Any]) -> Any:
    value = values.get(state.key)
    if not state.is_wanted(values):
        return None
    if not is_empty(value):
        try:
            return _WRITERS[state.type](writer, state, value)
        except BadValue:
            # A draft is drawn while the officer is still typing: what cannot be read yet is still missing.
            if not writer.draft:
                raise
    if state.optional or state.is_signature or (writer.draft and state.type in _ONLY_WHEN_STATED):
        return None
    blank = writer.missing(state)
    if state.type in _STRUCTURES:
        return _WRITERS[state.type](writer, state, None)
    if state.type in {rules.CHOICE, rules.CHOICES}:
        return {"key": "", "keys": [], "label": blank, "all": [[label, False] for _, label in state.choices]}
    return [blank] if state.type == rules.LONG else blank


def drawn_hashes(form: Form, values: Mapping[str, Any]) -> Iterator[tuple[State, str]]:
    """The hash of the unsigned document that each drawn signature says it was drawn under."""
    for state in form.states:
        value = values.get(state.key)
        if state.type not in {rules.SIGNATURE, rules.SIGNATURES} or is_empty(value):
            continue
        for each in (value or ()) if state.type == rules.SIGNATURES else (value,):
            if isinstance(each, Mapping) and each.get("binds"):
                yield state, str(each["binds"])
