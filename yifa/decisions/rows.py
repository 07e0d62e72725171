"""What an act on a matter changes in the catalogue, in the statement of the act."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from yifa.decisions.catalogue_rows import NUMBER
from yifa.procedures.acts import Doing

Update = tuple[str, Mapping[str, Any], str, Sequence[Any]]
ITEM_TABLE, BEGUN_TABLE, STANDING_TABLE = "decisions_catalogueitem", "decisions_begun", "decisions_standing"
HELD = "league = %s AND item = %s::uuid AND dossier = %s"
COLLISIONS = {"catalogue_item_begun_once": "目录中的这个事项已经有案卷，一个事项只办理一次；请打开已有的案卷"}


def rows(doing: Doing) -> Iterable[tuple[str, Mapping[str, Any], str]]:
    """列入目录 takes the line of the catalogue; the same dossier may take it again after the act was taken back.

    A proposal brings the row that the overview counts: no matter is without one.
    """
    if (doing.procedure.key, doing.step.name) == ("major_decision", "propose"):
        row = {"league": doing.ref.league, "dossier": doing.ref.code, "seq": 0, "lamps": "", "missing": 0, "closed": False}
        yield STANDING_TABLE, row, "ON CONFLICT (league, dossier) DO NOTHING"
    # A matter carried on from another takes over its line (`updates`).
    if (doing.procedure.key, doing.step.name) == ("major_decision", "enter") and not doing.judged.facts.get("carried_from"):
        row = {"league": doing.ref.league, "item": UUID(doing.judged.facts["catalogue_item"]), "dossier": doing.ref.code}
        yield BEGUN_TABLE, row, "ON CONFLICT (league, item, dossier) DO NOTHING"


def updates(doing: Doing) -> Iterable[Update]:
    """列入目录 is noted at the line of the catalogue; 调出目录 says so there, with the party's number and the day of publication."""
    if item := _left(doing):
        origin = doing.read.dossier["facts"].get("carried_from") or ""
        held = [doing.ref.league, item, doing.ref.code]
        yield ITEM_TABLE, {"dossier": origin}, "league = %s AND id = %s::uuid AND dossier = %s", held
        if origin:
            yield BEGUN_TABLE, {"dossier": origin}, HELD, held
    facts = doing.judged.facts
    if doing.procedure.key != "major_decision" or not facts.get("catalogue_item"):
        return
    where, values = "league = %s AND id = %s::uuid", [doing.ref.league, facts["catalogue_item"]]
    if doing.step.name == "enter" and (origin := facts.get("carried_from")):
        yield ITEM_TABLE, {"dossier": doing.ref.code}, f"{where} AND dossier IN ('', %s)", [*values, origin]
        yield BEGUN_TABLE, {"dossier": doing.ref.code}, HELD, [*values, origin]
    elif doing.step.name == "enter":
        yield ITEM_TABLE, {"dossier": doing.ref.code}, f"{where} AND dossier = ''", values
    elif doing.step.name == "withdraw_matter":
        removed = {
            "status": "removed",
            "removed_on": doing.judged.case.on,
            "removal_number": facts["removal_party_number"][:NUMBER],
            "removal_published_on": facts["removal_published_on"],
            "reason": facts["removal_reason"][:400],
        }
        yield ITEM_TABLE, removed, where, values


def removes(doing: Doing) -> Iterable[tuple[str, str, Sequence[Any]]]:
    """The line of a matter that left it may be begun by another."""
    if (item := _left(doing)) and not doing.read.dossier["facts"].get("carried_from"):
        yield BEGUN_TABLE, HELD, [doing.ref.league, item, doing.ref.code]


def _left(doing: Doing) -> str:
    """The line that this act lets go, "" if none: its matter is not begun after all, or 列入目录 is taken back."""
    if doing.procedure.key != "major_decision" or not doing.judged.before.of("enter"):
        return ""
    lets_go = doing.step.name == "reject" or not doing.judged.after.of("enter")
    return str(doing.read.dossier["facts"]["catalogue_item"]) if lets_go else ""
