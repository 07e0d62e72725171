"""/desk/normative/drafts/ : the drafts of a document on its way, compared and taken home as Word files."""

from __future__ import annotations

from django.urls import path

from yifa.normative import word_pages as pages

app_name = "word"
urlpatterns = [
    path("<str:code>/", pages.rounds, name="rounds"),
    path("<str:code>/compare/", pages.side_by_side, name="compare"),
    path("<str:code>/compared.docx", pages.take_comparison, name="compared"),
    path("<str:code>/commented.docx", pages.take_comments, name="commented"),
]
