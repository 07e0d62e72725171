"""/desk/normative/objections/ : 异议审查 and 附带审查 on the desk."""

from __future__ import annotations

from django.urls import path

from yifa.normative import objection_pages as pages

app_name = "objections"
urlpatterns = [
    path("", pages.objections, name="list"),
    path("incidental/", pages.incidental, name="incidental"),
    path("enter/", pages.enter, name="enter"),
    path("of/<str:code>/", pages.of_case, name="of_case"),
    path("<uuid:ident>/", pages.objection, name="one"),
]
