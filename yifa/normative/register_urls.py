"""/desk/normative/ : the register of normative documents on the desk."""

from __future__ import annotations

from django.urls import path

from yifa.normative import campaign_pages, list_pages
from yifa.normative import register_pages as pages

app_name = "register"
urlpatterns = [
    path("", pages.register, name="register"),
    path("import/", pages.enter, name="import"),
    path("cleanups/", campaign_pages.campaign_list, name="campaigns"),
    path("cleanups/<uuid:ident>/", campaign_pages.campaign, name="campaign"),
    path("cleanups/<uuid:ident>/<slug:act>/", campaign_pages.campaign_act, name="campaign_act"),
    path("evidence/<uuid:ident>/", campaign_pages.put_evidence, name="evidence"),
    path("lists/", list_pages.lists, name="lists"),
    path("lists/<uuid:ident>/", list_pages.one, name="list"),
    path("documents/<str:code>/", pages.document, name="document"),
]
