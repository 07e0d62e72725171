"""/documents/ : the public list of normative documents in force."""

from __future__ import annotations

from django.urls import path

from yifa.normative import public_pages as pages

app_name = "valid"
urlpatterns = [
    path("", pages.valid, name="list"),
    path("check/", pages.check, name="check"),
    path("valid.csv", pages.as_csv, name="csv"),
    path("valid.json", pages.as_json, name="json"),
    path("changes.rss", pages.changes, name="changes"),
    path("cleanups/", pages.cleanups, name="cleanups"),
    path("cleanups/<uuid:ident>/", pages.cleanup, name="cleanup"),
    path("<str:code>/", pages.document, name="document"),
]
