"""An article of a filed document beside the superior provision it cites: which prevails if they disagree, as a hint with its rule.

The reviewer says whether they do disagree and what he applies; that, with his reason and the hint as it read, is kept by the library
(`HintChoice`, chain `conflict:<id>`, about the case). It is always a hint.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.urls import reverse

from yifa.kernel.people.actors import Actor
from yifa.laws import choosing, conflicts
from yifa.laws.conflicts import Hint, Told
from yifa.normative.models import NormativeDocument
from yifa.normative.reviewing import Provision, Sheet

KINDS = {NormativeDocument.Kind.GOVERNMENT: "GFXWJ-G", NormativeDocument.Kind.DEPARTMENT: "GFXWJ-D"}
UNTOLD = Told()
SIX = 6  # digits of a county; a township's code has nine


@dataclass(frozen=True)
class Pair:
    """One article of the document (`clause`, "" before the first) and one superior provision: the hint, and what was chosen."""

    n: int
    clause: str
    first: conflicts.Provision
    second: conflicts.Provision
    hint: Hint
    choice: choosing.Kept | None
    url: str

    @property
    def winner(self) -> str:
        return "" if self.hint.winner is None else (self.first, self.second)[self.hint.winner].name


def of_document(document: NormativeDocument, clause: str) -> conflicts.Provision:
    """An article of the document as the rules compare it."""
    return conflicts.Provision(
        name=f"《{document.title}》{clause}",
        kind=KINDS[NormativeDocument.Kind(document.kind)],
        made_on=document.made_on,
        effective_on=document.effective_on or document.published_on or document.made_on,
        ended_on=document.ended_on,
        makers=(document.maker.name,),
        region=document.region_id[:SIX],
    )


def pairs(document: NormativeDocument, sheet: Sheet, code: str, reader: Actor, told: Told = UNTOLD) -> Mapping[int, list[Pair]]:
    """The pairs by the number of the provision, for those that lead to a text in force."""
    kept = choosing.choices_about(reader, code)
    return {each.n: list(_pairs(document, each, code, kept, told)) for each in sheet.provisions if each.leads is not None}


def _pairs(
    document: NormativeDocument, provision: Provision, code: str, kept: Mapping[tuple[str, str], choosing.Kept], told: Told
) -> Iterator[Pair]:
    text = provision.leads.expression if provision.leads else None
    if text is None or provision.leads is None or provision.leads.work is None:
        return
    text.work = provision.leads.work
    second = replace(choosing.of_expression(text), name=provision.label)
    for clause in provision.clauses:
        first = of_document(document, clause)
        address = reverse("filing:hint", args=[code]) + "?" + urlencode({"n": provision.n, "clause": clause})
        yield Pair(provision.n, clause, first, second, conflicts.hint(first, second, told), kept.get((first.name, second.name)), address)
