"""/decisions/ : the catalogue of major decisions as everybody reads it, one matter of it, and the feeds of their changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Rss201rev2Feed
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from yifa.decisions import catalogue_queries as queries
from yifa.decisions import catalogue_rolls, public_matter
from yifa.kernel.parameters.rules import significant
from yifa.procedures.core import BEIJING


@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """The matters of one place and year, where each stands and when one can next take part; lists without a matter, with the reason."""
    today = timezone.localdate()
    region, text = request.GET.get("region", "")[:12], request.GET.get("year", "")
    region = region if region.isascii() and region.isdecimal() else ""
    empty = catalogue_rolls.zero_lists(today)
    years = sorted({*queries.years(today), *(roll.year for roll in empty)}, reverse=True)
    regions = sorted({*queries.regions(today), *((roll.region, roll.region_name) for roll in empty)})
    year = int(text) if text.isdecimal() and len(text) == 4 else (years[0] if years else None)
    after = _cursor(request.GET.get("after", ""))
    found = queries.matters(today, region=region, year=year, after=after, limit=queries.PAGE + 1)
    rows, following = found[: queries.PAGE], ""
    if len(found) > queries.PAGE:
        following = urlencode({"region": region, "year": year or "", "after": f"{rows[-1].row.id} {rows[-1].row.title}"})
    place = significant(region) if region else ""
    context = {
        "rows": rows,
        # What is said of a whole list is said once, however many of its matters are shown.
        "rolls": list({each.row.catalogue: each.row for each in rows if each.row.status != "added"}.values()),
        "empty": [roll for roll in empty if roll.year == year and roll.region.startswith(place)] if after is None else [],
        "open_now": [each for each in rows if each.next.now],
        "next": following,
        "regions": regions,
        "region": region,
        "years": years,
        "year": year,
        "feed": _feed(region),
    }
    return render(request, "decisions/catalogue.html", context)


@require_safe
def matter(request: HttpRequest, ident: UUID) -> HttpResponse:
    """One matter: where it stands, what was put before the public, what was decided, and how to be told of what comes."""
    found = public_matter.matter(ident, timezone.localdate())
    if found is None:
        raise Http404("没有这个决策事项，或者它没有公布")
    return render(request, "decisions/public_matter.html", {"matter": found, "row": found.shown.row, "today": timezone.localdate()})


@require_safe
def matter_changes(request: HttpRequest, ident: UUID) -> HttpResponse:
    """RSS: what the public is told of one matter."""
    found = public_matter.matter(ident, timezone.localdate())
    if found is None:
        raise Http404("没有这个决策事项，或者它没有公布")
    row = found.shown.row
    link = reverse("catalogue:matter", args=[ident])
    return _rss(request, f"{row.title}的进展", "征求意见、问卷、听证、决定和解读", link, found.events[::-1])


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
    told = queries.news(timezone.localdate(), region=request.GET.get("region", "")[:12])
    return _rss(request, "重大行政决策事项目录的变动", "列入、增列、调出目录的事项和听证公告", reverse("catalogue:list"), told)


def _rss(request: HttpRequest, title: str, description: str, link: str, told: Sequence[queries.News]) -> HttpResponse:
    feed = Rss201rev2Feed(title=title, link=request.build_absolute_uri(link), description=description, language="zh-CN")
    for each in told:
        feed.add_item(
            title=each.words,
            link=request.build_absolute_uri(each.url),
            description=f"{each.on:%Y-%m-%d}",
            unique_id=each.key,
            unique_id_is_permalink=False,
            pubdate=datetime.combine(each.on, time(), BEIJING).astimezone(UTC),
        )
    return HttpResponse(feed.writeString("utf-8"), content_type="application/rss+xml; charset=utf-8")
