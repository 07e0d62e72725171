"""/decisions/ : the catalogue of major decisions as everybody reads it, and the feed of its changes."""

from __future__ import annotations

from datetime import UTC, datetime, time
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Rss201rev2Feed
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from yifa.decisions import catalogue_queries as queries
from yifa.procedures.core import BEIJING


@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """The matters of one place and year: where each stands and when one can next take part."""
    today = timezone.localdate()
    region, text = request.GET.get("region", "")[:12], request.GET.get("year", "")
    years = queries.years(today)
    year = int(text) if text.isdecimal() and len(text) == 4 else (years[0] if years else None)
    after = _cursor(request.GET.get("after", ""))
    found = queries.matters(today, region=region, year=year, after=after, limit=queries.PAGE + 1)
    rows, following = found[: queries.PAGE], ""
    if len(found) > queries.PAGE:
        following = urlencode({"region": region, "year": year or "", "after": f"{rows[-1].row.id} {rows[-1].row.title}"})
    context = {
        "rows": rows,
        "open_now": [each for each in rows if each.next.now],
        "next": following,
        "regions": queries.regions(today),
        "region": region,
        "years": years,
        "year": year,
        "feed": _feed(region),
    }
    return render(request, "decisions/catalogue.html", context)


def _feed(region: str) -> str:
    return reverse("catalogue:changes") + (f"?{urlencode({'region': region})}" if region else "")


def _cursor(text: str) -> tuple[str, UUID] | None:
    ident, _, title = text.partition(" ")
    try:
        return (title, UUID(ident)) if title else None
    except ValueError:
        return None


@require_safe
def changes(request: HttpRequest) -> HttpResponse:
    """RSS: what was listed, added or removed, and which hearings were announced."""
    feed = Rss201rev2Feed(
        title="重大行政决策事项目录的变动",
        link=request.build_absolute_uri(reverse("catalogue:list")),
        description="列入、增列、调出目录的事项和听证公告",
        language="zh-CN",
    )
    for each in queries.news(timezone.localdate(), region=request.GET.get("region", "")[:12]):
        feed.add_item(
            title=each.words,
            link=request.build_absolute_uri(each.url),
            description=f"{each.on:%Y-%m-%d}",
            unique_id=each.key,
            unique_id_is_permalink=False,
            pubdate=datetime.combine(each.on, time(), BEIJING).astimezone(UTC),
        )
    return HttpResponse(feed.writeString("utf-8"), content_type="application/rss+xml; charset=utf-8")
