"""Addresses of the evaluation of rules on the desk, under /evaluation/."""

from __future__ import annotations

from django.urls import path

from yifa.evaluation import bank_pages, pages, report_pages

app_name = "evaluation"
urlpatterns = [
    path("", pages.overview, name="overview"),
    path("works/<str:slug>/", pages.work, name="work"),
    path("asleep/", pages.asleep, name="asleep"),
    path("enforceable/", pages.enforceable, name="enforceable"),
    path("questions/", bank_pages.questions, name="questions"),
    path("questions/new/", bank_pages.new_question, name="new_question"),
    path("questions/<int:number>/<slug:act>/", bank_pages.review, name="review"),
    path("reports/", report_pages.reports, name="reports"),
    path("reports/new/", report_pages.new_report, name="new_report"),
    path("reports/<uuid:ident>/", report_pages.report, name="report"),
    path("reports/<uuid:ident>/<slug:act>/", report_pages.decide, name="decide"),
]
