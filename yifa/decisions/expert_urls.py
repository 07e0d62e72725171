"""/desk/decisions/experts/ : the register of experts and their drawing."""

from __future__ import annotations

from django.urls import path

from yifa.decisions.pages import experts as pages

app_name = "experts"
urlpatterns = [
    path("", pages.register, name="register"),
    path("import/", pages.take_list, name="import"),
    path("draw/", pages.drawings, name="drawings"),
    path("draw/<uuid:ident>/", pages.drawing, name="drawing"),
    path("draw/<uuid:ident>/<slug:act>/", pages.drawing_act, name="drawing_act"),
    path("<uuid:ident>/", pages.one, name="one"),
]
