"""One batch of the record, counted: leaves in log order -> facts and month sums, in statements that take the tables' names.

The same code counts forward into the projection and, for a check, into temporary tables beside it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.db.backends.utils import CursorWrapper

from yifa.facts.seen import Counts, Seen

BATCH = 500


class CountingError(Exception):
    """A counting function failed; str() names the entry. The follower stops here, nothing of the batch is kept."""


@dataclass(frozen=True)
class Tables:
    fact: str = "facts_fact"
    tally: str = "facts_tally"


LEAVES = """
SELECT l.position, l.league, l.chain, l.seq, convert_from(e.body, 'UTF8'), o.payload, c.payload
FROM ledger_leaf l
JOIN ledger_entry e ON e.league = l.league AND e.chain = l.chain AND e.seq = l.seq
LEFT JOIN ledger_payload o ON o.league = l.league AND o.chain = l.chain AND o.seq = l.seq AND o.side = 'open'
LEFT JOIN ledger_payload c ON c.league = l.league AND c.chain = l.chain AND c.seq = l.seq AND c.side = 'closed'
WHERE l.position >= %s AND l.position < %s
ORDER BY l.position
"""

# A second fact under the same `once` is dropped; any other conflict (a leaf counted twice) is an error and stops the follower.
INSERT = """
WITH fresh AS (
  INSERT INTO {fact} (league, position, n, metric, organisation, region, month, numerator, denominator, chain, seq, once, reason)
  SELECT league, position, n, metric, organisation, region, month, numerator, denominator, chain, seq, once, reason
  FROM jsonb_to_recordset(%s::jsonb) AS r(league text, position bigint, n smallint, metric text, organisation text, region text,
    month text, numerator bigint, denominator bigint, chain text, seq integer, once text, reason text)
  ORDER BY position, n
  ON CONFLICT (league, metric, organisation, month, once) WHERE once <> '' DO NOTHING
  RETURNING league, metric, organisation, region, month, numerator, denominator
)
INSERT INTO {tally} AS t (league, metric, organisation, region, month, numerator, denominator, n)
SELECT league, metric, organisation, region, month, sum(numerator), sum(denominator), count(*) FROM fresh
GROUP BY league, metric, organisation, region, month ORDER BY league, metric, organisation, region, month
ON CONFLICT (league, metric, organisation, region, month) DO UPDATE
SET numerator = t.numerator + excluded.numerator, denominator = t.denominator + excluded.denominator, n = t.n + excluded.n
"""


def leaves(cursor: CursorWrapper, first: int, limit: int = BATCH) -> list[Seen]:
    """The sealed entries from a position on. A gap in the positions is an error: the log has none."""
    cursor.execute(LEAVES, [first, first + limit])
    seen = [_seen(row) for row in cursor.fetchall()]
    for offset, entry in enumerate(seen):
        if entry.position != first + offset:
            raise CountingError(f"the log has no leaf {first + offset}, but has {entry.position}")
    return seen


def _seen(row: Sequence[Any]) -> Seen:
    position, league, chain, seq, body, opened, closed = row
    return Seen(position, league, chain, seq, json.loads(body), _payload(opened), _payload(closed))


def _payload(text: str | None) -> dict[str, Any] | None:
    value = json.loads(text) if text is not None else None
    return value if isinstance(value, dict) else None


def count(cursor: CursorWrapper, entries: Iterable[Seen], contexts: Sequence[Counts], tables: Tables = Tables()) -> None:
    """Insert what these entries count for, and add it to the month sums."""
    rows = [row for entry in entries for row in _rows(entry, contexts)]
    if rows:
        cursor.execute(INSERT.format(fact=tables.fact, tally=tables.tally), [json.dumps(rows, ensure_ascii=False)])


def _rows(entry: Seen, contexts: Sequence[Counts]) -> Iterator[dict[str, Any]]:
    place = {"league": entry.league, "position": entry.position, "chain": entry.chain, "seq": entry.seq}
    try:
        counted = [each for context in contexts for each in context.facts(entry)]
    except Exception as problem:
        raise CountingError(f"leaf {entry.position} ({entry.chain} {entry.seq}): {problem!r}") from problem
    for n, each in enumerate(counted):
        yield {**place, "n": n, **asdict(each)}
