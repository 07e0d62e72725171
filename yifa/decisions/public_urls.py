"""/decisions/ : the public catalogue of major decisions. Hearings, which take applications, are the portal's."""

from __future__ import annotations

from django.urls import path

from yifa.decisions.pages import public as pages

app_name = "catalogue"
urlpatterns = [
    path("", pages.catalogue, name="list"),
    path("changes.rss", pages.changes, name="changes"),
    path("<uuid:ident>/", pages.matter, name="matter"),
    path("<uuid:ident>/changes.rss", pages.matter_changes, name="matter_changes"),
]
