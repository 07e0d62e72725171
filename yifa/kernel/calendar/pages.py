"""工作日历: the days that a year's notice moved, with the notice. Everybody who signs in may read it."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from yifa.kernel.calendar.models import Day, Notice


@login_required
def year(request: HttpRequest, year: int | None = None) -> HttpResponse:
    """One year; a year without a notice says so instead of looking like one without holidays."""
    shown = year or timezone.localdate().year
    if not 1949 <= shown <= 9998:
        raise Http404("没有这一年")
    years = sorted(Notice.objects.values_list("year", flat=True).distinct())
    context = {
        "year": shown,
        "years": [each for each in years if abs(each - shown) <= 3],
        "notice": Notice.objects.filter(year=shown).order_by("-pk").first(),
        "days": Day.objects.filter(date__year=shown).select_related("notice").order_by("date"),
    }
    return render(request, "calendar/year.html", context)
