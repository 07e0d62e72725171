"""A local number holds above the committed one until it is withdrawn; both acts are recorded."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from yifa.kernel.ledger.models import Entry
from yifa.kernel.parameters import queries
from yifa.kernel.parameters.services import override, withdraw
from yifa.kernel.people.actors import Actor

BY = Actor(
    "11111111-1111-4111-8111-111111111111",
    "甲",
    "22222222-2222-4222-8222-222222222222",
    "1502000001",
    "某局",
    "150200",
    "150200",
    frozenset({"admin_system"}),
)
NAME = "当场处罚备案期限"
CITES = ["行政处罚法@2021-01-22#t52.k3"]


@pytest.fixture(autouse=True)
def fresh(db: None) -> None:
    queries.forget()


def now(region: str = "150203", sector: str = "") -> int:
    queries.forget()
    return queries.parameters().value(NAME, region=region, sector=sector, on=date(2026, 3, 2))


def test_an_override_holds_in_its_place_only() -> None:
    override(by=BY, name=NAME, value=3, cites=CITES, region="150203", reason="本区规定三日")
    assert (now(), now("150204"), now(sector="市场监管")) == (3, 5, 3)


def test_a_second_override_replaces_the_first_and_a_withdrawal_ends_both() -> None:
    override(by=BY, name=NAME, value=3, cites=CITES, reason="先改为三日")
    override(by=BY, name=NAME, value=4, cites=CITES, reason="再改为四日")
    assert now() == 4
    withdraw(by=BY, name=NAME, reason="恢复默认")
    assert now() == 5
    assert [entry.step for entry in Entry.objects.filter(chain=f"parameter:{NAME}").order_by("seq")] == ["override", "override", "withdraw"]


def test_the_unit_is_that_of_what_it_replaces() -> None:
    assert override(by=BY, name=NAME, value=3, cites=CITES, sector="农牧", reason="农牧三日").unit == "day"
    assert override(by=BY, name=NAME, value=3, cites=CITES, region="150203", reason="三日").unit == "workday"


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"name": "没有的"}, "没有名为"),
        ({"cites": []}, "依据"),
        ({"reason": ""}, "理由"),
        ({"value": -1}, "不小于零"),
        ({"cites": ["处罚法第52条"]}, "引用"),
        ({"valid_from": date(2026, 2, 1), "valid_to": date(2026, 1, 1)}, "早于"),
    ],
)
def test_an_override_that_makes_no_sense_is_refused(changed: dict[str, Any], reason: str) -> None:
    plain: dict[str, Any] = {"by": BY, "name": NAME, "value": 3, "cites": CITES, "reason": "理由"}
    with pytest.raises(ValueError, match=reason):
        override(**plain | changed)
    assert not Entry.objects.exists()


def test_withdrawing_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="没有本地设定"):
        withdraw(by=BY, name=NAME, reason="恢复")


def test_the_stamp_tells_readers() -> None:
    held, stamp = queries.parameters(), queries.current_stamp()
    override(by=BY, name=NAME, value=3, cites=CITES, reason="改为三日")
    assert queries.parameters(stamp) is held
    assert queries.parameters(queries.current_stamp()).value(NAME, on=date(2026, 3, 2)) == 3
