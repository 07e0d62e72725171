"""Matters read in bulk and scored.

One statement brings everything a check may look at: the dossier's facts, its entries, how many files each standing act brought, which red
lines were established outside the record (R5, R6), and what the registers say (the very expression the rules are asked with). Whoever
calls has chosen the dossiers within the reader's scope.

A matter is scored by the set of templates in force on the day of its start: what is asked of it is known when it begins, and a later set
does not change the measure under way (not yet begun: the set of today). A closing score keeps its set for ever.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

import orjson
from django.db import connection

from yifa.decisions import templates
from yifa.decisions.case import read
from yifa.decisions.matter import Act, Limits, Matter, limits
from yifa.decisions.register import REGISTER
from yifa.decisions.scoring import Confirmation, Score, score
from yifa.decisions.template_set import TemplateSet
from yifa.kernel.calendar.queries import calendar
from yifa.kernel.parameters.queries import parameters
from yifa.procedures.core import BEIJING
from yifa.procedures.reading import Ref, undoes

PROCEDURE = "major_decision"
# A matter that was not taken up, or taken off the list, has no score.
UNSCORED = ("reject", "withdraw_matter")
CLOSED = "close"
BATCH = 500

_DAY = "({} AT TIME ZONE 'Asia/Shanghai')::date"
# A closed matter is judged as of its closing: the same score whenever it is asked.
_AT = "coalesce(d.closed_at, clock_timestamp())"
_CASE = f"SELECT d.league, d.code, d.organisation_id, d.region_id, d.facts, {_AT} AS at, NULL::text AS identity"
_READ = f"""
SELECT json_build_object(
  'code', d.code, 'region', d.region_id, 'closed_by', d.state ->> 'ended_by', 'facts', d.facts,
  'at', {_AT},
  'entries', (SELECT json_agg(json_build_array(e.seq, e.step, {_DAY.format("e.at")}, {_DAY.format("e.recorded_at")}, e.late) ORDER BY e.seq)
    FROM ledger_entry e WHERE e.league = d.league AND e.chain = d.code),
  'files', (SELECT json_object_agg(v.seq, v.n) FROM (SELECT v.seq, count(*) AS n FROM dossiers_evidence v
    WHERE v.league = d.league AND v.dossier = d.code AND v.seq IS NOT NULL GROUP BY v.seq) v),
  'stated', (SELECT json_agg(json_build_array(e.seq, p.payload::jsonb #> '{{facts,reports}}', p.payload::jsonb #>> '{{facts,legality}}',
      p.payload::jsonb #>> '{{facts,meeting_on}}') ORDER BY e.seq) FROM ledger_entry e
    JOIN ledger_payload p ON p.league = e.league AND p.chain = e.chain AND p.seq = e.seq AND p.side = 'open'
    WHERE e.league = d.league AND e.chain = d.code AND e.step IN ('report_progress', 'review', 'deliberate')),
  'verified', (SELECT json_agg(DISTINCT c.line) FROM decisions_clue c
    WHERE c.league = d.league AND c.dossier = d.code AND c.state = 'established'),
  'set', (SELECT c.set_digest FROM decisions_closing c WHERE c.league = d.league AND c.dossier = d.code),
  'register', r.said)::text
FROM unnest(%s::text[], %s::text[]) AS k(league, code)
JOIN dossiers_dossier d ON d.league = k.league AND d.code = k.code
CROSS JOIN LATERAL (WITH m AS ({_CASE}) SELECT {{register}} AS said) r
WHERE d.procedure = '{PROCEDURE}' AND coalesce(d.state ->> 'ended_by', '') <> ALL(%s::text[])
"""  # noqa: S608 - no value enters this text


@cache
def _statement(register: str) -> str:
    return _READ.replace("{register}", register.replace("%", "%%"))


def read_matters(refs: Collection[Ref]) -> Iterator[Matter]:
    """These matters as they stand, in no particular order; those that were not taken up are left out. Raises UnknownParameterError."""
    for matter, _ in _matters(refs):
        yield matter


def _matters(refs: Collection[Ref]) -> Iterator[tuple[Matter, str | None]]:
    """Each matter with the digest of the set that its closing score keeps; None while there is no closing score."""
    table, days, held = parameters(), calendar(), dict[tuple[str, date], Limits]()
    for row in rows(refs):
        at = datetime.fromisoformat(row["at"])
        place = (row["region"], at.astimezone(BEIJING).date())
        if place not in held:
            held[place] = limits(table, region=place[0], on=place[1])
        stated = row["stated"] or ()
        acts = _telling(standing(row["entries"] or ()), stated)
        register = row["register"] or {}
        register["acts"] = {act.step: act.on.isoformat() for act in acts}
        matter = Matter(
            facts=read(_reported(row["facts"], acts, stated), register, at),
            acts=acts,
            files=_files(acts, row["files"] or {}),
            calendar=days,
            limits=held[place],
            closed=row["closed_by"] == CLOSED,
            verified=frozenset(row["verified"] or ()),
            code=row["code"],
        )
        yield matter, row["set"]


# (seq, reports, conclusion of a review, day of a meeting) of an act, as its own entry states them; a dossier's facts keep the last.
Stated = tuple[int, Sequence[Mapping[str, Any]] | None, str | None, str | None]


def _telling(acts: Iterable[Act], stated: Iterable[Stated]) -> tuple[Act, ...]:
    """Each review with its own conclusion, each meeting with its own day."""
    said = {seq: (legality or "", date.fromisoformat(met_on) if met_on else None) for seq, _, legality, met_on in stated}
    return tuple(act._replace(legality=said[act.seq][0], met_on=said[act.seq][1]) if act.seq in said else act for act in acts)


def _reported(facts: Mapping[str, Any], acts: Iterable[Act], stated: Iterable[Stated]) -> Mapping[str, Any]:
    """With the reports of every act that stands, each body's of a day once, as told last."""
    seqs = {act.seq for act in acts}
    found = {(each["body"], each["due_on"]): each for seq, rows, _, _ in stated if seq in seqs for each in rows or ()}
    return {**facts, "reports": list(found.values())} if found else facts


def _files(acts: Iterable[Act], by_seq: Mapping[str, int]) -> dict[str, int]:
    """How many files the acts of each step brought that stand: those of an act that was taken back went with it."""
    found: dict[str, int] = {}
    for act in acts:
        if str(act.seq) in by_seq:
            found[act.step] = found.get(act.step, 0) + by_seq[str(act.seq)]
    return found


def rows(refs: Collection[Ref], register: str = REGISTER) -> Iterator[Mapping[str, Any]]:
    """What the database says of these matters, one JSON value each, in batches."""
    wanted = list(refs)
    for start in range(0, len(wanted), BATCH):
        part = wanted[start : start + BATCH]
        with connection.cursor() as cursor:
            cursor.execute(_statement(register), [[ref.league for ref in part], [ref.code for ref in part], list(UNSCORED)])
            found = cursor.fetchall()
        for (text,) in found:
            yield orjson.loads(text)


def standing(entries: Iterable[Sequence[Any]]) -> tuple[Act, ...]:
    """Entries `[seq, step, day, day recorded, late]` in seq order as the acts that stand: what 退回 or 撤回 took back is gone."""
    acts: list[Act] = []
    for seq, step, on, recorded_on, late in entries:
        if not step.startswith("_"):
            acts.append(Act(step, date.fromisoformat(on), date.fromisoformat(recorded_on), late, seq))
        elif (since := undoes(step)) is not None:
            acts = [act for act in acts if act.seq < since]
    return tuple(acts)


def scores(
    refs: Collection[Ref], *, confirmations: Mapping[str, Sequence[Confirmation]] | None = None, using: TemplateSet | None = None
) -> Iterator[tuple[Matter, Score]]:
    """Each matter with its score by its own set of templates, or by the one given; `confirmations` by the matter's code."""
    said, versions = confirmations or {}, templates.Versions()
    for matter, kept in _matters(refs):
        yield matter, score(matter, using or set_of(matter, kept, versions), said.get(matter.code, ()))


def set_of(matter: Matter, kept: str | None, versions: templates.Versions) -> TemplateSet:
    """The set that a matter is scored by. `kept` is that of its closing score ("": the one that came with the platform)."""
    if kept is not None:
        return versions.named(kept)
    return versions.on(matter.first_on("start") or matter.facts.on)
