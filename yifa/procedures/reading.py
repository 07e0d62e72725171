"""Exchange 1 of an act: lock the dossier, then read as a second statement all that the rules may ask.

One `SELECT … FOR NO KEY UPDATE` that waits returns the new dossier row but old entries, since its snapshot is older than its wait;
hence the second statement with a snapshot of its own. Both go to the server in one pipeline with BEGIN and, where the step gives a
numbered document, the allotment of its number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from typing import Any
from uuid import UUID

import orjson
import psycopg
from django.db import connection
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from yifa.documents.numbers import Printed
from yifa.kernel.calendar.queries import STAMP as CALENDAR
from yifa.kernel.parameters.queries import STAMP as PARAMETERS
from yifa.kernel.people.actors import Actor
from yifa.procedures.core import Done, Finding, Refused

LOCK = "SELECT 1 FROM dossiers_dossier WHERE league = %s AND code = %s FOR NO KEY UPDATE"


@dataclass(frozen=True)
class Ref:
    """A dossier by its key. The league is the 盟市 of the region that its code begins with."""

    league: str
    code: str

    @classmethod
    def of(cls, code: str) -> Ref:
        return cls(f"{code[:4]}00", code)


@dataclass(frozen=True)
class Fixed:
    """What of a dossier never changes; read once a process, so that an act needs no exchange for it."""

    procedure: str
    version: str
    region: str
    sector: str
    organisation: str
    token: str


@dataclass(frozen=True)
class Read:
    """What exchange 1 brought back."""

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


def raw() -> psycopg.Connection[Any]:
    """The psycopg connection under Django's, in autocommit: an act opens its own transaction and must be the outermost."""
    if connection.in_atomic_block:
        raise RuntimeError("an act is a transaction of its own: take() must not run inside another")
    connection.ensure_connection()
    found = connection.connection
    found.prepare_threshold = 1
    return found  # type: ignore[no-any-return]  # Django types its driver connection as Any


@lru_cache(maxsize=65_536)
def fixed(ref: Ref, database: str) -> Fixed:
    """Raises Refused when there is no such dossier; an absent one is not remembered, since exceptions are not cached."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT procedure, version, region_id, sector, organisation_id, token FROM dossiers_dossier WHERE league = %s AND code = %s",
            [ref.league, ref.code],
        )
        row = cursor.fetchone()
    if row is None:
        raise Refused([Finding("案件", f"没有编号为“{ref.code}”的案件,请核对案件编号")])
    return Fixed(*row)


_FIND = """
  SELECT league, code, organisation_id, region_id, facts, state, seq, number, token, opened_at
  FROM dossiers_dossier WHERE league = %(league)s AND code = %(code)s
"""
_OPEN = """
  SELECT %(league)s::text AS league, %(code)s::text AS code, %(organisation)s::text AS organisation_id, %(region)s::text AS region_id,
    '{}'::jsonb AS facts, '{}'::jsonb AS state, 0 AS seq, NULL::text AS number, ''::text AS token, NULL::timestamptz AS opened_at
"""
_READ = """
WITH d AS ({dossier}),
m AS (SELECT d.league, d.code, d.organisation_id, d.region_id, d.facts || %(facts)s AS facts,
        coalesce(%(at)s::timestamptz, clock_timestamp()) AS at, %(identity)s::text AS identity FROM d)
SELECT coalesce(%(clock)s::timestamptz, clock_timestamp()) AS now, to_jsonb(d) AS dossier,
  (SELECT jsonb_agg(jsonb_build_array(e.seq, e.step, e.at, e.recorded_at, e.actor, e.late) ORDER BY e.seq)
    FROM ledger_entry e WHERE e.league = d.league AND e.chain = d.code) AS entries,
  (SELECT e.hash FROM ledger_entry e WHERE e.league = d.league AND e.chain = d.code ORDER BY e.seq DESC LIMIT 1) AS head,
  (SELECT jsonb_build_object('seq', e.seq, 'hash', encode(e.hash, 'hex'), 'step', e.step, 'recorded_at', e.recorded_at)
    FROM ledger_entry e WHERE e.league = d.league AND e.chain = d.code AND e.key = %(key)s) AS known,
  (SELECT jsonb_object_agg(o.step, jsonb_build_array(o.n, o.due_on))
    FROM procedures_obligation o WHERE o.league = d.league AND o.dossier = d.code AND o.closed_seq IS NULL) AS duties,
  (SELECT to_jsonb(p) FROM dossiers_party p WHERE p.league = d.league AND p.dossier = d.code ORDER BY p.n LIMIT 1) AS party,
  (SELECT jsonb_agg(jsonb_build_object('id', v.id, 'sha256', v.sha256, 'title', v.title, 'kind', v.kind, 'size', v.size) ORDER BY v.id)
    FROM dossiers_evidence v
    WHERE v.league = d.league AND v.id = ANY(%(files)s) AND v.seq IS NULL AND v.uploaded_by_id = %(person)s) AS evidence,
  (SELECT jsonb_agg(v.title ORDER BY v.seq, v.id) FROM dossiers_evidence v
    WHERE v.league = d.league AND v.dossier = d.code AND v.seq IS NOT NULL) AS attached,
  (SELECT jsonb_agg(jsonb_build_object('form', x.form, 'title', x.title, 'number', x.number) ORDER BY x.seq) FROM documents_document x
    WHERE x.league = d.league AND x.dossier = d.code) AS documents,
  (SELECT jsonb_agg(r.role) FROM dossiers_caserole r
    WHERE r.league = d.league AND r.dossier = d.code AND r.person_id = %(person)s) AS roles,
  EXISTS (SELECT 1 FROM people_succession s WHERE s.predecessor_id = d.organisation_id AND s.successor_id = %(acting_for)s
    AND s.carries_dossiers AND s.on <= current_date) AS succeeds,
  {calendar} AS calendar_stamp, {parameters} AS parameters_stamp, {register} AS register
