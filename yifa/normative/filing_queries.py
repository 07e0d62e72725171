"""Reads for 备案审查: what was handed in and waits to be received."""

from __future__ import annotations

from django.db import connection

from yifa.normative.register import REVIEWER

MOST = 200
_WAITING = f"""
SELECT n.code, n.title, n.number, k.name FROM normative_normativedocument n
JOIN people_organisation k ON k.code = n.maker_id JOIN people_region h ON h.code = left(k.region_id, 6)
WHERE n.filed_on IS NOT NULL AND NOT EXISTS (SELECT 1 FROM normative_filing f WHERE f.document_id = n.code)
  AND %s = {REVIEWER} ORDER BY n.filed_on, n.code LIMIT {MOST}
"""  # noqa: S608 - constants only


def waiting(organisation: str) -> list[tuple[str, str]]:
    """(code, 《title》（文号） of its maker) of the documents handed in to this body that nobody has received, the oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, [organisation])
        return [(code, f"《{title}》（{number}）{maker}") for code, title, number, maker in cursor.fetchall()]
