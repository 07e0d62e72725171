"""Addresses of complaints and clues on the desk, to be included under `supervision/`."""

from __future__ import annotations

from django.urls import path

from yifa.supervision import complaint_pages

app_name = "complaints"
urlpatterns = [
    path("complaints/", complaint_pages.complaints, name="list"),
    path("complaints/<str:league>/<uuid:ident>/", complaint_pages.complaint, name="one"),
    path("clues/", complaint_pages.clues, name="clues"),
    path("clues/<str:league>/<uuid:ident>/", complaint_pages.handle_clue, name="handle_clue"),
]
