"""Exchange 1 of an act: lock the dossier, then read as a second statement all that the rules may ask.

One `SELECT … FOR NO KEY UPDATE` that waits returns the new dossier row but old entries, since its snapshot is older than its wait;
hence the second statement with a snapshot of its own. Both go to the server in one packet with BEGIN and, where the step gives a
numbered document, the allotment of its number.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

import orjson
from django.db import connection
from psycopg.types.json import Jsonb

from yifa.documents.numbers import Printed
from yifa.kernel.calendar.queries import STAMP as CALENDAR
from yifa.kernel.parameters.queries import STAMP as PARAMETERS
from yifa.kernel.people.actors import Actor
from yifa.procedures.context import Piece, Told
from yifa.procedures.core import Done, Finding, Refused
from yifa.procedures.exchange import Statement

LOCK = "SELECT 1 FROM dossiers_dossier WHERE league = $1 AND code = $2 FOR NO KEY UPDATE"


@dataclass(frozen=True)
class Ref:
    """A dossier by its key. The league is the 盟市 of the region that its code begins with."""

    league: str
    code: str

    @classmethod
    def of(cls, code: str) -> Ref:
        return cls(f"{code[:4]}00", code)


@dataclass(frozen=True)
class Read:
    """What exchange 1 brought back. `holds`: the case was handed over to whoever acts."""

    now: datetime
    dossier: Mapping[str, Any]
    entries: tuple[Done, ...]
    head: bytes | None
    known: Mapping[str, Any] | None
    open_duties: Mapping[str, Sequence[Any]]
    party: Mapping[str, Any] | None
    evidence: Sequence[Mapping[str, Any]]
    attached: Sequence[str]
    documents: Sequence[Mapping[str, Any]]
    roles: frozenset[str]
    succeeds: bool
    register: Mapping[str, Any]
    number: int | None
    calendar_stamp: int
    parameters_stamp: int
    printed: Printed | None = None
    course: tuple[Told, ...] = ()
    pieces: tuple[Piece, ...] = ()
    facts_at: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    holds: bool = False


def columns(ref: Ref) -> Mapping[str, str]:
    """What of a dossier never changes: its procedure, version, region, sector and body. Raises Refused when there is no such dossier."""
    names = ("procedure", "version", "region_id", "sector", "organisation_id")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(names)} FROM dossiers_dossier WHERE league = %s AND code = %s", [ref.league, ref.code])  # noqa: S608
        row = cursor.fetchone()
    if row is None:
        raise Refused([Finding("案件", f"没有编号为“{ref.code}”的案件，请核对案件编号")])
    return dict(zip(names, row, strict=True))


_FIND = """
  SELECT league, code, procedure, version, sector, organisation_id, region_id, facts, token, opened_at
  FROM dossiers_dossier WHERE league = %(league)s AND code = %(code)s
"""
_OPEN = """
  SELECT %(league)s::text AS league, %(code)s::text AS code, %(organisation)s::text AS organisation_id, %(region)s::text AS region_id,
    '{}'::jsonb AS facts
"""
# Parts that only some acts ask for: `evidence` those that bring files, `party` and `documents` those that give a paper (nobody's number is
# unsealed without need).
_EVIDENCE = """
  'evidence', (SELECT json_agg(json_build_object('id', v.id, 'sha256', v.sha256, 'title', v.title, 'kind', v.kind, 'size', v.size)
      ORDER BY v.id) FROM dossiers_evidence v
    WHERE v.league = d.league AND v.id = ANY(%(files)s) AND v.seq IS NULL AND v.uploaded_by_id = %(person)s),
"""
_PAPER = """
  'party', (SELECT to_json(p) FROM dossiers_party p WHERE p.league = d.league AND p.dossier = d.code ORDER BY p.n LIMIT 1),
  'documents', (SELECT json_agg(json_build_object('form', x.form, 'title', x.title, 'number', x.number) ORDER BY x.seq)
    FROM documents_document x WHERE x.league = d.league AND x.dossier = d.code),
