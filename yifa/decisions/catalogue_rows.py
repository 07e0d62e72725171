"""The lines of the catalogue that a publication brings with it, written in the act's own statement."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from yifa.decisions.list_facts import line_id
from yifa.procedures.acts import Doing
from yifa.procedures.known import Row

TABLE = "decisions_catalogueitem"
COLLISIONS = {"catalogue_title_once": "这个事项已经在本年度目录中，请核对事项名称"}


def rows(doing: Doing) -> Iterable[tuple[str, Mapping[str, Any], str]]:
    """公布 writes the matters of the list, 增列 those added; a step that was taken back and done again writes the same lines."""
    if doing.procedure.key != "decision_catalogue" or doing.step.name not in ("publish", "add"):
        return
    facts, adding = doing.judged.facts, doing.step.name == "add"
    shared = {
        "league": doing.ref.league,
        "government_id": doing.organisation,
        "region_id": doing.region,
        "year": facts["list_year"],
        "is_open": True,
        "catalogue": doing.ref.code,
        "number": facts["list_number"],
        "published_on": facts["list_published_on"],
    }
    if adding:
        shared |= {
            "status": "added",
            "party_number": facts["added_party_number"],
            "party_agreed_on": facts["added_party_on"],
            "added_on": doing.judged.case.on,
            "added_published_on": facts["added_published"],
            "reason": facts["added_reason"][:400],
        }
    else:
        shared |= {"status": "listed", "party_number": facts["list_party_number"], "party_agreed_on": facts["list_party_on"], "reason": ""}
    codes = {each["name"]: each["code"] for each in doing.read.register["undertakers"] or ()}
    for matter in facts.get("added" if adding else "matters") or ():  # none in an empty list (零目录)
        yield TABLE, shared | _line(doing, matter, codes[matter["undertaker"]]), "ON CONFLICT (league, id) DO NOTHING"


def updates(doing: Doing) -> Iterable[tuple[str, Mapping[str, Any], str, Sequence[Any]]]:
    """调出 says so at the line, with the party's number and the day of publication; a matter that was begun leaves by its own case."""
    if (doing.procedure.key, doing.step.name) != ("decision_catalogue", "remove"):
        return
    facts = doing.judged.facts
    removed = {
        "status": "removed",
        "removed_on": doing.judged.case.on,
        "removal_number": facts["removed_party_number"],
        "removal_published_on": facts["removed_published"],
        "reason": facts["removed_reason"][:400],
    }
    where = "league = %s AND id = %s::uuid AND government_id = %s AND dossier = ''"
    yield TABLE, removed, where, [doing.ref.league, facts["removed_item"], doing.organisation]


def _line(doing: Doing, matter: Row, undertaker: str) -> dict[str, Any]:
    return {
        "id": UUID(line_id(doing.ref.code, matter["title"])),
        "title": matter["title"],
        "category": matter["category"],
        "undertaker_id": undertaker,
        "planned_on": matter["planned_on"],
        "added_number": "",
        "removal_number": "",
        "dossier": "",
    }
