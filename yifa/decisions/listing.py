"""名单存卷: the list of a hearing's participants joins the matter's file when it is published, not when the hearing was held.

The hearing has its own record (`hearing:<id>`); in the matter's record the list is the act `list_participants`, which gives the document.
"""

from __future__ import annotations

from contextlib import nullcontext
from datetime import datetime
from typing import Any
from uuid import uuid5

from yifa.decisions import hearing_queries
from yifa.decisions.models import Hearing
from yifa.dossiers import queries as dossiers
from yifa.kernel.people.actors import Actor
from yifa.procedures import take
from yifa.procedures.core import Refused
from yifa.procedures.reading import Ref

STEP = "list_participants"
BY_HAND = "请在案卷办理“公布听证参加人名单”"


def file_list(row: Hearing, *, by: Actor, simulated: datetime | None = None) -> str:
    """The list as it stands now, as a document of the matter; the same list is filed once. Returns why it is not filed, "" when it is.

    What was published stands published: a case that cannot take the document yet does not undo it, and is told what to do.
    """
    found = dossiers.facts_of(row.dossier)
    if found is None or found[0] != "major_decision":
        return "这场听证会不属于在办的决策事项，名单没有存入案卷。"
    if not found[1].get("hearing_on"):
        return f"案卷还没有办理“发布听证公告”，名单没有存入案卷；办理以后，{BY_HAND}。"
    told = hearing_queries.of_dossier(row.league, row.dossier)
    chosen = ",".join(str(each.n) for each in hearing_queries.participants(row))
    facts: dict[str, Any] = {key: told[key] for key in ("hearing_listed_on", "hearing_people") if key in told}
    try:
        with take.simulated(simulated) if simulated else nullcontext():
            take.take(Ref(row.league, row.dossier), STEP, by=by, facts=facts, key=uuid5(row.id, f"list:{chosen}"), seen_seq=None)
    except Refused as refused:
        return f"名单没有存入案卷：{refused}。请处理后，{BY_HAND}。"
    return ""
