"""Exchange 2 of an act: everything it changes as one statement, sent together with COMMIT."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from django.conf import settings
from psycopg.types.json import Jsonb

from yifa.documents import numbers
from yifa.dossiers.personal import identity_hash, new_proof, seal
from yifa.kernel.ledger import append
from yifa.kernel.ledger.bodies import Device
from yifa.procedures import core, registry
from yifa.procedures.acts import Doing
from yifa.procedures.core import Duty, Step
from yifa.procedures.exchange import Statement, numbered
from yifa.procedures.paperwork import produce
from yifa.procedures.party import label
from yifa.procedures.reading import Ref

LONGEST_TITLE = 400  # of a dossier in lists; what was stated stands whole in its facts


@dataclass(frozen=True)
class Written:
    """The one statement of an act, and what the caller tells about it."""

    statement: Statement
    hash: str
    step: str
    documents: tuple[Mapping[str, Any], ...]


@dataclass
class Members:
    """The members of a WITH clause with their parameters, in order. Names of tables and columns are this file's own constants."""

    parts: list[str] = field(default_factory=list)
    params: list[Any] = field(default_factory=list)

    def add(self, sql: str, *params: Any) -> None:
        self.parts.append(sql)
        self.params += params

    def insert(self, table: str, row: Mapping[str, Any], then: str = "") -> None:
        columns, values = ", ".join(row), ", ".join(["%s"] * len(row))
        self.add(f"w{len(self.parts)} AS (INSERT INTO {table} ({columns}) VALUES ({values}) {then})", *row.values())  # noqa: S608 - constants

    def update(self, table: str, row: Mapping[str, Any], where: str, *params: Any) -> None:
        columns = ", ".join(f"{column} = %s" for column in row)
        self.add(f"w{len(self.parts)} AS (UPDATE {table} SET {columns} WHERE {where})", *row.values(), *params)  # noqa: S608 - constants

    def remove(self, table: str, where: str, *params: Any) -> None:
        self.add(f"w{len(self.parts)} AS (DELETE FROM {table} WHERE {where})", *params)  # noqa: S608 - constants

    def entry(self, entry: append.NewEntry) -> None:
        sql, params = append.cte(entry)
        self.add(sql, *params)

    def document(self, doing: Doing, document: Mapping[str, Any]) -> None:
        # Documents of one act stand a microsecond apart, so that lists keep them in the order in which the step names them.
        at = doing.judged.at + timedelta(microseconds=[form.key for form in doing.step.forms].index(document["form"]))
        sql, *params = numbers.insert(doing.ref.league, doing.ref.code, doing.seq, document, at)
        self.add(f"w{len(self.parts)} AS ({sql})", *params)

    def one_statement(self) -> Statement:
        return numbered(f"WITH {', '.join(self.parts)} SELECT 1"), self.params


def written(doing: Doing) -> Written:
    """What the step gives, its entry, and the statement that writes it all. Raises Refused on a document that cannot be made."""
    proof, proof_hash = new_proof() if doing.step.names else ("", "")
    documents = produce(doing, proof=proof)
    members = Members()
    entry = write(members, doing, documents, proof_hash)
    shown = tuple({key: document[key] for key in ("form", "title", "number", "sha256")} for document in documents)
    return Written(members.one_statement(), entry.hash.hex(), entry.step, shown)


def write(members: Members, doing: Doing, documents: Sequence[Mapping[str, Any]], proof_hash: str) -> append.NewEntry:
    """All that an act changes, row by row: into the members of its statement, or (the load world) into whatever collects rows."""
    entry = _entry(doing, documents)
    members.entry(entry)
    if doing.opening:
        _open(members, doing)
    else:
        _advance(members, doing, documents, proof_hash)
    _party(members, doing)
    _evidence(members, doing)
    _roles(members, doing)
    _parts(members, doing)
    _turns(members, doing)
    _duties(members, doing)
    for table, row, then in doing.context.writes(doing):
        members.insert(table, row, then)
    for table, row, where, params in doing.context.updates(doing):
        members.update(table, row, where, *params)
    for table, where, params in doing.context.removes(doing):
        members.remove(table, where, *params)
    for document in documents:
        members.document(doing, document)
    return entry


