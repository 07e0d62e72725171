"""How a check is written down: a named function over a matter, its articles, and the steps whose entries prove it. Pure.

`@check("T07.1", R713[15], steps=("consult",))` registers it under its code; the docstring says what it asks. A check answers with a
share of its points, never with points: those are the template file's. It may look at facts that nobody stated; that is answered here
as missing, so that no check raises.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple

from yifa.decisions.matter import Matter
from yifa.kernel.citing import Article
from yifa.procedures.fields import BLANKS
from yifa.procedures.known import Row, Undecided, Unknown, is_known

Share = int | Fraction
Inputs = tuple[tuple[str, Any], ...]
# 两种以上、两个以上: how the regulation and the templates count what must not be single.
SEVERAL = 2


class Outcome(NamedTuple):
    """What a check found: a share from 0 to 1, and what it looked at as (label, value).

    `down`: points are cut, not rounded, to a hundredth. `doubtful`: a person must confirm it, whatever the kind of check. `missing`: the
    matter does not say.
    """

    share: Share
    inputs: Inputs = ()
    down: bool = False
    doubtful: bool = False
    missing: bool = False


Input = tuple[str, Any]


def holds(is_so: bool, *inputs: Input) -> Outcome:
    """All the points or none."""
    return Outcome(1 if is_so else 0, inputs)


def ratio(part: int, whole: int, *inputs: Input, none: Share = 1) -> Outcome:
    """As many of the points as `part` of `whole`; `none` is the share when there was nothing to do."""
    if whole <= 0:
        return Outcome(none, inputs)
    return Outcome(1 if part >= whole else Fraction(max(0, part), whole), inputs)


def named(rows: Iterable[Row], key: str) -> frozenset[str]:
    """What the rows name under a key; an empty name names nothing, and blanks around a name are none of it."""
    return frozenset(text for row in rows if (text := str(row.get(key) or "").strip(BLANKS)))


@dataclass(frozen=True, eq=False)
class Check:
    """A registered check."""

    code: str
    judge: Callable[[Matter], Outcome]
    cites: tuple[Article, ...]
    steps: tuple[str, ...]

    def __call__(self, matter: Matter) -> Outcome:
        try:
            found = self.judge(matter)
        except Undecided as fact:
            return Outcome(0, (("尚未登记", fact.label),), missing=True)
        for _, value in found.inputs:
            if type(value) is Unknown:
                return found._replace(inputs=_readable(found.inputs))
        return found

    @property
    def asks(self) -> str:
        return (self.judge.__doc__ or "").strip()


def _readable(inputs: Inputs) -> Inputs:
    """An unstated fact cannot be looked at, so it is not handed on: a check may answer without it (one of two conditions fails)."""
    return tuple((label, value if is_known(value) else "尚未登记") for label, value in inputs)


CHECKS: dict[str, Check] = {}


def check(code: str, *cites: Article, steps: tuple[str, ...]) -> Callable[[Callable[[Matter], Outcome]], Check]:
    """Registers a check under its code. Raises ValueError when the code is taken."""

    def register(judge: Callable[[Matter], Outcome]) -> Check:
        if code in CHECKS:
            raise ValueError(f"two checks are called {code}: {CHECKS[code].judge.__name__} and {judge.__name__}")
        CHECKS[code] = Check(code, judge, cites, steps)
        return CHECKS[code]

    return register
