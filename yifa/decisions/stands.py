"""Where a matter stands, in words: not only the step it has come to, but what came of it. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from yifa.decisions.procedures.major import MajorDecision

# What the words rest on besides the step.
TOLD = ("outcome", "legality", "changed", "controllable", "reassessed", "decided_on", "evaluation_trigger", "evaluation_conclusion")
MET = {"adopted": "讨论通过", "postponed": "再次讨论", "revise": "修改后再议", "rejected": "讨论不通过"}
CHANGED = {"minor": "已作一般调整", "major": "已作重大调整", "none": "已恢复执行"}
TRIGGERED = frozenset({"effect", "opinions", "organ"})
ENDED = frozenset(step.name for step in MajorDecision.steps.values() if step.ends)
REVIEWED = frozenset({"review", "handle_review"})


def step_title(step: str) -> str:
    """A matter's status or step in words."""
    found = MajorDecision.steps.get(step)
    return (found.status or found.title) if found else step


def words(status: str, facts: Mapping[str, object]) -> str:
    """`status` names the step; `facts` as stated, what is unstated may be None. What holds a matter up is said before its last step."""
    if status in ENDED:
        return step_title(status)
    if facts.get("decided_on"):
        if facts.get("changed") == "suspended":
            return "中止执行"
        if facts.get("evaluation_trigger") in TRIGGERED and not facts.get("evaluation_conclusion"):
            return "后评估中"
        return CHANGED.get(str(facts.get("changed")), step_title(status)) if status == "adjust" else step_title(status)
    if status == "deliberate":
        return MET.get(str(facts.get("outcome")), step_title(status))
    if status in REVIEWED and facts.get("legality") == "unlawful":
        return "经审查不合法"
    if facts.get("controllable") == "uncontrollable" and facts.get("reassessed") != "controllable":
        return "风险不可控"
    return step_title(status)
