"""Addresses of the assessment, under /assessment/."""

from __future__ import annotations

from django.urls import path

from yifa.assessment import pages

app_name = "assessment"
urlpatterns = [
    path("", pages.overview, name="overview"),
    path("outcomes/<slug:code>/", pages.outcome, name="outcome"),
    path("units/", pages.units, name="units"),
    path("sets/", pages.sets, name="sets"),
    path("rounds/<int:number>/", pages.closed_round, name="round"),
]
