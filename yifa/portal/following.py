"""重大行政决策 followed by e-mail: one matter, or the catalogue of a place; what opens and what is published comes by mail.

Topics `matter:<id>` and `catalogue:<region>` of `people.mailing`. What the page of a matter tells (`public_matter`) is what is
mailed, each once; what was told before somebody confirmed is not sent to him.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from yifa.decisions import catalogue_queries, public_matter
from yifa.kernel.people import mailing
from yifa.kernel.people.mailing import AskError, Topic
from yifa.kernel.people.messages import Message
from yifa.portal import services
from yifa.portal.pages import address, limited

KIND = "决策进展"
MATTER, CATALOGUE = "matter", "catalogue"
MOST = 200  # matters of a place that are looked at


def topic_of(key: str, today: date) -> tuple[Topic, str] | None:
    """What a key means: the topic and its page; None for what is not public."""
    kind, _, what = key.partition(":")
    if kind == MATTER:
        found = public_matter.matter(_ident(what), today)
        return (_topic(key, f"决策事项“{found.shown.row.title}”"), f"/decisions/{found.shown.row.id}/") if found else None
    name = dict(catalogue_queries.regions(today)).get(what) if kind == CATALOGUE else None
    return (_topic(key, f"{name}的决策事项目录"), f"/decisions/?region={what}") if name else None


def news_of(key: str, today: date) -> Iterator[Message]:
    """What the public was told of a topic, each piece with the title of its matter."""
    kind, _, what = key.partition(":")
    idents = [_ident(what)] if kind == MATTER else [each.row.id for each in catalogue_queries.matters(today, region=what, limit=MOST)]
    for ident in idents:
        if found := public_matter.matter(ident, today):
            title = found.shown.row.title
            for each in found.events:
                yield Message(
                    KIND, f"{title}：{each.words}"[:200], f"您关注的决策事项“{title}”有新的进展：{each.words}。", each.url, each.key
                )


def _ident(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


def _topic(key: str, title: str) -> Topic:
    return Topic(key, title, KIND, lambda token: reverse("portal:followed", args=[token]))


def tell(*, today: date, at: datetime) -> int:
    """Mails what is new of everything that somebody follows. How many pieces of news went out."""
    keys = [f"{kind}:{what}" for kind in (MATTER, CATALOGUE) for what in mailing.followed(kind)]
    return sum(_tell(key, today=today, at=at) for key in keys)


def _tell(key: str, *, today: date, at: datetime) -> int:
    found = topic_of(key, today)
    return mailing.tell_new(found[0], list(news_of(key, today)), at=at) if found else 0


@limited
@require_POST
def follow(request: HttpRequest) -> HttpResponse:
    """An address is left: the link that confirms is sent there."""
    services.count("follow", address=address(request))
    found, why = topic_of(request.POST.get("topic", ""), timezone.localdate()), ""
    if found is None:
        raise Http404("没有这个决策事项，或者它没有公布")
    topic, page = found
    try:
        mailing.ask(topic, request.POST.get("email", ""), at=timezone.now())
    except AskError as problem:
        why = str(problem)
    kind, _, what = topic.key.partition(":")
    context = {"title": topic.title, "kind": kind, "what": what, "page": page, "why": why, "email": request.POST.get("email", "")}
    return render(request, "portal/follow.html", context, status=422 if why else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def followed(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the link in a mail: to confirm, or to leave. Opening it changes nothing: programs that read mail open links, too."""
    row, today, now = mailing.by_token(token), timezone.localdate(), timezone.now()
    found = topic_of(row.topic, today) if row else None
    if row is None or row.topic.partition(":")[0] not in (MATTER, CATALOGUE):
        return render(request, "portal/followed.html", {"row": None}, status=404)
    done = ""
    if request.method == "POST" and request.POST.get("act") == "end":
        done = "ended"
        mailing.end(row)
    elif request.method == "POST":
        done = "confirmed"
        # What there is now goes to those who follow already, so that the new one hears of what comes from now on.
        _tell(row.topic, today=today, at=now)
        mailing.confirm(row, at=now)
    return render(request, "portal/followed.html", {"row": row, "page": found[1] if found else "/decisions/", "done": done})
