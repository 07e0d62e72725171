"""Addresses of the figures, under /supervision/figures/."""

from __future__ import annotations

from django.urls import path

from yifa.supervision import figure_pages

app_name = "figures"
urlpatterns = [
    path("", figure_pages.figures, name="figures"),
    path("<slug:figure_id>/", figure_pages.figure, name="figure"),
]
