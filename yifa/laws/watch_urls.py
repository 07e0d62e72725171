"""Addresses of the law watch and of the conflict hints, to be included under `laws/` before the works' own.

`urls(open_cases)` is for the site, which knows the dossiers and hands their reader down.
"""

from __future__ import annotations

from collections.abc import Callable

from django.urls import URLPattern, path

from yifa.kernel.people.actors import Actor
from yifa.laws import conflict_pages, watch_pages


def urls(open_cases: Callable[[Actor, str], object] | None = None) -> list[URLPattern]:
    return [
        path("laws/watch/", watch_pages.impacts, name="law_watch"),
        path("laws/watch/<int:pk>/", watch_pages.impact, {"open_cases": open_cases}, name="law_impact"),
        path("laws/conflicts/", conflict_pages.conflicts, name="law_conflicts"),
    ]
