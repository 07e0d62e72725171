"""The receipt of one chain as a file: what it holds and how it is written (docs/log-format.md, section 6). Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .bodies import BodyError, Json, canonical, parse

FORMAT = "yifa-receipt@v1"
SIDES = ("open", "closed")
ERASE_PROCEDURE = "ledger"
ERASE_STEP = "erase_payload"


@dataclass(frozen=True, slots=True)
class Payload:
    """One side of an entry as it was committed to: the text byte for byte, and its salt in hex."""

    payload: str
    salt: str

    def value(self) -> dict[str, Json]:
        return {"payload": self.payload, "salt": self.salt}


@dataclass(frozen=True, slots=True)
class ReceiptEntry:
    """A body as text, the sides that the reader was given, and the proof that the log holds it."""

    body: str
    open: Payload | None
    closed: Payload | None
    proof: str

    def value(self) -> dict[str, Json]:
        return {
            "body": self.body,
            "closed": self.closed.value() if self.closed else None,
            "open": self.open.value() if self.open else None,
            "proof": self.proof,
        }


@dataclass(frozen=True, slots=True)
class Receipt:
    entries: tuple[ReceiptEntry, ...]
    head: str

    def to_bytes(self) -> bytes:
        value: Json = {"entries": [entry.value() for entry in self.entries], "format": FORMAT, "head": self.head}
        return canonical(value, limit=None)

    @classmethod
    def from_bytes(cls, data: bytes) -> Receipt:
        """Strict: canonical JSON, exactly these fields. What no hash or signature covers has no place in a receipt."""
        value = parse(data, limit=None)
        _exactly(value, {"entries", "format", "head"}, "receipt")
        if value["format"] != FORMAT:
            raise BodyError(f"the format is {FORMAT}")
        if not isinstance(value["entries"], list) or not value["entries"]:
            raise BodyError("entries is a list that is not empty")
        return cls(tuple(_entry(item) for item in value["entries"]), _text(value["head"], "head"))


def _entry(value: Any) -> ReceiptEntry:
    _exactly(value, {"body", "closed", "open", "proof"}, "entry")
    return ReceiptEntry(_text(value["body"], "body"), _payload(value["open"]), _payload(value["closed"]), _text(value["proof"], "proof"))


def _payload(value: Any) -> Payload | None:
    if value is None:
        return None
    _exactly(value, {"payload", "salt"}, "side")
    return Payload(_text(value["payload"], "payload"), _text(value["salt"], "salt"))


def _exactly(value: Any, names: set[str], what: str) -> None:
    if not isinstance(value, dict) or set(value) != names:
        raise BodyError(f"a {what} has exactly the fields {', '.join(sorted(names))}")


def _text(value: Any, name: str) -> str:
    if not isinstance(value, str):
        raise BodyError(f"{name} is text")
    return value


def erasures(entries: Sequence[tuple[str, str, int, str | None]]) -> set[tuple[int, str]]:
    """Which sides the chain itself says were erased: (procedure, step, seq, open payload) of each entry in."""
    erased: set[tuple[int, str]] = set()
    for procedure, step, seq, payload in entries:
        if (procedure, step) == (ERASE_PROCEDURE, ERASE_STEP) and payload is not None:
            erased |= {item for item in erased_by(payload) if item[0] < seq}
    return erased


def erased_by(payload: str) -> set[tuple[int, str]]:
    """The sides that one entry of erasure names in its open payload."""
    value = parse(payload.encode(), limit=None)
    _exactly(value, {"erased", "ground", "persons"}, "payload of an erasure")
    if not isinstance(value["erased"], list):
        raise BodyError("erased is a list")
    for item in value["erased"]:
        _exactly(item, {"seq", "side"}, "erased side")
        if not isinstance(item["seq"], int) or item["side"] not in SIDES:
            raise BodyError("an erased side has a seq and a side")
    return {(item["seq"], item["side"]) for item in value["erased"]}
