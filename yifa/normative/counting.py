"""An entry about a normative document as what it counts for needs it: one step, what its rules saw, the deadlines it moved. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yifa.facts.seen import Counted, Seen
from yifa.procedures.core import BEIJING, RETURN, WITHDRAW


@dataclass(frozen=True)
class Act:
    """One step as its entry tells it; `document` is the register's row, None in the dossier that makes one."""

    chain: str
    step: str
    day: str
    facts: Mapping[str, Any]
    body: Mapping[str, Any]
    document: Mapping[str, Any] | None
    clocks: Mapping[str, Mapping[str, Any]]
    duties: Mapping[str, Sequence[Mapping[str, Any]]]
    consultation: Mapping[str, Any] | None = None
    cleanup: Mapping[str, Any] | None = None

    def closed(self, step: str) -> Mapping[str, Any] | None:
        return next((duty for duty in self.duties["closed"] if duty["step"] == step), None)

    def opened(self, step: str) -> Mapping[str, Any] | None:
        return next((duty for duty in self.duties["opened"] if duty["step"] == step), None)

    def drops(self, step: str) -> Mapping[str, Any] | None:
        """The deadline of a step that falls away because what it follows was taken back; None for any other act."""
        duty = self.closed(step) if self.step in (RETURN, WITHDRAW) else None
        return duty if duty and duty["met"] is None else None

    def counted(self, metric: str, numerator: int, denominator: int, day: str, reason: str, once: str = "") -> Counted:
        """For the maker, each time: what is taken back is counted back."""
        whom = (self.document["maker"], self.document["region"]) if self.document else (self.body["code"], self.body["region"])
        return Counted(metric, numerator, denominator, *whom, day[:7], reason, once)

    def of_maker(self, metric: str, numerator: int, denominator: int, day: str, reason: str) -> Counted:
        """For the maker, once per document: a step taken back and done again does not count twice."""
        whom = (self.document["maker"], self.document["region"]) if self.document else (self.body["code"], self.body["region"])
        once = f"{self.document['code'] if self.document else self.chain} {'+' * numerator}{'/' * denominator}"
        return Counted(metric, numerator, denominator, *whom, day[:7], reason, once)

    def of_reviewer(self, metric: str, numerator: int, denominator: int, day: str, reason: str, once: str = "") -> Counted:
        return Counted(metric, numerator, denominator, self.body["code"], self.body["region"], day[:7], reason, once)


def act_of(entry: Seen, closed: Mapping[str, Any]) -> Act:
    seen = closed["seen"]
    register = seen["register"]
    day = datetime.fromisoformat(entry.body["happened_at"]).astimezone(BEIJING).date().isoformat()
    return Act(
        chain=entry.chain,
        step=entry.body["step"].partition("@")[0],
        day=day,
        # What is counted back is told by the facts as they stood before; entries of earlier versions have them in what was seen.
        facts=(closed.get("undone") or seen)["facts"],
        body=register["organisation"],
        document=register.get("document"),
        clocks=register.get("clocks") or {},
        duties=closed["duties"],
        consultation=register.get("consultation"),
        cleanup=register.get("cleanup"),
    )
