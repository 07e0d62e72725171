"""The lines of the catalogue that a publication brings with it, written in the act's own statement."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from yifa.decisions.list_facts import line_id
from yifa.procedures.acts import Doing
from yifa.procedures.known import Row

TABLE, BEGUN = "decisions_catalogueitem", "decisions_begun"
NUMBER = 100  # a 文号 as the line keeps it; what was stated stands whole in the record
# A matter that had left the list comes back into it by the same approvals, as if it had never been begun.
_BACK = (
    "status = excluded.status, party_number = excluded.party_number, party_agreed_on = excluded.party_agreed_on,"
    " added_on = excluded.added_on, added_published_on = excluded.added_published_on, reason = excluded.reason, title = excluded.title,"
    " category = excluded.category, undertaker_id = excluded.undertaker_id, planned_on = excluded.planned_on, removed_on = NULL,"
    " removal_number = '', removal_published_on = NULL, dossier = ''"
)
BACK = f"ON CONFLICT (league, id) DO UPDATE SET {_BACK} WHERE decisions_catalogueitem.status = 'removed'"
COLLISIONS = {"catalogue_title_once": "这个事项已经在本年度目录中，请核对事项名称"}


def rows(doing: Doing) -> Iterable[tuple[str, Mapping[str, Any], str]]:
    """公布 writes the matters of the list, 增列 those added; 调出 takes the line, so that no matter begins it at the same moment."""
    if doing.procedure.key != "decision_catalogue":
        return
    if doing.step.name == "remove":
        yield BEGUN, {"league": doing.ref.league, "item": UUID(doing.judged.facts["removed_item"]), "dossier": doing.ref.code}, ""
    if doing.step.name not in ("publish", "add"):
        return
    facts, adding = doing.judged.facts, doing.step.name == "add"
    shared = {
        "league": doing.ref.league,
        "government_id": doing.organisation,
        "region_id": doing.region,
        "year": facts["list_year"],
        "is_open": True,
        "catalogue": doing.ref.code,
        "number": facts["list_number"][:NUMBER],
        "published_on": facts["list_published_on"],
    }
    if adding:
        shared |= {
            "status": "added",
            "party_number": facts["added_party_number"][:NUMBER],
            "party_agreed_on": facts["added_party_on"],
            "added_on": doing.judged.case.on,
            "added_published_on": facts["added_published"],
            "reason": facts["added_reason"][:400],
        }
    else:
        shared |= {
            "status": "listed",
            "party_number": facts["list_party_number"][:NUMBER],
            "party_agreed_on": facts["list_party_on"],
            "reason": "",
        }
    codes = {each["name"]: each["code"] for each in doing.read.register["undertakers"] or ()}
    for matter in facts.get("added" if adding else "matters") or ():  # none in an empty list (零目录)
        yield TABLE, shared | _line(doing, matter, codes[matter["undertaker"]]), BACK if adding else ""


def updates(doing: Doing) -> Iterable[tuple[str, Mapping[str, Any], str, Sequence[Any]]]:
    """调出 says so at the line, with the party's number and the day of publication; a matter that was begun leaves by its own case."""
    if (doing.procedure.key, doing.step.name) != ("decision_catalogue", "remove"):
        return
    facts = doing.judged.facts
    removed = {
        "status": "removed",
        "removed_on": doing.judged.case.on,
        "removal_number": facts["removed_party_number"][:NUMBER],
        "removal_published_on": facts["removed_published"],
        "reason": facts["removed_reason"][:400],
    }
    where = "league = %s AND id = %s::uuid AND government_id = %s AND dossier = ''"
    yield TABLE, removed, where, [doing.ref.league, facts["removed_item"], doing.organisation]


def removes(doing: Doing) -> Iterable[tuple[str, str, Sequence[Any]]]:
    """A line that comes back into the list may be begun anew, whoever had taken it before."""
    if (doing.procedure.key, doing.step.name) != ("decision_catalogue", "add"):
        return
    left = "SELECT c.id FROM decisions_catalogueitem c WHERE c.league = decisions_begun.league AND c.status = 'removed'"
    for matter in doing.judged.facts["added"]:
        ident = UUID(line_id(doing.ref.code, matter["title"]))
        yield BEGUN, f"league = %s AND item = %s AND item IN ({left})", [doing.ref.league, ident]


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
