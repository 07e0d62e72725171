"""What persons add to a score: a reviewer's confirmation of a check, and the closing score of a matter that was carried to its end.

Both are entries on chain `score:<dossier>`. Two reviewers at once cannot overwrite each other: whoever comes second is told what the
first one found.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from yifa.decisions import confirming, marking, template_versions
from yifa.decisions.clue_queries import government_of
from yifa.decisions.matter import Matter
from yifa.decisions.models import Closing, Judgment, Standing
from yifa.decisions.procedures.major import MajorDecision
from yifa.decisions.rules import R713
from yifa.decisions.scoring import Confirmation, Score
from yifa.decisions.template_set import rounded
from yifa.dossiers import queries as dossiers
from yifa.kernel.ledger import services as ledger
from yifa.kernel.people.actors import Actor
from yifa.kernel.refusing import RejectedError
from yifa.procedures.reading import Ref

JUDGES = ("reviewer",)


def chain(code: str) -> str:
    return f"score:{code}"


def is_judge(actor: Actor) -> bool:
    """A legal reviewer of a 司法行政部门 (同级或者上级)."""
    if not actor.has(*JUDGES):
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM people_organisation WHERE code = %s AND sector = '司法行政' AND kind = 'ORGAN'", [actor.organisation])
        return cursor.fetchone() is not None


def is_own(actor: Actor, code: str) -> bool:
    """Whether the actor's body undertakes the matter: nobody judges his own."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM dossiers_dossier WHERE code = %s AND organisation_id = %s", [code, actor.organisation])
        return cursor.fetchone() is not None


def confirmations(codes: Collection[str]) -> Mapping[str, list[Confirmation]]:
    """What reviewers found, by matter, in order."""
    found: dict[str, list[Confirmation]] = {}
    for row in Judgment.objects.filter(dossier__in=list(codes)).order_by("dossier", "n"):
        found.setdefault(row.dossier, []).append(
            Confirmation(row.check_code, row.points, row.reason, row.by_name, row.at, row.seen, row.n, row.after)
        )
    return found


def scored_all(codes: Collection[str]) -> Iterator[tuple[Matter, Score]]:
    """These matters with their scores as they stand, in no particular order; without those that have none."""
    return marking.scores([Ref.of(code) for code in codes], confirmations=confirmations(codes))


def scored(code: str) -> tuple[Matter, Score] | None:
    """One matter with its score as it stands; None when it has none (not taken up, taken off the list)."""
    return next(scored_all([code]), None)


def score_of(code: str) -> Score | None:
    found = scored(code)
    return found[1] if found else None


def closings(codes: Collection[str]) -> Mapping[str, Closing]:
    return {row.dossier: row for row in Closing.objects.filter(dossier__in=list(codes))}


class KeyReusedError(ValueError):
    """The key of one finding was sent again with another."""


def confirm(
    code: str,
    *,
    by: Actor,
    check: str,
    points: int,
    seen: int,
    after: int,
    reason: str = "",
    key: UUID | None = None,
    simulated: datetime | None = None,
) -> Judgment:
    """A reviewer agrees with the system's proposal, or lowers or raises it with a reason. Points in hundredths.

    The same `key` is one finding, however often it is sent.
    Raises RejectedError: not his to judge, a computed check, a proposal that has changed, somebody else's confirmation not yet seen;
    KeyReusedError: the key of another finding.
    """
    _may_judge(code, by)
    with transaction.atomic():
        lock(code)
        if key and (same := Judgment.objects.filter(league=Ref.of(code).league, dossier=code, key=key).first()):
            if (str(same.by_id), same.check_code, same.points, same.seen, same.after) != (by.person, check, points, seen, after):
                raise KeyReusedError
            return same
        if Closing.objects.filter(dossier=code).exists():
            raise RejectedError("这个事项的结案得分已经确认，不再改动")
        earlier = confirmations([code]).get(code, [])
        score = score_of(code)
        if score is None:
            raise RejectedError("这个事项没有启动或者已经调出目录，不评价")
        new = Confirmation(check, points, reason.strip(), by.name, simulated or timezone.now(), seen, len(earlier) + 1, after)
        for finding in confirming.objections(score, earlier, new):
            raise RejectedError(finding.text, *finding.cites)
        row = Judgment.objects.create(
            league=Ref.of(code).league,
            dossier=code,
            n=new.n,
            check_code=check,
            points=points,
            seen=seen,
            after=after,
            reason=new.reason[:400],
            by_id=UUID(by.person),
            by_name=by.name,
            at=new.at,
            key=key,
        )
        judge_again(code)
        payload = {"check": check, "points": points, "proposed": seen, "after": after, "reason": new.reason}
        cites = score.line(check).cites
        ledger.record(chain(code), "confirm", actor=by, payload=payload, league=row.league, at=new.at, cites=cites, simulated=simulated)
    return row


