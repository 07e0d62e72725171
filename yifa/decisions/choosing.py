"""What may be picked where a step asks for a line of the catalogue, or for a government that keeps one."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from yifa.decisions.models import CatalogueItem
from yifa.kernel.parameters.rules import significant

MOST = 300


def governments(region: str) -> Sequence[tuple[str, str]]:
    """The governments, county level and above, of a place and of those in it: (code, name)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT k.code, k.name FROM people_organisation k JOIN people_region g ON g.code = k.region_id WHERE k.kind = 'GOVERNMENT'"
            " AND g.level <= 3 AND k.status <> 'cancelled' AND k.region_id LIKE %s ORDER BY k.code LIMIT %s",
            [f"{significant(region)}%", MOST],
        )
        return [(code, name) for code, name in cursor.fetchall()]


def waiting(government: str) -> Sequence[tuple[str, str]]:
    """The matters of a government's published catalogues that nobody has begun yet, newest year first: (id, title)."""
    found = CatalogueItem.objects.filter(government_id=government, dossier="", published_on__isnull=False)
    found = found.exclude(status=CatalogueItem.Status.REMOVED).order_by("-year", "title")[:200]
    return [(str(item.id), f"{item.title}（{item.year}年度）") for item in found]
