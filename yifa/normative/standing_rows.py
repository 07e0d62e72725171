"""What a decision on a registered document changes in the register, in the statement of the act that publishes it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from yifa.normative.validity import valid_until
from yifa.procedures.acts import Doing

DOCUMENT = "normative_normativedocument"
Update = tuple[str, Mapping[str, Any], str, Sequence[Any]]
ENDED_BY = {"repeal": "repealed", "lapse": "declared"}


def updates(doing: Doing) -> Iterable[Update]:
    """公布 sets the new end of validity, or the day on which the document ends; a clean-up's steps also keep its list."""
    match doing.procedure.key, doing.step.name:
        case "normative_extension" | "normative_cleanup", "publish":
            yield from decided(doing)
        case "normative_cleanup", "propose":
            facts = doing.judged.facts
            yield _item(doing, proposed=facts["proposal"], reason=facts["proposal_reason"])
        case "normative_cleanup", "decide":
            yield _item(doing, decided=doing.judged.case.decided)


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
    """提出清理建议 takes the line of the clean-up: a second dossier for it collides with the first."""
    if (doing.procedure.key, doing.step.name) == ("normative_cleanup", "propose"):
        yield "normative_cleaning", {"item_id": _ident(doing), "dossier": doing.ref.code}, ""


def _item(doing: Doing, **values: Any) -> Update:
    """The line of the clean-up that this case is about."""
    return "normative_campaignitem", values, "id = %s", [_ident(doing)]


def _ident(doing: Doing) -> int:
    return int(doing.judged.facts["cleanup_item"].removeprefix("item-"))
