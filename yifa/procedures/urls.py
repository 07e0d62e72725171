"""Addresses of the desk."""

from __future__ import annotations

from django.urls import path

from yifa.procedures import block_pages, pages, search

urlpatterns = [
    path("", pages.todo, name="todo"),
    path("search/", search.search, name="search"),
    path("cases/", pages.cases, name="cases"),
    path("cases/<str:code>/", pages.case, name="case"),
    path("cases/<str:code>/do/<str:name>/", pages.step, name="step"),
    path("cases/<str:code>/preview/<str:name>/", pages.preview, name="preview"),
    path("cases/<str:code>/receipt/", pages.download_receipt, name="receipt"),
    path("start/<str:procedure>/", pages.start, name="start"),
    path("blocks/", block_pages.pads, name="blocks"),
    path("blocks/<uuid:block>/<slug:act>/", block_pages.pad, name="block"),
    path("drafts/", pages.draft, name="draft"),
    path("pick/<str:kind>/", pages.pick, name="pick"),
]
