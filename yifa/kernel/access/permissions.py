"""Who may do what: rows of role × act × reach. Contexts add theirs in `<context>/access.py`; rules are data, never SQL text. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from yifa.kernel.access.scope import Scope
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.roles import LABELS


class Reach(IntEnum):
    """Where an act may be done: at one's own body, in it and all below it, or wherever one's scope leads."""

    BODY = 1
    SUBTREE = 2
    SCOPE = 3


@dataclass(frozen=True)
class Row:
    role: str
    act: str
    reach: Reach = Reach.BODY


_rows: dict[tuple[str, str], Reach] = {}


def register(rows: Iterable[Row]) -> None:
    """Add rows. The same row twice is harmless; one role with two reaches for one act is a mistake of the programmer."""
    for row in rows:
        if row.role not in LABELS:
            raise ValueError(f"no such role: {row.role}")
        if _rows.setdefault((row.role, row.act), row.reach) != row.reach:
            raise ValueError(f"two reaches for {row.role} × {row.act}")


def table() -> tuple[Row, ...]:
    """All rows in order, for the matrix page and its test."""
    return tuple(Row(role, act, reach) for (role, act), reach in sorted(_rows.items()))


def reach(actor: Actor, act: str) -> Reach | None:
    """The widest reach any of the actor's roles gives for the act."""
    return max((found for role in actor.roles if (found := _rows.get((role, act))) is not None), default=None)


def may(actor: Actor, act: str) -> bool:
    """Does any role of the present post allow the act somewhere?"""
    return reach(actor, act) is not None


def may_at(actor: Actor, act: str, organisation: str, *, within: Scope) -> bool:
    """Does it allow the act at this body? `within` is the actor's scope."""
    found = reach(actor, act)
    if found is None:
        return False
    if organisation == actor.organisation:
        return True
    if found is Reach.BODY:
        return False
    return organisation in within.own or (found is Reach.SCOPE and organisation in within.organisations)
