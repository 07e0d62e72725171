"""/desk/decisions/catalogues/ : which governments have a catalogue of the year, which have none, which an empty one, and why."""

from __future__ import annotations

from collections import Counter

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from yifa.decisions import catalogue_rolls as queries
from yifa.kernel.people.middleware import PersonRequest, acting

ROLES = ("officer", "head", "reviewer", "discloser", "supervisor", "assessor")
LATE = "late"
# The colour of a state beside its word.
TONES = {queries.NONE: "calm", queries.COLLECTED: "today", queries.AGREED: "today", queries.ZERO: "calm", queries.PUBLISHED: "good"}


@acting(*ROLES)
@require_safe
def rolls(request: PersonRequest) -> HttpResponse:
    """The governments one oversees, each with its list of the year; a supervisor presses from here for what is late."""
    today = timezone.localdate()
    text, region = request.GET.get("year", ""), request.GET.get("region", "")[:12]
    year = int(text) if text.isascii() and text.isdecimal() and 2019 <= int(text) <= today.year + 1 else today.year
    region = region if region.isascii() and region.isdecimal() else ""
    state = request.GET.get("state", "")[:12]
    every = queries.rolls(request.actor, year=year, today=today)
    known = [(roll.region, roll.region_name) for roll in every]
    inside = queries.rolls(request.actor, year=year, today=today, region=region) if region else every
    counted = Counter(roll.state for roll in inside)
    late = sum(roll.is_late for roll in inside)
    shown = [roll for roll in inside if not state or roll.state == state or (state == LATE and roll.is_late)]
    context = {
        "rows": [{"roll": roll, "tone": "warn" if roll.is_late else TONES[roll.state]} for roll in shown],
        "total": len(inside),
        "counted": [(key, word, counted[key]) for key, word in queries.WORDS.items() if counted[key]],
        "late": late,
        "states": [*queries.WORDS.items(), (LATE, "有问题的")],
        "state": state,
        "regions": known,
        "region": region,
        "years": range(today.year + 1, 2019, -1),
        "year": year,
        "may_press": request.actor.has("supervisor"),
        "own": request.actor.organisation,
        "keeps": any(roll.government == request.actor.organisation for roll in every) and request.actor.has("officer"),
    }
    return render(request, "decisions/catalogues.html", context)
