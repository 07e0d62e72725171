"""When a template is due: what decides whether its checks count already in the running score, or are still to come (待完成). Pure.

A template is due when the step that completes it was performed, or when the matter has gone past it: whatever comes before the review
is owed once the draft is handed in, whatever comes before the decision once it is made. A term that has run out makes due, too.
"""

from __future__ import annotations

from collections.abc import Callable

from yifa.decisions.matter import Matter

Due = Callable[[Matter], bool]
# Handing in for review passes over whatever public participation, experts and risk still owe.
GATE = "submit_review"


def _after(*steps: str) -> Due:
    return lambda matter: matter.done(*steps)


def _feedback(m: Matter) -> bool:
    consulted = m.facts.consulted
    return m.done("feed_back", GATE) or (consulted is not None and m.is_over(m.limits.feedback, consulted.closes_on))


def _risk(m: Matter) -> bool:
    """A risk found uncontrollable waits for the reassessment."""
    return m.done(GATE) or (m.done("assess_risk") and (not m.facts.is_stopped_by_risk or m.done("reassess_risk")))


def _participation(m: Matter) -> bool:
    """A matter that is not to be public waits for the approval."""
    return m.done("approve_closed", GATE) or (m.done("plan_participation") and bool(m.facts.open_matter))


def _publication(m: Matter) -> bool:
    return m.done("publish") or m.is_over(m.limits.publication, m.latest_on("decide"))


def _archive(m: Matter) -> bool:
    return m.done("archive", "close") or m.is_over(m.limits.archive, m.latest_on("decide"))


def _execution(m: Matter) -> bool:
    """A report that the plan promised and nobody handed in does not wait for an act."""
    return m.done("report_progress", "adjust", "archive", "close") or (m.done("plan_execution") and bool(m.facts.reports_lacking))


DUE: dict[str, Due] = {
    "T01": _after("propose"),
    "T02": _after("enter", "start"),
    "T03": _after("start", "draft"),
    "T04": _after("draft", "plan_participation", GATE),
    "T05": _after("consult_departments", GATE),
    "T06": _participation,
    "T07": _after("consult", "feed_back", GATE),
    "T08": _after("talk_with_groups", GATE),
    "T09": _after("hold_hearing", GATE),
    "T10": _after("hold_hearing", GATE),
    "T11": _feedback,
    "T12": _after("appoint_experts", "argue", GATE),
    "T13": _after("argue", "answer_experts", GATE),
    "T14": _after("answer_experts", GATE),
    "T15": _after("assess_risk", GATE),
    "T16": _risk,
    "T17": _after("deliberate", "decide"),
    "T18": _after("review", "deliberate", "decide"),
    "T19": _after("handle_review", "prepare_meeting", "deliberate", "decide"),
    "T20": _after("prepare_meeting", "deliberate", "decide"),
    "T21": _after("deliberate", "decide"),
    "T22": _after("decide"),
    "T23": _publication,
    "T24": _execution,
    "T25": _after("evaluate", "close"),
    "T26": _archive,
}
