"""Addresses of files on their way in, of a piece of evidence, and of the catalogue.

`urls(papers)` is for the site, which knows the documents' room and hands its reader down; `urlpatterns` knows the evidence alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.urls import URLPattern, path

from yifa.dossiers import pages, tus
from yifa.dossiers.catalogue import Paper
from yifa.kernel.people.actors import Actor


def urls(papers: Callable[[Actor, str], Iterable[Paper]] | None = None) -> list[URLPattern]:
    return [
        path("files/", tus.collection, name="files"),
        path("files/<uuid:upload>", tus.item, name="file"),
        path("desk/evidence/<uuid:evidence>/", pages.evidence, name="evidence"),
        path("desk/cases/<str:code>/catalogue/", pages.catalogue, {"papers": papers}, name="catalogue"),
    ]


urlpatterns = urls()
