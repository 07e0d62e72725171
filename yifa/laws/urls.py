"""/laws/ : the list, a work by its title, an article by its key."""

from django.urls import path

from yifa.laws import pages

app_name = "laws"
urlpatterns = [
    path("", pages.library, name="library"),
    path("<str:slug>/", pages.work, name="work"),
    path("<str:slug>/<str:key>", pages.article, name="article"),
]
