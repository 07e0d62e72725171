"""/desk/decisions/ : all matters with their lamps, one matter with its score."""

from __future__ import annotations

from django.urls import path

from yifa.decisions.pages import catalogues, overview, rerunning, responsibility
from yifa.decisions.pages import matters as pages

app_name = "decisions"
urlpatterns = [
    path("", overview.overview, name="overview"),
    path("export.csv", overview.export, name="export"),
    path("catalogues/", catalogues.rolls, name="catalogues"),
    path("<str:code>/", pages.matter, name="matter"),
    path("<str:code>/responsibility/", responsibility.file, name="responsibility"),
    path("<str:code>/score.csv", pages.score_sheet, name="score"),
    path("<str:code>/rerun/", rerunning.rerun, name="rerun"),
    path("<str:code>/confirm/", pages.confirm, name="confirm"),
    path("<str:code>/close/", pages.close, name="close"),
]
