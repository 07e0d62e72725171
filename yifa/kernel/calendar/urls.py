"""Addresses of the working-day calendar, under /calendar/."""

from __future__ import annotations

from django.urls import path

from yifa.kernel.calendar import pages

app_name = "calendar"
urlpatterns = [
    path("", pages.year, name="calendar"),
    path("<int:year>/", pages.year, name="year"),
]
