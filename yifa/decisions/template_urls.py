"""/desk/decisions/templates/ : the sets of templates, from the file to the day on which one holds."""

from __future__ import annotations

from django.urls import path

from yifa.decisions.pages import templates as pages

app_name = "template_sets"
urlpatterns = [
    path("", pages.sets, name="list"),
    path("new/", pages.new, name="new"),
    path("<uuid:ident>/", pages.one, name="one"),
    path("<uuid:ident>/<slug:act>/", pages.act, name="act"),
]
