"""For the audit administrator: who has seen sensitive data, of which case or person, and by which right. He reads and changes nothing."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from yifa.kernel.people import reading_words, readings
from yifa.kernel.people.middleware import PersonRequest, acting
from yifa.kernel.people.roles import ADMIN_AUDIT

PAGE = 50


@never_cache
@require_safe
@acting(ADMIN_AUDIT)
def index(request: PersonRequest) -> HttpResponse:
    """The log, newest first; every line says its case, and a case and a person lead to all lines of theirs."""
    person, subject = request.GET.get("person", "").strip()[:40], request.GET.get("subject", "").strip()[:80]
    typed = request.GET.get("day", "")
    wrong, day = "", None
    try:
        day = date.fromisoformat(typed) if typed else None
    except ValueError:
        wrong = "日期应当写成 2026-11-22 这样的年、月、日"
    try:
        after = request.GET.getlist("after")
        found = [] if wrong else readings.readings(request.actor, person=person, subject=subject, day=day, after=after, limit=PAGE + 1)
    except ValueError:
        raise Http404 from None
    kept = {"person": person, "subject": subject, "day": typed}
    more = ""
    if len(found) > PAGE:
        last = found[PAGE - 1]
        more = urlencode({**kept, "after": [last.at.isoformat(), str(last.id)]}, doseq=True)
    lines = [
        {
            "line": line,
            "what": reading_words.what(line.items, line.detail),
            "way": reading_words.WAYS.get(line.way, line.way),
            "ground": reading_words.GROUNDS.get(line.ground, line.ground),
            "is_case": ":" not in line.subject,
        }
        for line in found[:PAGE]
    ]
    return render(request, "people/readings.html", {"lines": lines, "next": more, "wrong": wrong, **kept}, status=400 if wrong else 200)