def _entry(doing: Doing, documents: Sequence[Mapping[str, Any]]) -> append.NewEntry:
    act, judged, read = doing.act, doing.judged, doing.read
    files = {piece["sha256"] for piece in (*read.evidence, *documents)}
    return append.build(
        league=doing.ref.league,
        chain=doing.ref.code,
        seq=doing.seq,
        prev=read.head,
        key=act.key,
        procedure=doing.procedure.key,
        version=doing.procedure.version,
        step=doing.step.name if judged.undoes is None else f"{doing.step.name}@{judged.undoes}",
        actor=act.by,
        at=judged.at,
        clock=read.now,
        rules=registry.digest(doing.procedure),
        late=judged.late,
        device=Device(**act.device) if act.device else None,
        cites=_cites(doing),
        files=sorted(files),
        open=_open_payload(doing, documents),
        closed=_closed_payload(doing),
    )


def _cites(doing: Doing) -> list[str]:
    """The articles of the step; an act that gives a document also cites what it rests on in substance (the 执法事由's articles)."""
    relied = doing.context.relies(doing.judged.facts) if doing.step.gives else ()
    return list(dict.fromkeys(each.key for each in (*doing.step.articles, *relied)))


def _open_payload(doing: Doing, documents: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """正卷: what the party may read of the act. `also` are the documents given beside the first."""
    by, late = doing.act.by, doing.act.late
    payload: dict[str, Any] = {
        "title": doing.step.title,
        "actor": {"name": by.name, "organisation": by.organisation_name, "certificate": by.certificate or ""},
        "facts": doing.judged.stated,
        "personal": dict(doing.split.personal),
    }
    if doing.read.evidence:
        payload["evidence"] = [{key: piece[key] for key in ("title", "kind", "sha256", "size")} for piece in doing.read.evidence]
    if documents:
        payload["document"] = dict(documents[0])
    if documents[1:]:
        payload["also"] = [dict(document) for document in documents[1:]]
    if late:
        payload["late"] = {"reason": late.reason, "paper_number": late.paper_number}
    return payload


def _closed_payload(doing: Doing) -> dict[str, Any]:
    """副卷: what the rules saw, so that a replay judges what was judged; the reasons given; the deadlines opened and closed.

    Besides what measures the act where no clock runs from it (`Context.measures`).
    """
    opened = [{"step": duty.step.name, "start": duty.start.isoformat(), "due": duty.due.due.isoformat()} for duty in _opened(doing)]
    closed = [{"step": name, "due": due_on, "met": met.isoformat() if met else None} for name, _, due_on, met in _closed(doing)]
    payload: dict[str, Any] = {
        "seen": {"facts": doing.judged.facts, "register": doing.read.register},
        "reasons": dict(doing.judged.reasons),
        "duties": {"opened": opened, "closed": closed},
    }
    if doing.judged.undoes is not None:
        # What stood before the acts were taken back: what they counted for is counted back by it.
        payload["undone"] = {"facts": doing.read.dossier["facts"]}
    if doing.judged.measures:
        payload["measures"] = dict(doing.judged.measures)
    return payload


def _opened(doing: Doing) -> list[Duty]:
    """The deadlines that begin to run with this act, and those it moves."""
    running, moved = doing.read.open_duties, _moved(doing)
    found = (duty for duty in doing.judged.duties if duty.step.name not in running or duty.step.name in moved)
    return sorted(found, key=lambda duty: duty.step.name)


def _moved(doing: Doing) -> frozenset[str]:
    """The deadlines that this act lengthens: the old one falls away and the new one is opened. (What a calendar moves, it moves itself.)"""
    last = {duty.step.name: duty.due.due.isoformat() for duty in doing.judged.duties if duty.step.longer in doing.judged.stated}
    return frozenset(name for name, (_, due_on) in doing.read.open_duties.items() if last.get(name, due_on) != due_on)


def _closed(doing: Doing) -> Iterator[tuple[str, int, str, date | None]]:
    """The deadlines that stop with this act: (step, n, due day, the day that met it; None when it only fell away)."""
    running = {duty.step.name for duty in doing.judged.duties} - _moved(doing)
    after = doing.judged.after
    for name, (n, due_on) in sorted(doing.read.open_duties.items()):
        done = after.latest(name)
        if name not in running:
            yield name, n, due_on, done.judged_on if done and done.seq == after.seq else None


def _json(value: Any) -> Jsonb:
    return Jsonb(value, orjson.dumps)


def _standing(doing: Doing) -> dict[str, Any]:
    """The columns of a dossier that follow from its fold."""
    after, steps = doing.judged.after, doing.procedure.steps
    last = next((act.step for act in reversed(after.acts) if steps[act.step].status), doing.step.name)
    return {
        "status": after.ended_by or last,
        "state": _json(after.summary()),
        "facts": _json(dict(doing.judged.facts)),
        "seq": after.seq,
        "updated_at": doing.read.now,
        "closed_at": doing.judged.at if after.ended_by else None,
        "title": doing.judged.title[:LONGEST_TITLE],
    }


def _open(members: Members, doing: Doing) -> None:
    ref, opening = doing.ref, doing.opening
    row = {
        "league": ref.league,
        "code": ref.code,
        "procedure": doing.procedure.key,
        "version": doing.procedure.version,
        "organisation_id": doing.organisation,
        "region_id": doing.region,
        "sector": opening.sector if opening else "",
        "party_label": "",
        "opened_at": doing.judged.at,
        "token": doing.token,
        "proof_hash": "",
        "drill": settings.LOG_ORIGIN.startswith("drill."),
    }
    members.insert("dossiers_dossier", row | _standing(doing))
    members.insert("procedures_opening", {"league": ref.league, "key": doing.act.key, "dossier": ref.code})


def _advance(members: Members, doing: Doing, documents: Sequence[Mapping[str, Any]], proof_hash: str) -> None:
    row = _standing(doing)
    if documents and doing.step.names:
        row |= {"number": documents[0]["number"], "proof_hash": proof_hash}
    if party := doing.split.personal.get("party"):
        row["party_label"] = label(party, doing.judged.facts.get("party_kind", ""))
    members.update("dossiers_dossier", row, "league = %s AND code = %s", doing.ref.league, doing.ref.code)


def _party(members: Members, doing: Doing) -> None:
    party = doing.split.personal.get("party")
    if not party:
        return
    number = party.get("identity_number", "")
    row = {
        "league": doing.ref.league,
        "dossier": doing.ref.code,
        "n": 1,
        "kind": doing.judged.facts.get("party_kind", ""),
        "name": party.get("name", ""),
        "identity_kind": party.get("identity_kind", ""),
        "identity_sealed": seal(number),
        "identity_hash": identity_hash(number),
        "phone_sealed": seal(party.get("phone", "")),
        "address": party.get("address", ""),
        "representative": party.get("representative", ""),
    }
    again = ", ".join(f"{column} = excluded.{column}" for column in list(row)[3:])
    members.insert("dossiers_party", row, f"ON CONFLICT (league, dossier, n) DO UPDATE SET {again}")


def _evidence(members: Members, doing: Doing) -> None:
    if doing.read.evidence:
        row = {"dossier": doing.ref.code, "step": doing.step.name, "seq": doing.seq}
        pieces = [UUID(piece["id"]) for piece in doing.read.evidence]
        members.update("dossiers_evidence", row, "league = %s AND id = ANY(%s) AND seq IS NULL", doing.ref.league, pieces)


def _roles(members: Members, doing: Doing) -> None:
    """Whoever acts on a case, and whoever it is handed to, may read it from then on."""
    act, judged = doing.act, doing.judged
    given: set[tuple[str, str]] = set()
    if doing.opening:
        given |= {(person, "officer") for person in (*(judged.facts.get("officers") or ()), act.by.person)}
    elif not doing.read.roles:
        given.add((act.by.person, "participant"))
    if act.step == core.HAND_OVER:
        hold(members, doing.ref, judged.stated["to"])
    if act.step in (core.HAND_OVER, core.CONSULT):
        given |= {(person, "officer" if act.step == core.HAND_OVER else "consulted") for person in judged.stated["to"]}
    opened_at = _opened_at(doing)
    for person, role in sorted(given):
        row = {"league": doing.ref.league, "dossier": doing.ref.code, "person_id": UUID(person), "role": role, "opened_at": opened_at}
        members.insert("dossiers_caserole", row, "ON CONFLICT DO NOTHING")


def _parts(members: Members, doing: Doing) -> None:
    """A body whose turn it is in another body's case may read the case from then on."""
    offices = doing.read.register.get("offices") or {}
    turn = {step.by.office for step in doing.judged.opened if step.by.office and not step.optional}
    for office in sorted(turn):
        body = offices.get(office)
        if body and body["code"] != doing.organisation:
            row = {"league": doing.ref.league, "dossier": doing.ref.code, "organisation_id": body["code"], "office": office}
            members.insert("dossiers_part", row | {"opened_at": _opened_at(doing)}, "ON CONFLICT DO NOTHING")


def hold(members: Members, ref: Ref, persons: Iterable[str]) -> None:
    """The case is with these persons from now on, and with nobody it was handed over to before."""
    table, takers = "procedures_holder", [UUID(person) for person in persons]
    members.remove(table, "league = %s AND dossier = %s AND person_id <> ALL(%s)", ref.league, ref.code, takers)
    for person in takers:
        members.insert(table, {"league": ref.league, "dossier": ref.code, "person_id": person}, "ON CONFLICT DO NOTHING")


def _turns(members: Members, doing: Doing) -> None:
    """What waits for somebody else without a clock. An office that nobody fills has no desk; the step itself says so."""
    offices = doing.read.register.get("offices") or {}
    waiting = [step for step in doing.judged.turns if not step.by.office or offices.get(step.by.office)]
    wait(members, doing.ref, [(step, _owing(doing, step), doing.read.now) for step in waiting], opening=doing.opening is not None)


def wait(members: Members, ref: Ref, waiting: Sequence[tuple[Step, str, datetime]], *, opening: bool = False) -> None:
    """These steps wait from now on, each at a body and since a moment, and no others; what waited already keeps its moment."""
    table = "procedures_turn"
    if not opening:
        names = [step.name for step, _, _ in waiting]
        members.remove(table, "league = %s AND dossier = %s AND step <> ALL(%s)", ref.league, ref.code, names)
    for step, body, since in waiting:
        row = {
            "league": ref.league,
            "dossier": ref.code,
            "step": step.name,
            "organisation_id": body,
            "office": step.by.office,
            "roles": _json(list(step.by.roles)),
            "since": since,
        }
        again = "ON CONFLICT (league, dossier, step) DO UPDATE SET organisation_id = excluded.organisation_id"
        members.insert(table, row, f"{again} WHERE {table}.organisation_id <> excluded.organisation_id")


def _opened_at(doing: Doing) -> datetime:
    return doing.judged.at if doing.opening else datetime.fromisoformat(doing.read.dossier["opened_at"])


def _duties(members: Members, doing: Doing) -> None:
    """Deadlines are opened and closed to agree with the fold: nothing else decides what is due."""
    ref, table = doing.ref, "procedures_obligation"
    for name, n, _, met in _closed(doing):
        where = "league = %s AND dossier = %s AND step = %s AND n = %s"
        members.update(table, {"closed_seq": doing.seq, "met_on": met}, where, ref.league, ref.code, name, n)
    for duty in _opened(doing):
        row = {
            "league": ref.league,
            "dossier": ref.code,
            "step": duty.step.name,
            "n": doing.seq,
            "procedure": doing.procedure.key,
            "organisation_id": _owing(doing, duty.step),
            "region_id": doing.region,
            "title": duty.step.title,
            "roles": _json(list(duty.step.by.roles)),
            "publishes": duty.step.publishes,
            "start_on": duty.start,
            "due_on": duty.due.due,
            "provisional": duty.due.provisional,
            "derivation": _json(list(duty.due.derivation)),
            "opened_seq": doing.seq,
        }
        members.insert(table, row)


def _owing(doing: Doing, step: Step) -> str:
    """The body that owes a step: the office named, or else the dossier's own."""
    body = (doing.read.register.get("offices") or {}).get(step.by.office)
    return str(body["code"]) if body else doing.organisation
