"""For the audit administrator: who signed in or tried to, and every act on the register. He reads and changes nothing."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache

from yifa.kernel.people import queries, register_words
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
    text, kind = request.GET.get("q", "").strip(), request.GET.get("kind", "")
    chain = f"{kind}:{_key_of(kind, text)}" if kind in register_words.OBJECTS else text
    try:
        found = queries.register_acts(request.actor, text=chain, after=request.GET.getlist("after"), limit=PAGE + 1)
    except ValueError:
        raise Http404 from None
    more = ""
    if len(found) > PAGE:
        last = found[PAGE - 1]
        more = urlencode({"q": text, "kind": kind, "after": [last.recorded_at.isoformat(), last.chain, str(last.seq)]}, doseq=True)
    names = queries.names_of_chains([one.chain for one in found[:PAGE]])
    shown = [
        {
            "at": one.recorded_at,
            "kind": register_words.object_of(one.chain)[0],
            "name": names.get(one.chain, register_words.object_of(one.chain)[1]),
            "seq": one.seq,
            "step": register_words.step_of(one.chain, one.step),
            "actor_name": one.actor_name,
        }
        for one in found[:PAGE]
    ]
    context = {"acts": shown, "next": more, "q": text, "kind": kind, "kinds": register_words.OBJECTS.items()}
    return render(request, "people/acts.html", context)


def _key_of(kind: str, text: str) -> str:
    """What a chain has behind its colon: people are looked for by account, everything else by its number."""
    if kind not in {"person", "sign-in"} or not text:
        return text
    person = queries.person_of(text.upper()) or queries.person_of(text)
    return str(person.pk) if person else text
