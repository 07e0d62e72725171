"""Who keeps the library right, who may look at its desk, and who decides what a change of the law means for a place.

The library belongs to everybody who cites it: what is national may be put right by the legal staff of any 司法行政部门 and by supervisors,
what is local by those of the place. A system administrator keeps it as he keeps parameters and holidays; what a change means for the items
that cite a law is business, and no administrator decides it.
"""

from __future__ import annotations

from yifa.kernel.people.actors import Actor
from yifa.kernel.people.queries import body_of
from yifa.kernel.people.roles import ADMIN_SYSTEM, DEPUTY_DIRECTOR, DIRECTOR, HEAD, OFFICER, REVIEWER, SECTION_CHIEF, SUPERVISOR
from yifa.laws.places import PROVINCE, level_of

CHIEFS = (SECTION_CHIEF, DEPUTY_DIRECTOR, DIRECTOR)
# Who may open the desk of the library, the law watch and the comparison of two rules.
KEEPERS = (ADMIN_SYSTEM, REVIEWER, HEAD, SUPERVISOR)
WATCHERS = (REVIEWER, HEAD, SUPERVISOR, *CHIEFS)
COMPARERS = (OFFICER, *WATCHERS)
WHO_KEEPS = "系统管理员，司法行政部门的法制审核人员、负责人，或者监督人员"


def may_decide(actor: Actor, region: str) -> bool:
    """Supervisors, and reviewers and heads of a 司法行政部门, of the place it is about; what is everybody's, each of them may decide."""
    if region and not region.startswith(actor.region[:2] if level_of(actor.region) == PROVINCE else actor.region[:4]):
        return False
    if actor.has(SUPERVISOR):
        return True
    body = body_of(actor.organisation) if actor.has(REVIEWER, HEAD) else None
    return body is not None and body.sector == "司法行政"


def may_keep(actor: Actor, region: str) -> bool:
    """May this post put right what the library says of a work of `region` ("" the nation)?"""
    return actor.has(ADMIN_SYSTEM) or may_decide(actor, region)
