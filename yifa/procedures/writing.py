"""Exchange 2 of an act: everything it changes as one statement, sent together with COMMIT.

Between the exchanges the document is rendered and its file made durable, so that an entry never names a file that is not there; a file
without an entry is swept later.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from psycopg.types.json import Jsonb

from yifa.documents import numbers
from yifa.documents.rendering import render
from yifa.documents.rules import BadDocument
from yifa.dossiers import store
from yifa.dossiers.personal import identity_hash, new_proof, seal
from yifa.kernel.calendar.queries import calendar
from yifa.kernel.calendar.terms import due
from yifa.kernel.ledger import append
from yifa.kernel.ledger.bodies import Device
from yifa.procedures import core, registry
from yifa.procedures.context import Context, Paper
from yifa.procedures.core import BEIJING, Finding, Procedure, Refused, Step
from yifa.procedures.party import label
from yifa.procedures.reading import Read, Ref


@dataclass(frozen=True)
class Statement:
    """The one statement of an act, and what the caller tells about it."""

    statement: str
    params: Sequence[Any]
    seq: int
    hash: str
    step: str
    documents: tuple[Mapping[str, Any], ...]


@dataclass
class Members:
    """The members of a WITH clause with their parameters, in order."""

    parts: list[str] = field(default_factory=list)
    params: list[Any] = field(default_factory=list)

    def add(self, sql: str, *params: Any) -> None:
        self.parts.append(sql)
        self.params += params

    def one_statement(self) -> str:
        return f"WITH {', '.join(self.parts)} SELECT 1"


def number_text(step: Step, register: Mapping[str, Any], number: int, year: int) -> str:
    """机关代字 + 类 + 〔年〕 + 号: 包昆样当罚〔2026〕18号."""
    assert step.gives is not None
    return numbers.text(register["organisation"]["short_name"], step.gives.series, year, number)


def prepare(
    ref: Ref,
    procedure: type[Procedure],
    context: Context,
    step: Step,
    act: Any,
    split: Any,
    read: Read,
    judged: Any,
    *,
    token: str,
    opening: tuple[str, str] | None,
    sector: str,
) -> Statement:
    """Renders what the step gives, builds the entry and the statement that writes it all. Raises Refused on a document that cannot be made."""
    members = Members()
    seq = judged.before.seq + 1
    proof, proof_hash = new_proof() if step.names else ("", "")
    document = _document(ref, context, step, act, read, judged, token=token, proof=proof)
    files = [piece["sha256"] for piece in read.evidence] + ([document["sha256"]] if document else [])
    name = step.name if judged.undoes is None else f"{step.name}@{judged.undoes}"
    entry = append.build(
        league=ref.league,
        chain=ref.code,
        seq=seq,
        prev=read.head,
        key=act.key,
        procedure=procedure.key,
        version=procedure.version,
        step=name,
        actor=act.by,
        at=judged.at,
        clock=read.now,
        rules=registry.digest(procedure),
        late=judged.late,
        device=Device(**act.device) if act.device else None,
        cites=[cite.key for cite in step.articles],
        files=sorted(set(files)),
        open=_open_payload(step, act, split, read, judged, document),
        closed=_closed_payload(read, judged, act),
    )
    sql, params = append.cte(entry)
    members.add(sql, *params)
    _dossier(
        members,
        ref,
        procedure,
        step,
        act,
        split,
        read,
        judged,
        document,
        token=token,
        proof_hash=proof_hash,
        opening=opening,
        sector=sector,
    )
    _party_row(members, ref, judged, split)
    _evidence(members, ref, step, read, seq)
    _roles(members, ref, act, judged, read, opened=opening is not None)
    _duties(members, ref, procedure, step, read, judged, organisation=opening[0] if opening else read.dossier["organisation_id"])
    if document:
        members.add(*numbers.insert(ref.league, ref.code, seq, document, judged.at))
    if opening:
        members.add("opening AS (INSERT INTO procedures_opening (league, key, dossier) VALUES (%s, %s, %s))", ref.league, act.key, ref.code)
    shown = {key: document[key] for key in ("form", "title", "number", "sha256")} if document else None
    return Statement(members.one_statement(), members.params, seq, entry.hash.hex(), name, (shown,) if shown else ())


def _document(
    ref: Ref, context: Context, step: Step, act: Any, read: Read, judged: Any, *, token: str, proof: str
) -> dict[str, Any] | None:
    if step.gives is None:
        return None
    form = step.gives
    paper_number = act.late.paper_number if act.late and step.names else ""
    number = paper_number or (judged.facts["number"] if form.series else "")
    paper = Paper(
        form=form,
        step=step.name,
        case=judged.case,
        facts=judged.facts,
        personal=judged.personal,
        register=read.register,
        number=number,
        case_number=ref.code,
        at=judged.at,
        public_url=f"{settings.PUBLIC_URL}/c/{token}",
        proof=proof,
        evidence=[*read.attached, *(piece["title"] for piece in read.evidence)],
        earlier=[(each["title"], each["number"] or "") for each in read.documents],
        reckon=lambda term, start: due(term, start, calendar()).due,
    )
    folder = Path(__import__(context.package, fromlist=["_"]).__path__[0]) / "forms"
    try:
        rendered = render(form, context.papers(paper), folder=folder, region=read.register["organisation"]["region"], number=number)
    except BadDocument as problem:
        raise Refused([Finding("文书", str(problem), step.articles)]) from problem
    stored = store.put(rendered.pdf)
    return {
        "form": form.key,
        "title": form.title,
        "series": form.series,
        "number": number,
        "sequence": None if paper_number else read.number if form.series else None,
        "year": judged.at.astimezone(BEIJING).year,
        "organisation": read.register["organisation"]["code"],
        "sha256": stored.sha256,
        "size": stored.size,
        "unsigned_sha256": rendered.unsigned_sha256,
        "pages": rendered.pages,
        "audience": form.audience,
    }


def _open_payload(step: Step, act: Any, split: Any, read: Read, judged: Any, document: Mapping[str, Any] | None) -> dict[str, Any]:
    """正卷: what the party may read of the act."""
    payload: dict[str, Any] = {
        "title": step.title,
        "actor": {"name": act.by.name, "organisation": act.by.organisation_name, "certificate": act.by.certificate or ""},
        "facts": judged.stated,
        "personal": dict(split.personal),
    }
    if read.evidence:
        payload["evidence"] = [{key: piece[key] for key in ("title", "kind", "sha256", "size")} for piece in read.evidence]
    if document:
        payload["document"] = dict(document)
    if act.late:
        payload["late"] = {"reason": act.late.reason, "paper_number": act.late.paper_number}
    return payload


def _closed_payload(read: Read, judged: Any, act: Any) -> dict[str, Any]:
    """副卷: what the rules saw, so that a replay judges what was judged, and the reasons given."""
    return {
        "seen": {"facts": judged.facts, "register": read.register},
        "reasons": dict(judged.reasons),
        "duties": _moved_duties(read, judged),
    }


def _moved_duties(read: Read, judged: Any) -> dict[str, Any]:
    """The deadlines this act opens and closes, so that figures need nothing but the entry. `met` is null when nothing met it."""
    wanted = {duty.step.name: duty for duty in judged.duties}
    opened = [
        {"step": name, "start": duty.start.isoformat(), "due": duty.due.due.isoformat()}
        for name, duty in sorted(wanted.items())
        if name not in read.open_duties
    ]
    closed = []
    for name, (_, due_on) in sorted(read.open_duties.items()):
        if name in wanted and not judged.after.of(name):
            continue
        done = judged.after.latest(name)
        met = done.judged_on.isoformat() if done and done.seq == judged.after.seq else None
        closed.append({"step": name, "due": due_on, "met": met})
    return {"opened": opened, "closed": closed}


def _dossier(
    members: Members,
    ref: Ref,
    procedure: type[Procedure],
    step: Step,
    act: Any,
    split: Any,
    read: Read,
    judged: Any,
    document: Mapping[str, Any] | None,
    *,
    token: str,
    proof_hash: str,
    opening: tuple[str, str] | None,
    sector: str,
) -> None:
    last = next((one for one in reversed(judged.after.acts) if procedure.steps[one.step].status), None)
    status = judged.after.ended_by or (last.step if last else step.name)
    state = Jsonb(judged.after.summary())
    closed_at = judged.at if judged.after.ended_by else None
    party = split.personal.get("party")
    party_label = label(party, judged.facts.get("party_kind", "")) if party else None
    if opening:
        members.add(
            "dossier AS (INSERT INTO dossiers_dossier (league, code, procedure, version, organisation_id, region_id, sector, number, title, party_label,"
            " status, state, facts, seq, opened_at, updated_at, closed_at, token, proof_hash, drill)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, NULL, %s, '', %s, %s, %s, 1, %s, %s, %s, %s, '', %s))",
            *(
                ref.league,
                ref.code,
                procedure.key,
                procedure.version,
                *opening,
                sector,
                judged.title,
                status,
                state,
                Jsonb(dict(judged.facts)),
            ),
            *(judged.at, read.now, closed_at, token, settings.LOG_ORIGIN.startswith("drill.")),
        )
        return
    number = document["number"] if document and step.names else None
    members.add(
        "dossier AS (UPDATE dossiers_dossier SET status = %s, state = %s, facts = %s, seq = %s, updated_at = %s, closed_at = %s,"
        " title = %s, number = coalesce(%s, number), party_label = coalesce(%s, party_label), proof_hash = coalesce(%s, proof_hash)"
        " WHERE league = %s AND code = %s)",
        *(status, state, Jsonb(dict(judged.facts)), judged.after.seq, read.now, closed_at, judged.title),
        *(number, party_label, proof_hash or None, ref.league, ref.code),
    )


def _party_row(members: Members, ref: Ref, judged: Any, split: Any) -> None:
    party = split.personal.get("party")
    if not party:
        return
    number = party.get("identity_number", "")
    members.add(
        "party AS (INSERT INTO dossiers_party (league, dossier, n, kind, name, identity_kind, identity_sealed, identity_hash, phone_sealed, address,"
        " representative) VALUES (%s, %s, 1, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (league, dossier, n) DO UPDATE SET kind = excluded.kind,"
        " name = excluded.name, identity_kind = excluded.identity_kind, identity_sealed = excluded.identity_sealed,"
        " identity_hash = excluded.identity_hash, phone_sealed = excluded.phone_sealed, address = excluded.address,"
        " representative = excluded.representative)",
        *(ref.league, ref.code, judged.facts.get("party_kind", ""), party.get("name", ""), party.get("identity_kind", ""), seal(number)),
        *(identity_hash(number), seal(party.get("phone", "")), party.get("address", ""), party.get("representative", "")),
    )


def _evidence(members: Members, ref: Ref, step: Step, read: Read, seq: int) -> None:
    if read.evidence:
        members.add(
            "evidence AS (UPDATE dossiers_evidence SET dossier = %s, step = %s, seq = %s WHERE league = %s AND id = ANY(%s) AND seq IS NULL)",
            *(ref.code, step.name, seq, ref.league, [UUID(piece["id"]) for piece in read.evidence]),
        )


def _roles(members: Members, ref: Ref, act: Any, judged: Any, read: Read, *, opened: bool) -> None:
    """Whoever acts on a case, and whoever it is handed to, may read it from then on."""
    given: set[tuple[str, str]] = set()
    if opened:
        given |= {(person, "officer") for person in (*(judged.facts.get("officers") or ()), act.by.person)}
    elif not read.roles:
        given.add((act.by.person, "participant"))
    if act.step in (core.HAND_OVER, core.CONSULT):
        given |= {(person, "officer" if act.step == core.HAND_OVER else "consulted") for person in judged.stated["to"]}
    if not given:
        return
    rows = sorted(given)
    values = ", ".join(["(%s, %s, %s::uuid, %s, %s::timestamptz)"] * len(rows))
    opened_at = judged.at if opened else datetime.fromisoformat(read.dossier["opened_at"])
    params = [part for person, role in rows for part in (ref.league, ref.code, person, role, opened_at)]
    members.add(
        f"roles AS (INSERT INTO dossiers_caserole (league, dossier, person_id, role, opened_at) VALUES {values} ON CONFLICT DO NOTHING)",  # noqa: S608
        *params,
    )


def _duties(members: Members, ref: Ref, procedure: type[Procedure], step: Step, read: Read, judged: Any, *, organisation: str) -> None:
    """Deadlines are opened and closed to agree with the fold: nothing else decides what is due."""
    wanted = {duty.step.name: duty for duty in judged.duties}
    open_now = {name: n for name, (n, _) in read.open_duties.items()}
    for name, n in sorted(open_now.items()):
        if name in wanted and not judged.after.of(name):
            continue
        done = judged.after.latest(name)
        met = done.judged_on if done and done.seq == judged.after.seq else None
        members.add(
            f"close_{len(members.parts)} AS (UPDATE procedures_obligation SET closed_seq = %s, met_on = %s"
            " WHERE league = %s AND dossier = %s AND step = %s AND n = %s)",
            *(judged.after.seq, met, ref.league, ref.code, name, n),
        )
    for name, duty in sorted(wanted.items()):
        if name not in open_now:
            members.add(
                f"open_{len(members.parts)} AS (INSERT INTO procedures_obligation (league, dossier, step, n, procedure, organisation_id, region_id,"
                " title, roles, publishes, start_on, due_on, provisional, derivation, opened_seq)"
                " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s))",
                *(ref.league, ref.code, name, judged.after.seq, procedure.key, organisation, read.dossier["region_id"], duty.step.title),
                *(Jsonb(list(duty.step.by.roles)), duty.step.publishes, duty.start, duty.due.due, duty.due.provisional),
                *(Jsonb(list(duty.due.derivation)), judged.after.seq),
            )


@dataclass
class Numbering:
    """The numbers an act asked for in exchange 1; their rows are read when the pipeline has ended."""

    asked: dict[str, Any]

    def taken(self, name: str) -> int | None:
        """The number of the document, or of a new case; None when none was asked for."""
        cursor = self.asked.get(name)
        return None if cursor is None else int(cursor.fetchone()[0])


def allot(conn: Any, procedure: type[Procedure], step: Step, act: Any, *, organisation: str, opening: bool, year: int) -> Numbering:
    """Asks for the numbers an act needs. They are the act's own: if it is refused, the rollback gives them back."""
    asked: dict[str, Any] = {}
    if opening:
        asked["case"] = conn.execute(numbers.ALLOT, [act.by.league, organisation, f"案{procedure.code}", year])
    if step.gives and step.gives.series and not (act.late and act.late.paper_number and step.names):
        asked["document"] = conn.execute(numbers.ALLOT, [act.by.league, organisation, step.gives.series, year])
    return Numbering(asked)
