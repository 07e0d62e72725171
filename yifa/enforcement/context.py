"""行政执法 as the interpreter sees it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from yifa.enforcement import case, facts, papers
from yifa.enforcement.items import find, installed
from yifa.enforcement.register import REGISTER
from yifa.kernel.citing import Article
from yifa.procedures.context import Cited, Context, discover
from yifa.procedures.fields import ITEM, Field
from yifa.procedures.resting import of_answer


def title_of(stated: Mapping[str, Any]) -> str:
    """案由: what the dossier is called."""
    item = find(str(stated.get("item", "")))
    return item.name if item else ""


def sector_of(stated: Mapping[str, Any]) -> str:
    item = find(str(stated.get("item", "")))
    return item.sector if item else ""


def choices(field: Field, organisation: Mapping[str, Any]) -> Sequence[tuple[str, str]]:
    """What may be picked for a question whose answers the registers hold: the items this body may punish."""
    if field.type != ITEM or field.key != "item":
        return ()
    return [(item.code, f"{item.name}({item.field})") for item in installed().values() if item.held_by(organisation)]


def begins(procedure: str, organisation: Mapping[str, Any]) -> bool:
    """A body without any item it may punish has no use for the form."""
    return any(item.held_by(organisation) for item in installed().values())


def relies(stated: Mapping[str, Any]) -> Sequence[Article]:
    """What a penalty rests on in substance: the articles of its 执法事由."""
    item = find(str(stated.get("item", "")))
    return item.articles if item else ()


def holding(organisation: Mapping[str, Any]) -> Iterable[Article]:
    return (article for item in installed().values() if item.held_by(organisation) for article in item.articles)


def cited(today: date) -> Iterable[Cited]:
    """Every 执法事由: its articles must be in force on its first day and, while it is in force itself, today."""
    for item in installed().values():
        days = (item.valid_from, today) if item.in_force(today) else (item.valid_from,)
        yield Cited("执法事由", "enforcement/items", item.name, item.articles, days, ref=of_answer("item", item.code))


ENFORCEMENT = Context(
    name="enforcement",
    title="行政执法",
    package="yifa.enforcement",
    procedures=discover("yifa.enforcement"),
    read=case.read,
    register=REGISTER,
    papers=papers.values,
    title_of=title_of,
    sector_of=sector_of,
    facts=facts.facts,
    derive=case.derive,
    choices=choices,
    cited=cited,
    relies=relies,
    holding=holding,
    begins=begins,
)
