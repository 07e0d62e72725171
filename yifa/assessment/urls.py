"""Addresses of the assessment, under /assessment/."""

from __future__ import annotations

from django.urls import path

from yifa.assessment import pages, set_pages

app_name = "assessment"
urlpatterns = [
    path("", pages.overview, name="overview"),
    path("outcomes/<slug:code>/", pages.outcome, name="outcome"),
    path("units/", pages.units, name="units"),
    path("sets/", set_pages.sets, name="sets"),
    path("sets/new/", set_pages.new_set, name="new_set"),
    path("sets/<int:number>/", set_pages.one_set, name="set"),
    path("sets/<int:number>/<slug:act>/", set_pages.decide_set, name="decide_set"),
    path("rounds/", set_pages.rounds, name="rounds"),
    path("rounds/<int:number>/", set_pages.closed_round, name="round"),
]
