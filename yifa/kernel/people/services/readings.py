"""The reading log: whoever hands out sensitive data says so here first. One function for pages, interface, downloads and portal."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone

from yifa.kernel.people.actors import Actor
from yifa.kernel.people.models import Reading
from yifa.kernel.people.reading_words import GROUNDS, ITEMS, WAYS

# Who reads as a party has proved that the decision is his and has said no name.
PARTY = "当事人"


def note_reading(
    *,
    by: Actor | None,
    subject: str,
    label: str,
    league: str,
    body: str,
    items: Iterable[str],
    way: str,
    ground: str,
    detail: str = "",
) -> None:
    """One row for one page, however much of it is sensitive; nothing when `items` is empty. ValueError for a word that the log lacks.

    It is written before the answer leaves, on the same connection: where it cannot be noted, nothing is shown. `by` None = the party.
    """
    seen = list(dict.fromkeys(items))
    if not seen:
        return
    if unknown := [word for word in seen if word not in ITEMS] + [word for word in (way,) if word not in WAYS]:
        raise ValueError(f"the reading log knows no {', '.join(unknown)}")
    if ground not in GROUNDS:
        raise ValueError(f"the reading log knows no ground {ground!r}")
    Reading.objects.create(
        league=league,
        at=timezone.now(),
        reader=by.person if by else "",
        reader_name=by.name if by else PARTY,
        organisation=by.organisation if by else "",
        subject=subject,
        label=label[:200],
        body=body,
        items=seen,
        detail=detail[:200],
        way=way,
        ground=ground,
    )
