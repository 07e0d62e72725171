"""What a form states when its context says nothing special: each particular by its own key, from what the steps stated. Pure.

So a new procedure needs no code for its documents: a form whose particulars bear the keys of the steps' questions fills itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from yifa.documents.rules import SIGNATURES, is_empty
from yifa.procedures.context import Paper
from yifa.procedures.core import BEIJING


def stated(paper: Paper) -> Mapping[str, Any]:
    """The particulars of `paper.form` found under their own keys; what every document says of itself comes from the act."""
    known: dict[str, Any] = {
        "organisation": (paper.register.get("organisation") or {}).get("name", ""),
        "case_code": paper.case_number,
        "dated": paper.at.astimezone(BEIJING).date(),
        "code": paper.public_url,
        "proof": paper.proof,
        "officers": [{"name": each["name"], "certificate": each["certificate"]} for each in paper.register.get("officers") or ()],
        "evidence": list(paper.evidence),
    }
    for state in paper.form.states:
        if state.key in known:
            continue
        value = paper.facts.get(state.key, paper.personal.get(state.key))
        if is_empty(value):
            continue
        known[state.key] = value["people"] if state.type == SIGNATURES and isinstance(value, Mapping) else value
    wanted = {state.key for state in paper.form.states}
    return {key: value for key, value in known.items() if key in wanted}