def close_score(code: str, *, by: Actor, key: UUID | None = None, simulated: datetime | None = None) -> Closing:
    """The closing score of a matter that is closed, once every check that needs a person's judgment has it.

    Raises RejectedError: not closed, checks still to be confirmed (named), confirmed already (but for the same act sent again).
    """
    _may_judge(code, by)
    with transaction.atomic():
        lock(code)
        if key and (same := Closing.objects.filter(dossier=code, key=key).first()):
            return same
        if Closing.objects.filter(dossier=code).exists():
            raise RejectedError("结案得分已经确认，不重复确认")
        dossier = dossiers.case(by, code)
        score = score_of(code)
        if score is None or dossier is None or not score.closed or score.total is None:
            raise RejectedError("事项办结以后才确认结案得分；现在显示的是运行得分")
        if score.awaiting:
            raise RejectedError(f"还有{len(score.awaiting)}个评价点没有确认：{'、'.join(line.item.code for line in score.awaiting)}")
        whom = government_of(dossier.organisation_id) or (dossier.organisation_id, "", dossier.region_id)
        category = str(dossier.facts.get("category", ""))
        now, payload = simulated or timezone.now(), closing_payload(code, score, (whom[0], whom[2], category))
        template_versions.keep(score.set)
        entry = ledger.record(
            chain(code), "close", actor=by, payload=payload, league=dossier.league, at=now, cites=[R713[9]], simulated=simulated
        )
        row = Closing.objects.create(
            league=dossier.league,
            dossier=code,
            total=score.total,
            grade=score.grade,
            red_lines=[red.code for red in score.red_lines],
            set_version=score.set.version,
            set_digest=score.set.digest,
            organisation=whom[0],
            region=whom[2],
            category=category,
            seq=entry.seq,
            by_name=by.name,
            at=now,
            key=key,
        )
        judge_again(code)
    return row


def closing_payload(code: str, score: Score, whom: tuple[str, str, str]) -> dict[str, Any]:
    """What the entry of a closing score says: every line of it. `whom`: the government and region it counts for, the matter's category."""
    organisation, region, category = whom
    return {
        "dossier": code,
        "organisation": organisation,
        "region": region,
        "category": category,
        "total": score.total,
        "grade": score.grade,
        "set": score.set.digest,
        "red_lines": [red.code for red in score.red_lines],
        "deduction": score.deduction,
        "lines": [
            {
                "check": line.item.code,
                "most": line.item.points,
                "state": line.state,
                "proposed": rounded(line.proposed),
                "got": rounded(line.got),
                "entries": [act.seq for act in line.acts],
            }
            for line in score.lines
        ],
    }


def judge_again(code: str) -> None:
    """The overview's row of this matter no longer tells how it stands."""
    Standing.objects.filter(league=Ref.of(code).league, dossier=code).update(seq=0, judged_at=timezone.now())


def _may_judge(code: str, by: Actor) -> None:
    if not is_judge(by) or not dossiers.may_see(by, code):
        raise RejectedError("评价由能够查看这个事项的司法行政部门审查人员确认")
    if is_own(by, code):
        raise RejectedError("本单位承办的事项不能由本单位评价，请上级司法行政部门的审查人员确认", R713[9])


def lock(code: str) -> None:
    """One judgment of a matter at a time, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"judging {code}"])


def owed_by(step_name: str) -> str:
    """Which body owes a step, in words."""
    step = MajorDecision.steps[step_name]
    return MajorDecision.offices.get(step.by.office, "承办单位")
