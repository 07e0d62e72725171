"""Addresses of the public log, to be included under `log/`."""

from __future__ import annotations

from django.urls import path

from . import pages

app_name = "ledger"
urlpatterns = [
    path("checkpoint", pages.checkpoint, name="checkpoint"),
    path("key", pages.key, name="key"),
    path("tile/<path:path>", pages.tile, name="tile"),
]
