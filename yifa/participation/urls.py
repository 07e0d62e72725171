"""Addresses of the desk where opinions are asked for and answered."""

from __future__ import annotations

from django.urls import path

from yifa.participation import asking_pages, opinion_pages, pages

app_name = "participation"
urlpatterns = [
    path("", pages.rounds, name="rounds"),
    path("new/", pages.new, name="new"),
    path("questionnaires/", asking_pages.listed, name="questionnaires"),
    path("questionnaires/new/", asking_pages.new, name="questionnaire_new"),
    path("questionnaires/<uuid:ident>/", asking_pages.one, name="questionnaire"),
    path("questionnaires/<uuid:ident>/<slug:key>/", asking_pages.written, name="questionnaire_written"),
    path("<uuid:ident>/", pages.one, name="one"),
    path("<uuid:ident>/enter/", pages.enter, name="enter"),
    path("<uuid:ident>/groups/", pages.groups, name="groups"),
    path("<uuid:ident>/groups/<uuid:group>/", pages.group, name="group"),
    path("<uuid:ident>/opinions/<int:n>/", opinion_pages.opinion, name="opinion"),
    path("<uuid:ident>/opinions/<int:n>/contact/", opinion_pages.contact, name="contact"),
    path("<uuid:ident>/opinions/<int:n>/<slug:act>/", opinion_pages.act, name="opinion_act"),
    path("<uuid:ident>/<slug:act>/", pages.act, name="act"),
]
