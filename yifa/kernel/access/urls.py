"""Addresses of this room."""

from __future__ import annotations

from django.urls import path

from yifa.kernel.access import pages

app_name = "access"
urlpatterns = [
    path("", pages.index, name="grants"),
    path("new/", pages.give, name="give"),
    path("<uuid:pk>/withdraw/", pages.withdraw, name="withdraw"),
]
