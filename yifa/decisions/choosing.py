"""What may be picked where a step asks for a line of the catalogue, or for a government that keeps one."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection
from django.db.models import Q
from django.db.models.expressions import RawSQL

from yifa.decisions.models import CatalogueItem
from yifa.kernel.parameters.rules import significant

MOST = 300
_RUNS_AGAIN = (
    "EXISTS (SELECT 1 FROM dossiers_dossier d WHERE d.league = decisions_catalogueitem.league AND d.code = decisions_catalogueitem.dossier"
    " AND d.facts ->> 'changed' = 'major')"
)


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
    """The matters of a government's published catalogues that nobody has begun yet, newest year first: (id, title).

    Besides those of matters under a major adjustment, which run through the procedure again (第三十七条), until the new matter took over
    the line: whether the old one has named it already does not matter.
    """
    found = CatalogueItem.objects.filter(government_id=government, published_on__isnull=False)
    again = RawSQL(_RUNS_AGAIN, ())  # noqa: S611 - a text of ours
    found = found.annotate(runs_again=again).filter(Q(dossier="") | Q(runs_again=True))
    found = found.exclude(status=CatalogueItem.Status.REMOVED).order_by("-year", "title")[:200]
    return [(str(item.id), f"{item.title}（{item.year}年度{'，重新履行程序' if item.dossier else ''}）") for item in found]
