"""/desk/decisions/clues/ : forged papers and evaded lists, from what a supervisor found to the conclusion."""

from __future__ import annotations

from django.urls import path

from yifa.decisions.pages import clues as pages

app_name = "clues"
urlpatterns = [
    path("", pages.clue_list, name="list"),
    path("new/", pages.new, name="new"),
    path("<uuid:ident>/", pages.one, name="one"),
    path("<uuid:ident>/<slug:act>/", pages.act, name="act"),
]
