"""What a rule may know about a case: known facts, and facts nobody has stated yet.

Pure. A case class is a frozen dataclass whose unstated facts hold `unknown("罚款数额")`; any use of such a fact
raises `Undecided`, so that a rule waits instead of judging on a guess.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import date, datetime
from typing import Any, NoReturn


class Undecided(Exception):
    """A rule needs a fact that no step has stated; `label` says which, in the officer's words."""

    def __init__(self, label: str) -> None:
        super().__init__(f"尚未登记：{label}")
        self.label = label


class Unknown:
    """Stands for one unstated fact. It can be passed around, but not looked at."""

    __slots__ = ("label",)

    def __init__(self, label: str) -> None:
        self.label = label

    def __hash__(self) -> int:  # noqa: PLE0309 - a mapping must not miss an unstated fact silently
        self._look()

    def _look(self, *_: object) -> NoReturn:
        raise Undecided(self.label)

    __bool__ = __len__ = __iter__ = __contains__ = __int__ = __index__ = __float__ = __neg__ = __abs__ = _look
    __lt__ = __le__ = __gt__ = __ge__ = __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _look
    __and__ = __or__ = __rand__ = __ror__ = __getitem__ = __format__ = __str__ = _look
    __eq__ = __ne__ = _look

    def __getattr__(self, name: str) -> NoReturn:
        if name.startswith("__"):
            raise AttributeError(name)
        raise Undecided(self.label)

    def __repr__(self) -> str:
        return f"<未登记：{self.label}>"


def unknown(label: str) -> Any:
    """The default of a case fact; typed Any because it stands in for every type."""
    return Unknown(label)


def is_known(value: object) -> bool:
    return not isinstance(value, Unknown)


# What a question of type `rows` was told, one by one.
Row = Mapping[str, Any]
_READERS: Mapping[str, Callable[[Any], Any]] = {
    "str": str,
    "bool": bool,
    "int": int,
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
    "frozenset[str]": frozenset,
    "tuple[str, ...]": tuple,
    "tuple[Row, ...]": tuple,
}
_HELD: dict[type[Any], Mapping[str, Callable[[Any], Any]]] = {}


def stated(case: type[Any], facts: Mapping[str, Any]) -> dict[str, Any]:
    """The stated facts that a case class has a field for, each as the type of that field: `{name: value}` for its constructor.

    `facts` are JSON as the steps left them. A field of a type that JSON cannot say (a party, a list of officers) is not filled here:
    its context reads it. The annotations must be text (`from __future__ import annotations`).
    """
    readers = _readers(case)
    return {name: readers[name](value) for name, value in facts.items() if value is not None and name in readers}


def _readers(case: type[Any]) -> Mapping[str, Callable[[Any], Any]]:
    """How each field of a case class is read; looked up once, for many cases are read at a time."""
    found = _HELD.get(case)
    if found is None:
        found = _HELD[case] = {each.name: _READERS[str(each.type)] for each in fields(case) if str(each.type) in _READERS}
    return found
