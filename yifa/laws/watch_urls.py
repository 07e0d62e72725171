"""Addresses of the law watch, of the conflict hints and of the library's desk, to be included under `laws/` before the works' own.

`urls(open_cases, cleanups)` is for the site, which knows the dossiers and hands their reader down, and where a clean-up is begun.
"""

from __future__ import annotations

from collections.abc import Callable

from django.urls import URLPattern, path

from yifa.kernel.people.actors import Actor
from yifa.laws import conflict_pages, days_pages, desk_pages, source_pages, watch_pages


def urls(open_cases: Callable[[Actor, str], object] | None = None, cleanups: str = "") -> list[URLPattern]:
    return [
        path("laws/watch/", watch_pages.impacts, name="law_watch"),
        path("laws/watch/<int:pk>/", watch_pages.impact, {"open_cases": open_cases, "cleanups": cleanups}, name="law_impact"),
        path("laws/conflicts/", conflict_pages.conflicts, name="law_conflicts"),
        path("laws/desk/", desk_pages.desk, name="law_desk"),
        path("laws/desk/events/", desk_pages.events, name="law_events"),
        path("laws/desk/events/<int:pk>/", desk_pages.event, name="law_event"),
        path("laws/desk/differences/", source_pages.differing, name="law_differences"),
        path("laws/desk/differences/<int:pk>/", source_pages.differences, name="law_difference"),
        path("laws/desk/texts/", days_pages.texts, name="law_texts"),
        path("laws/desk/texts/<int:pk>/", days_pages.text, name="law_text"),
        path("laws/desk/suspensions/", days_pages.suspensions, name="law_suspensions"),
        path("laws/desk/suspensions/new/", days_pages.suspend, name="law_suspend"),
        path("laws/desk/suspensions/<int:pk>/", days_pages.suspension, name="law_suspension"),
        path("laws/desk/imports/", desk_pages.imports, name="law_imports"),
    ]
