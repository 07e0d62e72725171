"""/desk/decisions/<code>/rerun/ : a major adjustment runs through the procedure again (第三十七条), with what is carried over."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from yifa.decisions import matter_queries as queries
from yifa.decisions.procedures.major import MajorDecision
from yifa.kernel.people.middleware import PersonRequest, acting
from yifa.procedures.services import draft, keep_draft

# Of the proposal: the matter itself; 理由、依据 and the papers are argued anew.
CARRIED = ("title", "category", "source", "problem", "grounds", "first_plan", "necessity", "feasibility")
FORM = "start/major_decision"


@acting("officer")
@require_http_methods(["GET", "POST"])
def rerun(request: PersonRequest, code: str) -> HttpResponse:
    """What the new matter takes over; one button fills the form of its proposal and opens it."""
    found = queries.detail(request.actor, code)
    if found is None or found.dossier.organisation_id != request.actor.organisation or found.dossier.facts.get("changed") != "major":
        raise Http404("没有这个决策事项，或者没有作出重大调整的决定")
    facts = found.dossier.facts
    if request.method == "POST" and not facts.get("rerun_case"):
        carried = {key: [str(facts[key])] for key in CARRIED if facts.get(key)}
        keep_draft(request.actor, FORM, carried | {"carried_from": [code]})
        messages.success(request, "已经填入原事项的内容，请按调整后的情况修改，附上论证材料后提出")
        return redirect("/desk/start/major_decision/")
    labels = {each.key: each for each in MajorDecision.steps["propose"].asks}
    context: dict[str, Any] = {
        "dossier": found.dossier,
        "rerun_case": str(facts.get("rerun_case") or ""),
        "carried": [(labels[key].label, dict(labels[key].choices).get(facts[key], facts[key])) for key in CARRIED if facts.get(key)],
        "basis": [row["law"] for row in facts.get("basis") or ()],
        "reason": facts.get("changed_reason", ""),
        "has_draft": draft(request.actor, FORM) is not None,
    }
    return render(request, "decisions/rerun.html", context)
