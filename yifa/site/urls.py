"""Addresses of the whole site, one line an app."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("laws/", include("yifa.laws.urls")),
    path("", include("yifa.dossiers.urls")),
]