"""
# The facts as they stood after each act: whoever takes acts back goes back to them.
_FACTS_AT = """
  'facts_at', (SELECT json_object_agg(p.seq, p.payload::jsonb #> '{seen,facts}') FROM ledger_payload p
    WHERE p.league = d.league AND p.chain = d.code AND p.side = 'closed' AND p.payload IS NOT NULL),
"""
# Every act with its actor: for a document that tells the course. What was cleared by law keeps the persons, by the entry's own body.
COURSE = """
  SELECT json_agg(json_build_array(e.seq, e.step, e.at, e.late, coalesce(p.payload::jsonb #>> '{actor,name}', n.name, ''),
      coalesce(p.payload::jsonb #>> '{actor,organisation}', b.name, ''), p.payload::jsonb -> 'facts') ORDER BY e.seq)
  FROM ledger_entry e
    LEFT JOIN ledger_payload p ON p.league = e.league AND p.chain = e.chain AND p.seq = e.seq AND p.side = 'open'
    LEFT JOIN people_person n ON n.id = CASE WHEN e.actor ~ '^[0-9a-f-]{36}$' THEN e.actor::uuid END
    LEFT JOIN people_organisation b ON b.code = convert_from(e.body, 'UTF8')::jsonb ->> 'organisation'
"""
_COURSE = f"""
  'course', ({COURSE} WHERE e.league = d.league AND e.chain = d.code),
"""
# What lies in the file, in the order of the record; `d` is the dossier.
PIECES = """
  SELECT json_agg(json_build_array(f.title, f.number, f.form, split_part(e.step, '@', 1), e.seq, f.at, f.pages, f.sha256, f.mime,
      CASE WHEN e.late THEN e.recorded_at END) ORDER BY e.seq, f.form = '', f.at, f.id)
  FROM (SELECT x.id, x.title, x.number, x.form, x.seq, x.created_at AS at, x.pages::int AS pages, x.sha256, 'application/pdf' AS mime
      FROM documents_document x WHERE x.league = d.league AND x.dossier = d.code
    UNION ALL SELECT v.id, v.title, '', '', v.seq, coalesce(v.taken_at, v.uploaded_at), (v.facts ->> 'pages')::int, v.sha256, v.mime
      FROM dossiers_evidence v WHERE v.league = d.league AND v.dossier = d.code AND v.seq IS NOT NULL) f
    JOIN ledger_entry e ON e.league = d.league AND e.chain = d.code AND e.seq = f.seq
"""
_PIECES = f"""
  'pieces', ({PIECES}),
"""
_READ = """
WITH d AS ({dossier}),
m AS (SELECT d.league, d.code, d.organisation_id, d.region_id, d.facts || %(facts)s AS facts,
        coalesce(%(at)s::timestamptz, clock_timestamp()) AS at, %(identity)s::text AS identity FROM d)
SELECT json_build_object(
  'now', coalesce(%(clock)s::timestamptz, clock_timestamp()), 'dossier', to_json(d),
  'entries', (SELECT json_agg(json_build_array(e.seq, e.step, e.at, e.recorded_at, e.actor, e.late, encode(e.hash, 'hex'), e.key)
      ORDER BY e.seq) FROM ledger_entry e WHERE e.league = d.league AND e.chain = d.code),
  'duties', (SELECT json_object_agg(o.step, json_build_array(o.n, o.due_on))
    FROM procedures_obligation o WHERE o.league = d.league AND o.dossier = d.code AND o.closed_seq IS NULL),
  'attached', (SELECT json_agg(v.title ORDER BY v.seq, v.id) FROM dossiers_evidence v
    WHERE v.league = d.league AND v.dossier = d.code AND v.seq IS NOT NULL),
  'roles', (SELECT json_agg(r.role) FROM dossiers_caserole r
    WHERE r.league = d.league AND r.dossier = d.code AND r.person_id = %(person)s),
  'holds', EXISTS (SELECT 1 FROM procedures_holder h WHERE h.league = d.league AND h.dossier = d.code AND h.person_id = %(person)s),
  'succeeds', EXISTS (SELECT 1 FROM people_succession s WHERE s.predecessor_id = d.organisation_id AND s.successor_id = %(acting_for)s
    AND s.carries_dossiers AND s.on <= current_date), {evidence} {paper} {course} {pieces} {facts_at}
  'calendar_stamp', {calendar}, 'parameters_stamp', {parameters}, 'register', {register})
FROM d
"""


def question(
    *,
    ref: Ref,
    opening: tuple[str, str] | None,
    by: Actor,
    at: datetime | None,
    clock: datetime | None,
    facts: Mapping[str, Any],
    identity: str | None,
    files: Sequence[UUID],
    paper: bool,
    course: bool,
    pieces: bool,
    undoing: bool,
    register: str,
) -> Statement:
    """The second statement: it answers with one JSON value, or with no row where there is no such dossier.

    `opening` = (organisation, region) of a dossier that is not there yet; `paper`: the step gives a document; `course`: one that tells
    of every act; `pieces`: one that tells what lies in the file; `undoing`: acts are taken back, and what they stated with them.
    """
    values = {
        "league": ref.league,
        "code": ref.code,
        "organisation": opening[0] if opening else None,
        "region": opening[1] if opening else None,
        "facts": Jsonb(dict(facts), orjson.dumps),
        "at": at,
        "clock": clock,
        "identity": identity,
        "files": list(files),
        "person": UUID(by.person),
        "acting_for": by.organisation,
    }
    text, names = _question(opening is not None, bool(files), paper, course, pieces, undoing, register)
    return text, [values[name] for name in names]


@cache
def _question(
    opening: bool, files: bool, paper: bool, course: bool, pieces: bool, undoing: bool, register: str
) -> tuple[str, tuple[str, ...]]:
    """The text with its parameters numbered, and their names in that order."""
    text = _READ.replace("{dossier}", _OPEN if opening else _FIND).replace("{evidence}", _EVIDENCE if files else "")
    text = (
        text.replace("{paper}", _PAPER if paper else "")
        .replace("{course}", _COURSE if course else "")
        .replace("{pieces}", _PIECES if pieces else "")
        .replace("{facts_at}", _FACTS_AT if undoing else "")
        .replace("{calendar}", CALENDAR)
        .replace("{parameters}", PARAMETERS)
    )
    text = text.replace("{register}", register)
    names = tuple(dict.fromkeys(re.findall(r"%\((\w+)\)s", text)))
    for number, name in enumerate(names, 1):
        text = text.replace(f"%({name})s", f"${number}")
    return text, names


def understood(answer: str, key: UUID, number: int | None, printed: Printed | None = None) -> Read:
    """The value of the second statement; `known` is the entry that was made under this very key before."""
    row = orjson.loads(answer)
    rows = row["entries"] or ()
    entries = tuple(
        Done(seq, step.partition("@")[0], datetime.fromisoformat(at), datetime.fromisoformat(recorded_at), actor, late, undoes(step))
        for seq, step, at, recorded_at, actor, late, _, _ in rows
    )
    same = next((each for each in rows if each[7] == str(key)), None)
    return Read(
        now=datetime.fromisoformat(row["now"]),
        dossier=row["dossier"],
        entries=entries,
        head=bytes.fromhex(rows[-1][6]) if rows else None,
        known={"seq": same[0], "hash": same[6], "step": same[1], "recorded_at": same[3]} if same else None,
        open_duties=row["duties"] or {},
        party=row.get("party"),
        evidence=row.get("evidence") or (),
        attached=row["attached"] or (),
        documents=row.get("documents") or (),
        roles=frozenset(row["roles"] or ()),
        succeeds=row["succeeds"],
        register=row["register"] or {},
        number=number,
        calendar_stamp=row["calendar_stamp"],
        parameters_stamp=row["parameters_stamp"],
        printed=printed,
        course=told(row.get("course") or ()),
        pieces=filed(row.get("pieces") or ()),
        facts_at=row.get("facts_at") or {},
        holds=row["holds"],
    )


def told(rows: Iterable[Sequence[Any]]) -> tuple[Told, ...]:
    """What `COURSE` answers, as values."""
    return tuple(
        Told(seq, step.partition("@")[0], datetime.fromisoformat(at), late, person, body, stated, undoes(step))
        for seq, step, at, late, person, body, stated in rows
    )


def filed(rows: Iterable[Sequence[Any]]) -> tuple[Piece, ...]:
    """What `PIECES` answers, as values."""
    return tuple(
        Piece(
            title, number, form, step, seq, datetime.fromisoformat(at), pages, sha256, mime, datetime.fromisoformat(late) if late else None
        )
        for title, number, form, step, seq, at, pages, sha256, mime, late in rows
    )


def undoes(step: str) -> int | None:
    """A step name `_return@7` undoes the entries from the seventh on."""
    _, mark, seq = step.partition("@")
    return int(seq) if mark else None
