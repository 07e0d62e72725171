"""Reads what a reader's rights are, in one statement."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import connection
from django.utils import timezone

from yifa.kernel.access.scope import Desk, Scope
from yifa.kernel.people.actors import Actor
from yifa.kernel.people.roles import OVERSEERS, WORKERS

# Bodies are followed a generation at a time, as arrays: a department over a hundred bodies costs three looks at an index for each
# generation instead of three for each body. They come back as one text, which is read in a tenth of an array's time.
# A province is its leagues, and what lies in it outside of any; a 旗县 is read by the first six digits of a place, which are
# those of its 苏木乡镇 too (a constraint of the table of regions).
RIGHTS = """
WITH RECURSIVE held AS MATERIALIZED (
    SELECT kind, value FROM access_grant
    WHERE %(works)s AND revoked_at IS NULL AND until >= %(today)s AND (person_id = %(person)s::uuid OR organisation_id = %(organisation)s)
), line(granted, codes, newest) AS (
    (
        SELECT FALSE, ARRAY[%(organisation)s]::varchar[], ARRAY[%(organisation)s]::varchar[] WHERE %(works)s
        UNION ALL
        SELECT TRUE, h.codes, h.codes FROM (SELECT array_agg(DISTINCT value) AS codes FROM held WHERE kind = 'organisation') h
        WHERE h.codes IS NOT NULL
    )
    UNION ALL
    SELECT l.granted, l.codes || n.codes, n.codes FROM line l CROSS JOIN LATERAL (
        SELECT ARRAY(
            (
                SELECT code FROM people_organisation WHERE parent_id = ANY(l.newest)
                UNION ALL
                SELECT code FROM people_organisation WHERE competent_department_id = ANY(l.newest) AND %(oversees)s
                UNION ALL
                SELECT predecessor_id FROM people_succession WHERE successor_id = ANY(l.newest) AND carries_dossiers AND "on" <= %(today)s
            )
            EXCEPT SELECT unnest(l.codes)
        ) AS codes OFFSET 0
    ) n WHERE l.newest <> '{}'
), governed AS MATERIALIZED (
    SELECT region_id AS code FROM people_organisation_territory WHERE organisation_id = %(organisation)s AND %(oversees)s
), place AS MATERIALIZED (
    SELECT r.code, r.level FROM people_region r JOIN (
        SELECT value AS code FROM held WHERE kind = 'region'
        UNION
        SELECT code FROM governed
    ) named USING (code)
)
SELECT
    (SELECT array_to_string(codes, ' ') FROM line WHERE newest = '{}' AND NOT granted),
    (SELECT array_to_string(codes, ' ') FROM line WHERE newest = '{}' AND granted),
    ARRAY(SELECT code FROM place WHERE level < 3
          UNION
          SELECT r.code FROM people_region r JOIN place p ON r.parent_id = p.code WHERE p.level = 1 AND r.level = 2
          ORDER BY 1),
    ARRAY(SELECT code FROM place WHERE level = 3 ORDER BY code),
    ARRAY(SELECT code FROM place WHERE level = 4 AND left(code, 6) NOT IN (SELECT code FROM place WHERE level = 3) ORDER BY code),
    ARRAY(SELECT code FROM governed ORDER BY code),
    ARRAY(SELECT value FROM held WHERE kind = 'dossier' ORDER BY value),
    ARRAY(SELECT DISTINCT giver_id::text || ' ' || organisation_id FROM people_handover
          WHERE taker_id = %(person)s::uuid AND organisation_id = %(organisation)s AND "on" < %(today)s ORDER BY 1),
    %(works)s AND EXISTS (SELECT FROM dossiers_part WHERE organisation_id = %(organisation)s)
"""


def scope(actor: Actor, *, today: date | None = None) -> Scope:
    """The rights of `actor` in his present post. Administrators of the installation read no dossiers (三员分立), granted or not."""
    day = today or timezone.localdate()
    works = actor.has(*WORKERS, *OVERSEERS)
    values: dict[str, Any] = {
        "person": actor.person,
        "organisation": actor.organisation,
        "works": works,
        "oversees": actor.has(*OVERSEERS),
        "today": day,
    }
    with connection.cursor() as cursor:
        cursor.execute(RIGHTS, values)
        line, given, leagues, banners, regions, governed, dossiers, taken, takes_part = cursor.fetchone()
    tree, granted = (line or "").split(), (given or "").split()
    desks = [Desk(actor.person)] if works else []
    desks += [Desk(*line.split(" ", 1)) for line in taken if works]
    return Scope(
        own=frozenset(tree),
        organisations=tuple(sorted({*tree, *granted})),
        leagues=tuple(leagues),
        banners=tuple(banners),
        regions=tuple(regions),
        governed=tuple(governed),
        desks=tuple(desks),
        office=actor.organisation if takes_part else "",
        dossiers=tuple(dossiers),
    )