FROM d, m
"""


_PARAMETERS = (
    *("league", "code", "organisation", "region", "facts", "at"),
    *("clock", "identity", "files", "person", "acting_for", "key"),
)
_JSON = ("dossier", "entries", "known", "duties", "party", "evidence", "attached", "documents", "roles", "register")


def prepared(conn: psycopg.Connection[Any]) -> psycopg.Cursor[dict[str, Any]]:
    """A cursor whose statements the server plans once a connection: planning those of an act takes longer than running them."""
    return psycopg.Cursor(conn, row_factory=dict_row)


def read(
    conn: psycopg.Connection[Any],
    *,
    ref: Ref,
    opening: tuple[str, str] | None,
    by: Actor,
    at: datetime | None,
    clock: datetime | None,
    facts: Mapping[str, Any],
    identity: str | None,
    files: Sequence[UUID],
    key: UUID,
    register: str,
) -> psycopg.Cursor[dict[str, Any]]:
    """Sends the second statement; its row is fetched after the pipeline. `opening` = (organisation, region) of a dossier not yet there."""
    return psycopg.RawCursor(conn, row_factory=dict_row).execute(
        _question(opening is not None, register),
        [
            ref.league,
            ref.code,
            *(opening or (None, None)),
            Jsonb(dict(facts)),
            at,
            clock,
            identity,
            list(files),
            UUID(by.person),
            by.organisation,
            key,
        ],
        prepare=True,
    )


@cache
def _question(opening: bool, register: str) -> str:
    """The second statement with its parameters numbered: written once, where psycopg would take so long a text apart at every act."""
    text = _READ.replace("{dossier}", _OPEN if opening else _FIND).replace("{register}", register)
    text = text.replace("{calendar}", CALENDAR).replace("{parameters}", PARAMETERS)
    # A parameter that a variant does not use still needs a type.
    text += "" if opening else "WHERE %(organisation)s::text IS NULL AND %(region)s::text IS NULL"
    for number, name in enumerate(_PARAMETERS, 1):
        text = text.replace(f"%({name})s", f"${number}")
    return text


def understood(answer: Mapping[str, Any], number: int | None, printed: Printed | None = None) -> Read:
    """The row of the second statement as plain values. Django's connection hands jsonb over as text."""
    row = {**answer, **{name: orjson.loads(answer[name]) for name in _JSON if answer[name] is not None}}
    entries = tuple(
        Done(seq, step.partition("@")[0], datetime.fromisoformat(at), datetime.fromisoformat(recorded_at), actor, bool(late), undoes(step))
        for seq, step, at, recorded_at, actor, late in row["entries"] or ()
    )
    return Read(
        now=row["now"],
        dossier=row["dossier"],
        entries=entries,
        head=row["head"],
        known=row["known"],
        open_duties=row["duties"] or {},
        party=row["party"],
        evidence=row["evidence"] or (),
        attached=row["attached"] or (),
        documents=row["documents"] or (),
        roles=frozenset(row["roles"] or ()),
        succeeds=row["succeeds"],
        register=row["register"] or {},
        number=number,
        calendar_stamp=row["calendar_stamp"],
        parameters_stamp=row["parameters_stamp"],
        printed=printed,
    )


def undoes(step: str) -> int | None:
    """A step name `_return@7` undoes the entries from the seventh on."""
    _, mark, seq = step.partition("@")
    return int(seq) if mark else None
