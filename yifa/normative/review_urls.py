"""/desk/normative/review/ : 备案审查 on the desk."""

from __future__ import annotations

from django.urls import path

from yifa.normative import hint_pages
from yifa.normative import review_pages as pages

app_name = "filing"
urlpatterns = [
    path("", pages.reviews, name="reviews"),
    path("<str:code>/", pages.review, name="review"),
    path("<str:code>/hint/", hint_pages.hint, name="hint"),
]
