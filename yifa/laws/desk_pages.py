"""The desk of the library: what waits for a person, proposed repeals beside their sentence, and what the last imports found."""

from __future__ import annotations

from collections import Counter
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from yifa.kernel.people.middleware import PersonRequest, acting
from yifa.laws import deciding, keeping, queries
from yifa.laws.access import KEEPERS, may_keep
from yifa.laws.deciding import DecidedError
from yifa.laws.models import ChangeEvent

PROPOSED, CONFIRMED, REJECTED = ChangeEvent.State.PROPOSED.value, ChangeEvent.State.CONFIRMED.value, ChangeEvent.State.REJECTED.value
LINES = 100  # irregularities on one page


def finding(problem: DecidedError) -> list[dict[str, Any]]:
    """A refusal as `part/refusal.html` shows it, with its articles."""
    cites = [{"label": str(article), "url": queries.permalink(article)} for article in problem.cites]
    return [{"text": str(problem), "cites": cites, "unblock": problem.unblock}]


def number_in(request: HttpRequest, name: str) -> int:
    """A number of the address or the form, 0 when it is none."""
    stated = (request.POST if request.method == "POST" else request.GET).get(name, "")
    return int(stated) if stated.isascii() and stated.isdecimal() and len(stated) < len("1000000000000000000") else 0


@acting(*KEEPERS)
@require_safe
def desk(request: PersonRequest) -> HttpResponse:
    """What waits, with the way to each."""
    waiting = keeping.waiting(timezone.localdate())
    return render(request, "laws/desk.html", {"waiting": waiting, "differences": sum(waiting.differences.values())})


@acting(*KEEPERS)
@require_safe
def events(request: PersonRequest) -> HttpResponse:
    """Repeals that a sentence of another text names."""
    states = [(PROPOSED, "待确认"), (CONFIRMED, "已确认"), (REJECTED, "不成立")]
    state = request.GET.get("state", PROPOSED)
    if state not in dict(states):
        raise Http404
    return render(request, "laws/desk_events.html", {"rows": keeping.events(state), "states": states, "state": state})


@acting(*KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def event(request: PersonRequest, pk: int) -> HttpResponse:
    """One proposed repeal: the sentence in its article, the work it names, and the decision."""
    row = ChangeEvent.objects.select_related("work", "instrument_work", "decided_by").exclude(state=ChangeEvent.State.STATED).filter(pk=pk)
    found = row.first()
    if found is None:
        raise Http404("没有这件等待确认的废止")
    refused: list[dict[str, Any]] = []
    if request.method == "POST":
        answer = request.POST.get("answer", "")
        try:
            if answer not in {CONFIRMED, REJECTED}:
                raise DecidedError("请选择“成立”或者“不成立”。")
            deciding.decide_event(
                pk, by=request.actor, is_confirmed=answer == CONFIRMED, reason=request.POST.get("reason", ""), at=timezone.now()
            )
        except DecidedError as problem:
            refused, found = finding(problem), row.get()
        else:
            messages.success(request, f"已记录：《{found.work.title}》的{found.kind}{'成立' if answer == CONFIRMED else '不成立'}。")
            return redirect("law_events")
    spoken = keeping.spoken(found)
    on = timezone.localdate()
    target = queries.expression_on(found.work, on)
    context = {
        "row": found,
        "spoken": spoken,
        "parts": spoken[1].text.partition(found.basis) if spoken else None,
        "target": target,
        "target_status": target.status(on) if target else "",
        "opening": queries.outline(target)[:12] if target else [],
        "is_open": found.state == PROPOSED,
        "may": may_keep(request.actor, found.work.region),
        "stated": {name: request.POST.get(name, "") for name in ("answer", "reason")},
        "findings": refused,
    }
    return render(request, "laws/desk_event.html", context, status=422 if refused else 200)


@acting(*KEEPERS)
@require_safe
def imports(request: PersonRequest) -> HttpResponse:
    """The last imports, and every irregularity of one of them; and what does not fit in the library as it stands."""
    asked = number_in(request, "run")
    run = keeping.run(asked) if asked else keeping.last_run()
    if asked and run is None:
        raise Http404("没有这次导入")
    sort, words = request.GET.get("sort", "").strip()[:60], request.GET.get("q", "").strip()[:100]
    every = run.irregular if run else []
    sorts = Counter(keeping.sort_of(each["reason"]) for each in every).most_common()
    lines = [
        each
        for each in every
        if (not sort or keeping.sort_of(each["reason"]) == sort) and (words in each["path"] or words in each["reason"])
    ]
    offset = number_in(request, "offset")
    asked_for = {"run": run.pk if run else "", "sort": sort, "q": words}
    kept = {name: value for name, value in asked_for.items() if value}
    context = {
        "run": run,
        "sources": [keeping.source_title(each) for each in run.sources] if run else [],
        "runs": keeping.runs(),
        "faults": keeping.faults(),
        "sorts": [(name, n, urlencode({"run": run.pk if run else "", "sort": name})) for name, n in sorts],
        "sort": sort,
        "q": words,
        "lines": lines[offset : offset + LINES],
        "count": len(lines),
        "next": urlencode({**kept, "offset": offset + LINES}) if len(lines) > offset + LINES else "",
        "previous": urlencode({**kept, "offset": max(0, offset - LINES)}) if offset else "",
    }
    return render(request, "laws/desk_imports.html", context)
