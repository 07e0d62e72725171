"""Rows of role × act × reach decide who may do what, and where."""

from __future__ import annotations

import pytest

from yifa.kernel.access import permissions
from yifa.kernel.access.permissions import Reach, Row
from yifa.kernel.access.scope import Scope
from yifa.kernel.people.actors import Actor


@pytest.fixture(autouse=True)
def own_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(permissions, "_rows", {})
    permissions.register([Row("officer", "decide"), Row("head", "decide", Reach.SUBTREE), Row("supervisor", "look", Reach.SCOPE)])


def an_actor(*roles: str) -> Actor:
    return Actor("p", "甲", "x", "A", "甲局", "150203", "150200", frozenset(roles))


@pytest.mark.parametrize(
    ("roles", "act", "where"),
    [
        (("officer",), "decide", {"A"}),
        (("head",), "decide", {"A", "A1"}),
        (("officer", "head"), "decide", {"A", "A1"}),
        (("supervisor",), "look", {"A", "A1", "B"}),
        (("supervisor",), "decide", set()),
        (("admin_system",), "decide", set()),
        ((), "look", set()),
    ],
)
def test_the_matrix(roles: tuple[str, ...], act: str, where: set[str]) -> None:
    within = Scope(own=frozenset({"A", "A1"}), organisations=("A", "A1", "B"))
    actor = an_actor(*roles)
    assert {body for body in ("A", "A1", "B", "C") if permissions.may_at(actor, act, body, within=within)} == where
    assert permissions.may(actor, act) is bool(where)


def test_rows_name_roles_that_exist_and_one_reach_each() -> None:
    with pytest.raises(ValueError, match="no such role"):
        permissions.register([Row("boss", "decide")])
    with pytest.raises(ValueError, match="two reaches"):
        permissions.register([Row("officer", "decide", Reach.SCOPE)])
    permissions.register([Row("officer", "decide")])
    assert permissions.table()[0] == Row("head", "decide", Reach.SUBTREE)
