"""工作日历: the days that a year's notice moved, with the notice. Everybody who signs in may read it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from yifa.kernel.calendar.models import Day, Notice


@dataclass
class Feast:
    """One holiday as its notice says it: the days off, and the weekend days worked for it."""

    name: str
    off: list[date] = field(default_factory=list)
    work: list[date] = field(default_factory=list)

    @property
    def spans(self) -> list[tuple[date, date]]:
        """The days off, neighbours joined."""
        found: list[tuple[date, date]] = []
        for day in self.off:
            if found and day - found[-1][1] == timedelta(days=1):
                found[-1] = (found[-1][0], day)
            else:
                found.append((day, day))
        return found


def feasts(days: Iterable[Day]) -> list[Feast]:
    """The days of a year by holiday, in the order of the calendar."""
    found: dict[str, Feast] = {}
    for day in days:
        feast = found.setdefault(day.note, Feast(day.note))
        (feast.off if day.kind == "off" else feast.work).append(day.date)
    return list(found.values())


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
        "feasts": feasts(Day.objects.filter(date__year=shown).order_by("date")),
    }
    return render(request, "calendar/year.html", context)
