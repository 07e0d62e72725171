"""/laws/ : the search, what a person follows, a work by its title with its versions, an article by its key."""

from django.urls import path

from yifa.laws import following_pages, pages, search_pages, version_pages

app_name = "laws"
urlpatterns = [
    path("", search_pages.library, name="library"),
    path("download", search_pages.download, name="download"),
    path("following/", following_pages.index, name="following"),
    path("mail/<str:token>/", following_pages.mail, name="mail"),
    path("<str:slug>/follow", following_pages.follow, name="follow"),
    path("<str:slug>/mail", following_pages.ask, name="ask_mail"),
    path("<str:slug>/compare", version_pages.compare, name="compare"),
    path("<str:slug>/download", version_pages.download, name="download_work"),
    path("<str:slug>/changes.rss", version_pages.changes_rss, name="changes"),
    path("<str:slug>/", pages.work, name="work"),
    path("<str:slug>/<str:key>", pages.article, name="article"),
]
