"""行政规范性文件 as the interpreter sees it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from yifa.facts.seen import Counted, Seen
from yifa.normative import case, papers, registering
from yifa.normative.register import REGISTER
from yifa.procedures.context import Context, discover
from yifa.procedures.fields import Field


def title_of(stated: Mapping[str, Any]) -> str:
    """What the dossier is called: the document's own title."""
    return str(stated.get("title") or "")


def sector_of(stated: Mapping[str, Any]) -> str:
    """Documents that touch business have terms of their own (优化营商环境条例 62)."""
    return "涉企" if stated.get("business") else ""


def choices(field: Field, organisation: Mapping[str, Any]) -> Sequence[tuple[str, str]]:
    return ()


def facts(entry: Seen) -> Iterable[Counted]:
    return ()


NORMATIVE = Context(
    name="normative",
    title="行政规范性文件",
    package="yifa.normative",
    procedures=discover("yifa.normative"),
    read=case.read,
    register=REGISTER,
    papers=papers.values,
    title_of=title_of,
    sector_of=sector_of,
    facts=facts,
    derive=case.derive,
    choices=choices,
    writes=registering.rows,
    collisions=registering.COLLISIONS,
)
