"""Addresses of a bound case file. `urls(papers)` is for the site, which hands down the reader of what belongs into it."""

from __future__ import annotations

from django.urls import URLPattern, path

from yifa.documents import pages
from yifa.documents.bindings import Papers


def urls(papers: Papers) -> list[URLPattern]:
    return [
        path("desk/cases/<str:code>/bound/", pages.bound, {"papers": papers}, name="bound"),
        path("desk/cases/<str:code>/bound/<uuid:ident>/", pages.download, {"papers": papers}, name="bound_file"),
    ]
