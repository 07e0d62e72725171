"""A local number takes two persons, holds in its place from its day on, and may be taken back before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from yifa.kernel.ledger.models import Entry
from yifa.kernel.parameters import queries
from yifa.kernel.parameters.models import Proposal
from yifa.kernel.parameters.rules import Parameters, effects
from yifa.kernel.parameters.services import NotAllowedError, approve, decline, propose, revoke
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
SECOND = replace(BY, person="33333333-3333-4333-8333-333333333333", name="乙")
NAME = "当场处罚备案期限"
PLAIN: dict[str, Any] = {
    "name": NAME,
    "value": 3,
    "unit": "workday",
    "cites": ["行政处罚法@2021-01-22#t52.k3"],
    "reason": "本地规定三日",
    "region": "150203",
    "sector": "",
    "valid_from": date(2026, 3, 1),
    "valid_to": None,
}


@pytest.fixture(autouse=True)
def fresh(db: None) -> None:
    queries.forget()


def nothing(name: str, table: Parameters) -> Sequence[dict[str, Any]]:
    return []


def made(**changed: Any) -> Proposal:
    proposal = propose(by=BY, **PLAIN | changed)
    approve(by=SECOND, proposal=proposal.pk, recompute=nothing)
    return proposal


def now(region: str = "150203", sector: str = "", on: date = date(2026, 3, 2)) -> int:
    queries.forget()
    return queries.parameters().value(NAME, region=region, sector=sector, on=on)


def steps() -> list[str]:
    return [entry.step for entry in Entry.objects.filter(chain=f"parameter:{NAME}").order_by("seq")]


def test_a_number_holds_in_its_place_from_its_day_once_a_second_person_approved_it() -> None:
    proposal = propose(by=BY, **PLAIN)
    assert now() == 5
    approve(by=SECOND, proposal=proposal.pk, recompute=nothing)
    assert (now(), now("150204"), now(sector="市场监管"), now(on=date(2026, 2, 28))) == (3, 5, 3, 5)
    assert steps() == ["propose", "approve"]
    holding = queries.parameters().find(NAME, region="150203", on=date(2026, 3, 2))
    assert holding.source == f"本地设定第{proposal.pk}号，甲提出、乙批准"


def test_the_proposer_cannot_approve_what_he_proposed() -> None:
    proposal = propose(by=BY, **PLAIN)
    with pytest.raises(NotAllowedError, match="另一人"):
        approve(by=replace(BY, post="44444444-4444-4444-8444-444444444444"), proposal=proposal.pk, recompute=nothing)
    assert now() == 5
    assert steps() == ["propose"]


def test_a_later_number_replaces_an_earlier_one_from_its_day() -> None:
    made()
    made(value=4, valid_from=date(2026, 4, 1))
    assert (now(), now(on=date(2026, 4, 1))) == (3, 4)


def test_an_approved_number_is_taken_back_before_its_day_only() -> None:
    made()
    later = made(value=4, valid_from=date(2026, 4, 1))
    with pytest.raises(NotAllowedError, match="不能撤回"):
        revoke(by=BY, proposal=later.pk, reason="文件废止", today=date(2026, 4, 1))
    revoke(by=BY, proposal=later.pk, reason="文件废止", today=date(2026, 3, 31))
    assert (now(), now(on=date(2026, 4, 1))) == (3, 3)
    with pytest.raises(NotAllowedError, match="没有已经批准"):
        revoke(by=BY, proposal=later.pk, reason="再撤一次", today=date(2026, 3, 31))
    assert steps() == ["propose", "approve", "propose", "approve", "revoke"]


@pytest.mark.parametrize(("by", "state", "step"), [(BY, "cancelled", "cancel"), (SECOND, "refused", "refuse")])
def test_a_proposal_is_declined_once_with_a_reason(by: Actor, state: str, step: str) -> None:
    proposal = propose(by=BY, **PLAIN)
    with pytest.raises(NotAllowedError, match="理由"):
        decline(by=by, proposal=proposal.pk, reason=" ")
    assert decline(by=by, proposal=proposal.pk, reason="依据不足").state == state
    with pytest.raises(NotAllowedError, match="不能再作决定"):
        approve(by=SECOND, proposal=proposal.pk, recompute=nothing)
    assert steps() == ["propose", step]
    assert now() == 5


def test_what_the_interpreter_moved_is_part_of_the_entry_and_a_failure_there_undoes_all() -> None:
    proposal = propose(by=BY, **PLAIN)

    def fails(name: str, table: Parameters) -> Sequence[dict[str, Any]]:
        assert table.value(name, region="150203", on=date(2026, 3, 2)) == 3
        raise RuntimeError

    with pytest.raises(RuntimeError):
        approve(by=SECOND, proposal=proposal.pk, recompute=fails)
    assert now() == 5
    assert [each["dossier"] for each in approve(by=SECOND, proposal=proposal.pk, recompute=lambda *_: [{"dossier": "某案"}])] == ["某案"]
    assert Proposal.objects.get().moved == 1


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"name": "没有的"}, "没有名为"),
        ({"cites": []}, "依据"),
        ({"reason": ""}, "理由"),
        ({"value": -1}, "不小于零"),
        ({"unit": "yuan"}, "单位"),
        ({"cites": ["处罚法第52条"]}, "引用"),
        ({"valid_to": date(2026, 1, 1)}, "早于"),
        ({"region": "000000"}, "全国"),
    ],
)
def test_a_proposal_that_makes_no_sense_is_refused(changed: dict[str, Any], reason: str) -> None:
    with pytest.raises(NotAllowedError, match=reason):
        propose(by=BY, **PLAIN | changed)
    assert not Entry.objects.exists()


def test_a_term_may_be_counted_in_another_unit_of_time() -> None:
    made(unit="day", value=7)
    assert str(queries.parameters(queries.current_stamp()).find(NAME, region="150203", on=date(2026, 3, 2))) == "7日"


def test_the_stamp_tells_readers() -> None:
    held, stamp = queries.parameters(), queries.current_stamp()
    made()
    assert queries.parameters(stamp) is held
    assert queries.parameters(queries.current_stamp()).value(NAME, region="150203", on=date(2026, 3, 2)) == 3


def test_the_preview_tells_every_place_and_day_before_and_after() -> None:
    proposal = propose(by=BY, **PLAIN | {"region": "150200", "valid_to": date(2026, 3, 31)})
    made(value=2, region="150204")
    days = [date(2026, 2, 28), date(2026, 3, 1), date(2026, 4, 1)]
    found = effects(queries.parameters(), queries.with_proposal(proposal), name=NAME, places=["150203", "150204"], sectors=[""], days=days)
    told = [(each.place, each.on.month, each.before and each.before.value, each.after and each.after.value, each.changes) for each in found]
    assert told == [
        ("150203", 2, 5, 5, False),
        ("150203", 3, 5, 3, True),
        ("150203", 4, 5, 5, False),
        ("150204", 2, 5, 5, False),
        ("150204", 3, 2, 2, False),
        ("150204", 4, 2, 2, False),
    ]
