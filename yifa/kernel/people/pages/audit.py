"""For the audit administrator: who signed in or tried to, and every act on the register. He reads and changes nothing."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache

from yifa.kernel.people import queries
from yifa.kernel.people.middleware import PersonRequest, acting
from yifa.kernel.people.models import SignIn
from yifa.kernel.people.roles import ADMIN_AUDIT

PAGE = 50


@never_cache
@acting(ADMIN_AUDIT)
def sign_ins(request: PersonRequest) -> HttpResponse:
    text, outcome = request.GET.get("q", "").strip(), request.GET.get("outcome", "")
    try:
        found = queries.sign_ins(request.actor, text=text, outcome=outcome, after=request.GET.getlist("after"), limit=PAGE + 1)
    except ValueError:
        raise Http404 from None
    more = ""
    if len(found) > PAGE:
        last = found[PAGE - 1]
        more = urlencode({"q": text, "outcome": outcome, "after": [last.at.isoformat(), str(last.id)]}, doseq=True)
    shown = {"sign_ins": found[:PAGE], "next": more, "q": text, "outcome": outcome, "outcomes": SignIn.Outcome.choices}
    return render(request, "people/sign_ins.html", shown)


@never_cache
@acting(ADMIN_AUDIT)
def acts(request: PersonRequest) -> HttpResponse:
    text = request.GET.get("q", "").strip()
    try:
        found = queries.register_acts(request.actor, text=text, after=request.GET.getlist("after"), limit=PAGE + 1)
    except ValueError:
        raise Http404 from None
    more = ""
    if len(found) > PAGE:
        last = found[PAGE - 1]
        more = urlencode({"q": text, "after": [last.recorded_at.isoformat(), last.chain, str(last.seq)]}, doseq=True)
    return render(request, "people/acts.html", {"acts": found[:PAGE], "next": more, "q": text})
