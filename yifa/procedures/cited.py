"""Tells the library what rests on which article, so that an article's page can name it. Pushed down: the library knows no procedure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from yifa.laws.services import Citation, replace_citations
from yifa.procedures.context import Context


def push(contexts: Iterable[Context], *, today: date) -> int:
    """Replace what the library holds of these contexts; run whenever a version of the software starts. Returns how many citations."""
    found: dict[str, list[Citation]] = {"办理程序": []}
    for context in contexts:
        for procedure in context.procedures:
            for step in procedure.steps.values():
                found["办理程序"].append(Citation(f"{procedure.title}：{step.title}", "", step.articles))
        for cited in context.cited(today):
            found.setdefault(cited.kind, []).append(Citation(cited.name, cited.url, cited.articles))
    return sum(replace_citations(kind=kind, citations=citations) for kind, citations in found.items())
