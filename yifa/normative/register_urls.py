"""/desk/normative/ : the register of normative documents on the desk."""

from __future__ import annotations

from django.urls import path

from yifa.normative import register_pages as pages

app_name = "register"
urlpatterns = [
    path("", pages.register, name="register"),
    path("import/", pages.enter, name="import"),
    path("documents/<str:code>/", pages.document, name="document"),
]
