"""Keeps the rows that the overview counts (`Standing`) true: judges again the matters whose record has gone on, and those the clock moves.

A score of three thousand matters takes seconds, a page must not. A row says up to which entry its matter was judged, so what an act
changed is judged again by the first page that looks. What changes without an act of the matter — days that pass, answers to opinions, a
line of the catalogue — is caught up with by the hourly task, and by whoever opens the matter itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any, Protocol

from django.db import connection, transaction
from django.utils import timezone

from yifa.decisions import judging, lamps
from yifa.decisions.matter import Matter
from yifa.decisions.scoring import Score
from yifa.procedures import queries as procedures

BATCH = 500
# The point of supervision to which a step with a term belongs.
POINT_OF = {"publish": "S6", "archive": "S7"}


class Duty(Protocol):
    """A deadline, as the interpreter keeps it."""

    @property
    def step(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def provisional(self) -> bool: ...
    @property
    def due_on(self) -> date: ...
    @property
    def closed_seq(self) -> int | None: ...


# Whoever judged while the row changed under him writes nothing: it is judged again.
_WRITE = """
UPDATE decisions_standing s SET seq = n.seq, lamps = n.lamps, total = n.total, missing = n.missing, closed = n.closed, judged_at = %s
FROM unnest(%s::text[], %s::text[], %s::int[], %s::timestamptz[], %s::int[], %s::text[], %s::int[], %s::int[], %s::bool[])
  AS n(league, dossier, old_seq, old_at, seq, lamps, total, missing, closed)
WHERE s.league = n.league AND s.dossier = n.dossier AND s.seq = n.old_seq AND s.judged_at IS NOT DISTINCT FROM n.old_at
"""


def late_points(duties: Iterable[Duty], today: date) -> frozenset[str]:
    """The points of supervision of which a deadline has passed."""
    return frozenset(POINT_OF[each.step] for each in duties if each.closed_seq is None and each.due_on < today and each.step in POINT_OF)


def lit(matter: Matter, score: Score, late: frozenset[str]) -> tuple[lamps.Lamp, ...]:
    """The seven lamps of a matter; `late` as `late_points` tells."""
    return lamps.lamps(score, late | lamps.stopped(matter))


def refresh(codes: Collection[str]) -> int:
    """Judges these matters again and writes their rows; how many."""
    today, listed = timezone.localdate(), sorted(codes)
    for start in range(0, len(listed), BATCH):
        _refresh(listed[start : start + BATCH], today)
    return len(listed)


def refresh_open() -> int:
    """Every matter that is not closed, and the closed ones of which something is to be judged again: the hourly task."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT d.code FROM decisions_standing s JOIN dossiers_dossier d ON d.league = s.league AND d.code = s.dossier"
            " WHERE d.closed_at IS NULL OR s.seq <> d.seq"
        )
        codes = [code for (code,) in cursor.fetchall()]
    return refresh(codes)


def _refresh(codes: list[str], today: date) -> None:
    # Read before judging: what is entered meanwhile leaves the row behind the record, and it is judged again.
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT d.league, d.code, s.seq, s.judged_at, d.seq FROM decisions_standing s"
            " JOIN dossiers_dossier d ON d.league = s.league AND d.code = s.dossier WHERE s.dossier = ANY(%s)",
            [codes],
        )
        seen = cursor.fetchall()
    duties = procedures.open_obligations(codes)
    found = {matter.code: (matter, score) for matter, score in judging.scored_all(codes)}
    rows: list[tuple[Any, ...]] = []
    for *known, code_seq in seen:
        code = known[1]
        if code not in found:
            rows.append((*known, code_seq, "", None, 0, True))
            continue
        matter, score = found[code]
        told = lit(matter, score, late_points(duties.get(code, ()), today))
        letters = "".join(lamps.LETTERS[lamp.colour] for lamp in told)
        rows.append((*known, code_seq, letters, score.total, len(score.missing), score.closed))
    if not rows:
        return
    with transaction.atomic(), connection.cursor() as cursor:
        # In one order, so that two readers who judge the same matters do not wait for one another.
        cursor.execute("SELECT 1 FROM decisions_standing WHERE dossier = ANY(%s) ORDER BY league, dossier FOR UPDATE", [codes])
        cursor.execute(_WRITE, [timezone.now(), *([row[n] for row in rows] for n in range(9))])
