"""One repeal as a whole: a code that ends ten laws ends them on one day, and what rests on any of them is to be looked through at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from yifa.laws import tracing
from yifa.laws.models import ChangeEvent, Work


@dataclass(frozen=True)
class Repeal:
    """`instrument`: the title of what did it; `titles` of the works that ended with it on that day."""

    instrument: str
    on: date
    titles: Sequence[str]


def repeal_of(slug: str) -> Repeal | None:
    """The repeal that ended a work, with all that it ended besides; None for a work that has not ended or whose end nobody confirmed."""
    held = ChangeEvent.objects.filter(kind__in=tracing.ENDS).exclude(state__in=(ChangeEvent.State.REJECTED, ChangeEvent.State.PROPOSED))
    event = held.filter(work__slug=slug).select_related("instrument_work", "work").order_by("-on").first()
    if event is None:
        return None
    with_it = held.filter(on=event.on)
    same = with_it.filter(instrument_work=event.instrument_work) if event.instrument_work else with_it.filter(instrument=event.instrument)
    titles = list(Work.objects.filter(pk__in=same.values("work")).order_by("sort_key", "title").values_list("title", flat=True))
    name = event.instrument_work.title if event.instrument_work else event.instrument
    return Repeal(name, event.on, titles if name else [event.work.title])


def title_of(slug: str) -> str:
    """The title of a work; "" for one that is not held."""
    return Work.objects.filter(slug=slug).values_list("title", flat=True).first() or ""
