"""A closing score issued anew because a red line was established afterwards, or no longer stands.

The entry of the earlier score stays where it is; the new one, on the same chain, names it and says what it was, so that the fact that
counted it can be taken back in the very month in which it counted: that of the first of them, however often it was issued anew.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils import timezone

from yifa.decisions import judging
from yifa.decisions.clue_queries import government_of
from yifa.decisions.models import Closing
from yifa.decisions.rules import R713
from yifa.dossiers import queries as dossiers
from yifa.kernel.ledger import services as ledger
from yifa.kernel.people.actors import Actor


def reissue(code: str, clue: UUID, *, by: Actor, simulated: datetime | None = None) -> Closing | None:
    """Within the transaction that established the clue or revoked it. None without a closing score: then the next one rests on it."""
    judging.lock(code)
    judging.judge_again(code)
    row = Closing.objects.select_for_update().filter(dossier=code).first()
    if row is None:
        return None
    score = judging.score_of(code)
    assert score is not None  # noqa: S101 - a matter with a closing score is closed
    assert score.total is not None  # noqa: S101 - as above
    now = simulated or timezone.now()
    organisation, region, category = _whom(row, by)
    replaced = {"seq": row.seq, "total": row.total, "grade": row.grade, "at": row.at.isoformat(), "by": row.by_name}
    replaced["counted_at"] = row.earlier[0]["at"] if row.earlier else replaced["at"]
    payload = judging.closing_payload(code, score, (organisation, region, category)) | {"replaces": replaced, "clue": f"clue:{clue}"}
    entry = ledger.record(
        judging.chain(code), "reissue", actor=by, payload=payload, league=row.league, cites=(R713[9], R713[38]), simulated=simulated
    )
    row.earlier = [*row.earlier, replaced]
    row.total, row.grade, row.red_lines = score.total, score.grade, [red.code for red in score.red_lines]
    row.organisation, row.region, row.category = organisation, region, category
    row.seq, row.clue, row.by_name, row.at = entry.seq, clue, by.name, now
    row.save()
    return row


def _whom(row: Closing, by: Actor) -> tuple[str, str, str]:
    """Whom the score counts for, as when it was issued; rows older than these columns are asked of the register."""
    if row.organisation:
        return row.organisation, row.region, row.category
    dossier = dossiers.case(by, row.dossier)
    assert dossier is not None  # noqa: S101 - whoever decides a clue of it reads it
    found = government_of(dossier.organisation_id) or (dossier.organisation_id, "", dossier.region_id)
    return found[0], found[2], str(dossier.facts.get("category", ""))
