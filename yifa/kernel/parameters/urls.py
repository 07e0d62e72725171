"""Addresses of the parameters, under /parameters/."""

from __future__ import annotations

from django.urls import path

from yifa.kernel.parameters import pages

app_name = "parameters"
urlpatterns = [path("", pages.parameters, name="parameters")]
