"""Setting a legal number for a place or a sector takes two persons: one proposes, another approves. Each act is an entry on the chain

`parameter:<name>`. Before its first day an approved number may be taken back; afterwards it is replaced by a new proposal, since what was
judged by it has been judged.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Protocol
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from yifa.kernel.ledger.append import Acting
from yifa.kernel.ledger.services import record
from yifa.kernel.parameters import queries
from yifa.kernel.parameters.models import Override, Proposal
from yifa.kernel.parameters.rules import TERMS, UNITS, Parameter, Parameters, significant

# A parameter's chain lies in no 盟市: proposals from several places are acts on the same number.
LEAGUE = "000000"


class NotAllowedError(ValueError):
    """The number cannot be set so; str() says why, fit for the administrator."""


class Named(Acting, Protocol):
    """Who acts, with the name that the page shows."""

    @property
    def name(self) -> str: ...
    @property
    def organisation_name(self) -> str: ...


def draft(
    *,
    name: str,
    value: int,
    unit: str,
    cites: Sequence[str],
    reason: str,
    region: str,
    sector: str,
    valid_from: date,
    valid_to: date | None,
) -> Proposal:
    """A proposal that makes sense, unsaved: for the preview and for `propose`. Raises NotAllowedError."""
    known = [each for each in queries.committed() if each.name == name]
    if not known:
        raise NotAllowedError(f"没有名为“{name}”的参数")
    units = {each.unit for each in known}
    if unit not in units and not (unit in TERMS and units & TERMS):
        raise NotAllowedError(f"“{name}”的单位应当是{'、'.join(sorted(UNITS[each] or '是或者否' for each in units))}")
    if not cites or len(reason.strip()) < 2:
        raise NotAllowedError("设定参数应当写明依据的条文和理由")
    if not significant(region):
        raise NotAllowedError("全国适用的数目由法律、法规和规章规定，不能在本地设定")
    made = Proposal(
        name=name,
        value=value,
        unit=unit,
        cites=list(cites),
        region=region,
        sector=sector,
        valid_from=valid_from,
        valid_to=valid_to,
        reason=reason.strip(),
    )
    try:
        queries.proposed(made)
    except ValueError as problem:
        raise NotAllowedError(str(problem)) from problem
    return made


@transaction.atomic
def propose(*, by: Named, key: UUID | None = None, **stated: Any) -> Proposal:
    """Propose what `draft` describes. Nothing holds until another person approves it."""
    made = draft(**stated)
    made.proposed_by, made.proposed_name, made.proposed_for = UUID(by.person), by.name, by.organisation_name
    made.proposed_at = timezone.now()
    made.save(force_insert=True)
    _record(by, made, "propose", {"cites": made.cites, **_said(queries.proposed(made)), "reason": made.reason}, key)
    return made


@transaction.atomic
def approve(
    *, by: Named, proposal: int, recompute: Callable[[str, Parameters], Sequence[Mapping[str, Any]]], key: UUID | None = None
) -> Sequence[Mapping[str, Any]]:
    """Let a proposal hold. `recompute(name, table)` is the interpreter's function over the running deadlines that rest on the number.

    It is handed down, because the kernel does not know procedures; what it moved is part of the entry and is returned.
    """
    found = _waiting(proposal)
    if str(found.proposed_by) == by.person:
        raise NotAllowedError("提出人不能批准自己提出的设定，应当由另一人批准")
    row = Override.objects.create(
        name=found.name,
        value=found.value,
        unit=found.unit,
        cites=found.cites,
        region=found.region,
        sector=found.sector,
        valid_from=found.valid_from,
        valid_to=found.valid_to,
        note=found.reason,
        recorded_at=timezone.now(),
    )
    moved = recompute(found.name, Parameters([*queries.committed(), *queries.overrides()]))
    found.override, found.moved = row, len(moved)
    _decide(by, found, Proposal.State.APPROVED, "")
    told = {**_said(queries.proposed(found)), "proposed_by": str(found.proposed_by), "moved": [dict(each) for each in moved]}
    _record(by, found, "approve", told, key)
    transaction.on_commit(queries.forget)
    return moved


@transaction.atomic
def decline(*, by: Named, proposal: int, reason: str, key: UUID | None = None) -> Proposal:
    """A second person refuses a proposal, or the proposer takes it back."""
    found = _waiting(proposal)
    own = str(found.proposed_by) == by.person
    _decide(by, found, Proposal.State.CANCELLED if own else Proposal.State.REFUSED, _reason(reason))
    _record(by, found, "cancel" if own else "refuse", {"reason": found.decision}, key)
    return found


@transaction.atomic
def revoke(*, by: Named, proposal: int, reason: str, today: date, key: UUID | None = None) -> Proposal:
    """Take an approved number back before its first day: nothing was judged by it yet."""
    found = Proposal.objects.select_for_update(of=("self",)).select_related("override").filter(pk=proposal).first()
    if found is None or found.override is None or found.state != Proposal.State.APPROVED:
        raise NotAllowedError("没有已经批准的这项设定")
    if found.valid_from <= today:
        raise NotAllowedError(f"这项设定已于{found.valid_from}生效，不能撤回；需要改变的，请另行提出新的设定")
    Override.objects.create(
        name=found.name,
        unit=found.unit,
        cites=[],
        region=found.region,
        sector=found.sector,
        note=_reason(reason),
        withdrawn=True,
        withdraws=found.override,
        recorded_at=timezone.now(),
    )
    found.state, found.decision = Proposal.State.REVOKED, _reason(reason)
    found.save(update_fields=["state", "decision"])
    _record(by, found, "revoke", {"reason": found.decision}, key)
    transaction.on_commit(queries.forget)
    return found


def _waiting(number: int) -> Proposal:
    found = Proposal.objects.select_for_update().filter(pk=number).first()
    if found is None:
        raise NotAllowedError("没有这项设定")
    if found.state != Proposal.State.PROPOSED:
        raise NotAllowedError(f"这项设定的状态是“{found.get_state_display()}”，不能再作决定")
    return found


def _reason(text: str) -> str:
    if len(text.strip()) < 2:
        raise NotAllowedError("应当写明理由")
    return text.strip()


def _decide(by: Named, found: Proposal, state: Proposal.State, decision: str) -> None:
    found.state, found.decision = state, decision
    found.decided_by, found.decided_name, found.decided_at = UUID(by.person), by.name, timezone.now()
    found.save(update_fields=["state", "decision", "decided_by", "decided_name", "decided_at", "override", "moved"])


def _said(parameter: Parameter) -> dict[str, Any]:
    return {
        "value": parameter.value,
        "unit": parameter.unit,
        "region": parameter.region,
        "sector": parameter.sector,
        "valid_from": parameter.valid_from.isoformat() if parameter.valid_from else None,
        "valid_to": parameter.valid_to.isoformat() if parameter.valid_to else None,
    }


def _record(by: Named, found: Proposal, step: str, told: Mapping[str, Any], key: UUID | None) -> None:
    payload = {"proposal": found.pk, "name": found.name, **told}
    record(f"parameter:{found.name}", step, actor=by, league=LEAGUE, key=key, payload=payload)
