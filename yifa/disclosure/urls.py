"""Addresses of the public list and of taking a publication back."""

from __future__ import annotations

from django.urls import path

from yifa.disclosure import pages

app_name = "disclosure"
urlpatterns = [
    path("disclosure/", pages.published, name="list"),
    path("desk/cases/<str:code>/withdraw/", pages.withdraw, name="withdraw"),
]
