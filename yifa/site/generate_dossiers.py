"""The load world's stories: the demonstration's, every act judged by the law and written as `take` writes it, but into rows.

What differs from an act through `take`: the registers are read once for a pair of officers, the rows are collected instead of sent, and all
documents of a form share one file, a specimen (its number, its place in the record and its row are the dossier's own). A story becomes a
mould (generate_moulds.py), from which many dossiers are cast (generate_casts.py).
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

from PIL import Image
from psycopg.types.json import Jsonb

from yifa.documents.rendering import render
from yifa.documents.rules import Form
from yifa.documents.samples import signed
from yifa.dossiers import store
from yifa.dossiers.personal import new_proof, new_token
from yifa.enforcement.context import ENFORCEMENT
from yifa.enforcement.procedures.summary_penalty import SummaryPenalty
from yifa.kernel.ledger.append import NewEntry
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.identifiers import case_number
from yifa.procedures import core
from yifa.procedures.acts import Act, Doing, Opening, Split
from yifa.procedures.core import BEIJING, Done, Refused
from yifa.procedures.paperwork import forms_folder
from yifa.procedures.queries import register_of
from yifa.procedures.reading import Read, Ref
from yifa.procedures.take import judge
from yifa.procedures.writing import Members, write
from yifa.site.demo import REASONS, Story, Team

STROKE = {"strokes": [[[20, 40, 50, 0], [60, 38, 50, 20], [110, 36, 50, 40]], [[60, 5, 50, 60], [58, 60, 50, 80]]]}
KEYS: dict[str, tuple[str, ...]] = {
    "dossiers_dossier": ("league", "code"),
    "dossiers_party": ("league", "dossier", "n"),
    "dossiers_caserole": ("league", "dossier", "person_id", "role"),
    "dossiers_evidence": ("league", "id"),
    "procedures_opening": ("league", "key"),
    "procedures_obligation": ("league", "dossier", "step", "n"),
    "procedures_turn": ("league", "dossier", "step"),
}
COLUMNS: dict[str, str] = {
    "dossiers_dossier": "league code procedure version organisation_id region_id sector number title party_label status state facts seq"
    " opened_at updated_at closed_at token proof_hash drill",
    "dossiers_party": "league dossier n kind name identity_kind identity_sealed identity_hash phone_sealed address representative",
    "dossiers_caserole": "league dossier person_id role opened_at",
    "dossiers_evidence": "league id dossier step seq title kind sha256 size mime facts taken_at uploaded_at uploaded_by_id",
    "procedures_opening": "league key dossier",
    "procedures_obligation": "league dossier step n procedure organisation_id region_id title roles publishes start_on due_on provisional"
    " derivation opened_seq closed_seq met_on",
    "procedures_turn": "league dossier step organisation_id office roles since",
    "documents_document": "league id dossier seq form title organisation_id series year sequence number sha256 unsigned_sha256 size pages"
    " audience corrects created_at",
    "ledger_entry": "league chain seq key step actor late at recorded_at body hash",
    "ledger_payload": "league chain seq side payload salt",
}


@dataclass(frozen=True)
class Specimens:
    """What stands for every document of a form, and for every photo: stored once."""

    documents: Mapping[str, Mapping[str, Any]]
    photo: Mapping[str, Any]


def specimens() -> Specimens:
    documents = {}
    for form in {form for step in SummaryPenalty.steps.values() for form in step.forms}:
        made = render(form, signed(form), folder=forms_folder(ENFORCEMENT), region="150000", number="样本1号" if form.series else "")
        stored = store.put(made.pdf)
        documents[form.key] = {
            "sha256": stored.sha256,
            "size": stored.size,
            "unsigned_sha256": made.unsigned_sha256,
            "pages": made.pages,
        }
    picture = BytesIO()
    Image.new("RGB", (640, 480), (170, 190, 200)).save(picture, "JPEG")
    kept = store.put(picture.getvalue())
    return Specimens(documents, {"sha256": kept.sha256, "size": kept.size, "kind": "photo", "mime": "image/jpeg", "title": "现场照片"})


class Rows(Members):
    """Collects, table by table, what a statement would write; a row changed later is changed here."""

    def __init__(self) -> None:
        super().__init__()
        self.keyed: dict[str, dict[tuple[Any, ...], dict[str, Any]]] = {table: {} for table in KEYS}
        self.plain: dict[str, list[tuple[Any, ...]]] = defaultdict(list)

    def insert(self, table: str, row: Mapping[str, Any], then: str = "") -> None:
        self.keyed[table].setdefault(tuple(row[name] for name in KEYS[table]), dict(row))

    def update(self, table: str, row: Mapping[str, Any], where: str, *params: Any) -> None:
        keys = [(params[0], piece) for piece in params[1]] if table == "dossiers_evidence" else [params]
        for key in keys:
            self.keyed[table][key].update(row)

    def remove(self, table: str, where: str, *params: Any) -> None:
        """Of the turns of a dossier, all but those named: the one removal that a generated case has."""
        league, dossier, kept = params
        gone = [key for key in self.keyed[table] if key[:2] == (league, dossier) and key[2] not in kept]
        for key in gone:
            del self.keyed[table][key]

    def entry(self, entry: NewEntry) -> None:
        place = entry.league, entry.chain, entry.seq
        said = entry.key, entry.step, entry.actor, entry.late, entry.at, entry.recorded_at, entry.body, entry.hash
        self.plain["ledger_entry"].append((*place, *said))
        for side, payload, salt in (("open", entry.open_payload, entry.open_salt), ("closed", entry.closed_payload, entry.closed_salt)):
            if payload is not None:
                self.plain["ledger_payload"].append((*place, side, payload, salt))

    def document(self, doing: Doing, document: Mapping[str, Any]) -> None:
        keys = (name.removesuffix("_id") for name in COLUMNS["documents_document"].split()[4:-1])
        row = (doing.ref.league, uuid4(), doing.ref.code, doing.seq, *(document[key] for key in keys), doing.judged.at)
        self.plain["documents_document"].append(row)

    def of(self, table: str) -> Iterator[tuple[Any, ...]]:
        names = COLUMNS[table].split()
        yield from self.plain[table] if table not in KEYS else (tuple(map(row.get, names)) for row in self.keyed[table].values())


@dataclass
class Office:
    """One body at work: its people, what its registers say, and its series of numbers."""

    team: Team
    name: str
    region: str
    league: str
    stock: Specimens
    stamps: tuple[int, int]
    last: dict[tuple[str, int], int] = field(default_factory=lambda: defaultdict(int))
    registers: dict[tuple[str, ...], Mapping[str, Any]] = field(default_factory=dict)

    def register(self, by: Actor, officers: Sequence[str], at: datetime) -> Mapping[str, Any]:
        """Read by the very expression that `take` reads with; once for a pair, since nothing changes while the world is made."""
        key = tuple(officers)
        if key not in self.registers:
            self.registers[key] = register_of(by, ENFORCEMENT, {"officers": list(officers)}, at)
        return self.registers[key]

    @cached_property
    def pairs(self) -> list[Team]:
        people = self.team.officers
        step = [(people[n], people[n + 1]) for n in range(0, len(people) - 1, 2)]
        return [Team(self.team.organisation, self.team.items, pair, self.team.office) for pair in step]


class Loaded(Story):
    """A story of the demonstration, told into rows."""

    def __init__(self, chance: random.Random, office: Office, moment: datetime, today: date) -> None:
        super().__init__(chance, chance.choice(office.pairs), moment, today)
        self.office, self.rows = office, Rows()
        self.entries: list[Done] = []
        self.head: bytes | None = None
        self.token = new_token()
        self.attached: list[str] = []
        self.waiting: list[dict[str, Any]] = []

    def begin(self, facts: dict[str, Any], reasons: dict[str, str]) -> Ref | None:
        year = self.at.year
        sequence = self.office.last[f"案{SummaryPenalty.code}", year] + 1
        body = self.team.organisation
        ref = Ref(self.office.league, case_number(body[:6], body[6:], SummaryPenalty.code, year, sequence))
        opening = Opening(body, self.office.region, ENFORCEMENT.sector_of(facts))
        try:
            self._perform(ref, SummaryPenalty.first().name, self.lead, facts, reasons, opening)
        except Refused:
            return None
        self.office.last[f"案{SummaryPenalty.code}", year] = sequence
        return ref

    def act(self, step: str, by: Actor, facts: dict[str, Any], *, files: Sequence[UUID] = (), refused: bool = False) -> bool:
        if self.ref is None or self.at.date() >= self.today:
            return False
        self.at += timedelta(minutes=self.chance.randint(1, 3))
        try:
            self._perform(self.ref, step, by, facts, REASONS, None)
        except Refused:
            return refused
        return True

    def _perform(self, ref: Ref, name: str, by: Actor, facts: dict[str, Any], reasons: Mapping[str, str], opening: Opening | None) -> None:
        """One act between two exchanges that do not take place: the law on what is known here, and the rows it leads to."""
        step = SummaryPenalty.step(name)
        series = (step.gives.series, self.at.year) if step.gives and step.gives.series else None
        read = self._read(ref, by, facts, self.office.last[series] + 1 if series else None)
        files = tuple(UUID(piece["id"]) for piece in read.evidence)
        act = Act(name, by, uuid4(), facts, files, reasons=reasons)
        answers, _ = core.parse(step, facts, {}, date.max)
        personal = {each.key: answers[each.key] for each in step.asks if each.personal and each.key in answers}
        split = Split({key: value for key, value in answers.items() if key not in personal}, personal, None)
        judged = judge(SummaryPenalty, step, act, split, read, ENFORCEMENT)
        doing = Doing(ref, SummaryPenalty, ENFORCEMENT, step, act, split, read, judged, self.token, opening)
        written = write(self.rows, doing, self._documents(doing), new_proof()[1] if step.names else "")
        self.head = written.hash
        self.entries.append(Done(written.seq, name, judged.at, read.now, by.person))
        self.attached += [piece["title"] for piece in read.evidence]
        self.waiting = []
        if series:
            self.office.last[series] += 1

    def _read(self, ref: Ref, by: Actor, facts: Mapping[str, Any], number: int | None) -> Read:
        kept = self.rows.keyed["dossiers_dossier"].get((ref.league, ref.code))
        stored = kept["facts"].obj if kept else {}
        officers = stored.get("officers") or facts["officers"]
        dossier = {
            "organisation_id": self.team.organisation,
            "region_id": self.office.region,
            "facts": stored,
            "opened_at": kept["opened_at"].isoformat() if kept else None,
        }
        duties = {
            row["step"]: (row["n"], row["due_on"].isoformat())
            for row in self.rows.keyed["procedures_obligation"].values()
            if row.get("closed_seq") is None
        }
        roles = [row["role"] for row in self.rows.keyed["dossiers_caserole"].values() if str(row["person_id"]) == by.person]
        return Read(
            now=self.at,
            dossier=dossier,
            entries=tuple(self.entries),
            head=self.head,
            known=None,
            open_duties=duties,
            party=None,
            evidence=self.waiting,
            attached=self.attached,
            documents=(),
            roles=frozenset(roles),
            succeeds=False,
            register=self.office.register(by, officers, self.at),
            number=number,
            calendar_stamp=self.office.stamps[0],
            parameters_stamp=self.office.stamps[1],
        )

    def _documents(self, doing: Doing) -> list[dict[str, Any]]:
        return [self._document(doing, form) for form in doing.step.forms]

    def _document(self, doing: Doing, form: Form) -> dict[str, Any]:
        return {
            "form": form.key,
            "title": form.title,
            "series": form.series,
            "number": doing.judged.facts["number"] if form.series else "",
            "sequence": doing.read.number if form.series else None,
            "year": self.at.astimezone(BEIJING).year,
            "organisation": self.team.organisation,
            "audience": form.audience,
            "corrects": "",
            **self.office.stock.documents[form.key],
        }

    def _photo(self) -> UUID:
        piece, stock = uuid4(), self.office.stock.photo
        row = {**stock, "league": self.office.league, "id": piece, "facts": Jsonb({}), "taken_at": self.at, "uploaded_at": self.at}
        self.rows.insert("dossiers_evidence", {**row, "uploaded_by_id": UUID(self.lead.person)})
        self.waiting = [{**{key: stock[key] for key in ("sha256", "title", "kind", "size")}, "id": str(piece)}]
        return piece

    def _drawn(self) -> dict[str, Any]:
        return STROKE

    def _people(self, decided: datetime) -> None:
        """Nobody rates or complains here: that is not what is measured."""
