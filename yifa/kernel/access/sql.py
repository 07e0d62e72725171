"""A piece of SQL with its parameters: the only way a rule becomes a query. Text is written here in code, values are always parameters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Sql:
    """`text` with `%s` for each of `params`, in order."""

    text: str
    params: tuple[Any, ...] = ()

    def __add__(self, other: Sql) -> Sql:
        return Sql(f"{self.text} {other.text}".strip(), self.params + other.params)

    def wrapped(self, before: str, after: str = "") -> Sql:
        """The same with fixed words around it."""
        return Sql(f"{before}{self.text}{after}", self.params)

    @staticmethod
    def join(word: str, pieces: Iterable[Sql]) -> Sql:
        listed = list(pieces)
        return Sql(word.join(piece.text for piece in listed), tuple(value for piece in listed for value in piece.params))


def array(codes: Iterable[str]) -> str:
    """Codes as the text of a PostgreSQL array: for a hundred of them the driver needs a fraction of the time a list would take."""
    return "{" + ",".join(code if code.isdecimal() else _quoted(code) for code in codes) + "}"


def _quoted(text: str) -> str:
    """An element with anything but digits in it, as the array's own syntax quotes it."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


NOTHING = Sql("FALSE")
EVERYTHING = Sql("TRUE")
EMPTY = Sql("")
