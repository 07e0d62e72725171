"""What is disclosed (执法公示): the steps that publish and were done, with the fields the law lists and nothing else.

国办发〔2018〕118号 6 and 内蒙古自治区人民政府令第244号 10, 12: agency, party, case name, category, conclusion, basis, date. Identity
and account numbers, addresses and contact data are never read here; a natural person's name is already masked in the dossier.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from yifa.enforcement.items import find

PAGE = 30

_COLUMNS = """
SELECT d.league, d.code, d.token, d.number, d.title, d.party_label, d.facts -> 'sanctions',
  coalesce(d.facts ->> 'fine', d.facts ->> 'proposed_fine'), d.facts ->> 'item', o.code, o.name, b.start_on, b.met_on, w.reason
FROM procedures_obligation b JOIN dossiers_dossier d ON d.league = b.league AND d.code = b.dossier
  JOIN people_organisation o ON o.code = d.organisation_id LEFT JOIN disclosure_withdrawal w ON w.league = d.league AND w.dossier = d.code
WHERE b.publishes AND b.met_on IS NOT NULL
"""


@dataclass(frozen=True)
class Publication:
    """One line of the public list. Of a withdrawn one only the reason is shown."""

    league: str
    code: str
    token: str
    number: str
    title: str
    party: str
    sanctions: tuple[str, ...]
    fine: int | None
    basis: tuple[str, ...]
    organisation: str
    organisation_name: str
    decided_on: date
    published_on: date
    withdrawn: str


def published(*, number: str = "", organisation: str = "", after: tuple[date, str] | None = None, limit: int = PAGE) -> list[Publication]:
    """The newest first, by keyset; `number` is the beginning of a 文号."""
    query, params = _COLUMNS, list[Any]()
    if number:
        query += " AND d.number LIKE %s"
        params.append(number.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%")
    if organisation:
        query += " AND d.organisation_id = %s"
        params.append(organisation)
    if after:
        query += " AND (b.met_on, b.dossier) < (%s, %s)"
        params += after
    query += " ORDER BY b.met_on DESC, b.dossier DESC LIMIT %s"
    with connection.cursor() as cursor:
        cursor.execute(query, [*params, limit])
        return [_publication(row) for row in cursor.fetchall()]


def publication(league: str, code: str) -> Publication | None:
    with connection.cursor() as cursor:
        cursor.execute(_COLUMNS + " AND d.league = %s AND d.code = %s LIMIT 1", [league, code])
        row = cursor.fetchone()
    return _publication(row) if row else None


def _publication(row: tuple[Any, ...]) -> Publication:
    league, code, token, number, title, party, sanctions, fine, item, organisation, name, decided_on, published_on, withdrawn = row
    found = find(item or "")
    return Publication(
        league,
        code,
        token,
        number or code,
        title,
        party,
        tuple(json.loads(sanctions or "[]")),
        int(fine) if fine else None,
        tuple(str(article) for article in found.penalty) if found else (),
        organisation,
        name,
        decided_on,
        published_on,
        withdrawn or "",
    )
