"""What may be picked where a step asks for a line of the catalogue."""

from __future__ import annotations

from collections.abc import Sequence

from yifa.decisions.models import CatalogueItem


def waiting(government: str) -> Sequence[tuple[str, str]]:
    """The matters of a government's published catalogues that nobody has begun yet, newest year first: (id, title)."""
    found = CatalogueItem.objects.filter(government_id=government, dossier="", published_on__isnull=False)
    found = found.exclude(status=CatalogueItem.Status.REMOVED).order_by("-year", "title")[:200]
    return [(str(item.id), f"{item.title}（{item.year}年度）") for item in found]
