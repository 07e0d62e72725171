"""An act on its way: what someone wants, what was read, what the law said. Plain values that `take` hands from stage to stage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from yifa.kernel.people.actors import Actor
from yifa.procedures.context import Context
from yifa.procedures.core import Duty, Procedure, Progress, Step
from yifa.procedures.reading import Read, Ref


@dataclass(frozen=True)
class LateEntry:
    """补录: work done on a numbered paper form without power or network, entered later with its photo."""

    reason: str
    paper_number: str = ""


@dataclass(frozen=True)
class Act:
    """What someone wants to do, before the law has spoken."""

    step: str
    by: Actor
    key: UUID
    facts: Mapping[str, Any] = field(default_factory=dict)
    files: tuple[UUID, ...] = ()
    at: datetime | None = None
    seen_seq: int | None = None
    device: Mapping[str, Any] | None = None
    reasons: Mapping[str, str] = field(default_factory=dict)
    late: LateEntry | None = None


@dataclass(frozen=True)
class Opening:
    """What a dossier that is not there yet will be: for which body and place, in which sector, under which public code."""

    organisation: str
    region: str
    sector: str


@dataclass(frozen=True)
class Split:
    """The answers of a step, divided: what rules may see, and what is personal. `identity` is the keyed hash of the party's number."""

    facts: Mapping[str, Any]
    personal: Mapping[str, Any]
    identity: str | None


@dataclass(frozen=True)
class Judged:
    """An act the law allows: where the dossier stands after it. `measures` as its context says (`Context.measures`).

    `opened` are the steps that the order of the statute allows then, `turns` those of them that wait for somebody else.
    """

    at: datetime
    late: bool
    facts: Mapping[str, Any]
    personal: Mapping[str, Any]
    case: Any
    before: Progress
    after: Progress
    reasons: Mapping[str, str]
    undoes: int | None
    duties: Sequence[Duty]
    opened: Sequence[Step]
    turns: Sequence[Step]
    stated: Mapping[str, Any]
    title: str
    measures: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Doing:
    """Everything known of an act between the two exchanges: what the statement is written from."""

    ref: Ref
    procedure: type[Procedure]
    context: Context
    step: Step
    act: Act
    split: Split
    read: Read
    judged: Judged
    token: str
    opening: Opening | None

    @property
    def seq(self) -> int:
        return self.judged.after.seq

    @property
    def organisation(self) -> str:
        return self.opening.organisation if self.opening else str(self.read.dossier["organisation_id"])

    @property
    def region(self) -> str:
        return self.opening.region if self.opening else str(self.read.dossier["region_id"])


@dataclass(frozen=True)
class Taken:
    """An acknowledged act: it is committed, and `hash` is its leaf in the log. `again`: it had been taken before under the same key."""

    ref: Ref
    seq: int
    hash: str
    step: str
    recorded_at: datetime
    again: bool = False
    documents: tuple[Mapping[str, Any], ...] = ()
