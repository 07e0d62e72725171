"""/desk/decisions/hearings/ : hearings, from the notice to the signed minutes."""

from __future__ import annotations

from django.urls import path

from yifa.decisions.pages import hearings as pages

app_name = "hearings"
urlpatterns = [
    path("", pages.hearing_list, name="list"),
    path("new/", pages.new, name="new"),
    path("<uuid:ident>/", pages.one, name="one"),
    path("<uuid:ident>/people/", pages.people, name="people"),
    path("<uuid:ident>/minutes/", pages.minutes_page, name="minutes"),
    path("<uuid:ident>/<slug:act>/", pages.act, name="act"),
]
