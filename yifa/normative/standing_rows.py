"""What a decision on a registered document changes in the register, and the tasks it opens and meets, in the statement of its act.

修改 becomes a task of the maker with the deadline that the meeting set; the dossier that makes the new document takes it on, and its
publication meets it. What is taken back is put back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from yifa.normative.validity import valid_until
from yifa.procedures import owing
from yifa.procedures.acts import Doing
from yifa.procedures.owing import Owed

EVALUATE, PROPOSE, REVISE = "normative_evaluate", "normative_propose", "normative_revise"
AGAIN = "ON CONFLICT (league, key) DO UPDATE SET due_on = excluded.due_on, closed_at = NULL, met_on = NULL, told = 0"
DOCUMENT = "normative_normativedocument"
Update = tuple[str, Mapping[str, Any], str, Sequence[Any]]
ENDED_BY = {"repeal": "repealed", "lapse": "declared"}


def updates(doing: Doing) -> Iterable[Update]:
    """公布 sets the new end of validity, or the day on which the document ends; a clean-up's steps also keep its list."""
    if doing.judged.undoes is not None:
        yield from _taken_back(doing)
        return
    match doing.procedure.key, doing.step.name:
        case "normative_extension", "evaluate":
            about = EVALUATE, doing.judged.case.subject.code, doing.organisation
            yield owing.met(*about, on=doing.judged.case.on, now=doing.read.now, dossier=doing.ref.code)
        case "normative_extension" | "normative_cleanup", "publish":
            yield from decided(doing)
        case "normative_cleanup", "propose":
            facts = doing.judged.facts
            yield _item(doing, proposed=facts["proposal"], reason=facts["proposal_reason"])
            yield _last_proposal(doing)
        case "normative_cleanup", "decide":
            yield _item(doing, decided=doing.judged.case.decided)
        case "normative_making", "propose" if doing.judged.case.revised:
            yield owing.begun(REVISE, doing.judged.case.revised.code, doing.organisation, doing.ref.code)
        case "normative_making", "publish" if doing.judged.case.revised:
            yield from _revised(doing)


def _last_proposal(doing: Doing) -> Update:
    """With its last proposal a maker has met its task in the clean-up. The statement does not see its own change of this line."""
    mine = (
        "SELECT 1 FROM normative_campaignitem x JOIN normative_normativedocument n ON n.code = x.document_id"
        " WHERE x.campaign_id::text = procedures_task.subject AND n.maker_id = procedures_task.organisation_id"
    )
    campaign = "(SELECT campaign_id::text FROM normative_campaignitem WHERE id = %s)"
    waiting = f"EXISTS ({mine} AND x.proposed = '' AND x.decided = '' AND x.id <> %s)"
    where = f"kind = %s AND organisation_id = %s AND closed_at IS NULL AND subject = {campaign} AND NOT {waiting}"
    values = {"closed_at": doing.read.now, "met_on": doing.judged.case.on}
    return owing.TABLE, values, where, [PROPOSE, doing.organisation, _ident(doing), _ident(doing)]


def _revised(doing: Doing) -> Iterable[Update]:
    """The new document is published: the task is met, and the old one ends when the new one takes effect.

    A decision that amends (关于修改……的决定) leaves the old one in force.
    """
    case, facts = doing.judged.case, doing.judged.facts
    yield owing.met(REVISE, case.revised.code, doing.organisation, on=case.on, now=doing.read.now, dossier=doing.ref.code)
    if "关于修改" not in facts["title"]:
        values = {"ended_on": date.fromisoformat(facts["effective_on"]), "ended_by": "replaced", "ending": _replacing(doing)}
        where = "code = %s AND maker_id = %s AND ended_on IS NULL"
        yield DOCUMENT, {**values, "updated_at": doing.read.now}, where, [case.revised.code, doing.organisation]


def _replacing(doing: Doing) -> str:
    return f"《{doing.judged.facts['title']}》（{doing.judged.facts['doc_number']}）"[:400]


def _taken_back(doing: Doing) -> Iterable[Update]:
    """退回 and 撤回: a publication leaves the register, a conclusion the clean-up's list, and what they had met or ended is as before."""
    case, before, after = doing.judged.case, doing.judged.before, doing.judged.after
    gone = {name for name in ("publish", "decide") if before.of(name) and not after.of(name)}
    match doing.procedure.key:
        case "normative_making" if "publish" in gone:
            values = {"published_on": None, "valid_until": None, "file_by": None, "openness": "", "updated_at": doing.read.now}
            yield DOCUMENT, values, "dossier = %s AND source = 'made'", [doing.ref.code]
            if case.revised:
                yield owing.reopened(doing.ref.code)
                values = {"ended_on": None, "ended_by": "", "ending": "", "updated_at": doing.read.now}
                yield DOCUMENT, values, "code = %s AND ended_by = 'replaced' AND ending = %s", [case.revised.code, _replacing(doing)]
        case "normative_cleanup" if "decide" in gone:
            yield _item(doing, decided="")
            yield owing.TABLE, {"closed_at": doing.read.now}, "league = %s AND key = %s", [doing.ref.league, _revision(doing).key]


def decided(doing: Doing) -> Iterable[Update]:
    """An extension runs from the day on which it is published; what is to be amended stays in force until the new text is."""
    case, facts = doing.judged.case, doing.judged.facts
    if case.decided == "extend":
        yield _document(doing, valid_until=valid_until(case.published_on, case.extend_years))
    elif case.decided in ENDED_BY:
        yield _document(doing, ended_on=case.ends_on, ended_by=ENDED_BY[case.decided], ending=facts["decision_number"][:400])


def _document(doing: Doing, **values: Any) -> Update:
    return DOCUMENT, {**values, "updated_at": doing.read.now}, "code = %s AND ended_on IS NULL", [doing.judged.case.subject.code]


def rows(doing: Doing) -> Iterable[tuple[str, Mapping[str, Any], str]]:
    """提出清理建议 takes the line of the clean-up: a second dossier for it collides with the first. 决定修改 opens the task to do so."""
    match doing.procedure.key, doing.step.name:
        case "normative_cleanup", "propose":
            yield "normative_cleaning", {"item_id": _ident(doing), "dossier": doing.ref.code}, ""
        case "normative_cleanup", "decide" if doing.judged.case.decided == "amend":
            yield owing.TABLE, _revision(doing).row(doing.read.now), AGAIN


def _revision(doing: Doing) -> Owed:
    case = doing.judged.case
    return Owed(
        key=f"{REVISE}:{case.subject.code}:{doing.ref.code}",
        kind=REVISE,
        subject=case.subject.code,
        league=doing.ref.league,
        organisation=doing.organisation,
        region=doing.region,
        title="修改文件",
        what=f"《{case.subject.title}》（{case.subject.number}）",
        roles=("officer",),
        url=f"/desk/start/normative_making/?revises={case.subject.code}",
        action="立项修改",
        source=doing.ref.code,
        start_on=case.on,
        due_on=case.revise_by,
    )


def _item(doing: Doing, **values: Any) -> Update:
    """The line of the clean-up that this case is about."""
    return "normative_campaignitem", values, "id = %s", [_ident(doing)]


def _ident(doing: Doing) -> int:
    return int(doing.judged.facts["cleanup_item"].removeprefix("item-"))
