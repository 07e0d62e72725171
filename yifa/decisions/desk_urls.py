"""/desk/decisions/ : all matters with their lamps, one matter with its score."""

from __future__ import annotations

from django.urls import path

from yifa.decisions.pages import matters as pages

app_name = "decisions"
urlpatterns = [
    path("", pages.overview, name="overview"),
    path("<str:code>/", pages.matter, name="matter"),
    path("<str:code>/confirm/", pages.confirm, name="confirm"),
    path("<str:code>/close/", pages.close, name="close"),
]
