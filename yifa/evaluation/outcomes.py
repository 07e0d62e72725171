"""What became of the acts that relied on works: the counts from which the parts of the effect index are reckoned.

Read by one statement a part over the acts of a period, joined to the dossiers by their code. Tables of the floors below are read
as they stand (deadlines, parties, complaints, ratings): counts only, nobody is named.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from yifa.evaluation import method
from yifa.evaluation.effect import Count, Index, index
from yifa.evaluation.method import PARTS
from yifa.evaluation.models import Report
from yifa.evaluation.queries import Period
from yifa.kernel.parameters.rules import significant

# The acts of the period by work: one line an act and work.
ACTS = (
    "SELECT w AS work, v.league, v.chain FROM evaluation_event v, unnest(v.works) w"
    " WHERE v.kind = 'decision' AND v.month BETWEEN %(first)s AND %(last)s AND v.region LIKE %(place)s"
)
COUNTED = "SELECT work, count(*), 0 FROM act GROUP BY 1"
# A waived deadline is closed without a day on which it was met; one that is still running counts for nothing yet.
PERFORMED = """
SELECT a.work, count(*), count(*) FILTER (WHERE o.met_on <= o.due_on)
FROM act a JOIN procedures_obligation o ON o.league = a.league AND o.dossier = a.chain
WHERE o.step = ANY(%(performed)s) AND o.due_on < %(today)s AND NOT (o.closed_seq IS NOT NULL AND o.met_on IS NULL)
GROUP BY 1
"""
DISPUTED = """
SELECT a.work, count(*), count(DISTINCT a.chain) FROM act a JOIN supervision_complaint c ON c.league = a.league AND c.dossier = a.chain
GROUP BY 1
"""
# Same party, same 案由, within 24 months: also acts before the period make one of the period a repetition.
REPEATED = """
, mine AS (
  SELECT DISTINCT a.work, p.identity_hash AS who, d.title, d.opened_at FROM act a
  JOIN dossiers_dossier d ON d.league = a.league AND d.code = a.chain
  JOIN dossiers_party p ON p.league = a.league AND p.dossier = a.chain AND p.identity_hash <> ''
)
SELECT m.work, count(DISTINCT m.who), count(DISTINCT m.who) FILTER (WHERE EXISTS (
  SELECT 1 FROM dossiers_party q JOIN dossiers_dossier e ON e.league = q.league AND e.code = q.dossier
  JOIN evaluation_event v ON v.league = e.league AND v.chain = e.code AND v.kind = 'decision'
  WHERE q.identity_hash = m.who AND e.title = m.title AND e.opened_at < m.opened_at
    AND e.opened_at >= m.opened_at - make_interval(months => %(months)s)))
FROM mine m GROUP BY 1
"""
RATED = """
SELECT a.work, count(*), sum(r.score - 1)::bigint FROM act a JOIN supervision_rating r ON r.league = a.league AND r.dossier = a.chain
GROUP BY 1
"""
NOT_ALL = "目前只计入投诉；复议、诉讼未接入"

# A work that no act relied on: what is connected has nothing to count, and says so; only what no room tells is 未接入.
NOTHING: Mapping[str, Count | None] = {part: None if part == "e1" else Count(Decimal(0), 0) for part in PARTS}


@dataclass(frozen=True)
class Outcomes:
    """The indices of the works of a period and region."""

    indices: dict[str, Index]

    def of(self, work: str) -> Index:
        return self.indices.get(work) or index(0, NOTHING, method.installed().effect)


def outcomes(period: Period, today: date) -> Outcomes:
    """Every work that an act relied on."""
    how = method.installed().effect
    params = {
        "first": period.first,
        "last": period.last,
        "place": period.place,
        "today": today,
        "performed": list(how.performed),
        "months": how.repeat_months,
    }
    acts = {work: n for work, n, _ in _ask(COUNTED, params)}
    performed, disputed, repeated, rated = (_by_work(text, params) for text in (PERFORMED, DISPUTED, REPEATED, RATED))
    ratings = sum(n for n, _ in rated.values())
    # 1 to 5 become 0 to 1: a quarter a point.
    pooled = Decimal(sum(hits for _, hits in rated.values())) / (4 * ratings) if ratings else Decimal(0)
    expert = _expert(period.region)
    found = {}
    for work, n in acts.items():
        counts: dict[str, Count | None] = {
            "e1": None,
            "e2": Count(Decimal(disputed.get(work, (0, 0))[1]), n, NOT_ALL),
            "e3": _count(performed, work),
            "e4": _count(repeated, work),
            "e5": Count(Decimal(rated[work][1]) / 4, rated[work][0]) if work in rated else Count(Decimal(0), 0),
            "e6": Count(Decimal(expert[work][0]) / 100, expert[work][1]) if work in expert else Count(Decimal(0), 0),
        }
        found[work] = index(n, counts, how, pooled=pooled)
    return Outcomes(found)


def _count(found: dict[str, tuple[int, int]], work: str) -> Count:
    n, hits = found.get(work, (0, 0))
    return Count(Decimal(hits), n)


def _by_work(query: str, params: dict[str, Any]) -> dict[str, tuple[int, int]]:
    return {work: (n, hits) for work, n, hits in _ask(query, params)}


def _ask(query: str, params: dict[str, Any]) -> list[tuple[str, int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(f"WITH act AS ({ACTS}) {query}", params)
        return list(cursor.fetchall())


def _expert(region: str) -> dict[str, tuple[int, int]]:
    """work -> (sum of scores 0..100, number) of the closed evaluations in the region."""
    found: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    closed = Report.objects.filter(expert__isnull=False, region__startswith=significant(region)).exclude(state=Report.State.DRAFT)
    for work, score in closed.values_list("work_key", "expert"):
        total, n = found[work]
        found[work] = total + (score or 0), n + 1
    return dict(found)
